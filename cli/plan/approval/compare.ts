import { byText, inWords, visible } from "../../../packages/text";
import { type PlanKey, parseUrn } from "../../../provider/pulumi";
import { writtenServer } from "../servers";
import { type Fingerprint, resourceHash, totalOf } from "./block";
import type { ChangeFacts, Facts, ResourceFacts } from "./facts";

/** One difference between the approved plan and the current plan. */
export interface Difference {
  /** Name of the resource in the program; undefined when the plan as a whole differs. */
  readonly resource?: string;
  readonly urn?: string;
  /** Path of the input: `env.LOG_LEVEL`. */
  readonly path?: string;
  /** The difference in words, which begin with neither resource nor path. */
  readonly text: string;
}

/** Returns the difference as one line. */
export function differenceLine({ resource, urn = "", path, text }: Difference): string {
  if (resource === undefined) return text;
  const { kind, type = "" } = parseUrn(urn) ?? {};
  return `${visible(resource)} (${visible(kind ?? type)}): ${path === undefined ? "" : `${visible(path)} `}${text}`;
}

/** Lists how the current plan differs from the approved one, sorted by resource; empty when they are the same. */
export function differences(approved: Fingerprint, now: Facts, key: PlanKey): Difference[] {
  if (approved.total === totalOf(now, key)) return [];
  const found: Difference[] = [];
  if (approved.server !== now.server) {
    found.push({
      text: `The plan is for ${serverText(now.server)}; the approved one was for ${serverText(approved.server)}.`,
    });
  }
  if (approved.resources === undefined) {
    found.push({ text: "The plan differs. The fingerprint was too long for the names of what differs." });
    return found;
  }
  const urns = new Set([...Object.keys(approved.resources), ...Object.keys(now.resources)]);
  for (const urn of [...urns].sort(byName)) {
    const about = { resource: parseUrn(urn)?.name ?? urn, urn };
    const [was, is] = [approved.resources[urn], now.resources[urn]];
    for (const difference of resourceDifferences(urn, was, is, key)) found.push({ ...about, ...difference });
  }
  // The hash of the whole plan decides, also if something has no words.
  return found.length > 0 ? found : [{ text: "The plan differs." }];
}

type Part = Pick<Difference, "path" | "text">;

function resourceDifferences(
  urn: string,
  was: ResourceFacts | string | undefined,
  is: ResourceFacts | undefined,
  key: PlanKey,
): Part[] {
  if (was === undefined) {
    return is === undefined
      ? []
      : [{ text: `${operations[is.operation]} now; in the approved plan it stays as it is` }];
  }
  if (is === undefined) {
    const what = typeof was === "string" ? "changes" : operations[was.operation];
    return [{ text: `stays as it is now; in the approved plan it ${what}` }];
  }
  if (typeof was === "string") {
    if (was === resourceHash(urn, is, key)) return [];
    return [{ text: "differs; the fingerprint was too long for the names of its inputs" }];
  }
  if (was.operation !== is.operation) {
    return [
      { text: `${operations[is.operation]} now; in the approved plan it ${operations[was.operation]}` },
    ];
  }
  const parts = [
    ...serverDifferences(was, is),
    ...formerDifferences(was, is),
    ...changeDifferences(was.changes, is.changes),
    ...baseDifferences(was.base, is.base),
  ];
  if (effectText(was) !== effectText(is)) {
    parts.push({
      text: `is now followed by ${effectText(is)}; in the approved plan by ${effectText(was)}`,
    });
  }
  // Each input that the plan shows is the same, and so are all at the start.
  if (parts.length === 0 && was.result !== is.result) {
    parts.push({ text: "has an input that differs from the approved plan and that the plan does not show" });
  }
  if (parts.length === 0) parts.push(...secretDifferences(was, is));
  return parts;
}

function serverDifferences(was: ResourceFacts, is: ResourceFacts): Part[] {
  const name = ({ server = writtenServer(undefined, String) }: ResourceFacts) => server;
  if (was.server !== is.server)
    return [{ text: `goes to ${name(is)} now; in the approved plan to ${name(was)}` }];
  if (was.provider === is.provider) return [];
  return [{ text: `goes to ${name(is)}, but in the approved plan this name is that of another provider` }];
}

function formerDifferences({ keepsFormer: was }: ResourceFacts, { keepsFormer: is }: ResourceFacts): Part[] {
  if (was === is) return [];
  const fate = (isKept = false) => (isKept ? "is kept" : "is deleted");
  return [
    { text: `is replaced, and the former object ${fate(is)} now; in the approved plan it ${fate(was)}` },
  ];
}

const operations = {
  create: "is created",
  adopt: "is adopted",
  update: "is updated",
  replace: "is replaced",
  release: "is let go",
  delete: "is deleted",
} as const;

const kinds = {
  add: "is added",
  update: "is changed",
  delete: "is removed",
  keep: "stays as it is",
} as const;

function changeDifferences(was: ResourceFacts["changes"], is: ResourceFacts["changes"]): Part[] {
  const paths = new Set([...Object.keys(was), ...Object.keys(is)]);
  return [...paths].sort(byText).flatMap((path): Part[] => {
    const text = changeText(own(was, path), own(is, path));
    return text === undefined ? [] : [{ path, text }];
  });
}

function changeText(was: ChangeFacts | undefined, is: ChangeFacts | undefined): string | undefined {
  const before = was?.[0] ?? "keep";
  const after = is?.[0] ?? "keep";
  if (before !== after) return `${kinds[after]} now; in the approved plan it ${kinds[before]}`;
  return was?.[1] === is?.[1] ? undefined : "gets a value that differs from the approved plan";
}

function baseDifferences(was: ResourceFacts["base"], is: ResourceFacts["base"]): Part[] {
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter((name) => own(was, name) !== own(is, name))
    .sort(byText);
  if (names.length === 0) return [];
  return [{ text: `was changed after the plan was approved: its state differs in ${inWords(names, "and")}` }];
}

/** Compares the inputs with the values of their secrets, which alone can differ. */
function secretDifferences({ sealed: was }: ResourceFacts, { sealed: is, operation }: ResourceFacts): Part[] {
  if (was === undefined && is === undefined) return [];
  if (was === undefined || is === undefined) {
    const which = was === undefined ? "approved plan" : "current plan";
    return [
      { text: `cannot be compared in full: the preview for the ${which} ran without DOKPLOY_PLAN_KEY` },
    ];
  }
  // The id in the adoption file is not an input, but counts as one.
  const unlike = operation === "adopt" ? "adopts an object or gets a secret" : "gets a secret";
  const [before, after] = [was[0] === is[0], was[1] === is[1]];
  return [
    ...(before ? [] : [{ text: "was changed after the plan was approved: a secret in its state differs" }]),
    ...(after ? [] : [{ text: `${unlike} that differs from the approved plan` }]),
  ];
}

function own<T>(values: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function effectText({ effect }: ResourceFacts): string {
  if (effect === undefined) return "nothing";
  const noun = { deploy: "deployment", redeploy: "new build", reload: "reload" }[effect.action];
  return { always: `a ${noun}`, differs: `a ${noun} if Dokploy differs`, held: `no ${noun} (deploy: false)` }[
    effect.when
  ];
}

function serverText(server: string | undefined): string {
  return server ?? "a server that it does not name";
}

function byName(a: string, b: string): number {
  return byText(parseUrn(a)?.name ?? a, parseUrn(b)?.name ?? b) || byText(a, b);
}
