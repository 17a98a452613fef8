import { CheckFailedError, UserError } from "../errors";
import { serverKey } from "../pulumi";
import type { Context } from "./context";
import type { Entity, Lost, State } from "./entity";
import { addedKeys, pick } from "./states";

type Values = Record<string, unknown>;

/** Output that marks an object as lost. The states of stacks have it, so its name never changes. */
const lostKey = "isLost";

/** True for the state of an object that the last refresh did not find in Dokploy. */
export function isLost(state: Values): boolean {
  return state[lostKey] === true;
}

/** True for the result of a read that found the remains of an object instead of it. */
export function isRemains(answer: object): answer is Lost {
  return "left" in answer;
}

/** An object of a state. */
export interface Known<Inputs, Outputs> {
  readonly id: string;
  /** `Application "web"` */
  readonly label: string;
  readonly state: State<Inputs, Outputs>;
}

/**
 * Objects of one kind that a state has and Dokploy does not: somebody deleted them by hand, or Dokploy's database is older
 * than the state. They stay in the state, so that a plan does not take them for new ones, and their remains can be
 * found by their former outputs.
 */
export class Losses<Inputs, Outputs> {
  constructor(
    private readonly entity: Pick<Entity<Inputs, Outputs>, "read" | "preflight" | "schema">,
    private readonly connect: () => Context,
  ) {}

  /**
   * Returns the result of a refresh that did not find an object.
   *
   * @param olds state; for a function such as `get`, which looks for an object that no state has, the inputs alone
   */
  notFound(
    known: Known<Inputs, Outputs>,
    olds: Values,
    lost: Lost | undefined,
  ): { id: string; props?: Values; inputs?: Values } {
    const isOfState = serverKey in olds || Object.keys(known.state.outputs as object).length > 0;
    if (!isOfState) return { id: "" };
    const next = lost?.loss
      ? "the next plan says so"
      : "the next plan says so, and `pulumi up` creates it again";
    this.report(known, `It stays in the state: ${next}.`, lost);
    const inputs = pick(olds, [...Object.keys(this.entity.schema.shape), ...addedKeys]);
    return { id: known.id, inputs, props: { ...olds, [lostKey]: true } };
  }

  /**
   * Reports in a plan that an object is created again.
   *
   * @throws CheckFailedError when the program has not agreed to what it loses
   * @throws UserError when Dokploy has the object again
   */
  async plan(known: Known<Inputs, Outputs>, news: Values): Promise<void> {
    // Without a server, nobody can look.
    if (this.entity.preflight === undefined) return;
    const lost = await this.lookAgain(known);
    const { agreement = {}, reason: loss = "" } = lost?.loss ?? {};
    if (Object.entries(agreement).every(([name, value]) => news[name] === value))
      return this.report(known, "This update creates it again.", lost);
    throw new CheckFailedError([{ property: "", reason: `${gone(known, lost)} ${lost?.left} ${loss}` }]);
  }

  /**
   * Says what a deletion leaves, unless the plan of its successor has said it.
   *
   * @throws UserError when Dokploy has the object again, which is not deleted then
   */
  async deleted(known: Known<Inputs, Outputs>, isReplaced: boolean): Promise<void> {
    const lost = await this.lookAgain(known);
    if (!isReplaced && lost !== undefined) this.report(known, "", lost);
  }

  /** @throws UserError when Dokploy has the object again */
  private async lookAgain({ id, label, state }: Known<Inputs, Outputs>): Promise<Lost | undefined> {
    const context = this.connect();
    const found = await this.entity.read(id, state, { ...context, reads: context.reads.snapshot() });
    if (found === undefined || isRemains(found)) return found;
    throw new UserError(
      `${label} (${id}) was lost at the last refresh, and Dokploy has it again: run \`pulumi refresh\`, so that it is ` +
        "neither deleted nor created a second time.",
    );
  }

  /** Warns where something is left; other objects leave nothing behind. */
  private report(known: Known<Inputs, Outputs>, effect: string, lost: Lost | undefined): void {
    const { warn, inform } = this.connect();
    const say = lost === undefined ? inform : warn;
    const texts = [gone(known, lost), effect, lost?.left ?? ""].filter((text) => text !== "");
    say(texts.join(" "), lost?.isExpired ? "expired" : "lost");
  }
}

function gone({ id, label }: Pick<Known<never, never>, "id" | "label">, lost: Lost | undefined): string {
  if (lost?.isExpired) return `${label} (${id}) has expired.`;
  return (
    `${label} (${id}) no longer exists in Dokploy: somebody deleted it there, or Dokploy's database is older than the ` +
    "state."
  );
}
