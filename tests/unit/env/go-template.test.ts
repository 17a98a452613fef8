import * as assert from "node:assert/strict";
import { checkEnv, mergeEnv, readEnv, resolveEnv } from "../../../provider/env";
import { expandTemplate } from "../../../provider/env/go-template";

/** 242 characters that kept a plan busy without end. */
const attack = `{{${"/*a ".repeat(60)}`;

describe("a template of Swarm", () => {
  const cases: readonly [value: string, arrival: ReturnType<typeof expandTemplate>][] = [
    ["a", { text: "a" }],
    ['{{"{{"}}', { text: "{{" }],
    ['a{{ "\\x24" }}b{{/* note }} */}}c', { text: "a$bc" }],
    ["}}", { text: "}}" }],
    ["{{/**/}}", { text: "" }],
    ["{{/* a */ }}", "unknown"],
    ["{{ /* a */}}", "unknown"],
    ["{{/* a */ .Service.Name}}", "unknown"],
    ["{{.Service.Name /* a */}}", "unknown"],
    ['a{{"b"}}c{{"d"}}e', { text: "abcde" }],
    ['a{{"b"}}c{{.Node.ID}}e', "unknown"],
    ["{{.Task.Slot}}", "unknown"],
    ["{{.Volume.Name}}", "fails"],
    ["{{print 1}}", "unknown"],
    ["{{range .Service.Labels}}{{end}}", "unknown"],
    ["{{.Service.name}}", "unknown"],
    ["{{ }}", "fails"],
    ['{{""}}', { text: "" }],
    ['{{"a" "b"}}', "unknown"],
    ["{{1}}", "unknown"],
    ["{{a.b}}", "fails"],
    ["{{.Service.Name}}", "unknown"],
    ["{{`}}`}}", "unknown"],
    ["{{'\"'}} \"", "unknown"],
    ["{{'}'}}", "unknown"],
    ["{{name}}", "fails"],
    ["{{}}", "fails"],
    ["{{", "fails"],
    ['{{"}}', "fails"],
    ['{{"\\"}}', "fails"],
    ['{{"\n"}}', "fails"],
    ["{{'}}", "fails"],
    ["{{`}}", "fails"],
    ["{{/*}}", "fails"],
    [attack, "fails"],
    [`${attack}}}`, "fails"],
  ];
  for (const [value, arrival] of cases) {
    it(`of ${JSON.stringify(value.slice(0, 30))} is ${JSON.stringify(arrival)}`, () => {
      assert.deepEqual(expandTemplate(value), arrival);
    });
  }

  it("that never closes keeps neither a plan nor a block of variables busy", () => {
    for (const target of ["application", "stack"] as const) {
      assert.deepEqual(
        resolveEnv(`A=${attack}`, target).problems.map(({ key }) => key),
        ["A"],
      );
      assert.deepEqual(Object.keys(readEnv(`A=${attack}\nB=1`, target)), ["A", "B"]);
      assert.equal(mergeEnv(`A=${attack}\nB=1\n`, { B: "2" }, [], target), `A=${attack}\nB=2\n`);
      assert.deepEqual(checkEnv({ A: attack }, target), []);
    }
  });
});
