import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isRecord } from "../../../packages/values";
import { UserError } from "../../../provider/errors";
import { firstErrorIn, npm, runProcess } from "../../stack";

/** The version of this package that runs, as another project installs it. */
export interface RunningPackage {
  /** Version or file for the dependencies of a package.json. */
  readonly wanted: string;
  /** Name of the file that belongs into the folder of the project; undefined for a version of a registry. */
  readonly file: string | undefined;
  /** Version of Pulumi's SDK that it was tested with, on every version of Node.js that it supports. */
  readonly sdk: string;
}

interface Manifest {
  readonly version: string;
  readonly devDependencies: Readonly<Record<"@pulumi/pulumi", string>>;
}

/** Returns the version that runs: from the registry that it was installed from, or else as a file. */
export function runningPackage(): RunningPackage {
  const { version, devDependencies } = require("pulumi-dokploy/package.json") as Manifest;
  const file = isFromRegistry(folder()) ? undefined : `pulumi-dokploy-${version}.tgz`;
  return {
    wanted: file === undefined ? `^${version}` : `file:${file}`,
    file,
    sdk: `~${devDependencies["@pulumi/pulumi"]}`,
  };
}

/**
 * Packs the version that runs into a folder, so that `npm ci` finds it on every machine.
 *
 * @throws UserError when npm is missing or fails
 */
export async function packInto(directory: string, { file }: RunningPackage): Promise<void> {
  if (file === undefined) return;
  // Its build needs packages that only a clone has.
  const args = ["pack", folder(), "--ignore-scripts", "--pack-destination", directory, "--loglevel=error"];
  const ended = await runProcess(npm, args);
  if (ended === undefined) throw new UserError(`${npm} is not on the PATH.`);
  if (ended.code !== 0) throw new UserError(`npm pack failed: ${firstErrorIn(ended.stderr)}.`);
}

function folder(): string {
  return dirname(require.resolve("pulumi-dokploy/package.json"));
}

/** True when npm installed the package in this folder from a registry, which its own record says. */
export function isFromRegistry(root: string): boolean {
  try {
    const lock: unknown = JSON.parse(readFileSync(join(dirname(root), ".package-lock.json"), "utf8"));
    const { packages } = Object(lock) as { packages?: unknown };
    const entry = isRecord(packages) ? packages["node_modules/pulumi-dokploy"] : undefined;
    const { resolved } = Object(entry) as { resolved?: unknown };
    return typeof resolved === "string" && resolved.startsWith("https://");
  } catch {
    return false;
  }
}
