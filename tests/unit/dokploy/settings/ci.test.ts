import * as assert from "node:assert/strict";
import { isCi } from "../../../../provider/dokploy";

describe("a job of CI", () => {
  it("is known by the variables that it sets", () => {
    for (const env of [{ CI: "true" }, { CI: "1" }, { TF_BUILD: "True" }, { JENKINS_URL: "https://ci" }]) {
      assert.ok(isCi(env), JSON.stringify(env));
    }
    for (const env of [{}, { CI: "" }, { CI: "false" }, { CI: "0" }, { TF_BUILD: "" }]) {
      assert.ok(!isCi(env), JSON.stringify(env));
    }
  });
});
