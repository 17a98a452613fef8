import { z } from "zod";
import { dataFolderProblem, dataMount } from "../databases/folders";
import type * as Disk from "../deploy/mounted-file";
import { databaseKinds } from "../dokploy/rows";
import { absolutePath, content, innerPath, readInnerPath } from "../schema/paths";
import { simple } from "../simple/resource";
import { onlyWith } from "../simple/rules";
import { field, withService } from "../simple/spec";

/**
 * A volume, a folder of the server, or a file, in the containers of a service. The change of an application takes effect with
 * a reload, that of a database with a deployment: one for all that a run changes around it.
 *
 * What lies in a volume or in a folder is never deleted, and never copied: with another `volumeName` or `hostPath` the
 * containers see what lies there. A file goes with its mount. A file that a compose file mounts is best listed in `mounts` of the
 * service: where the containers start without it, Docker makes a folder at its path, and Dokploy refuses the file.
 *
 * @example
 * ```ts
 * new dokploy.Mount("uploads", { applicationId: web.id, type: "volume", volumeName: "uploads", mountPath: "/app/uploads" });
 * new dokploy.Mount("settings", {
 *   applicationId: web.id, type: "file", filePath: "app.toml", mountPath: "/etc/app.toml", content: config.requireSecret("appToml"),
 * });
 * ```
 */
export const mount = simple({
  kind: "Mount",
  router: "mounts",
  list: "mounts",
  parents: ["application", "compose", ...databaseKinds],
  key: ["mountPath"],
  distinct: ["filePath"],
  label: ({ mountPath }) => mountPath,
  applies: {
    application: "reload",
    ...Object.fromEntries(databaseKinds.map((kind) => [kind, "deploy" as const])),
  },
  sends: (serviceType, serviceId) => ({ serviceType, serviceId }),
  keptWhenRefused: /^Error Error creating the mount/,
  spares: dataMount,
  // Loaded by a look for drift.
  seen: (row, owner, api) =>
    (require("../deploy/mounted-file") as typeof Disk).withDiskContent(row, owner, api),
  inputs: {
    /** `volume` of Docker, `bind` for a folder or file of the server, or `file` with a content. A change makes a new one. */
    type: field(z.enum(["volume", "bind", "file"]), { replace: true }),
    /**
     * Path in the containers; no other mount of the service may have it. Of a compose service it is only a name: its compose
     * file says where the file is mounted.
     */
    mountPath: absolutePath,
    /** Name of the volume, which Docker makes where there is none. */
    volumeName: z
      .string()
      .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/, "is not a name that Docker takes: letters, digits and _ . -")
      .optional(),
    /** Path on the server, where it has to be. */
    hostPath: z.union([z.literal("/"), absolutePath]).optional(),
    /** Path of the file in the service's folder `files`: `../files/<filePath>` in a compose file. A change makes a new one. */
    filePath: field(innerPath.optional(), { replace: true, read: readInnerPath }),
    /**
     * Content of the file; containers see a change at once. Left out, the file is empty at first, and what somebody else
     * writes into it stays.
     */
    content: field(content.optional(), { secret: "maybe", elsewhere: true }),
    ...withService,
  },
  rules: {
    type: ({ composeId, type }) =>
      composeId !== undefined &&
      (type === "volume" || type === "bind") &&
      "has no effect on a compose service: give volumes and folders in the compose file; here it may have files",
    mountPath: dataFolderProblem,
    volumeName: onlyWith("type", "volume", "volumeName", { needed: true }),
    hostPath: onlyWith("type", "bind", "hostPath", { needed: true }),
    filePath: onlyWith("type", "file", "filePath", { needed: true }),
    content: onlyWith("type", "file", "content"),
  },
});
