import { isRecord } from "../../packages/values";
import { at, compile, inArm, type MappedField, pathText, put } from "../schema";
import type { Entity } from "./entity";
import type { Step } from "./pipeline";

type Values = Record<string, unknown>;
type Kind = Pick<Entity<never, never>, "schema" | "relation">;

/**
 * Key that an import adds to the inputs, until a program has given them, and to the state, until an update has saved
 * them. In the state, it has the inputs that the shortest program leaves out, such as those with a default. Pulumi shows
 * no name that begins like this.
 */
export const importedKey = "__imported";

/**
 * Returns a state as the handlers see it. The state of an import has everything that Dokploy shows; of that, a program
 * manages what it gives, so that the rest is neither compared nor reset. An option without a place in Dokploy, and an
 * input that Dokploy never shows, count as given before.
 *
 * @param inputs inputs in the state
 * @param news inputs of the program; undefined for a read or a deletion
 */
export function managed({ schema, relation }: Kind, state: Values, inputs: Values, news?: Values): Values {
  const { [importedKey]: others, ...own } = state;
  const programs = [...(importedKey in inputs ? [] : [inputs]), ...(news ? [news] : [])];
  if (!isRecord(others) || programs.length === 0) return own;
  const kept = Object.fromEntries(Object.entries(own).filter(([name]) => !(name in schema.shape)));
  const isPart = relation === "part" && programs.some(({ mode }) => mode === "additive");
  for (const leaf of compile(schema, [], undefined)) {
    const given = programs
      .filter((program) => inArm(leaf, program))
      .map((program) => at(program, leaf.path))
      .filter((value) => value !== undefined);
    if (given.length === 0) continue;
    const live = at(own, leaf.path) ?? at(others, leaf.path) ?? (isShown(leaf) ? undefined : given[0]);
    put(kept, leaf.path, isPart && leaf.env ? ownKeys(live, given) : live);
  }
  return kept;
}

/** Returns the variables of a text that have one of the given names. */
function ownKeys(live: unknown, given: readonly unknown[]): unknown {
  if (!isRecord(live)) return live;
  const names = new Set(given.flatMap((map) => (isRecord(map) ? Object.keys(map) : [])));
  return Object.fromEntries(Object.entries(live).filter(([name]) => names.has(name)));
}

/** True when Dokploy shows the value of an input, or the parts that it lists. */
function isShown({ column, writeOnly = false, each }: MappedField): boolean {
  return each !== undefined || (column !== undefined && !writeOnly);
}

/**
 * Shows the handlers what a program manages of an imported state, also where Pulumi does not say which inputs the state
 * has. The check of imported inputs, which Pulumi turns into code, does not refuse that they lack what Dokploy never
 * shows.
 *
 * @param report reports these inputs, for a person who has to add them
 */
export function managingImports(
  kind: Kind,
  report: (inputs: Values, hidden: readonly string[]) => void,
): Step {
  const secrets = compile(kind.schema, [], undefined).filter(({ writeOnly }) => writeOnly);
  const mark = { [importedKey]: true };
  return {
    before(call) {
      const { handler, state } = call;
      const { [importedKey]: _, ...news } = call.news;
      const isCompared = handler === "diff" || handler === "update";
      return { ...call, news, state: managed(kind, state, mark, isCompared ? news : undefined) };
    },
    after(answer, { handler, state, news }) {
      if (handler === "read" && importedKey in state && answer.props) {
        const { [importedKey]: others } = state;
        const inputs = { ...answer.inputs, ...mark };
        return { ...answer, inputs, props: { ...answer.props, [importedKey]: others } };
      }
      if (handler !== "check" || !(importedKey in news)) return answer;
      const hidden = secrets
        .filter((leaf) => inArm(leaf, news) && at(news, leaf.path) === undefined)
        .map(({ path }) => pathText(path));
      if (hidden.length > 0) report(news, hidden);
      const failures = answer.failures?.filter(({ property }) => !hidden.includes(property));
      return { ...answer, inputs: { ...answer.inputs, ...mark }, ...(failures && { failures }) };
    },
  };
}
