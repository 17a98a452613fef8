/** Place of the state, with the settings by which a job reaches it. */
export interface Backend {
  /** Address for `pulumi login`; undefined for Pulumi Cloud. */
  readonly url: string | undefined;
  readonly variables: readonly string[];
  readonly secrets: readonly string[];
}

type Access = Pick<Backend, "variables" | "secrets">;

/** The secret by which the workflows of the example reach Pulumi Cloud. */
export const cloudSecret = "PULUMI_ACCESS_TOKEN";

/** Pulumi Cloud encrypts the secrets of a stack itself. */
const cloud: Backend = { url: undefined, variables: [], secrets: [cloudSecret] };

/** The other backends by the beginnings of their addresses: https://www.pulumi.com/docs/iac/concepts/state-and-backends/. */
const stores: Readonly<Record<string, Access>> = {
  "s3://": { variables: [], secrets: ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] },
  "gs://": { variables: [], secrets: ["GOOGLE_CREDENTIALS"] },
  "azblob://": { variables: ["AZURE_STORAGE_ACCOUNT"], secrets: ["AZURE_STORAGE_KEY"] },
};

/** Reads the option for the backend: `cloud`, or the address of a bucket. Pulumi Cloud if it is left out. */
export function readBackend(given: string | undefined, problem: (text: string) => void): Backend {
  if (given === undefined || given === "cloud") return cloud;
  const [, scheme = ""] =
    /^([a-z0-9]+:\/\/)[a-z0-9][\w.-]{1,62}(?:\/[\w./-]*)?(?:\?[\w.:/&=%-]+)?$/.exec(given) ?? [];
  const access = Object.hasOwn(stores, scheme) ? stores[scheme] : undefined;
  if (access !== undefined) {
    const hasRegion = scheme !== "s3://" || /[?&]region=/.test(given);
    const variables = ["PULUMI_BACKEND_URL", ...(hasRegion ? [] : ["AWS_REGION"]), ...access.variables];
    return { url: given, variables, secrets: [...access.secrets, "PULUMI_CONFIG_PASSPHRASE"] };
  }
  problem(
    `--backend takes cloud, or the address of a bucket that begins with ${Object.keys(stores).join(", ")}: s3://acme-pulumi?region=eu-central-1.`,
  );
  return cloud;
}
