import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { count, type Run, Story } from "./story";

const program = 'new dokploy.DeploymentRepository("shop");';
const files: Readonly<Record<string, string>> = {
  "services/api/dokploy-app.yaml": "kind: application\nimage: acme/api:${IMAGE_TAG}\ndependsOn: [cache]\n",
  "services/web/dokploy-app.yaml":
    "kind: application\nimage: acme/web:7\nbuildSecrets:\n  NPM_TOKEN: !secret npmToken\n",
  "services/cache/dokploy-app.yaml": "kind: compose\n",
  "services/cache/compose.yaml": "services:\n  cache:\n    image: redis:${IMAGE_TAG}\n",
  "envs/base/api.yaml": "LOG_LEVEL: info\nREGION: !ref environment.REGION\n",
  "envs/dev/api.yaml": "LOG_LEVEL: debug\nAPI_TOKEN: !secret apiToken\n",
  "envs/dev/web.yaml": "COLOUR: blue\n",
  "envs/dev/cache.yaml": "",
  "envs/dev/shared.yaml": "REGION: eu\n",
};

describe("a deployment repository", function () {
  this.timeout(240_000);
  let story: Story;

  beforeEach(async () => {
    const secrets = ["--secret", "apiToken=canary-api", "--secret", "npmToken=canary-npm"];
    story = await Story.begin({ config: [...secrets, "--plaintext", "dokploy:imageTag=1.0"] });
    for (const [name, text] of Object.entries(files)) write(name, text);
    story.program(program);
  });
  afterEach(() => story.end());

  function write(name: string, text: string): void {
    const file = path.join(story.workspace.dir, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
  const remove = (name: string) => fs.rmSync(path.join(story.workspace.dir, name), { recursive: true });
  const set = (name: string, value: string) => story.succeeds("config", "set", "--path", name, value);
  const up = () => story.succeeds("up", "--skip-preview");
  const deploys = (run: Run) => count(run.calls, "application.deploy") + count(run.calls, "compose.deploy");

  /** What the containers of a service have. */
  const running = (name: string) => story.emulator.containerEnv(story.resource(name).id) ?? {};
  const imageOf = async (name: string) => (await story.application(story.resource(name).id))["dockerImage"];

  it("creates every service with the variables and the image of its stage, and then has nothing to do", async () => {
    const first = await up();
    assert.doesNotMatch(first.output + story.workspace.stateText(), /canary/);
    assert.doesNotMatch(first.output, /warning/);
    assert.equal(deploys(first), 3);
    assert.deepEqual(
      {
        level: running("api")["LOG_LEVEL"],
        region: running("api")["REGION"],
        token: running("api")["API_TOKEN"],
      },
      { level: "debug", region: "eu", token: "canary-api" },
    );
    assert.equal(await imageOf("api"), "acme/api:1.0");
    assert.equal(running("cache")["IMAGE_TAG"], "1.0");
    // So Pulumi changes the one before the other, and deletes them in the reverse order.
    const needs = (name: string) => story.resource(name)["dependencies"] as string[];
    const { urn: cache } = story.resource("cache");
    assert.deepEqual([needs("api").includes(cache), needs("web").includes(cache)], [true, false]);
    const again = await story.succeeds("preview", "--expect-no-changes");
    assert.deepEqual(again.calls, []);

    // Without a tag, what is deployed stays: a preview of a pull request need not know it.
    await story.succeeds("config", "rm", "dokploy:imageTag");
    assert.deepEqual((await story.succeeds("preview", "--expect-no-changes")).calls, []);

    await set("dokploy:imageTags.api", "1.1");
    assert.equal(deploys(await up()), 1);
    assert.equal(await imageOf("api"), "acme/api:1.1");

    write("envs/dev/shared.yaml", "REGION: us\n");
    const shared = await up();
    assert.deepEqual([deploys(shared), running("api")["REGION"]], [1, "us"], shared.output);
    await story.succeeds("destroy", "--skip-preview");
    assert.deepEqual(await story.byHand<unknown[]>("project.all", {}), []);
  });

  it("works only on the selected services, and leaves the others unchanged", async () => {
    await set("dokploy:only", "api");
    const first = await up();
    assert.equal(deploys(first), 1);
    assert.equal(story.find("web"), undefined, "a service that was never made is not made");

    await set("dokploy:only", "web cache");
    await up();
    assert.equal(running("api")["LOG_LEVEL"], "debug");
    assert.equal(running("web")["COLOUR"], "blue");

    // What others changed meanwhile, and the secrets of others, are no business of this run.
    write("envs/dev/web.yaml", "COLOUR: green\nTOKEN: !secret notSet\n");
    write("envs/dev/api.yaml", "LOG_LEVEL: trace\nAPI_TOKEN: !secret apiToken\n");
    await set("dokploy:only", "api");
    const only = await up();
    assert.equal(deploys(only), 1);
    assert.equal(running("api")["LOG_LEVEL"], "trace");
    assert.equal(running("web")["COLOUR"], "blue");
    assert.ok(story.find("web"), "web stays in the state");
    remove("services/cache/compose.yaml");
    const without = await up();
    assert.equal(deploys(without), 0, "nor is their compose file");
    write("services/cache/compose.yaml", files["services/cache/compose.yaml"] ?? "");

    remove("services/web");
    remove("envs/dev/web.yaml");
    const refused = await story.fails("preview");
    assert.match(
      refused.output,
      /has web, which the repository no longer has.*run once without dokploy:only/,
    );
    write("envs/dev/api.yaml", "LOG_LEVEL: info\nAPI_TOKEN: !secret apiToken\n");
    const early = await story.fails("up", "--skip-preview");
    assert.match(early.output, /has web, which the repository no longer has/);
    assert.deepEqual(
      [deploys(early), running("api")["LOG_LEVEL"]],
      [0, "trace"],
      "refused before anything changes",
    );
    write("envs/dev/api.yaml", "LOG_LEVEL: trace\nAPI_TOKEN: !secret apiToken\n");
    await set("dokploy:only", "apy");
    assert.match((await story.fails("preview")).output, /dokploy:only names "apy"/);
    await story.succeeds("config", "rm", "dokploy:only");
    const gone = await up();
    assert.equal(count(gone.calls, "application.delete"), 1);
  });

  it("does not come back to the failed deployment of a service that is not selected", async () => {
    story.emulator.registry.missing.add("acme/web:7");
    const failed = await story.fails("up", "--skip-preview");
    assert.match(failed.output, /web.*updating failed|web.*creating failed/);
    const records = async () => (await story.application(story.resource("web").id)).deployments.length;
    assert.equal(await records(), 1);
    await set("dokploy:only", "api");
    await up();
    assert.equal(await records(), 1);

    await story.succeeds("config", "rm", "dokploy:only");
    story.emulator.registry.missing.clear();
    const all = await up();
    assert.equal(count(all.calls, "application.deploy"), 1);
    assert.equal(running("web")["COLOUR"], "blue");
  });

  it("reports files without a service, services without variables, and all mistakes at once", async () => {
    write("envs/dev/wbe.yaml", "A: 1\n");
    remove("envs/dev/web.yaml");
    const odd = await story.succeeds("preview");
    assert.match(odd.output, /envs\/dev\/wbe\.yaml belongs to no service.*api, cache, web/);
    assert.match(odd.output, /service web has no variables in stage dev.*envs\/dev\/web\.yaml/);

    write(
      "services/api/dokploy-app.yaml",
      "kind: application\nimage: acme/api:1\nreplica: 2\ndependsOn: [db]\n",
    );
    write(
      "services/web/dokploy-app.yaml",
      "kind: application\nimage: acme/web:1\nbuildSecrets: { X: !secret nope }\n",
    );
    write("envs/dev/web.yaml", "A: [1]\n");
    write("envs/dev/shared.yaml", "B: [1]\n");
    remove("services/cache/compose.yaml");
    const bad = await story.fails("preview");
    for (const place of [
      "envs/dev/web.yaml:1:4: A",
      "envs/dev/shared.yaml:1:4: B",
      "services/cache/dokploy-app.yaml: is",
    ]) {
      assert.ok(bad.output.includes(place), `${place}\n${bad.output}`);
    }
    assert.match(
      bad.output,
      /services\/api\/dokploy-app\.yaml:3:1: replica: is not an input of an application/,
    );
    assert.match(
      bad.output,
      /services\/web\/dokploy-app\.yaml:3:\d+: .*no secret shop:nope.*pulumi config set --secret shop:nope/,
    );
    assert.doesNotMatch(bad.output, /^\s+at /m);
    assert.deepEqual(bad.calls, []);

    write("services/api/dokploy-app.yaml", "kind: application\nimage: acme/api:1\ndependsOn: [web]\n");
    write("services/web/dokploy-app.yaml", "kind: application\nimage: acme/web:1\ndependsOn: [api]\n");
    for (const name of ["envs/dev/web.yaml", "envs/dev/shared.yaml"]) write(name, "REGION: 1\n");
    write("services/cache/compose.yaml", "services:\n  cache:\n    image: redis:7\n");
    assert.match((await story.fails("preview")).output, /dependsOn forms a circle: api -> web -> api/);
  });

  it("asks for a tag if a new service needs one", async () => {
    await story.succeeds("config", "rm", "dokploy:imageTag");
    const cache = await story.fails("preview");
    assert.match(cache.output, /env\.IMAGE_TAG: has no value: set dokploy:imageTag/);
    await set("dokploy:imageTags.cache", "1");
    const api = await story.fails("preview");
    assert.match(api.output, /source\.image: contains \$\{IMAGE_TAG\}.*DOKPLOY_IMAGE_TAG/);
  });

  it("does not ignore a tag that has no effect", async () => {
    await set("dokploy:imageTags.web", "2");
    const named = await story.fails("preview");
    assert.match(named.output, /dokploy:imageTags\.web gives a tag, and neither an image nor a compose file/);
    await story.succeeds("config", "rm", "--path", "dokploy:imageTags.web");
    await set("dokploy:only", "web");
    story.workspace.env["DOKPLOY_IMAGE_TAG"] = "abc";
    const run = await story.succeeds("preview");
    assert.match(run.output, /DOKPLOY_IMAGE_TAG has no effect on the services of this run: .* of web/);
    await set("dokploy:only", "api web");
    assert.doesNotMatch((await story.succeeds("preview")).output, /is for none/);
  });

  it("leaves variables without a file alone, rather than replace them by the tag", async () => {
    await up();
    remove("envs/dev/cache.yaml");
    const run = await story.fails("preview");
    assert.match(
      run.output,
      /compose file of cache reads the tag.*no variables in stage dev: create envs\/dev\/cache/,
    );
    assert.deepEqual(run.calls, []);
  });

  it("knows the address of a service, even if the run leaves it alone", async () => {
    story.program('exports.host = new dokploy.DeploymentRepository("shop").appName("api");');
    const host = async () => (await story.succeeds("stack", "output", "host")).stdout.trim();
    await set("dokploy:only", "web");
    await up();
    await story.succeeds("config", "rm", "dokploy:only");
    await up();
    const first = await host();
    assert.equal(first, story.resource("api").outputs["appName"]);
    await set("dokploy:only", "web");
    await up();
    assert.equal(await host(), first);
    story.program('new dokploy.DeploymentRepository("shop").appName("apy");');
    assert.match((await story.fails("preview")).output, /no service "apy"; it has api, cache, web/);
  });

  it("recognises variables of its environment that somebody set by hand, once it exists", async () => {
    remove("envs/dev/shared.yaml");
    const early = await story.fails("preview");
    assert.match(early.output, /envs\/dev\/shared\.yaml does not set REGION/);
    write("envs/base/api.yaml", "LOG_LEVEL: info\n");
    await up();
    const { environmentId } = await story.application(story.resource("api").id);
    await story.byHand("environment.update", { environmentId, env: "REGION=eu" });
    write("envs/base/api.yaml", "REGION: !ref environment.REGION\n");
    await up();
    assert.equal(running("api")["REGION"], "eu");
    write("envs/base/api.yaml", "REGION: !ref environment.ZONE\n");
    assert.match((await story.fails("preview")).output, /ZONE.*does not find in the environment/);
  });

  it("may be one of several in a program, as long as their services have different names", async () => {
    write("more/services/jobs/dokploy-app.yaml", "kind: application\nimage: acme/jobs:1\n");
    write("more/envs/dev/jobs.yaml", "WHERE: !ref environment.REGION\n");
    write("more/envs/dev/shared.yaml", "REGION: us\n");
    story.program(`${program} new dokploy.DeploymentRepository("more", { directory: "more" });`);
    await up();
    assert.deepEqual([running("api")["REGION"], running("jobs")["WHERE"]], ["eu", "us"]);
    write("more/services/api/dokploy-app.yaml", "kind: application\nimage: acme/api:1\n");
    assert.match(
      (await story.fails("preview")).output,
      /Two repositories of this program have the service api/,
    );
  });

  it("creates databases and parts of services, and passes the address of a database to its users", async () => {
    write(
      "services/orders/dokploy-app.yaml",
      "kind: postgres\ndatabase: shop\nuser: shop\nimage: postgres:18\n",
    );
    write(
      "services/api/dokploy-app.yaml",
      "kind: application\nimage: acme/api:7\ndatabaseUrls: { DATABASE_URL: orders }\n" +
        "domains: [{ host: shop.example.com, port: 3000 }]\nports: [{ publishedPort: 2525, targetPort: 25 }]\n",
    );
    const first = await up();
    assert.doesNotMatch(first.output, /warning/);
    const address = () => running("api")["DATABASE_URL"] ?? "";
    assert.match(address(), /^postgresql:\/\/shop:\w+@[\w-]+:5432\/shop$/);
    const { domains, ports } = (await story.application(story.resource("api").id)) as Record<
      string,
      unknown[]
    >;
    assert.deepEqual([domains?.length, ports?.length], [1, 1]);
    const [, password = "?"] = /shop:(\w+)@/.exec(address()) ?? [];
    assert.ok(!(first.output + story.workspace.stateText()).includes(password), "it is a secret");
    assert.deepEqual((await story.succeeds("preview", "--expect-no-changes")).calls, []);

    // A run that leaves the database alone knows its address all the same.
    await set("dokploy:only", "api");
    write("envs/dev/api.yaml", "LOG_LEVEL: warn\nAPI_TOKEN: !secret apiToken\n");
    const before = address();
    assert.equal(deploys(await up()), 1);
    assert.deepEqual([address(), running("api")["LOG_LEVEL"]], [before, "warn"]);
    await story.succeeds("config", "rm", "dokploy:only");

    write(
      "services/api/dokploy-app.yaml",
      "kind: application\nimage: acme/api:7\ndatabaseUrls: { URL: cache }\n",
    );
    const { output } = await story.fails("preview");
    assert.match(output, /dokploy-app\.yaml:3:\d+: databaseUrls\.URL: cache is not a database/);
    remove("services/orders");
    write("services/api/dokploy-app.yaml", "kind: application\nimage: acme/api:7\n");
    assert.match((await up()).output, /Postgres "orders" .* is deleted, and Dokploy keeps its data/);
  });

  it("names the backup whose destination does not exist", async () => {
    story.program(
      `new dokploy.DeploymentRepository("shop", { destinations: { main: "Hd8yJ0ZcDnc2ZTWqvNvJ4" } });`,
    );
    write(
      "services/orders/dokploy-app.yaml",
      "kind: postgres\ndatabase: shop\nuser: shop\nimage: postgres:18\n" +
        "backups: [{ destination: nowhere, schedule: '@daily', prefix: nightly }]\n",
    );
    const { output } = await story.fails("preview");
    assert.match(
      output,
      /orders\/nightly: destination "nowhere" of its dokploy-app\.yaml: getDestination: .* The program gives the repository "main"\./,
    );
    remove("services/orders");
  });

  it("saves the backups and schedules that its services list, with destinations by name", async () => {
    const there = { bucket: "acme", region: "", endpoint: "", provider: null };
    await story.byHand("destination.create", {
      name: "offsite",
      accessKey: "a",
      secretAccessKey: "b",
      ...there,
    });
    story.program(`
      const bucket = new dokploy.Destination("bucket", {
        name: "main", bucket: "acme-main", accessKey: "a", secretAccessKey: pulumi.secret("canary-key"),
      });
      new dokploy.DeploymentRepository("shop", { destinations: { main: bucket.id } });
    `);
    const orders = (keep: number) =>
      [
        "kind: postgres\ndatabase: shop\nuser: shop\nimage: postgres:18",
        "mounts: [{ type: volume, volumeName: archive, mountPath: /archive }]",
        "backups:",
        `  - { destination: main, schedule: 0 3 * * *, keepLatestCount: ${keep} }`,
        "  - { destination: offsite, schedule: '@weekly', prefix: weekly }",
        "volumeBackups: [{ name: data, destination: main, cronExpression: '@monthly' }]\n",
      ].join("\n");
    write("services/orders/dokploy-app.yaml", orders(14));
    write(
      "services/api/dokploy-app.yaml",
      "kind: application\nimage: acme/api:7\n" +
        "mounts: [{ type: volume, volumeName: uploads, mountPath: /uploads }]\n" +
        "volumeBackups: [{ name: uploads, volumeName: uploads, destination: main, cronExpression: '@daily' }]\n" +
        "schedules: [{ name: clean, cronExpression: '@hourly', command: /clean }]\n",
    );
    const first = await up();
    assert.doesNotMatch(first.output + story.workspace.stateText(), /warning|canary/);
    const { id, outputs } = story.resource("orders");
    type Rows = Readonly<Record<string, unknown>>[];
    const database = () => story.byHand<{ backups: Rows; mounts: Rows }>("postgres.one", { postgresId: id });
    const saved = async () =>
      (await database()).backups
        .map((row) => [row["prefix"], row["database"], row["keepLatestCount"]])
        .sort(([one], [other]) => String(one).localeCompare(String(other)));
    assert.deepEqual(await saved(), [
      ["/", "shop", 14],
      ["weekly", "shop", null],
    ]);
    assert.ok((await database()).mounts.some((row) => row["mountPath"] === "/archive"));
    const volumes = await story.byHand<Rows>("volumeBackups.list", { id, volumeBackupType: "postgres" });
    assert.deepEqual(
      volumes.map((row) => row["volumeName"]),
      [`${outputs["appName"]}-data`],
    );
    const { id: applicationId } = story.resource("api");
    const schedules = { id: applicationId, scheduleType: "application" };
    assert.equal((await story.byHand<Rows>("schedule.list", schedules)).length, 1);
    // A destination that the program does not make is looked up by its name.
    const again = await story.succeeds("preview", "--expect-no-changes");
    assert.deepEqual(again.calls, ["destination.all"]);

    write("services/orders/dokploy-app.yaml", orders(30).replace(/.*weekly.*\n/, ""));
    await set("dokploy:only", "api");
    assert.deepEqual(deploys(await up()), 0);
    assert.equal((await saved()).length, 2, "those of a service that is not selected stay as they are");
    await story.succeeds("config", "rm", "dokploy:only");
    await up();
    assert.deepEqual(await saved(), [["/", "shop", 30]]);

    write("services/orders/dokploy-app.yaml", orders(30).replace("destination: main, cron", "cron"));
    const { output } = await story.fails("preview");
    assert.match(output, /dokploy-app\.yaml:9:\d+: volumeBackups\[0\]: needs either destination/);
    write("services/orders/dokploy-app.yaml", orders(30));
    await up();
    await story.succeeds("destroy", "--skip-preview");
    const { destination, ...left } = story.emulator.instance.counts();
    assert.deepEqual([destination, left], [1, {}], "but for the one that the program does not make");
  });
});
