import { z } from "zod";
import type { Column } from "../dokploy/columns";
import type { Problem } from "../errors/problem";
import { isUnknown } from "../pulumi/unknown";
import { branch, type FieldSpec, id, keptIn, shellWord, text } from "../schema/fields";

/**
 * Where the code of a service comes from: the git providers, which applications and compose services share.
 * In Dokploy's row each provider has columns of its own; only those of `sourceType` count.
 */

type Both = Column<"application" | "compose">;
const { field } = keptIn<"application" | "compose">();

const deploys = (column: Both, reset: unknown = null): FieldSpec<Both> => ({
  column,
  apply: "deploy",
  reset,
});

const common = {
  /** Deploy only when a push touches one of these paths (globs). Default: every push. */
  watchPaths: field(z.array(text).optional(), { column: "watchPaths", apply: "none", reset: null }),
  /** Check out git submodules too. Default: false. */
  submodules: field(z.boolean().optional(), deploys("enableSubmodules", false)),
};

/** What is wrong with where the code comes from, beyond types. Values may be unknown. */
export function sourceProblems(source: object | undefined): Problem[] {
  const { type, url, sshKeyId } = (source ?? {}) as Readonly<Record<string, unknown>>;
  if (type !== "git" || typeof url !== "string" || isUnknown(url) || sshKeyId !== undefined) return [];
  if (!/^(?:ssh:\/\/|[^/@\s]+@[^/:\s]+:)/i.test(url)) return [];
  const reason =
    "is missing: source.url is an address of SSH, from which Dokploy clones nothing without a key";
  return [{ property: "source.sshKeyId", reason }];
}

/** Any git server, by URL. */
export const git = {
  type: z.literal("git"),
  /** `https://…` (credentials may be in it, so it is treated as a secret) or `git@host:owner/repository.git`. */
  url: field(shellWord, { ...deploys("customGitUrl"), secret: "login" }),
  /** Branch to deploy. */
  branch: field(branch, deploys("customGitBranch")),
  /** Id of the SSH key in Dokploy; an ssh URL needs one. */
  sshKeyId: field(id.optional(), deploys("customGitSSHKeyId")),
  ...common,
};

/** GitHub, through a GitHub App that is connected in Dokploy. */
export const github = {
  type: z.literal("github"),
  /** Id of the GitHub connection in Dokploy. */
  githubId: field(id, deploys("githubId")),
  /** User or organisation. */
  owner: field(text, deploys("owner")),
  /** Name of the repository, without its owner. */
  repository: field(text, deploys("repository")),
  /** Branch to deploy. */
  branch: field(branch, deploys("branch")),
  /** Deploy on a push to the branch, or on a new tag. Default: `push`. */
  trigger: field(z.enum(["push", "tag"]).optional(), {
    column: "triggerType",
    apply: "none",
    reset: "push",
  }),
  ...common,
};

/** GitLab, through a connection in Dokploy. */
export const gitlab = {
  type: z.literal("gitlab"),
  /** Id of the GitLab connection in Dokploy. */
  gitlabId: field(id, deploys("gitlabId")),
  /** GitLab's number of the project. */
  projectId: field(z.number().int().positive(), deploys("gitlabProjectId")),
  /** Full path, e.g. `group/sub/project`. */
  pathNamespace: field(text, deploys("gitlabPathNamespace")),
  /** Group or user. */
  owner: field(text, deploys("gitlabOwner")),
  /** Name of the repository. */
  repository: field(text, deploys("gitlabRepository")),
  /** Branch to deploy. */
  branch: field(branch, deploys("gitlabBranch")),
  ...common,
};

/** Bitbucket, through a connection in Dokploy. */
export const bitbucket = {
  type: z.literal("bitbucket"),
  /** Id of the Bitbucket connection in Dokploy. */
  bitbucketId: field(id, deploys("bitbucketId")),
  /** Workspace. */
  owner: field(text, deploys("bitbucketOwner")),
  /** Name of the repository. */
  repository: field(text, deploys("bitbucketRepository")),
  /** Slug of the repository as it stands in its URL. */
  repositorySlug: field(text, deploys("bitbucketRepositorySlug")),
  /** Branch to deploy. */
  branch: field(branch, deploys("bitbucketBranch")),
  ...common,
};

/** Gitea or Forgejo, through a connection in Dokploy. */
export const gitea = {
  type: z.literal("gitea"),
  /** Id of the Gitea connection in Dokploy. */
  giteaId: field(id, deploys("giteaId")),
  /** User or organisation. */
  owner: field(text, deploys("giteaOwner")),
  /** Name of the repository. */
  repository: field(text, deploys("giteaRepository")),
  /** Branch to deploy. */
  branch: field(branch, deploys("giteaBranch")),
  ...common,
};
