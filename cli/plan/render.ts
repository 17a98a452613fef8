import { counted } from "../../packages/text";
import type { InputChange } from "./changes";
import { consequences, operationPhrase, unchangedAdoption } from "./consequences";
import { cut } from "./cut";
import { type Detail, type Lengths, Made } from "./detail";
import { byReason, type Reason } from "./findings";
import { type Group, groupsOf, isDangerous, isFolded } from "./groups";
import { dangers, failureOf, totals } from "./headline";
import {
  alert,
  code,
  fold,
  inElement,
  inMarkdown,
  messageBlock,
  messageCode,
  prose,
  row,
  tableOf,
} from "./markdown";
import type { Message } from "./messages";
import type { Plan, PlannedResource } from "./model";
import { between, named, outside, own, type Phrase } from "./phrase";
import { serverWords } from "./servers";
import { changeCounts, details, findingHeads, findingRow, otherHeads, otherRow } from "./tables";
import { Effort, textDiff } from "./text-diff";

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
/** Rows of the table of findings that are shown without a fold. */
const mostFindings = 20;
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
    plan.findings.length,
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
      yield alert("CAUTION", [inMarkdown(failureOf(plan))]);
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
    yield* this.findings(detail);
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
    yield* this.changes(detail);
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

  private *findings({ lengths, maxMessages }: Detail): Generator<string> {
    const { plan, made } = this;
    if (plan.findings.length === 0) return;
    yield `### ${counted(plan.findings.length, "finding")} of policies`;
    const shown = plan.findings.slice(0, maxMessages);
    if (shown.length === 0) return;
    yield byReason(shown)
      .map((each) => reasonItem(each, lengths))
      .join("\n");
    const rows = shown.map((each) => made.once("finding", each, () => row(findingRow(each).map(inMarkdown))));
    const table = tableOf(["", ...findingHeads], rows);
    yield rows.length > mostFindings ? fold(`${rows.length} places`, table, false) : table;
  }

  private *changes(detail: Detail): Generator<string> {
    const { resources } = this.plan;
    if (!isFolded(resources)) {
      for (const resource of resources.slice(0, detail.maxResources)) yield this.section(resource, detail, 3);
      return;
    }
    yield "### Changes";
    let remaining = detail.maxResources;
    for (const { head, parts, ...group } of groupsOf(resources)) {
      const [own, others] = [remaining > 0 ? head : undefined, parts.slice(0, remaining - (head ? 1 : 0))];
      if (own === undefined && others.length === 0) return;
      remaining -= others.length + (own ? 1 : 0);
      yield this.folded({ ...group, head: own, parts: others }, detail);
    }
  }

  private folded(group: Group, detail: Detail): string {
    const { head, parts, urn } = group;
    const title = foldTitle(group);
    const counts = parts.length === 0 && head && detail.counted.has(urn) && follows(head, this.plan) === "";
    // A fold would have nothing but the same count.
    if (counts) return `- ${inMarkdown(title)}`;
    const content = [
      ...(head ? [this.body(head, detail)] : []),
      ...parts.map((part) => this.section(part, detail, 4)),
    ];
    return fold(
      inElement(title),
      content.filter((each) => each !== "").join("\n\n"),
      [...(head ? [head] : []), ...parts].some(isDangerous),
    );
  }

  private section(resource: PlannedResource, detail: Detail, level: 3 | 4): string {
    const { name, kind } = resource;
    const heading = this.made.once(`heading ${level}`, resource, () =>
      [
        `${"#".repeat(level)} ${code(cut(name, 80))}`,
        prose(kind),
        inMarkdown(operationPhrase(resource)),
      ].join(" · "),
    );
    const body = this.body(resource, detail);
    return body === "" ? heading : `${heading}\n\n${body}`;
  }

  /** Renders what follows the heading of a resource: the effects, and its tables. */
  private body(resource: PlannedResource, detail: Detail): string {
    const parts = [this.made.once("follows", resource, () => follows(resource, this.plan))];
    if (!resource.unchangedAdoption)
      parts.push(
        detail.counted.has(resource.urn)
          ? this.made.once("counts", resource, () => changeCounts(resource))
          : this.details(resource, detail.lengths),
      );
    return parts.filter((part) => part !== "").join("\n\n");
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

function follows(resource: PlannedResource, { hasServers }: Plan): string {
  const { server, unchangedAdoption: isAdopted } = resource;
  const where = hasServers ? `On ${inMarkdown(serverWords(server, 200))}.` : "";
  const said = inMarkdown(isAdopted ? unchangedAdoption(resource) : consequences(resource));
  return [where, said].filter((part) => part !== "").join("\n\n");
}

function foldTitle({ name, kind, head, parts }: Group): Phrase {
  const changes = head ? head.variables.length + head.inputs.length : 0;
  const counts = [
    ...(changes > 0 ? [counted(changes, "change")] : []),
    ...(parts.length > 0 ? [counted(parts.length, "part")] : []),
  ];
  const pieces = [
    named(name),
    outside(kind),
    ...(head ? [operationPhrase(head)] : []),
    ...(counts.length > 0 ? [own(counts.join(", "))] : []),
  ];
  return between(pieces, " · ");
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
  said.push(...remaining(plan.findings, detail.maxMessages, "finding"));
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

/** Renders the reason of findings in one or several places. */
function reasonItem([first, ...others]: Reason, lengths: Lengths): string {
  const { rule, text, isMandatory } = first;
  const level = isMandatory ? "**mandatory**" : "advisory";
  const places = others.length === 0 ? [] : [`${others.length + 1} places`];
  const heading = [code(cut(rule, 80)), level, ...places].join(", ");
  return `- ${heading}: ${messageCode(cut(text, lengths.value * 10))}`;
}

/** Renders a warning or a note as an item of a list, because most are one sentence. */
function messageItem({ text }: Message, lengths: Lengths): string {
  const lines = text.split("\n").map((line) => line.trim());
  const shownLines = lines.slice(0, lengths.lines).filter((line) => line !== "");
  return `- ${shownLines.map((line) => messageCode(cut(line, lengths.value * 10))).join("<br>")}`;
}
