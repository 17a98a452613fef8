// node scripts/pictures.cjs [folder]: makes the pictures of the README, by default in docs/pictures, from the output
// of the real Pulumi CLI with an emulated Dokploy. Two runs make the same files. Without a folder, it also renews those
// pictures in tests/pictures that no longer show their page; a picture that does stays as it is.
const fs = require("node:fs");
const path = require("node:path");
const { openStage } = require("./demo/stage.cjs");
const { commentPicture } = require("./pictures/comment.cjs");
const { changeRepository, writeRepository } = require("./pictures/repository.cjs");
const { terminalPicture } = require("./pictures/terminal.cjs");
const { run } = require("./run.cjs");

const repository = path.join(__dirname, "..");

/** @param {string} folder where plan-terminal.svg and plan-comment.svg go */
async function makePictures(folder) {
  const { plan, markdown, pulumiVersion } = await planPullRequest();
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(
    path.join(folder, "plan-terminal.svg"),
    terminalPicture({
      command: "pulumi preview --stack test --diff",
      output: plan,
      title:
        "The plan of a change in a terminal: each variable that is added, changed or removed, secrets hidden",
      source: `Printed by Pulumi ${pulumiVersion}.`,
    }),
  );
  fs.writeFileSync(
    path.join(folder, "plan-comment.svg"),
    commentPicture({
      markdown,
      author: "ci",
      title: "This plan as a comment on a pull request, with the changes and the deployments that follow",
      source: "Printed by pulumi-dokploy plan-summary.",
    }),
  );
}

/** Deploys the repository, changes it as the pull request does, and plans that in both forms. */
async function planPullRequest() {
  const stage = await openStage("quickstart", { color: true });
  try {
    const pulumi = async (...args) => {
      const { code, output } = await stage.pulumi(args);
      if (code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with exit code ${code}:\n${output}`);
      return output;
    };
    writeRepository(stage.project);
    await pulumi("stack", "init", "test");
    await pulumi("config", "set", "apiToken", "t-1f9c04", "--secret", "--stack", "test");
    await pulumi("up", "--stack", "test", "--skip-preview");
    changeRepository(stage.project);
    await pulumi("config", "set", "apiToken", "t-58e2d7", "--secret", "--stack", "test");
    await pulumi("config", "set", "apiVersion", "v1.11.0", "--stack", "test");
    const plan = await pulumi("preview", "--stack", "test", "--diff");
    const json = path.join(stage.project, "plan.json");
    fs.writeFileSync(json, await pulumi("preview", "--stack", "test", "--json"));
    const command = path.join(repository, "dist", "cli", "main.js");
    const { code, output } = await run(process.execPath, [command, "plan-summary", json]);
    if (code !== 0) throw new Error(`plan-summary ended with exit code ${code}:\n${output}`);
    /** The emulator has another address each time. */
    const named = (text) => text.replaceAll(stage.dokploy.url, "dokploy.example.com");
    const shown = named(withStableIds(plan)).trimEnd();
    return { plan: shown, markdown: named(output), pulumiVersion: stage.pulumiVersion };
  } finally {
    await stage.close();
  }
}

/** Replaces the random ids of services. */
function withStableIds(plan) {
  const ids = ["k3Vd0qXn8mRtYw2sLbJ5u", "p7HcZf1eGa9oTiNx4KyQv"];
  return plan.replace(/\[id=[\w-]+\]/g, () => `[id=${ids.shift() ?? "…"}]`);
}

/** Takes the pictures of pages that tests compare. */
async function renewPages() {
  const mocha = path.join(repository, "node_modules", "mocha", "bin", "mocha.js");
  const files = ["tests/unit/cli/page/pictures.test.ts", "tests/site/site.test.ts"];
  const env = { ...process.env, RENEW_PICTURES: "1" };
  const { code, output } = await run(process.execPath, [mocha, ...files], { cwd: repository, env });
  console.log(output.trim());
  if (code !== 0) throw new Error("Pictures of pages could not be taken.");
}

async function main([folder]) {
  await makePictures(path.resolve(folder ?? path.join(repository, "docs", "pictures")));
  if (folder === undefined) await renewPages();
}

if (require.main === module) {
  main(process.argv.slice(2)).catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}

module.exports = { makePictures };
