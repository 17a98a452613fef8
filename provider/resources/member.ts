import { z } from "zod";
import { visible } from "../../packages/text";
import { isUnknown } from "../../packages/values";
import { type Api, type Input, ifFound, type Output } from "../dokploy";
import { reconcile, reportAdoption, splitUnknown, stillThere } from "../engine";
import { CheckFailedError, PartialFailureError, UserError } from "../errors";
import type { Context, Entity } from "../lifecycle";
import { asSet, type FieldSpec, id, keptIn, lookedUp, Mapping, nonEmptyText } from "../schema";

type Permissions = Omit<Input<"user.assignPermissions">, "id">;
type MemberRow = Output<"user.one">;

const { field } = keptIn<"user", keyof Permissions | "role">();
const flag = (column: keyof Permissions) => field(z.boolean().optional(), { column, apply: "none" });
const list = (column: keyof Permissions) =>
  field(z.array(id).optional(), { column, apply: "none", write: asSet } satisfies FieldSpec<
    keyof Permissions
  >);

export const memberSchema = z.strictObject({
  /** Email of the person, who must already be a member of the organization. A change replaces the resource. */
  email: field(nonEmptyText, { apply: "none", replace: true }),
  /**
   * Role: `admin`, `member`, or a custom one, which requires a license of Dokploy Enterprise. When left out, it is not
   * touched.
   */
  role: field(nonEmptyText.meta({ examples: ["admin"] }).optional(), { column: "role", apply: "none" }),
  /** Permissions of a `member`; an admin has all of them. A permission that is left out is not touched. */
  may: z
    .strictObject({
      /** True to allow creating projects. */
      createProjects: flag("canCreateProjects"),
      /** True to allow deleting projects. */
      deleteProjects: flag("canDeleteProjects"),
      /** True to allow creating environments. */
      createEnvironments: flag("canCreateEnvironments"),
      /** True to allow deleting environments. */
      deleteEnvironments: flag("canDeleteEnvironments"),
      /** True to allow creating services. */
      createServices: flag("canCreateServices"),
      /** True to allow deleting services. */
      deleteServices: flag("canDeleteServices"),
      /** True to allow access to Docker. */
      seeDocker: flag("canAccessToDocker"),
      /** True to allow seeing and changing Traefik's files. */
      changeTraefikFiles: flag("canAccessToTraefikFiles"),
      /** True to allow API keys. */
      useApi: flag("canAccessToAPI"),
      /** True to allow seeing SSH keys, with their private keys, and creating new ones. */
      useSshKeys: flag("canAccessToSSHKeys"),
      /** True to allow seeing git providers and creating new ones. */
      useGitProviders: flag("canAccessToGitProviders"),
    })
    .optional(),
  /**
   * Objects that a `member` sees. Each list is complete, and Dokploy adds the objects that the member creates. A list
   * that is left out is not touched.
   */
  sees: z
    .strictObject({
      /** Ids of projects. */
      projectIds: list("accessedProjects"),
      /** Ids of environments. */
      environmentIds: list("accessedEnvironments"),
      /** Ids of applications, compose services and databases. */
      serviceIds: list("accessedServices"),
      /**
       * Ids of git providers (`gitProviderId`), in addition to the member's own. Requires a license of Dokploy
       * Enterprise.
       */
      gitProviderIds: list("accessedGitProviders"),
      /** Ids of servers. Requires a license of Dokploy Enterprise. */
      serverIds: list("accessedServers"),
    })
    .optional(),
});

export type MemberInputs = z.infer<typeof memberSchema>;

const memberOutputs = z.object({
  /** Id of the membership, which differs from the id of the user. */
  memberId: lookedUp(z.string(), async (userId, api) => (await api.call("user.one", { userId })).id),
});
export type MemberOutputs = z.infer<typeof memberOutputs>;

const mapping = new Mapping(memberSchema);
/** Columns that Dokploy ignores without a license, and without an error. */
const licensed = { accessedGitProviders: "sees.gitProviderIds", accessedServers: "sees.serverIds" } as const;

/**
 * The permissions of a member of the organization, and the objects that the member sees. It creates no account
 * and invites nobody: the person joins by an invitation or single sign-on. Inputs that are left out are not touched.
 * Deleting the resource leaves the member unchanged.
 *
 * @example
 * ```ts
 * new dokploy.Member("ana", {
 *   email: "ana@acme.example", role: "member",
 *   may: { createServices: true, deleteServices: false },
 *   sees: { projectIds: [shop.id], environmentIds: [shop.defaultEnvironmentId] },
 * });
 * ```
 */
export const member: Entity<MemberInputs, MemberOutputs> = {
  kind: "Member",
  schema: memberSchema,
  outputs: memberOutputs,
  key: ["email"],
  relation: "lasting",
  label: ({ email = "" }) => `"${email}"`,

  check: ({ role }) =>
    role === "owner"
      ? [{ property: "role", reason: "must not be owner: Dokploy does not transfer that role" }]
      : [],

  async preflight(inputs, context) {
    if (isUnknown(inputs.email)) return;
    const row = await ofEmail(inputs.email, context.reads);
    const changes = mapping.changes(mapping.readBack(row, inputs), inputs);
    reportAdoption(`Member "${visible(inputs.email)}"`, splitUnknown(changes, inputs), context);
  },

  async list({ api }) {
    const members = (await api.call("user.all", {})).filter(({ role }) => role !== "owner");
    return await Promise.all(
      members.map(async ({ userId, role, user: { email } }) => {
        const found = mapping.existing(await api.call("user.one", { userId }), { email });
        // Only a member's own permissions count.
        return { id: userId, ...found, inputs: role === "admin" ? { email, role } : found.inputs };
      }),
    );
  },

  async create(inputs, context) {
    const { userId } = await ofEmail(inputs.email, context.api);
    return { id: userId, outputs: await converge(userId, inputs, {}, context) };
  },

  async read(userId, { inputs }, { reads }) {
    const row = await observe(userId, reads);
    if (!row) return undefined;
    return {
      inputs: mapping.readBack(row, inputs) as unknown as MemberInputs,
      outputs: { memberId: row.id },
    };
  },

  async update(userId, olds, news, _changes, context) {
    return await converge(userId, news, olds ?? {}, context);
  },

  async delete(_id, { email }, { warn }) {
    warn(
      `Member "${visible(email)}" stays a member, with all permissions that this program gave them: change that in ` +
        "Dokploy.",
      "stays",
    );
  },
};

/** @throws CheckFailedError when no member of the organization has this email, or the member is its owner */
async function ofEmail(email: string, api: Pick<Api, "call">): Promise<MemberRow> {
  const row = (await api.call("user.all", {})).find(
    ({ user }) => user.email.toLowerCase() === email.toLowerCase(),
  );
  if (row && row.role !== "owner") return row;
  const reason = row
    ? "is the owner of the organization, who may do everything"
    : "belongs to no member of the organization: invite the person in Dokploy (Settings, Users), and run again " +
      "when they have accepted";
  throw new CheckFailedError([{ property: "email", reason }]);
}

async function observe(userId: string, api: Pick<Api, "call">): Promise<MemberRow | undefined> {
  return await ifFound(api.call("user.one", { userId }));
}

async function converge(
  userId: string,
  news: MemberInputs,
  { inputs: olds, outputs }: { inputs?: MemberInputs; outputs?: MemberOutputs },
  context: Context,
): Promise<MemberOutputs> {
  const { api } = context;
  const label = `Member "${visible(news.email)}" (${userId})`;
  const missing = (row: MemberRow) =>
    mapping.delta(row, news, olds) as Partial<Permissions & { role: string }>;
  const plan = (row: MemberRow) => {
    const delta = missing(row);
    if (Object.keys(delta).length === 0) return {};
    return {
      write: {
        send: () => save(row, delta, api),
        isThere: async () => Object.keys(missing(await api.call("user.one", { userId }))).length === 0,
        unfinished: (reason: Error) =>
          new PartialFailureError(userId, { ...outputs, memberId: row.id }, reason, olds),
      },
    };
  };
  const observed = () => stillThere(label, () => observe(userId, api));
  const { row, plan: done } = await reconcile(`member/${userId}`, observed, plan, context);
  if (done.write) await assertAccepted(missing(await observed()), label);
  return { memberId: row.id };
}

/** Saves permissions. Dokploy sets all of them at once, so unchanged ones are sent as they are. */
async function save(
  row: MemberRow,
  { role, ...changed }: Partial<Permissions & { role: string }>,
  api: Api,
): Promise<void> {
  if (role !== undefined) await api.call("organization.updateMemberRole", { memberId: row.id, role });
  if (Object.keys(changed).length === 0) return;
  const all = Object.fromEntries(
    permissions.map((column) => [column, row[column]]),
  ) as unknown as Permissions;
  await api.call("user.assignPermissions", { ...all, ...changed, id: row.userId });
}

async function assertAccepted(remaining: object, label: string): Promise<void> {
  const dropped = Object.entries(licensed).flatMap(([column, input]) => (column in remaining ? [input] : []));
  if (dropped.length === 0) return;
  throw new UserError(
    `${label}: Dokploy did not accept ${dropped.join(" and ")}, which needs a license for Dokploy Enterprise; ` +
      "everything else is saved. Leave it out, or enter the license in Dokploy (Settings, License).",
  );
}

const permissions = [
  "accessedProjects",
  "accessedEnvironments",
  "accessedServices",
  "accessedGitProviders",
  "accessedServers",
  "canCreateProjects",
  "canCreateServices",
  "canDeleteProjects",
  "canDeleteServices",
  "canAccessToDocker",
  "canAccessToTraefikFiles",
  "canAccessToAPI",
  "canAccessToSSHKeys",
  "canAccessToGitProviders",
  "canDeleteEnvironments",
  "canCreateEnvironments",
] as const satisfies readonly (keyof Permissions)[];
