// node scripts/demo.cjs: the life of a small deployment repository, with the real Pulumi CLI and an emulated Dokploy.
// Works on a copy of examples/deployment-repository and leaves nothing behind. Exits with 1 when a step does not go as
// the story tells.
const fs = require("node:fs");
const path = require("node:path");
const { readable } = require("./demo/cli-output.cjs");
const { createNarrator } = require("./demo/narrator.cjs");
const { openStage } = require("./demo/stage.cjs");

const color = process.stdout.isTTY === true && process.env.NO_COLOR === undefined;

/** A step that went otherwise than the story tells. */
class DemoError extends Error {}

async function main() {
  const started = Date.now();
  const stage = await openStage("deployment-repository", { color });
  try {
    await tell(stage);
  } finally {
    await stage.close();
  }
  console.log(`\nThat took ${Math.round((Date.now() - started) / 1000)} s. Nothing is left behind.`);
}

async function tell(stage) {
  const { dokploy } = stage;
  const narrator = createNarrator({ color });

  /** Runs a command as a person would type it and shows what it prints. */
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
    if (fails) narrator.say(`(exit code ${code})`);
  }

  function edit(file, removed, added) {
    const full = path.join(stage.project, file);
    const before = fs.readFileSync(full, "utf8");
    for (const line of removed) {
      if (!before.split("\n").includes(line)) throw new DemoError(`${file} has no line "${line}"`);
    }
    const kept = before.split("\n").filter((line) => !removed.includes(line) && line !== "");
    fs.writeFileSync(full, `${[...kept, ...added].join("\n")}\n`);
    narrator.change(file, removed, added);
  }

  narrator.say(`
    Two services on Dokploy, described in a repository: examples/deployment-repository. You see the real Pulumi CLI
    ${stage.pulumiVersion} and an emulated Dokploy that listens at ${dokploy.url}. Of the CLI's output only repetitions
    are left out; its questions ("Do you want to perform this update?") are answered with yes.`);

  narrator.step(
    "A repository with two stages",
    `The api and its cache, once in the stack "test" and once in "prod". The secrets go into the configuration of the
     stack, encrypted, and are committed with the rest.`,
  );
  narrator.output(tree(stage.project));
  await pulumi("pulumi stack init test");
  await pulumi("pulumi stack init prod");
  await pulumi("pulumi config set-all --stack test --secret apiToken=t-1f9c04 --secret cachePassword=t-77ab31");
  await pulumi("pulumi config set-all --stack prod --secret apiToken=p-ac62f8 --secret cachePassword=p-0b54d9");

  narrator.step(
    "The first `pulumi up`",
    `It makes the project and its services in Dokploy, deploys them one after the other, and follows each deployment
     to its end.`,
  );
  await pulumi("pulumi up --stack test --skip-preview");

  narrator.step(
    "A pull request",
    `Somebody changes the variables of the api in test: one value, one new name, one name that is gone. And the api's
     token is rotated.`,
  );
  edit(
    "envs/test/api.yaml",
    ["LOG_LEVEL: info", "LEGACY_CHECKOUT: on"],
    ["LOG_LEVEL: debug", "CHECKOUT_URL: https://checkout.test.example.com"],
  );
  await pulumi("pulumi config set apiToken t-58e2d7 --secret --stack test");
  narrator.say(`
    The plan is what a reviewer reads, in CI as a comment on the pull request. It names each variable, and hides what
    is secret.`);
  await pulumi("pulumi preview --stack test --diff");

  narrator.step(
    "The merge",
    `CI runs the update: it saves the variables, deploys once, and waits for exactly that deployment.`,
  );
  await pulumi("pulumi up --stack test --skip-preview");
  const api = await find(stage, "shop-test", "api");
  const [deployment] = await stage.callDokploy(`deployment.all?applicationId=${api.applicationId}`);
  narrator.say(`
    Dokploy lists the deployment as "${deployment.title}". The container's LOG_LEVEL is now
    "${dokploy.containerEnv(api.applicationId).LOG_LEVEL}".`);
  dokploy.clearCalls();
  await pulumi("pulumi preview --stack test --diff --expect-no-changes");
  narrator.say(`A plan without changes asks Dokploy nothing: it made ${count(dokploy.calls.length, "call")}.`);

  narrator.step(
    "Somebody changes a variable by hand",
    `In Dokploy's web interface LOG_LEVEL becomes "trace" and a variable DEBUG_USER is added. Nobody tells the
     repository. A plan that looks at the server first finds it. The values stay hidden, since nobody
     knows whether what somebody typed is a secret.`,
  );
  await changeByHand(stage, api.applicationId, (env) =>
    `${env.replace(/^LOG_LEVEL=.*$/m, "LOG_LEVEL=trace").trimEnd()}\nDEBUG_USER=alice`);
  await pulumi("pulumi preview --stack test --diff --refresh");
  narrator.say("The repository decides: the update puts it back.");
  await pulumi("pulumi up --stack test --skip-preview --refresh");

  narrator.step(
    "A deployment fails",
    `A typo in the version: this tag does not exist. The update fails, with the reason, the end of the deployment's log,
     and what to do. CI turns red.`,
  );
  dokploy.registry.missing.add("v1.111.0");
  await pulumi("pulumi config set apiVersion v1.111.0 --stack test");
  await pulumi("pulumi up --stack test --skip-preview", { fails: true });
  narrator.say("The container that ran before still runs. The version is put right, and the next update deploys.");
  await pulumi("pulumi config set apiVersion v1.11.0 --stack test");
  await pulumi("pulumi up --stack test --skip-preview");

  narrator.step(
    "Production",
    "The same program with the other stack: variables from envs/prod, two containers of the api, a project of its own.",
  );
  await pulumi("pulumi up --stack prod --skip-preview");

  narrator.step("The end", "Both stages are taken down again: services first, then their projects.");
  await pulumi("pulumi destroy --stack test --skip-preview");
  await pulumi("pulumi destroy --stack prod --skip-preview");
  const left = await stage.callDokploy("project.all");
  if (left.length > 0) throw new DemoError(`Projects are left in Dokploy: ${left.map(({ name }) => name).join(", ")}`);
  narrator.say("Dokploy has no project left, and no container.");
}

async function find(stage, projectName, applicationName) {
  const projects = await stage.callDokploy("project.all");
  const { environments } = projects.find(({ name }) => name === projectName);
  return environments.flatMap(({ applications }) => applications).find(({ name }) => name === applicationName);
}

async function changeByHand(stage, applicationId, change) {
  const row = await stage.callDokploy(`application.one?applicationId=${applicationId}`);
  const { env, buildArgs, buildSecrets, createEnvFile } = row;
  const changed = { applicationId, env: change(env), buildArgs, buildSecrets, createEnvFile };
  await stage.callDokploy("application.saveEnvironment", changed);
}

function tree(folder) {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .filter((file) => !file.startsWith("node_modules") && file !== "package.json")
    .sort()
    .join("\n");
}

function count(number, noun) {
  return `${number === 0 ? "no" : number} ${noun}${number === 1 ? "" : "s"}`;
}

main().catch((error) => {
  console.error(`\n${error instanceof DemoError ? error.message : error.stack}`);
  process.exitCode = 1;
});
