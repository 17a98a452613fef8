import * as assert from "node:assert/strict";
import { secret } from "../../provider/pulumi/secret";
import { newKeyPair } from "../../provider/resources/ssh-key/keys";
import { makeProject, type Server, startServer } from "./server";

type Values = Record<string, unknown>;

describe("SSH keys", () => {
  let server: Server;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());
  const keys = () => server.of("SshKey");
  const only = async () => {
    const [row, ...others] = await server.byHand<Values[]>("sshKey.all", {});
    assert.ok(row && others.length === 0);
    return row;
  };

  it("are created if the program gives none: both are outputs, the private one a secret", async () => {
    const { id, outs } = await keys().create({ name: "deploy" });
    const { publicKey, privateKey, organizationId } = await only();
    assert.match(String(publicKey), /^ssh-ed25519 /);
    assert.notEqual(organizationId, "");
    assert.deepEqual(outs, { name: "deploy", publicKey, privateKey: secret(privateKey) });

    server.newRun();
    assert.equal((await keys().diff(id, outs, { name: "deploy" })).changes, false);
    const { inputs, props } = await keys().read(id, outs);
    assert.deepEqual([inputs, props], [{ name: "deploy" }, outs]);
    await keys().diff(id, outs, { name: "build" });
    const { outs: renamed } = await keys().update(id, outs, { name: "build" });
    assert.deepEqual(renamed, { ...outs, name: "build" });
  });

  it("may be existing ones, and are replaced when they change", async () => {
    const [one, other] = [newKeyPair(), newKeyPair()];
    const inputs = { name: "ci", existingKey: one.privateKey.replaceAll("\n", "\r\n") };
    const { id, outs } = await keys().create(inputs);
    const { privateKey, publicKey } = await only();
    assert.deepEqual({ privateKey, publicKey }, one);
    server.newRun();
    assert.deepEqual((await keys().read(id, outs)).inputs, inputs);
    const same = { ...inputs, existingKey: one.privateKey };
    assert.equal((await keys().diff(id, outs, same)).changes, false);
    for (const news of [{ ...inputs, existingKey: other.privateKey }, { name: "ci" }])
      assert.deepEqual((await keys().diff(id, outs, news)).replaces, ["existingKey"]);
  });

  it("are adopted only with the key that they have", async () => {
    const { privateKey } = newKeyPair();
    const { id } = await keys().create({ name: "ci" });
    server.newRun();
    const { failures } = await keys().check({}, { name: "ci", existingKey: privateKey, import: id });
    assert.match(failures[0]?.reason ?? "", /differs from what the SshKey .* has, and cannot be changed/);
    const { outs } = await keys().create({ name: "ci", import: id });
    assert.equal(outs["publicKey"], (await only())["publicKey"]);
  });

  it("show none of their letters in messages about a wrong one", async () => {
    const { privateKey } = newKeyPair();
    const broken = privateKey.replaceAll("OPENSSH", "DSA");
    const { failures } = await keys().check({}, { name: "ci", existingKey: broken });
    assert.equal(failures[0]?.property, "existingKey");
    const body = privateKey.split("\n").slice(1, -2);
    assert.ok(body.length > 3 && body.every((line) => !JSON.stringify(failures).includes(line)));
  });

  it("stay while an application, a compose service or a server uses them, which are named", async () => {
    const { id, outs } = await keys().create({ name: "deploy" });
    const { environmentId } = await makeProject(server);
    const { applicationId } = await server.byHand<{ applicationId: string }>("application.create", {
      name: "web",
      environmentId,
    });
    const { composeId } = await server.byHand<{ composeId: string }>("compose.create", {
      name: "wiki",
      environmentId,
    });
    await server.byHand("application.update", { applicationId, customGitSSHKeyId: id });
    await server.byHand("compose.update", { composeId, customGitSSHKeyId: id });
    server.newRun();
    await assert.rejects(keys().delete(id, outs), (error: Error) => {
      assert.match(error.message, /^The SshKey deploy \(\S+\) is not deleted, since it is used by /);
      assert.ok(
        error.message.includes(`application "web" (${applicationId}), compose service "wiki" (${composeId})`),
      );
      return true;
    });
    await only();
    await server.byHand("application.update", { applicationId, customGitSSHKeyId: null });
    await server.byHand("compose.update", { composeId, customGitSSHKeyId: null });
    await keys().delete(id, outs);
    assert.deepEqual(await server.byHand("sshKey.all", {}), []);
  });
});
