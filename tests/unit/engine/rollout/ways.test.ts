import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { serviceKinds } from "../../../../provider/dokploy/kinds";
import type { Method } from "../../../../provider/engine/rollout/ways/way";
import { actionOf, fullWay, wayOf } from "../../../../provider/engine/rollout/ways/ways";
import { isDatabase } from "../../../../provider/schema/kinds";

const folder = path.join(__dirname, "../../../../provider/engine/rollout/ways");

describe("the ways to deploy", () => {
  it("are one for each method of a kind of service, and do the least that is enough", () => {
    for (const kind of serviceKinds) {
      const methods: Method[] = isDatabase(kind)
        ? []
        : kind === "compose"
          ? ["redeploy"]
          : ["reload", "redeploy"];
      assert.equal(wayOf(kind, "deploy"), fullWay(kind), kind);
      for (const method of ["reload", "redeploy"] as const) {
        const isThere = methods.includes(method);
        assert.equal(actionOf(kind, method), isThere ? method : "deploy", `${kind} ${method}`);
        if (isThere) assert.ok(wayOf(kind, method).methods(kind).includes(method));
        else assert.throws(() => wayOf(kind, method), { message: /^No way to / });
      }
      assert.equal(actionOf(kind, "none"), "none");
    }
  });

  it("are files of one folder, which are all in its list", () => {
    const list = fs.readFileSync(path.join(folder, "ways.ts"), "utf8");
    const files = fs.readdirSync(folder).map((name) => path.parse(name).name);
    const listed = files.filter((name) => new RegExp(`ays[^;]*= \\[[^;]*\\b${name}\\b`).test(list));
    assert.deepEqual(listed.sort(), files.filter((name) => name !== "way" && name !== "ways").sort());
  });

  it("know from status and records if a service ran", () => {
    const record = (status: string) => ({ deploymentId: status, status, createdAt: "2026-01-01" }) as never;
    const facts = (
      kind: "application" | "redis",
      status: "idle" | "done" | "error",
      ...records: string[]
    ) => {
      const past = { status, deployments: records.map(record) };
      const way = fullWay(kind);
      return [way.hasSucceeded(past), way.hasBegun(past), way.unapplied(past)];
    };
    assert.deepEqual(facts("application", "idle"), [false, false, "deploy"]);
    assert.deepEqual(facts("application", "done"), [false, true, "deploy"], "its records were cleared");
    assert.deepEqual(facts("application", "done", "done"), [true, true, "none"]);
    assert.deepEqual(facts("application", "error", "error"), [false, true, "deploy"]);
    assert.deepEqual(facts("redis", "idle"), [false, false, "deploy"]);
    assert.deepEqual(facts("redis", "done"), [true, true, "none"]);
    assert.deepEqual(facts("redis", "error"), [false, true, "deploy"]);
  });
});
