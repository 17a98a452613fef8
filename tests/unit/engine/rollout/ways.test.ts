import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { serviceKinds } from "../../../../provider/dokploy/kinds";
import { type Method, methods, type Way } from "../../../../provider/engine/rollout/ways/way";
import { actionOf, deployProblems, fullWay, wayOf } from "../../../../provider/engine/rollout/ways/ways";
import { isDatabase } from "../../../../provider/schema/kinds";

const folder = path.join(__dirname, "../../../../provider/engine/rollout/ways");
const files = fs.readdirSync(folder).map((name) => path.parse(name).name);

function isWay(value: unknown): value is Way {
  return typeof value === "object" && value !== null && "methods" in value && "run" in value;
}

describe("the ways to deploy", () => {
  it("are one for each method of a kind of service, and do the least that is enough", () => {
    for (const kind of serviceKinds) {
      const weaker: Method[] = isDatabase(kind)
        ? []
        : kind === "compose"
          ? ["redeploy"]
          : ["reload", "redeploy"];
      assert.equal(wayOf(kind, "deploy"), fullWay(kind), kind);
      for (const method of ["reload", "redeploy"] as const) {
        const isThere = weaker.includes(method);
        assert.equal(actionOf(kind, method), isThere ? method : "deploy", `${kind} ${method}`);
        if (isThere) assert.ok(wayOf(kind, method).methods(kind).includes(method));
        else assert.throws(() => wayOf(kind, method), { message: /^No way to / });
      }
      assert.equal(actionOf(kind, "none"), "none");
    }
  });

  it("never have one method of a kind of service twice: the second would not be used", () => {
    const all = files.flatMap((name) => {
      const exported = Object.values(require(path.join(folder, name)) as Record<string, unknown>);
      return exported.filter(isWay).map((way) => ({ name, way }));
    });
    assert.ok(all.length > 2);
    for (const kind of serviceKinds) {
      for (const method of methods) {
        const having = all.filter(({ way }) => way.methods(kind).includes(method)).map(({ name }) => name);
        assert.ok(having.length < 2, `${having.join(" and ")} both ${method} a service of the kind ${kind}`);
      }
    }
  });

  it("have the methods that a program may ask for; the others are refused", () => {
    for (const kind of serviceKinds) {
      for (const method of methods) {
        const isThere = actionOf(kind, method) === method;
        const problems = deployProblems(kind, { method });
        assert.deepEqual(
          problems.map(({ property }) => property),
          isThere ? [] : ["deploy.method"],
        );
      }
    }
  });

  it("are files of one folder, which are all in its list", () => {
    const list = fs.readFileSync(path.join(folder, "ways.ts"), "utf8");
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
