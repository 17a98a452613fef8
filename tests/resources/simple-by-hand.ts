import { allDefinitions } from "../../provider/definitions";
import type { Model } from "../../provider/simple/model";

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
  const { router, parents, list = `${router}s` } = modelOf(kind).spec;
  if (parentId === undefined) return await server.byHand<Row[]>(`${router}.all`, {});
  for (const parent of parents) {
    const row = await server
      .byHand<Row>(`${parent}.one`, { [`${parent}Id`]: parentId })
      .catch(() => undefined);
    if (row) return row[list] as Row[];
  }
  throw new Error(`There is no ${parents.join(" or ")} ${parentId}.`);
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
  await server.byHand(`${router}.update`, { ...kept, [id]: row[id], [column]: value });
}
