import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import { isNotFound } from "../dokploy/errors";
import type { Context } from "../lifecycle/context";
import { isCommon } from "../masking/common";
import { MASK } from "../masking/mask";
import { adviseTaken } from "../objects/naming";
import { CheckFailedError, type Problem } from "../problem";
import { secret } from "../pulumi/secret";
import { isUnknown } from "../pulumi/unknown";
import { Arms } from "../schema/arms";
import type { Apply, DeployOption } from "../schema/fields";
import { Mapping } from "../schema/mapping";
import { visible } from "../visible";
import { Objects, type Row } from "./objects";
import { noParent, parentNoun } from "./parents";
import { type AnySpec, type Parent, schemaOf } from "./spec";

export type Values = Readonly<Record<string, unknown>>;

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
    const isHidden = (value: unknown) => secrets.wasMarked(String(value)) && !isCommon(String(value));
    const open = Object.entries(inputs).map(([name, value]) => [name, isHidden(value) ? MASK : value]);
    return `${this.spec.kind} ${visible(this.spec.label(Object.fromEntries(open)))}`;
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

  /** What the rules of the definition say. */
  problems(inputs: Values): Problem[] {
    return Object.entries(this.spec.rules ?? {}).flatMap(([property, rule]) => {
      const reason = rule(inputs);
      return reason ? [{ property, reason }] : [];
    });
  }

  /** All columns that a creation sends. */
  columns(inputs: Values): Row {
    const [kind] = this.parentsGiven(inputs);
    return { ...this.defaults(inputs), ...this.spec.sends?.(kind), ...this.mapping.columns(inputs) };
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
   * @throws CheckFailedError when the parent is not there
   */
  async beside(inputs: Values, api: Context["api"]): Promise<Row[]> {
    const parent = this.parentOf(inputs);
    try {
      return await this.objects.all(parent, api, this.mapping.keyed(inputs, this.spec.key));
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

  /** @throws CheckFailedError when one of them is what is to be made, as far as its key is known */
  async refuseTwin(
    rows: readonly Row[],
    inputs: Values,
    { claims }: Pick<Context, "claims">,
    replaced?: string,
  ): Promise<void> {
    const { key, kind, twins } = this.spec;
    const others = rows.filter((row) => this.objects.idOf(row) !== replaced);
    const twin = this.sameAs(others, inputs);
    if (!twin) return this.refuseClash(others, inputs, claims);
    const id = this.objects.idOf(twin);
    const parent = this.parentOf(inputs);
    const where = parent ? `the ${parentNoun(parent.kind)}` : "Dokploy";
    const why = twins === undefined ? "" : `: two ${twins}`;
    const advice = await adviseTaken(kind, id, claims, key[0]);
    const reason = `${where} already has a ${this.label(inputs, claims)} (${id})${why}. ${advice}`;
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
    if (row) return row;
    const reason =
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
