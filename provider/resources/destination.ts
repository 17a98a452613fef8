import { z } from "zod";
import { visible } from "../../packages/text";
import {
  type Api,
  callAny,
  ifFound,
  type ListedService,
  SERVICES,
  savedDatabases,
  servicesIn,
} from "../dokploy";
import { backupsOf, field, simple, withTest } from "../engine";
import { withChecks } from "../lifecycle";
import { nonEmptyText } from "../schema";
import { backupsOfDokploy } from "./backups/web-server";
import { tries } from "./checks/trial";

type Row = Readonly<Record<string, unknown>>;

const base = simple({
  kind: "Destination",
  router: "destination",
  key: ["name"],
  label: ({ name }) => name,
  create: (columns) => ({ additionalFlags: [], ...columns }),
  usedBy: backupsOfDestination,
  inputs: {
    /** Name in Dokploy; unique among destinations. */
    name: nonEmptyText,
    /**
     * Name that rclone has for the service: `AWS`, `Cloudflare`, `Minio` … Default: none, which suits most services.
     */
    provider: field(z.string().regex(/^[A-Za-z0-9]+$/, "is not the name of a provider of rclone"), {
      default: null,
    }),
    /** Name of the bucket, and optionally a folder in it: `acme-backups`. */
    bucket: z
      .string()
      .regex(
        /^[a-zA-Z0-9][a-zA-Z0-9._-]{1,62}(?:\/[a-zA-Z0-9._-]+)*$/,
        "is not the name of a bucket such as acme-backups",
      ),
    /** Region of the bucket: `eu-central-1`. Default: empty, for services without regions. */
    region: field(z.string().regex(/^[a-zA-Z0-9._-]*$/, "is not a region such as eu-central-1"), {
      default: "",
    }),
    /** Address of the service: `https://s3.eu-central-1.amazonaws.com`. Default: the address of the provider. */
    endpoint: field(
      z
        .string()
        .regex(
          /^(?:(?:https?:\/\/)?(?:[a-zA-Z0-9._-]+|\[[0-9a-fA-F:]+\])(?::[0-9]{1,5})?(?:\/[a-zA-Z0-9._~/-]*)?)?$/,
          "is not an address such as https://s3.example.com",
        ),
      { default: "" },
    ),
    /** Id of the access key for the bucket. Secret. */
    accessKey: field(nonEmptyText, { secret: true }),
    /** Secret part of the access key. Secret. */
    secretAccessKey: field(nonEmptyText, { secret: true }),
    /** Further options for rclone, such as `--s3-sign-accept-encoding=false`. Default: none. */
    additionalFlags: field(
      z.array(
        z
          .string()
          .regex(
            /^--[a-zA-Z0-9-]+(?:=[a-zA-Z0-9._:/@-]+)?$/,
            "is not an option such as --s3-sign-accept-encoding=false",
          ),
      ),
      { default: [] },
    ),
    ...withTest,
  },
});

/** Lets Dokploy list the bucket. A bucket that is too full to be listed in time counts as reachable. */
const tryDestination = tries({
  kind: "Destination",
  inputs: ["provider", "accessKey", "secretAccessKey", "bucket", "region", "endpoint", "additionalFlags"],
  at: "bucket",
  ask: (api, columns) => callAny(api, "destination.testConnection", columns),
  late: "the bucket was not listed in time",
  prefix: /^.*Command failed: /,
  // Messages of rclone.
  hints: [
    [/SignatureDoesNotMatch/, "secretAccessKey does not belong to accessKey"],
    [/InvalidAccessKeyId|InvalidAccessKey/, "the service does not know this accessKey"],
    [/NoSuchBucket|directory not found/, "the bucket does not exist"],
    [/AccessDenied|Forbidden|403/, "the key is not allowed to list the bucket"],
    [
      /PermanentRedirect|AuthorizationHeaderMalformed|301/,
      "the bucket is in another region, or at another endpoint",
    ],
    [/no such host/, "the host of endpoint cannot be resolved"],
    [/connection refused|i\/o timeout|deadline exceeded|no route to host/, "no server responds at endpoint"],
    [/certificate|x509/, "the certificate of endpoint is not trusted by the server"],
    [/rclone: (?:command )?not found/, "the server has no rclone"],
  ],
});

/**
 * An S3 bucket, or one of a compatible service, that backups are written to. A plan makes Dokploy list the bucket, so a
 * key that does not work is an error before anything is saved.
 *
 * It is not deleted while backups use it, unless the same run deletes these too, since Dokploy would delete them with
 * it.
 *
 * @example
 * ```ts
 * const bucket = new dokploy.Destination("backups", {
 *   name: "backups",
 *   provider: "AWS",
 *   bucket: "acme-backups",
 *   region: "eu-central-1",
 *   endpoint: "https://s3.eu-central-1.amazonaws.com",
 *   accessKey: config.require("s3AccessKey"),
 *   secretAccessKey: config.requireSecret("s3SecretKey"),
 * });
 * new dokploy.Backup("shop", { postgresId: db.id, database: db.database, schedule: "0 3 * * *", destinationId: bucket.id });
 * ```
 */
export const destination = withChecks(base, { preview: tryDestination(base.model) });

/** Finds backups that Dokploy would delete with a destination. No call lists them by it, so every service is asked. */
async function backupsOfDestination(id: string, api: Api): Promise<string[]> {
  const own = (await backupsOfDokploy(api)).backups.map((row) => ({ row, of: "Dokploy itself" }));
  const projects = await api.call("project.all", {});
  const services = projects.flatMap(({ environments = [] }) =>
    environments.flatMap((environment) => servicesIn(environment)),
  );
  const theirs = await Promise.all(services.map((service) => namedBackupsOf(service, api)));
  return [...own, ...theirs.flat()]
    .filter(({ row }) => row["destinationId"] === id)
    .map(({ row, of }) => `${idOf(row)} of ${of}`);
}

async function namedBackupsOf(
  { kind, id, row: listed }: ListedService,
  api: Api,
): Promise<{ row: Row; of: string }[]> {
  const hasBackups = kind === "compose" || savedDatabases.some((database) => database === kind);
  const row = (hasBackups ? await ifFound(callAny(api, `${kind}.one`, { [`${kind}Id`]: id })) : {}) as
    | Row
    | undefined;
  // Somebody may delete it between the list and this read.
  if (row === undefined) return [];
  // The list of databases has no names.
  const name = row["name"] ?? listed["name"];
  const of = `the ${SERVICES[kind].noun} ${typeof name === "string" ? `"${visible(name)}"` : id}`;
  return (await backupsOf({ kind, id, row }, api)).map((task) => ({ row: task.row, of }));
}

function idOf(row: Row): string {
  return "volumeBackupId" in row
    ? `volume backup ${String(row["volumeBackupId"])}`
    : `backup ${String(row["backupId"])}`;
}
