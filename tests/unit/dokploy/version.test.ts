import * as assert from "node:assert/strict";
import { since, supports } from "../../../provider/dokploy/features";
import { compareVersions, FLOOR, parseVersion } from "../../../provider/dokploy/version";

describe("versions", () => {
  it("orders releases, pre-releases and builds without a number", () => {
    const ordered = [
      "0.9.9",
      "v0.28.7-canary.1",
      "0.28.7",
      "v0.29.5",
      "0.30.2-canary.2",
      "v0.30.2-canary.10",
      "0.30.2-rc.1",
      "v0.30.2",
      "0.30.10",
      "1.0.0+build.7",
      "canary",
    ];
    const shuffled = [...ordered].reverse().sort((a, b) => compareVersions(parseVersion(a), parseVersion(b)));
    assert.deepEqual(shuffled, ordered);
    assert.equal(compareVersions(parseVersion("v0.30.2"), parseVersion("0.30.2")), 0);
    assert.equal(parseVersion(" v0.30.2\n").text, "v0.30.2");
  });

  for (const text of ["", "latest", "feat/x", "0.30", "v0.30.x"]) {
    it(`treats ${JSON.stringify(text)}, which is not a version, as newer than every release`, () => {
      assert.ok(compareVersions(parseVersion(text), parseVersion("99.0.0")) > 0);
      assert.ok(supports(parseVersion(text), "compose.create.sourceType"));
    });
  }

  it("sets the floor at the release that stopped resetting database images", () => {
    assert.ok(compareVersions(parseVersion("v0.28.6"), FLOOR) < 0);
    assert.equal(compareVersions(parseVersion("v0.28.7"), FLOOR), 0);
  });

  for (const [feature, before, first] of [
    ["libsql.*", "v0.28.8", "v0.29.0"],
    ["application.readLogs", "v0.28.8", "v0.29.0"],
    ["compose.readLogs", "v0.28.8", "v0.29.0"],
    ["deployment.readLogs", "v0.29.4", "v0.29.5"],
    ["application.update.networkIds", "v0.29.12", "v0.29.14"],
    ["compose.update.icon", "v0.29.13", "v0.29.14"],
    ["compose.update.createEnvFile", "v0.29.14", "v0.30.0"],
    ["compose.create.sourceType", "v0.30.0-canary.1", "v0.30.0"],
    ["overview.services", "v0.29.14", "v0.30.0"],
    ["domain.update.enabled", "v0.29.14", "v0.30.0"],
  ] as const) {
    it(`knows that ${feature} came with ${first}`, () => {
      assert.equal(supports(parseVersion(before), feature), false);
      assert.equal(supports(parseVersion(first), feature), true);
      assert.ok(supports(parseVersion("v0.30.2"), feature));
    });
  }

  it("names no first version for features of the oldest supported version", () => {
    assert.equal(since("application.one"), undefined);
    assert.equal(since("toString"), undefined);
    assert.equal(since("deployment.readLogs")?.text, "0.29.5");
    assert.equal(since("libsql.one")?.text, "0.29.0");
  });
});
