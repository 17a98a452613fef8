import * as assert from "node:assert/strict";
import { ServerTree } from "../../provider/dokploy/tree";
import { giteaProvider } from "../../provider/resources/gitea-provider";
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
  const bitbucket = {
    name: "bitbucket",
    username: "bot",
    email: "bot@acme.example",
    apiToken: `${CANARY}-3`,
  };

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

  it("of Bitbucket get another name alone", async () => {
    const { id, outs } = await server.of("BitbucketProvider").create(bitbucket);
    await server.of("BitbucketProvider").update(id, outs, { ...bitbucket, name: "other" });
    const { gitProvider } = await server.byHand<{ gitProvider: Values }>("bitbucket.one", {
      bitbucketId: id,
    });
    assert.equal(gitProvider["name"], "other");
  });

  it("of Gitea lose the credential that the program no longer gives, in both directions", async () => {
    const credentials = async (giteaId: string) => {
      const row = await server.byHand<Values>("gitea.one", { giteaId });
      return [row["accessToken"], row["clientId"], row["clientSecret"]];
    };
    const token = { ...gitea, accessToken: `${CANARY}-1` };
    const oauth = { ...gitea, clientId: "shop", clientSecret: `${CANARY}-2` };
    const { id, outs } = await server.of("GiteaProvider").create(token);
    server.newRun();
    const changed = await server.of("GiteaProvider").update(id, outs, oauth);
    assert.deepEqual(await credentials(id), ["", "shop", `${CANARY}-2`]);
    assert.equal(changed.outs["isConfigured"], false);
    assert.match(String(changed.outs["authorizeUrl"]), /client_id=shop/);

    server.emulator.authorize("gitea", id);
    server.newRun();
    const { props = {} } = await server.of("GiteaProvider").read(id, changed.outs);
    assert.equal(props["isConfigured"], true);
    assert.equal((await server.of("GiteaProvider").diff(id, props, oauth)).changes, false);
    server.newRun();
    const back = await server.of("GiteaProvider").update(id, props, token);
    assert.deepEqual(await credentials(id), [`${CANARY}-1`, "", ""]);
    assert.deepEqual([back.outs["isConfigured"], back.outs["authorizeUrl"]], [true, ""]);
  });

  it("of Gitea are listed without the token of a sign-in, which no program gives next to a client", async () => {
    const oauth = { ...gitea, clientId: "shop", clientSecret: `${CANARY}-2` };
    const { id } = await server.of("GiteaProvider").create(oauth);
    server.emulator.authorize("gitea", id);
    server.newRun();
    const [found] = (await giteaProvider.list?.(new ServerTree(server.context.reads))) ?? [];
    assert.equal(found?.id, id);
    assert.deepEqual(Object.keys(found.inputs).sort(), [
      "clientId",
      "clientSecret",
      "name",
      "redirectUri",
      "url",
    ]);
  });

  for (const [kind, page, given] of [
    ["GitlabProvider", "gitlab", gitlab],
    ["GiteaProvider", "gitea", { ...gitea, clientId: "shop", clientSecret: `${CANARY}-2` }],
  ] as const)
    it(`of ${page} redirect to Dokploy again once the program gives no address`, async () => {
      const other = "https://d.acme.example/back";
      const { id, outs } = await server.of(kind).create({ ...given, redirectUri: other });
      const rowNow = () => server.byHand<Values>(`${page}.one`, { [`${page}Id`]: id });
      assert.equal((await rowNow())["redirectUri"], other);
      server.newRun();
      const address = `${server.emulator.url}/api/providers/${page}/callback`;
      server.emulator.faults.add({ endpoint: `${page}.update`, times: 1, cut: "before" });
      const changed = await server.of(kind).update(id, outs, given);
      assert.equal((await rowNow())["redirectUri"], address);
      assert.ok(String(changed.outs["authorizeUrl"]).includes(encodeURIComponent(address)));
      server.newRun();
      assert.equal((await server.of(kind).diff(id, changed.outs, given)).changes, false);
      assert.equal(
        (await rowNow())["redirectUri"],
        address,
        "an address that the program never gave is not touched",
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
