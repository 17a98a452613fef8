import { isUnknown } from "../../../packages/values";
import { readEnv } from "../../env";
import type { Problem } from "../../errors";
import type { Context, NewScope, Planned, SharedScope } from "../../lifecycle";
import {
  type EnvInput,
  type Field,
  isDatabase,
  keyChanges,
  kindAndId,
  kindOf,
  type ServiceKind,
  type Target,
} from "../../schema";
import { type OnServer, onServer, problemsHere } from "../services/server-rules";
import { keysOf, previewOption, previewReferrers } from "../shared-variable-users/preview";
import { observe } from "../variable-targets/find";
import { isService, type Service, textKey } from "../variable-targets/host";
import {
  environmentProblems,
  outerVariables,
  previewReferencesIn,
} from "../variable-targets/reference-checks";
import { sharedOwner } from "./owners";

/** Inputs of an `EnvironmentBlock` that say where its variables go, and how. */
interface Block {
  target: Target;
  mode?: "exclusive" | "additive" | undefined;
  env?: unknown;
  redeployReferrers?: boolean | undefined;
}

/** Returns the project or environment to which a block gives variables; undefined for a service, or an unknown id. */
export function scopeOfBlock({ target }: { target?: unknown }): SharedScope | undefined {
  const known = knownTarget(target);
  return known?.kind === "project" || known?.kind === "environment"
    ? { kind: known.kind, id: known.id }
    : undefined;
}

/** Returns the kind of a project or environment to which a block gives variables, and which the run creates. */
export function newScopeOfBlock({ target }: { target?: unknown }): NewScope | undefined {
  const kind = knownTarget(target) ? undefined : kindOf(target);
  return kind === "project" || kind === "environment" ? { kind } : undefined;
}

/** Returns `application/<id>` of the service that a block deploys; undefined for shared variables. */
export function serviceOfBlock(inputs: { target?: unknown }): string | undefined {
  const known = knownService(inputs);
  return known && `${known.kind}/${known.id}`;
}

/** Returns the service that a block deploys; undefined for shared variables, or an unknown id. */
export function knownService({
  target,
}: {
  target?: unknown;
}): { kind: ServiceKind; id: string } | undefined {
  const { kind, id } = knownTarget(target) ?? {};
  if (kind === undefined || id === undefined || kind === "project" || kind === "environment")
    return undefined;
  return { kind, id };
}

/**
 * Checks the references in a block's variables and, for shared variables, the services that refer to them. Reads the
 * target only if there is anything to check.
 */
export async function previewBlock(
  inputs: Block,
  given: readonly EnvInput[],
  { id, changes }: Planned,
  context: Context,
): Promise<Problem[]> {
  const known = knownTarget(inputs.target);
  if (known === undefined) return [];
  if (known.kind === "project" || known.kind === "environment") {
    await previewSharedVariables(inputs, { ...(id === undefined ? {} : { id }), changes }, context);
    return known.kind === "environment" ? environmentProblems(inputs.env) : [];
  }
  const isShared = inputs.mode === "additive" || isDatabase(known.kind);
  const compose = known.kind === "compose" && given.length > 0 ? await observed() : undefined;
  const maps: OnServer[] = onServer(given, ({ target }) =>
    known.kind === "compose" ? compose?.rules.env : target,
  );
  const problems = await problemsHere(maps, compose?.stackFile, context);
  const unresolved = await previewReferencesIn(maps, isShared, context, async () => {
    const host = compose ?? (await observed());
    if (!host) return undefined;
    const others = (path: string) => {
      const text = host.texts[path as Field] ?? "";
      return path === "env" ? host.read(text) : text;
    };
    return {
      around: outerVariables(host.environment, context),
      maps: isShared
        ? maps.map((map) => ({
            ...map,
            others: others(map.path),
            givenByOthers: context.run.ownership.claimed(textKey(known.kind, known.id, map.path)),
          }))
        : maps,
    };
  });
  return [...problems, ...unresolved];

  async function observed(): Promise<Service | undefined> {
    const host = await observe(inputs.target, context.reads);
    return host && isService(host) ? host : undefined;
  }
}

async function previewSharedVariables(
  inputs: Block,
  { id, changes }: Planned,
  context: Context,
): Promise<void> {
  const planned = keysOf(changes);
  const isAsked = id !== undefined && changes.some(({ input }) => input === "redeployReferrers");
  if ((planned === undefined && !isAsked) || inputs.env === undefined) return;
  const host = await observe(inputs.target, context.reads);
  if (!host || isService(host)) return;
  if (isAsked) previewOption(sharedOwner(host, inputs), changes, context);
  if (planned === undefined) return;
  const live = readEnv(host.texts.env, "shared");
  const ofNew = keyChanges(live, inputs.env);
  const keys = id !== undefined ? planned : inputs.mode === "additive" ? { ...ofNew, removed: [] } : ofNew;
  await previewReferrers(sharedOwner(host, inputs), keys, context);
}

function knownTarget(target: unknown): ReturnType<typeof kindAndId> | undefined {
  if (kindOf(target) === undefined) return undefined;
  const known = kindAndId(target as Target);
  return isUnknown(known.id) ? undefined : known;
}
