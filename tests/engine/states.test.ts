/** States that each earlier version wrote go on with this one without a change, where nothing was left to do. */
import * as assert from "node:assert/strict";
import { recordedVersions } from "../states/recorded";
import { Continued } from "./continued";

for (const version of recordedVersions()) {
  describe(`a state of ${version} with every kind of resource, source and target`, function () {
    this.timeout(180_000);
    let state: Continued;
    before(async () => {
      state = await Continued.begin("settled", version);
    });
    after(() => state?.end());

    it("has no change, and none after a refresh", async () => {
      await state.isSettled();
    });

    it("is destroyed, and all other objects stay", async () => {
      assert.deepEqual(await state.destroy(), {
        project: ["others"],
        environment: ["production"],
        application: ["shared", "worker"],
        compose: ["compose"],
        libsql: ["libsql"],
        mariadb: ["mariadb"],
        mongo: ["mongo"],
        mysql: ["mysql"],
        postgres: ["postgres"],
        redis: ["redis"],
      });
      const { shared, worker } = state.rows("application");
      assert.equal(shared?.["env"], "# by hand\nTHEIRS=kept");
      assert.deepEqual([worker?.["env"], worker?.["buildArgs"], worker?.["buildSecrets"]], ["", "", ""]);
    });
  });
}
