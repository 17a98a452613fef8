// Output of the demo: numbered steps, a sentence or two, commands as a person types them, and their output.

const width = 96;

/**
 * @param {{color: boolean, write?: (text: string) => void}} options `write` default: standard output
 */
function createNarrator({ color, write = (text) => process.stdout.write(text) }) {
  const style = (code) => (text) => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  const bold = style(1);
  const green = style(32);
  const red = style(31);
  const cyan = style(36);
  const line = (text = "") => write(`${text}\n`);
  let steps = 0;

  function say(text) {
    for (const wrapped of wrap(text)) line(wrapped);
    line();
  }

  return {
    step(title, text) {
      steps += 1;
      const heading = `${steps}. ${title}`;
      line();
      line(bold(heading));
      line(bold("─".repeat(heading.length)));
      say(text);
    },
    say,
    command(text) {
      line(cyan(bold(`$ ${text}`)));
    },
    output(text) {
      for (const printed of text.split("\n")) line(printed === "" ? "" : `  ${printed}`);
    },
    /** Shows a change of a file, as a pull request does. */
    change(file, removed, added) {
      line(bold(file));
      for (const text of removed) line(red(`- ${text}`));
      for (const text of added) line(green(`+ ${text}`));
    },
    gap: () => line(),
  };
}

function wrap(text) {
  const lines = [""];
  for (const word of text.trim().split(/\s+/)) {
    const last = lines.at(-1);
    if (last === "") lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

module.exports = { createNarrator };
