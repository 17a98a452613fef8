import * as assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { removeKept } from "../../../../cli/preview/kept";
import { listPreviews, listText } from "../../../../cli/preview/list";
import { removePreview } from "../../../../cli/preview/remove";
import { sweep } from "../../../../cli/preview/sweep";
import { deployPreview } from "../../../../cli/preview/up";
import { readRules } from "../../../../sdk/repository";
import { World } from "./pulumi";

const hour = 3_600_000;
const ago = (ms: number) => new Date(Date.now() - ms);
const silent = () => {};
/** Nothing stays on the server. */
const none = { wanted: [], refused: [], doubtful: [], projects: [] };

describe("the life of a preview", function () {
  this.timeout(60_000);
  let world: World;
  beforeEach(async () => {
    world = await World.begin();
  });
  afterEach(async () => {
    delete process.env["DOKPLOY_ADOPT"];
    await world?.end();
  });

  const up = (options: Partial<Parameters<typeof deployPreview>[1]> = {}) =>
    deployPreview(world.previews, { number: "12", tags: new Map(), unlock: false, ...options }, silent);
  const remove = (unlock = false) => removePreview(world.previews, "12", unlock, silent);
  const list = async () => listText(await listPreviews(world.previews, {}), new Date());

  /** Creates the project of the preview on the server, and in its state. */
  async function project() {
    const made = await world.api.call("project.create", { name: "shop-pr-12" });
    const stack = world.preview(12, new Date());
    stack.resources.push(world.resource("Project", "shop", made.project.projectId, { name: "shop-pr-12" }));
    return { stack, environmentId: made.environment.environmentId };
  }
  async function application(environmentId: string, name: string, volumeName?: string): Promise<string> {
    const { applicationId } = await world.api.call("application.create", { name, environmentId });
    await world.api.call("application.update", {
      applicationId,
      sourceType: "docker",
      dockerImage: "acme/web:1",
    });
    if (volumeName !== undefined)
      await world.api.call("mounts.create", {
        type: "volume",
        mountPath: "/data",
        volumeName,
        serviceId: applicationId,
        serviceType: "application",
      });
    return applicationId;
  }
  /** Gives the service web of the repository a volume. */
  const mounting = (volumeName: string) =>
    world.write(
      "services/web/dokploy-app.yaml",
      "kind: application\nimage: acme/web:${IMAGE_TAG}\n" +
        `mounts: [{ type: volume, volumeName: ${volumeName}, mountPath: /data }]\n`,
    );
  async function deployed(kind: "application" | "compose", id: string): Promise<void> {
    await world.api.call(`${kind}.deploy`, { [`${kind}Id`]: id, title: "t", description: "d" } as never);
    const all = kind === "application" ? "deployment.all" : "deployment.allByCompose";
    for (const end = Date.now() + 20_000; Date.now() < end; ) {
      const rows = await world.api.call(all, { [`${kind}Id`]: id } as never);
      if (rows[0]?.status === "done") return;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assert.fail("the deployment did not end");
  }
  /** Names of the volumes, without those of Dokploy itself. */
  const volumes = async () =>
    (await world.api.call("dockerVolume.getVolumes", {}))
      .map(({ Name }) => Name)
      .filter((name) => !/^dokploy(?:-postgres)?$/.test(name))
      .sort();

  const images = async () =>
    (await world.api.call("dockerImage.getImages", {})).map(({ Repository }) => Repository);

  describe("begins", () => {
    it("with nothing, when a tag names a service that does not exist or takes no part", async () => {
      await assert.rejects(up({ tags: new Map([["apii", "x"]]) }), {
        message:
          "--tag names apii, but the services of previews are api, web. Did you mean api? Nothing was created.",
      });
      world.write("dokploy-previews.yaml", "from: test\nservices: [web]\n");
      await assert.rejects(
        up({ tags: new Map([["api", "x"]]) }),
        /--tag names api, but the services of previews are web\./,
      );
      assert.deepEqual(world.calls, []);
      await up({ tags: new Map([["web", "x"]]) });
      assert.deepEqual([...world.stacks.keys()], ["pr-12"]);
      assert.equal(world.stacks.get("pr-12")?.config['dokploy:imageTags["web"]'], "x");
    });

    it("with nothing, when a tag names a service that has the image of another one", async () => {
      world.write("services/api/dokploy-app.yaml", "kind: application\nimageOf: web\n");
      await assert.rejects(up({ tags: new Map([["api", "x"]]) }), {
        message: "--tag names api, which has the image of web: name web. Nothing was created.",
      });
      assert.deepEqual(world.calls, []);
    });

    it("with nothing, and names all problems that files and tags show, each once", async () => {
      rmSync("Pulumi.preview.yaml");
      world.write("services/api/dokploy-app.yaml", "kind: application\nimage: acme/api:1\nreplicsa: 2\n");
      world.write(
        "services/web/dokploy-app.yaml",
        "kind: application\nimage: acme/web:1\ndependsOn: [apii]\ndomains: [{ host: web.dev }]\n",
      );
      const tags = new Map([
        ["apii", "x"],
        ["wbe", "/"],
        ["web", "x"],
      ]);
      await assert.rejects(up({ tags }), (error: Error) => {
        const lines = error.message.replaceAll(`${world.folder}/`, "").split("\n");
        const starts = [
          "Pulumi.preview.yaml is missing. Each preview gets",
          "services/api/dokploy-app.yaml:3:1: replicsa: ",
          "services/web/dokploy-app.yaml:3:13: dependsOn: the repository has no service",
          "--tag names apii, but the services of previews are api, web. Did you mean api?",
          '--tag gives wbe "/", which no image has as its tag.',
          "--tag names wbe, but the services of previews are api, web. Did you mean web?",
          "--tag names web, whose image has no ${IMAGE_TAG}: write it there, or leave out the tag.",
          "Nothing was created.",
        ];
        assert.equal(lines.length, starts.length, error.message);
        for (const [index, start] of starts.entries())
          assert.ok(lines[index]?.startsWith(start), lines[index]);
        return true;
      });
      assert.deepEqual(world.calls, []);
    });

    it("with nothing, when services have domains, and the rules no host for them", async () => {
      world.write("dokploy-previews.yaml", "from: test\n");
      for (const name of ["api", "web"])
        world.write(
          `services/${name}/dokploy-app.yaml`,
          `kind: application\nimage: acme/${name}:1\ndomains: [{ host: ${name}.dev }]\n`,
        );
      await assert.rejects(
        up(),
        /dokploy-previews\.yaml:1:1: host: is missing, and api and web have domains; .*\nNothing was/s,
      );
      assert.deepEqual(world.calls, []);
    });

    it("only below the limit; one that exists is deployed again", async () => {
      for (const number of [1, 2, 3]) world.preview(number);
      const refused = await up();
      assert.equal(refused.status, "refused");
      assert.deepEqual(world.commands("stack init"), []);
      assert.equal((await up({ number: "3" })).status, "deployed");
    });

    it("and ends without the adoptions of the job, which name objects of another stage", async () => {
      process.env["DOKPLOY_ADOPT"] = "/job/adopt-production.json";
      await up();
      world.preview(12, new Date());
      await remove();
      const changing = world.calls.filter(({ args }) => /^(?:up|destroy)/.test(args));
      assert.deepEqual(
        changing.map(({ args, adopts }) => [args.split(" ")[0], adopts]),
        [
          ["up", undefined],
          ["destroy", undefined],
          ["destroy", undefined],
        ],
      );
    });

    it("and without advice on volumes that its removal deletes", async () => {
      await up();
      world.preview(12, new Date());
      await remove();
      const changing = world.calls.filter(({ args }) => /^(?:up|destroy)/.test(args));
      assert.deepEqual(
        changing.map(({ args, removesVolumes }) => [args.split(" ")[0], removesVolumes]),
        [
          ["up", false],
          ["destroy", true],
          ["destroy", true],
        ],
      );
    });

    it("again with the adoptions of what its own killed run left", async () => {
      process.env["DOKPLOY_ADOPT"] = "/job/adopt-production.json";
      const { stack, environmentId } = await project();
      const applicationId = await application(environmentId, "web");
      stack.pending.push(world.resource("Application", "web", "", { name: "web" }));
      let given = "";
      world.up = async () => {
        given = readFileSync(".dokploy-adopt-pr-12.json", "utf8");
        return { code: 0, stdout: "", stderr: "" };
      };
      await up();
      assert.deepEqual(JSON.parse(given), { Application: { web: applicationId } });
      assert.equal(existsSync(".dokploy-adopt-pr-12.json"), false);
      assert.match(
        world.calls.find(({ args }) => args.startsWith("up"))?.adopts ?? "",
        /\.dokploy-adopt-pr-12\.json$/,
      );
    });

    it("with its services by name, and their addresses, also where Pulumi fails", async () => {
      const { stack, environmentId } = await project();
      for (const name of ["web", "api"])
        stack.resources.push(
          world.resource("Application", name, await application(environmentId, name), {
            domains: { "": { host: `${name}.dev` } },
          }),
        );
      world.up = async () => ({ code: 1, stdout: "", stderr: "error: no" });
      const { status, services, reason } = await up();
      assert.deepEqual([status, reason], ["failed", "error: no"]);
      const running = { runs: "none", why: "no container of it runs", failed: false };
      assert.deepEqual(services, [
        { name: "api", kind: "Application", addresses: ["http://api.dev/"], running },
        { name: "web", kind: "Application", addresses: ["http://web.dev/"], running },
      ]);
    });

    it("with the reason of Pulumi where the settings of the server are missing too", async () => {
      world.up = async () => ({ code: 1, stdout: "", stderr: "error: no" });
      world.hasSettings = false;
      const { status, reason } = await up();
      assert.deepEqual([status, reason], ["failed", "error: no"]);
    });

    it("with an error where the state cannot be understood, instead of the reason of Pulumi", async () => {
      world.preview(12).resources.push(world.resource("Application", "web", "x", { domains: [null] }));
      world.up = async () => ({ code: 1, stdout: "", stderr: "error: no" });
      await assert.rejects(up(), TypeError);
    });

    it("with a seed, whose output hides what a deployment would hide", async () => {
      const secret = "canary-of-the-project";
      const { stack, environmentId } = await project();
      const [{ id: projectId = "" } = {}] = stack.resources;
      await world.api.call("project.update", { projectId, env: `TOKEN=${secret}\nREGION=frankfurt-7` });
      stack.resources.push(
        world.resource("EnvironmentBlock", "all", "x", { env: { REGION: "frankfurt-7" } }),
      );
      const applicationId = await application(environmentId, "web");
      await world.api.call("application.saveEnvironment", {
        applicationId,
        env: "TOKEN=${{project.TOKEN}}",
        buildArgs: null,
        buildSecrets: null,
        createEnvFile: true,
      });
      await deployed("application", applicationId);
      const schedule = await world.api.call("schedule.create", {
        name: "seed",
        cronExpression: "0 0 1 1 *",
        enabled: false,
        shellType: "sh",
        command: `echo ${secret} frankfurt-7; exit 1`,
        scheduleType: "application",
        applicationId,
      } as never);
      const { scheduleId } = schedule as { scheduleId: string };
      stack.resources.push(
        world.resource("Application", "web", applicationId, { env: { TOKEN: "${{project.TOKEN}}" } }),
        world.resource("Schedule", "web/seed", scheduleId, { applicationId }),
      );
      const { status, reason = "" } = await up();
      assert.equal(status, "failed");
      assert.match(reason, /The seed of web failed:[\s\S]*echo \[secret\] frankfurt-7/);
      assert.ok(!reason.includes(secret), reason);
    });
  });

  describe("and the lock of another run", () => {
    it("ends after two hours, or at once where no other run can be at work", async () => {
      const cases: [age: number, unlock: boolean, removed: boolean][] = [
        [0, false, false],
        [hour, false, false],
        [2 * hour - 60_000, false, false],
        [2 * hour + 60_000, false, true],
        [100 * hour, false, true],
        [0, true, true],
      ];
      for (const [age, unlock, removed] of cases) {
        world.preview(12);
        world.lock = ago(age);
        const { status, reason = "" } = await up({ unlock });
        assert.deepEqual(
          [status, world.lock === undefined],
          [removed ? "deployed" : "failed", removed],
          `${age}`,
        );
        if (!removed) assert.match(reason, /run this again with --unlock\.$/);
      }
    });

    it("keeps a preview from being removed: what the other run creates stays", async () => {
      const { stack, environmentId } = await project();
      const applicationId = await application(environmentId, "web");
      stack.pending.push(world.resource("Application", "web", "", { name: "web" }));
      world.lock = ago(hour);
      await assert.rejects(remove(), /is not removed\.[\s\S]*--unlock/);
      assert.equal((await world.api.call("application.one", { applicationId })).name, "web");
      assert.ok(world.stacks.has("pr-12"));
      await remove(true);
      assert.deepEqual(await world.api.call("project.all", {}), []);
      assert.ok(!world.stacks.has("pr-12"));
    });

    it("keeps a preview without leftovers too", async () => {
      const { stack, environmentId } = await project();
      stack.resources.push(
        world.resource("Application", "web", await application(environmentId, "web", "shop-pr-12-uploads")),
      );
      world.lock = ago(hour);
      await assert.rejects(remove(), /is not removed\./);
      assert.equal((await world.api.call("project.all", {})).length, 1);
    });
  });

  describe("is listed", () => {
    it("as deployed only after a deployment that succeeded", async () => {
      const at = ago(hour);
      const ended = (kind: string, result: string) => ({ kind, result, endTime: at.toISOString() });
      assert.equal(await list(), "There are no previews.");
      world.preview(2, at);
      world.preview(3, at).history = [ended("destroy", "succeeded")];
      world.preview(4, at).history = [ended("update", "failed"), ended("update", "succeeded")];
      world.preview(15, at).history = [ended("update", "succeeded"), ended("update", "failed")];
      world.preview(20);
      const lines = (await list()).split("\n");
      assert.match(lines[0] ?? "", /^#2 {2}never deployed, removed after /);
      assert.match(lines[1] ?? "", /^#3 {2}never deployed/);
      assert.match(lines[2] ?? "", /^#4 {2}failed .* UTC, removed after /);
      assert.match(lines[3] ?? "", /^#15 {2}deployed .* UTC, removed after /);
      assert.equal(lines[4], "#20  never deployed");
    });
  });

  describe("ends", () => {
    it("with its volumes, those of databases and stacks, and its images, and without those of others", async () => {
      const { stack, environmentId } = await project();
      const [others] = [
        (await world.api.call("project.create", { name: "shop-prod" })).environment.environmentId,
      ];
      const web = await application(environmentId, "web", "shop-pr-12-uploads");
      await world.api.call("mounts.create", {
        ...{ type: "volume", mountPath: "/shared", volumeName: "shop-uploads" },
        ...{ serviceId: web, serviceType: "application" },
      });
      const prod = await application(others, "web", "shop-uploads");
      const neighbour = await application(others, "web", "shop-pr-123-uploads");
      const { composeId } = await world.api.call("compose.create", {
        ...{ name: "jobs", environmentId, composeType: "stack" },
        composeFile: "services: { jobs: { image: acme/jobs } }\nvolumes: { data: {} }\n",
      });
      await world.api.call("compose.update", { composeId, sourceType: "raw" });
      const { postgresId } = (await world.api.call("postgres.create", {
        ...{
          name: "orders",
          databaseName: "shop",
          databaseUser: "shop",
          databasePassword: "p",
          environmentId,
        },
      } as never)) as { postgresId: string };
      await world.api.call("postgres.deploy", { postgresId });
      const built = await application(environmentId, "built");
      const ours = await application(others, "built");
      for (const applicationId of [built, ours])
        await world.api.call("application.update", {
          ...{ applicationId, sourceType: "git", buildType: "nixpacks" },
          ...{ customGitUrl: "https://git.example/acme/web.git", customGitBranch: "main" },
        });
      for (const id of [web, prod, neighbour, built, ours]) await deployed("application", id);
      await deployed("compose", composeId);
      stack.resources.push(
        world.resource("Application", "web", web),
        world.resource("Application", "built", built),
        world.resource("Postgres", "orders", postgresId),
        world.resource("Compose", "jobs", composeId),
      );
      assert.equal((await volumes()).length, 5);
      assert.equal((await images()).length, 2);
      assert.deepEqual(await remove(), none);
      assert.deepEqual(await volumes(), ["shop-pr-123-uploads", "shop-uploads"]);
      const { appName } = await world.api.call("application.one", { applicationId: ours });
      assert.deepEqual(await images(), [appName]);
      assert.deepEqual([...world.stacks.keys()], []);
    });

    it("without its volumes where the rules keep them, and names these", async () => {
      world.write("dokploy-previews.yaml", "from: test\ndeleteVolumes: false\n");
      const { stack, environmentId } = await project();
      const web = await application(environmentId, "web", "shop-pr-12-uploads");
      await deployed("application", web);
      stack.resources.push(world.resource("Application", "web", web));
      assert.deepEqual(await remove(), {
        wanted: [{ what: "volume", name: "shop-pr-12-uploads", at: {} }],
        refused: [],
        doubtful: [],
        projects: [],
      });
      assert.deepEqual(await volumes(), ["shop-pr-12-uploads"]);
      assert.deepEqual([...world.stacks.keys()], []);
    });

    it("with its volumes where the rules are gone, and not at all where they have mistakes", async () => {
      const { stack, environmentId } = await project();
      const web = await application(environmentId, "web", "shop-pr-12-uploads");
      await deployed("application", web);
      stack.resources.push(world.resource("Application", "web", web));
      world.write("dokploy-previews.yaml", "from: test\ndeleteVolumes: nein\n");
      await assert.rejects(remove(), /deleteVolumes: must be a boolean/);
      assert.deepEqual([...world.stacks.keys()], ["pr-12"]);
      rmSync(join(world.folder, "dokploy-previews.yaml"));
      assert.deepEqual(await remove(), none);
      assert.deepEqual(await volumes(), []);
    });

    it("with the volumes that its files name also after a run that was killed between the services and their volumes", async () => {
      mounting("uploads");
      world.write(
        "services/api/dokploy-app.yaml",
        "kind: application\nimage: acme/api:1\nstages:\n  preview:\n    mounts:\n" +
          "      - { type: volume, volumeName: cache, mountPath: /cache }\n",
      );
      const { stack, environmentId } = await project();
      const web = await application(environmentId, "web", "shop-pr-12-uploads");
      const gone = await application(environmentId, "gone", "shop-pr-12-cache");
      const others = await application(environmentId, "others", "shop-pr-123-uploads");
      for (const id of [web, gone, others]) await deployed("application", id);
      // The killed run has deleted these, and its stack no longer has them.
      for (const applicationId of [gone, others])
        await world.api.call("application.delete", { applicationId });
      stack.resources.push(world.resource("Application", "web", web));
      assert.deepEqual(await remove(), none);
      assert.deepEqual(await volumes(), ["shop-pr-123-uploads"]);

      const again = await project();
      const last = await application(again.environmentId, "web", "shop-pr-12-uploads");
      await deployed("application", last);
      await world.api.call("application.delete", { applicationId: last });
      again.stack.resources.length = 0;
      assert.deepEqual(await volumes(), ["shop-pr-12-uploads", "shop-pr-123-uploads"]);
      world.lock = new Date();
      await assert.rejects(remove(), /is not removed/);
      assert.deepEqual(await volumes(), ["shop-pr-12-uploads", "shop-pr-123-uploads"]);
      world.lock = undefined;
      assert.deepEqual(await remove(), none);
      assert.deepEqual(await volumes(), ["shop-pr-123-uploads"]);
      assert.deepEqual([...world.stacks.keys()], []);
    });

    it("without the volume of a database whose name begins like that of the preview, which its output names", async () => {
      mounting("uploads");
      const others = (await world.api.call("project.create", { name: "shop" })).environment.environmentId;
      const { postgresId } = (await world.api.call("postgres.create", {
        ...{ name: "archive", appName: "shop-pr-12-archive", environmentId: others },
        ...{ databaseName: "shop", databaseUser: "shop", databasePassword: "p" },
      } as never)) as { postgresId: string };
      await world.api.call("postgres.deploy", { postgresId });
      const { appName } = (await world.api.call("postgres.one", { postgresId })) as { appName: string };
      await world.api.call("postgres.stop", { postgresId });
      const { environmentId } = await project();
      const gone = await application(environmentId, "web", "shop-pr-12-uploads");
      await deployed("application", gone);
      await world.api.call("application.delete", { applicationId: gone });
      const doubtful = { what: "volume" as const, name: `${appName}-data`, at: {} };
      assert.deepEqual(await remove(), { ...none, doubtful: [doubtful] });
      assert.deepEqual(await volumes(), [doubtful.name]);
    });

    it("without volumes that no file here names, where a killed run has deleted their services", async () => {
      const { environmentId } = await project();
      const gone = await application(environmentId, "web", "shop-pr-12-uploads");
      await deployed("application", gone);
      await world.api.call("application.delete", { applicationId: gone });
      world.write("services/web/dokploy-app.yaml", "kind: application\nimage: 1\n");
      const doubtful = [{ what: "volume", name: "shop-pr-12-uploads", at: {} }];
      assert.deepEqual(await remove(), { ...none, doubtful });
      assert.deepEqual(await volumes(), ["shop-pr-12-uploads"]);
    });

    it("naming what stays where the server or the key cannot delete it, with the command", async () => {
      const old = await World.begin({ version: "0.29.14" });
      try {
        const made = await old.api.call("project.create", { name: "shop-pr-12" });
        const { postgresId } = (await old.api.call("postgres.create", {
          ...{ name: "orders", databaseName: "shop", databaseUser: "shop", databasePassword: "p" },
          environmentId: made.environment.environmentId,
        } as never)) as { postgresId: string };
        const row = (await old.api.call("postgres.one", { postgresId })) as { appName: string };
        old.preview(12).resources.push(old.resource("Postgres", "orders", postgresId));
        const rules = readRules(old.folder, {});
        const result = await sweep(old.previews, rules, new Set(), { dryRun: false, progress: silent });
        assert.deepEqual(result.failed, []);
        assert.match(
          result.removed[0]?.stays ?? "",
          new RegExp(`Delete the rest on the server: docker volume rm ${row.appName}-data$`),
        );
      } finally {
        await old.end();
      }
    });

    it("with the project that its killed run created, and not with an older one of that name, which its output names", async () => {
      const begun = (created: number) => {
        const stack = world.preview(12);
        stack.pending.push(world.resource("Project", "shop", "", { name: "shop-pr-12" }));
        stack.resources.push({
          ...{ urn: "urn:pulumi:pr-12::shop::pulumi:pulumi:Stack::shop-pr-12", id: "", inputs: {} },
          created: new Date(created).toISOString(),
        });
      };
      const all = async () => (await world.api.call("project.all", {})).map(({ projectId }) => projectId);
      const { projectId } = (await world.api.call("project.create", { name: "shop-pr-12" })).project;
      begun(Date.now() + 60_000);
      let adopts: string | undefined = "";
      world.up = async () => {
        adopts = world.calls.at(-1)?.adopts;
        return { code: 0, stdout: "", stderr: "" };
      };
      await up();
      assert.equal(adopts, undefined);
      assert.deepEqual(await remove(), { ...none, projects: [projectId] });
      assert.deepEqual(await all(), [projectId]);
      begun(Date.now() - 60_000);
      const { environmentId } = (await world.api.call("environment.byProjectId", { projectId }))[0] ?? {};
      const byHand = await application(environmentId ?? "", "by hand");
      await assert.rejects(remove(), /has services that no run created: by hand/);
      await world.api.call("application.delete", { applicationId: byHand });
      await up();
      assert.match(adopts ?? "", /\.dokploy-adopt-pr-12\.json$/);
      assert.deepEqual(await remove(), none);
      assert.deepEqual(await all(), []);
    });

    it("also where Pulumi fails at first, since its project has a service that a killed run left", async () => {
      const { stack, environmentId } = await project();
      const applicationId = await application(environmentId, "web");
      stack.pending.push(world.resource("Application", "web", "", { name: "web" }));
      world.failures.push({ code: 1, stdout: "", stderr: "error: the project has services" });
      assert.deepEqual(await remove(), none);
      await assert.rejects(world.api.call("application.one", { applicationId }), /not found/);
      assert.deepEqual([...world.stacks.keys()], []);
    });

    it("not yet, with the reason of Pulumi, where nothing that a killed run left explains its failure", async () => {
      await project();
      world.failures.push({ code: 1, stdout: "", stderr: "error: the domain is taken" });
      await assert.rejects(
        remove(),
        /^UserError: The preview .* is not removed\. error: the domain is taken$/,
      );
      assert.equal((await world.api.call("project.all", {})).length, 1);
      assert.ok(world.stacks.has("pr-12"));
    });

    it("not yet, where Pulumi fails only at its end", async () => {
      const { stack, environmentId } = await project();
      await application(environmentId, "web");
      stack.pending.push(world.resource("Application", "web", "", { name: "web" }));
      const failure = { code: 1, stdout: "", stderr: "error: no" };
      world.failures.push(failure, failure);
      await assert.rejects(remove(), /is not removed\. error: no$/);
      assert.ok(world.stacks.has("pr-12"));
    });

    it("without waiting for ever for a volume that another container uses", async () => {
      const { environmentId } = await project();
      await deployed("application", await application(environmentId, "web", "shop-pr-12-uploads"));
      const kept = [{ what: "volume" as const, name: "shop-pr-12-uploads", at: {} }];
      assert.deepEqual(await removeKept(kept, world.api, { totalMs: 30, pauseMs: 5 }), kept);
    });

    it("by a sweep, when it is closed or its lifetime is over, and each failure keeps that one alone", async () => {
      const rules = readRules(world.folder, {});
      const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 6 });
      const states = fc.constantFrom("open", "closed", "expired");
      await fc.assert(
        fc.asyncProperty(numbers, fc.array(states, { minLength: 6, maxLength: 6 }), async (given, kinds) => {
          world.stacks.clear();
          const kindOf = (index: number) => kinds[index] ?? "open";
          for (const [index, number] of given.entries())
            world.preview(number, kindOf(index) === "expired" ? ago(49 * hour) : ago(47 * hour));
          const open = new Set(given.filter((_, index) => kindOf(index) !== "closed").map(String));
          const tried = await sweep(world.previews, rules, open, { dryRun: true, progress: silent });
          assert.equal(world.stacks.size, given.length);
          const done = await sweep(world.previews, rules, open, { dryRun: false, progress: silent });
          assert.deepEqual(done, tried);
          const staying = given.filter((_, index) => kindOf(index) === "open").sort((a, b) => a - b);
          assert.deepEqual(done.kept, staying.map(String));
          assert.equal(world.stacks.size, staying.length);
        }),
        { numRuns: 25 },
      );
    });

    it("by a sweep that fails for one of them, and does not remove a young lock", async () => {
      world.preview(1).resources.push(world.resource("Application", "web", "1".repeat(21)));
      world.preview(2);
      world.lock = ago(hour);
      const rules = readRules(world.folder, {});
      const { removed, failed } = await sweep(world.previews, rules, new Set(), {
        dryRun: false,
        progress: silent,
      });
      assert.deepEqual(removed, []);
      assert.deepEqual(
        failed.map(({ number }) => number),
        ["1", "2"],
      );
      assert.ok(world.lock !== undefined);
    });
  });
});
