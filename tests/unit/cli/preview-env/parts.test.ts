import * as assert from "node:assert/strict";
import { keptBy, removeKept } from "../../../../cli/preview-env/kept";
import { leftovers } from "../../../../cli/preview-env/leftovers";
import { endOf, reasonToRemove } from "../../../../cli/preview-env/lifetime";
import { commentOf } from "../../../../cli/preview-env/report";
import type { StackState } from "../../../../cli/stack/stack";
import type { Api } from "../../../../provider/dokploy/endpoints";
import { World } from "./pulumi";

/** A server with these responses. */
const server = (responses: Readonly<Record<string, unknown>>) =>
  ({ call: async (endpoint: string) => responses[endpoint] }) as unknown as Api;

describe("the lifetime of a preview", () => {
  const updated = new Date("2026-11-01T12:00:00.000Z");
  const day = 24 * 3_600_000;
  const at = (ms: number) => new Date(updated.valueOf() + ms);

  it("is seven days, or what the rules say in days or hours", () => {
    for (const [lifetime, ms] of [
      [undefined, 7 * day],
      ["2d", 2 * day],
      ["36h", 1.5 * day],
    ] as const)
      assert.deepEqual(endOf(updated, lifetime === undefined ? {} : { lifetime }), at(ms));
  });

  it("ends with its last moment, and at once when the pull request is closed", () => {
    const reason = (now: Date, open?: ReadonlySet<string>) =>
      reasonToRemove({ number: "12", updated }, open, { lifetime: "1d" }, now);
    assert.equal(reason(at(day - 1)), undefined);
    assert.equal(reason(at(day)), "expired");
    assert.equal(reason(at(1), new Set(["12"])), undefined);
    assert.equal(reason(at(1), new Set()), "closed");
    assert.equal(reason(at(day), new Set(["12"])), "expired");
  });
});

describe("what Docker keeps of a preview", () => {
  let world: World;
  before(async () => {
    world = await World.begin();
  });
  after(() => world.end());

  it("is an image with a tag that Dokploy built for one of its services, after any registry", async () => {
    const image = (Repository: string, Tag: string) => ({ Repository, Tag });
    const api = server({
      "application.one": { appName: "web-abc", serverId: null, sourceType: "git", mounts: [] },
      "dockerVolume.getVolumes": [],
      "dockerImage.getImages": [
        image("web-abc", "latest"),
        image("web-abc", "<none>"),
        image("ghcr.io/acme/web-abc", "1"),
        image("web-abc-def", "latest"),
        image("my-web-abc", "latest"),
      ],
    });
    const kept = await keptBy([{ kind: "Application", id: "a" }], "shop-pr-12-", api);
    assert.deepEqual(
      kept.map(({ what, name }) => `${what} ${name}`),
      ["image web-abc:latest", "image ghcr.io/acme/web-abc:1"],
    );
  });

  it("does not stay when another removal has just deleted it", async () => {
    const kept = [
      { what: "volume" as const, name: "shop-pr-12-gone", at: {} },
      { what: "image" as const, name: "gone:1", at: {} },
    ];
    assert.deepEqual(await removeKept(kept, world.api, { totalMs: 1, pauseMs: 1 }), []);
  });
});

describe("what a killed run left", () => {
  const state = {
    resources: [],
    creating: [{ kind: "Project", name: "shop", inputs: { name: "shop-pr-12" } }],
  };
  const found = (...names: string[]) =>
    leftovers(
      state as unknown as StackState,
      server({ "project.all": names.map((name, at) => ({ projectId: `p${at}`, name })) }),
    );

  it("is the project with its name, unless several have that", async () => {
    assert.deepEqual(await found("other", "shop-pr-12"), [{ kind: "Project", name: "shop", id: "p1" }]);
    assert.deepEqual(await found("shop-pr-12", "shop-pr-12"), []);
    assert.deepEqual(await found("other"), []);
  });
});

describe("the comment about a preview", () => {
  it("has the end of a reason that is too long for it", () => {
    const deployed = new Date(0);
    const reason = `first\n${"x".repeat(60_000)}\nlast`;
    const comment = commentOf({
      number: "12",
      status: "failed",
      services: [],
      deployed,
      until: deployed,
      reason,
    });
    assert.match(comment, /\nlast\n/);
    assert.doesNotMatch(comment, /first/);
    assert.ok(comment.length < 65_536);
  });
});
