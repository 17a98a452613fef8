import type { Api } from "../../provider/dokploy/endpoints";
import type { Model } from "../../provider/engine/simple/model";
import type { Row } from "../../provider/engine/simple/objects";
import type { Parent } from "../../provider/lifecycle/wire";
import { allDefinitions } from "../../provider/resources/generated/definitions";
import { type SimpleData, simpleData } from "./simple-data";

interface Server {
  byHand<T>(endpoint: string, input: object): Promise<T>;
}

/** The model of a kind of simple object. */
export function modelOf(kind: string): Model {
  const found = allDefinitions().find((definition) => definition.kind === kind);
  if (!found || !("model" in found)) throw new Error(`${kind} is no simple object.`);
  return found.model;
}

/** The calls of somebody else. */
export function apiOf(server: Pick<Server, "byHand">): Api {
  return { call: (endpoint: string, input: object) => server.byHand(endpoint, input) } as Api;
}

/** Another one of the same kind: by the first input of its key, and by those that no two may have the same. */
export function another({ spec, distinct }: Model, inputs: Readonly<Row>, n = 1): Row {
  const [input = ""] = spec.key;
  const different = (value: unknown) => {
    if (typeof value === "number") return value + n;
    return String(value).startsWith("/") ? `/n${n}${value}` : `n${n}-${value}`;
  };
  const names = [input, ...distinct].filter((name) => name in inputs);
  return { ...inputs, ...Object.fromEntries(names.map((name) => [name, different(inputs[name])])) };
}

/** The rows of a kind that a service has, or the whole server. */
export async function rowsOf(server: Server, kind: string, parentId: string | undefined): Promise<Row[]> {
  const { objects, parents } = modelOf(kind);
  if (parentId === undefined) return await objects.all(undefined, apiOf(server));
  for (const parent of parents) {
    const rows = await objects.all({ kind: parent, id: parentId }, apiOf(server)).catch(() => undefined);
    if (rows) return rows;
  }
  throw new Error(`There is no ${parents.join(" or ")} ${parentId}.`);
}

/** Makes what the inputs of a kind refer to, and gives the inputs that name it. */
export async function madeFor(
  server: Pick<Server, "byHand">,
  { made = {} }: Pick<SimpleData, "made">,
): Promise<Row> {
  const ids: Record<string, unknown> = {};
  for (const [input, kind] of Object.entries(made)) {
    const model = modelOf(kind);
    const { spec, objects } = model;
    const given = simpleData[kind]?.inputs ?? {};
    const [name = ""] = spec.key;
    // So that a test may make one of the data, too.
    const news = { ...given, [name]: `made-${String(given[name])}` };
    const columns = await model.creation(news, { api: apiOf(server) });
    ids[input] = await objects.create(
      columns,
      undefined,
      await objects.all(undefined, apiOf(server)),
      apiOf(server),
    );
  }
  return ids;
}

/** Changes one column of the newest object of a kind, as somebody does in the web interface. */
export async function changeByHand(
  server: Server,
  kind: string,
  parentId: string | undefined,
  { column, value }: { readonly column: string; readonly value: unknown },
): Promise<void> {
  const row = (await rowsOf(server, kind, parentId)).at(-1);
  if (!row) throw new Error(`There is no ${kind}.`);
  await modelOf(kind).objects.update(row, { [column]: value }, apiOf(server));
}

/** The call that lists a kind: those of a parent, or all. */
export function listingOf({ spec }: Model, parent: Parent["kind"] | undefined): string {
  const calls = [parent ? `${parent}.one` : `${spec.router}.all`];
  const api = { call: async (endpoint: string) => void calls.unshift(endpoint) };
  spec.all?.(parent && { kind: parent, id: "" }, api as never, {});
  return calls[0] ?? "";
}
