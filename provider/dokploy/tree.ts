import { Companions } from "./companion";
import { type Api, callAny } from "./endpoints";
import { DokployError } from "./errors";
import { type ListedService, type ServiceKind, servicesIn } from "./kinds";
import type { ProjectDetail } from "./rows";

/** A service by its id. */
export type ServiceId = Pick<ListedService, "kind" | "id">;

/**
 * The projects of a server, with their environments and services. Everything is read once.
 *
 * @example
 * const tree = new ServerTree(api, (project) => project === "shop");
 * const applications = await tree.services(["application"]);
 */
export class ServerTree {
  #projects: Promise<readonly ProjectDetail[]> | undefined;
  /** Servers that did not answer, each with the kind of object that was left out for it. */
  readonly unread: { readonly kind: string; readonly reason: string }[] = [];

  /**
   * @param api only reads, each of them once
   * @param isWanted true for the name of a project that is read
   */
  constructor(
    readonly api: Api,
    private readonly isWanted: (project: string) => boolean = () => true,
  ) {}

  /** Returns the projects with their environments, and the services in each as far as a list shows them. */
  projects(): Promise<readonly ProjectDetail[]> {
    this.#projects ??= this.#read();
    return this.#projects;
  }

  async #read(): Promise<readonly ProjectDetail[]> {
    const all = await this.api.call("project.all", {});
    const wanted = all.filter(({ name }) => this.isWanted(name));
    return await Promise.all(wanted.map(({ projectId }) => this.api.call("project.one", { projectId })));
  }

  /** Returns the ids of all servers in addition to Dokploy's own machine. */
  async serverIds(): Promise<string[]> {
    const servers = (await this.api.call("server.all", {})) as readonly { readonly serverId: string }[];
    return servers.map(({ serverId }) => serverId);
  }

  /**
   * Reads objects of Dokploy's own machine, whose id is undefined, and of all other servers. A server that Dokploy
   * cannot reach is left out.
   */
  async onEachServer<T>(kind: string, read: (serverId: string | undefined) => Promise<T[]>): Promise<T[]> {
    const others = (await this.serverIds()).map(async (serverId) => {
      try {
        return await read(serverId);
      } catch (error) {
        if (!(error instanceof DokployError && error.kind === "server")) throw error;
        this.unread.push({ kind, reason: error.message });
        return [];
      }
    });
    return (await Promise.all([read(undefined), ...others])).flat();
  }

  /** Returns the services of these kinds, with their whole rows. */
  async services(kinds: readonly ServiceKind[]): Promise<ListedService[]> {
    const listed = await this.serviceIds(kinds);
    return await Promise.all(
      listed.map(async ({ kind, id }) => {
        const row = await callAny(this.api, `${kind}.one`, { [`${kind}Id`]: id });
        return { kind, id, row: row as ListedService["row"] };
      }),
    );
  }

  /** Returns the ids of the services of these kinds, without those that run a release command: they belong to no program. */
  protected async serviceIds(kinds: readonly ServiceKind[]): Promise<readonly ServiceId[]> {
    const companions = new Companions(this.api);
    return (await this.projects()).flatMap(({ environments }) =>
      environments
        .flatMap((environment) => servicesIn(environment, kinds))
        .filter(({ row }) => companions.read(row)?.isOwn !== true),
    );
  }
}
