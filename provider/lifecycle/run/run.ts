import type { ReadInterrupted, ReadStack } from "../../pulumi";
import { Addresses } from "./addresses";
import { Deployments } from "./deployments";
import { HostPorts } from "./host-ports";
import { InterruptedUpdates } from "./interrupted-updates";
import { Interruptions } from "./interruptions";
import { LastLooks } from "./last-looks";
import { Ownership } from "./ownership";
import { ProgramSecrets } from "./program-secrets";
import { SharedPlans } from "./shared-plans";

/** One run of Pulumi: everything that its resources have to know of each other. */
export class Run {
  readonly ownership: Ownership;
  /** Changes of shared variables in this run. */
  readonly shared = new SharedPlans();
  /** Deployments that this run makes. */
  readonly deployments = new Deployments();
  /** Looks of its resources at what they saved. */
  readonly lastLooks = new LastLooks();
  /** Applications with a port in host mode. */
  readonly hostPorts = new HostPorts();
  /** Updates that an earlier run began, and that no state has. */
  readonly interruptedUpdates: InterruptedUpdates;
  /** Services that it interrupts. */
  readonly interruptions = new Interruptions();
  /** Addresses of the services that it deploys. */
  readonly addresses = new Addresses();
  /** Warnings of the check of networks by server, that of Dokploy's own machine by "", and whether one was reported. */
  readonly networks = new Map<
    string,
    { readonly warning: Promise<string | undefined>; isReported: boolean }
  >();
  /** URNs of the resources, by identity. */
  readonly rows = new Map<string, string>();
  /** Values that the program marked as secret. */
  readonly secrets = new ProgramSecrets();

  /** Values on the server that new resources adopt, by the input that names the place: facts of the plan. */
  readonly adoptedValues = new Map<string, string>();

  /** @param readStack undefined where there is no stack */
  constructor(readStack?: ReadStack, readInterrupted?: ReadInterrupted) {
    this.ownership = new Ownership(readStack);
    this.interruptedUpdates = new InterruptedUpdates(readInterrupted);
  }
}
