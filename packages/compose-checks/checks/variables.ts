import { someOf } from "../../text";
import { entriesOf, entryAt, type Node, type ScalarNode, textAt } from "../yaml";
import { readsEnvFile } from "./files";
import { type Expression, hasVariable, parseTemplate, type Segment } from "./interpolation";
import { keyValues, type Subject } from "./subject";

/** A variable in the file, where Compose would look it up. */
interface Use {
  name: string;
  at: { offset: number };
  /** Effect in Compose when it is not set. */
  absent: "empty" | "refused" | "left out" | "fine";
  /** False for a `$` that may be part of a password, so that the name is too. */
  meant: boolean;
}

/** Matches variables that Docker and Compose read from the same `.env`. */
const readByTools = /^(?:COMPOSE|DOCKER|BUILDKIT|BUILDX)_/;

/** Checks variables of the file: missing ones, and ones that nothing uses. */
export function checkVariables(subject: Subject): void {
  const { stack, createEnvFile, variables, report } = subject;
  const { root } = subject.written;
  const uses = [...interpolated(subject), ...passedThrough(subject), ...grantedFromEnvironment(root)];

  if (!createEnvFile && !stack) {
    const needed = uses.filter(({ absent }) => absent !== "fine");
    const [first] = needed;
    if (first !== undefined) {
      const names = [...new Set(needed.filter(({ meant }) => meant).map(({ name }) => name))];
      report(
        "env-file-off",
        first.at,
        `the file uses ${names.length === 0 ? "a variable" : listed(names)}, but with createEnvFile: false it ` +
          `gets no variables: remove that option`,
      );
    }
    return;
  }
  if (!variables.known) return;

  const reported = new Set<string>();
  for (const { name, at, absent, meant } of uses) {
    if (absent === "fine" || reported.has(name)) continue;
    reported.add(name);
    if (!meant) {
      report(
        "missing-variable",
        at,
        "this dollar sign begins a variable that env does not set, so Compose inserts an empty text: " +
          "write a literal dollar sign as $$",
      );
    } else if (absent === "refused") {
      const how = variables.isSet(name) ? "env sets it to an empty text" : "env does not set it";
      report(
        "required-variable",
        at,
        `${name} is required, and ${how}: the deployment fails; set env.${name}`,
      );
    } else {
      const result = absent === "empty" ? "Compose inserts an empty text" : "the container will not have it";
      report(
        "missing-variable",
        at,
        `env does not set ${name}: ${result}; set env.${name}, or give a default`,
      );
    }
  }

  if (root.entries.has("include") || readsEnvFile(subject)) return;
  const used = new Set(uses.map(({ name }) => name));
  for (const name of referencedByOthers(subject)) used.add(name);
  for (const name of variables.names) {
    if (used.has(name) || readByTools.test(name) || isInFile(name, subject)) continue;
    report(
      "unused-variable",
      undefined,
      "the file does not use this variable, so no container gets it: put it into the file as an environment value, " +
        "or use env_file: .env there to pass all variables",
      name,
    );
  }
}

/** Checks for templates that Compose refuses, and for references of Dokploy, which work only in values of variables. */
export function checkInterpolation({ written, stack, report }: Subject): void {
  for (const node of scalars(written.root)) {
    const malformed = parseTemplate(node.text, stack).find(({ kind }) => kind === "malformed");
    if (malformed?.kind !== "malformed") continue;
    const replaces = stack && /\$\{\w+:?\+/.test(node.text);
    const reason = replaces
      ? "docker stack deploy does not support replacements (${NAME:+…}), and refuses the file: give the whole value in env"
      : /\$\{\{[\s\w.-]*\}\}/.test(node.text)
        ? "references such as ${{project.NAME}} work in env, not in the compose file: set env.NAME to it and use ${NAME} here"
        : "this is not a variable as Compose writes them (${NAME}): write a literal dollar sign as $$";
    report("interpolation", placed(node, node.source.indexOf(malformed.source)), reason);
  }
}

function interpolated({ written, stack, variables }: Subject): Use[] {
  return scalars(written.root).flatMap((node) => {
    let from = 0;
    return parseTemplate(node.text, stack).flatMap((segment) => {
      if (segment.kind !== "variable") return [];
      const found = node.source.indexOf(segment.source, from);
      if (found !== -1) from = found + segment.source.length;
      const meant =
        segment.source.startsWith("${") ||
        (/^[A-Z_][A-Z0-9_]*$/.test(segment.name) && /\W/.test(node.source[found - 1] ?? " "));
      return usesOf(segment, placed(node, found), meant);
    });
  });

  function usesOf(expression: Expression, at: { offset: number }, meant: boolean): Use[] {
    const { name, operator, operand } = expression;
    const absent = variables.isAbsent(expression);
    const own: Use = {
      name,
      at,
      absent: !absent ? "fine" : operator === undefined ? "empty" : operator === "?" ? "refused" : "fine",
      meant,
    };
    // Variables inside a default matter only where the default is used.
    const takesOperand = operator === "-" ? absent : operator === "+" ? !absent : false;
    return [own, ...inside(operand, at, takesOperand)];
  }

  function inside(segments: readonly Segment[], at: { offset: number }, matters: boolean): Use[] {
    return segments.flatMap((segment) => {
      if (segment.kind !== "variable") return [];
      // A default may be a password too.
      const uses = usesOf(segment, at, segment.source.startsWith("${"));
      return matters ? uses : uses.map((use): Use => ({ ...use, absent: "fine" }));
    });
  }
}

/** Lists variables of `environment: [NAME]` and the like, whose values come from outside the file. */
function passedThrough({ written, variables, report }: Subject): Use[] {
  return written.services.flatMap(({ node, starts }) =>
    [entryAt(node, "environment")?.value, entryAt(node, "build", "args")?.value].flatMap((map) =>
      keyValues(map).flatMap(({ key, at, value }): Use[] => {
        if (value !== undefined || hasVariable(key)) return [];
        if (!/^[\w.-]{1,80}$/.test(key)) {
          // It may be a value, after a name and a colon without a space.
          if (starts)
            report(
              "missing-variable",
              at,
              "this entry is neither NAME nor NAME=value, so the container does not get it",
            );
          return [];
        }
        return [
          { name: key, at, absent: variables.isSet(key) || !starts ? "fine" : "left out", meant: true },
        ];
      }),
    ),
  );
}

/** Lists variables of `secrets: {x: {environment: NAME}}`, and of configs. */
function grantedFromEnvironment(root: Node): Use[] {
  return (["secrets", "configs"] as const).flatMap((kind) =>
    entriesOf(entryAt(root, kind)?.value).flatMap(({ offset, value }): Use[] => {
      const name = textAt(value, "environment");
      return name === undefined ? [] : [{ name, at: { offset }, absent: "fine", meant: true }];
    }),
  );
}

/** True when a file that a mount writes may contain the value of a variable. */
function isInFile(name: string, { writtenFiles, variables }: Subject): boolean {
  const value = variables.value(name);
  return writtenFiles.some(({ content }) =>
    value === undefined || content === undefined
      ? value === content
      : value !== "" && content.includes(value),
  );
}

/** Lists variables whose values other variables of the same text include with `${{NAME}}`. */
function referencedByOthers({ variables }: Subject): string[] {
  return variables.names.flatMap((name) =>
    [...(variables.value(name) ?? "").matchAll(/\$\{\{([^{}]+)\}\}/g)].map(([, reference = ""]) => reference),
  );
}

/** Lists every scalar of the file once, even if aliases repeat it. */
function scalars(root: Node): ScalarNode[] {
  const found = new Map<number, ScalarNode>();
  const visit = (node: Node) => {
    if (node.kind === "list") node.items.forEach(visit);
    else if (node.kind === "map") for (const { value } of node.entries.values()) visit(value);
    else if (typeof node.value === "string" && node.text.includes("$")) found.set(node.offset, node);
  };
  visit(root);
  return [...found.values()].sort((a, b) => a.offset - b.offset);
}

/** Returns the position inside a scalar if its source equals its value; otherwise the position of the scalar. */
function placed(node: ScalarNode, found: number): { offset: number } {
  return { offset: node.offset + Math.max(found, 0) };
}

function listed(names: readonly string[]): string {
  return someOf(names);
}
