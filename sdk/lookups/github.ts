import type { InputsOf, OneOf } from "./arguments";
import { gitHosts, listing } from "./git-listing";
import { openLookup, outputForm, plainForm } from "./lookup";

interface ById {
  /** Id in Dokploy, which applications have as `source.githubId`. */
  readonly id: string;
}
interface ByName {
  /** Name, exactly as Dokploy shows it. */
  readonly name: string;
}

/** Argument that names a GitHub provider: its id or its name. */
export type GetGithubProviderArgs = OneOf<ById | ByName>;
/** Argument, which may be an output. */
export type GetGithubProviderOutputArgs = InputsOf<GetGithubProviderArgs>;

/** A GitHub App that Dokploy has made. */
export interface GetGithubProviderResult extends ById, ByName {
  /** Name of the App in GitHub, or the address of its page; undefined until GitHub has made it. */
  readonly appName: string | undefined;
  /** Address of the GitHub server: `https://github.com`. */
  readonly url: string;
  /** True when the App is made and installed, and Dokploy can read repositories. */
  readonly isConfigured: boolean;
}

const provider = openLookup<GetGithubProviderArgs, GetGithubProviderResult>(
  "getGithubProvider",
  [["id"], ["name"]],
  (args, reader) => gitHosts().githubProvider(args, reader),
);

/**
 * Returns a GitHub provider that exists in Dokploy, found by its id or its name. No resource exists for it, since
 * GitHub makes and installs its App on its own pages in a browser.
 *
 * It is read in every run, including previews. To pass outputs as arguments use `getGithubProviderOutput`.
 *
 * @throws LookupError when no such provider exists, or several do; the message lists the candidates
 *
 * @example
 * ```ts
 * const { id: githubId, isConfigured } = await dokploy.getGithubProvider({ name: "acme" });
 * ```
 */
export const getGithubProvider = plainForm(provider);

/**
 * Returns the result of {@link getGithubProvider} as an output. The argument may be an output. If it is unknown at
 * preview, the result is unknown too, and Dokploy is not called.
 */
export const getGithubProviderOutput = outputForm(provider);

const providers = openLookup<object, readonly GetGithubProviderResult[]>(
  "getGithubProviders",
  [[]],
  (_, reader) => gitHosts().githubProviders(reader),
);

/**
 * Returns all GitHub providers in Dokploy, sorted by name, including those whose App is not installed yet.
 *
 * They are read in every run, including previews.
 *
 * @throws LookupError when the key may not see them
 *
 * @example
 * ```ts
 * const ready = (await dokploy.getGithubProviders()).filter(({ isConfigured }) => isConfigured);
 * ```
 */
export const getGithubProviders = plainForm(providers);

/** Returns the result of {@link getGithubProviders} as an output. */
export const getGithubProvidersOutput = outputForm(providers);

/** Argument that names a GitHub provider. */
export interface GetGithubRepositoriesArgs {
  /** Id of the GitHub provider. */
  readonly githubId: string;
}
/** Argument, which may be an output. */
export type GetGithubRepositoriesOutputArgs = InputsOf<GetGithubRepositoriesArgs>;

/** A repository in GitHub, with the names that the `source` of an application uses. */
export interface GetGithubRepositoriesResult {
  /** User or organization. */
  readonly owner: string;
  /** Name of the repository, without its owner. */
  readonly repository: string;
  /** Default branch of the repository. */
  readonly defaultBranch: string;
  /** True when only some people may see it. */
  readonly isPrivate: boolean;
}

const githubRepositories = listing<GetGithubRepositoriesArgs, GetGithubRepositoriesResult>(
  "github",
  "repositories",
  [],
);

/**
 * Returns the repositories that the GitHub App may see, sorted by name.
 *
 * They are read from GitHub in every run, including previews.
 *
 * @throws LookupError when no such provider exists, or it is not configured
 *
 * @example
 * ```ts
 * const repositories = await dokploy.getGithubRepositories({ githubId });
 * ```
 */
export const getGithubRepositories = plainForm(githubRepositories);

/**
 * Returns the result of {@link getGithubRepositories} as an output. The argument may be an output. If it is unknown at
 * preview, the result is unknown too, and Dokploy is not called.
 */
export const getGithubRepositoriesOutput = outputForm(githubRepositories);

/** Arguments that name a repository in GitHub. */
export interface GetGithubBranchesArgs extends GetGithubRepositoriesArgs {
  /** User or organization. */
  readonly owner: string;
  /** Name of the repository, without its owner. */
  readonly repository: string;
}
/** Arguments, each of which may be an output. */
export type GetGithubBranchesOutputArgs = InputsOf<GetGithubBranchesArgs>;

/** A branch of a repository in GitHub. */
export interface GetGithubBranchesResult {
  /** Name: `main`. */
  readonly branch: string;
  /** Hash of its newest commit. */
  readonly commit: string;
  /** True when rules of GitHub protect it. */
  readonly isProtected: boolean;
}

const githubBranches = listing<GetGithubBranchesArgs, GetGithubBranchesResult>("github", "branches", [
  "owner",
  "repository",
]);

/**
 * Returns the branches of a repository in GitHub, sorted by name.
 *
 * They are read from GitHub in every run, including previews.
 *
 * @throws LookupError when no such provider or repository exists
 *
 * @example
 * ```ts
 * const branches = await dokploy.getGithubBranches({ githubId, owner, repository });
 * ```
 */
export const getGithubBranches = plainForm(githubBranches);

/**
 * Returns the result of {@link getGithubBranches} as an output. Each argument may be an output. If one is unknown at
 * preview, the result is unknown too, and Dokploy is not called.
 */
export const getGithubBranchesOutput = outputForm(githubBranches);
