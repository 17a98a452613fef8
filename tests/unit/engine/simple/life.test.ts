import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { DokployError } from "../../../../provider/dokploy";
import type { SimpleOutputs } from "../../../../provider/engine/simple/applying";
import { PartialFailureError } from "../../../../provider/errors";
import { type Context, type Entity, Run, type State } from "../../../../provider/lifecycle";
import { KeyedLock } from "../../../../provider/lifecycle/run/lock";
import { domain, port, registry } from "../../../../provider/resources";
import { VirtualClock } from "../../deploy/virtual-clock";

type Values = Readonly<Record<string, unknown>>;
type Call = readonly [endpoint: string, input: Values];

const of = (definition: unknown) => definition as Entity<Values, SimpleOutputs>;
const ports = of(port);
const domains = of(domain);
const registries = of(registry);

const unknown = runtime.unknownValue;
const gone = new DokployError("gone", {
  kind: "not-found",
  endpoint: "port.one",
  outcome: "refused",
  gone: true,
});
const failed = (outcome: "refused" | "unknown") =>
  new DokployError("failed", { kind: "server", endpoint: "port.update", outcome, gone: false });

const application = (deployments: readonly object[], more: Values = {}) => ({
  applicationId: "a",
  name: "web",
  appName: "app",
  env: null,
  replicas: 1,
  sourceType: "docker",
  applicationStatus: "done",
  environmentId: "e",
  environment: { environmentId: "e", projectId: "p", env: null, project: { env: null } },
  deployments,
  ...more,
});
const deployed = (startedAt: string) => ({ status: "done", startedAt, createdAt: startedAt });
const early = deployed("2026-01-01T00:00:00Z");
const late = deployed("2026-01-03T00:00:00Z");

const portRow = {
  portId: "p",
  applicationId: "a",
  publishedPort: 25,
  targetPort: 25,
  protocol: "tcp",
  publishMode: "ingress",
  createdAt: "2026-01-02T00:00:00Z",
};
const smtp = { applicationId: "a", publishedPort: 25, targetPort: 25 };
const registryRow = {
  registryId: "r",
  registryName: "ghcr",
  registryUrl: "ghcr.io",
  username: "bot",
  imagePrefix: null,
};
const ghcr = { name: "ghcr", url: "ghcr.io", username: "bot", password: "pw" };

/** A run against a server of these answers; an answer that is an error is thrown. */
function runOf(answers: Readonly<Record<string, unknown>>, more: Partial<Context> = {}) {
  const calls: Call[] = [];
  const said: string[] = [];
  const api = {
    async call(endpoint: string, input: Values) {
      calls.push([endpoint, input]);
      const found = answers[endpoint];
      const answer = typeof found === "function" ? found(input) : found;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const deployments: Values[] = [];
  const context = {
    api,
    reads: api,
    about: async () => ({ project: "shop", stack: "prod", commit: undefined }),
    deployments: {
      async run(target: Values, _before: unknown, options: Values) {
        deployments.push({ ...target, ...options });
        throw failed("refused");
      },
    },
    run: new Run(),
    lock: new KeyedLock(),
    warn: (text: string) => said.push(text),
    inform: (text: string) => said.push(text),
    waitFor: "deployed",
    phase: () => {},
    begun: () => {},
    ended: () => {},
    ...more,
  } as unknown as Context;
  return {
    context,
    said,
    calls,
    deployments,
    changes: () => calls.filter(([endpoint]) => !/\.(one|all|getConfig)$/.test(endpoint)),
  };
}
const messageOf = (work: Promise<unknown>) =>
  work.then(
    () => "fine",
    (error: Error) => error.message,
  );
const stateOf = (inputs: Values, outputs: SimpleOutputs = {}): State<Values, SimpleOutputs> =>
  ({ inputs, outputs }) as State<Values, SimpleOutputs>;

describe("before a simple object is created", () => {
  const duplicate = { "application.one": { ports: [portRow] }, "registry.all": [registryRow] };

  it("a duplicate is looked for in its service, or on the server if it has none", async () => {
    const { context, calls } = runOf(duplicate);
    assert.match(
      await messageOf(ports.preflight?.(smtp, context, {}) ?? Promise.resolve()),
      /^publishedPort: the application already has a Port 25\/tcp \(p\)\. /,
    );
    assert.match(
      await messageOf(registries.preflight?.(ghcr, context, {}) ?? Promise.resolve()),
      /^name: Dokploy already has a Registry ghcr \(r\)\. /,
    );
    assert.deepEqual(
      calls.map(([endpoint]) => endpoint),
      ["application.one", "registry.all"],
    );
  });

  it("the replaced object is not a duplicate", async () => {
    const { context } = runOf(duplicate);
    assert.equal(
      await messageOf(
        ports.preflight?.(smtp, context, { replaced: { id: "p", inputs: {} } }) ?? Promise.reject(),
      ),
      "fine",
    );
  });

  it("no call is made if its service is not known yet", async () => {
    const { context, calls } = runOf(duplicate);
    await ports.preflight?.({ ...smtp, applicationId: unknown }, context, {});
    assert.deepEqual(calls, []);
  });

  it("the kind of service need not be chosen if one is given, or only one is possible", () => {
    const problems = (inputs: Values) =>
      domains.check?.(inputs, () => undefined, "a").map(({ property, reason }) => `${property}: ${reason}`);
    const host = { host: "a.example.com", applicationId: "a" };
    assert.deepEqual(problems(host), []);
    assert.deepEqual(problems({ ...host, deploy: { method: "reload" } }), []);
    assert.deepEqual(
      ports.check?.({ publishedPort: 25, targetPort: 25 }, () => undefined, "a"),
      [],
    );
  });
});

describe("a simple object that is created", () => {
  it("is reported with its id, and with the remaining work if it must not be deployed", async () => {
    const { context, changes } = runOf({
      "port.create": { portId: "new" },
      "application.one": { ports: [] },
    });
    assert.deepEqual(await ports.create({ ...smtp, deploy: false }, context), {
      id: "new",
      outputs: { pending: "reload" },
    });
    assert.deepEqual(
      changes().map(([endpoint, { applicationId }]) => [endpoint, applicationId]),
      [["port.create", "a"]],
    );
  });

  it("has nothing left to do if its service was never deployed, or it takes effect at once", async () => {
    const never = runOf({
      "port.create": { portId: "new" },
      "application.one": application([], { ports: [] }),
    });
    assert.deepEqual(await ports.create(smtp, never.context), { id: "new", outputs: {} });
    assert.deepEqual(
      never.changes().map(([endpoint]) => endpoint),
      ["port.create"],
    );
    const { context } = runOf({ "domain.create": { domainId: "new" }, "application.one": { domains: [] } });
    const host = { applicationId: "a", host: "a.example.com" };
    assert.deepEqual(await domains.create(host, context), { id: "new", outputs: {} });
    const global = runOf({ "registry.create": { registryId: "new" }, "registry.all": [] });
    assert.deepEqual(await registries.create(ghcr, global.context), { id: "new", outputs: {} });
  });

  it("is refused if a duplicate was created meanwhile", async () => {
    const { context, changes } = runOf({ "application.one": { ports: [portRow] } });
    assert.match(
      await messageOf(ports.create({ ...smtp, deploy: false }, context)),
      /already has a Port 25\/tcp/,
    );
    assert.deepEqual(changes(), []);
  });

  it("is in the state, with the remaining work, if only a part of it is saved", async () => {
    const { context } = runOf({
      "application.one": { domains: [] },
      "domain.create": { domainId: "new" },
      "domain.one": failed("refused"),
    });
    const off = { applicationId: "a", host: "a.example.com", enabled: false };
    const error = await domains.create(off, context).catch((found) => found);
    assert.ok(error instanceof PartialFailureError);
    assert.equal(error.id, "new");
    assert.match(String(error.reason), /failed/);
    const inCompose = runOf({
      "compose.one": { domains: [] },
      "domain.create": { domainId: "new" },
      "domain.one": failed("refused"),
    });
    const wiki = { composeId: "c", serviceName: "web", host: "w.example.com", enabled: false };
    const other = await domains.create(wiki, inCompose.context).catch((found) => found);
    assert.deepEqual((other as PartialFailureError).outputs, { pending: "deploy" });
  });

  it("waits for others that are created at the same service, and for those of the server", async () => {
    for (const [definition, inputs, place] of [
      [ports, { ...smtp, deploy: false }, "new port of application/a"],
      [registries, ghcr, "new registry of server"],
    ] as const) {
      const { context, calls } = runOf({
        "application.one": { ports: [] },
        "registry.all": [],
        "port.create": { portId: "n" },
        "registry.create": { registryId: "n" },
      });
      let free = () => {};
      const held = context.lock.run(place, () => new Promise<void>((go) => (free = go)));
      const making = definition.create(inputs, context);
      await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual(calls, []);
      free();
      await Promise.all([held, making]);
      assert.equal(calls.length, 3);
    }
  });
});

describe("a simple object that is read", () => {
  it("has the values of the row, and needs the action of differences", async () => {
    const listed = (row: object) => ({ "application.one": { ports: [row] } });
    const { context, calls } = runOf(listed({ ...portRow, targetPort: 26 }));
    assert.deepEqual(await ports.read("p", stateOf(smtp), context), {
      inputs: { ...smtp, targetPort: 26 },
      outputs: { pending: "reload" },
    });
    assert.deepEqual(calls, [["application.one", { applicationId: "a" }]]);
    const same = runOf(listed(portRow)).context;
    assert.deepEqual(await ports.read("p", stateOf(smtp), same), { inputs: smtp, outputs: {} });
    assert.deepEqual(await ports.read("p", stateOf(smtp, { pending: "deploy" }), same), {
      inputs: smtp,
      outputs: { pending: "deploy" },
    });
  });

  it("is not found if it is gone", async () => {
    const { context } = runOf({ "port.one": gone, "application.one": application([early]) });
    assert.equal(await ports.read("p", stateOf(smtp), context), undefined);
  });

  it("is reported with the remaining work", () => {
    assert.deepEqual(ports.unfinished?.({ pending: "reload" }, smtp), {});
    assert.equal(ports.unfinished?.({ pending: "reload" }, { ...smtp, deploy: false }), undefined);
    assert.equal(ports.unfinished?.({}, smtp), undefined);
  });
});

describe("a simple object that is updated", () => {
  const update = (news: Values, answers: Values, olds: State<Values, SimpleOutputs> = stateOf(smtp)) => {
    const run = runOf(answers);
    const changes = port.model.mapping.changes(olds.inputs, news);
    return { done: ports.update("p", olds, news, changes, run.context), ...run };
  };

  it("is saved as a difference from the row, and needs the action of that difference", async () => {
    const { done, changes } = update({ ...smtp, targetPort: 26, deploy: false }, { "port.one": portRow });
    assert.deepEqual(await done, { pending: "reload" });
    assert.deepEqual(
      changes().map(([endpoint, { targetPort }]) => [endpoint, targetPort]),
      [["port.update", 26]],
    );
    const drifted = update({ ...smtp, deploy: false }, { "port.one": { ...portRow, targetPort: 99 } });
    assert.deepEqual(await drifted.done, { pending: "reload" });
    assert.equal(drifted.changes()[0]?.[1]["targetPort"], 25);
  });

  it("is not saved if it already matches, and keeps the remaining work", async () => {
    const left = stateOf(smtp, { pending: "deploy" });
    const { done, changes } = update({ ...smtp, deploy: false }, { "port.one": portRow }, left);
    assert.deepEqual(await done, { pending: "deploy" });
    assert.deepEqual(changes(), []);
  });

  it("is reported as gone, with its name", async () => {
    const { done } = update({ ...smtp, targetPort: 26, deploy: false }, { "port.one": gone });
    assert.match(await messageOf(done), /^The Port 25\/tcp \(p\) no longer exists: /);
  });

  it("whose response is lost keeps the work that remains", async () => {
    const { done } = update(
      { ...smtp, targetPort: 26, deploy: false },
      { "port.one": portRow, "port.update": failed("unknown") },
      stateOf(smtp, { pending: "reload" }),
    );
    const error = await done.catch((found) => found);
    assert.ok(error instanceof PartialFailureError);
    assert.equal(error.id, "p");
    assert.deepEqual(error.outputs, { pending: "reload" });
  });

  it("waits for others that save the same", async () => {
    const { context, calls } = runOf({ "port.one": portRow });
    let free = () => {};
    const held = context.lock.run("port/p", () => new Promise<void>((go) => (free = go)));
    const saving = ports.update("p", stateOf(smtp), { ...smtp, deploy: false }, [], context);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(calls, []);
    free();
    await Promise.all([held, saving]);
    assert.equal(calls.length, 1);
  });
});

describe("a hidden value of a simple object", () => {
  const update = (olds: Values, news: Values, answers: Values = {}) => {
    const run = runOf({ "registry.one": registryRow, ...answers });
    const changes = registry.model.mapping.changes(olds, news);
    return { done: registries.update("r", stateOf(olds), news, changes, run.context), ...run };
  };

  it("is written again with every change, and left alone without one", async () => {
    const renamed = update(ghcr, { ...ghcr, username: "other" });
    await renamed.done;
    const [, sent] = renamed.changes()[0] ?? [];
    assert.deepEqual([sent?.["username"], sent?.["password"]], ["other", "pw"]);
    const same = update(ghcr, ghcr);
    await same.done;
    assert.deepEqual(same.changes(), []);
  });

  it("is not known any more if a refusal may have come after it was saved", async () => {
    const { done } = update(
      ghcr,
      { ...ghcr, username: "other", password: "new" },
      {
        "registry.update": failed("refused"),
        "registry.one": (() => {
          let reads = 0;
          return () => (reads++ === 0 ? registryRow : { ...registryRow, username: "other" });
        })(),
      },
    );
    const error = (await done.catch((found) => found)) as PartialFailureError;
    assert.ok(error instanceof PartialFailureError);
    const inputs = error.former as Values;
    assert.equal(inputs["username"], "other");
    assert.notEqual(inputs["password"], "pw");
    assert.notEqual(inputs["password"], "new");
  });

  it("that never was in the state leaves a refusal unchanged", async () => {
    const run = runOf({ "registry.one": registryRow, "registry.update": failed("refused") });
    const adopting = registries.update("r", undefined, ghcr, [], run.context);
    const error = await adopting.catch((found: unknown) => found);
    assert.ok(error instanceof DokployError);
  });
});

describe("a simple object that is adopted", () => {
  const warned = async (definition: typeof ports, id: string, inputs: Values, answers: Values) => {
    const { context, said, changes } = runOf(answers);
    await definition.preflight?.(inputs, context, { adopted: id });
    assert.deepEqual(changes(), []);
    return said.join();
  };

  it("is compared first, and the plan names its changes and the action of its service", async () => {
    const service = application([early]);
    const there = { "port.one": portRow, "application.one": service };
    const reloads =
      " Its service is reloaded, since it is not known whether the service already runs with it.";
    assert.equal(await warned(ports, "p", smtp, there), `Port p is adopted: nothing to change.${reloads}`);
    assert.equal(
      await warned(ports, "p", { ...smtp, targetPort: 26 }, there),
      `Port p is adopted: changes targetPort.${reloads}`,
    );
    assert.equal(
      await warned(ports, "p", { ...smtp, deploy: false }, there),
      "Port p is adopted: nothing to change.",
    );
    assert.equal(
      await warned(ports, "p", smtp, { ...there, "application.one": application([late]) }),
      "Port p is adopted: nothing to change.",
    );
  });

  it("without a time of its own, as Dokploy stores it, reloads the service: an interrupted run may have left it", async () => {
    const { createdAt: _, ...row } = portRow as Values;
    const there = { "port.one": row, "application.one": application([early]) };
    assert.match(await warned(ports, "p", smtp, there), /Its service is reloaded, since it is not known/);
  });

  describe("and of which Docker shows", () => {
    const { createdAt: _, ...row } = portRow as Values;
    const shown = { Protocol: "tcp", TargetPort: 25, PublishedPort: 25, PublishMode: "ingress" };
    const running = (port: object, more: object = {}, service: Values = {}) => ({
      "port.one": row,
      "application.one": application([early], service),
      "docker.getConfig": { Spec: { EndpointSpec: { Ports: [port] } }, ...more },
    });

    it("that the service runs with it reloads nothing", async () => {
      for (const there of [running(shown), running(shown, { UpdateStatus: { State: "completed" } })]) {
        assert.equal(await warned(ports, "p", smtp, there), "Port p is adopted: nothing to change.");
        const { context, calls } = runOf(there);
        assert.deepEqual(await ports.update("p", undefined, smtp, [], context), {});
        assert.ok(!calls.some(([endpoint]) => endpoint === "application.reload"));
      }
    });

    it("another port, or an update that has not succeeded, reloads the service", async () => {
      for (const there of [
        running({ ...shown, PublishMode: "host" }),
        running({ ...shown, TargetPort: 26 }),
        running({ ...shown, PublishedPort: 26 }),
        running({ ...shown, Protocol: "udp" }),
        ...["paused", "rollback_started", "rollback_paused", "rollback_completed"].map((State) =>
          running(shown, { UpdateStatus: { State } }),
        ),
        { ...running(shown), "docker.getConfig": { Spec: { EndpointSpec: {} } } },
        { ...running(shown), "docker.getConfig": { Spec: {} } },
        { ...running(shown), "docker.getConfig": failed("refused") },
      ])
        assert.match(await warned(ports, "p", smtp, there), /Its service is reloaded, since it is not known/);
    });

    describe("while Swarm updates the service to it", () => {
      const updating = { UpdateStatus: { State: "updating" } };
      /** Adopts it while Docker's answers change with the seconds that pass. */
      const adopting = async (answer: (seconds: number) => Values) => {
        const clock = new VirtualClock();
        const began = clock.now();
        const passed = () => (clock.now() - began) / 1000;
        const there = { ...running(shown), "docker.getConfig": () => answer(passed()) };
        const { context, said, calls } = runOf(there, { timers: clock });
        await clock.until(ports.preflight?.(smtp, context, { adopted: "p" }) ?? Promise.resolve());
        const looks = calls.filter(([endpoint]) => endpoint === "docker.getConfig").length;
        return { isReloaded: /Its service is reloaded/.test(said.join()), passed: passed(), looks };
      };
      const config = (state: object, port: object = shown) => ({
        Spec: { EndpointSpec: { Ports: [port] } },
        ...state,
      });

      it("the adoption waits until the update has succeeded, and reloads nothing", async () => {
        const { isReloaded, passed, looks } = await adopting((seconds) =>
          config(seconds < 19 ? updating : { UpdateStatus: { State: "completed" } }),
        );
        assert.equal(isReloaded, false);
        assert.ok(passed < 21, `noticed after ${passed} s`);
        assert.ok(looks <= 25, `${looks} looks`);
      });

      it("an update that fails, or goes back to a version without it, reloads the service", async () => {
        for (const end of [
          ...["paused", "rollback_completed"].map((State) => config({ UpdateStatus: { State } })),
          config(updating, { ...shown, PublishMode: "host" }),
        ]) {
          const { isReloaded, passed } = await adopting((seconds) => (seconds < 3 ? config(updating) : end));
          assert.ok(isReloaded);
          assert.ok(passed < 5, `noticed after ${passed} s`);
        }
      });

      it("an update that does not end soon reloads the service", async () => {
        const { isReloaded, passed } = await adopting(() => config(updating));
        assert.ok(isReloaded);
        assert.ok(passed > 20 && passed < 30, `waited ${passed} s`);
      });

      it("another port waits for nothing", async () => {
        const { isReloaded, looks } = await adopting(() => config(updating, { ...shown, TargetPort: 26 }));
        assert.deepEqual({ isReloaded, looks }, { isReloaded: true, looks: 1 });
      });
    });

    it("is asked of the server where the service runs", async () => {
      const { context, calls } = runOf(running(shown, {}, { serverId: "s" }));
      await ports.preflight?.(smtp, context, { adopted: "p" });
      const asked = calls.filter(([endpoint]) => endpoint === "docker.getConfig");
      assert.deepEqual(asked, [["docker.getConfig", { containerId: "app", serverId: "s" }]]);
    });
  });

  it("of a compose service deploys it", async () => {
    const row = {
      domainId: "d",
      composeId: "c",
      host: "w.example.com",
      path: "/",
      port: 3000,
      serviceName: "web",
      createdAt: "2026-01-02T00:00:00Z",
    };
    const compose = {
      ...application([early]),
      composeId: "c",
      composeStatus: "done",
      composeType: "docker-compose",
      composeFile: "services:\n  web:\n    image: a\n",
      sourceType: "raw",
    };
    const inputs = { composeId: "c", host: "w.example.com", serviceName: "web" };
    assert.equal(
      await warned(domains, "d", inputs, { "domain.one": row, "compose.one": compose }),
      "Domain d is adopted: nothing to change. Its service is deployed, since it is not known whether the service " +
        "already runs with it.," +
        'Compose service "web": this change replaces containers, and Docker Compose stops each one first, so requests ' +
        "fail until the new one is ready.",
    );
  });

  it("gets its hidden values written", async () => {
    const there = { "registry.one": registryRow };
    assert.equal(await warned(registries, "r", ghcr, there), "Registry r is adopted: changes password.");
    const { context, changes } = runOf(there);
    assert.deepEqual(await registries.update("r", undefined, ghcr, [], context), {});
    assert.equal(changes()[0]?.[1]["password"], "pw");
    assert.match(
      await messageOf(registries.update("x", undefined, ghcr, [], runOf({ "registry.one": gone }).context)),
      /^import: Dokploy has no Registry of this id \(or this key cannot see it\)\. Look the id up in Dokploy; without the option import, a new Registry is created$/,
    );
  });

  it("is saved as a difference", async () => {
    const { context, changes } = runOf({ "port.one": portRow, "application.one": application([late]) });
    assert.deepEqual(
      await ports.update("p", undefined, { ...smtp, targetPort: 26, deploy: false }, [], context),
      {
        pending: "reload",
      },
    );
    assert.equal(changes()[0]?.[1]["targetPort"], 26);
  });
});

describe("a simple object that is deleted", () => {
  it("leaves the pending work of its service alone", async () => {
    const { context, changes } = runOf({
      "port.delete": {},
      "application.one": application([]),
    });
    await ports.delete("p", smtp, context);
    assert.deepEqual(
      changes().map(([endpoint]) => endpoint),
      ["port.delete"],
    );
  });

  it("that needs a deployment says why it could not be deleted", async () => {
    const { context } = runOf({ "port.delete": failed("refused"), "application.one": application([early]) });
    const error = await ports.delete("p", smtp, context).catch((found: unknown) => found);
    assert.ok(error instanceof DokployError);
  });
});

describe("a simple object whose service is deployed", () => {
  const service = application([early]);
  /** What is deployed, and how; the deployment itself fails, and the error of that comes back. */
  async function deploying(act: (context: Context) => Promise<unknown>, answers: Values = {}) {
    const endpoints = ["application.deploy", "application.redeploy", "application.reload"];
    const refuse = Object.fromEntries(endpoints.map((endpoint) => [endpoint, failed("refused")]));
    const run = runOf({
      "port.one": portRow,
      "application.one": { ...service, ports: [] },
      ...refuse,
      ...answers,
    });
    const error = await act(run.context).catch((found: unknown) => found);
    const asked = run.calls.filter(([endpoint]) => endpoints.includes(endpoint));
    return { ...run, error, asked };
  }

  it("asks that service for the weakest action that applies it", async () => {
    const { asked, error } = await deploying((context) => ports.create(smtp, context), {
      "port.create": { portId: "new" },
    });
    assert.deepEqual(
      asked.map(([endpoint, { applicationId }]) => [endpoint, applicationId]),
      [["application.reload", "a"]],
    );
    assert.ok(error instanceof PartialFailureError);
    assert.deepEqual([error.id, error.outputs], ["new", { pending: "reload" }]);
  });

  it("is deployed as the program says, with the change in the title", async () => {
    const { deployments } = await deploying(
      (context) =>
        ports.update(
          "p",
          stateOf(smtp),
          { ...smtp, targetPort: 26, deploy: { method: "deploy", timeoutSeconds: 7 } },
          [],
          context,
        ),
      { "port.update": {} },
    );
    const [{ kind, id, method, timeoutSeconds, title } = {}, ...others] = deployments;
    assert.deepEqual(
      { kind, id, method, timeoutSeconds },
      { kind: "application", id: "a", method: "deploy", timeoutSeconds: 7 },
    );
    assert.match(String(title), /Port 25\/tcp/);
    assert.deepEqual(others, []);
  });

  it("may be one of a compose file", async () => {
    const compose = {
      ...service,
      composeId: "c",
      composeStatus: "done",
      composeType: "docker-compose",
      composeFile: "services:\n  web:\n    image: a\n",
      sourceType: "raw",
      domains: [],
    };
    const { deployments, error } = await deploying(
      (context) =>
        domains.create({ composeId: "c", serviceName: "web", host: "w.example.com", port: 80 }, context),
      { "domain.create": { domainId: "new" }, "compose.one": compose },
    );
    assert.deepEqual(
      deployments.map(({ kind, id }) => [kind, id]),
      [["compose", "c"]],
    );
    assert.deepEqual((error as PartialFailureError).outputs, { pending: "deploy" });
  });

  it("keeps a failed update pending, and reports the reason", async () => {
    const { error } = await deploying(
      (context) => ports.update("p", stateOf(smtp), { ...smtp, targetPort: 26 }, [], context),
      { "port.update": {} },
    );
    assert.ok(error instanceof PartialFailureError);
    assert.deepEqual([error.id, error.outputs], ["p", { pending: "reload" }]);
    assert.match(String(error.reason), /failed/);
    assert.ok(!(error.reason instanceof PartialFailureError));
  });

  it("is deployed once it is deleted", async () => {
    const { asked, error } = await deploying((context) => ports.delete("p", smtp, context), {
      "port.delete": {},
    });
    assert.deepEqual(
      asked.map(([endpoint]) => endpoint),
      ["application.reload"],
    );
    assert.ok(error instanceof Error && !(error instanceof PartialFailureError));
  });

  it("is not if nothing changed", async () => {
    const { asked, error } = await deploying((context) =>
      ports.update("p", stateOf(smtp), smtp, [], context),
    );
    assert.deepEqual(asked, []);
    assert.deepEqual(error, {});
  });

  it("is not if it was deleted with it", async () => {
    const { asked, error } = await deploying((context) => ports.delete("p", smtp, context), {
      "port.delete": {},
      "application.one": gone,
    });
    assert.deepEqual(asked, []);
    assert.equal(error, undefined);
  });
});
