import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { OneOffTarget } from "../../deploy";
import { type Api, type ApplicationRow, Companions, DokployError, ifFound } from "../../dokploy";
import type { Context, Run } from "../../lifecycle";
import { hasNothing } from "../adoption/claim";
import { isAmbiguous } from "../adoption/naming";
import type { ReleaseCommand } from "./command";

/** A mount, as Dokploy's call for a new one takes it. */
export interface MountColumns {
  readonly type: "bind" | "volume" | "file";
  readonly mountPath: string;
  readonly hostPath?: string | null | undefined;
  readonly volumeName?: string | null | undefined;
  readonly filePath?: string | null | undefined;
  readonly content?: string | null | undefined;
}

/** A companion in Dokploy; see {@link Companions} for what may be done with it. */
export interface Found {
  readonly id: string;
  /** Id of the service whose command it runs. */
  readonly of: string;
  readonly subject: string;
  readonly isOwn: boolean;
}

/** Service whose companions are meant, and the environments in which it may have some. */
export interface Wanting {
  readonly id: string;
  readonly environmentIds: readonly string[];
  /** Word in its state, with which it signs companions. */
  readonly releaseWord?: string | undefined;
}

/** A companion to create. */
export interface Wanted {
  /** Application whose command it runs. */
  readonly of: Wanting & { readonly name: string; readonly environmentId: string };
  readonly command: ReleaseCommand;
  /** Columns of that application, with the changes that are about to be saved. */
  readonly columns: Partial<ApplicationRow>;
  readonly mounts: readonly MountColumns[];
}

/**
 * Columns of the service that its command needs too. Domains, ports, labels, replicas and the health check are left out:
 * they would lead requests to the command, or end it.
 */
const SHARED = [
  ...["dockerImage", "registryUrl", "username", "password", "env"],
  ...["memoryReservation", "memoryLimit", "cpuReservation", "cpuLimit"],
  ...["placementSwarm", "ulimitsSwarm", "stopGracePeriodSwarm", "networkIds", "detachDokployNetwork"],
] as readonly (keyof ApplicationRow)[];

/** Finds the companions of a service. */
export async function companionsOf(of: Wanting, api: Api): Promise<Found[]> {
  const { id, environmentIds, releaseWord } = of;
  const environments = [...new Set(environmentIds)];
  const rows = await Promise.all(environments.map((environmentId) => environmentOf(environmentId, api)));
  const companions = new Companions(api, releaseWord);
  return rows.flatMap((row) => companionsListed(row, companions)).filter((found) => found.of === id);
}

async function environmentOf(environmentId: string, api: Pick<Api, "call">): Promise<object> {
  return (await ifFound(api.call("environment.one", { environmentId }))) ?? {};
}

/** Returns the companions in the row of an environment. */
export function companionsListed(environment: object, companions: Companions): Found[] {
  const { applications = [] } = environment as {
    applications?: readonly Readonly<Record<string, unknown>>[];
  };
  return applications.flatMap((row) => {
    const companion = companions.read(row);
    return companion ? [{ id: String(row["applicationId"]), ...companion }] : [];
  });
}

/** Companion, whose containers show the end of its command. */
export interface CompanionTarget extends OneOffTarget {
  /** True when it runs this command in the image of a service with these columns, and with its variables if they matter. */
  runs(command: ReleaseCommand, columns: Wanted["columns"]): boolean;
}

/** Reads a companion; undefined when it is gone. */
export async function readCompanion(
  id: string,
  api: Pick<Api, "call">,
): Promise<CompanionTarget | undefined> {
  const row = await ifFound(api.call("application.one", { applicationId: id }));
  return (
    row && {
      ...{ kind: "application", id, name: row.name, appName: row.appName, serverId: row.serverId },
      runs: ({ columns, onVariables }, { dockerImage, env }) =>
        row.dockerImage === dockerImage &&
        row.command === columns.command &&
        isDeepStrictEqual(row.args, columns.args) &&
        (!onVariables || (row.env ?? "") === (env ?? "")),
    }
  );
}

/** Returns the name of a companion in Dokploy. */
export function companionName({ name }: Wanted["of"]): string {
  return `release of ${name}`;
}

/**
 * Creates a companion with the image, variables, networks and mounts of its service, and does not start it. Its name in
 * Docker does not begin with that of the service: Dokploy finds containers by the beginnings of their names.
 */
export async function createCompanion(wanted: Wanted, api: Api): Promise<CompanionTarget> {
  const { of, columns, command, mounts } = wanted;
  const companions = new Companions(api, of.releaseWord);
  const id = await make(wanted, companions, api);
  try {
    const { networkSwarm } = columns;
    await api.call("application.update", {
      applicationId: id,
      ...Object.fromEntries(SHARED.flatMap((name) => (columns[name] == null ? [] : [[name, columns[name]]]))),
      // With the aliases of the service, requests to it would reach the command.
      ...(networkSwarm ? { networkSwarm: networkSwarm.map(({ Aliases: _, ...network }) => network) } : {}),
      ...command.columns,
      description: companions.text(of.id, id),
      sourceType: "docker",
      replicas: 1,
      autoDeploy: false,
      restartPolicySwarm: { Condition: "none" },
      healthCheckSwarm: { Test: ["NONE"] },
    });
    for (const { type, mountPath, hostPath, volumeName, filePath, content } of mounts) {
      await api.call("mounts.create", {
        ...{ type, mountPath, serviceType: "application", serviceId: id },
        ...(type === "bind" ? { hostPath: hostPath ?? null } : {}),
        ...(type === "volume" ? { volumeName: volumeName ?? null } : {}),
        ...(type === "file" ? { filePath: filePath ?? null, content: content ?? "" } : {}),
      });
    }
    const target = await readCompanion(id, api);
    if (target === undefined) throw new Error(`the application "${companionName(of)}" was removed meanwhile`);
    return target;
  } catch (error) {
    // Nothing has started: if this fails too, the next run removes it.
    await removeCompanion({ id, isOwn: true }, api).catch(() => {});
    throw error;
  }
}

/**
 * Creates the application. If the response is lost, the one that has the random text of this creation is ours, unless there is a
 * second one or it has anything: whoever saw the text may have given it to an application with data.
 */
async function make({ of, columns }: Wanted, companions: Companions, api: Api): Promise<string> {
  const { serverId } = columns;
  const subject = randomBytes(16).toString("hex");
  try {
    const { applicationId } = await api.call("application.create", {
      name: companionName(of),
      appName: "release",
      description: companions.text(of.id, subject),
      environmentId: of.environmentId,
      sourceType: "docker",
      ...(serverId == null ? {} : { serverId }),
    });
    return applicationId;
  } catch (error) {
    if (!isAmbiguous(error)) throw error;
    const found = companionsListed(await environmentOf(of.environmentId, api), companions);
    const [made, ...others] = found.filter((companion) => companion.subject === subject);
    if (made === undefined || others.length > 0 || !(await isEmpty(made.id, api))) throw error;
    return made.id;
  }
}

/** True for an application with nothing but its creation; false for one that is gone. */
async function isEmpty(applicationId: string, api: Pick<Api, "call">): Promise<boolean> {
  const row = await ifFound(api.call("application.one", { applicationId }));
  return row !== undefined && row.sourceType === "docker" && !row.dockerImage && hasNothing(row);
}

/** Removes a companion with its container. Without a signature for its own id, it is removed only while it has nothing. */
export async function removeCompanion(
  { id, isOwn }: Pick<Found, "id" | "isOwn">,
  api: Pick<Api, "call">,
): Promise<void> {
  if (!isOwn && !(await isEmpty(id, api))) return;
  await ifFound(api.call("application.delete", { applicationId: id }));
}

/** Removes all companions of a service. */
export async function removeCompanions(of: Wanting, api: Api): Promise<void> {
  for (const found of await companionsOf(of, api)) await removeCompanion(found, api);
}

/** Environments that each run read before its first deletion. */
const left = new WeakMap<Run, Map<string, Promise<object>>>();

/**
 * Removes all companions of a service that is about to be deleted. Its state need not name a release command: a run may have
 * been killed while the first one ran. The services that a run deletes are never those whose commands it starts, so each
 * environment is read once.
 */
export async function removeLeft(of: Wanting, { api, run }: Pick<Context, "api" | "run">): Promise<void> {
  const known = left.get(run) ?? new Map<string, Promise<object>>();
  left.set(run, known);
  const companions = new Companions(api, of.releaseWord);
  for (const environmentId of of.environmentIds) {
    const read = known.get(environmentId) ?? environmentOf(environmentId, api).catch(noneIfForbidden);
    known.set(environmentId, read);
    for (const found of companionsListed(await read, companions))
      if (found.of === of.id) await removeCompanion(found, api);
  }
}

/** A key that may not see an environment has started no command in it. */
function noneIfForbidden(error: unknown): object {
  if (error instanceof DokployError && error.kind === "forbidden") return {};
  throw error;
}
