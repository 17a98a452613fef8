import { COMMAND_MARK, MARK, withoutMarks } from "./variable-marks";

/** Values that are public under any name: switches, small numbers, and more. */
const publicForms: readonly RegExp[] = [
  /^(?:true|false|yes|no|on|off|null|\d{1,2})$/i,
  // A file at a usual place, or with the ending of keys and certificates.
  /^(?:\/(?:app|data|etc|home|mnt|opt|run|srv|usr|var)|~|\.{1,2})\/[\w./-]*$/,
  /^[\w./-]{1,200}\.(?:key|pem|crt|cer|p12|pfx|pub|json|ya?ml|toml|txt|conf|env)$/i,
  // A gap in an example of documentation, or in a text of code: `<password>`, `{getenv("PASSWORD")}`.
  /^(?:<[^<>]*>|\{[\w.]*(?:\(["'\w]*\))?\})$/,
  // The kind of a value that follows.
  /^(?:Bearer|Basic|Digest|pass:|env:|file:)$/i,
  // A variable or a type in code.
  /^(?:process\.env|os\.environ|import\.meta\.env)\b|^(?:string|number|boolean|str|None|undefined)$/,
];

/** Text before or after a variable that is public: `Bearer`, `pass:`, the rest of an address. */
const aroundVariables = /^(?:[A-Za-z]{1,10}[:\s]\W*|\/[\w./-]*(?:\?[\w.=&-]*)?)$/;
/** Names in JSON. */
const names = /\\{0,9}["'][\w.-]{1,100}\\{0,9}["']\s{0,9}:/g;

/**
 * True for a value that is public under any name: one that consists of variables, the output of a command, a switch, the
 * path of a file, `<password>`.
 *
 * @param value with variables as marks
 */
export function isOpenValue(value: string): boolean {
  const written = withoutMarks(value.startsWith("{") ? value.replace(names, "") : value);
  if (!/[\p{L}\p{N}]/u.test(written) || value.startsWith(COMMAND_MARK)) return true;
  return (
    publicForms.some((form) => form.test(value)) || (value.includes(MARK) && aroundVariables.test(written))
  );
}
