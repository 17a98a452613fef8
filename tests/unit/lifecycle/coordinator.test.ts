import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { Run } from "../../../provider/lifecycle";
import { RunCoordinator } from "../../../provider/lifecycle/coordinator";
import {
  application,
  applicationSchema,
  environmentBlock,
  project,
  projectSchema,
} from "../../../provider/resources";
import { Mapping } from "../../../provider/schema";

describe("the announcement of a resource to the others of its run", () => {
  const mapping = new Mapping(applicationSchema);
  const service = "application/a";
  const before = {
    name: "web",
    environmentId: "e0000000000000000000e",
    source: { type: "docker", image: "acme/web:1" },
  };

  /** A plan to change an application: whether it is seen, means to deploy, and to save something that needs it. */
  async function plan(news: object, olds: object = before) {
    const run = new Run();
    const services = new RunCoordinator(application, mapping, run);
    services.plan("web", "a", { ...before, ...news }, mapping.changes(olds, { ...before, ...news }));
    const isDue = run.deployments.isPlanned(service);
    return { run, services, isDue };
  }

  for (const [what, news, isDue] of [
    ["nothing", {}, false],
    ["a description, which needs nothing", { description: "d" }, false],
    ["replicas, which need a reload", { replicas: 2 }, false],
    ["an image", { source: { type: "docker", image: "acme/web:2" } }, true],
    [
      "an image and a description",
      { description: "d", source: { type: "docker", image: "acme/web:2" } },
      true,
    ],
    ["an image, and it is not deployed", { source: { type: "docker", image: "x:2" }, deploy: false }, false],
    [
      "an image, by a method",
      { source: { type: "docker", image: "x:2" }, deploy: { method: "redeploy" } },
      true,
    ],
    ["a build stage, which needs a redeployment", { build: { type: "dockerfile", buildStage: "x" } }, true],
  ] as const) {
    it(`${isDue ? "deploys" : "does not deploy"} with ${what}`, async () => {
      assert.equal((await plan(news)).isDue, isDue);
    });
  }

  it("ends if a later plan differs", async () => {
    const { run, services } = await plan({ source: { type: "docker", image: "acme/web:2" } });
    services.plan("web", "a", before, mapping.changes(before, before));
    assert.equal(run.deployments.isPlanned(service), false);
  });

  it("excludes replaced resources", async () => {
    assert.equal((await plan({ serverId: "s0000000000000000000s" })).isDue, false);
  });

  it("waits until the shared variables to which it refers are saved", async () => {
    const run = new Run();
    const services = new RunCoordinator(application, mapping, run);
    const scopes = new RunCoordinator(project, new Mapping(projectSchema), run);
    const shared = { name: "shop", env: { REGION: "eu" } };
    scopes.plan("shop", "p", shared, new Mapping(projectSchema).changes({ name: "shop" }, shared));
    const happened: string[] = [];
    let save = () => {};
    const saving = scopes.execute("shop", "p", shared, async () => {
      await new Promise<void>((resolve) => {
        save = resolve;
      });
      happened.push("shared");
    });
    const begin = (name: string, env: object) =>
      services.execute(name, "a", { ...before, env }, async () => void happened.push(name));
    const others = [begin("reader", { R: "${{project.REGION}}" }), begin("other", { R: "eu" })];
    await others[1];
    save();
    await Promise.all([saving, ...others]);
    assert.deepEqual(happened, ["other", "shared", "reader"]);
  });

  it("contains the requirements for a deployment", async () => {
    const needs = async (news: object) => {
      const run = new Run();
      const said: unknown[] = [];
      run.deployments.plan = (of, owner, need) => void said.push(of, owner, need);
      const services = new RunCoordinator(application, mapping, run);
      services.plan("web", "a", { ...before, ...news }, mapping.changes(before, { ...before, ...news }));
      return said;
    };
    const image = { source: { type: "docker", image: "acme/web:2" } };
    assert.deepEqual(await needs(image), [service, "web", "deploy"]);
    assert.deepEqual(await needs({ replicas: 2 }), [service, "web", "reload"]);
    assert.deepEqual(await needs({ ...image, replicas: 2, description: "d" }), [service, "web", "deploy"]);
    assert.deepEqual(await needs({ ...image, deploy: false }), [service, "web", "none"]);
    assert.deepEqual(await needs({ description: "d" }), [service, "web", "none"]);
    assert.deepEqual(await needs({}), [service, "web", "none"]);
  });

  it("ends with it, in any way", async () => {
    for (const fails of [false, true]) {
      const { run, services } = await plan({ source: { type: "docker", image: "acme/web:2" } });
      const working = services.execute("web", "a", before, async () => {
        assert.equal(run.deployments.isPlanned(service), true);
        if (fails) throw new Error("refused");
      });
      await working.catch(() => {});
      assert.equal(run.deployments.isPlanned(service), false);
    }
  });

  it("does not include shared variables, which deploy no service, and whose save others wait for", async () => {
    const run = new Run();
    const projects = new RunCoordinator(project, new Mapping(projectSchema), run);
    const shop = { name: "shop", env: { REGION: "${{project.OTHER}}" } };
    const changes = new Mapping(projectSchema).changes({ name: "shop", env: {} }, shop);
    const planned: unknown[] = [];
    run.deployments.plan = (of) => void planned.push(of);
    projects.plan("shop", "p", shop, changes);
    assert.deepEqual(planned, []);
    const order: string[] = [];
    let waiting: Promise<unknown> | undefined;
    await projects.execute("shop", "p", shop, async () => {
      waiting = run.shared.settled(["project/p"]).then(() => order.push("settled"));
      await new Promise((resolve) => setImmediate(resolve));
      order.push("saved");
    });
    await waiting;
    assert.deepEqual(order, ["saved", "settled"]);
  });

  it("contains the shared variables that it sets, and whether those are all", async () => {
    const projectId = "p00000000000000000000";
    const live = new Map([
      ["A", "1"],
      ["B", "2"],
    ]);
    const left = async (inputs: object, olds: object) => {
      const run = new Run();
      const blocks = new RunCoordinator(environmentBlock, new Mapping(environmentBlock.schema), run);
      const changes = new Mapping(environmentBlock.schema).changes(olds, inputs);
      blocks.plan("vars", `project/${projectId}`, { ...inputs }, changes);
      return run.shared.applied({ kind: "project", id: projectId }, live);
    };
    const target = { projectId };
    const unknown = runtime.unknownValue;
    assert.deepEqual(await left({ target, env: { A: "3" } }, { target }), new Map([["A", "3"]]));
    const additive = { target, mode: "additive" };
    assert.deepEqual(
      await left({ ...additive, env: { A: "3", C: unknown } }, { ...additive, env: { B: "2" } }),
      new Map([
        ["A", "3"],
        ["C", undefined],
      ]),
    );
    assert.equal(await left({ target, env: unknown }, { target }), undefined);
    assert.deepEqual(
      await left({ target, env: { A: "1" } }, { target, env: { A: "1" } }),
      live,
      "without a change",
    );
  });
});
