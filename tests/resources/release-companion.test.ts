import * as assert from "node:assert/strict";
import { type Api, Companions, DokployError } from "../../provider/dokploy";
import { ReleaseCommand, type ReleaseInput } from "../../provider/engine/release/command";
import {
  createCompanion,
  readCompanion,
  removeCompanions,
  removeLeft,
  type Wanted,
} from "../../provider/engine/release/companion";
import { Run } from "../../provider/lifecycle";
import { add, missing, type Rows, withApplications } from "./applications-alone";

type Values = Record<string, unknown>;

/** Dokploy creates so many applications, and its response is lost. */
const losing = (made: number) => (input: Values, rows: Rows) => {
  for (let n = 0; n < made; n += 1) add(rows, input);
  throw lost;
};
const lost = new DokployError("no response", {
  kind: "unreachable",
  endpoint: "application.create",
  outcome: "unknown",
});

describe("the application that runs a release command", () => {
  const command = ReleaseCommand.in({ release: "migrate" });
  assert.ok(command);
  const wanted: Wanted = {
    of: { id: "service", name: "api", environmentId: "env", environmentIds: ["env"], releaseWord: "word" },
    command,
    columns: { dockerImage: "acme/api:1" },
    mounts: [],
  };

  it("is the one that was created though the response was lost, by its random text", async () => {
    const { api, rows, calls } = withApplications({ "application.create": losing(1) });
    const description = new Companions(api, "word").text("service", "of-another-run");
    add(rows, { name: "of another run", sourceType: "docker", description });
    assert.equal((await createCompanion(wanted, api)).id, "app2");
    assert.equal(rows.get("app2")?.["dockerImage"], "acme/api:1");
    assert.deepEqual([rows.size, rows.get("app1")?.["dockerImage"]], [2, undefined]);
    assert.equal(calls.filter((endpoint) => endpoint === "application.create").length, 1);
  });

  it("is neither of two with the same random text: somebody has copied it", async () => {
    const { api, rows } = withApplications({ "application.create": losing(2) });
    await assert.rejects(createCompanion(wanted, api), lost);
    assert.deepEqual(
      [...rows.values()].map(({ dockerImage }) => dockerImage),
      [undefined, undefined],
      "both stay as they are",
    );
  });

  it("does not exist where nothing was created", async () => {
    const { api } = withApplications({ "application.create": losing(0) });
    await assert.rejects(createCompanion(wanted, api), lost);
  });

  it("is not looked for where Dokploy refused to create it", async () => {
    const refusal = new DokployError("no place", {
      kind: "invalid",
      endpoint: "application.create",
      outcome: "refused",
    });
    const { api, calls } = withApplications({
      "application.create": () => {
        throw refusal;
      },
    });
    await assert.rejects(createCompanion(wanted, api), refusal);
    assert.deepEqual(calls, ["application.create"]);
  });

  it("is removed when it cannot get all of its service, and says why, even if it cannot be removed", async () => {
    const mounts = [{ type: "volume", mountPath: "/data", volumeName: "data" }] as const;
    const full = new Error("no mounts");
    const down = new Error("down");
    const throwing = (error: Error) => () => {
      throw error;
    };
    const { api, rows } = withApplications({ "mounts.create": throwing(full) });
    await assert.rejects(createCompanion({ ...wanted, mounts }, api), full);
    assert.equal(rows.size, 0, "also with its image");
    const stuck = withApplications({
      "mounts.create": throwing(full),
      "application.delete": throwing(down),
    });
    await assert.rejects(createCompanion({ ...wanted, mounts }, stuck.api), full);
  });

  it("does not start when somebody removed it before", async () => {
    const { api } = withApplications({ "application.one": () => missing("application.one") });
    await assert.rejects(
      createCompanion(wanted, api),
      /^Error: the application "release of api" was removed meanwhile$/,
    );
    assert.equal(await readCompanion("app1", api), undefined);
  });

  it("has each kind of mount, whole, before it may start", async () => {
    const made: Values[] = [];
    const { api } = withApplications({
      "mounts.create"(input) {
        made.push(input);
        return {};
      },
    });
    const mounts = [
      { type: "file", mountPath: "/empty", filePath: "empty" },
      { type: "file", mountPath: "/full", filePath: "full", content: "text" },
      { type: "volume", mountPath: "/data", volumeName: "data" },
      { type: "bind", mountPath: "/host", hostPath: "/srv" },
    ] as const;
    await createCompanion({ ...wanted, mounts }, api);
    const within = { serviceType: "application", serviceId: "app1" };
    assert.deepEqual(made, [
      { type: "file", mountPath: "/empty", filePath: "empty", content: "", ...within },
      { type: "file", mountPath: "/full", filePath: "full", content: "text", ...within },
      { type: "volume", mountPath: "/data", volumeName: "data", ...within },
      { type: "bind", mountPath: "/host", hostPath: "/srv", ...within },
    ]);
  });

  it("takes neither columns that its service lacks nor what only a service needs", async () => {
    const { api, rows } = withApplications({});
    const none = { registryUrl: null, memoryLimit: null, networkSwarm: null };
    const { id } = await createCompanion({ ...wanted, columns: { ...wanted.columns, ...none } }, api);
    const { description, appName, ...row } = rows.get(id) ?? {};
    assert.equal(appName, "release");
    assert.deepEqual(row, {
      ...{ name: "release of api", environmentId: "env", applicationId: id, applicationStatus: "idle" },
      ...{ dockerImage: "acme/api:1", command: "sh -c", args: ["migrate"], env: null, mounts: [] },
      ...{ sourceType: "docker", replicas: 1, autoDeploy: false },
      ...{ restartPolicySwarm: { Condition: "none" }, healthCheckSwarm: { Test: ["NONE"] } },
    });
    assert.equal(new Companions(api, "word").read({ applicationId: id, description })?.isOwn, true);
  });

  it("is on the machine and in the networks of its service, and has none of its names there", async () => {
    const { api, rows } = withApplications({});
    const networkSwarm = [{ Target: "one", Aliases: ["api"] }, { Target: "two" }];
    const columns = { ...wanted.columns, networkSwarm, serverId: "machine", networkIds: ["net"] };
    const { id, runs: _, ...target } = await createCompanion({ ...wanted, columns }, api);
    const names = { kind: "application", name: "release of api", appName: "release" };
    assert.deepEqual(target, { ...names, serverId: "machine" }, "its containers are looked for there");
    const row = rows.get(id);
    assert.deepEqual(
      [row?.["networkSwarm"], row?.["serverId"], row?.["networkIds"]],
      [[{ Target: "one" }, { Target: "two" }], "machine", ["net"]],
    );
  });

  it("runs the same command only in the same image, word by word", async () => {
    const { api } = withApplications({});
    const { id } = await createCompanion(wanted, api);
    const target = await readCompanion(id, api);
    const runs = (release: ReleaseInput, dockerImage: string) => {
      const other = ReleaseCommand.in({ release });
      assert.ok(other);
      return target?.runs(other, { dockerImage });
    };
    assert.equal(runs("migrate", "acme/api:1"), true);
    assert.equal(runs({ command: ["sh", "migrate"] }, "acme/api:1"), false);
    assert.equal(runs("seed", "acme/api:1"), false);
    assert.equal(runs("migrate", "acme/api:2"), false);
  });

  it("runs the same command for no variables and for empty ones", async () => {
    const withVariables = ReleaseCommand.in({ release: { command: "migrate", onVariables: true } });
    assert.ok(withVariables);
    const of = async (env: string | null | undefined) => {
      const { api, rows } = withApplications({});
      const { id } = await createCompanion({ ...wanted, command: withVariables }, api);
      Object.assign(rows.get(id) ?? {}, { env });
      const target = await readCompanion(id, api);
      assert.ok(target);
      return (now: string | null | undefined) =>
        target.runs(withVariables, { dockerImage: "acme/api:1", ...(now === undefined ? {} : { env: now }) });
    };
    for (const left of [null, "", undefined])
      for (const now of [null, "", undefined]) assert.equal((await of(left))(now), true);
    assert.equal((await of("A=1"))(null), false);
    assert.equal((await of(null))("A=1"), false);
  });

  it("has a text of its own for each creation", async () => {
    const texts = new Set<unknown>();
    const { api } = withApplications({
      "application.create"(input, rows) {
        texts.add(input["description"]);
        return add(rows, input);
      },
    });
    for (let n = 0; n < 3; n += 1) await createCompanion(wanted, api);
    assert.equal(texts.size, 3);
  });

  describe("that was left", () => {
    const { of } = wanted;
    const down = new Error("down");
    /** Ways to remove it: after a deployment of its service, and before that is deleted. */
    const ways = {
      "by its service": removeCompanions,
      "before its service": (target: typeof of, api: Api) => removeLeft(target, { api, run: new Run() }),
    };
    for (const [name, remove] of Object.entries(ways)) {
      it(`is removed ${name}, and no application of others`, async () => {
        const { api, rows } = withApplications({});
        await createCompanion(wanted, api);
        await createCompanion({ ...wanted, of: { ...of, id: "another" } }, api);
        const description = new Companions(api, "word").text("service", "of-another-run");
        add(rows, { name: "empty", sourceType: "docker", description });
        add(rows, { name: "code", sourceType: "github", description });
        add(rows, { name: "image", sourceType: "docker", dockerImage: "postgres:17", description });
        Object.assign(add(rows, { name: "theirs", sourceType: "docker", description }), { env: "A=1" });
        add(rows, { name: "no text", sourceType: "docker" });
        await remove(of, api);
        assert.deepEqual([...rows.keys()], ["app2", "app4", "app5", "app6", "app7"]);
        await remove({ ...of, releaseWord: "another" }, api);
        assert.equal(rows.size, 5);
      });

      it(`is a reason to fail where it cannot be removed ${name}`, async () => {
        const { api } = withApplications({
          "application.delete"() {
            throw down;
          },
        });
        await createCompanion(wanted, api);
        await assert.rejects(remove(of, api), down);
      });

      it(`may be removed by somebody else meanwhile, ${name}`, async () => {
        const { api, rows } = withApplications({
          "application.one": () => missing("application.one"),
          "application.delete": () => missing("application.delete"),
        });
        const companions = new Companions(api, "word");
        Object.assign(add(rows, { sourceType: "docker" }), {
          description: companions.text("service", "app1"),
        });
        add(rows, { sourceType: "docker", description: companions.text("service", "of-another-run") });
        await remove(of, api);
        assert.equal(rows.size, 2);
      });

      it(`is looked for ${name} where the key may see the environment`, async () => {
        for (const kind of ["forbidden", "server"] as const) {
          const error = new DokployError("no", { kind, endpoint: "environment.one", outcome: "refused" });
          const { api } = withApplications({
            "environment.one"() {
              throw error;
            },
          });
          const work = remove(of, api);
          // Without a command of its own to remove, a service may be deleted.
          if (kind === "forbidden" && remove !== removeCompanions) await work;
          else await assert.rejects(work, error);
        }
      });

      it(`is looked for ${name} in each environment that there is`, async () => {
        const read: unknown[] = [];
        const { api, rows } = withApplications({
          "environment.one"({ environmentId }) {
            read.push(environmentId);
            if (environmentId === "gone") missing("environment.one");
            return environmentId === "env" ? { applications: [...rows.values()] } : {};
          },
        });
        await createCompanion(wanted, api);
        await remove({ ...of, environmentIds: ["gone", "bare", "env"] }, api);
        assert.deepEqual([...read].sort(), ["bare", "env", "gone"]);
        assert.equal(rows.size, 0);
      });
    }
  });
});
