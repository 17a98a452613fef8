import { readDocument } from "../../packages/compose-checks/checks/document";
import { activeProfiles, startsWith } from "../../packages/compose-checks/checks/profiles";
import { servicesOf, Variables } from "../../packages/compose-checks/checks/subject";
import { readEnv } from "../env/codec";

/** What of a compose service says which of its containers a deployment starts. */
interface Deployed {
  readonly composeFile: string;
  readonly composeType: string;
  readonly sourceType: string;
  /** One's own command, which may ask for profiles. */
  readonly command: string;
  readonly createEnvFile: boolean;
  readonly env: string | null;
}

/**
 * The services of a raw compose file whose containers run on after a change: nobody asks for their profile any more, and
 * Compose stops only what is no longer in the file.
 */
export function leftRunning(before: Deployed, after: Deployed): string[] {
  const started = startsOf(before);
  return [...startsOf(after)].flatMap(([name, starts]) =>
    starts === false && started.get(name) === true ? [name] : [],
  );
}

/** Whether each service is started; undefined where that is not known. */
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
  const variables = createEnvFile ? new Variables(readEnv(env, "compose")) : Variables.none();
  const services = servicesOf(document.root, startsWith(activeProfiles(variables), variables));
  return new Map(services.map(({ name, starts }) => [name, starts]));
}
