import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { z } from "zod";
import { DokployError, type Outcome } from "../../../../provider/dokploy/errors";
import { field, Objects, type Row, simple } from "../../../../provider/engine";
import {
  isSurelyApplied,
  runningParent,
  serviceOf,
  unappliedPart,
} from "../../../../provider/engine/simple/applying";
import { refuseUsed } from "../../../../provider/engine/simple/users";
import type { CheckFailedError } from "../../../../provider/errors";
import { Run } from "../../../../provider/lifecycle";
import { domain, organization, port, registry, schedule } from "../../../../provider/resources";

type Values = Readonly<Record<string, unknown>>;
const unknown = runtime.unknownValue;

/** A server by its answers; an answer that is an error is thrown. */
function serverOf(answers: Readonly<Record<string, unknown>>) {
  const calls: [string, unknown][] = [];
  const api = {
    call: async (endpoint: string, input: unknown) => {
      calls.push([endpoint, input]);
      const found = answers[endpoint];
      const answer = typeof found === "function" ? found(input) : found;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  } as never;
  return { api, calls };
}
const failure = (outcome: Outcome, kind: DokployError["kind"] = "server") =>
  new DokployError("failed", { kind, endpoint: "port.create", outcome, gone: kind === "not-found" });
const gone = failure("refused", "not-found");
const messageOf = (work: Promise<unknown>) =>
  work.then(
    () => "fine",
    (error: Error) => error.message,
  );

describe("the list of all objects of a kind", () => {
  it("fails once, with the first error, while other responses are outstanding", async () => {
    const { api } = serverOf({
      "schedule.list": async ({ scheduleType }: { scheduleType: string }) => {
        await new Promise((resolve) => setTimeout(resolve, scheduleType === "application" ? 1 : 20));
        throw failure("refused");
      },
    });
    const services = async () => [{ kind: "application", id: "a", row: {} }];
    const tree = { api, services, serverIds: async () => [] } as never;
    const ended: unknown[] = [];
    const note = (error: unknown) => void ended.push(error);
    process.on("unhandledRejection", note);
    try {
      assert.equal(await messageOf(schedule.list?.(tree) as Promise<unknown>), "failed");
      await new Promise((resolve) => setTimeout(resolve, 40));
    } finally {
      process.off("unhandledRejection", note);
    }
    assert.deepEqual(ended, []);
  });
});

describe("the calls of a simple object", () => {
  const ports = new Objects("port");
  const parent = { kind: "application", id: "a" } as const;
  const columns = { publishedPort: 25, targetPort: 26, protocol: "tcp", applicationId: "a", unrelated: 1 };

  it("read one, or all of its service or server", async () => {
    const { api, calls } = serverOf({
      "port.one": { portId: "p" },
      "application.one": { ports: [{ portId: "q" }] },
      "registry.all": [{ registryId: "r" }],
    });
    assert.deepEqual(await ports.one("p", api), { portId: "p" });
    assert.deepEqual(await ports.all(parent, api), [{ portId: "q" }]);
    assert.deepEqual(await new Objects("registry").all(undefined, api), [{ registryId: "r" }]);
    assert.deepEqual(calls, [
      ["port.one", { portId: "p" }],
      ["application.one", { applicationId: "a" }],
      ["registry.all", {}],
    ]);
    assert.deepEqual(await ports.all(parent, serverOf({ "application.one": {} }).api), []);
    assert.equal(await ports.one("p", serverOf({ "port.one": gone }).api), undefined);
    await assert.rejects(ports.one("p", serverOf({ "port.one": failure("refused") }).api), /failed/);
    assert.equal(ports.idColumn, "portId");
    assert.equal(ports.idOf({ portId: 5 }), "5");
  });

  it("create one with the inputs of the call, and take its id from the response", async () => {
    const { api, calls } = serverOf({ "port.create": { portId: "new" } });
    assert.equal(await ports.create(columns, parent, [], api), "new");
    const [, sent] = calls[0] ?? [];
    assert.deepEqual(Object.keys(sent as object).includes("unrelated"), false);
    assert.equal((sent as Values)["publishedPort"], 25);
    assert.equal(calls.length, 1);
    const registries = new Objects("registry");
    const other = serverOf({ "registry.create": { registryId: "new" } });
    await registries.create({ registryName: "n" }, undefined, [], other.api);
    assert.deepEqual(other.calls[0]?.[1], {
      registryName: "n",
      username: null,
      password: null,
      registryUrl: null,
      registryType: null,
      imagePrefix: null,
    });
  });

  describe("find the created object", () => {
    const row = (id: string, more: Values = {}): Row => ({
      portId: id,
      publishedPort: 25,
      targetPort: 26,
      ...more,
    });
    const make = (answer: unknown, rows: Row[] | ((n: number) => Row[] | Error), before: Row[] = []) => {
      let looks = 0;
      const { api } = serverOf({
        "port.create": answer,
        "application.one": () => {
          looks += 1;
          const found = typeof rows === "function" ? rows(looks) : rows;
          return found instanceof Error ? found : { ports: found };
        },
      });
      return messageOfOr(ports.create({ publishedPort: 25, targetPort: 26 }, parent, before, api));
    };
    const messageOfOr = (work: Promise<string>) => work.catch((error: Error) => error.message);

    it("after a response without an id: a new object with the values that were sent", async () => {
      assert.equal(await make(true, [row("new")]), "new");
      assert.equal(await make(true, [row("old"), row("new")], [row("old")]), "new");
      assert.equal(await make(true, [row("other", { targetPort: 80 }), row("new")]), "new");
      assert.equal(await make(true, [{ portId: "new" }]), "new", "what it does not show may be so");
    });

    it("and say when it cannot be distinguished", async () => {
      const expected =
        /^port\.create succeeded, but the new object cannot be distinguished from other new ones\. Run the update again/;
      assert.match(await make(true, [row("one"), row("two")]), expected);
      assert.match(await make(true, []), expected);
      assert.equal(
        await make(true, (n) => (n === 1 ? failure("refused") : [row("new")])),
        "new",
        "a second look",
      );
    });

    it("also if the response was lost; a refusal stays one", async () => {
      assert.equal(await make(failure("unknown"), [row("new")]), "new");
      assert.equal(await make(failure("unknown"), []), "failed");
      assert.equal(await make(failure("refused"), [row("new")]), "failed");
    });
  });

  it("change it together with unchanged required columns, and may remove a missing one", async () => {
    const { api, calls } = serverOf({ "port.delete": gone });
    await ports.update(
      { portId: "p", publishedPort: 1, targetPort: 2, protocol: "udp", publishMode: "host" },
      { targetPort: 3 },
      api,
    );
    const [endpoint, sent] = calls[0] ?? [];
    assert.equal(endpoint, "port.update");
    assert.equal((sent as Values)["portId"], "p");
    assert.equal((sent as Values)["targetPort"], 3);
    assert.equal((sent as Values)["publishedPort"], 1);
    await ports.remove("p", api);
    assert.deepEqual(calls[1], [`port.${ports.facts.remove}`, { portId: "p" }]);
    await assert.rejects(
      ports.remove("p", serverOf({ [`port.${ports.facts.remove}`]: failure("refused") }).api),
      /failed/,
    );
  });

  it("leave columns to a second call that only it accepts", () => {
    const domains = new Objects("domain");
    const columns = { host: "h", enabled: false, nonsense: 1 };
    assert.deepEqual(domains.laterColumns(columns, columns), { enabled: false });
  });
});

describe("a simple object by its inputs", () => {
  const { model } = port;
  const inputs = { applicationId: "a", publishedPort: 25, targetPort: 26 };
  const run = new Run();

  it("belongs to the one service that is given, once it is known", () => {
    assert.deepEqual(model.parentOf(inputs), { kind: "application", id: "a" });
    assert.equal(model.parentOf({ applicationId: unknown }), undefined);
    assert.equal(model.parentOf({}), undefined);
    assert.equal(registry.model.parentOf({ name: "r" }), undefined);
    assert.deepEqual(domain.model.parentsGiven({ composeId: "c", applicationId: "a" }).sort(), [
      "application",
      "compose",
    ]);
    assert.equal(serviceOf({ kind: "compose", id: "c" }), "compose/c");
    assert.equal(model.needOf(inputs), "reload");
    assert.equal(model.needOf({}), "none");
    assert.equal(registry.model.needOf({ name: "r" }), "none");
    assert.equal(domain.model.needOf({ composeId: "c" }), "deploy");
  });

  it("is the row with its key, if that is known", () => {
    const rows = [
      { portId: "1", publishedPort: 25, protocol: "udp" },
      { portId: "2", publishedPort: 25, protocol: "tcp" },
    ];
    assert.equal(model.sameAs(rows, inputs)?.["portId"], "2");
    assert.equal(model.sameAs(rows, { ...inputs, protocol: "udp" })?.["portId"], "1");
    assert.equal(model.sameAs(rows, { ...inputs, publishedPort: 26 }), undefined);
    assert.equal(model.sameAs(rows, { ...inputs, publishedPort: unknown }), undefined);
    const place = model.place(inputs);
    assert.equal(place?.text, "port of application/a");
    assert.notDeepEqual(model.place({ ...inputs, publishedPort: 26 }), place);
    assert.deepEqual(model.place({ ...inputs, targetPort: 99 }), place);
    assert.equal(model.place({ ...inputs, publishedPort: unknown }), undefined);
    assert.equal(model.place({ ...inputs, applicationId: unknown }), undefined);
  });

  it("is refused if there is one already, but for the one that it replaces", async () => {
    const rows = [{ portId: "2", publishedPort: 25, protocol: "tcp" }];
    const refused = await model.refuseDuplicate(rows, inputs, { run }).then(
      () => undefined,
      (error: CheckFailedError) => error.problems[0],
    );
    assert.equal(refused?.property, "publishedPort");
    assert.match(
      refused?.reason ?? "",
      /^the application already has a Port 25\S* \(2\)\. To manage that one, .*\{ import: "2" \}/,
    );
    await model.refuseDuplicate(rows, inputs, { run }, "2");
    await model.refuseDuplicate(rows, { ...inputs, publishedPort: 26 }, { run });
    const duplicate = registry.model.refuseDuplicate(
      [{ registryId: "r", registryName: "n" }],
      { name: "n" },
      { run },
    );
    assert.match(await messageOf(duplicate), /^name: Dokploy already has a Registry n \(r\)/);
    const renamed = registry.model.refuseDuplicate(
      [{ registryId: "r", registryName: "n" }],
      { name: "n" },
      { run },
      "own",
      true,
    );
    assert.match(await messageOf(renamed), /already has a Registry n \(r\)\. Choose another name$/);
    const made = organization.model.refuseDuplicate([{ id: "o", name: "n" }], { name: "n" }, { run });
    assert.match(await messageOf(made), /already has an Organization n \(o\)/);
  });

  it("is looked for among the others of its service, which must exist", async () => {
    const { api } = serverOf({ "application.one": gone, "project.all": [] });
    assert.match(await messageOf(model.beside(inputs, api)), /^applicationId: Dokploy has no application a /);
    const failing = serverOf({ "application.one": failure("refused") });
    assert.equal(await messageOf(model.beside(inputs, failing.api)), "failed");
    assert.equal(
      await messageOf(registry.model.beside({}, serverOf({ "registry.all": gone }).api)),
      "failed",
    );
  });

  it("is adopted if it exists and can be made to match", async () => {
    const absent = serverOf({ "port.one": gone });
    assert.match(
      await messageOf(model.adoptable("p", inputs, absent.api)),
      /^import: Dokploy has no Port of this id/,
    );
    const { api } = serverOf({ "registry.one": { registryId: "r", registryName: "n", serverId: null } });
    assert.equal((await registry.model.adoptable("r", { name: "n" }, api))["registryId"], "r");
    assert.equal(
      await messageOf(registry.model.adoptable("r", { name: "n", serverId: "s" }, api)),
      "serverId: differs from what the Registry r has, and cannot be changed in place",
    );
  });

  it("shows its inputs, its secrets separately, and nothing that Dokploy hides", () => {
    const row = { registryName: "n", registryUrl: null, username: "bot", password: "pw", imagePrefix: null };
    const { inputs: shown, secrets } = registry.model.shown(row);
    assert.deepEqual(
      [shown["name"], shown["url"], shown["username"], "password" in shown],
      ["n", "", "bot", false],
    );
    assert.deepEqual(secrets, {});
  });

  it("is called without a value that the program marked as secret", () => {
    const marked = new Run();
    marked.secrets.report({ name: "s3cret-name" }, [["name"]]);
    assert.equal(registry.model.label({ name: "s3cret-name" }, marked), "Registry [secret]");
    assert.equal(registry.model.label({ name: "open" }, marked), "Registry open");
  });
});

describe("a simple object that a server has", () => {
  const row = { portId: "p", publishedPort: 25, targetPort: 26, protocol: "tcp", publishMode: "host" };
  const tunnel = simple({
    kind: "Tunnel",
    router: "port",
    parents: { application: "reload" },
    key: ["publishedPort"],
    label: ({ publishedPort }) => String(publishedPort),
    create: (columns) => ({ protocol: "tcp", publishMode: "host", ...columns }),
    inputs: {
      /** Published port. */
      publishedPort: z.number(),
      /** Port in the container. */
      targetPort: z.number().optional(),
      /** Protocol, which the program gives. */
      protocol: z.enum(["tcp", "udp"]),
      /** Mode that a creation sends by itself. */
      publishMode: field(z.enum(["ingress", "host"]).optional(), {}),
    },
  });
  const inputsOf = async (more: Values) => {
    const { api } = serverOf({ "application.one": { applicationId: "a", ports: [{ ...row, ...more }] } });
    const tree = { api, services: async () => [{ kind: "application", id: "a" }] };
    const [found, ...others] = (await tunnel.list?.(tree as never)) ?? [];
    assert.deepEqual(others, []);
    return found;
  };

  it("is found with what a program has to give: no optional value that a creation sends anyway", async () => {
    const inputs = { applicationId: "a", publishedPort: 25, targetPort: 26, protocol: "tcp" };
    assert.deepEqual(await inputsOf({}), { id: "p", inputs, secrets: [], maybeSecrets: [], hidden: [] });
    const { inputs: others } = (await inputsOf({ publishMode: "ingress" })) ?? {};
    assert.deepEqual(others, { ...inputs, publishMode: "ingress" });
  });
});

describe("the rules of a simple object", () => {
  const properties = (inputs: object) =>
    (domain.check?.(inputs as never, () => undefined, "a") ?? []).map(
      ({ property, reason }) => `${property} ${reason}`,
    );
  const host = { host: "shop.example.com" };
  const web = { ...host, port: 80 };
  const choice = " needs exactly one of applicationId and composeId";
  const reload = { deploy: { method: "reload" } };

  it("it belongs to exactly one service, and a compose service cannot be reloaded", () => {
    assert.ok(!properties({ ...web, applicationId: "a" }).includes(choice));
    assert.ok(!properties({ ...web, composeId: "c", serviceName: "web" }).includes(choice));
    assert.ok(properties(web).includes(choice));
    assert.ok(properties({ ...web, applicationId: "a", composeId: "c" }).includes(choice));
    const isRefused = (of: object) =>
      properties({ ...web, ...reload, ...of }).some((line) => /cannot be reloaded/.test(line));
    assert.equal(isRefused({ composeId: "c", serviceName: "web" }), true);
    assert.equal(isRefused({ applicationId: "a" }), false);
  });
});

describe("the action that a part of a service needs", () => {
  const created = "2026-01-02T00:00:00Z";
  const record = (status: string, startedAt: string | undefined, createdAt = "2026-01-01T00:00:00Z") =>
    ({ status, startedAt, createdAt }) as never;

  it("is nothing after a deployment that began later and succeeded", () => {
    const isIt = (...records: never[]) => isSurelyApplied({ createdAt: created }, records);
    assert.equal(isIt(record("done", "2026-01-03T00:00:00Z")), true);
    assert.equal(isIt(record("error", "2026-01-03T00:00:00Z")), false);
    assert.equal(isIt(record("done", "2026-01-01T00:00:00Z")), false);
    assert.equal(isIt(record("done", created)), false, "at the same moment");
    assert.equal(isIt(record("done", undefined, "2026-01-03T00:00:00Z")), true);
    assert.equal(isIt(), false);
  });

  it("is requested only for a service that was deployed", async () => {
    const environment = { environmentId: "e", projectId: "p", env: null, project: { env: null } };
    const application = (deployments: unknown[]) => ({
      name: "web",
      appName: "app",
      env: null,
      replicas: 1,
      sourceType: "docker",
      environment,
      deployments,
    });
    const inputs = { applicationId: "a", publishedPort: 25, targetPort: 26 };
    const need = async (deployments: unknown[], given: Values = inputs) => {
      const { api } = serverOf({ "application.one": application(deployments) });
      const context = { reads: api } as never;
      const running = await runningParent(port.model, given, context);
      return [running !== undefined, await unappliedPart(port.model, { createdAt: created }, given, context)];
    };
    assert.deepEqual(await need([record("done", "2026-01-01T00:00:00Z")]), [true, "reload"]);
    assert.deepEqual(await need([record("done", "2026-01-03T00:00:00Z")]), [true, "none"]);
    assert.deepEqual(await need([]), [false, "none"]);
    assert.deepEqual(await need([record("done", "2026-01-01T00:00:00Z")], {}), [false, "none"]);
    const { api } = serverOf({ "application.one": gone });
    assert.equal(await runningParent(port.model, inputs, { reads: api } as never), undefined);
  });
});

describe("a registry that applications use", () => {
  const users = (count: number, column = "registryId") => {
    const all = Array.from({ length: count }, (_, n) => ({
      applicationId: `a${n}`,
      name: `web${n}`,
      [column]: "r",
    }));
    const { api, calls } = serverOf({
      "project.all": [{ environments: [{ applications: all }, {}] }, {}],
      "application.one": ({ applicationId }: { applicationId: string }) =>
        all.find((application) => application.applicationId === applicationId),
    });
    return { context: { api, run: new Run() }, calls };
  };
  const refuse = (
    given: ReturnType<typeof users>,
    { model } = registry as { model: (typeof registry)["model"] },
  ) => messageOf(refuseUsed(model, "r", { name: "ghcr" }, given.context as never));

  it("stays, and the error names the first of them", async () => {
    assert.equal(
      await refuse(users(1)),
      'The Registry ghcr (r) is not deleted, since it is used by application "web0" (a0). Give them another one ' +
        "first: Dokploy would remove it from them without a warning.",
    );
    assert.match(await refuse(users(10)), /"web9" \(a9\)\. Give/);
    assert.match(await refuse(users(12)), /"web9" \(a9\) and 2 more\. Give/);
    assert.match(await refuse(users(1, "buildRegistryId")), /is not deleted/);
    assert.equal(await refuse(users(1, "other")), "fine");
    assert.equal(await refuse(users(0)), "fine");
  });

  it("is not checked for objects that nothing can use", async () => {
    const given = users(1);
    assert.equal(await refuse(given, port as never), "fine");
    assert.deepEqual(given.calls, []);
  });
});
