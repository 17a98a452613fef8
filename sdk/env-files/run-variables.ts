import { backendOf } from "./backend";
import { managers } from "./managers/table";

/** Logins of secrets managers, which read the secrets of all stages. */
const logins: ReadonlySet<string> = new Set(Object.values(managers).flatMap((manager) => manager.logins));

/** Tokens that a system of CI gives each job, and by which the job may change its repository. */
const tokensOfJobs: readonly RegExp[] = [
  /^(?:GITHUB|GH)(?:_ENTERPRISE)?_TOKEN$|^(?:GITLAB|GITEA|FORGEJO)_TOKEN$/,
  /^(?:CI|DRONE|WOODPECKER)_\w*(?:TOKEN|JWT|JWT_V\d|PASSWORD)$|^CI_REPOSITORY_URL$/,
  /^SYSTEM_ACCESSTOKEN$|^BITBUCKET_STEP_OIDC_TOKEN$|^CIRCLE_OIDC_TOKEN(?:_V\d)?$|^BUILDKITE_AGENT_ACCESS_TOKEN$/,
  // Logins that actions and runners leave for npm, Docker and git.
  /^(?:NODE_AUTH_TOKEN|DOCKER_AUTH_CONFIG|GIT_CONFIG_(?:PARAMETERS|COUNT|(?:KEY|VALUE)_\d+))$/,
];

/** Logins of the clouds that keep the state, by the beginning of the backend's address. */
const loginsOfBackends: readonly (readonly [backend: string, names: RegExp])[] = [
  ["s3:", /^AWS_/],
  ["gs:", /^(?:GOOGLE|GCLOUD|CLOUDSDK)_/],
  ["azblob:", /^(?:AZURE|ARM)_/],
];

/**
 * True for a variable of the process that belongs to the run itself: a setting or key of this program or of Pulumi, a token of
 * the job, a login of a secrets manager or of the backend. A service, or another program, with one could do anything that the
 * run can.
 *
 * @example
 * isOfRun("PULUMI_ACCESS_TOKEN"); // true
 * isOfRun("AWS_ACCESS_KEY_ID", { PULUMI_BACKEND_URL: "s3://acme-state" }); // true
 */
export function isOfRun(variable: string, env: NodeJS.ProcessEnv = process.env): boolean {
  const name = variable.toUpperCase();
  return (
    /^(?:DOKPLOY|PULUMI|ACTIONS)_/.test(name) ||
    tokensOfJobs.some((names) => names.test(name)) ||
    logins.has(name) ||
    loginsOfBackends.some(([scheme, names]) => names.test(name) && backendOf(env).startsWith(scheme))
  );
}

/** Returns the variable of the run that has a text as its value; undefined for none. Another variable may have the same value. */
export function ofRunWith(text: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  return Object.keys(env).find((name) => env[name] === text && isKey(name, text) && isOfRun(name, env));
}

/** False for settings such as `true`, which other variables have too. */
function isKey(name: string, text: string): boolean {
  return text.length >= leastKey && /TOKEN|KEY|PASS|SECRET|JWT|URL$|CONFIG/i.test(name);
}

const leastKey = 16;
