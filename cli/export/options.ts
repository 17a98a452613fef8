import { isAbsolute } from "node:path";
import { parseArgs } from "node:util";
import { splitNames } from "../../packages/text/names";
import { UsageError, usageError } from "../terminal/errors";
import type { PlainValues } from "./secrets";

/** Options of the command, as `parseArgs` takes them. */
export const exportOptions = {
  project: { type: "string", multiple: true },
  out: { type: "string" },
  force: { type: "boolean" },
  stack: { type: "string" },
  name: { type: "string" },
  layout: { type: "string" },
  secrets: { type: "string" },
  plain: { type: "string", multiple: true },
  "plain-unless-secret-looking": { type: "boolean" },
  verify: { type: "boolean" },
  missing: { type: "boolean" },
} as const;

export interface Options {
  /** Names of projects; empty for all of the server. */
  readonly projects: readonly string[];
  readonly directory: string;
  readonly force: boolean;
  readonly stack: string;
  /** Name of the Pulumi project. */
  readonly name: string;
  readonly layout: "program" | "repository";
  readonly secrets: "config" | "env" | "none";
  readonly plain: PlainValues;
  readonly verify: boolean;
  /** True for a module with what the stack lacks, instead of a project. */
  readonly missing: boolean;
}

const layouts = ["program", "repository"] as const;
const places = ["config", "env", "none"] as const;

/** @throws UsageError for an argument that has no meaning */
export function readOptions(args: readonly string[]): Options {
  const { values } = usageError(() =>
    parseArgs({
      args: [...args],
      options: exportOptions,
    }),
  );
  if (values.out === undefined)
    throw new UsageError("Give the folder to write to: --out DIR. See export --help.");
  const projects = values.project ?? [];
  const name = values.name ?? projectName(projects.length === 1 ? projects[0] : undefined);
  if (!/^[A-Za-z0-9_.-]{1,100}$/.test(name) || name === "dokploy")
    throw new UsageError(
      "--name takes the name of a Pulumi project: letters, digits, _ . and -, and not dokploy.",
    );
  const stack = values.stack ?? "prod";
  if (!/^[A-Za-z0-9_./-]{1,100}$/.test(stack) || stack.startsWith("-"))
    throw new UsageError("--stack takes the name of a stack: letters, digits, _ . and -.");
  const secrets = oneOf("secrets", places, values.secrets);
  if (values.verify && secrets === "none")
    throw new UsageError("--verify needs the secrets: leave out --secrets none.");
  if (values.missing && (values.stack === undefined || values.verify || values.layout !== undefined))
    throw new UsageError(
      "--missing needs --stack, and takes neither --layout nor --verify. See export --help.",
    );
  if (values.missing && (isAbsolute(values.out) || values.out.split(/[/\\]/).includes("..")))
    throw new UsageError("With --missing, --out is a folder of the project, such as made-by-hand.");
  return {
    projects,
    directory: values.out,
    force: values.force ?? false,
    stack,
    name,
    layout: oneOf("layout", layouts, values.layout),
    secrets,
    plain: {
      keys: new Set((values.plain ?? []).flatMap((names) => splitNames(names))),
      unlessSecretLooking: values["plain-unless-secret-looking"] ?? false,
    },
    verify: values.verify ?? false,
    missing: values.missing ?? false,
  };
}

function oneOf<Word extends string>(
  option: string,
  [standard, ...others]: readonly [Word, ...Word[]],
  given: string | undefined,
): Word {
  const words = [standard, ...others];
  const found = given === undefined ? standard : words.find((word) => word === given);
  if (found !== undefined) return found;
  throw new UsageError(`--${option} takes one of ${words.join(", ")}. See export --help.`);
}

function projectName(project: string | undefined): string {
  const name = ((project ?? "").match(/[A-Za-z0-9_.]+/g) ?? []).join("-");
  // `dokploy:` is the namespace of the settings.
  return name === "" || name === "dokploy" ? "dokploy-server" : name.slice(0, 100);
}
