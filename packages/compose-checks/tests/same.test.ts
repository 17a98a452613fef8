import * as assert from "node:assert/strict";
import { saySame } from "../checks/same";

describe("two compose files", () => {
  const file = (lines: string) => `services:\n  web:\n    image: a:1\n${lines}`;
  const same: readonly [what: string, one: string, other: string][] = [
    [
      "comments, blank lines and a byte order mark",
      file(""),
      `\uFEFF# a\n\n${file("").replace("a:1", "a:1 # b")}`,
    ],
    ["another form of maps and lists", file("    ports: ['80:80']\n"), file("    ports:\n      - '80:80'\n")],
    ["another order of keys", file("    init: true\n"), "services: {web: {init: true, image: a:1}}"],
    ["other quotes", file("    user: '1'\n"), file('    user: "1"\n')],
    [
      "an anchor",
      file("    x-a: &a {b: c}\n    labels: *a\n"),
      file("    x-a: {b: c}\n    labels: {b: c}\n"),
    ],
  ];
  for (const [what, one, other] of same) {
    it(`say the same with ${what}`, () => assert.equal(saySame(one, other), true));
  }

  const different: readonly [what: string, one: string, other: string][] = [
    ["a value", file(""), file("").replace("a:1", "a:2")],
    ["a key more", file(""), file("    init: true\n")],
    ["a key less", file("    init: true\n"), file("")],
    ["another key", file("    init: true\n"), file("    tty: true\n")],
    ["another order in a list", file("    dns: [a, b]\n"), file("    dns: [b, a]\n")],
    ["an entry more", file("    dns: [a]\n"), file("    dns: [a, b]\n")],
    ["a text for a number", file("    user: 1\n"), file("    user: '1'\n")],
    ["a number that readers take for another", file("    mode: 010\n"), file("    mode: 10\n")],
    ["a text in a block", file("    command: |\n      a\n"), file("    command: |\n      # a\n")],
    ["a tag", file("    ports: []\n"), file("    ports: !override []\n")],
    ["a tag of a value", file("    init: true\n"), file("    init: !reset true\n")],
    ["a list for a text", file("    dns: a\n"), file("    dns: [a]\n")],
    ["a map for a text", file("    build: a\n"), file("    build: {a: b}\n")],
    ["a map for a list", file("    labels: [a=b]\n"), file("    labels: {a: b}\n")],
    ["a mistake", file(""), "services: {"],
    ["the same mistake", "services: {", "services: {"],
  ];
  for (const [what, one, other] of different) {
    it(`differ by ${what}`, () => assert.equal(saySame(one, other), false));
  }
});
