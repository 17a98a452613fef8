import { visible } from "../../../packages/text";
import { isUnknown } from "../../../packages/values";
import { type Api, callAny, ifFound, OBJECTS } from "../../dokploy";
import type { EnvMap } from "../../env";
import { CheckFailedError } from "../../errors";
import type { Context, Entity, SharedScope, Wire } from "../../lifecycle";
import { Mapping, nounWithArticle, outputsIn, targetOf } from "../../schema";
import { existingToAdopt } from "../adoption/adoptable";
import { createdAtOf, type Holder } from "../adoption/claim";
import { adviseOnTakenName, adviseOnTakenProject } from "../adoption/naming";
import { stillThere } from "../adoption/reconcile";
import type { ServiceFacts } from "../services/model";
import type { SharedOwner } from "../shared-variable-users/redeploy";

/** Inputs that projects and environments have in common. */
export interface ScopeInputs {
  name: string;
  projectId?: string | undefined;
  env?: EnvMap | undefined;
  redeployReferrers?: boolean | undefined;
  overwriteVariables?: boolean | undefined;
  import?: string | undefined;
}

/** Row of a project or environment. */
export type ScopeRow = Record<string, unknown> & {
  readonly name: string;
  /** Environments of a project, with their services. */
  readonly environments?: readonly { readonly name: string }[];
};

/** Facts about a kind of scope. */
export type ScopeFacts<Inputs extends ScopeInputs, Row> = Pick<
  Entity<Inputs, object>,
  "kind" | "schema" | "outputs"
> &
  Pick<ServiceFacts<Inputs, Row>, "save"> &
  Pick<Wire, "read" | "all">;

/** A kind of scope, with questions about its inputs and about the server. */
export class ScopeModel<Inputs extends ScopeInputs, Own extends object, Row extends ScopeRow> {
  readonly mapping: Mapping;
  /** Router of Dokploy, and noun in messages. */
  readonly noun: SharedScope["kind"];

  constructor(readonly kind: ScopeFacts<Inputs, Row>) {
    this.mapping = new Mapping(kind.schema);
    this.noun = targetOf(kind.kind) as SharedScope["kind"];
  }

  /** Returns the id in a row. */
  idOf(row: object): string {
    return String((row as Readonly<Record<string, unknown>>)[`${this.noun}Id`]);
  }

  /** Returns `project "shop" (<id>)`. */
  labelOf(id: string, { name }: { name: string }): string {
    return `${this.noun} "${visible(name)}" (${id})`;
  }

  /** Returns `Project "shop"`. */
  nameOf({ name }: { name?: string | undefined }): string {
    return `${this.kind.kind} "${visible(name ?? "")}"`;
  }

  ownerOf(id: string, { name, redeployReferrers: redeploy }: Inputs): SharedOwner {
    return { label: this.nameOf({ name }), scope: { kind: this.noun, id }, redeploy };
  }

  /** Calls an endpoint for one object. */
  private call(
    verb: "one" | "update" | "remove",
    id: string,
    api: Pick<Api, "call">,
    columns = {},
  ): Promise<unknown> {
    return callAny(api, `${this.noun}.${verb}`, { [`${this.noun}Id`]: id, ...columns });
  }

  async one(id: string, api: Pick<Api, "call">): Promise<Row> {
    return this.read(await this.call("one", id, api));
  }

  async observe(id: string, api: Pick<Api, "call">): Promise<Row | undefined> {
    return await ifFound(this.one(id, api));
  }

  async existing(id: string, inputs: Inputs, api: Api): Promise<Row> {
    return await stillThere(this.labelOf(id, inputs), () => this.observe(id, api));
  }

  /** @throws CheckFailedError when no object has this id */
  async toAdopt(id: string, api: Api): Promise<Row> {
    return await existingToAdopt(this.noun, id, () => this.observe(id, api), api);
  }

  private read(row: unknown): Row {
    return (this.kind.read?.(row as ScopeRow) ?? row) as Row;
  }

  outputsOf(row: Row): Own {
    return outputsIn(this.kind.outputs, row) as Own;
  }

  /** True for a column that a creation takes. */
  isCreated(column: string): boolean {
    const { needs, mayHave }: { needs: readonly string[]; mayHave: readonly string[] } =
      OBJECTS[this.noun].create;
    return needs.includes(column) || mayHave.includes(column);
  }

  async create(columns: object, api: Api): Promise<Row> {
    return this.read(await callAny(api, `${this.noun}.create`, columns));
  }

  async save(id: string, columns: object, api: Api): Promise<void> {
    if (this.kind.save) await this.kind.save(id, columns, api, undefined);
    else await this.call("update", id, api, columns);
  }

  async remove(id: string, api: Api): Promise<void> {
    await this.call("remove", id, api);
  }

  /** Returns the objects with the same name. */
  async named(inputs: Inputs, api: Api): Promise<Holder[]> {
    const listed = this.kind.all?.(undefined, api, this.mapping.columns(inputs));
    return this.namedIn(await (listed ?? api.call("project.all", {})), inputs);
  }

  /** Returns the objects with the same name in these rows. */
  namedIn(rows: readonly object[], inputs: Inputs): Holder[] {
    return (rows as readonly ScopeRow[])
      .filter(({ name }) => name === inputs.name)
      .map((row) => ({ id: this.idOf(row), createdAt: createdAtOf(row) }));
  }

  /** @throws CheckFailedError when another object has the name, unless it is the replaced one */
  async assertNameAvailable(inputs: Inputs, context: Context, replaced?: string): Promise<void> {
    const { noun } = this;
    const { name, projectId } = inputs;
    if (isUnknown(name) || isUnknown(projectId)) return;
    const [taken] = (await this.named(inputs, context.api)).filter(({ id }) => id !== replaced);
    if (taken === undefined) return;
    const { id } = taken;
    const isProject = noun === "project";
    const advice = isProject
      ? await adviseOnTakenProject(name, id, context)
      : await adviseOnTakenName(this.kind.kind, id, context);
    const where = isProject ? "Dokploy" : "the project";
    const reason = `${where} already has ${nounWithArticle(noun)} named "${visible(name)}" (${id}). ${advice}`;
    throw new CheckFailedError([{ property: "name", reason }]);
  }
}
