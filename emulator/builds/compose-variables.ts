import {
  type LookUp,
  readComposeEnvFile,
  readStackEnvFile,
  substitute,
  writeEnvFile,
} from "../instance/env-file";
import type { Instance } from "../instance/instance";
import type { ComposeRow } from "../instance/rows";
import { checkVaults, resolveVariables, type Scope } from "../instance/variables";
import { traitsOf } from "../instance/versions";

/** The variables of a compose service on their way into its containers. */
export interface ComposeVariables {
  /** Size, in bytes, of the variables in the shell command that deploys the service. */
  readonly bytes: number;
  /** Contents of `.env`, as it is read for `env_file`. */
  readonly file: Record<string, string>;
  /** Looks up the value of `${NAME}` in the compose file. */
  readonly lookUp: LookUp;
  /** Reason why the command fails before it reads the compose file. */
  readonly failure: string | undefined;
}

export interface ComposeService {
  readonly image?: string;
  readonly env_file?: unknown;
  readonly environment?: unknown;
  readonly cpus?: unknown;
  readonly mem_limit?: unknown;
  readonly pids_limit?: unknown;
  readonly deploy?: {
    readonly resources?: { readonly limits?: Readonly<Record<string, unknown>> | null } | null;
  } | null;
}

/** Variables of Dokploy's own process, which have precedence over those of a compose service. */
const ofProcess: Readonly<Record<string, string>> = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  HOME: "/root",
};

/**
 * Computes the variables of a compose service.
 *
 * @throws with Dokploy's message for a reference that it does not find
 */
export function composeVariables(instance: Instance, compose: ComposeRow, scope: Scope): ComposeVariables {
  const traits = traitsOf(instance.version);
  checkVaults(scope, compose.env);
  const isStack = compose.composeType === "stack";
  const written = compose.createEnvFile ? dotEnv(instance, compose, scope) : {};
  const style = isStack ? (traits.quotesStackFile ? "quoted" : "unquoted") : traits.envFile;
  const text = writeEnvFile(written, style);
  const base64 = Math.ceil(Buffer.byteLength(text) / 3) * 4;
  const { PATH, HOME } = ofProcess;
  const around = { PATH, ...(traits.passesHome ? { HOME } : {}) };
  return isStack
    ? ofStack({ compose, scope, text, base64, around })
    : ofCompose({ compose, text, base64, around });
}

interface Written {
  readonly compose: ComposeRow;
  readonly text: string;
  readonly base64: number;
  readonly around: Readonly<Record<string, string | undefined>>;
}

function ofCompose({ compose, text, base64, around }: Written): ComposeVariables {
  const outside: LookUp = (name) => (name === "COMPOSE_PROJECT_NAME" ? compose.appName : around[name]);
  try {
    const project = readComposeEnvFile(text, outside);
    const lookUp: LookUp = (name) => outside(name) ?? own(project, name);
    return { bytes: base64, file: readComposeEnvFile(text, lookUp), lookUp, failure: undefined };
  } catch (error) {
    return {
      bytes: base64,
      file: {},
      lookUp: outside,
      failure: `failed to read ${envPath(compose)}: ${messageOf(error)}`,
    };
  }
}

function ofStack({
  compose,
  scope,
  text,
  base64,
  around,
}: Written & { readonly scope: Scope }): ComposeVariables {
  // An empty one is left out, and a shell puts a backslash into some.
  const exported = Object.fromEntries(
    Object.entries(resolveVariables(compose.env, scope))
      .filter(([, value]) => value !== "")
      .map(([name, value]) => [
        name,
        value.includes("'") && value.includes("!") ? value.replaceAll("!", "\\!") : value,
      ]),
  );
  const lookUp: LookUp = (name) => own(exported, name) ?? around[name];
  const onLine = Object.entries(exported).map(([name, value]) => `${name}=${value} `);
  const bytes = base64 + Buffer.byteLength(onLine.join(""));
  if (Object.hasOwn(exported, "PATH"))
    return { bytes, file: {}, lookUp, failure: "env: 'docker': No such file or directory" };
  try {
    return { bytes, file: readStackEnvFile(text, envPath(compose), lookUp), lookUp, failure: undefined };
  } catch (error) {
    // Only a service that uses the file has to read it.
    const failure = takesEnvFile(compose) ? messageOf(error) : undefined;
    return { bytes, file: {}, lookUp, failure };
  }
}

/**
 * Returns the variables of a container of the service: all of `.env` where it uses that, then those of the file
 * itself.
 */
export function environmentOf(
  service: ComposeService | null,
  variables: ComposeVariables,
): Record<string, string> {
  const { environment } = service ?? {};
  const env: Record<string, string> = wantsDotEnv(service?.env_file) ? { ...variables.file } : {};
  const set = (name: string, value: string | undefined) => {
    const given = value === undefined ? variables.lookUp(name) : substitute(value, variables.lookUp);
    if (given !== undefined) env[name] = given;
  };
  if (Array.isArray(environment)) {
    for (const entry of environment.map(String)) {
      const equals = entry.indexOf("=");
      if (equals === -1) set(entry, undefined);
      else set(entry.slice(0, equals), entry.slice(equals + 1));
    }
  } else if (typeof environment === "object" && environment !== null) {
    for (const [name, value] of Object.entries(environment))
      set(name, value === null ? undefined : String(value));
  }
  return env;
}

/** True when `env_file` of a service includes `.env`. */
export function wantsDotEnv(envFiles: unknown): boolean {
  const list = Array.isArray(envFiles) ? envFiles : [envFiles];
  const paths = list.map((entry) => (typeof entry === "object" && entry !== null ? entry.path : entry));
  return paths.some((path) => path === ".env" || path === "./.env");
}

export function envPath({ appName }: ComposeRow): string {
  return `/etc/dokploy/compose/${appName}/code/.env`;
}

function takesEnvFile({ composeFile }: ComposeRow): boolean {
  return /env_file/.test(composeFile);
}

/** Returns the `.env` next to the compose file: names that Dokploy adds, then the user's variables. */
function dotEnv(instance: Instance, compose: ComposeRow, scope: Scope): Record<string, string> {
  const { addsProjectName } = traitsOf(instance.version);
  const added = [
    `APP_NAME=${compose.appName}`,
    ...(addsProjectName ? [`COMPOSE_PROJECT_NAME=${compose.appName}`] : []),
  ];
  let text = `${added.join("\n")}\n${compose.env ?? ""}`;
  if (!text.includes("DOCKER_CONFIG")) text += "\nDOCKER_CONFIG=/root/.docker";
  if (compose["randomize"]) text += `\nCOMPOSE_PREFIX=${String(compose["suffix"])}`;
  return resolveVariables(text, scope);
}

function own(variables: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(variables, name) ? variables[name] : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
