import { tries } from "../simple/trial";

/** Lets Dokploy list the bucket. A bucket that is too full to be listed in time counts as reachable. */
export const tryDestination = tries({
  kind: "Destination",
  inputs: ["provider", "accessKey", "secretAccessKey", "bucket", "region", "endpoint", "additionalFlags"],
  at: "bucket",
  ask: (api, columns) => api.call("destination.testConnection", columns as never),
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
