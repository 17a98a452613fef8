import type { ServiceTarget } from "../../deploy";
import type { DeploymentRow, ServiceStatus } from "../../dokploy";
import type { Context, NamedValue } from "../../lifecycle";

/** A service as a rollout needs it: its saved configuration, its past, and the variables around it. */
export interface Deployable {
  /** Service, with the state that its containers should have. */
  readonly target: ServiceTarget;
  readonly status: ServiceStatus;
  /** Records of its deployments from just before; a database has none. */
  readonly deployments: readonly DeploymentRow[];
  /** Keys (`project/<id>`, `environment/<id>`) of the variables that its containers may use besides its own. */
  readonly around: readonly string[];
  /** True when its containers use them. */
  readonly takesShared: boolean;
  /** Texts that no message may show. */
  readonly secrets: Iterable<string>;
  /** Reads the service once more. */
  again(): Promise<ServiceTarget>;
}

/** Returns the secrets that no message may show: those around a service, and those that the program marked. */
export function maskedValues(values: Iterable<NamedValue>, { secrets }: Context["run"]): string[] {
  return [...secrets.all(), ...secrets.among(values)];
}
