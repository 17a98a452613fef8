import { someOf } from "../../text";
import { entriesOf, type MapNode, type Node } from "../yaml";
import { type Expression, parseTemplate, type Segment, substitute } from "./interpolation";
import type { ComposeRule } from "./rules";

/** A compose file. */
export interface Contents {
  readonly root: MapNode;
  /** All services of the file. Compose reads those of other files too, but does not check the names they use. */
  readonly services: readonly Service[];
  /** Services that the deployment certainly starts. */
  readonly started: readonly Service[];
}

/** The compose file with its context, and the function by which rules report findings. Variables are replaced. */
export interface Subject extends Contents {
  /** The file as it is written, with its variables. */
  readonly written: Contents;
  readonly stack: boolean;
  /** False when Dokploy writes no `.env`, so that no variable reaches the file. */
  readonly createEnvFile: boolean;
  readonly variables: ComposeVariables;
  /** Files that mounts of the service write below `../files`; none where they are not known. */
  readonly writtenFiles: readonly { readonly path: string; readonly content: string | undefined }[];
  /** Reports a finding. `at` is a node or an offset of the text; undefined means the whole file. */
  report(rule: ComposeRule, at: { offset: number } | undefined, message: string, variable?: string): void;
}

/** A service of the compose file. */
export interface Service {
  readonly name: string;
  readonly offset: number;
  readonly node: MapNode;
  /** False for a service of an inactive profile, undefined when that is not known. */
  readonly starts: boolean | undefined;
}

/** Says whether a service is started, given all of them by name. */
export type Starts = (service: MapNode, byName: ReadonlyMap<string, MapNode>) => boolean | undefined;

/** Returns the services of the file, each with the information whether it starts. */
export function servicesOf(root: MapNode, starts: Starts): Service[] {
  const services = entriesOf(root.entries.get("services")?.value).flatMap(({ key, offset, value }) =>
    value.kind === "map" ? [{ name: key, offset, node: value }] : [],
  );
  const byName = new Map(services.map(({ name, node }) => [name, node]));
  return services.map((service) => ({ ...service, starts: starts(service.node, byName) }));
}

/** Variables of Dokploy's own process that Compose sees, and the project, which is on its command line. */
const ofProcess: ReadonlySet<string> = new Set(["PATH", "HOME", "COMPOSE_PROJECT_NAME"]);
/** Variables that Dokploy itself adds to `.env`. */
const ofEnvFile: ReadonlySet<string> = new Set([...ofProcess, "APP_NAME", "COMPOSE_PREFIX", "DOCKER_CONFIG"]);

/** The variables that the resource gives. Without them, it is unknown which variables are set. */
export class ComposeVariables {
  constructor(
    private readonly given: Readonly<Record<string, string | undefined>> | undefined,
    private readonly own = ofEnvFile,
  ) {}

  /** Variables without a `.env`: none reaches the file. */
  static none(): ComposeVariables {
    return new ComposeVariables({}, ofProcess);
  }

  get known(): boolean {
    return this.given !== undefined;
  }

  get names(): string[] {
    return Object.keys(this.given ?? {});
  }

  /** Returns the value; undefined also when it is set, but not known yet. */
  value(name: string): string | undefined {
    return this.given !== undefined && Object.hasOwn(this.given, name) ? this.given[name] : undefined;
  }

  isSet(name: string): boolean {
    return this.own.has(name) || (this.given !== undefined && Object.hasOwn(this.given, name));
  }

  /** True when Compose uses the text after `-`, or refuses at `?`. */
  isAbsent({ name, colon }: Expression): boolean {
    return !this.isSet(name) || (colon && this.value(name) === "");
  }

  /** Returns the value that Compose makes of a template, if all of it is known. */
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

/** Quotes a name of the file for messages. A text that does not look like a name may be a value, and is hidden. */
export function quoted(name: string): string {
  return /^[\w.-]{1,80}$/.test(name) ? `"${name}"` : "with an invalid name";
}

/** Quotes a name that a node contains. If it comes from variables, only their names are shown. */
export function quotedFrom(node: Node, name: string): string {
  if (node.kind !== "scalar" || node.template === undefined) return quoted(name);
  const variables = parseTemplate(node.template).flatMap((segment) =>
    segment.kind === "variable" ? [`\${${segment.name}}`] : [],
  );
  return `(from ${someOf(variables)})`;
}

/** One variable of a container. An undefined value is passed through from outside. */
interface KeyValue {
  key: string;
  at: { offset: number };
  value: string | undefined;
}

/** Reads `KEY=value` entries or a mapping, the two forms of `environment` and `args`. */
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
