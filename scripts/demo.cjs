// node scripts/demo.cjs: shows the life of a small deployment repository, with the real Pulumi CLI and an emulated
// Dokploy. Works on a copy of examples/deployment-repository and leaves nothing behind. Exits with 1 when a step
// differs from the text.
const fs = require("node:fs");
const path = require("node:path");
const { readable } = require("./demo/cli-output.cjs");
const { createNarrator } = require("./demo/narrator.cjs");
const { openStage } = require("./demo/stage.cjs");

const color = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;

/** A step that differs from the text of the demo. */
class DemoError extends Error {}

async function main() {
  const started = Date.now();
  const stage = await openStage("deployment-repository", { color });
  try {
    await report(stage);
  } finally {
    await stage.close();
  }
  console.log(`\nThe demo took ${Math.round((Date.now() - started) / 1000)} s. Nothing is left behind.`);
}

async function report(stage) {
  const { dokploy } = stage;
  const narrator = createNarrator({ color });

  /** Runs a command as a person would type it and shows its output. */
  async function pulumi(command, { fails = false } = {}) {
    narrator.command(command);
    const [, ...args] = command.split(" ");
    const { code, output } = await stage.pulumi(args);
    if ((code !== 0) !== fails) {
      const expected = fails ? "it should have failed" : "it should have succeeded";
      throw new DemoError(`${command} ended with exit code ${code}; ${expected}. It printed:\n${output}`);
    }
    const text = readable(output);
    if (text !== "") narrator.output(text);
    narrator.gap();
  }

  function show(file) {
    narrator.command(`cat ${file}`);
    narrator.output(fs.readFileSync(path.join(stage.project, file), "utf8").trim());
    narrator.gap();
  }

  /** Replaces lines of a file, as a pull request would. */
  function edit(file, { removed, added }) {
    const full = path.join(stage.project, file);
    const lines = fs.readFileSync(full, "utf8").trim().split("\n");
    for (const line of removed) expect(lines.includes(line), true, `${file} has the line "${line}"`);
    const kept = lines.filter((line) => !removed.includes(line));
    fs.writeFileSync(full, `${[...kept, ...added].join("\n")}\n`);
    narrator.change(file, removed, added);
    narrator.gap();
  }

  narrator.say(`
    This is the Pulumi CLI ${stage.pulumiVersion}, with a copy of examples/deployment-repository and an emulated
    Dokploy at ${dokploy.url}. Lines that a terminal would overwrite are left out of the CLI's output.`);

  narrator.step(
    "A repository with two stages",
    `A team keeps two services in a repository: an api and its cache, each in "test" and in "prod". The folder
     of a service describes it; its variables are files, one for all stages and one for each. The program is one line.`,
  );
  show("index.ts");
  show("services/api/dokploy-app.yaml");
  show("envs/base/api.yaml");
  show("envs/test/api.yaml");
  narrator.say(`
    Each stage is a stack of Pulumi. Its secrets go into its configuration, encrypted, and are committed with
    the rest.`);
  await pulumi("pulumi stack init test");
  await pulumi("pulumi stack init prod");
  await pulumi(
    "pulumi config set-all --stack test --secret apiToken=t-1f9c04 --secret cachePassword=t-77ab31",
  );
  await pulumi(
    "pulumi config set-all --stack prod --secret apiToken=p-ac62f8 --secret cachePassword=p-0b54d9",
  );
  show("Pulumi.test.yaml");

  narrator.step(
    "The first `pulumi up`",
    `It makes the project and the services in Dokploy, deploys them, and follows both deployments to their end: the cache
     first, since the api depends on it.`,
  );
  await pulumi("pulumi up --stack test --skip-preview");

  narrator.step(
    "A pull request",
    `Somebody changes the variables of the api in test: one gets another value, one is new, one is gone. And the token
     is rotated.`,
  );
  edit("envs/test/api.yaml", {
    removed: ["LOG_LEVEL: info", "LEGACY_CHECKOUT: on"],
    added: ["LOG_LEVEL: debug", "CHECKOUT_URL: https://checkout.test.example.com"],
  });
  await pulumi("pulumi config set apiToken t-58e2d7 --secret --stack test");
  narrator.say(`
    The reviewer reads the plan, which CI puts under the pull request. It names each variable, and hides
    secrets.`);
  await pulumi("pulumi preview --stack test --diff");

  narrator.step(
    "The merge",
    "CI runs the update: it saves the variables, deploys once, and waits for exactly that deployment.",
  );
  await pulumi("pulumi up --stack test --skip-preview");
  const { applicationId } = await find(stage, "shop-test", "api");
  const running = () => dokploy.containerEnv(applicationId) ?? {};
  const [deployment] = await stage.callDokploy(`deployment.all?applicationId=${applicationId}`);
  expect(running().LOG_LEVEL, "debug", "LOG_LEVEL in the api's container");
  narrator.say(`
    In its container the api now has LOG_LEVEL=debug. Dokploy lists the deployment as "${deployment.title}"; by the mark
    at the end, the update distinguished it from other deployments.`);
  dokploy.clearCalls();
  await pulumi("pulumi preview --stack test --diff --expect-no-changes");
  expect(dokploy.calls.length, 0, "calls of a plan without changes");
  narrator.say(`
    There is nothing left to do. To say so, the plan made no call to Dokploy at all.`);

  narrator.step(
    "Somebody changes variables by hand",
    `In Dokploy's web interface LOG_LEVEL becomes "trace", DEBUG_USER is added, and the api is reloaded. A job at night
     finds it. With --refresh the plan looks at Dokploy first: its first part is what it found there, the second what
     the update would do about it. Values from Dokploy stay hidden, since they may be secrets.`,
  );
  await changeByHand(
    stage,
    applicationId,
    (env) => `${env.trimEnd().replace(/^LOG_LEVEL=.*$/m, "LOG_LEVEL=trace")}\nDEBUG_USER=alice`,
  );
  expect(running().LOG_LEVEL, "trace", "LOG_LEVEL in the api's container after the change by hand");
  await pulumi("pulumi preview --stack test --diff --refresh --expect-no-changes", { fails: true });
  narrator.say("The job fails, so that somebody looks. The repository decides: the update puts it back.");
  await pulumi("pulumi up --stack test --skip-preview --refresh");
  expect(running().LOG_LEVEL, "debug", "LOG_LEVEL in the api's container");
  expect(running().DEBUG_USER, undefined, "DEBUG_USER in the api's container");

  narrator.step(
    "A deployment fails",
    `The api should go to version v1.11.0, but somebody mistypes it. The update fails and so does the job in CI, with
     the reason, what to do, and the end of Dokploy's log.`,
  );
  dokploy.registry.missing.add("v1.111.0");
  await pulumi("pulumi config set --path dokploy:imageTags.api v1.111.0 --stack test");
  await pulumi("pulumi up --stack test --skip-preview", { fails: true });
  expect(running().LOG_LEVEL, "debug", "LOG_LEVEL in the container that ran before");
  narrator.say(
    "The old container still runs. With the right version, the next update deploys again and succeeds.",
  );
  await pulumi("pulumi config set --path dokploy:imageTags.api v1.11.0 --stack test");
  await pulumi("pulumi up --stack test --skip-preview");

  narrator.step(
    "Production",
    `This is the same program with the stack "prod": variables from envs/prod, two containers of the api, and a separate
     project. Here an update is over only when the new containers have run for ten seconds; in test,
     dokploy:waitFor says that the deployment is enough.`,
  );
  await pulumi("pulumi up --stack prod --skip-preview");

  narrator.step("Taking it down", "Services first, then the project they were in.");
  await pulumi("pulumi destroy --stack test --skip-preview");
  await pulumi("pulumi destroy --stack prod --skip-preview");
  const projects = await stage.callDokploy("project.all");
  expect(projects.length, 0, "projects left in Dokploy");
  expect(dokploy.containerEnv(applicationId), undefined, "container of the api");
  narrator.say("Left in Dokploy: no project, no service, no container.");
}

/** Checks a statement of the text: a demo whose text differs from its output is worse than none. */
function expect(actual, wanted, what) {
  if (actual !== wanted)
    throw new DemoError(`${what}: ${JSON.stringify(actual)}, expected ${JSON.stringify(wanted)}`);
}

async function find(stage, projectName, applicationName) {
  const projects = await stage.callDokploy("project.all");
  const { environments } = projects.find(({ name }) => name === projectName);
  return environments
    .flatMap(({ applications }) => applications)
    .find(({ name }) => name === applicationName);
}

/** Saves and reloads, as the buttons of Dokploy's web interface do. */
async function changeByHand(stage, applicationId, change) {
  const row = await stage.callDokploy(`application.one?applicationId=${applicationId}`);
  const { env, buildArgs, buildSecrets, createEnvFile, appName } = row;
  const texts = { env: change(env), buildArgs, buildSecrets, createEnvFile };
  await stage.callDokploy("application.saveEnvironment", { applicationId, ...texts });
  await stage.callDokploy("application.reload", { applicationId, appName });
}

main().catch((error) => {
  console.error(`\n${error instanceof DemoError ? error.message : error.stack}`);
  process.exitCode = 1;
});
