import type { ServerTree } from "../../dokploy";
import type { Existing, Parent } from "../../lifecycle";
import type { ServiceKind } from "../../schema";
import type { Model } from "./model";
import type { Row } from "./objects";

/** Lists the objects of a kind on the whole server, for {@link Entity.list}. */
export async function listExisting(model: Model, tree: ServerTree): Promise<Existing[]> {
  const { objects, parents, alone } = model;
  const { api } = tree;
  if (parents.length === 0) {
    // A list may leave out columns.
    const ids = (await objects.all(undefined, api)).map((row) => objects.idOf(row));
    const rows = await Promise.all(ids.map((id) => objects.one(id, api)));
    return await Promise.all(rows.flatMap((row) => (row === undefined ? [] : [existingOf(model, row)])));
  }
  const owned = async (parent: Parent) => {
    const { rows, owner } = await objects.listed(parent, api);
    const free = owner ? model.listedBy({ ...owner, [model.list]: rows }).rows : rows;
    return await Promise.all(free.map((row) => existingOf(model, row, parent, tree)));
  };
  const rest = async () => {
    const rows = alone === undefined ? [] : await objects.all(undefined, api);
    return await Promise.all(rows.map((row) => existingOf(model, row, undefined, tree)));
  };
  const found = await Promise.all([...(await parentsIn(model, tree)).map(owned), rest()]);
  return found.flat();
}

async function parentsIn({ parents }: Model, tree: ServerTree): Promise<Parent[]> {
  const kinds = parents.filter((kind): kind is ServiceKind => kind !== "server");
  const services = (await tree.services(kinds)).map(({ kind, id }) => ({ kind, id }));
  if (!parents.includes("server")) return services;
  const servers = await tree.serverIds();
  return [...services, ...servers.map((id) => ({ kind: "server" as const, id }))];
}

/**
 * Returns the object of a row.
 *
 * @param tree server whose creation sends defaults for some inputs, which are then left out
 */
async function existingOf(model: Model, row: Row, parent?: Parent, tree?: ServerTree): Promise<Existing> {
  const { spec, schema, mapping, objects, alone } = model;
  const { inputs, ...found } = mapping.existing(row, parent && { [`${parent.kind}Id`]: parent.id });
  const sent: Row = (tree && (await spec.create?.({}, parent, { api: tree.api, server: undefined }))) ?? {};
  const isSent = ([name, value]: [string, unknown]) => {
    if (parent === undefined && name === alone?.input) return false;
    const type = schema.shape[name];
    const column = type?.meta()?.field?.column;
    return column !== undefined && type?.safeParse(undefined).success === true && sent[column] === value;
  };
  const given = Object.fromEntries(Object.entries(inputs).filter((input) => !isSent(input)));
  return { id: objects.idOf(row), ...found, inputs: given };
}
