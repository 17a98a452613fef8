import { visibleLines } from "../../packages/text";

/**
 * Markup of a page. Only the functions of this file make it, out of the elements and attributes below: a string that
 * is given to them is always text.
 */

/** Elements of a page; none of them loads, runs or sends anything. */
export type Tag =
  | "a"
  | "article"
  | "caption"
  | "code"
  | "dd"
  | "details"
  | "div"
  | "dl"
  | "dt"
  | "em"
  | "footer"
  | "h1"
  | "h2"
  | "h3"
  | "h4"
  | "header"
  | "li"
  | "main"
  | "nav"
  | "ol"
  | "p"
  | "pre"
  | "section"
  | "span"
  | "strong"
  | "summary"
  | "table"
  | "tbody"
  | "td"
  | "th"
  | "thead"
  | "time"
  | "tr"
  | "ul"
  | "circle"
  | "g"
  | "path"
  | "rect"
  | "svg"
  | "text"
  | "title";

/** Attributes of an element. The text of an attribute is escaped like any other. */
export interface Attributes {
  readonly class?: string | undefined;
  readonly id?: string;
  /** Only a {@link Link} leads anywhere. */
  readonly href?: Link;
  readonly open?: boolean;
  readonly scope?: "col" | "row";
  readonly colspan?: number;
  readonly tabindex?: 0;
  readonly role?: "img" | "region";
  readonly datetime?: string;
  readonly "aria-label"?: string;
  readonly "aria-labelledby"?: string;
  readonly "aria-hidden"?: "true";
  readonly viewBox?: string;
  readonly width?: number;
  readonly height?: number;
  readonly x?: number;
  readonly y?: number;
  readonly rx?: number;
  readonly cx?: number;
  readonly cy?: number;
  readonly r?: number;
  readonly d?: string;
}

/** Content of an element; a string or a number is text. */
export type Content = Html | string | number | undefined | readonly Content[];

/** Address that a person may follow: of the web, or a place in the page itself. */
export class Link {
  private constructor(readonly text: string) {}

  /** Returns the link to an address of the web; undefined for anything else, such as `javascript:`. */
  static web(address: string): Link | undefined {
    if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) return undefined;
    const { protocol, href, username, password } = new URL(address);
    const isWeb = protocol === "https:" || protocol === "http:";
    return isWeb && username === "" && password === "" ? new Link(href) : undefined;
  }

  /** Returns the link to the element with that id, which is a word of ours. */
  static inPage(id: string): Link {
    return new Link(`#${encodeURIComponent(id)}`);
  }

  /** Returns the link to another form of the page that a server shows. */
  static query(query: "" | "live"): Link {
    return new Link(query === "" ? "/" : `/?${query}`);
  }
}

/** Markup, which no code outside of this class makes. */
export class Html {
  readonly #markup: string;

  private constructor(markup: string) {
    this.#markup = markup;
  }

  static element(tag: Tag, attributes: Attributes, content: readonly Content[]): Html {
    const given = Object.entries(attributes).map(([name, value]) => attribute(name, value));
    return new Html(`<${tag}${given.join("")}>${Html.#inner(content)}</${tag}>`);
  }

  static join(content: readonly Content[]): Html {
    return new Html(Html.#inner(content));
  }

  /** Returns the markup as text, for a file or a response. */
  static write(html: Html): string {
    return html.#markup;
  }

  static #inner(content: Content): string {
    if (content === undefined) return "";
    if (content instanceof Html) return content.#markup;
    if (typeof content === "object") return content.map(Html.#inner).join("");
    return escaped(String(content));
  }
}

/** Makes an element. */
export function element(tag: Tag, attributes: Attributes, ...content: Content[]): Html {
  return Html.element(tag, attributes, content);
}

/** Joins parts without an element around them. */
export function joined(...content: Content[]): Html {
  return Html.join(content);
}

function attribute(name: string, value: unknown): string {
  if (value === undefined || value === false) return "";
  if (value === true) return ` ${name}`;
  return ` ${name}="${escaped(value instanceof Link ? value.text : String(value))}"`;
}

const references: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Escapes a text for an element or a quoted attribute, and makes its hidden characters visible. */
export function escaped(text: string): string {
  return visibleLines(text).replace(/[&<>"']/g, (character) => references[character] ?? "");
}
