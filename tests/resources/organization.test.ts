import * as assert from "node:assert/strict";
import { type Server, startServer } from "./server";

describe("organizations", () => {
  let server: Server;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());
  const organizations = () => server.of("Organization");
  const names = async () =>
    (await server.byHand<{ name: string }[]>("organization.all", {})).map(({ name }) => name);

  it("are not deleted with their contents unless the program says so", async () => {
    const { id, outs } = await organizations().create({ name: "acme" });
    await assert.rejects(
      organizations().delete(id, outs),
      /^\w*Error: The Organization acme \(\S+\) is not deleted\. Dokploy would delete everything .* set allowDeletion: true/,
    );
    assert.deepEqual(await names(), ["My Organization", "acme"]);
    server.newRun();
    const news = { name: "acme", allowDeletion: true };
    assert.notEqual((await organizations().diff(id, outs, news)).changes, false);
    const { outs: allowed } = await organizations().update(id, outs, news);
    assert.ok(!server.calls().includes("organization.update"), "nothing of it is Dokploy's");
    server.newRun();
    await organizations().delete(id, allowed);
    assert.deepEqual(await names(), ["My Organization"]);
    // What is gone needs no leave.
    await organizations().delete(id, outs);
  });

  it("keep a stale option import that names one which no longer exists", async () => {
    const { id, outs } = await organizations().create({ name: "acme" });
    server.newRun();
    const news = { name: "acme", import: "PQqzqTGCVtx0St2SA3vCi" };
    await organizations().diff(id, outs, news);
    await assert.rejects(
      organizations().read("PQqzqTGCVtx0St2SA3vCi", outs),
      /Organization acme .* was deleted in Dokploy, or/,
    );
  });

  it("have their own keys", async () => {
    const { id } = await organizations().create({ name: "acme" });
    const { outs } = await server.of("ApiKey").create({ name: "ci", organizationId: id });
    assert.ok(outs["key"]);
    const elsewhere = { name: "ci", organizationId: "PQqzqTGCVtx0St2SA3vCi" };
    await assert.rejects(server.of("ApiKey").create(elsewhere), /not a member of this organization/);
  });

  it("say that a custom role needs a license", async () => {
    const { id, outs } = await organizations().create({ name: "acme" });
    const message = "Setting a custom role as default requires a valid enterprise license";
    const body = { message, code: "FORBIDDEN", data: { code: "FORBIDDEN", httpStatus: 403 } };
    server.emulator.faults.add({ endpoint: "organization.update", status: 403, body });
    server.newRun();
    const news = { name: "acme", defaultRole: "deployer" };
    await organizations().diff(id, outs, news);
    await assert.rejects(
      organizations().update(id, outs, news),
      /it needs a license for Dokploy Enterprise: Setting a custom role .* Leave it out, or enter the license/,
    );
  });
});
