import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import * as fc from "fast-check";
import { visible, visibleJson, visibleLines } from "../../packages/text";

/** Every code point that Unicode says shows nothing, changes what is around it, or is a blank other than the normal one. */
const unseen = /[\p{C}\p{Default_Ignorable_Code_Point}]|(?! )\p{White_Space}/u;
/** As GitHub's runner finds commands: anywhere, or after blanks at the beginning of a line. */
const runnerCommand = /##[\w.-]*\[|^\s*::/m;

/** What may be there: emoji, and line breaks and tabs of a message. */
const emojiOrLayout = new RegExp(
  [String.raw`(?=\p{Emoji})\p{RGI_Emoji}`, String.raw`[\n\t]`].join("|"),
  "gv",
);

const parts = fc.constantFrom(
  ..."\\nrtxu{}[]#:<%0aé😀 \n\r\t\u001b\u009b\u202e\u2028\u00a0\u3164\u2800\u034f\ufe0f\u115f\u200d\ud800",
  "##[",
  "##vso[",
  "::error::",
  "<{%",
  "\\u{202e}",
  "\\x1b",
  "❤️",
  "👨‍👩‍👧",
  "\u{e0041}",
);
const text = fc.oneof(
  fc.array(parts, { maxLength: 12 }).map((some) => some.join("")),
  fc.string({ unit: "binary" }),
);

/** The text that an escaped one stands for. */
function read(shown: string): string {
  return shown.replace(/\\(?:([nrt\\])|x([0-9a-f]{2})|u\{([0-9a-f]+)\})/g, (_, name, short, long) =>
    name === undefined
      ? String.fromCodePoint(Number.parseInt(short ?? long, 16))
      : ({ n: "\n", r: "\r", t: "\t" }[name as "n" | "r" | "t"] ?? "\\"),
  );
}

describe("text from outside, made visible", () => {
  it("leaves what can be read as it is", () => {
    for (const same of [
      "Müller & Söhne",
      "日本語 עברית हिन्दी",
      "😀 👍🏽 ❤️ 👨‍👩‍👧 🇩🇪 1️⃣",
      "https://e.com/?a=b#c",
      "C:\\Users",
      "^\\d+$",
      "## [x]",
      "::1",
      "",
    ]) {
      assert.equal(visible(same), same);
    }
  });

  it("shows control characters, hidden ones, and those that look like a space", () => {
    assert.equal(visible("a\u001b[31m\u009b\r\n\tb\u0000"), "a\\x1b[31m\\x9b\\r\\n\\tb\\x00");
    assert.equal(
      visible("\u202e\u2066\u200b\u{e0041}\ud800"),
      "\\u{202e}\\u{2066}\\u{200b}\\u{e0041}\\u{d800}",
    );
    for (const point of [
      0xa0, 0xad, 0x34f, 0x115f, 0x1160, 0x17b4, 0x180b, 0x2000, 0x2800, 0x3000, 0x3164, 0xfe00, 0xfe0f,
      0xfeff, 0xffa0, 0xfffc, 0x13441, 0x1d159, 0xe0100,
    ]) {
      const hex = point.toString(16);
      const escaped = point < 0x100 ? `\\x${hex}` : `\\u{${hex.padStart(4, "0")}}`;
      assert.equal(visible(`a${String.fromCodePoint(point)}b`), `a${escaped}b`);
    }
  });

  it("shows joiners and selectors outside of the emoji that Unicode recommends", () => {
    assert.equal(
      visible("a\ufe0f 😀\ufe0f 👨\u200d x\u200dy"),
      "a\\u{fe0f} 😀\\u{fe0f} 👨\\u{200d} x\\u{200d}y",
    );
  });

  it("shows every code point that Unicode calls invisible or a space", () => {
    const missed: string[] = [];
    for (let point = 0; point <= 0x10ffff; point += 1) {
      const character = String.fromCodePoint(point);
      if (unseen.test(character) && visible(character) === character) missed.push(point.toString(16));
    }
    assert.deepEqual(missed, []);
  });

  it("writes different texts differently: each can be read back", () => {
    fc.assert(
      fc.property(text, (value) => {
        assert.equal(read(visible(value)), value);
      }),
      { numRuns: 20_000 },
    );
    assert.notEqual(visible("a\\nb"), visible("a\nb"));
  });

  it("holds no command, no colour tag of Pulumi, and nothing unseen", () => {
    fc.assert(
      fc.property(text, (value) => {
        for (const shown of [visible(value), visibleLines(value), visibleJson(value)]) {
          const bare = shown.replace(emojiOrLayout, "");
          assert.doesNotMatch(bare, unseen);
          assert.doesNotMatch(shown, /##[\w.-]*\[|<\{%/);
        }
        assert.doesNotMatch(visibleLines(value), runnerCommand);
      }),
      { numRuns: 2_000 },
    );
  });

  it("keeps the lines of a message, each harmless", () => {
    const said =
      "It failed:\r\n  ::stop-commands::x\n\t::error::y\n##[add-path]/tmp\nsection_start:1:a\r\u001b[0Kb\n##vso[task]\n<{%fg 1%}>";
    assert.equal(
      visibleLines(said),
      "It failed:\n  \\x3a:stop-commands::x\n\t\\x3a:error::y\n\\x23#[add-path]/tmp\nsection_start:1:a\\r\\x1b[0Kb\n" +
        "\\x23#vso[task]\n\\x3c{%fg 1%}>",
    );
  });

  it("changes nothing that is visible already", () => {
    fc.assert(
      fc.property(text, (value) => {
        assert.equal(visibleLines(visibleLines(value)), visibleLines(value));
        const piece = visible(value);
        // A piece is never at the beginning of a message of ours.
        assert.equal(visibleLines(`"${piece}"`), `"${piece}"`);
      }),
    );
  });

  it("writes JSON that reads back as the same value", () => {
    fc.assert(
      fc.property(fc.dictionary(text, text), (value) => {
        assert.deepEqual(JSON.parse(visibleJson(value)), JSON.parse(JSON.stringify(value)));
        assert.deepEqual(JSON.parse(visibleJson(value, 2)), JSON.parse(JSON.stringify(value)));
      }),
    );
    assert.equal(visibleJson({ a: "\u202e\u{e0041}\n" }), '{"a":"\\u202e\\udb40\\udc41\\n"}');
  });
});

describe("the ways out of the package", () => {
  const root = path.join(__dirname, "..", "..");
  const sources = ["cli", "plugin", "provider", "sdk"].flatMap((folder) =>
    fs
      .readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => path.join(folder, name)),
  );
  /** The files that print, and that make what they print visible. */
  const ways = [
    "cli/terminal/output.ts",
    "plugin/listen.ts",
    "plugin/output.ts",
    "plugin/refusing.ts",
    "provider/pulumi/engine.ts",
    "sdk/run/diagnostics.ts",
  ];
  /** Those that print only a number. */
  const ofNumbers = ["plugin/listen.ts", "plugin/refusing.ts"];
  const prints =
    /\bconsole\.\w+\(|process\.(?:stdout|stderr)|\bpulumi\.log\b|\blog\.(?:warn|info|error|debug)\(|\bRunError\(/;

  it("are few, so that no message bypasses them", () => {
    const found = sources.filter((file) => {
      const lines = fs.readFileSync(path.join(root, file), "utf8").split("\n");
      return lines.some((line) => !/^\s*(?:\*|\/\/|\/\*)/.test(line) && prints.test(line));
    });
    assert.deepEqual(found.map((file) => file.replaceAll("\\", "/")).sort(), ways);
    const others = ["provider/lifecycle/handlers-of.ts", "sdk/run/program-error.ts"];
    for (const file of [...ways.filter((way) => !ofNumbers.includes(way)), ...others]) {
      assert.match(fs.readFileSync(path.join(root, file), "utf8"), /visibleLines\(/, file);
    }
  });

  it("of a program's errors is one class", () => {
    const thrown = sources
      .filter((file) => file.startsWith("sdk"))
      .filter((file) =>
        /throw new Error\(|extends (?:pulumi\.)?RunError|extends Error/.test(
          fs.readFileSync(path.join(root, file), "utf8"),
        ),
      );
    assert.deepEqual(
      thrown.map((file) => file.replaceAll("\\", "/")),
      ["sdk/run/program-error.ts"],
    );
  });
});
