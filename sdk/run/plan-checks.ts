import type * as pulumi from "@pulumi/pulumi";
import { someOf } from "../../packages/text";
import { levelOf, type PlanCheck, type RunSettings, readRunSettings } from "../../provider/dokploy";
import { UserError } from "../../provider/errors";
import { stackSources } from "./connection";
import { currentRun, outsideOfRuns, rememberedBy } from "./current-run";
import { inform, warn } from "./diagnostics";
import { ignoredFiles } from "./ignored-files";
import { failAtEnd, ProgramError } from "./program-error";
import { programEnded } from "./pulumi";

/** A place where a check found something. */
export interface Finding {
  readonly check: PlanCheck;
  /** Name of a resource, or of a variable: `api`, `api.env.KEY`; all names of one between several. Levels name them. */
  readonly name: string | readonly string[];
  /** Place in the words of messages: `Application "api"`, `envs/test/api.yaml:3:1 KEY`. */
  readonly place: string;
  /** Path of the file that it is in. */
  readonly file?: string;
}

/** Sentences of the checks about all their places. */
const sentences: Readonly<Record<PlanCheck, (places: string) => string>> = {
  "plain-secret": (places) =>
    `In plain text, and looks like a secret: ${places}. Everybody with the repository can read it. Write !secret NAME in a file, ` +
    "or config.requireSecret(…) in a program; or !plain where it is not a secret.",
  "cut-value": (places) =>
    `YAML reads what follows a space and # as a comment: ${places}. Put the whole value in quotes, or a space after the # of a comment.`,
  "latest-tag": (places) =>
    `No version of the image, so each deployment uses the one with the tag latest at that time: ${places}. Name a version, ` +
    "such as :1.4.2, or a digest.",
  "shared-volume": (places) =>
    `A volume with one name in several stages: ${places}. If they run on one server, each changes the data of the others. ` +
    "Give the volume another name in each stage, such as uploads-test.",
  "shared-domain": (places) =>
    `A domain of several services or stages: ${places}. Requests reach only one of them. Give each its own host, such as test.example.com.`,
  "no-certificate": (places) =>
    `https without a certificate, so browsers refuse the page: ${places}. Give certificateType: "letsencrypt", "custom" with a resolver, or "none" where a Certificate names the host.`,
  "no-https": (places) =>
    `A domain without https, so everybody on the network path can read its requests: ${places}. Give https: true and certificateType: "letsencrypt".`,
  "no-memory-limit": (places) =>
    `No memory limit, so one container can use up all memory of the server: ${places}. Give resources: { memoryLimit: "512MiB" }.`,
  "no-backup": (places) => `A database without a backup in this program: ${places}. Add a Backup.`,
};

/** Returns the message of a check about these places. */
export function sentenceOf(check: PlanCheck, places: readonly string[]): string {
  return `${sentences[check](someOf(places))} [${check}]`;
}

/** Findings of a run until the end of its program. */
const findingsIn = rememberedBy((_: object): Finding[] => []);
const closers = rememberedBy((_: object): (() => readonly Finding[])[] => []);
const watching = rememberedBy((_: object) => ({ isOn: false }));

/**
 * Reports a finding, together with all others of its check when the program has ended.
 *
 * @returns false outside of a run, which has no end
 */
export function noteFinding(finding: Finding): boolean {
  if (!watch()) return false;
  findingsIn(currentRun()).push(finding);
  return true;
}

/** Adds a check that needs the whole program. */
export function atEnd(find: () => readonly Finding[]): void {
  if (watch()) closers(currentRun()).push(find);
}

/** Waits for the end of the program; returns false outside of a run, which has none. */
function watch(): boolean {
  const run = currentRun();
  const state = watching(run);
  if (run === outsideOfRuns || state.isOn) return state.isOn;
  state.isOn = true;
  void programEnded(run as pulumi.Resource).then(
    () => report(run),
    // Its error says enough.
    () => {},
  );
  return true;
}

/** Reports all findings, one line for each check. */
function report(run: object): void {
  const all = [...findingsIn(run), ...closers(run).flatMap((find) => find())];
  if (all.length === 0) return;
  const given = levelsOfRun();
  if (given === undefined) return;
  const ignored = ignoredFiles(all.flatMap(({ file = [] }) => file));
  const groups = new Map<string, Finding[]>();
  for (const finding of all) {
    const level = levelOf(finding.check, finding.name, given);
    if (level === "off" || (finding.file !== undefined && ignored.has(finding.file))) continue;
    const group = `${level} ${finding.check}`;
    groups.set(group, [...(groups.get(group) ?? []), finding]);
  }
  // An update ends with the first error, so everything else is said before.
  const failing = ([group]: readonly [string, unknown]) => Number(group.startsWith("error"));
  for (const [group, found] of [...groups].sort((a, b) => failing(a) - failing(b))) {
    const [{ check }] = found as [Finding];
    const text = sentenceOf(check, [...new Set(found.map(({ place }) => place))]);
    if (group.startsWith("error")) failAtEnd(new ProgramError(text));
    else if (group.startsWith("warn")) warn(text, "advice");
    else inform(text, "advice");
  }
}

/** Returns the levels in the settings; undefined after a mistake in them, which fails the program. */
function levelsOfRun(): RunSettings["checks"] | undefined {
  try {
    return readRunSettings(stackSources()).checks;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    failAtEnd(new ProgramError(error.message));
    return undefined;
  }
}
