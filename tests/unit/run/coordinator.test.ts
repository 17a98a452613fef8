import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { RunCoordinator } from "../../../provider/lifecycle/coordinator";
import { application, applicationSchema } from "../../../provider/resources/application";
import { environmentBlock } from "../../../provider/resources/environment-block";
import { project, projectSchema } from "../../../provider/resources/project";
import { Activity } from "../../../provider/run/activity";
import { Claims } from "../../../provider/run/claims";
import { Mapping } from "../../../provider/schema/mapping";

describe("a service that takes shared variables which its run saves", () => {
  const shop = { name: "shop", env: { REGION: "us" } };
  const web = {
    name: "web",
    environmentId: "e",
    source: { type: "docker", image: "acme/web:1" },
    env: { WHERE: "${{project.REGION}}" },
  };

  /** Nobody waits for time alone. */
  function arrange() {
    const claims = new Claims(undefined, new Activity(() => new Promise(() => {})));
    const projects = new RunCoordinator(project, new Mapping(projectSchema), claims);
    const services = new RunCoordinator(application, new Mapping(applicationSchema), claims);
    projects.plan(
      "shop",
      "p",
      shop,
      new Mapping(projectSchema).changes({ name: "shop", env: { REGION: "eu" } }, shop),
    );
    return { projects, services };
  }

  it("waits for them", async () => {
    const { projects, services } = arrange();
    const order: string[] = [];
    const service = services.execute("web", "a", web, async () => order.push("service"));
    await new Promise((resolve) => setImmediate(resolve));
    await projects.execute("shop", "p", shop, async () => order.push("shared"));
    await service;
    assert.deepEqual(order, ["shared", "service"]);
  });

  it("goes on at once when they cannot be saved", async () => {
    const { projects, services } = arrange();
    let begun = false;
    const service = services.execute("web", "a", web, async () => {
      begun = true;
    });
    const failing = projects.execute("shop", "p", shop, async () => {
      throw new Error("refused");
    });
    await assert.rejects(failing, /refused/);
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(begun, true);
    await service;
  });
});

describe("what a resource tells the others of its run", () => {
  const mapping = new Mapping(applicationSchema);
  const service = "application/a";
  const before = {
    name: "web",
    environmentId: "e0000000000000000000e",
    source: { type: "docker", image: "acme/web:1" },
  };

  /** A plan to change an application: whether it is seen, means to deploy, and to save something that needs it. */
  async function plan(news: object, olds: object = before) {
    const claims = new Claims(undefined, new Activity(async () => {}));
    const services = new RunCoordinator(application, mapping, claims);
    services.plan("web", "a", { ...before, ...news }, mapping.changes(olds, { ...before, ...news }));
    const isDue = claims.deployments.mayCome(service);
    return { claims, services, isDue };
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

  it("is over where a later plan means something else", async () => {
    const { claims, services } = await plan({ source: { type: "docker", image: "acme/web:2" } });
    services.plan("web", "a", before, mapping.changes(before, before));
    assert.equal(claims.deployments.mayCome(service), false);
  });

  it("is nothing of what gets replaced", async () => {
    const { isDue } = await plan({ serverId: "s0000000000000000000s" });
    assert.equal(isDue, true, "nobody has seen the service");
  });

  it("is that it may have to deploy once more what another left", async () => {
    const { claims, services } = await plan({});
    assert.equal(services.isLeft("a", before), false);
    claims.deployments.leave(service);
    assert.equal(services.isLeft("a", before), true);
    assert.equal(services.isLeft("b", before), false);
  });

  /** What a plan says to those that share a deployment of a service. */
  async function said(news: object) {
    const claims = new Claims(undefined, new Activity(async () => {}));
    const heard: string[] = [];
    claims.rollouts.plan = (of, owner) => void heard.push(`plan ${of} ${owner}`);
    claims.rollouts.forget = (of, owner) => void heard.push(`forget ${of} ${owner}`);
    const services = new RunCoordinator(application, mapping, claims);
    services.plan("web", "a", { ...before, ...news }, mapping.changes(before, { ...before, ...news }));
    return heard;
  }

  it("is that it is going to save something which needs a deployment, or nothing of the kind", async () => {
    const image = { source: { type: "docker", image: "acme/web:2" } };
    const planned = [`plan ${service} web`];
    const nothing = [`forget ${service} web`];
    assert.deepEqual(await said(image), planned);
    assert.deepEqual(await said({ replicas: 2 }), planned);
    assert.deepEqual(await said({ replicas: 2, description: "d" }), planned);
    assert.deepEqual(await said({ ...image, deploy: { method: "deploy" } }), planned);
    assert.deepEqual(await said({ ...image, deploy: false }), nothing);
    assert.deepEqual(await said({ description: "d" }), nothing);
    assert.deepEqual(await said({}), nothing);
  });

  it("is over when it begins", async () => {
    const claims = new Claims(undefined, new Activity(async () => {}));
    const heard: string[] = [];
    claims.rollouts.forget = (of, owner) => void heard.push(`forget ${of} ${owner}`);
    const services = new RunCoordinator(application, mapping, claims);
    assert.equal(await services.execute("web", "a", before, async () => "done"), "done");
    await services.execute("new", undefined, before, async () => "made");
    assert.deepEqual(heard, [`forget ${service} web`], "what is new has no service yet");
  });

  it("is nothing of shared variables, which deploy no service, and which wait for no others", async () => {
    const claims = new Claims(undefined, new Activity(() => new Promise(() => {})));
    const seen: unknown[] = [];
    claims.deployments.see = (of) => void seen.push(of);
    const projects = new RunCoordinator(project, new Mapping(projectSchema), claims);
    const shop = { name: "shop", env: { REGION: "${{project.OTHER}}" } };
    const changes = new Mapping(projectSchema).changes({ name: "shop", env: {} }, shop);
    projects.plan("shop", "p", shop, changes);
    projects.plan("other", "q", shop, changes);
    assert.deepEqual(seen, []);
    assert.equal(await projects.execute("shop", "p", shop, async () => "saved"), "saved");
  });

  it("waits for shared variables where one of its own refers to them, and for none else", async () => {
    const waits = async (env: unknown) => {
      const claims = new Claims(undefined, new Activity(async () => {}));
      let asked = 0;
      claims.shared.settled = async () => {
        asked += 1;
      };
      const services = new RunCoordinator(application, mapping, claims);
      await services.execute("web", "a", { ...before, env }, async () => {});
      return asked;
    };
    assert.equal(await waits({ A: "1", B: "x${{project.P}}" }), 1);
    assert.equal(await waits({ A: "${{environment.E}}", B: "1" }), 1);
    assert.equal(await waits({ A: "1", B: "${{A}}" }), 0);
    assert.equal(await waits({ A: 5 }), 0);
    assert.equal(await waits(undefined), 0);
  });

  it("is which shared variables it sets, and whether those are all", async () => {
    const projectId = "p00000000000000000000";
    const live = new Map([
      ["A", "1"],
      ["B", "2"],
    ]);
    const left = async (inputs: object, olds: object) => {
      const claims = new Claims(undefined, new Activity(async () => {}));
      const blocks = new RunCoordinator(environmentBlock, new Mapping(environmentBlock.schema), claims);
      const changes = new Mapping(environmentBlock.schema).changes(olds, inputs);
      blocks.plan("vars", `project/${projectId}`, { ...inputs }, changes);
      return claims.shared.applied({ kind: "project", id: projectId }, live);
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
