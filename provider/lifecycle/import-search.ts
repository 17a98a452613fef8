import {
  type Api,
  type ProjectDetail,
  ServerTree,
  type ServiceId,
  type ServiceKind,
  serviceKinds,
} from "../dokploy";
import { targetOf } from "../schema";

/** Server of which only the surroundings of one object are read: its service, its server and its project. */
export class ImportSearch extends ServerTree {
  readonly #services: readonly ServiceId[];
  readonly #projectId: string | undefined;
  readonly #serverId: string | undefined;

  /**
   * @param kind kind of the object as a resource: `Domain`
   * @param inputs inputs of the object that name others
   */
  constructor(api: Api, kind: string, id: string, inputs: object) {
    super(api);
    const named = new Map(
      Object.entries(inputs).filter((input): input is [string, string] => typeof input[1] === "string"),
    );
    const own = targetOf(kind);
    this.#services = serviceKinds.flatMap((service) => {
      const serviceId = own === service ? id : named.get(`${service}Id`);
      return serviceId === undefined ? [] : [{ kind: service, id: serviceId }];
    });
    this.#projectId = own === "project" ? id : named.get("projectId");
    this.#serverId = named.get("serverId");
  }

  override async projects(): Promise<readonly ProjectDetail[]> {
    const projectId = this.#projectId;
    return projectId === undefined
      ? await super.projects()
      : [await this.api.call("project.one", { projectId })];
  }

  override async serverIds(): Promise<string[]> {
    if (this.#serverId !== undefined) return [this.#serverId];
    return this.#services.length > 0 ? [] : await super.serverIds();
  }

  protected override async serviceIds(kinds: readonly ServiceKind[]): Promise<readonly ServiceId[]> {
    return this.#services.filter(({ kind }) => kinds.includes(kind));
  }
}
