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

describe("a shared variable and the services that refer to it, changed in one run", function () {
  this.timeout(240_000);
  let story: Story;

  before(async () => {
    story = await Story.begin({ stack: "prod" });
  });
  after(() => story?.end());

  interface Service {
    name: string;
    image?: string;
    variable?: string;
  }
  const service = ({ name, image = `acme/${name}:1`, variable = "REGION" }: Service) => `
    new dokploy.Application("${name}", {
      environmentId: shop.defaultEnvironmentId, name: "${name}", source: { type: "docker", image: "${image}" },
      env: { WHERE: "\${{project.${variable}}}" },
    });`;
  const program = (env: string, ...services: Service[]) => `
    const shop = new dokploy.Project("shop", { name: "shop", env: { ${env} }, redeployReferrers: true });
    ${services.map(service).join("")}`;
  const where = (name: string) => story.emulator.containerEnv(story.resource(name).id)?.["WHERE"];
  const done = () => story.succeeds("preview", "--expect-no-changes");

  it("may be renamed together with the removal of a service that used it", async () => {
    await story.up(program(`REGION: "eu"`, { name: "api" }, { name: "old" }));
    story.program(program(`ZONE: "us"`, { name: "api", variable: "ZONE" }));
    const plan = await story.succeeds("preview");
    assert.match(
      plan.output,
      /removes REGION, to which the application "api".* unless this run changes the reference/,
    );
    const run = await story.succeeds("up", "--skip-preview");
    assert.equal(where("api"), "us");
    assert.equal(run.calls.filter((call) => call === "application.deploy").length, 1);
    assert.equal(story.find("old"), undefined);
    assert.deepEqual((await done()).calls, []);
  });

  it("that breaks a service fails the run, then warns in each until it is repaired, and does not prevent the repair", async () => {
    await story.up(program(`REGION: "eu"`, { name: "api" }));
    const { id } = story.resource("api");
    story.emulator.setOutcome(id, { status: "error", log: "no space left" });
    story.program(program(`REGION: "asia"`, { name: "api" }));
    const first = await story.fails("up", "--skip-preview");
    assert.match(first.output, /Project "shop" is saved, but 1 of the 1 deployments of services .* failed/);
    const again = await story.succeeds("up", "--skip-preview");
    assert.match(again.output, /warning: Project "shop" is saved, but a service .* still fails/);
    assert.match(
      again.output,
      new RegExp(
        `Project "shop": a failed update has already saved this, .*, so it is applied now: application ${id} is ` +
          "deployed",
      ),
    );

    story.emulator.setOutcome(id, undefined);
    const repaired = program(`REGION: "asia"`, { name: "api", image: "acme/api:2" });
    await story.up(repaired);
    assert.equal(where("api"), "asia");
    await story.up(repaired);
    assert.deepEqual((await done()).calls, []);
  });

  it("that breaks a service outside of the program fails the run, then warns in each until somebody repairs it", async () => {
    const { environment } = await story.byHand<{ environment: { environmentId: string } }>("project.create", {
      name: "by hand",
    });
    const { environmentId } = environment;
    const { applicationId } = await story.byHand<{ applicationId: string }>("application.create", {
      name: "legacy",
      environmentId,
    });
    const docker = { sourceType: "docker", dockerImage: "acme/legacy:1" };
    await story.byHand("application.update", {
      applicationId,
      ...docker,
      env: "WHERE=${{environment.REGION}}",
    });
    await story.byHand("environment.update", { environmentId, env: "REGION=eu" });
    await story.byHand("application.deploy", { applicationId });
    const shared = (region: string, more = "") => `
      new dokploy.EnvironmentBlock("stage", {
        target: { environmentId: "${environmentId}" }, env: { REGION: "${region}" }, redeployReferrers: true,
      });${more}`;
    await story.up(shared("eu"));
    story.emulator.setOutcome(applicationId, { status: "error", log: "no space left" });
    story.program(shared("us"));
    assert.match(
      (await story.fails("up", "--skip-preview")).output,
      /1 of the 1 deployments of services .* failed/,
    );
    for (const again of ["second", "third"]) {
      const run = await story.succeeds("up", "--skip-preview");
      assert.match(run.output, /warning: .*changed variables still fails.*no space left/s, again);
    }
    // A resource that takes it on repairs it in the same run.
    const adopted = `
      new dokploy.EnvironmentBlock("legacy", {
        target: { applicationId: "${applicationId}" }, mode: "additive", env: { FIXED: "1" },
      });`;
    story.emulator.setOutcome(applicationId, undefined);
    await story.up(shared("us", adopted));
    assert.deepEqual(story.emulator.containerEnv(applicationId), { WHERE: "us", FIXED: "1" });
    await story.up(shared("us", adopted));
    assert.deepEqual((await done()).calls, []);
  });
});

describe("a shared variable and the blocks that use it, changed in one run", function () {
  this.timeout(240_000);
  let story: Story;

  before(async () => {
    story = await Story.begin({ stack: "prod" });
  });
  after(() => story?.end());

  const services = ["one", "two", "three"];
  const program = (value: string) => `
    const shop = new dokploy.Project("shop", { name: "shop" });
    new dokploy.EnvironmentBlock("shared", {
      target: { projectId: shop.id }, env: { REGION: "${value}" }, redeployReferrers: true,
    });
    for (const name of ${JSON.stringify(services)}) {
      const { id } = new dokploy.Application(name, {
        environmentId: shop.defaultEnvironmentId, name, source: { type: "docker", image: "acme/web:1" },
      });
      new dokploy.EnvironmentBlock("of-" + name, {
        target: { applicationId: id }, env: { OWN: "${value}", WHERE: "\${{project.REGION}}" },
      });
    }`;

  it("cause at most one deployment of each service for each of the two", async () => {
    await story.up(program("eu"));
    story.program(program("us"));
    const { calls } = await story.succeeds("up", "--skip-preview");
    const deployments = calls.filter((call) => /\.(re)?deploy$/.test(call)).length;
    assert.ok(deployments >= services.length && deployments <= 2 * services.length, `${deployments}`);
    for (const name of services) {
      const env = story.emulator.containerEnv(story.resource(name).id);
      assert.deepEqual(env, { OWN: "us", WHERE: "us" });
    }
  });
});

describe("a block that refers to a shared variable of its program", function () {
  this.timeout(240_000);
  let story: Story;
  const ids: Record<string, string> = {};

  before(async () => {
    story = await Story.begin({ stack: "prod" });
    const { project, environment } = await story.byHand<{
      project: { projectId: string };
      environment: { environmentId: string };
    }>("project.create", { name: "shop" });
    ids["project"] = project.projectId;
    const { environmentId } = environment;
    for (const name of ["by-ref", "by-text"]) {
      const { applicationId } = await story.byHand<{ applicationId: string }>("application.create", {
        name,
        environmentId,
      });
      const docker = { sourceType: "docker", dockerImage: "acme/web:1" };
      await story.byHand("application.update", { applicationId, ...docker });
      await story.byHand("application.deploy", { applicationId });
      ids[name] = applicationId;
    }
  });
  after(() => story?.end());

  /** Ids as text: only the references tell Pulumi what comes first. */
  const program = (region: string) => `
    const shop = new dokploy.Project("shop", { name: "shop", env: { REGION: "${region}" } }, {
      import: "${ids["project"]}",
    });
    const block = (name, applicationId, where) =>
      new dokploy.EnvironmentBlock(name, { target: { applicationId }, env: { OWN: "${region}", WHERE: where } });
    block("by-ref", "${ids["by-ref"]}", shop.ref("REGION"));
    block("by-text", "${ids["by-text"]}", "at \${{project.REGION}}");`;

  it("is planned with its text, before the variable exists", async () => {
    story.program(program("eu"));
    const { stdout } = await story.succeeds("preview", "--diff");
    assert.match(stdout, /WHERE\s*: "\$\{\{project\.REGION\}\}"/);
    assert.match(stdout, /WHERE\s*: "at \$\{\{project\.REGION\}\}"/);
  });

  for (const region of ["eu", "us"]) {
    it(`is saved after the variable, and deployed once, ${region === "eu" ? "when both are new" : "when both change"}`, async () => {
      const { calls } = await story.up(program(region));
      assert.equal(calls.filter((call) => call === "application.deploy").length, 2);
      assert.ok(calls.indexOf("project.update") < calls.indexOf("application.saveEnvironment"), calls.join());
      assert.deepEqual(story.emulator.containerEnv(ids["by-ref"] ?? ""), { OWN: region, WHERE: region });
      assert.deepEqual(story.emulator.containerEnv(ids["by-text"] ?? ""), {
        OWN: region,
        WHERE: `at ${region}`,
      });
      assert.deepEqual((await story.succeeds("preview", "--expect-no-changes")).calls, []);
    });
  }
});
