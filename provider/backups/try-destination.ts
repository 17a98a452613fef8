import { DokployError } from "../dokploy/errors";
import type { Context } from "../lifecycle/context";
import { CheckFailedError } from "../problem";
import { containsUnknown } from "../pulumi/unknown";
import { visible } from "../visible";

type Values = Readonly<Record<string, unknown>>;

const TRIED = ["provider", "accessKey", "secretAccessKey", "bucket", "region", "endpoint", "additionalFlags"];

/** What rclone says, by what it means for whoever has to put it right. */
const HINTS: readonly (readonly [says: RegExp, hint: string])[] = [
  [/SignatureDoesNotMatch/, "secretAccessKey is not that of accessKey"],
  [/InvalidAccessKeyId|InvalidAccessKey/, "the service knows no such accessKey"],
  [/NoSuchBucket|directory not found/, "there is no such bucket"],
  [/AccessDenied|Forbidden|403/, "the key may not list the bucket"],
  [
    /PermanentRedirect|AuthorizationHeaderMalformed|301/,
    "the bucket is in another region, or at another endpoint",
  ],
  [/no such host/, "nobody knows the host of endpoint"],
  [/connection refused|i\/o timeout|deadline exceeded|no route to host/, "nobody answers at endpoint"],
  [/certificate|x509/, "the certificate of endpoint is not trusted by the server"],
  [/rclone: (?:command )?not found/, "the server has no rclone"],
];

/**
 * Has Dokploy list the bucket, where that changes and all is known. A key that may not ask goes without; a bucket that is
 * too full to be listed in time counts as one that answered.
 *
 * @throws CheckFailedError with what the bucket, or the tool on the server, said
 */
export async function tryDestination(
  inputs: Values,
  changed: ReadonlySet<string>,
  { api, inform }: Pick<Context, "api" | "inform">,
  columns: () => Values,
): Promise<void> {
  if (inputs["testConnection"] === false || !TRIED.some((name) => changed.has(name))) return;
  if (TRIED.some((name) => containsUnknown(inputs[name]))) return;
  try {
    await api.call("destination.testConnection", columns() as never);
  } catch (error) {
    if (!(error instanceof DokployError)) throw error;
    if (error.kind === "forbidden" || error.kind === "timeout") {
      const why = error.kind === "timeout" ? "the bucket was not listed in time" : "the API key may not";
      inform(`Destination ${visible(String(inputs["name"]))} was not tried: ${why}.`);
      return;
    }
    if (error.kind !== "invalid") throw error;
    const said = (error.said ?? error.message).replace(/^.*Command failed: /, "").replace(/\.$/, "");
    const [, hint] = HINTS.find(([says]) => says.test(said)) ?? [];
    const reason =
      `cannot be used as it is given${hint === undefined ? "" : `: ${hint}`}. Dokploy said: ${visible(said)}. ` +
      "To save it all the same, give testConnection: false";
    throw new CheckFailedError([{ property: "bucket", reason }]);
  }
}
