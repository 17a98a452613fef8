import { isDeepStrictEqual } from "node:util";
import { CheckFailedError } from "../errors/problem";
import { apart } from "../pulumi/identity";
import { secret, unmarked } from "../pulumi/secret";
import { isRecord } from "../pulumi/unknown";
import type { Claims } from "../run/claims";
import { textsIn } from "../run/program-secrets";
import { Mapping } from "../schema/mapping";
import type { Definition } from "./definition";
import type { Handlers } from "./handlers";

type Values = Record<string, unknown>;

/**
 * Removes secrets from all results of the handlers of a kind: every problem, every error and the reasons in it.
 * Their other messages pass {@link Claims.secrets} on the way to the engine. Outputs that contain a secret are
 * marked as secret.
 */
export function hiding(
  { kind, schema }: Pick<Definition<never, never>, "kind" | "schema">,
  all: Handlers,
  { secrets, holdings }: Pick<Claims, "secrets" | "holdings">,
): Handlers {
  const mapping = new Mapping(schema);
  /** Records the secrets of a state that no program reports. */
  const meet = (id: string, state: Values) =>
    secrets.meet(state, mapping, () => holdings.secretsOf(kind, id).catch(() => undefined));
  /**
   * Records values that only became known now: in a plan, an input may have been unknown. The marks came with the
   * check.
   */
  const know = (news: Values, olds?: Values) => secrets.tell(news, undefined, mapping, olds);
  return {
    async check(olds, given) {
      const { inputs, secrets: marked } = apart(given);
      secrets.tell(inputs, marked, mapping, olds);
      const { inputs: checked, failures } = await quietly(inputs, all.check(olds, given));
      return { inputs: checked, failures: failures.map((failure) => secrets.hideIn(failure, inputs)) };
    },
    diff: (id, olds, news) => quietly(news, all.diff(id, olds, news)),
    async create(news) {
      know(news);
      const { id, outs } = await quietly(news, all.create(news));
      return { id, outs: sealed(outs) };
    },
    async read(id, state) {
      meet(id, state);
      const found = await quietly(state, all.read(id, state));
      if (found.props === undefined) return found;
      if (quotes(found.props, state)) await secrets.learned();
      return { ...found, props: sealed(found.props) };
    },
    async update(id, olds, news) {
      know(news, olds);
      const { outs } = await quietly(news, all.update(id, olds, news));
      return { outs: sealed(outs) };
    },
    async delete(id, state) {
      meet(id, state);
      await quietly(state, all.delete(id, state));
    },
  };

  async function quietly<T>(inputs: Values, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      await secrets.learned();
      if (error instanceof Error) hideIn(error, inputs);
      throw error;
    }
  }

  /** Hides secrets in the parts of an error that Pulumi prints, or keeps for an object that was created. */
  function hideIn(error: Error & { reasons?: unknown; properties?: unknown }, inputs: Values): void {
    const hide = (text: string) => secrets.hide(text);
    if (error instanceof CheckFailedError) {
      // In place, since an inspected error shows them too.
      error.problems.splice(0, Infinity, ...error.problems.map((problem) => secrets.hideIn(problem, inputs)));
      error.message = new CheckFailedError(error.problems).message;
    } else error.message = hide(error.message);
    if (error.stack !== undefined) error.stack = hide(error.stack);
    if (Array.isArray(error.reasons)) error.reasons = error.reasons.map((reason) => hide(String(reason)));
    if (isRecord(error.properties)) error.properties = sealed(error.properties);
  }

  /**
   * True when an output that differs from the state contains a text of the state. For equal names, Pulumi keeps the
   * mark.
   */
  function quotes(values: Values, state: Values): boolean {
    const texts = textsIn(state);
    return Object.entries(values).some(([name, value]) => {
      if (isOwn(name) || isDeepStrictEqual(unmarked(value), state[name])) return false;
      return textsIn(value).some((text) => secrets.hide(text, texts) !== text);
    });
  }

  function isOwn(name: string): boolean {
    return name in schema.shape || name.startsWith("__");
  }

  /**
   * Marks secrets in outputs: Pulumi marks the inputs themselves, and knows nothing about values that contain them.
   */
  function sealed(values: Values): Values {
    const seal = (value: unknown): unknown => {
      if (typeof value === "string") return secrets.hide(value) === value ? value : secret(value);
      if (Array.isArray(value)) return value.map(seal);
      if (!isRecord(value) || unmarked(value) !== value) return value;
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, seal(inner)]));
    };
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, isOwn(name) ? value : seal(value)]),
    );
  }
}
