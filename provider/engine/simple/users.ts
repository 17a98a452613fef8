import { someOf, visible } from "../../../packages/text";
import { isRecord, type Values } from "../../../packages/values";
import { type Api, callAny, ifFound, OBJECTS, serviceKinds, servicesIn } from "../../dokploy";
import { UserError } from "../../errors";
import type { Context } from "../../lifecycle";
import type { Model } from "./model";
import type { Row } from "./objects";
import { parentNoun } from "./parents";

/** Kinds of objects that may refer to a simple object without owning it. */
const userKinds = [...serviceKinds, "server"] as const;
type UserKind = (typeof userKinds)[number];

/**
 * Refuses to delete an object to which others refer. Dokploy would silently remove it from them, leave a dangling
 * reference, or delete them too: a service would lose it with its next deployment, a server at once.
 *
 * @throws UserError while an object refers to it
 */
export async function refuseUsed(
  model: Model,
  id: string,
  state: Values,
  { api, run }: Pick<Context, "api" | "run">,
): Promise<void> {
  const { usedBy } = model.spec;
  if (usedBy === undefined) return;
  const isSearch = typeof usedBy === "function";
  const users = await (isSearch ? usedBy(id, api) : byColumns(usedBy, id, api));
  if (users.length === 0) return;
  throw new UserError(
    `The ${model.label(state, run)} (${id}) is not deleted, since it is used by ${someOf(users)}. Give them ` +
      `another one first: Dokploy would ${isSearch ? "delete them with it" : "remove it from them"} without a warning.`,
  );
}

/** Finds the objects whose rows refer to it in one of these columns, at any depth. */
async function byColumns(columns: readonly string[], id: string, api: Api): Promise<string[]> {
  const kinds = userKinds.filter((kind) => columns.some((column) => takes(kind, column)));
  return (await all(kinds, api))
    .filter(({ row }) => columns.some((column) => names(row[column], id)))
    .map(({ kind, row }) => {
      const name = `"${visible(String(row["name"]))}" (${String(row[`${kind}Id`])})`;
      return `${parentNoun(kind)} ${name}`;
    });
}

function takes(kind: UserKind, column: string): boolean {
  const { needs, mayHave } = OBJECTS[kind].update;
  return [...needs, ...mayHave].some((name) => name === column);
}

/** True when the value contains the id, at any depth. */
function names(value: unknown, id: string): boolean {
  if (Array.isArray(value)) return value.some((item) => names(item, id));
  return isRecord(value) ? Object.values(value).some((item) => names(item, id)) : value === id;
}

/** Returns the objects of these kinds that the key may see. */
async function all(kinds: readonly UserKind[], api: Api): Promise<{ kind: UserKind; row: Row }[]> {
  const services = kinds.filter((kind) => kind !== "server");
  const projects = services.length > 0 ? await api.call("project.all", {}) : [];
  const listed = projects.flatMap(({ environments = [] }) =>
    environments.flatMap((environment) => servicesIn(environment, services)),
  );
  const found = await Promise.all(
    listed.map(async ({ kind, id }) => {
      // Somebody may delete it between the list and this read.
      const row = await ifFound(callAny(api, `${kind}.one`, { [`${kind}Id`]: id }));
      return row === undefined ? [] : [{ kind, row: row as Row }];
    }),
  );
  const servers = kinds.includes("server") ? ((await api.call("server.all", {})) as unknown as Row[]) : [];
  return [...found.flat(), ...servers.map((row) => ({ kind: "server" as const, row }))];
}
