import { visible } from "../../packages/text";
import { imageReader, isJobOf, judged, readDescription, readQueue } from "../../provider/deploy";
import { type Api, addressesOf, callAny, type DeploymentRow, ifFound } from "../../provider/dokploy";
import { targetToWatch, valuesInRow } from "../../provider/engine";
import { secretsAmong } from "../stack";
import { differencesOf, unappliedOf } from "./differences";
import type { AnyRow, LastDeployment, ServiceStatus } from "./model";
import type { StackService } from "./stack-services";

/**
 * Reads services, each of Swarm with three calls and each of Docker compose with two, the queue of deployments, and the containers
 * of each machine with compose services.
 */
export async function readStatus(services: readonly StackService[], api: Api): Promise<ServiceStatus[]> {
  // A key without that permission still shows the rest.
  const queue = await readQueue(api).catch(() => []);
  const imagesOf = imageReader(api);
  return await Promise.all(
    services.map(async (service) => {
      const { kind, id, name } = service;
      const row = await rowOf(service, api);
      if (row === undefined) return { ...missing, name, kind };
      const target = targetToWatch(kind, id, row);
      const secrets = secretsAmong(valuesInRow(kind, row), service.resource);
      const judgement = await judged(api, { ...target, secrets });
      const { parts } = judgement;
      const isNew = parts?.length === 0 && row.deployments?.length === 0;
      const isDeploying =
        (kind === "application" || kind === "compose") &&
        queue.some((job) => isJobOf(job, { kind, id, name }));
      const ages = parts?.flatMap(({ runs, ageSeconds }) =>
        runs && ageSeconds !== undefined ? [ageSeconds] : [],
      );
      const lastDeployment = lastOf(row.deployments);
      return {
        name,
        kind,
        condition: isNew ? "not deployed" : judgement.condition,
        why: isNew ? undefined : judgement.why,
        image: imageOf(kind, row, judgement.image),
        images: kind === "compose" && parts?.length ? await imagesOf(target, parts) : undefined,
        ageSeconds: ages && ages.length > 0 ? Math.min(...ages) : undefined,
        running: parts?.filter(({ runs }) => runs).length,
        wanted: parts && Math.max(parts.length, target.expected?.replicas ?? 0),
        lastDeployment: lastDeployment && shownDeployment(lastDeployment),
        isDeploying,
        addresses: addressesOf(row.domains),
        differences: [
          ...differencesOf(service.resource, row, lastDeployment),
          ...(isDeploying || judgement.condition === "starting"
            ? []
            : unappliedOf(judgement, service.resource, row)),
        ],
      };
    }),
  );
}

const missing: Omit<ServiceStatus, "name" | "kind"> = {
  condition: "missing",
  why: undefined,
  image: undefined,
  images: undefined,
  ageSeconds: undefined,
  running: undefined,
  wanted: undefined,
  lastDeployment: undefined,
  isDeploying: false,
  addresses: [],
  differences: ["Dokploy no longer has it, or the key cannot see it"],
};

/** Reads the row of a service; undefined when Dokploy has none. */
export async function rowOf({ kind, id }: StackService, api: Api): Promise<AnyRow | undefined> {
  return (await ifFound(callAny(api, `${kind}.one`, { [`${kind}Id`]: id }))) as AnyRow | undefined;
}

/** Returns the image that runs; where nothing does, the one in Dokploy. */
function imageOf(kind: StackService["kind"], row: AnyRow, running: string | undefined): string | undefined {
  if (kind === "application" && row.sourceType !== "docker") return `built from ${String(row.sourceType)}`;
  return running ?? row.dockerImage ?? undefined;
}

/** Returns the newest deployment of a row, whose list has no order. */
function lastOf(records: readonly DeploymentRow[] = []): DeploymentRow | undefined {
  return [...records].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))[0];
}

function shownDeployment({ status, createdAt, title, description }: DeploymentRow): LastDeployment {
  const said = description ?? "";
  const commit = readDescription(said)?.commit ?? /^Commit: ([0-9a-f]{7,64})$/.exec(said)?.[1];
  return { status, at: createdAt, title: visible(title), commit };
}
