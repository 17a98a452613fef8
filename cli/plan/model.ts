import { isDeepStrictEqual } from "node:util";
import { mountedFiles } from "../../packages/compose-checks/checks";
import { byText } from "../../packages/text";
import { type AdoptionData, readAdoptionData, type ServiceVolume } from "../../provider/engine";
import { isLost } from "../../provider/lifecycle";
import { type Code, identityOf, parseUrn, plainKey } from "../../provider/pulumi";
import { UsageError } from "../terminal";
import { adoptionParts } from "./adoption";
/** The content of a plan in the order in which it is shown: by name, never by time. */
import {
  type InputChange,
  type Operation,
  pathsOf,
  sides,
  type VariableChange,
  variableMaps,
  wholeMap,
  withoutBuildSecrets,
} from "./changes";
import { cut } from "./cut";
import { type Effect, effectOf, removalOf, secretsByNature, targetOf, volumesOf } from "./effect";
import { type Finding, findingsIn, withoutFound } from "./findings";
import { losesData, roleOf } from "./kinds";
import { code } from "./markdown";
import { type Message, messages } from "./messages";
import { type Moves, movesIn } from "./moves";
import type { Preview, Step } from "./preview";
import { withSaved } from "./saved";
import { type Server, serversIn } from "./servers";
import { ownerOf, type Service, serviceOf, type Urns, urnsById, waitingFor } from "./service";
import { mergedSteps, operationOf } from "./steps";
import { comparable, isRecord, isSecret, pathText } from "./values";

/** A preview as the comment shows it. */
export interface Plan {
  project?: string;
  stack?: string;
  /** The server that the plan is for: `dokploy.example.com`. */
  server?: string;
  /** True when the plan is for several servers. */
  hasServers: boolean;
  /** True when the preview failed, so that resources may be missing. */
  failed: boolean;
  /** Resources of Dokploy that change. */
  resources: PlannedResource[];
  /** Resources of other packages that change. */
  others: OtherResource[];
  errors: Message[];
  warnings: Message[];
  /** Findings of policies. */
  findings: Finding[];
  /** Steps of variables that rotate. */
  rotations: Message[];
  /** Commands that run before a change. */
  releases: Message[];
  /** Downtime that follows from the settings of services; that which a health check would prevent is a warning. */
  interruptions: Message[];
}

/** A resource that changes. `release` means that it leaves the program and stays in Dokploy. */
export interface PlannedResource {
  urn: string;
  /** Name in the program. */
  name: string;
  /** `Application`. */
  kind: string;
  operation: Operation;
  /** The server that it goes to; undefined for that of the stack's settings. */
  server: Server | undefined;
  /** URN of the service that it is a part of, if the program has it. */
  owner?: string;
  /** Changes of variables, sorted by map and key. */
  variables: VariableChange[];
  /** Changes of other inputs, sorted by path. */
  inputs: InputChange[];
  /** Maps that the program no longer gives: their variables stay in Dokploy and are no longer managed. */
  released: string[];
  /** The deployment that follows; undefined when nothing is deployed. */
  effect?: Effect & { service: Service };
  /** Noun for the target of an `EnvironmentBlock` or a `Deployment`: `compose service`. */
  targetNoun?: string;
  /** True when it already exists as the program gives it, so that adopting it changes and deploys nothing. */
  unchangedAdoption: boolean;
  /** True when an update only finishes the work of an earlier one. */
  unfinished: boolean;
  /** True when its variables are those of a project or environment, which services refer to. */
  sharesVariables: boolean;
  /** True when a change of shared variables deploys the services that refer to them. */
  redeploysReferrers: boolean;
  /** Services, and variables whose referrers, an earlier change of shared variables has yet to deploy. */
  waiting: { readonly services: readonly Service[]; readonly variables: readonly string[] };
  /** True when deleting it also deletes its volumes. */
  deletesVolumes: boolean;
  /** Paths in its folder `../files` that are lost with a deleted compose service; undefined when unknown. */
  deletesFiles?: readonly string[] | undefined;
  /** Known volumes, if it is deleted or replaced. */
  volumes: readonly ServiceVolume[];
  /** True when no run deletes it. */
  isProtected: boolean;
  /** True when it is replaced, and the former object stays in Dokploy. */
  leavesFormer: boolean;
  /** True when it is replaced or deleted, and Dokploy no longer has it. */
  isLost: boolean;
  /** The new owners of the variables of a deleted `EnvironmentBlock`. */
  moves?: Moves;
}

/** A resource of another package that changes. */
export interface OtherResource {
  urn: string;
  name: string;
  type: string;
  operation: Operation;
  /** True when it is replaced, and the former object stays. */
  leavesFormer: boolean;
  /** Names of top-level inputs that change. */
  inputs: string[];
}

/**
 * Builds the plan from a preview.
 *
 * @param asked name of the stack, perhaps with its organization and project before it, where somebody gives it
 * @throws UsageError when the plan is of another stack
 */
export function planOf(preview: Preview, asked?: string): Plan {
  const plan = readPlan(preview);
  const { stack = asked } = plan;
  if (stack === undefined || asked === undefined) return plan;
  if (stack !== asked && !asked.endsWith(`/${stack}`)) {
    const names = [stack, asked].map((name) => code(cut(name, 200)));
    throw new UsageError(
      `The plan is of stack ${names[0]}, and --stack names ${names[1]}. Pass the plan of that stack.`,
    );
  }
  return { ...plan, stack };
}

function readPlan(preview: Preview): Plan {
  const steps = mergedSteps(preview.steps);
  const urns = urnsById(preview.steps);
  const movesOf = movesIn(preview.steps);
  const serverOf = serversIn(preview.steps);
  const leaving = leavingIn(steps);
  const findings = findingsIn(preview.diagnostics);
  const warnings = withoutFound(messages(preview.diagnostics, "warning"), findings);
  const infos = messages(preview.diagnostics, "info");
  /** Identities of resources whose objects exist as the program gives them; without those already shown. */
  const unchanged = dataOf([...warnings, ...infos], "unchanged");
  const adoptions = new Map(
    [...dataOf(warnings, "adopts")].flatMap((about) => {
      const data = about === undefined ? undefined : readAdoptionData(about);
      return data ? [[data.identity, data] as const] : [];
    }),
  );
  const servers = dataOf(infos, "server");
  const resources: PlannedResource[] = [];
  const others: OtherResource[] = [];
  for (const step of steps) {
    const { type = "", kind, name = step.urn } = parseUrn(step.urn) ?? {};
    const operation = operationOf(step);
    const state = step.newState ?? step.oldState;
    if (operation === undefined || !state?.custom || type.startsWith("pulumi:providers:")) continue;
    if (kind !== undefined) {
      const whole = { ...planned(step, name, kind, operation, urns, movesOf), server: serverOf(state) };
      // Nothing is called for what goes with its service.
      const made = leaving.has(step.oldState?.deletedWith ?? "") ? withoutEffect(whole) : whole;
      const identity = identityOf(step.urn);
      const isUnchanged = step.op === "create" && unchanged.delete(identity);
      const adoption = step.op === "create" ? adoptions.get(identity) : undefined;
      adoptions.delete(adoption?.identity ?? "");
      resources.push(isUnchanged ? asAdopted(made) : adoption ? withAdoption(made, adoption) : made);
    } else {
      const inputs = [...new Set([...pathsOf(step).map(([path]) => String(path[0])), ...step.diffReasons])];
      const leavesFormer = operation === "replace" && step.oldState?.retained === true;
      others.push({ urn: step.urn, name, type, operation, leavesFormer, inputs: inputs.sort(byText) });
    }
  }
  const { stack, project } = parseUrn(preview.steps[0]?.urn ?? "") ?? {};
  return {
    ...(stack === undefined ? {} : { stack }),
    ...(project === undefined ? {} : { project }),
    ...(servers.size === 0
      ? {}
      : { server: [...servers].map((server = "not known yet") => server).join(", ") }),
    hasServers:
      servers.size > 1 || resources.some(({ server }) => !isDeepStrictEqual(server, resources[0]?.server)),
    failed: preview.failed,
    resources: resources.sort(byName),
    others: others.sort(byName),
    errors: messages(preview.diagnostics, "error"),
    findings,
    rotations: infos.filter(({ code }) => code === "rotation"),
    releases: infos.filter(({ code }) => code === "release"),
    // The section of a resource already says it of its own containers.
    interruptions: infos.filter(
      ({ code, resource }) =>
        code === "interruption" &&
        !resources.some(({ name, effect }) => name === resource && effect?.interrupts),
    ),
    // The sections of adopted resources already say this.
    warnings: warnings.filter(
      ({ code, about = "" }) =>
        (code !== "unchanged" || unchanged.has(about)) &&
        (code !== "adopts" || about === "" || adoptions.has(readAdoptionData(about)?.identity ?? "")),
    ),
  };
}

/** Returns the data of all messages with this code. */
function dataOf(all: readonly Message[], code: Code): Set<string | undefined> {
  return new Set(all.filter((message) => message.code === code).map(({ about }) => about));
}

function withoutEffect({ effect: _, ...resource }: PlannedResource): PlannedResource {
  return resource;
}

/** Marks a resource as adopted unchanged: nothing is done, so nothing follows from it. */
function asAdopted(resource: PlannedResource): PlannedResource {
  return { ...withoutEffect(resource), unchangedAdoption: true, redeploysReferrers: false };
}

function withAdoption(resource: PlannedResource, data: AdoptionData): PlannedResource {
  return { ...withoutEffect(resource), ...adoptionParts(resource, data) };
}

/** Returns the URNs of the resources that the plan deletes for good. */
function leavingIn(steps: readonly Step[]): ReadonlySet<string> {
  const leaves = (step: Step) => ["delete", "release"].includes(operationOf(step) ?? "");
  return new Set(steps.filter(leaves).map(({ urn }) => urn));
}

function planned(
  given: Step,
  name: string,
  kind: string,
  planned: Operation,
  urns: Urns,
  movesOf: ReturnType<typeof movesIn>,
): Omit<PlannedResource, "server"> {
  const step = planned === "update" ? withSaved(given) : given;
  const olds = step.oldState?.inputs ?? {};
  const news = step.newState?.inputs ?? {};
  const operation = planned === "create" && news["import"] !== undefined ? "adopt" : planned;
  const leaves = operation === "delete" || operation === "release";
  // Checks and policies report the variables that this input names.
  const rows = leaves ? [] : pathsOf(step).filter(([[top]]) => top !== plainKey);
  const role = roleOf(kind);
  const variables: VariableChange[] = [];
  const inputs: InputChange[] = [];
  const released: string[] = [];
  const hidden = new Set([...secretsByNature(kind, olds), ...secretsByNature(kind, news)]);
  for (const [path, change] of rows) {
    const [top, key, ...deeper] = path;
    if (variableMaps.includes(top)) {
      const map = String(top);
      const gone = key === undefined && change === "delete";
      // A block removes its variables; every other kind leaves them in place.
      if (gone && role !== "variables") released.push(map);
      else if (key === undefined) variables.push(...wholeMap(map, olds[map], news[map], change));
      else if (deeper.length === 0)
        variables.push({ map, key: String(key), change, ...sides(olds, news, path, change) });
      continue;
    }
    inputs.push({
      path: pathText(path),
      change,
      ...sides(olds, news, path, change, hidden),
      replaces: step.replaceReasons.includes(String(top)),
    });
  }
  const target = targetOf(kind, leaves ? olds : news);
  const state = step.newState ?? step.oldState;
  const owner = state && ownerOf(kind, state, urns);
  const pending = step.oldState?.outputs["pending"] !== undefined;
  const removal = operation === "delete" ? removalOf(kind, olds) : undefined;
  const effect = leaves ? removal : effectFor(step, kind, operation);
  const redeploys = news["redeployReferrers"] === true;
  const retained = step.oldState?.retained === true;
  const isDeleted = !retained && (operation === "delete" || operation === "replace");
  return {
    urn: step.urn,
    name,
    kind,
    operation,
    variables: variables
      .map(withoutBuildSecrets)
      .sort((a, b) => byText(a.map, b.map) || byText(a.key ?? "", b.key ?? "")),
    inputs: inputs.sort((a, b) => byText(a.path, b.path)),
    released: released.sort(byText),
    ...(effect
      ? { effect: { ...effect, service: serviceOf(kind, name, leaves ? olds : news, step.oldState, owner) } }
      : {}),
    ...(target ? { targetNoun: target.noun } : {}),
    ...(owner === undefined ? {} : { owner }),
    unchangedAdoption: false,
    unfinished: operation === "update" && rows.length === 0 && pending,
    sharesVariables: role === "scope" || target?.deploys === false,
    redeploysReferrers: redeploys && variables.length > 0,
    waiting: waitingFor(operation === "update" && redeploys ? step.oldState : undefined, urns),
    // Dokploy never deletes the volumes of a stack, even if it is asked to.
    deletesVolumes: isDeleted && olds["deleteVolumes"] === true && olds["composeType"] !== "stack",
    ...(losesData(kind) && isDeleted ? { deletesFiles: filesOf(olds["source"]) } : {}),
    volumes: isDeleted ? volumesOf(kind, olds, step.oldState?.outputs ?? {}) : [],
    isProtected: state?.isProtected === true,
    leavesFormer: operation === "replace" && retained,
    isLost: isLost(step.oldState?.outputs ?? {}) && (operation === "replace" || leaves),
    ...(operation === "delete" && role === "variables" ? { moves: movesOf(step.urn, olds) } : {}),
  };
}

/** Returns the paths below `../files` that a compose file mounts; undefined where the plan does not show the file. */
function filesOf(source: unknown): string[] | undefined {
  if (!isRecord(source) || isSecret(source) || source["type"] !== "raw") return undefined;
  const file = source["composeFile"];
  return typeof file === "string" && !isSecret(file) ? mountedFiles(file).map(({ path }) => path) : undefined;
}

function effectFor(step: Step, kind: string, operation: Operation): Effect | undefined {
  const { olds, news } = comparable(
    step.oldState?.inputs ?? {},
    step.newState?.inputs ?? {},
    step.diff ?? {},
  );
  const makes = operation !== "update";
  return effectOf(kind, makes ? undefined : olds, news, step.oldState?.outputs["pending"]);
}

function byName(a: { name: string; urn: string }, b: { name: string; urn: string }): number {
  return byText(a.name, b.name) || byText(a.urn, b.urn);
}
