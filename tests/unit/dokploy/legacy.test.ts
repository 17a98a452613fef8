import * as assert from "node:assert/strict";
import { modernise } from "../../../provider/dokploy/legacy";

describe("modernise", () => {
  const projects = [{ projectId: "p", name: "shop" }];

  it("takes the list out of {projects} and {deployments}", () => {
    assert.deepEqual(modernise("project.all", { projects }), projects);
    assert.deepEqual(modernise("deployment.all", { deployments: [{ status: "error" }] }), [
      { status: "error" },
    ]);
    assert.deepEqual(modernise("deployment.allByCompose", { deployments: [] }), []);
  });

  it("reads the status success as done, and leaves the others", () => {
    const old = ["success", "running", "error", "cancelled", "done"].map((status) => ({
      status,
      title: "t",
    }));
    const now = ["done", "running", "error", "cancelled", "done"].map((status) => ({ status, title: "t" }));
    assert.deepEqual(modernise("deployment.all", old), now);
    assert.deepEqual(modernise("application.one", { name: "a", deployments: old }), {
      name: "a",
      deployments: now,
    });
    assert.deepEqual(modernise("compose.one", { deployments: old }), { deployments: now });
    assert.equal(old[0]?.status, "success");
  });

  it("passes today's answers as they are", () => {
    assert.equal(modernise("project.all", projects), projects);
    const row = { applicationId: "a", status: "success" };
    assert.equal(modernise("application.one", row), row);
    assert.equal(modernise("deployment.readLogs", ""), "");
    assert.equal(modernise("application.update", true), true);
  });

  it("gives nothing for a list endpoint without a list", () => {
    for (const answer of [{}, { projects: "x" }, "text", null, 3]) {
      assert.equal(modernise("project.all", answer), undefined);
    }
  });
});
