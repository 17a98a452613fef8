import type { z } from "zod";
import { isNotFound } from "../dokploy/errors";
import { traits } from "../env-hosts/kinds";
import type { Context } from "../lifecycle/context";
import { isCommon } from "../masking/common";
import { MASK } from "../masking/mask";
import { adviseTaken } from "../objects/naming";
import { noSuch } from "../objects/wrong-id";
import { CheckFailedError, type Problem } from "../problem";
import { isUnknown } from "../pulumi/unknown";
import type { Apply, DeployOption } from "../schema/fields";
import { Mapping } from "../schema/mapping";
import { visible } from "../visible";
import { Objects, type Row } from "./objects";
import { type AnySpec, type Parent, schemaOf } from "./spec";

export type Values = Readonly<Record<string, unknown>>;

/** What one kind of simple object is, with the questions that can be asked of its inputs and of the server. */
export class Model {
  readonly schema: z.ZodObject;
  readonly mapping: Mapping;
  readonly objects: Objects;
  /** Where the row of its service lists it, and what the service calls that input: `domains`. */
  readonly list: string;

  constructor(readonly spec: AnySpec) {
    this.schema = schemaOf(spec);
    this.mapping = new Mapping(this.schema);
    this.list = spec.list ?? `${spec.router}s`;
    this.objects = new Objects(spec.router, this.list);
  }

  /** `Domain shop.example.com/`, for messages and titles; what the program marked as secret is hidden. */
  label(inputs: Values, { secrets }: Pick<Context["claims"], "secrets">): string {
    const isHidden = (value: unknown) => secrets.wasMarked(String(value)) && !isCommon(String(value));
    const open = Object.entries(inputs).map(([name, value]) => [name, isHidden(value) ? MASK : value]);
    return `${this.spec.kind} ${visible(this.spec.label(Object.fromEntries(open)))}`;
  }

  /** All inputs as the row has them: see {@link Mapping.shown}. */
  shown(row: Row): { readonly inputs: Values; readonly secrets: Values } {
    return this.mapping.shown(row);
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
    return { ...this.defaults(), ...this.mapping.columns(inputs), ...this.spec.sends?.(kind) };
  }

  /** Those that a creation must name, and for which the program may give nothing. */
  private defaults(): Row {
    const needs: readonly string[] = this.objects.facts.create.needs;
    const fields = Object.values(this.schema.shape).map((type) => type.meta()?.field ?? {});
    return Object.fromEntries(
      fields.flatMap(({ column, reset }) =>
        column !== undefined && reset !== undefined && needs.includes(column) ? [[column, reset]] : [],
      ),
    );
  }

  /**
   * Those of the same parent, or of the whole server.
   *
   * @throws CheckFailedError when the parent is not there
   */
  async beside(inputs: Values, api: Context["api"]): Promise<Row[]> {
    const parent = this.parentOf(inputs);
    try {
      return await this.objects.all(parent, api);
    } catch (error) {
      if (parent === undefined || !isNotFound(error)) throw error;
      const reason = await noSuch(parent.kind, parent.id, api);
      throw new CheckFailedError([{ property: `${parent.kind}Id`, reason }]);
    }
  }

  /** The row among these that is what the inputs describe, as far as their key is known. */
  sameAs(rows: readonly Row[], inputs: Values): Row | undefined {
    const wanted = this.mapping.keyed(inputs, this.spec.key);
    if (Object.values(wanted).some(isUnknown)) return undefined;
    return rows.find((row) => Object.entries(wanted).every(([column, value]) => row[column] === value));
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
    const { key, kind } = this.spec;
    const twin = this.sameAs(
      rows.filter((row) => this.objects.idOf(row) !== replaced),
      inputs,
    );
    if (!twin) return;
    const id = this.objects.idOf(twin);
    const parent = this.parentOf(inputs);
    const where = parent ? `the ${traits[parent.kind].noun}` : "Dokploy";
    const reason = `${where} already has a ${this.label(inputs, claims)} (${id}). ${await adviseTaken(kind, id, claims)}`;
    throw new CheckFailedError([{ property: key[0] ?? "", reason }]);
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
