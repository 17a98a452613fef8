import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import type { Values } from "../../../packages/values";
import { isRecord, isUnknown, unknownValue } from "../../../packages/values";
import { isNotFound, NOUNS } from "../../dokploy";
import { CheckFailedError, type Problem } from "../../errors";
import type { Context, Parent, ParentKind } from "../../lifecycle";
import { currentRow, isOfRepository } from "../../pulumi";
import {
  type Apply,
  Arms,
  type DeployOption,
  type FieldSpec,
  Mapping,
  outputsIn,
  typeProblems,
} from "../../schema";
import { refuseFixed } from "../adoption/adoptable";
import { adviseOnTakenName } from "../adoption/naming";
import { Objects, type Row } from "./objects";
import { noParent, parentNoun } from "./parents";
import { type AnySpec, aloneIn, needIn, type Occupy, type RuleFinding, type Shape, schemaOf } from "./spec";

/** The resource that gives the inputs of an object. */
export interface Owner {
  readonly resource: string;
  readonly name: string;
  readonly server?: string | undefined;
}

/** Model of one kind of simple object, with questions about its inputs and its rows. */
export class Model {
  readonly schema: z.ZodObject;
  readonly mapping: Mapping;
  readonly arms: Arms;
  readonly objects: Objects;
  readonly kind: string;
  /** Noun in pages and messages, if it differs from the kind in lower case. */
  readonly noun: string | undefined;
  /** Kinds of objects that it can belong to. */
  readonly parents: readonly ParentKind[];
  /** Place of objects without a parent: the input that names it, and its value there; undefined if there is none. */
  readonly alone: ReturnType<typeof aloneIn>;
  /** Inputs whose values must differ within a parent, when given. */
  readonly distinct: readonly string[];
  /** Inputs by which Dokploy itself needs an object, each with the reason. */
  readonly reserved: ReadonlyMap<string, NonNullable<FieldSpec["reserved"]>>;
  /** Reads the value that Dokploy also keeps in another place; undefined where there is none. */
  readonly elsewhere: ((row: Row, owner: Row, api: Context["api"]) => Promise<Row>) | undefined;

  constructor(readonly spec: AnySpec) {
    this.schema = schemaOf(spec);
    this.mapping = new Mapping(this.schema);
    this.arms = new Arms(this.schema);
    this.kind = spec.kind;
    this.noun = (NOUNS as Readonly<Record<string, string>>)[spec.router];
    this.parents = Object.keys(spec.parents) as ParentKind[];
    this.alone = aloneIn(spec.inputs);
    const facts = Object.entries(spec.inputs).map(([name, type]) => ({ name, ...type.meta()?.field }));
    const resent = facts.flatMap(({ name, column = name, resent }) => (resent ? [column] : []));
    this.objects = new Objects(spec.router, { ...spec, resent });
    this.distinct = facts.flatMap(({ name, distinct }) => (distinct ? [name] : []));
    this.reserved = new Map(facts.flatMap(({ name, reserved }) => (reserved ? [[name, reserved]] : [])));
    const found = facts.find(({ elsewhere }) => elsewhere !== undefined);
    this.elsewhere = found?.elsewhere as typeof this.elsewhere;
  }

  /** Name of the list in its service's row, and of the service's input: `domains`. */
  get list(): string {
    return this.objects.list;
  }

  /** True for objects that no list of a service has. */
  get isSeparate(): boolean {
    return Object.values(this.spec.parents).includes("separate");
  }

  /**
   * Returns `Domain shop.example.com/`, for messages and titles; values that the program marked as secret are hidden.
   */
  label(inputs: Values, { secrets }: Pick<Context["run"], "secrets">): string {
    return `${this.spec.kind} ${secrets.nameIn(inputs, this.spec.label)}`;
  }

  /** Returns all inputs in the row (see {@link Mapping.shown}) and the outputs, with secrets separated. */
  shown(row: Row): { readonly inputs: Values; readonly secrets: Values } {
    const { outputs } = this;
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

  /** Types of the outputs that are not inputs. */
  get outputs(): Shape {
    return this.spec.outputs?.shape ?? {};
  }

  /** Returns its outputs for the state. */
  outputsOf(row: Row): Values {
    return outputsIn(this.spec.outputs, row);
  }

  optionOf(inputs: Values): DeployOption | undefined {
    return inputs["deploy"] as DeployOption | undefined;
  }

  /** Returns the kinds of parents whose ids the inputs contain. */
  parentsGiven(inputs: Values): Parent["kind"][] {
    return this.parents.filter((kind) => inputs[`${kind}Id`] !== undefined);
  }

  /** Returns the rows of these objects in the row of a parent, and separately those that belong to Dokploy itself. */
  listedBy(owner: Row): { rows: readonly Row[]; reserved: readonly Row[] } {
    const all = (owner[this.list] ?? []) as readonly Row[];
    const reserved = all.filter((row) => this.reasonFor(row, owner) !== undefined);
    return { rows: all.filter((row) => !reserved.includes(row)), reserved };
  }

  /** Returns the row as a check for drift sees it. Default owner: the one in the row itself. */
  async liveRow(row: Row, api: Context["api"], owner: Row | undefined = this.ownerIn(row)): Promise<Row> {
    return owner && this.elsewhere ? await this.elsewhere(row, owner, api) : row;
  }

  private ownerIn(row: Row): Row | undefined {
    return this.parents.map((kind) => row[kind]).find(isRecord);
  }

  /** Returns the reason why the program may not change the object of this row; undefined when it may. */
  reservedReason(row: Row): string | undefined {
    const owner = this.ownerIn(row);
    return owner && this.reasonFor(row, owner);
  }

  private reasonFor(row: Row, owner: Row): string | undefined {
    const reasons = [...this.reserved.values()].map((reasonOf) => reasonOf(row, owner));
    return reasons.find((reason) => reason !== undefined);
  }

  /** Returns its parent; undefined when it has none, or it is not known yet. */
  parentOf(inputs: Values): Parent | undefined {
    const [kind] = this.parentsGiven(inputs);
    const id = kind && inputs[`${kind}Id`];
    return kind === undefined || typeof id !== "string" || isUnknown(id) ? undefined : { kind, id };
  }

  /** True when it has a parent that is not known yet. */
  isParentOpen(inputs: Values): boolean {
    return this.parentsGiven(inputs).length > 0 && this.parentOf(inputs) === undefined;
  }

  /** Returns the parent that a change of the object deploys; undefined when a change takes effect at once. */
  parentToDeploy(inputs: Values): Parent | undefined {
    return this.needOf(inputs) === "none" ? undefined : this.parentOf(inputs);
  }

  /** Returns the action of its service that any change needs. */
  needOf(inputs: Values): Apply {
    const [kind] = this.parentsGiven(inputs);
    return needIn(kind && this.spec.parents[kind]);
  }

  /** Returns the problems that the definition's rules find. */
  problems(inputs: Values): Problem[] {
    return this.findings(inputs, () => undefined).flatMap(([property, found]) =>
      typeof found === "string" ? [{ property, reason: found }] : [],
    );
  }

  /**
   * Returns what the definition's rules find. An input with a wrong type is already reported, so the rules see it as
   * unknown.
   */
  findings(inputs: Values, occupy: Occupy): [property: string, found: RuleFinding][] {
    const rules = Object.entries(this.spec.rules ?? {});
    if (rules.length === 0) return [];
    const misfits = typeProblems(this.spec.kind, this.schema, inputs)
      .map(({ path: [name] }) => String(name))
      .filter((name) => name in this.spec.inputs && inputs[name] !== undefined);
    const fitting = { ...inputs, ...Object.fromEntries(misfits.map((name) => [name, unknownValue])) };
    return rules.map(([property, rule]) => [property, rule?.(fitting, occupy)]);
  }

  /** Returns the columns of the inputs, with defaults of those that a creation must name. */
  columns(inputs: Values): Row {
    return { ...this.defaults(inputs), ...this.mapping.columns(inputs) };
  }

  /** Returns all columns that a creation sends. */
  async creation(inputs: Values, context: Pick<Context, "api" | "server">): Promise<Row> {
    const columns = this.columns(inputs);
    return (await this.spec.create?.(columns, this.parentOf(inputs), context)) ?? columns;
  }

  /** Returns the defaults of columns that a creation must name, even if the program does not give them. */
  private defaults(inputs: Values): Row {
    const { isSentWhole, facts } = this.objects;
    const needs: readonly string[] = facts.create.needs;
    const remaining = Object.entries(this.mapping.defaults(inputs));
    return Object.fromEntries(remaining.filter(([column]) => isSentWhole || needs.includes(column)));
  }

  /**
   * Returns the other objects of the same parent, or of the whole server.
   *
   * @throws CheckFailedError when the parent does not exist, or Dokploy itself needs an object that these inputs
   * would change
   */
  async beside(inputs: Values, api: Context["api"]): Promise<readonly Row[]> {
    const parent = this.parentOf(inputs);
    try {
      const keyed = this.mapping.keyed(inputs, this.spec.key);
      const { owner, rows: all } = await this.objects.listed(parent, api, keyed);
      if (parent === undefined || owner === undefined) return all;
      const { rows, reserved } = this.listedBy({ ...owner, [this.list]: all });
      const touched = this.touched(inputs, reserved, owner);
      if (touched) throw new CheckFailedError([touched]);
      return rows;
    } catch (error) {
      if (parent === undefined || !isNotFound(error)) throw error;
      const reason = await noParent(parent.kind, parent.id, api);
      throw new CheckFailedError([{ property: `${parent.kind}Id`, reason }]);
    }
  }

  /** Returns the row that the inputs describe, if their key is known. */
  sameAs(rows: readonly Row[], inputs: Values): Row | undefined {
    const { key } = this.spec;
    const wanted = this.mapping.keyed(inputs, key);
    if (Object.values(wanted).some(isUnknown)) return undefined;
    // Compared as the inputs would name it, because the row may have another notation.
    return rows.find((row) => isDeepStrictEqual(this.mapping.keyed(this.shown(row).inputs, key), wanted));
  }

  /**
   * Returns the row that the inputs describe if a resource of the stack waits to be created again, whose object it is:
   * Pulumi counted it as deleted with its service, which then stayed.
   */
  private async formerOf(rows: readonly Row[], inputs: Values, run: Context["run"]) {
    const row = this.sameAs(rows, inputs);
    if (row === undefined) return undefined;
    const waiting = await run.ownership.holdings.waiting(this.spec.kind);
    return waiting.some(({ id }) => id === this.objects.idOf(row)) ? row : undefined;
  }

  /** Returns the place of the object in a run: its parent, and its key; undefined when they are not known yet. */
  place(inputs: Values): { text: string; key: string } | undefined {
    const parent = this.parentOf(inputs);
    const values = Object.values(this.mapping.keyed(inputs, this.spec.key));
    if (parent === undefined || values.some(isUnknown)) return undefined;
    return { text: `${this.spec.router} of ${parent.kind}/${parent.id}`, key: JSON.stringify(values) };
  }

  /**
   * Returns warnings about these inputs, and about another service of the program that uses the same place.
   *
   * @param owner the resource that gives them, the label of their service, and their server, if known
   */
  warnings(inputs: Values, { resource, name, server }: Owner, run: Context["run"]): string[] {
    const parent = this.parentOf(inputs);
    const at =
      server ??
      (parent === undefined ? undefined : run.ownership.serverOf(`${parent.kind}/${parent.id}`)) ??
      "";
    const occupant = { resource, name, isFromFiles: isOfRepository(run.rows.get(resource) ?? currentRow()) };
    const occupy = (place: string | undefined, effect: string) => {
      if (place === undefined || isUnknown(at)) return undefined;
      const other = run.ownership.occupy(`${this.spec.router} ${place} ${at}`, occupant);
      return other && `of ${name} is the same as that of ${other}: if both run on one server, ${effect}`;
    };
    return this.findings(inputs, occupy).flatMap(([, found]) =>
      typeof found === "object" && found.advice !== undefined
        ? [`${this.label(inputs, run)} ${found.advice}.`]
        : [],
    );
  }

  /** Returns the label of its service for messages. */
  serviceName(inputs: Values): string {
    const parent = this.parentOf(inputs);
    return parent ? `the ${parentNoun(parent.kind)} ${parent.id}` : "a new service";
  }

  /**
   * Returns the problem when these inputs have a value in common with another object of the parent, which must be
   * distinct; undefined when they have none.
   */
  sharedWith(rows: readonly Row[], inputs: Values, run: Context["run"]): Problem | undefined {
    for (const property of this.distinct) {
      const other = rows.find((row) => this.isSame(property, inputs, row));
      if (other === undefined) continue;
      const label = this.label(this.shown(other).inputs, run);
      return {
        property,
        reason: `is already used by the ${label} (${this.objects.idOf(other)}) of the same service`,
      };
    }
    return undefined;
  }

  /** Returns the problem when these inputs would change an object of Dokploy itself; undefined when they would not. */
  touched(inputs: Values, reserved: readonly Row[], owner: Row): Problem | undefined {
    for (const property of this.reserved.keys()) {
      const row = reserved.find((other) => this.isSame(property, inputs, other));
      if (row) return { property, reason: this.reasonFor(row, owner) ?? "" };
    }
    return undefined;
  }

  private isSame(input: string, inputs: Values, row: Row): boolean {
    return inputs[input] !== undefined && this.shown(row).inputs[input] === inputs[input];
  }

  /**
   * Checks that no other object has the key of the inputs, if it is known.
   *
   * @param own id of the object that is replaced or changed
   * @param isChanged true for a change: a resource that already has an object adopts no other
   * @returns the object in whose place the resource creates its own, if there is one
   * @throws CheckFailedError when another object has the same key
   */
  async refuseDuplicate(
    rows: readonly Row[],
    inputs: Values,
    context: Pick<Context, "run" | "resource">,
    own?: string,
    isChanged = false,
  ): Promise<Row | undefined> {
    const { run } = context;
    const { key, kind, clash } = this.spec;
    const former = await this.formerOf(rows, inputs, run);
    const others = rows.filter((row) => row !== former && this.objects.idOf(row) !== own);
    const duplicate = this.sameAs(others, inputs);
    const shared = duplicate ? undefined : this.sharedWith(others, inputs, run);
    if (shared) throw new CheckFailedError([shared]);
    if (!duplicate) {
      this.refuseClash(others, inputs, run);
      return former;
    }
    const id = this.objects.idOf(duplicate);
    const parent = this.parentOf(inputs);
    const where = parent ? `the ${parentNoun(parent.kind)}` : "Dokploy";
    const conflict = clash?.(inputs, this.shown(duplicate).inputs);
    const why = conflict ? `: ${conflict}` : "";
    const advice = isChanged
      ? `Choose another ${key[0] ?? "name"}`
      : await adviseOnTakenName(kind, id, context, key[0]);
    const article = /^[aeiou]/i.test(kind) ? "an" : "a";
    const reason = `${where} already has ${article} ${this.label(inputs, run)} (${id})${why}. ${advice}`;
    throw new CheckFailedError([{ property: key[0] ?? "", reason }]);
  }

  private refuseClash(others: readonly Row[], inputs: Values, run: Context["run"]): void {
    for (const row of others) {
      const other = this.shown(row).inputs;
      const why = this.spec.clash?.(inputs, other);
      if (!why) continue;
      const reason = `clashes with the existing ${this.label(other, run)} (${this.objects.idOf(row)}): ${why}`;
      throw new CheckFailedError([{ property: this.spec.key[0] ?? "", reason }]);
    }
  }

  /**
   * Reads an object.
   *
   * @throws CheckFailedError when no object has this id
   */
  async existing(id: string, api: Context["api"]): Promise<Row> {
    const row = await this.objects.one(id, api);
    const reserved = row && this.reservedReason(row);
    if (row && reserved === undefined) return row;
    const reason =
      (reserved && `it ${reserved}`) ??
      `Dokploy has no ${this.spec.kind} of this id (or this key cannot see it). Look the id up in Dokploy; ` +
        `without the option import, a new ${this.spec.kind} is created`;
    throw new CheckFailedError([{ property: "import", reason }]);
  }

  /**
   * Reads an object to adopt.
   *
   * @throws CheckFailedError when it does not exist, or cannot be changed to match the inputs
   */
  async adoptable(id: string, inputs: Values, api: Context["api"]): Promise<Row> {
    const row = await this.existing(id, api);
    refuseFixed(`${this.spec.kind} ${id}`, this.mapping.readBack(row, inputs), inputs, this.mapping);
    return row;
  }
}
