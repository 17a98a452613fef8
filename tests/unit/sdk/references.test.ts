import * as assert from "node:assert/strict";
import { output } from "@pulumi/pulumi";
import { ProgramError } from "../../../sdk/program-error";
import { checkShared, giveShared, givesVariables, placeEnvironment } from "../../../sdk/references";
import { serverOf } from "../../../sdk/server";

describe("variables that a program gives", () => {
  it("count, unless those in the state do: with ignoreChanges for all, for all variables or for one", () => {
    assert.equal(givesVariables(undefined), true);
    assert.equal(givesVariables({}), true);
    assert.equal(givesVariables({ ignoreChanges: ["source.image", "environmentId"] }), true);
    for (const path of ["*", "env", "env.TOKEN", 'env["TOKEN"]']) {
      assert.equal(givesVariables({ ignoreChanges: ["source.image", path] }), false, path);
    }
  });

  it("are what a reference is compared with", () => {
    const server = serverOf(undefined);
    const [project, environment] = [output("p"), output("e")];
    placeEnvironment(server, environment, project);
    giveShared(server, "project", project, 'Project "shop"', { REGION: "eu" });
    checkShared(undefined, 'Application "api"', environment, { env: { A: "${{project.REGION}}" } });
    assert.throws(
      () => checkShared(undefined, 'Application "api"', environment, { env: { A: "${{project.REGOIN}}" } }),
      (error) =>
        error instanceof ProgramError &&
        /env\.A refers to .*project\.REGOIN.*Project "shop" gives no REGOIN/.test(error.message),
    );
  });
});
