import type { ValidateFunction } from "ajv";
import { compile } from "./specification";

let compiled: ValidateFunction | undefined;

/**
 * Returns the validator for files that `docker stack deploy` accepts: its own format 3.13, an older relative of the
 * Compose Specification with fewer keys, and fewer forms for some.
 */
export function stackSpecification(): ValidateFunction {
  compiled ??= compile(file());
  return compiled;
}

type Schema = Readonly<Record<string, unknown>>;
type Schemas = Readonly<Record<string, Schema>>;

const text: Schema = { type: "string" };
const number: Schema = { type: "number" };
const whole: Schema = { type: "integer" };
const flag: Schema = { type: "boolean" };
const duration: Schema = { type: "string", format: "duration" };
const anything: Schema = {};

/** A mapping with only these keys. */
function keys(properties: Schemas): Schema {
  return { type: "object", properties, additionalProperties: false };
}

/** A mapping with these keys and extensions. */
function extensible(properties: Schemas, type: string | string[] = "object"): Schema {
  return { ...keys(properties), type, patternProperties: { "^x-": anything } };
}

/** A mapping with these keys among others. */
function among(properties: Schemas): Schema {
  return { type: "object", properties };
}

function list(items: Schema): Schema {
  return { type: "array", items };
}

/** A list without duplicates. */
function set(items: Schema): Schema {
  return { ...list(items), uniqueItems: true };
}

function either(...oneOf: Schema[]): Schema {
  return { oneOf };
}

/** A mapping whose keys are names that the file chooses. */
function named(value: Schema): Schema {
  return { type: "object", patternProperties: { "^[a-zA-Z0-9._-]+$": value }, additionalProperties: false };
}

/** A mapping with any keys. */
function mapOf(...type: string[]): Schema {
  return { type: "object", additionalProperties: { type } };
}

const texts = set(text);
const oneOrMore = either(text, texts);
const words = either(text, list(text));
const pairs = either(mapOf("string", "number", "null"), texts);
const options = mapOf("string", "number");

function file(): Schema {
  return extensible({
    version: { type: "string", pattern: "^(?:3(?:\\.(?:\\d|1[0-3]))?)?$" },
    services: named(service()),
    networks: { type: "object", additionalProperties: network() },
    volumes: named(volume()),
    secrets: named(
      extensible({ ...fileOrExternal(), driver: text, driver_opts: options, template_driver: text }),
    ),
    configs: named(extensible({ ...fileOrExternal(), template_driver: text })),
  });
}

function service(): Schema {
  return extensible({
    build: either(text, build()),
    cap_add: texts,
    cap_drop: texts,
    cgroup_parent: text,
    cgroupns_mode: text,
    command: words,
    configs: list(grant()),
    container_name: text,
    credential_spec: keys({ config: text, file: text, registry: text }),
    depends_on: texts,
    deploy: deploy(),
    devices: texts,
    dns: oneOrMore,
    dns_search: oneOrMore,
    domainname: text,
    entrypoint: words,
    env_file: oneOrMore,
    environment: pairs,
    expose: set({ type: ["string", "number"] }),
    external_links: texts,
    extra_hosts: pairs,
    healthcheck: keys({
      disable: flag,
      interval: duration,
      retries: number,
      start_interval: duration,
      start_period: duration,
      test: words,
      timeout: duration,
    }),
    hostname: text,
    image: text,
    init: flag,
    ipc: text,
    isolation: text,
    labels: pairs,
    links: texts,
    logging: keys({ driver: text, options: mapOf("string", "number", "null") }),
    mac_address: text,
    network_mode: text,
    networks: either(
      texts,
      named(
        either(keys({ aliases: texts, driver_opts: options, ipv4_address: text, ipv6_address: text }), {
          type: "null",
        }),
      ),
    ),
    oom_score_adj: whole,
    pid: { type: ["string", "null"] },
    ports: set(either(number, text, keys({ mode: text, protocol: text, published: whole, target: whole }))),
    privileged: flag,
    read_only: flag,
    restart: text,
    secrets: list(grant()),
    security_opt: texts,
    shm_size: { type: ["number", "string"] },
    stdin_open: flag,
    stop_grace_period: duration,
    stop_signal: text,
    sysctls: pairs,
    tmpfs: oneOrMore,
    tty: flag,
    ulimits: {
      type: "object",
      patternProperties: {
        "^[a-z]+$": either(whole, { ...keys({ hard: whole, soft: whole }), required: ["soft", "hard"] }),
      },
    },
    user: text,
    userns_mode: text,
    volumes: list(either(text, mount())),
    working_dir: text,
  });
}

/** The build section, which is ignored but validated. */
function build(): Schema {
  return among({
    args: pairs,
    cache_from: texts,
    context: text,
    dockerfile: text,
    extra_hosts: pairs,
    labels: pairs,
    network: text,
    shm_size: { type: ["integer", "string"] },
    target: text,
  });
}

/** A secret or config that a service gets. */
function grant(): Schema {
  return either(text, among({ gid: text, mode: number, source: text, target: text, uid: text }));
}

function mount(): Schema {
  return {
    ...keys({
      bind: among({ propagation: text }),
      consistency: text,
      read_only: flag,
      source: text,
      target: text,
      tmpfs: among({ size: { ...whole, minimum: 0 } }),
      type: text,
      volume: among({ nocopy: flag }),
    }),
    required: ["type"],
  };
}

function deploy(): Schema {
  const update = keys({
    delay: duration,
    failure_action: text,
    max_failure_ratio: number,
    monitor: duration,
    order: { enum: ["start-first", "stop-first"] },
    parallelism: whole,
  });
  const amounts = { cpus: text, memory: text };
  const generic = list(keys({ discrete_resource_spec: keys({ kind: text, value: number }) }));
  return {
    ...keys({
      endpoint_mode: text,
      labels: pairs,
      mode: text,
      placement: keys({
        constraints: list(text),
        max_replicas_per_node: whole,
        preferences: list(keys({ spread: text })),
      }),
      replicas: whole,
      resources: keys({
        limits: keys({ ...amounts, pids: whole }),
        reservations: keys({ ...amounts, generic_resources: generic }),
      }),
      restart_policy: keys({ condition: text, delay: duration, max_attempts: whole, window: duration }),
      rollback_config: update,
      update_config: update,
    }),
    type: ["object", "null"],
  };
}

/** `true`, or an object with the external name; the object needs no other key. */
const external = { ...keys({ name: text }), type: ["boolean", "object"] };

function network(): Schema {
  const ipam = keys({ config: list(keys({ subnet: text })), driver: text });
  return extensible(
    {
      attachable: flag,
      driver: text,
      driver_opts: options,
      external,
      internal: flag,
      ipam,
      labels: pairs,
      name: text,
    },
    ["object", "null"],
  );
}

function volume(): Schema {
  return extensible({ driver: text, driver_opts: options, external, labels: pairs, name: text }, [
    "object",
    "null",
  ]);
}

function fileOrExternal(): Schemas {
  return {
    external: { ...among({ name: text }), type: ["boolean", "object"] },
    file: text,
    labels: pairs,
    name: text,
  };
}
