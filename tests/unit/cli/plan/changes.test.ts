import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { planOf, readPreview, render } from "../../../../cli/plan";
import { wholeMap } from "../../../../cli/plan/changes";
import { enginePath, parsePath } from "../../../../cli/plan/values";
import { serverNotice } from "../../../../provider/dokploy";
import { diagnosticOf } from "../../../../provider/pulumi";

describe("a map of variables that a plan reports as a whole", () => {
  const secret = "[secret]";
  const changes = (old: unknown, now: unknown) =>
    wholeMap("env", old, now, "update").map(({ key, change }) => [key, change]);

  it("names each new, missing or different key, and no equal one", () => {
    assert.deepEqual(changes({ A: "1", B: "1", C: "1" }, { B: "2", C: "1", D: "1" }), [
      ["A", "delete"],
      ["B", "update"],
      ["D", "add"],
    ]);
  });

  it("names each key of a new or missing map", () => {
    assert.deepEqual(changes(undefined, { A: "1" }), [["A", "add"]]);
    assert.deepEqual(changes({ A: "1" }, undefined), [["A", "delete"]]);
    assert.deepEqual(changes(undefined, undefined), [[undefined, "update"]]);
  });

  it("names every secret, since two secrets look the same", () => {
    assert.deepEqual(changes({ TOKEN: secret, LOG: "info" }, { TOKEN: secret, LOG: "info" }), [
      ["TOKEN", "update"],
    ]);
    assert.deepEqual(changes({ TOKEN: secret }, { TOKEN: "clear" }), [["TOKEN", "update"]]);
    assert.deepEqual(changes({ TOKEN: "clear" }, { TOKEN: secret }), [["TOKEN", "update"]]);
  });

  it("is one change if it is secret as a whole", () => {
    assert.deepEqual(wholeMap("env", { A: "canary" }, secret, "update"), [
      { map: "env", change: "update", before: { kind: "secret" }, after: { kind: "secret" } },
    ]);
  });
});

describe("a path in the engine's notation", () => {
  it("has any key that a program can choose", () => {
    const key = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.constantFrom(...'a_-.\\"[]0\n') }),
    );
    fc.assert(
      fc.property(key, (name) => {
        const path = ["swarm", "labels", name];
        assert.deepEqual(parsePath(enginePath(path)), path);
      }),
    );
  });

  it("has its keys and indexes in order", () => {
    const names = 'a.b_1["c-d"][0]["e\\"\\f"].g';
    assert.deepEqual(parsePath(names), ["a", "b_1", "c-d", 0, 'e"\\f', "g"]);
    assert.equal(enginePath(parsePath(names)), names);
    assert.deepEqual(parsePath(""), []);
  });
});

describe("the names of changes in the summary of a plan", () => {
  const urn = (kind: string, name: string) =>
    `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/dokploy:${kind}::${name}`;
  const text = (steps: object[], diagnostics: object[] = []) =>
    render(planOf(readPreview(JSON.stringify({ steps, diagnostics }))), { maxLength: 65_000 });
  const rendered = (kind: string, olds: object, news: object, paths: string[]) =>
    text([
      {
        op: "update",
        urn: urn(kind, "it"),
        oldState: { custom: true, id: "id1", inputs: olds },
        newState: { custom: true, inputs: news },
        detailedDiff: Object.fromEntries(paths.map((path) => [path, { kind: "update" }])),
      },
    ]);
  const service = {
    op: "same",
    urn: urn("Application", "api"),
    oldState: { custom: true, id: "a1", inputs: {} },
    newState: { custom: true, inputs: {} },
  };
  const block = {
    op: "create",
    urn: urn("EnvironmentBlock", "block"),
    newState: { custom: true, inputs: { target: { applicationId: "a1" }, env: { A: "1" } } },
  };

  it("names the service of a block as the program does, if the program has it", () => {
    assert.match(text([service, block]), /^Deploys `api` if /m);
    assert.match(text([block]), /^Deploys the application `a1` if /m);
  });

  it("names a block's former service as Dokploy does, and not its new one", () => {
    const moved = (applicationId: string) => ({
      ...block,
      op: "replace",
      oldState: {
        custom: true,
        inputs: { target: { applicationId: "a1" } },
        outputs: { appName: "api-4kq2ax" },
      },
      newState: { custom: true, inputs: { target: { applicationId }, env: { A: "1" } } },
    });
    assert.match(text([moved("a1")]), /Deploys the application `api-4kq2ax` if /);
    assert.match(text([moved("a2")]), /Deploys the application `a2` if /);
  });

  it("names no service if the target of a block is not known yet", () => {
    const target = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const unknown = { ...block, newState: { custom: true, inputs: { target, env: { A: "1" } } } };
    assert.match(text([unknown]), /^Deploys its target if /m);
  });

  it("lists the variables of a map that a block no longer gives, since it removes them", () => {
    const target = { applicationId: "a1" };
    const step = {
      op: "update",
      urn: block.urn,
      oldState: { custom: true, inputs: { target, env: { A: "1" }, buildArgs: { B: "1" } } },
      newState: { custom: true, inputs: { target, buildArgs: { B: "1" } } },
      detailedDiff: { env: { kind: "delete" } },
    };
    const markdown = text([step]);
    assert.match(markdown, /^\| − \| `A` \| `1` \| {2}\|$/m);
    assert.doesNotMatch(markdown, /no longer given/);
  });

  it("shows a change of an adopted object as an update", () => {
    const inputs = { name: "api", import: "a1", replicas: 1 };
    const markdown = rendered("Application", inputs, { ...inputs, replicas: 2 }, ["replicas"]);
    assert.match(markdown, /^\*\*1 to update\*\*/m);
  });

  it("does not list the id of an adopted object, but a variable of that name", () => {
    const inputs = { name: "api", import: "a1", env: { import: "1" } };
    const markdown = text([{ op: "create", urn: service.urn, newState: { custom: true, inputs } }]);
    assert.match(markdown, /^\*\*1 to adopt\*\*/m);
    assert.equal(markdown.match(/`import`/g)?.length, 1);
    assert.match(markdown, /^\| \+ \| `import` \| `1` \|$/m);
  });

  it("shows a variable whose name begins like the engine's own inputs, but not those inputs", () => {
    const news = { env: { __X: "2" }, __defaults: ["x"] };
    const markdown = rendered("Application", { env: { __X: "1" } }, news, ["env.__X", "__defaults"]);
    assert.match(markdown, /^\| ~ \| `__X` \| `1` \| `2` \|$/m);
    assert.doesNotMatch(markdown, /__defaults/);
  });

  it("shows what the program names below an input, such as a file that begins like the engine's own inputs", () => {
    const inputs = (label: string) => ({
      patches: { "__main__.py": { content: "canary" } },
      swarm: { labels: { __label: label } },
      redirects: [{ regex: "__a", __defaults: ["b"] }],
    });
    const created = text([
      { op: "create", urn: service.urn, newState: { custom: true, inputs: inputs("evil") } },
    ]);
    assert.match(created, /^\| \+ \| `patches\.__main__\.py\.content` \| _secret_ \|$/m);
    assert.match(created, /^\| \+ \| `swarm\.labels\.__label` \| `evil` \|$/m);
    assert.match(created, /__defaults/);
    const changed = rendered("Application", inputs("good"), inputs("evil"), ["swarm.labels.__label"]);
    assert.match(changed, /^\| ~ \| `swarm\.labels\.__label` \| `good` \| `evil` \|$/m);
  });

  it("shows the whole input where neither side has the path", () => {
    const labels = (value: string) => ({ labels: { "a\\b": value } });
    const changed = rendered("Application", labels("good"), labels("evil"), ['labels["a\\\\b"]']);
    assert.match(changed, /^\| ~ \| `labels` \| .*good.*\| .*evil/m);
  });

  it("shows a key without characters", () => {
    const markdown = rendered("Application", { labels: {} }, { labels: { "": "x" } }, ["labels."]);
    assert.match(markdown, /^\| . \| `labels\.` \| +\| `x` \|$/m);
  });

  it("survives a kind with the name of something that each object has", () => {
    for (const kind of ["constructor", "__proto__", "toString"])
      assert.match(rendered(kind, { a: 1 }, { a: 2 }, ["a"]), /1 to update/);
  });

  it("marks values of any type that are known only afterwards, and values that contain them", () => {
    for (const unknown of [
      "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
      "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
      "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
      "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
      "030794c1-ac77-496b-92df-f27374a8bd58",
      "e48ece36-62e2-4504-bad9-02848725956a",
      "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    ]) {
      const one = rendered("Application", { replicas: 1 }, { replicas: unknown }, ["replicas"]);
      assert.match(one, /^\| ~ \| `replicas` \| `1` \| _known after the update_ \|$/m);
    }
    const source = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const inside = rendered("Application", { source: { image: "a" } }, { source }, ["source.image"]);
    assert.match(inside, /^\| ~ \| `source\.image` \| `a` \| _known after the update_ \|$/m);
  });

  it("shows a file as one, nothing for null, and variables of any name", () => {
    const file = { "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", text: "canary" };
    const markdown = rendered(
      "Application",
      { description: "a", args: "b", env: { constructor: "1", 'A"B': "1" } },
      { description: null, args: file, env: { 'A"B': "2" } },
      ["description", "args", "env.constructor", 'env["A\\"B"]'],
    );
    assert.match(markdown, /^\| ~ \| `description` \| `a` \| {2}\|$/m);
    assert.match(markdown, /^\| ~ \| `args` \| `b` \| `\(file or resource\)` \|$/m);
    assert.match(markdown, /^\| ~ \| `constructor` \| `1` \| {2}\|$/m);
    assert.match(markdown, /^\| ~ \| `A"B` \| `1` \| `2` \|$/m);
    assert.doesNotMatch(markdown, /canary/);
  });

  it("deploys for a variable that is added or removed in a secret map", () => {
    for (const [olds, news, kind] of [
      [{ A: "1" }, "[secret]", "add"],
      ["[secret]", { A: "1" }, "delete"],
      ["[secret]", "[secret]", "add"],
      ["[secret]", "[secret]", "delete"],
      ["[secret]", "[secret]", "update"],
    ] as const) {
      const step = {
        op: "update",
        urn: service.urn,
        oldState: { custom: true, id: "a1", inputs: { env: olds } },
        newState: { custom: true, inputs: { env: news } },
        detailedDiff: { "env.B": { kind } },
      };
      assert.match(text([step]), / · update, deploys$/m, kind);
    }
  });

  it("reports an input that becomes a map as one change", () => {
    const markdown = rendered("Application", { deploy: false }, { deploy: { method: "reload" } }, ["deploy"]);
    assert.match(markdown, /^\| ~ \| `deploy` \| `false` \| `\{"method":"reload"\}` \|$/m);
  });

  it("counts no provider of Pulumi", () => {
    const provider = {
      op: "create",
      urn: "urn:pulumi:dev::shop::pulumi:providers:random::default_4_0_0",
      newState: { custom: true, inputs: { version: "4.0.0" } },
    };
    assert.match(text([provider, block]), /^\*\*1 to create\*\*/m);
  });

  it("shows no password that the program no longer gives", () => {
    const source = { type: "docker", image: "acme/api:1", username: "me" };
    const markdown = text([
      {
        op: "update",
        urn: service.urn,
        oldState: { custom: true, id: "a1", inputs: { source: { ...source, password: "canary" } } },
        newState: { custom: true, inputs: { source } },
        detailedDiff: { "source.password": { kind: "delete" } },
      },
    ]);
    assert.match(markdown, /^\| − \| `source\.password` \| _secret_ \| {2}\|$/m);
  });

  it("deploys a service that loses a mount, unless the program has deploy: false", () => {
    const mount = (more: object) => ({
      op: "delete",
      urn: urn("Mount", "data"),
      oldState: {
        custom: true,
        id: "m1",
        inputs: { applicationId: "a1", mountPath: "/data", volumeName: "data", ...more },
      },
    });
    assert.match(text([service, mount({})]), /^\*\*1 to delete\*\* · reloads 1 service$/m);
    assert.match(text([service, mount({})]), /, reloads `api`$/m);
    assert.match(text([service, mount({ deploy: false })]), /a reload of `api` is still needed\.$/m);
  });

  it("reloads nothing for a mount that goes with its service, and names the volume that stays", () => {
    const gone = { ...service, op: "delete" };
    const data = { type: "volume", volumeName: "data" };
    const inputs = { applicationId: "a1", mountPath: "/data", ...data };
    const mount = {
      op: "delete",
      urn: urn("Mount", "data"),
      oldState: { custom: true, id: "m1", inputs, deletedWith: gone.urn },
    };
    assert.match(text([gone, mount]), /^\*\*2 to delete\*\*$/m);
    assert.match(
      text([gone, mount]),
      /^Removed from Dokploy; its data stays on the server, in the volume `data`\.$/m,
    );
    assert.match(text([service, mount]), /, reloads `api`\n\n.*in the volume `data`\.$/m);
  });

  it("names each server if the program works with several", () => {
    const lines = ["https://b.example.com", "https://a.example.com"].map((base) => ({
      severity: "info",
      message: `info: ${diagnosticOf(...serverNotice(base))}\n`,
    }));
    assert.match(text([block], lines), /^## Plan for `shop\/dev` on `a\.example\.com, b\.example\.com`$/m);
  });

  it("counts a service once if two of its blocks deploy it", () => {
    const more = { ...block, urn: urn("EnvironmentBlock", "more") };
    assert.match(text([service, block, more]), /^\*\*2 to create\*\* · deploys up to 1 service$/m);
  });

  it("reports one item of a list", () => {
    const ports = (target: number) => ({ ports: [{ target: 80 }, { target }] });
    assert.match(
      rendered("Application", ports(1), ports(2), ["ports[1].target"]),
      /^\| ~ \| `ports\[1\]\.target` \| `1` \| `2` \|$/m,
    );
  });

  it("shows no part of a text that is partly secret", () => {
    const markdown = rendered("Application", { description: "a [secret] b" }, { description: "canary" }, [
      "description",
    ]);
    assert.match(markdown, /^\| ~ \| `description` \| _secret_ \| `canary` \|$/m);
    assert.doesNotMatch(markdown, /\[secret\]/);
  });

  it("is one replacement with its reason, in any order of the engine's steps", () => {
    const oldState = { custom: true, id: "a1", inputs: { serverId: "s1" } };
    const newState = { custom: true, inputs: { serverId: "s2" } };
    const reported = {
      ...{ urn: urn("Application", "api"), oldState, newState, replaceReasons: ["serverId"] },
      detailedDiff: { serverId: { kind: "update-replace" } },
    };
    const steps = [
      { ...reported, op: "create-replacement" },
      { ...reported, op: "replace" },
      { op: "delete-replaced", urn: reported.urn, oldState },
    ];
    for (const order of [steps, steps.toReversed(), [steps[2], steps[0]], [steps[0], steps[2]]]) {
      const markdown = text(order.map((step) => step ?? assert.fail()));
      assert.match(markdown, /^\*\*1 to replace\*\*/m);
      assert.match(markdown, /^\| ~ \| `serverId` \*\*replaces\*\* \| `s1` \| `s2` \|$/m);
    }
  });

  it("deploys no service for the variables of a new object, since none refers to them", () => {
    const inputs = { name: "shop", env: { A: "1" }, redeployReferrers: true };
    const project = { op: "create", urn: urn("Project", "shop"), newState: { custom: true, inputs } };
    assert.match(text([project]), /^\*\*1 to create\*\*$/m);
  });

  it("says that a held-back reload remains, and counts it only as that", () => {
    const markdown = rendered("Application", { replicas: 1 }, { replicas: 2, deploy: false }, ["replicas"]);
    assert.match(markdown, /^\*\*1 to update\*\* · saves 1 service without applying$/m);
    assert.match(markdown, /a reload of `it` is still needed\.$/m);
  });

  it("reloads for a deployment by that method, and for a mount that is new", () => {
    const target = { applicationId: "a1" };
    const made = (kind: string, inputs: object) => ({
      ...{ op: "create", urn: urn(kind, "it"), newState: { custom: true, inputs } },
    });
    const method = "reload";
    assert.match(text([service, made("Deployment", { target, deploy: { method } })]), /, reloads `api`$/m);
    assert.match(text([service, made("Deployment", { target })]), /, deploys `api`$/m);
    const mount = { ...target, mountPath: "/data", volumeName: "data" };
    assert.match(text([service, made("Mount", mount)]), /, reloads `api`$/m);
  });

  it("names the new owners for a block whose names are partly secret", () => {
    const target = { applicationId: "a1" };
    const inputs = { target, env: "[secret]", buildArgs: { B: "1" } };
    const gone = { op: "delete", urn: block.urn, oldState: { custom: true, id: "application/a1", inputs } };
    const news = { custom: true, inputs: { buildArgs: { B: "2" } } };
    const markdown = text([gone, { ...service, op: "update", newState: news, detailedDiff: {} }]);
    assert.match(
      markdown,
      /^Some of its variables move to `api` \(Application\)\. Removes the others from the application;/m,
    );
  });

  it("shows an empty text, a final line break in the table, and several lines as a comparison", () => {
    const table = rendered("Application", { args: "", command: "a" }, { args: "b", command: "a\n" }, [
      "args",
      "command",
    ]);
    assert.match(table, /^\| ~ \| `args` \| _empty_ \| `b` \|$/m);
    assert.match(table, /^\| ~ \| `command` \| `a` \| `a\\n` \|$/m);
    const lines = rendered("Application", { command: "a" }, { command: "a\nb" }, ["command"]);
    assert.match(lines, /^`command`:\n\n```diff\n {2}a\n\+ b\n```$/m);
  });

  it("marks replaced resources of other packages, unless the former one stays", () => {
    const other = (retainOnDelete: boolean) =>
      text([
        {
          op: "replace",
          urn: "urn:pulumi:dev::shop::random:index/randomPassword:RandomPassword::database",
          oldState: { custom: true, retainOnDelete, inputs: { length: 8 } },
          newState: { custom: true, inputs: { length: 16 } },
          detailedDiff: { length: { kind: "update-replace" } },
        },
      ]);
    assert.match(other(false), /^\| \*\*replace\*\* \| .* \| `database` \| `length` \|$/m);
    assert.match(other(true), /^\| replace \| .* \| `database` \| `length` \|$/m);
  });

  it("shows values that are plain text before and after, under any name", () => {
    const markdown = rendered("Application", { env: { PASS: "one" } }, { env: { PASS: "two" } }, [
      "env.PASS",
    ]);
    assert.match(markdown, /^\| ~ \| `PASS` \| `one` \| `two` \|$/m);
  });

  it("names all new owners of a block's variables", () => {
    const target = { applicationId: "a1" };
    const inputs = { target, env: { A: "1", B: "1" } };
    const gone = { op: "delete", urn: block.urn, oldState: { custom: true, id: "application/a1", inputs } };
    const more = { ...block, urn: urn("EnvironmentBlock", "more") };
    const update = { custom: true, inputs: { env: { B: "1" } } };
    const markdown = text([gone, more, { ...service, op: "update", newState: update, detailedDiff: {} }]);
    assert.match(markdown, /^Its variables move to `api` \(Application\), `more` \(EnvironmentBlock\)\.$/m);
  });

  it("lists a creation input by input, and an empty or secret map as a whole", () => {
    const secret = {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      value: "canary",
    };
    const inputs = { source: { type: "docker", image: "a:1" }, labels: {}, args: secret };
    const markdown = text([{ op: "create", urn: service.urn, newState: { custom: true, inputs } }]);
    assert.match(markdown, /^\| \+ \| `source\.image` \| `a:1` \|$/m);
    assert.match(markdown, /^\| \+ \| `source\.type` \| `docker` \|$/m);
    assert.match(markdown, /^\| \+ \| `labels` \| `\{\}` \|$/m);
    assert.match(markdown, /^\| \+ \| `args` \| _secret_ \|$/m);
    assert.doesNotMatch(markdown, /canary|value/);
  });

  it("names maps that are no longer given, in a fixed order", () => {
    const step = {
      op: "update",
      urn: service.urn,
      oldState: { custom: true, id: "a1", inputs: { env: { A: "1" }, buildArgs: { B: "1" } } },
      newState: { custom: true, inputs: {} },
      detailedDiff: { env: { kind: "delete" }, buildArgs: { kind: "delete" } },
    };
    assert.match(text([step]), /`buildArgs` is no longer given: .* `env` is no longer given: /);
  });

  it("says for each kind what its deletion does", () => {
    const target = { applicationId: "a1" };
    for (const [kind, inputs, expected] of [
      ["Deployment", { target }, /^The deployed version stays\.$/m],
      ["Project", { name: "shop" }, /^It must be empty by then\.$/m],
      ["Environment", { name: "dev" }, /^It must be empty by then\.$/m],
      ["Registry", { name: "hub" }, /^Removed from Dokploy\.$/m],
      [
        "GeneratedSecret",
        {},
        /^Its value is \*\*lost for ever\*\*, .*put the resource, or its `!generate`, back.*`protect`/m,
      ],
      ["Application", { name: "api" }, /^Stops and removes its containers\.$/m],
      ["Postgres", { name: "db" }, /^Stops and removes its containers\.$/m],
    ] as const) {
      const gone = { op: "delete", urn: urn(kind, "it"), oldState: { custom: true, id: "x1", inputs } };
      const markdown = text([gone]);
      assert.match(markdown, expected);
      assert.equal(markdown.includes("CAUTION"), kind !== "Deployment", kind);
    }
    const secret = { custom: true, id: "x1", inputs: {} };
    const gone = (more: object) => ({
      op: "delete",
      urn: urn("GeneratedSecret", "it"),
      oldState: { ...secret, ...more },
    });
    assert.match(text([gone({})]), /\*\*Deletes\*\* `it` \(GeneratedSecret, \*\*with\*\* its value\)/);
    // A retained resource leaves the state too, and Dokploy has no object of it.
    assert.match(text([gone({ retainOnDelete: true })]), /lost for ever/);
    const rotated = {
      ...{ op: "update", urn: urn("GeneratedSecret", "it"), oldState: secret },
      newState: { custom: true, inputs: { rotation: 2 } },
      detailedDiff: { rotation: { kind: "add" } },
    };
    assert.match(text([rotated]), /^Another value is made, and the former one is lost\.$/m);
    const former = { custom: true, id: "x1", inputs: { target, env: { A: "1" } }, retainOnDelete: true };
    const replaced = { ...block, op: "replace", oldState: former };
    assert.match(
      text([replaced]),
      /^Created again\. The former variables stay in Dokploy, and are no longer/m,
    );
  });

  it("distinguishes errors and warnings", () => {
    const plan = planOf(
      readPreview(
        JSON.stringify({
          diagnostics: ["error", "warning", "info"].map((severity) => ({
            severity,
            message: `${severity}: of ${severity}`,
          })),
        }),
      ),
    );
    assert.deepEqual(
      [plan.errors, plan.warnings].map((some) => some.map((each) => each.text)),
      [["of error"], ["of warning"]],
    );
  });

  it("counts deletions if their names do not fit", () => {
    const gone = Array.from({ length: 30 }, (_, at) => ({
      op: "delete",
      urn: urn("Registry", `${at}-${"x".repeat(75)}`),
      oldState: { custom: true, id: `x${at}`, inputs: {} },
    }));
    const limit = { maxLength: 1_000, title: "|".repeat(200) };
    const short = render(planOf(readPreview(JSON.stringify({ steps: gone }))), limit);
    assert.match(short, /^> \*\*Deletes\*\* 30 resources\.$/m);
  });

  it("counts a block without variables among the deletions", () => {
    const inputs = { target: { applicationId: "a1" } };
    const empty = { op: "delete", urn: block.urn, oldState: { custom: true, id: "application/a1", inputs } };
    assert.match(text([empty]), /^> \*\*Deletes\*\* `block` \(EnvironmentBlock\)\.$/m);
  });

  it("shows the lines of a warning below each other, without empty ones, sorted by resource", () => {
    const warning = (message: string, name: string) => ({
      severity: "warning",
      message: `warning: ${message}`,
      urn: urn("Application", name),
    });
    const markdown = text(
      [block],
      [
        warning("Last.", "b"),
        warning("First.\r\n\n  - one\r  - two\n", "a"),
        warning("Last.", "b"),
        { severity: "warning", message: "\u001b[0m\n" },
      ],
    );
    assert.match(markdown, /^### 2 warnings\n\n- `First\.`<br>`- one`<br>`- two`\n- `Last\.`$/m);
  });

  it("shows as many lines of an error as fit, and the number of the others", () => {
    const message = Array.from({ length: 100 }, (_, at) => `line ${at + 1}`).join("\n");
    const markdown = text([], [{ severity: "error", message, urn: urn("Application", "api") }]);
    assert.match(markdown, /^`api`:\n\n```text\nline 1\nline 2\n(?:.*\n)+line 80\n… 20 more lines\n```$/m);
  });
});
