import { allDefinitions } from "../../provider/definitions";
import type { Api } from "../../provider/dokploy/endpoints";
import type { Model } from "../../provider/simple/model";
import { type SimpleData, simpleData } from "./simple-data";

type Row = Record<string, unknown>;
interface Server {
  byHand<T>(endpoint: string, input: object): Promise<T>;
}

/** The model of a kind of simple object. */
export function modelOf(kind: string): Model {
  const found = allDefinitions().find((definition) => definition.kind === kind);
  if (!found || !("model" in found)) throw new Error(`${kind} is no simple object.`);
  return found.model;
}

/** The rows of a kind that a service has, or the whole server. */
export async function rowsOf(server: Server, kind: string, parentId: string | undefined): Promise<Row[]> {
  const { router, parents, list = `${router}s`, listedBy } = modelOf(kind).spec;
  if (parentId === undefined) return (await modelOf(kind).objects.all(undefined, apiOf(server))) as Row[];
  for (const parent of parents) {
    if (listedBy !== undefined) {
      const rows = await server.byHand<Row[]>(`${router}.list`, { id: parentId, [listedBy]: parent });
      if (rows.length > 0) return rows;
      continue;
    }
    const row = await server
      .byHand<Row>(`${parent}.one`, { [`${parent}Id`]: parentId })
      .catch(() => undefined);
    if (row) return row[list] as Row[];
  }
  if (listedBy !== undefined) return [];
  throw new Error(`There is no ${parents.join(" or ")} ${parentId}.`);
}

/** Makes what the inputs of a kind refer to, and gives the inputs that name it. */
export async function madeFor(server: Server, { made = {} }: Pick<SimpleData, "made">): Promise<Row> {
  const ids: Row = {};
  for (const [input, kind] of Object.entries(made)) {
    const { spec, objects } = modelOf(kind);
    const given = simpleData[kind]?.inputs ?? {};
    const [name = ""] = spec.key;
    // So that a test may make one of the data, too.
    const columns = modelOf(kind).columns({ ...given, [name]: `made-${String(given[name])}` });
    ids[input] = (await server.byHand<Row>(`${spec.router}.create`, columns))[objects.idColumn];
  }
  return ids;
}

/** The calls of a server as the code under test makes them. */
export function apiOf(server: Server): Api {
  return { call: (endpoint: string, input: object) => server.byHand(endpoint, input) } as unknown as Api;
}

/** Changes one column of the newest object of a kind, as somebody does in the web interface. */
export async function changeByHand(
  server: Server,
  kind: string,
  parentId: string | undefined,
  { column, value }: { readonly column: string; readonly value: unknown },
): Promise<void> {
  const { router } = modelOf(kind).spec;
  const { id, update } = modelOf(kind).objects.facts;
  const row = (await rowsOf(server, kind, parentId)).at(-1);
  if (!row) throw new Error(`There is no ${kind}.`);
  const kept = Object.fromEntries(update.needs.map((name) => [name, row[name]]));
  const { objects } = modelOf(kind);
  await server.byHand(`${router}.update`, {
    ...kept,
    [id]: objects.idOf(row),
    [column]: value,
  });
}
