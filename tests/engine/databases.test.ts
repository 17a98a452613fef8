import * as assert from "node:assert/strict";
import { planOf } from "../../cli/plan/model";
import { readPreview } from "../../cli/plan/preview";
import { render } from "../../cli/plan/render";
import { essential, Story } from "./story";

const changing = (calls: readonly string[]) =>
  essential(calls).filter((call) => !/\.(one|all|list|byProjectId)$/.test(call));

/** Databases of two kinds, and an application that has their addresses. */
const program = ({ description = "orders", password = "canary-first", more = "", api = "" } = {}) => `
  const shop = new dokploy.Project("shop", { name: "shop" });
  const environmentId = shop.defaultEnvironmentId;
  const db = new dokploy.Postgres("db", {
    environmentId, name: "orders", database: "shop", user: "shop", password: "${password}",
    description: "${description}", externalPort: 15432, ${more}
  });
  const cache = new dokploy.Redis("cache", { environmentId, name: "cache", description: "${description}" });
  new dokploy.Application("api", {
    environmentId, name: "api", source: { type: "docker", image: "acme/api:1" },
    env: { DATABASE_URL: db.connectionUrl, OUTSIDE: db.externalUrl, CACHE: cache.connectionUrl, ${api} },
  });
  new dokploy.EnvironmentBlock("more", { target: cache, mode: "additive", env: { TZ: "UTC" } });
`;

describe("databases and the services that use them", function () {
  this.timeout(240_000);
  let story: Story;
  let ids: Record<string, string> = {};
  let yesterday = () => {};
  before(async () => {
    story = await Story.begin();
    yesterday = story.emulator.dump();
  });
  after(() => story?.end());

  it("are created before the services that use them, each with its address", async () => {
    await story.up(program());
    const { resources = [] } = story.workspace.state();
    ids = Object.fromEntries(resources.map(({ urn, id }) => [urn.split("::").at(-1) ?? "", id ?? ""]));
    const {
      DATABASE_URL = "",
      CACHE = "",
      OUTSIDE = "",
    } = story.emulator.containerEnv(ids["api"] ?? "") ?? {};
    assert.match(DATABASE_URL, /^postgresql:\/\/shop:canary-first@[\w-]+:5432\/shop$/);
    assert.match(OUTSIDE, /^postgresql:\/\/shop:canary-first@127\.0\.0\.1:15432\/shop$/);
    const made = story.emulator.databasePasswords(ids["cache"] ?? "")?.user ?? "";
    assert.match(CACHE, new RegExp(`^redis://default:${made}@[\\w-]+:6379$`));
    assert.equal(story.emulator.containerEnv(ids["cache"] ?? "")?.["TZ"], "UTC");
  });

  it("cost nothing if nothing changes, and nothing drifts", async () => {
    assert.deepEqual((await story.succeeds("preview", "--expect-no-changes")).calls, []);
    await story.succeeds("refresh", "--skip-preview", "--expect-no-changes");
  });

  it("keep their passwords out of the state and the output", async () => {
    const made = story.emulator.databasePasswords(ids["cache"] ?? "")?.user ?? "";
    const { stdout } = await story.succeeds("stack", "export");
    const { output } = await story.succeeds("preview", "--diff");
    for (const text of [stdout, output]) {
      assert.ok(made.length > 20 && !text.includes(made));
      assert.doesNotMatch(text, /canary/);
    }
  });

  it("change in place, and no other service changes", async () => {
    story.program(program({ description: "all orders" }));
    const { stdout } = await story.succeeds("preview", "--json");
    const plan = render(planOf(readPreview(stdout)), { maxLength: 65_000 });
    assert.match(plan, /\*\*2 to update\*\*/);
    assert.doesNotMatch(plan, /`api`/);
    const { calls } = await story.up(program({ description: "all orders" }));
    assert.deepEqual(changing(calls).sort(), ["postgres.update", "redis.update"]);
  });

  it("get another password while they run, and pass it on", async () => {
    const { calls } = await story.up(program({ description: "all orders", password: "canary-second" }));
    assert.deepEqual(changing(calls), [
      "postgres.changePassword",
      "postgres.deploy",
      "application.update",
      "application.deploy",
    ]);
    assert.equal(story.emulator.databasePasswords(ids["db"] ?? "")?.user, "canary-second");
    const { DATABASE_URL = "" } = story.emulator.containerEnv(ids["api"] ?? "") ?? {};
    assert.match(DATABASE_URL, /canary-second/);
  });

  it("are refused at preview if an empty one would take their place", async () => {
    const changed = { description: "all orders", password: "canary-second" };
    story.program(program({ ...changed, more: 'appNamePrefix: "other",' }));
    const { output, calls } = await story.fails("preview");
    assert.match(output, /set allowReplacementOf: "orders"/);
    assert.deepEqual(changing(calls), []);
    assert.doesNotMatch(output, /canary/);
    story.program(program(changed));
  });

  it("are refused at preview if Dokploy's own database is older than the state, and are found again once it is not", async () => {
    const today = story.emulator.dump();
    yesterday();
    const { output, calls } = await story.fails("preview", "--refresh");
    const [, kind, volume] =
      /error: (Postgres "orders"|Redis "cache") .* no longer exists .* still in the volume ([\w-]+-data)\. The update would create an empty/.exec(
        output,
      ) ?? [];
    const name = kind === 'Redis "cache"' ? "cache" : "db";
    assert.equal(volume, `${String(story.resource(name).outputs?.["appName"])}-data`, output);
    assert.deepEqual(
      changing(calls).filter((call) => !/^docker/.test(call)),
      [],
    );
    assert.doesNotMatch(output, /canary/);
    await story.succeeds("refresh", "--skip-preview");
    assert.equal(story.resource("db").outputs?.["isLost"], true);

    today();
    const { output: again } = await story.fails("preview");
    assert.match(again, /Dokploy has it again: run `pulumi refresh`/);
    await story.succeeds("refresh", "--skip-preview");
    await story.succeeds("preview", "--expect-no-changes");
  });

  it("keep their addresses secret even in a run that leaves them out after a failure", async () => {
    const more = { description: "all orders", password: "canary-second", more: 'command: "serve",' };
    story.emulator.setOutcome(ids["db"] ?? "", { status: "error", log: "no" });
    story.program(program(more));
    await story.fails("up", "--skip-preview");
    story.workspace.env["DOKPLOY_ONLY"] = "api";
    await story.workspace.pulumi("up", "--skip-preview");
    delete story.workspace.env["DOKPLOY_ONLY"];
    const { stdout } = await story.succeeds("stack", "export");
    assert.doesNotMatch(stdout, /canary/);
    story.emulator.setOutcome(ids["db"] ?? "", undefined);
    await story.up(program(more));
  });

  it("are deleted with the stack, and their volumes are named", async () => {
    const { output } = await story.succeeds("destroy", "--skip-preview");
    for (const name of ["orders", "cache"])
      assert.match(output, new RegExp(`"${name}" \\(.*the volume [\\w-]+-data stays on the server`));
    assert.doesNotMatch(output, /canary/);
  });
});

describe("a database with a user root", function () {
  this.timeout(240_000);
  let story: Story;
  before(async () => {
    story = await Story.begin();
  });
  after(() => story?.end());

  const mysql = (description: string) => `
    const shop = new dokploy.Project("shop", { name: "shop" });
    const environmentId = shop.defaultEnvironmentId;
    const db = new dokploy.MySql("db", {
      environmentId, name: "orders", database: "shop", user: "shop", description: "${description}",
    });
    new dokploy.Application("admin", {
      environmentId, name: "admin", source: { type: "docker", image: "acme/admin:1" },
      env: { ROOT: db.rootPassword, ROOT_URL: db.rootConnectionUrl, OWN: db.password },
    });
  `;

  it("gives its generated password as a secret, which stays known while the database changes", async () => {
    await story.up(mysql("orders"));
    const { resources = [] } = story.workspace.state();
    const idOf = (name: string) => resources.find(({ urn }) => urn.endsWith(`::${name}`))?.id ?? "";
    const { root = "", user } = story.emulator.databasePasswords(idOf("db")) ?? {};
    const { ROOT, ROOT_URL, OWN } = story.emulator.containerEnv(idOf("admin")) ?? {};
    assert.ok(root.length >= 16);
    assert.deepEqual([ROOT, OWN], [root, user]);
    assert.match(ROOT_URL ?? "", new RegExp(`^mysql://root:${root}@[\\w-]+:3306/shop$`));

    story.program(mysql("all orders"));
    const { output, stdout } = await story.succeeds("preview", "--json");
    const plan = render(planOf(readPreview(stdout)), { maxLength: 65_000 });
    assert.match(plan, /\*\*1 to update\*\*/);
    const { stdout: state } = await story.succeeds("stack", "export");
    for (const text of [output, state]) assert.ok(!text.includes(root) && !text.includes(user ?? "-"));
  });
});
