import {
  activeProfiles,
  ComposeVariables,
  readDocument,
  servicesOf,
  startsWith,
} from "../../../packages/compose-checks/checks";
import { readEnv } from "../../env";

/** Inputs of a compose service that decide which containers a deployment starts. */
interface Deployed {
  readonly composeFile: string;
  readonly composeType: string;
  readonly sourceType: string;
  /** Custom command, which may activate profiles. */
  readonly command: string;
  readonly createEnvFile: boolean;
  readonly env: string | null;
}

/**
 * Lists the services of a raw compose file whose containers continue to run after a change: their profile is no longer
 * active, and Compose stops only services that are no longer in the file.
 */
export function stillRunning(before: Deployed, after: Deployed): string[] {
  const started = startsOf(before);
  return [...startsOf(after)].flatMap(([name, starts]) =>
    starts === false && started.get(name) === true ? [name] : [],
  );
}

/** Returns for each service whether it starts; undefined where that is not known. */
function startsOf({
  composeFile,
  composeType,
  sourceType,
  command,
  createEnvFile,
  env,
}: Deployed): ReadonlyMap<string, boolean | undefined> {
  const document = readDocument(composeFile.replace(/^\uFEFF/, ""));
  if (sourceType !== "raw" || composeType === "stack" || command !== "" || "problems" in document)
    return new Map();
  const variables = createEnvFile ? new ComposeVariables(readEnv(env, "compose")) : ComposeVariables.none();
  const services = servicesOf(document.root, startsWith(activeProfiles(variables), variables));
  return new Map(services.map(({ name, starts }) => [name, starts]));
}
