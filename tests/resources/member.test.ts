import * as assert from "node:assert/strict";
import { isGone, makeProject, type Server, startServer } from "./server";

type Values = Record<string, unknown>;

describe("members", () => {
  let server: Server;
  let userId: string;
  const email = "ana@acme.example";
  beforeEach(async () => {
    server = await startServer();
    const made = { email, password: "made-up-password", role: "member" };
    ({ userId } = await server.byHand<{ userId: string }>("user.createUserWithCredentials", made));
  });
  afterEach(() => server.close());
  const members = () => server.of("Member");
  const row = async () => {
    const all = await server.byHand<Values[]>("user.all", {});
    return all.find((one) => one["userId"] === userId) ?? {};
  };

  it("get the permissions of the program, and keep all others", async () => {
    const { projectId } = await makeProject(server);
    await server.byHand("user.assignPermissions", { ...(await row()), id: userId, canAccessToAPI: true });
    const inputs = {
      email: email.toUpperCase(),
      may: { createServices: true, seeDocker: false },
      sees: { projectIds: [projectId] },
    };
    assert.deepEqual((await members().check({}, inputs)).failures, []);
    assert.match(server.warnings.join(), /Member "ANA@ACME.EXAMPLE" .*may\.createServices.*sees\.projectIds/);
    const { id, outs } = await members().create(inputs);
    assert.equal(id, userId);
    const made = await row();
    assert.equal(outs["memberId"], made["id"]);
    assert.deepEqual(
      [
        made["canCreateServices"],
        made["canAccessToAPI"],
        made["canAccessToDocker"],
        made["accessedProjects"],
      ],
      [true, true, false, [projectId]],
    );
    assert.equal(made["role"], "member");

    server.newRun();
    assert.equal((await members().diff(id, outs, inputs)).changes, false);
    await members().update(id, outs, { ...inputs, role: "admin" });
    assert.equal((await row())["role"], "admin");
    assert.deepEqual(
      server.calls().filter((call) => /update|assign/.test(call)),
      ["organization.updateMemberRole"],
    );
  });

  it("are read back, and restored", async () => {
    const inputs = { email, may: { createProjects: false, useApi: true } };
    const { id, outs } = await members().create(inputs);
    await server.byHand("user.assignPermissions", { ...(await row()), id: userId, canCreateProjects: true });
    server.newRun();
    const { inputs: read, props = {} } = await members().read(id, outs);
    assert.deepEqual(read?.["may"], { createProjects: true, useApi: true });
    await members().diff(id, props, inputs);
    await members().update(id, props, inputs);
    assert.equal((await row())["canCreateProjects"], false);
  });

  it("have the saved values when a response is lost", async () => {
    server.emulator.faults.add({ endpoint: "user.assignPermissions", cut: "after" });
    await members().create({ email, may: { createProjects: true } });
    assert.equal((await row())["canCreateProjects"], true);
  });

  it("stay unchanged when they leave the program", async () => {
    const { id, outs } = await members().create({ email, role: "admin" });
    await members().delete(id, outs);
    assert.equal((await row())["role"], "admin");
    assert.match(server.warnings.join(), /Member "ana@acme.example" stays a member/);
  });

  it("are people of the organization, and not its owner", async () => {
    for (const [other, says] of [
      ["bob@acme.example", /belongs to no member of the organization: invite the person/],
      ["owner@dokploy.test", /is the owner of the organization/],
    ] as const) {
      const { failures } = await members().check({}, { email: other });
      assert.equal(failures[0]?.property, "email");
      assert.match(failures[0]?.reason ?? "", says);
    }
    const { failures } = await members().check({}, { email, role: "owner" });
    assert.match(failures[0]?.reason ?? "", /must not be owner/);
  });

  it("that are gone are forgotten", async () => {
    const { outs } = await members().create({ email });
    server.newRun();
    assert.ok(isGone(await members().read("x".repeat(32), outs)));
  });

  it("name the permissions that Dokploy drops without a license", async () => {
    const sees = { gitProviderIds: ["PQqzqTGCVtx0St2SA3vCi"], projectIds: ["PQqzqTGCVtx0St2SA3vCi"] };
    await assert.rejects(
      members().create({ email, sees }),
      /Dokploy did not accept sees\.gitProviderIds, which needs a license for Dokploy Enterprise; everything else is saved/,
    );
    assert.deepEqual((await row())["accessedProjects"], ["PQqzqTGCVtx0St2SA3vCi"]);
    await assert.rejects(
      members().create({ email, sees: { ...sees, serverIds: ["PQqzqTGCVtx0St2SA3vCi"] } }),
      /did not accept sees\.gitProviderIds and sees\.serverIds, which/,
    );
  });
});
