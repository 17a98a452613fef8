import { isDeepStrictEqual } from "node:util";
import { runtime } from "@pulumi/pulumi";
import type { z } from "zod";
import { visible } from "../../packages/text/visible";
import { isNotFound } from "../dokploy/errors";
import { CheckFailedError, type Problem } from "../errors/problem";
import type { Context } from "../lifecycle/context";
import { adviseTaken } from "../objects/naming";
import { secret } from "../pulumi/secret";
import { isRecord, isUnknown } from "../pulumi/unknown";
import { Arms } from "../schema/arms";
import type { Apply, DeployOption } from "../schema/fields";
import { Mapping } from "../schema/mapping";
import { typeProblems } from "../schema/type-problems";
import { Objects, type Row } from "./objects";
import { noParent, parentNoun } from "./parents";
import { type AnySpec, type Parent, schemaOf } from "./spec";

export type Values = Readonly<Record<string, unknown>>;

/** The resource that gives the inputs of an object. */
export interface Owner {
  readonly resource: string;
  readonly name: string;
  readonly server?: string | undefined;
}

/** What one kind of simple object is, with the questions that can be asked of its inputs and of the server. */
export class Model {
  readonly schema: z.ZodObject;
  readonly mapping: Mapping;
  readonly arms: Arms;
  readonly objects: Objects;
  /** Where the row of its service lists it, and what the service calls that input: `domains`. */
  readonly list: string;

  constructor(readonly spec: AnySpec) {
    this.schema = schemaOf(spec);
    this.mapping = new Mapping(this.schema);
    this.arms = new Arms(this.schema);
    this.list = spec.list ?? `${spec.router}s`;
    this.objects = new Objects(spec.router, this.list, spec);
  }

  /** `Domain shop.example.com/`, for messages and titles; what the program marked as secret is hidden. */
  label(inputs: Values, { secrets }: Pick<Context["claims"], "secrets">): string {
    const open = Object.entries(inputs).map(([name, value]) => [name, secrets.quoted(value)]);
    return `${this.spec.kind} ${secrets.hide(visible(String(this.spec.label(Object.fromEntries(open)))))}`;
  }

  /**
   * All inputs as the row has them (see {@link Mapping.shown}), and the outputs: what is secret apart, and without what Dokploy
   * does not show.
   */
  shown(row: Row): { readonly inputs: Values; readonly secrets: Values } {
    const { outputs = {} } = this.spec;
    const shown = this.mapping.shown(row);
    const isInput = ([name]: [string, unknown]) => {
      const column = this.schema.shape[name]?.meta()?.field?.column;
      return column === undefined || !(column in outputs);
    };
    const found = {
      inputs: Object.fromEntries(Object.entries(shown.inputs).filter(isInput)) as Record<string, unknown>,
      secrets: Object.fromEntries(Object.entries(shown.secrets).filter(isInput)) as Record<string, unknown>,
    };
    for (const [name, type] of Object.entries(outputs)) {
      const { read, secret: isSecret } = type.meta()?.output ?? {};
      found[isSecret ? "secrets" : "inputs"][name] = read?.(row);
    }
    return found;
  }

  /** What there is of it beside its inputs, as the state keeps it. */
  outputsOf(row: Row): Values {
    return Object.fromEntries(
      Object.entries(this.spec.outputs ?? {}).map(([name, type]) => {
        const { read, secret: isSecret } = type.meta()?.output ?? {};
        const value = read?.(row);
        return [name, isSecret && value !== undefined ? secret(value) : value];
      }),
    );
  }

  optionOf(inputs: Values): DeployOption | undefined {
    return inputs["deploy"] as DeployOption | undefined;
  }

  /** The inputs that name what it belongs to, of those that may. */
  parentsGiven(inputs: Values): Parent["kind"][] {
    return this.spec.parents.filter((kind) => inputs[`${kind}Id`] !== undefined);
  }

  /** The rows of these objects that the row of a parent lists, and those of them that are Dokploy's own. */
  listedBy(kind: Parent["kind"], owner: Row): { rows: readonly Row[]; spared: readonly Row[] } {
    const all = (owner[this.list] ?? []) as readonly Row[];
    const spared = all.filter((row) => this.isSpared(kind, row, owner["appName"]));
    return { rows: all.filter((row) => !spared.includes(row)), spared };
  }

  private isSpared(kind: Parent["kind"], row: Row, appName: unknown): boolean {
    const { spares } = this.spec;
    return spares?.parents.includes(kind) === true && spares.is(row, appName);
  }

  /** The row as a look for drift shows it. Default owner: the one that the row itself shows. */
  async seen(row: Row, api: Context["api"], owner: Row | undefined = this.ownerIn(row)): Promise<Row> {
    return owner && this.spec.seen ? await this.spec.seen(row, owner, api) : row;
  }

  private ownerIn(row: Row): Row | undefined {
    return this.spec.parents.map((kind) => row[kind]).find(isRecord);
  }

  /** Why the object of this row is not the program's to change; undefined where it is. */
  sparedReason(row: Row): string | undefined {
    const kind = this.spec.parents.find((parent) => isRecord(row[parent]));
    return kind && this.isSpared(kind, row, this.ownerIn(row)?.["appName"])
      ? this.spec.spares?.reason
      : undefined;
  }

  /** What it belongs to; undefined where that is nothing, or not known yet. */
  parentOf(inputs: Values): Parent | undefined {
    const [kind] = this.parentsGiven(inputs);
    const id = kind && inputs[`${kind}Id`];
    return kind === undefined || typeof id !== "string" || isUnknown(id) ? undefined : { kind, id };
  }

  /** Whether it belongs to something that is not known yet. */
  isParentOpen(inputs: Values): boolean {
    return this.parentsGiven(inputs).length > 0 && this.parentOf(inputs) === undefined;
  }

  /** What any change of it needs of its service. */
  needOf(inputs: Values): Apply {
    const [kind] = this.parentsGiven(inputs);
    return (kind && this.spec.applies?.[kind]) ?? "none";
  }

  /** What the rules of the definition say. An input of another type is told already: to them it is one that nobody knows yet. */
  problems(inputs: Values): Problem[] {
    const rules = Object.entries(this.spec.rules ?? {});
    if (rules.length === 0) return [];
    const misfits = typeProblems(this.spec.kind, this.schema, inputs)
      .map(({ path: [name] }) => String(name))
      .filter((name) => name in this.spec.inputs && inputs[name] !== undefined);
    const fitting = { ...inputs, ...Object.fromEntries(misfits.map((name) => [name, runtime.unknownValue])) };
    return rules.flatMap(([property, rule]) => {
      const reason = rule(fitting);
      return reason ? [{ property, reason }] : [];
    });
  }

  /** All columns that a creation sends. */
  columns(inputs: Values): Row {
    const [kind] = this.parentsGiven(inputs);
    const sent = this.spec.sends?.(kind, kind && inputs[`${kind}Id`]);
    return { ...this.defaults(inputs), ...sent, ...this.mapping.columns(inputs) };
  }

  /** Those that a creation must name, and for which the program may give nothing. */
  private defaults(inputs: Values): Row {
    const { isSentWhole, facts } = this.objects;
    const needs: readonly string[] = facts.create.needs;
    const left = Object.entries(this.mapping.defaults(inputs));
    return Object.fromEntries(left.filter(([column]) => isSentWhole || needs.includes(column)));
  }

  /**
   * Those of the same parent, or of the whole server.
   *
   * @throws CheckFailedError when the parent is not there, or has something of its own that these inputs would touch
   */
  async beside(inputs: Values, api: Context["api"]): Promise<readonly Row[]> {
    const parent = this.parentOf(inputs);
    try {
      const keyed = this.mapping.keyed(inputs, this.spec.key);
      const { owner, rows: all } = await this.objects.listed(parent, api, keyed);
      if (parent === undefined || owner === undefined) return all;
      const { rows, spared } = this.listedBy(parent.kind, { ...owner, [this.list]: all });
      const touched = this.touched(inputs, spared);
      if (touched) throw new CheckFailedError([touched]);
      return rows;
    } catch (error) {
      if (parent === undefined || !isNotFound(error)) throw error;
      const reason = await noParent(parent.kind, parent.id, api);
      throw new CheckFailedError([{ property: `${parent.kind}Id`, reason }]);
    }
  }

  /** The row among these that is what the inputs describe, as far as their key is known. */
  sameAs(rows: readonly Row[], inputs: Values): Row | undefined {
    const { key } = this.spec;
    const wanted = this.mapping.keyed(inputs, key);
    if (Object.values(wanted).some(isUnknown)) return undefined;
    // As the inputs would name it: what is there may be written in another way.
    return rows.find((row) => isDeepStrictEqual(this.mapping.keyed(this.shown(row).inputs, key), wanted));
  }

  /** How a run calls the object: those of one parent, and which of them; undefined where that is not known yet. */
  place(inputs: Values): { text: string; key: string } | undefined {
    const parent = this.parentOf(inputs);
    const values = Object.values(this.mapping.keyed(inputs, this.spec.key));
    if (parent === undefined || values.some(isUnknown)) return undefined;
    return { text: `${this.spec.router} of ${parent.kind}/${parent.id}`, key: JSON.stringify(values) };
  }

  /**
   * What a person should know of these inputs: of themselves, and of another service of the program that takes the same place.
   *
   * @param owner which resource gives them, what messages call their service, and the server that this is on, where it is known
   */
  warnings(inputs: Values, { resource, name, server }: Owner, claims: Context["claims"]): string[] {
    const { advice, occupies, crowded, router } = this.spec;
    const label = this.label(inputs, claims);
    const own = advice?.(inputs);
    const parent = this.parentOf(inputs);
    const at =
      server ?? (parent === undefined ? undefined : claims.serverOf(`${parent.kind}/${parent.id}`)) ?? "";
    const place = isUnknown(at) ? undefined : occupies?.(inputs);
    const other = place && claims.occupy(`${router} ${place} ${at}`, resource, name);
    return [
      ...(own === undefined ? [] : [`${label} ${own}.`]),
      ...(other === undefined ? [] : [`${label} of ${name} is that of ${other} as well: ${crowded}.`]),
    ];
  }

  /** What messages call the service that it belongs to. */
  serviceName(inputs: Values): string {
    const parent = this.parentOf(inputs);
    return parent ? `the ${parentNoun(parent.kind)} ${parent.id}` : "a new service";
  }

  /** What these inputs have in common with others of the parent, though no two may; undefined where that is nothing. */
  sharedWith(rows: readonly Row[], inputs: Values, claims: Context["claims"]): Problem | undefined {
    for (const property of this.spec.distinct ?? []) {
      const other = rows.find((row) => this.isSame(property, inputs, row));
      if (other === undefined) continue;
      const label = this.label(this.shown(other).inputs, claims);
      return {
        property,
        reason: `is that of the ${label} (${this.objects.idOf(other)}) of the same service`,
      };
    }
    return undefined;
  }

  /** What these inputs would change of what is Dokploy's own; undefined where that is nothing. */
  touched(inputs: Values, spared: readonly Row[]): Problem | undefined {
    const { spares } = this.spec;
    const property = spares?.inputs.find((input) => spared.some((row) => this.isSame(input, inputs, row)));
    return spares && property !== undefined ? { property, reason: spares.reason } : undefined;
  }

  private isSame(input: string, inputs: Values, row: Row): boolean {
    return inputs[input] !== undefined && this.shown(row).inputs[input] === inputs[input];
  }

  /**
   * @param own id of what is replaced, or changed
   * @param isChanged whether it is changed: a resource that has its object takes over no other
   * @throws CheckFailedError when one of them is what is to be made, as far as its key is known
   */
  async refuseTwin(
    rows: readonly Row[],
    inputs: Values,
    { claims }: Pick<Context, "claims">,
    own?: string,
    isChanged = false,
  ): Promise<void> {
    const { key, kind, twins } = this.spec;
    const others = rows.filter((row) => this.objects.idOf(row) !== own);
    const twin = this.sameAs(others, inputs);
    const shared = twin ? undefined : this.sharedWith(others, inputs, claims);
    if (shared) throw new CheckFailedError([shared]);
    if (!twin) return this.refuseClash(others, inputs, claims);
    const id = this.objects.idOf(twin);
    const parent = this.parentOf(inputs);
    const where = parent ? `the ${parentNoun(parent.kind)}` : "Dokploy";
    const why = twins === undefined ? "" : `: two ${twins}`;
    const advice = isChanged
      ? `Choose another ${key[0] ?? "name"}`
      : await adviseTaken(kind, id, claims, key[0]);
    const article = /^[aeiou]/i.test(kind) ? "an" : "a";
    const reason = `${where} already has ${article} ${this.label(inputs, claims)} (${id})${why}. ${advice}`;
    throw new CheckFailedError([{ property: key[0] ?? "", reason }]);
  }

  private refuseClash(others: readonly Row[], inputs: Values, claims: Context["claims"]): void {
    for (const row of others) {
      const other = this.shown(row).inputs;
      const why = this.spec.clash?.(inputs, other);
      if (!why) continue;
      const reason = `clashes with the ${this.label(other, claims)} (${this.objects.idOf(row)}) that is there: ${why}`;
      throw new CheckFailedError([{ property: this.spec.key[0] ?? "", reason }]);
    }
  }

  /** @throws CheckFailedError when there is nothing of this id */
  async existing(id: string, api: Context["api"]): Promise<Row> {
    const row = await this.objects.one(id, api);
    const spared = row && this.sparedReason(row);
    if (row && spared === undefined) return row;
    const reason =
      spared ??
      `Dokploy has no ${this.spec.kind} of this id (or this key may not see it). Look the id up in Dokploy; without the ` +
        `option import, a new ${this.spec.kind} is made`;
    throw new CheckFailedError([{ property: "import", reason }]);
  }

  /** @throws CheckFailedError when it is not there, or is something that no change makes of it what is asked for */
  async adoptable(id: string, inputs: Values, api: Context["api"]): Promise<Row> {
    const row = await this.existing(id, api);
    const live = this.mapping.readBack(row, inputs);
    const fixed = this.mapping.changes(live, inputs).filter(({ replace }) => replace);
    if (fixed.length === 0) return row;
    throw new CheckFailedError(
      fixed.map(({ path }) => ({
        property: path,
        reason: `differs from what the ${this.spec.kind} ${id} has, and cannot be changed in place`,
      })),
    );
  }
}
