import { z } from "zod";
import { type Endpoints, mutation, query } from "../endpoint";
import { badRequest } from "../errors";
import type { Instance } from "../instance";
import type { Row } from "../rows";
import { someText } from "../schema";
import { release } from "./release";
import { simpleObjects } from "./simple-rows";

const kinds = ["gitlab", "bitbucket", "github", "gitea"] as const;

/** What the list of all git providers shows of one, by its kind: no secret. */
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
};

/** What git providers of all kinds have in common. */
export const gitProviderEndpoints: Endpoints = {
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

function all(instance: Instance): [string, Row][] {
  return kinds.flatMap((kind) =>
    [...instance.simple(kind).values()].map((row): [string, Row] => [kind, row]),
  );
}

function outerOf(kind: string, row: Row): Row {
  return Object.fromEntries((simpleObjects[kind]?.outer ?? []).map((name) => [name, row[name]]));
}
