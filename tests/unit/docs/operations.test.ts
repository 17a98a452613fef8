import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Fault } from "../../../emulator";
import { composeRuleNames } from "../../../packages/compose-checks/checks";
import { Deployments } from "../../../provider/deploy";
import { type ClientOptions, DokployClient } from "../../../provider/dokploy";
import { getApplication } from "../../../sdk";
import { messageOf } from "../../resources/lookups";
import { inState, makeProject, type Server, startServer, withProvider } from "../../resources/server";

const folder = path.join(__dirname, "..", "..", "..", "docs");
const names = [
  "operations/keys-and-state.md",
  "start/coming-from-curl.md",
  "everyday/renaming.md",
  "operations/troubleshooting.md",
];
const guides = new Map(names.map((name) => [name, fs.readFileSync(path.join(folder, name), "utf8")]));

/** Lists the messages that the guides quote: the lines of text blocks, and the reasons in tables. */
function quotes(): string[] {
  const all = [...guides.values()].join("\n");
  const blocks = [...all.matchAll(/^```text\n([\s\S]*?)^```$/gm)].flatMap(([, block = ""]) =>
    block.trim().split("\n"),
  );
  const section = all.slice(all.indexOf("| the reason says | do |"), all.indexOf("### Pull access denied"));
  const reasons = [...section.matchAll(/^\| (`+)(.+?)\1 \|/gm)].map(([, , reason = ""]) => reason);
  return [...blocks, ...reasons];
}

/** True when a text contains the parts of a quote in their order; `…` stands for text that differs. */
function says(text: string, quote: string): boolean {
  let from = 0;
  return quote.split("…").every((part) => {
    const at = text.indexOf(part.trim(), from);
    from = at + part.trim().length;
    return at >= 0;
  });
}

describe("the guides", () => {
  it("quote only what the product prints", async function () {
    this.timeout(120_000);
    const printed = await everyMessage();
    const untrue = quotes().filter((quote) => !printed.some((message) => says(message, quote)));
    assert.ok(quotes().length > 40);
    assert.deepEqual(untrue, []);
  });

  it("name only checks of compose files that there are", () => {
    const text = [...guides.values()].join("\n").replace(/\s+/g, " ");
    const named = [...text.matchAll(/the checks? `([a-z-]+)`(?:(?: and|,) `([a-z-]+)`)?/g)].flatMap(
      ([, ...all]) => all,
    );
    const known: readonly (string | undefined)[] = [...composeRuleNames, undefined];
    assert.ok(named.length > 5);
    assert.deepEqual(
      named.filter((name) => !known.includes(name)),
      [],
    );
  });
});

type Work = () => Promise<unknown>;

/** Causes every problem that the guides describe, and collects the messages of the product. */
async function everyMessage(): Promise<string[]> {
  const server = await startServer();
  try {
    const printed: string[] = [];
    const collect = async (work: Work) => {
      server.newRun();
      server.warnings.length = 0;
      const result = await work().catch((error: Error) => error.message);
      printed.push(typeof result === "string" ? result : JSON.stringify(result ?? ""), ...server.warnings);
    };
    for (const work of await troubles(server)) await collect(work);
    return printed.map((message) => message.replaceAll('\\"', '"'));
  } finally {
    await server.close();
  }
}

async function troubles(server: Server): Promise<Work[]> {
  const { emulator } = server;
  const { environmentId } = await makeProject(server);
  const make = async (kind: "application" | "compose", name: string, columns: object) => {
    const row = await server.byHand<Record<string, string>>(`${kind}.create`, { name, environmentId });
    const id = row[`${kind}Id`] ?? "";
    await server.byHand(`${kind}.update`, { [`${kind}Id`]: id, ...columns });
    return id;
  };
  const application = (columns: object = {}) =>
    make("application", "api", { sourceType: "docker", dockerImage: "acme/api:1", ...columns });
  const compose = (composeFile = "services: { web: { image: acme/web:1 } }") =>
    make("compose", "web", { sourceType: "raw", composeFile });
  const applicationId = await application();

  const clientOf = (more: object = {}, options: ClientOptions = {}) => {
    const settings = { url: emulator.url, apiKey: emulator.apiKey, auth: "x-api-key", warnings: [] } as const;
    return new DokployClient({ ...settings, ...more }, { sleep: async () => {}, ...options });
  };
  const call = async (more: object = {}) => {
    const client = clientOf(more);
    return await client.call("application.one", { applicationId }).finally(() => client.close());
  };
  const faulty = async (fault: Omit<Fault, "endpoint">) => {
    emulator.faults.add({ endpoint: "application.one", times: 5, ...fault });
    await call().finally(() => emulator.faults.clear());
  };
  /** Makes the first call to a server, on which all others wait. */
  const reach = async (more: object = {}, options: ClientOptions = {}) => {
    const client = clientOf(more, options);
    await client.ready().finally(() => client.close());
  };
  const unreachable = async (fault: Omit<Fault, "endpoint">, options: ClientOptions = {}) => {
    emulator.faults.add({ endpoint: "settings.getDokployVersion", times: 5, ...fault });
    await reach({}, options).finally(() => emulator.faults.clear());
  };
  const refused = (status: number, code: string) =>
    faulty({ status, body: { message: "It went wrong", code } });
  const denied = async (endpoint: string, work: Work) => {
    emulator.denyPermission(endpoint);
    await work().finally(() => emulator.allowPermission(endpoint));
  };

  const block = (target: object, more: object = {}, env: object = { LEVEL: "info" }) =>
    withProvider({ target, env, ...more });
  const deploy = (target: object, more: object = {}, env?: object) =>
    server.EnvironmentBlock.create(block(target, more, env));
  const failing = async (log: string) => {
    const composeId = await compose();
    emulator.setOutcome(composeId, { status: "error", log });
    await deploy({ composeId });
  };
  const running = async (behaviour: Parameters<typeof emulator.setContainers>[1]) => {
    const id = await application();
    emulator.setContainers(id, behaviour);
    await deploy({ applicationId: id });
  };
  const held = async (work: Work) => {
    emulator.holdBuilds();
    await work().finally(() => emulator.releaseBuilds());
  };
  /** Creates a project while another run creates one of the same name, a moment earlier. */
  const overtaken = async () => {
    const before = emulator.calls.length;
    emulator.faults.add({ endpoint: "project.create", delayMs: 300 });
    const ours = server.Project.create(withProvider({ name: "race" }));
    const hasBegun = () => emulator.calls.slice(before).some(({ endpoint }) => endpoint === "project.create");
    while (!hasBegun()) await new Promise((resolve) => setTimeout(resolve, 5));
    await server.byHand("project.create", { name: "race" });
    await ours;
  };
  const hurried = { deploy: { timeoutSeconds: 1, waitFor: "deployed" } };

  return [
    // The key and its permissions.
    () => call({ apiKey: "x".repeat(64) }),
    async () => {
      const client = clientOf();
      await client.call("application.one", { applicationId });
      emulator.rateLimit(0);
      await client.call("application.one", { applicationId }).finally(() => {
        emulator.rateLimit(undefined);
        client.close();
      });
    },
    () => denied("application.one", () => call()),
    () => denied("docker.getServiceContainersByAppName", () => deploy({ applicationId }, {}, { NEW: "1" })),
    () => refused(403, "FORBIDDEN"),
    // Objects that are missing, and objects that already exist.
    () => server.EnvironmentBlock.check({}, block({ applicationId: "nowhere00000000000000" })),
    () =>
      server.Application.check(
        {},
        withProvider({ environmentId: "nowhere00000000000000", name: "api", source }),
      ),
    () => server.Project.check({}, withProvider({ name: "shop" })),
    overtaken,
    () => server.Application.check({}, withProvider({ environmentId, name: "api", source })),
    async () => {
      server.stack = [
        inState("Application", "old", applicationId),
        inState("Application", "api", applicationId),
      ];
      try {
        return await server.Application.check({}, withProvider({ environmentId, name: "api", source }));
      } finally {
        server.newRun();
        await server.Application.delete(applicationId, { environmentId, name: "api", source });
        server.stack = undefined;
      }
    },
    async () => {
      server.isStackReadable = false;
      const state = { environmentId, name: "api", source };
      return await server.Application.delete(applicationId, state).finally(() => {
        server.isStackReadable = true;
      });
    },
    async () => {
      await server.byHand("application.update", { applicationId, env: "KEEP=1\nOLD=2" });
      await server.EnvironmentBlock.check({}, block({ applicationId }, {}, { OLD: "3" }));
    },
    () => deploy({ applicationId }, {}, { REGION: "${{project.REGION}}" }),
    () => messageOf(server, async () => await getApplication({ name: "apj", environmentId })),
    // Statuses.
    () => server.context.api.call("application.update", { applicationId, replicas: "many" as never }),
    () => faulty({ status: 413, html: true }),
    () => refused(500, "INTERNAL_SERVER_ERROR"),
    () => unreachable({ status: 503, html: true }),
    () => unreachable({ delayMs: 200 }, { timeoutsMs: { read: 20 } }),
    () => reach({ url: "http://127.0.0.1:1" }),
    async () => {
      const old = await startServer({ version: "v0.28.6" });
      const { environmentId: there } = await makeProject(old);
      const inputs = withProvider({ environmentId: there, name: "api", source });
      await old.Application.create(inputs).finally(() => old.close());
    },
    // Deployments.
    async () => deploy({ applicationId: await application({ dockerImage: "private/api:1" }) }),
    async () => deploy({ applicationId: await application({ dockerImage: "acme/missing:1" }) }),
    async () =>
      deploy({
        applicationId: await application({
          sourceType: "git",
          buildType: "dockerfile",
          customGitUrl: "https://github.com/acme/api",
          customGitBranch: "missing",
        }),
      }),
    () => failing("fatal: Authentication failed for 'https://github.com/acme/api/'"),
    () => failing("failed to read dockerfile: open Dockerfile: no such file or directory"),
    () => failing("The command '/bin/sh -c npm ci' returned a non-zero code: 1"),
    () => failing("The command '/bin/sh -c npm ci' returned a non-zero code: 137"),
    () => failing("write /var/lib/docker/tmp/x: no space left on device"),
    () => failing("Bind for 0.0.0.0:8080 failed: port is already allocated"),
    async () => deploy({ composeId: await compose("services: { web: { image: 'acme/web:${TAG:?}' } }") }),
    () => failing("Invalid project environment variable: project.REGION"),
    () => failing("dependency failed to start: container shop-db-1 is unhealthy"),
    () => failing('The container name "/web" is already in use by container "0123"'),
    () => failing("services.web.ports must be a list"),
    () => failing("something odd"),
    () => held(async () => deploy({ applicationId: await application() }, hurried)),
    () =>
      held(async () => {
        await server.byHand("application.deploy", { applicationId });
        await deploy({ applicationId: await application() }, hurried);
      }),
    () =>
      held(async () => {
        const deployment = deploy({ applicationId: await application() });
        await Promise.race([deployment, seen(server, "deployment.all", 2)]);
        emulator.restart();
        await deployment;
      }),
    () =>
      held(async () => {
        await server.byHand("application.deploy", { applicationId });
        const waiting = { kind: "application", id: await application(), name: "api" } as const;
        const deployment = new Deployments(server.context.api, server.context).run(waiting, [], {});
        await Promise.race([deployment, seen(server, "deployment.queueList", 2)]);
        emulator.loseQueue();
        await deployment;
      }),
    // Containers.
    () => running({ kind: "exits", exitCode: 1, output: "DATABASE_URL is not set" }),
    () => running({ kind: "exits", isOutOfMemory: true }),
    () => running({ kind: "slow", afterSeconds: 3600 }),
    () => running({ kind: "unhealthy" }),
    () => running({ kind: "no-address" }),
    async () => {
      const id = await application();
      await deploy({ applicationId: id });
      emulator.setContainers(id, { kind: "rolled-back" });
      await deploy({ applicationId: id }, {}, { LEVEL: "debug" });
    },
  ];
}

const source = { type: "docker", image: "acme/api:1" };

/** Waits until the server was asked this often. */
async function seen(server: Server, endpoint: string, times: number): Promise<void> {
  while (server.emulator.calls.filter((call) => call.endpoint === endpoint).length < times) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
