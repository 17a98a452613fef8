import type { Clock } from "./clock";
import { ApiError } from "./errors";

/** Time that the containers of a deleted service take to end. */
const STOP_MS = 300;

interface Volume {
  readonly labels: string;
  /** Services whose containers use it. */
  readonly users: Set<string>;
  usedUntil: number;
}

/** Volumes and images of the emulated Docker, which outlive the services that made them. */
export class Volumes {
  private readonly volumes = new Map<string, Volume>();
  /** Images that Dokploy built, as `name:tag`, with the service that runs them. */
  private readonly images = new Map<string, string>();

  constructor(private readonly clock: Clock) {}

  /** Creates a volume, as Docker does for the first container that mounts it. */
  use(name: string, serviceId: string, labels = ""): void {
    const volume = this.volumes.get(name) ?? { labels, users: new Set(), usedUntil: 0 };
    volume.users.add(serviceId);
    this.volumes.set(name, volume);
  }

  built(image: string, serviceId: string): void {
    this.images.set(image, serviceId);
  }

  /** Notes that a service is deleted; with `all`, deletes its volumes too. */
  leave(serviceId: string, all: boolean): void {
    for (const [name, volume] of this.volumes) {
      if (!volume.users.delete(serviceId)) continue;
      if (all && volume.users.size === 0) this.volumes.delete(name);
      else volume.usedUntil = this.clock.now() + STOP_MS;
    }
    for (const [image, user] of this.images) if (user === serviceId) this.images.set(image, "");
  }

  /** @param isOwn true for Dokploy's own machine, which also has the volumes of Dokploy itself */
  rows(isOwn: boolean): { Name: string; Driver: string; Labels: string }[] {
    const own = isOwn ? ["dokploy", "dokploy-postgres"].map((name) => [name, { labels: "" }] as const) : [];
    return [...own, ...this.volumes].map(([Name, { labels }]) => ({ Name, Driver: "local", Labels: labels }));
  }

  imageRows(): { Repository: string; Tag: string; ID: string }[] {
    return [...this.images.keys()].map((image, index) => {
      const [Repository = "", Tag = ""] = image.split(":");
      return { Repository, Tag, ID: `image${index}` };
    });
  }

  /** @throws ApiError with Docker's words */
  remove(name: string): void {
    const volume = this.volumes.get(name);
    const fail = (reason: string) =>
      new ApiError(
        "INTERNAL_SERVER_ERROR",
        `Command execution failed: Command failed: docker volume rm ${name}\nError response from daemon: ${reason}\n`,
      );
    if (volume === undefined) throw fail(`get ${name}: no such volume`);
    if (volume.users.size > 0 || volume.usedUntil > this.clock.now())
      throw fail(`remove ${name}: volume is in use - [0123456789ab]`);
    this.volumes.delete(name);
  }

  /** @throws ApiError with Docker's words */
  removeImage(image: string): void {
    const user = this.images.get(image);
    const fail = (reason: string) =>
      new ApiError(
        "INTERNAL_SERVER_ERROR",
        `Command execution failed: Command failed: docker rmi ${image}\nError response from daemon: ${reason}\n`,
      );
    if (user === undefined) throw fail(`No such image: ${image}`);
    if (user !== "")
      throw fail(
        `conflict: unable to remove repository reference "${image}" (must force) - container 0123456789ab is using its referenced image fedcba987654`,
      );
    this.images.delete(image);
  }
}
