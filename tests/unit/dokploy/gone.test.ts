import * as assert from "node:assert/strict";
import { type Endpoint, policyOf } from "../../../provider/dokploy";
import { isGone } from "../../../provider/dokploy/gone";

/** Tells of an answer of the procedure that was called, unless another one is given. */
function gone(endpoint: string, rawMessage: string, path: string | undefined = endpoint): boolean {
  const called = endpoint as Endpoint;
  return isGone({ endpoint: called, policy: policyOf(called) }, { path, rawMessage });
}

describe("an object that Dokploy does not find", () => {
  it("is gone, with any noun of Dokploy, when its own read or removal says so", () => {
    for (const [endpoint, message] of [
      ["application.one", "Application not found"],
      ["application.one", "App not found"],
      ["gitlab.one", "Git Provider not found"],
      ["volumeBackups.one", "Volume job not found."],
      ["security.delete", "Basic Auth Entry not found"],
      ["mounts.remove", "Bind not found or you don't have permission to remove it"],
      ["user.one", "User not found in this organization"],
      ["organization.one", "Organization not found"],
      ["user.deleteApiKey", "API key not found"],
      ["port.one", "Port not found"],
    ] as const) {
      assert.equal(gone(endpoint, message), true, `${endpoint}: ${message}`);
    }
    assert.equal(
      isGone(
        { endpoint: "port.one", policy: policyOf("port.one") },
        { path: undefined, rawMessage: "Port not found" },
      ),
      true,
    );
  });

  it("may still exist when another object, or the access to it, is missing", () => {
    for (const missing of [
      "Organization",
      "Custom role",
      "Target user",
      "Member",
      "Permission",
      "Environment",
      "Project",
      "Server",
      "SSH Key",
      "Compose",
      "Git Provider",
      "Preview deployment",
      "Container",
      "Rollback",
    ]) {
      assert.equal(gone("application.one", `${missing} not found`), false, missing);
      assert.equal(gone("application.delete", `${missing} not found in this organization`), false, missing);
    }
  });

  it("may still exist when another procedure responded, or the message says something else", () => {
    assert.equal(gone("application.one", "Application not found", "environment.one"), false);
    for (const message of [
      "",
      "Not found",
      "Server is inactive",
      'Role "x" not found',
      "No servers available",
    ]) {
      assert.equal(gone("server.remove", message), false, message);
    }
  });

  it("is recognised only by its own noun if the call may need a second object", () => {
    assert.equal(gone("application.update", "Application not found"), true);
    for (const endpoint of ["application.update", "application.move", "application.saveDockerProvider"]) {
      assert.equal(gone(endpoint, "App not found"), false, endpoint);
      assert.equal(gone(endpoint, "Environment not found"), false, endpoint);
    }
    assert.equal(gone("application.create", "Environment not found"), false);
    assert.equal(gone("project.all", "Project not found"), false, "a list has no object of its own");
  });
});
