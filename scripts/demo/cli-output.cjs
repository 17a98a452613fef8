// Makes the Pulumi CLI's output on a pipe as readable as on a terminal. There the CLI overwrites one line for each
// resource, while a pipe gets all of its states one below the other. Lines are removed, never changed.

/** Matches a resource's line in the list of events: sign, type, name, status. */
const row = /^ {1,4}(?:[-+~]{1,2})? +([\w-]+:\S+[^:\s]) +([^\s(]\S*) ?(.*)$/;
const underWay = /^(?:creating|updating|deleting|refreshing|running)(?: \([\d.]+s\))? */;
const hint =
  /^(?:The resources in the stack have been deleted, but|If you want to remove the stack completely)/;

/**
 * @param {string} output of `preview`, `up`, `refresh` or `destroy`, with or without colours
 * @returns {string} without resources that only start or stay as they are, and without repetitions
 */
function readable(output) {
  return withoutStackError(output.split("\n"))
    .filter((line) => {
      const text = plain(line).trimEnd();
      return text !== "" && !hint.test(text) && !isRepetition(text);
    })
    .join("\n")
    .trim();
}

function isRepetition(text) {
  const [, type, , status] = row.exec(text) ?? [];
  if (type === undefined) return false;
  const started = underWay.exec(status);
  if (started !== null) {
    // Messages of a resource in progress are news; that it is in progress, or about to fail, is not.
    const message = status.slice(started[0].length).replace(/^\[diff: [^\]]*\];? ?/, "");
    return message === "" || message.startsWith("error: ");
  }
  if (type === "pulumi:pulumi:Stack" || status === "") return true;
  return /^refresh\b/.test(status) && !status.includes("[diff: ");
}

/** Removes the stack's error, which only repeats that one of its resources has failed. */
function withoutStackError(lines) {
  const at = lines.findIndex((line) => /^ +pulumi:pulumi:Stack \(/.test(plain(line)));
  if (at < 0 || !/^ +error: \w+ failed$/.test(plain(lines[at + 1] ?? ""))) return lines;
  return [...lines.slice(0, at), ...lines.slice(at + 2)];
}

function plain(text) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal codes are what this takes out
  return text.replace(/\u001b\[[0-9;]*m/g, "");
}

module.exports = { readable };
