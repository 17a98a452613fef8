import { randomBytes } from "node:crypto";
import { visible } from "../../../packages/text";
import { isRecord, isUnknown } from "../../../packages/values";
import type { ServiceName, ServiceTarget } from "../../deploy";
import {
  type Api,
  callAny,
  type DeploymentRow,
  dialectOf,
  type Endpoint,
  type EnvironmentRow,
  ifFound,
  OBJECTS,
  type ProjectRow,
  type ServiceStatus,
} from "../../dokploy";
import { looksOutside, type Shared } from "../../env";
import { CheckFailedError, UserError } from "../../errors";
import type { Context, Entity, Wire } from "../../lifecycle";
import {
  type Apply,
  at,
  type DeployOption,
  Mapping,
  outputsIn,
  stronger,
  targetOf,
  traits,
} from "../../schema";
import { existingToAdopt, refuseFixed } from "../adoption/adoptable";
import { hasNothing } from "../adoption/claim";
import { isAmbiguous, namesakes, noteDeleted } from "../adoption/naming";
import { stillThere } from "../adoption/reconcile";
import type { ReleaseInput } from "../release/command";
import type { ReleaseOutputs } from "../release/step";
import { type Deployable, maskedValues } from "../rollout/deployable";
import { type ServiceOutputs, serviceOutputs } from "../rollout/outputs";
import { fullWay } from "../rollout/ways/ways";
import { InlineParts } from "../simple/inline";
import { idsOutput, type PartIds } from "../simple/parts-state";
import { placesAround } from "../variable-targets/find";
import { targetToWatch as runningOf } from "../variable-targets/running";
import { valuesInRow } from "../variable-targets/services";

/** Inputs that all services have. */
export interface ServiceInputs {
  name: string;
  environmentId: string;
  env?: Readonly<Record<string, string>> | undefined;
  deploy?: DeployOption | undefined;
  import?: string | undefined;
  appNamePrefix?: string | undefined;
  serverId?: string | undefined;
  composeType?: string | undefined;
  release?: ReleaseInput | undefined;
  overwriteVariables?: boolean | undefined;
  allowReplacement?: boolean | undefined;
  /** Name of the service that may be replaced. */
  allowReplacementOf?: string | undefined;
}

export interface ServiceResourceOutputs extends ServiceOutputs, ReleaseOutputs {
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

/** Facts about a kind of service. */
export interface ServiceFacts<Inputs, Row>
  extends Pick<Entity<Inputs, ServiceResourceOutputs>, "kind" | "schema" | "outputs">,
    Required<Pick<Wire, "create">> {
  /**
   * Saves changed columns, where `update` alone is not enough.
   *
   * @param row row as it was read before; undefined for a new service
   */
  save?(id: string, columns: object, api: Api, row: Row | undefined): Promise<unknown>;
}

/**
 * Returns the start of a name inside Docker, with random characters by which the service is known. Dokploy adds six of its own.
 *
 * @param prefix the start that the program chooses
 * @returns undefined where the name would be longer than the 63 characters of a service of Swarm
 */
function wordFor(service: string, prefix: string | undefined): string | undefined {
  // As Dokploy begins a name of its own, and writes the start of one.
  const start = prefix?.toLowerCase() ?? (service === "application" ? "app" : service);
  const word = `${start}-${randomBytes(4).toString("hex")}`;
  return `${word}-123456`.length > 63 ? undefined : word;
}

/** A service that was just created. */
export interface NewService {
  readonly id: string;
  /** Name inside Docker; undefined where Dokploy does not report it. */
  readonly appName?: string;
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
  /** Parts in its inputs. */
  readonly parts: InlineParts;

  constructor(readonly kind: ServiceFacts<Inputs, Row>) {
    this.mapping = new Mapping(kind.schema);
    this.service = targetOf(kind.kind) as ServiceName["kind"];
    this.noun = traits[this.service].noun;
    this.parts = new InlineParts(this.service, kind.schema);
  }

  /** Calls an endpoint of the service. */
  private call(
    verb: "one" | "update" | "move",
    id: string,
    api: Pick<Api, "call">,
    input = {},
  ): Promise<unknown> {
    const { service } = this;
    return callAny(api, `${service}.${verb}`, { [`${service}Id`]: id, ...input });
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
  async mappingOn(api: Pick<Api, "supports">, inputs: Pick<ServiceInputs, "env">): Promise<Mapping> {
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
    inputs: Inputs,
    mapping: Mapping,
    partIds: PartIds = {},
  ): { live: Inputs; partIds: PartIds } {
    const parts = this.parts.readBack({ id, row }, inputs, partIds);
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

  /** Returns `Application "web"`, or the kind alone while the name is not known. */
  nameOf({ name = "" }: { readonly name?: string }): string {
    return isUnknown(name) ? this.kind.kind : `${this.kind.kind} "${visible(name)}"`;
  }

  /**
   * Creates a service. If the response is lost, it is found by what its creation alone has: random characters in its name
   * inside Docker, or the password of a database. Its name in Dokploy proves nothing, since anybody may have given it to a
   * service meanwhile.
   *
   * @param columns columns of the inputs
   */
  async make(inputs: Inputs, columns: Readonly<Record<string, unknown>>, api: Api): Promise<NewService> {
    const { service, noun } = this;
    const { name, environmentId, appNamePrefix, serverId } = inputs;
    const own = await this.kind.create(columns, undefined, { api });
    const { databasePassword } = own;
    const word = databasePassword === undefined ? wordFor(service, appNamePrefix) : undefined;
    const appName = word ?? appNamePrefix;
    const place = {
      ...(appName === undefined ? {} : { appName }),
      ...(serverId === undefined ? {} : { serverId }),
    };
    const isOwn = (row: Row) =>
      databasePassword === undefined
        ? word !== undefined && row.appName.startsWith(`${word}-`)
        : row["databasePassword" as keyof Row] === databasePassword;
    const look = () => this.ownOf(inputs, isOwn, api);
    let made: unknown;
    try {
      made = await callAny(api, `${service}.create`, { name, environmentId, ...own, ...place });
    } catch (error) {
      // The response was lost, but the service may exist: search for it before another attempt.
      const id = isAmbiguous(error) ? await look() : undefined;
      if (id === undefined) throw error;
      return { id };
    }
    if (isRecord(made)) return { id: String(made[`${service}Id`]), appName: String(made["appName"]) };
    // Dokploy does not return a new libSQL database. A look that fails once is repeated.
    const id = await look().catch(look);
    if (id !== undefined) return { id };
    throw new UserError(
      `${service}.create succeeded, but the new ${noun} cannot be distinguished from another one of that name. Run ` +
        "the update again: its plan names the existing ones and says how to adopt one.",
    );
  }

  /** Returns the only service of the name that the creation made, if it has nothing but its creation. */
  private async ownOf(inputs: Inputs, isOwn: (row: Row) => boolean, api: Api): Promise<string | undefined> {
    const ids = (await namesakes(this.service, inputs, api)).map(({ id }) => id);
    const rows = await Promise.all(ids.map(async (id) => ({ id, row: await this.observe(id, api) })));
    const own = rows.filter(({ row }) => row !== undefined && isOwn(row));
    const [found] = own;
    return own.length === 1 && found?.row && hasNothing(found.row) ? found.id : undefined;
  }

  /** Saves changed columns, without those that only a creation takes, such as the server of an application. */
  async save(id: string, columns: object, api: Api, row: Row | undefined): Promise<void> {
    if (this.kind.save) return void (await this.kind.save(id, columns, api, row));
    const { create, update } = OBJECTS[this.service];
    const takes = (call: typeof create | typeof update, column: string) =>
      [...call.needs, ...call.mayHave].some((name) => name === column);
    const sent = Object.entries(columns).filter(
      ([column]) => takes(update, column) || !takes(create, column),
    );
    await this.call("update", id, api, Object.fromEntries(sent));
  }

  /** @throws CheckFailedError when no service with this id exists */
  async toAdopt(id: string, api: Api): Promise<Row> {
    return await existingToAdopt(this.service, id, () => this.observe(id, api), api);
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
    refuseFixed(`${this.noun} "${visible(row.name)}" (${id})`, live, inputs, this.mapping);
    return row;
  }

  /** Returns the action that an adopted service needs although nothing changes, for itself and for its parts. */
  pendingOutputs(id: string, row: Row, inputs: Inputs): Apply {
    const own = fullWay(this.service).unapplied({ status: statusOf(row), deployments: recordsOf(row) });
    return stronger(own, this.parts.unapplied({ id, row }, inputs));
  }

  /** Returns the containers that should run by these columns of its row. */
  target(id: string, row: Partial<Row> & Pick<Row, "name" | "appName">): ServiceTarget {
    return runningOf(this.service, id, row);
  }

  /** Returns an existing service for its rollout, with its row before and after its changes were saved. */
  deployable(
    id: string,
    inputs: Inputs,
    { before, after }: { before: Row; after: Row },
    context: Context,
  ): Deployable {
    const { env, buildArgs, buildSecrets, environment } = after;
    return {
      target: this.target(id, { ...after, ...domainsIn(inputs) }),
      status: statusOf(after),
      deployments: recordsOf(before),
      around: placesAround(environment),
      takesShared: [env, buildArgs, buildSecrets].some((text) => looksOutside(text ?? "")),
      secrets: this.secretsAround(inputs, before, environment, context),
      again: () => this.again(id, inputs.name, context.api),
    };
  }

  async again(id: string, name: string, api: Api): Promise<ServiceTarget> {
    return this.target(id, await this.existing(id, name, api));
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
      ...outputsIn(this.kind.outputs, row, server?.url),
      appName: row.appName,
      status: statusOf(row),
    };
  }

  /** Returns the values in a row of inputs that are always secret. */
  private passwordsIn(row: object): string[] {
    const { secrets } = this.mapping.shown(row);
    const values = this.mapping.secretByNature().always.map((path) => at(secrets, path.split(".")));
    return values.filter((value) => typeof value === "string");
  }

  /** Returns texts that no message of a deployment may show, from the program and from the server. */
  secretsAround(inputs: Inputs, row: Partial<Row>, shared: Shared, { run }: Context): string[] {
    const values = valuesInRow(this.service, { ...row, environment: shared });
    return [
      ...this.passwordsIn(row),
      ...this.mapping.secrets(inputs, run.secrets.isMarked),
      ...maskedValues(values, run),
    ];
  }
}

/** Returns the domains that a program lists in its service. */
export function domainsIn(inputs: object): { readonly domains?: unknown } {
  const { domains } = inputs as { domains?: unknown };
  return domains === undefined ? {} : { domains };
}

/**
 * Deletes a service.
 *
 * @returns its last row, which is undefined if only a repeat got a response; undefined when it no longer exists
 */
export async function removeService<Row>(
  service: ServiceName["kind"],
  id: string,
  inputs: ServiceInputs,
  api: Api,
  options: object = {},
): Promise<{ readonly row: Row | undefined } | undefined> {
  const endpoint = `${service}.${OBJECTS[service].remove}` as Endpoint;
  const keepsVolumes = service === "compose" ? { deleteVolumes: false } : {};
  const input = { [`${service}Id`]: id, ...keepsVolumes, ...options };
  const removed = await ifFound(
    callAny(api, endpoint, input).then((row) => ({ row: row as Row | undefined })),
  );
  noteDeleted(service, inputs, api);
  return removed;
}
