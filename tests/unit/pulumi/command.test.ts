import * as assert from "node:assert/strict";
import { findCommand, matchesUrn, parsePs, readOptions } from "../../../provider/pulumi/command";

describe("the pulumi command that a provider works for", () => {
  it("names its stack in each way that the command line allows", () => {
    const stacks = [
      ["up", "--stack", "acme/shop/prod", "--yes"],
      ["up", "--stack=acme/shop/prod"],
      ["destroy", "-s", "acme/shop/prod"],
      ["destroy", "-ys", "acme/shop/prod"],
      ["destroy", "-sacme/shop/prod"],
      ["up", "-s=acme/shop/prod"],
    ].map((args) => readOptions(args).stack);
    assert.deepEqual([...new Set(stacks)], ["acme/shop/prod"]);
    assert.equal(readOptions(["up", "--yes", "-m", "stack", "--show-secrets"]).stack, undefined);
  });

  it("tells what it was told to replace", () => {
    const { replaces } = readOptions([
      "up",
      "--replace",
      "urn:a",
      "--target-replace=urn:b",
      "--target",
      "urn:c",
    ]);
    assert.deepEqual(replaces, ["urn:a", "urn:b"]);
  });

  it("takes patterns of URNs as Pulumi does", () => {
    const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/dokploy:Application::api";
    for (const pattern of [urn, "**api", "**:Application::*", "urn:pulumi:dev::shop::**"]) {
      assert.ok(matchesUrn([pattern], urn), pattern);
    }
    for (const pattern of ["*api", "**:Compose::*", "api", `${urn}2`]) {
      assert.ok(!matchesUrn([pattern], urn), pattern);
    }
  });

  it("is found above a shell and whatever started this process", () => {
    const processes = new Map([
      [30, { parent: 20, args: ["/bin/sh", "/bin/pulumi-resource-pulumi-nodejs", "127.0.0.1:1"] }],
      [20, { parent: 10, args: ["pulumi", "up", "-s", "prod"], program: "/opt/pulumi", folder: "/shop" }],
      [10, { parent: 1, args: ["bash"] }],
    ]);
    assert.deepEqual(
      findCommand(30, (pid) => processes.get(pid)),
      { program: "/opt/pulumi", folder: "/shop", stack: "prod", replaces: [] },
    );
    const { program, stack } = findCommand(10, (pid) => processes.get(pid));
    assert.deepEqual({ program, stack }, { program: "pulumi", stack: undefined });
  });

  it("is read from what ps prints", () => {
    assert.deepEqual(parsePs("  812 /opt/pulumi up --stack prod\n"), {
      parent: 812,
      args: ["/opt/pulumi", "up", "--stack", "prod"],
    });
    assert.equal(parsePs(""), undefined);
  });
});
