import { capital, pluralOf, visible } from "../../packages/text";
import { DokployError, type Endpoint, isNotFound } from "../../provider/dokploy";
import { isId, notAnId } from "../../provider/schema";
import { checkTexts } from "./arguments";
import { LookupError, noneOfId } from "./error";
import { type Lookup, openLookup } from "./lookup";
import type { Reader } from "./reader";
import { callerOf } from "./words";

type Row = Readonly<Record<string, unknown>>;

/** Names of the lists of a git host, and the properties of each entry. */
interface Host {
  readonly noun: string;
  /** Argument that names the provider. */
  readonly id: string;
  readonly repositories: Listing;
  readonly branches: Listing;
}

interface Listing {
  readonly endpoint: Endpoint;
  /** Arguments other than the provider's id, each with its name in the call. */
  readonly takes: Readonly<Record<string, string>>;
  /** Values that the call requires but does not use. */
  readonly fills?: Row;
  report(row: Row): Row;
}

const at = (row: Row, ...path: string[]): unknown =>
  path.reduce<unknown>((value, name) => (value as Row | undefined)?.[name], row);
const repositoryOf = (row: Row) => ({ owner: at(row, "owner", "username"), repository: row["name"] });
const named = { owner: "owner", repository: "repo" };

export const hosts = {
  github: {
    noun: "GitHub provider",
    id: "githubId",
    repositories: {
      endpoint: "github.getGithubRepositories",
      takes: {},
      report: (row) => ({
        owner: at(row, "owner", "login"),
        repository: row["name"],
        defaultBranch: row["default_branch"],
        isPrivate: row["private"],
      }),
    },
    branches: {
      endpoint: "github.getGithubBranches",
      takes: named,
      report: (row) => ({
        branch: row["name"],
        commit: at(row, "commit", "sha"),
        isProtected: row["protected"],
      }),
    },
  },
  gitlab: {
    noun: "GitLab provider",
    id: "gitlabId",
    repositories: {
      endpoint: "gitlab.getGitlabRepositories",
      takes: {},
      report: (row) => ({ ...repositoryOf(row), projectId: row["id"], pathNamespace: row["url"] }),
    },
    branches: {
      endpoint: "gitlab.getGitlabBranches",
      takes: { projectId: "id" },
      fills: { owner: "-", repo: "-" },
      report: (row) => ({ branch: row["name"], commit: at(row, "commit", "id") }),
    },
  },
  bitbucket: {
    noun: "Bitbucket provider",
    id: "bitbucketId",
    repositories: {
      endpoint: "bitbucket.getBitbucketRepositories",
      takes: {},
      report: (row) => ({ ...repositoryOf(row), repositorySlug: row["slug"] }),
    },
    branches: {
      endpoint: "bitbucket.getBitbucketBranches",
      takes: { owner: "owner", repositorySlug: "repo" },
      report: (row) => ({ branch: row["name"], commit: at(row, "commit", "sha") }),
    },
  },
  gitea: {
    noun: "Gitea provider",
    id: "giteaId",
    repositories: { endpoint: "gitea.getGiteaRepositories", takes: {}, report: repositoryOf },
    branches: {
      endpoint: "gitea.getGiteaBranches",
      takes: { owner: "owner", repository: "repositoryName" },
      report: (row) => ({ branch: row["name"], commit: at(row, "commit", "id") }),
    },
  },
} as const satisfies Readonly<Record<string, Host>>;

/** Lists the repositories or branches of the provider in the arguments, sorted by name. */
async function listOf(
  kind: keyof typeof hosts,
  what: "repositories" | "branches",
  args: Row,
  reader: Reader,
): Promise<Row[]> {
  const { noun, id: idName, [what]: listing }: Host = hosts[kind];
  const { [idName]: id, projectId, ...texts } = args;
  checkTexts({ [idName]: id, ...texts });
  if (!isId(String(id))) {
    const all = pluralOf(callerOf(`${kind}Provider`));
    throw new LookupError(`${idName} ${notAnId}. ${all} lists the ids.`);
  }
  if (projectId !== undefined && !Number.isInteger(projectId))
    throw new LookupError("projectId must be the number that GitLab has for the project.");
  const given = Object.entries(listing.takes).map(([name, called]) => [called, args[name]]);
  const input = { ...listing.fills, ...Object.fromEntries(given), [idName]: id };
  const rows = (await reader.call(listing.endpoint, input as never).catch((error: unknown) => {
    if (isNotFound(error)) throw noneOfId(noun, id);
    throw refusal(error, `the ${what} of ${noun} ${String(id)}`);
  })) as Row[];
  return rows.map(listing.report).sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
}

/** Makes the error for a refusal by the git host, which Dokploy passes on as its own failure. */
function refusal(error: unknown, what: string): unknown {
  if (!(error instanceof DokployError) || (error.status !== 400 && error.status !== 500)) return error;
  const said = error.said === undefined ? "" : ` Dokploy said: ${visible(error.said)}`;
  return new LookupError(
    `Dokploy could not list ${what}: nobody has authorized the provider on its page yet (isConfigured is then false), the ` +
      `git host does not answer, or it has no such repository.${said}`,
  );
}

function textOf({ owner, repository, branch }: Row): string {
  return [owner, repository, branch].join("/");
}

/** Makes a lookup of repositories or branches. */
export function listing<Args extends object, Result>(
  kind: keyof typeof hosts,
  what: "repositories" | "branches",
  names: readonly string[],
): Lookup<Args, readonly Result[]> {
  return openLookup(callerOf(`${kind}${capital(what)}`), [[`${kind}Id`, ...names]], async (args, reader) => {
    const rows = await listOf(kind, what, args as never, reader);
    return rows as unknown as Result[];
  });
}
