import { counted, visibleLines } from "../../packages/text";
import { badge, box, type Content, code, element, fold, type Html, joined, table, write } from "../page";
import type { ChangeKind, InputChange, Operation } from "./changes";
import { consequences, effectPhrase, unchangedAdoption } from "./consequences";
import { cut } from "./cut";
import { byReason } from "./findings";
import { isDangerous, isFolded } from "./groups";
import { dangers, failureOf, totals } from "./headline";
import { inHtml } from "./in-html";
import type { Message } from "./messages";
import type { Plan, PlannedResource } from "./model";
import { serverWords } from "./servers";
import { detailsOf, findingHeads, findingRow, otherHeads, otherRow, signs } from "./tables";
import { Effort, firstLines, textDiff } from "./text-diff";
import { operationWord } from "./words";

/** Longest value and comparison; the page is not cut to a length as a comment is. */
const lengths = { value: 4_000, lines: 2_000 } as const;
const all = Number.POSITIVE_INFINITY;

/** Writes a plan as a page. */
export function planPage(plan: Plan, title: string | undefined): string {
  const name = title ?? ([plan.project, plan.stack].filter(Boolean).join("/") || "this stack");
  const server = plan.server === undefined ? undefined : [" on ", code(plan.server)];
  const heading = ["Plan for ", title === undefined ? code(name) : name, server];
  return write({ title: `Plan for ${name}`, heading, content: planParts(plan), footer: footer() });
}

/** Writes a page with the reason, as words of ours, for a plan that does not exist. */
export function missingPage(reason: string, title: string | undefined): string {
  const name = title ?? "this stack";
  const content = box("bad", element("p", {}, element("strong", {}, "There is no plan.")), lines(reason));
  return write({ title: `Plan for ${name}: the preview failed`, content, footer: footer() });
}

function footer(): string {
  return "Made by pulumi-dokploy plan-summary from the output of pulumi preview. Secrets are not in it.";
}

/** Returns the parts of a page that show a plan. */
function planParts(plan: Plan): Html {
  const { resources, others } = plan;
  const nothing = resources.length + others.length === 0;
  const isOpen = !isFolded(resources);
  const effort = new Effort();
  return joined(
    plan.failed ? failure(plan) : undefined,
    nothing && !plan.failed ? element("p", { class: "lead" }, "Nothing to do.") : undefined,
    nothing ? undefined : element("p", { class: "lead" }, inHtml(totals(plan))),
    dangers(resources, all).map((line) => box("bad", element("p", {}, inHtml(line)))),
    findings(plan),
    notes(counted(plan.warnings.length, "warning"), plan.warnings),
    notes("Downtime", plan.interruptions),
    notes("Release commands", plan.releases),
    notes("Rotation of variables", plan.rotations),
    resources.length === 0 ? undefined : element("h2", {}, "Resources"),
    resources.map((resource) => folded(resource, plan, isOpen || isDangerous(resource), effort)),
    others.length === 0 ? undefined : otherResources(plan),
  );
}

function failure(plan: Plan): Html {
  const errors = plan.errors.map(({ text, resource }) => [
    resource === undefined ? undefined : element("p", {}, code(resource), ":"),
    lines(text),
  ]);
  return joined(box("bad", element("p", {}, inHtml(failureOf(plan)))), errors);
}

function findings({ findings: all }: Plan): Html | undefined {
  if (all.length === 0) return undefined;
  const [service, variable, rule] = findingHeads;
  const rows = all.map((each) => {
    const [level = [], ...cells] = findingRow(each).map(inHtml);
    return [cells[0], cells[1], cells[2], level];
  });
  const items = byReason(all).map(([{ rule, text }]) => element("li", {}, code(rule), lines(text)));
  return joined(
    element("h2", {}, `${counted(all.length, "finding")} of policies`),
    element("ul", {}, items),
    table({ caption: "Findings of policies", heads: [service, variable, rule, "Level"], rows }, "Findings"),
  );
}

function notes(heading: string, messages: readonly Message[]): Html | undefined {
  if (messages.length === 0) return undefined;
  const items = messages.map(({ text }) => element("li", {}, lines(text)));
  return joined(element("h2", {}, heading), element("ul", {}, items));
}

/** Shows a message of several lines. */
function lines(text: string): Html {
  return element("pre", {}, cut(firstLines(text.split("\n"), lengths.lines).join("\n"), lengths.value * 10));
}

const tones = {
  create: "good",
  adopt: "busy",
  update: "busy",
  replace: "bad",
  release: "warn",
  delete: "bad",
} as const satisfies Record<Operation, string>;

function folded(resource: PlannedResource, plan: Plan, isOpen: boolean, effort: Effort): Html {
  const { name, kind, operation, unchangedAdoption: isAdopted, server } = resource;
  const follow = isAdopted ? [] : effectPhrase(resource);
  const head = [
    isAdopted ? badge("busy", "adopt") : badge(tones[operation], operationWord(operation)),
    element("h3", {}, code(cut(name, 200)), " ", kind),
    ...(follow.length === 0 ? [] : [element("span", { class: "soft" }, inHtml(follow))]),
  ];
  const where = plan.hasServers ? element("p", {}, "On ", inHtml(serverWords(server)), ".") : undefined;
  const follows = isAdopted ? unchangedAdoption(resource) : consequences(resource);
  const said = follows.length === 0 ? undefined : element("p", {}, inHtml(follows));
  return fold(head, [where, said, isAdopted ? undefined : changes(resource, effort)], isOpen);
}

function changes(resource: PlannedResource, effort: Effort): Content {
  const { tables, texts } = detailsOf(resource, lengths.value);
  return [
    tables.map(({ heads: [name = "", ...heads], rows }) => {
      const caption = `${name}s of ${cut(resource.name, 200)}`;
      const cells = rows.map(({ change, cells: [first = [], ...others] }) => [
        inHtml(first),
        sign(change),
        ...others.map(inHtml),
      ]);
      return table({ caption, heads: [name, "Change", ...heads], rows: cells }, caption);
    }),
    texts.map((text) => [element("p", {}, code(text.path), ":"), difference(text, effort)]),
  ];
}

const words = { add: "added", update: "changed", delete: "removed" } as const;
const classes = { add: "good", update: "busy", delete: "bad" } as const;

function sign(change: ChangeKind): Html {
  return badge(classes[change], `${signs[change]} ${words[change]}`);
}

function difference({ before, after }: InputChange, effort: Effort): Html {
  const [old, now] = [before, after].map((value) => (value?.kind === "plain" ? value.text : undefined));
  const shown = firstLines(textDiff(old, now, effort), lengths.lines).map((line) => {
    const text = `${visibleLines(cut(line, lengths.value))}\n`;
    const kind = line.startsWith("+") ? "add" : line.startsWith("-") ? "del" : undefined;
    return kind === undefined ? text : element("span", { class: kind }, text);
  });
  return element("pre", {}, shown);
}

function otherResources({ others }: Plan): Html {
  const rows = others.map((each) => {
    const [operation = [], type = [], ...rest] = otherRow(each, lengths.value).map(inHtml);
    const [name, inputs] = rest;
    return [name, type, operation, inputs];
  });
  const [type, name, inputs] = otherHeads;
  return joined(
    element("h2", {}, "Other resources"),
    table(
      { caption: "Resources of other packages", heads: [name, type, "Change", inputs], rows },
      "Other resources",
    ),
  );
}
