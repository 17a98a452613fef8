import type { ReadInterrupted } from "../../pulumi";

type Inputs = Readonly<Record<string, unknown>>;

/**
 * Updates during which an earlier run was killed. The state of the stack has the inputs of each, until the next update of the
 * stack begins, so what was read once is kept.
 */
export class InterruptedUpdates {
  private readonly known = new Map<string, Inputs>();

  /** @param read undefined where there is no stack */
  constructor(private readonly read?: ReadInterrupted) {}

  /** Returns the inputs that an interrupted run may have saved of a resource; undefined where none was interrupted. */
  async inputsOf(identity: string): Promise<Inputs | undefined> {
    const inputs = this.known.get(identity) ?? (await this.read?.(identity));
    if (inputs !== undefined) this.known.set(identity, inputs);
    return inputs;
  }
}
