import type { OneOffTarget } from "../../deploy";
import { type Api, type ApplicationRow, companions, DokployError, ifFound } from "../../dokploy";
import type { Context, Run } from "../../lifecycle";
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

/** An application that runs a release command, as it is in Dokploy. */
export interface Found {
  readonly id: string;
  /** Id of the service whose command it runs. */
  readonly of: string;
  readonly environmentId: string;
  readonly fingerprint: string;
}

/** A companion to create. */
export interface Wanted {
  /** Application whose command it runs. */
  readonly of: { readonly id: string; readonly name: string; readonly environmentId: string };
  readonly fingerprint: string;
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

/** Finds the applications that run commands of a service. */
export async function companionsOf(
  serviceId: string,
  environmentIds: readonly string[],
  api: Pick<Api, "call">,
): Promise<Found[]> {
  const found = await Promise.all([...new Set(environmentIds)].map((id) => companionsIn(id, api)));
  return found.flat().filter(({ of }) => of === serviceId);
}

async function companionsIn(environmentId: string, api: Pick<Api, "call">): Promise<Found[]> {
  return companionsListed((await ifFound(api.call("environment.one", { environmentId }))) ?? {});
}

/** Returns the applications that run commands, of the row of an environment. */
export function companionsListed(environment: object): Found[] {
  const { environmentId = "", applications = [] } = environment as {
    environmentId?: string;
    applications?: readonly Readonly<Record<string, unknown>>[];
  };
  return applications.flatMap((row) => {
    const companion = companions.read(row);
    return companion ? [{ id: String(row["applicationId"]), environmentId, ...companion }] : [];
  });
}

/** Reads a companion; undefined when it is gone. */
export async function readCompanion(id: string, api: Pick<Api, "call">): Promise<OneOffTarget | undefined> {
  const row = await ifFound(api.call("application.one", { applicationId: id }));
  return row && { kind: "application", id, name: row.name, appName: row.appName, serverId: row.serverId };
}

/** Returns the name of a companion in Dokploy. */
export function companionName({ name }: Wanted["of"]): string {
  return `release of ${name}`;
}

/**
 * Creates a companion with the image, variables, networks and mounts of its service, and does not start it. Its name in
 * Docker does not begin with that of the service: Dokploy finds containers by the beginnings of their names.
 */
export async function createCompanion(wanted: Wanted, api: Api): Promise<OneOffTarget> {
  const { of, columns, command, mounts } = wanted;
  const id = await make(wanted, api);
  try {
    const { networkSwarm } = columns;
    await api.call("application.update", {
      applicationId: id,
      ...Object.fromEntries(SHARED.flatMap((name) => (columns[name] == null ? [] : [[name, columns[name]]]))),
      // With the aliases of the service, requests to it would reach the command.
      ...(networkSwarm ? { networkSwarm: networkSwarm.map(({ Aliases: _, ...network }) => network) } : {}),
      ...command.columns,
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
    await removeCompanion(id, api).catch(() => {});
    throw error;
  }
}

async function make({ of, fingerprint, columns }: Wanted, api: Api): Promise<string> {
  const { serverId } = columns;
  try {
    const { applicationId } = await api.call("application.create", {
      name: companionName(of),
      appName: "release",
      description: companions.text({ of: of.id, fingerprint }),
      environmentId: of.environmentId,
      sourceType: "docker",
      ...(serverId == null ? {} : { serverId }),
    });
    return applicationId;
  } catch (error) {
    if (!isAmbiguous(error)) throw error;
    const [found] = await companionsOf(of.id, [of.environmentId], api);
    if (found?.fingerprint !== fingerprint) throw error;
    return found.id;
  }
}

/** Removes a companion with its container. */
export async function removeCompanion(id: string, api: Pick<Api, "call">): Promise<void> {
  await ifFound(api.call("application.delete", { applicationId: id }));
}

/** Removes all companions of a service. */
export async function removeCompanions(
  serviceId: string,
  environmentIds: readonly string[],
  api: Pick<Api, "call">,
): Promise<void> {
  for (const { id } of await companionsOf(serviceId, environmentIds, api)) await removeCompanion(id, api);
}

/** Companions that each run found before its first deletion, by environment. */
const left = new WeakMap<Run, Map<string, Promise<readonly Found[]>>>();

/**
 * Removes all companions of a service that is about to be deleted. Its state need not name a release command: a run may have
 * been killed while the first one ran. The services that a run deletes are never those whose commands it starts, so each
 * environment is read once.
 */
export async function removeLeft(
  serviceId: string,
  environmentId: string,
  { api, run }: Pick<Context, "api" | "run">,
): Promise<void> {
  const known = left.get(run) ?? new Map<string, Promise<readonly Found[]>>();
  left.set(run, known);
  const found = known.get(environmentId) ?? companionsIn(environmentId, api).catch(noneIfForbidden);
  known.set(environmentId, found);
  for (const { id, of } of await found) if (of === serviceId) await removeCompanion(id, api);
}

/** A key that may not see an environment has started no command in it. */
function noneIfForbidden(error: unknown): readonly Found[] {
  if (error instanceof DokployError && error.kind === "forbidden") return [];
  throw error;
}
