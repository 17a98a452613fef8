import type * as Toml from "toml";
import { shorten, visible } from "../../../../packages/text";
import { isRecord } from "../../../../packages/values";
import { parse as parseEnv } from "../../../../provider/env";
import { type Evaluation, isReadable } from "./evaluate";

/** A domain of a template, with texts as they are written. */
export interface TemplateDomain {
  readonly serviceName: string;
  readonly port: number;
  /** Undefined where Dokploy chooses one. */
  readonly host: string | undefined;
  readonly path: string | undefined;
  readonly stripPath: boolean;
  readonly internalPath: string | undefined;
  readonly https: boolean;
}

/** A file of a template, with texts as they are written. */
export interface TemplateMount {
  readonly filePath: string;
  readonly content: string;
}

/** A template's `template.toml`: what Dokploy reads of it, and notes about the rest. */
export interface ReadConfig {
  readonly variables: readonly (readonly [name: string, text: string])[];
  readonly domains: readonly TemplateDomain[];
  readonly mounts: readonly TemplateMount[];
  /** Returns the variables of the service. */
  variablesBy(evaluation: Evaluation): ReadonlyMap<string, string>;
  readonly notes: readonly string[];
}

/**
 * Reads a `template.toml`. Only what Dokploy itself uses counts; everything else becomes a note.
 *
 * @returns the reason why it cannot be read, as the end of a sentence
 */
export function readConfig(text: string): ReadConfig | string {
  // The library and version of Dokploy 0.30.2: others refuse some of its templates.
  const { parse } = require("toml") as typeof Toml;
  let root: unknown;
  let isStrange = false;
  // Its escapes too are characters now.
  const look = (key: string, value: unknown) => {
    isStrange ||= !isReadable(key) || (typeof value === "string" && !isReadable(value));
    return value;
  };
  try {
    root = parse(text);
    JSON.stringify(root, look);
  } catch (error) {
    const line: unknown = Object(error).line;
    return `is not TOML${typeof line === "number" ? `: line ${line}` : ""}`;
  }
  if (isStrange) return "contains a character that no text has";
  const notes: string[] = [];
  const { variables, config: given, ...others } = Object(root) as Record<string, unknown>;
  const config = isRecord(given) ? given : {};
  const { domains, env, mounts, ...more } = config;
  const unused = [...Object.keys(others), ...Object.keys(more).map((name) => `config.${name}`)].filter(
    (name) => name !== "metadata",
  );
  if (unused.length > 0) notes.push(`Dokploy does not read ${names(unused)} of template.toml`);
  return {
    variables: Object.entries(isRecord(variables) ? variables : {}).flatMap(([name, value]) =>
      typeof value === "string" ? [[name, value] as const] : [],
    ),
    domains: tables(domains).flatMap((domain) => domainOf(domain, notes)),
    mounts: tables(mounts).flatMap((mount) => mountOf(mount, notes)),
    variablesBy: (evaluation) => parseEnv(linesOf(env, evaluation).join("\n")),
    notes,
  };
}

function tables(value: unknown): Record<string, unknown>[] {
  return (Array.isArray(value) ? value : []).filter(isRecord);
}

/** Fields of a domain that Dokploy saves, and `name`, which has no effect. */
const domainKeys = ["serviceName", "port", "host", "path", "stripPath", "internalPath", "https", "name"];

function domainOf(given: Record<string, unknown>, notes: string[]): TemplateDomain[] {
  const { serviceName, stripPath, https } = given;
  const port = Number(given["port"]);
  if (typeof serviceName !== "string" || serviceName === "") {
    notes.push(
      "a domain without serviceName is left out: add it to domains, with the service of the compose file",
    );
    return [];
  }
  const shown = visible(serviceName);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    notes.push(
      `the domain of ${shown} is left out, since its port is no number from 1 to 65535: add it to domains`,
    );
    return [];
  }
  const unused = Object.entries(given).filter(([key, value]) => !domainKeys.includes(key) && !isEmpty(value));
  if (unused.length > 0)
    notes.push(
      `${names(unused.map(([key]) => key))} of the domain of ${shown}: left out, so add to domains what the service needs`,
    );
  return [
    {
      ...{ serviceName, port, stripPath: stripPath === true, https: https === true },
      host: textOf(given["host"]),
      path: pathOf(given["path"]),
      internalPath: pathOf(given["internalPath"]),
    },
  ];
}

/** Returns names from the template for a message. */
function names(all: readonly string[]): string {
  return all.map((name) => visible(shorten(name, 40))).join(", ");
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Returns a path; undefined for `/`, which is what a domain has without one. */
function pathOf(value: unknown): string | undefined {
  return value === "/" ? undefined : textOf(value);
}

function isEmpty(value: unknown): boolean {
  return value === "" || (Array.isArray(value) && value.length === 0);
}

function mountOf({ filePath, content }: Record<string, unknown>, notes: string[]): TemplateMount[] {
  if (typeof filePath === "string" && typeof content === "string") return [{ filePath, content }];
  // Dokploy refuses a template with some such mounts, and leaves them out where all are like this.
  if (filePath !== undefined || content !== undefined)
    notes.push("a mount without both filePath and content is left out: Dokploy writes no file for it");
  return [];
}

/** Returns the lines of the text of variables that Dokploy saves. */
function linesOf(env: unknown, evaluation: Evaluation): string[] {
  if (!Array.isArray(env))
    return Object.entries(isRecord(env) ? env : {}).map(
      ([name, value]) => `${name}=${filled(value, evaluation)}`,
    );
  return env.map((line) => {
    const [first] = isRecord(line) ? Object.entries(line) : [];
    return first === undefined ? filled(line, evaluation) : `${first[0]}=${String(first[1])}`;
  });
}

function filled(value: unknown, evaluation: Evaluation): string {
  return typeof value === "string" ? evaluation.text(value) : String(value);
}
