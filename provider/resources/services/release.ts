import { z } from "zod";
import { visible } from "../../../packages/text";
import { containsUnknown, isUnknown } from "../../../packages/values";
import {
  ReleaseCommand,
  type ReleaseInput,
  type ReleaseOutputs,
  runsImage,
  serviceLabel,
} from "../../engine";
import { CheckFailedError, type Problem } from "../../errors";
import type { Context, Planned } from "../../lifecycle";
import { keptIn, nonEmptyText } from "../../schema";

const { field } = keptIn<"application">();

const command = z.union([nonEmptyText, z.array(nonEmptyText).min(1)]);

/** Options of a release command. */
const releaseOptions = z.strictObject({
  /** Command: a text for `sh -c`, or a list of words, which needs no shell in the image. */
  command,
  /** Time within which the command must end, in seconds. After it, the command goes on, and `up` fails. Default: 600. */
  timeoutSeconds: z.number().int().positive().max(86_400).optional(),
  /** True to run it also before a deployment for which only variables of `env` changed. Default: false. */
  onVariables: z.boolean().optional(),
});

/** Input for a command in the new image. */
export const release = field(z.union([nonEmptyText, releaseOptions]).optional(), {
  apply: "none",
});

/** Inputs that decide on the release command. */
interface Inputs {
  readonly name?: string;
  readonly release?: ReleaseInput | undefined;
  readonly deploy?: unknown;
  readonly source?: { readonly type?: string; readonly image?: string } | undefined;
}

/** Returns the reasons why a release command cannot be kept. */
export function releaseProblems(inputs: Inputs): Problem[] {
  const { source, deploy } = inputs;
  const given = ReleaseCommand.in(inputs);
  if (given === undefined) return [];
  const problems: Problem[] = [];
  const refuse = (reason: string) => problems.push({ property: "release", reason });
  if (source?.type !== undefined && !isUnknown(source.type) && source.type !== "docker") {
    refuse(
      `needs an image: with a source of type ${source.type}, Dokploy switches to the new version in the same step that ` +
        "builds it, and a second build may get another commit. Build the image in CI, and give it as a source of type docker",
    );
  }
  if (deploy === false) {
    refuse(
      "runs before a deployment of this resource, and `deploy: false` leaves that to others: remove one of the two",
    );
  }
  if (Array.isArray(given.command) && /\s/.test(given.command[0] ?? "")) {
    refuse(
      `starts with ${JSON.stringify(visible(given.command[0] ?? ""))}, which Dokploy splits at the spaces: give each word as ` +
        "an entry of its own, or one text for a shell",
    );
  }
  return problems;
}

/**
 * Reports in a plan that the release command runs.
 *
 * @throws CheckFailedError for a change that would delete the running version before the command runs
 */
export async function announceRelease(
  inputs: Inputs,
  { inform, warn, reads }: Pick<Context, "inform" | "warn" | "reads">,
  { olds, adopted, changes }: Planned,
): Promise<void> {
  const command = ReleaseCommand.in(inputs);
  if (command === undefined) return;
  const label = serviceLabel("application", inputs.name);
  const says = (when: string) =>
    inform(
      `${label}: runs ${containsUnknown(command.command) ? "its release command" : command.label} ${when}.`,
      "release",
    );
  if (olds === undefined && adopted === undefined) return says("in its image before the first deployment");
  const image = containsUnknown([inputs.source, command.command]) ? undefined : inputs.source?.image;
  if (image === undefined)
    return says("in the new image before the switch, if the image or the command changes");
  if (olds === undefined) {
    if (adopted === undefined) return;
    const row = await reads.call("application.one", { applicationId: adopted });
    if (!runsImage(row, image))
      says(
        row.dockerImage === image
          ? "in its image before the deployment"
          : "in the new image before the switch",
      );
    return;
  }
  const { status, ...outputs } = olds.outputs as ReleaseOutputs & { status?: string };
  const replacing = changes.find(({ replace }) => replace)?.path;
  if (replacing === undefined) {
    if (!command.isDue({ ...outputs, image, changes })) return;
    const { source } = olds.inputs as Inputs;
    if (source?.image !== image) return says("in the new image before the switch");
    const isDeployed = changes.some(({ path, apply }) => path === "env" && apply !== "none");
    says(`in the image that it has${isDeployed ? ", before it gets the new variables" : ""}`);
  } else if (status !== "idle") {
    if (!command.hasRun({ ...outputs, image })) throw new CheckFailedError([tooLate(replacing)]);
    warn(
      `${label}: ${replacing} changes, so this application is deleted, and its release command then runs again before the ` +
        "first deployment of another one. If it fails, no version runs.",
      "release",
    );
  }
}

/** A command that has never succeeded must not run after the deletion of the version that works. */
function tooLate(replacing: string): Problem {
  return {
    property: "release",
    reason:
      `would run for its image only after this application is deleted, since ${replacing} changes: if the command failed, no ` +
      `version would run. Take two updates: one for the image and the command, and another one for ${replacing}`,
  };
}
