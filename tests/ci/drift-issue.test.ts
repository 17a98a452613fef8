import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { GitlabRepository } from "./gitlab";
import { noteAuthor, noteToken, workflowAuthor } from "./hosts";
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

/** Where the recipes of one host keep their issues. */
interface Host {
  readonly machine: Machine;
  issues(): Issue[];
  add(issue: Issue): void;
  /** Runs the job for each stage with an outcome. */
  night(outcomes: Readonly<Record<string, "success" | "failed">>, text?: string): Promise<void>;
  close(): void;
}

const plan = (stage: string, text: string) => `### Plan of ${stage}\n${text}\n`;

function github(): Host {
  const { jobs } = readWorkflows(exampleFolder).find(({ name }) => name === "drift.yml")?.workflow ?? {};
  const script = jobs?.["issue"]?.steps.at(-1)?.run ?? "";
  const machine = new Machine();
  const file = path.join(machine.temp, "issues.json");
  fs.writeFileSync(file, "[]");
  machine.command("gh", gh(file), "node");
  const issues = () => JSON.parse(fs.readFileSync(file, "utf8")) as Issue[];
  return {
    machine,
    issues,
    add: (issue) => fs.writeFileSync(file, JSON.stringify([...issues(), issue])),
    async night(outcomes, text = "LOG_LEVEL changed") {
      const plans = path.join(machine.temp, "plans");
      fs.rmSync(plans, { recursive: true, force: true });
      fs.mkdirSync(plans);
      for (const [stage, outcome] of Object.entries(outcomes)) {
        fs.writeFileSync(path.join(plans, `${stage}.outcome`), `${outcome.replace("failed", "failure")}\n`);
        fs.writeFileSync(path.join(plans, `${stage}.md`), plan(stage, text));
      }
      const env = {
        GH_TOKEN: "t",
        AUTHOR: workflowAuthor,
        ISSUES: "repos/acme/shop/issues",
        RUN: "https://run/7",
      };
      const { code, output } = await machine.run(script, env);
      assert.equal(code, 0, output);
    },
    close: () => machine.remove(),
  };
}

/** The issues of project 12, as GitLab's API has them. */
function gitlabServer(issues: Issue[]): Server {
  return createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const given = JSON.parse(Buffer.concat(chunks).toString() || "{}") as Record<string, string>;
    const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
    const answer = (status: number, value: unknown) =>
      response
        .writeHead(status, { "content-type": "application/json", "x-next-page": "" })
        .end(JSON.stringify(value));
    const [, iid, isNote] = /^\/projects\/12\/issues(?:\/(\d+))?(\/notes)?$/.exec(pathname) ?? [];
    const issue = issues.find(({ number }) => number === Number(iid));
    if (request.headers["private-token"] !== noteToken) answer(401, {});
    else if (pathname === "/user") answer(200, { id: noteAuthor });
    else if (request.method === "GET")
      answer(
        200,
        issues
          .filter(({ state, user }) => state === "open" && user === searchParams.get("author_id"))
          .map(({ number, body }) => ({ iid: number, description: body })),
      );
    else if (isNote) answer(201, issue?.comments.push(given["body"] ?? ""));
    else if (issue) {
      if (given["description"] !== undefined) issue.body = given["description"];
      if (given["state_event"] === "close") issue.state = "closed";
      answer(200, {});
    } else {
      const { title = "", description = "" } = given;
      const user = String(noteAuthor);
      issues.push({ number: issues.length + 1, title, state: "open", body: description, user, comments: [] });
      answer(201, {});
    }
  });
}

async function gitlab(): Promise<Host> {
  const repository = new GitlabRepository(
    fs.readFileSync(path.join(exampleFolder, ".gitlab-ci.yml"), "utf8"),
  );
  const jobs = repository.jobs();
  const issues: Issue[] = [];
  const server = gitlabServer(issues);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const machine = new Machine();
  return {
    machine,
    issues: () => issues,
    add: (issue) => issues.push(issue),
    async night(outcomes, text = "LOG_LEVEL changed") {
      for (const stage of ["test", "prod"]) {
        const { [stage]: outcome } = outcomes;
        for (const name of ["outcome", "plan.md"])
          fs.rmSync(path.join(machine.workspace, name), { force: true });
        if (outcome !== undefined) {
          fs.writeFileSync(path.join(machine.workspace, "outcome"), `${outcome}\n`);
          fs.writeFileSync(path.join(machine.workspace, "plan.md"), plan(stage, text));
        }
        const { code, output } = await machine.run(jobs[`issue ${stage}`]?.script.join("\n") ?? "exit 9", {
          CI_API_V4_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
          CI_PROJECT_ID: "12",
          CI_PIPELINE_URL: "https://run/7",
          GITLAB_TOKEN: noteToken,
          STAGE: stage,
        });
        assert.equal(code, 0, output);
      }
    },
    close() {
      server.close();
      machine.remove();
      repository.remove();
    },
  };
}

for (const [name, start] of Object.entries({ GitHub: github, GitLab: gitlab })) {
  describe(`the recipe for drift on ${name}`, function () {
    this.timeout(60_000);
    let host: Host;

    before(function () {
      // The jobs run on Linux.
      if (process.platform === "win32") this.skip();
    });
    beforeEach(async () => {
      host = await start();
    });
    afterEach(() => host?.close());

    const states = () => host.issues().map(({ title, state }) => [title, state]);

    it("opens one issue for a stage, updates it, and closes it when the difference is gone", async () => {
      await host.night({ test: "failed", prod: "success" });
      assert.deepEqual(states(), [["Drift in test", "open"]]);
      const body = () => host.issues()[0]?.body ?? "";
      assert.match(
        body(),
        /^<!-- drift: test -->\n### Plan of test\nLOG_LEVEL changed\n\nLast seen: https:\/\/run\/7/,
      );
      await host.night({ test: "failed", prod: "success" }, "COLOUR changed");
      assert.equal(host.issues().length, 1);
      assert.match(body(), /COLOUR changed/);
      await host.night({ test: "success", prod: "success" });
      assert.deepEqual([host.issues()[0]?.state, host.issues()[0]?.comments.length], ["closed", 1]);
      await host.night({ test: "failed", prod: "failed" });
      assert.deepEqual(states(), [
        ["Drift in test", "closed"],
        ["Drift in test", "open"],
        ["Drift in prod", "open"],
      ]);
    });

    it("leaves an issue as it is when a stage could not be planned", async () => {
      await host.night({ test: "failed" });
      await host.night({});
      assert.deepEqual(states(), [["Drift in test", "open"]]);
    });

    it("leaves the issues of others alone", async () => {
      const foreign: Issue = {
        ...{ number: 1, title: "x", state: "open", body: "<!-- drift: test -->" },
        ...{ user: "mallory", comments: [] },
      };
      host.add(structuredClone(foreign));
      await host.night({ test: "failed" });
      await host.night({ test: "success" });
      assert.deepEqual(host.issues()[0], foreign);
      assert.deepEqual(
        host.issues().map(({ state }) => state),
        ["open", "closed"],
      );
    });
  });
}
