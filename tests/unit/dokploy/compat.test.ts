import * as assert from "node:assert/strict";
import { droppedColumn, upgradeResponse } from "../../../provider/dokploy/compat";
import { parseVersion } from "../../../provider/dokploy/version";

const APPLICATION_COLUMNS = { networkIds: [], detachDokployNetwork: false };
const COMPOSE_COLUMNS = { icon: null, serviceNetworks: [], createEnvFile: true };

describe("upgradeResponse", () => {
  const projects = [{ projectId: "p", name: "shop" }];

  it("takes the list out of {projects} and {deployments}", () => {
    assert.deepEqual(upgradeResponse("project.all", { projects }), projects);
    assert.deepEqual(upgradeResponse("deployment.all", { deployments: [{ status: "error" }] }), [
      { status: "error" },
    ]);
    assert.deepEqual(upgradeResponse("deployment.allByCompose", { deployments: [] }), []);
  });

  it("reads the status success as done, and leaves the others", () => {
    const old = ["success", "running", "error", "cancelled", "done"].map((status) => ({
      status,
      title: "t",
    }));
    const now = ["done", "running", "error", "cancelled", "done"].map((status) => ({ status, title: "t" }));
    assert.deepEqual(upgradeResponse("deployment.all", old), now);
    assert.deepEqual(upgradeResponse("application.one", { name: "a", deployments: old }), {
      name: "a",
      deployments: now,
      ...APPLICATION_COLUMNS,
    });
    assert.deepEqual(upgradeResponse("compose.one", { deployments: old }), {
      deployments: now,
      ...COMPOSE_COLUMNS,
    });
    assert.equal(old[0]?.status, "success");
  });

  it("passes today's responses as they are", () => {
    assert.equal(upgradeResponse("project.all", projects), projects);
    const row = { applicationId: "a", status: "success", networkIds: null, detachDokployNetwork: true };
    assert.deepEqual(upgradeResponse("application.one", row), row);
    assert.equal(upgradeResponse("deployment.readLogs", ""), "");
    assert.equal(upgradeResponse("application.update", true), true);
  });

  it("gives nothing for a list endpoint without a list", () => {
    for (const answer of [{}, { projects: "x" }, "text", null, 3]) {
      assert.equal(upgradeResponse("project.all", answer), undefined);
    }
  });

  it("keeps the values of later columns in a row", () => {
    const row = { icon: "x", serviceNetworks: null, createEnvFile: false };
    assert.deepEqual(upgradeResponse("compose.one", row), row);
    assert.deepEqual(upgradeResponse("compose.one", {}), COMPOSE_COLUMNS);
  });

  it("changes no response but its own", () => {
    const evil = JSON.parse(
      '{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}, "deployments": [{"__proto__": {"polluted": 1}, "status": "success"}]}',
    );
    for (const endpoint of ["application.one", "compose.one", "deployment.all", "project.all"] as const) {
      upgradeResponse(endpoint, evil);
      upgradeResponse(endpoint, { deployments: [evil], projects: [evil] });
    }
    assert.equal(({} as { polluted?: number }).polluted, undefined);
    assert.equal(([] as { polluted?: number }).polluted, undefined);
  });
});

describe("droppedColumn", () => {
  for (const [endpoint, input, version, column] of [
    ["compose.update", { createEnvFile: false }, "0.29.14", "createEnvFile"],
    ["compose.update", { createEnvFile: false }, "0.30.0", undefined],
    ["compose.update", { createEnvFile: true }, "0.28.7", undefined],
    ["compose.update", { name: "x" }, "0.28.7", undefined],
    ["compose.update", { icon: "x" }, "0.29.13", "icon"],
    ["compose.update", { icon: null }, "0.29.13", undefined],
    ["compose.update", { serviceNetworks: [{}] }, "0.29.13", "serviceNetworks"],
    ["compose.update", { serviceNetworks: [] }, "0.29.13", undefined],
    ["compose.update", { serviceNetworks: null }, "0.29.13", undefined],
    ["application.update", { networkIds: ["n"] }, "0.29.13", "networkIds"],
    ["application.update", { networkIds: ["n"] }, "0.29.14", undefined],
    ["application.update", { detachDokployNetwork: true }, "0.28.7", "detachDokployNetwork"],
    ["application.update", { createEnvFile: false }, "0.28.7", undefined],
    ["application.create", { sourceType: "docker" }, "0.28.7", undefined],
    ["compose.update", { createEnvFile: false }, "canary", undefined],
  ] as const) {
    it(`${column ?? "nothing"} of ${JSON.stringify(input)} in ${endpoint} on ${version}`, () => {
      assert.equal(droppedColumn(endpoint, input, parseVersion(version)), column);
    });
  }
});
