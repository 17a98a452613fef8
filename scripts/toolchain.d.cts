/** A Pulumi CLI that can run Node.js programs. */
export interface Toolchain {
  /** The `pulumi` executable, absolute. */
  bin: string;
  /** Its folder; first on PATH when it runs. */
  binDir: string;
  /** For example `3.274.1`. */
  version: string;
  /** Found on PATH, or put into the cache by Pulumi's installer or by a build with Go. */
  origin: "path" | "installer" | "go";
}

/** Makes `<folder>/bin/pulumi` and its companions; returns the origin, throws why it could not. */
export type InstallMethod = (folder: string, log: (line: string) => void) => Promise<Toolchain["origin"]>;

/** What decides where a CLI is looked for; each default is this process's own. */
export interface LookupOptions {
  env?: NodeJS.ProcessEnv;
  platform?: NodeJS.Platform;
  arch?: string;
  home?: string;
}

export interface EnsureOptions extends LookupOptions {
  /** Takes progress lines; default `console.log`. */
  log?: (line: string) => void;
  /** Ways to get a CLI, tried in turn. Default: Pulumi's installer, then a build with Go. */
  methods?: InstallMethod[];
  /** After how long the lock of a process that died is taken over; default 15000. */
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
