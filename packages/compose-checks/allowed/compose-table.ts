import { posix } from "node:path";
import { textAt } from "../yaml";
import { cpuUpTo, type Limits, memoryUpTo, replicasUpTo } from "./limits";
import {
  atMostOne,
  byType,
  either,
  fields,
  flag,
  list,
  map,
  number,
  oneOf,
  plain,
  type Shape,
  text,
  value,
} from "./shapes";
import { duration, image, isAbsolute, isPublicRepository, isRelative, name, path, pathBelow } from "./words";

/** The network that all services of the server share. */
export const dokploysNetwork = "dokploy-network";

const names = list(name);
const keyName = /^[A-Za-z\d][\w.-]{0,127}$/;
const byName = (inner: Shape, named?: Readonly<Record<string, Shape>>) =>
  map("a name", keyName, inner, named);
const words = either({ scalar: value, list: list(value) });
const port = text("the port of a container", /^\d{1,5}(?:\/(?:tcp|udp))?$/);
const size = text("a size", /^\d+(?:\.\d+)?[bkmg]?b?$/i);

/** Variables, as a mapping or as `NAME=value`. Names have no variables. */
const variables = either({
  map: map("a name", /^[A-Za-z_][\w.-]*$/, value),
  list: list(plain("`NAME=value`", (written) => /^[A-Za-z_][\w.-]*(?:=|$)/.test(written))),
});

const ownFile = plain(
  "a path of the service, which begins with `./` or `../files/`",
  (written) => isOwnFile(written) || isRelative(written),
);

/** True for a path next to the compose file, or for one of the service's mounts, which Dokploy puts in `../files`. */
function isOwnFile(written: string): boolean {
  return isRelative(written.replace(/^\.\.\/files(?=\/|$)/, ".")) && /^\.(?:$|\/|\.\/files)/.test(written);
}

/**
 * A volume of the service, or files of the service that it only reads: a container that writes there could leave a link
 * to a folder of the server, which another container would mount. {@link forPreview} makes the mounts of written files
 * read-only.
 */
function volumeShape(writtenFiles: readonly string[]): Shape {
  const becomesRead = (source: string) => hasWritten(source, writtenFiles);
  const bound = byType(
    {
      volume: { source: name, target: path, read_only: flag, volume: fields({ nocopy: flag }) },
      tmpfs: { target: path, read_only: flag, tmpfs: fields({ size }) },
      bind: { source: ownFile, target: path, read_only: flag },
    },
    { bind: [] },
  );
  return either({
    scalar: plain(
      "`volume:/path`, `/path`, or a path of the service: with `:ro`, or of files that `mounts` writes, which become " +
        "read-only",
      (written) => {
        const [source = "", target, mode = "", ...more] = written.split(":");
        if (more.length > 0) return false;
        if (target === undefined) return isAbsolute(source);
        const modes = mode === "" ? [] : mode.split(",");
        if (!isAbsolute(target)) return false;
        if (!isOwnFile(source))
          return (
            keyName.test(source) && modes.every((word) => ["ro", "rw", "z", "Z", "nocopy"].includes(word))
          );
        const isRead = modes.includes("ro") && !modes.includes("rw");
        return (
          (isRead || becomesRead(source)) && modes.every((word) => ["ro", "rw", "z", "Z"].includes(word))
        );
      },
    ),
    map: {
      ...bound,
      judge(node, place) {
        bound.judge(node, place);
        const isRead = textAt(node, "read_only") === "true";
        if (textAt(node, "type") === "bind" && !isRead && !becomesRead(textAt(node, "source") ?? ""))
          place.refuse("needs read_only: `true`");
      },
    },
  });
}

/** True for a path below `../files` of a file that a mount writes, or of a folder with one. */
export function hasWritten(source: string, writtenFiles: readonly string[]): boolean {
  const clean = normal(source);
  const files = writtenFiles.map((file) => normal(`../files/${file}`));
  return clean.startsWith("../files/") && files.some((file) => `${file}/`.startsWith(`${clean}/`));
}

function normal(path: string): string {
  return posix.normalize(path).replace(/\/$/, "");
}

/** A config or secret that a container gets as a file. */
const granted = either({
  list: list(
    either({
      scalar: name,
      map: fields({
        source: name,
        target: text("a path in the container", /^(?!.*\.\.)[\w./@+-]+$/),
        uid: number,
        gid: number,
        mode: number,
      }),
    }),
  ),
});

const update = fields({
  parallelism: number,
  delay: duration,
  order: oneOf("start-first", "stop-first"),
  failure_action: oneOf("continue", "pause", "rollback"),
  monitor: duration,
  max_failure_ratio: number,
});

const ownNetwork = fields({
  driver: oneOf("bridge", "overlay"),
  internal: flag,
  attachable: flag,
  external: oneOf("false"),
});
/** Networks of the file. Only one of them may exist before it: Dokploy's, under its name. */
const networks = byName(ownNetwork, {
  [dokploysNetwork]: fields({ external: oneOf("true"), name: oneOf(dokploysNetwork) }),
});
/** Names in Dokploy's network are those of other services too, so a preview adds none. */
const joined = either({
  list: names,
  map: byName(fields({ aliases: names, priority: number }), { [dokploysNetwork]: fields({}) }),
});

/**
 * All that a compose file may say in a preview. Only a {@link value} may have variables of Compose: they are replaced
 * where nothing but a text can become of them.
 *
 * @param writtenFiles paths below `../files` of the files that the service's mounts write
 */
export function composeTable(
  limits: Limits,
  writtenFiles: readonly string[],
): Shape & { readonly fields: Readonly<Record<string, Shape>> } {
  const memory = memoryUpTo(limits);
  const cpu = cpuUpTo(limits);
  const replicas = replicasUpTo(limits);
  const build = either({
    scalar: buildContext,
    map: fields({
      context: buildContext,
      dockerfile: pathBelow,
      dockerfile_inline: value,
      args: variables,
      target: name,
      pull: flag,
      no_cache: flag,
    }),
  });
  const service = atMostOne(
    ["build", "image"],
    fields({
      image,
      build,
      pull_policy: oneOf("always", "missing", "if_not_present", "never", "daily", "weekly"),
      platform: text("a platform such as `linux/amd64`", /^linux\/[a-z\d/]+$/),
      command: words,
      entrypoint: words,
      environment: variables,
      env_file: either({
        scalar: ownFile,
        list: list(either({ scalar: ownFile, map: fields({ path: ownFile, required: flag }) })),
      }),
      working_dir: path,
      user: text("a user, maybe with a group", /^[\w.-]+(?::[\w.-]+)?$/),
      restart: text(
        "`no`, `always`, `unless-stopped` or `on-failure`",
        /^(?:no|always|unless-stopped|on-failure(?::\d{1,4})?)$/,
      ),
      init: flag,
      tty: flag,
      stdin_open: flag,
      read_only: flag,
      stop_signal: text("a signal", /^[A-Z\d+]{1,20}$/),
      stop_grace_period: duration,
      healthcheck: fields({
        test: words,
        interval: duration,
        timeout: duration,
        start_period: duration,
        start_interval: duration,
        retries: number,
        disable: flag,
      }),
      depends_on: either({
        list: names,
        map: byName(
          fields({
            condition: oneOf("service_started", "service_healthy", "service_completed_successfully"),
            restart: flag,
            required: flag,
          }),
        ),
      }),
      profiles: names,
      expose: list(port),
      ports: list(
        either({
          scalar: port,
          map: fields({
            target: port,
            protocol: oneOf("tcp", "udp"),
            name,
            mode: oneOf("ingress"),
            app_protocol: name,
          }),
        }),
      ),
      networks: joined,
      network_mode: text("`none`", /^none$/),
      volumes: list(volumeShape(writtenFiles)),
      tmpfs: either({ scalar: tmpfs, list: list(tmpfs) }),
      configs: granted,
      secrets: granted,
      mem_limit: memory,
      mem_reservation: memory,
      cpus: cpu,
      pids_limit: number,
      shm_size: memory,
      scale: replicas,
      deploy: fields({
        mode: oneOf("replicated"),
        replicas,
        endpoint_mode: oneOf("vip", "dnsrr"),
        resources: fields({
          limits: fields({ memory, cpus: cpu, pids: number }),
          reservations: fields({ memory, cpus: cpu }),
        }),
        restart_policy: fields({
          condition: oneOf("none", "on-failure", "any"),
          delay: duration,
          max_attempts: number,
          window: duration,
        }),
        update_config: update,
        rollback_config: update,
      }),
      ulimits: map(
        "`nofile` or `memlock`",
        /^(?:nofile|memlock)$/,
        either({ scalar: limit, map: fields({ soft: limit, hard: limit }) }),
      ),
      cap_drop: names,
      security_opt: list(text("`no-new-privileges:true`", /^no-new-privileges(?::true)?$/)),
      logging: fields({
        driver: oneOf("json-file", "local", "none"),
        options: map("`max-size` or `max-file`", /^max-(?:size|file)$/, size),
      }),
    }),
  );
  return document({
    version: text("a version", /^[\d.]{1,10}$/),
    services: byName(service),
    networks,
    volumes: byName(fields({ driver: oneOf("local"), external: oneOf("false") })),
    configs: byName(fields({ file: ownFile, content: value, environment: name })),
    secrets: byName(fields({ file: ownFile, environment: name })),
  });
}

const limit = text("a number", /^-?\d{1,12}$/);
const tmpfs = text(
  "a path, maybe with `:size=64m`",
  /^\/[\w./@+-]*(?::(?:size=\d+[kmg]?|mode=\d{3,4})(?:,(?:size=\d+[kmg]?|mode=\d{3,4}))*)?$/,
);
const buildContext = plain(
  "a path of the service, or an `https://` address without a login",
  (written) => isRelative(written) || isPublicRepository(written),
);

/** The whole file: its fields, and `x-…`, which Compose ignores except where another field refers to them. */
function document(
  shapes: Readonly<Record<string, Shape>>,
): Shape & { readonly fields: Readonly<Record<string, Shape>> } {
  const inner = fields(shapes);
  return {
    ...inner,
    fields: shapes,
    judge(node, place) {
      if (node.kind !== "map") return inner.judge(node, place);
      const entries = new Map([...node.entries].filter(([key]) => !/^x-[\w.-]+$/.test(key)));
      inner.judge({ ...node, entries }, place);
    },
  };
}
