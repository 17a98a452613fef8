// Written by `npm run docs` from scripts/docs/git-functions.cjs. Do not edit

import type { InputsOf } from "../arguments";
import { outputForm, plainForm } from "../lookup";

const of = () => require("../git-hosts") as typeof import("../git-hosts");

/** Argument that names a GitHub provider. */
export interface GetGithubRepositoriesArgs {
  /** Id of the GitHub provider. */
  readonly githubId: string;
}
/** Arguments, each of which may be an output. */
export type GetGithubRepositoriesOutputArgs = InputsOf<GetGithubRepositoriesArgs>;

/** A repository on GitHub, with the names that the `source` of an application uses. */
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

const githubRepositories = () => of().listing<GetGithubRepositoriesArgs, GetGithubRepositoriesResult>("github", "repositories", []);

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
 * Returns the result of {@link getGithubRepositories} as an output.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getGithubRepositoriesOutput = outputForm(githubRepositories);

/** Arguments that name a repository on GitHub. */
export interface GetGithubBranchesArgs extends GetGithubRepositoriesArgs {
  /** User or organization. */
  readonly owner: string;
  /** Name of the repository, without its owner. */
  readonly repository: string;
}
/** Arguments, each of which may be an output. */
export type GetGithubBranchesOutputArgs = InputsOf<GetGithubBranchesArgs>;

/** A branch of a repository on GitHub. */
export interface GetGithubBranchesResult {
  /** Name: `main`. */
  readonly branch: string;
  /** Hash of its newest commit. */
  readonly commit: string;
  /** True when rules of GitHub protect it. */
  readonly isProtected: boolean;
}

const githubBranches = () => of().listing<GetGithubBranchesArgs, GetGithubBranchesResult>("github", "branches", ["owner","repository"]);

/**
 * Returns the branches of a repository on GitHub, sorted by name.
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
 * Returns the result of {@link getGithubBranches} as an output.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getGithubBranchesOutput = outputForm(githubBranches);

/** Argument that names a GitLab provider. */
export interface GetGitlabRepositoriesArgs {
  /** Id of the GitLab provider. */
  readonly gitlabId: string;
}
/** Arguments, each of which may be an output. */
export type GetGitlabRepositoriesOutputArgs = InputsOf<GetGitlabRepositoriesArgs>;

/** A repository on GitLab, with the names that the `source` of an application uses. */
export interface GetGitlabRepositoriesResult {
  /** Group or user. */
  readonly owner: string;
  /** Name of the repository. */
  readonly repository: string;
  /** Number of the project on GitLab. */
  readonly projectId: number;
  /** Full path: `group/sub/project`. */
  readonly pathNamespace: string;
}

const gitlabRepositories = () => of().listing<GetGitlabRepositoriesArgs, GetGitlabRepositoriesResult>("gitlab", "repositories", []);

/**
 * Returns the repositories of the provider's groups, sorted by name. Without groups they are those of the person who
 * approved.
 *
 * They are read from GitLab in every run, including previews.
 *
 * @throws LookupError when no such provider exists, or it is not configured
 *
 * @example
 * ```ts
 * const repositories = await dokploy.getGitlabRepositories({ gitlabId });
 * ```
 */
export const getGitlabRepositories = plainForm(gitlabRepositories);

/**
 * Returns the result of {@link getGitlabRepositories} as an output.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getGitlabRepositoriesOutput = outputForm(gitlabRepositories);

/** Arguments that name a repository on GitLab. */
export interface GetGitlabBranchesArgs extends GetGitlabRepositoriesArgs {
  /** Number of the project on GitLab. */
  readonly projectId: number;
}
/** Arguments, each of which may be an output. */
export type GetGitlabBranchesOutputArgs = InputsOf<GetGitlabBranchesArgs>;

/** A branch of a repository on GitLab. */
export interface GetGitlabBranchesResult {
  /** Name: `main`. */
  readonly branch: string;
  /** Hash of its newest commit. */
  readonly commit: string;
}

const gitlabBranches = () => of().listing<GetGitlabBranchesArgs, GetGitlabBranchesResult>("gitlab", "branches", ["projectId"]);

/**
 * Returns the branches of a repository on GitLab, sorted by name.
 *
 * They are read from GitLab in every run, including previews.
 *
 * @throws LookupError when no such provider or repository exists
 *
 * @example
 * ```ts
 * const branches = await dokploy.getGitlabBranches({ gitlabId, projectId });
 * ```
 */
export const getGitlabBranches = plainForm(gitlabBranches);

/**
 * Returns the result of {@link getGitlabBranches} as an output.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getGitlabBranchesOutput = outputForm(gitlabBranches);

/** Argument that names a Bitbucket provider. */
export interface GetBitbucketRepositoriesArgs {
  /** Id of the Bitbucket provider. */
  readonly bitbucketId: string;
}
/** Arguments, each of which may be an output. */
export type GetBitbucketRepositoriesOutputArgs = InputsOf<GetBitbucketRepositoriesArgs>;

/** A repository on Bitbucket, with the names that the `source` of an application uses. */
export interface GetBitbucketRepositoriesResult {
  /** Workspace. */
  readonly owner: string;
  /** Name of the repository. */
  readonly repository: string;
  /** Slug of the repository, as in its URL. */
  readonly repositorySlug: string;
}

const bitbucketRepositories = () => of().listing<GetBitbucketRepositoriesArgs, GetBitbucketRepositoriesResult>("bitbucket", "repositories", []);

/**
 * Returns the repositories of the provider's workspace, sorted by name.
 *
 * They are read from Bitbucket in every run, including previews.
 *
 * @throws LookupError when no such provider exists, or it is not configured
 *
 * @example
 * ```ts
 * const repositories = await dokploy.getBitbucketRepositories({ bitbucketId });
 * ```
 */
export const getBitbucketRepositories = plainForm(bitbucketRepositories);

/**
 * Returns the result of {@link getBitbucketRepositories} as an output.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getBitbucketRepositoriesOutput = outputForm(bitbucketRepositories);

/** Arguments that name a repository on Bitbucket. */
export interface GetBitbucketBranchesArgs extends GetBitbucketRepositoriesArgs {
  /** Workspace. */
  readonly owner: string;
  /** Slug of the repository, as in its URL. */
  readonly repositorySlug: string;
}
/** Arguments, each of which may be an output. */
export type GetBitbucketBranchesOutputArgs = InputsOf<GetBitbucketBranchesArgs>;

/** A branch of a repository on Bitbucket. */
export interface GetBitbucketBranchesResult {
  /** Name: `main`. */
  readonly branch: string;
  /** Hash of its newest commit. */
  readonly commit: string;
}

const bitbucketBranches = () => of().listing<GetBitbucketBranchesArgs, GetBitbucketBranchesResult>("bitbucket", "branches", ["owner","repositorySlug"]);

/**
 * Returns the branches of a repository on Bitbucket, sorted by name.
 *
 * They are read from Bitbucket in every run, including previews.
 *
 * @throws LookupError when no such provider or repository exists
 *
 * @example
 * ```ts
 * const branches = await dokploy.getBitbucketBranches({ bitbucketId, owner, repositorySlug });
 * ```
 */
export const getBitbucketBranches = plainForm(bitbucketBranches);

/**
 * Returns the result of {@link getBitbucketBranches} as an output.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getBitbucketBranchesOutput = outputForm(bitbucketBranches);

/** Argument that names a Gitea provider. */
export interface GetGiteaRepositoriesArgs {
  /** Id of the Gitea provider. */
  readonly giteaId: string;
}
/** Arguments, each of which may be an output. */
export type GetGiteaRepositoriesOutputArgs = InputsOf<GetGiteaRepositoriesArgs>;

/** A repository on Gitea, with the names that the `source` of an application uses. */
export interface GetGiteaRepositoriesResult {
  /** User or organization. */
  readonly owner: string;
  /** Name of the repository. */
  readonly repository: string;
}

const giteaRepositories = () => of().listing<GetGiteaRepositoriesArgs, GetGiteaRepositoriesResult>("gitea", "repositories", []);

/**
 * Returns the repositories that the owner of the provider's token may see, sorted by name.
 *
 * They are read from Gitea in every run, including previews.
 *
 * @throws LookupError when no such provider exists, or it is not configured
 *
 * @example
 * ```ts
 * const repositories = await dokploy.getGiteaRepositories({ giteaId });
 * ```
 */
export const getGiteaRepositories = plainForm(giteaRepositories);

/**
 * Returns the result of {@link getGiteaRepositories} as an output.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getGiteaRepositoriesOutput = outputForm(giteaRepositories);

/** Arguments that name a repository on Gitea. */
export interface GetGiteaBranchesArgs extends GetGiteaRepositoriesArgs {
  /** User or organization. */
  readonly owner: string;
  /** Name of the repository. */
  readonly repository: string;
}
/** Arguments, each of which may be an output. */
export type GetGiteaBranchesOutputArgs = InputsOf<GetGiteaBranchesArgs>;

/** A branch of a repository on Gitea. */
export interface GetGiteaBranchesResult {
  /** Name: `main`. */
  readonly branch: string;
  /** Hash of its newest commit. */
  readonly commit: string;
}

const giteaBranches = () => of().listing<GetGiteaBranchesArgs, GetGiteaBranchesResult>("gitea", "branches", ["owner","repository"]);

/**
 * Returns the branches of a repository on Gitea, sorted by name.
 *
 * They are read from Gitea in every run, including previews.
 *
 * @throws LookupError when no such provider or repository exists
 *
 * @example
 * ```ts
 * const branches = await dokploy.getGiteaBranches({ giteaId, owner, repository });
 * ```
 */
export const getGiteaBranches = plainForm(giteaBranches);

/**
 * Returns the result of {@link getGiteaBranches} as an output.
 * Each argument may be an output. If one is unknown at preview, the result is unknown too, and Dokploy is not called.
 */
export const getGiteaBranchesOutput = outputForm(giteaBranches);
