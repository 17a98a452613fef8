import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { deploys, RepositoryStory } from "./repository-story";

describe("databases and backups of a deployment repository", function () {
  this.timeout(240_000);
  const shop = new RepositoryStory();

  it("creates databases and parts of services, and passes the address of a database to its users", async () => {
    shop.write(
      "services/orders/dokploy-app.yaml",
      "kind: postgres\ndatabase: shop\nuser: shop\nimage: postgres:18\n",
    );
    shop.write(
      "services/api/dokploy-app.yaml",
      "kind: application\nimage: acme/api:7\ndatabaseUrls: { DATABASE_URL: orders }\n" +
        "domains: [{ host: shop.example.com, port: 3000 }]\nports: [{ publishedPort: 2525, targetPort: 25 }]\n",
    );
    const first = await shop.up();
    assert.doesNotMatch(first.output, /warning/);
    const address = () => shop.running("api")["DATABASE_URL"] ?? "";
    assert.match(address(), /^postgresql:\/\/shop:\w+@[\w-]+:5432\/shop$/);
    const { domains, ports } = (await shop.story.application(shop.story.resource("api").id)) as Record<
      string,
      unknown[]
    >;
    assert.deepEqual([domains?.length, ports?.length], [1, 1]);
    const [, password = "?"] = /shop:(\w+)@/.exec(address()) ?? [];
    assert.ok(!(first.output + shop.story.workspace.stateText()).includes(password), "it is a secret");
    assert.deepEqual((await shop.story.succeeds("preview", "--expect-no-changes")).calls, []);

    // A run that leaves the database alone knows its address all the same.
    await shop.set("dokploy:only", "api");
    shop.write("envs/dev/api.yaml", "LOG_LEVEL: warn\nAPI_TOKEN: !secret apiToken\n");
    const before = address();
    assert.equal(deploys(await shop.up()), 1);
    assert.deepEqual([address(), shop.running("api")["LOG_LEVEL"]], [before, "warn"]);
    await shop.story.succeeds("config", "rm", "dokploy:only");

    shop.write(
      "services/api/dokploy-app.yaml",
      "kind: application\nimage: acme/api:7\ndatabaseUrls: { URL: cache }\n",
    );
    const { output } = await shop.story.fails("preview");
    assert.match(output, /dokploy-app\.yaml:3:\d+: databaseUrls\.URL: cache is not a database/);
    shop.remove("services/orders");
    shop.write("services/api/dokploy-app.yaml", "kind: application\nimage: acme/api:7\n");
    assert.match((await shop.up()).output, /Postgres "orders" .* is deleted, and Dokploy keeps its data/);
  });

  it("gives services the addresses of others, also of those that a run leaves alone", async () => {
    shop.write(
      "services/orders/dokploy-app.yaml",
      "kind: postgres\ndatabase: shop\nuser: shop\nimage: postgres:18\n",
    );
    const web = (colour: string) =>
      shop.write(
        "envs/dev/web.yaml",
        `API_URL: !ref api:3000/v1\nDATABASE_URL: !ref orders\nCOLOUR: ${colour}\n`,
      );
    web("blue");
    const first = await shop.up();
    assert.doesNotMatch(first.output, /warning/);
    const { API_URL, DATABASE_URL = "" } = shop.running("web");
    assert.equal(API_URL, `http://${shop.story.resource("api").outputs["appName"]}:3000/v1`);
    const [, password = "?"] = /^postgresql:\/\/shop:(\w+)@[\w-]+:5432\/shop$/.exec(DATABASE_URL) ?? [];
    assert.ok(!(first.output + shop.story.workspace.stateText()).includes(password), "it is a secret");
    assert.deepEqual((await shop.story.succeeds("preview", "--expect-no-changes")).calls, []);

    // It stays known while the other service changes, and in a run without the other service.
    shop.write("envs/dev/api.yaml", "LOG_LEVEL: warn\nAPI_TOKEN: !secret apiToken\n");
    assert.equal(deploys(await shop.up()), 1);
    await shop.set("dokploy:only", "web");
    web("green");
    assert.equal(deploys(await shop.up()), 1);
    const now = shop.running("web");
    assert.deepEqual([now["API_URL"], now["DATABASE_URL"], now["COLOUR"]], [API_URL, DATABASE_URL, "green"]);
    await shop.story.succeeds("config", "rm", "dokploy:only");

    shop.write("envs/dev/api.yaml", "WEB: !ref wbe:80\nAPI_TOKEN: !secret apiToken\n");
    const { output } = await shop.story.fails("preview");
    assert.match(output, /envs\/dev\/api\.yaml:1:1: WEB: !ref wbe is no service .*did you mean web\?/);
    shop.write("envs/dev/api.yaml", "API_TOKEN: !secret apiToken\n");
    const { calls } = await shop.story.succeeds("destroy", "--skip-preview");
    const removals = calls.filter((call) => /^(?:application|postgres)\.(?:delete|remove)$/.test(call));
    assert.equal(removals[0], "application.delete", "its user goes first");
    assert.equal(removals.at(-1) === "postgres.remove" || removals[1] === "postgres.remove", true);
  });

  it("names all places of destinations that do not exist", async () => {
    shop.story.program(
      `new dokploy.DeploymentRepository("shop", { destinations: { main: "Hd8yJ0ZcDnc2ZTWqvNvJ4" } });`,
    );
    shop.write(
      "services/orders/dokploy-app.yaml",
      "kind: postgres\ndatabase: shop\nuser: shop\nimage: postgres:18\n" +
        "backups: [{ destination: nowhere, schedule: '@daily', prefix: nightly }]\n" +
        "volumeBackups: [{ name: data, destination: mian, cronExpression: '@daily' }]\n",
    );
    const { output } = await shop.story.fails("preview");
    const [, diagnostics = ""] = output.split("Diagnostics:");
    const nowhere =
      /error: services\/orders\/dokploy-app\.yaml:5:13: backups\[0\]\.destination: the program gives the repository "main"\. getDestination: Dokploy has no destination "nowhere"/g;
    const mistyped =
      /services\/orders\/dokploy-app\.yaml:6:31: volumeBackups\[0\]\.destination: the program gives the repository "main"; did you mean "main"\? getDestination: /g;
    for (const problem of [nowhere, mistyped]) assert.equal(diagnostics.match(problem)?.length, 1, output);
    shop.remove("services/orders");
  });

  it("saves the backups and schedules that its services list, with destinations by name", async () => {
    const there = { bucket: "acme", region: "", endpoint: "", provider: null };
    await shop.story.byHand("destination.create", {
      name: "offsite",
      accessKey: "a",
      secretAccessKey: "b",
      ...there,
    });
    shop.story.program(`
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
    shop.write("services/orders/dokploy-app.yaml", orders(14));
    shop.write(
      "services/api/dokploy-app.yaml",
      "kind: application\nimage: acme/api:7\n" +
        "mounts: [{ type: volume, volumeName: uploads, mountPath: /uploads }]\n" +
        "volumeBackups: [{ name: uploads, volumeName: uploads, destination: main, cronExpression: '@daily' }]\n" +
        "schedules: [{ name: clean, cronExpression: '@hourly', command: /clean }]\n",
    );
    const first = await shop.up();
    assert.doesNotMatch(first.output + shop.story.workspace.stateText(), /warning|canary/);
    const { id, outputs } = shop.story.resource("orders");
    type Rows = Readonly<Record<string, unknown>>[];
    const database = () =>
      shop.story.byHand<{ backups: Rows; mounts: Rows }>("postgres.one", { postgresId: id });
    const saved = async () =>
      (await database()).backups
        .map((row) => [row["prefix"], row["database"], row["keepLatestCount"]])
        .sort(([one], [other]) => String(one).localeCompare(String(other)));
    assert.deepEqual(await saved(), [
      ["/", "shop", 14],
      ["weekly", "shop", null],
    ]);
    assert.ok((await database()).mounts.some((row) => row["mountPath"] === "/archive"));
    const volumes = await shop.story.byHand<Rows>("volumeBackups.list", { id, volumeBackupType: "postgres" });
    assert.deepEqual(
      volumes.map((row) => row["volumeName"]),
      [`${outputs["appName"]}-data`],
    );
    const { id: applicationId } = shop.story.resource("api");
    const schedules = { id: applicationId, scheduleType: "application" };
    assert.equal((await shop.story.byHand<Rows>("schedule.list", schedules)).length, 1);
    // A destination that the program does not make is looked up by its name.
    const again = await shop.story.succeeds("preview", "--expect-no-changes");
    assert.deepEqual(again.calls, ["destination.all"]);

    shop.write("services/orders/dokploy-app.yaml", orders(30).replace(/.*weekly.*\n/, ""));
    await shop.set("dokploy:only", "api");
    assert.deepEqual(deploys(await shop.up()), 0);
    assert.equal((await saved()).length, 2, "those of a service that is not selected stay as they are");
    await shop.story.succeeds("config", "rm", "dokploy:only");
    await shop.up();
    assert.deepEqual(await saved(), [["/", "shop", 30]]);

    shop.write("services/orders/dokploy-app.yaml", orders(30).replace("destination: main, cron", "cron"));
    const { output } = await shop.story.fails("preview");
    assert.match(output, /dokploy-app\.yaml:9:\d+: volumeBackups\[0\]: needs either destination/);
    shop.write("services/orders/dokploy-app.yaml", orders(30));
    await shop.up();
    await keepsWhatIsRenamed();
    await shop.story.succeeds("destroy", "--skip-preview");
    const { destination, ...left } = shop.story.emulator.instance.counts();
    assert.deepEqual([destination, left], [1, {}], "but for the one that the program does not make");

    /** Another folder name for the database and for the application with its tag, variables and generated secret. */
    async function keepsWhatIsRenamed(): Promise<void> {
      shop.write("envs/dev/api.yaml", "KEY: !generate\nAPI_TOKEN: !secret apiToken\n");
      shop.write("envs/dev/web.yaml", "COLOUR: blue\nDATABASE_URL: !ref orders\n");
      await shop.up();
      const facts = async () => {
        const { resources = [] } = shop.story.workspace.state();
        const ids = resources.filter(({ type }) => type.includes("dokploy:")).map((resource) => resource.id);
        return [ids.sort(), shop.running("web"), shop.story.emulator.instance.counts()];
      };
      const before = await facts();
      const { KEY } = shop.running("api");
      const move = (from: string, to: string) =>
        fs.renameSync(path.join(shop.story.workspace.dir, from), path.join(shop.story.workspace.dir, to));
      move("services/orders", "services/sales");
      move("services/api", "services/backend");
      move("envs/dev/api.yaml", "envs/dev/backend.yaml");
      move("envs/base/api.yaml", "envs/base/backend.yaml");
      shop.write("envs/dev/web.yaml", "COLOUR: blue\nDATABASE_URL: !ref sales\n");
      const plan = await shop.story.succeeds("preview");
      assert.match(
        plan.output,
        /warning: api is no longer in the repository, and backend is new: .* write formerNames: \[api\] into its dokploy-app\.yaml/,
      );
      assert.match(
        plan.output,
        /warning: Postgres "sales" is new and starts empty.* write formerNames: \[orders\] into/,
      );
      assert.doesNotMatch(plan.output, /(?:cache|web) is no longer/);
      const add = (service: string, former: string) => {
        const file = `services/${service}/dokploy-app.yaml`;
        const text = fs.readFileSync(path.join(shop.story.workspace.dir, file), "utf8");
        shop.write(file, `${text}formerNames: [${former}]\n`);
      };
      add("sales", "orders");
      add("backend", "api");
      const renamed = await shop.up();
      assert.doesNotMatch(renamed.output, /warning|create|delete|replace/);
      assert.deepEqual(deploys(renamed), 0);
      assert.deepEqual(await facts(), before);
      assert.equal(shop.running("backend")["KEY"], KEY);
      assert.equal((await shop.story.application(shop.story.resource("backend").id)).name, "backend");
      await shop.story.succeeds("preview", "--expect-no-changes");
    }
  });
});
