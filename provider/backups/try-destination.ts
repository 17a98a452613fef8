import { tries } from "../simple/trial";

/** Has Dokploy list the bucket. One that is too full to be listed in time counts as one that answered. */
export const tryDestination = tries({
  kind: "Destination",
  inputs: ["provider", "accessKey", "secretAccessKey", "bucket", "region", "endpoint", "additionalFlags"],
  at: "bucket",
  ask: (api, columns) => api.call("destination.testConnection", columns as never),
  late: "the bucket was not listed in time",
  prefix: /^.*Command failed: /,
  // What rclone says.
  hints: [
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
  ],
});
