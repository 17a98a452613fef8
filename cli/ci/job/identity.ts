import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { isThisMachine } from "../../../packages/text";
import { isRecord } from "../../../packages/values";
import { UserError } from "../../../provider/errors";

/** Time that GitHub has for one response. */
const deadlineMs = 30_000;

/** A cloud that accepts the identity of a job instead of a key. */
interface Cloud {
  /** Variables of the job that ask for it. */
  readonly asks: readonly string[];
  /** Variables with another access, which Pulumi would prefer or which somebody else has set up. */
  readonly unless: readonly string[];
  audience(env: NodeJS.ProcessEnv): string;
  /** Returns the variables by which Pulumi's library of this cloud finds the token. */
  variables(env: NodeJS.ProcessEnv, tokenFile: string): Record<string, string>;
}

/**
 * The clouds that may keep the state. Pulumi's libraries of all of them read the token from a file:
 * https://docs.aws.amazon.com/sdkref/latest/guide/access-assume-role-web.html,
 * https://google.aip.dev/auth/4117,
 * https://learn.microsoft.com/azure/developer/go/sdk/authentication/authentication-overview.
 */
const clouds: readonly Cloud[] = [
  {
    asks: ["AWS_ROLE_ARN"],
    unless: ["AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE"],
    audience: () => "sts.amazonaws.com",
    variables: ({ GITHUB_RUN_ID = "" }, tokenFile) => ({
      AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile,
      AWS_ROLE_SESSION_NAME: `pulumi-dokploy-${GITHUB_RUN_ID}`,
    }),
  },
  {
    asks: ["GOOGLE_WORKLOAD_IDENTITY_PROVIDER"],
    unless: ["GOOGLE_CREDENTIALS", "GOOGLE_APPLICATION_CREDENTIALS"],
    audience: (env) => `https://iam.googleapis.com/${env["GOOGLE_WORKLOAD_IDENTITY_PROVIDER"]}`,
    variables: ({ GOOGLE_WORKLOAD_IDENTITY_PROVIDER, GOOGLE_SERVICE_ACCOUNT }, file) => ({
      GOOGLE_CREDENTIALS: JSON.stringify({
        type: "external_account",
        audience: `//iam.googleapis.com/${GOOGLE_WORKLOAD_IDENTITY_PROVIDER}`,
        subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
        token_url: "https://sts.googleapis.com/v1/token",
        credential_source: { file },
        ...(GOOGLE_SERVICE_ACCOUNT
          ? {
              service_account_impersonation_url: `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${encodeURIComponent(GOOGLE_SERVICE_ACCOUNT)}:generateAccessToken`,
            }
          : {}),
      }),
    }),
  },
  {
    asks: ["AZURE_CLIENT_ID", "AZURE_TENANT_ID"],
    unless: [
      "AZURE_STORAGE_KEY",
      "AZURE_STORAGE_SAS_TOKEN",
      "AZURE_FEDERATED_TOKEN_FILE",
      "AZURE_CLIENT_SECRET",
    ],
    audience: () => "api://AzureADTokenExchange",
    variables: (_, tokenFile) => ({ AZURE_FEDERATED_TOKEN_FILE: tokenFile }),
  },
];

/** Variables of a job by which it asks GitHub for its identity. */
export const requestVariables = ["ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"] as const;

/**
 * Lets the job identify itself to the clouds that its variables name, and returns the variables that a command needs.
 *
 * @param settings variables of the action's inputs; with others a machine may have its own access
 * @param folder private folder for the tokens
 * @throws UserError when the job has no identity, or GitHub does not give it
 */
export async function identify(
  env: NodeJS.ProcessEnv,
  settings: Readonly<Record<string, string>>,
  folder: string,
): Promise<Record<string, string>> {
  const all: Record<string, string> = {};
  const hasIdentity = requestVariables.every((name) => env[name]);
  for (const [index, { asks, unless, audience, variables }] of clouds.entries()) {
    if (!asks.every((name) => env[name]) || unless.some((name) => env[name])) continue;
    if (!hasIdentity && !asks.some((name) => name in settings)) continue;
    const file = join(folder, `token-${index}`);
    writeFileSync(file, await tokenFor(audience(env), asks[0] ?? "", env), { mode: 0o600 });
    Object.assign(all, variables(env, file));
  }
  return all;
}

async function tokenFor(audience: string, asked: string, env: NodeJS.ProcessEnv): Promise<string> {
  const [url = "", token = ""] = requestVariables.map((name) => env[name]);
  if (url === "" || token === "")
    throw new UserError(
      `${asked} is set, but this job has no identity that GitHub could vouch for: give the job, and the one that calls the workflow, the permission id-token: write.`,
    );
  const address = URL.canParse(url) ? new URL(url) : undefined;
  const isPrivate = address?.protocol === "https:" || (address && isThisMachine(address.hostname));
  if (!address || !isPrivate)
    throw new UserError("The address for the identity of this job is not an https address.");
  address.searchParams.set("audience", audience);
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(address, {
      headers: { authorization: `Bearer ${token}`, accept: "application/json" },
      // Another address must not get the token.
      redirect: "error",
      signal: AbortSignal.timeout(deadlineMs),
    });
    body = await response.json();
  } catch {
    throw new UserError("GitHub did not give this job its identity. Run the job again.");
  }
  const value = isRecord(body) ? body["value"] : undefined;
  if (response.ok && typeof value === "string" && value !== "") return value;
  throw new UserError(`GitHub did not give this job its identity (${response.status}). Run the job again.`);
}
