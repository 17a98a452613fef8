import * as assert from "node:assert/strict";
import { type ServiceTarget, serviceKey } from "../../../../provider/deploy";
import { hasNothing } from "../../../../provider/engine/adoption/claim";
import { maskedValues } from "../../../../provider/engine/rollout/deployable";
import { needed, withoutEffective } from "../../../../provider/engine/rollout/need";
import { pendingOf, serviceOutputs } from "../../../../provider/engine/rollout/outputs";
import { messageOf } from "../../../../provider/engine/rollout/rollout";
import { deployProblems } from "../../../../provider/engine/rollout/ways/ways";
import { refuseSkippedNetworks } from "../../../../provider/engine/services/networks";
import { onServer, problemsHere } from "../../../../provider/engine/services/server-rules";
import { serviceFiles, serviceVolumes } from "../../../../provider/engine/services/volumes";
import { idsOutput, PartsError } from "../../../../provider/engine/simple/parts-state";
import {
  dockerfileOf,
  dockerfilePath,
  expectedOf,
  expectedOfStack,
} from "../../../../provider/engine/variable-targets/running";
import { CheckFailedError } from "../../../../provider/errors";
import type { Context } from "../../../../provider/lifecycle";
import type { Change, EnvInput } from "../../../../provider/schema";

describe("the action that changes of a service need", () => {
  const change = (apply: Change["apply"], minApply = apply) => ({ path: "x", apply, minApply }) as Change;

  it("is the strongest of them, of the remaining work, and of the program's choice", () => {
    assert.equal(needed([], undefined), "none");
    assert.equal(needed([change("none")], undefined), "none");
    assert.equal(needed([change("reload"), change("deploy"), change("none")], undefined), "deploy");
    assert.equal(needed([change("reload")], undefined, "redeploy"), "redeploy");
    assert.equal(needed([], undefined, "reload"), "reload");
    assert.equal(needed([change("deploy", "reload")], { method: "reload" }), "reload");
    assert.equal(needed([change("deploy", "redeploy")], { method: "reload" }), "redeploy", "at the least");
    assert.equal(needed([change("reload")], { method: "deploy" }), "deploy");
    assert.equal(needed([change("none")], { method: "deploy" }), "none");
    assert.equal(needed([change("deploy", "reload")], { timeoutSeconds: 5 }), "deploy");
    assert.equal(needed([change("deploy", "reload")], false), "deploy");
  });

  it("is kept as an output until it is done", () => {
    assert.deepEqual([pendingOf("none"), pendingOf("reload")], [{}, { pending: "reload" }]);
    const last = { deploymentId: "d", status: "done" } as const;
    assert.deepEqual(serviceOutputs({ status: "done", more: 1 } as never), { status: "done" });
    assert.deepEqual(serviceOutputs({ status: "done", lastDeployment: last, pending: "deploy" }), {
      status: "done",
      lastDeployment: last,
      pending: "deploy",
    });
  });

  it("is never a reload of a compose service", () => {
    assert.deepEqual(deployProblems("compose", { method: "reload" }), [
      {
        property: "deploy.method",
        reason: 'a compose service cannot be reloaded: use "redeploy" or "deploy"',
      },
    ]);
    for (const fine of [{ method: "deploy" }, {}, true, null, undefined, "reload"]) {
      assert.deepEqual(deployProblems("compose", fine), []);
    }
  });

  it("hides what the program marked, and what may be a secret around it", () => {
    const secrets = {
      all: () => ["a"],
      among: (values: Iterable<readonly string[]>) => [...values].map(([, v]) => v),
    };
    assert.deepEqual(maskedValues([["N", "b"]], { secrets } as never), ["a", "b"]);
  });

  it("fails with a message, for any thrown value", () => {
    assert.deepEqual([messageOf(new Error("x")), messageOf("y")], ["x", "y"]);
  });

  it("is nothing for variables that run already", async () => {
    const target = {
      kind: "application",
      id: "a",
      name: "web",
      appName: "app",
      expected: { expectEnv: { A: "1" } },
    };
    const env = { path: "env", begins: true } as Change;
    const other = change("reload");
    let env_: readonly string[] = ["A=1"];
    const api = {
      call: async (endpoint: string) =>
        endpoint === "docker.getConfig"
          ? { Config: { Env: env_ } }
          : [{ containerId: "c", name: "c", state: "running" }],
    };
    const rest = async (planned: Change[], given: object, drifted: Change[] = [], of: object = target) =>
      await withoutEffective(planned, drifted, given, of as ServiceTarget, { api } as never);
    assert.deepEqual(await rest([env, other], { env: { A: "1" } }), [other]);
    const still = [env, other];
    assert.equal(await rest(still, { env: { A: "1" } }, [env]), still, "the server has another text");
    assert.equal(await rest(still, { env: { A: "1", B: "2" } }), still, "not known what it should have");
    assert.equal(await rest(still, {}), still);
    const changed = [{ path: "env" } as Change];
    assert.equal(await rest(changed, { env: { A: "1" } }), changed, "given before");
    const compose = { ...target, kind: "compose", expected: undefined };
    assert.deepEqual(await rest(still, { env: { A: "1" } }, [], compose), [other]);
    assert.equal(await rest(still, { env: { A: "${{B}}" } }, [], compose), still, "with a reference");
    env_ = ["A=0"];
    assert.equal(await rest(still, { env: { A: "1" } }), still, "the containers have another value");
  });
});

describe("the expected containers of a service", () => {
  const shared = { env: "E=1", project: { env: "P=2" } };
  const scale = (modeSwarm: object | null | undefined) =>
    expectedOf({ replicas: 3, modeSwarm } as never, "A=1");

  it("are as many as Swarm's mode says, or its replicas", () => {
    const expectEnv = { A: "1" };
    assert.deepEqual(scale(null), { replicas: 3, expectEnv });
    assert.deepEqual(scale(undefined), { replicas: 3, expectEnv });
    assert.deepEqual(scale({ Replicated: { Replicas: 0 } }), { replicas: 0, expectEnv });
    assert.deepEqual(scale({ Replicated: {} }), { expectEnv });
    assert.deepEqual(scale({ Global: {} }), { expectEnv });
    assert.deepEqual(scale({ GlobalJob: {} }), { isJob: true, expectEnv });
    assert.deepEqual(scale({ ReplicatedJob: {} }), { isJob: true, replicas: 1, expectEnv });
    assert.deepEqual(scale({ ReplicatedJob: { TotalCompletions: 4 } }), {
      isJob: true,
      replicas: 4,
      expectEnv,
    });
  });

  it("have its variables with inserted shared ones, as far as they are known", () => {
    const env = "A=${{environment.E}}${{project.P}}";
    assert.deepEqual(expectedOf({ replicas: 1, modeSwarm: null }, env, shared).expectEnv, { A: "12" });
    assert.deepEqual(expectedOf({ replicas: 1, modeSwarm: null }, env).expectEnv, {});
    assert.deepEqual(
      expectedOf({ replicas: 1, modeSwarm: null }, null, { env: "", project: { env: "" } }).expectEnv,
      {},
    );
  });

  it("of a stack have variables under the name of their service", () => {
    const file =
      "services:\n  web:\n    image: a:1\n    environment:\n      X: ${A}\n      Y: ${V}\n  db:\n    image: b:1\n    environment: [Z=z]\n";
    const env = "A=${{project.P}}\nV={{.Service.Name}}";
    assert.deepEqual(expectedOfStack(file, true, env, shared), { expectEnv: { "web/X": "2", "db/Z": "z" } });
    assert.deepEqual(expectedOfStack(file, true, null).expectEnv?.["db/Z"], "z");
  });

  it("is built with a Dockerfile below the folder that is built", () => {
    assert.deepEqual(
      [
        dockerfilePath(undefined, null),
        dockerfilePath("/", "ops/Dockerfile"),
        dockerfilePath("/api", ""),
        dockerfilePath("api/", "../x/Dockerfile"),
      ],
      ["Dockerfile", "ops/Dockerfile", "api/Dockerfile", "x/Dockerfile"],
    );
    const row = {
      sourceType: "git",
      buildType: "dockerfile",
      dockerfile: "D",
      buildPath: "/hub",
      gitlabBuildPath: "/lab",
      bitbucketBuildPath: "/bucket",
      giteaBuildPath: "/tea",
      customGitBuildPath: "/git",
      dropBuildPath: "/drop",
    };
    const of = (more: object) => dockerfileOf({ ...row, ...more } as never);
    assert.deepEqual(
      ["git", "github", "gitlab", "bitbucket", "gitea", "drop", "docker"].map((sourceType) =>
        of({ sourceType }),
      ),
      ["git/D", "hub/D", "lab/D", "bucket/D", "tea/D", "drop/D", undefined],
    );
    assert.equal(of({ buildType: "nixpacks" }), undefined);
  });
});

describe("rules for variables that depend on the server", () => {
  const map = (value: unknown, maybe: readonly string[] = ["compose"]): EnvInput =>
    ({ path: "env", target: maybe[0], maybe, value }) as EnvInput;
  async function here(
    given: EnvInput,
    target: "stack" | "compose" | undefined,
    file?: string,
    supports: string[] = [],
  ) {
    const warnings: string[] = [];
    const context = {
      api: { supports: async (feature: string) => supports.includes(feature) },
      warn: (line: string) => warnings.push(line),
    } as unknown as Context;
    const maps = onServer([given], () => target);
    const [end, problems] = await problemsHere(maps, file, context).then(
      (found) => ["fine", found] as const,
      (error: CheckFailedError) => {
        assert.ok(error instanceof CheckFailedError, String(error));
        return ["refused", error.problems] as const;
      },
    );
    return { end, at: problems.map(({ property }) => property), warnings };
  }
  const ambiguous = ["compose", "stack"];

  it("is refused, warned of or handed on, and none of what was reported before", async () => {
    assert.deepEqual(await here(map({ PATH: "/" }, ambiguous), "stack"), {
      end: "refused",
      at: ["env.PATH"],
      warnings: [],
    });
    assert.deepEqual(await here(map({ PATH: "/" }, ["stack"]), "stack"), {
      end: "fine",
      at: [],
      warnings: [],
    });
    const { end, at, warnings } = await here(map({ HOME: "/" }, ["application", "stack"]), "stack");
    assert.deepEqual([end, at], ["fine", []], "a warning is no problem");
    assert.match(warnings.join(), /^env\.HOME is also the home folder .*\.$/);
    assert.deepEqual((await here(map({ A: "${{APP_NAME}}" }, ["compose"]), "stack")).at, ["env.A"]);
    assert.deepEqual(await here(map({ PATH: "/" }, ambiguous), undefined), {
      end: "fine",
      at: [],
      warnings: [],
    });
  });

  it("quotes that some versions write for a stack are reported if its file takes them", async () => {
    const quoted = ["compose.env.quoted"];
    const value = { A: "1" };
    const takes = "services: { a: { env_file: .env } }";
    assert.deepEqual((await here(map(value, ["stack"]), "stack", takes, quoted)).at, ["env"]);
    assert.deepEqual(await here(map(value, ["stack"]), "stack", "services: {}", quoted), {
      ...{ end: "fine", at: [], warnings: [] },
    });
    const unknown = await here(map(value, ["stack"]), "stack", undefined, quoted);
    assert.match(unknown.warnings.join(), /^env reaches the containers of a stack in quotes/);
    assert.equal(
      (await here(map(value, ["stack"]), "stack", takes, [...quoted, "stack.env.plain"])).end,
      "fine",
    );
    assert.equal((await here(map(value, ["stack"]), "stack", takes)).end, "fine", "an older one");
    assert.equal((await here(map({}, ["stack"]), "stack", takes, quoted)).end, "fine");
    assert.equal((await here(map(value), "compose", takes, quoted)).end, "fine");
  });
});

describe("the parts of a service", () => {
  it("have their ids among its outputs, if it has any", () => {
    assert.deepEqual(idsOutput({}), {});
    assert.deepEqual(idsOutput({ ports: {} }), {});
    assert.deepEqual(idsOutput({ ports: {}, domains: { a: "1" } }), { partIds: { domains: { a: "1" } } });
    const state = { lists: {}, partIds: {} };
    assert.deepEqual(
      [new PartsError(state, new Error("x")).message, new PartsError(state, "y").message],
      ["x", "y"],
    );
    assert.equal(serviceKey({ kind: "compose", id: "c" }), "compose/c");
  });
});

describe("a network that a service names", () => {
  const networkIds = ["PQqzqTGCVtx0St2SA3vCi"];
  const refusal = async (row: object, changed = "networkIds") => {
    const reads = { call: async () => row } as unknown as Context["reads"];
    return await refuseSkippedNetworks({ networkIds }, [{ input: changed } as Change], { reads }).then(
      () => undefined,
      (error: CheckFailedError) => error.message,
    );
  };

  it("is refused with any driver but that of networks of the swarm, where a change begins to use it", async () => {
    for (const driver of ["bridge", "macvlan", "ipvlan", "host", "none", ""])
      assert.equal(
        await refusal({ name: "own", driver }),
        'networkIds: the network "own" (PQqzqTGCVtx0St2SA3vCi) exists on one machine only ' +
          `(driver: "${driver}"), and services in the swarm join only overlay networks: Dokploy leaves it out without a warning`,
      );
    assert.equal(await refusal({ name: "own", driver: "overlay" }), undefined);
    assert.equal(await refusal({ name: "own", driver: "bridge" }, "env"), undefined);
  });
});

describe("a service with nothing but its creation", () => {
  it("may be removed again; one that somebody deployed, or gave anything, may not", () => {
    for (const row of [
      {},
      { applicationStatus: "idle", env: "", mounts: [], domains: [] },
      { composeStatus: "idle", env: null },
      { mounts: [{ type: "volume" }] },
    ])
      assert.equal(hasNothing(row), true, JSON.stringify(row));
    for (const row of [
      { applicationStatus: "done" },
      { composeStatus: "error" },
      { env: "A=1" },
      { domains: [{ host: "a.example.com" }] },
      { mounts: [{ type: "volume" }, { type: "bind" }] },
      { backups: [{ type: "volume" }] },
    ])
      assert.equal(hasNothing(row), false, JSON.stringify(row));
  });
});

describe("the data of a service", () => {
  it("is in the volumes that its mounts name, and a database's own one", () => {
    const mounts = {
      a: { type: "volume", volumeName: "data" },
      b: { type: "bind", volumeName: "no-volume" },
      c: { type: "volume" },
    };
    const data = { name: "data", isOwn: false };
    assert.deepEqual(serviceVolumes("application", { mounts }, "web-x"), [data]);
    assert.deepEqual(serviceVolumes("postgres", { mounts }, "db-x"), [
      { name: "db-x-data", isOwn: true },
      data,
    ]);
  });

  it("is in the files of a compose file that the program does not write", () => {
    const composeFile =
      "services:\n  a:\n    image: a\n    volumes:\n      - ../files/own.txt:/a\n      - ../files/data:/b\n";
    const mounts = { own: { type: "file", filePath: "own.txt" } };
    assert.deepEqual(serviceFiles({ source: { type: "raw", composeFile }, mounts }), ["../files/data"]);
    assert.deepEqual(serviceFiles({ source: { type: "git", composeFile }, mounts }), []);
  });
});
