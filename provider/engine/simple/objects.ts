import { isDeepStrictEqual } from "node:util";
import { isRecord } from "../../../packages/values";
import {
  type Api,
  DokployError,
  type Endpoint,
  type ErrorKind,
  ifFound,
  isNotFound,
  OBJECTS,
} from "../../dokploy";
import { UserError } from "../../errors";
import type { Parent, Row, Wire } from "../../lifecycle";
import { isAmbiguous } from "../adoption/naming";

export type { Row };

interface Facts {
  readonly id: string;
  readonly remove: string;
  readonly through?: string;
  readonly create: Takes;
  readonly update: Takes;
}

interface Takes {
  readonly needs: readonly string[];
  readonly mayHave: readonly string[];
}

/** Simple objects of one Dokploy router, with the calls that read, list, make, change and delete them. */
export class Objects {
  readonly facts: Facts;
  /** Column of a parent's row that lists them. Dokploy has no plural of `security`. */
  readonly list: string;

  /** @param router `domain` */
  constructor(
    private readonly router: keyof typeof OBJECTS,
    private readonly wire: Pick<Wire, "read" | "send" | "all"> & { readonly resent?: readonly string[] } = {},
  ) {
    this.facts = OBJECTS[router];
    const isPlural = router.endsWith("s") || router === "security";
    this.list = isPlural ? router : `${router}${router.endsWith("ch") ? "es" : "s"}`;
  }

  /** True if the router has a call for changes; otherwise each change replaces the object. */
  get canChange(): boolean {
    return this.facts.update.needs.length > 0;
  }

  /** True if a call takes all columns, including defaults. */
  get isSentWhole(): boolean {
    return this.wire.send !== undefined;
  }

  /** Column with the id: `domainId`. */
  get idColumn(): string {
    return this.facts.id;
  }

  idOf(row: Row): string {
    return String(idIn(row, this.facts.id));
  }

  /** Returns the object as it is now; undefined when it does not exist. */
  async one(id: string, api: Api): Promise<Row | undefined> {
    const found = this.call(api, "one", { [this.facts.id]: id }).catch((error) => {
      if (error instanceof DokployError && error.hidesObject) return undefined;
      throw error;
    });
    const row = (await ifFound(found)) as Row | undefined;
    return row && this.read(row);
  }

  /**
   * Finds an object for a reader, in the list of its parent, which is read for its siblings too. The row of the parent
   * is returned with it. An object that is not in the list, or whose parent the key cannot see, is read
   * separately: only that response shows that it is deleted.
   */
  async lookUp(
    id: string,
    parent: Parent | undefined,
    reads: Api,
  ): Promise<{ readonly row: Row; readonly owner?: Row } | undefined> {
    const { rows = [], ...rest } = (parent && (await this.listed(parent, reads).catch(ifRefused))) ?? {};
    const listed = rows.find((row) => this.idOf(row) === id);
    if (listed) return { ...rest, row: listed };
    const row = await this.one(id, reads);
    return row && { row };
  }

  /**
   * Returns all objects of the parent, or of the whole server for kinds without a parent.
   *
   * @param columns columns of the object that is searched for, if it is only one
   * @throws DokployError when the parent does not exist
   */
  async all(parent: Parent | undefined, api: Api, columns?: Row): Promise<Row[]> {
    return (await this.listed(parent, api, columns)).rows;
  }

  /** Returns all objects of the parent, with its row if that lists them. */
  async listed(
    parent: Parent | undefined,
    api: Api,
    columns?: Row,
  ): Promise<{ readonly rows: Row[]; readonly owner?: Row }> {
    const { rows, ...rest } = await this.found(parent, api, columns);
    return { ...rest, rows: rows.map((row) => this.read(row)) };
  }

  /** Returns the objects of a parent whose row does not list them; none when the parent does not exist. */
  async listedSeparately(parent: Parent, api: Api): Promise<Row[]> {
    return ((await this.wire.all?.(parent, api, undefined)) ?? []).map((row) => this.read(row));
  }

  private async found(
    parent: Parent | undefined,
    api: Api,
    columns: Row | undefined,
  ): Promise<{ readonly rows: readonly Row[]; readonly owner?: Row }> {
    const { through } = this.facts;
    if (through !== undefined) return { rows: await this.allThrough(through, api) };
    const rows = await this.wire.all?.(parent, api, columns);
    if (parent === undefined) return { rows: rows ?? ((await this.call(api, "all", {})) as Row[]) };
    // Dokploy returns an empty list for a parent that does not exist.
    if (rows !== undefined && rows.length > 0) return { rows };
    const { kind, id } = parent;
    const owner = (await callAny(api, `${kind}.one`, { [`${kind}Id`]: id })) as Row;
    return { owner, rows: rows ?? ((owner[this.list] ?? []) as Row[]) };
  }

  private read(row: Row): Row {
    const outer = row[this.facts.through ?? ""];
    const whole = isRecord(outer) ? { ...outer, ...row } : row;
    return this.wire.read?.(whole) ?? whole;
  }

  /**
   * Makes an object. Some endpoints return nothing, and a response may be lost: then the new object is the one that was
   * not listed before and has all columns that were sent.
   *
   * @param columns columns that the creation sends
   * @param before objects of the same parent before the call
   * @returns its id
   * @throws DokployError when it was not made, or cannot be distinguished from another one that was made at the same
   * time
   */
  async create(columns: Row, parent: Parent | undefined, before: readonly Row[], api: Api): Promise<string> {
    const known = new Set(before.map((row) => this.idOf(row)));
    const later = this.laterColumns(columns, columns);
    const heeded = only(columns, (name) => !(name in later));
    const made = async (): Promise<string | undefined> => {
      const fresh = (await this.all(parent, api, columns)).filter(
        (row) => !known.has(this.idOf(row)) && holds(row, heeded),
      );
      return fresh.length === 1 && fresh[0] ? this.idOf(fresh[0]) : undefined;
    };
    const { create } = this.facts;
    // Required columns that the program does not give. The key determines the owner, regardless of this value.
    const empty = Object.fromEntries(
      create.needs.map((name) => [name, name === "organizationId" ? "" : null]),
    );
    const input = { ...empty, ...only(columns, (name) => takes(create, name)) };
    let id: string | undefined;
    try {
      const sent = this.wire.send?.("create", columns);
      const answer = await (sent ? callAny(api, sent.endpoint, sent.input) : this.call(api, "create", input));
      // The object certainly exists, so a search that fails is tried once more.
      const isReported = isRecord(answer) && idIn(answer, this.facts.id) !== undefined;
      id = isReported ? this.idOf(answer) : await made().catch(made);
      if (id === undefined) {
        throw new UserError(
          `${this.router}.create succeeded, but the new object cannot be distinguished from other new ones. Run ` +
            "the update again: its plan names the existing ones and says how to adopt one.",
        );
      }
    } catch (error) {
      if (error instanceof DokployError && error.leavesRow) throw await this.cleared(error, made, api);
      id = isAmbiguous(error) ? await made() : undefined;
      if (id === undefined) throw error;
    }
    return id;
  }

  /** Removes the row that a refused creation left in Dokploy, so that it does not block the next one. */
  private async cleared(
    refusal: DokployError,
    made: () => Promise<string | undefined>,
    api: Api,
  ): Promise<Error> {
    let id: string | undefined;
    try {
      id = await made().catch(made);
      if (id !== undefined) await this.remove(id, api);
      return refusal;
    } catch {
      const what = id === undefined ? "the object" : `the object (${id})`;
      return new UserError(
        `${refusal.message}\nDokploy kept ${what} anyway, and it could not be removed: delete it in Dokploy.`,
      );
    }
  }

  /**
   * Returns those columns that only an update can set.
   *
   * @param sent columns that the creation sends
   */
  laterColumns(columns: Row, sent: Row): Row {
    const { create, update } = this.facts;
    return only(
      columns,
      (name) => !(takes(create, name) && name in sent) && (takes(update, name) || this.hasOwnCall(name)),
    );
  }

  /** True for a column that a separate call sets, named after it: `as:size` is set by `updateSize`. */
  private hasOwnCall(name: string): boolean {
    return !this.isSentWhole && name.startsWith(OWN);
  }

  /**
   * Changes some columns. Columns that the endpoint requires, or replaces by a default when left out, are sent as the
   * row has them.
   */
  async update(row: Row, changed: Row, api: Api): Promise<void> {
    const { id, update } = this.facts;
    const sent = this.wire.send?.("update", { ...row, ...changed });
    if (sent) return void (await callAny(api, sent.endpoint, sent.input));
    const always = [...update.needs, ...(this.wire.resent ?? [])];
    const kept = Object.fromEntries(always.map((name) => [name, row[name]]));
    const own = only(changed, (name) => !this.hasOwnCall(name));
    const others = Object.entries(changed).filter(([name]) => this.hasOwnCall(name));
    if (others.length === 0 || Object.keys(own).length > 0)
      await this.call(api, "update", { ...kept, ...own, [id]: this.idOf(row) });
    for (const [column, value] of others) {
      const name = column.slice(OWN.length);
      const verb = `update${name.charAt(0).toUpperCase()}${name.slice(1)}`;
      await this.call(api, verb, { [id]: this.idOf(row), [name]: value });
    }
  }

  /** Deletes an object; returns false for one that no longer exists. */
  async remove(id: string, api: Api): Promise<boolean> {
    const { through, remove } = this.facts;
    try {
      if (through === undefined) {
        await this.call(api, remove, { [this.facts.id]: id });
        return true;
      }
      const row = await this.one(id, api);
      if (row) await callAny(api, `${through}.${remove}`, { [`${through}Id`]: row[`${through}Id`] });
      return row !== undefined;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }

  /** Returns the objects of a router that lists several kinds with few columns each. */
  private async allThrough(through: string, api: Api): Promise<Row[]> {
    const listed = (await callAny(api, `${through}.getAll`, {})) as Row[];
    const inner = listed.map((row) => row[this.router]).filter(isRecord);
    const rows = await Promise.all(inner.map((row) => this.one(this.idOf(row), api)));
    return rows.filter((row) => row !== undefined);
  }

  private call(api: Api, verb: string, input: Row): Promise<unknown> {
    return callAny(api, `${this.router}.${verb}`, input);
  }
}

/** Start of the name of a column that neither `create` nor `update` takes. */
const OWN = "as:";

const REFUSALS: ReadonlySet<unknown> = new Set<ErrorKind>(["not-found", "forbidden", "unauthorized"]);

function ifRefused(error: unknown): undefined {
  if (error instanceof DokployError && REFUSALS.has(error.kind)) return undefined;
  throw error;
}

function callAny(api: Api, endpoint: string, input: Row): Promise<unknown> {
  return api.call(endpoint as Endpoint, input as never);
}

/** Returns the id in a row, which organizations call `id`. */
function idIn(row: Row, column: string): unknown {
  return column in row ? row[column] : column === "organizationId" ? row["id"] : undefined;
}

function takes({ needs, mayHave }: Takes, column: string): boolean {
  return needs.includes(column) || mayHave.includes(column);
}

function only(columns: Row, isTaken: (name: string) => boolean): Row {
  return Object.fromEntries(Object.entries(columns).filter(([name]) => isTaken(name)));
}

/** Returns true if the row has the columns that were sent, as far as it shows them. */
function holds(row: Row, columns: Row): boolean {
  return Object.entries(columns).every(
    ([name, value]) => !(name in row) || isDeepStrictEqual(row[name], value),
  );
}
