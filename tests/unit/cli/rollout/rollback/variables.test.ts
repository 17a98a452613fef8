import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { variableChanges } from "../../../../../cli/rollout/rollback/variables";
import { placesOf, readVersion, variablesIn } from "../../../../../cli/rollout/rollback/version";

describe("the earlier variables", () => {
  const places = placesOf("api", "prod", "prod", "envs", "");
  const salt = "encryptionsalt: v1:abc\n";
  const none = { fullName: (name: string) => `shop:${name}`, readersOf: (): string[] => [] };
  const versionOf = (files: Readonly<Record<string, string>>) =>
    readVersion(places, (path) => (files[path] === undefined ? undefined : { path, text: files[path] }));
  const configuration = (value: string, rest = salt) =>
    `${rest}config:\n  shop:token:\n    secure: ${value}\n`;
  const back = (then: Record<string, string>, now: Record<string, string>, settings = none) => {
    const version = versionOf(now);
    return variableChanges(places, versionOf(then), version, version.configuration, settings);
  };
  const file = "envs/prod/api.yaml";

  it("come back for any files, also where those of every stage have changed since", () => {
    const keys = fc.constantFrom("A", "B", "C", "D");
    const values = fc.dictionary(keys, fc.stringMatching(/^[a-z0-9 :#'"]{0,8}$/));
    const text = (env: Readonly<Record<string, string>>) =>
      Object.entries(env)
        .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
        .join("");
    const shown = (variables: ReturnType<typeof variablesIn>) =>
      Object.fromEntries(
        [...variables].map(([key, { value }]) => [key, value.kind === "text" ? value.text : ""]),
      );
    fc.assert(
      fc.property(values, values, values, values, (baseThen, then, baseNow, now) => {
        const base = "envs/base/api.yaml";
        const files = { [base]: text(baseNow), [file]: text(now) };
        const { texts, changes } = back({ [base]: text(baseThen), [file]: text(then) }, files);
        const after = texts.find(({ path }) => path === file)?.text ?? files[file] ?? "";
        const expected = { ...baseNow, ...baseThen, ...then };
        const result = shown(
          variablesIn([
            { path: base, text: text(baseNow) },
            { path: file, text: after },
          ]),
        );
        assert.deepEqual(result, expected);
        assert.equal(texts.length > 0, changes.length > 0);
      }),
    );
  });

  it("have no next value of a rotation that the stage overrides", () => {
    const base = "KEY: { rotate: { current: a, next: b } }\n";
    const version = versionOf({ "envs/base/api.yaml": base, [file]: "KEY: c\n" });
    assert.deepEqual([...(version.variables?.keys() ?? [])], ["KEY"]);
    const { changes, texts } = back(
      { [file]: "KEY: d\n" },
      { "envs/base/api.yaml": base, [file]: "KEY: c\n" },
    );
    assert.deepEqual(changes, [{ key: "KEY", change: "changed" }]);
    assert.deepEqual(texts, [{ path: file, text: "KEY: d\n" }]);
  });

  it("change one by one, while comments and order of now stay; nothing is written where they are the same", () => {
    const then = "# Logs\nB: '1' # one\nA: x\n";
    const now = "# New comment\nA: y # why\n\n# of C\nC: z # gone\nD: !secret d\n# end\n";
    const { texts, changes } = back({ [file]: `${then}D: !env D\n` }, { [file]: now });
    assert.deepEqual(texts, [
      { path: file, text: "# New comment\nA: x # why\n\n# of C\nD: !env D\nB: 1\n# end\n" },
    ]);
    assert.deepEqual(changes, [
      { key: "A", change: "changed" },
      { key: "B", change: "added" },
      { key: "C", change: "removed" },
      { key: "D", change: "changed" },
    ]);
    assert.deepEqual(back({ [file]: then }, { [file]: "A: x\nB: '1'\n" }).texts, []);
  });

  it("come back with the whole file where it is gone, and one by one in a dotenv file", () => {
    const then = "# Logs\nB: '1' # one\n";
    assert.deepEqual(back({ [file]: then }, { "envs/base/api.yaml": "A: x\n" }).texts, [
      { path: file, text: then },
    ]);
    const dotenv = "envs/prod/api.env";
    assert.deepEqual(back({ [dotenv]: "A=1\nB=2\n" }, { [dotenv]: "# new\nA=3 # why\nC=4\n" }).texts, [
      { path: dotenv, text: "# new\nA=1 # why\nB=2\n" },
    ]);
  });

  it("go back to both values of a rotation, and from them to one", () => {
    const rotating = "KEY:\n  rotate:\n    current: !secret a\n    next: !secret b\nX: 1\n";
    const settled = "X: 1\nKEY: !secret b # new\n";
    const second = "KEY:\n  rotate:\n    previous: !secret a\n    current: !secret b\nX: 1\n";
    for (const [then, now] of [
      [rotating, second],
      [second, rotating],
      [second, settled],
      [settled, second],
      [rotating, settled],
      [settled, rotating],
      [rotating, rotating.replace("!secret a", "!secret c")],
      [rotating, "X: 1\n"],
      ["X: 1\n", rotating],
    ] as const) {
      const [after] = back({ [file]: then }, { [file]: now }).texts;
      const values = (source: Parameters<typeof variablesIn>[0][number]) =>
        [...variablesIn([source]).values()]
          .map(({ key, value, rotation }) => [key, value, rotation?.of, rotation?.side])
          .sort();
      assert.deepEqual(values(after), values({ path: file, text: then }));
    }
  });

  it("have generated values as they are now, since no other deployment of them is left", () => {
    const first = "KEY: !generate\n";
    const rotating = "KEY: { rotate: { current: !generate , next: !generate { rotation: 2 } } }\n";
    const second = "KEY: { rotate: { previous: !generate , current: !generate { rotation: 2 } } }\n";
    const settled = "KEY: !generate { rotation: 2 }\n";
    const mixed = "KEY: { rotate: { current: !secret a, next: !generate } }\n";
    const all = [first, rotating, second, settled, mixed, "KEY: !secret a\n"];
    const there = new Map([
      [first, [rotating, second, mixed]],
      [rotating, [first, second, mixed]],
      [second, [rotating, settled]],
      [settled, [rotating, second]],
    ]);
    for (const then of all)
      for (const now of all.slice(0, -1)) {
        if (then === now) continue;
        const { texts, changes, notes } = back({ [file]: `A: x\n${then}` }, { [file]: `A: y\n${now}` });
        assert.deepEqual(
          [texts, changes],
          [[{ path: file, text: `A: x\n${now}` }], [{ key: "A", change: "changed" }]],
        );
        const why = then.includes("!generate") ? "of then no longer exists" : "would be lost";
        const note = there.get(then)?.includes(now)
          ? "rotation goes on, and still has the value of then"
          : `generated value ${why}`;
        assert.deepEqual(notes, [`KEY stays as now: its ${note}`]);
      }
    const base = "envs/base/api.yaml";
    const ofAll = back({ [base]: first, [file]: "A: x\n" }, { [base]: settled, [file]: "A: y\n" });
    assert.deepEqual(ofAll.texts, [{ path: file, text: "A: x\n" }]);
    const lost = back({ [file]: "A: x\n" }, { [file]: `A: x\n${settled}` });
    assert.deepEqual([lost.texts, lost.notes], [[], ["KEY stays as now: its generated value would be lost"]]);
    for (const [then, text] of [
      [settled, "A: x\nKEY: !generate { rotation: 2 }\n"],
      [second, "A: x\nKEY: !generate { rotation: 2 }\n"],
      [rotating, "A: x\nKEY: !generate\n"],
    ] as const) {
      const made = back({ [file]: `A: x\n${then}` }, { [file]: "A: x\n" });
      assert.deepEqual(made.texts, [{ path: file, text }]);
      assert.deepEqual(made.notes, ["KEY gets a new generated value: that of then no longer exists"]);
    }
  });

  it("have a note for each generated value that differs, by name, and none for one that is the same", () => {
    const then = "D: !generate\nC: !generate\nB: !generate\nA: !generate\nE: x\n";
    const now = "D: !generate { rotation: 2 }\nB: !generate { rotation: 2 }\nC: !generate\nE: !generate\n";
    const { notes } = back({ [file]: then }, { [file]: now });
    assert.deepEqual(notes, [
      "B stays as now: its generated value of then no longer exists",
      "D stays as now: its generated value of then no longer exists",
      "E stays as now: its generated value would be lost",
      "A gets a new generated value: that of then no longer exists",
    ]);
    const sides = ["previous: !generate ", "current: !generate { rotation: 2 }"];
    const rotating = (all: readonly string[]) => `KEY: { rotate: { ${all.join(", ")} } }\n`;
    const same = back({ [file]: rotating(sides) }, { [file]: rotating([...sides].reverse()) });
    assert.deepEqual([same.texts, same.notes], [[], []]);
  });

  it("have texts with generated values as they are now, and take back the secrets of other texts", () => {
    const text = (more: string, value: string) =>
      `URL: !text { text: "${more}\${A}", values: { A: ${value} } }\n`;
    const [then, now] = [text("x", "!generate"), text("y", "!generate { rotation: 2 }")];
    const stays = back({ [file]: `A: x\n${then}` }, { [file]: `A: y\n${now}` });
    assert.deepEqual(stays.texts, [{ path: file, text: `A: x\n${now}` }]);
    assert.deepEqual(stays.notes, ["URL stays as now: its generated value of then no longer exists"]);
    const other = back({ [file]: text("x", "!secret token") }, { [file]: text("y", "!secret token") });
    assert.deepEqual(other.texts, [{ path: file, text: text("x", "!secret token") }]);
    const sealed = (value: string) => ({
      ...{ [file]: text("x", "!secret token"), "Pulumi.prod.yaml": configuration(value) },
    });
    assert.deepEqual(back(sealed("v1:old"), sealed("v1:new")).secrets, ["shop:token"]);
  });

  it("are refused with their place where one cannot change alone", () => {
    assert.throws(
      () => back({ [file]: "A: x\n" }, { [file]: "A: &a y\nB: *a\n" }),
      /^FileError: envs\/prod\/api\.yaml:1:\d+: A: has an anchor/,
    );
  });

  it("get their secrets as encrypted then, while other values of the configuration stay", () => {
    const env = { [file]: "TOKEN: !secret token\n" };
    const now = `# Prod\n${configuration("v1:new")}  shop:other: x\n`;
    const { texts, secrets, changes } = back(
      { ...env, "Pulumi.prod.yaml": configuration("v1:old") },
      { ...env, "Pulumi.prod.yaml": now },
    );
    assert.deepEqual(texts, [{ path: "Pulumi.prod.yaml", text: now.replace("v1:new", '"v1:old"') }]);
    assert.deepEqual([secrets, changes], [["shop:token"], [{ key: "TOKEN", change: "changed" }]]);
  });

  it("are each named once, in the order of their names", () => {
    const { changes, secrets } = back(
      { [file]: "Z: !secret token\nB: !secret token\nA: x\n", "Pulumi.prod.yaml": configuration("v1:old") },
      { [file]: "Z: !secret token\nB: y\nA: z\n", "Pulumi.prod.yaml": configuration("v1:new") },
    );
    assert.deepEqual(changes, [
      { key: "A", change: "changed" },
      { key: "B", change: "changed" },
      { key: "Z", change: "changed" },
    ]);
    assert.deepEqual(secrets, ["shop:token"]);
  });

  it("leave a secret that did not exist then, and one that has the same value", () => {
    const env = { [file]: "TOKEN: !secret token\n" };
    const now = { ...env, "Pulumi.prod.yaml": configuration("v1:new") };
    const before = back({ ...env, "Pulumi.prod.yaml": salt }, now);
    assert.deepEqual(
      [before.texts, before.secrets, before.notes],
      [[], [], ["the secret shop:token stays as it is: Pulumi.prod.yaml did not have it then"]],
    );
    const same = back(now, now);
    assert.deepEqual([same.texts, same.changes, same.secrets, same.notes], [[], [], [], []]);
  });

  it("leave secrets that others read, and refuse those of another encryption", () => {
    const env = { [file]: "TOKEN: !secret token\n" };
    const then = { ...env, "Pulumi.prod.yaml": configuration("v1:old") };
    const now = { ...env, "Pulumi.prod.yaml": configuration("v1:new") };
    const shared = back(then, now, { ...none, readersOf: () => ["worker"] });
    assert.deepEqual(
      [shared.texts, shared.notes],
      [[], ["the secret shop:token stays as it is: worker reads it too"]],
    );
    for (const fact of ["encryptionsalt", "encryptedkey", "secretsprovider"]) {
      const of = (value: string, setting: string) => ({
        ...env,
        "Pulumi.prod.yaml": configuration(setting, `${fact}: ${value}\n`),
      });
      assert.throws(
        () => back(of("one", "v1:old"), of("other", "v1:new")),
        /the encryption of Pulumi\.prod\.yaml has changed since/,
        fact,
      );
      assert.deepEqual(back(of("one", "v1:old"), of("one", "v1:new")).secrets, ["shop:token"]);
    }
  });

  it("are refused where the repository did not have them, or had them in another file", () => {
    assert.throws(() => back({}, { [file]: "A: x\n" }), /its commit has no variables of it in envs/);
    assert.throws(
      () => back({ "envs/prod/api.env": "A=x\n" }, { [file]: "A: x\n" }),
      /were in envs\/prod\/api\.env, and are in envs\/prod\/api\.yaml/,
    );
    assert.match(back({}, {}).notes[0] ?? "", /^envs has no variables of api: those in the program stay$/);
  });

  it("say which values are not in the repository", () => {
    const { notes } = back({ [file]: "KEY: !env CI_KEY\nA: x\n" }, { [file]: "A: x\n" });
    assert.deepEqual(notes, ["the values of KEY come from outside the files, so they stay as they are now"]);
  });

  it("name services as they are called now, and are read in the files of their former names", () => {
    const names = {
      formerOf: (name: string) => (name === "api" ? ["rest", "backend"] : []),
      present: new Map([...["rest", "backend"].map((name) => [name, "api"] as const), ["web", "site"]]),
    };
    const app = "services/backend/dokploy-app.yaml";
    const files: Readonly<Record<string, string>> = {
      [app]: "kind: application\nimage: acme/api:1\n",
      "services/api/dokploy-app.yaml": "kind: redis\n",
      "Pulumi.prod.yaml": "config:\n  dokploy:imageTags: { api: '7', backend: '1' }\n",
      "envs/prod/api.yaml": "A: of another service\n",
      "envs/prod/backend.yaml":
        "A: !ref web\nB: !ref web:3000/web\nC: !ref web.app:80\nD: !ref web://web:80\nE: !ref webby:80\n" +
        "F: !ref backend:1\nrest: x\nG: !ref rest\nH: web\n",
    };
    const read = (path: string) => (files[path] === undefined ? undefined : { path, text: files[path] });
    const { tag, app: own, ownVariables } = readVersion({ ...places, names }, read);
    assert.deepEqual([tag, own?.path], ["1", app]);
    const texts = [...ownVariables.values()].map(({ value }) =>
      value.kind === "address" ? value.reference.text : value.kind === "text" ? value.text : "",
    );
    const addresses = ["${{site}}", "site:3000/web", "site.app:80", "web://site:80", "webby:80", "api:1"];
    assert.deepEqual(texts, [...addresses, "x", "${{rest}}", "web"]);
  });

  it("need no note where all that services share is the same", () => {
    const files = { [file]: "A: x\n", "envs/base/shared.yaml": "S: x\n" };
    assert.deepEqual(back(files, { ...files, [file]: "A: y\n" }).notes, []);
  });

  it("name what stays: variables of every stage that are new, and those that services share", () => {
    const { notes } = back(
      { [file]: "A: x\n", "envs/prod/shared.yaml": "S: canary\n" },
      { [file]: "A: x\n", "envs/base/api.yaml": "NEW: canary\n", "envs/prod/shared.yaml": "S: y\n" },
    );
    assert.match(
      notes.join("\n"),
      /services share stay as they are; changed since then: S\nenvs\/base\/api\.yaml has given NEW/,
    );
    assert.doesNotMatch(notes.join("\n"), /canary/);
  });
});
