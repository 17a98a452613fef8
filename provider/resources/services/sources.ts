import { z } from "zod";
import { isUnknown } from "../../../packages/values";
import type { Column } from "../../dokploy";
import type { Problem } from "../../errors";
import { type FieldSpec, id, keptIn, nonEmptyText } from "../../schema";
import { branch } from "../types/addresses";
import { gitAddress, repositoryName, repositoryPath } from "../types/text-types";

/**
 * Sources of code that applications and compose services share: the git providers. In Dokploy's row each provider has
 * its own columns, and only those of `sourceType` count.
 */

type Both = Column<"application" | "compose">;
const { field } = keptIn<"application" | "compose">();

const deploys = (column: Both, reset: unknown = null): FieldSpec<Both> => ({
  column,
  apply: "deploy",
  reset,
});

const common = {
  /** Paths (globs); only a push that touches one of them deploys. Default: every push deploys. */
  watchPaths: field(z.array(nonEmptyText).optional(), { column: "watchPaths", apply: "none", reset: null }),
  /** True to check out git submodules. Default: false. */
  submodules: field(z.boolean().optional(), deploys("enableSubmodules", false)),
};

/** Returns the mistakes in a source beyond its types. Values may be unknown. */
export function sourceProblems(source: object | undefined): Problem[] {
  const { type, url, sshKeyId } = (source ?? {}) as Readonly<Record<string, unknown>>;
  if (type !== "git" || typeof url !== "string" || isUnknown(url) || sshKeyId !== undefined) return [];
  if (!/^(?:ssh:\/\/|[^/@\s]+@[^/:\s]+:)/i.test(url)) return [];
  const reason = "is missing: source.url is an SSH address, from which Dokploy cannot clone without a key";
  return [{ property: "source.sshKeyId", reason }];
}

/** Source on any git server, by its URL. */
export const git = {
  type: z.literal("git"),
  /**
   * Address of the repository: `https://…` (treated as a secret, since it may hold credentials) or
   * `git@host:owner/repository.git`.
   */
  url: field(gitAddress, { ...deploys("customGitUrl"), secret: "login" }),
  /** Branch to deploy. */
  branch: field(branch, deploys("customGitBranch")),
  /** Id of the SSH key in Dokploy; required for an SSH address. */
  sshKeyId: field(id.optional(), deploys("customGitSSHKeyId")),
  ...common,
};

/** Source on GitHub, through a GitHub App that is connected in Dokploy. */
export const github = {
  type: z.literal("github"),
  /** Id of the GitHub provider in Dokploy. */
  githubId: field(id, deploys("githubId")),
  /** User or organization. */
  owner: field(repositoryName, deploys("owner")),
  /** Name of the repository, without its owner. */
  repository: field(repositoryName, deploys("repository")),
  /** Branch to deploy. */
  branch: field(branch, deploys("branch")),
  /** Event that deploys: a push to the branch, or a new tag. Default: `push`. */
  trigger: field(z.enum(["push", "tag"]).optional(), {
    column: "triggerType",
    apply: "none",
    reset: "push",
  }),
  ...common,
};

/** Source on GitLab, through a provider in Dokploy. */
export const gitlab = {
  type: z.literal("gitlab"),
  /** Id of the GitLab provider in Dokploy. */
  gitlabId: field(id, deploys("gitlabId")),
  /** Number of the project on GitLab. */
  projectId: field(z.number().int().positive(), deploys("gitlabProjectId")),
  /** Full path of the project, e.g. `group/sub/project`. */
  pathNamespace: field(repositoryPath, deploys("gitlabPathNamespace")),
  /** Group or user. */
  owner: field(nonEmptyText, deploys("gitlabOwner")),
  /** Name of the repository. */
  repository: field(nonEmptyText, deploys("gitlabRepository")),
  /** Branch to deploy. */
  branch: field(branch, deploys("gitlabBranch")),
  ...common,
};

/** Source on Bitbucket, through a provider in Dokploy. */
export const bitbucket = {
  type: z.literal("bitbucket"),
  /** Id of the Bitbucket provider in Dokploy. */
  bitbucketId: field(id, deploys("bitbucketId")),
  /** Workspace. */
  owner: field(repositoryName, deploys("bitbucketOwner")),
  /** Name of the repository. */
  repository: field(nonEmptyText, deploys("bitbucketRepository")),
  /** Slug of the repository, as in its URL. */
  repositorySlug: field(repositoryName, deploys("bitbucketRepositorySlug")),
  /** Branch to deploy. */
  branch: field(branch, deploys("bitbucketBranch")),
  ...common,
};

/** Source on Gitea or Forgejo, through a provider in Dokploy. */
export const gitea = {
  type: z.literal("gitea"),
  /** Id of the Gitea provider in Dokploy. */
  giteaId: field(id, deploys("giteaId")),
  /** User or organization. */
  owner: field(repositoryName, deploys("giteaOwner")),
  /** Name of the repository. */
  repository: field(repositoryName, deploys("giteaRepository")),
  /** Branch to deploy. */
  branch: field(branch, deploys("giteaBranch")),
  ...common,
};
