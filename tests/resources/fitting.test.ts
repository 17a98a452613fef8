import * as assert from "node:assert/strict";
import type { CallRecord } from "../../emulator";
import { documentsOf, misfits } from "./fitting";

describe("an input that a version of Dokploy does not accept", () => {
  const call = (endpoint: string, input: object, status = 200): CallRecord => ({
    ...{ method: "POST", endpoint, input, status, at: 0 },
  });
  // Documents that are added later change nothing here.
  const documents = documentsOf("0.30.2", "0.30.7");
  const flags = Object.fromEntries(
    "appBuildError databaseBackup dokployBackup volumeBackup dokployRestart appDeploy dockerCleanup"
      .split(" ")
      .map((name) => [name, false]),
  );
  const ntfy = {
    ...flags,
    name: "ops",
    serverUrl: "https://ntfy.sh",
    topic: "ops",
    accessToken: "",
    priority: 3,
  };

  for (const [what, one, reported] of [
    [
      "an input that the newer one needs",
      call("notification.createNtfy", ntfy),
      ["Dokploy 0.30.7: notification.createNtfy needs serverThreshold"],
    ],
    ["nothing of what both take", call("notification.createNtfy", { ...ntfy, serverThreshold: false }), []],
    [
      "an input of another type",
      call("tag.create", { name: 5 }),
      [
        "Dokploy 0.30.2: tag.create takes name of another type",
        "Dokploy 0.30.7: tag.create takes name of another type",
      ],
    ],
    [
      "a text that only the newer one refuses",
      call("organization.create", { name: "" }),
      ["Dokploy 0.30.7: organization.create takes name of another type"],
    ],
    [
      "an input that none knows",
      call("tag.create", { name: "a", size: 5 }),
      ["Dokploy 0.30.2: tag.create does not know size", "Dokploy 0.30.7: tag.create does not know size"],
    ],
    [
      "a call that only the newer one has",
      call("network.resync", { networkId: "n" }),
      ["Dokploy 0.30.2: network.resync is not there"],
    ],
    ["nothing of what was refused", call("tag.create", {}, 400), []],
  ] as const) {
    it(`is ${what}`, () => {
      assert.deepEqual(misfits([one, one], documents), reported);
    });
  }

  it("is not the call of an object that only the newer one has, unless another version has the object without the call", () => {
    const endpoint = { required: [], takes: {} };
    const versions = [
      { version: "1.0.0", endpoints: { "tag.create": endpoint } },
      { version: "1.1.0", endpoints: { "tag.create": endpoint, "box.create": endpoint } },
      {
        version: "1.2.0",
        endpoints: { "tag.create": endpoint, "box.create": endpoint, "box.fill": endpoint },
      },
    ];
    assert.deepEqual(misfits([call("box.create", {})], versions), []);
    assert.deepEqual(misfits([call("box.fill", {})], versions), ["Dokploy 1.1.0: box.fill is not there"]);
  });
});
