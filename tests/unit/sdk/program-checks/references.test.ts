import * as assert from "node:assert/strict";
import { log, output, runtime } from "@pulumi/pulumi";
import { checkShared, giveShared, givesVariables, placeEnvironment } from "../../../../sdk/program-checks";
import { ProgramError, serverOf } from "../../../../sdk/run";

describe("variables that a program gives", () => {
  beforeEach(async () => {
    const newResource = () => ({ id: undefined, state: {} });
    await runtime.setMocks({ newResource, call: ({ inputs }) => inputs }, "shop", "test", false);
  });

  it("count, unless those in the state do: with ignoreChanges for all, for all variables or for one", () => {
    assert.equal(givesVariables(undefined), true);
    assert.equal(givesVariables({}), true);
    assert.equal(givesVariables({ ignoreChanges: ["source.image", "environmentId"] }), true);
    for (const path of ["*", "env", "env.TOKEN", 'env["TOKEN"]']) {
      assert.equal(givesVariables({ ignoreChanges: ["source.image", path] }), false, path);
    }
  });

  it("are what a reference is compared with, which ends an update at once", () => {
    const server = serverOf(undefined);
    const [project, environment] = [output("p"), output("e")];
    placeEnvironment(server, environment, project);
    giveShared(server, "project", project, 'Project "shop"', { REGION: "eu" });
    checkShared(undefined, 'Application "api"', environment, { env: { A: "${{project.REGION}}" } });
    assert.throws(
      () => checkShared(undefined, 'Application "api"', environment, { env: { A: "${{project.REGOIN}}" } }),
      (error) =>
        error instanceof ProgramError &&
        /env\.A refers to .*project\.REGOIN.*Project "shop" does not set REGOIN/.test(error.message),
    );
  });

  it("are compared with values that are known later, and with the environment's own", async () => {
    const server = serverOf(undefined);
    const environment = output("later");
    giveShared(server, "environment", environment, 'Environment "prod"', { REGION: output("eu") });
    const errorOf = (value: string) => {
      try {
        checkShared(undefined, 'Application "api"', environment, { env: { B: value }, buildArgs: undefined });
      } catch (error) {
        return (error as Error).message;
      }
      return undefined;
    };
    assert.equal(errorOf("${{environment.REGION}} ${{project.ANY}} ${{OWN}}"), undefined);
    assert.match(
      errorOf("${{environment.A}} ${{environment.B}}") ?? "",
      /does not set A: .*\n.*does not set B: /,
    );
  });

  describe("by the setting references", () => {
    const name = "DOKPLOY_REFERENCES";
    let before: string | undefined;
    beforeEach(() => {
      before = process.env[name];
    });
    afterEach(() => {
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
    });

    for (const [setting, warnings] of [
      ["off", []],
      ["warn", [/^Application "api": env\.A refers to .*does not set REGOIN/]],
    ] as const) {
      it(`are ${setting === "off" ? "not looked at" : "told in a warning"} with ${setting}`, async () => {
        const environment = output(`of ${setting}`);
        giveShared(serverOf(undefined), "environment", environment, 'Environment "prod"', { REGION: "eu" });
        const reported: string[] = [];
        const { warn } = log;
        process.env[name] = setting;
        (log as { warn: unknown }).warn = async (message: string) => void reported.push(message);
        try {
          checkShared(undefined, 'Application "api"', environment, {
            env: { A: "${{environment.REGOIN}}" },
          });
        } finally {
          (log as { warn: unknown }).warn = warn;
        }
        assert.equal(reported.length, warnings.length, reported.join());
        for (const [at, warning] of warnings.entries()) assert.match(reported[at] ?? "", warning);
      });
    }
  });
});
