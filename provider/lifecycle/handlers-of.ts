import { visibleLines } from "../../packages/text";
import type { Values } from "../../packages/values";
import { listingVariable } from "../dokploy";
import { UserError } from "../errors";
import {
  currentRow,
  type Engine,
  identityKey,
  PlanKey,
  parseUrn,
  type Report,
  separate,
  withoutTrace,
} from "../pulumi";
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
import { trusting } from "./trusting";
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
  /** Adds a call to the trace of the run. */
  readonly span: Engine["span"];
  /** Waits until Pulumi has all messages and spans. */
  readonly delivered: () => Promise<void>;
}

/** The steps that each call passes, from Pulumi to the handlers of a kind. */
function stepsOf(entity: Entity<never, never>, claims: () => ClaimFacts, host: Process): Step[] {
  const { run, inform, server } = host;
  const key = PlanKey.from(process.env);
  return [
    ...(key === undefined ? [] : [planFingerprint(key, run, inform)]),
    ...(isListing() ? [onlyListing] : []),
    quiet,
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
  const { run, isServerKnown, connected, span, delivered } = host;
  let made: Handlers | undefined;
  const all = () => {
    const asked = isServerKnown() && !isListing() ? entity : withoutServer(entity);
    made ??= lifecycle(asked, connected, run, stepsOf(entity, claims, host));
    return made;
  };
  const { kind } = entity;
  /** Runs a call as a span. Messages and spans arrive before the result, after which Pulumi may end the process. */
  const called = async <T>(handler: keyof Handlers, values: Values, work: () => Promise<T>): Promise<T> => {
    const name = nameOf(values, run);
    const facts = { "dokploy.kind": kind, ...(name === undefined ? {} : { "dokploy.resource": name }) };
    try {
      return await span(`${handler} ${kind}${name === undefined ? "" : ` ${name}`}`, facts, work);
    } finally {
      await delivered();
    }
  };
  return {
    check: (olds, news) => called("check", news, () => all().check(olds, news)).catch(asProblem(news)),
    diff: (id, olds, news) => called("diff", news, () => all().diff(id, olds, news)),
    create: (news) => called("create", news, () => all().create(news)),
    read: (id, state) => called("read", state, () => all().read(id, state)),
    import: (id) => called("import", {}, () => all().import(id)),
    update: (id, olds, news) => called("update", news, () => all().update(id, olds, news)),
    delete: (id, state) => called("delete", state, () => all().delete(id, state)),
  };
}

/** Returns the name of a resource in the program, as far as its call or an earlier one says it. */
function nameOf(values: Values, { rows }: Run): string | undefined {
  const { inputs, urn } = separate(values);
  return parseUrn(currentRow() ?? urn ?? rows.get(String(inputs[identityKey])) ?? "")?.name;
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

/** True in a preview that only lists the resources of a program. */
function isListing(): boolean {
  return process.env[listingVariable] === "true";
}

const applying: ReadonlySet<string> = new Set(["create", "update", "delete"]);

/** Refuses what a preview never does: without its checks with the server, a run would create objects twice. */
const onlyListing: Step = {
  before({ handler }) {
    if (!applying.has(handler)) return undefined;
    throw new UserError(
      `${listingVariable} is for previews of pulumi-dokploy adopt: unset it for an update.`,
    );
  },
};

/** Shows a person only the message of an expected error. */
const quiet: Step = {
  failed(error) {
    makeVisible(error);
    // Bugs of this package keep their stack trace, which a bug report needs.
    return error instanceof UserError ? withoutTrace(error) : undefined;
  },
};

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
