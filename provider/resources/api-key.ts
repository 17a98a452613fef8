import { z } from "zod";
import { someOf, visible } from "../../packages/text";
import { isUnknown } from "../../packages/values";
import { type Api, isNotFound } from "../dokploy";
import { isAmbiguous } from "../engine";
import { UserError } from "../errors";
import type { Context, Entity } from "../lifecycle";
import { type FieldSpec, id, nonEmptyText, secretOutput, withoutColumn } from "../schema";

/** Facts about inputs whose change replaces the key. */
const fixed: FieldSpec = { apply: "none", replace: true };
const count = z.int().min(1);
/** Number of times that Dokploy counts a request: it checks a key twice for each. */
const CHECKS = 2;
const SECONDS_OF_A_DAY = 86_400;
const deleteIt = "delete it in Dokploy (Settings, Profile, API/CLI Keys)";

export const apiKeySchema = z.strictObject({
  /** Name in Dokploy, at most 32 characters. A change replaces the key. */
  name: withoutColumn(nonEmptyText.max(32), fixed),
  /**
   * Id of the organization that the key works in; the user of the key in the settings must belong to it. A change
   * replaces the key. Default: the organization of the key in the settings.
   */
  organizationId: withoutColumn(id.optional(), fixed),
  /** Prefix of the key, such as `ci_`: up to 32 letters, digits, `-` and `_`. A change replaces the key. */
  prefix: withoutColumn(
    z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,32}$/, "is not a prefix: at most 32 letters, digits, - and _")
      .optional(),
    fixed,
  ),
  /** Days until the key expires, from 1 to 365. A change replaces the key. Default: it never expires. */
  expiresInDays: withoutColumn(count.max(365).optional(), fixed),
  /** Limit on the requests within a period. A change replaces the key. Default: no limit. */
  rateLimit: withoutColumn(
    z
      .strictObject({
        /** Requests to the API within the period. */
        requests: count,
        /** Length of the period, in seconds. */
        windowSeconds: count,
      })
      .optional(),
    fixed,
  ),
  /** Number of requests for which the key can be used. A change replaces the key. Default: no limit. */
  quota: withoutColumn(
    z
      .strictObject({
        /** Requests to the API. */
        requests: count,
        /** Refill at fixed intervals. Default: none. */
        refill: z
          .strictObject({
            /** Requests that each refill adds. */
            requests: count,
            /** Seconds between two refills. */
            everySeconds: count,
          })
          .optional(),
      })
      .optional(),
    fixed,
  ),
  /** Values whose change replaces the key, such as a month or a release. */
  triggers: withoutColumn(z.record(z.string(), z.string()).optional(), fixed),
});

export type ApiKeyInputs = z.infer<typeof apiKeySchema>;

const apiKeyOutputs = z.object({
  /** Text of the key. Secret. */
  key: secretOutput(z.string()),
  /** Time at which the key expires, in ISO 8601; undefined when it never does. */
  expiresAt: z.string().optional(),
  /** Id of the user that the key belongs to: the user of the key in the settings. */
  userId: z.string(),
});
export type ApiKeyOutputs = z.infer<typeof apiKeyOutputs>;

/**
 * An API key of the user whose key is in the settings: for CI, or for another program or stack. Dokploy shows a key
 * only once, so the only copy is in the state of the stack, as a secret.
 *
 * The key has the permissions of its user. It cannot be changed: a change of an input, including `triggers`, makes a
 * new key first. The old key is deleted once everything that uses it has the new one. A refresh drops a key that has
 * expired, and the next update makes another.
 *
 * @example
 * ```ts
 * const ci = new dokploy.ApiKey("ci", { name: "ci", expiresInDays: 90, triggers: { quarter: "2026-4" } });
 * new github.ActionsSecret("dokploy", { repository: "api", secretName: "DOKPLOY_API_KEY", plaintextValue: ci.key });
 * ```
 */
export const apiKey: Entity<ApiKeyInputs, ApiKeyOutputs> = {
  kind: "ApiKey",
  schema: apiKeySchema,
  outputs: apiKeyOutputs,
  // Users of the old key keep it until they have the new one.
  replacesBeforeDeleting: () => true,
  label: ({ name = "" }) => `"${name}"`,

  async preflight({ name }, { reads, run, warn }, { replaced }) {
    if (isUnknown(name)) return;
    const others = (await keysOf(reads)).filter((key) => key.name === name && key.id !== replaced?.id);
    const held = await Promise.all(
      others.map(({ id }) => run.ownership.holdings.stackResource("ApiKey", id)),
    );
    const left = others.filter((_, index) => held[index] === undefined).map(({ id }) => id);
    if (left.length === 0) return;
    warn(
      `Dokploy already has an API key named "${visible(name)}" (${someOf(left)}), and keeps it in addition to the ` +
        `new one. If an interrupted run created it, nobody can use it: ${deleteIt}.`,
      "duplicate",
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

  async read(id, { inputs, outputs }, { reads }) {
    const { userId, user } = await reads.call("user.get", {});
    const found = user.apiKeys.find((key) => key.id === id);
    const { expiresAt } = found ?? {};
    if (found && (!expiresAt || Date.parse(expiresAt) > Date.now()))
      return { inputs, outputs: outputsOf({ ...outputs, expiresAt }) };
    if (userId !== outputs.userId) throw new UserError(otherUser(inputs, id));
    return found && { isExpired: true, left: "" };
  },

  // Only `triggers` could change, and that replaces the key.
  async update(_id, olds) {
    return outputsOf(olds?.outputs ?? ({} as ApiKeyOutputs));
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
    // When left out, Dokploy limits the key to ten checks a day.
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
  return { key, userId, ...(expiresAt ? { expiresAt } : {}) };
}

async function keysOf(api: Pick<Api, "call">) {
  return (await api.call("user.get", {})).user.apiKeys;
}

/**
 * Makes the error for a creation without a response. Dokploy shows a key only once, so a key that it made is of no use.
 */
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
    `${error.message} Dokploy has a new key of that name (${someOf(left)}). Unless somebody else created it, this ` +
      `run did. Dokploy shows a key only once, so nobody can use it: ${deleteIt}. The next update creates another ` +
      "one.",
  );
}

function otherUser({ name }: ApiKeyInputs, id: string): string {
  return (
    `ApiKey "${visible(name)}" (${id}) belongs to another user of Dokploy than the key in the settings, which sees ` +
    "only the keys of its own user. So it is not known whether this one still exists. Use a key of that user; " +
    "or, if it was deleted, remove the resource from the state with `pulumi state delete`."
  );
}
