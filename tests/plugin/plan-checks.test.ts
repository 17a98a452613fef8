import * as assert from "node:assert/strict";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { unknownValue } from "../../packages/values";
import type { Server } from "../../plugin/server";
import { sealed, unsealed } from "../../plugin/values";
import { identityKey, plainKey, separate } from "../../provider/pulumi";
import { Calls, call, filled, urnOf, type Values } from "./calls";

describe("the checks of resources in the plugin", () => {
  let server: Server;
  let lines: string[];
  const { log } = console;
  beforeEach(() => {
    server = new Calls().serverOf({
      check: (_: Values, inputs: Values) => ({ inputs: separate(inputs).inputs, failures: [] }),
    });
    lines = [];
    console.log = (line: string) => lines.push(line.replace(/ \[dokploy.*/, ""));
  });
  afterEach(() => {
    console.log = log;
  });

  /** Checks an application, and returns the paths of its secrets, and its problems. */
  const check = async (inputs: Values, secrets: string[][] = []) => {
    const News = sealed({ resources: { memoryLimit: "1GiB" }, ...inputs }, secrets);
    const request = filled(new proto.CheckRequest(), { Urn: urnOf("Application"), News });
    const response = await call<proto.CheckResponse>(server.check, request);
    const { values, secrets: marked } = unsealed(response.getInputs());
    return {
      plain: values[plainKey],
      secrets: marked,
      problems: response.getFailuresList().map((failure) => failure.getReason()),
    };
  };
  const source = (image: unknown) => ({ source: { type: "docker", image } });

  it("hide variables that look like secrets, and name them once", async () => {
    const env = {
      DB_PASSWORD: "canary-1",
      MARKED_TOKEN: "canary-2",
      LATER_TOKEN: unknownValue,
      LEVEL: "info",
    };
    for (const _ of [1, 2]) {
      const { secrets, plain } = await check({ env }, [["env", "MARKED_TOKEN"]]);
      assert.deepEqual(plain, ["env.DB_PASSWORD"]);
      assert.deepEqual(secrets.map((path) => path.join(".")).sort(), ["env.DB_PASSWORD", "env.MARKED_TOKEN"]);
    }
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? "", /^warning: .*: Application "one" env\.DB_PASSWORD\. .*\[plain-secret\]$/);
    assert.doesNotMatch(lines.join(), /canary/);
  });

  it("are left to a program of the Node.js SDK, which reports all resources together", async () => {
    const Args = sealed({ "dokploy:plugin": "true" }, []);
    await call(server.configure, filled(new proto.ConfigureRequest(), { Args }));
    const said = { [identityKey]: { plain: ["env.DB_PASSWORD"] } };
    const { problems, plain } = await check({ ...source("nginx:latest"), ...said });
    assert.deepEqual([problems, lines, plain], [[], [], ["env.DB_PASSWORD"]]);
  });

  it("report each resource, unless a value is only known in the update", async () => {
    await check({ ...source("nginx:latest"), domains: [{ host: "a.acme.dev" }] });
    await check({
      ...source(unknownValue),
      domains: [{ host: unknownValue, https: unknownValue }],
      resources: unknownValue,
    });
    assert.deepEqual(
      lines.map((line) => /^(?:warning: )?|\[[\w-]+\]$/g[Symbol.match](line)?.join("")),
      ["warning: [latest-tag]", "[no-https]"],
    );
  });

  it("end the plan where the level says so", async () => {
    const Args = sealed(
      { url: "https://a.dev", checks: '{"latest-tag/one":"error","no-memory-limit":"off"}' },
      [],
    );
    await call(server.configure, filled(new proto.ConfigureRequest(), { Name: "default", Args }));
    const { problems } = await check({ ...source("nginx"), resources: {} });
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? "", /: Application "one"\. .*\[latest-tag\]$/);
  });
});
