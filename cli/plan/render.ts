import { alert, code, cut, diffBlock, messageBlock, messageCode, prose, table } from "./markdown";
import type { Message } from "./messages";
import type {
  ChangeKind,
  InputChange,
  Operation,
  OtherResource,
  Plan,
  PlannedResource,
  Service,
  VariableChange,
} from "./model";
import type { Moves } from "./moves";
import { textDiff } from "./text-diff";
import type { Value } from "./values";

export interface RenderOptions {
  /** In the place of the stack's name in the headline. */
  title?: string;
  /** How long the text may be, in characters; at least 1,000. */
  maxLength: number;
}

/** How much is shown: everything to begin with, and less from step to step until the text fits. */
interface Detail {
  /** Values that are longer are cut. */
  valueLength: number;
  /** Lines of a message, or of a comparison of texts. */
  maxLines: number;
  /** URNs of the resources whose tables are counts. */
  counted: ReadonlySet<string>;
  /** How many resources are shown at all, and how many messages of each sort. */
  maxResources: number;
  maxMessages: number;
}

const full: Detail = {
  valueLength: 160,
  maxLines: 80,
  counted: new Set(),
  maxResources: Number.POSITIVE_INFINITY,
  maxMessages: Number.POSITIVE_INFINITY,
};

/**
 * A plan as Markdown for a comment on a pull request.
 *
 * What is too long is shortened in this order: long values and messages; then the tables of resources become counts, the
 * longest first; then resources and messages are left out. The last line says what was done.
 */
export function render(plan: Plan, options: RenderOptions): string {
  const fits = (detail: Detail) => {
    const text = markdown(plan, options, detail);
    return text.length <= options.maxLength ? text : undefined;
  };
  const short = { ...full, valueLength: 32, maxLines: 12 };
  const unshortened = fits(full) ?? fits(short);
  if (unshortened !== undefined) return unshortened;

  const byLength = [...plan.resources]
    .map((resource) => ({ urn: resource.urn, length: details(resource, short).length }))
    .sort((a, b) => b.length - a.length || (a.urn < b.urn ? -1 : 1))
    .map(({ urn }) => urn);
  const counting = (count: number): Detail => ({ ...short, counted: new Set(byLength.slice(0, count)) });
  const all = plan.resources.length;
  if (fits(counting(all)) !== undefined) return first(1, all, (count) => fits(counting(count)));

  const most = Math.max(all, plan.others.length, plan.errors.length, plan.warnings.length);
  const leaving = (count: number): Detail => ({
    ...counting(all),
    maxLines: 4,
    maxResources: most - count,
    maxMessages: most - count,
  });
  if (fits(leaving(most)) !== undefined) return first(1, most, (count) => fits(leaving(count)));
  // A headline that is too long by itself.
  const { project: _p, stack: _s, ...unnamed } = plan;
  return markdown(unnamed, { maxLength: options.maxLength }, leaving(most));
}

/**
 * In the place of a plan that is not there: a comment that stayed as it was would tell of a former one.
 *
 * @param reason Markdown of our own
 */
export function renderMissing(
  reason: string,
  names: { title: string | undefined; stack: string | undefined },
): string {
  const { title, stack } = names;
  const name = nameOf(stack === undefined ? {} : { stack }, title);
  const box = alert("CAUTION", ["**There is no plan.** The log of the job says more.", "", reason]);
  return `## Plan for ${name}: the preview failed\n\n${box}\n`;
}

/** The text for the smallest number that has one; the largest must have one. */
function first(low: number, high: number, textOf: (count: number) => string | undefined): string {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (textOf(middle) === undefined) from = middle + 1;
    else to = middle;
  }
  return textOf(to) ?? "";
}

function markdown(plan: Plan, options: RenderOptions, detail: Detail): string {
  const name = nameOf(plan, options.title);
  const { resources, others } = plan;
  const nothing = resources.length + others.length === 0;
  const parts: string[] = [];
  if (plan.failed) {
    parts.push(`## Plan for ${name}: the preview failed`);
    const incomplete = nothing
      ? "Nothing would be changed before the errors are gone."
      : "What follows may be incomplete.";
    parts.push(alert("CAUTION", [`**The preview failed**, so an update would fail as well. ${incomplete}`]));
    parts.push(...messages(plan.errors, detail));
  } else if (nothing) {
    parts.push(`**Plan for ${name}**: nothing to do.`);
  } else {
    parts.push(`## Plan for ${name}`);
  }
  if (!nothing) {
    parts.push(totals(plan));
    parts.push(...dangers(resources, detail));
  }
  if (plan.warnings.length > 0) {
    parts.push(`### ${counted(plan.warnings.length, "warning")}`, ...messageList(plan.warnings, detail));
  }
  for (const resource of resources.slice(0, detail.maxResources)) parts.push(section(resource, detail));
  if (others.length > 0) parts.push("### Other resources", otherTable(others, detail));
  parts.push(...leftOut(plan, detail));
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function nameOf(plan: Pick<Plan, "project" | "stack" | "server">, title: string | undefined): string {
  const server = plan.server === undefined ? "" : ` on ${code(cut(plan.server, 200))}`;
  if (title !== undefined) return prose(cut(title, 200)) + server;
  const names = [plan.project, plan.stack].filter((name) => name !== undefined);
  return (names.length > 0 ? code(cut(names.join("/"), 200)) : "this stack") + server;
}

const operationWords: readonly (readonly [Operation, string])[] = [
  ["create", "create"],
  ["adopt", "adopt"],
  ["update", "update"],
  ["replace", "replace"],
  ["release", "let go"],
  ["delete", "delete"],
];

function operationWord(operation: Operation): string {
  return operationWords.find(([each]) => each === operation)?.[1] ?? operation;
}

function totals({ resources, others }: Plan): string {
  const takenOver = resources.filter((resource) => resource.takenOver);
  const changing = [...resources.filter((resource) => !resource.takenOver), ...others];
  const words = operationWords.flatMap(([operation, word]) => {
    const count = changing.filter((resource) => resource.operation === operation).length;
    return count > 0 ? [`${count} to ${word}`] : [];
  });
  const counts = [
    ...(words.length > 0 ? [words.join(", ")] : []),
    ...(takenOver.length > 0 ? [`${takenOver.length} to take over, nothing to change`] : []),
  ];
  const effects = effectTotals(resources);
  return `**${counts.join("; ")}**${effects === "" ? "" : ` · ${effects}`}`;
}

function effectTotals(resources: readonly PlannedResource[]): string {
  const effects = resources.flatMap(({ urn, effect }) =>
    effect ? [{ ...effect, id: effect.service.name ?? urn }] : [],
  );
  const sentence = (verb: string, chosen: typeof effects, rest = "") => {
    const services = new Set(chosen.map(({ id }) => id)).size;
    if (services === 0) return [];
    const most = chosen.some(({ when }) => when === "differs") ? "up to " : "";
    return [`${verb} ${most}${counted(services, "service")}${rest}`];
  };
  const deployed = sentence(
    "deploys",
    effects.filter(({ action, when }) => when !== "held" && action !== "reload"),
  );
  // How many they are is known to Dokploy, not to the plan. Nobody refers to what is new.
  const referrers = resources.some(
    ({ operation, kind, redeploysReferrers }) =>
      redeploysReferrers && (operation !== "create" || kind === "EnvironmentBlock"),
  );
  const those = "that refer to shared variables which change";
  if (referrers) deployed.push(deployed.length > 0 ? `and those ${those}` : `deploys the services ${those}`);
  return [
    ...(deployed.length > 0 ? [deployed.join(" ")] : []),
    ...sentence(
      "reloads",
      effects.filter(({ action, when }) => when !== "held" && action === "reload"),
    ),
    ...sentence(
      "saves",
      effects.filter(({ when }) => when === "held"),
      " without applying",
    ),
  ].join(", ");
}

function dangers(resources: readonly PlannedResource[], detail: Detail): string[] {
  const lines: string[] = [];
  const label = ({ name, kind, deletesVolumes, deletesFiles = [] }: PlannedResource) => {
    const losses = [...(deletesVolumes ? ["its volumes"] : []), ...deletesFiles.map(pathLabel)];
    return `${code(cut(name, 80))} (${prose(kind)}${losses.length > 0 ? `, **with** ${listed(losses, detail)}` : ""})`;
  };
  // What a Deployment deployed stays, whatever becomes of it.
  const notable = resources.filter(({ kind }) => kind !== "Deployment");
  const deleted = notable.filter((resource) => resource.operation === "delete" && takesAway(resource));
  const replaced = notable.filter(({ operation, leavesFormer }) => operation === "replace" && !leavesFormer);
  if (deleted.length > 0) lines.push(`**Deletes** ${listed(deleted.map(label), detail)}.`);
  if (replaced.length > 0) {
    lines.push(`**Replaces** ${listed(replaced.map(label), detail)}: deleted first, then made anew.`);
  }
  // A line of its own for each, not one paragraph.
  return lines.length > 0 ? [alert("CAUTION", lines.join("\n\n").split("\n"))] : [];
}

/** False for a block whose variables all have another owner from now on. */
function takesAway({ moves }: PlannedResource): boolean {
  return moves?.left?.length !== 0 || moves.to.length === 0;
}

function listed(items: readonly string[], detail: Detail): string {
  const most = Math.min(20, detail.maxResources);
  if (items.length <= most) return items.join(", ");
  if (most <= 0) return counted(items.length, "resource");
  return `${items.slice(0, most).join(", ")} and ${items.length - most} more`;
}

function section(resource: PlannedResource, detail: Detail): string {
  const { name, kind, operation } = resource;
  const title = `### ${code(cut(name, 80))} · ${prose(kind)}`;
  if (resource.takenOver) return `${title} · take over\n\n${takenOver(resource)}`;
  const heading = `${title} · ${operation === "update" ? "update" : `**${operationWord(operation)}**`}`;
  const lines = [heading, ...consequences(resource)];
  return [...lines, detail.counted.has(resource.urn) ? changeCounts(resource) : details(resource, detail)]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** What is there already, and what of it is managed from now on. */
function takenOver({ variables }: PlannedResource): string {
  const most = 20;
  const names = variables.slice(0, most).map(variableName);
  const rest = variables.length > most ? ` and ${variables.length - most} more` : "";
  const what =
    names.length > 0
      ? `Dokploy has ${names.join(", ")}${rest} as given here`
      : "Dokploy has it as given here";
  return `${what}: nothing changes, and nothing is deployed.`;
}

const actions = {
  deploy: { will: "Deploys", would: "a deployment" },
  redeploy: { will: "Builds anew and starts", would: "a new build" },
  reload: { will: "Reloads", would: "a reload" },
} as const;

function consequences(resource: PlannedResource): string[] {
  const { effect, operation } = resource;
  const lines: string[] = [];
  if (resource.unfinished) lines.push("Nothing changes; what an earlier update saved is applied now.");
  if (operation === "replace") {
    lines.push(resource.leavesFormer ? `Made anew. ${letGo(resource)}` : "Deleted first, then made anew.");
    if (!resource.leavesFormer && resource.kind === "Compose") lines.push(filesLost(resource));
  }
  if (operation === "release") lines.push(letGo(resource));
  if (operation === "delete") lines.push(deletion(resource));
  if (effect) {
    const service = serviceLabel(effect.service);
    const { will, would } = actions[effect.action];
    if (effect.when === "held") {
      lines.push(`Saved without applying (${code("deploy: false")}): ${would} of ${service} is left to do.`);
    } else if (effect.when === "differs") {
      lines.push(`${will} ${service} if Dokploy holds other values than these.`);
    } else {
      lines.push(`${will} ${service}.`);
    }
  } else if (resource.sharesVariables) {
    if (resource.variables.length > 0) {
      lines.push(
        resource.redeploysReferrers
          ? "Deploys the services that refer to a variable which changes."
          : "The variables take effect at the next deployment of a service that refers to them.",
      );
    }
  } else if (operation === "update") {
    lines.push("No deployment.");
  }
  for (const map of resource.released) {
    lines.push(
      `${code(map)} is no longer given: its variables stay in Dokploy as they are, and are not managed.`,
    );
  }
  return lines.length > 0 ? [lines.join(" ")] : [];
}

function serviceLabel({ name, noun }: Service): string {
  if (name === undefined) return `its ${prose(noun ?? "target")}`;
  return `${noun === undefined ? "" : `the ${prose(noun)} `}${code(cut(name, 80))}`;
}

/** What `retainOnDelete` leaves behind. */
function letGo({ kind, operation }: PlannedResource): string {
  if (kind === "Deployment") return "What was deployed stays.";
  const what = operation === "replace" ? "The former one" : "It";
  return kind === "EnvironmentBlock"
    ? `${operation === "replace" ? "The former" : "Its"} variables stay in Dokploy, and are no longer managed.`
    : `${what} stays in Dokploy, and is no longer managed.`;
}

function deletion(resource: PlannedResource): string {
  const { kind, deletesVolumes, targetNoun = "service" } = resource;
  switch (kind) {
    case "EnvironmentBlock":
      return blockDeletion(targetNoun, resource.moves);
    case "Deployment":
      return "What was deployed stays.";
    case "Application":
      return "Stops and removes its containers.";
    case "Compose":
      return `Stops and removes its containers; its volumes are ${deletesVolumes ? "**deleted too**" : "kept"}. ${filesLost(resource)}`;
    default:
      return "Must be empty by then.";
  }
}

/** Dokploy deletes the folder of a compose service together with it. */
function filesLost({ deletesFiles }: PlannedResource): string {
  const folder = code("../files");
  if (deletesFiles === undefined) return `Its folder ${folder} is **deleted too**, if it has one.`;
  if (deletesFiles.length === 0)
    return `Its folder ${folder} is deleted too; its compose file mounts nothing of it.`;
  return `Its folder ${folder} is **deleted too**: what is in ${deletesFiles.slice(0, 20).map(pathLabel).join(", ")} is lost.`;
}

function pathLabel(path: string): string {
  return code(cut(path, 120));
}

function blockDeletion(noun: string, moves: Moves | undefined): string {
  const { to = [], left } = moves ?? {};
  const takesOut = (what: string) =>
    `Takes ${what} out of the ${prose(noun)}; that takes effect at the next deployment.`;
  if (to.length === 0) return takesOut("its variables");
  const owners = to.map(({ name, kind }) => `${code(cut(name, 80))} (${prose(kind)})`).join(", ");
  if (left?.length === 0) return `Its variables move to ${owners}.`;
  const names = left?.map((name) => code(cut(name, 120)));
  const most = 20;
  const rest = names && names.length > most ? ` and ${names.length - most} more` : "";
  const what = names ? names.slice(0, most).join(", ") + rest : "the others";
  return `Variables of it move to ${owners}. ${takesOut(what)}`;
}

const signs: Readonly<Record<ChangeKind, string>> = { add: "+", update: "~", delete: "−" };

/** The tables of one resource. */
function details(resource: PlannedResource, detail: Detail): string {
  const texts = resource.inputs.filter(isText);
  const inputs = resource.inputs.filter((input) => !isText(input));
  const creates = resource.operation === "create" || resource.operation === "adopt";
  const parts: string[] = [];
  if (resource.variables.length > 0) {
    const rows = resource.variables.map((variable) => [
      signs[variable.change],
      variableName(variable),
      ...cells(variable, creates, detail),
    ]);
    parts.push(table(["", "Variable", ...columns(creates)], rows));
  }
  if (inputs.length > 0) {
    const rows = inputs.map((input) => [
      signs[input.change],
      `${code(cut(input.path, 120))}${input.replaces ? " **replaces**" : ""}`,
      ...cells(input, creates, detail),
    ]);
    parts.push(table(["", "Input", ...columns(creates)], rows));
  }
  for (const { path, before, after } of texts) {
    const [old, now] = [before, after].map((value) => (value?.kind === "plain" ? value.text : undefined));
    const lines = textDiff(old, now, detail.maxLines).split("\n");
    parts.push(`${code(cut(path, 120))}:`, diffBlock(lines.map((line) => cut(line, detail.valueLength))));
  }
  return parts.join("\n\n");
}

/** Texts of several lines, where a comparison says more than a table. */
function isText({ before, after }: InputChange): boolean {
  const hasLines = (value: Value | undefined) =>
    value?.kind === "plain" && value.text.trimEnd().includes("\n");
  return (
    [before, after].every((value) => !value || value.kind === "plain") &&
    (hasLines(before) || hasLines(after))
  );
}

function columns(creates: boolean): string[] {
  return creates ? ["Value"] : ["Before", "After"];
}

function cells(
  { before, after }: { before?: Value; after?: Value },
  creates: boolean,
  detail: Detail,
): string[] {
  return (creates ? [after] : [before, after]).map((value) => cell(value, detail));
}

function cell(value: Value | undefined, detail: Detail): string {
  switch (value?.kind) {
    case undefined:
      return "";
    case "secret":
      return "_secret_";
    case "unknown":
      return "_known after the update_";
    case "plain":
      return code(cut(value.text, detail.valueLength));
  }
}

function variableName({ map, key }: VariableChange): string {
  if (key === undefined) return `all of ${code(map)}`;
  const name = code(cut(key, 120));
  return map === "env" ? name : `${name} (${code(map)})`;
}

function changeCounts({ variables, inputs }: PlannedResource): string {
  const count = (changes: readonly { change: ChangeKind }[], noun: string) => {
    const words = { add: "added", update: "changed", delete: "removed" } as const;
    const parts = (["add", "update", "delete"] as const).flatMap((kind) => {
      const number = changes.filter(({ change }) => change === kind).length;
      return number > 0 ? [`${number} ${words[kind]}`] : [];
    });
    return parts.length > 0 ? [`${noun}: ${parts.join(", ")}`] : [];
  };
  const parts = [...count(variables, "Variables"), ...count(inputs, "Inputs")];
  return parts.length > 0 ? `${parts.join(". ")}.` : "";
}

function otherTable(others: readonly OtherResource[], detail: Detail): string {
  const shownOthers = others.slice(0, detail.maxResources);
  if (shownOthers.length === 0) return "";
  const rows = shownOthers.map(({ operation, type, name, inputs, leavesFormer }) => [
    operation === "delete" || (operation === "replace" && !leavesFormer)
      ? `**${operation}**`
      : operationWord(operation),
    code(cut(type, 120)),
    code(cut(name, 80)),
    inputs
      .slice(0, 10)
      .map((input) => code(cut(input, detail.valueLength)))
      .join(", ") + (inputs.length > 10 ? ` and ${inputs.length - 10} more` : ""),
  ]);
  return table(["", "Type", "Name", "Inputs"], rows);
}

/** Errors, each as a block: they may have many lines. */
function messages(all: readonly Message[], detail: Detail): string[] {
  return all.slice(0, detail.maxMessages).map(({ text, resource }) => {
    const lines = text.split("\n");
    const shownLines = lines.slice(0, detail.maxLines).map((line) => cut(line, detail.valueLength * 10));
    if (lines.length > shownLines.length) shownLines.push(`… ${lines.length - shownLines.length} more lines`);
    const about = resource === undefined ? "" : `${code(cut(resource, 80))}:\n\n`;
    return `${about}${messageBlock(shownLines)}`;
  });
}

/** Warnings as a list: most are one sentence. */
function messageList(all: readonly Message[], detail: Detail): string[] {
  const items = all.slice(0, detail.maxMessages).map(({ text }) => {
    const lines = text.split("\n").map((line) => line.trim());
    const shownLines = lines.slice(0, detail.maxLines).filter((line) => line !== "");
    return `- ${shownLines.map((line) => messageCode(cut(line, detail.valueLength * 10))).join("<br>")}`;
  });
  return items.length > 0 ? [items.join("\n")] : [];
}

function leftOut(plan: Plan, detail: Detail): string[] {
  if (detail === full) return [];
  const said = [`values are cut after ${detail.valueLength} characters`];
  if (detail.counted.size > 0) said.push(`tables of ${counted(detail.counted.size, "resource")} are counts`);
  const left = (all: readonly unknown[], most: number, noun: string) => {
    const count = all.length - Math.min(all.length, most);
    return count > 0 ? [`${counted(count, noun)} left out`] : [];
  };
  said.push(...left(plan.resources, detail.maxResources, "resource"));
  said.push(...left(plan.others, detail.maxResources, "other resource"));
  said.push(...left(plan.errors, detail.maxMessages, "error"));
  said.push(...left(plan.warnings, detail.maxMessages, "warning"));
  return [`_Shortened to fit: ${said.join(", ")}. ${code("pulumi preview --diff")} shows all._`];
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
