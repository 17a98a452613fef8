import { isDeepStrictEqual } from "node:util";

/** One value as a plan may show it. */
export type Value = { kind: "plain"; text: string } | { kind: "secret" } | { kind: "unknown" };

export const secretValue: Value = { kind: "secret" };

/** Text that the engine shows instead of a secret in `preview --json`. */
const secretText = "[secret]";
/** Key of objects that represent something else: secrets, assets, archives, references to resources. */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** Placeholders for values that only the update knows: one for each type, the first for texts and all others. */
const unknowns: ReadonlySet<unknown> = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** True for a value that is a secret as a whole. */
export function isSecret(value: unknown): boolean {
  return value === secretText || (isRecord(value) && value[signatureKey] === secretSignature);
}

/** True when the value is a secret or holds one anywhere; no part of such a value is ever shown. */
export function holdsSecret(value: unknown): boolean {
  if (isSecret(value)) return true;
  if (typeof value === "string") return value.includes(secretText);
  if (Array.isArray(value)) return value.some(holdsSecret);
  return isRecord(value) && Object.values(value).some(holdsSecret);
}

/** True when the value, or a part of it, is known only in the update. */
export function holdsUnknown(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsUnknown);
  return unknowns.has(value) || (isRecord(value) && Object.values(value).some(holdsUnknown));
}

/** Returns the value in the form in which it is shown; undefined for a missing value. */
export function shown(value: unknown): Value | undefined {
  if (value === undefined || value === null) return undefined;
  if (holdsSecret(value)) return secretValue;
  if (unknowns.has(value)) return { kind: "unknown" };
  if (typeof value === "string") return { kind: "plain", text: value };
  if (isRecord(value) && signatureKey in value) return { kind: "plain", text: "(file or resource)" };
  return { kind: "plain", text: JSON.stringify(value) };
}

/** Path of a value: names and indexes. */
export type Path = readonly (string | number)[];

/**
 * Parses `env.LOG_LEVEL`, `env["A.B"]` or `ports[0].target` into its parts. The engine puts a backslash before each quote of a
 * key, and before nothing else.
 */
export function parsePath(text: string): Path {
  const parts: (string | number)[] = [];
  if (text === "") return parts;
  for (const [, quoted, index, name] of text.matchAll(
    /\["((?:\\"|[^"])*)"\]|\[(\d+)\]|(?:^|\.)([^.[\]]*)/gy,
  )) {
    if (quoted !== undefined) parts.push(quoted.replaceAll('\\"', '"'));
    else if (index !== undefined) parts.push(Number(index));
    else parts.push(name ?? "");
  }
  return parts;
}

/** Returns a path in the engine's notation, which {@link parsePath} parses. */
export function enginePath(path: Path): string {
  return path
    .map((part, at) => {
      if (typeof part === "number") return `[${part}]`;
      if (!/^\w*$/.test(part)) return `["${part.replaceAll('"', '\\"')}"]`;
      return at === 0 ? part : `.${part}`;
    })
    .join("");
}

/** Returns a path for messages, with its keys separated by dots. */
export function pathText(path: Path): string {
  return path
    .map((part, at) => (typeof part === "number" ? `[${part}]` : at === 0 ? part : `.${part}`))
    .join("");
}

/** Returns the value with a name that a person has chosen, which may be `constructor`; undefined for none. */
export function ownAt(values: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

/** Returns the value at a path; a secret on the way hides everything below it. */
export function valueAt(values: unknown, path: Path): unknown {
  const { value, length } = walk(values, path);
  return length === path.length ? value : undefined;
}

/** Returns the longest beginning of a path at which one of the values has something to show. */
export function reachable(path: Path, all: readonly unknown[]): Path {
  return path.slice(0, Math.max(...all.map((values) => walk(values, path).length)));
}

/** Follows a path to its end or to the last value on it; a secret, or a value that is not known yet, ends every path. */
function walk(values: unknown, path: Path): { value: unknown; length: number } {
  let value = values;
  for (const [length, part] of path.entries()) {
    if (isSecret(value) || unknowns.has(value)) break;
    const inner = Array.isArray(value)
      ? value[Number(part)]
      : isRecord(value)
        ? ownAt(value, String(part))
        : undefined;
    if (inner === undefined) return { value, length };
    value = inner;
  }
  return { value, length: path.length };
}

/** Returns inputs and state of a step with distinct values for secrets: equal where the engine says that they are. */
export function comparable(
  olds: unknown,
  news: unknown,
  diff: Readonly<Record<string, string>>,
): { olds: Record<string, unknown>; news: Record<string, unknown> } {
  if (Object.keys(diff).length === 0) return { olds, news } as ReturnType<typeof comparable>;
  const before = structuredClone(olds) as Record<string, unknown>;
  const after = structuredClone(news) as Record<string, unknown>;
  for (const [text, kind] of Object.entries(diff)) {
    const path = parsePath(text);
    open(before, after, path);
    const old = valueAt(before, path);
    const now = valueAt(after, path);
    if (kind === "add") {
      if (now === undefined) put(after, path, "added secret");
      put(before, path, undefined);
    } else if (kind === "delete") {
      if (old === undefined) put(before, path, "former secret");
      put(after, path, undefined);
    } else if (isDeepStrictEqual(old, now)) {
      put(before, path, "former secret");
      put(after, path, "changed secret");
    }
  }
  return { olds: before, news: after };
}

/** Replaces values that are secret as a whole along a path by maps from the other side, since the rest is equal. */
function open(before: Record<string, unknown>, after: Record<string, unknown>, path: Path): void {
  for (let length = 1; length < path.length; length += 1) {
    const at = path.slice(0, length);
    const old = valueAt(before, at);
    const now = valueAt(after, at);
    // Both values end here; without this stop, a long path would be looked up from the start for each of its parts.
    if (old === undefined && now === undefined) return;
    const container = () => (typeof path[length] === "number" ? [] : {});
    if (isSecret(old))
      put(before, at, isSecret(now) || now === undefined ? container() : structuredClone(now));
    if (isSecret(now))
      put(after, at, isSecret(old) || old === undefined ? container() : structuredClone(old));
  }
}

function put(values: Record<string, unknown>, path: Path, value: unknown): void {
  const [first, ...rest] = path;
  if (first === undefined) return;
  if (rest.length === 0) {
    if (value === undefined) delete values[first];
    else
      Object.defineProperty(values, first, { value, enumerable: true, configurable: true, writable: true });
    return;
  }
  const inner = ownAt(values, String(first));
  if (typeof inner === "object" && inner !== null) put(inner as Record<string, unknown>, rest, value);
}
