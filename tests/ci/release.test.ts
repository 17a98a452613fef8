import * as assert from "node:assert/strict";
import * as path from "node:path";
import { type Job, readWorkflows } from "./workflow";

describe("the workflow that releases", () => {
  const file = readWorkflows(path.join(__dirname, "..", "..")).find(({ name }) => name === "release.yml");
  assert.ok(file);
  const { text, workflow } = file;
  const { jobs } = workflow;
  const runs = (job: Job | undefined) => (job?.steps ?? []).flatMap(({ run = [] }) => run);
  const neededBy = (name: string): string[] => {
    const needs = [jobs[name]?.needs ?? []].flat();
    return [...new Set([...needs, ...needs.flatMap(neededBy)])].sort();
  };

  it("starts with a tag of a version, and with nothing else", () => {
    assert.deepEqual(workflow.on, { push: { tags: ["v*.*.*"] } });
  });

  it("publishes what one job built, after all checks, and to npm first", () => {
    assert.deepEqual(neededBy("npm"), ["build", "checks"]);
    for (const name of ["github", "pages"])
      assert.deepEqual(neededBy(name), ["build", "checks", "npm"], name);
    assert.deepEqual(runs(jobs["checks"]), ["bash .ci/run"]);
    assert.deepEqual(runs(jobs["build"]), [
      "npm ci --ignore-scripts",
      'npm run release -- check --tag "$GITHUB_REF_NAME"',
      "npm run release -- build release",
    ]);
  });

  it("gives each job only what it writes, and has no secret", () => {
    assert.deepEqual(workflow.permissions, { contents: "read" });
    const written = Object.entries(jobs).flatMap(([name, { permissions }]) =>
      permissions === undefined ? [] : [[name, permissions]],
    );
    assert.deepEqual(Object.fromEntries(written), {
      npm: { "id-token": "write" },
      github: { contents: "write" },
      pages: { pages: "write", "id-token": "write" },
    });
    assert.doesNotMatch(text, /\bsecrets\b|TOKEN=/);
    for (const job of Object.values(jobs)) for (const run of runs(job)) assert.doesNotMatch(run, /TOKEN/);
  });

  it("publishes with provenance, by the identity of the run", () => {
    assert.deepEqual(runs(jobs["npm"]), ["npm publish ./npm/*.tgz --provenance --access public"]);
    assert.equal(jobs["npm"]?.environment, "npm");
  });

  it("takes no cache, which another workflow could have written", () => {
    for (const { steps } of Object.values(jobs))
      for (const step of steps) assert.equal(step.with?.["cache"], undefined);
  });
});
