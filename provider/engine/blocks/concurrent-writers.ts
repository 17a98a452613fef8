import { REAL_TIMERS, type Timers } from "../../deploy";
import { PartialFailureError, UserError } from "../../errors";
import type { Context } from "../../lifecycle";
import { pathOf, type Texts, textFields } from "../../schema";
import { unconfirmedNames } from "../adoption/foreign";
import { isAmbiguous } from "../adoption/naming";
import { existing } from "../variable-targets/find";
import type { VariableTarget } from "../variable-targets/host";
import type { BlockInputs, BlockOutputs, BlockTexts } from "./model";
import { OwnVariables } from "./texts";

/**
 * Shortest time between a save and the last look. By then every save has arrived that began with an earlier reading. A
 * save that takes longer may remove variables after another program's last look, and warns of that.
 */
const settledAfterMs = 2_000;

/** Maximum number of times that a text is merged again, and that a block starts again after its last look. */
const mostTries = 5;

/**
 * Saves an additive block while other programs may change the same text. Dokploy replaces whole texts, and cannot save
 * one only if it is unchanged: a program that saves an old reading removes variables that another one saved meanwhile.
 * So each program looks again after its save, and once more when the others have finished.
 */
export class BesideOthers {
  private readonly timers: Timers;
  private readAt = 0;
  private savedAt: number | undefined;
  private found: BlockTexts | undefined;

  private own: OwnVariables;

  constructor(
    private readonly blockId: string,
    private readonly news: BlockInputs,
    private readonly context: Pick<Context, "api" | "timers" | "warn" | "run">,
  ) {
    this.timers = context.timers ?? REAL_TIMERS;
    this.own = new OwnVariables(news, undefined);
  }

  /**
   * Saves the block, and starts again when the last look finds that others removed its variables.
   *
   * @param olds the block in the state
   * @param save saves it once: the first time without outputs, then with those of the time before
   * @throws PartialFailureError when the last look fails, or others remove the variables again and again
   */
  async untilKept(
    olds: BlockInputs,
    save: (outputs?: BlockOutputs) => Promise<BlockOutputs>,
  ): Promise<BlockOutputs> {
    let outputs = await save();
    try {
      for (let tries = 1; ; tries += 1) {
        const lost = await this.lostInTheEnd();
        if (lost === undefined) return outputs;
        if (tries === mostTries) throw lost;
        outputs = await save(outputs);
      }
    } catch (error) {
      if (error instanceof PartialFailureError) throw error;
      // Other programs may have removed any of them in this run.
      const unconfirmed = unconfirmedNames(new OwnVariables(this.news, olds).paths());
      throw new PartialFailureError(this.blockId, { ...outputs, ...unconfirmed }, error);
    }
  }

  /** Reads the target before a save. */
  async read(): Promise<VariableTarget> {
    this.readAt = this.timers.now();
    return await existing(this.news.target, this.context.api);
  }

  /**
   * Records the variables that the target has before this block saves anything.
   *
   * @param own its variables, without those that other resources of the run have from now on
   * @returns values besides those in the state that the block may have saved; none before its first save
   */
  begin(host: VariableTarget, own: OwnVariables): readonly BlockTexts[] {
    this.own = own;
    this.found ??= Object.fromEntries(textFields.map((field) => [field, own.present(host, field)]));
    return this.savedAt === undefined ? [] : [this.news, this.found];
  }

  /**
   * Saves until the target has the variables of the block.
   *
   * @param isApplied true when a deployment follows, which must have them. Otherwise the last look is soon enough
   * @returns the target as it is then, with an error when others remove the variables again and again, or when a later
   * look or save fails. The variables that were saved before must still be deployed
   */
  async save(
    read: VariableTarget,
    texts: Texts,
    isApplied: boolean,
  ): Promise<{ host?: VariableTarget; lost?: Error }> {
    let host = read;
    let remaining = texts;
    let isSaved = false;
    try {
      for (let tries = 0; tries < mostTries; tries += 1) {
        // Other reads since then may have taken time.
        if (this.timers.now() - this.readAt > settledAfterMs / 4) {
          host = await this.read();
          remaining = this.own.missing(host);
        }
        try {
          await host.save(remaining);
        } finally {
          this.savedAt = this.timers.now();
        }
        isSaved = true;
        this.reportSlow(host);
        if (!isApplied) return {};
        host = await this.read();
        remaining = this.own.missing(host);
        if (Object.keys(remaining).length === 0) return { host };
      }
    } catch (error) {
      if (!isSaved || isAmbiguous(error) || !(error instanceof Error)) throw error;
      return { host, lost: error };
    }
    return { host, lost: this.lost(host) };
  }

  /**
   * Looks for the last time, when every save that was under way has arrived.
   *
   * @returns the error when something is missing again; undefined when nothing is missing, or nothing was saved
   */
  private async lostInTheEnd(): Promise<UserError | undefined> {
    if (this.savedAt === undefined) return undefined;
    const { news, timers, context } = this;
    const host = await context.run.lastLooks.look(
      pathOf(news.target),
      { due: this.savedAt + settledAfterMs, within: settledAfterMs, timers },
      () => existing(news.target, context.api),
    );
    return Object.keys(this.own.missing(host)).length === 0 ? undefined : this.lost(host);
  }

  private reportSlow({ label }: VariableTarget): void {
    const tookMs = this.timers.now() - this.readAt;
    if (tookMs <= settledAfterMs) return;
    this.context.warn(
      `Reading and saving the variables of the ${label} took ${Math.round(tookMs / 1000)} s. If another program ` +
        "saved variables there meanwhile, they may be lost: run `pulumi refresh` and `pulumi up` there.",
      "slow-save",
    );
  }

  private lost({ label }: VariableTarget): UserError {
    return new UserError(
      `Variables of the ${label} were saved ${mostTries} times, and each time somebody else removed them again: ` +
        "another program changes the same text. Run the update again when that program has finished. If both give " +
        "a variable of the same name, leave it to one of them.",
    );
  }
}
