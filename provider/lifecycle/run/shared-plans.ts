import type { Variables } from "../../env";

/** Variables that a project or an environment will have for its services after this run. */

/** Project or environment, whose variables services may refer to. */
export interface SharedScope {
  readonly kind: "project" | "environment";
  readonly id: string;
}

/** Project or environment that this run creates, which has no id yet. */
export interface NewScope {
  readonly kind: SharedScope["kind"];
  /** True for an environment in a project that exists. */
  readonly isInExisting?: boolean;
}

/** Changes that one resource makes to the variables of a scope. */
export interface SharedPlan {
  /** Variables that it sets; undefined when not even their names are known. */
  readonly set: Variables | undefined;
  /** True when the text will contain these and no others. */
  readonly whole: boolean;
  /** Names that it removes. */
  readonly removed: readonly string[];
}

interface Entry extends SharedPlan {
  readonly scope: string;
  /** True while its resource saves it. */
  isBeingSaved: boolean;
  readonly saved: Promise<void>;
  readonly save: () => void;
}

/** Changes of this run to shared variables. The server gets them during an update, and never in a preview. */
export class SharedPlans {
  private readonly entries = new Map<string, Entry>();
  private readonly created = new Map<string, { scope: NewScope; set: Variables | undefined }>();

  /** @param owner names the resource: its second plan replaces the first */
  plan(scope: SharedScope, owner: string, plan: SharedPlan): void {
    this.saved(owner);
    let save = (): void => {};
    const saved = new Promise<void>((resolve) => {
      save = resolve;
    });
    this.entries.set(owner, { ...plan, scope: keyOf(scope), isBeingSaved: false, saved, save });
  }

  /** Plans a project or environment that the run creates; `set` is undefined without known variables. */
  planNew(scope: NewScope, owner: string, set: Variables | undefined): void {
    this.created.set(owner, { scope, set });
  }

  /** Removes the plan of the owner. */
  forget(owner: string): void {
    this.saved(owner);
    this.entries.delete(owner);
    this.created.delete(owner);
  }

  /** Records that the owner's plan is carried out, or never will be. */
  saved(owner: string): void {
    this.entries.get(owner)?.save();
  }

  /** Records that all plans for this scope are carried out. */
  savedAll(scope: SharedScope): void {
    for (const entry of this.entries.values()) if (entry.scope === keyOf(scope)) entry.save();
  }

  /** Records that the owner begins to save its plan. */
  begin(owner: string): void {
    const entry = this.entries.get(owner);
    if (entry) entry.isBeingSaved = true;
  }

  /**
   * Waits until the plans of these scopes (default: all) that are being saved are saved, or have failed. It does not
   * wait for resources that Pulumi has yet to begin: these may begin only after the caller has ended.
   */
  async settled(scopes?: readonly string[]): Promise<void> {
    const saving = [...this.entries.values()].filter(
      ({ scope, isBeingSaved }) => isBeingSaved && (scopes?.includes(scope) ?? true),
    );
    await Promise.all(saving.map(({ saved }) => saved));
  }

  /**
   * Returns the variables that a service gets from a project or environment which the run creates, as far as they are
   * the same in all of those; undefined when it may be in another one. Other resources may add more.
   */
  appliedToNew(kind: SharedScope["kind"]): Variables | undefined {
    const all = [...this.created.values()];
    if (kind === "project" && all.some(({ scope }) => scope.isInExisting)) return undefined;
    const variables = new Map<string, string | undefined>();
    for (const { set = [] } of all.filter(({ scope }) => scope.kind === kind))
      for (const [name, value] of set)
        variables.set(name, variables.has(name) && variables.get(name) !== value ? undefined : value);
    return variables;
  }

  /** Returns the variables of the server with all plans applied; undefined when the names cannot be known. */
  applied(scope: SharedScope, live: Variables): Variables | undefined {
    const plans = [...this.entries.values()].filter((entry) => entry.scope === keyOf(scope));
    const variables = new Map(plans.some(({ whole }) => whole) ? [] : live);
    // A name may move from one resource to another: one removes it, and another sets it.
    for (const { removed } of plans) for (const name of removed) variables.delete(name);
    for (const { set } of plans) {
      if (set === undefined) return undefined;
      for (const [name, value] of set) variables.set(name, value);
    }
    return variables;
  }
}

function keyOf({ kind, id }: SharedScope): string {
  return `${kind}/${id}`;
}
