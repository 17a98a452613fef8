import { z } from "zod";
import { endpoints as documented } from "../../provider/dokploy/generated/endpoints.json";
import { type Endpoint, type Endpoints, mutation, query } from "../instance/endpoint";
import { ApiError, badRequest, notFound } from "../instance/errors";
import { newId } from "../instance/ids";
import type { Instance } from "../instance/instance";
import type { Row } from "../instance/rows";
import { assign, environmentWithProject } from "../instance/services";
import type { Shown, SimpleObject } from "../instance/simple-object";
import { simpleObjects } from "../instance/simple-rows";
import { failedInsert } from "../instance/sql";
import { dropBackups } from "./destination";
import { gitProviderEndpoints } from "./git-providers";
import { makeFile, removeFile, writeFile } from "./mount";
import { untag } from "./project-tags";
import { logIn, testRegistry } from "./registry";
import { release } from "./release";

interface Described {
  readonly required?: readonly string[];
  /** Versions that accept an input, where not all do: see `versions.ts`. */
  readonly columnsIn?: Readonly<Record<string, readonly string[]>>;
  readonly takes?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const described: Readonly<Record<string, Described>> = documented;

/** Calls of every simple object: inputs from Dokploy's API document, responses from a recorded row. */
export const simpleEndpoints: Endpoints = Object.assign(
  {
    "registry.testRegistry": mutation(inputOf("registry.testRegistry", {}), testRegistry),
  },
  gitProviderEndpoints,
  ...Object.entries(simpleObjects).map(([router, object]) => endpointsOf(router, object)),
);

function endpointsOf(router: string, object: SimpleObject): Record<string, Endpoint> {
  const { noun, row: example, answers = {}, outer } = object;
  const [id = ""] = Object.keys(example);
  const remove = `${router}.remove` in described ? "remove" : "delete";
  const table = (instance: Instance) => instance.simple(router);
  const existing = (instance: Instance, input: Row, verb: "update" | "remove"): Row => {
    const row = table(instance).get(String(input[id]));
    if (!row && object.gone400?.includes(verb)) throw badRequest(`${noun} not found`);
    if (!row) throw new ApiError("NOT_FOUND", `${noun} not found${object.goneWords?.[verb] ?? ""}`);
    return row;
  };
  const writing: Record<string, Endpoint> = {
    [`${router}.create`]: mutation(inputOf(`${router}.create`, object), (instance, given: Row) => {
      const input = object.byService ? ofService(given) : given;
      const made = fresh(instance, example, table(instance).size);
      const row: Row = { ...example, ...input, ...made, ...object.forced };
      row[id] = newId();
      if (outer) row["gitProviderId"] = newId();
      for (const [column, kind] of Object.entries(object.parents)) {
        const parent = input[column];
        if (typeof parent !== "string" || instance.tables[kind].has(parent)) continue;
        const refusal =
          object.orphan ?? failedInsert(object.byService ? "mount" : router, row, Object.keys(input));
        throw refusedInsert(object, object.byService ? `Error ${refusal}` : refusal);
      }
      if (namesNothing(row, router, instance))
        throw refusedInsert(object, object.orphan ?? failedInsert(router, row, Object.keys(input)));
      if (row["scheduleType"] === "dokploy-server") row["organizationId"] = instance.organization["id"];
      refuseSecond(router, object, row, Object.keys(input), table(instance));
      if (router === "registry") logIn(row, instance);
      table(instance).set(String(row[id]), row);
      // By then the row exists, regardless of the outcome.
      if (router === "mounts") makeFile(row, instance);
      return answerOf(answers.create, named(object, row));
    }),
    [`${router}.update`]: mutation(inputOf(`${router}.update`, object), (instance, input: Row) => {
      const row = existing(instance, input, "update");
      const isOwn = (column: string) => column !== id && !outer?.includes(column);
      if (!Object.keys(input).some(isOwn) && object.emptyStatus !== 200) {
        throw new ApiError(
          object.emptyStatus === 400 ? "BAD_REQUEST" : "INTERNAL_SERVER_ERROR",
          "No values to set",
        );
      }
      const role = input["defaultRole"] ?? "member";
      if (role !== "admin" && role !== "member") throw notFound(`Role "${String(role)}"`);
      refuseSecond(router, object, { ...row, ...input }, Object.keys(input), table(instance));
      const before = answers.update === "before" ? shown(instance, row, object) : undefined;
      assign(row, object.rewrites?.(input) ?? input);
      if (router === "mounts") writeFile(row, instance);
      if (before) return before;
      // By then the row is changed, regardless of the outcome.
      if (router === "registry") logIn(row, instance);
      return answerOf(answers.update, named(object, row));
    }),
  };
  const isMadeByKind = object.kinds !== undefined;
  return {
    ...(isMadeByKind ? kindEndpoints(router, object) : only(writing)),
    [`${router}.one`]: query(inputOf(`${router}.one`, object), (instance, input: Row) => {
      const row = table(instance).get(String(input[id])) ?? connected(router, String(input[id]), instance);
      if (!row && object.goneStatus === 403) {
        if (input[id] === instance.organization["id"]) return instance.organization;
        throw new ApiError("FORBIDDEN", `You are not a member of this ${noun.toLowerCase()}`);
      }
      if (!row) throw object.goneStatus === 400 ? badRequest(`${noun} not found`) : notFound(noun);
      return named(object, shown(instance, row, object));
    }),
    ...(outer
      ? {}
      : {
          [`${router}.${remove}`]: mutation(
            inputOf(`${router}.${remove}`, object),
            (instance, input: Row) => {
              const row = existing(instance, input, "remove");
              table(instance).delete(String(row[id]));
              release(object, row[id], instance);
              if (router === "mounts") removeFile(row, instance);
              if (router === "destination") dropBackups(String(row[id]), instance);
              if (router === "tag") untag(instance, { tagId: row[id] });
              return answerOf(answers.remove, withoutKinds(row, object));
            },
          ),
        }),
    ...Object.fromEntries(
      Object.entries(object.separate ?? {}).map(([verb, column]) => [
        `${router}.${verb}`,
        mutation(inputOf(`${router}.${verb}`, object), (instance, input: Row) => {
          const row = existing(instance, input, "update");
          row[column] = input[column];
          return answerOf(answers.update, row);
        }),
      ]),
    ),
    // Servers are listed together with the connected ones.
    ...(`${router}.all` in described && router !== "server"
      ? { [`${router}.all`]: listing(router, object) }
      : {}),
    ...Object.fromEntries(listings(router, object)),
  };
}

/** Renames the id of a row for responses. */
function named({ idName }: SimpleObject, row: Row): Row {
  if (idName === undefined) return row;
  const [[, id] = [], ...others] = Object.entries(row);
  return { [idName]: id, ...Object.fromEntries(others) };
}

/** Returns the endpoints that Dokploy has. */
function only(endpoints: Record<string, Endpoint>): Record<string, Endpoint> {
  return Object.fromEntries(Object.entries(endpoints).filter(([name]) => name in described));
}

/** Defines `notification.createSlack` and the like: the object, and the row of its kind in a separate table. */
function kindEndpoints(router: string, object: SimpleObject): Record<string, Endpoint> {
  const { noun, row: example, kinds = {} } = object;
  const [id = ""] = Object.keys(example);
  const none = Object.fromEntries(
    Object.keys(kinds).flatMap((kind) => [
      [`${kind}Id`, null],
      [kind, null],
    ]),
  );
  const among = (row: Row, input: Row, idColumn: string) =>
    Object.fromEntries(Object.entries(input).filter(([name]) => name in row && name !== idColumn));

  return Object.fromEntries(
    Object.entries(kinds).flatMap(([kind, inner]) => {
      const innerId = `${kind}Id`;
      const calls = (verb: string) => `${router}.${verb}${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
      const create = mutation(inputOf(calls("create"), object), (instance, input: Row) => {
        const table = instance.simple(router);
        const made = { ...structuredClone(inner), ...among(inner, input, innerId), [innerId]: newId() };
        const row = {
          ...example,
          ...fresh(instance, example, table.size),
          ...among(example, input, id),
          ...none,
          [`${router}Type`]: kind,
          [innerId]: made[innerId],
          [kind]: made,
        };
        row[id] = newId();
        table.set(String(row[id]), row);
        return undefined;
      });
      const update = mutation(inputOf(calls("update"), object), (instance, input: Row) => {
        const row = instance.simple(router).get(String(input[id]));
        if (!row) throw notFound(noun);
        const inside = among(inner, input, innerId);
        // Without a change, Dokploy's query fails for all kinds except this one.
        if (Object.keys(inside).length === 0 && kind !== "ntfy")
          throw new ApiError("INTERNAL_SERVER_ERROR", "No values to set");
        assign(row, among(example, input, id));
        const own = row[kind] as Row | null;
        if (own?.[innerId] === input[innerId]) assign(own as Row, inside);
        return undefined;
      });
      return [
        [calls("create"), create],
        [calls("update"), update],
      ];
    }),
  );
}

/** Returns the row as in its table, without those of its kind. */
function withoutKinds(row: Row, { kinds = {} }: SimpleObject): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !(name in kinds)));
}

function listing(router: string, object: SimpleObject): Endpoint {
  const { allBy } = object;
  const rowsOf = (instance: Instance) => {
    const rows = [...instance.simple(router).values()].map((row) => named(object, row));
    if (object.isNewestFirst) rows.reverse();
    // The organization of the key exists from the start.
    return router === "organization" ? [instance.organization, ...rows] : rows;
  };
  if (allBy === undefined) return query(undefined, rowsOf);
  return query(inputOf(`${router}.all`, object), (instance, input: Row) =>
    rowsOf(instance).filter((row) => row[allBy] === (input[allBy] ?? null)),
  );
}

/** Converts a creation that names its parent by kind and id: without the kind it belongs to nothing. */
function ofService({ serviceId, ...input }: Row): Row {
  return input["serviceType"] === undefined ? input : { ...input, [`${input["serviceType"]}Id`]: serviceId };
}

function answerOf(instead: true | "nothing" | "before" | undefined, row: Row): unknown {
  return instead === "nothing" ? undefined : (instead ?? { ...row });
}

/** Returns the row of an object that only exists for references, see `Emulator.connect`. */
function connected(router: string, id: string, instance: Instance): Row | undefined {
  const kind: string | undefined = instance.connections.get(id);
  const example = simpleObjects[router]?.row ?? {};
  const [column = ""] = Object.keys(example);
  return kind === router ? { ...example, [column]: id } : undefined;
}

/**
 * True when one of its columns is the id of another simple object that does not exist: the database refuses such
 * rows.
 */
function namesNothing(row: Row, router: string, instance: Instance): boolean {
  return Object.entries(simpleObjects).some(([other, { row: example }]) => {
    const [column = ""] = Object.keys(example);
    const id = row[column];
    if (other === router || typeof id !== "string" || id === instance.organization["id"]) return false;
    const connected: string | undefined = instance.connections.get(id);
    return connected !== other && !instance.simple(other).has(id);
  });
}

/**
 * Throws the error of the database where another row has the same values. As in Dokploy it shows all values,
 * including passwords.
 */
function refuseSecond(
  router: string,
  object: SimpleObject,
  row: Row,
  given: readonly string[],
  rows: ReadonlyMap<string, Row>,
): void {
  const { unique, duplicate } = object;
  const [id = ""] = Object.keys(row);
  const isThere = (columns: readonly string[]) =>
    [...rows.values()].some(
      (other) => other[id] !== row[id] && columns.every((name) => other[name] === row[name]),
    );
  if (unique && isThere(unique)) throw refusedInsert(object, failedInsert(router, row, given));
  if (duplicate && isThere(duplicate.columns)) throw badRequest(duplicate.message(row));
}

function refusedInsert({ insertStatus }: SimpleObject, message: string): ApiError {
  return new ApiError(insertStatus === 500 ? "INTERNAL_SERVER_ERROR" : "BAD_REQUEST", message);
}

/** Defines `domain.byApplicationId` and the like. */
function listings(router: string, object: SimpleObject): [string, Endpoint][] {
  if (object.lister !== undefined) {
    const name = `${router}.${object.lister.verb}`;
    // Nobody checks that such a service exists.
    const list = query(inputOf(name, object), (instance, input: Row) => {
      const kind = String(input[object.lister?.kind ?? ""]);
      const rows = [...instance.simple(router).values()];
      if (kind === "dokploy-server") return rows.filter((row) => row["scheduleType"] === kind);
      return rows.filter((row) => row[`${kind}Id`] === input["id"]);
    });
    return [[name, list]];
  }
  return Object.keys(object.parents).flatMap((column) => {
    const name = `${router}.by${column.charAt(0).toUpperCase()}${column.slice(1)}`;
    if (!(name in described)) return [];
    const list = query(inputOf(name, object), (instance, input: Row) => {
      const kind = object.parents[column] ?? "application";
      if (!instance.tables[kind].has(String(input[column])))
        throw notFound(kind.charAt(0).toUpperCase() + kind.slice(1));
      return [...instance.simple(router).values()]
        .filter((row) => row[column] === input[column])
        .map((row) => shown(instance, row, object));
    });
    return [[name, list] as [string, Endpoint]];
  });
}

/** Returns the row as a read shows it: without hidden columns, with its parents. */
function shown(
  instance: Instance,
  row: Row,
  { hidden = [], parents, shownParent, shownParents, shows, outer }: SimpleObject,
): Row {
  const own = Object.entries(row).filter(([name]) => !hidden.includes(name) && !outer?.includes(name));
  const visible: Row = Object.fromEntries(own);
  if (outer) {
    const { gitProviderId } = row;
    const gitProvider = Object.fromEntries(outer.map((name) => [name, row[name]]));
    return { ...visible, gitProviderId, gitProvider };
  }
  if (shows) {
    const beside = Object.entries(shows).map(([name, how]) => [name, besideOf(instance, row, name, how)]);
    return { ...visible, ...Object.fromEntries(beside) };
  }
  if (shownParents) {
    const { id: organizationId } = instance.organization;
    const all = Object.entries(parents).map(([column, kind]) => {
      const parent: Row | undefined = instance.tables[kind].get(String(row[column]));
      if (!parent) return [kind, null];
      const columns = Object.fromEntries(shownParents.map((name) => [name, parent[name] ?? null]));
      return [kind, { ...columns, environment: { project: { organizationId } } }];
    });
    return { ...visible, ...Object.fromEntries(all) };
  }
  if (shownParent === undefined) return visible;
  const [column, kind] = Object.entries(parents).find(([name]) => row[name] !== null) ?? [];
  if (column === undefined || kind === undefined) return visible;
  const parent: Row = instance.tables[kind].get(String(row[column])) ?? {};
  return {
    ...visible,
    [kind]: Object.fromEntries([column, ...shownParent].map((name) => [name, parent[name]])),
  };
}

function besideOf(instance: Instance, row: Row, name: string, how: Shown): Row | null {
  const tables: Readonly<Record<string, ReadonlyMap<string, Row>>> = instance.tables;
  const found = (tables[name] ?? instance.simple(name)).get(String(row[`${name}Id`]));
  if (!found) return null;
  const { only, hidden, withEnvironment } = how;
  const columns = Object.entries(found).filter(
    ([column]) => (only?.includes(column) ?? true) && !hidden?.includes(column),
  );
  return {
    ...Object.fromEntries(columns),
    ...(withEnvironment
      ? { environment: environmentWithProject(instance, String(found["environmentId"])) }
      : {}),
  };
}

/** Returns the columns that the database fills in: times, serial numbers, the owner. */
function fresh(instance: Instance, example: Row, count: number): Row {
  return {
    ...("createdAt" in example ? { createdAt: instance.timestamp() } : {}),
    ...("uniqueConfigKey" in example ? { uniqueConfigKey: count + 1 } : {}),
    ...("ownerId" in example ? { ownerId: instance.user["id"], slug: newId() } : {}),
    ...(typeof example["userId"] === "string" ? { userId: instance.user["id"] } : {}),
    ...(typeof example["organizationId"] === "string" ? { organizationId: instance.organization["id"] } : {}),
    ...("appName" in example ? { appName: `${String(example["appName"])}-${newId().slice(0, 6)}` } : {}),
  };
}

/** Returns the input of a call, according to the document. */
function inputOf(
  endpoint: string,
  { texts = {}, coerces }: Pick<SimpleObject, "texts" | "coerces">,
): z.ZodObject {
  const { required = [], takes = {}, columnsIn = {} } = described[endpoint] ?? {};
  const fields = Object.entries(takes).map(([name, schema]) => {
    const { nullable, ...plain } = schema;
    const rule = texts[name];
    const type = coerces ? coerced(plain) : (z.fromJSONSchema(plain as never) as z.ZodType);
    const checked = rule
      ? (type as z.ZodString).refine((text) => rule.pattern.test(text), rule.message)
      : type;
    const field = nullable === true ? checked.nullable() : checked;
    if (schema["default"] !== undefined) return [name, field];
    if (!required.includes(name) || name in columnsIn) return [name, field.optional()];
    const isBare = plain["type"] === "boolean" || nullable === true;
    return [name, isBare ? z.nonoptional(field.optional()) : field];
  });
  return z.object(Object.fromEntries(fields));
}

function coerced(schema: Readonly<Record<string, unknown>>): z.ZodType {
  const { type, minimum, maximum } = schema as { type?: string; minimum?: number; maximum?: number };
  if (type === "boolean") return z.coerce.boolean();
  if (type !== "number") return z.fromJSONSchema(schema as never) as z.ZodType;
  const number = z.coerce.number();
  return number.min(minimum ?? Number.NEGATIVE_INFINITY).max(maximum ?? Number.POSITIVE_INFINITY);
}
