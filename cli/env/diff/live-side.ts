import { isRecord } from "../../../packages/values";
import type { Api } from "../../../provider/dokploy";
import { observe } from "../../../provider/engine";
import { looksSecret, readEnv } from "../../../provider/env";
import { isMarked } from "../../../provider/pulumi";
import {
  isId,
  isShared,
  kinds,
  notAnId,
  type Target,
  type TargetKind,
  traits,
} from "../../../provider/schema";
import { sharedService } from "../../../sdk/env-files";
import type { StateResource } from "../../stack";
import { UsageError } from "../../terminal";
import type { Host, Side, Value } from "./model";

/**
 * Reads one object from Dokploy.
 *
 * @throws UsageError when it does not exist; DokployError when the server does not respond
 */
export async function objectSide(label: string, kind: TargetKind, id: string, api: Api): Promise<Side> {
  if (!isId(id)) throw new UsageError(`The id of the ${traits[kind].noun} ${notAnId}.`);
  const found = await readObject(kind, id, api);
  if (found === undefined) {
    throw new UsageError(`Dokploy has no ${traits[kind].noun} ${id}, or this key cannot see it.`);
  }
  const variables = new Map(Object.entries(found.env).map(([key, text]) => [key, ofServer(text)]));
  const aliases = isShared(kind) ? [sharedService] : [];
  return { label, hosts: [{ name: found.name, aliases, variables }], isSingle: true };
}

/** Reads the resources of a stack as they are on the server now, and omits those that no longer exist there. */
export async function stackSide(label: string, resources: readonly StateResource[], api: Api): Promise<Side> {
  const hosts = await Promise.all(resources.map((resource) => hostOf(resource, api)));
  return { label, hosts: hosts.filter((host) => host !== undefined), isSingle: false };
}

async function hostOf(resource: StateResource, api: Api): Promise<Host | undefined> {
  const target = targetOf(resource);
  const { env, name: given, mode } = resource.inputs;
  if (target === undefined) return undefined;
  // Nobody keeps files for the shared variables of a project that the program does not manage.
  if (isShared(target.kind) && env === undefined) return undefined;
  const found = await readObject(target.kind, target.id, api);
  if (found === undefined) return undefined;
  // A map that is secret as a whole is exported as one secret: even its names are unknown.
  const applied = isRecord(env) && !isMarked(env) ? env : {};
  const variables = new Map<string, Value>();
  for (const [key, text] of Object.entries(found.env)) {
    // Values that the program gave in plain text are not secrets; any other value on the server may be one.
    const isPlain = Object.hasOwn(applied, key) && applied[key] === text && !looksSecret(key, text);
    // The program may mark a value as secret where nothing else does.
    const isSecret = isRecord(applied[key]);
    const origin = isPlain ? "plain" : isSecret ? "secret" : "server";
    variables.set(key, { kind: "known", text, origin });
  }
  return {
    name: resource.name,
    aliases: [given, found.name, isShared(target.kind) ? sharedService : undefined].filter(
      (alias) => typeof alias === "string",
    ),
    variables,
    ...(mode === "additive" ? { owned: new Set(Object.keys(applied)) } : {}),
    ...(env === undefined ? { unmanaged: true } : {}),
  };
}

function ofServer(text: string): Value {
  return { kind: "known", text, origin: "server" };
}

/** Returns the object whose variables a resource manages; undefined for a resource without variables. */
export function targetOf({ kind, id }: StateResource): { kind: TargetKind; id: string } | undefined {
  // The id of a block is `application/<applicationId>`.
  const [target = "", targetId] = kind === "EnvironmentBlock" ? id.split("/") : [kind.toLowerCase(), id];
  const known = kinds.find((each) => each === target);
  return known && targetId !== undefined ? { kind: known, id: targetId } : undefined;
}

/** Reads an object's variables in the form in which the program gives them; undefined when it does not exist. */
async function readObject(
  kind: TargetKind,
  id: string,
  api: Api,
): Promise<{ name: string; env: Record<string, string> } | undefined> {
  const host = await observe({ [`${kind}Id`]: id } as unknown as Target, api);
  return host && { name: host.name, env: readEnv(host.texts.env, host.rules.env) };
}
