import * as assert from "node:assert/strict";
import { makeProject, type Server, startServer } from "./server";
import { CANARY } from "./simple-data";

type Values = Record<string, unknown>;

describe("git providers", () => {
  let server: Server;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());

  const gitlab = { name: "gitlab", clientId: "shop", clientSecret: `${CANARY}-1` };
  const gitea = { name: "gitea", url: "https://git.acme.example" };

  it("show the page on which a person approves, and whether that was done", async () => {
    const { id, outs } = await server.of("GitlabProvider").create(gitlab);
    const row = await server.byHand<Values>("gitlab.one", { gitlabId: id });
    const redirectUri = `${server.emulator.url}/api/providers/gitlab/callback`;
    assert.equal(row["redirectUri"], redirectUri);
    const page = new URL(String(outs["authorizeUrl"]));
    assert.equal(page.origin + page.pathname, "https://gitlab.com/oauth/authorize");
    assert.deepEqual(Object.fromEntries(page.searchParams), {
      client_id: "shop",
      redirect_uri: `${redirectUri}?gitlabId=${id}`,
      response_type: "code",
      scope: "api read_user read_repository",
    });
    assert.equal(outs["isConfigured"], false);

    server.emulator.authorize("gitlab", id);
    const { accessToken, refreshToken } = await server.byHand<Values>("gitlab.one", { gitlabId: id });
    server.newRun();
    const { props = {} } = await server.of("GitlabProvider").read(id, outs);
    assert.equal(props["isConfigured"], true);
    for (const token of [accessToken, refreshToken])
      assert.ok(typeof token === "string" && !JSON.stringify(props).includes(token));
    assert.equal((await server.of("GitlabProvider").diff(id, props, gitlab)).changes, false);
  });

  it("of Gitea work at once with a token, and lead to its page with an OAuth2 application", async () => {
    const token = await server.of("GiteaProvider").create({ ...gitea, accessToken: `${CANARY}-1` });
    assert.deepEqual([token.outs["isConfigured"], token.outs["authorizeUrl"]], [true, ""]);
    const oauth = { ...gitea, name: "forgejo", clientId: "shop", clientSecret: `${CANARY}-2` };
    const { id, outs } = await server.of("GiteaProvider").create(oauth);
    assert.equal(outs["isConfigured"], false);
    const page = new URL(String(outs["authorizeUrl"]));
    assert.equal(page.origin + page.pathname, "https://git.acme.example/login/oauth/authorize");
    assert.equal(page.searchParams.get("state"), id);
    assert.equal(
      page.searchParams.get("redirect_uri"),
      `${server.emulator.url}/api/providers/gitea/callback`,
    );
  });

  it("stay while an application is built from them, and affect no other kind", async () => {
    const { id, outs } = await server.of("GitlabProvider").create(gitlab);
    await server.of("GiteaProvider").create({ ...gitea, accessToken: `${CANARY}-1` });
    const { environmentId } = await makeProject(server);
    const made = await server.byHand<{ applicationId: string }>("application.create", {
      name: "web",
      environmentId,
    });
    const { applicationId } = made;
    await server.byHand("application.update", { applicationId, gitlabId: id });
    server.newRun();
    await assert.rejects(
      server.of("GitlabProvider").delete(id, outs),
      /since it is used by application "web"/,
    );
    await server.byHand("application.update", { applicationId, gitlabId: null });
    await server.of("GitlabProvider").delete(id, outs);
    const left = await server.byHand<Values[]>("gitProvider.getAll", {});
    assert.deepEqual(
      left.map(({ name }) => name),
      ["gitea"],
    );
  });
});
