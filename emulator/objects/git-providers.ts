import { z } from "zod";
import { type Endpoints, mutation, query } from "../instance/endpoint";
import { ApiError, badRequest, notFound } from "../instance/errors";
import { newId } from "../instance/ids";
import type { HostedRepository, Instance } from "../instance/instance";
import type { Row } from "../instance/rows";
import { someText } from "../instance/schema";
import { simpleObjects } from "../instance/simple-rows";
import { release } from "./release";

const kinds = ["gitlab", "bitbucket", "github", "gitea"] as const;

/** Columns of the separate row that providers of all kinds have. */
const { outer = [] } = simpleObjects["gitlab"] ?? {};

/** Columns of a provider in the list of all git providers, by its kind: no secrets. */
const shown: Readonly<Record<string, (row: Row) => Row>> = {
  gitlab: ({ gitlabId, applicationId, gitlabUrl, accessToken, refreshToken }) => ({
    gitlabId,
    applicationId,
    gitlabUrl,
    isConfigured: Boolean(accessToken && refreshToken),
  }),
  bitbucket: ({ bitbucketId, bitbucketUsername, appPassword, apiToken }) => ({
    bitbucketId,
    bitbucketUsername,
    isConfigured: false,
    isDeprecated: Boolean(appPassword && !apiToken),
  }),
  gitea: ({ giteaId, giteaUrl, clientId, accessToken, refreshToken }) => ({
    giteaId,
    giteaUrl,
    clientId,
    isConfigured: Boolean(accessToken && refreshToken),
  }),
  github: ({ githubId, githubAppName, githubAppId, githubInstallationId, githubUrl, githubPrivateKey }) => ({
    githubId,
    githubAppName,
    githubAppId,
    githubInstallationId,
    githubUrl,
    isConfigured: Boolean(githubPrivateKey && githubAppId && githubInstallationId),
  }),
};

/** Lists of a git host, in the format of its own API for GitHub, and in Dokploy's shorter format for the others. */
const lists: Readonly<
  Record<
    (typeof kinds)[number],
    {
      readonly noun: string;
      /** Returns the error without the user's consent. */
      refusal(row: Row): ApiError | undefined;
      repository(one: HostedRepository, index: number): Row;
      branch(name: string, commit: string): Row;
      /** True when the arguments for the branches name it. */
      isIt(one: HostedRepository, index: number, input: Row): boolean;
    }
  >
> = {
  github: {
    noun: "Github Provider",
    refusal: (row) =>
      row["githubInstallationId"] === null
        ? failed("[@octokit/auth-app] installationId is set to a falsy value")
        : undefined,
    repository: ({ owner, name, branches }, index) => ({
      id: index + 1,
      name,
      full_name: `${owner}/${name}`,
      private: true,
      owner: { login: owner },
      html_url: `https://github.com/${owner}/${name}`,
      default_branch: Object.keys(branches)[0],
    }),
    branch: (name, sha) => ({ name, commit: { sha }, protected: name === "main" }),
    isIt: ({ owner, name }, _, input) => input["owner"] === owner && input["repo"] === name,
  },
  gitlab: {
    noun: "Gitlab Provider",
    refusal: (row) => (row["accessToken"] ? undefined : failed("Failed to refresh token: Not Found")),
    repository: ({ owner, name }, index) => ({
      id: index + 1,
      name,
      url: `${owner}/${name}`,
      owner: { username: owner },
    }),
    branch: (name, id) => ({ name, commit: { id } }),
    isIt: (_, index, input) => input["id"] === index + 1,
  },
  bitbucket: {
    noun: "Bitbucket Provider",
    refusal: () => undefined,
    repository: ({ owner, name }) => ({
      name,
      url: `https://bitbucket.org/${owner}/${name.toLowerCase()}`,
      slug: name.toLowerCase(),
      owner: { username: owner },
    }),
    branch: (name, sha) => ({ name, commit: { sha } }),
    isIt: ({ owner, name }, _, input) => input["owner"] === owner && input["repo"] === name.toLowerCase(),
  },
  gitea: {
    noun: "Gitea Provider",
    refusal: (row) =>
      row["accessToken"] ? undefined : badRequest("Failed to fetch repositories: Unauthorized"),
    repository: ({ owner, name }, index) => ({
      id: index + 1,
      name,
      url: `${owner}/${name}`,
      owner: { username: owner },
    }),
    branch: (name, id) => ({ id: name, name, commit: { id } }),
    isIt: ({ owner, name }, _, input) => input["owner"] === owner && input["repositoryName"] === name,
  },
};

const named = z.object({ owner: z.string(), repo: z.string() });
const branchInputs: Readonly<Record<(typeof kinds)[number], z.ZodObject>> = {
  github: named,
  gitlab: named.extend({ id: z.coerce.number().optional() }),
  bitbucket: named,
  gitea: z.object({ owner: someText, repositoryName: someText }),
};

/** Defines `github.getGithubRepositories` and the like. */
function listEndpoints(kind: (typeof kinds)[number]): Endpoints {
  const { noun, refusal, repository, branch, isIt } = lists[kind];
  const id = `${kind}Id`;
  const Kind = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
  const hosted = (instance: Instance, input: Row): readonly HostedRepository[] => {
    const row = instance.simple(kind).get(String(input[id]));
    if (!row) throw notFound(noun);
    const refused = refusal(row);
    if (refused) throw refused;
    return instance.hosted.get(String(input[id])) ?? [];
  };
  return {
    [`${kind}.get${Kind}Repositories`]: query(z.object({ [id]: someText }), (instance, input: Row) =>
      hosted(instance, input).map(repository),
    ),
    [`${kind}.get${Kind}Branches`]: query(
      branchInputs[kind].extend({ [id]: z.string() }),
      (instance, input: Row) => {
        const found = hosted(instance, input).find((one, index) => isIt(one, index, input));
        if (!found && kind === "gitlab" && input["id"] === undefined) return [];
        if (!found)
          throw kind === "gitea" ? badRequest("Failed to fetch branches: Not Found") : failed("Not Found");
        return Object.entries(found.branches).map(([name, commit]) => branch(name, commit));
      },
    ),
  };
}

function failed(message: string): ApiError {
  return new ApiError("INTERNAL_SERVER_ERROR", message);
}

/** Creates the rows that GitHub's pages create in Dokploy: no call of its API does. */
export function makeGithubApp(instance: Instance, name: string, isInstalled: boolean): string {
  const githubId = newId();
  instance.simple("github").set(githubId, {
    githubId,
    githubAppName: `https://github.com/apps/${name}`,
    githubAppId: 1,
    githubClientId: "client",
    githubClientSecret: newId(),
    githubInstallationId: isInstalled ? "2" : null,
    githubPrivateKey: newId(),
    githubWebhookSecret: newId(),
    githubUrl: "https://github.com",
    gitProviderId: newId(),
    name,
    providerType: "github",
    createdAt: instance.timestamp(),
    organizationId: instance.organization["id"],
    userId: instance.user["id"],
    sharedWithOrganization: false,
  });
  return githubId;
}

function all(instance: Instance): [string, Row][] {
  return kinds.flatMap((kind) =>
    [...instance.simple(kind).values()].map((row): [string, Row] => [kind, row]),
  );
}

function outerOf(kind: string, row: Row): Row {
  return Object.fromEntries((simpleObjects[kind]?.outer ?? outer).map((name) => [name, row[name]]));
}

/** Common calls of git providers of all kinds. */
export const gitProviderEndpoints: Endpoints = {
  // GitHub's own pages create them; those of the other kinds are simple objects.
  "github.one": query(z.object({ githubId: someText }), (instance, { githubId }) => {
    const row = instance.simple("github").get(githubId);
    if (!row && !instance.isConnected("github", githubId)) throw notFound(lists.github.noun);
    return row ?? { githubId };
  }),
  ...Object.assign({}, ...kinds.map(listEndpoints)),
  "gitProvider.getAll": query(undefined, (instance) =>
    all(instance)
      .map(([kind, row]) => ({
        ...outerOf(kind, row),
        ...Object.fromEntries(kinds.map((other) => [other, other === kind ? shown[kind]?.(row) : null])),
        isOwner: true,
      }))
      .reverse(),
  ),

  "gitProvider.remove": mutation(z.object({ gitProviderId: someText }), (instance, { gitProviderId }) => {
    const [kind, row] = all(instance).find(([, one]) => one["gitProviderId"] === gitProviderId) ?? [];
    const object = kind && simpleObjects[kind];
    if (!object || !row) throw badRequest("Git Provider not found");
    const id = row[`${kind}Id`];
    instance.simple(kind).delete(String(id));
    release(object, id, instance);
    return outerOf(kind, row);
  }),
};
