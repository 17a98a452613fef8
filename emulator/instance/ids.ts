import { createHash, randomBytes } from "node:crypto";

function pick(alphabet: string, length: number): string {
  return Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length]).join("");
}

const lower = "abcdefghijklmnopqrstuvwxyz";
const letters = lower + lower.toUpperCase();

/** Returns 21 characters, like Dokploy's ids. */
export const newId = () => pick(`${letters}0123456789_-`, 21);
/** Returns an id of a task, service or node, like Swarm's ids. */
export const newTaskId = () => pick(`${lower}0123456789`, 25);
export const newContainerId = () => randomBytes(32).toString("hex");
export const newApiKey = () => pick(letters, 64);
export const newUserId = () => pick(`${letters}0123456789`, 32);

export const sha = (algorithm: "sha1" | "sha256", text: string) =>
  createHash(algorithm).update(text).digest("hex");

const verbs = [
  "generate",
  "transmit",
  "parse",
  "navigate",
  "connect",
  "reboot",
  "quantify",
  "override",
  "index",
];
const adjectives = [
  "virtual",
  "optical",
  "haptic",
  "wireless",
  "bluetooth",
  "primary",
  "solid-state",
  "digital",
];
const nouns = [
  "bus",
  "card",
  "array",
  "sensor",
  "matrix",
  "system",
  "monitor",
  "bandwidth",
  "driver",
  "port",
];

const oneOf = (words: readonly string[]) => words[randomBytes(1).readUInt8() % words.length];

/**
 * Returns the name of a service in Docker: the wanted one, or `<type>-<verb>-<adjective>-<noun>`, always followed by
 * a hyphen and six random characters.
 */
export function buildAppName(type: string, wanted: string | undefined): string {
  const suffix = pick(`${lower}123456789`, 6);
  if (wanted !== undefined) return `${wanted.trim().replaceAll(" ", "-").toLowerCase()}-${suffix}`;
  return `${type}-${oneOf(verbs)}-${oneOf(adjectives)}-${oneOf(nouns)}-${suffix}`;
}
