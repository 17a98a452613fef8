import { posix } from "node:path";
import { entriesOf, entryAt, isOpen, itemsOf, type Node, oneOrMore, textAt } from "../yaml";
import { isInFiles, isWritten } from "./kept-files";
import { grants } from "./names";
import { quoted, type Subject } from "./subject";
import { type BindMount, bindMount, readVolume } from "./volume-entry";

/*
 * Dokploy keeps a compose service in <appName>/code. Each deployment of a raw file empties that folder and writes only
 * docker-compose.yml and .env into it. <appName>/files survives deployments, but Dokploy deletes it with the service,
 * regardless of the setting for volumes. So data belongs into a named volume.
 */
const written = new Set(["docker-compose.yml", ".env"]);

/** Absolute paths of the machine itself, which are never treated as data. */
const machines =
  /^\/(?:dev|proc|sys|run|var\/run|tmp|lib\/modules|etc\/(?:localtime|timezone|ssl|hosts))(?:\/|$)|\.sock$/;

/** Checks bind mounts: data in the code folder is lost, and Dokploy does not manage data elsewhere. */
export function checkMounts({ services, started, writtenFiles, report }: Subject): void {
  // Compose also reads the entries of services that it does not start.
  for (const { name, node } of services) {
    for (const [index, item] of itemsOf(entryAt(node, "volumes")?.value).entries()) {
      const reason = readVolume(item);
      if (typeof reason !== "string") continue;
      report("schema", item, `service ${quoted(name)}, volumes, entry ${index + 1} ${reason}`);
    }
  }
  for (const { name, node } of started) {
    for (const item of itemsOf(entryAt(node, "volumes")?.value)) {
      const mount = bindMount(item);
      if (mount === undefined) continue;
      const inCode = pathInCode(mount.source);
      if (inCode !== undefined && !written.has(inCode)) {
        report(
          "code-folder-mount",
          item,
          `service ${quoted(name)} mounts a path in the folder that Dokploy empties with each deployment, so ` +
            `its data is lost.` +
            " Use a named volume",
        );
      } else if (inCode === undefined && !isKept(mount)) {
        report(
          "host-path-mount",
          item,
          `service ${quoted(name)} mounts a path on the server that Dokploy does not manage: it is not ` +
            `deleted or moved with the service.` +
            " Use a named volume",
        );
      } else if (isInFiles(mount.source) && !mount.readOnly && !isWritten(mount.source, writtenFiles)) {
        report(
          "files-folder-mount",
          item,
          `service ${quoted(name)} writes to ../files, which Dokploy deletes together with the service, even ` +
            `when the service is replaced, and regardless of deleteVolumes.` +
            " Use a named volume for data",
        );
      }
    }
  }
}

/** Checks files that the compose file names: a raw source has only the compose file and `.env`. */
export function checkFiles(subject: Subject): void {
  const { report, createEnvFile } = subject;
  for (const { what, path, at, optional, isOfFile } of filesOf(subject)) {
    const inCode = pathInCode(path);
    if (optional || inCode === "docker-compose.yml") continue;
    if (inCode === undefined) {
      if (!isOutside(path, isOfFile)) continue;
      report(
        "missing-file",
        at,
        `${what} is outside the folder of the service, where the deployment finds only ../files: put it there with a ` +
          "mount, or deploy from git",
      );
      continue;
    }
    if (inCode === ".env") {
      if (createEnvFile) continue;
      report("env-file-off", at, `${what} is .env, which Dokploy does not write with createEnvFile: false`);
      continue;
    }
    report(
      "missing-file",
      at,
      `${what} will not exist: with a raw source the folder contains only the compose file and .env. Deploy from git, ` +
        "or put it under ../files with a mount",
    );
  }
}

/** True when all variables get into a container, or into a file that one reads. */
export function readsEnvFile(subject: Subject): boolean {
  const { services } = subject;
  const files = filesOf({ ...subject, started: services }).some(({ path }) => pathInCode(path) === ".env");
  return files || mountsEnvFile(subject);
}

/** True when a container mounts `.env` as a file. */
export function mountsEnvFile({ services }: Subject): boolean {
  return services.some(({ node }) =>
    itemsOf(entryAt(node, "volumes")?.value).some((item) => {
      const source = bindMount(item)?.source;
      return source !== undefined && pathInCode(source) === ".env";
    }),
  );
}

interface NamedFile {
  what: string;
  path: string;
  at: { offset: number };
  /** True when Compose continues without it. */
  optional: boolean;
  /** True for another compose file, a part of this one. */
  isOfFile: boolean;
}

function filesOf({ root, services, started, stack }: Subject): NamedFile[] {
  const files: NamedFile[] = [];
  const add = (what: string, node: Node | undefined, more: Partial<NamedFile> = {}) => {
    if (node?.kind !== "scalar" || node.value === null || isOpen(node)) return;
    files.push({ what, path: node.text, at: node, optional: false, isOfFile: false, ...more });
  };
  for (const { name, node } of started) {
    const of = `of service ${quoted(name)}`;
    for (const item of oneOrMore(entryAt(node, "env_file")?.value)) {
      const path = item.kind === "scalar" ? item : entryAt(item, "path")?.value;
      add(`the env_file ${of}`, path, { optional: textAt(item, "required") === "false" });
    }
    for (const item of oneOrMore(entryAt(node, "label_file")?.value)) add(`the label_file ${of}`, item);
    // A stack builds nothing.
    const build = stack ? undefined : entryAt(node, "build")?.value;
    if (build?.kind === "scalar") add(`the build context ${of}`, context(build));
    else if (build !== undefined && entryAt(build, "dockerfile_inline") === undefined)
      add(`the build context ${of}`, context(entryAt(build, "context")?.value));
  }
  // Compose reads it even if the service is not started.
  for (const { name, node } of services) {
    add(`the file that service ${quoted(name)} extends`, entryAt(node, "extends", "file")?.value, {
      isOfFile: true,
    });
  }
  for (const kind of ["configs", "secrets"] as const) {
    // Compose mounts only the secrets and configs that a container is granted; a stack creates all of them.
    const granted = new Set(started.flatMap(({ node }) => grants(node, kind, stack)).map(({ name }) => name));
    for (const { key, value } of entriesOf(entryAt(root, kind)?.value)) {
      if (!stack && !granted.has(key)) continue;
      add(`the file of ${kind.slice(0, -1)} ${quoted(key)}`, entryAt(value, "file")?.value);
    }
  }
  for (const item of itemsOf(entryAt(root, "include")?.value)) {
    for (const path of oneOrMore(item.kind === "scalar" ? item : entryAt(item, "path")?.value)) {
      add("an included file", path, { isOfFile: true });
    }
  }
  return files;
}

/** Returns the build context if it is a folder; it may be a repository instead. */
function context(node: Node | undefined): Node | undefined {
  if (node?.kind !== "scalar" || node.text === "") return undefined;
  return /:\/\/|^git@|^github\.com\/|\.git(?:#|$)/.test(node.text) ? undefined : node;
}

/** Returns the path inside the code folder; undefined for one outside of it. */
function pathInCode(path: string): string | undefined {
  if (/^[/~]|:\/\//.test(path)) return undefined;
  const [folder, ...rest] = posix.normalize(`code/${path}`).split("/");
  return folder === "code" ? rest.join("/").replace(/\/$/, "") : undefined;
}

/**
 * True for a path that leads neither into the folder of the code nor into `../files`. An absolute one may exist on the
 * server of the containers, but Compose reads its own files where it runs: in the container of Dokploy.
 */
function isOutside(path: string, isOfFile: boolean): boolean {
  if (path.includes("://")) return false;
  // Its parent exists.
  return /^[/~]/.test(path) ? isOfFile : !isInFiles(path) && posix.join(path, ".") !== "..";
}

function isKept({ source, readOnly }: BindMount): boolean {
  if (readOnly) return true;
  if (/^[/~]/.test(source)) return machines.test(source);
  return isInFiles(source);
}
