import * as assert from "node:assert/strict";
import { Example } from "./example";
import { Story } from "./story";

const secrets: Readonly<Record<string, string>> = {
  registryPassword: "canary-registry",
  staffPassword: "canary-staff",
  searchKey: "canary-search",
  s3AccessKey: "canary-s3-id",
  s3SecretKey: "canary-s3",
  slackWebhook: "https://hooks.example.com/canary-slack",
};

/** What is changed of each resource of the program, by its kind and name. */
const edits: Readonly<Record<string, readonly (readonly [from: string, to: string])[]>> = {
  "Tag::shop": [["#16a34a", "#dc2626"]],
  "Registry::images": [['username: "deploy"', 'username: "deployer"']],
  "SshKey::deploy": [
    ["{ name: `deploy-${stage}` }", "{ name: `deploy-${stage}`, description: 'of the git host' }"],
  ],
  "Destination::backups": [
    ['region: "eu-central-1"', 'region: "eu-west-1"'],
    ["s3.eu-central-1", "s3.eu-west-1"],
  ],
  "Notification::ops": [["#ops", "#alerts"]],
  "Project::shop": [['REGION: "eu"', 'REGION: "us"']],
  "Postgres::orders": [['image: "postgres:18"', 'image: "postgres:18", description: "All orders"']],
  "MySql::articles": [['memoryLimit: "768MiB"', 'memoryLimit: "1GiB"']],
  "Application::api": [
    ["targetPort: 25", "targetPort: 26"],
    ['mountPath: "/uploads"', 'mountPath: "/files"'],
  ],
  "Application::web": [
    ["permanent: true", "permanent: false"],
    ['currency = "EUR"', 'currency = "USD"'],
  ],
  "Compose::search": [["television", "telly"]],
  "Domain::search": [["port: 7700", "port: 7701"]],
  "Backup::orders": [['schedule: "0 3 * * *"', 'schedule: "0 4 * * *"']],
  "Backup::articles": [['schedule: "15 3 * * *"', 'schedule: "15 4 * * *"']],
  "VolumeBackup::uploads": [['cronExpression: "0 2', 'cronExpression: "0 1']],
  "VolumeBackup::sessions": [["keepLatestCount: 2", "keepLatestCount: 3"]],
  "Backup::dokploy": [["keepLatestCount: 30", "keepLatestCount: 31"]],
  "Schedule::reports": [["/reports --daily", "/reports --weekdays"]],
};

type Row = Readonly<Record<string, unknown>>;

describe("the example of a whole server", function () {
  this.timeout(240_000);
  let story: Story;
  let example: Example;
  before(async () => {
    story = await Story.begin();
    example = new Example(story, "examples/whole-server");
    await pulumi("stack init test");
    const given = Object.entries(secrets).map(([name, value]) => `--secret ${name}=${value}`);
    await pulumi(`config set-all --stack test ${given.join(" ")}`);
    await pulumi("config set --stack test dokploy:waitFor deployed");
  });
  after(() => story?.end());

  const pulumi = (command: string) => example.pulumi(command);
  const list = (endpoint: string, input = {}) => story.byHand<Row[]>(endpoint, input);

  /** The service of a name, as Dokploy shows it, and what its containers have. */
  async function service(kind: "application" | "compose" | "postgres" | "mysql" | "redis", name: string) {
    const [project] = await story.byHand<{ environments: Row[] }[]>("project.all", {});
    const environmentId = project?.environments[0]?.["environmentId"];
    const lists = await story.byHand<Record<string, Row[]>>("environment.one", { environmentId });
    const services = lists[kind === "application" ? "applications" : kind];
    const id = String(services?.find((row) => row["name"] === name)?.[`${kind}Id`]);
    const row = await story.byHand<Row>(`${kind}.one`, { [`${kind}Id`]: id });
    return { id, row, env: story.emulator.containerEnv(id) ?? {} };
  }

  it("creates only the SSH key first, as its README says", async () => {
    const up = await pulumi("up --stack test --skip-preview --target **::deploy");
    assert.match(up, /SshKey deploy created/);
    assert.match(up, /publicKey *: "ssh-ed25519 /);
    assert.deepEqual(await list("project.all"), []);
  });

  it("is deployed in one run, and shows no secret", async () => {
    const up = await pulumi("up --stack test");
    assert.match(up, /\+ 19 created/);
    assert.doesNotMatch(up, /canary|warning/);
    const { env } = await service("application", "api");
    assert.match(env["DATABASE_URL"] ?? "", /^postgresql:\/\/orders:\w+@.*:5432\/orders$/);
    assert.equal(env["REGION"], "eu");
    const web = await service("application", "web");
    assert.match(web.env["DATABASE_URL"] ?? "", /^mysql:\/\/articles:/);
    assert.equal((await service("compose", "search")).env["MEILI_MASTER_KEY"], "canary-search");
    assert.doesNotMatch(story.workspace.stateText(), /canary/);
  });

  it("has nothing left to do, and nothing to correct", async () => {
    const args = ["-C", example.folder, "preview", "--stack", "test", "--expect-no-changes"];
    assert.deepEqual((await story.succeeds(...args)).calls, []);
    await pulumi("refresh --stack test --skip-preview --expect-no-changes");
  });

  it("changes each of its resources in one run, whose plan names them", async () => {
    for (const [from, to] of Object.values(edits).flat()) example.edit("index.ts", from, to);
    example.edit("compose.yaml", "meilisearch:v1.12", "meilisearch:v1.13");
    // A network never changes: another one is made, and the services go over to it before the old one goes.
    example.edit("index.ts", '"inner", { name: `inner', '"inside", { name: `inside');
    const { stdout } = await story.succeeds("-C", example.folder, "preview", "--stack", "test", "--json");
    const { steps } = JSON.parse(stdout) as { steps: { op: string; urn: string }[] };
    const planned = (op: string) =>
      steps.filter((step) => step.op === op).map(({ urn }) => urn.split("dokploy:").at(-1) ?? "");
    const updated = [...Object.keys(edits), "Redis::sessions"];
    assert.deepEqual(planned("update").sort(), updated.sort());
    assert.deepEqual([planned("create"), planned("delete")], [["Network::inside"], ["Network::inner"]]);

    const up = await pulumi("up --stack test --skip-preview");
    assert.match(up, /\+ 1 created\s+~ 19 updated\s+- 1 deleted/);
    assert.doesNotMatch(up, /canary/);
    const api = await service("application", "api");
    const web = await service("application", "web");
    const redis = await service("redis", "sessions");
    const [tag] = await list("tag.all");
    const [registry] = await list("registry.all");
    const [key] = await list("sshKey.all");
    const [destination] = await list("destination.all");
    const [notification] = await list("notification.all");
    const networks = await list("network.all");
    const [schedule] = await list("schedule.list", { id: api.id, scheduleType: "application" });
    const [uploads] = await list("volumeBackups.list", { id: api.id, volumeBackupType: "application" });
    const [volumeBackup] = await list("volumeBackups.list", { id: redis.id, volumeBackupType: "redis" });
    const orders = await service("postgres", "orders");
    const articles = await service("mysql", "articles");
    const search = await service("compose", "search");
    const own = await story.byHand<{ backups: Row[] }>("user.getBackups", {});
    const [networkId] = networks.map((row) => row["networkId"]);
    const first = (row: Row, name: string) => (row[name] as Row[])[0] ?? {};
    assert.deepEqual(
      {
        tag: tag?.["color"],
        registry: registry?.["username"],
        key: key?.["description"],
        region: [destination?.["region"], destination?.["endpoint"]],
        channel: (notification?.["slack"] as Row | undefined)?.["channel"],
        networks: networks.map((row) => row["name"]),
        inNetwork: [api.row["networkIds"], redis.row["networkIds"]],
        variable: api.env["REGION"],
        port: first(api.row, "ports")["targetPort"],
        mounts: [first(api.row, "mounts")["mountPath"], first(web.row, "mounts")["content"]],
        redirect: first(web.row, "redirects")["permanent"],
        orders: [orders.row["description"], first(orders.row, "backups")["schedule"]],
        articles: [articles.row["memoryLimit"], first(articles.row, "backups")["schedule"]],
        search: [String(search.row["composeFile"]).includes("v1.13"), first(search.row, "domains")["port"]],
        synonyms: first(search.row, "mounts")["content"],
        uploads: uploads?.["cronExpression"],
        sessions: volumeBackup?.["keepLatestCount"],
        dokploy: own.backups.map((row) => row["keepLatestCount"]),
        schedule: schedule?.["command"],
      },
      {
        tag: "#dc2626",
        registry: "deployer",
        key: "of the git host",
        region: ["eu-west-1", "https://s3.eu-west-1.amazonaws.com"],
        channel: "#alerts",
        networks: ["inside-test"],
        inNetwork: [[networkId], [networkId]],
        variable: "us",
        port: 26,
        mounts: ["/files", 'currency = "USD"\n'],
        redirect: false,
        orders: ["All orders", "0 4 * * *"],
        articles: [String(2 ** 30), "15 4 * * *"],
        search: [true, 7701],
        synonyms: '{ "tv": ["telly"] }\n',
        uploads: "0 1 * * *",
        sessions: 3,
        dokploy: [31],
        schedule: "/reports --weekdays",
      },
    );
    await pulumi("refresh --stack test --skip-preview --expect-no-changes");
    await pulumi("preview --stack test --expect-no-changes");
  });

  it("refuses an image that cannot read the existing data", async () => {
    example.edit("index.ts", 'image: "postgres:18"', 'image: "postgres:17"');
    const { output } = await story.fails("-C", example.folder, "preview", "--stack", "test");
    assert.match(output, /image: postgres:17 keeps its data in/);
  });

  it("is deleted completely, and names the volumes that stay", async () => {
    const gone = await pulumi("destroy --stack test --skip-preview");
    // Said while it happens, and once more at the end.
    assert.equal(new Set(gone.match(/the volume \S+-data stays/g)).size, 3, gone);
    assert.deepEqual(story.emulator.instance.counts(), {});
  });
});
