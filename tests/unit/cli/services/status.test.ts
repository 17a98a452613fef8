import * as assert from "node:assert/strict";
import { runOpen, runStatus } from "../../../../cli/services";
import { connectToStack, type RunPulumi } from "../../../../cli/stack";
import { UsageError } from "../../../../cli/terminal";
import { type Emulator, startEmulator } from "../../../../emulator";
import { byHand } from "../by-hand";

interface Shown {
  healthy: boolean;
  services: {
    name: string;
    condition: string;
    why?: string;
    image?: string;
    images?: string[];
    running?: number;
    wanted?: number;
    isDeploying?: boolean;
    lastDeployment?: { status: string; commit?: string };
    addresses: string[];
    differences: string[];
  }[];
}

describe("the commands about services", () => {
  let emulator: Emulator;
  let environmentId: string;
  let projectId: string;
  let resources: object[];
  let printed: string[];
  let started: string[][];
  let environment: NodeJS.ProcessEnv;

  before(async () => {
    emulator = await startEmulator({ buildMs: 5 });
    const made = await call<{ environment: { environmentId: string; projectId: string } }>("project.create", {
      name: "shop",
    });
    ({ environmentId, projectId } = made.environment);
  });
  after(() => emulator.close());
  beforeEach(() => {
    resources = [];
    printed = [];
    started = [];
  });

  const call = <T>(...given: [endpoint: string, input: Record<string, unknown>, method?: string]) =>
    byHand<T>(emulator, ...given);

  const pulumi: RunPulumi = async (args) => {
    if (args[1] === "--show-name") return { code: 0, stdout: "test\n", stderr: "" };
    if (args[0] !== "stack") return { code: 0, stdout: "{}", stderr: "" };
    return { code: 0, stdout: JSON.stringify({ version: 3, deployment: { resources } }), stderr: "" };
  };

  function dependencies(pauses: (() => Promise<void>)[] = [], env: NodeJS.ProcessEnv = {}) {
    const server = { DOKPLOY_URL: emulator.url, DOKPLOY_API_KEY: emulator.apiKey };
    const rest = [...pauses];
    return {
      pulumi,
      env,
      connect: () => connectToStack(undefined, server),
      print: (text: string) => printed.push(text),
      warn: (text: string) => {
        printed.push(`warning: ${text}`);
      },
      pause: async () => {
        const next = rest.shift();
        await next?.();
        return next !== undefined;
      },
      start: async (command: string, args: readonly string[], given: NodeJS.ProcessEnv) => {
        started.push([command, ...args]);
        environment = given;
        return 0;
      },
      isTerminal: true,
      width: 80,
      platform: "linux" as const,
    };
  }

  async function status(command = ""): Promise<Shown> {
    const args = [...command.split(" ").filter((word) => word !== ""), "--json"];
    const isFine = await runStatus(args, dependencies());
    const shown = JSON.parse(printed.join("\n")) as Shown;
    assert.equal(shown.healthy, isFine);
    return shown;
  }

  /** @param modified time at which the stack changed it */
  function declare(
    kind: string,
    name: string,
    id: string,
    inputs: object,
    outputs: object = {},
    modified = new Date(),
  ): void {
    const type = `pulumi-nodejs:dynamic/dokploy:${kind}`;
    const urn = `urn:pulumi:test::shop::${type}::${name}`;
    resources.push({ urn, type, id, inputs, outputs, modified: modified.toISOString() });
  }

  async function application(name: string, image: string, outputs: object = {}): Promise<string> {
    const { applicationId } = await call<{ applicationId: string }>("application.create", {
      name,
      environmentId,
    });
    await call("application.update", {
      applicationId,
      sourceType: "docker",
      dockerImage: image,
      replicas: 2,
    });
    declare("Application", name, applicationId, { source: { type: "docker", image }, replicas: 2 }, outputs);
    return applicationId;
  }

  async function deployed(name: string, image: string, outputs: object = {}): Promise<string> {
    const id = await application(name, image, outputs);
    const description = "Commit: 0123456789abcdef0123456789abcdef01234567";
    await call("application.deploy", { applicationId: id, title: "Pulumi shop/test", description });
    for (const deadline = Date.now() + 20_000; ; ) {
      const tasks = emulator.instance.containers.all().flatMap((service) => service.tasks);
      const ours = tasks.filter((task) => task.version.image === image && task.current === "Running");
      const queue = await call<unknown[]>("deployment.queueList", {}, "GET");
      if (ours.length === 2 && queue.length === 0) return id;
      assert.ok(Date.now() < deadline, `${image} does not run`);
    }
  }

  it("status shows a healthy service with its image, containers, commit and addresses", async () => {
    const id = await deployed("api", "acme/api:1");
    for (const domain of [
      { host: "api.example.com", https: true, certificateType: "letsencrypt", path: "/v1" },
      { host: "api.example.org", https: false },
    ]) {
      await call("domain.create", { applicationId: id, port: 3000, domainType: "application", ...domain });
    }
    const { services } = await status();
    assert.deepEqual(
      services.map(({ name, condition, image, running, wanted, addresses, differences }) => ({
        ...{ name, condition, image, running, wanted, addresses, differences },
      })),
      [
        {
          name: "api",
          condition: "healthy",
          image: "acme/api:1",
          running: 2,
          wanted: 2,
          addresses: ["http://api.example.org", "https://api.example.com/v1"],
          differences: [],
        },
      ],
    );
    assert.equal(services[0]?.lastDeployment?.status, "done");
    assert.match(services[0]?.lastDeployment?.commit ?? "", /^0123456/);
    printed = [];
    assert.equal(await runStatus([], dependencies()), true);
    const [table = ""] = printed;
    assert.match(table, /^Services of test: 1 service\n/);
    const [, row] = /^ {4}addresses\n {2}(api .*\n {4}http:.*)$/m.exec(table) ?? [];
    assert.match(
      row ?? table,
      /^api +healthy +2\/2 +\d+ s +acme\/api:1 +done .* 0123456\n.*http:\S+ https:\S+$/,
    );
    assert.ok(
      table.split("\n").every((line) => line.length <= 80),
      table,
    );
    assert.equal(await runStatus([], { ...dependencies(), width: 140 }), true);
    assert.match(printed[1] ?? "", /^ {2}service +health +runs +since +image +last deployment +addresses$/m);
    assert.match(printed[1] ?? "", /\n {2}api +healthy +2\/2 +\d+ s +acme\/api:1 +done .* 0123456 +http/);
  });

  it("status says that Swarm went back, and what runs, also after a stop and start", async () => {
    const id = await deployed("back", "acme/back:1");
    emulator.setContainers(id, { kind: "crash-loop", exitCode: 3 });
    const image = "acme/back:2";
    await call("application.update", { applicationId: id, dockerImage: image, env: "STEP=2", replicas: 1 });
    resources = [];
    declare("Application", "back", id, { source: { type: "docker", image } });
    await call("application.deploy", { applicationId: id });
    const becomes = async (condition: string) => {
      for (const deadline = Date.now() + 20_000; ; ) {
        printed = [];
        const [service] = (await status("back")).services;
        if (service?.condition === condition) return service;
        assert.ok(Date.now() < deadline, JSON.stringify(service));
      }
    };
    const back = await becomes("rolled back");
    assert.match(
      back.why ?? "",
      /^the last version failed, and Swarm went back to the one before: its container ended with exit code 3$/,
    );
    assert.deepEqual([back.image, back.running, back.wanted], ["acme/back:1", 1, 1]);
    assert.deepEqual(back.differences, ["it runs acme/back:1, and Dokploy has acme/back:2"]);
    printed = [];
    assert.equal(await runStatus([], dependencies()), false);
    assert.match(printed.join(""), /^ {2}back +rolled back +1\/1 .*acme\/back:1$/m);
    assert.match(
      printed.join(""),
      /^Not as it should be:\n {2}back: the last version failed, and Swarm went back/m,
    );
    // Then Swarm no longer says how its last update ended.
    await call("application.stop", { applicationId: id });
    await call("application.start", { applicationId: id });
    assert.deepEqual((await becomes("healthy")).differences, [
      "it runs acme/back:1, and Dokploy has acme/back:2",
      "it does not run with the saved value of STEP",
    ]);
  });

  it("status shows the images of a compose service", async () => {
    for (const [name, images] of [
      ["shop", ["redis:8", "acme/shop:1", "acme/shop:1"]],
      ["tools", ["acme/tools:2"]],
    ] as const) {
      const services = images.map((image, at) => `  s${at}:\n    image: ${image}\n`).join("");
      const composeFile = `services:\n${services}`;
      const { composeId } = await call<{ composeId: string }>("compose.create", { name, environmentId });
      await call("compose.update", { composeId, sourceType: "raw", composeFile });
      await call("compose.deploy", { composeId });
      declare("Compose", name, composeId, { source: { type: "raw", composeFile } });
    }
    for (const deadline = Date.now() + 20_000; ; ) {
      const { services } = await status();
      printed = [];
      if (services.every(({ running, images }) => running && images)) break;
      assert.ok(Date.now() < deadline, "they do not run");
    }
    const before = emulator.calls.length;
    const { services } = await status();
    assert.deepEqual(
      services.map(({ name, image, images }) => [name, image, images]),
      [
        ["shop", undefined, ["acme/shop:1", "redis:8"]],
        ["tools", undefined, ["acme/tools:2"]],
      ],
    );
    const calls = emulator.calls.slice(before).map(({ endpoint }) => endpoint);
    assert.equal(calls.filter((endpoint) => endpoint === "docker.getContainers").length, 1);
    printed = [];
    await runStatus([], dependencies());
    assert.match(printed.join("\n"), / {2}acme\/shop:1 and 1 more\n.*\n.* {2}acme\/tools:2\n/);
  });

  it("status takes three calls for each service, and one for the queue", async () => {
    await deployed("one", "acme/one:1");
    await deployed("two", "acme/two:1");
    const before = emulator.calls.length;
    await status();
    const calls = emulator.calls.slice(before).map(({ endpoint }) => endpoint);
    assert.deepEqual(calls.filter((endpoint) => !/^settings/.test(endpoint)).sort(), [
      "application.one",
      "application.one",
      "deployment.queueList",
      "docker.getConfig",
      "docker.getConfig",
      "docker.getServiceContainersByAppName",
      "docker.getServiceContainersByAppName",
    ]);
  });

  it("status distinguishes a service that somebody stopped from one that was never deployed", async () => {
    const id = await deployed("still", "acme/still:1");
    await call("application.stop", { applicationId: id });
    for (const deadline = Date.now() + 20_000; ; ) {
      printed = [];
      const [still] = (await status("still")).services;
      if (still?.running === 0) {
        assert.deepEqual([still.condition, still.wanted, still.image], ["stopped", 2, "acme/still:1"]);
        assert.match(still.why ?? "", /^somebody stopped it/);
        assert.ok(!("ageSeconds" in still), "nothing runs");
        break;
      }
      assert.ok(Date.now() < deadline, JSON.stringify(still));
    }
  });

  it("status shows the rest to a key that may not see the queue", async () => {
    await deployed("seen", "acme/seen:1");
    emulator.denyPermission("deployment.queueList");
    try {
      const [seen] = (await status("seen")).services;
      assert.deepEqual([seen?.condition, seen?.running], ["healthy", 2]);
    } finally {
      emulator.allowPermission("deployment.queueList");
    }
  });

  it("status calls nothing healthy that its key cannot see, nor all services for one of them", async () => {
    await deployed("unseen", "acme/unseen:1");
    declare("Project", "shop", "a-project", {});
    const endpoints = ["docker.getServiceContainersByAppName", "docker.getConfig"];
    for (const endpoint of endpoints) emulator.denyPermission(endpoint);
    try {
      const { services } = await status();
      assert.equal(services.length, 1, "a project is no service");
      const [unseen] = services;
      assert.equal(unseen?.condition, "unknown");
      for (const fact of ["running", "wanted", "ageSeconds", "images"])
        assert.ok(unseen && !(fact in unseen), fact);
      assert.equal(unseen?.image, "acme/unseen:1", "as Dokploy has it");
    } finally {
      for (const endpoint of endpoints) emulator.allowPermission(endpoint);
    }
    declare("Application", "lost", "nowhere-at-all-12345", {});
    printed = [];
    const { healthy, services } = await status();
    assert.deepEqual([services.map(({ condition }) => condition), healthy], [["missing", "healthy"], false]);
  });

  it("status names no difference to Dokploy while containers start", async () => {
    const id = await deployed("begins", "acme/begins:1");
    await call("application.update", { applicationId: id, dockerImage: "acme/begins:2" });
    resources = [];
    declare("Application", "begins", id, { source: { type: "docker", image: "acme/begins:2" } });
    const says = ["it runs acme/begins:1, and Dokploy has acme/begins:2"];
    assert.deepEqual((await status("begins")).services[0]?.differences, says);
    await call("application.update", { applicationId: id, replicas: 4 });
    const api = await dependencies().connect();
    const connect = async () =>
      ({
        call: async (endpoint: string, input: object) => {
          const found = await (api.call as (...given: unknown[]) => Promise<unknown>)(endpoint, input);
          if (endpoint !== "docker.getServiceContainersByAppName") return found;
          const [first] = found as { name: string }[];
          return [
            ...(found as object[]),
            {
              ...first,
              containerId: "t9",
              name: "begins.9",
              state: "running",
              currentState: "Preparing 1 second ago",
            },
          ];
        },
        close: () => api.close(),
      }) as never;
    printed = [];
    await runStatus(["begins", "--json"], { ...dependencies(), connect });
    const [begins] = (JSON.parse(printed.join("\n")) as Shown).services;
    assert.deepEqual([begins?.condition, begins?.differences], ["starting", []]);
  });

  it("status says what differs from the state, and what does not run", async () => {
    const id = await deployed("web", "acme/web:1", { pending: "deploy" });
    await call("application.update", { applicationId: id, dockerImage: "acme/web:\u001b[2J2", replicas: 3 });
    declare("Application", "gone", "nowhere-at-all-12345", { name: "gone" });
    await application("new", "acme/new:1");
    const { healthy, services } = await status();
    assert.equal(healthy, false);
    const [gone, fresh, web] = services;
    assert.deepEqual(gone, {
      ...{ name: "gone", kind: "application", condition: "missing", isDeploying: false, addresses: [] },
      differences: ["Dokploy no longer has it, or the key cannot see it"],
    });
    assert.deepEqual([fresh?.condition, fresh?.why], ["not deployed", undefined]);
    assert.deepEqual(web?.differences, [
      "image is acme/web:\\x1b[2J2, and acme/web:1 in the state",
      "replicas is 3, and 2 in the state",
      "saved changes are not in effect: run `pulumi up`",
    ]);
    printed = [];
    assert.equal(await runStatus([], dependencies()), false);
    assert.match(printed.join("\n"), /3 services, 3 not as they should be/);
    assert.ok(!printed.join("\n").includes("\u001b"));
  });

  it("status names a deployment that others made, and none that another resource of the stack made", async () => {
    const lastDeployment = { deploymentId: "before", startedAt: "2020-01-01T00:00:00.000Z" };
    const id = await deployed("worker", "acme/worker:1", { lastDeployment });
    const differences = async () => (await status("worker")).services[0]?.differences;
    assert.deepEqual(await differences(), []);
    printed = [];
    await call("application.deploy", { applicationId: id, title: "Pulumi shop/test2: ~KEY" });
    for (
      const deadline = Date.now() + 20_000;
      (await call<unknown[]>("deployment.queueList", {}, "GET")).length > 0;
    )
      assert.ok(Date.now() < deadline, "it is not deployed");
    assert.deepEqual(await differences(), [
      "the last deployment is not that of the state (Pulumi shop/test2: ~KEY)",
    ]);
  });

  it("status names no deployment that is older than that of the state", async () => {
    const lastDeployment = { deploymentId: "removed", startedAt: "2099-01-01T00:00:00.000Z" };
    const id = await deployed("older", "acme/older:1", { lastDeployment });
    await call("application.deploy", { applicationId: id, title: "by hand" });
    for (
      const deadline = Date.now() + 20_000;
      (await call<unknown[]>("deployment.queueList", {}, "GET")).length > 0;
    )
      assert.ok(Date.now() < deadline, "it is not deployed");
    assert.deepEqual((await status("older")).services[0]?.differences, []);
  });

  it("status names a deployment with the title of the stack that is later than its last run", async () => {
    const lastDeployment = { deploymentId: "before", startedAt: "2020-01-01T00:00:00.000Z" };
    const id = await deployed("copied", "acme/copied:1", { lastDeployment });
    resources = [];
    declare(
      "Application",
      "copied",
      id,
      { name: "copied" },
      { lastDeployment },
      new Date(Date.now() - 120_000),
    );
    const [copied] = (await status("copied")).services;
    assert.match(
      String(copied?.differences),
      /the last deployment is not that of the state \(Pulumi shop\/test\b/,
    );
  });

  it("status counts what Swarm wants in a stack with a service that ends again and again", async () => {
    const { composeId } = await call<{ composeId: string }>("compose.create", {
      name: "pair",
      environmentId,
    });
    const composeFile = "services:\n  web:\n    image: acme/web:1\n  side:\n    image: acme/side:1\n";
    await call("compose.update", { composeId, sourceType: "raw", composeType: "stack", composeFile });
    declare("Compose", "pair", composeId, { source: { type: "raw", composeFile } });
    const rows = [
      ["side.1", "ready", "Ready 1 second ago", ""],
      ["side.1", "shutdown", "Failed 2 seconds ago", '"task: non-zero exit (1)"'],
      ["web.1", "running", "Running 3 minutes ago", ""],
    ].map(([name, state, currentState, error], at) => ({
      containerId: `t${at}`,
      name,
      state,
      currentState,
      error,
    }));
    const api = await dependencies().connect();
    const connect = async () =>
      ({
        call: (endpoint: string, input: object) =>
          endpoint === "docker.getStackContainersByAppName"
            ? Promise.resolve(rows)
            : endpoint === "deployment.queueList"
              ? Promise.resolve([{ data: { composeId } }])
              : (api.call as (...given: unknown[]) => Promise<unknown>)(endpoint, input),
        close: () => api.close(),
      }) as never;
    await runStatus(["pair", "--json"], { ...dependencies(), connect });
    const { services } = JSON.parse(printed.join("\n")) as Shown;
    assert.deepEqual([services[0]?.condition, services[0]?.running, services[0]?.wanted], ["failing", 1, 2]);
    assert.equal(services[0]?.isDeploying, true, "a job waits for it");
  });

  it("status takes the newest of what there are several, and says what Dokploy builds", async () => {
    const { applicationId } = await call<{ applicationId: string }>("application.create", {
      ...{ name: "built", environmentId, sourceType: "git" },
    });
    declare("Application", "built", applicationId, { source: { type: "git" } });
    const record = (deploymentId: string, hour: number, description?: string) => ({
      ...{ deploymentId, status: "done", title: `deployment\u0007 ${deploymentId}`, description },
      createdAt: `2026-01-01T0${hour}:00:00.000Z`,
    });
    const row = {
      ...{
        name: "built",
        appName: "built-1",
        sourceType: "git",
        dockerImage: "left:1",
        replicas: 3,
        env: "",
      },
      ...{
        applicationStatus: "done",
        domains: [],
        mounts: [],
        environment: { env: "", project: { env: "" } },
      },
      deployments: [
        record("b", 2, "Commit: abcdef0"),
        record("c", 3, "changed A; commit 0123456789abcdef0123456789abcdef01234567"),
        record("a", 1),
      ],
    };
    const task = (name: string, currentState: string) => ({
      ...{ containerId: name, name: `built-1.${name}`, state: "running", currentState, error: "" },
    });
    const tasks = [
      task("1", "Running 5 minutes ago"),
      task("2", "Running 2 minutes ago"),
      task("3", "Running 9 minutes ago"),
    ];
    const connect = async () =>
      ({
        call: async (endpoint: string) =>
          endpoint === "application.one"
            ? row
            : endpoint === "docker.getServiceContainersByAppName"
              ? tasks
              : endpoint === "deployment.queueList"
                ? []
                : {},
        close: () => {},
      }) as never;
    const built = async () => {
      printed = [];
      await runStatus(["built", "--json"], { ...dependencies(), connect });
      return (
        JSON.parse(printed.join("\n")) as {
          services: (Shown["services"][number] & { ageSeconds?: number })[];
        }
      ).services[0];
    };
    const now = await built();
    assert.deepEqual(
      [now?.image, now?.running, now?.wanted, now?.ageSeconds, now?.lastDeployment?.commit],
      ["built from git", 3, 3, 120, "0123456789abcdef0123456789abcdef01234567"],
    );
    row.deployments.splice(1, 1);
    tasks.splice(1, 2, { ...task("2", "Failed 1 minute ago"), state: "shutdown" });
    const then = await built();
    assert.deepEqual([then?.running, then?.wanted, then?.ageSeconds], [1, 3, 300], "two are missing");
    assert.equal(then?.lastDeployment?.commit, "abcdef0");
    for (const description of ["A Commit: abcdef0", "Commit: abcdef0 and more", "Commit: abcdef"]) {
      row.deployments[0] = record("b", 2, description);
      assert.equal((await built())?.lastDeployment?.commit, undefined, description);
    }
    row.deployments.splice(0, 1);
    assert.deepEqual((await built())?.lastDeployment, {
      ...{ status: "done", at: "2026-01-01T01:00:00.000Z", title: "deployment\\x07 a" },
    });
  });

  it("status hides secrets of the state and of Dokploy in Docker's words", async () => {
    const id = await application("words", "acme/words:1");
    const error = "exec: canary-marked canary-looks: not found";
    await call("application.update", { applicationId: id, env: "WORD=canary-marked\nTOKEN=canary-looks" });
    resources = [];
    const ciphertext = {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      ciphertext: "v1",
    };
    declare("Application", "words", id, { env: { WORD: ciphertext } });
    emulator.setContainers(id, { kind: "rejected", error });
    await call("application.deploy", { applicationId: id });
    for (const deadline = Date.now() + 20_000; ; ) {
      printed = [];
      const { why = "" } = (await status("words")).services[0] ?? {};
      assert.ok(!printed.join("").includes("canary-"), why);
      if (/^Docker refused to start .*exec: \[secret\] \[secret\]: not found/.test(why)) break;
      assert.ok(Date.now() < deadline, why);
    }
  });

  it("status --watch prints again only what changed", async () => {
    const id = await deployed("live", "acme/live:1");
    const nothing = async () => {};
    const scale = async () => {
      await call("application.update", { applicationId: id, replicas: 5 });
    };
    const scaleBack = async () => {
      await call("application.update", { applicationId: id, replicas: 2 });
    };
    await runStatus(["--watch"], dependencies([nothing, scale, nothing]));
    assert.equal(printed.length, 2);
    assert.match(printed[1] ?? "", /^\nServices of test/, "apart from the one before");
    assert.match(printed[1] ?? "", /replicas is 5, and 2 in the state/);
    const api = await dependencies().connect();
    let isDown = false;
    const connect = async () =>
      ({
        call: async (...given: unknown[]) => {
          if (isDown) throw new Error("Dokploy is away");
          return await (api.call as (...all: unknown[]) => Promise<unknown>)(...given);
        },
        close: () => api.close(),
      }) as never;
    const leave = async () => {
      isDown = true;
    };
    printed = [];
    await runStatus(["--watch", "--json"], dependencies([nothing, scaleBack]));
    assert.deepEqual(
      printed.map((line) => line.includes("\n")),
      [false, false],
      "one line of JSON each",
    );
    printed = [];
    await runStatus(["--watch"], { ...dependencies([leave]), connect });
    assert.deepEqual(printed.slice(1), ["warning: Dokploy is away"], "it goes on");
  });

  it("a service that is not there is refused, with the one that was meant", async () => {
    await application("worker", "acme/worker:1");
    await assert.rejects(runStatus(["workr"], dependencies()), {
      constructor: UsageError,
      message: "Stack test has no service workr. Did you mean worker?",
    });
    resources = [];
    await assert.rejects(runStatus([], dependencies()), /Stack test has no services: run `pulumi up`/);
  });

  it("open prints an address, and opens it where there is a person", async () => {
    const id = await application("site", "acme/site:1");
    for (const [host, https] of [
      ["www.example.org", false],
      ["www.example.com", true],
    ] as const) {
      await call("domain.create", { applicationId: id, host, https, port: 80, domainType: "application" });
    }
    await runOpen(["site"], dependencies());
    assert.deepEqual(printed, ["https://www.example.com", "It also has http://www.example.org."]);
    assert.deepEqual(started, [["xdg-open", "https://www.example.com"]]);
    const others = { DOKPLOY_API_KEY: "k", AWS_PROFILE: "p", GITHUB_PATH: "p", HOME_TOKEN: "t", LC_: "l" };
    const shell = { HOME: "/home/ana", DISPLAY: ":0", lc_all: "C", ...others };
    await runOpen(["site"], dependencies([], shell));
    assert.deepEqual(environment, { HOME: "/home/ana", DISPLAY: ":0", lc_all: "C" });
    started = [];
    await runOpen(["site"], dependencies([], { CI: "true" }));
    await runOpen(["site"], { ...dependencies(), isTerminal: false });
    await runOpen(["site", "--print"], dependencies());
    assert.deepEqual(started, []);
    printed = [];
    await runOpen(["site", "--dashboard", "--print"], dependencies());
    assert.deepEqual(printed, [
      `${emulator.url}/dashboard/project/${projectId}/environment/${environmentId}/services/application/${id}`,
    ]);
  });

  it("open starts the program of each platform, with an address or the page, and names other addresses only if there are some", async () => {
    const id = await application("page", "acme/page:1");
    await call("domain.create", {
      applicationId: id,
      host: "page.example",
      https: false,
      port: 80,
      domainType: "application",
    });
    for (const platform of ["darwin", "win32", "freebsd"] as const)
      await runOpen(["page", "--stage", "test"], { ...dependencies(), platform });
    const address = "http://page.example";
    assert.deepEqual(printed, [address, address, address]);
    assert.deepEqual(started, [
      ["open", address],
      ["rundll32", "url.dll,FileProtocolHandler", address],
      ["xdg-open", address],
    ]);
    started = [];
    printed = [];
    await runOpen(["page", "--dashboard"], dependencies());
    assert.equal(printed.length, 1);
    assert.deepEqual(started, [["xdg-open", printed[0]]]);
    for (const given of [[], ["page", "page"]])
      await assert.rejects(runOpen(given, dependencies()), {
        constructor: UsageError,
        message: "open takes one service. See open --help.",
      });
    declare("Application", "lost", "nowhere-at-all-12345", {});
    await assert.rejects(runOpen(["lost"], dependencies()), {
      constructor: UsageError,
      message: "Dokploy no longer has the service lost.",
    });
  });

  it("a service has its name in the program or in Dokploy, of which one must have it alone", async () => {
    for (const [name, inDokploy] of [
      ["two", "same"],
      ["one", "same"],
      ["same2", "one"],
    ] as const) {
      const { applicationId } = await call<{ applicationId: string }>("application.create", {
        name: inDokploy,
        environmentId,
      });
      declare("Application", name, applicationId, { name: inDokploy });
    }
    const names = async (command: string) => {
      printed = [];
      return (await status(command)).services.map(({ name }) => name);
    };
    assert.deepEqual(await names(""), ["one", "same2", "two"], "by their names in the program");
    assert.deepEqual(await names("same"), ["one", "two"]);
    assert.deepEqual(await names("one"), ["one"], "the name in the program comes first");
    assert.deepEqual(await names("two one two"), ["two", "one"], "each once, as they are asked for");
    await assert.rejects(runOpen(["same"], dependencies()), {
      constructor: UsageError,
      message: "Stack test has several services with the name same; rename one.",
    });
  });

  it("status needs a stack and a server: without them, it says so as a wrong use", async () => {
    await application("any", "acme/any:1");
    for (const response of [
      { code: 0, stdout: " \n", stderr: "" },
      { code: 255, stdout: "x", stderr: "" },
      undefined,
    ]) {
      const none: RunPulumi = async (args) => {
        if (args[1] !== "--show-name") return await pulumi(args);
        assert.deepEqual(args, ["stack", "--show-name", "--non-interactive"]);
        return response;
      };
      await assert.rejects(runStatus([], { ...dependencies(), pulumi: none }), {
        constructor: UsageError,
        message: "No stack is selected here: name one with --stage, for example --stage prod.",
      });
    }
    let closed = 0;
    const connect = async () =>
      ({
        call: async () => {
          throw new Error("Dokploy is away");
        },
        close: () => {
          closed += 1;
        },
      }) as never;
    await assert.rejects(runStatus([], { ...dependencies(), connect }), {
      constructor: UsageError,
      message: "Dokploy is away",
    });
    for (const command of [runOpen, runStatus] as const)
      await assert.rejects((command as typeof runOpen)(["any"], { ...dependencies(), connect }));
    assert.equal(closed, 3, "it leaves no connection");
  });

  it("open refuses a service without a domain, and passes no other text to a program", async () => {
    const id = await application("odd", "acme/odd:1");
    await assert.rejects(runOpen(["odd"], dependencies()), /odd has no domain; --dashboard opens its page/);
    const row = { name: "odd", appName: "odd", domains: [] as object[] };
    const connect = async () => ({ call: async () => row, close: () => {} }) as never;
    for (const host of ["--help", "a b", "javascript:alert(1)", "x@y.example", "a/b", "\u001b[2J", ""]) {
      row.domains = [{ host, https: true, path: "/" }];
      await assert.rejects(runOpen(["odd"], { ...dependencies(), connect }), /has no domain/, host);
    }
    assert.deepEqual([started, id === ""], [[], false]);
  });
});
