import * as pulumi from "@pulumi/pulumi";
import { ProgramError } from "../run";

/** Parts of an address besides its host and port. */
export interface UrlOptions {
  /** Path, with its `/` at the start. Default: none. */
  readonly path?: string | undefined;
  /** Scheme, such as `redis`. Default: `http`. */
  readonly scheme?: string | undefined;
}

/**
 * Returns an address inside Docker.
 *
 * @throws ProgramError for a port, a scheme or a path that no address has
 */
export function internalUrl(
  host: pulumi.Output<string>,
  port: pulumi.Input<number>,
  { path = "", scheme = "http" }: UrlOptions = {},
): pulumi.Output<string> {
  if (!/^[a-z][a-z\d+.-]*$/.test(scheme))
    throw new ProgramError("internalUrl: the scheme of an address is a word such as http or redis.");
  if (!/^(?:[/?#][^\s{}]*)?$/.test(path))
    throw new ProgramError("internalUrl: the path of an address begins with / and has no spaces and braces.");
  return pulumi.all([host, port]).apply(([name, at]) => {
    if (Number.isInteger(at) && at >= 1 && at <= 65_535) return `${scheme}://${name}:${at}${path}`;
    throw new ProgramError("internalUrl: the port of an address is a number from 1 to 65535.");
  });
}

/**
 * Returns the host name of a container of a compose service.
 *
 * @param serviceName its name in the compose file
 */
export function containerHost(
  appName: pulumi.Input<string>,
  composeType: pulumi.Input<string | undefined>,
  serviceName: string,
): pulumi.Output<string> {
  return pulumi
    .all([appName, composeType])
    .apply(([name, type]) => (type === "stack" ? `${name}_${serviceName}` : `${name}-${serviceName}-1`));
}
