import { shownMinute, visible } from "../../packages/text";
import { type Content, element, type Html, joined, Link } from "./html";

/** Parts that several pages have. */

/** Meaning of a colour; the text on it says the same. */
export type Tone = "good" | "bad" | "warn" | "busy" | "calm";

/** Shows a name, a value or a path from outside. */
export function code(text: string): Html {
  return element("code", {}, visible(text));
}

/** Shows a word on a coloured ground. */
export function badge(tone: Tone, word: string): Html {
  return element("span", { class: `badge ${tone}` }, word);
}

/** Shows a box with something that a person must not miss. */
export function box(tone: Tone, ...content: Content[]): Html {
  return element("div", { class: `box ${tone}` }, ...content);
}

/** Shows an address as a link if it is one of the web, and as code otherwise. */
export function address(text: string): Html {
  const href = Link.web(text);
  return href === undefined ? code(text) : element("a", { href }, visible(text));
}

/** Shows a time to the minute. */
export function moment(time: Date): Html {
  return element("time", { datetime: time.toISOString() }, shownMinute(time));
}

/** A part of the page that the list at its top names. */
export interface Section {
  /** Word of ours, unique on the page. */
  readonly id: string;
  readonly title: string;
  readonly content: Content;
}

/** Shows a section with its heading. */
export function section({ id, title, content }: Section): Html {
  const heading = `${id}-heading`;
  return element(
    "section",
    { id, "aria-labelledby": heading },
    element("h2", { id: heading }, title),
    content,
  );
}

/** Shows a list of the sections, as links. */
export function contents(sections: readonly Section[]): Html {
  const items = sections.map(({ id, title }) =>
    element("li", {}, element("a", { href: Link.inPage(id) }, title)),
  );
  return element("nav", { "aria-label": "Sections" }, element("ul", {}, items));
}

/** A table. */
export interface Table {
  /** Says what the table shows. */
  readonly caption: Content;
  readonly heads: readonly string[];
  /** The first cell of each row names it. */
  readonly rows: readonly (readonly Content[])[];
}

/** Shows a table that scrolls alone where the screen is narrow. */
export function table({ caption, heads, rows }: Table, label: string): Html {
  const head = heads.map((text) => (text === "" ? element("td", {}) : element("th", { scope: "col" }, text)));
  const body = rows.map((cells) =>
    element(
      "tr",
      {},
      cells.map((cell, at) => (at === 0 ? element("th", { scope: "row" }, cell) : element("td", {}, cell))),
    ),
  );
  return scrolling(
    label,
    element(
      "table",
      {},
      element("caption", {}, caption),
      element("thead", {}, element("tr", {}, head)),
      element("tbody", {}, body),
    ),
  );
}

/** Lets a wide part scroll, by keys too. */
export function scrolling(label: string, content: Html): Html {
  return element("div", { class: "scroll", role: "region", tabindex: 0, "aria-label": label }, content);
}

/** Shows a part that a person can fold. */
export function fold(summary: Content, content: Content, open = false): Html {
  return element("details", { open }, element("summary", {}, summary), element("div", {}, content));
}

/** Puts a sign between parts. */
export function listed(parts: readonly Content[], separator = ", "): Html {
  return joined(...parts.map((part, at) => (at === 0 ? part : [separator, part])));
}

/** Shows a link that makes a page load itself again and again, or stops that. */
export function reloading(isOn: boolean): Html {
  return element(
    "a",
    { href: Link.query(isOn ? "" : "live") },
    isOn ? "Stop reloading" : `Reload every ${RELOAD_SECONDS} seconds`,
  );
}

/** Seconds between two looks of a page that loads itself again. */
export const RELOAD_SECONDS = 5;
