import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pulledImage } from "../../../../../cli/rollout/promote/history";
import { previousStep, stepNamed } from "../../../../../cli/rollout/rollback/choice";
import { type Deployment, readDeployments } from "../../../../../cli/rollout/rollback/deployments";
import { nameOf } from "../../../../../cli/rollout/rollback/image";
import { parseRollback } from "../../../../../cli/rollout/rollback/options";
import type { Plan, Step } from "../../../../../cli/rollout/rollback/plan";
import { Refused } from "../../../../../cli/rollout/rollback/refused";
import { type Result, renderJson, renderText } from "../../../../../cli/rollout/rollback/render";
import { readUpdates, type Update, updateAt } from "../../../../../cli/rollout/rollback/updates";
import { UsageError } from "../../../../../cli/terminal";
import { UserError } from "../../../../../provider/errors";

const minute = 60_000;
const noon = Date.parse("2026-11-28T12:00:30Z");
const digest = (digit: string) => `sha256:${digit.repeat(64)}`;

function deployment(id: string, at: number, more: Partial<Deployment> = {}): Deployment {
  const none = {
    image: undefined,
    commit: "3f1c9a7be204",
    built: undefined,
    isOurs: true,
    update: undefined,
    doubt: undefined,
  };
  return { id, at, ...none, ...more };
}

function plan(more: Partial<Plan> = {}): Plan {
  return { image: undefined, variables: [], secrets: [], notes: [], texts: [], ...more };
}

const change = plan({ texts: [{ path: "Pulumi.prod.yaml", text: "" }] });

describe("the choice of a deployment", () => {
  const steps: Step[] = [
    { deployment: deployment("kS0f9aLmN1", noon), plan: plan(), why: undefined },
    { deployment: deployment("kS0f9aQQQ2", noon - 60 * minute), plan: undefined, why: "by hand" },
    {
      deployment: deployment("2026zzzzzz", noon - 120 * minute, { doubt: "it failed" }),
      plan: change,
      why: undefined,
    },
    { deployment: deployment("older45678", noon - 180 * minute), plan: change, why: undefined },
  ];
  const idOf = (to: string) => stepNamed(steps, to).deployment.id;

  it("takes a number, an id or its beginning, and a time", () => {
    assert.equal(idOf("1"), "kS0f9aLmN1");
    assert.equal(idOf("4"), "older45678");
    assert.equal(idOf("older4"), "older45678");
    assert.equal(idOf("2026zzzzzz"), "2026zzzzzz");
    // A minute means its end, as the list shows no seconds; a time means what was the latest then.
    for (const now of ["2026-11-28 12:00", "2026-11-28 12:00 UTC", "2026-11-28T13:00:30+01:00", "2026-11-28"])
      assert.equal(idOf(now), "kS0f9aLmN1", now);
    assert.equal(idOf("2026-11-28T12:00:29Z"), "kS0f9aQQQ2");
    assert.equal(idOf("2026-11-28 09:30"), "older45678");
  });

  it("refuses what names none, or several", () => {
    for (const to of ["5", "0", "older", "kS0f9a", "2026-11-27", "2026-13-40 99:99", "\u001b[2J", "12:00"])
      assert.throws(() => stepNamed(steps, to), { message: /^The list has no deployment / }, to);
    assert.throws(
      () => stepNamed(steps, "\u001b[2J"),
      (error: Error) => !error.message.includes("\u001b"),
    );
  });

  it("takes the newest that worked and differs from the files, as the previous one", () => {
    assert.equal(previousStep(steps).deployment.id, "older45678");
    assert.throws(() => previousStep(steps.slice(0, 3)), Refused);
  });
});

describe("the history of a stack", () => {
  const entry = (from: number, to: number, environment: object, result = "succeeded") => ({
    ...{ kind: "update", result, environment, config: { token: { value: "canary" } } },
    ...{ startTime: new Date(from).toISOString(), endTime: new Date(to).toISOString() },
  });
  const read = async (entries: unknown) =>
    await readUpdates("prod", async () => ({ code: 0, stdout: JSON.stringify(entries), stderr: "" }));

  it("says who made an update from which commit", async () => {
    const person = { "git.head": "abc", "git.author": "Ada", "git.dirty": "true" };
    const run = {
      "git.head": "def",
      "git.author": "Ada",
      "ci.system": "GitHub Actions",
      "ci.build.url": "https://x",
    };
    const numbered = { "git.author": "Ada", "ci.system": "GitLab CI/CD", "ci.build.number": "7" };
    assert.equal((await read([entry(0, 1000, numbered)]))[0]?.by, "GitLab CI/CD 7");
    const updates = await read([
      entry(noon, noon + minute, run, "failed"),
      { ...entry(0, 1000, person), kind: "refresh" },
      entry(0, 1000, person),
      null,
    ]);
    assert.deepEqual(updates, [
      {
        ...{ startedAt: noon, endedAt: noon + minute + 999, succeeded: false, commit: "def", isDirty: false },
        by: "GitHub Actions https://x",
      },
      { startedAt: 0, endedAt: 1999, succeeded: true, commit: "abc", isDirty: true, by: "Ada" },
    ]);
  });

  it("is refused without a secret of it when it cannot be read", async () => {
    const failing = async () => ({ code: 1, stdout: "canary", stderr: "error: no stack named 'prod'\n" });
    await assert.rejects(readUpdates("prod", failing), (error: Error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /^The history of stack prod cannot be read: no stack named 'prod'\./);
      return true;
    });
    await assert.rejects(
      readUpdates("prod", async () => undefined),
      /pulumi is not on the PATH/,
    );
  });

  it("ends an update with its second, which may be the one in which the next begins", async () => {
    const [own, next] = [{ "git.head": "own" }, { "git.head": "next" }];
    const ended = noon + minute;
    for (const pause of [0, 1000]) {
      const updates = await read([entry(ended + pause, ended + minute, next), entry(noon, ended, own)]);
      assert.equal(updateAt(updates, ended + 900, undefined)?.commit, "own");
      assert.equal(updateAt(updates, ended + 900, "next")?.commit, "next");
    }
  });

  it("gives a deployment the update that ran then, with its commit", () => {
    const update = (startedAt: number, commit: string): Update => ({
      ...{ startedAt, endedAt: startedAt + minute, commit },
      ...{ succeeded: true, isDirty: false, by: undefined },
    });
    const updates = [update(noon, "b"), update(noon - 5 * minute, "a")];
    assert.equal(updateAt(updates, noon + 1000, undefined)?.commit, "b");
    assert.equal(updateAt(updates, noon - 1000, undefined)?.commit, "b");
    assert.equal(updateAt(updates, noon - 1000, "a"), undefined);
    assert.equal(updateAt(updates, noon - 5 * minute, "a")?.commit, "a");
    assert.equal(updateAt(updates, noon + 60 * minute, undefined), undefined);
  });
});

describe("the image in a log", () => {
  it("is found before the lines of a hundred layers", async () => {
    const layers = Array.from({ length: 100 }, (_, at) => `layer ${at}: `);
    const steps = ["Pulling fs layer", "Download complete", "Pull complete"];
    const lines = ["Pulling acme/api:1", ...steps.flatMap((step) => layers.map((layer) => layer + step))];
    const log = [...lines, `Digest: ${digest("a")}`];
    const row = { createdAt: new Date(noon).toISOString(), title: "", description: "" };
    const api = {
      call: async (endpoint: string, { tail = 0 }: { tail?: number }) =>
        endpoint === "deployment.readLogs"
          ? log.slice(-tail).join("\n")
          : [
              { ...row, deploymentId: "b", status: "error" },
              { ...row, deploymentId: "a", status: "done" },
            ],
    } as unknown as Parameters<typeof readDeployments>[3];
    const application = { kind: "Application", name: "api", id: "i" } as Parameters<
      typeof readDeployments
    >[0];
    const { done } = await readDeployments(application, [], { project: "shop", stack: "prod" }, api);
    assert.deepEqual(
      done.map(({ id, image }) => [id, nameOf(image)]),
      [["a", `acme/api:1@${digest("a")}`]],
    );
  });

  it("is read with the digest that Docker received", () => {
    const log = `Initializing\nPulling ghcr.io/acme/api:1.4.2\n1.4.2: Pulling from acme/api\nDigest: ${digest("a")}\n`;
    assert.equal(nameOf(pulledImage(log)), `ghcr.io/acme/api:1.4.2@${digest("a")}`);
    assert.equal(nameOf(pulledImage("Pulling acme/api:1\n")), "acme/api:1");
    const pinned = `acme/api:1@${digest("b")}`;
    assert.equal(nameOf(pulledImage(`Pulling ${pinned}\n`)), pinned);
  });

  it("is nothing that is no image", () => {
    for (const log of ["", "Pulling $(rm -rf /)", "Pulling a b", "  Pulling x", "Pulling \u001b[2J:1"])
      assert.equal(pulledImage(log), undefined, log);
  });
});

describe("what rollback prints", () => {
  const image = (tag: string, digit: string) => ({
    ...{ repository: "ghcr.io/acme/api", host: "ghcr.io", path: "acme/api", tag, digest: digest(digit) },
  });
  const update = { startedAt: 0, endedAt: 0, succeeded: true, commit: undefined, isDirty: false, by: "Ada" };
  const steps: Step[] = [
    {
      deployment: deployment("V1StGXR8Z5jdHi6BmyT9q", noon + 30 * 60 * minute, {
        ...{ image: image("1.6.0", "c"), update },
        doubt: "the last version failed, and Swarm went back to the one before",
      }),
      plan: plan(),
      why: undefined,
    },
    {
      deployment: deployment("kS0f9aLmN1oPq2rStU3vW", noon, {
        ...{ image: image("1.5.0", "a"), update, commit: "a1b2c3d4e5f6" },
      }),
      plan: plan({
        image: {
          ...{ file: "Pulumi.prod.yaml", keys: [], before: `1.6.0@${digest("c")}` },
          after: `1.5.0@${digest("a")}`,
        },
        variables: [
          { key: "LOG_LEVEL", change: "changed" },
          { key: "NEW_CHECKOUT", change: "removed" },
        ],
        notes: ["other changes stay: git diff a1b2c3d4e HEAD -- services/api/dokploy-app.yaml"],
        texts: [{ path: "Pulumi.prod.yaml", text: "" }],
      }),
      why: undefined,
    },
    {
      deployment: deployment("Qm7xYz0AbCdEfGhIjKlMn", noon - 26 * 60 * minute, { commit: undefined }),
      plan: undefined,
      why: "no known pulumi up of this stack made it, so nobody knows its variables",
    },
  ];
  const latest = {
    deploymentId: "V1StGXR8Z5jdHi6BmyT9q",
    status: "done",
    createdAt: "2026-11-29T18:00:30Z",
  } as const;
  const result: Result = {
    ...{ service: "api", stage: "prod", stack: "prod", steps, deployments: { others: 1, latest } },
    ...{ chosen: undefined, written: undefined },
  };
  const written = ["Pulumi.prod.yaml", "envs/prod/api.yaml"];

  it("is what the page shows", () => {
    const page = readFileSync(
      join(__dirname, "..", "..", "..", "..", "..", "docs", "everyday", "rollback.md"),
      "utf8",
    );
    const list = renderText(result);
    assert.ok(page.includes(`rollback api --stage prod\n${list}\n\`\`\``), list);
    const text = renderText({ ...result, chosen: steps[1], written });
    assert.ok(page.includes(`--to 2\n${text}\n\`\`\``), text);
  });

  it("says that there is nothing in an empty list", () => {
    const text = renderText({ ...result, steps: [], deployments: { others: 1, latest } });
    assert.match(text, /newest first\n {2}none\n1 other failed, or did not end\.\n\n/);
  });

  it("names an image without a tag, and secrets that go back", () => {
    const back = plan({
      image: { file: "Pulumi.prod.yaml", keys: [], before: undefined, after: "1" },
      secrets: ["shop:a", "shop:b"],
      texts: [{ path: "Pulumi.prod.yaml", text: "" }],
    });
    const step = { deployment: deployment("a", noon), plan: back, why: undefined };
    const text = renderText({ ...result, chosen: step, written });
    assert.match(text, /^ {2}image without a tag → 1 in Pulumi\.prod\.yaml$/m);
    assert.match(
      text,
      /^ {2}secrets shop:a, shop:b, with the value they had then: check that it still works$/m,
    );
    assert.match(renderText({ ...result, steps: [step] }), /^ {6}going back: image without a tag → 1$/m);
  });

  it("says what to do next", () => {
    const files = ["Pulumi.prod.yaml", "envs/prod/api.yaml"];
    const text = renderText({ ...result, stack: "acme/shop/prod", chosen: steps[1], written: files });
    assert.ok(
      text.endsWith(
        [
          "Wrote Pulumi.prod.yaml, envs/prod/api.yaml. Nothing is deployed.",
          "Next:",
          "  review the change with git diff, commit it on a branch, and open a pull request",
          "  pulumi up --stack prod, once it is merged",
          "Changes that the newer version made in a database stay.",
        ].join("\n"),
      ),
      text,
    );
  });

  it("has the warning and the notes of the deployment to go back to", () => {
    const doubted = deployment("a", noon, { doubt: "it failed" });
    const step = {
      deployment: doubted,
      plan: plan({ notes: ["look"], texts: change.texts }),
      why: undefined,
    };
    for (const chosen of [step, { ...step, plan: plan({ notes: ["look"] }) }]) {
      const text = renderText({ ...result, chosen, written });
      assert.match(text, /^ {2}warning: it failed\n {2}note: look$/m);
    }
    const sure = { ...step, deployment: deployment("a", noon) };
    assert.doesNotMatch(renderText({ ...result, chosen: sure, written }), /warning/);
  });

  it("counts the deployments that failed, where there are any", () => {
    const listWith = (others: number) => renderText({ ...result, deployments: { others, latest } });
    assert.match(listWith(2), /^2 others failed, or did not end\.$/m);
    assert.doesNotMatch(listWith(0), /failed, or did not end/);
  });

  it("has no hidden character of names, authors and ids", () => {
    const hostile = "\u001b[2J\u202e";
    const bad = deployment(hostile, noon, { update: { ...update, by: hostile }, doubt: hostile });
    const step = {
      deployment: bad,
      plan: plan({ variables: [{ key: hostile, change: "added" }] }),
      why: hostile,
    };
    const all = { ...result, service: hostile, steps: [step, { ...step, plan: undefined }] };
    const texts = [
      renderText(all),
      renderText({ ...all, chosen: step, written }),
      renderJson({ ...all, chosen: step }),
    ];
    for (const text of texts)
      assert.deepEqual(
        [text.includes("\u001b"), text.includes("\u202e")],
        [false, false],
        JSON.stringify(text),
      );
  });

  it("is JSON that says what going back would change, or why it cannot", () => {
    const json = JSON.parse(renderJson({ ...result, chosen: steps[1], written })) as {
      deployments: { back?: { variables: unknown[] }; why?: string }[];
    };
    assert.deepEqual(
      json.deployments.map(({ back, why }) => [back?.variables.length, why?.slice(0, 12)]),
      [
        [0, undefined],
        [2, undefined],
        [undefined, "no known pul"],
      ],
    );
    assert.deepEqual((json as { written?: unknown }).written, written);
  });

  it("is JSON with the number and the facts of each deployment, and the one to go back to", () => {
    const json = JSON.parse(renderJson({ ...result, chosen: steps[1] })) as {
      [name: string]: unknown;
      deployments: unknown[];
    };
    const { deployments, ...rest } = json;
    assert.deepEqual(rest, {
      ...{ version: 1, service: "api", stage: "prod", others: 1, to: "kS0f9aLmN1oPq2rStU3vW" },
    });
    assert.deepEqual(deployments[0], {
      ...{ number: 1, id: "V1StGXR8Z5jdHi6BmyT9q", at: "2026-11-29T18:00:30.000Z" },
      image: `ghcr.io/acme/api:1.6.0@${digest("c")}`,
      ...{ commit: "3f1c9a7be204", by: "Ada", uncommitted: false },
      doubt: "the last version failed, and Swarm went back to the one before",
      back: { variables: [], secrets: [], notes: [] },
    });
  });
});

describe("the arguments of rollback", () => {
  it("are a service and a stage, which is the stack too", () => {
    const { service, stack } = parseRollback(["api", "--stage", "prod"]);
    assert.deepEqual([service, stack], ["api", "prod"]);
    assert.equal(
      parseRollback(["api", "--stage", "prod", "--stack", "acme/shop/live"]).stack,
      "acme/shop/live",
    );
  });

  it("say which deployment, and where the stages are", () => {
    const words = "api --stage prod --to 2 --uncommitted --json --dir stages";
    assert.deepEqual(parseRollback(words.split(" ")), {
      ...{ service: "api", stage: "prod", stack: "prod", to: "2", previous: false, uncommitted: true },
      ...{ json: true, dir: "stages" },
    });
    const { dir, previous, uncommitted, json, to } = parseRollback("api --stage prod --previous".split(" "));
    assert.deepEqual([dir, previous, uncommitted, json, to], ["envs", true, false, false, undefined]);
  });

  it("are refused as a wrong use of the command", () => {
    for (const args of [
      "",
      "api",
      "--stage prod",
      "api b --stage prod",
      "api --stage prod --to 1 --previous",
    ])
      assert.throws(() => parseRollback(args.split(" ").filter((word) => word !== "")), UsageError, args);
    assert.throws(() => parseRollback(["api", "--stage", "../prod"]), UsageError);
    assert.throws(() => parseRollback(["api", "--stage", "prod", "--to", ""]), UsageError);
  });
});
