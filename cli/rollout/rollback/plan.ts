import { inWords, someOf, visible } from "../../../packages/text";
import { isRecord } from "../../../packages/values";
import { FileError, type Source } from "../../../sdk/files";
import { setValue } from "../../files";
import type { StateResource } from "../../stack";
import { NotPromoted } from "../promote/outcome";
import type { Deployment } from "./deployments";
import { type ImageChange, imageChange, imageThen, nameOf, type PastImage, type Service } from "./image";
import { Refused } from "./refused";
import { type Settings, type VariableChange, variableChanges } from "./variables";
import { type Places, readVersion, type Version } from "./version";

/** Changes that go back to a deployment. */
export interface Plan {
  readonly image: ImageChange | undefined;
  readonly variables: readonly VariableChange[];
  /** Settings of the stack that get the earlier encrypted value. */
  readonly secrets: readonly string[];
  /** Notes on what stays as it is, or needs attention. */
  readonly notes: readonly string[];
  /** New texts of files. */
  readonly texts: readonly Source[];
}

/** A deployment with the changes that go back to it, or the reason why nothing can. */
export interface Step {
  readonly deployment: Deployment;
  readonly plan: Plan | undefined;
  readonly why: string | undefined;
}

/** Current facts that the plans of all deployments need. */
export interface Now {
  readonly service: Service;
  readonly places: Places;
  readonly version: Version;
  readonly settings: Settings;
  /** Reads a file of the working tree. */
  read(path: string): Source;
  /** Reads a file of a commit; undefined where it does not exist. */
  readAt(commit: string, path: string): Source | undefined;
  /** Reason why the files of a commit cannot be read; undefined where they can. */
  missing(commit: string): string | undefined;
  /** Lists the files of the service in `services/`, as paths from the working directory, that differ at a commit. */
  changedSince(commit: string): readonly string[];
  /** True when a run with uncommitted changes may be taken for its commit. */
  readonly uncommitted: boolean;
}

/** Plans how to go back to a deployment. */
export function stepTo(deployment: Deployment, now: Now): Step {
  try {
    return { deployment, plan: planOf(deployment, now), why: undefined };
  } catch (error) {
    const isKnown = error instanceof Refused || error instanceof NotPromoted || error instanceof FileError;
    if (!isKnown) throw error;
    return { deployment, plan: undefined, why: error.message.split("\n")[0] };
  }
}

/** True when a plan would change nothing. */
export function isEmpty({ texts }: Plan): boolean {
  return texts.length === 0;
}

function planOf(deployment: Deployment, now: Now): Plan {
  const { service, places, settings } = now;
  const { commit, update } = deployment;
  if (commit === undefined) throw new Refused(unknownOrigin(deployment));
  const missing = now.missing(commit);
  if (missing !== undefined) throw new Refused(missing);
  if (update?.isDirty === true && !now.uncommitted) {
    throw new Refused(
      "its files had uncommitted changes, which nobody knows: --uncommitted takes the files as committed",
    );
  }
  const then = versionAt(commit, now);
  const was = imageThen(service, deployment, then, appOf(then, now));
  const image = was && imageChange(service, was);
  const edited = image && withImage(image, now);
  const configuration = edited?.path === places.configuration ? edited : now.version.configuration;
  const { changes, secrets, texts, notes } = variableChanges(
    ...([places, then, now.version, configuration, settings] as const),
  );
  const byPath = new Map([edited ?? [], texts].flat().map((source) => [source.path, source]));
  const left = now
    .changedSince(commit)
    .filter((path) => !byPath.has(path) || byPath.get(path)?.text !== now.readAt(commit, path)?.text);
  const files =
    left.length === 0
      ? []
      : [`other changes stay: git diff ${commit.slice(0, 9)} HEAD -- ${someOf(left.map(visible), " ")}`];
  const ofImage = image === undefined ? [] : [...sharerNotes(places), ...releaseNotes(service)];
  return {
    image,
    variables: changes,
    secrets,
    texts: [...byPath.values()],
    notes: [...ofImage, ...notes, ...files, ...tagNotes(was, then)],
  };
}

/** @throws Refused when a file at the commit cannot be understood */
function versionAt(commit: string, { places, readAt }: Now): Version {
  try {
    return readVersion(places, (path) => readAt(commit, path));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new Refused(`at commit ${commit.slice(0, 9)}, ${error.message.split("\n")[0]}`);
  }
}

/**
 * Returns the `dokploy-app.yaml` that had the image of the service.
 *
 * @throws Refused when that was of another service than now
 */
function appOf({ imageOf, app }: Version, { places }: Now): Source | undefined {
  if (imageOf === undefined || imageOf === places.owner) return app;
  throw new Refused(`it had the image of ${visible(imageOf)} then: change imageOf by hand`);
}

/** Returns a note when other services have the image too. */
function sharerNotes({ sharers }: Places): string[] {
  if (sharers.length === 0) return [];
  return [
    `${inWords(sharers.map(visible), "and")} have this image, so all of them go back; the variables of the others stay`,
  ];
}

/** Returns a note when the service runs a command in each new image, such as a migration. */
function releaseNotes({ resource }: Service): string[] {
  if (resource.inputs["release"] === undefined) return [];
  return [
    "its release command runs in the earlier image: if that refuses a newer schema, take release out for this run",
  ];
}

function withImage({ file, keys, after }: ImageChange, { read }: Now): Source {
  const source = read(file);
  return { ...source, text: setValue(source, keys, { text: after, isQuoted: true }) };
}

function unknownOrigin({ image, isOurs, update }: Deployment): string {
  const what = image === undefined ? "" : `; its image was ${nameOf(image)}`;
  const origin = !isOurs
    ? "no known pulumi up of this stack made it"
    : update === undefined
      ? "it says that this stack made it, but the history of the stack has no pulumi up of that time and commit"
      : "a pulumi up of this stack made it before the repository had a commit, or outside of a repository";
  return (
    `${origin}, so nobody knows its variables${what}. If the application ` +
    "has rollbackActive, Dokploy can go back to it: Deployments, Rollback"
  );
}

/** Returns a note when the tag that ran is not that of the configuration, or may not be. */
function tagNotes(was: PastImage | undefined, { tag }: Version): string[] {
  if (was?.from === "configuration") {
    const guess = `its tag ${visible(was.tag ?? "")} is a guess: the configuration at its commit has it`;
    return [`${guess}, but a run with DOKPLOY_IMAGE_TAG may have had another one`];
  }
  if (was?.from !== "log" || tag === undefined || was.tag === tag.split("@")[0]) return [];
  return ["its tag was not that of the configuration: leave DOKPLOY_IMAGE_TAG out of the next run"];
}

/** @throws Refused for a resource whose deployments cannot go back, such as a database */
export function assertDeploys({ kind, name }: StateResource): void {
  if (kind === "Application" || kind === "Compose") return;
  throw new Refused(
    `${visible(name)} is of kind ${visible(kind)}, but only applications and compose services can go back. The data of a database ` +
      "never does: restore a backup (docs/everyday/backups.md).",
  );
}

/** @throws Refused for a service whose version is a commit of its source code */
export function assertNotBuilt(
  { kind, name, inputs }: StateResource,
  deployments: readonly Deployment[],
): void {
  const { source } = inputs;
  const type = isRecord(source) ? source["type"] : undefined;
  if (typeof type !== "string" || type === (kind === "Application" ? "docker" : "raw")) return;
  const commits = deployments.flatMap(({ built }) => built?.slice(0, 9) ?? []);
  const names =
    commits.length > 0 ? `; its deployments were built from ${someOf(commits)}, newest first` : "";
  throw new Refused(
    `${visible(name)} is built from source (${visible(type)}), so its version is a commit of the source code${names}. Revert ` +
      "the bad commit there with git revert, and deploy. A service that names a commit or tag gets the one before.",
  );
}
