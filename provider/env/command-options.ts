import { isOpenValue } from "./open-values";

/** Names of options whose value is a secret, with their dashes: `--password`, `--db-pw`, `-passin`. */
const secretOption =
  /^--?(?![\w.-]*public)[\w.-]*(?:(?<![a-z])pw|pass|password|passwd|passphrase|passin|passout|pwd|secret|token|key|credentials?|masterauth)$/i;

/** True for an option whose value is a secret. */
export function isSecretOption(option: string): boolean {
  return secretOption.test(option);
}

/** A short option by which commands take a password. */
interface ShortOption {
  readonly commands: RegExp;
  readonly option: RegExp;
  /** Place of the password: in the option (`-px`), in the word after it, or either. */
  readonly place: "attached" | "next" | "either";
  /** The form of the value, whose group at the end is the password; default: all of it. */
  readonly value?: RegExp;
}

/** A name with a password. */
const login = /^[^\s:]+:(?!\/\/)(\S+)$/;

const shortOptions: readonly ShortOption[] = [
  { commands: /^(?:mysql|mariadb|7za?$)/, option: /^-p/, place: "attached" },
  { commands: /^(?:mongo|sshpass$|docker$|podman$|helm$|rabbitmqadmin$)/, option: /^-p/, place: "either" },
  { commands: /^(?:redis|valkey|keydb)-/, option: /^-a/, place: "either" },
  {
    commands: /^(?:curl|https?|xh)$/,
    option: /^(?:-\w{0,5}[uUa]|--(?:proxy-)?user)/,
    place: "either",
    value: login,
  },
  { commands: /^curl$/, option: /^--oauth2-bearer$/, place: "next" },
  { commands: /^ldap/, option: /^-w/, place: "either" },
  { commands: /^(?:sqlcmd|bcp|zip|unzip)$/, option: /^-P/, place: "either" },
  { commands: /^(?:smbclient|rpcclient|net)$/, option: /^-U/, place: "either", value: /^[^\s%]*%(\S+)$/ },
];

/** Commands whose `-p` is a port, a path or a project, and whose `-u` may be a user with a group. */
const otherMeanings = new Set(
  (
    "docker docker-compose compose podman nerdctl kubectl mkdir cp install ps pgrep ssh scp nc tar git npm pnpm yarn bun " +
    "cargo tsc tsx read sh bash patch unshare chown gosu su-exec setpriv runuser mysql mysqladmin mysqldump mariadb " +
    "mariadb-admin mariadb-dump"
  ).split(" "),
);
/** Options that name a user, so that the command has a password too. */
const userOption = /^(?:-[uU]|--(?:user(?:name)?|login))(?:=|$)/;
/** Options of any command that may take a name with its password. */
const loginOption = /^(?:-[uUa]|--(?:user|auth|login|creds?))$/;

/** The secret in a word of a command: the index of the word, and where in it the secret begins. */
export interface SecretWord {
  readonly at: number;
  readonly from: number;
}

/**
 * Finds the passwords that the options of a command give.
 *
 * @param words words of a command line, with variables as marks
 * @example secretWords(["redis-cli", "-a", "hunter2"]) // [{ at: 2, from: 0 }]
 */
export function secretWords(words: readonly string[]): SecretWord[] {
  const hasUser = words.some((word) => userOption.test(word));
  const known = new Set<ShortOption>();
  let hasOtherMeaning = false;
  const found: SecretWord[] = [];
  words.forEach((word, at) => {
    const option = words[at - 1];
    const context = { known, hasUser, hasOtherMeaning };
    const from = word.startsWith("-") ? attachedTo(word, known) : option && after(option, word, context);
    if (typeof from === "number") found.push({ at, from });
    if (word.startsWith("-")) return;
    const command = word.slice(word.lastIndexOf("/") + 1);
    hasOtherMeaning ||= otherMeanings.has(command);
    // The option -p of `docker compose` names a project.
    if (command === "compose") known.clear();
    for (const each of shortOptions) if (each.commands.test(command)) known.add(each);
  });
  return found;
}

/** Returns where a password begins in its option: `-px`, `-uadmin:x`, `--user=admin:x`. */
function attachedTo(word: string, known: ReadonlySet<ShortOption>): number | undefined {
  for (const { option, place, value } of known) {
    const [start = ""] = place === "next" ? [] : (option.exec(word) ?? []);
    const given = word.slice(start.length).replace(/^=/, "");
    const from = start === "" || given === "" ? undefined : passwordIn(given, value);
    if (from !== undefined) return word.length - given.length + from;
  }
  return undefined;
}

/** Returns where a password begins in the word after an option. */
function after(
  option: string,
  word: string,
  {
    known,
    hasUser,
    hasOtherMeaning,
  }: { known: ReadonlySet<ShortOption>; hasUser: boolean; hasOtherMeaning: boolean },
): number | undefined {
  if (!option.startsWith("-") || isOpenValue(word)) return undefined;
  if (isSecretOption(option)) return 0;
  for (const { option: form, place, value } of known) {
    const isWhole = place !== "attached" && form.exec(option)?.[0] === option;
    const from = isWhole ? passwordIn(word, value) : undefined;
    if (from !== undefined) return from;
  }
  if (hasOtherMeaning || isNumbers(word)) return undefined;
  if (option === "-p" && (hasUser || isMixed(word))) return 0;
  const from = loginOption.test(option) ? passwordIn(word, login) : undefined;
  // `node:node` is a user with a group.
  return from !== undefined && word.slice(from) !== word.slice(0, from - 1) ? from : undefined;
}

function passwordIn(given: string, form: RegExp | undefined): number | undefined {
  const [, secret = form === undefined ? given : ""] = form?.exec(given) ?? [];
  return isOpenValue(secret) || isNumbers(secret) ? undefined : given.length - secret.length;
}

/** True for ports, and for the ids of a user and a group. */
function isNumbers(word: string): boolean {
  return /^[\d:.]+(?:\/(?:tcp|udp))?$/.test(word);
}

/** True for a word of letters and digits that is neither a path nor a file, as passwords are. */
function isMixed(word: string): boolean {
  return /^(?=.*[A-Za-z])(?=.*\d)[^/.\s]{6,}$/.test(word);
}
