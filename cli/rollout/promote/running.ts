import { usesOf } from "../../../packages/compose-checks/checks";
import { counted, visible } from "../../../packages/text";
import { isRecord } from "../../../packages/values";
import {
  imagesOf,
  isJobOf,
  isSwarm,
  type JudgedTarget,
  judged,
  type PartImage,
  readQueue,
  readRecords,
  type WatchTarget,
} from "../../../provider/deploy";
import { type Api, type DeploymentStatus, ifFound } from "../../../provider/dokploy";
import { observe, targetToWatch, valuesInRow } from "../../../provider/engine";
import { readEnv } from "../../../provider/env";
import { type ImageName, parseImage } from "../../../provider/schema";
import { tagVariable } from "../../../sdk/repository";
import { type StateResource, secretsAmong } from "../../stack";
import { isAddressOf, type Login } from "./logins";
import { Drifted, NotPromoted } from "./outcome";
import type { ImageIds } from "./registry";

/** The image that a service runs, whose deployment succeeded. */
export interface Running {
  readonly tag: string | undefined;
  /** Digest in its name, by which Docker pulled it. */
  readonly digest: string | undefined;
  /** The image; undefined for a compose file, whose image belongs to one of its containers. */
  readonly image: ImageName | undefined;
  /** The image to ask the registry about, with the ids of it that Docker shows; or the reason why there is none. */
  readonly proof:
    | {
        readonly image: ImageName;
        readonly containers: readonly ImageIds[];
        readonly login: Login | undefined;
      }
    | { readonly why: string };
}

/** True for a resource that can run an image of a registry. */
export function runsImages({ kind }: StateResource): boolean {
  return kind === "Application" || kind === "Compose";
}

/**
 * Reads the image that a resource of a stack runs.
 *
 * @throws NotPromoted when its image is not from a registry, when its last deployment did not succeed, and when the
 *   running image differs from the state
 */
export async function runningImage(resource: StateResource, api: Api): Promise<Running> {
  return resource.kind === "Application"
    ? await ofApplication(resource, api)
    : await ofCompose(resource, api);
}

async function ofApplication(resource: StateResource, api: Api): Promise<Running> {
  const { id, inputs } = resource;
  const { source } = inputs;
  const { type, image: text } = isRecord(source) ? source : {};
  if (type !== "docker") {
    throw new NotPromoted(
      "left-out",
      `it is built from source (${String(type)}), so no registry has its image`,
    );
  }
  const image = typeof text === "string" ? parseImage(text) : undefined;
  if (typeof text !== "string" || image === undefined) throw refused("its image is a secret in the state");
  if (image.tag === undefined && image.digest === undefined) {
    throw refused(`its image ${text} has no tag, so each pull may get a different image: give it a tag`);
  }
  const row = await ifFound(api.call("application.one", { applicationId: id }));
  if (row === undefined) throw gone();
  const secrets = secretsAmong(valuesInRow("application", row), resource);
  const target = { ...targetToWatch("application", id, row), secrets };
  // After a failed update, Dokploy has the new image, and the state the one before.
  await assertDeployed({ ...target, kind: "application" }, api);
  if (row.sourceType !== "docker" || row.dockerImage !== text) throw drifted(text, String(row.dockerImage));
  const containers = await everyImage(target, api);
  const other = containers.map(({ image: name }) => name).find((name) => !isSame(image, name));
  if (other !== undefined) throw notItself(text, other);
  const { username, password, registryUrl } = row;
  const isOfHost = isAddressOf(image.host, registryUrl || "docker.io");
  const login = username && password && isOfHost ? { username, password } : undefined;
  const digest = image.digest;
  return { tag: image.tag, digest, image, proof: proofOf(image, containers, login) };
}

async function ofCompose(resource: StateResource, api: Api): Promise<Running> {
  const { id, inputs } = resource;
  const { env, source } = inputs;
  const text = isRecord(env) ? env[tagVariable] : undefined;
  if (text === undefined) {
    throw new NotPromoted(
      "left-out",
      `it has no variable ${tagVariable}, so its images are those of its compose file`,
    );
  }
  if (typeof text !== "string") throw refused(`its ${tagVariable} is a secret in the state`);
  const host = await ifFound(observe({ composeId: id }, api));
  if (host === undefined) throw gone();
  const there = readEnv(host.texts.env ?? "", host.rules.env)[tagVariable];
  const target = { ...host.withTexts({}), secrets: secretsAmong(host.values, resource) };
  await assertDeployed({ ...target, kind: "compose" }, api);
  if (there !== text) throw drifted(text, String(there));
  const containers = isSwarm(target)
    ? await everyImage(target, api)
    : (await imagesThatRun(target, api)).filter((image) => image !== undefined);
  const [tag, digest] = text.split("@");
  const tagged = containers.filter(({ image }) => parseImage(image)?.tag === tag);
  const [first] = tagged;
  const image = first && parseImage(first.image);
  if (image === undefined) throw refused(`none of its containers has an image with the tag ${text}`);
  const file = isRecord(source) ? source["composeFile"] : undefined;
  const uses = typeof file === "string" ? usesOf(file, tagVariable).length : 0;
  const why =
    typeof file === "string"
      ? `its compose file uses ${tagVariable} ${counted(uses, "time")}, and a digest belongs to one image`
      : "the state does not have its compose file";
  const proof = uses === 1 ? proofOf(image, tagged, undefined) : { why };
  // The command line of Docker adds the digest to the images of a stack.
  const isPinned = uses === 1 && tagged.every((container) => container.image === first?.image);
  return { tag, digest: digest ?? (isPinned ? image.digest : undefined), image: undefined, proof };
}

function proofOf(
  image: ImageName,
  containers: readonly PartImage[],
  login: Login | undefined,
): Running["proof"] {
  const ids = containers.flatMap((container) => container.ids ?? []);
  if (ids.length === 0 || containers.some((container) => container.ids === undefined)) {
    return { why: "its container is on another node, so Docker does not show which image it has" };
  }
  return { image, containers: containers.map((container) => container.ids ?? []), login };
}

type DeployedTarget = WatchTarget & { readonly kind: "application" | "compose" };

const ends: Readonly<Record<Exclude<DeploymentStatus, "done">, string>> = {
  error: "its last deployment failed",
  cancelled: "its last deployment was cancelled",
  running: "a deployment is running",
};

/** @throws NotPromoted unless its last deployment succeeded, and no other waits */
async function assertDeployed(target: DeployedTarget, api: Api): Promise<void> {
  const [[last], queue] = await Promise.all([readRecords(api, target), readQueue(api)]);
  if (queue.some((job) => isJobOf(job, target))) throw refused("a deployment of it is waiting or running");
  if (last === undefined) throw refused("it was never deployed");
  const { status, title } = last;
  if (status !== "done")
    throw refused(`${ends[status] ?? "the end of its last deployment is not known"} (${visible(title)})`);
}

/**
 * Reads the images of the parts of a service, undefined where Docker does not show one.
 *
 * @throws NotPromoted unless all of it runs
 */
async function imagesThatRun(target: JudgedTarget, api: Api): Promise<(PartImage | undefined)[]> {
  const { condition, why = "no container of it runs", parts = [] } = await judged(api, target);
  if (condition !== "healthy") throw refused(why);
  return await imagesOf(api, target, parts);
}

/** @throws NotPromoted unless all of it runs, and Docker shows each image */
async function everyImage(target: JudgedTarget, api: Api): Promise<PartImage[]> {
  return (await imagesThatRun(target, api)).map((image) => {
    if (image === undefined) throw refused("Docker does not show the image of one of its tasks");
    return image;
  });
}

/** True when a container has the image; Swarm may add a digest to its name. */
function isSame(image: ImageName, name: string): boolean {
  const other = parseImage(name);
  if (other === undefined) return false;
  const isOfDigest = image.digest === undefined || image.digest === other.digest;
  return image.host === other.host && image.path === other.path && image.tag === other.tag && isOfDigest;
}

function refused(why: string): NotPromoted {
  return new NotPromoted("refused", why);
}

function gone(): NotPromoted {
  return refused("Dokploy no longer has it");
}

function drifted(state: string, server: string): NotPromoted {
  return new Drifted(`the state has ${visible(state)}, but Dokploy has ${visible(server)}`);
}

function notItself(state: string, runs: string): NotPromoted {
  return refused(`the state has ${visible(state)}, and ${visible(runs) || "an unknown image"} runs`);
}
