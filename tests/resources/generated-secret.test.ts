import * as assert from "node:assert/strict";
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
    for (const length of [15, 513, 20.5])
      assert.notDeepEqual((await secrets().check({}, { length })).failures, [], String(length));
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
    const { outs: updated } = await secrets().update(id, state, longer);
    assert.equal(textOf(updated), state.value);
    const rotated = await secrets().diff(id, state, { length: 32, rotation: 2 });
    assert.deepEqual([rotated.replaces, rotated.deleteBeforeReplace], [["rotation"], false]);
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

  it("adopt the value of the resource with a name in the state, and refuse where that is not certain", async () => {
    const applicationId = await makeService(server, "application");
    const other = await makeService(server, "application");
    const save = async (id: string, env: string) =>
      await server.byHand("application.saveEnvironment", {
        ...{ applicationId: id, env, buildArgs: null, buildSecrets: null, createEnvFile: false },
      });
    await save(applicationId, "SESSION_KEY=canary-1");
    const member = (kind: string, name: string, id: string) => ({
      ...{ urn: `urn:pulumi:test::shop::pulumi-nodejs:dynamic/dokploy:${kind}::${name}`, kind, name, id },
      variables: { env: "all" as const },
    });
    const adopts = "api/SESSION_KEY";
    const taken = async () => textOf((await secrets().create({ adopts })).outs);
    server.stack = [
      member("Application", "api", applicationId),
      member("EnvironmentBlock", "api", `application/${applicationId}`),
      member("Application", "web", other),
      member("Domain", "api", "NothingHasThisIdAtAll"),
    ];
    assert.equal(await taken(), "canary-1");
    server.stack = [];
    server.newRun();
    assert.match(await taken(), /^[A-Za-z0-9]{48}$/);

    server.stack = [
      member("Application", "api", applicationId),
      member("EnvironmentBlock", "api", `application/${other}`),
    ];
    server.newRun();
    assert.equal(await taken(), "canary-1");
    await save(other, "SESSION_KEY=canary-2");
    server.newRun();
    const { failures } = await secrets().check({}, { adopts });
    assert.match(
      failures[0]?.reason ?? "",
      /^It cannot be known which SESSION_KEY is meant: .* have different values/,
    );
    assert.doesNotMatch(failures[0]?.reason ?? "", /canary/);
    await assert.rejects(taken(), /It cannot be known which SESSION_KEY/);

    server.stack = undefined;
    server.isStackReadable = false;
    server.newRun();
    await assert.rejects(
      taken(),
      /cannot read the state of this stack, .* whether api already has SESSION_KEY/,
    );
  });
});
