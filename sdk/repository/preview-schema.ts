import { z } from "zod";
import { cpus, size } from "../../provider/resources";
import { id, nonEmptyText } from "../../provider/schema";

/** Schema of `dokploy-previews.yaml`: the rules for the previews of pull requests. */
export const previewsSchema = z.strictObject({
  /**
   * Stage whose files a preview uses: its variables in `envs`, and its values in `stages` of each service. Never the stage
   * of production.
   */
  from: nonEmptyText,
  /**
   * Host of the domains of each service, such as `${service}-pr-${number}.preview.example.com`. `${service}` may be left
   * out if no two services have domains with the same path. Required if any has domains.
   */
  host: nonEmptyText.optional(),
  /** Services that take part. Default: all. */
  services: z.array(nonEmptyText).min(1).optional(),
  /** Variables that previews do not get; `*` matches any characters. Default: none. */
  without: z.array(nonEmptyText).optional(),
  /** Services that Dokploy builds from the branch of the pull request. Default: none. */
  buildsBranch: z.array(nonEmptyText).optional(),
  /**
   * Commands that run once in the container of a service, after the first deployment, such as one that fills its database.
   * For a compose service with the container's name in the file.
   */
  seed: z
    .record(
      nonEmptyText,
      z.union([nonEmptyText, z.strictObject({ serviceName: nonEmptyText, command: nonEmptyText })]),
    )
    .optional(),
  /** Time since the last deployment after which a preview is removed, in hours or days: `12h`, `7d`. Default: `7d`. */
  lifetime: z
    .string()
    .regex(/^[1-9]\d{0,3}[hd]$/, "must be a number of hours or days, such as 12h or 7d")
    .optional(),
  /**
   * True to delete the volumes of a preview when it is removed, false to keep them on the server. Volumes of other stages are
   * never deleted. Default: true.
   */
  deleteVolumes: z.boolean().optional(),
  /** Largest number of previews at the same time. Default: 5. */
  limit: z.int().min(1).max(100).optional(),
  /**
   * Largest amounts for one service. A container without a limit of its own gets these; a file that asks for more is
   * refused.
   */
  limits: z
    .strictObject({
      /** Memory of one container. Default: `1GiB`. */
      memory: size.optional(),
      /** Number of CPUs of one container. Default: 1. */
      cpu: cpus.optional(),
      /** Number of containers. Default: 3. */
      replicas: z.int().min(1).max(100).optional(),
    })
    .optional(),
  /**
   * Ids of objects of the server that the files of services may name: of servers, registries, git providers, SSH keys and
   * networks. Default: none.
   */
  ids: z.array(id).optional(),
  /**
   * Repositories whose code Dokploy may build: `acme/web` of a git provider, or the address of git, also of a public one.
   * Dokploy writes files into this code as root, and follows the links in it. Default: none.
   */
  repositories: z.array(nonEmptyText).optional(),
  /**
   * Compose services whose containers may join Dokploy's network, for example to reach a database. All services of the server
   * find them there by their names in the compose file. All others have a separate network. Default: none.
   */
  dokployNetwork: z.array(nonEmptyText).optional(),
});

/** Rules for the previews of pull requests, as `dokploy-previews.yaml` gives them. */
export type PreviewRules = z.infer<typeof previewsSchema>;
