import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as fc from "fast-check";
import { loadEnv, loadEnvs } from "../../../../sdk";
import { readLayers, readLayersByName, rotationNotices } from "../../../../sdk/env-files";
import { EnvFolder, failureOf, seen } from "./env-folder";

const rotating = "SESSION_KEY:\n  rotate: { current: !secret sessionKey, next: !secret sessionKeyNext }\n";

const { info } = pulumi.log;
before(() => void Object.assign(pulumi.log, { info: async () => {} }));
after(() => void Object.assign(pulumi.log, { info }));

describe("a rotation in a file of variables", () => {
  let folder: EnvFolder;
  before(() => {
    folder = new EnvFolder();
    pulumi.runtime.setAllConfig({
      "shop:sessionKey": "a",
      "shop:sessionKeyNext": "b",
      "shop:SESSION_KEY": "c",
      "shop:SESSION_KEY_NEXT": "d",
    });
  });
  after(() => {
    folder.remove();
    pulumi.runtime.setAllConfig({});
  });

  const config = () => new pulumi.Config("shop");
  function load(text: string) {
    folder.write("a.yaml", text);
    return seen(loadEnv("a.yaml", { config: config() }));
  }
  function refused(text: string) {
    folder.write("a.yaml", text);
    return failureOf(() => loadEnv("a.yaml", { config: config() }));
  }

  it("gives the variable its current value, and the next one in addition, both secret", async () => {
    const both = { SESSION_KEY: { secret: "a" }, SESSION_KEY_NEXT: { secret: "b" } };
    assert.deepEqual(await load(rotating), both);
    assert.deepEqual(
      await load(
        "A: 1\nSESSION_KEY:\n  rotate:\n    next: !secret sessionKeyNext # later\n    current: !secret sessionKey\n",
      ),
      { A: "1", ...both },
    );
    assert.deepEqual(await load("SESSION_KEY: { rotate: { current: !secret , next: !secret } }"), {
      SESSION_KEY: { secret: "c" },
      SESSION_KEY_NEXT: { secret: "d" },
    });
  });

  it("keeps both values secret where only the name of the variable says so, and shows both with !plain", async () => {
    assert.deepEqual(await load("DB_PASSWORD: { rotate: { current: x, next: y } }"), {
      DB_PASSWORD: { secret: "x" },
      DB_PASSWORD_NEXT: { secret: "y" },
    });
    assert.deepEqual(await load("DB_PASSWORD: { rotate: { current: !plain x, next: !plain y } }"), {
      DB_PASSWORD: "x",
      DB_PASSWORD_NEXT: "y",
    });
    assert.deepEqual(await load("MODE: { rotate: { current: x, next: y } }"), { MODE: "x", MODE_NEXT: "y" });
  });

  it("follows the options for the variable that rotates, which do not know the other name", async () => {
    folder.write("a.yaml", "MODE: { rotate: { current: x, next: y } }\nOTHER: z\n");
    assert.deepEqual(await seen(loadEnv("a.yaml", { secret: ["MODE"] })), {
      MODE: { secret: "x" },
      MODE_NEXT: { secret: "y" },
      OTHER: "z",
    });
    assert.deepEqual(loadEnv("a.yaml", { include: ["MODE"] }), { MODE: "x", MODE_NEXT: "y" });
    assert.deepEqual(loadEnv("a.yaml", { exclude: ["MODE"] }), { OTHER: "z" });
    assert.match(
      failureOf(() => loadEnv("a.yaml", { exclude: ["MODE_NEXT"] })),
      /has no MODE_NEXT, which the option exclude names/,
    );
  });

  it("refuses every other form, with its place and without a value", () => {
    const usage = /^a\.yaml:1:\d+: A: a rotation has two values; write rotate: \{ current: !secret NAME, /;
    for (const text of [
      "A: { rotate: { previous: canary } }",
      "A: { rotate: { previous: canary, next: canary } }",
      "A: { rotate: { previous: canary, current: canary, next: canary } }",
      "A: { rotate: canary }",
      "A: { rotate: [canary, canary] }",
      "A: { rotate: { current: canary } }",
      "A: { rotate: { next: canary } }",
      "A: { rotate: { current: canary, next: canary, then: canary } }",
      "A: { rotate: { current: canary, next: canary }, other: canary }",
      "A: !secret { rotate: { current: canary, next: canary } }",
      "A: { rotate: !secret { current: canary, next: canary } }",
      "A: { rotate: { current: canary, current: canary, next: canary } }",
      "A: { rotate: { current: canary, next: canary }, rotate: { current: canary, next: canary } }",
    ])
      assert.match(refused(text), usage, text);
    assert.match(
      refused("A: { rotate: { current: { canary: 1 }, next: canary } }"),
      /^a\.yaml:1:4: A: current has a nested/,
    );
    assert.match(
      refused("A: { rotate: { current: canary, next: !what canary } }"),
      /next has an unknown YAML tag/,
    );
    assert.match(refused("A: { current: canary, next: canary }"), /^a\.yaml:1:4: A: has a nested value/);
  });

  it("refuses a secret together with a value that is not secret", () => {
    const unequal = /^a\.yaml:1:4: A: one of the two values is a secret, and the other one is not/;
    assert.match(refused("A: { rotate: { current: !secret sessionKey, next: canary } }"), unequal);
    assert.match(refused("A: { rotate: { current: canary, next: 'redis://:canary@cache' } }"), unequal);
    assert.match(refused("A: { rotate: { current: !plain canary, next: !secret sessionKey } }"), unequal);
  });

  it("refuses the same variable written by hand, in the same file and in every other layer", () => {
    const reason = (place: string) =>
      `SESSION_KEY_NEXT: ${place} rotates SESSION_KEY, which gives this variable; remove it here`;
    const byHand = "B: 1\nSESSION_KEY_NEXT: canary\n";
    assert.equal(refused(`${rotating}SESSION_KEY_NEXT: canary\n`), `a.yaml:3:1: ${reason("a.yaml:1:1")}`);
    assert.equal(refused(`SESSION_KEY_NEXT: canary\n${rotating}`), `a.yaml:1:1: ${reason("a.yaml:2:1")}`);
    folder.write("layers/base/api.yaml", rotating);
    folder.write("layers/test/api.yaml", byHand);
    folder.write("layers/prod/api.env", "SESSION_KEY_NEXT=canary\n");
    const [base, test, prod] = ["layers/base", "layers/test", "layers/prod"];
    const expected = `layers/test/api.yaml:2:1: ${reason("layers/base/api.yaml:1:1")}`;
    assert.equal(
      failureOf(() => loadEnv([`${base}/api.yaml`, `${test}/api.yaml`])),
      expected,
    );
    assert.equal(
      failureOf(() => loadEnv([`${test}/api.yaml`, `${base}/api.yaml`])),
      expected,
    );
    assert.equal(
      failureOf(() => loadEnvs([base as string, test as string])),
      expected,
    );
    assert.match(
      failureOf(() => loadEnvs([base as string, prod as string])),
      /^layers\/prod\/api\.env:1:1: SESSION_KEY_NEXT: /,
    );
  });

  it("gives the former value in its second step, secret too, and a layer overrides it with the variable", async () => {
    const second =
      "SESSION_KEY: { rotate: { previous: !secret sessionKey, current: !secret sessionKeyNext } }\n";
    const both = { SESSION_KEY: { secret: "b" }, SESSION_KEY_PREVIOUS: { secret: "a" } };
    assert.deepEqual(await load(second), both);
    assert.deepEqual(await load("DB_PASSWORD: { rotate: { previous: x, current: y } }"), {
      DB_PASSWORD: { secret: "y" },
      DB_PASSWORD_PREVIOUS: { secret: "x" },
    });
    assert.match(
      refused(`${second}SESSION_KEY_PREVIOUS: canary\n`),
      /^a\.yaml:2:1: SESSION_KEY_PREVIOUS: .* rotates/,
    );
    folder.write("second/base/api.yaml", second);
    folder.write("second/test/api.yaml", rotating);
    folder.write("second/prod/api.yaml", "SESSION_KEY: !secret other\n");
    const names = (over: string) =>
      [...(readLayersByName(["second/base", over], {}).get("api")?.keys() ?? [])].sort();
    assert.deepEqual(names("second/test"), ["SESSION_KEY", "SESSION_KEY_NEXT"]);
    assert.deepEqual(names("second/prod"), ["SESSION_KEY"]);
  });

  it("a later layer overrides both values, whichever of the two has the rotation", () => {
    folder.write("over/base/api.yaml", `${rotating}LEVEL: info\n`);
    folder.write("over/test/api.yaml", "SESSION_KEY: !secret other\n");
    folder.write("over/prod/api.yaml", "SESSION_KEY: { rotate: { current: !secret x, next: !secret y } }\n");
    const names = (directories: string[]) => {
      const variables = [...(readLayersByName(directories, {}).get("api")?.values() ?? [])];
      return variables
        .map(({ key, value }) => `${key} ${value.kind === "secret" ? value.name : ""}`.trim())
        .sort();
    };
    assert.deepEqual(names(["over/base", "over/test"]), ["LEVEL", "SESSION_KEY other"]);
    assert.deepEqual(names(["over/test", "over/base"]), [
      "LEVEL",
      "SESSION_KEY sessionKey",
      "SESSION_KEY_NEXT sessionKeyNext",
    ]);
    assert.deepEqual(names(["over/base", "over/prod"]), ["LEVEL", "SESSION_KEY x", "SESSION_KEY_NEXT y"]);
  });

  it("an alias in a rotation means what its anchor means", async () => {
    assert.deepEqual(
      await load(
        "OLD: &o !secret sessionKey\nSESSION_KEY: { rotate: { current: *o, next: !secret sessionKeyNext } }",
      ),
      { OLD: { secret: "a" }, SESSION_KEY: { secret: "a" }, SESSION_KEY_NEXT: { secret: "b" } },
    );
  });

  it("a file that its aliases make huge is refused at once", () => {
    const row = Array.from({ length: 1000 }, () => "*a").join(", ");
    const wide = Array.from({ length: 1000 }, () => "*b").join(", ");
    const text = `X: &a [${"1, ".repeat(1000)}]\nY: &b [${row}]\nZ: [${wide}]\nFINE: 1\n`;
    const started = Date.now();
    assert.match(refused(text), /is too large with its aliases resolved|has a nested value/);
    assert.ok(Date.now() - started < 20_000);
  });

  it("describes the first step with the line of the second, and never a value", () => {
    const texts = (text: string, values: Readonly<Record<string, string>> = {}) => {
      folder.write("notices.yaml", text);
      return rotationNotices([...readLayers(["notices.yaml"], {}).values()], ({ key }) => values[key]).map(
        ({ text: said, isWarning }) => `${isWarning ? "warning: " : ""}${said}`,
      );
    };
    folder.write("notices.yaml", rotating);
    const shared = rotationNotices([...readLayers(["notices.yaml"], {}).values()], () => undefined, true);
    assert.match(
      shared[0]?.text ?? "",
      /step 1 of 3: only services that refer to SESSION_KEY_NEXT get the next value\. Step 2/,
    );
    const first =
      "notices.yaml:1:1: SESSION_KEY rotates, step 1 of 3: the service also gets the next value, as SESSION_KEY_NEXT. ";
    assert.deepEqual(texts(rotating, { SESSION_KEY: "a", SESSION_KEY_NEXT: "b" }), [
      `${first}Step 2, after this has been deployed: write SESSION_KEY: { rotate: { previous: !secret sessionKey, current: !secret sessionKeyNext } }`,
    ]);
    assert.deepEqual(texts("SESSION_KEY: { rotate: { current: !secret a, next: !op op://shop/api/key } }"), [
      `${first}Step 2, after this has been deployed: write SESSION_KEY: { rotate: { previous: !secret a, current: !op op://shop/api/key } }`,
    ]);
    assert.deepEqual(texts("SESSION_KEY: { rotate: { current: canary1, next: canary2 } }"), [
      `${first}Step 2, after this has been deployed: write rotate: { previous, current }, with the value of today as previous and the next one as current`,
    ]);
    assert.deepEqual(texts("SESSION_KEY: { rotate: { current: !secret , next: !secret } }"), [
      `${first}Step 2, after this has been deployed: write SESSION_KEY: { rotate: { previous: !secret SESSION_KEY, current: !secret SESSION_KEY_NEXT } }`,
    ]);
    const second =
      "notices.yaml:1:1: SESSION_KEY rotates, step 2 of 3: the service also gets the former value, as SESSION_KEY_PREVIOUS. ";
    assert.deepEqual(texts("SESSION_KEY: { rotate: { previous: !secret a, current: !secret b } }"), [
      `${second}Step 3, after this has been deployed: write SESSION_KEY: !secret b`,
    ]);
    assert.deepEqual(texts("SESSION_KEY: { rotate: { previous: !secret , current: !secret } }"), [
      `${second}Step 3, after this has been deployed: write SESSION_KEY: !secret SESSION_KEY`,
    ]);
    assert.deepEqual(texts("SESSION_KEY: { rotate: { previous: canary1, current: canary2 } }"), [
      `${second}Step 3, after this has been deployed: write the current value alone`,
    ]);
    assert.deepEqual(texts(rotating, { SESSION_KEY: "a", SESSION_KEY_NEXT: "a" }), [
      "warning: notices.yaml:1:1: SESSION_KEY: current and next have the same value, so nothing rotates; set another next value",
    ]);
    assert.deepEqual(
      texts("SESSION_KEY: !secret sessionKey\nSESSION_KEY_NEXT: !secret sessionKeyNext\n"),
      [],
    );
  });

  it("gives the same variables as the two lines written by hand, for all names and values", () => {
    const name = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,12}$/).filter((key) => !key.endsWith("_NEXT"));
    const setting = fc.stringMatching(/^[a-z][a-z0-9]{0,9}$/);
    fc.assert(
      fc.property(name, setting, setting, (key, current, next) => {
        folder.write(
          "rotated.yaml",
          `${key}:\n  rotate: { current: !secret ${current}, next: !secret ${next} }\n`,
        );
        folder.write("written.yaml", `${key}: !secret ${current}\n${key}_NEXT: !secret ${next}\n`);
        const read = (file: string) =>
          [...readLayers([file], {}).values()].map(({ key: its, value }) => [its, value]);
        assert.deepEqual(read("rotated.yaml"), read("written.yaml"));
      }),
      { numRuns: 50 },
    );
  });
});

describe("the contract and a rotation", () => {
  let folder: EnvFolder;
  beforeEach(() => {
    folder = new EnvFolder();
  });
  afterEach(() => folder.remove());

  it("both values must meet the rule of the variable, and no rule names the other one", async () => {
    folder.write("envs/schema.yaml", "services:\n  api:\n    PIN: { pattern: '\\d{4}' }\n");
    folder.write("envs/test/api.yaml", "PIN: { rotate: { current: 1234, next: 4321 } }\n");
    assert.deepEqual(await seen(loadEnv("envs/test/api.yaml")), { PIN: "1234", PIN_NEXT: "4321" });
    folder.write("envs/test/api.yaml", "PIN: { rotate: { previous: 1234, current: 4321 } }\n");
    assert.deepEqual(await seen(loadEnv("envs/test/api.yaml")), { PIN: "4321", PIN_PREVIOUS: "1234" });
    folder.write("envs/test/api.yaml", "PIN: { rotate: { current: 1234, next: canary } }\n");
    assert.match(
      failureOf(() => loadEnv("envs/test/api.yaml")),
      /^envs\/test\/api\.yaml:1:1: PIN_NEXT: does not match the pattern .* \(envs\/schema\.yaml:3:5\)$/,
    );
  });
});
