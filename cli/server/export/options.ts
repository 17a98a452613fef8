import { isAbsolute } from "node:path";
import { splitNames } from "../../../packages/text";
import { flagOption, listOption, oneOf, parseOptions, UsageError, valueOption } from "../../terminal";
import type { PlainValues } from "./secrets";

/** Options of the command. */
export const exportOptions = {
  out: valueOption("DIR", "Folder to write to; files that exist are never overwritten"),
  force: flagOption("Overwrite files that exist"),
  project: listOption(
    "NAME",
    "Only this project, with everything that it refers to; may be given several times",
  ),
  stack: valueOption("NAME", "Stack that gets the secrets (default: prod)"),
  name: valueOption("NAME", "Name of the Pulumi project (default: that of the project, or dokploy-server)"),
  layout: valueOption(
    "LAYOUT",
    "program: index.ts with a class for each object (default);",
    "repository: a deployment repository",
  ),
  secrets: valueOption(
    "PLACE",
    "config: in the configuration of the stack (default); env: in variables that CI has to set;",
    "none: nowhere, so that somebody sets them later",
  ),
  plain: listOption("KEYS", "Variables that the files show, separated by commas; may be given several times"),
  "plain-unless-secret-looking": flagOption(
    "Show all variables in the files, except for those that look like a secret",
  ),
  missing: flagOption(
    "In the folder of a project: write a module with what the stack lacks, such as a service that",
    'somebody made by hand; `import "./DIR"` in the program adopts it',
  ),
  verify: flagOption("Prove by a preview that nothing would change; exit code 1 if something would"),
};

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
  /** False when a caller prints the next steps. Default: true. */
  readonly saysNext?: boolean;
}

const layouts = ["program", "repository"] as const;
const places = ["config", "env", "none"] as const;

/** @throws UsageError for an argument that has no meaning */
export function readOptions(args: readonly string[]): Options {
  const values = parseOptions(exportOptions, args);
  if (values.out === undefined)
    throw new UsageError("Give the folder to write to: --out DIR. See export --help.");
  const projects = values.project;
  const name = values.name ?? projectName(projects.length === 1 ? projects[0] : undefined);
  if (!/^[A-Za-z0-9_.-]{1,100}$/.test(name) || name === "dokploy")
    throw new UsageError(
      "--name takes the name of a Pulumi project: letters, digits, _ . and -, and not dokploy.",
    );
  const stack = values.stack ?? "prod";
  if (!/^[A-Za-z0-9_./-]{1,100}$/.test(stack) || stack.startsWith("-"))
    throw new UsageError("--stack takes the name of a stack: letters, digits, _ . and -.");
  const secrets = oneOf("export", "secrets", places, values.secrets);
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
    force: values.force,
    stack,
    name,
    layout: oneOf("export", "layout", layouts, values.layout),
    secrets,
    plain: {
      keys: new Set(values.plain.flatMap(splitNames)),
      unlessSecretLooking: values["plain-unless-secret-looking"],
    },
    verify: values.verify,
    missing: values.missing,
  };
}

function projectName(project: string | undefined): string {
  const name = ((project ?? "").match(/[A-Za-z0-9_.]+/g) ?? []).join("-");
  // `dokploy:` is the namespace of the settings.
  return name === "" || name === "dokploy" ? "dokploy-server" : name.slice(0, 100);
}
