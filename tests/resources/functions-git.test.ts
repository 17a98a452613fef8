import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as dokploy from "../../sdk";
import { messageOf, run, seen } from "./lookups";
import { type Server, startServer } from "./server";
import { CANARY } from "./simple-data";

const missing = "PQqzqTGCVtx0St2SA3vCi";
const hosted = [
  { owner: "acme", name: "Web", branches: { main: "a".repeat(40), "dev/x": "b".repeat(40) } },
  { owner: "acme", name: "api", branches: { trunk: "c".repeat(40) } },
];

describe("functions of git providers", () => {
  let server: Server;
  let githubId: string;
  let halfId: string;
  beforeEach(async () => {
    server = await startServer();
    githubId = server.emulator.makeGithubApp("acme", true);
    halfId = server.emulator.makeGithubApp("half", false);
    server.emulator.hosted.set(githubId, hosted);
  });
  afterEach(() => server.close());

  const made = async (kind: "Gitlab" | "Bitbucket" | "Gitea", inputs: object) => {
    const { id } = await server.of(`${kind}Provider`).create({ name: "other", ...inputs });
    server.emulator.hosted.set(id, hosted);
    return id;
  };

  it("getGithubProvider: by its id or name, in one call that shows no secret", async () => {
    const acme = {
      id: githubId,
      name: "acme",
      appName: "https://github.com/apps/acme",
      url: "https://github.com",
      isConfigured: true,
    };
    for (const args of [{ id: githubId }, { name: "acme" }])
      assert.deepEqual(await run(server, () => dokploy.getGithubProvider(args)), {
        value: acme,
        calls: ["gitProvider.getAll"],
      });
    const { value } = await run(server, () =>
      seen(dokploy.getGithubProviderOutput({ name: pulumi.output("half") })),
    );
    assert.deepEqual(value, {
      value: {
        ...acme,
        id: halfId,
        name: "half",
        appName: "https://github.com/apps/half",
        isConfigured: false,
      },
      isSecret: false,
    });
    await made("Gitea", { url: "https://git.acme.example", accessToken: `${CANARY}-1` });
    const all = await run(server, () => dokploy.getGithubProviders());
    assert.deepEqual(
      all.value.map(({ name }) => name),
      ["acme", "half"],
    );
    assert.deepEqual((await run(server, () => seen(dokploy.getGithubProvidersOutput()))).value, {
      value: all.value,
      isSecret: false,
    });
  });

  it("getGithubProvider: of what does not exist, of several, and of nothing", async () => {
    assert.equal(
      await messageOf(server, () => dokploy.getGithubProvider({ id: missing })),
      `getGithubProvider: Dokploy has no GitHub provider with the id "${missing}". It was deleted, or the id is ` +
        "wrong: getGithubProviders lists the ids and names.",
    );
    assert.match(
      await messageOf(server, () => dokploy.getGithubProvider({ name: "acmee" })),
      new RegExp(`Dokploy has no GitHub provider named "acmee"\\. Did you mean "acme" \\(${githubId}\\)\\?`),
    );
    const second = server.emulator.makeGithubApp("acme", true);
    assert.match(
      await messageOf(server, () => dokploy.getGithubProvider({ name: "acme" })),
      new RegExp(
        `has 2 GitHub providers named "acme": (?:${githubId}, ${second}|${second}, ${githubId})\\. Give id instead of name\\.`,
      ),
    );
    const odd = await messageOf(server, () => dokploy.getGithubProvider({ id: "canary of the job" }));
    assert.match(odd, /id is not an id of Dokploy.*getGithubProviders lists/);
    assert.doesNotMatch(odd, /canary/);
    // @ts-expect-error two ways at once
    const both = () => dokploy.getGithubProvider({ id: githubId, name: "acme" });
    assert.match(await messageOf(server, both), /^getGithubProvider takes \{ id \} or \{ name \}; it got /);
  });

  it("list the repositories and branches of GitHub, in the words of an application's source", async () => {
    const { value, calls } = await run(server, () => dokploy.getGithubRepositories({ githubId }));
    assert.deepEqual(calls, ["github.getGithubRepositories"]);
    assert.deepEqual(value, [
      { owner: "acme", repository: "Web", defaultBranch: "main", isPrivate: true },
      { owner: "acme", repository: "api", defaultBranch: "trunk", isPrivate: true },
    ]);
    const at = { githubId, owner: "acme", repository: "Web" };
    const branches = await run(server, () => seen(dokploy.getGithubBranchesOutput(at)));
    assert.deepEqual(branches.value, {
      value: [
        { branch: "dev/x", commit: "b".repeat(40), isProtected: false },
        { branch: "main", commit: "a".repeat(40), isProtected: true },
      ],
      isSecret: false,
    });
    const unknown = pulumi.output(pulumi.unknown as string);
    const preview = await run(
      server,
      () => seen(dokploy.getGithubRepositoriesOutput({ githubId: unknown })),
      true,
    );
    assert.deepEqual(preview, { value: { value: "unknown", isSecret: false }, calls: [] });
  });

  it("list those of GitLab, Bitbucket and Gitea alike", async () => {
    const gitlabId = await made("Gitlab", { clientId: "shop", clientSecret: `${CANARY}-1` });
    server.emulator.authorize("gitlab", gitlabId);
    const bitbucketId = await made("Bitbucket", {
      username: "bot",
      email: "bot@acme.example",
      apiToken: `${CANARY}-2`,
    });
    const giteaId = await made("Gitea", { url: "https://git.acme.example", accessToken: `${CANARY}-3` });
    const listed = await run(server, async () => [
      await dokploy.getGitlabRepositories({ gitlabId }),
      await dokploy.getGitlabBranches({ gitlabId, projectId: 2 }),
      await dokploy.getBitbucketRepositories({ bitbucketId }),
      await dokploy.getBitbucketBranches({ bitbucketId, owner: "acme", repositorySlug: "web" }),
      await dokploy.getGiteaRepositories({ giteaId }),
      await dokploy.getGiteaBranches({ giteaId, owner: "acme", repository: "api" }),
    ]);
    const web = { owner: "acme", repository: "Web" };
    const api = { owner: "acme", repository: "api" };
    const trunk = { branch: "trunk", commit: "c".repeat(40) };
    assert.deepEqual(listed.value, [
      [
        { ...web, projectId: 1, pathNamespace: "acme/Web" },
        { ...api, projectId: 2, pathNamespace: "acme/api" },
      ],
      [trunk],
      [
        { ...web, repositorySlug: "web" },
        { ...api, repositorySlug: "api" },
      ],
      [
        { branch: "dev/x", commit: "b".repeat(40) },
        { branch: "main", commit: "a".repeat(40) },
      ],
      [web, api],
      [trunk],
    ]);
    assert.equal(listed.calls.length, 6);
  });

  it("report why nothing is listed", async () => {
    assert.match(
      await messageOf(server, () => dokploy.getGithubRepositories({ githubId: halfId })),
      new RegExp(
        `^getGithubRepositories: Dokploy could not list the repositories of GitHub provider ${halfId}: nobody has ` +
          "authorized.*isConfigured is then false.*Dokploy said: \\[@octokit/auth-app\\] installationId is set to " +
          "a falsy value",
      ),
    );
    const gitlabId = await made("Gitlab", { clientId: "shop", clientSecret: `${CANARY}-1` });
    const message = await messageOf(server, () => dokploy.getGitlabRepositories({ gitlabId }));
    assert.match(message, /of GitLab provider .* nobody has authorized/);
    assert.doesNotMatch(message, new RegExp(CANARY));
    const nowhere = { githubId, owner: "acme", repository: "nope" };
    assert.match(
      await messageOf(server, () => dokploy.getGithubBranches(nowhere)),
      /could not list the branches .* no such repository/,
    );
    assert.match(
      await messageOf(server, () =>
        dokploy.getGiteaBranches({ giteaId: missing, owner: "a", repository: "b" }),
      ),
      new RegExp(`^getGiteaBranches: Dokploy has no Gitea provider with the id "${missing}"`),
    );
    assert.match(
      await messageOf(server, () => dokploy.getBitbucketRepositories({ bitbucketId: "canary of the job" })),
      /bitbucketId is not an id of Dokploy.*getBitbucketProviders lists the ids/,
    );
    const text = "2" as unknown as number;
    assert.match(
      await messageOf(server, () => dokploy.getGitlabBranches({ gitlabId, projectId: text })),
      /projectId must be the number/,
    );
    // @ts-expect-error no repository
    const none = () => dokploy.getGithubBranches({ githubId });
    assert.match(
      await messageOf(server, none),
      /^getGithubBranches takes \{ githubId, owner, repository \}; it got \{ githubId \}/,
    );
  });
});
