import type { Output } from "@pulumi/pulumi";
import type { InputsOf, OneOf } from "./arguments";
import { gitHosts, listing } from "./git-listing";
import { type Lookup, type LookupOptions, later, now } from "./lookup";

interface ById {
  /** Its id in Dokploy, which applications have as `source.githubId`. */
  readonly id: string;
}
interface ByName {
  /** Its name, exactly as Dokploy shows it. */
  readonly name: string;
}

/** Which GitHub provider: by its id or its name. */
export type GetGithubProviderArgs = OneOf<ById | ByName>;
/** The same with outputs. */
export type GetGithubProviderOutputArgs = OneOf<InputsOf<ById | ByName>>;

/** A GitHub App that Dokploy has made. */
export interface GetGithubProviderResult extends ById, ByName {
  /** The App in GitHub, or the address of its page; undefined until GitHub has made it. */
  readonly appName: string | undefined;
  /** Address of the GitHub: `https://github.com`. */
  readonly url: string;
  /** Whether the App is made and installed, so that Dokploy may read there. */
  readonly isConfigured: boolean;
}

const provider: Lookup<GetGithubProviderArgs, GetGithubProviderResult> = {
  caller: "getGithubProvider",
  sets: [["id"], ["name"]],
  secrets: [],
  find: async (args, reader) => ({ result: await gitHosts().githubProvider(args, reader), secrets: {} }),
};

/**
 * A GitHub provider that exists in Dokploy: by its id, or by its name. There is no resource of it: GitHub makes its App, and
 * installs it, on pages of its own in a browser.
 *
 * It is read in every run, also at preview. With outputs as arguments use `getGithubProviderOutput`.
 *
 * @throws LookupError when there is no such provider, or several; the message lists what there is
 *
 * @example
 * ```ts
 * const { id: githubId, isConfigured } = await dokploy.getGithubProvider({ name: "acme" });
 * ```
 */
export function getGithubProvider(
  args: GetGithubProviderArgs,
  options?: LookupOptions,
): Promise<GetGithubProviderResult> {
  return now(provider, args, options);
}

/**
 * A GitHub provider that exists in Dokploy, as an output. The argument may be an output.
 *
 * While it is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such provider, or several; the message lists what there is
 */
export function getGithubProviderOutput(
  args: GetGithubProviderOutputArgs,
  options?: LookupOptions,
): Output<GetGithubProviderResult> {
  return later(provider, args, options);
}

const providers: Lookup<object, readonly GetGithubProviderResult[]> = {
  caller: "getGithubProviders",
  sets: [[]],
  secrets: [],
  find: async (_, reader) => ({ result: await gitHosts().githubProviders(reader), secrets: {} }),
};

/**
 * All GitHub providers of the server, by their names; those too of which the App is not installed yet.
 *
 * They are read in every run, also at preview.
 *
 * @throws LookupError when the key may not see them
 *
 * @example
 * ```ts
 * const ready = (await dokploy.getGithubProviders()).filter(({ isConfigured }) => isConfigured);
 * ```
 */
export function getGithubProviders(options?: LookupOptions): Promise<readonly GetGithubProviderResult[]> {
  return now(providers, {}, options);
}

/**
 * All GitHub providers of the server, as an output.
 *
 * @throws LookupError when the key may not see them
 */
export function getGithubProvidersOutput(
  options?: LookupOptions,
): Output<readonly GetGithubProviderResult[]> {
  return later(providers, {}, options);
}

interface InGithub {
  /** Id of the GitHub provider. */
  readonly githubId: string;
}
interface InGithubRepository extends InGithub {
  /** User or organisation. */
  readonly owner: string;
  /** Name of the repository, without its owner. */
  readonly repository: string;
}

/** Of which GitHub provider. */
export type GetGithubRepositoriesArgs = InGithub;
/** The same with outputs. */
export type GetGithubRepositoriesOutputArgs = InputsOf<InGithub>;

/** A repository in GitHub, in the words of an application's `source`. */
export interface GetGithubRepositoriesResult {
  /** User or organisation. */
  readonly owner: string;
  /** Name, without its owner. */
  readonly repository: string;
  /** The branch that GitHub shows first. */
  readonly defaultBranch: string;
  /** Whether only some may see it. */
  readonly isPrivate: boolean;
}

const githubRepositories = listing<GetGithubRepositoriesArgs, GetGithubRepositoriesResult>(
  "github",
  "repositories",
  [],
);

/**
 * The repositories that the GitHub App may see, by their names.
 *
 * They are read in every run, also at preview, from GitHub.
 *
 * @throws LookupError when there is no such provider, or it is not configured
 *
 * @example
 * ```ts
 * const repositories = await dokploy.getGithubRepositories({ githubId });
 * ```
 */
export function getGithubRepositories(
  args: GetGithubRepositoriesArgs,
  options?: LookupOptions,
): Promise<readonly GetGithubRepositoriesResult[]> {
  return now(githubRepositories, args, options);
}

/**
 * The repositories that the GitHub App may see, as an output.
 *
 * While the argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such provider, or it is not configured
 */
export function getGithubRepositoriesOutput(
  args: GetGithubRepositoriesOutputArgs,
  options?: LookupOptions,
): Output<readonly GetGithubRepositoriesResult[]> {
  return later(githubRepositories, args, options);
}

/** Of which repository in GitHub. */
export type GetGithubBranchesArgs = InGithubRepository;
/** The same with outputs. */
export type GetGithubBranchesOutputArgs = InputsOf<InGithubRepository>;

/** A branch of a repository in GitHub. */
export interface GetGithubBranchesResult {
  /** Its name: `main`. */
  readonly branch: string;
  /** Hash of its newest commit. */
  readonly commit: string;
  /** Whether rules of GitHub protect it. */
  readonly isProtected: boolean;
}

const githubBranches = listing<GetGithubBranchesArgs, GetGithubBranchesResult>("github", "branches", [
  "owner",
  "repository",
]);

/**
 * The branches of a repository in GitHub, by their names.
 *
 * They are read in every run, also at preview, from GitHub.
 *
 * @throws LookupError when there is no such provider or repository
 *
 * @example
 * ```ts
 * const branches = await dokploy.getGithubBranches({ githubId, owner, repository });
 * ```
 */
export function getGithubBranches(
  args: GetGithubBranchesArgs,
  options?: LookupOptions,
): Promise<readonly GetGithubBranchesResult[]> {
  return now(githubBranches, args, options);
}

/**
 * The branches of a repository in GitHub, as an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such provider or repository
 */
export function getGithubBranchesOutput(
  args: GetGithubBranchesOutputArgs,
  options?: LookupOptions,
): Output<readonly GetGithubBranchesResult[]> {
  return later(githubBranches, args, options);
}
