import * as assert from "node:assert/strict";
import { readDeployments } from "../../../../../cli/rollout/rollback/deployments";
import { nameOf } from "../../../../../cli/rollout/rollback/image";
import { assertNotBuilt, type Now, stepTo } from "../../../../../cli/rollout/rollback/plan";
import { type Update, updateAt } from "../../../../../cli/rollout/rollback/updates";
import type { StateResource } from "../../../../../cli/stack";
import { DokployError } from "../../../../../provider/dokploy";
import { Server } from "../../server";

const noon = Date.parse("2026-11-28T12:00:30Z");
const minute = 60_000;
const commit = "3f1c9a7be204";
const ours = "Pulumi shop/prod";

const update = (startedAt: number, more: Partial<Update> = {}): Update => ({
  ...{ startedAt, endedAt: startedAt + minute, commit: undefined },
  ...{ succeeded: true, isDirty: false, by: undefined, ...more },
});

describe("the deployments of a service", () => {
  const row = (deploymentId: string, more: object = {}) => ({
    ...{
      deploymentId,
      status: "done",
      title: ours,
      description: "",
      createdAt: new Date(noon).toISOString(),
    },
    ...more,
  });
  const resource = (kind: string) => ({ kind, name: "api", id: "i", inputs: {}, outputs: {} });

  async function read(rows: readonly object[], updates: readonly Update[] = [], kind = "Application") {
    const server = new Server({
      "deployment.all": rows,
      "deployment.allByCompose": rows,
      "deployment.readLogs": ({ deploymentId }: Record<string, unknown>) => {
        if (deploymentId === "no-log")
          throw new DokployError("gone", {
            ...{ kind: "not-found", endpoint: "deployment.readLogs", outcome: "refused" },
          });
        return `Pulling acme/api:${deploymentId}\n`;
      },
    });
    const where = { project: "shop", stack: "prod" };
    return { ...(await readDeployments(resource(kind), updates, where, server.api)), server };
  }

  it("are those that ended without an error, apart from the number of the others and the latest", async () => {
    const rows = ["running", "done", "error", "done", "cancelled"].map((status, at) =>
      row(String(at), { status }),
    );
    const { done, others, latest } = await read(rows);
    assert.deepEqual(
      done.map(({ id }) => id),
      ["1", "3"],
    );
    assert.equal(others, 3);
    assert.deepEqual([latest?.deploymentId, latest?.status], ["0", "running"]);
    assert.deepEqual((await read([])).latest, undefined);
  });

  it("have the image of their own log, also where that of another is gone", async () => {
    const { done } = await read([row("0", { status: "error" }), row("2"), row("no-log"), row("1")]);
    assert.deepEqual(
      done.map(({ image }) => nameOf(image)),
      ["acme/api:2", undefined, "acme/api:1"],
    );
  });

  it("of a compose service have no image, and no log is read for it", async () => {
    const { done, server } = await read([row("0", { status: "error" }), row("1")], [], "Compose");
    assert.equal(done[0]?.image, undefined);
    assert.deepEqual(server.inputs("deployment.readLogs"), []);
  });

  it("are of this stack by their description or their title", async () => {
    const { done } = await read([
      row("0", { status: "error" }),
      row("1", { title: "x", description: `commit ${commit}` }),
      row("2"),
      row("3", { title: "x" }),
      row("4", { title: "Pulumi shop/other" }),
    ]);
    assert.deepEqual(
      done.map(({ isOurs }) => isOurs),
      [true, true, false, false],
    );
  });

  it("have the commit of their pulumi up, among which the description chooses", async () => {
    const updates = [
      update(noon - minute / 2, { commit: "of-the-update", by: "Ada" }),
      update(noon - 1.5 * minute, { commit, by: "Bob" }),
    ];
    const { done } = await read(
      [
        row("0", { status: "error" }),
        row("1", { description: `commit ${commit}` }),
        row("2"),
        row("3", { title: "x" }),
        row("4", { description: `commit ${commit.replace("3", "4")}` }),
      ],
      updates,
    );
    assert.deepEqual(
      done.map((one) => [one.commit, one.update?.by]),
      [
        [commit, "Bob"],
        ["of-the-update", "Ada"],
        [undefined, undefined],
        [undefined, undefined],
      ],
    );
  });

  it("name the commit of the source code that Dokploy built", async () => {
    const built = async (description: string) =>
      (await read([row("0", { status: "error" }), row("1", { description })])).done[0]?.built;
    assert.equal(await built("Commit: 0123456789abcdef"), "0123456789abcdef");
    for (const text of ["Commit: xyz", "Commit: 012345", "a Commit: 0123456789", "Commit: 0123456789 b"])
      assert.equal(await built(text), undefined, text);
  });

  it("are in doubt where their pulumi up failed, and only then", async () => {
    const doubt = async (succeeded: boolean) =>
      (await read([row("0", { status: "error" }), row("1")], [update(noon - 1000, { succeeded })])).done[0]
        ?.doubt;
    assert.equal(await doubt(false), "its pulumi up failed, maybe because its containers did not run");
    assert.equal(await doubt(true), undefined);
  });
});

describe("the pulumi up of a deployment", () => {
  it("is at most a minute away, since clocks differ", () => {
    const all = [update(noon)];
    for (const [at, isFound] of [
      [noon - minute, true],
      [noon - minute - 1, false],
      [noon + 2 * minute, true],
      [noon + 2 * minute + 1, false],
    ] as const)
      assert.equal(updateAt(all, at, undefined) !== undefined, isFound, String(at - noon));
  });

  it("is the one that ran then, rather than one close to it; the earlier one of two", () => {
    const before = update(noon - 90_000);
    const during = update(noon - 10_000);
    assert.equal(updateAt([before, during], noon, undefined), during);
    const [first, second] = [update(noon - 30_000), update(noon - 20_000)];
    assert.equal(updateAt([second, first], noon, undefined), first);
  });
});

describe("a deployment of unknown origin", () => {
  const now = {} as Now;
  const why = (more: object) =>
    stepTo(
      {
        ...{ id: "a", at: noon, image: undefined, commit: undefined, built: undefined },
        ...{ isOurs: false, update: undefined, doubt: undefined },
        ...more,
      },
      now,
    ).why;

  it("has no way back, and names its image only where the log says it", () => {
    const advice = "If the application has rollbackActive, Dokploy can go back to it: Deployments, Rollback";
    const origin = "no known pulumi up of this stack made it, so nobody knows its variables";
    assert.equal(why({}), `${origin}. ${advice}`);
    const image = {
      repository: "acme/api",
      host: "docker.io",
      path: "acme/api",
      tag: "1",
      digest: undefined,
    };
    assert.equal(why({ image }), `${origin}; its image was acme/api:1. ${advice}`);
  });
});

describe("a service that is built from source", () => {
  const resource = (kind: string, type?: string): StateResource => ({
    ...{ kind, name: "api", id: "i", outputs: {} },
    inputs: type === undefined ? {} : { source: { type } },
  });
  const refused = (kind: string, type?: string) => {
    try {
      assertNotBuilt(resource(kind, type), []);
      return false;
    } catch (error) {
      assert.match(
        String(error),
        /is built from source .*, so its version is a commit of the source code\. Revert/,
      );
      return true;
    }
  };

  it("does not go back, other than images and compose files", () => {
    for (const [kind, type, isRefused] of [
      ["Application", "docker", false],
      ["Application", "git", true],
      ["Application", "raw", true],
      ["Compose", "raw", false],
      ["Compose", "github", true],
      ["Compose", "docker", true],
      ["Application", undefined, false],
    ] as const)
      assert.equal(refused(kind, type), isRefused, `${kind} ${type}`);
  });
});
