import { DokployError } from "../dokploy/errors";

/** Whether the key may not look at containers. */
export function isForbidden(error: unknown): error is DokployError {
  return error instanceof DokployError && error.kind === "forbidden" && error.endpoint.startsWith("docker.");
}

/** The same error, with what to do about it. */
export function withAdvice(error: DokployError): DokployError {
  return new DokployError(
    `${error.message}\nwaitFor "running" looks at containers, for which the user of the API key needs the permission docker:read (access to Docker). Give it, use a key of an owner or admin, or set waitFor to "deployed".`,
    {
      kind: error.kind,
      endpoint: error.endpoint,
      outcome: error.outcome,
      ...(error.status === undefined ? {} : { status: error.status }),
    },
  );
}
