import * as fc from "fast-check";
import type { readPreview } from "../../../../cli/plan";

/** Plans in which everything that can be somebody else's is: what each form of a plan must survive. */

export type Preview = ReturnType<typeof readPreview>;
type Step = Preview["steps"][number];
type Diagnostic = Preview["diagnostics"][number];

/** In each text from outside, and in none of ours. */
export const mark = "qzx";

/** What begins, ends or is Markdown, HTML, a command of a runner, or is not seen. */
const hostile = fc.constantFrom(
  ..."`|\\*_[]()<>!#@&$~:{}-+=. \t\r\u001b\u202e\u3164\u2800\ufe0f\u00a0",
  "```",
  "````\n",
  "\n```\n",
  "~~~",
  "\n\n",
  "\n# ",
  "\n> ",
  "\n- ",
  "\n| a | b |\n| --- | --- |\n",
  "\n::error::",
  "##[error]",
  "[x](http://e.com)",
  "![i](http://e.com/i.png)",
  "<http://e.com>",
  "https://e.com",
  "<img src=x onerror=y>",
  "<!--",
  "</code>",
  "</td></tr></table>",
  "<details>",
  "[a]: http://e.com",
  "@team",
  "&lt;",
  "\"'><script>document.title='ran'</script>",
  "' onmouseover=x y='",
  "javascript:x",
  "</style>",
  "</title>",
  "<![CDATA[",
  "\u2028",
  "__",
);
const parts = (units: fc.Arbitrary<string>) =>
  fc.array(fc.oneof(units, fc.constant(mark)), { maxLength: 6 }).map((some) => some.join("") + mark);
export const text = parts(hostile);
/** Of several lines it would be compared, and not stand in a table. */
const line = text.map((each) => each.replaceAll("\n", ""));
const severity = fc.constantFrom<Diagnostic["severity"]>("error", "warning");
export const contents = fc.record({
  names: fc.uniqueArray(line, { minLength: 1, maxLength: 3 }),
  variables: fc.dictionary(line, line, { maxKeys: 3, noNullPrototype: true }),
  image: line,
  files: fc.tuple(text, text),
  others: fc.uniqueArray(line, { maxLength: 2 }),
  messages: fc.uniqueArray(fc.record({ severity, message: text }), {
    maxLength: 3,
    selector: ({ message }) => message.trim(),
  }),
  findings: fc.uniqueArray(fc.record({ severity, policy: line, message: text }), {
    maxLength: 3,
    selector: ({ policy }) => policy.trim(),
  }),
  /** Services of each name: with many, the plan folds them. */
  copies: fc.constantFrom(1, 5),
  stack: line,
});

/** A plan in which all that can be somebody else's is. */
export function previewOf(given: typeof contents extends fc.Arbitrary<infer T> ? T : never): Preview {
  const urn = (type: string, name: string) =>
    `urn:pulumi:${given.stack.replaceAll(":", "")}::${mark}::${type}::${name}`;
  const state = (inputs: Record<string, unknown>) => ({ custom: true, retained: false, inputs, outputs: {} });
  const composeFiles = given.files.map((each) => `services:\n${each}\nend: ${each}`);
  const names = given.names.flatMap((name) =>
    Array.from({ length: given.copies }, (_, at) => `${at}${name}`),
  );
  const steps = names.flatMap((name): Step[] => [
    {
      op: "create",
      urn: urn("pulumi-nodejs:dynamic/dokploy:Application", `a${name}`),
      newState: state({ name, source: { type: "docker", image: given.image }, env: given.variables }),
      diffReasons: [],
      replaceReasons: [],
    },
    {
      op: "update",
      urn: urn("pulumi-nodejs:dynamic/dokploy:Compose", `c${name}`),
      oldState: state({ source: { type: "raw", composeFile: composeFiles[0] } }),
      newState: state({ source: { type: "raw", composeFile: composeFiles[1] } }),
      diff: { "source.composeFile": "update" },
      diffReasons: [],
      replaceReasons: [],
    },
    {
      op: "delete",
      urn: urn("pulumi-nodejs:dynamic/dokploy:Compose", `d${name}`),
      oldState: state({
        source: { type: "raw", composeFile: `services: {${name}: {volumes: ["../files/${mark}:/a"]}}` },
      }),
      diffReasons: [],
      replaceReasons: [],
    },
  ]);
  const others = given.others.map(
    (name): Step => ({
      op: "create",
      urn: urn(`other:${name.replaceAll(":", "").replaceAll("$", "")}:Thing`, name),
      newState: state({ [name]: name }),
      diffReasons: [],
      replaceReasons: [],
    }),
  );
  const findings = given.findings.map((each) => ({ ...each, urn: steps[0]?.urn ?? "" }));
  const diagnostics = [...given.messages, ...findings];
  const failed = diagnostics.some(({ severity }) => severity === "error");
  return { steps: [...steps, ...others], diagnostics, failed };
}
