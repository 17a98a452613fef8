import * as assert from "node:assert/strict";
import { Story } from "./story";

/** A program with parts of each kind: services, parts of them, objects of the server, and values that the stack made. */
const program = `
  const shop = new dokploy.Project("shop", { name: "shop", env: { REGION: "eu" } });
  const staging = new dokploy.Environment("staging", { projectId: shop.id, name: "staging" });
  const environmentId = shop.defaultEnvironmentId;
  const bucket = new dokploy.Destination("bucket", {
    name: "bucket", provider: "Other", bucket: "acme-backups", region: "eu", endpoint: "https://s3.example.com",
    accessKey: "canary-access", secretAccessKey: pulumi.secret("canary-bucket"),
  });
  const db = new dokploy.Postgres("db", { environmentId, name: "db", database: "shop", user: "shop" });
  new dokploy.Backup("nightly", { postgresId: db.id, destinationId: bucket.id, schedule: "0 3 * * *", database: "shop" });
  const api = new dokploy.Application("api", {
    environmentId, name: "api", source: { type: "docker", image: "acme/api:1" },
    env: { ...dokploy.loadEnv("envs/dev/api.yaml"), DATABASE_URL: db.connectionUrl },
    domains: [{ host: "api.example.com", port: 3000 }],
  });
  new dokploy.Domain("admin", { applicationId: api.id, host: "admin.example.com", port: 3001 });
  const cache = new dokploy.Redis("cache", { environmentId: staging.id, name: "cache" });
  new dokploy.EnvironmentBlock("more", { target: cache, mode: "additive", env: dokploy.loadEnv("envs/dev/more.yaml") });
`;

describe("pulumi-dokploy adopt, after the state was lost", function () {
  this.timeout(300_000);
  let story: Story;
  before(async () => {
    story = await Story.begin();
    story.write("envs/dev/api.yaml", "LOG_LEVEL: debug\nSESSION_KEY: !generate { rotation: 3 }\n");
    story.write("envs/dev/more.yaml", "CACHE_KEY: !generate { rotation: 2 }\n");
    await story.up(program);
  });
  after(() => story?.end());

  const lose = async () => {
    const { resources: _, ...rest } = story.workspace.state();
    story.write("empty.json", JSON.stringify({ version: 3, deployment: { ...rest, resources: [] } }));
    await story.succeeds("stack", "import", "--file", "empty.json");
  };
  const adopt = async (...args: string[]) => {
    const before = story.emulator.calls.length;
    const { code, output } = await story.command(["adopt", "--stage", "dev", ...args]);
    const calls = story.emulator.calls.slice(before);
    const changing = calls.filter(({ method }) => method !== "GET").map(({ endpoint }) => endpoint);
    return { code, output, changing };
  };
  const cells = (output: string, name: string) =>
    output
      .split("\n")
      .find((line) => line.split(/ {2,}/)[1] === name)
      ?.split(/ {2,}/) ?? [];

  it("shows all objects in one table, and changes nothing before somebody agrees", async () => {
    const ids = new Map(
      ["shop", "api", "db", "admin", "nightly", "bucket", "cache"].map((name) => [
        name,
        story.resource(name).id,
      ]),
    );
    await lose();
    const { code, output, changing } = await adopt();
    assert.equal(code, 2, output);
    assert.deepEqual(changing, []);
    for (const [name, id] of ids) assert.equal(cells(output, name)[3], id, output);
    assert.equal(cells(output, "api")[2], "shop / production");
    assert.equal(cells(output, "admin")[2], "shop / production / api");
    assert.equal(cells(output, "cache")[2], "shop / staging");
    assert.match(cells(output, "api").join(" "), /\d{4}-\d\d-\d\d \d\d:\d\d UTC nothing to change$/);
    assert.match(output, /at a terminal, or with --yes/);
  });

  it("adopts all of them by one command, with the secrets that run, and the next plan is empty", async () => {
    const running = story.emulator.containerEnv(rowOf("api").applicationId);
    const { code, output, changing } = await adopt("--yes");
    assert.equal(code, 0, output);
    assert.deepEqual(changing, []);
    assert.match(output, /Adopted\. The next plan is empty\./);
    assert.deepEqual(story.emulator.containerEnv(story.resource("api").id), running);
    await story.succeeds("preview", "--expect-no-changes");
    for (const secret of ["canary", String(running?.["SESSION_KEY"])])
      assert.ok(!(output + story.workspace.stateText()).includes(secret), secret);
  });

  const rowOf = (name: string) => {
    const row = [...story.emulator.instance.tables.application.values()].find((one) => one.name === name);
    assert.ok(row);
    return row;
  };
});
