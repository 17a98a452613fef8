import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { z } from "zod";
import { secret } from "../../../provider/pulumi";
import { applicationSchema } from "../../../provider/resources";
import { at, keyChanges, Mapping } from "../../../provider/schema";

const mapping = new Mapping(applicationSchema);
const docker = { name: "api", environmentId: "e1", source: { type: "docker", image: "api:1" } };
const row = {
  name: "api",
  sourceType: "docker",
  dockerImage: "api:1",
  username: null,
  password: null,
  replicas: 1,
  memoryLimit: null,
  env: null,
  buildType: "nixpacks",
};

describe("mapping between inputs and columns", () => {
  it("compiles a schema once", () => {
    assert.equal(new Mapping(applicationSchema)["leaves"], mapping["leaves"]);
  });

  it("writes the columns of the inputs that are given, and no others", () => {
    assert.deepEqual(mapping.columns({ ...docker, resources: { memoryLimit: "1GiB", cpuLimit: 0.5 } }), {
      name: "api",
      sourceType: "docker",
      dockerImage: "api:1",
      memoryLimit: "1073741824",
      cpuLimit: "500000000",
    });
  });

  it("shows everything in a row including defaults, its secrets separately, without its variables", () => {
    const { inputs, secrets } = mapping.shown({
      ...row,
      memoryLimit: "536870912",
      password: "canary",
      env: "TOKEN=canary",
    });
    assert.deepEqual(inputs["source"], { type: "docker", image: "api:1" });
    assert.deepEqual(inputs["resources"], { memoryLimit: "512MiB" });
    assert.equal(inputs["replicas"], 1);
    assert.ok("swarm" in inputs && inputs["swarm"] === undefined, "it has none");
    assert.ok(!("env" in inputs) && !JSON.stringify(inputs).includes("canary"));
    assert.deepEqual(secrets["source"], { password: "canary" });
  });

  it("uses only the fields of the member that the tag names", () => {
    const columns = mapping.columns({
      source: { type: "git", url: "https://x/y.git", branch: "main", buildPath: "/a" },
    });
    assert.deepEqual(columns, {
      sourceType: "git",
      customGitUrl: "https://x/y.git",
      customGitBranch: "main",
      customGitBuildPath: "/a",
    });
  });

  it("finds nothing to write when the row matches the program", () => {
    assert.deepEqual(mapping.delta(row, docker), {});
    assert.deepEqual(
      mapping.delta(
        { ...row, memoryLimit: "536870912" },
        { ...docker, resources: { memoryLimit: "0.5GiB" } },
      ),
      {},
    );
    assert.deepEqual(
      mapping.delta({ ...row, env: "B=2\n# c\nA=1\n" }, { ...docker, env: { A: "1", B: "2" } }),
      {},
    );
  });

  it("writes an input that was changed by hand even when the program did not change", () => {
    assert.deepEqual(mapping.delta({ ...row, dockerImage: "evil:1" }, docker, docker), {
      dockerImage: "api:1",
    });
  });

  it("restores Dokploy's default when an input is removed from the program", () => {
    const olds = { ...docker, replicas: 3, command: "run", source: { ...docker.source, password: "p" } };
    assert.deepEqual(mapping.delta({ ...row, replicas: 3, command: "run", password: "p" }, docker, olds), {
      replicas: 1,
      command: null,
      password: null,
    });
  });

  it("treats a missing text like an empty one: Dokploy has either by default", () => {
    const logo = z
      .string()
      .optional()
      .meta({ field: { column: "logo", apply: "none", reset: "" } });
    const own = new Mapping(z.object({ logo }));
    assert.deepEqual(own.delta({ logo: null }, {}, { logo: "a.png" }), {});
    assert.deepEqual(own.delta({ logo: "" }, {}, { logo: "a.png" }), {});
    assert.deepEqual(own.delta({ logo: "b.png" }, {}, { logo: "a.png" }), { logo: "" });
    assert.deepEqual(own.readBack({ logo: null }, {}), {});
    assert.deepEqual(own.delta({ logo: null }, { logo: "a.png" }), { logo: "a.png" });
  });

  it("leaves variables as they are when env is removed from the program, and clears them on {}", () => {
    const olds = { ...docker, env: { A: "1" } };
    assert.deepEqual(mapping.delta({ ...row, env: "A=1" }, docker, olds), {});
    assert.deepEqual(mapping.delta({ ...row, env: "A=1" }, { ...docker, env: {} }, olds), { env: "" });
  });

  it("keeps a column that two members of the union share", () => {
    const olds = { ...docker, build: { type: "static", publishDirectory: "dist" } };
    const news = { ...docker, build: { type: "nixpacks", publishDirectory: "out" } };
    const observed = { ...row, buildType: "static", publishDirectory: "dist", isStaticSpa: null };
    assert.deepEqual(mapping.delta(observed, news, olds), { buildType: "nixpacks", publishDirectory: "out" });
  });
});

describe("reading a row back into inputs", () => {
  it("keeps a value that equals the old input exactly as it was written", () => {
    const olds = { ...docker, resources: { memoryLimit: "0.5GiB" }, env: { A: "1" } };
    assert.deepEqual(mapping.readBack({ ...row, memoryLimit: "536870912", env: "A='1'" }, olds), olds);
  });

  it("does not read inputs that the program does not manage", () => {
    assert.deepEqual(mapping.readBack({ ...row, replicas: 9, command: "x", env: "A=1" }, docker), docker);
  });

  it("shows a variable changed, added and removed by hand on its own key, and marks it secret", () => {
    const olds = { ...docker, env: { SAME: "1", CHANGED: "1", GONE: "1" } };
    const live = mapping.readBack({ ...row, env: "SAME=1\nCHANGED=2\nNEW=3" }, olds);
    assert.deepEqual(live["env"], { SAME: "1", CHANGED: secret("2"), NEW: secret("3") });
  });

  it("shows an input that was cleared by hand as missing", () => {
    const live = mapping.readBack(row, { ...docker, resources: { memoryLimit: "1GiB" } });
    assert.deepEqual(live["resources"], {});
  });

  it("shows the new member after a union was switched by hand, without fields of the old one", () => {
    const live = mapping.readBack(
      { ...row, sourceType: "git", customGitUrl: "https://u:p@x/y.git", customGitBranch: "main" },
      { ...docker, source: { type: "docker", image: "api:1", username: "u" } },
    );
    assert.deepEqual(live["source"], { type: "git", url: secret("https://u:p@x/y.git"), branch: "main" });
  });
});

describe("changes between two versions of the inputs", () => {
  const paths = (olds: object, news: object) => mapping.changes(olds, news).map(({ path }) => path);

  it("names each input by its path, and the keys of maps", () => {
    const changes = mapping.changes(
      { ...docker, env: { A: "1", B: "2" } },
      { ...docker, source: { type: "docker", image: "api:2" }, env: { A: "9", C: "3" } },
    );
    assert.deepEqual(
      changes.map(({ path, keys }) => [path, keys]),
      [
        ["source.image", undefined],
        ["env", { added: ["C"], changed: ["A"], removed: ["B"] }],
      ],
    );
  });

  it("notices an optional input that was removed", () => {
    assert.deepEqual(paths({ ...docker, replicas: 2 }, docker), ["replicas"]);
  });

  it("sees no change in another way to write the same size, or another order of a map", () => {
    const resources = (memoryLimit: string) => ({ ...docker, resources: { memoryLimit } });
    assert.deepEqual(paths(resources("512MiB"), resources("0.5GiB")), []);
    assert.deepEqual(
      paths({ ...docker, env: { A: "1", B: "2" } }, { ...docker, env: { B: "2", A: "1" } }),
      [],
    );
  });

  it("ignores import when it is added or removed", () => {
    assert.deepEqual(paths({ ...docker, import: "a1" }, docker), []);
    assert.deepEqual(paths(docker, { ...docker, import: "a1" }), []);
  });

  it("replaces for another server, and never because a value is not known yet", () => {
    const replaces = (olds: object, news: object) =>
      mapping.changes(olds, news).map(({ replace }) => replace);
    assert.deepEqual(replaces({ ...docker, serverId: "s1" }, { ...docker, serverId: "s2" }), [true]);
    assert.deepEqual(replaces({ ...docker, serverId: "s1" }, docker), [true]);
    assert.deepEqual(replaces({ ...docker, serverId: "s1" }, { ...docker, serverId: runtime.unknownValue }), [
      false,
    ]);
  });

  it("knows the action that each change needs", () => {
    const apply = (news: object) => mapping.changes(docker, { ...docker, ...news }).map(({ apply }) => apply);
    assert.deepEqual(apply({ description: "d" }), ["none"]);
    assert.deepEqual(apply({ replicas: 2 }), ["reload"]);
    assert.deepEqual(apply({ env: { A: "1" } }), ["deploy"]);
    assert.deepEqual(apply({ source: { type: "docker", image: "api:2" } }), ["deploy"]);
  });

  it("applies nothing when variables are only released", () => {
    assert.deepEqual(
      mapping.changes({ ...docker, env: { A: "1" } }, docker).map(({ apply }) => apply),
      ["none"],
    );
  });

  it("treats an unknown map as a change without keys", () => {
    assert.deepEqual(keyChanges({ A: "1" }, runtime.unknownValue), {
      added: [],
      changed: [],
      removed: ["A"],
    });
    assert.deepEqual(paths({ ...docker, env: { A: "1" } }, { ...docker, env: runtime.unknownValue }), [
      "env",
    ]);
  });
});

describe("sizes and CPUs", () => {
  it("converts sizes as people write them to Dokploy's form, and back", () => {
    const forms: [input: object, column: object, shown?: object][] = [
      [{ memoryLimit: "512MiB" }, { memoryLimit: "536870912" }],
      [{ memoryLimit: "1.5GB" }, { memoryLimit: "1500000000" }, { memoryLimit: "1500000000B" }],
      [{ memoryReservation: "100B" }, { memoryReservation: "100" }],
      [{ cpuLimit: 0.5 }, { cpuLimit: "500000000" }],
      [{ cpuReservation: 1.5 }, { cpuReservation: "1500000000" }],
    ];
    for (const [resources, column, shown = resources] of forms) {
      assert.deepEqual(mapping.columns({ resources }), column);
      assert.deepEqual(mapping.shown({ ...row, ...column }).inputs["resources"], shown);
    }
  });
});

describe("inputs of every kind", () => {
  const unknown = runtime.unknownValue;
  const spec = (column: string, more: object = {}) => ({
    field: { column, apply: "none" as const, ...more },
  });
  const own = new Mapping(
    z.strictObject({
      name: z.string().meta(spec("label", { reset: "none", minApply: "none" })),
      key: z
        .string()
        .optional()
        .meta(spec("apiKey", { writeOnly: true, secret: true })),
      other: z
        .string()
        .optional()
        .meta({ field: { apply: "none", writeOnly: true } }),
      note: z
        .string()
        .optional()
        .meta(spec("note", { secret: "maybe", reset: null })),
      size: z
        .string()
        .optional()
        .meta(
          spec("bytes", { write: (text: string) => `${text}!`, read: (text: string) => text.slice(0, -1) }),
        ),
      only: z
        .string()
        .optional()
        .meta(spec("only", { createOnly: true })),
      checked: z
        .string()
        .optional()
        .meta(spec("checked", { checkOnly: true })),
      fixed: z
        .string()
        .optional()
        .meta(spec("fixed", { replace: true, reset: "usual" })),
      url: z
        .string()
        .optional()
        .meta(spec("url", { secret: "login" })),
      env: z
        .record(z.string(), z.string())
        .optional()
        .meta(spec("env", { env: "build", secret: "maybe" })),
      either: z
        .record(z.string(), z.string())
        .optional()
        .meta(spec("either", { env: () => ["application", "stack"], minApply: "reload", apply: "deploy" })),
      inner: z
        .strictObject({
          deep: z
            .string()
            .optional()
            .meta(spec("deep", { reset: null })),
        })
        .optional(),
    }),
  );

  it("are kept under their columns, with their conversions", () => {
    const inputs = { name: "n", key: "k", size: "1", other: "o", inner: { deep: "d" }, env: { A: "1" } };
    assert.deepEqual(own.columns(inputs), { label: "n", apiKey: "k", bytes: "1!", deep: "d", env: "A=1" });
    assert.deepEqual(own.writeOnly(inputs), { apiKey: "k" });
    assert.deepEqual(own.writeOnly({ name: "n" }), {});
    assert.deepEqual(
      own.hidden(inputs).map(({ path }) => path),
      ["key", "other"],
    );
    assert.deepEqual(own.hidden({ name: "n" }), []);
  });

  it("of an existing object are those that differ from the defaults", () => {
    const row = { label: "none", apiKey: "canary", note: "", bytes: "1!", only: "", fixed: null, env: "A=1" };
    const found = own.existing({ ...row, url: "https://me:canary@db", deep: "d" }, { id: "i" });
    const url = "https://me:canary@db";
    assert.deepEqual(found, {
      inputs: { id: "i", size: "1", url, env: { A: "1" }, inner: { deep: "d" } },
      secrets: [["url"]],
      maybeSecrets: [["env", "A"]],
      hidden: [["key"]],
    });
    const set = own.existing({ label: "n", note: "text", fixed: "other", only: "o", url: "https://db" });
    assert.deepEqual(set.inputs, { name: "n", note: "text", fixed: "other", only: "o", url: "https://db" });
    assert.deepEqual(set.secrets, []);
    assert.deepEqual(own.existing({ label: "none", fixed: "usual" }).inputs, {});
  });

  it("of an existing object are no empty lists and maps, unless they have a default", () => {
    const lists = new Mapping(
      z.strictObject({
        list: z.array(z.string()).optional().meta(spec("list")),
        map: z.record(z.string(), z.string()).optional().meta(spec("map")),
        some: z
          .array(z.string())
          .optional()
          .meta(spec("some", { reset: ["a"] })),
      }),
    );
    assert.deepEqual(lists.existing({ list: [], map: {}, some: [] }).inputs, { some: [] });
    assert.deepEqual(lists.existing({ list: ["b"], map: { c: "d" }, some: ["a"] }).inputs, {
      list: ["b"],
      map: { c: "d" },
    });
  });

  it("that are not given have the defaults of their columns", () => {
    assert.deepEqual(own.defaults({ name: "n" }), { note: null, fixed: "usual", deep: null });
    assert.deepEqual(own.defaults({ note: "text", inner: { deep: "d" } }), { label: "none", fixed: "usual" });
  });

  it("are shown without variables, and without what Dokploy never shows", () => {
    const row = { label: "n", apiKey: "canary", note: "text", bytes: "1!", env: "A=canary", deep: "d" };
    const { inputs, secrets } = own.shown(row);
    const given = (values: object) => Object.entries(values).filter(([, value]) => value !== undefined);
    assert.deepEqual(given(inputs), [
      ["name", "n"],
      ["size", "1"],
      ["fixed", "usual"],
      ["inner", { deep: "d" }],
    ]);
    assert.deepEqual(given(secrets), [["note", "text"]]);
  });

  it("are not known inside of an object that is not", () => {
    assert.equal(at({ source: unknown }, ["source", "image"]), unknown);
    assert.equal(at({ source: "text" }, ["source", "image"]), undefined);
  });

  it("are forgotten if Dokploy never shows them, and all others are kept", () => {
    const nested = new Mapping(
      z.strictObject({
        key: z.string().meta(spec("key", { writeOnly: true })),
        from: z
          .discriminatedUnion("type", [
            z.strictObject({
              type: z.literal("a"),
              url: z.string().meta(spec("url")),
              token: z.string().meta(spec("token", { writeOnly: true })),
            }),
          ])
          .meta(spec("type")),
      }),
    );
    const inputs = { key: "k", from: { type: "a", url: "u", token: "t" } };
    assert.deepEqual(nested.forgetting(inputs, inputs), { key: undefined, from: { type: "a", url: "u" } });
    assert.equal(inputs.from.token, "t");
  });

  it("distinguish objects by their columns, including missing and unknown ones", () => {
    assert.deepEqual(own.keyed({ name: "n", size: "1" }, ["name", "size", "inner.deep", "other"]), {
      label: "n",
      bytes: "1!",
      deep: null,
    });
    assert.deepEqual(own.keyed({ size: unknown }, ["name", "size"]), { label: "none", bytes: unknown });
  });

  it("that Dokploy never shows are neither compared nor read back", () => {
    const row = { label: "n", apiKey: null, bytes: "1!", deep: null };
    const inputs = { name: "n", key: "k", size: "1" };
    assert.deepEqual(own.delta(row, inputs), {});
    assert.deepEqual(own.readBack(row, inputs), inputs);
  });

  it("that cannot change in place are not written, and change only where they differ", () => {
    assert.deepEqual(own.delta({ fixed: "a" }, { fixed: "b" }), {});
    assert.deepEqual(own.delta({ fixed: "a" }, {}, { fixed: "a" }), {});
    const isReplaced = (olds: object, news: object) => own.changes(olds, news).map(({ replace }) => replace);
    assert.deepEqual(isReplaced({ fixed: "a" }, { fixed: "b" }), [true]);
    assert.deepEqual(isReplaced({ fixed: "a" }, {}), [true]);
    assert.deepEqual(isReplaced({ fixed: "usual" }, {}), [false], "as it is without being given");
    assert.deepEqual(isReplaced({}, { fixed: "usual" }), [false]);
    assert.deepEqual(isReplaced({ name: "a" }, { name: "b" }), [false]);
  });

  it("that only a creation or a check takes never change", () => {
    assert.deepEqual(own.changes({ only: "a", checked: "a" }, { only: "b" }), []);
  });

  it("that are given for the first time are marked as new", () => {
    const begins = (olds: object, news: object) =>
      own.changes(olds, news).map((change) => "begins" in change);
    assert.deepEqual(begins({}, { note: "x" }), [true]);
    assert.deepEqual(begins({ note: "y" }, { note: "x" }), [false]);
    assert.deepEqual(begins({ note: "y" }, {}), [false]);
  });

  it("need their action or a weaker one on request; nothing if they stay unchanged", () => {
    const needs = (olds: object, news: object) =>
      own.changes(olds, news).map(({ path, input, apply, minApply }) => [path, input, apply, minApply]);
    assert.deepEqual(needs({}, { either: {} }), [["either", "either", "deploy", "reload"]]);
    assert.deepEqual(needs({ either: {} }, {}), [["either", "either", "none", "none"]]);
    assert.deepEqual(needs({}, { inner: { deep: "x" } }), [["inner.deep", "inner", "none", "none"]]);
    assert.deepEqual(own.changeOf("either", keyChanges({}, { A: "1" })), {
      path: "either",
      input: "either",
      apply: "deploy",
      minApply: "reload",
      replace: false,
      keys: { added: ["A"], changed: [], removed: [] },
    });
    assert.equal(own.changeOf("env", keyChanges({}, {})).minApply, "none");
    assert.throws(() => own.changeOf("envs", keyChanges({}, {})), /has no input envs/);
  });

  it("of variables are known with all possible targets", () => {
    assert.deepEqual(own.variables(), ["env", "either"]);
    const all = own.envs({ env: { A: "1" }, either: unknown, name: "n" });
    assert.deepEqual(all, [
      { path: "env", target: "build", maybe: ["build"], value: { A: "1" }, sharesText: false },
      {
        path: "either",
        target: "application",
        maybe: ["application", "stack"],
        value: unknown,
        sharesText: false,
      },
    ]);
    assert.deepEqual(own.envs({ name: "n" }), []);
  });

  it("are read and written in the dialect of the server", () => {
    const there = own.in((target) =>
      target === "build" ? "compose" : target === "stack" ? "shared" : target,
    );
    assert.deepEqual(
      there.envs({ env: {}, either: {} }).map(({ maybe }) => maybe),
      [["compose"], ["application", "shared"]],
    );
  });

  it("of variables become texts, with the names that the program owns", () => {
    const inputs = { name: "n", env: { A: "1", B: "2" }, either: {} };
    assert.deepEqual(own.texts({ label: "n", env: "A=1", either: null }, inputs), [
      { input: "env", text: "A=1", target: "build", owned: ["A", "B"] },
    ]);
  });

  it("that are secret are named, and differences on the server are hidden", () => {
    assert.deepEqual(own.secretByNature(), { always: ["key"], login: ["url"] });
    const row = { label: "x", note: "theirs", env: "A=2\nB=1" };
    assert.deepEqual(own.readBack(row, { name: "n", note: "mine", env: { A: "1", B: "1" } }), {
      name: "x",
      note: secret("theirs"),
      env: { A: secret("2"), B: "1" },
    });
    assert.deepEqual(
      own.readBack({ ...row, note: null, env: null }, { name: "x", note: "m", env: { A: "1" } }),
      {
        name: "x",
        env: {},
      },
    );
  });

  it("contain secrets: marked values, values that look secret, and parts of texts", () => {
    const inputs = {
      name: "name-1",
      key: "key-1",
      note: "note-1",
      url: "https://me:hunter22@example.com/",
      env: { PLAIN: "plain-1", DB_PASSWORD: "pw-1", WAIT: unknown, N: 5 },
      inner: { deep: "deep-1" },
    };
    const all = own.secrets(inputs);
    assert.deepEqual(all, ["key-1", "note-1", inputs.url, "plain-1", "pw-1"]);
    const some = own.secrets(inputs, (text) => text === "note-1");
    assert.ok(!some.includes("plain-1") && !some.includes("name-1"), some.join());
    for (const text of ["note-1", "pw-1"]) assert.ok(some.includes(text), some.join());
    assert.ok(
      some.some((text) => text.includes("hunter22")),
      some.join(),
    );
    assert.deepEqual(own.secrets({ key: unknown }), []);
  });

  it("are reset when they are removed, or stay", () => {
    assert.deepEqual(
      own.delta({ label: "n", deep: "d", note: "x" }, {}, { inner: { deep: "d" }, note: "x" }),
      {
        deep: null,
        note: null,
      },
    );
    assert.deepEqual(
      own.delta({ deep: null }, { inner: {} }, { inner: { deep: "d" } }),
      {},
      "it has that already",
    );
    assert.deepEqual(own.delta({ bytes: "2!" }, {}, { size: "1" }), {}, "it stays as it is");
    assert.deepEqual(own.delta({ label: "a" }, { name: "b" }, { name: "a" }), { label: "b" });
  });
});

describe("maps of parts among the inputs", () => {
  const unknown = runtime.unknownValue;
  const change = (olds: object | undefined, news: object | undefined, of = mapping) =>
    of.changes(olds ? { ports: olds } : {}, news ? { ports: news } : {});
  const smtp = { publishedPort: 25, targetPort: 2525 };
  const dns = { publishedPort: 53, targetPort: 53, protocol: "udp" };

  it("change by the names of the parts, with what they need", () => {
    assert.deepEqual(
      change({ "25/tcp": smtp, old: dns }, { new: dns, "25/tcp": { ...smtp, targetPort: 26 } }),
      [
        {
          path: "ports",
          input: "ports",
          apply: "reload",
          minApply: "reload",
          replace: false,
          within: new Map([["25/tcp", ["targetPort"]]]),
          keys: { added: ["new"], changed: ["25/tcp"], removed: ["old"] },
        },
      ],
    );
  });

  it("do not change by their order, nor by a list that is given and empty", () => {
    assert.deepEqual(change({ a: smtp, b: dns }, { b: { ...dns }, a: { ...smtp } }), []);
    assert.deepEqual(change(undefined, {}), []);
    assert.deepEqual(change({}, undefined), []);
  });

  it("change if a part, a property or the whole is not known yet", () => {
    assert.deepEqual(change({ a: smtp }, { a: unknown })[0]?.keys?.changed, ["a"]);
    assert.deepEqual(change({ a: smtp }, { a: { ...smtp, targetPort: unknown } })[0]?.keys?.changed, ["a"]);
    assert.deepEqual(change({ a: smtp }, unknown as unknown as object)[0]?.keys, undefined);
    assert.equal(change({ a: smtp }, unknown as unknown as object)[0]?.apply, "reload");
  });

  it("need nothing if the fields that change need nothing", () => {
    const field = (apply: "none" | "deploy") => z.string().meta({ field: { column: "c", apply } });
    const part = z.strictObject({ note: field("none"), image: field("deploy") });
    const own = new Mapping(
      z.strictObject({ ports: z.record(z.string(), part).meta({ field: { apply: "deploy" } }) }),
    );
    const olds = { a: { note: "x", image: "y" } };
    assert.equal(change(olds, { a: { note: "z", image: "y" } }, own)[0]?.apply, "none");
    assert.equal(change(olds, { a: { note: "z", image: "z" } }, own)[0]?.apply, "deploy");
    assert.equal(change(olds, {}, own)[0]?.apply, "deploy");
  });

  it("hold secrets that no log may show", () => {
    const part = z.strictObject({
      user: z.string().meta({ field: { column: "user", apply: "none" } }),
      password: z.string().meta({ field: { column: "password", apply: "none", secret: true } }),
    });
    const own = new Mapping(
      z.strictObject({ logins: z.record(z.string(), part).meta({ field: { apply: "none" } }) }),
    );
    assert.deepEqual(own.secrets({ logins: { a: { user: "bot", password: "canary-1" }, b: unknown } }), [
      "canary-1",
    ]);
  });
});
