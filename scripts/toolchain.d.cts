/** A Pulumi CLI that can run Node.js programs. */
export interface Toolchain {
  /** The absolute path of the `pulumi` executable. */
  bin: string;
  /** Folder of the executable; first on PATH when it runs. */
  binDir: string;
  /** Version, for example `3.274.1`. */
  version: string;
  /** Place where it was found or made: PATH, or the cache with Pulumi's installer or a build with Go. */
  origin: "path" | "installer" | "go";
}

/** Makes `<folder>/bin/pulumi` and its companions; returns the origin, and throws when that fails. */
export type InstallMethod = (
  folder: string,
  log: (line: string) => void,
  version: string,
) => Promise<Toolchain["origin"]>;

/** Options that decide where a CLI is looked for; each default is this process's own. */
export interface LookupOptions {
  env?: NodeJS.ProcessEnv;
  platform?: NodeJS.Platform;
  arch?: string;
  home?: string;
  /** The only version to look for, or to make. Default: any that is new enough, else `cliVersion`. */
  version?: string;
}

export interface EnsureOptions extends LookupOptions {
  /** Receives progress lines; default `console.log`. */
  log?: (line: string) => void;
  /** Ways to get a CLI, tried in turn. Default: Pulumi's installer, then a build with Go. */
  methods?: InstallMethod[];
  /** Time after which the lock of a process that died is seized; default 15000. */
  staleMilliseconds?: number;
}

export const cliVersion: string;
export const minimumVersion: string;
export function findPulumi(options?: LookupOptions): Promise<Toolchain | undefined>;
export function ensurePulumi(options?: EnsureOptions): Promise<Toolchain>;
export function pulumiEnv(
  toolchain: Pick<Toolchain, "binDir">,
  folder: string,
  options?: { env?: NodeJS.ProcessEnv; color?: boolean },
): NodeJS.ProcessEnv;
export function cacheFolder(options?: LookupOptions): string;
export function parseVersion(text: string): string | undefined;
export function isAtLeast(version: string, minimum: string): boolean;
