import { inWords, visibleJson } from "../../packages/text";
import { isPreviewNumber, readRules } from "../../sdk/repository";
import { messageBlock } from "../plan";
import type { Dependencies } from "../stack";
import { parseArguments, parseOptions, save, UsageError } from "../terminal";
import { stayText } from "./kept";
import { listPreviews, listText } from "./list";
import { listOptions, removeOptions, sweepOptions, upOptions } from "./options";
import { removePreview } from "./remove";
import { commentOf, jsonOf } from "./report";
import { PreviewStacks } from "./stacks";
import { type Sweep, sweep } from "./sweep";
import { deployPreview } from "./up";

type Needed = Pick<Dependencies, "pulumi" | "print" | "progress">;

/** Runs `preview-env up`; false when the preview is not deployed. */
export async function runUp(args: readonly string[], { pulumi, print, progress }: Needed): Promise<boolean> {
  const { values, positionals } = parseArguments(upOptions, args);
  const number = numberIn(positionals, "up");
  const { dir, branch, unlock, comment, json } = values;
  const tags = tagsOf(values.tag);
  const options = { number, branch: branch || undefined, tags, unlock };
  const report = await deployPreview(new PreviewStacks(pulumi, dir), options, progress);
  const text = commentOf(report);
  if (comment !== undefined) save(comment, text);
  print(json ? visibleJson(jsonOf(report), 2) : text);
  return report.status === "deployed";
}

/** Runs `preview-env remove`. */
export async function runRemove(args: readonly string[], { pulumi, print, progress }: Needed): Promise<void> {
  const { values, positionals } = parseArguments(removeOptions, args);
  const number = numberIn(positionals, "remove");
  const stacks = new PreviewStacks(pulumi, values.dir);
  const exists = (await stacks.list()).some((stack) => stack.number === number);
  const staying = exists && stayText(await removePreview(stacks, number, values.unlock, progress));
  const stays = staying ? { stays: staying } : {};
  const text = exists
    ? `The preview of pull request ${number} is removed.`
    : `There is no preview of pull request ${number}.`;
  const more = stays.stays ?? "";
  if (values.comment !== undefined)
    save(
      values.comment,
      `### Preview of #${number} is removed\n${more && `\n${messageBlock(more.split("\n"))}\n`}`,
    );
  const json = { version: 1, number, removed: exists, ...stays };
  print(values.json ? visibleJson(json, 2) : [text, more].filter(Boolean).join("\n"));
}

/** Runs `preview-env list`. */
export async function runList(args: readonly string[], { pulumi, print }: Needed): Promise<void> {
  const values = parseOptions(listOptions, args);
  const stacks = new PreviewStacks(pulumi, values.dir);
  const all = await listPreviews(stacks, readRules(stacks.directory, {}));
  print(values.json ? visibleJson({ version: 1, previews: all }, 2) : listText(all, new Date()));
}

/** Runs `preview-env sweep`; false when a preview could not be removed. */
export async function runSweep(
  args: readonly string[],
  { pulumi, print, progress }: Needed,
): Promise<boolean> {
  const values = parseOptions(sweepOptions, args);
  const stacks = new PreviewStacks(pulumi, values.dir);
  const rules = readRules(stacks.directory, {});
  const result = await sweep(stacks, rules, openOf(values.open), {
    dryRun: values["dry-run"],
    progress,
  });
  print(values.json ? visibleJson({ version: 1, ...result }, 2) : textOf(result, values["dry-run"]));
  return result.failed.length === 0;
}

function textOf({ removed, failed, kept }: Sweep, dryRun: boolean): string {
  const lines = [
    ...removed.flatMap(({ number, why, stays }) => [
      `#${number} ${dryRun ? "would be" : "is"} removed: ${why}`,
      ...(stays === undefined ? [] : [stays]),
    ]),
    ...failed.map(({ number, error }) => `#${number} is still there. ${error}`),
    ...(kept.length > 0 ? [`kept: ${kept.map((number) => `#${number}`).join(", ")}`] : []),
  ];
  return lines.length === 0 ? "There are no previews." : lines.join("\n");
}

function numberIn(positionals: readonly string[], command: string): string {
  const [number, ...more] = positionals;
  if (number !== undefined && more.length === 0 && isPreviewNumber(number)) return number;
  throw new UsageError(`preview-env ${command} takes the number of a pull request, such as 12.`);
}

/** Reads numbers separated by commas or white space; an empty text means that none is open. */
function openOf(text: string | undefined): ReadonlySet<string> | undefined {
  if (text === undefined) return undefined;
  const numbers = text.split(/[\s,]+/).filter((number) => number !== "");
  const wrong = numbers.find((number) => !isPreviewNumber(number));
  if (wrong !== undefined) throw new UsageError(`--open takes numbers of pull requests, not "${wrong}".`);
  return new Set(numbers);
}

function tagsOf(given: readonly string[]): ReadonlyMap<string, string> {
  const parts = given.map((text) => {
    const at = text.indexOf("=");
    return {
      text,
      name: text.slice(0, at),
      tag: text.slice(at + 1),
      isWhole: at > 0 && at < text.length - 1,
    };
  });
  const wrong = parts.filter(({ isWhole }) => !isWhole).map(({ text }) => `"${text}"`);
  if (wrong.length > 0) throw new UsageError(`--tag takes <service>=<tag>, not ${inWords(wrong, "or")}.`);
  return new Map(parts.map(({ name, tag }) => [name, tag]));
}
