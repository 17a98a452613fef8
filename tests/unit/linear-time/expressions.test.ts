import * as assert from "node:assert/strict";
import { z } from "zod";
import { startFailed } from "../../../provider/deploy/start-causes";
import {
  codePath,
  gitAddress,
  plainInnerPath,
  quotedInnerPath,
} from "../../../provider/resources/types/text-types";
import { undecided } from "./attacks";
import { type Built, expressionsOfPackage } from "./expressions";
import { functions } from "./functions";
import { complaints, measureAll, stopMs } from "./measure";
import type { Subject } from "./subjects";

const { found, built } = expressionsOfPackage();

/** Returns the expression of a type of texts. */
function patternOf(type: z.ZodString): RegExp {
  return new RegExp(z.toJSONSchema(type).pattern ?? assert.fail(), "u");
}

/** Expressions that are put together when the program runs, each as it may come out. */
const samples: Readonly<Record<string, RegExp>> = {
  "new RegExp(`\\\\$\\\\{[A-Za-z_${mark}]`)": /\$\{[A-Za-z_\ue000]/,
  "new RegExp(`^(?:/|${segment}(?:/${segment}){0,20})$`)":
    /^(?:\/|(?!\.{1,2}(?:\/|$))[A-Za-z0-9._=@:+-]{1,200}(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9._=@:+-]{1,200}){0,20})$/,
  "new RegExp(`^/${names}$`)": /^\/(?!\.{1,2}(?:\/|$))[^/\0]+(?:\/(?!\.{1,2}(?:\/|$))[^/\0]+)*$/,
  'new RegExp(`^(?![~#-])(?!.*[=:]~)(?:/|(?!\\\\.\\\\.(?:/|$))[${plain}~]+(?:/|$))+$`, "u")':
    patternOf(codePath),
  'new RegExp(`^(?![~#-])(?!.*[=:]~)${inside(`${plain}~`)}`, "u")': patternOf(plainInnerPath),
  'new RegExp(`^${inside(`${plain}~\\\\p{So} &()[\\\\]{}\'^;*?<>|`)}`, "u")': patternOf(quotedInnerPath),
  'new RegExp( `^(?:(?:https?|ssh|git)://|(?:[\\\\p{L}\\\\p{N}_][${plain.replace(/[:=@]/g, "")}]{0,200}@)?[A-Za-z0-9][A-Za-z0-9.-]{0,253}:(?!:|//))(?![/-])[${plain}/~?*[\\\\]]+$`, "u", )':
    patternOf(gitAddress),
  'new RegExp( `^(?=\\\\d)${Object.keys(units) .map((unit) => `(?:(\\\\d{1,9}(?:\\\\.\\\\d{1,9})?)${unit})?`) .join("")}$`, )':
    /^(?=\d)(?:(\d{1,9}(?:\.\d{1,9})?)h)?(?:(\d{1,9}(?:\.\d{1,9})?)m)?(?:(\d{1,9}(?:\.\d{1,9})?)s)?(?:(\d{1,9}(?:\.\d{1,9})?)ms)?$/,
  'new RegExp( [NO_ADDRESS, PORT_TAKEN, PORT_FAILED].map(({ source }) => source).join("|"), "i", )':
    startFailed,
};

/** Those that are fed through the functions that use them. */
const throughFunctions: Readonly<Record<string, readonly string[]>> = {
  'new RegExp(kinds.join("|"), "gv")': ["visible", "visibleLines"],
  'new RegExp([emoji, ...kinds].join("|"), "gv")': ["visible", "visibleLines"],
};

/** Those that are only read, to tell whether they are right, and meet no text. */
const neverRun: readonly string[] = ["new RegExp(alike)"];

function subjectsOf(built: readonly Built[]): Subject[] {
  return built.flatMap(({ at, call }) => {
    const expression = samples[call];
    return expression === undefined ? [] : [{ name: `${at} ${expression}`, expression }];
  });
}

describe("regular expressions", () => {
  it("are found in the sources", () => {
    assert.ok(found.length > 300, `${found.length} found`);
  });

  it("are known if they are put together when the program runs", () => {
    const isFed = (call: string) =>
      samples[call] !== undefined ||
      neverRun.includes(call) ||
      throughFunctions[call]?.every((name) => name in functions) === true;
    const unknown = built.filter(({ call }) => !isFed(call));
    assert.deepEqual(unknown, [], "add to this test what it may come out as");
  });

  it("repeat only patterns of which no text here is a repetition", () => {
    const left = found.flatMap(({ at, expression }) =>
      undecided(expression).map((piece) => `${at} ${piece}`),
    );
    assert.deepEqual(
      left,
      [],
      "write them in another way, or look at each by hand and say here why it is right",
    );
    assert.deepEqual(undecided(/(a+)(?:\1)+b/), ["(?:\\1)"], "it would be told");
    assert.deepEqual(undecided(/(?=(?:a(?<=ba))*c)/), ["(?:a(?<=ba))"], "within what stands around, too");
  });

  it("each take time in proportion to the text, for any 900 KB", async function () {
    this.timeout(15 * 60_000);
    const subjects = found.map(({ at, expression }) => ({ name: `${at} ${expression}`, expression }));
    const figures = await measureAll([...subjects, ...subjectsOf(built)]);
    assert.deepEqual(complaints(figures), []);
  });

  it("are reported if they do not", async function () {
    this.timeout(5 * 60_000);
    const slow: readonly RegExp[] = [
      /\r+$/,
      // Of what stands at the beginning, the first of the two takes all in one go.
      /^\/+|\/+$/g,
      /(?=[\s\S]*\/+$)x/,
      /\{\{(?:"(?:[^"\\\n]|\\.)*"|`[^`]*`|\/\*[\s\S]*?\*\/|(?!\}\})[\s\S])*?\}\}/g,
    ];
    const subjects = slow.map((expression) => ({ name: String(expression), expression }));
    const figures = await measureAll(subjects, stopMs);
    assert.equal(complaints(figures).length, slow.length, JSON.stringify(figures));
  });
});
