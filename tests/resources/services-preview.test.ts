import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { DokployError } from "../../provider/dokploy";
import { preflightService, previewService } from "../../provider/engine/services/preview";
import { CheckFailedError } from "../../provider/errors";
import type { Planned } from "../../provider/lifecycle";
import type { Change } from "../../provider/schema";
import { type Answers, type Inputs, models, serviceAlone } from "./services-alone";

type Values = Record<string, unknown>;
type Kind = keyof typeof models;
const { unknownValue } = runtime;
const source = { type: "docker", image: "acme/api:1" };
const inputs: Inputs = { name: "api", environmentId: "env", source };
const composeFile = "services: { a: { image: 'a:1' } }\n";
const jobs: Inputs = { name: "jobs", environmentId: "env", source: { type: "raw", composeFile } };
const failed = [{ deploymentId: "d0", status: "error", createdAt: "2026-01-02T00:00:00.000Z" }];
const domain = { domainId: "d1", host: "api.acme.dev", path: "/", port: 80, https: false };

describe("the plan of a service", () => {
  interface Given {
    readonly kind?: Kind;
    readonly row?: Values;
    readonly answers?: Answers;
    readonly more?: Values;
  }
  function world(of: Inputs, { kind = "application", row = {}, answers = {}, more = {} }: Given = {}) {
    const made = serviceAlone(kind, of, { answers, more });
    Object.assign(made.row, row);
    return made;
  }
  const reads = (log: [string, Values][], endpoint: string) =>
    log.filter(([name]) => name === endpoint).length;
  const gone = (endpoint: string) => () => {
    throw new DokployError("gone", { kind: "not-found", endpoint, outcome: "refused", gone: true } as never);
  };
  const health = {
    containers: { serviceCount: 90 },
    dockerNetworks: { usage: [{ name: "dokploy-network", capacity: 100, containersInUse: 5 }] },
  };

  describe("that does not exist yet", () => {
    const taken = {
      applications: [{ applicationId: "other", name: "api" }],
      name: "prod",
      project: { name: "shop" },
    };
    const answers: Answers = {
      "environment.one": () => taken,
      "docker.getServerHealth": () => health,
    };
    async function preflight(news: Inputs, origin: Values = {}, given: Given = {}) {
      const { more = {}, ...rest } = given;
      const features = ["docker.getServerHealth"];
      const made = world(inputs, { answers, ...rest, more: { features, ...more } });
      const work = preflightService(made.model, news, made.context, origin as never);
      const reason = await work.then(
        () => undefined,
        (error: Error) => error.message,
      );
      return { ...made, reason };
    }
    const free = { ...inputs, name: "free" };

    it("needs a free name, as far as that is known", async () => {
      assert.match(
        String((await preflight(inputs)).reason),
        /already has an application named "api" \(other\)/,
      );
      assert.equal((await preflight(free)).reason, undefined);
      for (const more of [{ name: unknownValue }, { environmentId: unknownValue }]) {
        const { reason, log } = await preflight({ ...inputs, ...more });
        assert.deepEqual([reason, reads(log, "environment.one")], [undefined, 0]);
      }
      const replaced = (id: string) => ({ replaced: { id, inputs } });
      assert.equal(
        (await preflight(inputs, replaced("other"))).reason,
        undefined,
        "its own name becomes free",
      );
      assert.match(String((await preflight(inputs, replaced("id"))).reason), /already has an application/);
    });

    it("needs a free address in the network, where it is a new one", async () => {
      const isAsked = async (origin: Values) =>
        reads((await preflight(free, origin)).log, "docker.getServerHealth");
      assert.equal(await isAsked({}), 1);
      assert.equal(await isAsked({ adopted: "id" }), 0);
      assert.equal(await isAsked({ replaced: { id: "id", inputs } }), 0);
      const { reason } = await preflight(free, {}, { more: { checks: { "full-network": "error" } } });
      assert.match(String(reason), /dokploy-network of the server has about 95/);
    });

    it("may not lose what others gave the service that it replaces", async () => {
      const { reason } = await preflight(
        free,
        { replaced: { id: "id", inputs } },
        { row: { env: "HAND=1" } },
      );
      assert.match(String(reason), /lacks what others gave the former one: the variable HAND/);
    });

    it("is checked by its columns, all of which have to be known", async () => {
      const asked: unknown[] = [];
      for (const news of [free, { ...free, replicas: unknownValue }]) {
        const { model, context } = world(inputs, { answers });
        const assertSupported = async (...given: unknown[]) => {
          await new Promise(setImmediate);
          asked.push(given);
          throw new Error("too old");
        };
        Object.assign(context.api, { assertSupported });
        const work = preflightService(model, news, context, {});
        if (news === free) await assert.rejects(work, /^Error: too old$/);
        else await work;
      }
      assert.deepEqual(asked, [
        ["application.update", { applicationId: "", ...models.application.mapping.columns(free) }],
      ]);
    });

    it("is not looked at while it is not known which one is adopted", async () => {
      const { reason, calls } = await preflight(inputs, { adopted: unknownValue });
      assert.deepEqual([reason, calls], [undefined, []]);
    });
  });

  describe("that is adopted", () => {
    async function adopted(news: Inputs, given: Given = {}) {
      const { kind } = given;
      const made = world(kind === "compose" ? jobs : inputs, given);
      await preflightService(made.model, news, made.context, { adopted: "id" } as never);
      return made.said;
    }
    const idle = { applicationStatus: "idle", deployments: [] };
    const says = (rest: string, label = 'Application "api" (id)') => `${label} is adopted: ${rest}`;

    it("says what changes, and whether that deploys", async () => {
      assert.deepEqual(await adopted(inputs), [`notice unchanged ${says("nothing to change.")}`]);
      const next = { ...inputs, source: { ...source, image: "acme/api:2" } };
      assert.deepEqual(await adopted(next), [`warning adopts ${says("changes source.image; deploys.")}`]);
      assert.deepEqual(await adopted({ ...next, deploy: false }), [
        `warning adopts ${says("changes source.image; not deployed (deploy: false).")}`,
      ]);
      const later = { ...inputs, source: { ...source, image: unknownValue } };
      assert.deepEqual(await adopted(later), [
        `warning adopts ${says("not known yet, so it may change: source.image; deploys if it does.")}`,
      ]);
      assert.deepEqual(await adopted({ ...next, deploy: unknownValue as never }), [
        `warning adopts ${says("changes source.image; deploys.")}`,
      ]);
      assert.match((await adopted(inputs, { row: { name: "a\u009b" } })).join(), /"a\\x9b" \(id\)/);
      assert.match(
        (await adopted(jobs, { kind: "compose" })).join(),
        /^notice \w+ Compose service "jobs" \(id\) is/,
      );
    });

    it("says that it deploys what was never deployed, but not where it is adopted as it is", async () => {
      assert.match(
        (await adopted(inputs, { row: idle })).join(),
        /nothing to change; deploys, since it was never/,
      );
      assert.match(
        (await adopted(inputs, { row: { deployments: failed } })).join(),
        /nothing to change; deploys, since its last deployment did not succeed/,
      );
      const more = { adoptUnchanged: true };
      for (const row of [idle, { deployments: failed }])
        assert.match((await adopted(inputs, { row, more })).join(), /is adopted: nothing to change\.$/);
    });

    it("says that it is interrupted where it deploys", async () => {
      const row = { domains: [domain], deployments: failed };
      const isSaid = async (news: Inputs, given: Given) =>
        (await adopted(news, given)).filter((line) => /^warning interruption /.test(line)).length;
      assert.equal(await isSaid(inputs, { row }), 1);
      assert.equal(await isSaid(inputs, { row: { domains: [domain] } }), 0);
      const image = { ...source, image: "acme/api:2" };
      assert.equal(await isSaid({ ...inputs, source: image }, { row: { domains: [domain] } }), 1);
      const later = { ...source, image: unknownValue };
      assert.equal(await isSaid({ ...inputs, source: later }, { row: { domains: [domain] } }), 1, "it may");
      assert.equal(await isSaid({ ...inputs, deploy: false }, { row }), 0);
      assert.equal(await isSaid(inputs, { row, more: { adoptUnchanged: true } }), 0);
    });
  });

  describe("that changes", () => {
    async function preview(
      news: Inputs,
      {
        former = inputs,
        planned = {},
        ...given
      }: Given & {
        former?: Inputs;
        planned?: Partial<Planned> & { pending?: string };
      } = {},
    ) {
      const made = world(former, given);
      const { pending, ...rest } = planned;
      const outputs = pending === undefined ? {} : { pending };
      const all: Planned = {
        ...{ id: "id", olds: { inputs: former, outputs }, changes: made.model.mapping.changes(former, news) },
        ...rest,
      };
      const end = await previewService(made.model, news, made.context, all).then(
        (problems) => problems.map(({ property }) => property),
        (error: Error) => error.message,
      );
      return { ...made, end };
    }
    const env = (value: string): Inputs => ({ ...inputs, env: { A: value } });
    const replacing = {
      input: "appNamePrefix",
      path: "appNamePrefix",
      replace: true,
      apply: "none",
    } as Change;

    it("is interrupted by what it deploys, and by what an earlier run left", async () => {
      const row = { domains: [domain] };
      const isSaid = async (...given: Parameters<typeof preview>) =>
        (await preview(...given)).said.filter((line) => /^warning interruption /.test(line)).length;
      const next = { ...inputs, source: { ...source, image: "acme/api:2" } };
      assert.equal(await isSaid(next, { row }), 1);
      assert.equal(await isSaid(inputs, { row }), 0);
      assert.equal(await isSaid(inputs, { row, planned: { pending: "deploy" } }), 1);
      assert.equal(await isSaid({ ...next, deploy: false }, { row }), 0);
      assert.equal(await isSaid({ ...next, deploy: unknownValue as never }, { row }), 0);
      assert.equal(await isSaid(next, { row, planned: { changes: [replacing] } }), 0, "it is deleted");
      assert.equal(await isSaid(next, { row, planned: { id: undefined as never, adopted: "id" } }), 0);
    });

    it("is interrupted as its planned settings say, all of which have to be known", async () => {
      const row = { domains: [domain] };
      const next = { ...inputs, source: { ...source, image: "acme/api:2" } };
      const said = async (more: Values, given: Given & { former?: Inputs } = { row }) =>
        (await preview({ ...next, ...more }, given)).said.filter((line) => line.includes(" interruption "));
      assert.match(
        (await said({})).join(),
        /no health check\. Give it one, such as healthCheck: \{ path: "\/health", port: 80 \}/,
      );
      assert.deepEqual(await said({ healthCheck: { path: "/up", port: 80 } }), []);
      for (const more of [
        { swarm: { updateConfig: unknownValue } },
        { healthCheck: unknownValue },
        { replicas: unknownValue },
      ])
        assert.deepEqual(await said(more), [], Object.keys(more).join());
      const stop = { swarm: { updateConfig: { Parallelism: 1, Order: "stop-first" } } };
      assert.match(
        (await said(stop)).join(),
        /^notice interruption .*stops its container before the new one starts/,
      );
      const checked = { ...inputs, healthCheck: { path: "/up", port: 80 } };
      assert.equal((await said({}, { row, former: checked })).length, 1, "the check is removed");
      assert.deepEqual(await said({}, {}), [], "nobody reaches it");
      const listed = { domains: { web: { host: "api.acme.dev", port: 8080 } } };
      assert.match((await said(listed, {})).join(), /port: 8080 \}/, "its new domain");
      assert.match(
        (await said({ ports: { web: { publishedPort: 1, targetPort: 9090 } } }, {})).join(),
        /port: 9090 \}/,
      );
      assert.match((await said({}, { row: { ports: [{ targetPort: 7070 }] } })).join(), /port: 7070 \}/);
    });

    it("refuses to overwrite variables of others, or names those that the program begins to set", async () => {
      const row = { env: "A=1\nHAND=1" };
      const { end } = await preview(env("2"), { former: env("1"), row });
      assert.match(
        String(end),
        /^env: somebody else set variables of the application "api" \(id\) .*remove HAND/,
      );
      const begins = await preview(env("2"), { row });
      assert.deepEqual(begins.said, [
        'warning overwrites Application "api" adopts variables of the application: removes HAND; changes A.',
      ]);
      assert.deepEqual((await preview(env("1"), { former: env("1") })).end, []);
      const adopted = await preview(env("2"), {
        row,
        planned: { id: undefined as never, olds: undefined as never },
      });
      assert.deepEqual([adopted.end, adopted.said], [[], []]);
    });

    it("needs a service that exists, unless it is replaced", async () => {
      const answers = { "application.one": gone("application.one") };
      const next = { ...inputs, replicas: 2 };
      assert.match(
        String((await preview(next, { answers })).end),
        /The application "api" \(id\) no longer exists/,
      );
      for (const more of [{ replace: true }, { replace: false, mayReplace: true as const }]) {
        const changes = [{ ...replacing, ...more }, { path: "replicas", apply: "none" } as Change];
        assert.deepEqual((await preview(next, { answers, planned: { changes } })).end, []);
      }
    });

    it("names the parts that it adopts, and asks for them only where a list changes", async () => {
      const row = {
        ports: [
          {
            portId: "p1",
            applicationId: "id",
            publishedPort: 80,
            targetPort: 8080,
            protocol: "tcp",
            publishMode: "ingress",
          },
        ],
      };
      const ports = { "80/tcp": { publishedPort: 80, targetPort: 8080 } };
      const adopts =
        /^warning adopts Application "api" adopts ports that already exist, .*: 80\/tcp \(as it is\)\.$/;
      const said = async (news: Inputs, given: Parameters<typeof preview>[1] = {}) =>
        (await preview(news, { row, ...given })).said.filter((line) => line.includes(" adopts ")).join("\n");
      assert.match(await said({ ...inputs, ports }), adopts);
      assert.match(
        await said(
          { ...inputs, ports },
          { planned: { id: undefined as never, olds: undefined as never, adopted: "id" } },
        ),
        adopts,
      );
      assert.match(await said({ ...inputs, name: unknownValue, ports }), adopts, "by its name in Dokploy");
      assert.match(await said({ ...inputs, name: "new", ports }), /Application "new" adopts ports/);
      assert.equal(await said({ ...inputs, ports }, { former: { ...inputs, ports } }), "");
      const created = { id: undefined as never, olds: undefined as never };
      for (const adopted of [undefined, unknownValue])
        assert.deepEqual(
          (await preview({ ...inputs, ports }, { row, planned: { ...created, adopted } })).calls,
          [],
        );
      const answers = { "application.one": gone("application.one") };
      const planned = { ...created, adopted: "id" };
      assert.deepEqual((await preview({ ...inputs, ports }, { row, answers, planned })).end, []);
    });

    it("refuses a network that Docker's swarm leaves out, and a reference that nothing has", async () => {
      const answers = { "network.one": () => ({ name: "own", driver: "bridge" }) };
      const joins = { ...inputs, networkIds: ["PQqzqTGCVtx0St2SA3vCi"] };
      assert.match(String((await preview(joins, { answers })).end), /^networkIds: the network "own"/);
      assert.deepEqual((await preview(env("$".concat("{{environment.NONE}}")))).end, ["env.A"]);
    });
  });

  describe("of compose", () => {
    const quoted = ["compose.env.quoted"];
    /** Plans these variables; a reference to the name of the service works in no stack. */
    async function preview(more: Values, given: Given & { id?: string; adopted?: string } = { id: "id" }) {
      const { id, adopted, ...rest } = given;
      const news: Inputs = { ...jobs, ...more };
      const made = world(jobs, { kind: "compose", ...rest });
      const planned = { id, adopted, changes: [] } as never as Planned;
      const end = await previewService(made.model, news, made.context, planned).then(
        (problems) => problems.map(({ property }) => property),
        (error: unknown) => {
          assert.ok(error instanceof CheckFailedError, String(error));
          return error.problems.map(({ property }) => `refused ${property}`);
        },
      );
      return { ...made, end };
    }
    const env = { PATH: "/" };

    it("is checked by the type that it has in Dokploy, where the program does not say", async () => {
      const stack = { row: { composeType: "stack" } };
      const own = { row: { composeType: "docker-compose" } };
      for (const given of [{ id: "id" }, { adopted: "id" }]) {
        const { end, log } = await preview({ env }, { ...given, ...stack });
        assert.deepEqual([end, reads(log, "compose.one")], [["refused env.PATH"], 1], JSON.stringify(given));
        assert.deepEqual((await preview({ env }, { ...given, ...own })).end, []);
      }
      const given = await preview({ env, composeType: "docker-compose" }, { id: "id", ...stack });
      assert.deepEqual([given.end, given.calls], [[], []], "the program says it");
      const unknown = await preview({ env, composeType: unknownValue }, { id: "id", ...own });
      assert.equal(reads(unknown.log, "compose.one"), 1);
      const plain = await preview({ env: { A: "1" } }, { id: "id", ...stack });
      assert.deepEqual([plain.end, plain.calls], [[], []], "it does not matter");
      assert.deepEqual((await preview({}, { id: "id", ...stack })).calls, []);
      assert.deepEqual((await preview({ env }, {})).calls, [], "a new one");
    });

    it("is checked by the file of a stack that is known", async () => {
      const stack = { env: { A: "1" }, composeType: "stack" };
      const of = (composeFile: unknown, type = "raw") =>
        preview({ ...stack, source: { type, composeFile } }, { id: "id", more: { features: quoted } });
      const takes = `${composeFile}# env_file`;
      assert.deepEqual((await of(takes)).end, ["refused env"]);
      const fine = await of(composeFile);
      assert.deepEqual([fine.end, fine.said], [[], []]);
      for (const file of [unknownValue, undefined]) {
        const { end, said } = await of(file);
        assert.deepEqual(end, []);
        assert.match(said.join("\n"), /^warning variable env reaches the containers of a stack in quotes/);
      }
    });
  });
});
