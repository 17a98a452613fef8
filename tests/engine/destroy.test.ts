import * as assert from "node:assert/strict";
import { essential, Story } from "./story";

/** An application with blocks of its variables. */
const program = ({ options = "{}", blocks = 2 } = {}) => `
  const api = new dokploy.Application("api", {
    environmentId: new dokploy.Project("shop", { name: "shop" }, { retainOnDelete: true }).defaultEnvironmentId,
    name: "api",
    source: { type: "docker", image: "acme/api:1" },
    deploy: false,
  }, ${options});
  for (const name of ["A", "B"].slice(0, ${blocks}))
    new dokploy.EnvironmentBlock(name, { target: api, mode: "additive", env: { [name]: "1" }, deploy: false });
`;

describe("blocks of variables that are deleted with their application", function () {
  this.timeout(180_000);
  let story: Story;
  beforeEach(async () => {
    story = await Story.begin();
  });
  afterEach(() => story.end());
  const env = async (id: string) => (await story.application(id)).env;

  it("cost no call of their own, and each still removes its variables if it is deleted alone", async () => {
    await story.up(program());
    const { id } = story.resource("api");
    const { calls } = await story.up(program({ blocks: 1 }));
    assert.deepEqual(essential(calls), ["application.one", "application.saveEnvironment"]);
    assert.equal(await env(id), "A=1");
    await story.up(program());
    assert.deepEqual(essential((await story.succeeds("destroy", "--skip-preview")).calls), [
      // A run that was killed may have left a release command.
      "environment.one",
      "application.delete",
    ]);
    assert.equal(story.find("A"), undefined);
  });

  for (const option of ["retainOnDelete", "protect"])
    it(`remove their variables from one that stays by ${option}`, async () => {
      await story.up(program({ options: `{ ${option}: true }` }));
      const { id } = story.resource("api");
      await story.run("destroy", "--skip-preview");
      assert.equal(await env(id), "");
      assert.equal(story.find("A"), undefined);
    });
});

describe("a project with everything attached to it", function () {
  this.timeout(180_000);
  const program = `
    const key = new dokploy.SshKey("key", { name: "key" });
    const registry = new dokploy.Registry("registry", {
      name: "registry", url: "registry.example.com", username: "u", password: pulumi.secret("p"),
    });
    const network = new dokploy.Network("network", { name: "inner" });
    const bucket = new dokploy.Destination("bucket", {
      name: "bucket", bucket: "acme-backups", accessKey: "a", secretAccessKey: pulumi.secret("b"),
    });
    const { defaultEnvironmentId: environmentId } = new dokploy.Project("project", { name: "shop" });
    const db = new dokploy.Postgres("db", {
      environmentId, name: "db", database: "shop", user: "shop", image: "postgres:18", networkIds: [network.id],
    });
    const api = new dokploy.Application("api", {
      environmentId, name: "api", networkIds: [network.id], registryId: registry.id,
      source: { type: "git", url: "git@git.example.com:acme/api.git", branch: "main", sshKeyId: key.id },
      ports: [{ publishedPort: 80, targetPort: 80 }],
    });
    new dokploy.Domain("domain", { applicationId: api.id, host: "shop.example.com" });
    new dokploy.Mount("mount", { postgresId: db.id, type: "volume", volumeName: "archive", mountPath: "/archive" });
    new dokploy.Backup("backup", {
      postgresId: db.id, database: "shop", schedule: "@daily", destinationId: bucket.id,
    });
    new dokploy.VolumeBackup("volume", {
      postgresId: db.id, name: "archive", volumeName: "archive", cronExpression: "@daily", destinationId: bucket.id,
    });
    new dokploy.Schedule("schedule", {
      applicationId: api.id, name: "clean", cronExpression: "@hourly", command: "clean",
    });
  `;
  let story: Story;
  beforeEach(async () => {
    story = await Story.begin();
    await story.up(program);
  });
  afterEach(() => story.end());

  const destroy = (...args: string[]) => ["destroy", "--skip-preview", ...args];
  const idOf = (name: string) => story.resource(name).id;
  const left = () => story.emulator.instance.counts();

  it("is deleted in one run, with objects that people attached to its services, except for a service of theirs", async () => {
    const owner = { applicationId: idOf("api") };
    await story.byHand("port.create", { ...owner, publishedPort: 81, targetPort: 81, protocol: "tcp" });
    await story.byHand("domain.create", { ...owner, host: "other.example.com" });
    await story.byHand("backup.create", {
      postgresId: idOf("db"),
      databaseType: "postgres",
      destinationId: idOf("bucket"),
      schedule: "@weekly",
      prefix: "by-hand",
      database: "shop",
      enabled: true,
    });
    const { defaultEnvironmentId: environmentId } = story.resource("project").outputs;
    const { composeId } = await story.byHand<{ composeId: string }>("compose.create", {
      name: "by hand",
      environmentId,
    });
    const { output } = await story.fails(...destroy("--continue-on-error"));
    assert.match(output, /project "shop" .* is not deleted, since it still contains services: .*by hand/);
    assert.doesNotMatch(output, /\n\s+at (?:\S+ \()?\S+\.(?:js|ts):\d+/, "no stack trace");
    assert.equal((await story.byHand<{ name: string }>("compose.one", { composeId })).name, "by hand");
    assert.deepEqual(left(), { project: 1, environment: 1, compose: 1 });
    await story.byHand("compose.delete", { composeId, deleteVolumes: false });
    await story.succeeds(...destroy());
    assert.deepEqual(left(), {});
  });

  it("is deleted with its dependents, and leaves the other resources, of which none that others use can be deleted", async () => {
    const { urn } = story.resource("project");
    // Pulumi itself asks for what depends on it.
    assert.match((await story.fails(...destroy("--target", urn))).output, /--target-dependents/);
    await story.succeeds(...destroy("--target", urn, "--target-dependents"));
    assert.deepEqual(left(), { sshKey: 1, registry: 1, network: 1, destination: 1 });

    const applicationId = await story.existingApplication("foreign", {
      customGitSSHKeyId: idOf("key"),
      registryId: idOf("registry"),
      networkIds: [idOf("network")],
    });
    await story.byHand("volumeBackups.create", {
      applicationId,
      serviceType: "application",
      name: "by hand",
      volumeName: "uploads",
      prefix: "/",
      cronExpression: "@daily",
      destinationId: idOf("bucket"),
    });
    const { output } = await story.fails(...destroy("--continue-on-error"));
    for (const kind of ["SshKey key", "Registry registry", "Network inner", "Destination bucket"])
      assert.match(output, new RegExp(`The ${kind} .* is not deleted, since it is used by .*"foreign"`));
    const { customGitSSHKeyId, registryId, networkIds } = await story.application(applicationId);
    assert.deepEqual(
      [customGitSSHKeyId, registryId, networkIds],
      [idOf("key"), idOf("registry"), [idOf("network")]],
    );
    assert.equal(left()["volumeBackups"], 1);
    await story.byHand("application.delete", { applicationId });
    await story.succeeds(...destroy());
    assert.deepEqual(Object.keys(left()), ["project", "environment"], "those of others");
  });
});
