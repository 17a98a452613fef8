import * as assert from "node:assert/strict";
import { policy } from "../../../../cli/page";

/**
 * A page as any browser must read it: each sign of markup in it is that of an element or attribute below, quoted and
 * closed. A text that ended its element, or began one, would not fit.
 */
const token = /<(\/?)([a-z]\w*)((?: [a-zA-Z-]+(?:="[^"<>]*")?)*)>|([^<>]+)/y;
const tags = new Set(
  (
    "a article caption code dd details div dl dt em footer h1 h2 h3 h4 header li main nav ol p pre section span strong " +
    "summary table tbody td th thead time tr ul circle g path rect svg text title"
  ).split(" "),
);
const attributes = new Set(
  (
    "class id href open scope colspan tabindex role datetime aria-label aria-labelledby aria-hidden viewBox width height " +
    "x y rx cx cy r d"
  ).split(" "),
);

/** An element or a text of a page. */
export interface Part {
  readonly tag?: string;
  /** Text, as a reader sees it. */
  readonly text?: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** Elements around it, the innermost last. */
  readonly within: readonly string[];
}

/** Reads a page, and fails unless it is made of our elements alone, beneath a head that allows nothing else. */
export function partsOf(page: string): Part[] {
  const [, head = "", body = ""] =
    /^<!DOCTYPE html>\n<html lang="en">\n<head>\n([\s\S]*?)\n<\/head>\n<body>([\s\S]*)<\/body>\n<\/html>\n$/.exec(
      page,
    ) ?? assert.fail("the frame of the page");
  assert.ok(head.includes(`content="${policy.replaceAll("'", "&#39;")}"`), "the policy");
  assert.doesNotMatch(policy, /unsafe|script|\*/);
  const bare = head.replace(/<style>[^<]*<\/style>/, "").replace(/<title>[^<>]*<\/title>/, "");
  for (const line of bare.split("\n")) assert.match(line, /^(?:<meta [^<>]*>)?$/);
  return elementsOf(body);
}

/** Reads markup; fails as {@link partsOf} does. */
export function elementsOf(markup: string): Part[] {
  const parts: Part[] = [];
  const within: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < markup.length) {
    const at = token.lastIndex;
    const [, end, tag, given = "", text] =
      token.exec(markup) ?? assert.fail(`markup: ${markup.slice(at, at + 80)}`);
    if (text !== undefined) {
      assert.doesNotMatch(text, /&(?!(?:amp|lt|gt|quot|#39);)/);
      parts.push({ text: decoded(text), attributes: new Map(), within: [...within] });
      continue;
    }
    assert.ok(tag !== undefined && tags.has(tag), tag);
    if (end === "/") {
      assert.equal(within.pop(), tag);
      continue;
    }
    const found = new Map(
      [...given.matchAll(/ ([a-zA-Z-]+)(?:="([^"]*)")?/g)].map(([, name = "", value = ""]) => [
        name,
        decoded(value),
      ]),
    );
    for (const [name, value] of found) {
      assert.ok(attributes.has(name), name);
      if (name === "href") assert.match(value, /^(?:https?:\/\/[^\s]+|#[\w-]+|\/(?:\?live)?)$/);
    }
    parts.push({ tag, attributes: found, within: [...within] });
    within.push(tag);
  }
  assert.deepEqual(within, []);
  return parts;
}

const characters: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };

function decoded(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => characters[name] ?? "");
}

/** Returns the text of a page without its markup. */
export function textOf(parts: readonly Part[]): string {
  return parts.map(({ text = "" }) => text).join("");
}

/** Counts the elements of a page. */
export function count(parts: readonly Part[], tag: string): number {
  return parts.filter((part) => part.tag === tag).length;
}
