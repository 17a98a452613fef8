import { missingNames } from "./images";

/** File or folder of a bucket, as rclone lists it. */
export interface BucketFile {
  readonly Path: string;
  readonly Name: string;
  readonly Size: number;
  readonly IsDir: boolean;
  readonly Tier?: string;
}

/**
 * The S3 that the emulated Dokploy writes backups to: every bucket exists and accepts any key, with these
 * exceptions.
 */
export interface Buckets {
  /** True when the machine has rclone, which lists them. */
  hasRclone: boolean;
  /** Names of buckets that do not exist. */
  readonly missing: Set<string>;
  /** Buckets that accept only one key, with that key. */
  readonly keys: Map<string, { readonly accessKey: string; readonly secretAccessKey: string }>;
  /** Endpoints that rclone cannot reach, with the error that it reports. */
  readonly unreachable: Map<string, string>;
  /** Files by bucket and path, with their sizes. */
  readonly files: Map<string, Map<string, number>>;
}

export function newBuckets(): Buckets {
  return {
    hasRclone: true,
    missing: new Set(missingNames),
    keys: new Map(),
    unreachable: new Map(),
    files: new Map(),
  };
}

interface Login {
  readonly bucket: string;
  readonly endpoint: string;
  readonly accessKey: string;
  readonly secretAccessKey: string;
}

/**
 * Returns the output of a failed `rclone ls` of rclone 1.60, or of the shell without rclone; undefined on success.
 */
export function listingError(buckets: Buckets, login: Login): string | undefined {
  const { hasRclone, missing, keys, unreachable } = buckets;
  if (!hasRclone) return "/bin/sh: 1: rclone: not found\n";
  const key = keys.get(login.bucket);
  const head = 'NOTICE: Config file "/root/.config/rclone/rclone.conf" not found - using defaults';
  const failed = (lines: string) =>
    `2026/11/26 08:01:23 ${head}\n2026/11/26 08:01:23 Failed to ls: ${lines}\n`;
  const away = unreachable.get(login.endpoint);
  if (away !== undefined) return failed(`RequestError: send request failed\ncaused by: ${away}`);
  if (missing.has(login.bucket)) return failed("directory not found");
  if (key === undefined) return undefined;
  const status = "\tstatus code: 403, request id: , host id: ";
  if (key.accessKey !== login.accessKey)
    return failed(
      `InvalidAccessKeyId: The AWS Access Key Id you provided does not exist in our records.\n${status}`,
    );
  if (key.secretAccessKey !== login.secretAccessKey)
    return failed(
      "SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided. Check your " +
        `key and signing method.\n${status}`,
    );
  return undefined;
}

/** Lists the files and folders directly in a path that ends in a slash, or is empty. */
export function filesBelow({ files }: Buckets, bucket: string, path: string): BucketFile[] {
  const found = new Map<string, BucketFile>();
  for (const [full, size] of files.get(bucket) ?? []) {
    if (!full.startsWith(path)) continue;
    const [name = "", ...deeper] = full.slice(path.length).split("/");
    const isFolder = deeper.length > 0;
    found.set(name, {
      Path: name,
      Name: name,
      Size: isFolder ? 0 : size,
      IsDir: isFolder,
      ...(isFolder ? {} : { Tier: "STANDARD" }),
    });
  }
  return [...found.values()];
}
