import { visibleLines } from "../../packages/text";
import { UserError } from "../errors";
import { PlanKey, type Report, refuseForeign, withoutTrace } from "../pulumi";
import type { Context } from "./context";
import type { Entity } from "./entity";
import { lifecycle } from "./handlers";
import { onServer } from "./on-server";
import { ownershipStep } from "./ownership-step";
import type { Handlers, Step } from "./pipeline";
import { planFingerprint } from "./plan-fingerprint";
import type { ClaimFacts } from "./run/claims";
import type { Run } from "./run/run";
import { secretOutputs } from "./secret-outputs";
import { withoutServer } from "./without-server";

/** Parts of the process that the handlers use. */
export interface Process {
  readonly run: Run;
  /** Notices of the plan. */
  readonly inform: Report;
  /** False while a preview does not know the settings of the server. */
  readonly isServerKnown: () => boolean;
  /** @throws SettingsError when a setting is missing or malformed */
  readonly connected: () => Context;
  /** Returns the server of the settings, without the need of a key. */
  readonly server: () => Context["server"];
  /** Waits until Pulumi has all messages. */
  readonly delivered: () => Promise<void>;
}

/** The steps that each call passes, from Pulumi to the handlers of a kind. */
function stepsOf(entity: Entity<never, never>, claims: () => ClaimFacts, host: Process): Step[] {
  const { run, inform, server, delivered } = host;
  const key = PlanKey.from(process.env);
  return [
    // Messages arrive before the result, after which Pulumi may end the process.
    { ended: delivered },
    ...(key === undefined ? [] : [planFingerprint(key, inform)]),
    quiet(entity.kind),
    namesOnly,
    secretOutputs(entity, run),
    trusting(entity.kind),
    onServer(entity.kind, server),
    ownershipStep(entity, claims(), run),
  ];
}

/**
 * Returns the handlers of a kind. They are created at their first call: Pulumi passes the settings, on which they depend,
 * before that.
 *
 * @param claims returns the claims of the kind in a run
 */
export function handlersOf(entity: Entity<never, never>, claims: () => ClaimFacts, host: Process): Handlers {
  const { run, isServerKnown, connected } = host;
  let made: Handlers | undefined;
  const all = () => {
    const asked = isServerKnown() ? entity : withoutServer(entity);
    made ??= lifecycle(asked, connected, run, stepsOf(entity, claims, host));
    return made;
  };
  return {
    check: (olds, news) => all().check(olds, news).catch(asProblem(news)),
    diff: (id, olds, news) => all().diff(id, olds, news),
    create: (news) => all().create(news),
    read: (id, state) => all().read(id, state),
    import: (id) => all().import(id),
    update: (id, olds, news) => all().update(id, olds, news),
    delete: (id, state) => all().delete(id, state),
  };
}

/**
 * Returns problems without property names. Next to the name, Pulumi prints the property's value: secrets inside a map,
 * or an empty `{<nil>}` for a key of it. So the text of a problem names its property instead.
 */
const namesOnly: Step = {
  after: ({ failures, ...answer }) => ({
    ...answer,
    ...(failures && {
      failures: failures.map(({ property, reason }) => ({
        property: "",
        reason: visibleLines(property === "" ? reason : `${property}: ${reason}`),
      })),
    }),
  }),
};

/** Refuses states whose text names handlers other than these. */
function trusting(kind: string): Step {
  return {
    before({ state }) {
      refuseForeign(kind, state);
      return undefined;
    },
  };
}

/** Shows a person only the message of an expected error. */
const quiet = (kind: string): Step => ({
  failed(error) {
    makeVisible(error);
    // Bugs of this package keep their stack trace, which a bug report needs.
    return error instanceof UserError ? withoutTrace(error, kind) : undefined;
  },
});

/** Returns an expected error of a check as a problem, since Pulumi prints a second line for a thrown one. */
const asProblem =
  (inputs: Record<string, unknown>) =>
  (error: Error): Awaited<ReturnType<Handlers["check"]>> => {
    if (error instanceof Error) throw error;
    return { inputs, failures: [{ property: "", reason: (error as Error).message }] };
  };

/** Makes the parts of an error that Pulumi prints safe: message, stack, and the reasons of a partial failure. */
function makeVisible(error: Error & { reasons?: unknown }): void {
  error.message = visibleLines(error.message);
  if (error.stack !== undefined) error.stack = visibleLines(error.stack);
  if (Array.isArray(error.reasons))
    error.reasons = error.reasons.map((reason) => visibleLines(String(reason)));
}
