import type { z } from "zod";
import { visible } from "../../packages/text/visible";
import type { DeployTarget, ServiceName } from "../deploy/service";
import type { ServiceTarget } from "../deploy/target";
import { dialectOf } from "../dokploy/dialect";
import type { Api } from "../dokploy/endpoints";
import { ifFound } from "../dokploy/errors";
import type { DeploymentRow, EnvironmentRow, ProjectRow, ServiceStatus } from "../dokploy/rows";
import type { Shared } from "../env-hosts/reference-checks";
import { valuesAround } from "../env-hosts/services";
import { CheckFailedError, type Problem } from "../errors/problem";
import type { Context } from "../lifecycle/context";
import type { Definition } from "../lifecycle/definition";
import { neverApplied } from "../objects/adoption";
import { isAmbiguous, missingToAdopt, recoverCreated } from "../objects/naming";
import { stillThere } from "../objects/reconcile";
import { type ServiceOutputs, serviceOutputs } from "../objects/service-outputs";
import { isUnknown } from "../pulumi/unknown";
import { stronger } from "../schema/changes";
import type { Apply, DeployOption } from "../schema/fields";
import { traits } from "../schema/kinds";
import { Mapping } from "../schema/mapping";
import { maskedValues } from "./deployable";
import { idsOutput, type PartIds, type Parts } from "./parts";

/** What applications and compose services share: inputs, outputs, and the way from one to the other. */
export interface ServiceInputs {
  name: string;
  environmentId: string;
  env?: Readonly<Record<string, string>> | undefined;
  deploy?: DeployOption | undefined;
  import?: string | undefined;
  composeType?: string | undefined;
  overwriteVariables?: boolean | undefined;
}

export interface ServiceResourceOutputs extends ServiceOutputs {
  /** Name inside Docker: the host name under which other services reach it. */
  appName: string;
  /** Ids of the parts that the inputs list. */
  partIds?: PartIds;
}

export interface ServiceRow {
  name: string;
  appName: string;
  environmentId: string;
  env: string | null;
  buildArgs?: string | null;
  buildSecrets?: string | null;
  environment: Pick<EnvironmentRow, "name" | "env" | "environmentId" | "projectId"> & {
    project: Pick<ProjectRow, "name" | "env">;
  };
  /** A database has none. */
  deployments?: DeploymentRow[];
}

/** What differs between the kinds of service: their endpoints. */
export interface ServiceKind<Inputs, Row> {
  kind: string;
  service: ServiceName["kind"];
  schema: z.ZodObject;
  /** What it does about the parts that its inputs list. */
  parts: Parts;
  /** The inputs that own a text which an `EnvironmentBlock` could own as well. */
  textFields: readonly (keyof Inputs & string)[];
  check?: NonNullable<Definition<Inputs, ServiceResourceOutputs>["check"]>;
  /** What a person should know of these inputs, each as a clause. Values may be unknown. */
  warnings?(inputs: Partial<Inputs>): string[];
  /** The name inside Docker is left out where the creation does not tell it. */
  make(inputs: Inputs, api: Api): Promise<{ id: string; appName?: string }>;
  observe(id: string, api: Pick<Api, "call">): Promise<Row>;
  /** @param row as it was read before; undefined for what was just made */
  save(id: string, columns: object, api: Api, row: Row | undefined): Promise<unknown>;
  /** Rejects when the server is too old for these columns. */
  assertSupported(columns: object, api: Api): Promise<void> | undefined;
  move(id: string, environmentId: string, api: Api): Promise<unknown>;
  remove(id: string, state: Inputs, context: Pick<Context, "api" | "warn">): Promise<unknown>;
  status(row: Row): ServiceStatus;
  /** True where Dokploy puts variables of its own into the same text, to which others may refer. */
  sharesText?: true;
  /** What is needed although nothing changes, of what is adopted. Default: a deployment, unless the newest succeeded. */
  neverApplied?(row: Row): Apply;
  /** Outputs beside those that all services have. */
  outputsOf?(row: Row, server: Context["server"]): object;
  /** What no message may show of the row, beside the values of its variables. */
  secretsOf?(row: Partial<Row>): string[];
  /** What a change in place would break, and what to say where it may be made. */
  checkUpdate?(
    row: Row,
    inputs: Inputs,
    api: Pick<Api, "call">,
  ): Promise<{ problem?: Problem; warning?: string }>;
  /**
   * Why what is there may not be deleted for a new one in its place, and what to say where it may.
   *
   * @param former inputs that the state has
   */
  checkReplacement?(
    row: Row,
    inputs: Inputs,
    former: Partial<Inputs>,
  ): { problem?: string | undefined; warning?: string | undefined };
  /** What a deployment of a change leaves as it is, though one would not think so: a sentence. */
  leaves?(before: Row, after: Row, secrets: Context["claims"]["secrets"]): string | undefined;
  /** What a plan that deploys says of the inputs on the server at hand. */
  notice?(inputs: Inputs, api: Pick<Api, "supports">): Promise<string | undefined>;
  /** The compose file of the inputs, where it stands there. */
  stackFile?(inputs: Inputs): string | undefined;
  /** What should run once the inputs are applied; `row` as it was read before, if there was one. */
  running(
    inputs: Inputs,
    row: Row | undefined,
  ): Omit<ServiceTarget, keyof DeployTarget | "appName"> & Pick<DeployTarget, "dockerfile">;
}

/** At most 11 records of deployments. */
export function recordsOf({ deployments = [] }: Pick<ServiceRow, "deployments">): readonly DeploymentRow[] {
  return deployments;
}

/** What one kind of service is, with the questions that can be asked of its inputs and of the server. */
export class ServiceModel<Inputs extends ServiceInputs, Row extends ServiceRow> {
  readonly mapping: Mapping;
  /** `compose service` */
  readonly noun: string;

  constructor(readonly kind: ServiceKind<Inputs, Row>) {
    this.mapping = new Mapping(kind.schema);
    this.noun = traits[kind.service].noun;
  }

  /** The mapping in the dialect of the server, where the inputs have a text for which that matters. */
  async mappingOn(api: Pick<Api, "supports">, inputs: Inputs): Promise<Mapping> {
    if (this.kind.service !== "compose" || inputs.env === undefined) return this.mapping;
    return this.mapping.in(await dialectOf(api));
  }

  async observe(id: string, api: Api): Promise<Row | undefined> {
    return await ifFound(this.kind.observe(id, api));
  }

  /** The inputs as they are there, with the parts that they list; and what the state is to know of those. */
  readBack(
    id: string,
    row: Row,
    inputs: object,
    mapping: Mapping,
    partIds: PartIds = {},
  ): { live: Record<string, unknown>; partIds: PartIds } {
    const parts = this.kind.parts.readBack({ id, row }, inputs, partIds);
    return {
      live: { ...mapping.readBack(row, inputs), ...parts.lists, environmentId: row.environmentId },
      partIds: parts.partIds,
    };
  }

  async existing(id: string, name: string, api: Api): Promise<Row> {
    return await stillThere(this.labelOf(id, { name }), () => this.observe(id, api));
  }

  /** `application "web" (<id>)` */
  labelOf(id: string, { name }: Pick<ServiceRow, "name">): string {
    return `${this.noun} "${visible(name)}" (${id})`;
  }

  async make(inputs: Inputs, api: Api): Promise<{ id: string; appName?: string }> {
    try {
      return await this.kind.make(inputs, api);
    } catch (error) {
      // The answer was lost, not necessarily the service: look before anything is tried again.
      const id = isAmbiguous(error) ? await recoverCreated(this.kind.service, inputs, api) : undefined;
      if (id === undefined) throw error;
      return { id };
    }
  }

  /** @throws CheckFailedError when there is nothing of this id to adopt */
  async toAdopt(id: string, api: Api): Promise<Row> {
    const row = await this.observe(id, api);
    if (!row)
      throw new CheckFailedError([
        { property: "import", reason: await missingToAdopt(this.kind.service, id, api) },
      ]);
    return row;
  }

  async adoptable(id: string, inputs: Inputs, api: Api): Promise<Row> {
    const row = await this.toAdopt(id, api);
    if (row.environmentId !== inputs.environmentId && !isUnknown(inputs.environmentId)) {
      throw new CheckFailedError([
        {
          property: "import",
          reason:
            `the ${this.noun} "${visible(row.name)}" (${id}) is in the environment "${visible(row.environment.name)}" of project ` +
            `"${visible(row.environment.project.name)}" (${row.environmentId}), not in ${inputs.environmentId}: ` +
            "give it that environmentId, and move it with a later change if it should be elsewhere",
        },
      ]);
    }
    const live = (await this.mappingOn(api, inputs)).readBack(row, inputs);
    const fixed = this.mapping.changes(live, inputs).filter(({ replace }) => replace);
    if (fixed.length > 0) {
      throw new CheckFailedError(
        fixed.map(({ path }) => ({
          property: path,
          reason: `differs from what the ${this.noun} "${visible(row.name)}" (${id}) has, and cannot be changed in place`,
        })),
      );
    }
    return row;
  }

  /** What is needed although nothing changes, of what is adopted: for itself, and for the parts that it lists. */
  leftUndone(id: string, row: Row, inputs: Inputs): Apply {
    const own = this.kind.neverApplied?.(row) ?? neverApplied(recordsOf(row));
    return stronger(own, this.kind.parts.unapplied({ id, row }, inputs));
  }

  /** The weakest of the service's own methods that brings as much. */
  methodFor(need: Apply): Apply {
    const { methods } = traits[this.kind.service];
    return need === "none" || methods.includes(need) ? need : "deploy";
  }

  target(id: string, appName: string, inputs: Inputs, row: Row | undefined): ServiceTarget {
    // Which of the forms it is, the kind decides.
    const target = { kind: this.kind.service, id, name: inputs.name, appName };
    return { ...target, ...this.kind.running(inputs, row) } as ServiceTarget;
  }

  async again(id: string, inputs: Inputs, api: Api): Promise<ServiceTarget> {
    const row = await this.existing(id, inputs.name, api);
    return this.target(id, row.appName, inputs, row);
  }

  /** @param partIds what is known of the parts now, where that differs from what was */
  outputsOf(
    row: Row,
    olds: ServiceResourceOutputs | undefined,
    { server }: Pick<Context, "server">,
    partIds: PartIds = olds?.partIds ?? {},
  ): ServiceResourceOutputs {
    return {
      ...(olds ? serviceOutputs(olds) : {}),
      ...idsOutput(partIds),
      ...this.kind.outputsOf?.(row, server),
      appName: row.appName,
      status: this.kind.status(row),
    };
  }

  /** What no message of a deployment may show: of the program, and of what the server has beside it. */
  secretsAround(inputs: Inputs, row: Partial<Row>, shared: Shared, { claims }: Context): string[] {
    const { env, buildArgs, buildSecrets } = row;
    const values = valuesAround(this.kind.service, { env, buildArgs, buildSecrets }, shared);
    return [
      ...(this.kind.secretsOf?.(row) ?? []),
      ...this.mapping.secrets(inputs, claims.secrets.isMarked),
      ...maskedValues(values, claims),
    ];
  }
}
