import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { Metadata } from "@grpc/grpc-js";
import { CheckRequest } from "@pulumi/pulumi/proto/provider_pb";
import { unknownValue } from "../../packages/values";
import { withEnvFiles } from "../../plugin/env-files";
import { Server } from "../../plugin/server";
import { type Path, sealed, type Values } from "../../plugin/values";
import { FakeTools, prints } from "../unit/sdk/env-files/fake-tools";

const repository = path.join(__dirname, "..", "..");

describe("the input envFiles", () => {
  let folder: string;
  beforeEach(() => {
    const parent = path.join(repository, ".tmp");
    fs.mkdirSync(parent, { recursive: true });
    folder = fs.mkdtempSync(path.join(parent, "env-files-"));
    // The repository around it ignores it.
    execFileSync("git", ["init", "-q", folder]);
  });
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  /** Writes a file; returns its path from the working directory on. */
  function write(name: string, text: string): string {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
    return path.relative(process.cwd(), file);
  }

  async function read(values: Values, secrets: readonly Path[] = []) {
    const {
      failures,
      notices: _,
      findings: _findings,
      ...found
    } = await withEnvFiles("Application", { values, secrets });
    return { ...found, reasons: failures.map(({ property, reason }) => `${property}: ${reason}`) };
  }

  /** Sends these inputs as Pulumi does, to handlers that accept all. */
  async function check(values: Values): Promise<void> {
    const handlers = {
      configure: async () => {},
      check: async (_olds: Values, inputs: Values) => ({ inputs, failures: [] }),
    };
    const request = new CheckRequest();
    request.setUrn("urn:pulumi:dev::shop::dokploy-native:index:Application::api");
    request.setNews(sealed(values, []));
    await new Promise<void>((resolve, reject) => {
      new Server(() => handlers as never).check({ request, metadata: new Metadata() } as never, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  }

  it("adds the variables of all files to env, the later file and env itself taking precedence", async () => {
    const base = write("base.yaml", "LEVEL: info\nREGION: eu\nMODE: a\n");
    const stage = write("stage.env", "REGION=us\nMODE=b\n");
    const found = await read({ name: "api", envFiles: [base, stage], env: { MODE: "c" } });
    assert.deepEqual(found.values, { name: "api", env: { LEVEL: "info", REGION: "us", MODE: "c" } });
    assert.deepEqual([found.secrets, found.reasons], [[], []]);
  });

  it("fills secrets into texts, which are secret as a whole, and refuses generated ones there too", async () => {
    const text = (value: string) => `URL: !text { text: 'a:\${A}@b/\${X}', values: { A: ${value} } }\n`;
    const file = write("api.yaml", text("!secret other"));
    const found = await read({ envFiles: [file], secrets: { other: "o" } });
    assert.deepEqual(
      [found.values, found.secrets, found.reasons],
      [{ env: { URL: "a:o@b/${X}" } }, [["env", "URL"]], []],
    );
    const later = await read({ envFiles: [file], secrets: { other: unknownValue } });
    assert.deepEqual([later.values, later.reasons], [{ env: { URL: unknownValue } }, []]);
    const missing = await read({ envFiles: [file] });
    assert.match(missing.reasons.join(), /URL: .*other/);
    write("api.yaml", text("!generate"));
    const generated = await read({ envFiles: [file] });
    assert.match(generated.reasons.join(), /URL: is !generate, which .* declare a GeneratedSecret/);
  });

  it("finds values that YAML cuts, with their place", async () => {
    const file = write("cut.yaml", "COLOR: red #fff\nSIZE: big # a comment\n");
    const { findings } = await withEnvFiles("Application", { values: { envFiles: [file] }, secrets: [] });
    assert.deepEqual(findings, [{ check: "cut-value", name: "COLOR", place: `${file}:1:1 COLOR` }]);
  });

  it("makes secrets of what looks like one, of !secret and of !env, and of nothing that env overrides", async () => {
    const file = write(
      "api.yaml",
      "API_TOKEN: t\nOTHER: !secret other\nHOME_IS: !env HOME\nNEXT_TOKEN: n\nOPEN_TOKEN: !plain p\n",
    );
    const given = { envFiles: [file], secrets: { other: "o" }, env: { NEXT_TOKEN: "plain" }, args: ["a"] };
    const found = await read(given, [["args", "0"]]);
    assert.deepEqual(found.reasons, []);
    const env = { API_TOKEN: "t", OTHER: "o", HOME_IS: process.env["HOME"], OPEN_TOKEN: "p" };
    assert.deepEqual(found.values, { env: { ...env, NEXT_TOKEN: "plain" }, args: ["a"] });
    const marked = found.secrets.map((at) => at.join("."));
    assert.deepEqual(marked.sort(), ["args.0", "env.API_TOKEN", "env.HOME_IS", "env.OTHER"]);
    assert.deepEqual(found.plain, [["env", "API_TOKEN"]]);
    write(".gitignore", "api.yaml\n");
    assert.deepEqual((await read(given, [["args", "0"]])).plain, []);
  });

  it("leaves env unknown where a preview does not know it, since it may have any variable", async () => {
    const file = write("api.yaml", "API_TOKEN: t\n");
    const found = await read({ envFiles: [file], env: unknownValue }, [["env"]]);
    assert.deepEqual(found, { values: { env: unknownValue }, secrets: [["env"]], plain: [], reasons: [] });
  });

  it("leaves a secret unknown that a preview does not know", async () => {
    const file = write("api.yaml", "OTHER: !secret other\n");
    const found = await read({ envFiles: [file], secrets: { other: unknownValue } });
    assert.deepEqual(found.values["env"], { OTHER: unknownValue });
  });

  it("checks the variables against the contract, with what env gives", async () => {
    const contract = write(
      "schema.yaml",
      "services: { api: { A: { type: integer }, B: , C: , D: { values: [x] } } }\n",
    );
    const file = write("test/api.yaml", "A: canary-a\nC: !secret c\nD: !secret d\n");
    const secrets = { c: "canary-c", d: unknownValue };
    const wrong = await read({ envFiles: [file], secrets });
    const place = (column: number) => `(${contract}:1:${column})`;
    assert.deepEqual(wrong.reasons, [
      `: ${file}:1:1: A: is not an integer ${place(20)}\n${file}: B: is missing, and stage test needs it ${place(42)}`,
    ]);
    write("test/api.yaml", "A: 1\nC: !secret c\nD: !secret d\n");
    assert.deepEqual((await read({ envFiles: [file], secrets, env: { B: "1" } })).reasons, []);
  });

  it("warns of variables that the contract calls deprecated", async () => {
    write(
      "schema.yaml",
      "services: { api: { OLD_LEVEL: { deprecated: LOG_LEVEL, required: false }, LOG_LEVEL: { required: false } } }\n",
    );
    const file = write("test/api.yaml", "OLD_LEVEL: info\n");
    const { notices, failures } = await withEnvFiles("Application", {
      values: { envFiles: [file] },
      secrets: [],
    });
    assert.deepEqual(failures, []);
    assert.match(notices[0]?.text ?? "", /test\/api\.yaml:1:1: OLD_LEVEL: .*LOG_LEVEL/);
    assert.deepEqual([notices.length, notices[0]?.code, notices[0]?.isWarning], [1, "deprecated", true]);
  });

  it("takes values from secrets managers, in one call for each source, as secrets", async () => {
    const tools = new FakeTools(folder);
    try {
      tools.install("doppler", prints('{"A":"canary-a","B":"canary-b"}'));
      const file = write("api.yaml", "A: !doppler plugin/test/\nC: !doppler plugin/test/B\n");
      const [one, two] = await Promise.all([
        read({ envFiles: [file] }),
        read({ envFiles: [file], env: { C: "c" } }),
      ]);
      assert.deepEqual([one.reasons, one.values["env"]], [[], { A: "canary-a", C: "canary-b" }]);
      assert.deepEqual(one.secrets, [
        ["env", "A"],
        ["env", "C"],
      ]);
      assert.deepEqual([two.values["env"], two.secrets], [{ A: "canary-a", C: "c" }, [["env", "A"]]]);
      assert.equal(tools.calls().length, 1);
      write("api.yaml", "A: !doppler plugin/test/NONE\n");
      const wrong = (await read({ envFiles: [file] })).reasons.join();
      assert.match(wrong, /api\.yaml:1:1: A: Doppler has no plugin\/test\/NONE/);
      assert.doesNotMatch(wrong, /canary/);
    } finally {
      tools.restore();
    }
  });

  it("names file, line and column of every mistake, without a value", async () => {
    const one = write("one.yaml", "A: canary-a\nA: canary-b\n");
    const two = write("two.yaml", "B:\n  - canary-c\n");
    const { reasons } = await read({ envFiles: [one, two] });
    assert.equal(reasons.length, 1);
    assert.match(reasons[0] ?? "", /one\.yaml:2:1: A: appears twice/);
    assert.match(reasons[0] ?? "", /two\.yaml:2:3: B: has a nested value/);
    assert.doesNotMatch(reasons.join(), /canary/);
  });

  it("names a secret that is missing in the input secrets, and one that no file asks for", async () => {
    const file = write("api.yaml", "A: 1\nOTHER: !secret other\n");
    const secrets = { another: "canary", third: "canary" };
    const { reasons, values } = await read({ name: "api", envFiles: [file], secrets });
    assert.deepEqual(reasons, [
      `: ${file}:2:1: OTHER: the input secrets has no other; give its value there, as a secret\n` +
        "secrets has another, third, and no file has !secret with that name: correct the name, or remove it",
    ]);
    // The check of the other inputs does not know these two.
    assert.deepEqual(values, { name: "api" });
  });

  it("refuses a file outside of the repository, one that is missing, and paths that are not known", async () => {
    assert.match(
      (await read({ envFiles: ["/etc/hostname.env"] })).reasons.join(),
      /there is no such file|is outside/,
    );
    assert.match(
      (await read({ envFiles: [path.join(folder, "none.yaml")] })).reasons.join(),
      /there is no such file/,
    );
    for (const envFiles of [unknownValue, ["api.yaml", unknownValue], [7], "api.yaml", undefined]) {
      const { reasons } = await read({ envFiles, secrets: {} });
      assert.deepEqual(reasons, [
        "envFiles: must be a list of paths that are known in a preview, relative to the program",
      ]);
    }
    const file = write("api.yaml", "A: 1\n");
    assert.match(
      (await read({ envFiles: [file], secrets: "x" })).reasons.join(),
      /^secrets: must be a map of names to values$/,
    );
  });

  it("gives both values of a rotation and its first step, unless env overrides the variable", async () => {
    const file = write("api.yaml", "KEY: { rotate: { current: !secret now, next: !secret later } }\n");
    const values = { envFiles: [file], secrets: { now: "canary1", later: "canary2" } };
    const both = await withEnvFiles("Application", { values, secrets: [] });
    assert.deepEqual(both.values["env"], { KEY: "canary1", KEY_NEXT: "canary2" });
    assert.deepEqual(both.secrets, [
      ["env", "KEY"],
      ["env", "KEY_NEXT"],
    ]);
    assert.match(
      both.notices.map(({ text }) => text).join("\n"),
      /^\S+api\.yaml:1:1: KEY rotates, step 1 of 3: .* write KEY: \{ rotate: \{ previous: !secret now, current: !secret later \} \}$/,
    );
    write("api.yaml", "KEY: { rotate: { previous: !secret now, current: !secret later } }\n");
    const second = await withEnvFiles("Application", { values, secrets: [] });
    assert.deepEqual(second.values["env"], { KEY: "canary2", KEY_PREVIOUS: "canary1" });
    assert.match(
      second.notices.map(({ text }) => text).join("\n"),
      /step 2 of 3: .* write KEY: !secret later$/,
    );
    const own = { ...values, env: { KEY: "own" } };
    const over = await withEnvFiles("Application", { values: own, secrets: [] });
    assert.deepEqual([over.values["env"], over.notices, over.failures], [{ KEY: "own" }, [], []]);
  });

  it("warns of a deprecated variable, and informs of the step of a rotation", async () => {
    write("schema.yaml", "services: { api: { OLD_LEVEL: { deprecated: LOG_LEVEL, required: false } } }\n");
    const old = write("test/api.yaml", "OLD_LEVEL: info\n");
    const rotating = write("key.yaml", "KEY: { rotate: { current: !secret now, next: !secret later } }\n");
    const lines: string[] = [];
    const { log } = console;
    console.log = (line: string) => lines.push(line);
    try {
      const resources = { memoryLimit: "512MiB" };
      await check({ envFiles: [old], resources });
      await check({ envFiles: [rotating], resources, secrets: { now: "canary1", later: "canary2" } });
    } finally {
      console.log = log;
    }
    assert.deepEqual(
      lines.map((line) => [line.startsWith("warning: "), /OLD_LEVEL|KEY rotates/.exec(line)?.[0]]),
      [
        [true, "OLD_LEVEL"],
        [false, "KEY rotates"],
      ],
    );
  });

  it("is left alone by a kind without variables", async () => {
    const given = { values: { envFiles: ["x"] }, secrets: [] };
    assert.deepEqual(await withEnvFiles("Domain", given), {
      ...given,
      failures: [],
      notices: [],
      plain: [],
      findings: [],
    });
  });
});
