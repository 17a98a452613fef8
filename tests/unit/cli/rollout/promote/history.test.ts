import * as assert from "node:assert/strict";
import {
  type ImageDeployment,
  readImageDeployments,
  runsSince,
} from "../../../../../cli/rollout/promote/history";
import type { Api } from "../../../../../provider/dokploy";
import { parseImage } from "../../../../../provider/schema";

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const deployment = (at: number, image: string | undefined, isDone = true): ImageDeployment => ({
  at,
  isDone,
  image: image === undefined ? undefined : parseImage(image),
});
const a = `acme/api:1@${digest("a")}`;

describe("the time since which an image runs", () => {
  it("is that of the first deployment of the same digest from the same repository, without a gap", () => {
    const cases: readonly (readonly [number | undefined, readonly ImageDeployment[]])[] = [
      [undefined, []],
      [9, [deployment(9, a)]],
      [5, [deployment(9, a), deployment(7, a), deployment(5, a)]],
      // A tag says nothing: the same digest under another one is the same image.
      [7, [deployment(9, a), deployment(7, `acme/api:2@${digest("a")}`)]],
      [9, [deployment(9, a), deployment(7, `acme/api:1@${digest("b")}`), deployment(5, a)]],
      [9, [deployment(9, a), deployment(7, `acme/web:1@${digest("a")}`), deployment(5, a)]],
      [9, [deployment(9, a), deployment(7, a, false), deployment(5, a)]],
      [9, [deployment(9, a), deployment(7, undefined), deployment(5, a)]],
      // Without a digest, nothing proves that two deployments pulled the same image.
      [9, [deployment(9, "acme/api:1"), deployment(7, "acme/api:1")]],
      [9, [deployment(9, undefined), deployment(7, undefined)]],
    ];
    for (const [since, deployments] of cases) assert.equal(runsSince(deployments), since);
  });

  it("counts from the end of a deployment, which is when its containers are new", async () => {
    const row = (id: string, at: string, more: object = {}) => ({
      ...{ deploymentId: id, status: "done", title: id, createdAt: `2026-12-01T${at}:00.000Z` },
      ...more,
    });
    const rows = [
      row("three", "12:00", { status: "error", finishedAt: "2026-12-01T12:05:00.000Z" }),
      row("two", "11:00", { finishedAt: null }),
      row("one", "10:00", { finishedAt: "2026-12-01T10:20:00.000Z" }),
    ];
    const logs: Readonly<Record<string, string>> = {
      one: `Pulling acme/api:1\nDigest: ${digest("a")}\n`,
      two: "Pulling acme/api:2\n",
      three: "nothing about an image\n",
    };
    const api = {
      call: async (endpoint: string, { deploymentId = "" }: { deploymentId?: string }) =>
        endpoint === "deployment.readLogs" ? logs[deploymentId] : rows,
    } as unknown as Api;
    const service = { kind: "Application", id: "x", name: "api" } as Parameters<
      typeof readImageDeployments
    >[0];
    assert.deepEqual(
      (await readImageDeployments(service, api)).map(({ at, isDone, image }) => [
        new Date(at).toISOString().slice(11, 16),
        isDone,
        image?.tag,
        image?.digest,
      ]),
      [
        ["12:05", false, undefined, undefined],
        ["11:00", true, "2", undefined],
        ["10:20", true, "1", digest("a")],
      ],
    );
  });
});
