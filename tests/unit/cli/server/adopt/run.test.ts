import * as assert from "node:assert/strict";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { runAdopt } from "../../../../../cli/server";
import { UsageError } from "../../../../../cli/terminal";
import { type Emulator, startEmulator } from "../../../../../emulator";
import { UserError } from "../../../../../provider/errors";
import { diagnosticOf, identityOf } from "../../../../../provider/pulumi";
import { byHand } from "../../by-hand";

const urnOf = (kind: string, name: string) =>
  `urn:pulumi:prod::shop::pulumi-nodejs:dynamic/dokploy:${kind}::${name}`;

const step = (op: string, kind: string, name: string, inputs: object) => {
  const state = { custom: true, inputs, outputs: {} };
  return { op, urn: urnOf(kind, name), ...(op === "create" ? {} : { oldState: state }), newState: state };
};
const shop = step("create", "Project", "shop", { name: "shop" });
const other = step("create", "Project", "other", { name: "other" });
const keeps = (kind: string, name: string) => ({
  severity: "info",
  message: `info: ${diagnosticOf("Any words.", "unchanged", identityOf(urnOf(kind, name)))}\n`,
});
const plan = (steps: object[], diagnostics: object[] = []) => JSON.stringify({ steps, diagnostics });
const empty = plan([]);
const failing = plan(
  [],
  [{ severity: "error", message: "error: it is wrong\n", urn: urnOf("Project", "shop") }],
);

/** The commands that `adopt` needs of the Pulumi CLI; each preview prints the next plan. */
const standIn = `#!${process.execPath}
const { appendFileSync, existsSync, readFileSync, renameSync } = require("node:fs");
const [folder, ...args] = process.argv.slice(3);
process.chdir(folder);
const adopts = args.find((arg) => arg.startsWith("dokploy:adopt="));
const log = (entry) => appendFileSync("calls", JSON.stringify(entry) + "\\n");
if (process.argv[2] !== "-C" || !args.includes("--stack") || !args.includes("--non-interactive")) process.exit(9);
else if (args[0] === "preview" && args.includes("--json")) {
  const { DOKPLOY_ONLY_LISTS: lists, DOKPLOY_ADOPTED_VALUES: values } = process.env;
  log({ did: "preview", lists, values, isCopy: args.includes("--config-file") });
  const [next, ...rest] = JSON.parse(readFileSync("plans", "utf8"));
  require("node:fs").writeFileSync("plans", JSON.stringify(rest));
  process.stdout.write(next);
} else if (args[0] === "config" && args[1] === "set-all" && adopts)
  log({ did: "set", ids: JSON.parse(readFileSync(adopts.slice(14), "utf8")), isCopy: args.includes("--config-file") });
else if (args[0] === "up" && args.includes("--yes")) {
  log({ did: "up", values: process.env.DOKPLOY_ADOPTED_VALUES, isCopy: args.includes("--config-file") });
  process.exit(existsSync("fails") ? 1 : 0);
} else process.exit(9);
`;

describe("adopt, for a stack whose state was lost", () => {
  const former = { cwd: process.cwd(), path: process.env["PATH"] ?? "" };
  let emulator: Emulator;
  let folder: string;
  let shopId: string;
  let environmentId: string;
  before(async () => {
    emulator = await startEmulator();
    const { project, environment } = await byHand<{
      project: { projectId: string };
      environment: { environmentId: string };
    }>(emulator, "project.create", { name: "shop" });
    environmentId = environment.environmentId;
    shopId = project.projectId;
  });
  after(() => emulator?.close());
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "adopt-run-")));
    mkdirSync(join(folder, "bin"));
    writeFileSync(join(folder, "bin/pulumi"), standIn);
    chmodSync(join(folder, "bin/pulumi"), 0o755);
    writeFileSync(join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    writeFileSync(join(folder, "Pulumi.prod.yaml"), "config: {}\n");
    process.chdir(folder);
    process.env["PATH"] = `${join(folder, "bin")}${delimiter}${former.path}`;
  });
  afterEach(() => {
    process.chdir(former.cwd);
    process.env["PATH"] = former.path;
    rmSync(folder, { recursive: true, force: true });
  });

  interface Given {
    readonly args?: readonly string[];
    /** What a person at the terminal types; without it there is none. */
    readonly typed?: string;
    readonly config?: object;
    readonly url?: string;
    readonly noStack?: string;
    readonly env?: NodeJS.ProcessEnv;
  }
  let printed: string;
  let question: string | undefined;
  /** Runs the command with the plans that the program has one after the other. */
  async function adopt(
    plans: readonly string[],
    { args = ["--yes"], typed, config = {}, url, noStack, env = {} }: Given = {},
  ) {
    printed = "";
    question = undefined;
    writeFileSync(join(folder, "plans"), JSON.stringify(plans));
    writeFileSync(join(folder, "calls"), "");
    const answer = (value: object) => ({ code: 0, stdout: JSON.stringify(value), stderr: "" });
    return await runAdopt(["--stage", "prod", ...args], {
      env: { DOKPLOY_URL: url ?? emulator.url, DOKPLOY_API_KEY: emulator.apiKey, ...env },
      pulumi: async ([first, second]) => {
        if (first === "config") return answer(config);
        assert.deepEqual([first, second], ["stack", "export"]);
        return noStack === undefined
          ? answer({ deployment: {} })
          : { code: 255, stdout: "", stderr: `error: ${noStack}\n` };
      },
      print: (text) => {
        printed += `${text}\n`;
      },
      progress: () => undefined,
      question:
        typed === undefined
          ? undefined
          : async (text) => {
              question = text;
              return typed;
            },
    });
  }
  const calls = (): Record<string, unknown>[] =>
    readFileSync(join(folder, "calls"), "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as never);
  const did = () => calls().map((call) => call["did"]);
  const refuses = async (type: new (...args: never[]) => Error, reason: RegExp, run: Promise<unknown>) =>
    await assert.rejects(run, (error: Error) => {
      assert.ok(error instanceof type, error.stack);
      assert.match(error.message, reason);
      return true;
    });
  const found = plan([shop], [keeps("Project", "shop")]);
  const changing = plan([shop]);

  it("gives the ids to a copy of the configuration, updates, and plans once more", async () => {
    assert.equal(await adopt([plan([shop]), found, empty]), true);
    assert.deepEqual(calls(), [
      { did: "preview", lists: "true", isCopy: false },
      { did: "set", ids: { Project: { shop: shopId } }, isCopy: true },
      { did: "preview", isCopy: true },
      { did: "up", isCopy: true },
      { did: "preview", isCopy: false },
    ]);
    assert.match(
      printed,
      /Kind +Resource +Place +Id +Created +Plan\nProject +shop +\S+ +\S+ +.* nothing to change$/m,
    );
    assert.ok(printed.includes(shopId));
    assert.ok(printed.startsWith(`${emulator.url}, stack prod:\n`), printed);
    assert.match(
      printed,
      /stack prod:\n[\s\S]*1 adopted without a change\.\nAdopted\. The next plan is empty\.\n$/,
    );
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith(".pulumi")),
      [],
    );
    assert.equal(readFileSync(join(folder, "Pulumi.prod.yaml"), "utf8"), "config: {}\n");
  });

  it("has nothing to do where the state has all resources", async () => {
    assert.equal(await adopt([empty]), true);
    assert.equal(printed, "The stack prod has all resources of the program.\n");
    assert.deepEqual(did(), ["preview"]);
  });

  it("says what a plan still has afterwards, and is no success then", async () => {
    const update = plan([step("update", "Project", "s\u001bhop", {})]);
    assert.equal(await adopt([plan([shop]), found, update]), false);
    assert.match(printed, /Adopted\. The next plan is not empty:\n {2}Project s\\x1bhop: update\n$/);
    assert.equal(await adopt([plan([shop]), found, failing]), false);
    assert.match(printed, /The next plan is not empty:\n {2}.*it is wrong/);
  });

  it("adopts nothing while an object is missing, unless it may create that one", async () => {
    const both = plan([shop, other]);
    const planned = plan([shop, other], [keeps("Project", "shop")]);
    assert.equal(await adopt([both]), false);
    assert.deepEqual(did(), ["preview"]);
    assert.match(printed, /^Project +other .* not found$/m);
    assert.match(printed, /With --create the update creates them[\s\S]*Project other/);
    assert.equal(await adopt([both, planned, empty], { args: ["--yes", "--create"] }), true);
    assert.match(printed, /1 adopted without a change, 1 created\./);
    assert.deepEqual(calls()[1]?.["ids"], { Project: { shop: shopId } });
  });

  it("gives the ids of several objects of a kind", async () => {
    const { project } = await byHand<{ project: { projectId: string } }>(emulator, "project.create", {
      name: "second",
    });
    const second = step("create", "Project", "second", { name: "second" });
    const planned = plan([shop, second], [keeps("Project", "shop"), keeps("Project", "second")]);
    assert.equal(await adopt([plan([shop, second]), planned, empty]), true);
    assert.deepEqual(calls()[1]?.["ids"], { Project: { shop: shopId, second: project.projectId } });
  });

  it("shows the place of an object, when it was created and by whom", async () => {
    const inputs = { name: "web", environmentId };
    const { applicationId } = await byHand<{ applicationId: string }>(emulator, "application.create", inputs);
    const logs = [
      {
        ...{ userEmail: "ana@acme.dev", userId: "u", action: "create", resourceType: "service" },
        ...{ resourceId: applicationId, createdAt: "2026-03-04T05:06:07Z" },
      },
    ];
    emulator.faults.add({ endpoint: "auditLog.all", status: 200, body: { logs, total: 1 } });
    const web = step("create", "Application", "web", inputs);
    await adopt([plan([web]), plan([web], [keeps("Application", "web")]), empty]);
    emulator.faults.clear();
    const cells = printed
      .split("\n")
      .find((line) => line.startsWith("Application"))
      ?.split(/ {2,}/);
    assert.deepEqual(cells, [
      ...["Application", "web", "shop / production", applicationId],
      ...["2026-03-04 05:06 UTC by ana@acme.dev", "nothing to change"],
    ]);
  });

  it("keeps the values of generated secrets, which only the plan gets to know", async () => {
    const inputs = { name: "keyed", environmentId };
    const { applicationId } = await byHand<{ applicationId: string }>(emulator, "application.create", inputs);
    const env = "SESSION_KEY=canary-of-the-server\nHEX=canary-of-hex";
    await byHand(emulator, "application.update", { applicationId, env });
    const steps = (of: string) => [
      step("create", "Application", "keyed", inputs),
      step("create", "GeneratedSecret", "keyed/SESSION_KEY", { adopts: `${of}/SESSION_KEY` }),
      step("create", "GeneratedSecret", "keyed/HEX", { adopts: `application/${applicationId}/HEX` }),
      step("create", "GeneratedSecret", "keyed/NEW", { adopts: `${of}/NEW` }),
    ];
    const path = `application/${applicationId}`;
    const planned = plan(steps(path).slice(0, 3), [keeps("Application", "keyed")]);
    assert.equal(await adopt([plan(steps(urnOf("Application", "keyed"))), planned, empty]), true);
    assert.deepEqual(calls()[1]?.["ids"], {
      Application: { keyed: applicationId },
      GeneratedSecret: {
        ...{ "keyed/SESSION_KEY": `${path}/SESSION_KEY`, "keyed/HEX": `${path}/HEX` },
        "keyed/NEW": `${path}/NEW`,
      },
    });
    const values = { "keyed/SESSION_KEY": "canary-of-the-server", "keyed/HEX": "canary-of-hex" };
    assert.deepEqual(
      calls().map(({ values: given }) => given && JSON.parse(String(given))),
      [undefined, undefined, values, undefined, undefined],
    );
    assert.match(printed, /^GeneratedSecret +keyed\/HEX +- +\S+\/HEX +- +keeps the value that runs$/m);
    assert.match(printed, /3 adopted without a change\./);
    assert.doesNotMatch(printed, /canary/);
    const one = steps(path).slice(0, 2);
    const plannedOne = plan(one, [keeps("Application", "keyed")]);
    for (const long of ["c".repeat(100_000), "€".repeat(50_000)]) {
      await byHand(emulator, "application.update", { applicationId, env: `SESSION_KEY=${long}` });
      assert.equal(await adopt([plan(one), plannedOne, empty]), true);
      assert.ok(
        calls().every(({ values: given }) => given === undefined),
        "the system would refuse the command",
      );
    }
  });

  it("shows what else the plan does, with the objects that it finds", async () => {
    const more = [step("update", "Project", "old", {}), step("update", "Registry", "older", {})];
    const planned = plan([shop, ...more], [keeps("Project", "shop")]);
    await refuses(
      UsageError,
      /Nothing was adopted/,
      adopt([plan([shop]), planned], { args: [], typed: "no" }),
    );
    assert.match(
      printed,
      /\nProject +old +- +- +- +update\nRegistry +older +- +- +- +update\n\n1 adopted without a change, 2 changes\./,
    );
  });

  it("refuses a plan that deletes or replaces something, or fails, before anybody is asked", async () => {
    for (const op of ["delete", "replace"]) {
      const removing = plan([shop, step(op, "Postgres", "db", {})], [keeps("Project", "shop")]);
      const reason =
        /nothing is adopted:\n {2}Postgres db: \w+(?:; deploys)?\nUndo these changes of the program/;
      await refuses(
        UserError,
        reason,
        adopt([plan([shop]), removing, empty], { args: ["--create"], typed: "prod" }),
      );
      assert.equal(question, undefined);
      assert.deepEqual(did(), ["preview", "set", "preview"]);
    }
    await refuses(
      UserError,
      /^The plan fails, so nothing is adopted:\n {2}.*it is wrong/,
      adopt([plan([shop]), failing]),
    );
    await refuses(UserError, /^The program fails:\n {2}.*it is wrong/, adopt([failing]));
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith(".pulumi")),
      [],
    );
  });

  it("takes --yes only for a plan that changes no object, and otherwise the name of the stack", async () => {
    const plans = [plan([shop]), changing, empty];
    for (const [given, reason] of [
      [{}, /changes objects, so --yes is not enough/],
      [{ args: [] }, /run the command at a terminal, or with --yes/],
      [{ args: [], typed: "yes" }, /^Nothing was adopted\.$/],
      [{ args: [], typed: "" }, /^Nothing was adopted\.$/],
    ] as const) {
      await refuses(UsageError, reason, adopt(plans, given));
      assert.ok(!did().includes("up"));
    }
    assert.equal(await adopt(plans, { args: [], typed: " prod " }), true);
    assert.equal(question, "Type prod to adopt them:");
  });

  it("says how it goes on after a failed update", async () => {
    writeFileSync(join(folder, "fails"), "");
    await refuses(
      UserError,
      /^The update failed\. Run the command again/,
      adopt([plan([shop]), found, empty]),
    );
    assert.deepEqual(did(), ["preview", "set", "preview", "up"]);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith(".pulumi")),
      [],
      "the ids are no longer there",
    );
  });

  it("makes a new secret, whose old value is lost, only with --create or where somebody agrees", async () => {
    const secret = step("create", "GeneratedSecret", "shop/KEY", {});
    const plans = [plan([shop, secret]), plan([shop, secret], [keeps("Project", "shop")]), empty];
    await refuses(UsageError, /changes objects, so --yes is not enough/, adopt(plans));
    assert.ok(!did().includes("up"));
    assert.equal(await adopt(plans, { args: ["--yes", "--create"] }), true);
    assert.match(printed, /^GeneratedSecret +shop\/KEY .* a new value$/m);
    assert.equal(await adopt(plans, { args: [], typed: "prod" }), true);
  });

  it("takes the ids of the file that the stack names before it looks for a name", async () => {
    writeFileSync(join(folder, "ids.json"), JSON.stringify({ Project: { other: shopId } }));
    const given = { config: { "dokploy:adopt": { value: " ids.json " } } };
    const planned = plan([other], [keeps("Project", "other")]);
    assert.equal(await adopt([plan([other]), planned, empty], given), true);
    assert.deepEqual(calls()[1]?.["ids"], { Project: { other: shopId } });
    const byVariable = { env: { DOKPLOY_ADOPT: "ids.json" } };
    assert.equal(await adopt([plan([other]), planned, empty], byVariable), true);
    assert.deepEqual(calls()[1]?.["ids"], { Project: { other: shopId } });
    const none = { ...byVariable, config: { "dokploy:adopt": { value: " " } } };
    assert.equal(await adopt([plan([other])], none), false, "the stack says that there is no file");
    const inside = join(folder, "services/api");
    mkdirSync(inside, { recursive: true });
    process.chdir(inside);
    assert.equal(await adopt([plan([other]), planned, empty], given), true, "in a subfolder of the project");
    const absolute = { config: { "dokploy:adopt": { value: join(folder, "ids.json") } } };
    assert.equal(await adopt([plan([other]), planned, empty], absolute), true);
  });

  it("refuses where a kind of the program cannot be read, and only then", async () => {
    const fault = {
      endpoint: /^destination\./,
      times: 9,
      status: 403,
      body: { message: "Forbidden", code: "FORBIDDEN" },
    };
    const bucket = step("create", "Destination", "bucket", { name: "bucket" });
    emulator.faults.add(fault);
    await refuses(
      UserError,
      /objects of the kind Destination cannot be read: /,
      adopt([plan([shop, bucket])]),
    );
    assert.deepEqual(did(), ["preview"]);
    emulator.faults.add(fault);
    assert.equal(await adopt([plan([shop]), found, empty]), true);
    emulator.faults.clear();
  });

  it("says that the server cannot be reached, before anything is planned or written", async () => {
    const url = emulator.url.replace("http:", "https:");
    await assert.rejects(adopt([plan([shop])], { url }), (error: Error) => {
      assert.ok(error.message.includes(new URL(url).host), error.message);
      assert.ok(!error.message.includes(emulator.apiKey));
      return true;
    });
    assert.deepEqual([did(), printed], [["preview"], ""]);
  });

  it("names the command for a stack that is gone, and keeps any other reason", async () => {
    await refuses(
      UsageError,
      /pulumi stack init prod/,
      adopt([], { noStack: "no stack named 'prod' found" }),
    );
    await refuses(UsageError, /cannot be read: .*passphrase/, adopt([], { noStack: "incorrect passphrase" }));
    assert.deepEqual(did(), []);
  });
});
