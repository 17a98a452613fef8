import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { z } from "zod";
import { type DeploymentRow, DokployError } from "../../../../provider/dokploy";
import { field, listOf, listsIn, simple } from "../../../../provider/engine";
import { InlineParts } from "../../../../provider/engine/simple/inline";
import { PartsError, type PartsState } from "../../../../provider/engine/simple/parts-state";
import { type Context, Run } from "../../../../provider/lifecycle";
import { KeyedLock } from "../../../../provider/lifecycle/run/lock";
import { applicationSchema, composeSchema, port } from "../../../../provider/resources";
import type { Change } from "../../../../provider/schema";

type Values = Readonly<Record<string, unknown>>;
type Call = readonly [endpoint: string, input: Values];

const parts = new InlineParts("application", applicationSchema);
const ofCompose = new InlineParts("compose", composeSchema);
const nothing: PartsState = { lists: {}, partIds: {} };

const portRow = (portId: string, publishedPort: number, more: Values = {}) => ({
  portId,
  publishedPort,
  targetPort: publishedPort,
  protocol: "tcp",
  publishMode: "ingress",
  applicationId: "a",
  ...more,
});
const domainRow = (domainId: string, host: string, more: Values = {}) => ({
  domainId,
  host,
  path: "/",
  port: 3000,
  applicationId: "a",
  https: false,
  certificateType: "none",
  ...more,
});
const given = (publishedPort: number, more: Values = {}) => ({
  publishedPort,
  targetPort: publishedPort,
  ...more,
});

/** A run against a server of these answers; an answer that is an error is thrown. */
function runOf(answers: Readonly<Record<string, unknown>> = {}, holds: readonly object[] = []) {
  const calls: Call[] = [];
  const said: string[] = [];
  let made = 0;
  const api = {
    async call(endpoint: string, input: Values) {
      calls.push([endpoint, input]);
      const found = answers[endpoint];
      const answer = typeof found === "function" ? found(input) : found;
      if (answer instanceof Error) throw answer;
      made += endpoint.endsWith(".create") ? 1 : 0;
      return answer ?? { [`${endpoint.split(".")[0]}Id`]: `new${made}` };
    },
  };
  const context = {
    api,
    reads: api,
    run: new Run(async () => holds as never),
    lock: new KeyedLock(),
    warn: (text: string) => said.push(`warning: ${text}`),
    inform: (text: string) => said.push(`info: ${text}`),
  } as unknown as Context;
  return { context, calls, said };
}

/** What a save leaves in the state, and what it called. */
async function saved(
  row: Values,
  news: Values,
  olds: PartsState = nothing,
  answers: Readonly<Record<string, unknown>> = {},
) {
  const { context, calls } = runOf(answers);
  const done = await parts.save({ id: "a", row }, news, olds, context);
  return { ...done, calls };
}

describe("the lists of parts that a service has", () => {
  it("are those inputs alone that the definitions of parts can be listed in", () => {
    const inputs = { ports: { "25/tcp": given(25) }, domains: undefined, env: { A: "1" }, name: "web" };
    assert.deepEqual(parts.stateOf(inputs, { ports: { "25/tcp": "p" } }), {
      lists: { ports: { "25/tcp": given(25) } },
      partIds: { ports: { "25/tcp": "p" } },
    });
    assert.deepEqual(parts.stateOf({ ports: runtime.unknownValue }, undefined), nothing);
    assert.deepEqual(parts.none(inputs), { ports: {} });
    assert.deepEqual(parts.none({}), {});
    assert.deepEqual([...listsIn(composeSchema).keys()], ["domains", "mounts", "patches"]);
  });

  it("are wrong if a part is, and where two are the same, by the first of them", () => {
    const domains = {
      "a/": { host: "a.example.com" },
      "b/": { host: "a.example.com", path: "/" },
      "c/": { host: "c.example.com", stripPath: true },
      "d/": { host: runtime.unknownValue },
      "e/": { host: runtime.unknownValue },
    };
    assert.deepEqual(parts.problems({ domains }), [
      { property: 'domains["b/"]', reason: 'is the same Domain as domains["a/"]: keep one of the two' },
      { property: 'domains["c/"].stripPath', reason: "has nothing to strip: give path" },
    ]);
    assert.deepEqual(parts.problems({ domains: runtime.unknownValue, ports: { "25/tcp": null } }), []);
    assert.deepEqual(
      ofCompose.problems({ domains: { "a/": { host: "a.example.com" } } }).map(({ property }) => property),
      ['domains["a/"].serviceName'],
    );
  });

  it("are claimed by the inputs that identify a part, so that no other resource deletes it", () => {
    const run = new Run();
    parts.claim("a", { ports: { x: given(25), y: given(53, { protocol: "udp" }) } }, run);
    parts.claim("a", { domains: { x: { host: runtime.unknownValue } } }, run);
    const place = (publishedPort: number, protocol?: string) =>
      port.model.place({ applicationId: "a", publishedPort, protocol });
    assert.deepEqual(
      run.ownership.claimed("port of application/a"),
      new Set([place(25)?.key, place(53, "udp")?.key]),
    );
    assert.deepEqual(run.ownership.claimed("domain of application/a"), new Set());
  });
});

describe("the existing parts of a service", () => {
  const row = {
    ports: [portRow("p", 25, { targetPort: 2525 }), portRow("q", 53)],
    domains: [domainRow("d", "a.example.com")],
  };

  it("are found by their ids, or without one by the inputs that identify them", () => {
    const inputs = { ports: { smtp: given(26), dns: given(53), gone: given(80) } };
    assert.deepEqual(parts.readBack({ id: "a", row }, inputs, { ports: { smtp: "p", gone: "x" } }), {
      lists: { ports: { smtp: { publishedPort: 25, targetPort: 2525 }, dns: given(53) } },
      partIds: { ports: { smtp: "p", dns: "q" } },
    });
  });

  it("are each taken once", () => {
    const inputs = { ports: { one: given(25), two: given(25) } };
    const { partIds } = parts.readBack({ id: "a", row }, inputs, {});
    assert.deepEqual(partIds, { ports: { one: "p" } });
    const byId = parts.readBack({ id: "a", row }, inputs, { ports: { two: "p" } });
    assert.deepEqual(byId.partIds, { ports: { two: "p" } });
  });

  it("keep the ids of parts that an interrupted run created, as long as they exist", () => {
    assert.deepEqual(parts.readBack({ id: "a", row }, {}, { ports: { half: "p", gone: "x" } }), {
      lists: {},
      partIds: { ports: { half: "p" } },
    });
    assert.deepEqual(parts.readBack({ id: "a", row: {} }, { ports: {} }, {}), {
      lists: { ports: {} },
      partIds: { ports: {} },
    });
  });

  it("can be restored to the state before a save, including adopted and removed ones", () => {
    const olds = {
      lists: { ports: { old: given(80), smtp: given(1) } },
      partIds: { ports: { smtp: "p" } },
    };
    assert.deepEqual(parts.asBefore({ id: "a", row }, { ports: { smtp: given(25), dns: given(53) } }, olds), {
      ports: {
        old: given(80),
        smtp: { publishedPort: 25, targetPort: 2525 },
        dns: given(53),
      },
    });
    assert.deepEqual(parts.asBefore({ id: "a", row }, {}, nothing), {});
    assert.deepEqual(
      parts.asBefore({ id: "a", row }, { domains: { x: { host: "a.example.com" } } }, nothing),
      { domains: { x: { host: "a.example.com" } } },
    );
  });
});

describe("parts that are adopted with their service", () => {
  const at = (startedAt: string, status = "done") =>
    ({ status, startedAt, createdAt: startedAt }) as unknown as DeploymentRow;
  const row = {
    ports: [portRow("p", 25, { createdAt: "2026-01-02T00:00:00.000Z" })],
    domains: [domainRow("d", "a.example.com", { createdAt: "2026-01-02T00:00:00.000Z" })],
  };
  const inputs = { ports: { x: given(25) }, domains: { x: { host: "a.example.com" } } };
  it("without a time of creation are as old as their service", () => {
    for (const deployments of [[at("2026-01-01T00:00:00.000Z")], [], undefined])
      assert.equal(
        parts.unapplied({ id: "a", row: { ports: [portRow("p", 25)], deployments } }, inputs),
        "none",
      );
  });

  const need = (deployments: readonly DeploymentRow[] | undefined, news: object = inputs) =>
    parts.unapplied({ id: "a", row: { ...row, deployments } }, news);

  it("need the action of a change, unless a deployment began after their creation", () => {
    assert.equal(need([at("2026-01-01T00:00:00.000Z")]), "reload");
    assert.equal(need([at("2026-01-03T00:00:00.000Z", "error")]), "reload");
    assert.equal(need([at("2026-01-03T00:00:00.000Z")]), "none");
    assert.equal(need(undefined), "reload");
  });

  it("need nothing if they take effect at once, or do not exist yet", () => {
    assert.equal(need([], { domains: { x: { host: "a.example.com" } } }), "none");
    assert.equal(need([], { ports: { x: given(80) } }), "none");
    assert.equal(need([], {}), "none");
  });
});

describe("the plan of existing parts", () => {
  const change = (path: string, keys?: { added?: string[]; removed?: string[] }) =>
    ({ path, keys: keys && { added: [], removed: [], changed: [], ...keys } }) as unknown as Change;
  const row = {
    ports: [portRow("p", 25, { targetPort: 2525 }), portRow("q", 53), portRow("r", 80)],
    domains: [domainRow("d", "a.example.com")],
  };
  async function said(
    inputs: object,
    changes: readonly Change[],
    holds: readonly object[] = [],
    there: object = row,
  ) {
    const run = runOf({}, holds);
    await parts.previewChanges({ id: "a", row: there }, 'Application "web"', inputs, changes, run.context);
    return run.said;
  }

  it("names the adopted parts, and their changes", async () => {
    const inputs = { ports: { "25/tcp": given(25), "53/tcp": given(53), "90/tcp": given(90) } };
    assert.deepEqual(await said(inputs, [change("ports", { added: ["25/tcp", "53/tcp", "90/tcp"] })]), [
      'warning: Application "web" adopts ports that already exist, and removes them when they are no longer ' +
        "listed: 25/tcp (changes targetPort); 53/tcp (as it is).",
      'info: Application "web" has ports that the program does not list; they stay as they are: 80/tcp.',
    ]);
  });

  it("excludes parts that the program already had, or removes", async () => {
    const inputs = { ports: { "25/tcp": given(25) } };
    assert.deepEqual(await said(inputs, [change("ports", { removed: ["53/tcp", "80/tcp"] })]), []);
    assert.deepEqual(await said(inputs, [change("ports")]), [
      'info: Application "web" has ports that the program does not list; they stay as they are: 53/tcp; 80/tcp.',
    ]);
  });

  it("excludes parts of another resource of the stack", async () => {
    const holds = [
      { kind: "Port", id: "q", name: "dns", urn: "urn:pulumi:test::shop::dokploy:Port::dns" },
      { kind: "Domain", id: "r", name: "other", urn: "urn:pulumi:test::shop::dokploy:Domain::other" },
    ];
    const found = await said(
      { ports: { "25/tcp": given(25, { targetPort: 2525 }) } },
      [change("ports")],
      holds,
    );
    assert.deepEqual(found, [
      'info: Application "web" has ports that the program does not list; they stay as they are: 80/tcp.',
    ]);
  });

  it("is empty if no list changes", async () => {
    assert.deepEqual(await said({ ports: {}, domains: {} }, [change("image")]), []);
    assert.deepEqual(await said({ ports: {} }, [change("domains")]), []);
  });

  it("names ten, and says how many more there are", async () => {
    const many = { ports: Array.from({ length: 13 }, (_, n) => portRow(`p${n}`, n + 1)) };
    const [text = ""] = await said({ ports: {} }, [change("ports")], [], many);
    assert.match(text, /as they are: 1\/tcp; .*; 10\/tcp and 3 more\.$/);
    const [ten = ""] = await said({ ports: {} }, [change("ports")], [], { ports: many.ports.slice(0, 10) });
    assert.match(ten, /; 10\/tcp\.$/);
  });
});

describe("a save of the parts of a service", () => {
  const there = { ports: [portRow("p", 25)] };
  const known: PartsState = { lists: { ports: { smtp: given(25) } }, partIds: { ports: { smtp: "p" } } };

  it("makes no call if everything matches", async () => {
    const { calls, isChanged, partIds } = await saved(there, { ports: { smtp: given(25) } }, known);
    assert.deepEqual(calls, []);
    assert.equal(isChanged, false);
    assert.deepEqual(partIds, known.partIds);
  });

  it("leaves parts alone that the inputs never listed", async () => {
    const { calls, isChanged } = await saved(there, {}, nothing);
    assert.deepEqual(calls, []);
    assert.equal(isChanged, false);
  });

  it("changes differences, with all columns that the call needs", async () => {
    const { calls, isChanged } = await saved(
      there,
      { ports: { smtp: given(25, { targetPort: 26 }) } },
      known,
    );
    assert.deepEqual(calls, [
      [
        "port.update",
        { portId: "p", publishedPort: 25, targetPort: 26, protocol: "tcp", publishMode: "ingress" },
      ],
    ]);
    assert.equal(isChanged, true);
  });

  it("resets an input that the program no longer gives to its default", async () => {
    const { calls } = await saved(
      { domains: [domainRow("d", "a.example.com", { https: true })] },
      { domains: { a: { host: "a.example.com" } } },
      {
        lists: { domains: { a: { host: "a.example.com", https: true } } },
        partIds: { domains: { a: "d" } },
      },
    );
    assert.deepEqual(
      calls.map(([endpoint, input]) => [endpoint, input["https"]]),
      [["domain.update", false]],
    );
  });

  it("leaves values of an adopted part that the program never gave", async () => {
    const { calls, partIds, isChanged } = await saved(
      { domains: [domainRow("d", "a.example.com", { https: true })] },
      { domains: { a: { host: "a.example.com" } } },
    );
    assert.deepEqual(calls, []);
    assert.deepEqual(partIds, { domains: { a: "d" } });
    assert.equal(isChanged, false);
  });

  it("creates missing parts, each for its service, and removes parts that are no longer listed last", async () => {
    const news = { ports: { a: given(80), b: given(81) } };
    const { calls, partIds, isChanged } = await saved(there, news, known);
    assert.deepEqual(
      calls.map(([endpoint, { applicationId, publishedPort, portId }]) => [
        endpoint,
        applicationId ?? portId,
        publishedPort,
      ]),
      [
        ["port.create", "a", 80],
        ["port.create", "a", 81],
        ["port.delete", "p", undefined],
      ],
    );
    assert.deepEqual(partIds, { ports: { a: "new1", b: "new2" } });
    assert.equal(isChanged, true);
  });

  it("finds the part that it created without a response among existing ones and others that it just created", async () => {
    const rows: Values[] = [portRow("p", 25)];
    const { partIds } = await saved(
      { ports: [...rows] },
      { ports: { a: given(80), b: given(81) } },
      nothing,
      {
        "port.create"(input: Values) {
          rows.push({ ...input, portId: `made${rows.length}` });
          return true;
        },
        "application.one": () => ({
          // What it shows of them is not enough to tell them apart.
          ports: rows.map(({ portId }) => ({ portId })),
        }),
      },
    );
    assert.deepEqual(partIds, { ports: { a: "made1", b: "made2" } });
  });

  it("recreates missing parts, and forgets missing parts that are no longer listed", async () => {
    const { calls, partIds } = await saved({ ports: [] }, { ports: { smtp: given(25) } }, known);
    assert.deepEqual(
      calls.map(([endpoint]) => endpoint),
      ["port.create"],
    );
    assert.deepEqual(partIds, { ports: { smtp: "new1" } });
    const forgotten = await saved({ ports: [] }, {}, known);
    assert.deepEqual(forgotten.calls, []);
    assert.deepEqual(forgotten.partIds, { ports: {} });
    assert.equal(forgotten.isChanged, false);
  });

  it("removes everything that it created if the list is removed, and nothing else", async () => {
    const row = { ports: [portRow("p", 25), portRow("q", 53)] };
    const { calls, partIds, isChanged } = await saved(row, {}, known);
    assert.deepEqual(calls, [["port.delete", { portId: "p" }]]);
    assert.deepEqual(partIds, { ports: {} });
    assert.equal(isChanged, true);
  });

  it("keeps one that continues under another name in the list", async () => {
    const { calls, partIds } = await saved(there, { ports: { mail: given(25) } }, known);
    assert.deepEqual(calls, []);
    assert.deepEqual(partIds, { ports: { mail: "p" } });
  });

  it("sets columns of a new part that only an update can set", async () => {
    const { calls } = await saved(
      { domains: [] },
      { domains: { a: { host: "a.example.com", enabled: false } } },
      nothing,
      { "domain.one": domainRow("new1", "a.example.com") },
    );
    assert.deepEqual(
      calls.map(([endpoint, { enabled }]) => [endpoint, enabled]),
      [
        ["domain.create", undefined],
        ["domain.one", undefined],
        ["domain.update", false],
      ],
    );
  });

  it("leaves a new part that somebody deletes at once to the next run", async () => {
    const facts = { kind: "not-found", endpoint: "domain.one", outcome: "refused", gone: true } as const;
    const { calls, partIds } = await saved(
      { domains: [] },
      { domains: { a: { host: "a.example.com", enabled: false } } },
      nothing,
      { "domain.one": new DokployError("gone", facts) },
    );
    assert.deepEqual(
      calls.map(([endpoint]) => endpoint),
      ["domain.create", "domain.one"],
    );
    assert.deepEqual(partIds, { domains: { a: "new1" } });
  });

  it("that fails reports the saved parts, and why the others are not saved", async () => {
    const reason = new Error("no more");
    const olds: PartsState = {
      lists: { ports: { smtp: given(25), old: given(90) } },
      partIds: { ports: { smtp: "p", old: "o" } },
    };
    const row = { ports: [portRow("p", 25), portRow("o", 90)] };
    const news = { ports: { smtp: given(25, { targetPort: 26 }), a: given(80), b: given(81) } };
    const { context } = runOf({
      "port.create": ({ publishedPort }: Values) => (publishedPort === 81 ? reason : { portId: "n" }),
    });
    const error = await parts.save({ id: "a", row }, news, olds, context).catch((found) => found);
    assert.ok(error instanceof PartsError);
    assert.equal(error.reason, reason);
    assert.equal(error.message, "no more");
    assert.deepEqual(error.state, {
      lists: { ports: { smtp: given(25, { targetPort: 26 }), old: given(90), a: given(80) } },
      partIds: { ports: { smtp: "p", old: "o", a: "n" } },
    });
  });

  it("that fails for a new list leaves an empty list", async () => {
    const { context } = runOf({ "port.create": new Error("no") });
    const error = await parts
      .save({ id: "a", row: { ports: [] } }, { ports: { a: given(80) } }, nothing, context)
      .catch((found) => found);
    assert.deepEqual((error as PartsError).state, { lists: { ports: {} }, partIds: {} });
  });

  it("that goes wrong after a part is created keeps its id, and says that something was saved", async () => {
    const { context } = runOf({ "domain.one": new Error("away") });
    const news = { domains: { a: { host: "a.example.com", enabled: false } } };
    const error = await parts.save({ id: "a", row: {} }, news, nothing, context).catch((found) => found);
    assert.deepEqual((error as PartsError).state, {
      lists: { domains: {} },
      partIds: { domains: { a: "new1" } },
    });
  });

  it("makes those of one service one after the other", async () => {
    const { context, calls } = runOf();
    let free = () => {};
    const held = context.lock.run("new port of application/a", () => new Promise<void>((go) => (free = go)));
    const saving = parts.save({ id: "a", row: {} }, { ports: { a: given(80) } }, nothing, context);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(calls, []);
    free();
    await Promise.all([held, saving]);
    assert.equal(calls.length, 1);
  });

  it("waits for others that save the same part", async () => {
    const { context, calls } = runOf();
    let free = () => {};
    const held = context.lock.run("port/p", () => new Promise<void>((resolve) => (free = resolve)));
    const news = { ports: { smtp: given(25, { targetPort: 26 }) } };
    const saving = parts.save({ id: "a", row: there }, news, known, context);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(calls, []);
    free();
    await Promise.all([held, saving]);
    assert.equal(calls.length, 1);
  });
});

describe("parts with inputs that Dokploy does not show, or that cannot be changed", () => {
  const tunnel = simple({
    kind: "Tunnel",
    router: "port",
    parents: { application: "none" },
    key: ["publishedPort"],
    label: ({ publishedPort }) => String(publishedPort),
    inputs: {
      publishedPort: field(z.number(), {}),
      /** A change makes another. */
      protocol: field(z.enum(["tcp", "udp"]), { default: "tcp", replace: true }),
      /** Not shown. */
      targetPort: field(z.number(), { writeOnly: true }),
      publishMode: field(z.enum(["ingress", "host"]), { default: "ingress" }),
    },
  });
  const tunnels = new InlineParts(
    "application",
    z.strictObject({ ports: listOf(tunnel, "application") }) as z.ZodObject,
  );
  const row = { ports: [portRow("p", 25, { targetPort: undefined })] };
  const olds: PartsState = { lists: { ports: { a: given(25) } }, partIds: { ports: { a: "p" } } };
  async function save(part: Values, state = olds) {
    const { context, calls } = runOf();
    const done = tunnels.save({ id: "a", row }, { ports: { a: part } }, state, context);
    return { done, calls };
  }
  const endpoints = (calls: readonly Call[]) => calls.map(([endpoint]) => endpoint);

  it("are written whole if the program changes anything, and left alone if it does not", async () => {
    const changed = await save(given(25, { publishMode: "host" }));
    await changed.done;
    assert.deepEqual(endpoints(changed.calls), ["port.update"]);
    assert.equal(changed.calls[0]?.[1]["targetPort"], 25);
    const hidden = await save(given(25, { targetPort: 26 }));
    await hidden.done;
    assert.deepEqual(
      hidden.calls.map(([endpoint, { targetPort }]) => [endpoint, targetPort]),
      [["port.update", 26]],
    );
    const same = await save(given(25));
    await same.done;
    assert.deepEqual(same.calls, []);
  });

  it("are written if they are adopted, since nobody can know what they are", async () => {
    const { done, calls } = await save(given(25), nothing);
    await done;
    assert.deepEqual(endpoints(calls), ["port.update"]);
  });

  it("are recreated if no change can make them match", async () => {
    const { done, calls } = await save(given(25, { protocol: "udp" }));
    assert.deepEqual(await done, { partIds: { ports: { a: "new1" } }, isChanged: true });
    assert.deepEqual(endpoints(calls), ["port.delete", "port.create"]);
  });

  it("are refused instead if the program did not make them", async () => {
    const { done, calls } = await save(given(25, { protocol: "udp" }), nothing);
    const error = await done.catch((found) => found);
    assert.equal(
      (error as PartsError).message,
      "ports.a: the service already has such a Tunnel (p). This program did not create it, and it cannot be " +
        "changed in place to match these inputs. Delete it in Dokploy if it is not needed, or give this one " +
        "another name.",
    );
    assert.deepEqual(calls, []);
  });
});
