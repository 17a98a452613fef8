import * as assert from "node:assert/strict";
import {
  type ImageDeployment,
  pulledImage,
  readImageDeployments,
  runsSince,
} from "../../../../../cli/rollout/promote/history";
import { isAddressOf } from "../../../../../cli/rollout/promote/logins";
import { parseSoak } from "../../../../../cli/rollout/promote/options";
import type { NotPromoted, Outcome } from "../../../../../cli/rollout/promote/outcome";
import { renderJson, renderText } from "../../../../../cli/rollout/promote/render";
import { type Running, runningImage } from "../../../../../cli/rollout/promote/running";
import { splitsOf } from "../../../../../cli/rollout/promote/splits";
import type { StateResource } from "../../../../../cli/stack";
import { UsageError } from "../../../../../cli/terminal";
import { type Api, DokployError } from "../../../../../provider/dokploy";
import { parseImage } from "../../../../../provider/schema";
import { Server, shared } from "../../server";

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const done = {
  deploymentId: "d",
  status: "done",
  title: "Pulumi shop/test",
  createdAt: "2026-11-28T12:00:00Z",
};

/** The image that a service runs, or the reason why it is not promoted. */
type Seen = Partial<Running> & Partial<Pick<NotPromoted, "status">> & { readonly why?: string };

async function seen(resource: StateResource, responses: Readonly<Record<string, unknown>>): Promise<Seen> {
  const server = new Server({
    "deployment.all": [done],
    "deployment.allByCompose": [done],
    "deployment.queueList": [],
    ...responses,
  });
  try {
    return await runningImage(resource, server.api);
  } catch (error) {
    return { why: (error as NotPromoted).message, status: (error as NotPromoted).status };
  }
}

describe("the image that an application runs", () => {
  const image = "ghcr.io/acme/api:1";
  const task = (id: string) => ({
    ...{ containerId: id, name: "api-x.1", state: "running", currentState: "Running 5 minutes ago" },
    ...{ node: "n", error: "" },
  });
  const row = {
    ...{ name: "api", appName: "api-x", sourceType: "docker", dockerImage: image, deployments: [] },
    environment: shared,
  };
  const application = async (more: {
    readonly state?: unknown;
    readonly row?: object;
    readonly runs?: string;
    readonly responses?: object;
  }) =>
    await seen(
      {
        ...{ kind: "Application", name: "api", id: "a", outputs: {} },
        inputs: { source: { type: "docker", image: more.state ?? image } },
      },
      {
        "application.one": { ...row, ...more.row },
        "docker.getServiceContainersByAppName": [task("t1")],
        "docker.getContainersByAppNameMatch": [
          { containerId: "c1", name: "api-x.1.t1", state: "running", status: "Up 5 minutes" },
        ],
        "docker.getConfig": ({ containerId }: Record<string, unknown>) =>
          containerId === "c1" ? { Config: { Image: more.runs ?? image }, Image: digest("1") } : {},
        ...more.responses,
      },
    );

  it("has the ids that Docker shows, to ask the registry about", async () => {
    const { proof, digest: pinned } = await application({ runs: `${image}@${digest("2")}` });
    assert.deepEqual(proof && "containers" in proof && proof.containers, [[digest("1")]]);
    assert.equal(pinned, undefined);
  });

  it("is refused where the containers have another image, though its tag is the same", async () => {
    for (const runs of ["ghcr.io/acme/other:1", "docker.io/acme/api:1", "ghcr.io/acme/api:2"])
      assert.equal((await application({ runs })).why, `the state has ${image}, and ${runs} runs`, runs);
  });

  it("is refused where Dokploy has another source", async () => {
    const { why } = await application({ row: { sourceType: "github" } });
    assert.match(why ?? "", /somebody changed it in Dokploy: the state has /);
  });

  it("is refused unless its last deployment succeeded", async () => {
    for (const [status, reason] of [
      ["error", "its last deployment failed (Pulumi shop/test)"],
      ["cancelled", "its last deployment was cancelled (Pulumi shop/test)"],
      ["running", "a deployment is running (Pulumi shop/test)"],
      ["new", "the end of its last deployment is not known (Pulumi shop/test)"],
    ]) {
      const rows = [{ ...done, status }, done];
      assert.equal((await application({ responses: { "deployment.all": rows } })).why, reason);
    }
  });

  it("is refused while a deployment of it waits, and not of another service", async () => {
    const waiting = async (...ids: string[]) => {
      const queue = ids.map((applicationId) => ({
        id: applicationId,
        state: "waiting",
        data: { applicationId },
      }));
      return (await application({ responses: { "deployment.queueList": queue } })).why;
    };
    assert.equal(await waiting("other", "a"), "a deployment of it is waiting or running");
    assert.equal(await waiting("other"), undefined);
  });

  it("is refused where it is a secret, or Docker does not show it", async () => {
    assert.equal(
      (await application({ state: { ciphertext: "x" } })).why,
      "its image is a secret in the state",
    );
    const { why } = await application({ responses: { "docker.getContainersByAppNameMatch": [] } });
    assert.equal(why, "Docker does not show the image of one of its tasks");
  });

  it("is refused where no task should run, or one does not", async () => {
    const tasks = async (...rows: object[]) =>
      (await application({ responses: { "docker.getServiceContainersByAppName": rows } })).why;
    assert.equal(await tasks({ ...task("t1"), state: "shutdown" }), "no container of it runs");
    assert.equal(
      await tasks(task("t1"), { ...task("t2"), name: "api-x.2", currentState: "Starting 1 second ago" }),
      "the container of api-x.2 is still starting, or its health check has not passed yet",
    );
  });

  it("comes with the login for its own registry, where Dokploy has a whole one", async () => {
    const loginOf = async (given: object, state = image) => {
      const { proof } = await application({ state, runs: state, row: { dockerImage: state, ...given } });
      return proof && "login" in proof ? proof.login : undefined;
    };
    const login = { username: "robot", password: "canary" };
    assert.deepEqual(await loginOf({ ...login, registryUrl: "ghcr.io" }), login);
    assert.deepEqual(await loginOf({ ...login, registryUrl: "https://ghcr.io/v2" }), login);
    assert.equal(await loginOf({ ...login, registryUrl: "evil.dev" }), undefined);
    assert.equal(await loginOf({ ...login, registryUrl: null }), undefined);
    assert.equal(await loginOf({ ...login, username: "", registryUrl: "ghcr.io" }), undefined);
    assert.equal(await loginOf({ ...login, password: null, registryUrl: "ghcr.io" }), undefined);
    assert.deepEqual(await loginOf({ ...login, registryUrl: "" }, "acme/api:1"), login);
  });
});

describe("the image that a compose service runs", () => {
  const file = "services:\n  a:\n    image: acme/a:${IMAGE_TAG}\n";
  const container = (containerId: string, state = "running", status = "Up 5 minutes") => ({
    ...{ containerId, name: containerId, state, status },
  });
  const compose = async (
    containers: readonly object[],
    {
      state = { IMAGE_TAG: "7" } as object,
      there = "IMAGE_TAG=7\n",
      source = { composeFile: file } as object,
      images = {} as Readonly<Record<string, string>>,
    } = {},
  ) =>
    await seen(
      { kind: "Compose", name: "jobs", id: "c", inputs: { env: state, source }, outputs: {} },
      {
        "compose.one": {
          ...{ name: "jobs", appName: "jobs-x", composeType: "docker-compose", sourceType: "raw" },
          ...{ env: there, composeFile: file, deployments: [], environment: shared },
        },
        "settings.getDokployVersion": "v0.30.2",
        "docker.getContainersByAppNameMatch": containers,
        "docker.getConfig": ({ containerId }: Record<string, unknown>) => ({
          Config: { Image: images[String(containerId)] ?? "acme/a:7" },
          Image: digest("1"),
        }),
      },
    );

  it("is that of the containers with the tag, apart from those that have done their work", async () => {
    const { tag, proof, why } = await compose(
      [container("a"), container("b"), container("m", "exited", "Exited (0) 5 minutes ago")],
      { images: { b: "acme/b:1" } },
    );
    assert.deepEqual([why, tag], [undefined, "7"]);
    assert.deepEqual(proof && "containers" in proof && proof.containers, [[digest("1")]]);
  });

  it("is refused where a container failed, is not healthy yet, or none runs", async () => {
    for (const [row, why] of [
      [container("b", "exited", "Exited (1) 5 minutes ago"), "the container b ended with exit code 1"],
      [
        container("b", "restarting", "Restarting (1) 5 seconds ago"),
        "the container b ended with exit code 1",
      ],
      [
        container("b", "restarting", "Restarting (0) 5 seconds ago"),
        "the container b exited with code 0, and should keep running",
      ],
      [container("b", "running", "Up 5 minutes (unhealthy)"), "the health check of the container b fails"],
      [
        container("b", "running", "Up 5 seconds (health: starting)"),
        "the health check of the container b has not passed yet",
      ],
    ] as const)
      assert.equal((await compose([container("a"), row])).why, why);
    const done = [container("m", "exited", "Exited (0) 5 minutes ago")];
    for (const rows of [[], done]) assert.equal((await compose(rows)).why, "no container of it runs");
  });

  it("is refused where no container has the tag", async () => {
    const { why } = await compose([container("a")], { images: { a: "acme/a:8" } });
    assert.equal(why, "none of its containers has an image with the tag 7");
  });

  it("has the digest of the tag in the state", async () => {
    const tag = `7@${digest("2")}`;
    const found = await compose([container("a")], {
      ...{ state: { IMAGE_TAG: tag }, there: `IMAGE_TAG=${tag}\n` },
      images: { a: `acme/a:${tag}` },
    });
    assert.deepEqual([found.why, found.tag, found.digest], [undefined, "7", digest("2")]);
  });

  it("has the digest by which its containers were pulled, unless the tag belongs to several images", async () => {
    const pinned = { images: { a: `acme/a:7@${digest("3")}`, b: `acme/a:7@${digest("3")}` } };
    const rows = [container("a"), container("b")];
    assert.equal((await compose(rows, pinned)).digest, digest("3"));
    const composeFile = `${file}  b:\n    image: acme/b:\${IMAGE_TAG}\n`;
    const several = await compose(rows, { ...pinned, source: { composeFile } });
    assert.equal(several.digest, undefined);
    assert.match(JSON.stringify(several.proof), /uses IMAGE_TAG 2 times, and a digest belongs to one image/);
    const mixed = { images: { ...pinned.images, b: `acme/a:7@${digest("4")}` } };
    assert.equal((await compose(rows, mixed)).digest, undefined);
  });

  it("has no digest without its compose file in the state", async () => {
    const { proof } = await compose([container("a")], { source: { type: "git" } });
    assert.deepEqual(proof, { why: "the state does not have its compose file" });
  });

  it("is left out without the variable, and refused where that is a secret or another one", async () => {
    const without = await compose([container("a")], { state: {} });
    assert.deepEqual(
      [without.status, without.why?.slice(0, 28)],
      ["left-out", "it has no variable IMAGE_TAG"],
    );
    const hidden = await compose([container("a")], { state: { IMAGE_TAG: { ciphertext: "x" } } });
    assert.equal(hidden.why, "its IMAGE_TAG is a secret in the state");
    const other = await compose([container("a")], { there: "IMAGE_TAG=8\n" });
    assert.match(other.why ?? "", /the state has 7, but Dokploy has 8$/);
  });
});

describe("the time of a soak", () => {
  it("has a unit of minutes, hours or days", () => {
    for (const [text, time] of [
      [undefined, undefined],
      ["1m", 60_000],
      ["30m", 1_800_000],
      ["2h", 7_200_000],
      ["3d", 259_200_000],
      ["9999m", 599_940_000],
    ] as const)
      assert.equal(parseSoak(text), time, text);
    for (const text of ["", "0h", "1", "1s", "1.5h", "-1h", "10000d", " 1h"])
      assert.throws(() => parseSoak(text), UsageError, text);
  });
});

describe("an address of a registry", () => {
  it("is that of its host, with or without a scheme and a path", () => {
    for (const address of ["ghcr.io", "https://ghcr.io", "http://ghcr.io/v2/"])
      assert.ok(isAddressOf("ghcr.io", address), address);
    for (const address of ["", "ghcr.io.evil.dev", "evil.dev/ghcr.io", "index.docker.io"])
      assert.ok(!isAddressOf("ghcr.io", address), address);
    assert.ok(isAddressOf("docker.io", "https://index.docker.io/v1/"));
    assert.ok(isAddressOf("docker.io", "docker.io"));
    for (const address of ["", "ghcr.io", "https://hub.docker.io/v1/", "evil.dev/index.docker.io"])
      assert.ok(!isAddressOf("docker.io", address), address);
  });
});

describe("an image that services share", () => {
  const service = (name: string, image: unknown): StateResource => ({
    ...{ kind: "Application", name, id: name, outputs: {} },
    inputs: { source: { image } },
  });
  const outcomes = (statuses: Readonly<Record<string, Outcome["status"]>>) =>
    Object.entries(statuses).map(([name, status]) => ({ name, status }) as Outcome);

  it("is found by registry, path and tag, also where it is written otherwise", () => {
    const all = [
      service("web", "docker.io/acme/shop:1"),
      service("jobs", "acme/shop:1"),
      service("other", "ghcr.io/acme/shop:1"),
      service("next", "acme/shop:2"),
      service("untagged", "acme/shop"),
    ];
    const [split, ...others] = splitsOf(all, outcomes({ web: "changed" }));
    assert.deepEqual([split?.moves, split?.stays, others], [["web"], ["jobs"], []]);
  });

  it("is split where one moves, and others are left out, refused or not named; what has it already moves with it", () => {
    const all = ["e", "d", "c", "b", "a"].map((name) => service(name, "acme/shop:1"));
    const statuses = { a: "changed", b: "same", c: "left-out", d: "refused" } as const;
    assert.deepEqual(splitsOf(all, outcomes(statuses)), [
      { image: "acme/shop:1", moves: ["a"], stays: ["c", "d", "e"] },
    ]);
    assert.deepEqual(splitsOf(all.slice(3), outcomes({ a: "changed", b: "same" })), []);
    assert.deepEqual(splitsOf(all, outcomes({ a: "same" })), []);
  });
});

describe("the text of a promotion", () => {
  const changed = (name: string, before: string | undefined, after: string, image = false): Outcome => ({
    ...{ name, status: before === after ? "same" : "changed", file: "Pulumi.prod.yaml", before, after },
    ...{ keys: image ? ["image"] : ["config", name], note: undefined, advice: undefined },
  });
  const text = (outcomes: readonly Outcome[], more: object = {}) =>
    renderText({
      ...{ from: "acme/shop/test", to: "prod", written: [], refused: false, outcomes, splits: [] },
      ...more,
    });

  it("shows a digest where the tag alone says no difference", () => {
    const [a, b] = [digest("a"), digest("b")].map((one) => `1.5@${one}`) as [string, string];
    assert.match(text([changed("api", a, b)]), /^ {2}api {2}1\.5 \(sha256:a+…\) → 1\.5 \(sha256:b+…\) in /m);
    assert.match(text([changed("api", `1@${digest("a")}`, b)]), /^ {2}api {2}1 → 1\.5 \(sha256:b+…\) in /m);
    assert.match(text([changed("api", b, b)]), /^ {2}api {2}1\.5 \(sha256:b+…\), as now$/m);
  });

  it("shows the name of an image without its registry, and that there was no tag", () => {
    const line = text([changed("api", "ghcr.io/acme/api:1", "ghcr.io/acme/api:2", true)]);
    assert.match(line, /^ {2}api {2}api:1 → api:2 in Pulumi\.prod\.yaml$/m);
    assert.match(text([changed("api", undefined, "2")]), /^ {2}api {2}no tag → 2 in /m);
  });

  it("says what was written, and what to do after a refusal", () => {
    const outcomes = [changed("api", "1", "2"), changed("web", "1", "2"), changed("jobs", "1", "1")];
    const refused: Outcome = { name: "db", status: "refused", why: "it failed" };
    assert.match(
      text(outcomes),
      /^Images of prod, from what runs in test\n[\s\S]*\n\nNothing was written\.$/,
    );
    assert.match(text(outcomes, { written: ["a", "b"] }), /\nWrote a, b\. Nothing is deployed before /);
    assert.match(text(outcomes.slice(2)), /\nNothing to do\.$/);
    const all = text([...outcomes, refused], { refused: true });
    assert.match(all, /^ {2}db {4}refused: it failed$/m);
    assert.match(all, /\nNothing was written\. To promote the others alone, name them: api web$/);
    assert.match(text([refused], { refused: true }), /\nNothing was written\.$/);
  });

  it("is JSON with the reasons, and with images that are split", () => {
    const refused: Outcome = { name: "db", status: "refused", why: "it failed" };
    const splits = [{ image: "a:1", moves: ["a"], stays: ["b"] }];
    const json = renderJson({
      ...{ from: "test", to: "prod", written: ["f"], refused: true, splits },
      outcomes: [changed("api", "1", "2"), refused],
    });
    assert.deepEqual(JSON.parse(json), {
      ...{ version: 1, from: "test", to: "prod", refused: true, written: ["f"], splits },
      services: [
        { name: "api", status: "changed", file: "Pulumi.prod.yaml", before: "1", after: "2" },
        refused,
      ],
    });
  });
});

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

  it("is read from the log, which names the image and its digest on lines of their own", () => {
    const [a, b] = [digest("a"), digest("b")];
    for (const [log, image, pinned] of [
      [`Pulling acme/api:1\nc0ffee: Pulling fs layer\nDigest: ${a}\n`, "acme/api:1", a],
      [`c0ffee: Pulling fs layer\nPulling acme/api:1\nThe Digest: ${b}\nDigest: ${a}`, "acme/api:1", a],
      [`Pulling acme/api:1@${a}\nDigest: ${b}\n`, "acme/api:1", a],
      ["Pulling acme/api:1\nDigest: sha256:c0ffee\n", "acme/api:1", undefined],
      [`c0ffee: Pulling fs layer\nDigest: ${a}\n`, undefined, undefined],
      [`Pulling a b\nDigest: ${a}\n`, undefined, undefined],
      ["", undefined, undefined],
    ] as const) {
      const found = pulledImage(log);
      assert.equal(found && `${found.repository}:${found.tag}`, image, log);
      assert.equal(found?.digest, pinned, log);
    }
  });

  it("is not known where the log is gone, which is no reason to fail, or of a compose service", async () => {
    const rows = ["done", "running", "cancelled", "error"].map((status) => ({ ...done, status }));
    const read = async (kind: string, log: (input: Record<string, unknown>) => unknown) => {
      const server = new Server({
        [kind === "Compose" ? "deployment.allByCompose" : "deployment.all"]: rows,
        "deployment.readLogs": log,
      });
      const resource = { kind, id: "x", name: "api", inputs: {}, outputs: {} };
      return { found: await readImageDeployments(resource, server.api), server };
    };
    const gone = () => {
      const facts = { kind: "http", endpoint: "deployment.readLogs", outcome: "rejected" } as const;
      throw new DokployError("not found", facts as never);
    };
    const { found, server } = await read("Application", gone);
    assert.deepEqual(
      found.map(({ isDone, image }) => [isDone, image]),
      [true, false, false, false].map((isDone) => [isDone, undefined]),
    );
    // A log has three lines for each layer after the one with the name, and an image at most 127 layers.
    for (const { deploymentId, tail } of server.inputs("deployment.readLogs") as Record<string, number>[])
      assert.deepEqual([deploymentId, Number(tail) > 3 * 127], ["d", true]);
    const compose = await read("Compose", () => `Pulling acme/api:1\nDigest: ${digest("a")}\n`);
    assert.deepEqual(compose.server.inputs("deployment.allByCompose"), [{ composeId: "x" }]);
    assert.deepEqual(
      compose.found.map(({ image }) => image),
      rows.map(() => undefined),
    );
    await assert.rejects(
      read("Application", () => assert.fail("a fault of ours")),
      /a fault of ours/,
    );
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
