import { capital, counted, visible } from "../../../packages/text";
import {
  DeploymentError,
  duration,
  isForbidden,
  OneOff,
  type OneOffState,
  type OneOffTarget,
  Wait,
} from "../../deploy";
import { hideIn } from "../../dokploy";
import { UserError } from "../../errors";
import type { Context } from "../../lifecycle";
import {
  companionName,
  companionsOf,
  createCompanion,
  type Found,
  readCompanion,
  removeCompanion,
  type Wanted,
} from "./companion";

/** A release command that has to succeed before its service is changed. */
export interface Release extends Wanted {
  /** Texts that no message may show. */
  readonly secrets: readonly string[];
}

/**
 * Runs a release command in a container of its own, which stays until {@link removeCompanions}: a run that ends
 * meanwhile leaves it, and the next run follows it or takes its result.
 *
 * @throws UserError when it failed, or when its end is not known
 */
export async function runRelease(release: Release, context: Context): Promise<void> {
  const { secrets, of } = release;
  try {
    await new ReleaseRun(release, context).run();
    context.ended(of.name);
  } catch (error) {
    hideIn(error, secrets);
    context.ended(of.name, error instanceof Error ? error : undefined);
    throw isForbidden(error) ? new UserError(`${error.message}\n${NO_DOCKER}`) : error;
  }
}

const NO_DOCKER =
  "Only its container shows how a release command ends, for which the user of the API key needs the permission " +
  "docker:read (access to Docker). Give it, use a key of an owner or admin, or remove `release`. Nothing was deployed.";

class ReleaseRun {
  private wait: Wait;
  private readonly label: string;

  constructor(
    private readonly release: Release,
    private readonly context: Context,
  ) {
    this.label = `application "${visible(release.of.name)}"`;
    this.wait = this.newWait();
  }

  private newWait(): Wait {
    const { release, context } = this;
    return new Wait(release.command.timeoutSeconds, (line) => context.progress(line), context.timers);
  }

  async run(): Promise<void> {
    const { of } = this.release;
    const { api } = this.context;
    let isDone = false;
    // Two commands of one service never run at once.
    for (const former of await companionsOf(of, api)) {
      if (former.isOwn) isDone = (await this.settle(former)) || isDone;
      else await removeCompanion(former, api);
    }
    if (!isDone) await this.start();
  }

  /**
   * Deals with a command of an earlier run: waits for its end if it runs, and takes its success if it is the same one.
   *
   * @returns true when the wanted command has succeeded
   */
  private async settle(former: Found): Promise<boolean> {
    const { command, columns } = this.release;
    const { api } = this.context;
    const target = await readCompanion(former.id, api);
    if (target === undefined) return false;
    const isSame = target.runs(command, columns);
    const seen = await this.oneOff(target).look();
    if (seen.state === "under-way") {
      const end = await this.follow(target, "waits for the release command that an earlier run started");
      if (isSame) {
        await this.judge(target, end);
        return true;
      }
      this.refuseUnended(target, end, "the release command of an earlier run");
    } else if (seen.state === "succeeded" && isSame) {
      return true;
    }
    await removeCompanion(former, api);
    return false;
  }

  private async start(): Promise<void> {
    const { release } = this;
    const { api, deployments } = this.context;
    // The wait for a command of an earlier run takes none of its time.
    this.wait = this.newWait();
    const target = await createCompanion(release, api);
    try {
      await this.oneOff(target).look();
    } catch (error) {
      await this.remove(target);
      throw error;
    }
    try {
      const options = { title: "Pulumi: release command", timeoutSeconds: release.command.timeoutSeconds };
      await deployments.run(target, [], options, release.secrets);
    } catch (error) {
      // Otherwise it may still start: the next run looks.
      if (!(error instanceof DeploymentError) || error.outcome !== "error") throw error;
      await this.remove(target);
      throw new UserError(`${this.failed("could not be started")}\n${error.message}`);
    }
    await this.judge(target, await this.follow(target, "runs its release command"));
  }

  private follow(target: OneOffTarget, doing: string): Promise<OneOffState> {
    const { span } = this.context;
    return span("release command", {}, () => this.oneOff(target).follow(`${this.release.of.name}: ${doing}`));
  }

  private oneOff(target: OneOffTarget): OneOff {
    return new OneOff(this.context.api, target, this.wait, this.release.secrets);
  }

  /** @throws UserError unless the command has succeeded */
  private async judge(target: OneOffTarget, end: OneOffState): Promise<void> {
    if (end.state === "succeeded") return;
    this.refuseUnended(target, end, `its release command ${this.release.command.label}`);
    const log = await this.oneOff(target).output();
    await this.remove(target);
    const why = end.state === "failed" ? end.why : "did not start";
    const output = log.length === 0 ? ["It printed nothing that could be read."] : [];
    const printed = log.length === 0 ? [] : [`Its last output (${counted(log.length, "line")}):`];
    throw new UserError(
      [this.failed(why), ...output, ...printed, ...log.map((line) => `    ${line}`)].join("\n"),
    );
  }

  /** @throws UserError when the command has not ended in time */
  private refuseUnended({ id }: OneOffTarget, end: OneOffState, what: string): void {
    if (end.state !== "under-way") return;
    const { command, of } = this.release;
    const why = end.why === undefined ? "" : `: ${end.why}`;
    throw new UserError(
      `${capital(this.label)} was not deployed: ${what} has not ended after ` +
        `${duration(command.timeoutSeconds)}${why}. It goes on in Dokploy as the application ` +
        `"${visible(companionName(of))}" (${id}). The next update waits for it again, and starts no second one. To stop it, ` +
        "delete that application in Dokploy; for more time, set release.timeoutSeconds.",
    );
  }

  /** Removes what this run has started or followed. If that fails, the next run does it. */
  private async remove({ id }: OneOffTarget): Promise<void> {
    await removeCompanion({ id, isOwn: true }, this.context.api).catch(() => {});
  }

  private failed(why: string): string {
    return (
      `The release command ${this.release.command.label} of ${this.label} ${why}. The application stays ` +
      "as it was. The next update runs the command again."
    );
  }
}
