/** Place of a bucket. Dokploy writes all of these values into commands that it runs on its server. */

import { z } from "zod";

/** Name of a bucket, optionally with a folder in it. */
export const bucketName = z
  .string()
  .regex(
    /^[a-zA-Z0-9][a-zA-Z0-9._-]{1,62}(?:\/[a-zA-Z0-9._-]+)*$/,
    "is not the name of a bucket such as acme-backups",
  );

export const region = z.string().regex(/^[a-zA-Z0-9._-]*$/, "is not a region such as eu-central-1");

export const endpoint = z
  .string()
  .regex(
    /^(?:(?:https?:\/\/)?(?:[a-zA-Z0-9._-]+|\[[0-9a-fA-F:]+\])(?::[0-9]{1,5})?(?:\/[a-zA-Z0-9._~/-]*)?)?$/,
    "is not an address such as https://s3.example.com",
  );

/** Name that rclone has for an S3 service. */
export const provider = z.string().regex(/^[A-Za-z0-9]+$/, "is not the name of a provider of rclone");

/** An option of rclone, as Dokploy takes it. */
export const rcloneFlag = z
  .string()
  .regex(
    /^--[a-zA-Z0-9-]+(?:=[a-zA-Z0-9._:/@-]+)?$/,
    "is not an option such as --s3-sign-accept-encoding=false",
  );
