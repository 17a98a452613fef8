import { isRecord } from "../../../packages/values";
import { UsageError } from "../../terminal";

/** Inputs of the actions that are variables of the same name in capital letters. */
const inputs = [
  "dokploy-url",
  "dokploy-api-key",
  "pulumi-backend-url",
  "pulumi-access-token",
  "pulumi-config-passphrase",
  "aws-access-key-id",
  "aws-secret-access-key",
  "google-credentials",
  "azure-storage-key",
] as const;

/** Variables of an environment of GitHub that a command gets; the action is given all that the environment has. */
const variables = [
  "DOKPLOY_URL",
  "PULUMI_BACKEND_URL",
  "AWS_REGION",
  "AWS_ROLE_ARN",
  "AZURE_CLIENT_ID",
  "AZURE_STORAGE_ACCOUNT",
  "AZURE_TENANT_ID",
  "GOOGLE_SERVICE_ACCOUNT",
  "GOOGLE_WORKLOAD_IDENTITY_PROVIDER",
] as const;

/** Variable with the inputs of an action as JSON: `${{ toJSON(inputs) }}`. No command gets it. */
export const settingsVariable = "SETTINGS";

/**
 * Returns the variables for the inputs of an action. An empty input leaves a variable of the job as it is.
 *
 * @param text inputs as JSON; undefined outside of the actions
 * @throws UsageError for a text that is not JSON; it has secrets, so no message quotes it
 */
export function settingsIn(text: string | undefined, env: NodeJS.ProcessEnv): Record<string, string> {
  const given = text ? objectIn(text) : {};
  const { variables: all } = given;
  const ofEnvironment = typeof all === "string" && all !== "" ? objectIn(all) : {};
  const settings: Record<string, string> = {};
  const take = (name: string, value: unknown) => {
    if (typeof value === "string" && value !== "") settings[name] = value;
  };
  for (const name of variables) take(name, ofEnvironment[name]);
  for (const name of inputs) take(name.toUpperCase().replaceAll("-", "_"), given[name]);
  // A stack may have an empty passphrase, which Pulumi asks for all the same.
  const isPassphrased = ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"].some(
    (name) => env[name] !== undefined || name in settings,
  );
  if (given["pulumi-config-passphrase"] === "" && !isPassphrased) settings["PULUMI_CONFIG_PASSPHRASE"] = "";
  return settings;
}

function objectIn(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (isRecord(value)) return value;
  throw new UsageError(
    `${settingsVariable} is not a JSON object. The actions set it: \${{ toJSON(inputs) }}.`,
  );
}
