import * as assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { unknownValue } from "../../packages/values";
import { isMarked } from "../../provider/pulumi/secret";
import { isRead } from "./kinds";
import { makeService } from "./parents";
import { type Server, startServer } from "./server";

type Values = Record<string, unknown>;

describe("generated secrets", () => {
  let server: Server;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());
  const secrets = () => server.of("GeneratedSecret");
  const textOf = ({ value }: Values) => {
    assert.ok(isMarked(value), "the value is marked as a secret");
    return String((value as { value: unknown }).value);
  };
  /** Pulumi takes the marks off before it calls. */
  const stateOf = (outs: Values) => ({ ...outs, value: textOf(outs) });

  it("are letters and digits of the length that is asked for, each another one, and need no server", async () => {
    const values = new Set<string>();
    for (let made = 0; made < 20; made++) {
      const value = textOf((await secrets().create({})).outs);
      assert.match(value, /^[A-Za-z0-9]{48}$/);
      values.add(value);
    }
    assert.equal(values.size, 20);
    assert.match(textOf((await secrets().create({ length: 64 })).outs), /^[A-Za-z0-9]{64}$/);
    assert.deepEqual(server.calls(), []);
    const long = await Promise.all(Array.from({ length: 20 }, () => secrets().create({ length: 512 })));
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    const used = [...new Set(long.map(({ outs }) => textOf(outs)).join(""))].sort().join("");
    assert.equal(used, `0123456789${letters}`, "each letter and digit has its turn");
    for (const length of [15, 513, 20.5])
      assert.notDeepEqual((await secrets().check({}, { length })).failures, [], String(length));
  });

  it("have the format that is asked for, each time with another value", async () => {
    const forms: readonly (readonly [Values, RegExp])[] = [
      [{ format: "alphanumeric", length: 16 }, /^[A-Za-z0-9]{16}$/],
      [{ length: 512 }, /^(?=.*[A-Z])(?=.*[a-z])(?=.*\d)\w{512}$/],
      [{ format: "base64" }, /^[A-Za-z0-9+/]{43}=$/],
      [{ format: "base64", bytes: 48 }, /^[A-Za-z0-9+/]{64}$/],
      [{ format: "hex" }, /^[0-9a-f]{64}$/],
      [{ format: "hex", bytes: 16 }, /^[0-9a-f]{32}$/],
      [{ format: "uuid" }, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/],
      [{ format: "username" }, /^[a-z][a-z0-9]{11}$/],
      [{ format: "email" }, /^[a-z][a-z0-9]{11}@example\.com$/],
    ];
    for (const [inputs, form] of forms) {
      assert.deepEqual((await secrets().check({}, inputs)).failures, [], JSON.stringify(inputs));
      const made = [await secrets().create(inputs), await secrets().create(inputs)];
      const [one = "", other] = made.map(({ outs }) => textOf(outs));
      assert.match(one, form);
      assert.notEqual(one, other);
    }
  });

  /** Returns the claims of a token, after the check of its signature. */
  const claimsOf = (token: string, key: string): Values => {
    const [header = "", claims = "", signature] = token.split(".");
    assert.equal(createHmac("sha256", key).update(`${header}.${claims}`).digest("base64url"), signature);
    const read = (part: string) => JSON.parse(Buffer.from(part, "base64url").toString()) as Values;
    assert.deepEqual(read(header), { alg: "HS256", typ: "JWT" });
    return read(claims);
  };

  it("are tokens with the payload and the time of their making, signed with the key", async () => {
    const signingKey = "canary-of-a-signing-key";
    const before = Math.floor(Date.now() / 1000);
    const bare = textOf((await secrets().create({ format: "jwt", signingKey })).outs);
    const { iat, ...rest } = claimsOf(bare, signingKey);
    assert.deepEqual(rest, {});
    assert.ok(Number.isInteger(iat) && Number(iat) >= before && Number(iat) <= Date.now() / 1000);
    const claims = { role: "anon", iat: 1700000000, exp: 2000000000, nested: { ü: [1, null] } };
    const given = { format: "jwt", signingKey, payload: JSON.stringify(claims) };
    assert.deepEqual(claimsOf(textOf((await secrets().create(given)).outs), signingKey), claims);
    assert.deepEqual(server.calls(), []);
  });

  it("are made again in their place when the key or the payload of a token changes, which is kept otherwise", async () => {
    const inputs = { format: "jwt", signingKey: "canary-of-a-signing-key", payload: '{"role":"anon"}' };
    const { id, outs } = await secrets().create(inputs);
    const state = { ...stateOf(outs), ...inputs };
    const changes: readonly (readonly [Values, string, Values])[] = [
      [{ signingKey: "canary-of-the-next-key" }, "canary-of-the-next-key", { role: "anon" }],
      [{ payload: '{"role":"admin"}' }, inputs.signingKey, { role: "admin" }],
    ];
    for (const [change, key, claims] of changes) {
      server.newRun();
      const news = { ...inputs, ...change };
      const diff = await secrets().diff(id, state, news);
      assert.deepEqual([diff.changes === false, diff.replaces ?? []], [false, []]);
      const { iat: _, ...now } = claimsOf(textOf((await secrets().update(id, state, news)).outs), key);
      assert.deepEqual(now, claims);
      assert.doesNotMatch(server.notices.join("\n"), /keeps its value|canary/);
    }
    assert.equal((await secrets().diff(id, state, inputs)).changes, false);
  });

  it("refuse inputs of another format, and a token without a key or with a payload that is no object", async () => {
    const refused: readonly (readonly [Values, RegExp])[] = [
      [{ bytes: 32 }, /^is for the format base64 or hex, and this one is alphanumeric/],
      [{ format: "hex", length: 32 }, /^is for the format alphanumeric, and this one is hex/],
      [{ format: "uuid", payload: "{}" }, /^is for the format jwt, and this one is uuid/],
      [{ format: "email", signingKey: "canary" }, /^is for the format jwt, and this one is email/],
      [{ format: "jwt" }, /^is missing: give the secret that signs the token/],
      [{ format: "jwt", signingKey: "canary", payload: "canary" }, /^is not the JSON text of an object/],
      [{ format: "jwt", signingKey: "canary", payload: "[]" }, /^is not the JSON text of an object/],
      [{ format: "jwt", signingKey: "canary", adopts: "application/a/KEY" }, /^is for values that are kept/],
      [
        { format: "jwt", signingKey: "canary", length: 20 },
        /^is for the format alphanumeric, and this one is jwt/,
      ],
      [{ format: "base64", bytes: 15 }, /16/],
      [{ format: "base64", bytes: 769 }, /768/],
      [{ rotation: 0 }, /1/],
      [{ format: "rsa" }, /alphanumeric/],
    ];
    const properties = [
      ...["bytes", "length", "payload", "signingKey", "signingKey", "payload", "payload", "adopts", "length"],
      ...["bytes", "bytes", "rotation", "format"],
    ];
    const found: (string | undefined)[] = [];
    for (const [inputs, reason] of refused) {
      const { failures } = await secrets().check({}, inputs);
      assert.match(failures[0]?.reason ?? "", reason, JSON.stringify(inputs));
      assert.doesNotMatch(JSON.stringify(failures), /canary/);
      found.push(failures[0]?.property);
    }
    assert.deepEqual(found, properties);
    const later = { format: unknownValue, length: 20, bytes: 20 };
    assert.deepEqual((await secrets().check({}, later)).failures, [], "nobody knows the format yet");
  });

  it("say in the plan which inputs count only from the next value on, and only where there is a value", async () => {
    const said = async (olds: Values | undefined, news: Values) => {
      server.newRun();
      server.notices.length = 0;
      const { id, outs } = await secrets().create(olds ?? {});
      const state = olds === undefined ? {} : { ...stateOf(outs), ...olds };
      await secrets().check(state, news);
      if (olds !== undefined) await secrets().diff(id, state, news);
      return server.notices.map((notice) => /the new .* on\./.exec(notice)?.[0]);
    };
    assert.deepEqual(await said({ format: "hex" }, { format: "base64" }), [
      "the new format counts from the next rotation on.",
    ]);
    assert.deepEqual(await said({ format: "hex" }, { format: "hex", bytes: 20 }), [
      "the new bytes counts from the next rotation on.",
    ]);
    assert.deepEqual(await said({}, { format: "hex", bytes: 20 }), [
      "the new format and bytes count from the next rotation on.",
    ]);
    assert.deepEqual(await said({ length: 20 }, { length: 20 }), []);
    assert.deepEqual(await said(undefined, { format: "hex", bytes: 20 }), []);
    assert.deepEqual(await said({ length: 20 }, { format: "hex", rotation: 2 }), []);
  });

  it("stay the same in a refresh, an update and with another length, and change with another rotation", async () => {
    const { id, outs } = await secrets().create({ length: 32 });
    const state = stateOf(outs);
    server.newRun();
    const read = await secrets().read(id, state);
    assert.deepEqual(textOf(read.props ?? {}), state.value);
    assert.equal((await secrets().diff(id, state, { length: 32 })).changes, false);
    server.newRun();
    const longer = { length: 64 };
    await secrets().check(state, longer);
    const diff = await secrets().diff(id, state, longer);
    assert.deepEqual(diff.replaces ?? [], []);
    assert.match(
      server.notices.join("\n"),
      /keeps its value: the new length counts from the next rotation on/,
    );
    server.notices.length = 0;
    const { outs: updated } = await secrets().update(id, state, longer);
    assert.equal(textOf(updated), state.value);
    const next = { length: 64, rotation: 2 };
    const rotated = await secrets().diff(id, state, next);
    // In its place, since `protect` refuses every replacement.
    assert.deepEqual(rotated.replaces ?? [], []);
    assert.notEqual(rotated.changes, false);
    assert.deepEqual(server.notices, [], "the new length counts at once");
    const renewed = stateOf((await secrets().update(id, state, next)).outs);
    assert.match(renewed.value, /^[A-Za-z0-9]{64}$/);
    const back = await secrets().update(id, { ...state, ...next }, { length: 64, rotation: 1 });
    assert.notEqual(textOf(back.outs), state.value, "a lower number is another one too");
    const same = await secrets().update(id, { ...state, ...next }, { ...next, length: 20 });
    assert.equal(textOf(same.outs), state.value);
    await secrets().delete(id, state);
    assert.deepEqual(server.calls(), []);
  });

  it("adopt the value that a variable has, and the plan says so; without one they make it", async () => {
    const applicationId = await makeService(server, "application");
    const adopts = `application/${applicationId}/SESSION_KEY`;
    const none = await secrets().create({ adopts });
    assert.match(textOf(none.outs), /^[A-Za-z0-9]{48}$/);
    await server.byHand("application.saveEnvironment", {
      ...{
        applicationId,
        env: 'A=1\nSESSION_KEY="canary of the $erver"',
        buildArgs: null,
        buildSecrets: null,
      },
      createEnvFile: false,
    });
    server.newRun();
    const { failures } = await secrets().check({}, { adopts });
    assert.deepEqual(failures, []);
    assert.ok(server.calls().every(isRead));
    const said = server.notices.join("\n");
    assert.match(
      said,
      /adopts the value of SESSION_KEY that application "\w+" \(\S+\) has, instead of making a new one/,
    );
    assert.doesNotMatch(said, /canary/);
    // A run without a preview has no plan to agree with.
    server.newRun();
    const taken = await secrets().create({ adopts });
    assert.equal(textOf(taken.outs), "canary of the $erver");
    // The next program no longer says where the value came from, and a later value of the server counts for nothing.
    assert.equal((await secrets().diff(taken.id, stateOf(taken.outs), {})).changes, false);
    const gone = await secrets().create({ adopts: "application/NothingHasThisIdAtAll/SESSION_KEY" });
    assert.match(textOf(gone.outs), /^[A-Za-z0-9]{48}$/);
    for (const wrong of ["SESSION_KEY", "api/", "/A", "api/A B", "api/A\nB"])
      assert.match(
        (await secrets().check({}, { adopts: wrong })).failures[0]?.reason ?? "",
        /is not a variable/,
      );
  });

  const member = (kind: string, name: string, id: string) => ({
    ...{ urn: `urn:pulumi:test::shop::pulumi-nodejs:dynamic/dokploy:${kind}::${name}`, kind, name, id },
    variables: { env: "all" as const },
  });
  const save = async (applicationId: string, env: string) =>
    await server.byHand("application.saveEnvironment", {
      ...{ applicationId, env, buildArgs: null, buildSecrets: null, createEnvFile: false },
    });
  const urnOf = (kind: string, name: string) => `${member(kind, name, "").urn}/SESSION_KEY`;
  /** What the check of a new resource gives to its creation. */
  const checked = async (adopts: string) => {
    server.newRun();
    return await secrets().check({}, { adopts });
  };
  const taken = async (adopts: string) => {
    const { inputs, failures } = await checked(adopts);
    assert.deepEqual(failures, []);
    return textOf((await secrets().create(inputs)).outs);
  };

  it("adopt the value of the very resource in the state, and of no other one that has its name", async () => {
    const applicationId = await makeService(server, "application");
    const other = await makeService(server, "application");
    const { projectId } = await server
      .byHand<{ projectId: string }>("project.create", { name: "api" })
      .then((made) => (made as unknown as { project: { projectId: string } }).project);
    await server.byHand("project.update", { projectId, env: "SESSION_KEY=canary-of-the-project" });
    await save(other, "SESSION_KEY=canary-of-another-service");
    server.stack = [
      member("Project", "api", projectId),
      member("EnvironmentBlock", "api", `application/${other}`),
      member("Application", "web", other),
      member("Domain", "api", "NothingHasThisIdAtAll"),
    ];
    assert.match(await taken(urnOf("Application", "api")), /^[A-Za-z0-9]{48}$/, "it has no object yet");
    server.stack = [...server.stack, member("Application", "api", applicationId)];
    assert.match(await taken(urnOf("Application", "api")), /^[A-Za-z0-9]{48}$/, "its object has no value");
    await save(applicationId, "SESSION_KEY=canary-of-this-service");
    assert.equal(await taken(urnOf("Application", "api")), "canary-of-this-service");
    const plugin = urnOf("Application", "api").replace(
      "pulumi-nodejs:dynamic/dokploy:",
      "dokploy-native:index:",
    );
    assert.equal(await taken(plugin), "canary-of-this-service", "also where the plugin has it now");
    assert.equal(await taken(urnOf("Project", "api")), "canary-of-the-project");
    assert.equal(await taken(urnOf("EnvironmentBlock", "api")), "canary-of-another-service");
    assert.match((await checked("api/SESSION_KEY")).failures[0]?.reason ?? "", /is not a variable/);

    server.stack = undefined;
    server.isStackReadable = false;
    assert.match(
      (await checked(urnOf("Application", "api"))).failures[0]?.reason ?? "",
      /cannot read the state of this stack, .* whether Application "api" already has SESSION_KEY/,
    );
  });

  it("refuse a place that no object has, since a new value would replace the one that is meant", async () => {
    const id = "PQqzqTGCVtx0St2SA3vCi";
    server.stack = [member("Domain", "web", id), member("Postgres", "db", id)];
    const noObject =
      /^The input adopts is not the kind and the id of an object that has variables\. Give .*; the kinds are application, compose, /;
    const noKind = /^The input adopts names a resource of a kind that has no variables\. Give /;
    const refused: readonly (readonly [string, RegExp])[] = [
      [`domain/${id}/KEY`, noObject],
      [`Application/${id}/KEY`, noObject],
      [`applications/${id}/KEY`, noObject],
      ["application/shop-api/KEY", noObject],
      [urnOf("Domain", "web"), noKind],
      ["urn:pulumi:test::shop::aws:s3/bucket:Bucket::files/KEY", noKind],
      ["urn:pulumi:web/KEY", noKind],
      [
        `compose/${id}/buildArgs/KEY`,
        /^The input adopts names buildArgs, which a compose service does not have\. /,
      ],
      [
        `${member("Postgres", "db", id).urn}/buildSecrets/KEY`,
        /^The input adopts names buildSecrets, which a /,
      ],
    ];
    for (const [adopts, reason] of refused) {
      const { failures } = await checked(adopts);
      assert.match(failures[0]?.reason ?? "", reason, adopts);
      await assert.rejects(secrets().create({ adopts }), { message: reason }, adopts);
      const kept = await secrets().check({ adopts }, { adopts });
      assert.deepEqual(kept.failures, [], "what is in the state adopts nothing");
    }
    assert.deepEqual(server.calls(), []);
  });

  it("show in the plan what they adopt: the object, or nothing", async () => {
    const applicationId = await makeService(server, "application");
    server.stack = [member("Application", "api", applicationId)];
    const adopts = urnOf("Application", "api");
    assert.equal((await checked(adopts)).inputs["adopts"], undefined);
    await save(applicationId, "SESSION_KEY=canary-of-this-service");
    assert.equal((await checked(adopts)).inputs["adopts"], `application/${applicationId}/SESSION_KEY`);
    const later = await secrets().check({ adopts: "x" }, { adopts });
    assert.equal(later.inputs["adopts"], adopts, "a resource in the state adopts nothing");
  });

  it("adopt the value of an environment that is older than environments, whose id is longer", async () => {
    const { environment } = await server.byHand<{ environment: { environmentId: string } }>(
      "project.create",
      { name: "shop" },
    );
    const { tables } = server.emulator.instance;
    const row = tables.environment.get(environment.environmentId) ?? assert.fail("it is not there");
    const environmentId = "env_prod_PQqzqTGCVtx0St2SA3vCi_1756789012.345678";
    const env = "SESSION_KEY=canary-of-an-environment";
    tables.environment.set(environmentId, { ...row, environmentId, env });
    assert.equal(await taken(`environment/${environmentId}/SESSION_KEY`), "canary-of-an-environment");
  });

  it("adopt a name of any length", async () => {
    const applicationId = await makeService(server, "application");
    const adopts = `application/${applicationId}/SESSION_KEY`;
    await save(applicationId, "SESSION_KEY=ana");
    server.newRun();
    for (const format of ["username", "email"] as const) {
      const { inputs, failures } = await secrets().check({}, { adopts, format });
      assert.deepEqual(failures, []);
      assert.equal(textOf((await secrets().create(inputs)).outs), "ana");
    }
  });

  it("adopt no value that is too short for a secret, nor one that changed since the plan", async () => {
    const applicationId = await makeService(server, "application");
    const adopts = `application/${applicationId}/SESSION_KEY`;
    await save(applicationId, "SESSION_KEY=canary-of-15-ch");
    const [{ reason = "" } = {}] = (await checked(adopts)).failures;
    assert.match(
      reason,
      /^SESSION_KEY of application "\w+" \(\S+\) has fewer than 16 characters, too few for a secret that .* !secret/,
    );
    assert.doesNotMatch(reason, /canary/);
    await save(applicationId, "SESSION_KEY=canary-of-16-cha");
    const { inputs } = await checked(adopts);
    await save(applicationId, "SESSION_KEY=a key that somebody knows");
    await assert.rejects(
      secrets().create(inputs),
      /The value of application\/\S+\/SESSION_KEY, .* has changed since the plan/,
    );
    for (const gone of ["", "SESSION_KEY="]) {
      await save(applicationId, gone);
      await assert.rejects(secrets().create(inputs), /has changed since the plan/);
    }
    assert.match(await taken(adopts), /^[A-Za-z0-9]{48}$/);
    const { inputs: fresh } = await checked(adopts);
    await save(applicationId, "SESSION_KEY=a key that somebody knows");
    assert.match(
      textOf((await secrets().create(fresh)).outs),
      /^[A-Za-z0-9]{48}$/,
      "the plan had no adoption",
    );
  });

  it("adopt the variable of the very text that gets it, not one of its name that others may see", async () => {
    const applicationId = await makeService(server, "application");
    await server.byHand("application.saveEnvironment", {
      ...{ applicationId, env: "NPM_TOKEN=canary-of-run-time-1", createEnvFile: false },
      ...{ buildArgs: "NPM_TOKEN=canary-of-arguments", buildSecrets: null },
    });
    server.stack = [member("Application", "api", applicationId)];
    const owners = [`application/${applicationId}`, member("Application", "api", "").urn];
    for (const owner of owners) {
      assert.equal(await taken(`${owner}/NPM_TOKEN`), "canary-of-run-time-1");
      assert.equal(await taken(`${owner}/buildArgs/NPM_TOKEN`), "canary-of-arguments");
      assert.match(await taken(`${owner}/buildSecrets/NPM_TOKEN`), /^[A-Za-z0-9]{48}$/);
    }
    const { inputs } = await checked(`${owners[1]}/buildArgs/NPM_TOKEN`);
    assert.equal(inputs["adopts"], `${owners[0]}/buildArgs/NPM_TOKEN`);
  });

  it("adopt no reference and no template, since the container has another value than the text", async () => {
    const applicationId = await makeService(server, "application");
    for (const text of ["${{environment.SESSION_KEY}}", "{{.Node.Hostname}}-and-a-long-rest"]) {
      await save(applicationId, `SESSION_KEY=${text}`);
      const [{ reason = "" } = {}] = (await checked(`application/${applicationId}/SESSION_KEY`)).failures;
      assert.match(
        reason,
        /^SESSION_KEY of application "\w+" \(\S+\) is replaced before its container sees it, so it cannot be kept as a secret\./,
        text,
      );
    }
    await save(applicationId, "SESSION_KEY='canary {{\"{{\"}} as braces'");
    assert.equal(await taken(`application/${applicationId}/SESSION_KEY`), "canary {{ as braces");
  });
});
