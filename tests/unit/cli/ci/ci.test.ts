import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { closeIssue, hostOf, keepComment, keepIssue, showDeployments } from "../../../../cli/ci";
import { UsageError } from "../../../../cli/terminal";
import { GithubHost, githubToken } from "../../../ci/github-host";

const commit = "0123456789abcdef0123456789abcdef01234567";

describe("what jobs of CI write at GitHub", () => {
  let folder: string;
  let github: GithubHost;
  beforeEach(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-dokploy-ci-"));
    github = await new GithubHost().start();
  });
  afterEach(() => {
    github.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const env = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
    ...github.environment(folder, { pull_request: { number: 7, head: { sha: commit } } }),
    GH_TOKEN: githubToken,
    GITHUB_SHA: commit,
    ...more,
  });
  function write(name: string, text: string): string {
    const file = path.join(folder, name);
    fs.writeFileSync(file, text);
    return file;
  }

  it("is one comment for each subject, among more than a page of others that begin like it", async () => {
    const foreign = Array.from({ length: 120 }, (_, index) => ({
      id: index + 1,
      body: "<!-- plan: test -->\nNothing changes.",
      user: { login: "mallory" },
    }));
    github.comments = structuredClone(foreign);
    for (const text of ["first", "second\n"])
      assert.ok(await keepComment(hostOf(env()), write("a", text), "plan: test", { withCommit: true }));
    assert.ok(await keepComment(hostOf(env()), write("a", "other"), "preview", { withCommit: false }));
    assert.deepEqual(github.comments.slice(0, 120), foreign);
    assert.deepEqual(
      github.comments.slice(120).map(({ body }) => body),
      ["<!-- plan: test -->\nsecond\n\nCommit 0123456\n", "<!-- preview -->\nother\n"],
    );
    assert.equal(
      await keepComment(hostOf(env()), path.join(folder, "none"), "plan: test", { withCommit: true }),
      false,
    );
  });

  it("never follows a link, which a job with code of a pull request may have left instead of its file", async function () {
    if (process.platform === "win32") this.skip();
    const secret = write("environ", "canary-token");
    const file = path.join(folder, "plan.md");
    fs.symlinkSync(secret, file);
    const host = hostOf(env());
    const refused = (error: Error) =>
      error instanceof UsageError && error.message === `${file} cannot be read: it is a link`;
    await assert.rejects(keepComment(host, file, "plan: test", { withCommit: true }), refused);
    await assert.rejects(keepIssue(host, file, "drift: test", "Drift in test"), refused);
    await assert.rejects(showDeployments(host, file, "test"), refused);
    assert.doesNotMatch(JSON.stringify([github.comments, github.issues]), /canary/);
  });

  it("is the comment of the user that --author names", async () => {
    github.comments = [{ id: 1, body: "<!-- plan -->\nold", user: { login: "acme[bot]" } }];
    await keepComment(hostOf(env(), "acme[bot]"), write("a", "new"), "plan", { withCommit: false });
    assert.deepEqual(
      github.comments.map(({ body }) => body),
      ["<!-- plan -->\nnew\n"],
    );
  });

  it("is one open issue for each subject, which is closed when the difference is gone", async () => {
    const host = hostOf(env());
    await closeIssue(host, "drift: test");
    for (const text of ["one", "two"])
      await keepIssue(host, write("a", text), "drift: test", "Drift in test");
    const [issue, ...more] = github.issues;
    assert.deepEqual(more, []);
    assert.equal(
      issue?.body,
      "<!-- drift: test -->\ntwo\n\nLast seen: https://github.example/acme/shop/actions/runs/99\n",
    );
    await closeIssue(host, "drift: test");
    assert.deepEqual([issue?.state, issue?.comments.length], ["closed", 1]);
  });

  it("is a deployment of each service of the commit, with its address, once for each commit", async () => {
    const service = (name: string, lastDeployment: object, addresses: unknown) => ({
      name,
      lastDeployment,
      addresses,
    });
    const status = write(
      "status.json",
      JSON.stringify({
        version: 1,
        services: [
          service("api", { status: "done", commit }, ["https://api.acme.dev/"]),
          service("web", { status: "error", commit }, ["javascript:alert(1)", 7]),
          service("idle", { status: "done", commit: "f".repeat(40) }, []),
          service("busy", { status: "running", commit }, []),
          service("x\n::error::", { status: "done", commit }, "none"),
          { name: 7 },
          {},
        ],
      }),
    );
    for (let n = 0; n < 2; n++)
      assert.deepEqual(await showDeployments(hostOf(env()), status, "test"), [
        "test/api",
        "test/web",
        "test/x\\n::error::",
      ]);
    assert.deepEqual(
      github.deployments.map(({ environment, ref, statuses }) => [
        environment,
        ref,
        statuses.length,
        statuses[0],
      ]),
      [
        ["test/api", commit, 2, { state: "success", environment_url: "https://api.acme.dev/" }],
        ["test/web", commit, 2, { state: "failure" }],
        ["test/x\\n::error::", commit, 2, { state: "success" }],
      ],
    );
    for (const text of ["", "[]", '{"services": 1}'])
      await assert.rejects(
        showDeployments(hostOf(env()), write("status.json", text), "test"),
        /no output of `status/,
      );
  });

  it("lists all open pull requests, or fails", async () => {
    github.open = Array.from({ length: 150 }, (_, index) => index + 1);
    assert.deepEqual(await hostOf(env()).openRequests(), github.open);
    github.open = undefined;
    await assert.rejects(
      hostOf(env()).openRequests(),
      /^UserError: The job could not read the pull requests: GitHub responded with 502\.$/,
    );
  });

  it("needs a token, which no message shows and no other address gets", async () => {
    assert.throws(
      () => hostOf(env({ GH_TOKEN: "", GITHUB_TOKEN: "" })),
      /There is no token: set GH_TOKEN or GITHUB_TOKEN/,
    );
    assert.throws(() => hostOf(env({ GITHUB_ACTIONS: "" })), /runs in a job of GitHub Actions or GitLab CI/);
    assert.throws(() => hostOf(env({ GITHUB_API_URL: "http://api.example" })), UsageError);
    const wrong = hostOf(env({ GH_TOKEN: "canary-wrong" }));
    await assert.rejects(wrong.findComment("x"), (error: Error) => {
      assert.match(
        error.message,
        /^The job could not read the comments: GitHub responded with 401 \(the token is wrong or has expired\)\.$/,
      );
      return !/canary/.test(String(error.stack) + JSON.stringify(error));
    });
    const seen: unknown[] = [];
    const thief = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.end("[]");
    });
    const redirecting = createServer((_, response) => {
      response
        .writeHead(307, { location: `http://127.0.0.1:${(thief.address() as AddressInfo).port}/` })
        .end();
    });
    for (const server of [thief, redirecting])
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const GITHUB_API_URL = `http://127.0.0.1:${(redirecting.address() as AddressInfo).port}`;
      await assert.rejects(hostOf(env({ GITHUB_API_URL })).findComment("x"), /GitHub did not respond/);
      assert.deepEqual(seen, []);
    } finally {
      thief.close();
      redirecting.close();
    }
  });

  it("refuses a subject that would end the hidden line", async () => {
    for (const subject of ["a --> b", "", "a\nb", "<b>"])
      await assert.rejects(
        keepComment(hostOf(env()), write("a", "x"), subject, { withCommit: false }),
        UsageError,
      );
    assert.deepEqual(github.calls, []);
  });
});
