import * as assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { DokployError } from "../../provider/dokploy";
import { textKey } from "../../provider/engine/variable-targets/host";
import { PartialFailureError } from "../../provider/errors";
import { unmarked } from "../../provider/pulumi/secret";
import { application } from "../../provider/resources/application";
import { postgres } from "../../provider/resources/postgres";
import { waitingClock } from "./server";
import { add, failure, lost, type Values, web, withServices } from "./services-made";

type World = ReturnType<typeof withServices>;

async function make(inputs: Values, { context }: World, kind: "application" | "postgres" = "application") {
  const create = kind === "application" ? application.create : postgres.create;
  const { id, outputs } = await (create as (...given: unknown[]) => ReturnType<typeof application.create>)(
    inputs,
    context,
  );
  return { id, outputs: outputs as unknown as Values };
}
const partial = async (work: Promise<unknown>) => {
  const error = await failure(work);
  assert.ok(error instanceof PartialFailureError, String(error));
  return { message: error.message, id: error.id, former: error.former, outputs: error.outputs as Values };
};
const down = () => {
  throw new Error("down");
};

const db = {
  name: "db",
  environmentId: "env",
  database: "shop",
  user: "shop",
  password: "s-canary-password",
};
const shop = { host: "shop.example.com" };
const domains = { "shop.example.com/": shop };
const release = { command: "migrate" };

/** A server on which a release command ends with these words of Docker's. */
const releasing = (currentState: string, answers: Parameters<typeof withServices>[0] = {}) =>
  withServices({
    "docker.getServiceContainersByAppName": () => [
      {
        containerId: "t",
        name: "release.1",
        state: "running",
        currentState,
        error: "task: non-zero exit (1)",
      },
    ],
    "deployment.queueList": () => [],
    "deployment.all": () => [],
    "application.readLogs": () => "",
    "domain.create": () => ({ domainId: "d" }),
    ...answers,
  });

describe("a new service after its creation", () => {
  describe("in what it has saved", () => {
    it("is what its creation did not take", async () => {
      const world = withServices();
      await make({ ...db, deploy: false }, world, "postgres");
      assert.ok(!world.calls.some((call) => /update|saveEnvironment|saveExternalPort/.test(call)));
      await make({ ...db, name: "second", env: { A: "1" }, deploy: false }, world, "postgres");
      assert.equal(world.rows.get("postgres2")?.["env"], "A=1");
      await make({ ...web, deploy: false }, world);
      assert.ok(!world.calls.includes("application.one"), "its row is known without a read");
    });

    it("is in its outputs: addresses of a database with what the program gives, and where Dokploy is", async () => {
      const world = withServices();
      const { id, outputs } = await make({ ...db, externalPort: 5433, deploy: false }, world, "postgres");
      const { connectionUrl, externalUrl, ...rest } = outputs;
      assert.equal(id, "postgres1");
      assert.deepEqual(rest, { appName: "postgres-abcdef", status: "idle", pending: "deploy" });
      const login = "postgresql://shop:s-canary-password@";
      assert.equal(unmarked(connectionUrl), `${login}postgres-abcdef:5432/shop`);
      assert.equal(unmarked(externalUrl), `${login}dokploy.example.com:5433/shop`);
      const nowhere = withServices();
      Object.assign(nowhere.context, { server: undefined });
      const plan = await make({ ...db, externalPort: 5433, deploy: false }, nowhere, "postgres");
      assert.equal(plan.outputs["externalUrl"], undefined);
    });

    it("is not known after a failure: the state keeps the service, and what the next update compares again", async () => {
      const inputs = { ...web, env: { B: "1", A: "2" }, domains, serverId: "machine" };
      const world = withServices({ "application.update": down });
      const { id, message, outputs, former } = await partial(make(inputs, world));
      assert.deepEqual([id, message], ["application1", "down"]);
      const { appName, ...rest } = outputs;
      assert.match(String(appName), /^app-/);
      assert.deepEqual(rest, { status: "idle", unconfirmed: ["env.A", "env.B"], pending: "deploy" });
      assert.deepEqual(former, { domains: {} });
      assert.ok(!world.calls.includes("domain.create"));
      const { ownership } = world.run;
      assert.deepEqual(ownership.unclaimed(textKey("application", id, "env"), ["A"]), [], "it has its text");
      assert.deepEqual(ownership.unclaimed(textKey("application", id, "buildArgs"), ["A"]), ["A"]);
      assert.equal(ownership.serverOf("application/application1"), "machine");
    });

    it("shows its address after a failure if it was read, and otherwise only the facts that are known", async () => {
      const inputs = { ...db, env: { A: "1" } };
      const world = withServices({ "postgres.update": down });
      const { outputs } = await partial(make(inputs, world, "postgres"));
      assert.match(String(unmarked(outputs["connectionUrl"])), /@postgres-abcdef:/);
      const unread = withServices({ "postgres.one": down });
      const lostOne = await partial(make(inputs, unread, "postgres"));
      assert.deepEqual(lostOne.outputs, {
        ...{ appName: "postgres-abcdef", status: "idle", unconfirmed: ["env.A"], pending: "deploy" },
      });
      let reads = 0;
      const unnamed = withServices({
        "application.create"(input, rows) {
          add(rows, "application", input);
          throw lost("application.create");
        },
        "application.one"({ applicationId }, rows) {
          reads += 1;
          return reads > 1 ? down() : rows.get(String(applicationId));
        },
      });
      assert.deepEqual((await partial(make(web, unnamed))).outputs, { status: "idle", pending: "deploy" });
    });

    it("has the parts that were saved before another failed", async () => {
      const world = withServices({
        "domain.create": ({ host }) => (host === "shop.example.com" ? { domainId: "d" } : down()),
      });
      const both = { ...domains, "two.example.com/": { host: "two.example.com" } };
      const { message, outputs, former } = await partial(make({ ...web, domains: both }, world));
      assert.equal(message, "down");
      const { appName: _, ...rest } = outputs;
      const partIds = { domains: { "shop.example.com/": "d" } };
      assert.deepEqual(rest, { status: "idle", pending: "deploy", partIds });
      assert.deepEqual(former, { domains });
      assert.ok(!world.calls.includes("deployed"));
    });
  });

  describe("in its first deployment", () => {
    it("comes after everything is saved, and names what it has by names", async () => {
      const world = withServices({ "domain.create": () => ({ domainId: "d" }) });
      const env = { TOKEN: "s-canary-token", LEVEL: "${{environment.SHARED}}" };
      const { id, outputs } = await make({ ...web, replicas: 2, env, domains }, world);
      assert.deepEqual(world.calls, [
        ...["environment.one", "application.create", "environment.one", "application.update"],
        ...["domain.create", "deployed"],
      ]);
      const { appName, ...rest } = outputs;
      const lastDeployment = { deploymentId: "d1", status: "done" };
      const partIds = { domains: { "shop.example.com/": "d" } };
      assert.deepEqual(rest, { status: "done", lastDeployment, partIds });
      const [[target, before, options, secrets] = []] = world.deployed;
      assert.deepEqual(target, {
        ...{ kind: "application", id, name: "web", appName, serverId: undefined, dockerfile: undefined },
        ...{ expected: { replicas: 2, expectEnv: { TOKEN: "s-canary-token" } }, domains },
      });
      assert.deepEqual(before, [], "a new service has none");
      assert.deepEqual(options, {
        method: "deploy",
        title: "Pulumi shop/test: +TOKEN +LEVEL +domains.shop.example.com/",
        description: "Added TOKEN, LEVEL, domains.shop.example.com/",
      });
      for (const secret of ["s-canary-token", "s-canary-shared"])
        assert.ok([...(secrets as string[])].includes(secret), `${secret} is hidden in its log`);
    });

    it("waits for shared variables that the run saves, where the service has references to them", async () => {
      for (const [inputs, waits] of [
        [{ env: { A: "1" } }, false],
        [{ env: { A: "${{environment.SHARED}}" } }, true],
        [{ env: { A: "1" }, buildArgs: { A: "${{project.SHARED}}" } }, true],
      ] as const) {
        const world = withServices();
        const waited: unknown[] = [];
        world.run.shared.settled = async (places) => void waited.push(places);
        await make({ ...web, ...inputs }, world);
        assert.deepEqual(waited, waits ? [["project/project", "environment/env"]] : []);
      }
    });

    it("has what another resource saved in the service meanwhile", async () => {
      const world = withServices();
      world.run.shared.settled = async () => {
        Object.assign(world.rows.get("application1") ?? {}, { env: "A=1\nB=2" });
        world.run.deployments.saved("environment/env", []);
      };
      await make({ ...web, env: { A: "${{environment.SHARED}}" } }, world);
      const [[target] = []] = world.deployed as { expected: { expectEnv: Values } }[][];
      assert.deepEqual(target?.expected.expectEnv, { A: "1", B: "2" });
    });

    it("is left to others where the program says so, and nothing is waited for", async () => {
      const server = createServer((_, response) => void response.end("ok")).listen(0);
      let asked = 0;
      server.on("request", () => {
        asked += 1;
      });
      try {
        const { port } = server.address() as AddressInfo;
        const reachable = { address: `127.0.0.1:${port}`, timeoutSeconds: 1 };
        const inputs = { ...web, domains: { "shop.example.com/": { ...shop, reachable } } };
        const world = releasing("");
        Object.assign(world.context, { timers: waitingClock() });
        const { outputs } = await make({ ...inputs, deploy: false }, world);
        assert.deepEqual(
          [outputs["status"], outputs["pending"], world.deployed.length],
          ["idle", "deploy", 0],
        );
        assert.equal(asked, 0);
        await make({ ...inputs, name: "second" }, world);
        assert.equal(asked, 1);
      } finally {
        server.close();
      }
    });

    it("has succeeded although a domain does not answer, which the next update looks at again", async () => {
      const server = createServer((_, response) => {
        response.statusCode = 404;
        response.end("404 page not found\n");
      }).listen(0);
      try {
        const { port } = server.address() as AddressInfo;
        const reachable = { address: `127.0.0.1:${port}`, timeoutSeconds: 1 };
        const world = releasing("");
        Object.assign(world.context, { timers: waitingClock() });
        const inputs = { ...web, domains: { "shop.example.com/": { ...shop, reachable } } };
        const { message, outputs } = await partial(make(inputs, world));
        assert.match(message, /does not answer after/);
        assert.deepEqual([outputs["status"], outputs["pending"]], ["done", "none"]);
      } finally {
        server.close();
      }
    });

    it("comes after the release command, which has all that is saved, and is removed at the end", async () => {
      const world = releasing("Complete 1 second ago", {
        "application.one": ({ applicationId }, rows) => ({
          ...rows.get(String(applicationId)),
          mounts: [{ mountId: "m", type: "volume", mountPath: "/data", volumeName: "data" }],
        }),
      });
      const { outputs } = await make({ ...web, env: { A: "1" }, domains, release }, world);
      assert.equal(typeof outputs["released"], "string");
      assert.equal(typeof outputs["releaseWord"], "string");
      assert.deepEqual(outputs["partIds"], { domains: { "shop.example.com/": "d" } });
      const [own, companion] = world.inputsOf("application.create");
      assert.deepEqual([own?.["name"], companion?.["name"]], ["web", "release of web"]);
      assert.equal(companion?.["environmentId"], "env");
      const [, started] = world.inputsOf("application.update");
      assert.deepEqual([started?.["dockerImage"], started?.["env"]], ["acme/web:1", "A=1"]);
      assert.equal(world.inputsOf("mounts.create")[0]?.["mountPath"], "/data");
      assert.deepEqual(
        world.deployed.map(([target]) => (target as Values)["name"]),
        ["release of web", "web"],
      );
      const [, , , secrets] = world.deployed[0] ?? [];
      assert.ok([...(secrets as string[])].includes("s-canary-shared"));
      assert.ok(world.calls.indexOf("domain.create") < world.calls.indexOf("deployed"));
      assert.deepEqual(world.inputsOf("application.delete"), [{ applicationId: "application2" }]);
      assert.equal(world.calls.at(-1), "application.delete");
    });

    it("shows no password that Dokploy has, in its failure", async () => {
      const hidden: unknown[] = [];
      const { password: _, ...unset } = db;
      const world = withServices({
        "postgres.deploy"({ postgresId }, rows) {
          const said = `no login ${rows.get(String(postgresId))?.["databasePassword"]}, env s-canary-shared`;
          hidden.push(said);
          throw new DokployError(said, {
            ...{ kind: "invalid", endpoint: "postgres.deploy", outcome: "refused", said },
            saidWithout: (secrets) =>
              [...secrets].reduce((text, secret) => text.replaceAll(secret, "***"), said),
          });
        },
      });
      const { id, message, outputs } = await partial(make(unset, world, "postgres"));
      assert.deepEqual([id, hidden.length], ["postgres1", 1]);
      assert.equal(message, "no login ***, env ***");
      assert.deepEqual([outputs["status"], outputs["pending"]], ["error", "deploy"]);
    });

    it("does not come after a release command that failed: the service stays, and is due", async () => {
      const world = releasing("Failed 1 second ago");
      const { id, message, outputs } = await partial(make({ ...web, domains, release }, world));
      assert.match(message, /^The release command `migrate` of application "web" exited/);
      const { appName: _, ...rest } = outputs;
      const partIds = { domains: { "shop.example.com/": "d" } };
      assert.deepEqual([id, rest], ["application1", { status: "idle", pending: "deploy", partIds }]);
      assert.deepEqual(
        world.deployed.map(([target]) => (target as Values)["name"]),
        ["release of web"],
      );
      const unread = releasing("", { "application.one": down });
      assert.equal((await partial(make({ ...web, release }, unread))).id, "application1");
    });
  });
});
