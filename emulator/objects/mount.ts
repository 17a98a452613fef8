import { badRequest } from "../instance/errors";
import type { Instance } from "../instance/instance";
import type { Row } from "../instance/rows";

/**
 * Creates the file of a new mount, in the folder `files` of its service. If that is impossible, the row stays
 * anyway.
 *
 * @throws ApiError where something else is in its place
 */
export function makeFile(row: Row, instance: Instance): void {
  if (row["type"] !== "file") return;
  const path = pathOf(row);
  const files = filesOf(row, instance);
  const folder = `/etc/dokploy/applications/${appNameOf(row, instance)}/files`;
  const fail = (reason: string) => badRequest(`Error Error creating the mount ${reason}`);
  if (path === "") throw fail(`EISDIR: illegal operation on a directory, open '${folder}'`);
  const above = [...files.keys()].find((other) => path.startsWith(`${other}/`));
  if (above !== undefined) throw fail(`EEXIST: file already exists, mkdir '${folder}/${above}'`);
  files.set(path, String(row["content"] ?? ""));
}

/** Writes the file again with every update, and ignores failures. */
export function writeFile(row: Row, instance: Instance): void {
  const path = pathOf(row);
  if (row["type"] !== "file" || path === "") return;
  filesOf(row, instance).set(path, String(row["content"] ?? ""));
}

export function removeFile(row: Row, instance: Instance): void {
  if (row["type"] === "file") filesOf(row, instance).delete(pathOf(row));
}

/** Returns the content of a mounted file at a path in a container; undefined without one. */
export function fileAt(instance: Instance, serviceId: string, path: string): string | undefined {
  const mounts = mountsIn(instance, serviceId);
  const mount = mounts.find(({ type, mountPath }) => type === "file" && mountPath === path);
  return mount && instance.files.get(serviceId)?.get(pathOf(mount));
}

/** Returns the mounts of a container in the format of `docker inspect`. */
export function mountsOf(instance: Instance, serviceId: string, appName: string): Row[] {
  return mountsIn(instance, serviceId).map((mount) => ({
    Type: mount["type"] === "volume" ? "volume" : "bind",
    Source:
      mount["type"] === "file"
        ? `/etc/dokploy/applications/${appName}/files/${pathOf(mount)}`
        : (mount["hostPath"] ?? `/var/lib/docker/volumes/${mount["volumeName"]}/_data`),
    Destination: mount["mountPath"],
  }));
}

/** Returns the mounts that the last deployment or reload applied. */
function mountsIn(instance: Instance, serviceId: string): Row[] {
  return (instance.takenUp.get(serviceId)?.["mounts"] ?? []) as Row[];
}

function filesOf(row: Row, instance: Instance): Map<string, string> {
  const id = String(row[`${row["serviceType"]}Id`]);
  const files = instance.files.get(id) ?? new Map<string, string>();
  instance.files.set(id, files);
  return files;
}

function appNameOf(row: Row, instance: Instance): unknown {
  const kind = row["serviceType"] as "application";
  return instance.tables[kind].get(String(row[`${kind}Id`]))?.appName;
}

function pathOf(row: Row): string {
  return String(row["filePath"] ?? "").replace(/^\/+/, "");
}
