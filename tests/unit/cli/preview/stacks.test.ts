import * as assert from "node:assert/strict";
import { withServer } from "../../../../cli/preview/server";
import { lockTime, PreviewStacks } from "../../../../cli/preview/stacks";
import { World } from "./pulumi";

describe("the stack of a preview", () => {
  let world: World;
  beforeEach(async () => {
    world = await World.begin();
  });
  afterEach(() => world.end());
  const stacks = (stdout: string, code = 0, stderr = "") =>
    new PreviewStacks(async () => ({ code, stdout, stderr }), world.folder);

  it("is encrypted as the stack preview is", async () => {
    world.write("Pulumi.preview.yaml", "secretsprovider: awskms://alias/shop\nconfig: {}\n");
    await world.previews.configure("12", {}, true);
    assert.deepEqual(world.commands("stack init"), [
      "stack init pr-12 --no-select --secrets-provider awskms://alias/shop",
    ]);
  });

  it("gets the configuration of the stack preview before its own settings, each time", async () => {
    await world.previews.configure("12", { "dokploy:previewBranch": "a" }, true);
    await world.previews.configure("12", {}, false);
    assert.deepEqual(
      world.calls.map(({ args }) => args),
      [
        "stack init pr-12 --no-select",
        "config cp --dest pr-12",
        "config set --path -- dokploy:preview 12",
        "config set --path -- dokploy:previewBranch a",
        "config cp --dest pr-12",
        "config set --path -- dokploy:preview 12",
      ],
    );
  });

  it("is not created without the configuration of the stack preview", async () => {
    const other = new PreviewStacks(() => assert.fail("runs Pulumi"), `${world.folder}/services`);
    await assert.rejects(
      other.configure("12", {}, true),
      /^UserError: .*Pulumi\.preview\.yaml is missing\. /,
    );
  });

  it("is one named pr-<number>, also after the name of an organization", async () => {
    const names = ["acme/shop/pr-7", "pr-12", "prod", "pr-x", "my-pr-3", "pr-0", "pr-2-a", "pr-5"];
    const lastUpdate = "2026-11-28T12:00:00.000Z";
    const listed = await stacks(
      JSON.stringify(names.map((name) => (name === "pr-5" ? { name } : { name, lastUpdate }))),
    ).list();
    assert.deepEqual(listed, [
      { number: "5", updated: undefined },
      { number: "7", updated: new Date(lastUpdate) },
      { number: "12", updated: new Date(lastUpdate) },
    ]);
  });

  it("is not guessed where Pulumi fails or is missing", async () => {
    await assert.rejects(
      stacks("[]", 1, "error: no backend").list(),
      /^UserError: pulumi stack ls failed: no backend\.$/,
    );
    const without = new PreviewStacks(async () => undefined, world.folder);
    await assert.rejects(without.list(), /^UserError: pulumi is not on the PATH/);
    await assert.rejects(without.up("12", false, {}), /^UserError: pulumi is not on the PATH/);
  });

  it("has no deployment where it has no update that ended", async () => {
    const last = async (...runs: object[]) => await stacks(JSON.stringify(runs)).lastDeployment("12");
    assert.equal(await last(), undefined);
    assert.equal(await stacks("null").lastDeployment("12"), undefined);
    assert.equal(await last({ kind: "update", result: "in-progress" }), undefined);
  });

  it("is locked since the time in the error of Pulumi", () => {
    const lock = "currently locked by 1 lock(s): created by a@b (pid 1) at 2026-11-28T12:00:30+01:00";
    assert.deepEqual(lockTime(`error: at 2020-01-01T00:00:00Z ${lock}`), new Date("2026-11-28T11:00:30Z"));
    for (const text of ["", "error: at 2026-11-28T12:00:30Z", "currently locked by 1 lock(s)"])
      assert.equal(lockTime(text), undefined, text);
  });

  it("gives a connection that closes after the work, also where that fails", async () => {
    world.preview(12);
    for (const fails of [false, true]) {
      let close = () => false;
      const work = withServer(world.previews.stack("12"), async (api) => {
        const client = api as typeof api & { close(): void };
        const original = client.close.bind(client);
        let isClosed = false;
        client.close = () => {
          isClosed = true;
          original();
        };
        close = () => isClosed;
        if (fails) throw new Error("no");
        return 1;
      });
      if (fails) await assert.rejects(work, /^Error: no$/);
      else assert.equal(await work, 1);
      assert.equal(close(), true);
    }
  });
});
