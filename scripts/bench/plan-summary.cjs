// Measures `plan-summary` with a plan that is larger than any real one: 1,500 resources in 33 MB, of all kinds that
// take work. They are long compose files that change in the middle, many variables, blocks that are adopted with a
// message each, and blocks that leave, whose variables move to others.
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { median, round } = require("./statistics.cjs");

const { identityOf } = require("../../dist/provider/pulumi/identity");
const command = path.join(__dirname, "..", "..", "dist", "cli", "main.js");
const limitSeconds = 5;
const roundCount = 3;
const ofEachKind = 375;
const variableCount = 85;

const urn = (kind, name) => `urn:pulumi:prod::shop::pulumi-nodejs:dynamic/dokploy:${kind}::${name}`;

function state(kind, name, id, inputs) {
  return { urn: urn(kind, name), custom: true, id, inputs, outputs: {} };
}

function step(op, kind, name, before, after, paths = []) {
  const id = `id-${name}`;
  return {
    op,
    urn: urn(kind, name),
    ...(before ? { oldState: state(kind, name, id, before) } : {}),
    ...(after ? { newState: state(kind, name, op === "create" ? "" : id, after) } : {}),
    detailedDiff: Object.fromEntries(paths.map((each) => [each, { kind: "update" }])),
  };
}

function variables(count, value) {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`SETTING_NUMBER_${at}`, value(at)]));
}

function composeFile(version) {
  const services = Array.from({ length: 100 }, (_, at) => {
    // Some lines change everywhere, so that the comparison cannot skip its ends.
    const tag = at % 3 === 0 ? version : 1;
    return `  service-${at}:\n    image: registry.example.com/acme/service-${at}:${tag}\n    restart: unless-stopped\n    networks: [default, number-${at}]`;
  });
  return `services:\n${services.join("\n")}\n`;
}

/** @returns the plan in the format of `pulumi preview --json` */
function largePlan() {
  const steps = [];
  const diagnostics = [];
  for (let at = 0; at < ofEachKind; at += 1) {
    const env = (version) => variables(variableCount, (key) => `${version}-${at}-${key}-${"x".repeat(40)}`);
    const application = (version) => ({ name: `app-${at}`, environmentId: "e", env: env(version) });
    const paths = Object.keys(env(1)).map((key) => `env.${key}`);
    steps.push(step("update", "Application", `app-${at}`, application(1), application(2), paths));

    const compose = (version) => ({
      name: `compose-${at}`,
      environmentId: "e",
      source: { type: "raw", composeFile: composeFile(version) },
    });
    const changed = ["source.composeFile"];
    steps.push(step("update", "Compose", `compose-${at}`, compose(1), compose(2), changed));

    const target = { applicationId: `taken-${at}` };
    const taken = {
      target,
      mode: "additive",
      env: variables(variableCount, (key) => `adopted ${at} ${key} ${"y".repeat(60)}`),
    };
    steps.push(step("create", "EnvironmentBlock", `taken-${at}`, undefined, taken));
    diagnostics.push({
      severity: "info",
      message: `The variables of the application "taken-${at}" (taken-${at}) are adopted as they are: env (SETTING_NUMBER_0 and ${variableCount - 1} more). Nothing to change. [dokploy/unchanged ${identityOf(urn("EnvironmentBlock", `taken-${at}`))}]`,
    });
    diagnostics.push({
      severity: "warning",
      message: `Something odd about number ${at}: ${"word ".repeat(60)}`,
    });

    const leaving = {
      target: { applicationId: "shared" },
      env: variables(variableCount, (key) => `leaves ${at} ${key} ${"z".repeat(60)}`),
    };
    steps.push(step("delete", "EnvironmentBlock", `leaves-${at}`, leaving, undefined));
    steps.push(step("same", "EnvironmentBlock", `stays-${at}`, leaving, leaving));
  }
  return JSON.stringify({ steps, diagnostics, changeSummary: {} }, undefined, 4);
}

async function measure() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-dokploy-bench-plan-"));
  try {
    const file = path.join(folder, "plan.json");
    fs.writeFileSync(file, largePlan());
    const rounds = Array.from({ length: roundCount }, () => {
      const begin = performance.now();
      const { status, stdout, stderr } = spawnSync(process.execPath, [command, "plan-summary", file], {
        encoding: "utf8",
      });
      if (status !== 0 || !stdout.includes("## Plan for `shop/prod`"))
        throw new Error(`plan-summary failed: ${stderr}`);
      return (performance.now() - begin) / 1000;
    });
    return [
      {
        figure: "plan-summary-s",
        value: round(median(rounds), 2),
        unit: "s",
        atMost: limitSeconds,
        details: {
          bytes: fs.statSync(file).size,
          resources: 4 * ofEachKind,
          rounds: rounds.map((each) => round(each, 2)),
        },
      },
    ];
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

module.exports = { measure };
