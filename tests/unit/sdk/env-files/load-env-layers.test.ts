import * as assert from "node:assert/strict";
import { mkdirSync, symlinkSync } from "node:fs";
import * as fc from "fast-check";
import { type EnvPath, loadEnv, loadEnvs } from "../../../../sdk";
import { EnvFolder, failureOf, seen } from "./env-folder";

describe("loading variables from several files", () => {
  let folder: EnvFolder;
  beforeEach(() => {
    folder = new EnvFolder();
  });
  afterEach(() => folder.remove());

  function write(files: Record<string, string>): void {
    for (const [name, content] of Object.entries(files)) folder.write(name, content);
  }

  it("lets later files override earlier ones, YAML and dotenv alike", () => {
    write({ "base/api.yaml": "A: 1\nB: 1\nC: 1", "test/api.env": "B=2\nD=2", "local.yaml": "D: 3" });
    assert.deepEqual(loadEnv(["base/api.yaml", "test/api.env", "local.yaml"]), {
      A: "1",
      B: "2",
      C: "1",
      D: "3",
    });
  });

  it("may lack an optional file, and no other", () => {
    write({ "a.yaml": "A: 1" });
    const optional = { path: "b.yaml", optional: true };
    assert.deepEqual(loadEnv(["a.yaml", optional]), { A: "1" });
    assert.deepEqual(loadEnv(optional), {});
    assert.deepEqual(loadEnvs([{ path: "b", optional: true }]), {});
    for (const path of ["b.yaml", { path: "b.yaml" }, { path: "b.yaml", optional: false }]) {
      assert.match(
        failureOf(() => loadEnv(["a.yaml", path])),
        /^b\.yaml: there is no such file/,
      );
    }
    write({ "b.yaml": "B: 2" });
    assert.deepEqual(loadEnv(["a.yaml", optional]), { A: "1", B: "2" });
  });

  it("refuses an optional file that is a broken link", () => {
    symlinkSync("nowhere.yaml", "link.yaml");
    assert.match(
      failureOf(() => loadEnv({ path: "link.yaml", optional: true })),
      /^link\.yaml: there is no such/,
    );
  });

  it("reports all problems of all files at once", () => {
    write({ "a.yaml": "A: [canary]\nB: {}", "b.env": "canary\nX=1", "c.yaml": "C: 1" });
    assert.match(
      failureOf(() => loadEnv(["a.yaml", "b.env", "missing.yaml", "c.yaml"])),
      /^a\.yaml:1:4: .*\na\.yaml:2:4: .*\nb\.env:1:1: .*\nmissing\.yaml: there is no such file.*$/,
    );
  });

  it("reads all files of variables in a directory", () => {
    write({ "t/b.env": "B=1", "t/a.yaml": "A: 1", "t/README.md": "# canary", "t/.env": "HIDDEN=1" });
    assert.deepEqual(Object.entries(loadEnv("t")), [
      ["A", "1"],
      ["B", "1"],
    ]);
    write({ "base/all.yaml": "A: 0\nC: 0" });
    assert.deepEqual(loadEnv(["base", "t/"]), { A: "1", B: "1", C: "0" });
  });

  it("refuses a variable that is in two files of a directory, and names both places", () => {
    write({ "t/a.yaml": "X: 1\nA: canary", "t/b.env": "\nA=canary" });
    assert.equal(
      failureOf(() => loadEnv("t")),
      "t/b.env:2:1: A: is also in t/a.yaml:2:1; remove one",
    );
  });

  it("refuses other files in a directory", () => {
    write({ "t/a.yaml": "A: 1", "t/b.json": "{}", "t/sub/c.yaml": "C: 1" });
    const message = failureOf(() => loadEnv("t"));
    assert.match(message, /^t\/b\.json: is neither YAML nor dotenv.*\nt\/sub: is a directory inside/);
    mkdirSync("empty");
    assert.match(
      failureOf(() => loadEnv("empty")),
      /^empty: contains no files with variables/,
    );
    assert.match(
      failureOf(() => loadEnvs("empty")),
      /^empty: contains no files with variables/,
    );
  });

  it("refuses an empty list", () => {
    assert.match(
      failureOf(() => loadEnv([])),
      /^The list of files is empty/,
    );
    assert.match(
      failureOf(() => loadEnvs([""])),
      /^The name of a file is missing/,
    );
  });

  it("gives the variables of each file of a directory by its name", async () => {
    write({ "t/api.yaml": "A: 1\nTOKEN: x", "t/cache.env": "C=1", "t/api.v2.yml": "V: 2" });
    const all = loadEnvs("t");
    assert.deepEqual(Object.keys(all), ["api.v2", "api", "cache"]);
    assert.deepEqual(await seen(all["api"] ?? {}), { A: "1", TOKEN: { secret: "x" } });
    assert.deepEqual(all["cache"], { C: "1" });
  });

  it("lets the files of a later directory override those of the same name", () => {
    write({
      "base/api.yaml": "A: 1\nB: 1",
      "base/job.yaml": "J: 1",
      "test/api.env": "B=2",
      "test/cache.yaml": "",
    });
    assert.deepEqual(loadEnvs(["base", "test"]), { api: { A: "1", B: "2" }, job: { J: "1" }, cache: {} });
  });

  it("refuses two files of one name in a directory, and a file for a directory", () => {
    write({ "t/api.yaml": "A: canary", "t/api.env": "B=canary" });
    assert.match(
      failureOf(() => loadEnvs("t")),
      /^t\/api\.yaml: has the same name as t\/api\.env/,
    );
    assert.match(
      failureOf(() => loadEnvs("t/api.yaml")),
      /^t\/api\.yaml: is not a directory/,
    );
  });

  it("keeps a service called __proto__ or constructor apart from objects' own", () => {
    write({ "t/__proto__.yaml": "A: 1", "t/constructor.yaml": "B: 1" });
    const all = loadEnvs("t");
    assert.deepEqual(Object.keys(all).sort(), ["__proto__", "constructor"]);
    assert.deepEqual(Object.getPrototypeOf(all), Object.prototype);
  });

  it("takes the variables that the filters name", () => {
    write({ "a.yaml": "SMTP_HOST: h\nSMTP_PORT: 1\nSMTP_DEBUG: on\nHTTP_PORT: 2\na.b: 3\nAxB: 4" });
    const keys = (include?: string[], exclude?: string[]) =>
      Object.keys(loadEnv("a.yaml", { include, exclude })).join();
    assert.equal(keys(["SMTP_*"]), "SMTP_HOST,SMTP_PORT,SMTP_DEBUG");
    assert.equal(keys(["SMTP_*"], ["*_DEBUG"]), "SMTP_HOST,SMTP_PORT");
    assert.equal(keys(["*P*PORT", "a.b"]), "SMTP_PORT,HTTP_PORT,a.b");
    assert.equal(keys(undefined, ["*_*"]), "a.b,AxB");
    assert.equal(keys(["NOTHING_*"]), "");
    assert.equal(keys([]), "");
    assert.equal(keys(["*"]), "SMTP_HOST,SMTP_PORT,SMTP_DEBUG,HTTP_PORT,a.b,AxB");
  });

  it("refuses a name in an option that no file has", () => {
    write({ "t/api.yaml": "A: 1", "t/cache.yaml": "C: 1" });
    const slips = { include: ["A", "B"], exclude: ["D"], plain: ["E"], secret: ["F"] };
    const message = failureOf(() => loadEnv("t", slips));
    assert.equal(
      message,
      [
        "B, which the option include",
        "D, which the option exclude",
        "F, which the option secret",
        "E, which the option plain",
      ]
        .map((what) => `t: has no ${what} names; correct it or remove it`)
        .join("\n"),
    );
    assert.deepEqual(loadEnvs("t", { include: ["A", "C"] }), { api: { A: "1" }, cache: { C: "1" } });
    assert.match(
      failureOf(() => loadEnvs("t", { include: ["X"] })),
      /^t: has no X/,
    );
    assert.match(
      failureOf(() => loadEnv("t", { plain: ["A"], secret: ["A"] })),
      /both name A/,
    );
  });

  it("keeps values that look like secrets secret, except for those that the options or the file name", async () => {
    write({
      "a.env": "A_TOKEN=x\nB_TOKEN=y\nC=z\nD_TOKEN=\nE_TOKEN=${{project.E}}",
      "b.yaml": "F_TOKEN: !plain v",
    });
    assert.deepEqual(await seen(loadEnv(["a.env", "b.yaml"], { plain: ["A_TOKEN"], secret: ["C"] })), {
      A_TOKEN: "x",
      B_TOKEN: { secret: "y" },
      C: { secret: "z" },
      D_TOKEN: "",
      E_TOKEN: "${{project.E}}",
      F_TOKEN: "v",
    });
    assert.deepEqual(await seen(loadEnv("b.yaml", { secret: ["F_TOKEN"] })), { F_TOKEN: { secret: "v" } });
  });

  it("merges any layers as objects are merged", () => {
    const layer = fc.dictionary(fc.constantFrom("A", "B", "C", "D"), fc.constantFrom("1", "2", "", "x y"), {
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(layer, fc.boolean()), { minLength: 1, maxLength: 4 }), (layers) => {
        const paths: EnvPath[] = layers.map(([env, yaml], i) => {
          const path = yaml ? `${i}.yaml` : `${i}.env`;
          const line = ([key, value]: [string, string]) =>
            yaml ? `${key}: ${JSON.stringify(value)}\n` : `${key}='${value}'\n`;
          folder.write(path, Object.entries(env).map(line).join(""));
          return path;
        });
        assert.deepEqual(loadEnv(paths), Object.assign({}, ...layers.map(([env]) => env)));
      }),
      { numRuns: 60 },
    );
  });

  it("reads 200 files in less than two seconds of processor time", function () {
    this.timeout(60_000);
    const lines = Array.from({ length: 30 }, (_, i) => `KEY_${i}: value ${i}`).join("\n");
    for (let i = 0; i < 100; i++) write({ [`base/s${i}.yaml`]: lines, [`test/s${i}.yaml`]: lines });
    const start = process.cpuUsage();
    assert.equal(Object.keys(loadEnvs(["base", "test"])).length, 100);
    const { user, system } = process.cpuUsage(start);
    assert.ok(user + system < 2_000_000, `${user + system} µs`);
  });
});
