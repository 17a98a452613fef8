import { readEnv } from "../../env";
import type { Context, State } from "../../lifecycle";
import type { StackResource } from "../../pulumi";
import {
  type Change,
  type Field,
  kinds,
  type Mapping,
  type Target,
  type TargetKind,
  targetOf,
  textFields,
} from "../../schema";
import {
  type Agreeing,
  type Foreign,
  ForeignVariablesError,
  previewLostVariables,
  refuseForeign,
} from "../adoption/foreign";
import { observe } from "./find";
import type { VariableTarget } from "./host";

/**
 * Looks in a plan for variables of an object that somebody else set, and that the update would remove. Its replacement
 * removes them too, which is only a warning.
 *
 * @param path `application/<id>`
 * @returns the variables that are removed, if the program agrees
 * @throws CheckFailedError if it does not
 */
export async function previewForeign<Inputs extends Agreeing>(
  path: string,
  label: string,
  row: object,
  olds: State<object, object>,
  inputs: Inputs,
  changes: readonly Change[],
  mapping: Mapping,
  context: Context,
): Promise<Foreign[]> {
  const { warn } = context;
  if (changes.some(({ replace }) => replace)) {
    previewLostVariables(label, row, olds, inputs, mapping, warn);
    return [];
  }
  return await namingOthers(path, context, () => refuseForeign(label, row, olds, inputs, mapping, warn));
}

/**
 * Runs a check of a plan. If it refuses variables that somebody else set or removed, the error also names all other
 * objects of the stack with such variables: Pulumi ends the plan with the first error, so the others would each need
 * another plan.
 *
 * @param path object that is checked: `application/<id>`
 */
export async function namingOthers<Result>(
  path: string,
  context: Pick<Context, "reads" | "run">,
  check: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof ForeignVariablesError)) throw error;
    const others = await othersIn(path, context);
    if (others.length === 0) throw error;
    const reason =
      "other objects of this stack have variables that somebody else set or removed, too, as far as their names show: " +
      `${others.join("; ")}. A plan that changes the variables of one of them ends in the same way`;
    throw new ForeignVariablesError([...error.problems, { property: "", reason }]);
  }
}

async function othersIn(path: string, { reads, run }: Pick<Context, "reads" | "run">): Promise<string[]> {
  const holders = new Map<string, StackResource[]>();
  for (const resource of await run.ownership.holdings.withVariables()) {
    const kind = targetOf(resource.kind);
    const its = resource.kind === "EnvironmentBlock" ? resource.id : `${kind}/${resource.id}`;
    if (its !== path) holders.set(its, [...(holders.get(its) ?? []), resource]);
  }
  const found = [...holders].map(async ([its, resources]) => {
    const target = targetAt(its);
    // Only names for the message: an object that cannot be read has none.
    const host = target && (await observe(target, reads).catch(() => undefined));
    const names = host ? textFields.flatMap((field) => foreignNames(host, field, resources)) : [];
    return host && names.length > 0 ? [`${host.label}: ${names.join(", ")}`] : [];
  });
  return (await Promise.all(found)).flat();
}

function targetAt(path: string): Target | undefined {
  const [kind = "", id = ""] = path.split("/");
  return kinds.includes(kind as TargetKind) ? ({ [`${kind}Id`]: id } as unknown as Target) : undefined;
}

/** Returns the names in which a text and the resources that give it differ, as far as the state shows names. */
function foreignNames(host: VariableTarget, field: Field, resources: readonly StackResource[]): string[] {
  const givers = resources.filter(({ variables }) => variables[field] !== undefined);
  if (givers.length === 0 || givers.some(({ names }) => names?.[field] === undefined)) return [];
  const given = new Set(givers.flatMap(({ names }) => names?.[field] ?? []));
  const live = readEnv(host.texts[field] ?? "", host.rules[field]);
  const isWhole = givers.some(({ variables }) => variables[field] === "all");
  const added = isWhole ? Object.keys(live).filter((name) => !given.has(name)) : [];
  return [...added, ...[...given].filter((name) => !Object.hasOwn(live, name))];
}
