import { visible } from "../../packages/text/visible";
import type { DeployTarget, ServiceName } from "../deploy/service";
import type { ServiceTarget } from "../deploy/target";
import { dialectOf } from "../dokploy/dialect";
import type { Api } from "../dokploy/endpoints";
import { ifFound } from "../dokploy/errors";
import type { DeploymentRow, EnvironmentRow, ProjectRow, ServiceStatus } from "../dokploy/rows";
import type { Shared } from "../env/resolve";
import { valuesAround } from "../env-hosts/services";
import { CheckFailedError } from "../errors/problem";
import type { Context } from "../lifecycle/context";
import type { Entity } from "../lifecycle/entity";
import { neverApplied } from "../objects/adoption";
import { isAmbiguous, missingToAdopt, recoverCreated } from "../objects/naming";
import { stillThere } from "../objects/reconcile";
import { type ServiceOutputs, serviceOutputs } from "../objects/service-outputs";
import { isUnknown } from "../pulumi/unknown";
import { stronger } from "../schema/changes";
import type { Apply, DeployOption } from "../schema/fields";
import { targetOf, traits } from "../schema/kinds";
import { Mapping } from "../schema/mapping";
import { maskedValues } from "./deployable";
import { idsOutput, type PartIds, type Parts } from "./parts";

/** Inputs that all services have. */
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
  /** Ids of the parts in the inputs. */
  partIds?: PartIds;
}

/** Columns of a service's row that all kinds have. */
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
  applicationStatus?: ServiceStatus;
  composeStatus?: ServiceStatus;
  /** Records of deployments, which databases do not have. */
  deployments?: DeploymentRow[];
}

/** Facts about a kind of service, with checks of its own that come before those of all services. */
export interface ServiceKind<Inputs, Row>
  extends Pick<
    Entity<Inputs, ServiceResourceOutputs>,
    "kind" | "schema" | "check" | "preflight" | "preview"
  > {
  /** Handler of the parts in its inputs. */
  parts: Parts;
  /** Makes a service. The name inside Docker is left out if the response does not have it. */
  make(inputs: Inputs, api: Api): Promise<{ id: string; appName?: string }>;
  /** @param row row as it was read before; undefined for a new service */
  save(id: string, columns: object, api: Api, row: Row | undefined): Promise<unknown>;
  remove(id: string, state: Inputs, context: Pick<Context, "api" | "warn">): Promise<unknown>;
  /** Returns outputs that not all services have. */
  outputsOf?(row: Row, server: Context["server"]): object;
  /** Returns texts of the row that no message may show, other than the values of its variables. */
  secretsOf?(row: Partial<Row>): string[];
  /** Returns the containers that should run once the inputs are applied; `row` is the former service, if it existed. */
  running(
    inputs: Inputs,
    row: Row | undefined,
  ): Omit<ServiceTarget, keyof DeployTarget | "appName"> & Pick<DeployTarget, "dockerfile">;
}

/** Returns the records of deployments, at most 11. */
export function recordsOf({ deployments = [] }: Pick<ServiceRow, "deployments">): readonly DeploymentRow[] {
  return deployments;
}

function statusOf({ applicationStatus, composeStatus }: ServiceRow): ServiceStatus {
  return applicationStatus ?? composeStatus ?? "idle";
}

/** A kind of service, with questions about its inputs and about the server. */
export class ServiceModel<Inputs extends ServiceInputs, Row extends ServiceRow> {
  readonly mapping: Mapping;
  /** Router of Dokploy: `libsql`. */
  readonly service: ServiceName["kind"];
  /** Noun in messages: `compose service`. */
  readonly noun: string;

  constructor(readonly kind: ServiceKind<Inputs, Row>) {
    this.mapping = new Mapping(kind.schema);
    this.service = targetOf(kind.kind) as ServiceName["kind"];
    this.noun = traits[this.service].noun;
  }

  /** Calls an endpoint of the service. */
  private call(verb: "one" | "move", id: string, api: Pick<Api, "call">, input = {}): Promise<unknown> {
    const { service } = this;
    return api.call(`${service}.${verb}`, { [`${service}Id`]: id, ...input } as never);
  }

  one(id: string, api: Pick<Api, "call">): Promise<Row> {
    return this.call("one", id, api) as Promise<Row>;
  }

  async move(id: string, targetEnvironmentId: string, api: Api): Promise<void> {
    await this.call("move", id, api, { targetEnvironmentId });
  }

  /** @throws UserError when the server is too old for these columns */
  async assertSupported(columns: object, api: Api): Promise<void> {
    const { service } = this;
    await api.assertSupported?.(`${service}.update`, { [`${service}Id`]: "", ...columns } as never);
  }

  /** Returns the mapping in the dialect of the server, if the inputs have a text that depends on it. */
  async mappingOn(api: Pick<Api, "supports">, inputs: Inputs): Promise<Mapping> {
    if (this.service !== "compose" || inputs.env === undefined) return this.mapping;
    return this.mapping.in(await dialectOf(api));
  }

  observe(id: string, api: Api): Promise<Row | undefined> {
    return ifFound(this.one(id, api));
  }

  /** Returns the inputs as Dokploy has them, with their parts, and the ids of those parts for the state. */
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

  existing(id: string, name: string, api: Api): Promise<Row> {
    return stillThere(this.labelOf(id, { name }), () => this.observe(id, api));
  }

  /** Returns the label in messages: `application "web" (<id>)`. */
  labelOf(id: string, { name }: Pick<ServiceRow, "name">): string {
    return `${this.noun} "${visible(name)}" (${id})`;
  }

  async make(inputs: Inputs, api: Api): Promise<{ id: string; appName?: string }> {
    try {
      return await this.kind.make(inputs, api);
    } catch (error) {
      // The response was lost, but the service may exist: search for it before another attempt.
      const id = isAmbiguous(error) ? await recoverCreated(this.service, inputs, api) : undefined;
      if (id === undefined) throw error;
      return { id };
    }
  }

  /** @throws CheckFailedError when no service with this id exists */
  async toAdopt(id: string, api: Api): Promise<Row> {
    const row = await this.observe(id, api);
    if (!row)
      throw new CheckFailedError([
        { property: "import", reason: await missingToAdopt(this.service, id, api) },
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

  /** Returns the action that an adopted service needs although nothing changes, for itself and for its parts. */
  pendingOutputs(id: string, row: Row, inputs: Inputs): Apply {
    const { hasRecords } = traits[this.service];
    // A stopped database is idle, like one that was never deployed.
    const own = hasRecords ? neverApplied(recordsOf(row)) : statusOf(row) === "done" ? "none" : "deploy";
    return stronger(own, this.kind.parts.unapplied({ id, row }, inputs));
  }

  /** Returns the weakest method of the service that does as much. */
  methodFor(need: Apply): Apply {
    const { methods } = traits[this.service];
    return need === "none" || methods.includes(need) ? need : "deploy";
  }

  target(id: string, appName: string, inputs: Inputs, row: Row | undefined): ServiceTarget {
    // The kind determines the form.
    const target = { kind: this.service, id, name: inputs.name, appName };
    return { ...target, ...this.kind.running(inputs, row) } as ServiceTarget;
  }

  async again(id: string, inputs: Inputs, api: Api): Promise<ServiceTarget> {
    const row = await this.existing(id, inputs.name, api);
    return this.target(id, row.appName, inputs, row);
  }

  /** @param partIds current ids of the parts, if they differ from the former ones */
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
      status: statusOf(row),
    };
  }

  /** Returns texts that no message of a deployment may show, from the program and from the server. */
  secretsAround(inputs: Inputs, row: Partial<Row>, shared: Shared, { claims }: Context): string[] {
    const { env, buildArgs, buildSecrets } = row;
    const values = valuesAround(this.service, { env, buildArgs, buildSecrets }, shared);
    return [
      ...(this.kind.secretsOf?.(row) ?? []),
      ...this.mapping.secrets(inputs, claims.secrets.isMarked),
      ...maskedValues(values, claims),
    ];
  }
}
