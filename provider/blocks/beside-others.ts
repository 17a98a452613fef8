import { REAL_TIMERS, type Timers } from "../deploy/pace";
import { pickEnv } from "../env/block";
import { existing } from "../env-hosts/find";
import { type EnvHost, rulesOf } from "../env-hosts/host";
import { UserError } from "../errors/problem";
import type { Context } from "../lifecycle/context";
import { isAmbiguous } from "../objects/naming";
import { type Texts, textFields } from "../schema/kinds";
import type { BlockInputs, BlockTexts } from "./model";
import { nextText } from "./texts";

/**
 * How long after a save the last look comes, at least: by then every save has arrived that began with a reading of before. A
 * save that takes longer itself may take away what another program has looked at for the last time, and says so.
 */
const settledAfterMs = 2_000;

/** How often a text is merged again, and how often a block begins anew after its last look. */
export const mostTries = 5;

/**
 * An additive block beside other programs that change the same text. Dokploy replaces texts whole, and cannot save one only
 * where it is still as it was read: who saves what was read before takes away what another saved meanwhile. So each looks again
 * after its save, and once more when the others are done.
 */
export class BesideOthers {
  private readonly timers: Timers;
  private readAt = 0;
  private savedAt: number | undefined;
  private former: BlockInputs | undefined;
  private found: BlockTexts | undefined;

  constructor(
    private readonly news: BlockInputs,
    private readonly context: Pick<Context, "api" | "timers" | "warn">,
  ) {
    this.timers = context.timers ?? REAL_TIMERS;
  }

  /** Reads the target, in order to save it. */
  async read(): Promise<EnvHost> {
    this.readAt = this.timers.now();
    return await existing(this.news.target, this.context.api);
  }

  /**
   * Notes what the target has before this block saves anything there.
   *
   * @param former what the state has of the block, without what others of the run have from now on
   * @returns what may be there of this block's own, beside what the state has; none before it has saved
   */
  begin(holder: EnvHost, former: BlockInputs | undefined): readonly BlockTexts[] {
    this.former = former;
    this.found ??= Object.fromEntries(
      textFields.map((field) => {
        const own = [this.news[field], former?.[field]].flatMap((env) => Object.keys(env ?? {}));
        return [field, pickEnv(holder.texts[field] ?? "", own, rulesOf(holder, field))];
      }),
    );
    return this.savedAt === undefined ? [] : [this.news, this.found];
  }

  /**
   * Saves until the target has what the block asks for.
   *
   * @returns the target as it is then, with the error where others take it away again and again, or where a look or another
   * save fails: what was saved before is to be deployed all the same
   */
  async save(read: EnvHost, texts: Texts): Promise<{ holder: EnvHost; lost?: Error }> {
    let holder = read;
    let left = texts;
    let isSaved = false;
    try {
      for (let tries = 0; tries < mostTries; tries += 1) {
        // What was looked up since may have taken its time.
        if (this.timers.now() - this.readAt > settledAfterMs / 4) {
          holder = await this.read();
          left = this.missing(holder);
        }
        try {
          await holder.save(left);
        } finally {
          this.savedAt = this.timers.now();
        }
        isSaved = true;
        this.tellSlow(holder);
        holder = await this.read();
        left = this.missing(holder);
        if (Object.keys(left).length === 0) return { holder };
      }
    } catch (error) {
      if (!isSaved || isAmbiguous(error) || !(error instanceof Error)) throw error;
      return { holder, lost: error };
    }
    return { holder, lost: this.lost(holder) };
  }

  /**
   * Looks for the last time, once every save has arrived that was under way.
   *
   * @returns the error where something is missing again; undefined where all is there, or nothing was saved
   */
  async lostInTheEnd(): Promise<UserError | undefined> {
    if (this.savedAt === undefined) return undefined;
    const left = this.savedAt + settledAfterMs - this.timers.now();
    if (left > 0) await new Promise<void>((resolve) => void this.timers.after(left, resolve));
    const holder = await this.read();
    return Object.keys(this.missing(holder)).length === 0 ? undefined : this.lost(holder);
  }

  private missing(holder: EnvHost): Texts {
    return Object.fromEntries(
      textFields.flatMap((field) => {
        const next = nextText(holder, this.news, this.former, field);
        return next === undefined ? [] : [[field, next]];
      }),
    );
  }

  private tellSlow({ label }: EnvHost): void {
    const tookMs = this.timers.now() - this.readAt;
    if (tookMs <= settledAfterMs) return;
    this.context.warn(
      `Reading and saving the variables of the ${label} took ${Math.round(tookMs / 1000)} s. What another program saved there ` +
        "meanwhile may be lost: if one did, run `pulumi refresh` and `pulumi up` there.",
    );
  }

  private lost({ label }: EnvHost): UserError {
    return new UserError(
      `Variables of the ${label} were saved, and somebody else took them away again, ${mostTries} times: another program ` +
        "changes the same text. Run the update again once that has ended; where both give a variable of the same name, " +
        "leave it to one of them.",
    );
  }
}
