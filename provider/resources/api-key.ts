import { z } from "zod";
import { someOf } from "../../packages/text/names";
import { visible } from "../../packages/text/visible";
import type { Api } from "../dokploy/endpoints";
import { isNotFound } from "../dokploy/errors";
import { UserError } from "../errors/problem";
import type { Context } from "../lifecycle/context";
import type { Definition } from "../lifecycle/definition";
import { isAmbiguous } from "../objects/naming";
import { secret } from "../pulumi/secret";
import { isUnknown } from "../pulumi/unknown";
import { type FieldSpec, field, id, text } from "../schema/fields";

/** Nothing of a key can be changed. */
const fixed: FieldSpec = { apply: "none", replace: true };
const count = z.int().min(1);
/** Dokploy checks a key twice with each request to its API, and counts both. */
const CHECKS = 2;
const SECONDS_OF_A_DAY = 86_400;
const deleteIt = "delete it in Dokploy (Settings, Profile, API/CLI Keys)";

export const apiKeySchema = z.strictObject({
  /** Name in Dokploy. A change makes a new key. */
  name: field(text.max(32), fixed),
  /**
   * Id of the organization that the key works in; the user of the key in the settings must belong to it. A change makes a new
   * key. Default: that of the key in the settings.
   */
  organizationId: field(id.optional(), fixed),
  /** What the key begins with, such as `ci_`. A change makes a new key. */
  prefix: field(
    z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,32}$/, "is not a prefix: at most 32 letters, digits, - and _")
      .optional(),
    fixed,
  ),
  /** After how many days it stops working: 1 to 365. A change makes a new key. Default: never. */
  expiresInDays: field(count.max(365).optional(), fixed),
  /** How often it may be used. A change makes a new key. Default: without a limit. */
  rateLimit: field(
    z
      .strictObject({
        /** Requests to the API within the time. */
        requests: count,
        /** The time, in seconds. */
        windowSeconds: count,
      })
      .optional(),
    fixed,
  ),
  /** How often it may be used at all. A change makes a new key. Default: without an end. */
  quota: field(
    z
      .strictObject({
        /** Requests to the API. */
        requests: count,
        /** How many are added from time to time. Default: none. */
        refill: z
          .strictObject({
            /** Requests that are added. */
            requests: count,
            /** After how many seconds, each time. */
            everySeconds: count,
          })
          .optional(),
      })
      .optional(),
    fixed,
  ),
  /** Anything that should lead to a new key when it changes: a month, a release. */
  triggers: field(z.record(z.string(), z.string()).optional(), fixed),
});

export type ApiKeyInputs = z.infer<typeof apiKeySchema>;

export interface ApiKeyOutputs {
  /** The key itself. Secret. */
  key: string;
  /** When it stops working, in ISO 8601; undefined when never. */
  expiresAt?: string;
  /** Id of the user that it belongs to: the one of the key in the settings. */
  userId: string;
}

export const apiKey: Definition<ApiKeyInputs, ApiKeyOutputs> = {
  kind: "ApiKey",
  schema: apiKeySchema,
  // What uses the old key goes on until it has the new one.
  replacesBeforeDeleting: () => true,
  label: ({ name = "" }) => `ApiKey "${visible(name)}"`,

  async preflight({ name }, { reads, claims, warn }, replaced) {
    if (isUnknown(name)) return;
    const others = (await keysOf(reads)).filter((key) => key.name === name && key.id !== replaced);
    const held = await Promise.all(others.map(({ id }) => claims.holdings.holder("ApiKey", id)));
    const left = others.filter((_, index) => held[index] === undefined).map(({ id }) => id);
    if (left.length === 0) return;
    warn(
      `Dokploy has an API key named "${visible(name)}" already (${someOf(left)}), which stays beside the new one. If an ` +
        `interrupted run made it, nobody can use it: ${deleteIt}.`,
    );
  },

  async create(inputs, { api, lock }) {
    return await lock.run("new API key", async () => {
      const { user, session } = await api.call("user.session", {});
      const before = new Set((await keysOf(api)).map((key) => key.id));
      const { id, key, expiresAt } = await api
        .call("user.createApiKey", columns(inputs, session.activeOrganizationId))
        .catch(async (error) => {
          throw isAmbiguous(error) ? await lost(error, inputs, before, api) : error;
        });
      return { id, outputs: outputsOf({ key, expiresAt, userId: user.id }) };
    });
  },

  async read(id, { inputs, outputs }, { reads, warn }) {
    const { userId, user } = await reads.call("user.get", {});
    const found = user.apiKeys.find((key) => key.id === id);
    const { expiresAt } = found ?? {};
    if (found && (!expiresAt || Date.parse(expiresAt) > Date.now()))
      return { inputs, outputs: outputsOf({ ...outputs, expiresAt }) };
    if (userId !== outputs.userId) throw new UserError(otherUser(inputs, id));
    if (found) warn(`ApiKey "${visible(inputs.name)}" (${id}) has expired: the next update makes a new one.`);
    return undefined;
  },

  async update(_id, { outputs }) {
    return outputsOf(outputs);
  },

  async delete(apiKeyId, _inputs, { api }) {
    try {
      await api.call("user.deleteApiKey", { apiKeyId });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  },
};

function columns({ name, prefix, expiresInDays, rateLimit, quota, ...inputs }: ApiKeyInputs, active: string) {
  const { refill } = quota ?? {};
  return {
    name,
    metadata: { organizationId: inputs.organizationId ?? active },
    ...(prefix === undefined ? {} : { prefix }),
    ...(expiresInDays === undefined ? {} : { expiresIn: expiresInDays * SECONDS_OF_A_DAY }),
    // Left out, Dokploy would give it ten checks in a day.
    rateLimitEnabled: rateLimit !== undefined,
    ...(rateLimit === undefined
      ? {}
      : { rateLimitMax: rateLimit.requests * CHECKS, rateLimitTimeWindow: rateLimit.windowSeconds * 1000 }),
    ...(quota === undefined ? {} : { remaining: quota.requests * CHECKS }),
    ...(refill === undefined
      ? {}
      : { refillAmount: refill.requests * CHECKS, refillInterval: refill.everySeconds * 1000 }),
  };
}

function outputsOf({
  key,
  expiresAt,
  userId,
}: Omit<ApiKeyOutputs, "expiresAt"> & { expiresAt?: string | null | undefined }): ApiKeyOutputs {
  return { key: secret(key), userId, ...(expiresAt ? { expiresAt } : {}) };
}

async function keysOf(api: Pick<Api, "call">) {
  return (await api.call("user.get", {})).user.apiKeys;
}

/** The error of a creation without an answer: Dokploy shows a key once, so that what it made helps nobody. */
async function lost(
  error: Error,
  { name }: ApiKeyInputs,
  before: ReadonlySet<string>,
  api: Context["api"],
): Promise<Error> {
  const now = await keysOf(api).catch(() => []);
  const left = now.filter((key) => key.name === name && !before.has(key.id)).map((key) => key.id);
  if (left.length === 0) return error;
  return new UserError(
    `${error.message} Dokploy has a new key of that name (${someOf(left)}): if nobody else made it, it is what this run ` +
      `has made, and as Dokploy shows a key but once, nobody can use it. To be rid of it, ${deleteIt}; the next update makes ` +
      "another one.",
  );
}

function otherUser({ name }: ApiKeyInputs, id: string): string {
  return (
    `ApiKey "${visible(name)}" (${id}) belongs to another user of Dokploy than the key in the settings, which sees its own ` +
    "keys alone, so that nobody can tell whether it is still there. Use a key of that user; or, when it is gone, take the " +
    "resource out of the state with `pulumi state delete`."
  );
}
