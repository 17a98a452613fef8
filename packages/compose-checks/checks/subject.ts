import { entriesOf, type MapNode, type Node } from "../yaml/nodes";
import { type Expression, parseTemplate, type Segment, substitute } from "./interpolation";
import type { ComposeRule } from "./rules";

/** What the rules look at, and how they tell what they found. */
export interface Subject {
  readonly root: MapNode;
  /** All of the file. Compose reads the others too, but does not look at what they name. */
  readonly services: readonly Service[];
  /** Those that the deployment starts for certain. */
  readonly started: readonly Service[];
  readonly stack: boolean;
  /** False when Dokploy writes no `.env`, so that no variable arrives. */
  readonly createEnvFile: boolean;
  readonly variables: Variables;
  /** `at` is an offset of the text, or what stands there; undefined is the file as a whole. */
  report(rule: ComposeRule, at: { offset: number } | undefined, message: string, variable?: string): void;
}

export interface Service {
  readonly name: string;
  readonly offset: number;
  readonly node: MapNode;
  /** False for one of a profile that nobody asks for, undefined when that is not known. */
  readonly starts: boolean | undefined;
}

/** Tells whether a service is started, given all of them by name. */
export type Starts = (service: MapNode, byName: ReadonlyMap<string, MapNode>) => boolean | undefined;

export function servicesOf(root: MapNode, starts: Starts): Service[] {
  const services = entriesOf(root.entries.get("services")?.value).flatMap(({ key, offset, value }) =>
    value.kind === "map" ? [{ name: key, offset, node: value }] : [],
  );
  const byName = new Map(services.map(({ name, node }) => [name, node]));
  return services.map((service) => ({ ...service, starts: starts(service.node, byName) }));
}

/** What Compose sees of Dokploy's own process, and the project that it names on the command line. */
const ofProcess: ReadonlySet<string> = new Set(["PATH", "HOME", "COMPOSE_PROJECT_NAME"]);
/** What Dokploy itself puts into `.env`. */
const ofEnvFile: ReadonlySet<string> = new Set([...ofProcess, "APP_NAME", "COMPOSE_PREFIX", "DOCKER_CONFIG"]);

/** The variables that the resource gives; without them, nothing can be said of what is set. */
export class Variables {
  constructor(
    private readonly given: Readonly<Record<string, string | undefined>> | undefined,
    private readonly own = ofEnvFile,
  ) {}

  /** Without a `.env`, none arrives. */
  static none(): Variables {
    return new Variables({}, ofProcess);
  }

  get known(): boolean {
    return this.given !== undefined;
  }

  get names(): string[] {
    return Object.keys(this.given ?? {});
  }

  /** Undefined also when it is set, but not known yet. */
  value(name: string): string | undefined {
    return this.given !== undefined && Object.hasOwn(this.given, name) ? this.given[name] : undefined;
  }

  isSet(name: string): boolean {
    return this.own.has(name) || (this.given !== undefined && Object.hasOwn(this.given, name));
  }

  /** True when Compose takes what stands behind `-`, or refuses at `?`. */
  isAbsent({ name, colon }: Expression): boolean {
    return !this.isSet(name) || (colon && this.value(name) === "");
  }

  /** The value that Compose makes of a template, where all of it is known. */
  resolve(segments: readonly Segment[]): string | undefined {
    return substitute(segments, (expression) => {
      const { name, operator, operand } = expression;
      if (!this.known) return undefined;
      const absent = this.isAbsent(expression);
      if (operator === "-" && absent) return this.resolve(operand);
      if (operator === "+") return absent ? "" : this.resolve(operand);
      return this.isSet(name) ? this.value(name) : "";
    });
  }

  resolveText(text: string): string | undefined {
    return this.resolve(parseTemplate(text));
  }
}

/** A name of the file for messages. What looks like no name may be a value that slipped into its place. */
export function quoted(name: string): string {
  return /^[\w.-]{1,80}$/.test(name) ? `"${name}"` : "with a name that is none";
}

/** One variable of a container. A value of undefined is passed through. */
interface KeyValue {
  key: string;
  at: { offset: number };
  value: string | undefined;
}

/** `KEY=value` or a mapping: both forms of `environment` and `args`. */
export function keyValues(node: Node | undefined): KeyValue[] {
  if (node?.kind === "list") {
    return node.items.flatMap((item): KeyValue[] => {
      if (item.kind !== "scalar" || item.value === null) return [];
      const equals = item.text.indexOf("=");
      if (equals === -1) return [{ key: item.text, at: item, value: undefined }];
      return [{ key: item.text.slice(0, equals), at: item, value: item.text.slice(equals + 1) }];
    });
  }
  return entriesOf(node).flatMap(({ key, offset, value }): KeyValue[] => {
    if (value.kind !== "scalar") return [];
    if (value.value === null) return [{ key, at: { offset }, value: undefined }];
    return [{ key, at: value, value: value.text }];
  });
}
