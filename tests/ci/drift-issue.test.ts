import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { workflowAuthor } from "./hosts";
import { Machine } from "./script";
import { exampleFolder, readWorkflows } from "./workflow";

interface Issue {
  number: number;
  title: string;
  state: string;
  body: string;
  user: string;
  comments: string[];
}

/** The calls of `gh api` for issues, as a script for Node; `file` holds the issues as JSON. */
const gh = (file: string) => `
  const fs = require("node:fs");
  const { parseArgs } = require("node:util");
  const text = { type: "string" }, flag = { type: "boolean" };
  const { values, positionals: [, url] } = parseArgs({
    allowPositionals: true,
    options: { paginate: flag, silent: flag, method: { ...text, default: "GET" }, jq: text, field: { ...text, multiple: true } },
  });
  const issues = JSON.parse(fs.readFileSync(${JSON.stringify(file)}, "utf8"));
  const fields = Object.fromEntries((values.field ?? []).map((field) => {
    const [, name, value] = /^(\\w+)=([^]*)$/.exec(field);
    return [name, value.startsWith("@") ? fs.readFileSync(value.slice(1), "utf8") : value];
  }));
  const { pathname, searchParams } = new URL(url, "http://x/");
  const [, number, isComment] = /^\\/repos\\/acme\\/shop\\/issues(?:\\/(\\d+))?(\\/comments)?$/.exec(pathname);
  const issue = issues.find((each) => each.number === Number(number));
  if (values.method === "GET") {
    const [, start] = /startswith\\("(.*?)"\\)/.exec(values.jq);
    for (const each of issues)
      if (each.state === searchParams.get("state") && each.user === searchParams.get("creator") && each.body.startsWith(start))
        console.log(each.number);
  } else if (isComment) issue.comments.push(fields.body);
  else if (issue) Object.assign(issue, fields);
  else issues.push({ number: issues.length + 1, state: "open", user: ${JSON.stringify(workflowAuthor)}, comments: [], ...fields });
  fs.writeFileSync(${JSON.stringify(file)}, JSON.stringify(issues));`;

describe("the recipe for drift", function () {
  this.timeout(60_000);
  const { jobs } = readWorkflows(exampleFolder).find(({ name }) => name === "drift.yml")?.workflow ?? {};
  const script = jobs?.["issue"]?.steps.at(-1)?.run ?? "";
  let machine: Machine;
  let file: string;

  before(function () {
    // The jobs run on Linux.
    if (process.platform === "win32") this.skip();
  });
  beforeEach(() => {
    machine = new Machine();
    file = path.join(machine.temp, "issues.json");
    fs.writeFileSync(file, "[]");
    machine.command("gh", gh(file), "node");
    fs.mkdirSync(path.join(machine.temp, "plans"));
  });
  afterEach(() => machine.remove());

  const issues = () => JSON.parse(fs.readFileSync(file, "utf8")) as Issue[];
  async function night(
    outcomes: Readonly<Record<string, "success" | "failure">>,
    text = "LOG_LEVEL changed",
  ) {
    const plans = path.join(machine.temp, "plans");
    fs.rmSync(plans, { recursive: true });
    fs.mkdirSync(plans);
    for (const [stage, outcome] of Object.entries(outcomes)) {
      fs.writeFileSync(path.join(plans, `${stage}.outcome`), `${outcome}\n`);
      fs.writeFileSync(path.join(plans, `${stage}.md`), `### Plan of ${stage}\n${text}\n`);
    }
    const env = {
      GH_TOKEN: "t",
      AUTHOR: workflowAuthor,
      ISSUES: "repos/acme/shop/issues",
      RUN: "https://run/7",
    };
    const { code, output } = await machine.run(script, env);
    assert.equal(code, 0, output);
  }

  it("opens one issue for a stage, updates it, and closes it when the difference is gone", async () => {
    await night({ test: "failure", prod: "success" });
    assert.deepEqual(
      issues().map(({ title, state }) => [title, state]),
      [["Drift in test", "open"]],
    );
    assert.match(
      issues()[0]?.body ?? "",
      /^<!-- drift: test -->\n### Plan of test\nLOG_LEVEL changed\n\nLast seen: https/,
    );
    await night({ test: "failure", prod: "success" }, "COLOUR changed");
    assert.equal(issues().length, 1);
    assert.match(issues()[0]?.body ?? "", /COLOUR changed/);
    await night({ test: "success", prod: "success" });
    assert.deepEqual([issues()[0]?.state, issues()[0]?.comments.length], ["closed", 1]);
    await night({ test: "failure", prod: "failure" });
    assert.deepEqual(
      issues().map(({ title, state }) => [title, state]),
      [
        ["Drift in test", "closed"],
        ["Drift in test", "open"],
        ["Drift in prod", "open"],
      ],
    );
  });

  it("leaves an issue as it is when a stage could not be planned", async () => {
    await night({ test: "failure" });
    await night({});
    assert.equal(issues()[0]?.state, "open");
  });

  it("leaves the issues of others alone", async () => {
    const foreign = {
      number: 1,
      title: "x",
      state: "open",
      body: "<!-- drift: test -->",
      user: "mallory",
      comments: [],
    };
    fs.writeFileSync(file, JSON.stringify([foreign]));
    await night({ test: "failure" });
    await night({ test: "success" });
    assert.deepEqual(issues()[0], foreign);
    assert.deepEqual(
      issues().map(({ state }) => state),
      ["open", "closed"],
    );
  });
});
