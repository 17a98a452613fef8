import { randomBytes } from "node:crypto";
import type { ApplicationDetail, ApplicationRow } from "../../dokploy";
import type { Context } from "../../lifecycle";
import type { Change } from "../../schema";
import { fullWay } from "../rollout/ways/ways";
import { ReleaseCommand, type ReleaseInput } from "./command";
import { type MountColumns, removeCompanions } from "./companion";
import { runRelease } from "./release";

/** Outputs of a service with a release command. */
export interface ReleaseOutputs {
  /** Fingerprint of the image and the command that last succeeded. */
  released?: string;
  /**
   * Random word, which nobody outside the state knows: the key of that fingerprint, and of the signatures by which
   * {@link Companions} recognises what runs the command. Secret.
   */
  releaseWord?: string;
}

/** Returns the outputs that a state keeps. */
export function releaseOutputs({ released, releaseWord }: ReleaseOutputs): ReleaseOutputs {
  return {
    ...(released === undefined ? {} : { released }),
    ...(releaseWord === undefined ? {} : { releaseWord }),
  };
}

/** A service whose changes are about to be saved or deployed. */
export interface Subject {
  readonly id: string;
  readonly name: string;
  /** Row with the changes, and the mounts that are saved. */
  readonly row: object;
  readonly inputs: object;
  /** Inputs and outputs in the state; empty for a new or adopted service. */
  readonly olds: { readonly inputs: object; readonly outputs: ReleaseOutputs } | undefined;
  /** Environments in which a command of it may have been left, the present one first. */
  readonly environmentIds: readonly string[];
  readonly changes: readonly Change[];
  /** Row without the changes of a service that is being adopted; undefined for others. */
  readonly adopted?: object;
  /** Ids of the mounts in the state, by name. */
  readonly mountIds?: Readonly<Record<string, string>> | undefined;
  readonly secrets: readonly string[];
}

/** Part of a release command in a change of its service. */
export interface ReleaseStep {
  /** Outputs when the command has succeeded, or need not run. */
  readonly outputs: ReleaseOutputs;
  /** Runs the command; undefined when it is not due. */
  readonly run: (() => Promise<void>) | undefined;
  /** Removes what ran the command. */
  readonly finish: () => Promise<void>;
}

interface Inputs {
  readonly release?: ReleaseInput;
  readonly mounts?: Readonly<Record<string, MountColumns>>;
}

/** Returns the part that the release command has in a change of its service. */
export function releaseStep(subject: Subject, context: Context): ReleaseStep {
  const { id, name, olds, environmentIds, changes, secrets, adopted } = subject;
  const inputs: Inputs = subject.inputs;
  const command = ReleaseCommand.in(inputs);
  const former = olds && ReleaseCommand.in(olds.inputs as Inputs);
  const releaseWord = olds?.outputs.releaseWord ?? (command && randomBytes(24).toString("base64url"));
  const [environmentId = ""] = environmentIds;
  const of = { id, name, environmentId, environmentIds, releaseWord };
  const finish = async () => {
    if (command || former) await removeCompanions(of, context.api);
  };
  if (command === undefined || releaseWord === undefined) return { outputs: {}, run: undefined, finish };
  const columns: Partial<ApplicationRow> = subject.row;
  const image = columns.dockerImage ?? "";
  const runsAlready = adopted && runsImage(adopted as ApplicationDetail, image);
  const occasion = { ...olds?.outputs, image, changes, runsAlready };
  const mounts = mountsOf(subject.row, subject.mountIds, inputs.mounts);
  const release = { of, command, columns, mounts, secrets };
  return {
    outputs: { released: command.fingerprint(image, releaseWord), releaseWord },
    run: command.isDue(occasion) ? () => runRelease(release, context) : undefined,
    finish,
  };
}

/**
 * True when an application, of which no state knows a command yet, already runs an image: its newest deployment succeeded. Earlier ones
 * may have been of another image.
 */
export function runsImage(
  { dockerImage, applicationStatus: status, deployments }: ApplicationDetail,
  image: string,
): boolean {
  return dockerImage === image && fullWay("application").unapplied({ status, deployments }) === "none";
}

/** Returns the mounts that the service will have: those of the program, and those that others made. */
function mountsOf(
  row: object,
  ids: Readonly<Record<string, string>> = {},
  given: Inputs["mounts"],
): MountColumns[] {
  const { mounts = [] } = row as { mounts?: readonly (MountColumns & { mountId: string })[] };
  if (given === undefined) return [...mounts];
  const own = Object.values(given);
  const isOwn = ({ mountId, mountPath }: (typeof mounts)[number]) =>
    Object.values(ids).includes(mountId) || own.some((mount) => mount.mountPath === mountPath);
  return [...mounts.filter((mount) => !isOwn(mount)), ...own];
}
