import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { z } from "zod";
import { secret } from "../../../provider/pulumi/secret";
import { applicationSchema } from "../../../provider/resources/application";
import { keyChanges } from "../../../provider/schema/changes";
import { bytesToSize, cpusToNano, nanoToCpus, sizeToBytes } from "../../../provider/schema/fields";
import { Mapping } from "../../../provider/schema/mapping";

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
  it("writes the columns of the inputs that are given, and no others", () => {
    assert.deepEqual(mapping.columns({ ...docker, resources: { memoryLimit: "1GiB", cpuLimit: 0.5 } }), {
      name: "api",
      sourceType: "docker",
      dockerImage: "api:1",
      memoryLimit: "1073741824",
      cpuLimit: "500000000",
    });
  });

  it("uses only the fields of the arm that the tag names", () => {
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

  it("finds nothing to write when the row holds what the program asks for", () => {
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

  it("puts Dokploy's default back when an input is taken out of the program", () => {
    const olds = { ...docker, replicas: 3, command: "run", source: { ...docker.source, password: "p" } };
    assert.deepEqual(mapping.delta({ ...row, replicas: 3, command: "run", password: "p" }, docker, olds), {
      replicas: 1,
      command: null,
      password: null,
    });
  });

  it("leaves variables as they are when env is taken out of the program, and clears them on {}", () => {
    const olds = { ...docker, env: { A: "1" } };
    assert.deepEqual(mapping.delta({ ...row, env: "A=1" }, docker, olds), {});
    assert.deepEqual(mapping.delta({ ...row, env: "A=1" }, { ...docker, env: {} }, olds), { env: "" });
  });

  it("takes over a column that two arms share", () => {
    const olds = { ...docker, build: { type: "static", publishDirectory: "dist" } };
    const news = { ...docker, build: { type: "nixpacks", publishDirectory: "out" } };
    const observed = { ...row, buildType: "static", publishDirectory: "dist", isStaticSpa: null };
    assert.deepEqual(mapping.delta(observed, news, olds), { buildType: "nixpacks", publishDirectory: "out" });
  });
});

describe("reading a row back into inputs", () => {
  it("keeps what equals the old input exactly as it was written", () => {
    const olds = { ...docker, resources: { memoryLimit: "0.5GiB" }, env: { A: "1" } };
    assert.deepEqual(mapping.readBack({ ...row, memoryLimit: "536870912", env: "A='1'" }, olds), olds);
  });

  it("does not take up what the program does not manage", () => {
    assert.deepEqual(mapping.readBack({ ...row, replicas: 9, command: "x", env: "A=1" }, docker), docker);
  });

  it("shows a variable changed, added and removed by hand on its own key, and marks it secret", () => {
    const olds = { ...docker, env: { SAME: "1", CHANGED: "1", GONE: "1" } };
    const live = mapping.readBack({ ...row, env: "SAME=1\nCHANGED=2\nNEW=3" }, olds);
    assert.deepEqual(live["env"], { SAME: "1", CHANGED: secret("2"), NEW: secret("3") });
  });

  it("shows an input that was cleared by hand as gone", () => {
    const live = mapping.readBack(row, { ...docker, resources: { memoryLimit: "1GiB" } });
    assert.deepEqual(live["resources"], {});
  });

  it("shows the new arm after a union was switched by hand, without fields of the old one", () => {
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

  it("sees an optional input that was taken out", () => {
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

  it("ignores import, whether it comes or goes", () => {
    assert.deepEqual(paths({ ...docker, import: "a1" }, docker), []);
    assert.deepEqual(paths(docker, { ...docker, import: "a1" }), []);
  });

  it("replaces on another server, and never because a value is not known yet", () => {
    const replaces = (olds: object, news: object) =>
      mapping.changes(olds, news).map(({ replace }) => replace);
    assert.deepEqual(replaces({ ...docker, serverId: "s1" }, { ...docker, serverId: "s2" }), [true]);
    assert.deepEqual(replaces({ ...docker, serverId: "s1" }, docker), [true]);
    assert.deepEqual(replaces({ ...docker, serverId: "s1" }, { ...docker, serverId: runtime.unknownValue }), [
      false,
    ]);
  });

  it("knows how strong an application each change needs", () => {
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

  it("takes a map that is not known yet for a change without keys", () => {
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
  it("converts what people write to what Dokploy keeps, and back", () => {
    assert.equal(sizeToBytes("512MiB"), "536870912");
    assert.equal(sizeToBytes("1.5GB"), "1500000000");
    assert.equal(sizeToBytes("100B"), "100");
    assert.equal(bytesToSize("536870912"), "512MiB");
    assert.equal(bytesToSize("1500000000"), "1500000000B");
    assert.equal(cpusToNano(0.5), "500000000");
    assert.equal(nanoToCpus("1500000000"), 1.5);
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

  it("change where a part, a property or the whole is not known yet", () => {
    assert.deepEqual(change({ a: smtp }, { a: unknown })[0]?.keys?.changed, ["a"]);
    assert.deepEqual(change({ a: smtp }, { a: { ...smtp, targetPort: unknown } })[0]?.keys?.changed, ["a"]);
    assert.deepEqual(change({ a: smtp }, unknown as unknown as object)[0]?.keys, undefined);
    assert.equal(change({ a: smtp }, unknown as unknown as object)[0]?.apply, "reload");
  });

  it("need nothing where the fields that change need nothing", () => {
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
