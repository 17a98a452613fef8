import { z } from "zod";
import { type Endpoints, mutation, query } from "../instance/endpoint";
import { ApiError, notFound } from "../instance/errors";
import { newId, newUserId } from "../instance/ids";
import type { ApiKey, Instance } from "../instance/instance";
import type { Row } from "../instance/rows";
import { boolean, number, text } from "../instance/schema";
import { serviceKinds } from "../instance/services";

const permissions = [
  "canCreateProjects",
  "canAccessToSSHKeys",
  "canCreateServices",
  "canDeleteProjects",
  "canDeleteServices",
  "canAccessToDocker",
  "canAccessToAPI",
  "canAccessToGitProviders",
  "canAccessToTraefikFiles",
  "canDeleteEnvironments",
  "canCreateEnvironments",
];

const accessed = [
  "accessedProjects",
  "accessedEnvironments",
  "accessedServices",
  "accessedGitProviders",
  "accessedServers",
];

export const userEndpoints: Endpoints = {
  "user.session": query(undefined, (instance, _, userId) => ({
    user: { id: userId },
    session: { activeOrganizationId: instance.organization["id"] },
  })),

  "user.get": query(undefined, (instance, _, userId) => {
    const member = instance.simple("member").get(userId) ?? ownMembership(instance);
    return {
      ...member,
      user: {
        ...(member["user"] as Row),
        image: null,
        allowImpersonation: false,
        twoFactorEnabled: false,
        stripeCustomerId: null,
        stripeSubscriptionId: null,
        serversQuantity: 0,
        isEnterpriseCloud: false,
        sendInvoiceNotifications: false,
        apiKeys: keysOf(instance, userId).map(({ id, name, createdAt, prefix, expiresAt }) => ({
          id,
          name,
          prefix,
          enabled: true,
          expiresAt,
          createdAt,
        })),
      },
    };
  }),

  "user.getBackups": query(undefined, (instance) => ({
    ...instance.user,
    backups: [...instance.simple("backup").values()]
      .filter(({ userId }) => userId === instance.user["id"])
      .map((row) => ({
        ...row,
        destination: { ...instance.simple("destination").get(String(row["destinationId"])) },
        deployments: [],
      })),
  })),

  "user.all": query(undefined, (instance) => [owner(instance), ...instance.simple("member").values()]),

  "user.one": query(z.object({ userId: text }), (instance, { userId }) => memberOf(instance, userId)),

  "user.createUserWithCredentials": mutation(
    z.object({ email: z.email(), password: text.min(8), role: text.min(1) }),
    (instance, { email, role }) => {
      const userId = newUserId();
      instance.simple("member").set(userId, {
        id: newId(),
        organizationId: instance.organization["id"],
        userId,
        role,
        createdAt: instance.timestamp(),
        teamId: null,
        isDefault: true,
        ...Object.fromEntries(permissions.map((name) => [name, false])),
        ...Object.fromEntries(accessed.map((name) => [name, []])),
        user: { id: userId, firstName: "", lastName: "", email },
      });
      return { userId, email, role };
    },
  ),

  // Without a license, permissions that need one are silently dropped.
  "user.assignPermissions": mutation(
    z.object({
      id: text,
      ...Object.fromEntries(permissions.map((name) => [name, z.boolean()])),
      ...Object.fromEntries(accessed.map((name) => [name, z.array(z.string())])),
    }),
    (instance, { id, accessedGitProviders: _, accessedServers: _servers, ...values }: Row) => {
      const row = instance.simple("member").get(String(id));
      if (row) Object.assign(row, values);
    },
  ),

  "organization.updateMemberRole": mutation(
    z.object({ memberId: text, role: text.min(1) }),
    (instance, { memberId, role }) => {
      const row = [...instance.simple("member").values()].find(({ id }) => id === memberId);
      if (!row) throw notFound("Member");
      if (!["admin", "member"].includes(role)) throw notFound(`Custom role "${role}"`);
      row["role"] = role;
      return true;
    },
  ),

  "user.createApiKey": mutation(
    z.object({
      name: text.min(1).max(32),
      prefix: text.optional(),
      metadata: z.object({ organizationId: z.string() }),
      rateLimitEnabled: boolean.optional(),
      rateLimitTimeWindow: number.optional(),
      rateLimitMax: number.optional(),
      expiresIn: number.optional(),
      remaining: number.optional(),
      refillAmount: number.optional(),
      refillInterval: number.optional(),
    }),
    (instance, input, userId) => {
      const { organizationId } = input.metadata;
      if (
        organizationId !== instance.organization["id"] &&
        !instance.simple("organization").has(organizationId)
      )
        throw new ApiError("FORBIDDEN", "You are not a member of this organization");
      if (input.expiresIn !== undefined && input.expiresIn < 86_400) {
        const message = "The expiresIn is smaller than the predefined minimum value.";
        throw new ApiError("INTERNAL_SERVER_ERROR", message);
      }
      return newKey(instance, input, userId);
    },
  ),

  "user.deleteApiKey": mutation(z.object({ apiKeyId: text }), (instance, { apiKeyId }, userId) => {
    const index = instance.keys.findIndex((key) => key.id === apiKeyId);
    if (index < 0) throw notFound("API key");
    if (instance.keys[index]?.userId !== userId)
      throw new ApiError("UNAUTHORIZED", "You are not authorized to delete this API key");
    instance.keys.splice(index, 1);
    return true;
  }),

  "organization.active": query(undefined, (instance) => instance.organization),
};

function ownMembership(instance: Instance): Row {
  return {
    id: instance.member["id"],
    organizationId: instance.organization["id"],
    userId: instance.user["id"],
    role: "owner",
    createdAt: instance.member["createdAt"],
    teamId: null,
    isDefault: true,
    ...Object.fromEntries(permissions.map((name) => [name, false])),
    accessedProjects: [...instance.tables.project.keys()],
    accessedEnvironments: [...instance.tables.environment.keys()],
    accessedServices: serviceKinds.flatMap(({ table }) => [...instance.tables[table].keys()]),
    accessedGitProviders: [],
    accessedServers: [],
    user: instance.user,
  };
}

function keysOf(instance: Instance, userId: string): ApiKey[] {
  return instance.keys.filter((key) => key.userId === userId);
}

/** Emulates a member who signs in and makes a key in the profile. Returns the key's text. */
export function makeKey(instance: Instance, email: string): string {
  const [userId] =
    [...instance.simple("member")].find(([, row]) => (row["user"] as Row)["email"] === email) ?? [];
  if (userId === undefined) throw new Error(`There is no member ${email}.`);
  const key = instance.newKey("ci", userId);
  instance.keys.push(key);
  return key.key;
}

function memberOf(instance: Instance, userId: string): Row {
  if (userId === instance.user["id"]) return owner(instance);
  const row = instance.simple("member").get(userId);
  if (!row) throw new ApiError("NOT_FOUND", "User not found in this organization");
  return row;
}

function owner(instance: Instance): Row {
  return { ...instance.member, userId: instance.user["id"], role: "owner", user: instance.user };
}

interface Asked {
  name: string;
  prefix?: string | undefined;
  expiresIn?: number | undefined;
  rateLimitEnabled?: boolean | undefined;
  rateLimitTimeWindow?: number | undefined;
  rateLimitMax?: number | undefined;
  remaining?: number | undefined;
  refillAmount?: number | undefined;
  refillInterval?: number | undefined;
}

/** Creates a key, in the form that is shown once. By default it may be verified ten times in 24 hours. */
function newKey(instance: Instance, asked: Asked, userId: string) {
  const { name, prefix = null, expiresIn, rateLimitEnabled: limited = true, rateLimitMax: max = 10 } = asked;
  const key = instance.newKey(name, userId, limited ? max : undefined);
  key.prefix = prefix;
  key.key = `${prefix ?? ""}${key.key}`;
  if (expiresIn !== undefined)
    key.expiresAt = new Date(Date.parse(key.createdAt) + expiresIn * 1000).toISOString();
  instance.keys.push(key);
  return {
    configId: "default",
    name,
    start: key.key.slice(0, 6),
    referenceId: userId,
    prefix,
    key: key.key,
    refillInterval: asked.refillInterval ?? null,
    refillAmount: asked.refillAmount ?? null,
    lastRefillAt: null,
    enabled: true,
    rateLimitEnabled: limited,
    rateLimitTimeWindow: asked.rateLimitTimeWindow ?? 86_400_000,
    rateLimitMax: max,
    requestCount: 0,
    remaining: asked.remaining ?? null,
    lastRequest: null,
    expiresAt: key.expiresAt,
    createdAt: key.createdAt,
    updatedAt: key.createdAt,
    permissions: null,
    metadata: null,
    id: key.id,
  };
}
