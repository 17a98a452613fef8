import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { ReleaseCommand } from "../../provider/engine";
import { CheckFailedError } from "../../provider/errors";
import type { Context, Planned } from "../../provider/lifecycle";
import { announceRelease, releaseProblems } from "../../provider/resources/services/release";
import type { Change } from "../../provider/schema";

type Inputs = Parameters<typeof announceRelease>[0];

const { unknownValue } = runtime;

describe("a plan with a release command", () => {
  const source = { type: "docker", image: "acme/api:1" };
  const next = { type: "docker", image: "acme/api:2" };
  const inputs: Inputs = { name: "api", source, release: "migrate" };
  const releaseWord = "a-random-word";
  const change = (path: string, more: Partial<Change> = {}) => ({ path, apply: "deploy", ...more }) as Change;

  async function plan(news: Inputs, planned: Planned, row: object = {}) {
    const said: unknown[][] = [];
    const calls: unknown[][] = [];
    const reads = {
      async call(...call: unknown[]) {
        calls.push(call);
        return row;
      },
    } as unknown as Context["reads"];
    const inform = (...notice: unknown[]) => void said.push(["notice", ...notice]);
    const warn = (...warning: unknown[]) => void said.push(["warning", ...warning]);
    await announceRelease(news, { inform, warn, reads }, planned);
    return { said, calls };
  }
  /** State after the success of a command. */
  const stateOf = (former: Inputs, status = "done") => {
    const released = ReleaseCommand.in(former)?.fingerprint(former.source?.image ?? "", releaseWord);
    return { inputs: former, outputs: { status, released, releaseWord } } as NonNullable<Planned["olds"]>;
  };
  const saying = (when: string, command = "`migrate`") => [
    ["notice", `Application "api": runs ${command} ${when}.`, "release"],
  ];
  const update = async (news: Inputs, changes: readonly Change[], former = inputs) =>
    (await plan(news, { id: "a", olds: stateOf(former), changes })).said;

  it("says when it runs in an application that there is", async () => {
    assert.deepEqual(await update(inputs, []), []);
    assert.deepEqual(await update(inputs, [change("replicas"), change("env")]), []);
    assert.deepEqual(
      await update({ ...inputs, source: next }, [change("source.image")]),
      saying("in the new image before the switch"),
    );
    const { release: _, ...without } = inputs;
    assert.deepEqual(await update(without, [change("release")]), []);
    assert.deepEqual(
      await update(inputs, [change("release")], without),
      saying("in the image that it has"),
      "the first one",
    );
    assert.deepEqual(
      await update(inputs, [change("source")], { name: "api", release: "migrate" }),
      saying("in the new image before the switch"),
      "the first image of the program",
    );
    assert.deepEqual(
      await update({ ...inputs, release: { command: ["migrate", unknownValue] } }, [change("release")]),
      saying(
        "in the new image before the switch, if the image or the command changes",
        "its release command",
      ),
    );
    assert.deepEqual(
      await update({ name: "api", release: "migrate" }, [change("source")]),
      saying("in the new image before the switch, if the image or the command changes"),
      "without an image of the program",
    );
  });

  it("says of new variables only where containers get them", async () => {
    const other = { ...inputs, release: "seed" };
    const said = async (...changes: Change[]) =>
      (await update(other, [change("release", { apply: "none" }), ...changes]))[0]?.[1];
    const now = 'Application "api": runs `seed` in the image that it has';
    assert.equal(await said(), `${now}.`);
    assert.equal(await said(change("env", { apply: "none" })), `${now}.`, "such as a comment");
    assert.equal(await said(change("replicas")), `${now}.`);
    assert.equal(await said(change("env")), `${now}, before it gets the new variables.`);
    assert.equal(await said(change("env", { apply: "reload" })), `${now}, before it gets the new variables.`);
    const withVariables = { ...inputs, release: { command: "migrate", onVariables: true } };
    assert.deepEqual(
      await update(withVariables, [change("env")]),
      saying("in the image that it has, before it gets the new variables"),
    );
    assert.deepEqual(await update(withVariables, [change("env", { apply: "none" })]), []);
  });

  it("asks Dokploy only about an application that it adopts", async () => {
    const changes = [change("source")];
    const created = await plan(inputs, { changes });
    assert.deepEqual(created, { said: saying("in its image before the first deployment"), calls: [] });
    const record = (status: string, day: number) => ({ status, createdAt: `2026-01-0${day}T00:00:00.000Z` });
    const runs = {
      ...{ dockerImage: "acme/api:1", applicationStatus: "done" },
      deployments: [record("done", 1)],
    };
    const adopted = "adopted-id";
    const adoption = await plan(inputs, { adopted, changes }, runs);
    assert.deepEqual(adoption, { said: [], calls: [["application.one", { applicationId: adopted }]] });
    const said = async (row: object, news = inputs) => (await plan(news, { adopted, changes }, row)).said;
    assert.deepEqual(
      await said(runs, { ...inputs, source: next }),
      saying("in the new image before the switch"),
    );
    for (const deployments of [
      [],
      [record("error", 1)],
      // What ran before may have been another image.
      ...["error", "cancelled", "running"].map((status) => [record(status, 2), record("done", 1)]),
    ])
      assert.deepEqual(await said({ ...runs, deployments }), saying("in its image before the deployment"));
    assert.deepEqual(await said({ ...runs, deployments: [record("done", 2), record("error", 1)] }), []);
    const unknown = { ...inputs, source: { type: "docker", image: unknownValue } };
    assert.deepEqual(await plan(unknown, { adopted, changes }, runs), {
      said: saying("in the new image before the switch, if the image or the command changes"),
      calls: [],
    });
  });

  for (const status of ["done", "error", "running"])
    it(`does not delete a version for a command that may fail, where the status is ${status}`, async () => {
      const changes = [change("env"), change("appNamePrefix", { replace: true })];
      const olds = stateOf(inputs, status);
      for (const news of [
        { ...inputs, source: next },
        { ...inputs, release: "seed" },
      ])
        await assert.rejects(plan(news, { id: "a", olds, changes }), (error: unknown) => {
          assert.ok(error instanceof CheckFailedError);
          assert.match(
            error.message,
            /release: would run for its image only after this application is deleted, since appNamePrefix changes: .* Take two updates: one for the image and the command, and another one for appNamePrefix/,
          );
          return true;
        });
      assert.deepEqual((await plan(inputs, { id: "a", olds, changes })).said, [
        [
          "warning",
          'Application "api": appNamePrefix changes, so this application is deleted, and its release command then runs again ' +
            "before the first deployment of another one. If it fails, no version runs.",
          "release",
        ],
      ]);
    });

  it("replaces an application that never ran without a word", async () => {
    const changes = [change("serverId", { replace: true })];
    const olds = stateOf(inputs, "idle");
    for (const news of [inputs, { ...inputs, source: next }])
      assert.deepEqual((await plan(news, { id: "a", olds, changes })).said, []);
  });

  it("refuses what cannot be kept, all of it at once", () => {
    const reasons = (more: Partial<Inputs>) =>
      releaseProblems({ ...inputs, ...more }).map(({ property, reason }) => `${property} ${reason}`);
    assert.deepEqual(reasons({ source: undefined }), []);
    assert.deepEqual(reasons({ source: { image: "acme/api:1" } }), []);
    assert.deepEqual(reasons({ deploy: { timeoutSeconds: 5 } }), []);
    assert.deepEqual(reasons({ deploy: true }), []);
    assert.deepEqual(reasons({ release: undefined, deploy: false, source: { type: "git" } }), []);
    assert.deepEqual(reasons({ release: { command: ["/m", "a b"] } }), []);
    assert.deepEqual(
      reasons({ source: { type: "git" }, deploy: false, release: { command: ["npm run x"] } }),
      [
        "release needs an image: with a source of type git, Dokploy switches to the new version in the same step that builds " +
          "it, and a second build may get another commit. Build the image in CI, and give it as a source of type docker",
        "release runs before a deployment of this resource, and `deploy: false` leaves that to others: remove one of the two",
        'release starts with "npm run x", which Dokploy splits at the spaces: give each word as an entry of its own, or one ' +
          "text for a shell",
      ],
    );
    assert.doesNotMatch(reasons({ release: { command: ["a \u009b2J"] } }).join(), /\u009b/);
  });
});
