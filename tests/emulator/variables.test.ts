import * as assert from "node:assert/strict";
import { renderTemplate } from "../../emulator/instance/swarm-template";
import { resolveVariables } from "../../emulator/instance/variables";

// References are written with @ for the dollar sign.
const written = (text: string) => text.replaceAll("@{{", "$" + "{{");

describe("emulated variables", () => {
  const scope = { project: written("P=pv\nQ=@{{environment.E}}\nR=@{{project.P}}"), environment: "E=ev" };

  for (const [text, seen] of [
    ["A=1\n# note\nB = x y  ", { A: "1", B: "x y" }],
    ["A=bar#baz\nB='bar#baz'", { A: "bar", B: "bar#baz" }],
    ["A=@{{project.P}}-@{{environment.E}}-@{{X}}\nX=1", { A: "pv-ev-1", X: "1" }],
    ["A=@{{project.Q}}", { A: "ev" }],
    ["A=@{{A}}", { A: "@{{A}}" }],
    ["A=$@{{X}}\nX=$&", { A: "$$&", X: "$&" }],
    ["A=@{{constructor}}", { A: "function Object() { [native code] }" }],
  ] as const)
    it(`${JSON.stringify(text)} is seen as ${JSON.stringify(seen)}`, () => {
      const expected = Object.entries(seen).map(([name, value]) => [name, written(value)]);
      assert.deepEqual(resolveVariables(written(text), scope), Object.fromEntries(expected));
    });

  for (const [text, message] of [
    ["A=@{{project.X}}", "Invalid project environment variable: project.X"],
    ["A=@{{environment.X}}", "Invalid environment variable: environment.X"],
    ["A=@{{ X }}\nX=1", "Invalid service environment variable:  X "],
    ["A=@{{project.R}}", "Invalid service environment variable: project.P"],
  ] as const)
    it(`${JSON.stringify(text)} is refused`, () => {
      assert.throws(() => resolveVariables(written(text), scope), { message });
    });
});

describe("emulated Swarm templates", () => {
  const context = { ".Service.Name": "web-abc123" };

  for (const [template, rendered] of [
    ["plain } }} text", "plain } }} text"],
    ['{{"{{"}}x}}', "{{x}}"],
    [String.raw`{{"\x24{{"}} secrets.X }}`, `$${"{{ secrets.X }}"}`],
    [String.raw`{{"\"\\\n"}}|{{${"`raw\\n`"}}}`, '"\\\n|raw\\n'],
    ["x{{/* note */}}y", "xy"],
    ["{{.Service.Name}}", "web-abc123"],
    ["{{if true}}yes{{end}}", "yes"],
  ] as const)
    it(`${template} renders as ${JSON.stringify(rendered)}`, () => {
      assert.equal(renderTemplate(template, context), rendered);
    });

  for (const [template, message] of [
    ["Hello {{name}}", 'template: expansion:1: function "name" not defined'],
    ["a {{ b", 'template: expansion:1: function "b" not defined'],
    ["a\n{{b}}", 'template: expansion:2: function "b" not defined'],
    ["{{}}", "template: expansion:1: missing value for command"],
    ["a {{", "template: expansion:1: unclosed action"],
    [
      "{{.Foo}}",
      `template: expansion:1:2: executing "expansion" at <.Foo>: can't evaluate field Foo in type *template.Context`,
    ],
  ] as const)
    it(`${JSON.stringify(template)} is refused as by Go`, () => {
      assert.throws(() => renderTemplate(template, context), { message });
    });
});
