import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { closeIssue, hostOf, keepComment, keepIssue, showDeployments } from "../../../../cli/ci";
import { noteAuthor, noteToken, startGitlab } from "../../../ci/gitlab-host";

const commit = "0123456789abcdef0123456789abcdef01234567";
const env = (url: string): NodeJS.ProcessEnv => ({
  GITLAB_CI: "true",
  CI_API_V4_URL: url,
  CI_PROJECT_ID: "12",
  CI_MERGE_REQUEST_IID: "7",
  CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: commit,
  CI_COMMIT_SHA: commit,
  CI_COMMIT_REF_NAME: "main",
  CI_PIPELINE_URL: "https://run/7",
  GITLAB_TOKEN: noteToken,
});

describe("what jobs of CI write at GitLab", () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-dokploy-ci-"));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));
  function write(text: string): string {
    fs.writeFileSync(path.join(folder, "text"), text);
    return path.join(folder, "text");
  }

  it("is one note for each subject, among more than a page of others that begin like it", async () => {
    const foreign = Array.from({ length: 120 }, (_, index) => ({
      id: index + 1,
      body: "<!-- plan: test -->\nNothing changes.",
      author: { id: noteAuthor + 1 },
    }));
    const host = await startGitlab({ notes: structuredClone(foreign) });
    try {
      for (const text of ["first", "second"])
        await keepComment(hostOf(env(host.url)), write(text), "plan: test", { withCommit: true });
      assert.deepEqual(host.notes.slice(0, 120), foreign);
      assert.deepEqual(
        host.notes.slice(120).map(({ body }) => body),
        ["<!-- plan: test -->\nsecond\n\nCommit 01234567\n"],
      );
    } finally {
      host.close();
    }
  });

  describe("besides notes", () => {
    let server: Server;
    let calls: { call: string; body: unknown }[];
    let lists: Record<string, unknown[]>;
    beforeEach(async () => {
      calls = [];
      lists = {};
      server = createServer(async (request, response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const { pathname } = new URL(request.url ?? "", "http://localhost");
        const name = pathname.replace("/projects/12/", "");
        if (request.method !== "GET")
          calls.push({
            call: `${request.method} ${name}`,
            body: JSON.parse(Buffer.concat(chunks).toString()) as unknown,
          });
        const value = pathname === "/user" ? { id: noteAuthor } : (lists[name] ?? []);
        const isAllowed = request.headers["private-token"] === noteToken;
        response.writeHead(isAllowed ? 200 : 401).end(JSON.stringify(value));
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    });
    afterEach(() => server.close());
    const host = () => hostOf(env(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));

    it("is an issue that is opened, changed and closed", async () => {
      await keepIssue(host(), write("one"), "drift: test", "Drift in test");
      lists["issues"] = [
        { iid: 3, description: "<!-- drift: test -->\none" },
        { iid: 4, description: null },
      ];
      await keepIssue(host(), write("two"), "drift: test", "Drift in test");
      await closeIssue(host(), "drift: test");
      assert.deepEqual(
        calls.map(({ call }) => call),
        ["POST issues", "PUT issues/3", "POST issues/3/notes", "PUT issues/3"],
      );
      assert.deepEqual(calls[0]?.body, {
        title: "Drift in test",
        description: "<!-- drift: test -->\none\n\nLast seen: https://run/7\n",
      });
    });

    it("is the environment and the deployment of a service, and the list of open merge requests", async () => {
      const services = [
        { name: "api", addresses: ["https://api.acme.dev/"], lastDeployment: { status: "done", commit } },
      ];
      await showDeployments(host(), write(JSON.stringify({ services })), "test");
      assert.deepEqual(calls, [
        { call: "POST environments", body: { name: "test/api", external_url: "https://api.acme.dev/" } },
        {
          call: "POST deployments",
          body: { environment: "test/api", sha: commit, ref: "main", tag: false, status: "success" },
        },
      ]);
      lists["merge_requests"] = [{ iid: 12 }, { iid: 15 }];
      assert.deepEqual(await host().openRequests(), [12, 15]);
    });
  });
});
