import { z } from "zod";
import { withDiskContent } from "../deploy";
import { databaseKinds, tableOf } from "../dokploy";
import { field, simple, withService } from "../engine";
import { onlyWith } from "./checks/rules";
import { dataFolderProblem, dataMountReason } from "./databases/folders";
import { absolutePath, content, readInnerPath } from "./types/paths";
import { plainInnerPath } from "./types/text-types";

/**
 * A volume, a folder of the server, or a file in the containers of a service. A change takes effect with a reload of an
 * application or a deployment of a database, one for all changes that the run makes to the service.
 *
 * The data in a volume or folder is never deleted or copied. After a change of `volumeName` or `hostPath`, the
 * containers see the data in the new place. A file is deleted with its mount.
 *
 * If a compose file mounts such a file, list it in `mounts` of the service. If the containers start without the file,
 * Docker creates a folder at its path, and Dokploy then refuses the file.
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
  parents: { application: "reload", compose: "none", ...tableOf(databaseKinds, () => "deploy" as const) },
  key: ["mountPath"],
  label: ({ mountPath }) => mountPath,
  create: (columns, parent) => ({ serviceType: parent?.kind, serviceId: parent?.id, ...columns }),
  inputs: {
    /**
     * Kind of mount: `volume` for a Docker volume, `bind` for a folder or file of the server, `file` for a file with
     * the given `content`. A change replaces the mount.
     */
    type: field(z.enum(["volume", "bind", "file"]), { replace: true }),
    /**
     * Path in the containers; unique among the mounts of the service. For a compose service it is only a name, since
     * the compose file says where the file is mounted. A file of one of Dokploy's templates has none in Dokploy, and
     * `/` with its `filePath` here.
     */
    mountPath: field(absolutePath, { read: pathOr, reserved: dataMountReason }),
    /**
     * Name of the volume, which Docker creates if it does not exist. Required with `type: "volume"`, and not allowed
     * otherwise.
     */
    volumeName: field(
      z
        .string()
        .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/, "is not a name that Docker accepts: letters, digits and _ . -")
        .optional(),
      { reserved: dataMountReason },
    ),
    /** Path on the server, which must exist. Required with `type: "bind"`, and not allowed otherwise. */
    hostPath: z.union([z.literal("/"), absolutePath]).optional(),
    /**
     * Path of the file in the service's folder `files`: `../files/<filePath>` in a compose file. Required with
     * `type: "file"`, and not allowed otherwise. A change replaces the mount.
     */
    filePath: field(plainInnerPath.optional(), { replace: true, read: readInnerPath, distinct: true }),
    /**
     * Content of the file, which containers see at once. Only with `type: "file"`. When left out, the file is empty at
     * first, and later content from somebody else stays. When removed from the program, the file becomes empty.
     */
    content: field(content, {
      default: null,
      secret: "maybe",
      elsewhere: withDiskContent,
    }),
    ...withService,
  },
  rules: {
    type: ({ composeId, type }) =>
      composeId !== undefined &&
      (type === "volume" || type === "bind") &&
      "has no effect on a compose service: define volumes and folders in the compose file; only files are possible " +
        "here",
    mountPath: dataFolderProblem,
    volumeName: onlyWith("type", "volume", "volumeName", { needed: true }),
    hostPath: onlyWith("type", "bind", "hostPath", { needed: true }),
    filePath: onlyWith("type", "file", "filePath", { needed: true }),
    content: onlyWith("type", "file", "content"),
  },
});

/** Returns the path of a mount. Files that templates make have no path in Dokploy, so it follows from the path of the file. */
function pathOr(mountPath: string, { filePath }: { readonly filePath: string | null }): string {
  return mountPath === "" && filePath !== null ? `/${readInnerPath(filePath)}` : mountPath;
}
