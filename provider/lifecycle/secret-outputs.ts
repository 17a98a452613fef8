import { isDeepStrictEqual } from "node:util";
import { isRecord } from "../../packages/values";
import { CheckFailedError } from "../errors";
import { identityKey, secret, separate, unmarked } from "../pulumi";
import { isSecretOutput, Mapping } from "../schema";
import type { Entity } from "./entity";
import type { Step } from "./pipeline";
import { textsIn } from "./run/program-secrets";
import type { Run } from "./run/run";

type Values = Record<string, unknown>;

/**
 * Removes secrets from all results of the handlers of a kind: every problem, every error and the reasons in it.
 * Their other messages pass {@link Run.secrets} on the way to the engine. Outputs that are secret, or contain a secret,
 * are marked.
 */
export function secretOutputs(
  { kind, schema, outputs }: Pick<Entity<never, never>, "kind" | "schema" | "outputs">,
  { secrets, ownership: { holdings } }: Pick<Run, "secrets" | "ownership">,
): Step {
  const mapping = new Mapping(schema);
  /** Records the secrets of a state that no program reports. */
  const meet = (id: string, state: Values) => {
    const { [identityKey]: identity } = state;
    holdings.meet({ kind, id, ...(typeof identity === "string" ? { identity } : {}) });
    secrets.meet(state, mapping, () => holdings.secretsOf(kind, id).catch(() => undefined));
  };
  /**
   * Records values that only became known now: in a plan, an input may have been unknown. The marks came with the
   * check.
   */
  const know = (news: Values, olds?: Values) => secrets.report(news, undefined, mapping, olds);
  return {
    before({ handler, id, state, news }) {
      if (handler === "check") {
        const { inputs, secrets: marked } = separate(news);
        secrets.report(inputs, marked, mapping, state);
      } else if (handler === "create") know(news);
      else if (handler === "update") know(news, state);
      else if (handler === "read" || handler === "delete") meet(id, state);
      return undefined;
    },
    async after(answer, { handler, state, news }) {
      const { failures, outs, props } = answer;
      if (failures) {
        const { inputs } = separate(news);
        return { ...answer, failures: failures.map((failure) => secrets.hideIn(failure, inputs)) };
      }
      if (handler === "read" && props && quotes(props, state)) await secrets.learned();
      return {
        ...answer,
        ...(outs === undefined ? {} : { outs: sealed(outs) }),
        ...(props === undefined ? {} : { props: sealed(props) }),
      };
    },
    async failed(error, { handler, state, news }) {
      await secrets.learned();
      const hasNone = handler === "read" || handler === "delete";
      hideIn(error, hasNone ? state : handler === "check" ? separate(news).inputs : news);
      return undefined;
    },
  };

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
   * Marks secrets in outputs: Pulumi marks the inputs themselves, and knows nothing about values that contain them. It passes
   * the outputs of a state without their marks, so those that an update keeps need them too.
   */
  function sealed(values: Values): Values {
    const seal = (value: unknown): unknown => {
      if (typeof value === "string") return secrets.hide(value) === value ? value : secret(value);
      if (Array.isArray(value)) return value.map(seal);
      if (!isRecord(value) || unmarked(value) !== value) return value;
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, seal(inner)]));
    };
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => {
        if (isOwn(name)) return [name, value];
        const isSecret = isSecretOutput(outputs, name) && value !== undefined;
        return [name, isSecret ? secret(unmarked(value)) : seal(value)];
      }),
    );
  }
}
