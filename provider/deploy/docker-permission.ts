import { DokployError } from "../dokploy/errors";

/** True when the key has no permission to look at containers. */
export function isForbidden(error: unknown): error is DokployError {
  return error instanceof DokployError && error.kind === "forbidden" && error.endpoint.startsWith("docker.");
}

/** Adds advice to the error about the missing permission. */
export function withAdvice(error: DokployError): DokployError {
  return new DokployError(
    `${error.message}\nwaitFor "running" looks at containers, for which the user of the API key needs the permission docker:read (access to Docker). Give it, use a key of an owner or admin, or set waitFor to "deployed".`,
    { kind: error.kind, endpoint: error.endpoint, outcome: error.outcome, status: error.status },
  );
}
