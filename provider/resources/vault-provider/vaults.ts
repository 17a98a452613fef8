import { z } from "zod";
import { isUnknown } from "../../../packages/values";
import { armField } from "../../engine";
import { nonEmptyText } from "../../schema";
import { webAddress } from "../types/addresses";

/** Vaults that Dokploy takes secrets from, each with its inputs. */

/** Text that Dokploy shows instead of a secret, and that leaves the secret unchanged in an update. */
export const SHOWN_SECRET = "********";

const secretText = nonEmptyText.refine(
  (value) => value !== SHOWN_SECRET,
  "is the text that Dokploy shows instead of a secret: give the secret itself",
);

/** Fields of one vault; some names have another meaning in other vaults. */
const hashicorp = z.strictObject({
  type: z.literal("hashicorp"),
  /** Address of Vault or OpenBao: `https://vault.acme.example:8200`. */
  url: armField(columnOf("hashicorp", "url"), webAddress),
  /** Token that can read the secrets. Secret. */
  token: secretColumn("hashicorp", "token"),
  /** Namespace in the vault. Default: none. */
  namespace: armField(columnOf("hashicorp", "namespace"), nonEmptyText, { default: null }),
  /** Path of the key-value engine, which must be of version 2. Default: `secret`. */
  mount: armField(columnOf("hashicorp", "mount"), nonEmptyText, { default: "secret" }),
});

const infisical = z.strictObject({
  type: z.literal("infisical"),
  /** Address of Infisical. Default: `https://app.infisical.com`. */
  siteUrl: armField(columnOf("infisical", "siteUrl"), webAddress, { default: "https://app.infisical.com" }),
  /** Client id of the machine identity (Universal Auth). */
  clientId: armField(columnOf("infisical", "clientId"), nonEmptyText),
  /** Client secret of the machine identity. Secret. */
  clientSecret: secretColumn("infisical", "clientSecret"),
  /** Id of the project in Infisical. */
  projectId: armField(columnOf("infisical", "projectId"), nonEmptyText),
  /** Environment in Infisical: `prod`. */
  environmentSlug: armField(columnOf("infisical", "environmentSlug"), nonEmptyText),
  /** Folder of the secrets. Default: `/`. */
  secretPath: armField(columnOf("infisical", "secretPath"), nonEmptyText, { default: "/" }),
});

const aws = z.strictObject({
  type: z.literal("aws"),
  /** Region: `eu-central-1`. */
  region: armField(columnOf("aws", "region"), nonEmptyText),
  /** Id of the access key. */
  accessKeyId: armField(columnOf("aws", "accessKeyId"), nonEmptyText),
  /** Secret part of the access key. Secret. */
  secretAccessKey: secretColumn("aws", "secretAccessKey"),
  /** Address of Secrets Manager. Default: the address of the region. */
  endpoint: armField(columnOf("aws", "endpoint"), webAddress, { default: null }),
});

const doppler = z.strictObject({
  type: z.literal("doppler"),
  /** Token: a service token (`dp.st.`), or another one, which needs `project` and `config`. Secret. */
  serviceToken: secretColumn("doppler", "serviceToken"),
  /** Project in Doppler. Default: the project of the service token. */
  project: armField(columnOf("doppler", "project"), nonEmptyText, { default: null }),
  /** Config in Doppler: `prd`. Default: the config of the service token. */
  config: armField(columnOf("doppler", "config"), nonEmptyText, { default: null }),
});

const azure = z.strictObject({
  type: z.literal("azure"),
  /** Address of the Key Vault: `https://acme.vault.azure.net`. */
  vaultUri: armField(columnOf("azure", "vaultUri"), webAddress),
  /** Id of the tenant. */
  tenantId: armField(columnOf("azure", "tenantId"), nonEmptyText),
  /** Client id of the application that reads the secrets. */
  clientId: armField(columnOf("azure", "clientId"), nonEmptyText),
  /** Client secret of that application. Secret. */
  clientSecret: secretColumn("azure", "clientSecret"),
});

const scaleway = z.strictObject({
  type: z.literal("scaleway"),
  /** Region. Default: `fr-par`. */
  region: armField(columnOf("scaleway", "region"), nonEmptyText, { default: "fr-par" }),
  /** Id of the project in Scaleway. */
  projectId: armField(columnOf("scaleway", "projectId"), nonEmptyText),
  /** Secret key for the API. Secret. */
  secretKey: secretColumn("scaleway", "secretKey"),
  /** Address of the API. Default: `https://api.scaleway.com`. */
  apiUrl: armField(columnOf("scaleway", "apiUrl"), webAddress, { default: "https://api.scaleway.com" }),
});

const arms = [hashicorp, infisical, aws, doppler, azure, scaleway] as const;

export const vault = z.discriminatedUnion("type", arms);

/** Returns true if a token of Doppler is not for one config, and no config is given. */
export function isWithoutConfig(from: Partial<z.infer<typeof vault>>): boolean {
  if (from.type !== "doppler" || from.serviceToken === undefined || isUnknown(from.serviceToken))
    return false;
  return !from.serviceToken.startsWith("dp.st.") && (from.project === undefined || from.config === undefined);
}

/** Returns the name of the column for a field of Dokploy's `config`. */
export function columnOf(type: string, field: string): string {
  return `as:${type}.${field}`;
}

/** Fields of each vault: those in plain text, and those that are secret. */
export const vaultFields: ReadonlyMap<string, Record<"open" | "secret", readonly string[]>> = new Map(
  arms.map(({ shape: { type, ...fields } }) => {
    const isSecret = ([, field]: [string, z.ZodType]) => field.meta()?.field?.secret === true;
    const all = Object.entries(fields);
    const named = (some: [string, z.ZodType][]) => some.map(([name]) => name);
    return [
      type.value,
      { open: named(all.filter((one) => !isSecret(one))), secret: named(all.filter(isSecret)) },
    ];
  }),
);

function secretColumn(type: string, field: string): typeof secretText {
  return armField(columnOf(type, field), secretText, { secret: true, writeOnly: true });
}
