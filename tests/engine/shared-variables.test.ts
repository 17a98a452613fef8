import * as assert from "node:assert/strict";
import { essential, hasLine, Story } from "./story";

interface Values {
  project?: string;
  environment?: string;
  database?: string;
  options?: string;
}

describe("blocks of a project, an environment and a database", function () {
  this.timeout(120_000);
  let story: Story;
  let projectId: string;
  let environmentId: string;
  let postgresId: string;

  before(async () => {
    story = await Story.begin({ stack: "prod" });
    const made = await story.byHand<{
      project: { projectId: string };
      environment: { environmentId: string };
    }>("project.create", { name: "shop", env: "# by hand\nKEEP=project\n" });
    projectId = made.project.projectId;
    environmentId = made.environment.environmentId;
    await story.byHand("environment.update", { environmentId, env: "KEEP=environment\n" });
    ({ postgresId } = await story.byHand<{ postgresId: string }>("postgres.create", {
      name: "orders",
      environmentId,
      databaseName: "db",
      databaseUser: "u",
      databasePassword: "Passw0rd",
    }));
    await story.byHand("postgres.saveEnvironment", { postgresId, env: "KEEP=database\n" });
    await story.byHand("postgres.deploy", { postgresId });
  });
  after(() => story?.end());

  const program = ({
    project = `REGION: "eu", TOKEN: pulumi.secret("canary-project")`,
    environment = `STAGE: "prod"`,
    database = `TZ: "UTC", WHERE: "\${{project.REGION}}", SECRET: pulumi.secret("canary-database")`,
    options = "",
  }: Values = {}) => `
    const shared = new dokploy.EnvironmentBlock("of-project", {
      target: { projectId: "${projectId}" }, mode: "additive", env: { ${project} }, ${options}
    });
    const stage = new dokploy.EnvironmentBlock("of-environment", {
      target: { environmentId: "${environmentId}" }, mode: "additive", env: { ${environment} },
    });
    new dokploy.EnvironmentBlock("of-database", {
      target: { postgresId: "${postgresId}" }, mode: "additive", env: { ${database} },
    }, { dependsOn: [shared, stage] });
  `;
  const envOf = async (endpoint: string, input: Record<string, string>) =>
    (await story.byHand(endpoint, input))["env"];
  const texts = async () => ({
    project: await envOf("project.one", { projectId }),
    environment: await envOf("environment.one", { environmentId }),
    database: await envOf("postgres.one", { postgresId }),
  });

  it("are created with one save each, and one deployment of the database", async () => {
    story.program(program());
    const plan = await story.succeeds("preview", "--diff");
    assert.ok(hasLine(plan.stdout, "REGION", "eu"));
    assert.doesNotMatch(plan.output, /canary|Passw0rd/);
    const run = await story.succeeds("up", "--skip-preview");
    assert.doesNotMatch(run.output, /canary|Passw0rd/);
    assert.deepEqual(
      essential(run.calls)
        .filter((call) => !/\.one$/.test(call))
        .sort(),
      ["environment.update", "postgres.deploy", "postgres.saveEnvironment", "project.update"],
    );
    assert.deepEqual(await texts(), {
      project: "# by hand\nKEEP=project\nREGION=eu\nTOKEN=canary-project\n",
      environment: "KEEP=environment\nSTAGE=prod\n",
      database: "KEEP=database\nSECRET=canary-database\nTZ=UTC\nWHERE=${{project.REGION}}\n",
    });
    const container = story.emulator.containerEnv(postgresId);
    assert.deepEqual([container?.["WHERE"], container?.["POSTGRES_DB"]], ["eu", "db"]);
    assert.deepEqual(
      ["of-project", "of-environment", "of-database"].map((name) => story.resource(name).id),
      [`project/${projectId}`, `environment/${environmentId}`, `postgres/${postgresId}`],
    );
  });

  it("without changes make no call", async () => {
    story.program(program());
    const { calls } = await story.succeeds("preview", "--expect-no-changes");
    assert.deepEqual(calls, []);
  });

  it("name in a plan each key that changes, and the effect of a shared variable on services that refer to it", async () => {
    const changed = program({
      project: `REGION: "us", TOKEN: pulumi.secret("canary-other")`,
      options: "redeployReferrers: true,",
      environment: `STAGE: "prod", ADDED: "1"`,
    });
    const steps = await story.plan(changed);
    assert.equal(steps["of-project"]?.op, "update");
    assert.deepEqual(
      steps["of-project"]?.changed.filter((path) => path.startsWith("env")),
      ["env.REGION", "env.TOKEN"],
    );
    assert.deepEqual(steps["of-environment"], { op: "update", changed: ["env.ADDED"] });
    assert.equal(steps["of-database"], undefined, "it does not change itself");
    const plan = await story.succeeds("preview");
    assert.match(plan.output, /changes REGION: the services that refer to it are deployed: .*"orders"/);
    assert.doesNotMatch(plan.output, /canary|Passw0rd/);
    await story.succeeds("up", "--skip-preview");
    assert.equal(story.emulator.containerEnv(postgresId)?.["WHERE"], "us");
  });

  it("show changes by hand after a refresh, and undo them", async () => {
    await story.up(program());
    await story.byHand("project.update", {
      projectId,
      env: "KEEP=2\nREGION=canary-by-hand\nTOKEN=canary-project\n",
    });
    await story.byHand("postgres.saveEnvironment", { postgresId, env: "KEEP=database\nTZ=canary-by-hand\n" });
    const refresh = await story.succeeds("refresh", "--yes", "--skip-preview");
    assert.doesNotMatch(refresh.output, /canary/);
    const steps = await story.plan(program());
    assert.deepEqual(steps["of-project"]?.changed, ["env.REGION"]);
    assert.deepEqual(steps["of-database"]?.changed, ["env.SECRET", "env.TZ", "env.WHERE"]);
    await story.succeeds("up", "--skip-preview");
    assert.match(String((await texts()).project), /^KEEP=2\nREGION=eu\nTOKEN=canary-project\n$/);
    assert.equal(story.emulator.containerEnv(postgresId)?.["TZ"], "UTC");
  });

  it("name the variables that are removed when an additive block becomes exclusive", async () => {
    await story.up(program());
    story.program(program().replace('mode: "additive", env: { REGION', 'mode: "exclusive", env: { REGION'));
    const plan = await story.succeeds("preview");
    assert.match(plan.output, /The block adopts variables of the project "shop" \(.*\): removes KEEP\./);
    assert.doesNotMatch(plan.output, /canary/);
    story.program(program());
  });

  it("refuse two owners of one text, without a call", async () => {
    story.program(`
      const shop = new dokploy.Project("shop", { name: "second shop", env: { A: "1" } });
      new dokploy.EnvironmentBlock("twice", { target: { projectId: shop.id }, env: { B: "2" } });
    `);
    const { output, calls } = await story.fails("preview");
    assert.match(output, /EnvironmentBlock "twice" and Project "shop" both own env of the same project/);
    assert.deepEqual(
      calls.filter((call) => /create|update/.test(call)),
      [],
    );
  });

  it("say in a plan when a target does not exist", async () => {
    story.program(`
      new dokploy.EnvironmentBlock("lost", { target: { redisId: "nope00000000000000000" }, env: { A: "1" } });
    `);
    const { output } = await story.fails("preview");
    assert.match(output, /target\.redisId: Dokploy has no Redis database nope00000000000000000/);
  });

  it("leave every key of others on destroy, and deploy nothing", async () => {
    story.program(program());
    const { calls } = await story.succeeds("destroy", "--yes", "--skip-preview");
    assert.equal(calls.includes("postgres.deploy"), false);
    assert.deepEqual(await texts(), {
      project: "KEEP=2\n",
      environment: "KEEP=environment\n",
      database: "KEEP=database\n",
    });
  });
});
