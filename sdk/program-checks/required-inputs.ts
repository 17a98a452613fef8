import * as pulumi from "@pulumi/pulumi";
import { inWords } from "../../packages/text";
import type { Values } from "../../packages/values";
import { inputNames, type Kind, ProgramError } from "../run";

/**
 * Refuses a resource without a name or inputs, which only a program in JavaScript can have.
 *
 * @throws ProgramError with what the resource needs
 */
export function refuseNothing(kind: Kind, name: unknown, args: unknown): void {
  const { required } = inputNames[kind];
  const example = `new ${kind}("api", { ${required.map((input) => `${input}: …`).join(", ")} })`;
  if (typeof name !== "string" || name === "") {
    throw new ProgramError(
      `The first argument of a resource is its name in the program, a text: ${example}.`,
    );
  }
  if (isLater(args)) {
    throw new ProgramError(
      `${kind} "${name}": the inputs as a whole are an output or a promise: give an object that contains them.`,
    );
  }
  if (typeof args !== "object" || args === null || Array.isArray(args)) {
    throw new ProgramError(
      `${kind} "${name}" has no inputs; it needs ${inWords(required, "and")}: ${example}.`,
    );
  }
}

/**
 * Returns the inputs, and checks that every variable has a value: Pulumi drops undefined ones, so that the variable
 * would silently disappear.
 *
 * @param owner label of the resource in messages, e.g. `Application "api"`
 * @param options with `ignoreChanges`, the values that the program gives there are not checked
 * @throws ProgramError naming `env.KEY`; for an output when its value is known
 */
export function requireValues(
  owner: string,
  kind: Kind,
  args: object,
  options: pulumi.CustomResourceOptions | undefined,
): Record<string, unknown> {
  const ignored = options?.ignoreChanges ?? [];
  const isIgnored = (path: string) =>
    ignored.some((other) => other === "*" || path === other || path.startsWith(`${other}.`));
  const missing: string[] = [];
  const checked: Record<string, unknown> = { ...args };
  for (const path of inputNames[kind].variables) {
    const [input = "", ...inner] = path.split(".");
    if (checked[input] !== undefined && !isIgnored(path)) {
      checked[input] = checkedMap(checked[input], inner, path, missing);
    }
  }
  refuse(missing);
  return checked;

  function checkedMap(value: unknown, inner: readonly string[], path: string, found: string[]): unknown {
    if (isLater(value)) {
      return whenKnown(value, (known) => {
        const later: string[] = [];
        const map = checkedMap(known, inner, path, later);
        refuse(later);
        return map;
      });
    }
    // The provider reports a value that is not a map.
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    const map = value as Values;
    const [next, ...rest] = inner;
    if (next === undefined) {
      return Object.fromEntries(
        Object.entries(map).map(([key, item]) => [key, checkedValue(item, `${path}.${key}`, found)]),
      );
    }
    return map[next] === undefined ? map : { ...map, [next]: checkedMap(map[next], rest, path, found) };
  }

  function checkedValue(value: unknown, path: string, found: string[]): unknown {
    if (isIgnored(path)) return value;
    if (value === undefined) found.push(path);
    if (!isLater(value)) return value;
    return whenKnown(value, (known) => {
      if (known === undefined) refuse([path]);
      return known;
    });
  }

  function refuse(paths: readonly string[]): void {
    if (paths.length === 0) return;
    const [are, give] =
      paths.length === 1 ? ["is undefined", "give it a value"] : ["are undefined", "give each a value"];
    throw new ProgramError(
      `${owner}: ${inWords(paths, "and")} ${are}, which is what process.env gives for a variable that is not set: ${give}, or leave it out.`,
    );
  }
}

function whenKnown(value: unknown, change: (known: unknown) => unknown): pulumi.Output<unknown> {
  return pulumi.output(value as pulumi.Input<object>).apply(change);
}

function isLater(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}
