import { parseDocument, yamlLibrary } from "../../packages/compose-checks/yaml";
import { isRecord } from "../pulumi";
import { looksSecret, looksSecretByValue } from "./secret-looking";

/**
 * True when a text under a name has a secret in it, in any form that tools read: an assignment, an option of a command
 * line, a header, an address, JSON or YAML. A variable such as `${TOKEN}` is not one.
 *
 * @example
 * holdsSecret("command", "mysqladmin ping -phunter2") // true
 */
export function holdsSecret(name: string, text: string): boolean {
  return holdsInLine(name, text) || text.split(/[\r\n]+/).some(commandHolds) || structureHolds(name, text);
}

/** True when a file of YAML has a secret in it, or cannot be read. */
export function fileHoldsSecret(text: string): boolean {
  const options = { schema: "core", second: "", tooDeep: "" } as const;
  try {
    return holdsSecret("", text) || "problem" in parseDocument(text, options);
  } catch {
    return true;
  }
}

/** True when the words of a command line have a secret: `--password x`, `mysql -px`, `PGPASSWORD=x psql`. */
export function commandHolds(line: string): boolean {
  const words = withoutVariables(line, VARIABLE)
    // `"password":"x"` and `-p'x'` are one word each, as `password:x` and `-px` are.
    .replace(/["'`]\s{0,9}([:=])\s{0,9}["'`]?/g, "$1")
    .replace(/(\s-\w)["']/g, "$1")
    .replace(/\s([:=])(?=\s)/g, "$1")
    .split(/[\s"'`,;(){}[\]|&<>]+/)
    .filter((word) => word !== "");
  const commands = words.map((word) => word.split("/").at(-1) ?? "");
  return words.some((word, at) => {
    const next = words[at + 1] ?? "";
    return assigns(word, next) || optionGives(word, next, commands.slice(0, at));
  });
}

/** `NAME=value`, `NAME:value`, `NAME: value`, `--option=value`, and an assignment in an option: `--build-arg=NAME=value`. */
function assigns(word: string, next: string): boolean {
  const [, dashes = "", name, value = ""] = /^(-{0,2})([^\s:=]{1,200})[:=](.*)$/.exec(word) ?? [];
  if (name === undefined) return false;
  const given = value === "" ? next : value;
  if (given === "" || isOpen(given) || (value === "" && given.startsWith("-"))) return false;
  return (
    nameIsSecret(name, given) ||
    (dashes !== "" && secretOption.test(dashes + name)) ||
    (value !== "" && assigns(value, next))
  );
}

/** `--password value`, and short options of well-known commands. */
function optionGives(option: string, next: string, commands: readonly string[]): boolean {
  if (!option.startsWith("-")) return false;
  if (secretOption.test(option)) return next !== "" && !next.startsWith("-") && !isOpen(next);
  return shortOptions.some(([command, form]) => {
    if (!commands.some((word) => command.test(word))) return false;
    const [, attached] = form.exec(`${option} ${next}`) ?? [];
    return attached !== undefined && !isOpen(attached);
  });
}

const secretOption =
  /^--?[\w.-]*(?:pass|password|passwd|passphrase|passin|passout|pwd|secret|token|key|credentials?|masterauth)$/i;

/** Commands, each with the form of an option that gives it a password. */
const shortOptions: readonly (readonly [command: RegExp, form: RegExp])[] = [
  [/^(?:mysql|mariadb|7za?$)/, /^-p(\S+)/],
  [/^(?:mongo|sshpass$|docker$|podman$|helm$|rabbitmqadmin$)/, /^-p\s?(\S+)/],
  [/^(?:redis|valkey|keydb)-/, /^-a\s?(\S+)/],
  [/^(?:curl|http|https|xh)$/, /^(?:-[uUa]\s?|--(?:proxy-)?user[\s=])([^\s:]*:\S+)/],
  [/^curl$/, /^--oauth2-bearer[\s=](\S+)/],
  [/^ldap/, /^-w\s?(\S+)/],
  [/^(?:sqlcmd|bcp|zip|unzip)$/, /^-P\s?(\S+)/],
  [/^(?:smbclient|rpcclient|net)$/, /^-U\s?[^\s%]*%(\S+)/],
];

/** Text for a variable in a command line, where the next word must not take its place. */
const VARIABLE = "$";

/** True for a value that is public under any name: a variable, a switch, a file at a usual place. */
function isOpen(value: string): boolean {
  if (value === VARIABLE || /^(?:true|false|yes|no|on|off)$/i.test(value)) return true;
  return /^(?:\/(?:app|data|etc|home|mnt|opt|run|srv|usr|var)|~|\.{1,2})\/[\w./-]*$/.test(value);
}

function nameIsSecret(name: string, value: string): boolean {
  return looksSecret(name, value) || /(?:^|\.)(?:basic|digest)auth\.users(?:\[\d+\])?$/i.test(name);
}

/** Forms of secrets anywhere in a text. None of them takes long on any text. */
const forms: readonly RegExp[] = [
  // Hashes of passwords, also with the dollar signs doubled, as compose files have them.
  /\$\$?(?:apr1|[1567]|2[abxy]?|y|gy|argon2(?:id?|d)|scrypt|pbkdf2[\w-]{0,20})\$\$?[\w./,=+-]{2,100}\$/,
  /\{(?:S?SHA|S?MD5|SSHA(?:256|512)|CRYPT)\}\S/i,
  // A name before the host of a web address is a token, since people sign in by forms.
  /\bhttps?:\/\/[^\s/?#@]{1,300}@/i,
  // The addresses of Go's drivers for databases, but not the digest of an image.
  /(?:^|[\s"'=])[\w.-]{1,100}:[^\s@/:]{1,200}@(?!sha256:)(?:\w{0,20}\(|[\w.-]{1,100}:\d)/,
  /\/bot\d{5,20}:[\w-]{20}/,
  /\b(?:password\s{1,9}'|identified\s{1,9}by\s{1,9}['"])(?!['"$])/i,
  /\b(?:requirepass|masterauth|aws_secret_access_key)\s{1,9}[^\s$]/i,
  /\b(?:Bearer|Basic)\s{1,9}(?=[^\s\d]{0,300}\d)[\w+/=.~-]{8}/i,
];

/** Runs of letters and digits that may come from a generator. */
const runs = /[A-Za-z0-9+]{24,}/g;
/** Keys and certificates that everyone may see. */
const open = /^\s*(?:ssh-|ecdsa-|sk-ssh-|-----BEGIN (?:CERTIFICATE|PUBLIC KEY))/;

function holdsInLine(name: string, text: string): boolean {
  if (forms.some((form) => form.test(text)) || looksSecretByValue(text)) return true;
  const written = withoutVariables(text);
  return nameIsSecret(name, written) || (!open.test(text) && (written.match(runs) ?? []).some(isRandom));
}

/** True for letters of both cases and digits, as only a generator mixes them. */
function isRandom(run: string): boolean {
  return [/[a-z]/, /[A-Z]/, /[0-9]/].every((kind) => kind.test(run));
}

/** True for JSON or YAML with a secret. */
function structureHolds(name: string, text: string): boolean {
  if (!/\n|^\s*[{[]/.test(text)) return false;
  try {
    return isHeldIn(name, yamlLibrary().parse(text, { logLevel: "silent" }));
  } catch {
    return false;
  }
}

function isHeldIn(key: string, value: unknown): boolean {
  if (Array.isArray(value)) {
    const words = value.filter((item) => typeof item === "string");
    return value.some((item) => isHeldIn(key, item)) || commandHolds(words.join(" "));
  }
  if (isRecord(value)) return Object.entries(value).some(([name, inner]) => isHeldIn(name, inner));
  if (typeof value !== "string" && typeof value !== "number") return false;
  return holdsInLine(key, String(value)) || commandHolds(String(value));
}

/** Returns a text without `${NAME}` and `$NAME`, but with the default in `${NAME:-default}`. */
export function withoutVariables(text: string, instead = ""): string {
  return text.replace(
    /\$?\$\{\w+(?::?[-?+]([^}]{0,1000}))?\}|\$?\$[A-Z_][A-Z0-9_]*(?![a-z])/g,
    (_, fallback: string | undefined) => fallback ?? instead,
  );
}
