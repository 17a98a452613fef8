import { counted } from "../../packages/text";
import type { InputChange } from "./changes";
import { consequences, unchangedAdoption } from "./consequences";
import { cut } from "./cut";
import { type Detail, type Lengths, Made } from "./detail";
import { dangers, totals } from "./headline";
import { alert, code, inMarkdown, messageBlock, messageCode, prose, row, tableOf } from "./markdown";
import type { Message } from "./messages";
import type { Plan, PlannedResource } from "./model";
import { serverWords } from "./servers";
import { changeCounts, details, otherHeads, otherRow } from "./tables";
import { Effort, textDiff } from "./text-diff";
import { operationWord } from "./words";

/** Options of the text. */
export interface RenderOptions {
  /** Replaces the stack's name in the headline. */
  title?: string;
  /** Largest length of the text in characters; at least 1,000. */
  maxLength: number;
}

const full: Lengths = { value: 160, lines: 80 };
const short: Lengths = { value: 32, lines: 12 };
const least: Lengths = { value: 32, lines: 4 };
const all = Number.POSITIVE_INFINITY;
const everything: Detail = { lengths: full, counted: new Set(), maxResources: all, maxMessages: all };

/**
 * Renders a plan as Markdown for a comment on a pull request.
 *
 * A text that is too long is shortened in this order: long values and messages; then the tables of resources become
 * counts, the longest first; then resources and messages are omitted. The last line says what was done.
 */
export function render(plan: Plan, options: RenderOptions): string {
  const sheet = new Sheet(plan, options.title);
  const fits = (detail: Detail) => sheet.text(detail, options.maxLength);
  const shortened = { ...everything, lengths: short };
  const uncounted = fits(everything) ?? fits(shortened);
  if (uncounted !== undefined) return uncounted;

  const byLength = plan.resources
    .map((resource) => ({ urn: resource.urn, length: sheet.details(resource, short).length }))
    .sort((a, b) => b.length - a.length || (a.urn < b.urn ? -1 : 1))
    .map(({ urn }) => urn);
  const counting = (count: number): Detail => ({
    ...shortened,
    counted: new Set(byLength.slice(0, count)),
  });
  const { length } = byLength;
  if (fits(counting(length)) !== undefined) return first(1, length, (count) => fits(counting(count)));

  const most = Math.max(
    length,
    plan.others.length,
    plan.errors.length,
    plan.warnings.length,
    plan.rotations.length,
    plan.releases.length,
    plan.interruptions.length,
  );
  const counts = counting(length);
  const leaving = (count: number): Detail => ({
    ...counts,
    lengths: least,
    maxResources: most - count,
    maxMessages: most - count,
  });
  if (fits(leaving(most)) !== undefined) return first(1, most, (count) => fits(leaving(count)));
  // The headline alone is too long.
  const { project: _p, stack: _s, ...unnamed } = plan;
  return new Sheet(unnamed, undefined).text(leaving(most), all) ?? "";
}

/** Renders a comment, with the reason as Markdown, for a plan that does not exist: no former one may stay. */
export function renderMissing(
  reason: string,
  names: { title: string | undefined; stack: string | undefined },
): string {
  const { title, stack } = names;
  const name = nameOf(stack === undefined ? {} : { stack }, title);
  const box = alert("CAUTION", ["**There is no plan.** The log of the job says more.", "", reason]);
  return `## Plan for ${name}: the preview failed\n\n${box}\n`;
}

/** Returns the text for the smallest number that has one; the largest must have one. */
function first(low: number, high: number, textOf: (count: number) => string | undefined): string {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (textOf(middle) === undefined) from = middle + 1;
    else to = middle;
  }
  return textOf(to) ?? "";
}

/** A plan that can be rendered in more or less detail. */
class Sheet {
  private readonly made = new Made();
  private readonly effort = new Effort();
  private readonly compared = new Map<InputChange, readonly string[]>();

  constructor(
    private readonly plan: Plan,
    private readonly title: string | undefined,
  ) {}

  /** Renders the text; undefined when it is longer than `maxLength`, and then the rest is not rendered. */
  text(detail: Detail, maxLength: number): string | undefined {
    const parts: string[] = [];
    let length = 1;
    for (const part of this.parts(detail)) {
      if (part === "") continue;
      length += part.length + (parts.length > 0 ? 2 : 0);
      if (length > maxLength) return undefined;
      parts.push(part);
    }
    return `${parts.join("\n\n")}\n`;
  }

  /** Renders the tables of one resource. */
  details(resource: PlannedResource, lengths: Lengths): string {
    return this.made.once(lengths, resource, () =>
      details(resource, lengths, (input) => this.linesOf(input)),
    );
  }

  private *parts(detail: Detail): Generator<string> {
    const { plan, made } = this;
    const { lengths } = detail;
    const name = nameOf(plan, this.title);
    const { resources, others, warnings } = plan;
    const nothing = resources.length + others.length === 0;
    if (plan.failed) {
      yield `## Plan for ${name}: the preview failed`;
      const incomplete = nothing
        ? "An update changes nothing until the errors are corrected."
        : "The plan below may be incomplete.";
      yield alert("CAUTION", [`**The preview failed**, so an update would fail too. ${incomplete}`]);
      for (const error of plan.errors.slice(0, detail.maxMessages)) {
        yield made.once(lengths, error, () => errorBlock(error, lengths));
      }
    } else if (nothing) {
      yield `**Plan for ${name}**: nothing to do.`;
    } else {
      yield `## Plan for ${name}`;
    }
    if (!nothing) {
      yield inMarkdown(totals(plan));
      const lines = dangers(resources, detail.maxResources).map(inMarkdown);
      // Each gets its own line, because one paragraph would join them.
      if (lines.length > 0) yield alert("CAUTION", lines.join("\n\n").split("\n"));
    }
    if (warnings.length > 0) {
      yield `### ${counted(warnings.length, "warning")}`;
      const shown = warnings.slice(0, detail.maxMessages);
      yield shown.map((each) => made.once(lengths, each, () => messageItem(each, lengths))).join("\n");
    }
    const notes = {
      Downtime: plan.interruptions,
      "Release commands": plan.releases,
      "Rotation of variables": plan.rotations,
    };
    for (const [heading, all] of Object.entries(notes)) {
      if (all.length === 0) continue;
      yield `### ${heading}`;
      const shown = all.slice(0, detail.maxMessages);
      yield shown.map((each) => made.once(lengths, each, () => messageItem(each, lengths))).join("\n");
    }
    for (const resource of resources.slice(0, detail.maxResources)) yield this.section(resource, detail);
    if (others.length > 0) {
      yield "### Other resources";
      const shown = others.slice(0, detail.maxResources);
      const rows = shown.map((each) =>
        made.once(lengths, each, () => row(otherRow(each, lengths.value).map(inMarkdown))),
      );
      if (rows.length > 0) yield tableOf(["", ...otherHeads], rows);
    }
    yield* leftOut(plan, detail);
  }

  private section(resource: PlannedResource, detail: Detail): string {
    const head = this.made.once("head", resource, () => sectionHead(resource, this.plan));
    if (resource.unchangedAdoption) return head;
    const rest = detail.counted.has(resource.urn)
      ? this.made.once("counts", resource, () => changeCounts(resource))
      : this.details(resource, detail.lengths);
    return rest === "" ? head : `${head}\n\n${rest}`;
  }

  private linesOf(input: InputChange): readonly string[] {
    const known = this.compared.get(input);
    if (known) return known;
    const [old, now] = [input.before, input.after].map((value) =>
      value?.kind === "plain" ? value.text : undefined,
    );
    const lines = textDiff(old, now, this.effort);
    this.compared.set(input, lines);
    return lines;
  }
}

function sectionHead(resource: PlannedResource, { hasServers }: Plan): string {
  const { name, kind, operation, server } = resource;
  const title = `### ${code(cut(name, 80))} · ${prose(kind)}`;
  const where = hasServers ? [`On ${inMarkdown(serverWords(server, 200))}.`] : [];
  if (resource.unchangedAdoption)
    return [`${title} · adopt`, ...where, inMarkdown(unchangedAdoption(resource))].join("\n\n");
  const heading = `${title} · ${operation === "update" ? "update" : `**${operationWord(operation)}**`}`;
  const follows = inMarkdown(consequences(resource));
  return [heading, ...where, ...(follows === "" ? [] : [follows])].join("\n\n");
}

function nameOf(plan: Pick<Plan, "project" | "stack" | "server">, title: string | undefined): string {
  const server = plan.server === undefined ? "" : ` on ${code(cut(plan.server, 200))}`;
  if (title !== undefined) return prose(cut(title, 200)) + server;
  const names = [plan.project, plan.stack].filter((name) => name !== undefined);
  return (names.length > 0 ? code(cut(names.join("/"), 200)) : "this stack") + server;
}

function leftOut(plan: Plan, detail: Detail): string[] {
  if (detail === everything) return [];
  const said = [`values are cut after ${detail.lengths.value} characters`];
  if (detail.counted.size > 0)
    said.push(`tables of ${counted(detail.counted.size, "resource")} are shortened to counts`);
  const remaining = (all: readonly unknown[], most: number, noun: string) => {
    const count = all.length - Math.min(all.length, most);
    return count > 0 ? [`${counted(count, noun)} left out`] : [];
  };
  said.push(...remaining(plan.resources, detail.maxResources, "resource"));
  said.push(...remaining(plan.others, detail.maxResources, "other resource"));
  said.push(...remaining(plan.errors, detail.maxMessages, "error"));
  said.push(...remaining(plan.warnings, detail.maxMessages, "warning"));
  said.push(...remaining(plan.rotations, detail.maxMessages, "rotation"));
  said.push(...remaining(plan.releases, detail.maxMessages, "release command"));
  said.push(...remaining(plan.interruptions, detail.maxMessages, "downtime note"));
  return [`_Shortened to fit: ${said.join(", ")}. ${code("pulumi preview --diff")} shows all._`];
}

/** Renders an error as a block, because it may have many lines. */
function errorBlock({ text, resource }: Message, lengths: Lengths): string {
  const lines = text.split("\n");
  const shownLines = lines.slice(0, lengths.lines).map((line) => cut(line, lengths.value * 10));
  if (lines.length > shownLines.length) shownLines.push(`… ${lines.length - shownLines.length} more lines`);
  const about = resource === undefined ? "" : `${code(cut(resource, 80))}:\n\n`;
  return `${about}${messageBlock(shownLines)}`;
}

/** Renders a warning or a note as an item of a list, because most are one sentence. */
function messageItem({ text }: Message, lengths: Lengths): string {
  const lines = text.split("\n").map((line) => line.trim());
  const shownLines = lines.slice(0, lengths.lines).filter((line) => line !== "");
  return `- ${shownLines.map((line) => messageCode(cut(line, lengths.value * 10))).join("<br>")}`;
}
