import * as assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { deploys, files, RepositoryStory } from "./repository-story";
import { hasLine } from "./story";

describe("generated secrets of a deployment repository", function () {
  this.timeout(480_000);
  const shop = new RepositoryStory();

  it("are made once, adopt what a running service has, stay through refreshes and runs for other services, and rotate although their service is protected", async () => {
    shop.write("services/web/dokploy-app.yaml", `${files["services/web/dokploy-app.yaml"]}protect: true\n`);
    const session = "canary-of-a-session";
    await shop.story.succeeds("config", "set", "--secret", "session", session);
    shop.write("envs/dev/api.yaml", "LOG_LEVEL: debug\nSESSION_KEY: !secret session\n");
    shop.write("envs/dev/web.yaml", "COLOUR: blue\nCOOKIE_KEY: !generate { length: 64 }\n");
    const plan = await shop.story.succeeds("preview");
    const created = `${shop.story.typeOf("GeneratedSecret")} web/COOKIE_KEY create`;
    assert.ok(hasLine(plan.output, "+ ", created), plan.output);
    assert.match((await shop.up()).output, /GeneratedSecret/);
    const cookie = shop.running("web")["COOKIE_KEY"] ?? "";
    assert.match(cookie, /^[A-Za-z0-9]{64}$/);
    assert.equal(shop.running("api")["SESSION_KEY"], session);

    shop.write("envs/dev/api.yaml", "LOG_LEVEL: debug\nSESSION_KEY: !generate\n");
    const adopting = await shop.story.succeeds("preview");
    assert.match(
      adopting.output,
      /GeneratedSecret adopts the value of SESSION_KEY that application "api" \(\S+\) has/,
    );
    const adopted = await shop.up();
    assert.equal(deploys(adopted), 0, "the value is the same, so nothing is deployed");
    assert.equal(shop.running("api")["SESSION_KEY"], session);
    assert.deepEqual((await shop.story.succeeds("preview", "--expect-no-changes")).calls, []);
    await shop.story.succeeds("refresh", "--yes");

    await shop.set("dokploy:only", "api");
    shop.write("envs/dev/api.yaml", "LOG_LEVEL: warn\nSESSION_KEY: !generate\n");
    await shop.up();
    await shop.story.succeeds("config", "rm", "dokploy:only");
    await shop.up();
    assert.deepEqual(
      [
        shop.running("web")["COOKIE_KEY"],
        shop.running("api")["SESSION_KEY"],
        shop.running("api")["LOG_LEVEL"],
      ],
      [cookie, session, "warn"],
    );

    // The former value stays readable until no container signs with it.
    shop.write(
      "envs/dev/web.yaml",
      "COLOUR: blue\nCOOKIE_KEY: { rotate: { current: !generate { length: 64 }, next: !generate { length: 64, rotation: 2 } } }\n",
    );
    const first = await shop.up();
    const next = shop.running("web")["COOKIE_KEY_NEXT"] ?? "";
    assert.match(next, /^[A-Za-z0-9]{64}$/);
    assert.deepEqual([shop.running("web")["COOKIE_KEY"], next === cookie], [cookie, false]);
    assert.match(
      first.output,
      /write COOKIE_KEY: \{ rotate: \{ previous: !generate \{ length: 64 \}, current: !generate \{ length: 64, rotation: 2 \} \} \}/,
    );
    shop.write(
      "envs/dev/web.yaml",
      "COLOUR: blue\nCOOKIE_KEY: { rotate: { previous: !generate { length: 64 }, current: !generate { length: 64, rotation: 2 } } }\n",
    );
    await shop.up();
    const { COOKIE_KEY, COOKIE_KEY_PREVIOUS } = shop.running("web");
    assert.deepEqual([COOKIE_KEY, COOKIE_KEY_PREVIOUS], [next, cookie]);
    shop.write("envs/dev/web.yaml", "COLOUR: blue\nCOOKIE_KEY: !generate { length: 64, rotation: 2 }\n");
    const last = await shop.up();
    assert.match(last.output, /GeneratedSecret web\/COOKIE_KEY delet/);
    assert.equal(shop.running("web")["COOKIE_KEY"], next);

    // Another number at once: the resource of the value goes on under its new name, since none may be deleted.
    const protectedSecret = () => shop.story.resource("web/COOKIE_KEY/2")["protect"];
    assert.equal(protectedSecret(), true);
    shop.write("envs/dev/web.yaml", "COLOUR: blue\nCOOKIE_KEY: !generate { length: 64, rotation: 4 }\n");
    const atOnce = await shop.up();
    const latest = shop.running("web")["COOKIE_KEY"] ?? "";
    assert.match(latest, /^[A-Za-z0-9]{64}$/);
    assert.ok(![cookie, next].includes(latest));
    shop.write("envs/dev/web.yaml", "COLOUR: blue\n");
    assert.match((await shop.story.fails("preview")).output, /web\/COOKIE_KEY\/4.*protected|protected/);
    const shown = [plan, adopting, adopted, first, last, atOnce].map(({ output }) => output).join("");
    for (const value of [cookie, next, latest, session])
      assert.ok(!(shown + shop.story.workspace.stateText()).includes(value), "it is a secret");
  });

  it("have formats, stand in texts, mounted files and addresses, and sign tokens, which follow the key", async () => {
    const api = (rotation: string) =>
      [
        `JWT_SECRET: !generate { format: base64, bytes: 48${rotation} }`,
        "ANON_KEY: !generate { format: jwt, signingKey: !generate JWT_SECRET, payload: { role: anon } }",
        "URL: !text { text: 'postgres://${USER}:${PASSWORD}@db/${X}', values: { USER: !generate { format: username }, PASSWORD: !generate } }",
        "",
      ].join("\n");
    shop.write("envs/dev/api.yaml", api(""));
    shop.write("services/api/app.toml", "password = '${DB}'\n");
    shop.write(
      "services/api/dokploy-app.yaml",
      [
        "kind: application",
        "image: acme/api:1",
        "domains: [{ host: !text { text: '${HOST}.example.com', values: { HOST: !generate { format: hex, bytes: 16 } } }, port: 80 }]",
        "mounts:",
        "  - { type: file, mountPath: /a, filePath: a.toml, content: !file { path: app.toml, values: { DB: !generate PASSWORD } } }",
        "  - { type: file, mountPath: /b, filePath: b, content: !generate { name: ID, format: uuid } }",
        "",
      ].join("\n"),
    );
    const outputs = [(await shop.story.succeeds("preview")).output, (await shop.up()).output];
    const first = shop.running("api");
    const [, user = "?", password = "?"] =
      /^postgres:\/\/([a-z][a-z\d]{11}):(\w{48})@db\/\$\{X\}$/.exec(first["URL"] ?? "") ?? [];
    assert.notEqual(password, "?");
    const { domains, mounts } = (await shop.story.application(shop.story.resource("api").id)) as Record<
      string,
      Readonly<Record<string, unknown>>[]
    >;
    const host = String(domains?.[0]?.["host"]);
    assert.match(host, /^[0-9a-f]{32}\.example\.com$/);
    const contents = new Map(mounts?.map((row) => [row["mountPath"], String(row["content"])]));
    assert.equal(contents.get("/a"), `password = '${password}'\n`);
    assert.match(contents.get("/b") ?? "", /^[0-9a-f-]{36}$/);
    const signature = ({ JWT_SECRET = "", ANON_KEY = "" }: Record<string, string>) => {
      const [header = "", claims = "", signed] = ANON_KEY.split(".");
      const { iat, ...rest } = JSON.parse(Buffer.from(claims, "base64url").toString());
      assert.deepEqual([rest, typeof iat], [{ role: "anon" }, "number"]);
      assert.equal(
        createHmac("sha256", JWT_SECRET).update(`${header}.${claims}`).digest("base64url"),
        signed,
      );
      return signed ?? "?";
    };
    const callsOfEmptyPlan = async () => (await shop.story.succeeds("preview", "--expect-no-changes")).calls;
    const before = signature(first);
    assert.deepEqual(await callsOfEmptyPlan(), []);
    await shop.story.succeeds("refresh", "--yes");
    assert.equal(deploys(await shop.up()), 0);

    shop.write("envs/dev/api.yaml", api(", rotation: 2"));
    outputs.push((await shop.story.succeeds("preview")).output, (await shop.up()).output);
    const second = shop.running("api");
    assert.notEqual(second["JWT_SECRET"], first["JWT_SECRET"]);
    assert.notEqual(signature(second), before);
    assert.equal(second["URL"], first["URL"]);
    assert.deepEqual(await callsOfEmptyPlan(), []);
    const shown = outputs.join("") + shop.story.workspace.stateText();
    for (const value of [
      user,
      password,
      contents.get("/b") ?? "?",
      first["JWT_SECRET"] ?? "?",
      second["JWT_SECRET"] ?? "?",
      before,
      signature(second),
      host,
    ])
      assert.ok(!shown.includes(value), "it is a secret");
  });
});
