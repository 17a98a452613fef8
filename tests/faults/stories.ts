import { inputNames } from "../../sdk/run/generated/input-names";
import { databaseData } from "../resources/database-data";
import { another, changeByHand, madeFor, modelOf } from "../resources/simple-by-hand";
import { type SimpleData, simpleData } from "../resources/simple-data";
import type { Kind, World } from "./world";

type Inputs = Record<string, unknown>;

/** Ids of what others made by hand before the story begins. */
export interface Ids {
  projectId: string;
  environmentId: string;
  /** Another project, and the environment `production` in it. */
  otherProjectId: string;
  otherEnvironmentId: string;
  /** Services with variables of their own, deployed. */
  applicationId: string;
  otherApplicationId: string;
  /** An application named `busy`, whose builds may be in the way. */
  busyApplicationId: string;
  composeId: string;
  /** A database with variables beside its own, deployed. */
  postgresId: string;
  /** Objects that nobody manages yet, for adoption. */
  legacyProjectId: string;
  legacyEnvironmentId: string;
  /** What the test data of simple objects names. */
  destinationId: string;
  sshKeyId: string;
  /** Tags that no project has. */
  tagId: string;
  otherTagId: string;
}

/** One operation on one resource: what the earlier run of the program made, and what it asks for now. */
export interface Story {
  readonly resource: Kind;
  readonly operation: string;
  /** The program of an earlier run; left out: the resource is new. */
  readonly first?: (ids: Ids) => Inputs;
  /** What somebody changes by hand after that. */
  readonly drift?: (world: World, ids: Ids) => Promise<unknown>;
  /** The program now; left out: the resource was taken out of it. */
  readonly goal?: (ids: Ids) => Inputs;
  /** `pulumi up --refresh` instead of `pulumi up`. */
  readonly refresh?: true;
  /** Inputs that a preview does not know yet, such as the id of what is adopted in the same run. */
  readonly unknown?: readonly string[];
  /** What the run fails with in any case, having changed nothing. */
  readonly refused?: RegExp;
  /** Each run that is refused tries first, and takes back what that needed. */
  readonly triesAgain?: true;
  /**
   * The state has the object under another name as well, which the program has no more. `beside`: the run deletes that
   * resource after its own part. `alone`: the run deletes it and sees nothing else, as with `--target`. `unread`: as
   * `beside`, and the state cannot be read. `renamed`: the state has it under the other name only, and the run goes on
   * after an error.
   */
  readonly duplicate?: "beside" | "alone" | "unread" | "renamed";
  /** Another resource, which the program has all the time and which depends on this one. */
  readonly dependent?: { readonly resource: Kind; readonly inputs: (ids: Ids) => Inputs };
  /** Others that the program has beside it, and that Pulumi works on at the same time. */
  readonly beside?: readonly Beside[];
  /** The handlers are those of the plugin. */
  readonly isPlugin?: true;
}

export interface Beside {
  readonly resource: Kind;
  /** Left out: it is new. */
  readonly first?: (ids: Ids) => Inputs;
  readonly goal: (ids: Ids) => Inputs;
}

/** Every secret of a story begins like this, so that a message that shows one is found. */
export const CANARY = "canary-";

/** Who is a member of the organization, and may do nothing yet. */
const MEMBER = "ana@acme.example";

const secret = (name: string) => `${CANARY}${name}`;
const deploy = { timeoutSeconds: 60 };
/** Refers to a variable that each environment has with a value of its own. */
const region = "${{environment.REGION}}";
const composeFile = "services:\n  web:\n    image: acme/web:1\n    env_file: .env\n";

/** Variables that somebody wrote, with more at the end. */
const byHand = (more: string) => `# by hand\nKEEP=${secret("keep")}\n${more}\n`;

/** What others have on the server. None of it may ever be lost. */
export async function prepare(world: World): Promise<Ids> {
  const project = async (name: string) => {
    const made = await world.byHand<{
      project: { projectId: string };
      environment: { environmentId: string };
    }>("project.create", { name, env: byHand(`NAME=${name}`) });
    return { projectId: made.project.projectId, environmentId: made.environment.environmentId };
  };
  const { projectId, environmentId } = await project("shop");
  const other = await project("other");
  const legacy = await project("legacy");
  await world.byHand("environment.update", { environmentId, env: byHand("REGION=here") });
  await world.byHand("environment.update", {
    environmentId: other.environmentId,
    env: byHand("REGION=there"),
  });
  const { environmentId: legacyEnvironmentId } = await world.byHand<{ environmentId: string }>(
    "environment.create",
    { projectId, name: "legacy" },
  );
  const tagOf = async (name: string) =>
    (await world.byHand<{ tagId: string }>("tag.create", { name, color: null })).tagId;
  const applicationOf = async (name: string) => {
    const { applicationId } = await world.byHand<{ applicationId: string }>("application.create", {
      name,
      environmentId,
      sourceType: "docker",
    });
    await world.byHand("application.update", {
      applicationId,
      dockerImage: "acme/web:1",
      env: byHand(`OLD=${secret("old")}`),
      buildArgs: "ARG=1",
      buildSecrets: "TOKEN=2",
      createEnvFile: false,
    });
    await world.byHand("application.deploy", { applicationId });
    return applicationId;
  };
  const { composeId } = await world.byHand<{ composeId: string }>("compose.create", {
    name: "stack",
    environmentId,
    sourceType: "raw",
    composeType: "docker-compose",
  });
  await world.byHand("compose.update", {
    composeId,
    composeFile,
    env: byHand(`OLD=${secret("old")}`),
  });
  await world.byHand("compose.deploy", { composeId });
  const { postgresId } = await world.byHand<{ postgresId: string }>("postgres.create", {
    name: "data",
    environmentId,
    databaseName: "shop",
    databaseUser: "shop",
    databasePassword: secret("password"),
  });
  await world.byHand("postgres.saveEnvironment", { postgresId, env: byHand(`OLD=${secret("old")}`) });
  await world.byHand("postgres.deploy", { postgresId });
  await world.byHand("user.createUserWithCredentials", {
    email: MEMBER,
    password: secret("login"),
    role: "member",
  });
  const ids = {
    projectId,
    environmentId,
    otherProjectId: other.projectId,
    otherEnvironmentId: other.environmentId,
    applicationId: await applicationOf("web"),
    otherApplicationId: await applicationOf("worker"),
    busyApplicationId: await applicationOf("busy"),
    composeId,
    postgresId,
    legacyProjectId: legacy.projectId,
    legacyEnvironmentId,
    ...(await namedByData(world)),
    tagId: await tagOf("quiet"),
    otherTagId: await tagOf("loud"),
  };
  await world.clock.pass(60_000);
  return ids;
}

/** The objects that the data of others names, one of each kind. */
async function namedByData(world: World): Promise<Pick<Ids, "destinationId" | "sshKeyId">> {
  const made: Readonly<Record<string, string>> = Object.assign(
    {},
    ...Object.values(simpleData).map((data) => data.made ?? {}),
  );
  return (await madeFor(world, { made })) as Pick<Ids, "destinationId" | "sshKeyId">;
}

const project = (more: Inputs = {}) => ({ name: "billing", env: { KEY: secret("one") }, ...more });

const environment = (ids: Ids, more: Inputs = {}) => ({
  projectId: ids.projectId,
  name: "staging",
  env: { KEY: secret("one") },
  ...more,
});

const application = (ids: Ids, more: Inputs = {}) => ({
  environmentId: ids.environmentId,
  name: "api",
  source: { type: "docker", image: "acme/api:1" },
  env: { LEVEL: secret("info") },
  deploy,
  ...more,
});

const compose = (ids: Ids, more: Inputs = {}) => ({
  environmentId: ids.environmentId,
  name: "jobs",
  source: { type: "raw", composeFile },
  env: { LEVEL: secret("info") },
  deploy,
  ...more,
});

function named<T extends { name: string }>(name: string, rows: readonly T[]): T {
  const found = rows.find((row) => row.name === name);
  if (!found) throw new Error(`Nothing is named ${name}.`);
  return found;
}

async function billingByHand(world: World, env: string): Promise<void> {
  const all = await world.byHand<{ name: string; projectId: string }[]>("project.all", {});
  const { projectId } = named("billing", all);
  await world.byHand("project.update", { projectId, env });
}

async function stagingByHand(world: World, { projectId }: Ids, env: string): Promise<void> {
  const { environments } = await world.byHand<{
    environments: { name: string; environmentId: string }[];
  }>("project.one", { projectId });
  const { environmentId } = named("staging", environments);
  await world.byHand("environment.update", { environmentId, env });
}

const projects: Story[] = [
  { resource: "Project", operation: "create", goal: () => project() },
  {
    resource: "Project",
    operation: "update variables",
    first: () => project(),
    goal: () => project({ env: { KEY: secret("two"), NEW: secret("new") } }),
  },
  {
    resource: "Project",
    operation: "update",
    first: () => project({ description: "bills" }),
    goal: () => project({ name: "invoices" }),
  },
  { resource: "Project", operation: "delete", first: () => project() },
  {
    resource: "Project",
    operation: "refresh",
    refresh: true,
    first: () => project(),
    drift: (world) => billingByHand(world, "KEY=by-hand"),
    goal: () => project(),
  },
  { resource: "Project", operation: "create with tags", goal: ({ tagId }) => project({ tagIds: [tagId] }) },
  {
    resource: "Project",
    operation: "update tags",
    first: ({ tagId }) => project({ tagIds: [tagId] }),
    goal: ({ otherTagId }) => project({ tagIds: [otherTagId], description: "bills" }),
  },
  {
    resource: "Project",
    operation: "begin to give variables",
    first: () => project({ env: undefined }),
    drift: (world) => billingByHand(world, "KEY=by-hand\nHAND=by-hand"),
    goal: () => project(),
  },
  {
    resource: "Project",
    operation: "adopt",
    goal: ({ legacyProjectId }) => project({ name: "legacy", import: legacyProjectId }),
  },
  {
    resource: "Project",
    operation: "adopt by the file",
    goal: ({ legacyProjectId }) => project({ name: "legacy", adopts: legacyProjectId }),
  },
];

const environments: Story[] = [
  { resource: "Environment", operation: "create", goal: (ids) => environment(ids) },
  {
    resource: "Environment",
    operation: "update variables",
    first: (ids) => environment(ids),
    goal: (ids) => environment(ids, { env: { KEY: secret("two"), NEW: secret("new") } }),
  },
  {
    resource: "Environment",
    operation: "update",
    first: (ids) => environment(ids, { description: "before production" }),
    goal: (ids) => environment(ids, { name: "testing" }),
  },
  {
    resource: "Environment",
    operation: "replace",
    first: (ids) => environment(ids),
    goal: (ids) => environment(ids, { projectId: ids.otherProjectId }),
  },
  { resource: "Environment", operation: "delete", first: (ids) => environment(ids) },
  {
    resource: "Environment",
    operation: "refresh",
    refresh: true,
    first: (ids) => environment(ids),
    drift: (world, ids) => stagingByHand(world, ids, "KEY=by-hand"),
    goal: (ids) => environment(ids),
  },
  {
    resource: "Environment",
    operation: "begin to give variables",
    first: (ids) => environment(ids, { env: undefined }),
    drift: (world, ids) => stagingByHand(world, ids, "KEY=by-hand\nHAND=by-hand"),
    goal: (ids) => environment(ids),
  },
  {
    resource: "Environment",
    operation: "adopt",
    goal: (ids) => environment(ids, { name: "legacy", import: ids.legacyEnvironmentId }),
  },
];

const applications: Story[] = [
  {
    resource: "Application",
    operation: "create",
    goal: (ids) => application(ids, { buildArgs: { ARG: secret("arg") } }),
  },
  {
    resource: "Application",
    operation: "update variables",
    first: (ids) => application(ids),
    goal: (ids) => application(ids, { env: { NEW: secret("new") } }),
  },
  {
    resource: "Application",
    operation: "update",
    first: (ids) => application(ids, { replicas: 2, description: "answers" }),
    goal: (ids) => application(ids, { source: { type: "docker", image: "acme/api:2" } }),
  },
  {
    resource: "Application",
    operation: "reload",
    first: (ids) => application(ids),
    goal: (ids) =>
      application(ids, { env: { LEVEL: secret("debug") }, deploy: { ...deploy, method: "reload" } }),
  },
  {
    resource: "Application",
    operation: "move",
    first: (ids) => application(ids),
    goal: (ids) =>
      application(ids, {
        environmentId: ids.otherEnvironmentId,
        env: { NEW: secret("new"), REGION: region },
      }),
  },
  {
    resource: "Application",
    operation: "replace",
    first: (ids) => application(ids, { appNamePrefix: "one" }),
    goal: (ids) => application(ids, { appNamePrefix: "two", env: { NEW: secret("new") } }),
  },
  { resource: "Application", operation: "delete", first: (ids) => application(ids) },
  {
    resource: "Application",
    operation: "update (release)",
    first: (ids) => application(ids, { release: "npm run migrate" }),
    goal: (ids) =>
      application(ids, {
        source: { type: "docker", image: "acme/api:2" },
        env: { NEW: secret("new") },
        release: "npm run migrate",
      }),
  },
  {
    resource: "Application",
    operation: "update (failing release)",
    first: (ids) => application(ids, { release: "npm run migrate" }),
    drift: async ({ emulator }) =>
      emulator.setCommand("npm run migrate", { kind: "crash-loop", exitCode: 3, output: secret("new") }),
    goal: (ids) =>
      application(ids, {
        source: { type: "docker", image: "acme/api:2" },
        env: { NEW: secret("new") },
        release: "npm run migrate",
      }),
    refused: /exited with code 3/,
    triesAgain: true,
  },
  {
    resource: "Application",
    operation: "refresh",
    refresh: true,
    first: (ids) => application(ids),
    drift: async (world, { environmentId }) => {
      const { applications } = await world.byHand<{
        applications: { name: string; applicationId: string }[];
      }>("environment.one", { environmentId });
      const { applicationId } = named("api", applications);
      await world.byHand("application.update", { applicationId, env: "LEVEL=by-hand" });
    },
    goal: (ids) => application(ids),
  },
  {
    resource: "Application",
    operation: "adopt",
    goal: (ids) => application(ids, { name: "web", import: ids.applicationId }),
  },
  {
    resource: "Application",
    operation: "adopt by the file",
    goal: (ids) => application(ids, { name: "web", adopts: ids.applicationId }),
  },
];

const composes: Story[] = [
  { resource: "Compose", operation: "create", goal: (ids) => compose(ids) },
  {
    resource: "Compose",
    operation: "update variables",
    first: (ids) => compose(ids),
    goal: (ids) => compose(ids, { env: { NEW: secret("new") } }),
  },
  {
    resource: "Compose",
    operation: "update",
    first: (ids) => compose(ids, { description: "works" }),
    goal: (ids) => compose(ids, { source: { type: "raw", composeFile: `${composeFile}    init: true\n` } }),
  },
  {
    resource: "Compose",
    operation: "move",
    first: (ids) => compose(ids),
    goal: (ids) =>
      compose(ids, { environmentId: ids.otherEnvironmentId, env: { NEW: secret("new"), REGION: region } }),
  },
  {
    resource: "Compose",
    operation: "replace",
    first: (ids) => compose(ids, { appNamePrefix: "one" }),
    goal: (ids) => compose(ids, { appNamePrefix: "two", env: { NEW: secret("new") } }),
  },
  { resource: "Compose", operation: "delete", first: (ids) => compose(ids) },
  {
    resource: "Compose",
    operation: "refresh",
    refresh: true,
    first: (ids) => compose(ids),
    drift: async (world, { environmentId }) => {
      const row = await world.byHand<{ compose: { name: string; composeId: string }[] }>("environment.one", {
        environmentId,
      });
      const { composeId } = named("jobs", row.compose);
      await world.byHand("compose.update", { composeId, env: "LEVEL=by-hand" });
    },
    goal: (ids) => compose(ids),
  },
  {
    resource: "Compose",
    operation: "adopt",
    goal: (ids) => compose(ids, { name: "stack", import: ids.composeId }),
  },
  {
    resource: "Compose",
    operation: "adopt by the file",
    goal: (ids) => compose(ids, { name: "stack", adopts: ids.composeId }),
  },
];

/**
 * Services for the shared variable `KEY`: two that refer to it, and one named `bystander` that does not.
 *
 * @param reference `${{project.KEY}}`
 */
async function addReferrers(world: World, environmentId: string, reference: string): Promise<void> {
  for (const [name, env] of [
    ["api", `KEY=${reference}`],
    ["bystander", "KEY=of its own"],
  ]) {
    const { applicationId } = await world.byHand<{ applicationId: string }>("application.create", {
      name,
      environmentId,
      sourceType: "docker",
    });
    await world.byHand("application.update", { applicationId, dockerImage: "acme/web:1", env });
    await world.byHand("application.deploy", { applicationId });
  }
  const { composeId } = await world.byHand<{ composeId: string }>("compose.create", {
    name: "jobs",
    environmentId,
    sourceType: "raw",
    composeType: "docker-compose",
  });
  await world.byHand("compose.update", { composeId, composeFile, env: `KEY=${reference}` });
  await world.byHand("compose.deploy", { composeId });
  await world.clock.pass(60_000);
}

const redeployReferrers = true;
const ofProject = "${{project.KEY}}";
const ofEnvironment = "${{environment.KEY}}";

/** A shared variable changes, and the services that refer to it are deployed. */
const referrers: Story[] = [
  {
    resource: "Project",
    operation: "update variables, redeploy referrers",
    first: () => project({ redeployReferrers }),
    drift: async (world) => {
      const all = await world.byHand<{ name: string; projectId: string }[]>("project.all", {});
      const { projectId } = named("billing", all);
      const { environments } = await world.byHand<{ environments: { environmentId: string }[] }>(
        "project.one",
        { projectId },
      );
      await addReferrers(world, String(environments[0]?.environmentId), ofProject);
    },
    goal: () => project({ redeployReferrers, env: { KEY: secret("two") } }),
  },
  {
    resource: "Environment",
    operation: "update variables, redeploy referrers",
    first: (ids) => environment(ids, { redeployReferrers }),
    drift: async (world, { projectId }) => {
      const { environments } = await world.byHand<{
        environments: { name: string; environmentId: string }[];
      }>("project.one", { projectId });
      await addReferrers(world, named("staging", environments).environmentId, ofEnvironment);
    },
    goal: (ids) => environment(ids, { redeployReferrers, env: { KEY: secret("two") } }),
  },
  {
    resource: "EnvironmentBlock",
    operation: "update variables, redeploy referrers (additive, project)",
    first: (ids) => sharedBlock(ids, secret("one")),
    drift: (world, ids) => addReferrers(world, ids.otherEnvironmentId, ofProject),
    goal: (ids) => sharedBlock(ids, secret("two")),
  },
  {
    resource: "EnvironmentBlock",
    operation: "update variables, redeploy a service of the program (additive, project)",
    first: (ids) => sharedBlock(ids, secret("one")),
    goal: (ids) => sharedBlock(ids, secret("two")),
    dependent: {
      resource: "Application",
      inputs: (ids) => application(ids, { environmentId: ids.otherEnvironmentId, env: { KEY: ofProject } }),
    },
  },
];

/** One object under two names, as a rename through `import` left it in a state: it stays with the one that the program has. */
const duplicates: Story[] = (["beside", "alone", "unread"] as const).flatMap((duplicate): Story[] => {
  const operation = `delete another resource with the same object, ${duplicate}`;
  const isAlone = duplicate === "alone";
  const of = (
    resource: Kind,
    first: (ids: Ids) => Inputs,
    second: (ids: Ids) => Inputs,
    name = "",
  ): Story => ({
    resource,
    operation: `${operation}${name}`,
    duplicate,
    first,
    goal: isAlone ? first : second,
  });
  const block = (mode: string) => (ids: Ids, value: string) => ({
    target: { applicationId: ids.applicationId },
    mode,
    env: { OLD: secret(value) },
    deploy,
  });
  return [
    of(
      "Project",
      () => project(),
      () => project({ env: { KEY: secret("two") } }),
    ),
    of(
      "Environment",
      (ids) => environment(ids),
      (ids) => environment(ids, { env: { KEY: secret("two") } }),
    ),
    of(
      "Application",
      (ids) => application(ids),
      (ids) => application(ids, { env: { NEW: secret("new") } }),
    ),
    of(
      "Compose",
      (ids) => compose(ids, { deleteVolumes: true }),
      (ids) => compose(ids, { deleteVolumes: true, env: { NEW: secret("new") } }),
    ),
    ...["exclusive", "additive"].map((mode) =>
      of(
        "EnvironmentBlock",
        (ids) => block(mode)(ids, "first"),
        (ids) => block(mode)(ids, "second"),
        ` (${mode}, application)`,
      ),
    ),
  ];
});

/** What would give a resource another object, or an object a second resource. */
const refusals: Story[] = [
  {
    resource: "Application",
    operation: "rename by import",
    duplicate: "renamed",
    first: (ids) => application(ids),
    goal: (ids) => application(ids, { import: "the object" }),
    refused: /aliases: \[\{ name: "old" \}\]/,
  },
  {
    resource: "Application",
    operation: "rename",
    duplicate: "renamed",
    first: (ids) => application(ids),
    goal: (ids) => application(ids),
    refused: /aliases: \[\{ name: "old" \}\]/,
  },
  ...(
    [
      ["Application", application, "otherApplicationId"],
      ["Project", (_, more) => project(more), "otherProjectId"],
      ["Environment", environment, "legacyEnvironmentId"],
      ["Compose", compose, "composeId"],
    ] as [Kind, (ids: Ids, more: Inputs) => Inputs, keyof Ids][]
  ).map(
    ([resource, inputs, other]): Story => ({
      resource,
      operation: "another id to import",
      first: (ids) => inputs(ids, {}),
      goal: (ids) => inputs(ids, { env: { KEY: secret("two") }, import: ids[other] }),
      refused: /the option names another one/,
    }),
  ),
];

/** A service that is adopted together with what it is in, whose ids a preview does not know. */
const adoptions: Story[] = [
  {
    resource: "Application",
    operation: "adopt with its project",
    unknown: ["environmentId"],
    goal: (ids) => application(ids, { name: "web", import: ids.applicationId, replicas: 2 }),
  },
  {
    resource: "Compose",
    operation: "adopt with its project",
    unknown: ["environmentId"],
    goal: (ids) =>
      compose(ids, {
        name: "stack",
        import: ids.composeId,
        source: { type: "raw", composeFile: `${composeFile}    init: true\n` },
      }),
  },
  {
    resource: "Environment",
    operation: "adopt with its project",
    unknown: ["projectId"],
    goal: (ids) => environment(ids, { name: "legacy", import: ids.legacyEnvironmentId, description: "old" }),
  },
];

function sharedBlock({ otherProjectId }: Ids, value: string): Inputs {
  const env = { KEY: value };
  return { target: { projectId: otherProjectId }, mode: "additive", env, redeployReferrers };
}

/** The shared variable `KEY` of the project that `web` and `stack` are in, which refer to it. */
function shopBlock({ projectId }: Ids, value: string): Inputs {
  return { target: { projectId }, mode: "additive", env: { KEY: value }, redeployReferrers };
}

async function referToKey(world: World, { applicationId, composeId }: Ids, more = ""): Promise<void> {
  const env = byHand(`OLD=${secret("old")}\nKEY=${ofProject}${more}`);
  await world.byHand("application.update", { applicationId, env });
  await world.byHand("application.deploy", { applicationId });
  await world.byHand("compose.update", { composeId, env });
  await world.byHand("compose.deploy", { composeId });
  await world.clock.pass(60_000);
}

const ofWeb = ({ applicationId }: Ids, env: Inputs): Inputs => ({
  target: { applicationId },
  mode: "additive",
  env,
  deploy,
});
const ofStack = ({ composeId }: Ids, env: Inputs): Inputs => ({
  target: { composeId },
  mode: "additive",
  env,
  deploy,
});

/** A shared variable and blocks of services that refer to it change in one run. */
const together: Story[] = [
  {
    resource: "EnvironmentBlock",
    operation: "update variables beside new blocks of referrers (additive, project)",
    first: (ids) => shopBlock(ids, secret("one")),
    drift: referToKey,
    goal: (ids) => shopBlock(ids, secret("two")),
    beside: [
      { resource: "EnvironmentBlock", goal: (ids) => ofWeb(ids, { LEVEL: secret("info") }) },
      { resource: "EnvironmentBlock", goal: (ids) => ofStack(ids, { LEVEL: secret("info") }) },
    ],
  },
  {
    resource: "EnvironmentBlock",
    operation: "update variables beside blocks of referrers (additive, project)",
    first: (ids) => shopBlock(ids, secret("one")),
    drift: (world, ids) => referToKey(world, ids, `\nLEVEL=${secret("first")}\nMORE=${secret("first")}`),
    goal: (ids) => shopBlock(ids, secret("two")),
    beside: ["LEVEL", "MORE"].map((name) => ({
      resource: "EnvironmentBlock" as const,
      first: (ids: Ids) => ofWeb(ids, { [name]: secret("first") }),
      goal: (ids: Ids) => ofWeb(ids, { [name]: secret("second") }),
    })),
  },
  {
    resource: "EnvironmentBlock",
    operation: "update variables beside a block that changes nothing (additive, project)",
    first: (ids) => shopBlock(ids, secret("one")),
    drift: referToKey,
    goal: (ids) => shopBlock(ids, secret("two")),
    beside: [{ resource: "EnvironmentBlock", goal: (ids) => ofWeb(ids, { OLD: secret("old") }) }],
  },
];

const targets = {
  application: ({ applicationId }: Ids) => ({ applicationId }),
  compose: ({ composeId }: Ids) => ({ composeId }),
  postgres: ({ postgresId }: Ids) => ({ postgresId }),
  project: ({ projectId }: Ids) => ({ projectId }),
  environment: ({ environmentId }: Ids) => ({ environmentId }),
};

/** Of a database only its status tells; here, nobody looks at its containers either. */
const unproven: Story = {
  resource: "EnvironmentBlock",
  operation: "update variables, not watched (additive, postgres)",
  first: (ids) => unwatched(ids, "first"),
  goal: (ids) => unwatched(ids, "second"),
};

function unwatched({ postgresId }: Ids, value: string): Inputs {
  const env = { OLD: secret(value) };
  return { target: { postgresId }, mode: "additive", env, deploy: { ...deploy, waitFor: "deployed" } };
}

function blocks(kind: keyof typeof targets, mode: "exclusive" | "additive"): Story[] {
  const target = targets[kind];
  const isShared = kind === "project" || kind === "environment";
  const block = (ids: Ids, env: Inputs, more: Inputs = {}) => ({
    target: target(ids),
    mode,
    env,
    ...(isShared ? {} : { deploy }),
    ...more,
  });
  const of = (operation: string) => ({
    resource: "EnvironmentBlock" as const,
    operation: `${operation} (${mode}, ${kind})`,
  });
  const first = (ids: Ids) => block(ids, { OLD: secret("first"), GONE: secret("gone") });
  return [
    { ...of("create"), goal: first },
    {
      ...of("update variables"),
      first,
      goal: (ids) => block(ids, { OLD: secret("second"), NEW: secret("new") }),
    },
    {
      ...of("update"),
      first,
      goal: (ids) => block(ids, { OLD: secret("first"), GONE: secret("gone") }, { mode: swapped[mode] }),
    },
    { ...of("delete"), first },
    {
      ...of("refresh"),
      refresh: true,
      first,
      // A refresh shows variables in the plan, and no comments: those end the run where the whole text is replaced.
      drift: (world, ids) =>
        world.byHand(`${kind}.update`, {
          ...target(ids),
          env: mode === "additive" ? byHand("OLD=by-hand") : "KEEP=by-hand\nOLD=by-hand",
        }),
      goal: first,
    },
    ...(kind === "application"
      ? [
          {
            ...of("replace"),
            first,
            goal: (ids: Ids) =>
              block(ids, { NEW: secret("new") }, { target: { applicationId: ids.otherApplicationId } }),
          },
        ]
      : []),
  ];
}

const swapped = { exclusive: "additive", additive: "exclusive" } as const;

function deployments(service: "application" | "compose"): Story[] {
  const inputs = (ids: Ids, commit: string) => ({
    target: service === "application" ? { applicationId: ids.applicationId } : { composeId: ids.composeId },
    triggers: { commit },
    deploy,
  });
  const of = (operation: string) => ({
    resource: "Deployment" as const,
    operation: `${operation} (${service})`,
  });
  return [
    { ...of("create"), goal: (ids) => inputs(ids, "1") },
    { ...of("update"), first: (ids) => inputs(ids, "1"), goal: (ids) => inputs(ids, "2") },
    { ...of("refresh"), refresh: true, first: (ids) => inputs(ids, "1"), goal: (ids) => inputs(ids, "1") },
  ];
}

/** A database: what must never be lost is the password that opens its data. */
function databases(resource: Kind, own: object): Story[] {
  const router = resource.toLowerCase();
  const inputs = ({ environmentId }: Ids, password: string, more: object = {}): Inputs => ({
    environmentId,
    name: "orders",
    ...own,
    password: secret(password),
    env: { TZ: "UTC" },
    deploy,
    ...more,
  });
  const first = (ids: Ids) => inputs(ids, "first");
  const idOf = async (world: World, { environmentId }: Ids) => {
    const row = await world.byHand<Record<string, Inputs[]>>("environment.one", { environmentId });
    return row[router]?.find(({ name }) => name === "orders")?.[`${router}Id`];
  };
  const everyDay: Story[] = [
    {
      resource,
      operation: "update",
      first,
      goal: (ids) => inputs(ids, "first", { env: { TZ: "CET" }, description: "changed", command: "serve" }),
    },
    { resource, operation: "delete", first },
    {
      resource,
      operation: "move",
      first,
      goal: (ids) => inputs(ids, "first", { environmentId: ids.otherEnvironmentId }),
    },
    {
      resource,
      operation: "refresh",
      refresh: true,
      first,
      drift: async (world, ids) =>
        await world.byHand(`${router}.update`, {
          [`${router}Id`]: await idOf(world, ids),
          description: "by hand",
          command: "by hand",
        }),
      goal: (ids) => inputs(ids, "first", { description: "ours", command: "ours" }),
    },
  ];
  return [
    { resource, operation: "create", goal: first },
    { resource, operation: "change the password", first, goal: (ids) => inputs(ids, "second") },
    // In all else one is as the other.
    ...(resource === "Postgres" ? everyDay : []),
  ];
}

const dynamicStories: readonly Story[] = [
  ...projects,
  ...environments,
  ...applications,
  ...composes,
  ...blocks("application", "exclusive"),
  ...blocks("application", "additive"),
  ...blocks("compose", "exclusive"),
  ...blocks("compose", "additive"),
  ...blocks("postgres", "exclusive"),
  ...blocks("postgres", "additive"),
  unproven,
  ...blocks("project", "exclusive"),
  ...blocks("project", "additive"),
  ...blocks("environment", "exclusive"),
  ...blocks("environment", "additive"),
  ...referrers,
  ...together,
  ...duplicates,
  ...refusals,
  ...adoptions,
  ...deployments("application"),
  ...deployments("compose"),
  ...Object.entries(databaseData).flatMap(([kind, { inputs }]) => databases(kind as Kind, inputs)),
  ...traefikFiles(),
  ...webServerSettings(),
  ...apiKeys(),
  ...generatedSecrets(),
  ...members(),
  ...Object.entries(simpleData).flatMap(([kind, data]) => simpleStories(kind as Kind, data)),
  ...Object.entries(simpleData).flatMap(([kind, data]) => listStories(kind as Kind, data)),
];

function traefikFiles(): Story[] {
  const of = (operation: string) => ({ resource: "TraefikFile" as const, operation });
  const file = (content: string) => () => ({ path: "dynamic/headers.yml", content });
  const [first, goal] = [file(`http: {}\n# ${CANARY}\n`), file(`tcp: {}\n# ${CANARY}\n`)];
  return [
    { ...of("create"), goal: first },
    { ...of("update"), first, goal },
    { ...of("delete"), first },
    {
      ...of("refresh"),
      refresh: true,
      first,
      drift: (world) =>
        world.byHand("settings.updateTraefikFile", {
          path: "/etc/dokploy/traefik/dynamic/headers.yml",
          traefikConfig: "udp: {}\n",
        }),
      goal: first,
    },
  ];
}

function webServerSettings(): Story[] {
  const of = (operation: string) => ({ resource: "WebServerSettings" as const, operation });
  const first = () => ({ host: "dokploy.example.com", serverIp: "203.0.113.7", buildsConcurrency: 2 });
  const goal = () => ({ ...first(), https: true, certificateType: "letsencrypt", buildsConcurrency: 3 });
  return [
    { ...of("create"), goal: first },
    { ...of("update"), first, goal },
    {
      ...of("refresh"),
      refresh: true,
      first,
      drift: (world) => world.byHand("settings.updateBuildsConcurrency", { buildsConcurrency: 7 }),
      goal: first,
    },
  ];
}

function apiKeys(): Story[] {
  const of = (operation: string) => ({ resource: "ApiKey" as const, operation });
  const key = (quarter: string) => () => ({ name: "ci", prefix: "ci_", triggers: { quarter } });
  const [first, goal] = [key("1"), key("2")];
  return [
    { ...of("create"), goal: first },
    { ...of("replace"), first, goal },
    { ...of("delete"), first },
    {
      ...of("refresh"),
      refresh: true,
      first,
      drift: async (world) => {
        const { user } = await world.byHand<{ user: { apiKeys: { id: string; name: string }[] } }>(
          "user.get",
          {},
        );
        await world.byHand("user.deleteApiKey", { apiKeyId: named("ci", user.apiKeys).id });
      },
      goal: first,
    },
  ];
}

function generatedSecrets(): Story[] {
  const of = (operation: string) => ({ resource: "GeneratedSecret" as const, operation });
  const first = ({ applicationId }: Ids) => ({ adopts: `application/${applicationId}/OLD` });
  return [
    { ...of("create"), goal: first },
    { ...of("update"), first, goal: (ids) => ({ ...first(ids), length: 64 }) },
  ];
}

function members(): Story[] {
  const of = (operation: string) => ({ resource: "Member" as const, operation });
  const first = ({ projectId }: Ids) => ({
    email: MEMBER,
    role: "member",
    may: { createServices: true, seeDocker: false },
    sees: { projectIds: [projectId] },
  });
  const goal = ({ otherProjectId }: Ids) => ({
    email: MEMBER,
    role: "admin",
    may: { createServices: true, seeDocker: true },
    sees: { projectIds: [otherProjectId] },
  });
  return [
    { ...of("create"), goal: first },
    { ...of("update"), first, goal },
    { ...of("delete"), first },
    {
      ...of("refresh"),
      refresh: true,
      first,
      drift: async (world) => {
        const all = await world.byHand<{ userId: string; user: { email: string } }[]>("user.all", {});
        const row = all.find(({ user }) => user.email === MEMBER);
        await world.byHand("user.assignPermissions", { ...row, id: row?.userId, canCreateServices: false });
      },
      goal: first,
    },
  ];
}

/** The same as its service lists it: made, changed with a second one beside it, changed by hand, and removed. */
function listStories(kind: Kind, { parent, inputs, changed, byHand }: SimpleData): Story[] {
  const { list, spec, isSeparate } = modelOf(kind);
  if (parent === undefined || isSeparate || spec.all !== undefined || byHand === undefined) return [];
  const service = parent === "application" ? application : compose;
  const of = (operation: string) => ({
    resource: (parent === "application" ? "Application" : "Compose") as Kind,
    operation: `${operation} ${list}`,
  });
  const second = another(modelOf(kind), inputs);
  const listing = (...parts: Inputs[]) => ({
    [list]: Object.fromEntries(parts.map((part) => [spec.label(part), part])),
  });
  return [
    { ...of("create with"), goal: (ids) => service(ids, listing(inputs)) },
    {
      ...of("update"),
      first: (ids) => service(ids, listing(inputs)),
      goal: (ids) => service(ids, listing({ ...inputs, ...changed }, second)),
    },
    {
      ...of("exchange"),
      first: (ids) => service(ids, listing(inputs)),
      goal: (ids) => service(ids, listing(second)),
    },
    { ...of("take out"), first: (ids) => service(ids, listing(inputs, second)), goal: (ids) => service(ids) },
    {
      ...of("refresh"),
      refresh: true,
      first: (ids) => service(ids, listing(inputs)),
      drift: async (world, { environmentId }) => {
        const row = await world.byHand<Record<string, Record<string, unknown>[]>>("environment.one", {
          environmentId,
        });
        const [rows, name] =
          parent === "application" ? [row["applications"], "api"] : [row["compose"], "jobs"];
        const found = named(name, (rows ?? []) as { name: string }[]) as Record<string, unknown>;
        await changeByHand(world, kind, String(found[`${parent}Id`]), byHand);
      },
      goal: (ids) => service(ids, listing(inputs)),
    },
  ];
}

/** A simple object is made, changed, changed by hand and removed. */
function simpleStories(
  kind: Kind,
  { parent, inputs, changed, byHand, made: named = {} }: SimpleData,
): Story[] {
  const of = (operation: string) => ({ resource: kind, operation });
  const made = (ids: Ids) => ({
    ...inputs,
    ...Object.fromEntries(Object.keys(named).map((input) => [input, ids[input as keyof Ids]])),
    ...(parent === undefined
      ? {}
      : { [`${parent}Id`]: ids[`${parent}Id`], ...(appliedOf(kind) ? { deploy } : {}) }),
  });
  return [
    { ...of("create"), goal: made },
    { ...of("update"), first: made, goal: (ids) => ({ ...made(ids), ...changed }) },
    { ...of("delete"), first: made },
    ...(byHand === undefined
      ? []
      : [
          {
            ...of("refresh"),
            refresh: true as const,
            first: made,
            drift: (world: World, ids: Ids) =>
              changeByHand(world, kind, parent && ids[`${parent}Id`], byHand),
            goal: made,
          },
        ]),
  ];
}

function appliedOf(kind: Kind): boolean {
  return (inputNames[kind].optional as readonly string[]).includes("deploy");
}

/** The plugin only passes calls on, so a few kinds stand for all: those whose states differ most. */
const pluginKinds: ReadonlySet<Kind> = new Set(["Project", "Application", "Compose", "Postgres", "Domain"]);

const pluginStories: readonly Story[] = dynamicStories
  .filter(({ resource, operation, beside, duplicate, dependent, refused }) => {
    const isAlone = [beside, duplicate, dependent, refused].every((other) => other === undefined);
    return (
      isAlone &&
      pluginKinds.has(resource) &&
      /^(?:create|update|update variables|delete|refresh)$/.test(operation)
    );
  })
  .map((story): Story => ({ ...story, operation: `${story.operation} (plugin)`, isPlugin: true }));

export const STORIES: readonly Story[] = [...dynamicStories, ...pluginStories];
