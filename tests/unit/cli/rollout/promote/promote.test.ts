import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runPromote } from "../../../../../cli/rollout";
import type { Outcome } from "../../../../../cli/rollout/promote/outcome";
import { renderJson, renderText } from "../../../../../cli/rollout/promote/render";
import { runningImage } from "../../../../../cli/rollout/promote/running";
import { connectToStack, type RunPulumi } from "../../../../../cli/stack";
import { UsageError } from "../../../../../cli/terminal";
import { type Emulator, ManualClock, startEmulator } from "../../../../../emulator";
import { visibleLines } from "../../../../../packages/text";
import { type Api, DokployClient } from "../../../../../provider/dokploy";
import { EnvFolder } from "../../../sdk/env-files/env-folder";
import { byHand } from "../../by-hand";
import { RegistryServer } from "./registry-server";

const password = "canary-password";
/** A digest as plans show it. */
const short = (digest: string) => `${digest.slice(0, 19)}…`;

interface Shown {
  refused: boolean;
  written: string[];
  services: { name: string; status: string; before?: string; after?: string; note?: string; why?: string }[];
}

describe("promote", () => {
  let folder: EnvFolder;
  const clock = new ManualClock(Date.now());
  let emulator: Emulator;
  let registry: RegistryServer;
  let environmentId: string;
  let resources: Record<string, object>;
  let printed: string;

  before(async () => {
    [emulator, registry] = await Promise.all([startEmulator({ clock, buildMs: 5 }), RegistryServer.start()]);
    const made = await call<{ environment: { environmentId: string } }>("project.create", { name: "shop" });
    environmentId = made.environment.environmentId;
  });
  after(() => Promise.all([emulator.close(), registry.close()]));
  beforeEach(() => {
    serverUrl = undefined;
    folder = new EnvFolder();
    folder.write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    folder.write("Pulumi.test.yaml", "config: {}\n");
    folder.write("Pulumi.prod.yaml", "# Prod\nconfig:\n  dokploy:imageTags:\n    api: 1.4.2 # since May\n");
    resources = {};
    printed = "";
    registry.manifests.clear();
    registry.asks = "nothing";
  });
  afterEach(() => {
    folder.remove();
    assert.doesNotMatch(printed, /canary/);
    assert.equal(printed.includes(emulator.apiKey), false);
  });

  const call = <T>(...given: [endpoint: string, input: Record<string, unknown>, method?: string]) =>
    byHand<T>(emulator, ...given);

  const pulumi: RunPulumi = async (args) => {
    if (args[0] !== "stack") return { code: 0, stdout: "{}", stderr: "" };
    const deployment = { resources: Object.values(resources) };
    return { code: 0, stdout: JSON.stringify({ version: 3, deployment }), stderr: "" };
  };

  /** Address that Dokploy has for the command, if not that of the emulator. */
  let serverUrl: string | undefined;
  /** Number of connections that are not closed. */
  let opened = 0;

  async function promote(
    command = "test prod",
    env: NodeJS.ProcessEnv = {},
    question: ((text: string) => Promise<string>) | undefined = undefined,
  ) {
    const server = { DOKPLOY_URL: emulator.url, DOKPLOY_API_KEY: emulator.apiKey, HOME: folder.path };
    try {
      const all = { ...server, ...env };
      const result = await runPromote(command.split(" "), {
        ...{ env: all, pulumi, question },
        connect: async (stack) => {
          const client = await connectToStack(stack, all);
          opened += 1;
          return Object.assign(client, {
            ...(serverUrl === undefined ? {} : { url: serverUrl }),
            close: () => {
              opened -= 1;
              DokployClient.prototype.close.call(client);
            },
          });
        },
      });
      printed += result.output;
      return result;
    } catch (error) {
      printed += error instanceof Error ? error.message : "";
      throw error;
    } finally {
      assert.equal(opened, 0, "it closes its connection, also when it fails");
    }
  }

  async function shown(command = "test prod", env: NodeJS.ProcessEnv = {}): Promise<Shown> {
    return JSON.parse((await promote(`${command} --json`, env)).output) as Shown;
  }

  async function reasonOf(name: string, command = "test prod"): Promise<string> {
    const before = readFileSync("Pulumi.prod.yaml", "utf8");
    const { services, refused, written } = await shown(command);
    const service = services.find((one) => one.name === name);
    assert.deepEqual([service?.status, refused, written], ["refused", true, []]);
    assert.equal(readFileSync("Pulumi.prod.yaml", "utf8"), before);
    return service?.why ?? "";
  }

  function declare(kind: string, name: string, id: string, inputs: object): void {
    const type = `pulumi-nodejs:dynamic/dokploy:${kind}`;
    resources[name] = { urn: `urn:pulumi:test::shop::${type}::${name}`, type, id, inputs };
  }

  /** Waits until no deployment is in the queue. */
  async function settled(endpoint: "all" | "allByCompose", input: Record<string, string>): Promise<void> {
    for (;;) {
      const records = await call<{ status: string }[]>(`deployment.${endpoint}`, input, "GET");
      const queue = await call<unknown[]>("deployment.queueList", {}, "GET");
      if (queue.length === 0 && records.length > 0 && records.every(({ status }) => status !== "running"))
        return;
      clock.advance(100);
    }
  }

  async function runs(image: string): Promise<void> {
    const deadline = clock.now() + 60_000;
    for (;;) {
      const tasks = emulator.instance.containers.all().flatMap((service) => service.tasks);
      const isUp = tasks.some((task) => task.version.image === image && task.current === "Running");
      const isChanging = tasks.some((task) => task.desired === "running" && task.current !== "Running");
      if (isUp && !isChanging) return;
      assert.ok(clock.now() < deadline, `${image} does not run`);
      clock.advance(100);
    }
  }

  async function application(
    name: string,
    image: string,
    more: Record<string, unknown> = {},
  ): Promise<string> {
    const { applicationId } = await call<{ applicationId: string }>("application.create", {
      name,
      environmentId,
    });
    await call("application.update", { applicationId, sourceType: "docker", dockerImage: image, ...more });
    declare("Application", name, applicationId, { source: { type: "docker", image } });
    return applicationId;
  }

  async function deploy(applicationId: string): Promise<void> {
    await call("application.deploy", { applicationId, title: "Pulumi shop/test" });
    await settled("all", { applicationId });
  }

  async function deployed(name: string, image: string, more: Record<string, unknown> = {}): Promise<string> {
    const id = await application(name, image, more);
    await deploy(id);
    await runs(image);
    return id;
  }

  /** Puts the image that the emulated Docker runs into the registry; returns its digest. */
  async function push(image: string, repository: string, tag: string): Promise<string> {
    const task = emulator.instance.containers
      .all()
      .flatMap((service) => service.tasks)
      .find(({ version }) => version.image === image);
    const { Image } = await call<{ Image: string }>(
      "docker.getConfig",
      { containerId: task?.containerId ?? "" },
      "GET",
    );
    return registry.put(repository, tag, Image);
  }

  it("writes tag and digest of what runs, and leaves every other byte of the file as it is", async () => {
    const image = `${registry.host}/acme/api:1.5.0`;
    await deployed("api", image, { registryUrl: registry.host, username: "robot", password });
    const digest = await push(image, "acme/api", "1.5.0");
    registry.asks = "bearer";
    const before = readFileSync("Pulumi.prod.yaml", "utf8");

    const plan = await promote("test prod --dry-run");
    assert.equal(
      plan.output,
      [
        "Images of prod, from what runs in test",
        `  api  1.4.2 → 1.5.0 (${short(digest)}) in Pulumi.prod.yaml`,
        "",
        "Nothing was written.",
      ].join("\n"),
    );
    assert.equal(readFileSync("Pulumi.prod.yaml", "utf8"), before);

    const { output, refused } = await promote();
    assert.equal(refused, false);
    assert.match(output, /Wrote Pulumi\.prod\.yaml\. Nothing is deployed before `pulumi up`\.$/);
    assert.equal(readFileSync("Pulumi.prod.yaml", "utf8"), before.replace("1.4.2", `"1.5.0@${digest}"`));
    assert.match((await promote()).output, /api {2}1\.5\.0 \(sha256:.*\), as now\n\nNothing to do\.$/);
  });

  it("writes the tag alone when no digest is proven, and says why; with --require-digest it refuses", async () => {
    const image = `${registry.host}/acme/worker:2`;
    await deployed("worker", image);
    assert.match(
      await reasonOf("worker", "test prod --require-digest"),
      /^its digest is not known: .*status 404/,
    );
    const { output } = await promote("test prod --dry-run");
    assert.match(
      output,
      /no tag → 2 in Pulumi\.prod\.yaml, without a digest: .*; the program reads it with dokploy\.image/,
    );
    const { services } = await shown();
    assert.deepEqual(services, [
      {
        ...{ name: "worker", status: "changed", file: "Pulumi.prod.yaml", after: "2" },
        note: `${registry.host} does not give the manifest of acme/worker (status 404)`,
        advice: 'the program reads it with dokploy.imageTag("worker")',
      },
    ]);
    assert.match(readFileSync("Pulumi.prod.yaml", "utf8"), /^ {4}worker: "2"$/m);
  });

  it("does not replace a tag with a digest by the same tag without one", async () => {
    const image = `${registry.host}/acme/pinned:2`;
    await deployed("pinned", image);
    folder.write(
      "Pulumi.prod.yaml",
      `config:\n  dokploy:imageTags:\n    pinned: 2@sha256:${"a".repeat(64)}\n`,
    );
    assert.match(await reasonOf("pinned"), /the digest of the running image is not known/);
  });

  it("refuses an image whose tag names another image by now", async () => {
    const image = `${registry.host}/acme/moved:1`;
    await deployed("moved", image);
    registry.put("acme/moved", "1", `sha256:${"b".repeat(64)}`);
    assert.match(
      await reasonOf("moved"),
      /the running image is not the one that \S+ has under 1 now: deploy it again/,
    );
  });

  it("takes the digest from the name of an image that was deployed with one, without a registry", async () => {
    const digest = `sha256:${"c".repeat(64)}`;
    registry.requests.length = 0;
    await deployed("fixed", `${registry.host}/acme/fixed:3@${digest}`);
    await deployed("bare", `${registry.host}/acme/bare@${digest}`);
    assert.equal((await shown("test prod fixed")).services[0]?.after, `3@${digest}`);
    assert.match(await reasonOf("bare"), /has no tag, and Pulumi\.prod\.yaml takes one/);
    assert.deepEqual(registry.requests, []);
  });

  it("refuses an image whose tasks have another digest than the state", async () => {
    const at = (digit: string) => `${registry.host}/acme/repinned:3@sha256:${digit.repeat(64)}`;
    const id = await deployed("repinned", at("a"));
    await call("application.update", { applicationId: id, dockerImage: at("b") });
    declare("Application", "repinned", id, { source: { type: "docker", image: at("b") } });
    assert.match(
      await reasonOf("repinned"),
      /^the state has \S+repinned:3@sha256:b+, and \S+repinned:3@sha256:a+ runs$/,
    );
  });

  it("refuses what never ran, failed, waits, was changed by hand or is not the version of the state", async () => {
    const at = (name: string, tag = "1") => `${registry.host}/acme/${name}:${tag}`;
    await application("never", at("never"));
    assert.equal(await reasonOf("never"), "it was never deployed");

    const failed = await application("failed", at("failed", "missing"));
    await deploy(failed);
    assert.match(await reasonOf("failed"), /^its last deployment failed \(Pulumi shop\/test\)$/);

    const changed = await deployed("changed", at("changed"));
    await call("application.update", { applicationId: changed, dockerImage: at("changed", "2") });
    assert.match(
      await reasonOf("changed"),
      /^a pulumi up runs, or failed and left it so, or somebody changed it in Dokploy: the state has .*:1, but Dokploy has .*:2$/,
    );

    const waiting = await deployed("waiting", at("waiting"));
    emulator.holdBuilds();
    try {
      await call("application.deploy", { applicationId: waiting, title: "t" });
      assert.equal(
        await reasonOf("waiting", "test prod waiting"),
        "a deployment of it is waiting or running",
      );
    } finally {
      emulator.releaseBuilds();
      await settled("all", { applicationId: waiting });
    }

    const stopped = await deployed("stopped", at("stopped"));
    await call("application.stop", { applicationId: stopped });
    assert.match(await reasonOf("stopped", "test prod stopped"), /somebody stopped it/);

    const back = await deployed("back", at("back"));
    emulator.setContainers(back, { kind: "rolled-back" });
    await call("application.update", { applicationId: back, dockerImage: at("back", "2") });
    declare("Application", "back", back, { source: { type: "docker", image: at("back", "2") } });
    await deploy(back);
    await runs(at("back"));
    assert.match(
      await reasonOf("back", "test prod back"),
      /Swarm went back|the state has .*back:2, and .*back:1 runs/,
    );

    const gone = await application("gone", at("gone"));
    await call("application.delete", { applicationId: gone });
    assert.equal(await reasonOf("gone", "test prod gone"), "Dokploy no longer has it");

    await application("untagged", `${registry.host}/acme/untagged`);
    assert.match(
      await reasonOf("untagged", "test prod untagged"),
      /has no tag, so each pull may get a different image/,
    );

    emulator.denyPermission("docker.getServiceContainersByAppName");
    try {
      await deployed("blind", at("blind"));
      assert.match(await reasonOf("blind", "test prod blind"), /give it the permission docker:read/);
    } finally {
      emulator.allowPermission("docker.getServiceContainersByAppName");
    }
  });

  it("writes the tags of several services into one file", async () => {
    const image = `${registry.host}/acme/shared:3`;
    for (const name of ["api", "jobs", "web"]) await deployed(name, image);
    const { written, services } = await shown();
    assert.deepEqual(written, ["Pulumi.prod.yaml"]);
    assert.deepEqual(
      services.map(({ name, after }) => [name, after]),
      [
        ["api", "3"],
        ["jobs", "3"],
        ["web", "3"],
      ],
    );
    assert.equal(
      readFileSync("Pulumi.prod.yaml", "utf8"),
      '# Prod\nconfig:\n  dokploy:imageTags:\n    api: "3" # since May\n    jobs: "3"\n    web: "3"\n',
    );
  });

  it("names services that share an image, and of which only some get it", async () => {
    const image = `${registry.host}/acme/shared:4`;
    for (const name of ["api", "web"]) await deployed(name, image);
    const file = `services:\n  jobs:\n    image: ${registry.host}/acme/shared:\${IMAGE_TAG}\n`;
    const compose = (tag: string) =>
      declare("Compose", "jobs", "PQqzqTGCVtx0St2SA3vCj", {
        ...{ env: { IMAGE_TAG: tag }, source: { type: "raw", composeFile: file } },
      });
    compose("4");
    const splits = async (command: string) =>
      ((await shown(`${command} --dry-run`)) as Shown & { splits?: object[] }).splits;
    assert.deepEqual(await splits("test prod api"), [{ image, moves: ["api"], stays: ["jobs", "web"] }]);
    assert.deepEqual(await splits("test prod api web"), [{ image, moves: ["api", "web"], stays: ["jobs"] }]);
    assert.match(
      (await promote("test prod web --dry-run")).output,
      /\n\napi, jobs and web share the image \S+\/acme\/shared:4 in test\. In prod, web would get it, and api and jobs would not\.\n\nNothing was written\.$/,
    );
    compose("5");
    assert.equal(await splits("test prod api web"), undefined);
    await promote("test prod web");
    assert.deepEqual(await splits("test prod web"), undefined);
    assert.deepEqual(await splits("test prod api web"), undefined);
  });

  it("does not prove a digest while one of the containers is on another node", async () => {
    const image = `${registry.host}/acme/spread:1`;
    const id = await deployed("spread", image, { replicas: 2 });
    const client = await connectToStack(undefined, {
      DOKPLOY_URL: emulator.url,
      DOKPLOY_API_KEY: emulator.apiKey,
    });
    const resource = {
      ...{ kind: "Application", name: "spread", id },
      ...{ inputs: { source: { type: "docker", image } }, outputs: {} },
    };
    try {
      const proofWith = async (isHere: (at: number) => boolean) => {
        const call: Api["call"] = async (endpoint, input) => {
          const response = await client.call(endpoint, input);
          if (endpoint !== "docker.getContainersByAppNameMatch" || !Array.isArray(response)) return response;
          return response.filter((_, at) => isHere(at)) as typeof response;
        };
        return (await runningImage(resource, { call })).proof;
      };
      const all = await proofWith(() => true);
      assert.equal("containers" in all && all.containers.length, 2);
      for (const isHere of [(at: number) => at === 0, (at: number) => at === 1, () => false])
        assert.match(JSON.stringify(await proofWith(isHere)), /its container is on another node/);
    } finally {
      client.close();
    }
  });

  it("sends the login of an application to its own registry alone", async () => {
    const image = `${registry.host}/acme/login:1`;
    registry.asks = "basic";
    const note = async () => (await shown("test prod login --dry-run")).services[0]?.note;
    const applicationId = await deployed("login", image, {
      ...{ registryUrl: "ghcr.io", username: "robot", password },
    });
    await push(image, "acme/login", "1");
    registry.requests.length = 0;
    assert.match((await note()) ?? "", /needs a login for acme\/login/);
    assert.doesNotMatch(registry.requests.join(), /basic/i);
    await call("application.update", { applicationId, registryUrl: registry.host });
    assert.equal(await note(), undefined);
    assert.match(registry.requests.join(), /basic/i);
    // There it is a registry of that server, and here another program.
    serverUrl = "https://dokploy.example";
    registry.requests.length = 0;
    assert.match((await note()) ?? "", /needs a login for acme\/login/);
    assert.doesNotMatch(registry.requests.join(), /basic/i);
  });

  it("refuses a task that waits for a node", async () => {
    const image = `${registry.host}/acme/placed:1`;
    const id = await application("placed", image);
    emulator.setContainers(id, { kind: "never-placed", error: "no suitable node" });
    await deploy(id);
    assert.match(
      await reasonOf("placed"),
      /^Docker has found no server for its container: no suitable node$/,
    );
    // The others wait until nothing changes any more.
    await call("application.delete", { applicationId: id });
  });

  it("refuses a compose service whose containers have failed, or have not passed their health check", async () => {
    const composeFile = `services:\n  web:\n    image: ${registry.host}/acme/sick:\${IMAGE_TAG}\n`;
    const { composeId } = await call<{ composeId: string }>("compose.create", {
      ...{ name: "sick", environmentId, composeType: "docker-compose", composeFile },
    });
    await call("compose.update", { composeId, sourceType: "raw", composeFile, env: "IMAGE_TAG=7" });
    declare("Compose", "sick", composeId, { source: { type: "raw", composeFile }, env: { IMAGE_TAG: "7" } });
    for (const [behaviour, why] of [
      [{ kind: "exits", exitCode: 1 }, /^the container \S+ ended with exit code 1$/],
      [{ kind: "slow", afterSeconds: 3600 }, /^the health check of the container \S+ has not passed yet$/],
    ] as const) {
      emulator.setContainers(composeId, behaviour);
      await call("compose.deploy", { composeId, title: "t" });
      await settled("allByCompose", { composeId });
      assert.match(await reasonOf("sick"), why);
    }
    await call("compose.delete", { composeId, deleteVolumes: true });
  });

  it("leaves out services that are built from source, and refuses them by name", async () => {
    await deployed("api", `${registry.host}/acme/api:7`);
    declare("Application", "built", "PQqzqTGCVtx0St2SA3vCi", { source: { type: "github" } });
    declare("Compose", "tools", "PQqzqTGCVtx0St2SA3vCj", { env: { A: "1" } });
    declare("Postgres", "db", "PQqzqTGCVtx0St2SA3vCk", { image: "postgres:18" });
    const { output } = await promote("test prod --dry-run");
    assert.match(
      output,
      /^ {2}built {2}left out: it is built from source \(github\), so no registry has its image$/m,
    );
    assert.match(output, /^ {2}tools {2}left out: it has no variable IMAGE_TAG/m);
    assert.doesNotMatch(output, /\bdb\b/);
    assert.match(await reasonOf("built", "test prod built"), /^it is built from source/);
    const unchanged = readFileSync("Pulumi.prod.yaml", "utf8");
    const both = await promote("test prod api built");
    assert.equal(readFileSync("Pulumi.prod.yaml", "utf8"), unchanged);
    assert.match(both.output, /\n\nNothing was written\. To promote the others alone, name them: api$/);
  });

  it("names a version that is older than that of the stage, by its number or by when it was built", async () => {
    const image = `${registry.host}/acme/api:1.3.9`;
    await deployed("api", image);
    const { services } = await shown("test prod --dry-run");
    assert.deepEqual(services[0] && "older" in services[0] && services[0].older, "1.3.9 comes before 1.4.2");
    assert.match(
      (await promote("test prod --dry-run")).output,
      /1\.4\.2 → 1\.3\.9 in Pulumi\.prod\.yaml, an older version: 1\.3\.9 comes before 1\.4\.2, without a digest/,
    );

    const named = `${registry.host}/acme/api:f00ba7`;
    await deployed("web", named);
    folder.write("Pulumi.prod.yaml", "config:\n  dokploy:imageTags: { web: c0ffee }\n");
    await push(named, "acme/api", "f00ba7");
    registry.put("acme/api", "c0ffee", `sha256:${"c".repeat(64)}`);
    const olderOf = async ([is, was]: readonly [string, string]) => {
      registry.built("acme/api", "f00ba7", is);
      registry.built("acme/api", "c0ffee", was);
      return (await promote("test prod web --dry-run")).output;
    };
    assert.match(
      await olderOf(["2026-11-01T10:00:00Z", "2026-11-02T10:00:00Z"]),
      /an older version: it was built on 2026-11-01 10:00 UTC, and the other one on 2026-11-02 10:00 UTC/,
    );
    for (const times of [
      ["2026-11-02T10:00:00Z", "2026-11-01T10:00:00Z"],
      ["1970-01-01T00:00:00Z", "2026-11-01T10:00:00Z"],
      ["2026-11-01T10:00:00Z", "soon"],
    ] as const)
      assert.doesNotMatch(await olderOf(times), /older/, times.join());
  });

  it("refuses an image that has run for less than --soak, by the first deployment of it", async () => {
    const image = `${registry.host}/acme/api:1.5.0`;
    const id = await deployed("api", image);
    assert.match(
      await reasonOf("api", "test prod --soak 1h"),
      /^it has not run for long enough: by its deployments, this image runs since 20\d\d-\d\d-\d\d \d\d:\d\d UTC$/,
    );
    const records = emulator.instance.deployments.of(id);
    const hours = (count: number) => new Date(Date.now() - count * 3_600_000).toISOString();
    for (const record of records) Object.assign(record, { createdAt: hours(25), finishedAt: hours(25) });
    // A change of variables deploys the same image again.
    await deploy(id);
    await runs(image);
    const [service] = (await shown("test prod --soak 24h --dry-run")).services as {
      status: string;
      since?: string;
    }[];
    assert.equal(service?.status, "changed");
    assert.ok(Date.now() - Date.parse(service?.since ?? "") > 24 * 3_600_000, service?.since);
    assert.match((await promote("test prod --soak 1d --dry-run")).output, /, runs since 20[^,]* UTC$/m);
    assert.match(await reasonOf("api", "test prod --soak 26h"), /has not run for long enough/);
    for (const wrong of ["24", "1.5h", "0h", "h", "24 h"])
      await assert.rejects(
        runPromote(["test", "prod", "--soak", wrong], {
          env: {},
          pulumi,
          question: undefined,
          connect: () => Promise.reject(new Error()),
        }),
        /--soak takes a number of minutes, hours or days/,
      );
  });

  it("asks before another stage gets the images of production", async () => {
    const image = `${registry.host}/acme/api:1.5.0`;
    await deployed("api", image);
    const file = () => readFileSync("Pulumi.test.yaml", "utf8");
    const backwards =
      /^prod is production by its name, and test is not: test would get the images that run in prod\. /;
    await assert.rejects(promote("prod test"), (error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, backwards);
      assert.match(error.message, / Did you mean promote test prod\? Otherwise give --from-prod\.$/);
      return true;
    });
    const asked: string[] = [];
    const typing = (typed: string) => async (text: string) => {
      asked.push(text);
      return typed;
    };
    await assert.rejects(
      promote("prod test", {}, typing("yes")),
      /Nothing was written\. Did you mean promote test prod\?$/,
    );
    assert.match(asked[0] ?? "", /\. Type test if that is intended:$/);
    assert.equal(file(), "config: {}\n");
    folder.write("Pulumi.live.yaml", "config: {}\n");
    // One production stage may follow another.
    assert.equal((await promote("prod live")).refused, false);
    for (const command of ["test prod --dry-run", "prod test --dry-run", "prod test --from-prod --dry-run"])
      await promote(command, {}, typing("never asked"));
    assert.equal(asked.length, 1);
    folder.write("Pulumi.test.yaml", "config:\n  dokploy:imageTags:\n    api: 1.6.0\n");
    await promote("prod test", {}, typing("test"));
    assert.match(file(), /api: "?1\.5\.0/);
    folder.write("Pulumi.test.yaml", "config: {}\n");
    await promote("prod test --from-prod");
    assert.match(file(), /api: "?1\.5\.0/, "nobody needs to be asked");
  });

  describe("into a deployment repository", () => {
    const app = (name: string, text: string) => folder.write(`services/${name}/dokploy-app.yaml`, text);

    describe("where services have one image", () => {
      const repository = () => `${registry.host}/acme/api`;
      beforeEach(() => {
        app("api", `kind: application\nimage: ${repository()}:\${IMAGE_TAG}\n`);
        app("worker", "kind: application\nimageOf: api\n");
        app("cron", "kind: application\nimageOf: api\n");
      });

      it("moves them together by one tag, and says so", async () => {
        for (const name of ["api", "worker"]) await deployed(name, `${repository()}:1.5.0`);
        const digest = await push(`${repository()}:1.5.0`, "acme/api", "1.5.0");
        const { output } = await promote("test prod worker");
        assert.equal(
          output,
          [
            "Images of prod, from what runs in test",
            `  api     1.4.2 → 1.5.0 (${short(digest)}) in Pulumi.prod.yaml`,
            `  worker  1.4.2 → 1.5.0 (${short(digest)}) in Pulumi.prod.yaml`,
            "",
            "api and worker have one image in prod, that of api, so they move together.",
            "",
            "prod gives this image to cron too, which test does not have.",
            "",
            "Wrote Pulumi.prod.yaml. Nothing is deployed before `pulumi up`.",
          ].join("\n"),
        );
        assert.equal(
          readFileSync("Pulumi.prod.yaml", "utf8"),
          `# Prod\nconfig:\n  dokploy:imageTags:\n    api: "1.5.0@${digest}" # since May\n`,
        );
        const json = (await shown()) as Shown & { together?: object[] };
        assert.deepEqual(json.together, [{ of: "api", services: ["api", "worker"], missing: ["cron"] }]);
      });

      it("refuses all of them if they run different ones, or if one cannot be promoted", async () => {
        await deployed("api", `${repository()}:1.5.0`);
        await deployed("worker", `${repository()}:1.4.9`);
        for (const name of ["api", "worker"])
          assert.equal(
            await reasonOf(name),
            "they have one image there, but run different ones here: api 1.5.0 and worker 1.4.9; deploy the same one first",
          );
        const [first, second] = ["a", "b"].map((digit) => `1.5.0@sha256:${digit.repeat(64)}`);
        await deployed("api", `${repository()}:${first}`);
        await deployed("worker", `${repository()}:${second}`);
        for (const name of ["api", "worker"])
          assert.equal(
            await reasonOf(name),
            `they have one image there, but run different ones here: api ${first} and worker ${second}; deploy the same one first`,
          );
        declare("Application", "worker", "PQqzqTGCVtx0St2SA3vCi", { source: { type: "github" } });
        await deployed("web", `${registry.host}/acme/web:2`);
        app("web", `kind: application\nimage: ${registry.host}/acme/web:\${IMAGE_TAG}\n`);
        assert.match(await reasonOf("worker"), /^it is built from source/);
        assert.equal(await reasonOf("api"), "it has one image with worker there, which cannot be promoted");
        const { output } = await promote();
        assert.match(output, /To promote the others alone, name them: web$/);
        assert.match(output, /^ {2}api .*\n {2}web .*\n {2}worker /m, "by name, not by group");
        for (const [kind, ofApi] of [
          ["compose", `application\nimage: ${repository()}:\${IMAGE_TAG}`],
          ["application", "compose"],
        ] as const) {
          app("worker", `kind: ${kind}\nimageOf: api\n`);
          app("api", `kind: ${ofApi}\n`);
          for (const name of ["api", "worker"])
            folder.write(`services/${name}/compose.yaml`, "services: {}\n");
          await deployed("worker", `${repository()}:1.5.0`);
          assert.equal(await reasonOf("worker"), "the service is of kind compose there", kind);
        }
      });

      it("moves together those that have one image in the stage, though not in other stages", async () => {
        app("worker", "kind: application\nimage: acme/worker:1\nstages: { prod: { imageOf: api } }\n");
        app("cron", "kind: application\nimageOf: api\nstages: { prod: { image: acme/cron:1 } }\n");
        for (const name of ["api", "worker"]) await deployed(name, `${repository()}:1.5.0`);
        const { services, together } = (await shown("test acme/shop/prod worker")) as Shown & {
          together?: object[];
        };
        assert.deepEqual(
          services.map(({ name, after }) => [name, after]),
          [
            ["api", "1.5.0"],
            ["worker", "1.5.0"],
          ],
        );
        assert.deepEqual(together, [{ of: "api", services: ["api", "worker"], missing: [] }]);
      });

      it("writes the image of the one that has it, also for a compose service", async () => {
        app("api", `kind: application\nimage: ${repository()}:1.4.2\n`);
        app("worker", "kind: compose\nimageOf: api\n");
        const file = `services:\n  jobs:\n    image: ${repository()}:\${IMAGE_TAG}\n`;
        folder.write("services/worker/compose.yaml", file);
        await deployed("api", `${repository()}:1.5.0`);
        const digest = await push(`${repository()}:1.5.0`, "acme/api", "1.5.0");
        const { composeId } = await call<{ composeId: string }>("compose.create", {
          ...{ name: "worker", environmentId, composeType: "docker-compose", composeFile: file },
        });
        await call("compose.update", {
          composeId,
          sourceType: "raw",
          composeFile: file,
          env: "IMAGE_TAG=1.5.0",
        });
        await call("compose.deploy", { composeId, title: "t" });
        await settled("allByCompose", { composeId });
        declare("Compose", "worker", composeId, {
          ...{ source: { type: "raw", composeFile: file }, env: { IMAGE_TAG: "1.5.0" } },
        });
        const { services, refused } = await shown("test prod worker");
        assert.equal(refused, false);
        const value = `${repository()}:1.5.0@${digest}`;
        assert.deepEqual(
          services.map(({ name, after }) => [name, after]),
          [
            ["api", value],
            ["worker", value],
          ],
        );
        assert.match(
          readFileSync("services/api/dokploy-app.yaml", "utf8"),
          /^ {4}image: ".*:1\.5\.0@sha256:/m,
        );
      });
    });

    it("writes into the service's file when that has a whole image", async () => {
      const image = `${registry.host}/acme/api:1.5.0`;
      await deployed("api", image);
      const digest = await push(image, "acme/api", "1.5.0");
      const repository = `${registry.host}/acme/api`;
      app(
        "api",
        `kind: application\nimage: ${repository}:1.4.2 # all stages\nstages:\n  test:\n    image: ${image}\n`,
      );
      const { output } = await promote();
      assert.match(
        output,
        / {2}api {2}api:1\.4\.2 → api:1\.5\.0 \(sha256:.*\) in services\/api\/dokploy-app\.yaml/,
      );
      assert.equal(
        readFileSync("services/api/dokploy-app.yaml", "utf8"),
        `kind: application\nimage: ${repository}:1.4.2 # all stages\nstages:\n  test:\n    image: ${image}\n  prod:\n    image: "${image}@${digest}"\n`,
      );
      assert.match((await promote()).output, /as now/);
      app("api", `kind: application\nimage: ${repository}:\${IMAGE_TAG}\n`);
      const { services } = await shown("test prod --dry-run");
      assert.deepEqual(services[0], {
        ...{ name: "api", status: "changed", file: "Pulumi.prod.yaml", before: "1.4.2" },
        after: `1.5.0@${digest}`,
      });
    });

    it("writes a digest alone where the image has no tag, also into a stage with an image of its own", async () => {
      const digest = `sha256:${"c".repeat(64)}`;
      const repository = `${registry.host}/acme/api`;
      await deployed("api", `${repository}@${digest}`);
      app(
        "api",
        `kind: application\nstages:\n  test: { image: a:1 }\n  prod: { image: "${repository}:1.4.2" }\n`,
      );
      const { output } = await promote();
      assert.match(
        output,
        / {2}api {2}api:1\.4\.2 → api \(sha256:c+…\) in services\/api\/dokploy-app\.yaml$/m,
      );
      assert.equal(
        readFileSync("services/api/dokploy-app.yaml", "utf8"),
        `kind: application\nstages:\n  test: { image: a:1 }\n  prod: { image: "${repository}@${digest}" }\n`,
      );
      assert.match((await promote()).output, /, as now\n/);
    });

    it("refuses what the stage would not run with any tag", async () => {
      await deployed("api", `${registry.host}/acme/api:1`);
      const repository = `${registry.host}/acme/api`;
      for (const [text, why] of [
        [`image: ${repository}:\${IMAGE_TAG}-alpine`, /only a tag at the end can be promoted/],
        ["image: acme/other:${IMAGE_TAG}", /takes its image from acme\/other in prod, but .*acme\/api runs/],
        ["image: acme/other:1", /takes its image from acme\/other/],
        ["image: ghcr.io/acme/api:1", /takes its image from ghcr\.io\/acme\/api in prod/],
        [
          `source: { type: docker, image: "${repository}:1" }`,
          /has a whole image in source: write \$\{IMAGE_TAG\}/,
        ],
        [
          `image: x:1\nstages: { prod: { source: { type: docker, image: "${repository}:1" } } }`,
          /has a whole image in source/,
        ],
        [
          "source: { type: git, url: 'https://git.acme.dev/api.git', branch: main }",
          /is built from source in prod/,
        ],
      ] as const) {
        app("api", `kind: application\n${text}\n`);
        assert.match(await reasonOf("api"), why, text);
      }
      app("api", "kind: compose\n");
      folder.write("services/api/compose.yaml", "services: {}\n");
      assert.match(await reasonOf("api"), /is of kind compose there/);
      folder.write("services/web/dokploy-app.yaml", "kind: application\nimage: a:1\n");
      await deployed("lost", `${registry.host}/acme/lost:1`);
      assert.match(
        await reasonOf("lost", "test prod lost"),
        /the repository has no services\/lost\/dokploy-app\.yaml/,
      );
    });

    it("gives compose services their tag, with the digest if the file uses it once", async () => {
      const host = registry.host;
      const file = `services:\n  cache:\n    image: ${host}/acme/cache:\${IMAGE_TAG}\n`;
      const { composeId } = await call<{ composeId: string }>("compose.create", {
        ...{ name: "cache", environmentId, composeType: "docker-compose", composeFile: file },
      });
      await call("compose.update", { composeId, sourceType: "raw", composeFile: file, env: "IMAGE_TAG=7" });
      await call("compose.deploy", { composeId, title: "t" });
      await settled("allByCompose", { composeId });
      await runs(`${host}/acme/cache:7`);
      const digest = await push(`${host}/acme/cache:7`, "acme/cache", "7");
      declare("Compose", "cache", composeId, {
        ...{ source: { type: "raw", composeFile: file }, env: { IMAGE_TAG: "7" } },
      });
      app("cache", "kind: compose\n");
      folder.write("services/cache/compose.yaml", file);
      folder.write("envs/prod/cache.yaml", "");
      assert.equal((await shown("test prod --dry-run")).services[0]?.after, `7@${digest}`);

      const twice = `${file}    labels: { version: "\${IMAGE_TAG}" }\n`;
      declare("Compose", "cache", composeId, {
        ...{ source: { type: "raw", composeFile: twice }, env: { IMAGE_TAG: "7" } },
      });
      const { after, note } = (await shown("test prod --dry-run")).services[0] ?? {};
      assert.deepEqual(
        [after, note],
        ["7", "its compose file uses IMAGE_TAG 2 times, and a digest belongs to one image"],
      );

      folder.write("envs/prod/cache.yaml", "IMAGE_TAG: '6'\n");
      assert.match(await reasonOf("cache"), /has IMAGE_TAG among the variables of prod/);
      folder.write("envs/prod/cache.yaml", "");
      folder.write("envs/base/cache.yaml", "IMAGE_TAG: '6'\n");
      assert.match(await reasonOf("cache"), /has IMAGE_TAG among the variables of prod/);
      folder.write("envs/base/cache.yaml", "");
      folder.write("services/cache/compose.yaml", `services:\n  cache:\n    image: ${host}/acme/cache:1\n`);
      assert.match(await reasonOf("cache"), /has no \$\{IMAGE_TAG\} in its compose file/);

      declare("Compose", "cache", composeId, { env: { IMAGE_TAG: "8" } });
      assert.match(
        await reasonOf("cache"),
        /somebody changed it in Dokploy: the state has 8, but Dokploy has 7/,
      );
      declare("Compose", "cache", composeId, { env: { IMAGE_TAG: { ciphertext: password } } });
      assert.match(await reasonOf("cache"), /its IMAGE_TAG is a secret in the state/);
    });
  });

  it("takes no digest of another image that has the same tag in the compose file", async () => {
    const other = `sha256:${"c".repeat(64)}`;
    const file = [
      "services:",
      `  another:\n    image: ${registry.host}/acme/another:7@${other}`,
      `  jobs:\n    image: ${registry.host}/acme/jobs:\${IMAGE_TAG}\n`,
    ].join("\n");
    const { composeId } = await call<{ composeId: string }>("compose.create", {
      ...{ name: "jobs", environmentId, composeType: "docker-compose", composeFile: file },
    });
    await call("compose.update", { composeId, sourceType: "raw", composeFile: file, env: "IMAGE_TAG=7" });
    await call("compose.deploy", { composeId, title: "t" });
    await settled("allByCompose", { composeId });
    await runs(`${registry.host}/acme/jobs:7`);
    declare("Compose", "jobs", composeId, {
      ...{ source: { type: "raw", composeFile: file }, env: { IMAGE_TAG: "7" } },
    });
    assert.equal((await shown("test prod --dry-run")).services[0]?.after, "7");
  });

  it("prints what the page about it shows", () => {
    const page = readFileSync(
      join(__dirname, "..", "..", "..", "..", "..", "docs", "everyday", "promote.md"),
      "utf8",
    );
    const change = (name: string, before: string, after: string, note?: string): Outcome => ({
      ...{ name, status: before === after ? "same" : "changed", file: "Pulumi.prod.yaml", before, after },
      ...{ keys: ["config", "dokploy:imageTags", name], note, advice: undefined },
    });
    const outcomes = [
      change("api", "1.4.2", `1.5.0@sha256:3f1c9a7be204${"0".repeat(52)}`),
      change(
        "cache",
        `8.0.1@sha256:8d0f26b91ce4${"0".repeat(52)}`,
        `8.0.1@sha256:8d0f26b91ce4${"0".repeat(52)}`,
      ),
      {
        ...{ name: "site", status: "left-out" as const },
        why: "it is built from source (github), so no registry has its image",
      },
      change("worker", "2.0.0", "2.1.0", "ghcr.io needs a login for acme/worker (status 401)"),
    ];
    const result = {
      from: "test",
      to: "prod",
      refused: false,
      written: ["Pulumi.prod.yaml"],
      outcomes,
      splits: [],
    };
    const split = {
      ...{ ...result, written: [], outcomes: outcomes.slice(0, 1) },
      splits: [{ image: "ghcr.io/acme/api:1.5.0", moves: ["api"], stays: ["jobs"] }],
    };
    assert.ok(page.includes(`api --dry-run\n${renderText(split)}\n`), renderText(split));
    assert.ok(page.includes(`promote test prod\n${renderText(result)}\n`), renderText(result));
    const json = JSON.stringify(JSON.parse(renderJson({ ...result, outcomes: outcomes.slice(3) })));
    const shown = /```json\n(\{.*?\n\})\n/s.exec(page)?.[1] ?? "";
    assert.equal(json, JSON.stringify(JSON.parse(shown)));
  });

  it("prints JSON for any name of a service", () => {
    const name = "##[error] \u202e\u2028";
    const outcomes = [{ name, status: "unchanged" as const, why: name }];
    const result = { from: "test", to: "prod", refused: false, written: [], splits: [] };
    const shown = visibleLines(renderJson({ ...result, outcomes: outcomes as never }));
    assert.equal(JSON.parse(shown).services[0].name, name);
  });

  it("exits with 2 for stages, services and files that it cannot use", async () => {
    await deployed("api", `${registry.host}/acme/api:9`);
    for (const [command, message] of [
      ["test", /promote takes two stages/],
      ["test acme/shop/test", /are the same stage/],
      ["test live", /There is no Pulumi\.live\.yaml.*; the stages are prod, test\./],
      ["test prod ap", /Stack test has no application and no compose service ap; it has api\./],
      ["test prod -- --json", /no compose service --json/],
      ["test prod --dry", /Unknown option '--dry'\. Did you mean --dry-run\?$/],
      ["test prod --what", /Unknown option '--what'\. See --help\./],
    ] as const) {
      await assert.rejects(promote(command), (error: unknown) => {
        assert.ok(error instanceof UsageError, String(error));
        assert.match(error.message, message);
        return true;
      });
    }
    folder.write("Pulumi.prod.yaml", "config: { dokploy:imageTags: { api: { secure: x } } }\n");
    await assert.rejects(
      promote(),
      /Pulumi\.prod\.yaml:1:37: config\.dokploy:imageTags\.api: is not a single value; edit this place by hand/,
    );
    resources["the other"] = { ...resources["api"] };
    await assert.rejects(promote(), /Stack test has 2 services with the name api; rename one\./);
    resources = {};
    await assert.rejects(
      promote(),
      /Stack test has no applications and no compose services: run `pulumi up` there/,
    );
  });
});
