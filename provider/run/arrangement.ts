import type { Definition } from "../definition";
import { looksOutside } from "../env/uses";
import type { Change, Mapping } from "../mapping";
import { isRecord, isUnknown } from "../unknown";
import type { Claims } from "./claims";
import type { Tokens } from "./handovers";

type Values = Readonly<Record<string, unknown>>;

/** How long something waits for shared variables that another resource of the same run is to save. */
const sharedTimeoutMs = 60_000;

/** The output of a service's resource for the shared variables that it has got; see `Handovers`. */
const tokensKey = "sharedTokens";

/**
 * What a resource settles with the others of its run: who changes which shared variables, who deploys which service, and
 * in which order.
 */
export class Arrangement<Inputs extends object> {
  constructor(
    private readonly definition: Pick<
      Definition<Inputs, never>,
      "kind" | "sharesText" | "sharedScope" | "deploys"
    >,
    private readonly mapping: Mapping,
    private readonly claims: Claims,
  ) {}

  /** Tells the others what is going to be made. */
  planNew(inputs: Values): void {
    this.note(undefined, inputs, this.mapping.changes({}, inputs));
  }

  /**
   * Tells the others what is going to change.
   *
   * @returns true when shared variables changed for which this resource has to deploy its service
   */
  plan(id: string, olds: Values, inputs: Values, changes: readonly Change[]): boolean {
    const { handovers, deployments } = this.claims;
    // What replaces it is noted when it is checked.
    if (!changes.some(({ replace }) => replace)) this.note(id, inputs, changes);
    if (isRecord(olds["handedOver"])) handovers.restore(olds["handedOver"] as Tokens);
    const service = this.serviceOf(id, inputs);
    if (service === undefined) return false;
    const isHanded = handovers.plan(service, tokensOf(olds)) && inputs["deploy"] !== false;
    if (isHanded) deployments.plan(service, this.ownerOf(id, inputs));
    return isHanded;
  }

  /** Whether another resource has left the deployment of the service to this one. */
  isHanded(id: string, olds: Values, inputs: Values): boolean {
    const service = this.serviceOf(id, inputs);
    return service !== undefined && this.claims.handovers.isDue(service, tokensOf(olds));
  }

  /** Makes or changes the object, once the shared variables that it takes are saved. */
  async carryOut<T>(id: string | undefined, inputs: Values, work: () => Promise<T>): Promise<T> {
    const { shared, deployments } = this.claims;
    const owner = this.ownerOf(id, inputs);
    const isShared = this.definition.sharedScope?.(id, inputs as Inputs) !== undefined;
    try {
      if (!isShared && this.takesShared(inputs)) await shared.settled(sharedTimeoutMs);
      return await deployments.carryOut(this.serviceOf(id, inputs), owner, work);
    } finally {
      shared.saved(owner);
    }
  }

  /** What the state keeps of it once the service was deployed. */
  outputs(id: string, olds: Values, inputs: Values): Values {
    const service = this.serviceOf(id, inputs);
    return service === undefined ? {} : tokenOutput(this.claims.handovers.applied(service, tokensOf(olds)));
  }

  private note(id: string | undefined, inputs: Values, changes: readonly Change[]): void {
    const { shared, deployments } = this.claims;
    const owner = this.ownerOf(id, inputs);
    shared.forget(owner);
    const scope = this.definition.sharedScope?.(id, inputs as Inputs);
    const variables = changes.find(({ path }) => path === "env");
    const { env, deploy } = inputs;
    if (scope && variables && env !== undefined) {
      shared.plan(scope, owner, {
        set: isRecord(env) ? variablesOf(env) : undefined,
        whole: !this.definition.sharesText?.(inputs as Inputs),
        removed: variables.keys?.removed ?? [],
      });
    }
    const service = this.serviceOf(id, inputs);
    if (service === undefined) return;
    if (willDeploy(deploy, changes)) deployments.plan(service, owner);
    else deployments.forget(service, owner);
  }

  private serviceOf(id: string | undefined, inputs: Values): string | undefined {
    return this.definition.deploys?.(id, inputs as Inputs);
  }

  /** Names this resource among those of the run; what is new has no id before it is made. */
  private ownerOf(id: string | undefined, { env, ...rest }: Values): string {
    const names = isRecord(env) ? Object.keys(env) : [];
    return `${this.definition.kind} ${id ?? JSON.stringify([rest, names])}`;
  }

  private takesShared(inputs: Values): boolean {
    const values = this.mapping.envs(inputs).flatMap(({ value }) => Object.values(Object(value)));
    return values.some((value) => typeof value === "string" && looksOutside(value));
  }
}

/** A state without what arrangements keep in it. */
export function withoutArrangements({ [tokensKey]: _, ...state }: Values): Values {
  return state;
}

/** What arrangements keep in a state. */
export function arrangementsOf(state: Values): Values {
  return tokenOutput(tokensOf(state));
}

function tokensOf(state: Values): string[] {
  const tokens = state[tokensKey];
  return Array.isArray(tokens) ? tokens.filter((token) => typeof token === "string") : [];
}

function tokenOutput(tokens: readonly string[]): Values {
  return tokens.length > 0 ? { [tokensKey]: tokens } : {};
}

/** True when the update makes a deployment that gives containers the shared variables as they are then. */
function willDeploy(option: unknown, changes: readonly Change[]): boolean {
  if (option === false || (isRecord(option) && option["method"] === "reload")) return false;
  return changes.some(({ apply }) => apply === "deploy" || apply === "redeploy");
}

/** Names with values, as far as they are known. */
function variablesOf(env: Values): Map<string, string | undefined> {
  return new Map(
    Object.entries(env).map(([key, value]) => [
      key,
      typeof value === "string" && !isUnknown(value) ? value : undefined,
    ]),
  );
}
