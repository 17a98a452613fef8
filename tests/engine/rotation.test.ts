import * as assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { type Run, Story } from "./story";

const canary = (name: string) => `canary-${name}-${randomBytes(12).toString("hex")}`;

/** Settings of the stack. */
type Setting = "first" | "second" | "third";

describe("a variable that rotates in three steps", function () {
  this.timeout(120_000);
  let story: Story;
  let existing: string;
  const values: Readonly<Record<Setting, string>> = {
    first: canary("first"),
    second: canary("second"),
    third: canary("third"),
  };
  let printed = "";

  before(async () => {
    story = await Story.begin({ stack: "test" });
    existing = await story.existingApplication("existing");
    for (const [name, value] of Object.entries(values))
      await story.succeeds("config", "set", "--secret", name, value);
    story.program(`
      const env = dokploy.loadEnv("envs/test/api.yaml");
      const project = new dokploy.Project("shop", { name: "shop" });
      const source = { type: "docker", image: "acme/api:1" };
      new dokploy.Application("api", { environmentId: project.defaultEnvironmentId, name: "api", source, env });
      new dokploy.EnvironmentBlock("block", { target: { applicationId: "${existing}" }, mode: "additive", env });
    `);
  });
  after(() => story?.end());

  const plain = (value: Setting) => `SESSION_KEY: !secret ${value}\n`;
  const rotating = (current: Setting, next: Setting) =>
    `SESSION_KEY:\n  rotate: { current: !secret ${current}, next: !secret ${next} }\n`;
  const rotated = (previous: Setting, current: Setting) =>
    `SESSION_KEY: { rotate: { previous: !secret ${previous}, current: !secret ${current} } }\n`;
  const file = (text: string) => story.write("envs/test/api.yaml", `LOG_LEVEL: info\n${text}`);

  async function run(...args: string[]): Promise<Run> {
    const done = await story.succeeds(...args);
    printed += done.output;
    return done;
  }
  async function deployed(text: string): Promise<void> {
    file(text);
    await run("up", "--skip-preview");
  }
  /** Lines of a plan about rotations, without the engine's words and without repetitions. */
  async function planned(text: string): Promise<string[]> {
    file(text);
    const { output } = await run("preview");
    const [, diagnostics = ""] = output.split("Diagnostics:");
    const lines = diagnostics.split("\n").filter((line) => line.includes("[dokploy/rotation Ik]"));
    return lines.map((line) => line.trim().replace(" [dokploy/rotation Ik]", "")).sort();
  }
  async function summary(text: string): Promise<string> {
    file(text);
    const preview = await run("preview", "--json");
    story.write("plan.json", preview.stdout);
    const { code, output } = await story.command(["plan-summary", "plan.json"]);
    printed += output;
    assert.equal(code, 0, output);
    return output;
  }
  /** What both resources say. */
  const each = (sentence: string, level = "") => [
    `${level}Application "api": ${sentence}`,
    `${level}EnvironmentBlock "application/${existing}": ${sentence}`,
  ];
  async function keys(): Promise<Record<string, string>[]> {
    const ids = [story.resource("api").id, existing];
    return ids.map((id) => {
      const env = story.emulator.containerEnv(id) ?? {};
      return Object.fromEntries(Object.entries(env).filter(([key]) => key.startsWith("SESSION_KEY")));
    });
  }
  const both = <T>(value: T) => [value, value];

  it("begins as an ordinary variable, about which nothing is said", async () => {
    assert.deepEqual(await planned(plain("first")), []);
    await deployed(plain("first"));
    assert.deepEqual(await keys(), both({ SESSION_KEY: values.first }));
  });

  const stepOne = (current: Setting, next: Setting) =>
    "envs/test/api.yaml:2:1: SESSION_KEY rotates, step 1 of 3: the service also gets the next value, as SESSION_KEY_NEXT. " +
    `Step 2, after this has been deployed: write ${rotated(current, next).trim()}`;
  const stepTwo = (current: Setting) =>
    "envs/test/api.yaml:2:1: SESSION_KEY rotates, step 2 of 3: the service also gets the former value, as " +
    `SESSION_KEY_PREVIOUS. Step 3, after this has been deployed: write SESSION_KEY: !secret ${current}`;

  it("warns when the first step already changes the value, or both values are the same", async () => {
    const early =
      "SESSION_KEY changes, and running containers know its value neither as SESSION_KEY_NEXT nor as SESSION_KEY_PREVIOUS. " +
      "For a rotation, leave its value as it is deployed until step 2.";
    assert.deepEqual(await planned(rotating("second", "third")), [
      stepOne("second", "third"),
      ...each(early, "warning: "),
    ]);
    assert.deepEqual(await planned(rotating("first", "first")), [
      "warning: envs/test/api.yaml:2:1: SESSION_KEY: current and next have the same value, so nothing rotates; set " +
        "another next value",
    ]);
  });

  it("gives both values in the first step, and names the line of the second", async () => {
    assert.match(
      await summary(rotating("first", "second")),
      /### Rotation of variables\n\n- .*SESSION_KEY rotates, step 1 of 3: .* write SESSION_KEY: .* rotate/,
    );
    await deployed(rotating("first", "second"));
    assert.deepEqual(await keys(), both({ SESSION_KEY: values.first, SESSION_KEY_NEXT: values.second }));
  });

  it("changes nothing when nothing changed, and still says which step it is", async () => {
    const { output, calls } = await run("preview", "--expect-no-changes");
    assert.match(output, /step 1 of 3/);
    assert.deepEqual(calls, []);
  });

  it("warns when the second step has another value than the next one", async () => {
    const other =
      "SESSION_KEY gets another value than the one deployed as SESSION_KEY_NEXT, which running containers do not " +
      "know. For a rotation, write the value of SESSION_KEY_NEXT.";
    assert.deepEqual(await planned(plain("third")), each(other, "warning: "));
  });

  it("warns when the second step is skipped", async () => {
    const skipped =
      "SESSION_KEY changes, and new containers do not know the value with which running containers sign: step 2 of 3 is " +
      "skipped. For a rotation, write rotate: { previous, current } with the value that is deployed as previous, so that it " +
      "stays readable as SESSION_KEY_PREVIOUS.";
    assert.deepEqual(await planned(plain("second")), each(skipped, "warning: "));
  });

  it("gives the next value in the second step, and the former one in addition", async () => {
    const second =
      "SESSION_KEY rotates, step 2 of 3: it gets the value that running containers know as SESSION_KEY_NEXT, and the " +
      "former value stays readable as SESSION_KEY_PREVIOUS.";
    assert.deepEqual(await planned(rotated("first", "second")), [...each(second), stepTwo("second")]);
    const text = await summary(rotated("first", "second"));
    assert.match(text, /### Rotation of variables\n\n(?:- .*step 2 of 3.*(?:\n|$)){3}/);
    await deployed(rotated("first", "second"));
    assert.deepEqual(await keys(), both({ SESSION_KEY: values.second, SESSION_KEY_PREVIOUS: values.first }));
  });

  it("gives the value alone in the third step", async () => {
    const third =
      "SESSION_KEY rotates, step 3 of 3: SESSION_KEY_PREVIOUS is removed, which no running container signs with.";
    assert.deepEqual(await planned(plain("second")), each(third));
    await deployed(plain("second"));
    assert.deepEqual(await keys(), both({ SESSION_KEY: values.second }));
    const { calls } = await run("preview", "--expect-no-changes");
    assert.deepEqual(calls, []);
  });

  it("says nothing about a change without a rotation", async () => {
    assert.deepEqual(await planned(plain("third")), []);
  });

  it("refuses the other variable written by hand, and a command that would set one of two values", async () => {
    file(`${rotating("second", "third")}SESSION_KEY_NEXT: x\n`);
    const refused = await story.fails("preview");
    printed += refused.output;
    assert.ok(
      refused.output.includes(
        "envs/test/api.yaml:4:1: SESSION_KEY_NEXT: envs/test/api.yaml:2:1 rotates SESSION_KEY, which gives this variable; remove it here",
      ),
      refused.output,
    );
    file(rotating("second", "third"));
    for (const key of ["SESSION_KEY", "SESSION_KEY_NEXT"]) {
      const set = await story.command(["env", "set", `${key}=x`, "--stage", "test", "--service", "api"]);
      assert.equal(set.code, 1, set.output);
      assert.match(
        set.output,
        /^pulumi-dokploy: SESSION_KEY rotates in envs\/test\/api\.yaml:2:1, and has two values: /,
      );
    }
  });

  it("shows no value, and keeps none in the state in plain text", () => {
    for (const [name, value] of Object.entries(values)) {
      assert.equal(printed.includes(value), false, `the output shows ${name}`);
      assert.equal(story.workspace.stateText().includes(value), false, `the state shows ${name}`);
    }
  });
});
