import { isRecord, isUnknown, type Values } from "../../packages/values";
import { looksOutside } from "../env";
import { inRow } from "../pulumi";
import { type Change, type Mapping, stronger } from "../schema";
import type { Entity } from "./entity";
import type { Run } from "./run/run";
import type { SharedScope } from "./run/shared-plans";

/**
 * Coordinates a resource with the others of its run: who changes which shared variables, who deploys which service,
 * and in which order.
 */
export class RunCoordinator<Inputs extends object> {
  constructor(
    private readonly entity: Pick<Entity<Inputs, never>, "affects">,
    private readonly mapping: Mapping,
    private readonly run: Run,
  ) {}

  /** Announces a resource that will be created. */
  planNew(owner: string, inputs: Values): void {
    this.note(owner, undefined, inputs, this.mapping.changes({}, inputs));
  }

  /** Announces a resource that will change. */
  plan(owner: string, id: string, inputs: Values, changes: readonly Change[]): void {
    // Its replacement is announced when that is checked.
    if (!changes.some(({ replace }) => replace)) this.note(owner, id, inputs, changes);
  }

  /** Creates or changes the object, as its turn in the run. */
  execute<T>(owner: string, id: string | undefined, inputs: Values, work: () => Promise<T>): Promise<T> {
    const { shared, deployments, rows } = this.run;
    shared.begin(owner);
    const execute = () =>
      inRow(rows.get(owner), () => deployments.execute(this.serviceOf(id, inputs), owner, work));
    // The server checks references against the variables that it has. Two scopes could wait for each other.
    const isReader = this.scopeOf(id, inputs) === undefined && this.takesShared(inputs);
    return (isReader ? shared.settled().then(execute) : execute()).finally(() => shared.saved(owner));
  }

  private note(owner: string, id: string | undefined, inputs: Values, changes: readonly Change[]): void {
    const { shared, deployments } = this.run;
    shared.forget(owner);
    const { scope, newScope } = this.entity.affects?.(id, inputs as Inputs) ?? {};
    const variables = changes.find(({ path }) => path === "env");
    const { env, deploy } = inputs;
    const set = isRecord(env) ? variablesOf(env) : undefined;
    if (newScope) shared.planNew(newScope, owner, set);
    if (scope && variables && env !== undefined) {
      shared.plan(scope, owner, {
        set,
        whole: this.mapping.envs(inputs).every(({ path, sharesText }) => path !== "env" || !sharesText),
        removed: variables.keys?.removed ?? [],
      });
    }
    const service = this.serviceOf(id, inputs);
    if (service === undefined) return;
    const need = changes.map(({ apply }) => apply).reduce(stronger, "none");
    deployments.plan(service, owner, deploy === false ? "none" : need);
  }

  private takesShared(inputs: Values): boolean {
    const values = this.mapping.envs(inputs).flatMap(({ value }) => Object.values(Object(value)));
    return values.some((value) => typeof value === "string" && looksOutside(value));
  }

  private serviceOf(id: string | undefined, inputs: Values): string | undefined {
    return this.entity.affects?.(id, inputs as Inputs).deploys;
  }

  private scopeOf(id: string | undefined, inputs: Values): SharedScope | undefined {
    return this.entity.affects?.(id, inputs as Inputs).scope;
  }
}

/** Returns names with their values, as far as they are known. */
function variablesOf(env: Values): Map<string, string | undefined> {
  return new Map(
    Object.entries(env).map(([key, value]) => [
      key,
      typeof value === "string" && !isUnknown(value) ? value : undefined,
    ]),
  );
}
