import type { Output } from "@pulumi/pulumi";
import type { InputsOf } from "./arguments";
import { listing } from "./git-listing";
import { type LookupOptions, later, now } from "./lookup";

interface InGitlab {
  /** Id of the GitLab provider. */
  readonly gitlabId: string;
}
interface InGitlabRepository extends InGitlab {
  /** GitLab's number of the project. */
  readonly projectId: number;
}

/** Of which GitLab provider. */
export type GetGitlabRepositoriesArgs = InGitlab;
/** The same with outputs. */
export type GetGitlabRepositoriesOutputArgs = InputsOf<InGitlab>;

/** A repository in GitLab, in the words of an application's `source`. */
export interface GetGitlabRepositoriesResult {
  /** Group or user. */
  readonly owner: string;
  /** Name of the repository. */
  readonly repository: string;
  /** GitLab's number of the project. */
  readonly projectId: number;
  /** Full path: `group/sub/project`. */
  readonly pathNamespace: string;
}

const gitlabRepositories = listing<GetGitlabRepositoriesArgs, GetGitlabRepositoriesResult>(
  "gitlab",
  "repositories",
  [],
);

/**
 * The repositories of its groups, or without any those of the person who agreed, by their names.
 *
 * They are read in every run, also at preview, from GitLab.
 *
 * @throws LookupError when there is no such provider, or it is not configured
 *
 * @example
 * ```ts
 * const repositories = await dokploy.getGitlabRepositories({ gitlabId });
 * ```
 */
export function getGitlabRepositories(
  args: GetGitlabRepositoriesArgs,
  options?: LookupOptions,
): Promise<readonly GetGitlabRepositoriesResult[]> {
  return now(gitlabRepositories, args, options);
}

/**
 * The repositories of its groups, or without any those of the person who agreed, as an output.
 *
 * While the argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such provider, or it is not configured
 */
export function getGitlabRepositoriesOutput(
  args: GetGitlabRepositoriesOutputArgs,
  options?: LookupOptions,
): Output<readonly GetGitlabRepositoriesResult[]> {
  return later(gitlabRepositories, args, options);
}

/** Of which repository in GitLab. */
export type GetGitlabBranchesArgs = InGitlabRepository;
/** The same with outputs. */
export type GetGitlabBranchesOutputArgs = InputsOf<InGitlabRepository>;

/** A branch of a repository in GitLab. */
export interface GetGitlabBranchesResult {
  /** Its name: `main`. */
  readonly branch: string;
  /** Hash of its newest commit. */
  readonly commit: string;
}

const gitlabBranches = listing<GetGitlabBranchesArgs, GetGitlabBranchesResult>("gitlab", "branches", [
  "projectId",
]);

/**
 * The branches of a repository in GitLab, by their names.
 *
 * They are read in every run, also at preview, from GitLab.
 *
 * @throws LookupError when there is no such provider or repository
 *
 * @example
 * ```ts
 * const branches = await dokploy.getGitlabBranches({ gitlabId, projectId });
 * ```
 */
export function getGitlabBranches(
  args: GetGitlabBranchesArgs,
  options?: LookupOptions,
): Promise<readonly GetGitlabBranchesResult[]> {
  return now(gitlabBranches, args, options);
}

/**
 * The branches of a repository in GitLab, as an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such provider or repository
 */
export function getGitlabBranchesOutput(
  args: GetGitlabBranchesOutputArgs,
  options?: LookupOptions,
): Output<readonly GetGitlabBranchesResult[]> {
  return later(gitlabBranches, args, options);
}

interface InBitbucket {
  /** Id of the Bitbucket provider. */
  readonly bitbucketId: string;
}
interface InBitbucketRepository extends InBitbucket {
  /** Workspace. */
  readonly owner: string;
  /** Slug of the repository as it stands in its URL. */
  readonly repositorySlug: string;
}

/** Of which Bitbucket provider. */
export type GetBitbucketRepositoriesArgs = InBitbucket;
/** The same with outputs. */
export type GetBitbucketRepositoriesOutputArgs = InputsOf<InBitbucket>;

/** A repository in Bitbucket, in the words of an application's `source`. */
export interface GetBitbucketRepositoriesResult {
  /** Workspace. */
  readonly owner: string;
  /** Name of the repository. */
  readonly repository: string;
  /** Slug of the repository as it stands in its URL. */
  readonly repositorySlug: string;
}

const bitbucketRepositories = listing<GetBitbucketRepositoriesArgs, GetBitbucketRepositoriesResult>(
  "bitbucket",
  "repositories",
  [],
);

/**
 * The repositories of its workspace, by their names.
 *
 * They are read in every run, also at preview, from Bitbucket.
 *
 * @throws LookupError when there is no such provider, or it is not configured
 *
 * @example
 * ```ts
 * const repositories = await dokploy.getBitbucketRepositories({ bitbucketId });
 * ```
 */
export function getBitbucketRepositories(
  args: GetBitbucketRepositoriesArgs,
  options?: LookupOptions,
): Promise<readonly GetBitbucketRepositoriesResult[]> {
  return now(bitbucketRepositories, args, options);
}

/**
 * The repositories of its workspace, as an output.
 *
 * While the argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such provider, or it is not configured
 */
export function getBitbucketRepositoriesOutput(
  args: GetBitbucketRepositoriesOutputArgs,
  options?: LookupOptions,
): Output<readonly GetBitbucketRepositoriesResult[]> {
  return later(bitbucketRepositories, args, options);
}

/** Of which repository in Bitbucket. */
export type GetBitbucketBranchesArgs = InBitbucketRepository;
/** The same with outputs. */
export type GetBitbucketBranchesOutputArgs = InputsOf<InBitbucketRepository>;

/** A branch of a repository in Bitbucket. */
export interface GetBitbucketBranchesResult {
  /** Its name: `main`. */
  readonly branch: string;
  /** Hash of its newest commit. */
  readonly commit: string;
}

const bitbucketBranches = listing<GetBitbucketBranchesArgs, GetBitbucketBranchesResult>(
  "bitbucket",
  "branches",
  ["owner", "repositorySlug"],
);

/**
 * The branches of a repository in Bitbucket, by their names.
 *
 * They are read in every run, also at preview, from Bitbucket.
 *
 * @throws LookupError when there is no such provider or repository
 *
 * @example
 * ```ts
 * const branches = await dokploy.getBitbucketBranches({ bitbucketId, owner, repositorySlug });
 * ```
 */
export function getBitbucketBranches(
  args: GetBitbucketBranchesArgs,
  options?: LookupOptions,
): Promise<readonly GetBitbucketBranchesResult[]> {
  return now(bitbucketBranches, args, options);
}

/**
 * The branches of a repository in Bitbucket, as an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such provider or repository
 */
export function getBitbucketBranchesOutput(
  args: GetBitbucketBranchesOutputArgs,
  options?: LookupOptions,
): Output<readonly GetBitbucketBranchesResult[]> {
  return later(bitbucketBranches, args, options);
}

interface InGitea {
  /** Id of the Gitea provider. */
  readonly giteaId: string;
}
interface InGiteaRepository extends InGitea {
  /** User or organisation. */
  readonly owner: string;
  /** Name of the repository. */
  readonly repository: string;
}

/** Of which Gitea provider. */
export type GetGiteaRepositoriesArgs = InGitea;
/** The same with outputs. */
export type GetGiteaRepositoriesOutputArgs = InputsOf<InGitea>;

/** A repository in Gitea, in the words of an application's `source`. */
export interface GetGiteaRepositoriesResult {
  /** User or organisation. */
  readonly owner: string;
  /** Name of the repository. */
  readonly repository: string;
}

const giteaRepositories = listing<GetGiteaRepositoriesArgs, GetGiteaRepositoriesResult>(
  "gitea",
  "repositories",
  [],
);

/**
 * The repositories that whoever gave the token may see, by their names.
 *
 * They are read in every run, also at preview, from Gitea.
 *
 * @throws LookupError when there is no such provider, or it is not configured
 *
 * @example
 * ```ts
 * const repositories = await dokploy.getGiteaRepositories({ giteaId });
 * ```
 */
export function getGiteaRepositories(
  args: GetGiteaRepositoriesArgs,
  options?: LookupOptions,
): Promise<readonly GetGiteaRepositoriesResult[]> {
  return now(giteaRepositories, args, options);
}

/**
 * The repositories that whoever gave the token may see, as an output.
 *
 * While the argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such provider, or it is not configured
 */
export function getGiteaRepositoriesOutput(
  args: GetGiteaRepositoriesOutputArgs,
  options?: LookupOptions,
): Output<readonly GetGiteaRepositoriesResult[]> {
  return later(giteaRepositories, args, options);
}

/** Of which repository in Gitea. */
export type GetGiteaBranchesArgs = InGiteaRepository;
/** The same with outputs. */
export type GetGiteaBranchesOutputArgs = InputsOf<InGiteaRepository>;

/** A branch of a repository in Gitea. */
export interface GetGiteaBranchesResult {
  /** Its name: `main`. */
  readonly branch: string;
  /** Hash of its newest commit. */
  readonly commit: string;
}

const giteaBranches = listing<GetGiteaBranchesArgs, GetGiteaBranchesResult>("gitea", "branches", [
  "owner",
  "repository",
]);

/**
 * The branches of a repository in Gitea, by their names.
 *
 * They are read in every run, also at preview, from Gitea.
 *
 * @throws LookupError when there is no such provider or repository
 *
 * @example
 * ```ts
 * const branches = await dokploy.getGiteaBranches({ giteaId, owner, repository });
 * ```
 */
export function getGiteaBranches(
  args: GetGiteaBranchesArgs,
  options?: LookupOptions,
): Promise<readonly GetGiteaBranchesResult[]> {
  return now(giteaBranches, args, options);
}

/**
 * The branches of a repository in Gitea, as an output.
 *
 * While an argument is unknown, as it may be at preview, the result is unknown too, and Dokploy is not asked.
 *
 * @throws LookupError when there is no such provider or repository
 */
export function getGiteaBranchesOutput(
  args: GetGiteaBranchesOutputArgs,
  options?: LookupOptions,
): Output<readonly GetGiteaBranchesResult[]> {
  return later(giteaBranches, args, options);
}
