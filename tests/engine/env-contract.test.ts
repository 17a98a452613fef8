import * as assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { Story } from "./story";

describe("a contract for variables", function () {
  this.timeout(120_000);
  const canary = `canary-${randomBytes(8).toString("hex")}`;
  let story: Story;
  let printed = "";

  before(async () => {
    story = await Story.begin({ stack: "test", config: ["--secret", `TOKEN=${canary}`] });
    write("services/api/dokploy-app.yaml", "kind: application\nimage: acme/api:1\n");
    write(
      "envs/schema.yaml",
      "services:\n  api:\n    LEVEL: { values: [debug, info] }\n    TOKEN: { secret: true, pattern: 'tok-.*' }\n" +
        "    REGION:\n    OLD: { deprecated: use REGION }\n",
    );
    write("envs/test/api.yaml", `LEVEL: ${canary}\nTOKEN: !secret\nLEVLE: info\n`);
    story.program('new dokploy.DeploymentRepository("shop");');
  });
  after(() => story?.end());

  const write = (name: string, text: string) => story.write(name, text);

  async function check(): Promise<{ code: number | null; output: string }> {
    const { code, output } = await story.command(["env", "check"]);
    printed += output;
    return { code, output };
  }

  const problems = [
    "envs/test/api.yaml:1:1: LEVEL: is not one of debug, info (envs/schema.yaml:3:5)",
    "envs/test/api.yaml: REGION: is missing, and stage test needs it (envs/schema.yaml:5:5)",
    "envs/test/api.yaml:2:1: TOKEN: does not match the pattern tok-.* (envs/schema.yaml:4:5)",
    "envs/test/api.yaml:3:1: LEVLE: is not in envs/schema.yaml; did you mean LEVEL?",
  ];

  it("fails a preview with each breach and its place, and env check with the same", async () => {
    const { output } = await story.fails("preview");
    printed += output;
    for (const line of problems) assert.ok(output.includes(line), output);
    assert.doesNotMatch(output, /\n +at /);
    const checked = await check();
    assert.equal(checked.code, 1);
    for (const line of problems) assert.ok(checked.output.includes(`${line}\n`), checked.output);
  });

  it("lets both pass after the mend, with a warning about a deprecated variable", async () => {
    write("envs/test/api.yaml", "LEVEL: info\nTOKEN: !secret\nREGION: eu\nOLD: eu\n");
    const set = await story.workspace.pulumi("config", "set", "--secret", "TOKEN", `tok-${canary}`);
    assert.equal(set.code, 0, set.stderr);
    const { output } = await story.succeeds("preview");
    printed += output;
    const warning = "envs/test/api.yaml:4:1: OLD: is deprecated (envs/schema.yaml:6:5): use REGION";
    assert.ok(output.includes(`${warning} [dokploy/deprecated 9e]`), output);
    assert.deepEqual(await check(), {
      code: 0,
      output: `warning: ${warning}\n1 stage, 1 service: 1 warning\n`,
    });
  });

  it("has shown no value", () => assert.equal(printed.includes(canary), false));
});
