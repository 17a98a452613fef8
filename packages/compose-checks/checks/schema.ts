import { closest } from "../../text";
import { isOpen, type Node } from "../yaml";
import { durationKeys } from "./durations";
import type { ComposeRule } from "./rules";
import { type Path, type Problem, problemsOf } from "./schema-problems";
import { composeSpecification, stackSpecification } from "./specification";
import { stackRefuses } from "./stack";
import { quoted, type Subject } from "./subject";
import { composeTolerates } from "./tolerated-errors";

/** Further findings add nothing: most files have one mistake. */
const maxFindings = 10;

/**
 * Checks keys, types and forms. Compose and `docker stack deploy` validate after they have replaced the variables, and
 * have made numbers and switches of texts where they need them. So a value that is not known counts as valid, and one
 * from a variable has the right type.
 */
export function checkSchema(subject: Subject): void {
  const { root, stack, report } = subject;
  const validate = stack ? stackSpecification() : composeSpecification();
  if (!validate(plain(root))) {
    const problems = problemsOf(validate.errors ?? [], stack ? () => false : composeTolerates).filter(
      ({ at, types }) => !isValid(nodeAt(root, at), types),
    );
    for (const problem of problems.slice(0, maxFindings)) {
      const { at, key, reason, types } = problem;
      const node = nodeAt(root, at);
      const place =
        (key !== undefined && node?.kind === "map" ? node.entries.get(key) : node) ?? node ?? root;
      const where = named(at);
      const known = stack ? stackRefuses(problem) : unknownKey(problem);
      if (known) report(known.rule, place, `${where} ${known.reason}`);
      else report("schema", place, `${where} ${reason}${advice(at, node, types)}`);
    }
  }
  if (!root.entries.has("include") && isEmpty(root.entries.get("services")?.value)) {
    report("schema", root, "the file defines no services");
  }
}

/** Returns the rule and the reason for an unknown key; undefined for another problem. */
function unknownKey({ key, known }: Problem): { rule: ComposeRule; reason: string } | undefined {
  if (key === undefined || known === undefined) return undefined;
  const has = `has a key ${quoted(key)}, which`;
  const meant = closest(key, known);
  if (meant !== undefined)
    return { rule: "schema", reason: `${has} Compose does not know: did you mean ${meant}?` };
  // No version of Compose will have such a key.
  if (!/^[a-z][a-z0-9_]*$/.test(key)) return { rule: "schema", reason: `${has} Compose does not know` };
  const reason = `${has} this check does not know: unless the Compose of the server is newer, the deployment fails`;
  return { rule: "unknown-key", reason };
}

/** Advises quotes where YAML reads a bare word or number as something other than a text. */
function advice(at: Path, node: Node | undefined, types: readonly string[] = []): string {
  if (node?.kind !== "scalar" || !types.includes("string")) return "";
  if (typeof node.value === "number" && durationKeys.has(at.at(-1) ?? ""))
    return ", with a unit, such as 30s";
  return ["boolean", "number"].includes(typeof node.value) ? ": put it in quotes" : "";
}

function isEmpty(node: Node | undefined): boolean {
  if (node === undefined) return true;
  return node.kind === "map" ? node.entries.size === 0 : node.kind === "scalar" && node.value === null;
}

function plain(node: Node): unknown {
  // The value of a tag such as !!binary is written as a text.
  if (node.kind === "scalar") return typeof node.value === "object" && node.value ? node.text : node.value;
  if (node.kind === "list") return node.items.map(plain);
  return Object.fromEntries([...node.entries.values()].map(({ key, value }) => [key, plain(value)]));
}

function nodeAt(root: Node, path: Path): Node | undefined {
  let node: Node | undefined = root;
  for (const part of path) {
    if (node?.kind === "map") node = node.entries.get(part)?.value;
    else if (node?.kind === "list") node = node.items[Number(part)];
    else return undefined;
  }
  return node;
}

function isValid(node: Node | undefined, types: readonly string[] | undefined): boolean {
  if (isOpen(node)) return true;
  return types !== undefined && node?.kind === "scalar" && node.template !== undefined && node.text !== "";
}

/** Returns `service "web", ports` for services.web.ports; entries of lists count from 1. */
function named(path: Path): string {
  const [first, second, ...rest] = path;
  if (first === undefined) return "the file";
  const kinds: Readonly<Record<string, string>> = {
    services: "service",
    volumes: "volume",
    networks: "network",
    secrets: "secret",
    configs: "config",
  };
  const kind = kinds[first];
  const start =
    kind !== undefined && second !== undefined
      ? [`${kind} ${quoted(second)}`]
      : [safe(first), ...(second === undefined ? [] : [step(second)])];
  return [...start, ...rest.map(step)].join(", ");
}

function step(part: string): string {
  return /^\d+$/.test(part) ? `entry ${Number(part) + 1}` : safe(part);
}

function safe(part: string): string {
  return /^[\w.-]{1,80}$/.test(part) ? part : "…";
}
