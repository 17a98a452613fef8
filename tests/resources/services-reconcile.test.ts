import * as assert from "node:assert/strict";
import { DeploymentError } from "../../provider/deploy";
import { DokployError } from "../../provider/dokploy";
import type { ServiceResourceOutputs } from "../../provider/engine";
import { reconcileService } from "../../provider/engine/services/reconcile";
import { PartialFailureError } from "../../provider/errors";
import type { Change } from "../../provider/schema";
import { type Inputs, lostAt, serviceAlone } from "./services-alone";

type World = ReturnType<typeof serviceAlone>;

const source = (tag: string) => ({ type: "docker", image: `acme/api:${tag}` });
const inputs: Inputs = { name: "api", environmentId: "env", source: source("1") };
const next: Inputs = { ...inputs, source: source("2") };
const elsewhere: Inputs = { ...next, environmentId: "other" };

describe("a change of a service", () => {
  const outputs: ServiceResourceOutputs = { appName: "api-x7", status: "done" };
  const last = { lastDeployment: { deploymentId: "d1", status: "done" } };
  const id = "id";
  async function change(
    { model, context }: World,
    news: Inputs,
    { former = inputs, left = {}, planned }: { former?: Inputs; left?: object; planned?: Change[] } = {},
  ) {
    const changes = planned ?? model.mapping.changes(former, news);
    const olds = { inputs: former, outputs: { ...outputs, ...left } };
    return await reconcileService(model, id, news, olds, changes, context);
  }
  const adopt = ({ model, context }: World, news = inputs) =>
    reconcileService(model, id, news, undefined, [], context);
  async function failure(work: Promise<unknown>): Promise<PartialFailureError> {
    const error = await work.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof PartialFailureError, String(error));
    return error;
  }
  const down = lostAt("application.update");
  const fails = (error: Error) => () => {
    throw error;
  };

  it("is saved once, by its columns alone, and deployed after that", async () => {
    const world = serviceAlone("application", inputs);
    assert.deepEqual(await change(world, next), { ...outputs, ...last });
    assert.deepEqual(world.log, [
      ["application.one", { applicationId: id }],
      ["application.update", { applicationId: id, dockerImage: "acme/api:2" }],
    ]);
    assert.deepEqual(world.writes(), ["application.update", "deploy"]);
  });

  it("is nothing where Dokploy has it already", async () => {
    const world = serviceAlone("application", inputs);
    assert.deepEqual(await change(world, inputs), outputs);
    assert.deepEqual(world.calls, ["application.one"]);
  });

  it("undoes what somebody changed in Dokploy meanwhile, though the program did not change", async () => {
    const world = serviceAlone("application", inputs);
    world.row["dockerImage"] = "acme/theirs:1";
    assert.deepEqual(await change(world, inputs), { ...outputs, ...last });
    assert.equal(world.row["dockerImage"], "acme/api:1");
    assert.deepEqual(world.writes(), ["application.update", "deploy"]);
    assert.match(JSON.stringify(world.deployed), /~source\.image/, "the title of the deployment");
  });

  it("is a move before the save, and looks for variables in the new environment", async () => {
    const world = serviceAlone("application", inputs);
    await change(world, elsewhere);
    assert.deepEqual(world.log.slice(1), [
      ["environment.one", { environmentId: "other" }],
      ["application.move", { applicationId: id, targetEnvironmentId: "other" }],
      ["application.update", { applicationId: id, dockerImage: "acme/api:2" }],
    ]);
    const moved = serviceAlone("application", inputs);
    await change(moved, { ...inputs, environmentId: "other" });
    assert.deepEqual(moved.writes(), ["application.move", "deploy"]);

    const env = { A: "$".concat("{{environment.HERE}}") };
    const around = (known: string, environmentId: string) => ({
      ...{ environmentId, name: environmentId, projectId: "project", project: { name: "shop", env: "" } },
      env: environmentId === known ? "HERE=1" : "",
    });
    for (const known of ["env", "other"]) {
      const referring = serviceAlone("application", inputs, {
        answers: { "environment.one": ({ environmentId }) => around(known, String(environmentId)) },
      });
      referring.row.environment = around(known, "env");
      for (const environmentId of ["env", "other"]) {
        const work = change(referring, { ...inputs, environmentId, env, deploy: false });
        if (environmentId === known) assert.equal((await work).pending, "deploy", known);
        else await assert.rejects(work, /HERE.*Nothing was saved/, known);
        Object.assign(referring.row, { environmentId: "env", environment: around(known, "env"), env: null });
      }
    }
  });

  it("succeeds where the response was lost and Dokploy has all of it", async () => {
    for (const news of [next, elsewhere]) {
      const world: World = serviceAlone("application", inputs, {
        answers: {
          "application.update"({ applicationId: _, ...columns }) {
            Object.assign(world.row, columns);
            throw down;
          },
        },
      });
      assert.deepEqual(await change(world, news), { ...outputs, ...last });
    }
  });

  it("is unfinished where only the move, or only the save, arrived", async () => {
    const stuck = serviceAlone("application", inputs, { answers: { "application.update": fails(down) } });
    const moved = await failure(change(stuck, elsewhere));
    assert.deepEqual([moved.id, moved.outputs, moved.reason], [id, { ...outputs, pending: "deploy" }, down]);
    assert.deepEqual(moved.former, inputs, "the next run compares with these");
    assert.equal(stuck.deployed.length, 0);
    const staying = serviceAlone("application", inputs, { answers: { "application.move": fails(down) } });
    staying.row["dockerImage"] = "acme/api:2";
    assert.equal((await failure(change(staying, elsewhere))).reason, down);
    assert.equal(staying.context.run.ownership.isDoubtful("application/id"), true);
  });

  it("that is unfinished leaves the variables that may be saved, its lists, and the deployment that is due", async () => {
    const world = serviceAlone("application", inputs, { answers: { "application.update": fails(down) } });
    const news = { ...inputs, env: { B: "2" }, ports: {} };
    const left = { unconfirmed: ["env.A"], pending: "reload", partIds: { mounts: { data: "m1" } } };
    const { outputs: known, former } = await failure(change(world, news, { left }));
    assert.deepEqual(known, { ...outputs, ...left, unconfirmed: ["env.A", "env.B"], pending: "deploy" });
    assert.deepEqual(former, { ports: {}, ...inputs });
    const other = serviceAlone("application", inputs, { answers: { "application.update": fails(down) } });
    const listed = { ...inputs, ports: { web: { publishedPort: 80, targetPort: 80 } } };
    const again = await failure(change(other, news, { former: listed }));
    assert.deepEqual(again.former, listed);
    const third = serviceAlone("application", inputs, { answers: { "application.update": fails(down) } });
    assert.deepEqual((await failure(adopt(third, next))).former, {}, "no state yet");
  });

  it("that is refused is no unfinished one", async () => {
    const endpoint = "application.update";
    const refusal = new DokployError("no", { kind: "invalid", endpoint, outcome: "refused" });
    const world = serviceAlone("application", inputs, { answers: { [endpoint]: fails(refusal) } });
    await assert.rejects(change(world, next), (error: unknown) => error === refusal);
  });

  it("deploys what an earlier run left, and keeps that for others where the program says so", async () => {
    const world = serviceAlone("application", inputs);
    assert.deepEqual(await change(world, inputs, { left: { pending: "deploy" } }), { ...outputs, ...last });
    assert.deepEqual(world.writes(), ["deploy"]);
    const waiting = serviceAlone("application", inputs);
    const news = { ...inputs, deploy: false as const };
    assert.deepEqual(await change(waiting, news, { left: { pending: "redeploy" } }), {
      ...outputs,
      pending: "redeploy",
    });
    assert.deepEqual(await change(waiting, { ...next, deploy: false }), { ...outputs, pending: "deploy" });
    assert.deepEqual(waiting.writes(), ["application.update"]);
  });

  it("adopts a service with the deployment that it lacks, unless it is adopted as it is", async () => {
    const failed = [{ deploymentId: "d0", status: "error", createdAt: "2026-01-02T00:00:00.000Z" }];
    const world = (more = {}) => {
      const made = serviceAlone("application", inputs, { more });
      made.row.deployments = failed as never;
      return made;
    };
    const due = world();
    assert.deepEqual(await adopt(due), { ...outputs, ...last });
    assert.deepEqual(due.writes(), ["deploy"]);
    const asItIs = world({ adoptUnchanged: true });
    assert.deepEqual(await adopt(asItIs), outputs);
    assert.deepEqual(asItIs.writes(), []);
    const inState = world();
    assert.deepEqual(await change(inState, inputs), outputs, "the state knows what is due");
    assert.deepEqual(await adopt(serviceAlone("application", inputs)), outputs);
    await assert.rejects(adopt(world(), elsewhere), /import: the application "api" .* not in other/);
  });

  it("refuses to overwrite variables that somebody else set, but those of a service that it adopts", async () => {
    const former = { ...inputs, env: { A: "1" } };
    const news = { ...inputs, env: { A: "2" }, deploy: false as const };
    const world = () => {
      const made = serviceAlone("application", former);
      made.row.env = "A=1\nTHEIRS=1";
      return made;
    };
    const refusing = world();
    await assert.rejects(change(refusing, news, { former }), /env: somebody else set .*remove THEIRS/);
    assert.deepEqual(refusing.writes(), []);
    const agreed = world();
    await change(agreed, { ...news, overwriteVariables: true }, { former });
    assert.equal(agreed.row.env, "A=2");
    const adopting = world();
    await adopt(adopting, news);
    assert.equal(adopting.row.env, "A=2");
  });

  it("fails with advice where the service is gone, by its name in the state", async () => {
    const endpoint = "application.one";
    const gone = new DokployError("gone", { kind: "not-found", endpoint, outcome: "refused", gone: true });
    const world = serviceAlone("application", inputs, { answers: { [endpoint]: fails(gone) } });
    await assert.rejects(
      change(world, { ...next, name: "renamed" }),
      /The application "api" \(id\) no longer exists/,
    );
  });

  it("is nothing for variables that the program begins to give, and that its containers have", async () => {
    const news = { ...inputs, env: { A: "1" } };
    for (const [running, writes] of [
      ["A=1", []],
      ["A=0", ["deploy"]],
    ] as const) {
      const world = serviceAlone("application", inputs, {
        answers: {
          "docker.getConfig": () => ({ Config: { Env: [running] } }),
          "docker.getContainersByAppNameMatch": () => [{ containerId: "c", name: "c", state: "running" }],
        },
      });
      world.row.env = "A=1";
      await change(world, news);
      assert.deepEqual(
        world.writes().filter((name) => !name.startsWith("docker.")),
        writes,
        running,
      );
    }
  });

  it("without anything to save waits for no save of others", async () => {
    const world = serviceAlone("application", inputs);
    world.context.run.ownership.doubt("application/id");
    assert.deepEqual(await change(world, inputs, { left: { pending: "deploy" } }), { ...outputs, ...last });
    await assert.rejects(change(world, next), /the two saves could undo each other/);
  });

  it("has the ids of its new parts in the state", async () => {
    const ports = { web: { publishedPort: 80, targetPort: 8080 } };
    const world = serviceAlone("application", inputs, {
      answers: { "port.create": () => ({ portId: "p1" }) },
    });
    const { partIds, pending } = await change(world, { ...inputs, ports, deploy: false });
    assert.deepEqual([partIds, pending], [{ ports: { web: "p1" } }, "reload"]);
  });

  describe("with a release command", () => {
    const release = "migrate";
    const refusal = new DokployError("said secret-1", {
      ...{ kind: "invalid", endpoint: "application.create", outcome: "refused", said: "said secret-1" },
      saidWithout: (hidden) =>
        [...hidden].reduce((text, one) => text.replaceAll(one, "***"), "said secret-1"),
    } as const);
    const releasing = (answers = {}) =>
      serviceAlone("application", inputs, { answers: { "application.create": fails(refusal), ...answers } });

    it("runs it in the new environment before the move, and looks for an earlier one in both", async () => {
      const world = releasing();
      await assert.rejects(change(world, { ...elsewhere, release }), /said/);
      assert.deepEqual(world.writes(), ["application.create"], "nothing was saved");
      const created = world.log.find(([endpoint]) => endpoint === "application.create");
      assert.equal(created?.[1]["environmentId"], "other");
      const looked = world.log.filter(([endpoint]) => endpoint === "environment.one");
      assert.deepEqual(
        new Set(looked.map(([, { environmentId }]) => environmentId)),
        new Set(["env", "other"]),
      );
    });

    it("runs it with the mounts that stay", async () => {
      const made: unknown[] = [];
      const own = { applicationId: "new", applicationStatus: "idle", mounts: [], env: null, appName: "r" };
      const world: World = releasing({
        "application.create": () => own,
        "application.one": ({ applicationId }: Record<string, unknown>) =>
          structuredClone(applicationId === "new" ? own : world.row),
        "application.update": () => ({}),
        "mounts.create"({ mountPath }: Record<string, unknown>) {
          made.push(mountPath);
          if (made.length === 2) throw refusal;
          return {};
        },
      });
      const volume = (mountId: string) => ({
        mountId,
        type: "volume",
        volumeName: mountId,
        mountPath: `/${mountId}`,
      });
      world.row["mounts"] = [volume("old"), volume("theirs")];
      const mounts = { new: { type: "volume", volumeName: "new", mountPath: "/new" } };
      const left = { partIds: { mounts: { old: "old" } } };
      await assert.rejects(change(world, { ...next, release, mounts }, { left }), /said/);
      assert.deepEqual(made, ["/theirs", "/new"]);
    });

    it("shows no secret of the service where it fails", async () => {
      const world = releasing();
      world.row.env = "TOKEN=secret-1";
      await assert.rejects(change(world, { ...next, release }), (error: Error) => {
        assert.match(error.message, /said \*\*\*/);
        return true;
      });
    });

    it("runs none where it adopts an application that runs this image", async () => {
      const world = releasing();
      const { released, releaseWord } = await adopt(world, { ...inputs, release });
      assert.ok(released && releaseWord);
      assert.deepEqual(world.writes(), []);
      await assert.rejects(adopt(releasing(), { ...next, release }), /said/);
    });
  });

  describe("whose deployment fails", () => {
    const failing = (news: Inputs, more: Parameters<typeof serviceAlone>[2] = {}) => {
      const world: World = serviceAlone("application", inputs, more);
      const { context } = world;
      let count = 0;
      const run = async () => {
        world.calls.push("deploy");
        count += 1;
        if (count > 1) return { deploymentId: "d2", status: "done" };
        const target = { kind: "application", name: "api" };
        const facts = { target, outcome: "error", what: "failed", why: "", hint: "", deploymentId: "d1" };
        throw new DeploymentError(facts as never);
      };
      Object.assign(context, { deployments: { run } });
      return { world, work: () => change(world, news) };
    };
    const deploy = { rollbackOnFailure: true };

    it("gets its former configuration again, by the changed columns alone, and stays where it was moved", async () => {
      const { world, work } = failing({ ...elsewhere, deploy });
      await assert.rejects(work(), /The previous configuration was restored and deployed again/);
      assert.deepEqual(
        world.log.filter(([endpoint]) => /update|move/.test(endpoint)).map(([, input]) => input),
        [
          { applicationId: id, targetEnvironmentId: "other" },
          { applicationId: id, dockerImage: "acme/api:2" },
          { applicationId: id, dockerImage: "acme/api:1" },
        ],
      );
      assert.deepEqual(world.writes(), [
        "application.move",
        ...["application.update", "deploy", "application.update", "deploy"],
      ]);
    });

    it("has nothing to restore where nothing but its place was saved", async () => {
      const { world, work } = failing({ ...inputs, environmentId: "other", deploy });
      const error = await failure(work());
      assert.deepEqual(error.outputs, {
        ...outputs,
        ...{ status: "error", pending: "deploy", lastDeployment: { deploymentId: "d1", status: "error" } },
      });
      assert.deepEqual(world.writes(), ["application.move", "deploy"]);
    });

    it("keeps its new configuration without that option", async () => {
      const { world, work } = failing(next);
      await failure(work());
      assert.equal(world.row["dockerImage"], "acme/api:2");
    });

    it("loses the parts that the change made, and nothing else of it", async () => {
      const web = { publishedPort: 80, targetPort: 8080 };
      const { world, work }: ReturnType<typeof failing> = failing(
        { ...inputs, ports: { web }, deploy: { ...deploy, method: "deploy" } },
        {
          answers: {
            "port.create"(input) {
              (world.row["ports"] as unknown[]).push({ ...input, portId: "p1" });
              return { portId: "p1" };
            },
            "port.delete"() {
              world.row["ports"] = [];
            },
          },
        },
      );
      await assert.rejects(work(), /restored and deployed again/);
      assert.deepEqual(world.writes(), ["port.create", "deploy", "port.delete", "deploy"]);
    });
  });
});
