// Renders the output of a command, with its colours, as a picture of a terminal.
const { text, box, picture, monoWidth } = require("./svg.cjs");

const size = 13;
const lineHeight = 19;
const padding = 18;
const barHeight = 36;
const least = { columns: 92 };

/** Dark on both light and dark pages, like most terminals, for which the colours are made. */
const style = [
  ".window{fill:#0d1117;stroke:#3d444d}.bar{fill:#161b22}.line{stroke:#3d444d}",
  ".red-dot{fill:#ff5f57}.yellow-dot{fill:#febc2e}.green-dot{fill:#28c840}",
  ".default{fill:#d1d7e0}.dim{fill:#9198a1}.prompt{fill:#7ee787}",
  ".c1{fill:#ff7b72}.c2{fill:#56d364}.c3{fill:#e3b341}.c4{fill:#79c0ff}.c5{fill:#d2a8ff}.c6{fill:#76e3ea}",
].join("");

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal codes are what this reads
const colorCode = /\u001b\[([\d;]*)m/;

/** Returns the class of one of Pulumi's colours by its number; bright colours look like the others here. */
function classOf(number) {
  const base = number % 8;
  return base >= 1 && base <= 6 ? `c${base}` : "default";
}

/**
 * Splits output into lines of runs, each of one colour.
 *
 * @param {string} output with codes of the forms `ESC[0m`, `ESC[1m`, `ESC[3Xm`, `ESC[38;5;Nm`
 */
function parseAnsi(output) {
  let fill = "default";
  let bold = false;
  return output.split("\n").map((line) => {
    const runs = [];
    // Text and codes alternate.
    for (const [at, part] of line.split(colorCode).entries()) {
      if (at % 2 === 0) {
        const last = runs.at(-1);
        if (part === "") continue;
        if (last && last.fill === fill && last.bold === bold) last.text += part;
        else runs.push({ text: part, fill, bold });
        continue;
      }
      const [first = 0, second, third] = part.split(";").map(Number);
      if (first === 0) {
        fill = "default";
        bold = false;
      } else if (first === 1) bold = true;
      else if (first === 38 && second === 5) fill = classOf(third);
      else if (first >= 30 && first <= 37) fill = classOf(first - 30);
      else if (first >= 90 && first <= 97) fill = classOf(first - 90);
      else if (first === 39) fill = "default";
    }
    return runs;
  });
}

/** @param {{command: string, output: string, title: string, source: string}} options @returns {string} the SVG */
function terminalPicture({ command, output, title, source }) {
  const prompt = [
    { text: "$ ", fill: "prompt", bold: true },
    { text: command, fill: "default", bold: true },
  ];
  const lines = [prompt, ...parseAnsi(output)];
  const columns = Math.max(
    least.columns,
    ...lines.map((runs) => runs.reduce((sum, run) => sum + run.text.length, 0)),
  );
  const width = columns * size * monoWidth + 2 * padding;
  const height = barHeight + 2 * padding + lines.length * lineHeight - 6;
  const body = [
    box(0.5, 0.5, width - 1, height - 1, { radius: 10, classes: "window" }),
    `<path d="M1 ${barHeight}V10.5A9.5 9.5 0 0 1 10.5 1H${(width - 10.5).toFixed(2)}A9.5 9.5 0 0 1 ${(width - 1).toFixed(2)} 10.5V${barHeight}Z" class="bar"/>`,
    `<path d="M1 ${barHeight}H${(width - 1).toFixed(2)}" class="line"/>`,
    ...["red-dot", "yellow-dot", "green-dot"].map(
      (name, at) => `<circle cx="${22 + at * 20}" cy="${barHeight / 2}" r="6" class="${name}"/>`,
    ),
  ];
  for (const [at, runs] of lines.entries()) {
    let column = 0;
    for (const run of runs) {
      // Spaces before a run are drawn as distance, not as text.
      const blanks = run.text.length - run.text.trimStart().length;
      const x = padding + (column + blanks) * size * monoWidth;
      const y = barHeight + padding + at * lineHeight + size;
      body.push(text(run.text.trim(), x, y, { size, mono: true, bold: run.bold, fill: run.fill }));
      column += run.text.length;
    }
  }
  return picture({ width, height, title, source, style, body });
}

module.exports = { terminalPicture, parseAnsi };
