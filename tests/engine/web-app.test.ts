import * as assert from "node:assert/strict";
import { Story } from "./story";

const program = (rest: string) => `
const shop = new dokploy.Project("shop", { name: "shop" });
const bucket = new dokploy.Destination("backups", {
  name: "backups", provider: "AWS", bucket: "acme", region: "eu-central-1", endpoint: "https://s3.example.com",
  accessKey: "key", secretAccessKey: pulumi.secret("canary-bucket"), testConnection: false,
});
const web = new dokploy.WebApp("shop-web", {
  environmentId: shop.defaultEnvironmentId,
  image: "acme/shop:1.0.0",
  host: "shop.example.com",
  ${rest}
});
exports.url = web.url;
`;
const full = `
  healthPath: "/health",
  release: "npm run migrate",
  env: { LOG_LEVEL: "info" },
  database: { kind: "postgres", image: "postgres:18" },
  mounts: [{ type: "volume", volumeName: "shop-uploads", mountPath: "/app/uploads" }],
  backup: { destinationId: bucket.id },
`;

const remote = `
const shop = new dokploy.Project("shop", { name: "shop" });
class WebApp extends pulumi.ComponentResource {
  constructor(name, args) {
    super("dokploy-native:index:WebApp", name, { url: undefined, ...args }, {}, true);
  }
}
const web = new WebApp("shop-web", {
  environmentId: shop.defaultEnvironmentId,
  image: "acme/shop:1.0.0",
  host: "shop.example.com",
  healthPath: "/health",
  env: { LOG_LEVEL: "info", TOKEN: pulumi.secret("canary-token") },
  database: { kind: "postgres" },
  backup: { destinationId: shop.id },
});
exports.url = web.url;
`;

describe("a web application that the plugin creates", function () {
  this.timeout(120_000);
  let story: Story;
  before(async () => {
    story = await Story.begin({ plugin: false });
  });
  after(() => story?.end());

  it("has the same parts, and shows plain variables and no secret", async () => {
    story.program(remote);
    const { output } = await story.succeeds("preview", "--diff");
    for (const kind of ["Application", "Postgres", "Backup"])
      assert.match(output, new RegExp(`dokploy-native:index:${kind}:`));
    assert.match(output, /LOG_LEVEL\s*: "info"/);
    assert.match(output, /schedule\s*: "0 3 \* \* \*"/);
    assert.match(output, /url\s*: "https:\/\/shop\.example\.com"/);
    assert.doesNotMatch(output, /canary/);
  });
});

describe("a web application in ten lines", function () {
  this.timeout(180_000);
  let story: Story;
  before(async () => {
    story = await Story.begin();
  });
  after(() => story?.end());

  it("is planned as ordinary resources, without a warning", async () => {
    story.program(program(full));
    const { output } = await story.succeeds("preview");
    for (const kind of ["Application", "Postgres", "Backup", "VolumeBackup"])
      assert.ok(output.includes(`${story.typeOf(kind)} `), `${kind} in ${output}`);
    assert.doesNotMatch(output, /warning:/);
  });

  it("is created with the address of its database, the domain and the backups", async () => {
    const { output, calls } = await story.up(program(full));
    assert.match(output, /url\s*: "https:\/\/shop\.example\.com"/);
    assert.doesNotMatch(output, /canary|postgresql:\/\//);
    assert.ok(calls.indexOf("postgres.deploy") < calls.indexOf("application.create"));
    const { resources = [] } = story.workspace.state();
    const application = resources.find(({ type }) => type === story.typeOf("Application"));
    const { inputs } = application as unknown as { inputs: Record<string, unknown> };
    assert.deepEqual(inputs["healthCheck"], { path: "/health", port: 3000 });
    assert.deepEqual(inputs["resources"], { memoryLimit: "512MiB" });
    assert.deepEqual(Object.keys(inputs["env"] as object).sort(), ["DATABASE_URL", "LOG_LEVEL"]);
    assert.deepEqual((inputs["domains"] as Record<string, unknown>)["shop.example.com/"], {
      host: "shop.example.com",
      port: 3000,
      https: true,
      certificateType: "letsencrypt",
    });
  });

  it("costs nothing if nothing changes", async () => {
    const { calls } = await story.succeeds("preview", "--expect-no-changes");
    assert.deepEqual(calls, []);
  });

  it("shows a change of a variable as a plan of the application alone", async () => {
    story.program(program(full.replace('"info"', '"debug"')));
    const { output } = await story.succeeds("preview", "--diff");
    assert.match(output, /LOG_LEVEL\s*: "info" => "debug"/);
    assert.match(output, /~ 1 to update/);
  });

  it("keeps its database from one of another kind, unless the program names it", async () => {
    story.program(program(full.replace("postgres", "mysql").replace("postgres:18", "mysql:8")));
    const { output } = await story.fails("preview");
    assert.match(
      output,
      /this change deletes the Postgres database "shop-web-db" .*, and a new MySQL database takes its place, empty: .* set allowReplacementOf: "shop-web-db"/,
    );
    const agreed = '"mysql", allowReplacementOf: "shop-web-db"';
    story.program(program(full.replace('"postgres"', agreed).replace("postgres:18", "mysql:8")));
    const plan = await story.succeeds("preview");
    assert.match(plan.output, /A new MySQL database takes the place of the Postgres database "shop-web-db"/);
  });

  for (const [mistake, rest, message] of [
    ["no health check", "", /WebApp "shop-web": healthPath is missing/],
    [
      "two health checks",
      'healthPath: "/health", healthCheck: { command: ["true"] },',
      /healthPath and healthCheck exclude each other/,
    ],
    [
      "a variable that its database has",
      'healthPath: "/", env: { DATABASE_URL: "x" }, database: { kind: "mysql" },',
      /env gives DATABASE_URL, which is the address of its database/,
    ],
    [
      "volumes that only the run knows",
      'healthPath: "/", mounts: pulumi.output([]), backup: { destinationId: bucket.id },',
      /mounts and their volumeName must be plain values/,
    ],
  ] as const) {
    it(`refuses ${mistake} in one sentence`, async () => {
      story.program(program(rest));
      const { output } = await story.fails("preview");
      assert.match(output, message);
      assert.doesNotMatch(output, /\bat .*web-app/);
    });
  }
});
