import * as assert from "node:assert/strict";
import type { SimpleResource } from "../../provider/engine/simple/resource";
import { secret } from "../../provider/pulumi/secret";
import { allDefinitions } from "../../provider/resources/generated/definitions";
import { pathText } from "../../provider/schema/type-problems";
import { makeProject, type Server, startServer, withProvider } from "./server";
import { another, apiOf, rowsOf } from "./simple-by-hand";
import { type SimpleData, simpleData } from "./simple-data";

type Values = Record<string, unknown>;
type Simple = Pick<SimpleResource<never, never>, "kind" | "model">;

const parts = (allDefinitions().filter((definition) => "model" in definition) as unknown as Simple[]).filter(
  ({ kind, model }) => simpleData[kind]?.parent !== undefined && !model.isSeparate,
);

const git = { type: "git", url: "https://git.example.com/acme/web.git", branch: "main" };
const sources: Readonly<Record<"application" | "compose", readonly Values[]>> = {
  application: [{ type: "docker", image: "acme/web:1" }, git],
  compose: [
    {
      type: "raw",
      composeFile: "services:\n  web:\n    image: acme/web:1\n  api:\n    image: acme/api:1\n",
    },
    git,
  ],
};

const deploying = (server: Server) =>
  server.calls().filter((call) => /\.(deploy|redeploy|reload)$/.test(call));
const changing = (server: Server) =>
  server.calls().filter((call) => /\.(create|update|delete|remove|deploy|redeploy|reload)$/.test(call));

for (const { kind, model } of parts) {
  const data = simpleData[kind] as SimpleData & Required<Pick<SimpleData, "byHand">>;
  const service = data.parent as "application" | "compose";
  const { spec, objects, list } = model;
  const applies = spec.parents[service] === "none" ? undefined : spec.parents[service];
  const one: Values = { ...data.inputs };
  const two = another(model, one, 1);
  const name = spec.label(one);
  const second = spec.label(two);

  describe(`${list} that ${service === "compose" ? "a compose service" : "an application"} lists`, function () {
    this.timeout(60_000);
    let server: Server;
    let base: Values;
    beforeEach(async () => {
      server = await startServer();
      const { environmentId } = await makeProject(server);
      base = {
        environmentId,
        name: "web",
        source: sources[service].find(
          ({ type }) => type === (kind === "Patch" ? "git" : sources[service][0]?.type),
        ),
      };
    });
    afterEach(() => server.close());

    const handlers = () => server.of(service === "application" ? "Application" : "Compose");
    const rows = async (id: string): Promise<Values[]> => await rowsOf(server, kind, id);
    const idOf = (row: Values | undefined) => String(row?.[objects.idColumn]);
    const labels = async (id: string) =>
      (await rows(id)).map((row) => spec.label(model.mapping.readBack(row, one))).sort();
    /** A plan and an update, as Pulumi asks for them. */
    const up = async (id: string, olds: Values, news: Values): Promise<Values> => {
      server.newRun();
      const { inputs, failures } = await handlers().check(olds, withProvider(news));
      assert.deepEqual(failures, []);
      await handlers().diff(id, olds, inputs);
      return (await handlers().update(id, olds, inputs)).outs;
    };
    const make = async (map: Values | undefined) =>
      await handlers().create(withProvider({ ...base, ...(map ? { [list]: map } : {}) }));
    /** Makes one as somebody does in the web interface. */
    const byHand = async (id: string, inputs: Values): Promise<string> => {
      const before = new Set((await rows(id)).map(idOf));
      const columns = await model.creation({ ...inputs, [`${service}Id`]: id }, { api: apiOf(server) });
      await server.byHand(`${spec.router}.create`, {
        ...Object.fromEntries(objects.facts.create.needs.map((column) => [column, null])),
        ...columns,
      });
      return idOf((await rows(id)).find((row) => !before.has(idOf(row))));
    };

    it("are in the state as they were where the service itself could not be saved", async () => {
      const { faults } = server.emulator;
      const failing = async (status: number, work: () => Promise<unknown>) => {
        faults.add({ endpoint: `${service}.update`, times: 99, status, body: { message: "odd" } });
        const error = await work().then(
          () => assert.fail("it must fail"),
          (reason: Error & { id: string; properties: Values }) => reason,
        );
        faults.clear();
        return error;
      };
      const made = await failing(400, () => make({ [name]: one }));
      assert.deepEqual(made.properties[list], {});
      assert.deepEqual(await rows(made.id), []);
      const news = { ...base, [list]: { [name]: one } };
      const outs = await up(made.id, made.properties, news);
      assert.deepEqual((await rows(made.id)).length, 1);
      const more = { ...news, description: "more", [list]: { [name]: one, [second]: two } };
      const { properties } = await failing(500, () => up(made.id, outs, more));
      assert.deepEqual(Object.keys(properties[list] as Values), [name]);
      await up(made.id, properties, more);
      assert.equal((await rows(made.id)).length, 2);
    });

    it("are created with it before its one deployment, compared without a call, changed, read back and removed", async () => {
      const { id, outs } = await make({ [name]: one, [second]: two });
      assert.equal((await rows(id)).length, 2);
      assert.equal(deploying(server).length, 1);
      const last = server
        .calls()
        .filter((call) => !/\.(one|all|by[A-Z]\w*)$/.test(call))
        .at(-1);
      assert.equal(last, `${service}.deploy`);
      assert.deepEqual(
        Object.keys((outs["partIds"] as Values)[list] as Values).sort(),
        [name, second].sort(),
      );

      server.newRun();
      const same = withProvider({ ...base, [list]: { [second]: two, [name]: one } });
      assert.deepEqual((await handlers().check(outs, same)).failures, []);
      assert.equal((await handlers().diff(id, outs, same)).changes, false);
      assert.deepEqual(server.calls(), []);

      const changed = { ...base, [list]: { [name]: { ...one, ...data.changed }, [second]: two } };
      const outs2 = await up(id, outs, changed);
      const row = (await rows(id)).find(
        (each) => idOf(each) === ((outs2["partIds"] as Values)[list] as Values)[name],
      );
      for (const [column, value] of Object.entries(data.row)) assert.deepEqual(row?.[column], value);
      assert.equal(deploying(server).length, applies === undefined ? 0 : 1);
      assert.equal(changing(server).filter((call) => call.startsWith(`${spec.router}.`)).length, 1);

      server.newRun();
      const { inputs: read } = await handlers().read(id, outs2);
      assert.deepEqual(read, withProvider(changed));

      const outs3 = await up(id, outs2, { ...base, [list]: { [second]: two } });
      assert.deepEqual(await labels(id), [second]);
      assert.equal(deploying(server).length, applies === undefined ? 0 : 1);
      const outs4 = await up(id, outs3, base);
      assert.deepEqual(await rows(id), []);
      assert.equal(outs4["partIds"], undefined);
      await up(id, outs4, base);
      assert.deepEqual(changing(server), []);
    });

    it("take effect with one deployment, however many change", async () => {
      const ten = (n: number) =>
        Object.fromEntries(
          Array.from({ length: 10 }, (_, at) =>
            another(model, n === 0 ? one : { ...one, ...data.changed }, at + 1),
          ).map((part) => [spec.label(part), part]),
        );
      const { id, outs } = await make(ten(0));
      assert.equal(deploying(server).length, 1);
      await up(id, outs, { ...base, [list]: ten(1) });
      assert.equal((await rows(id)).length, 10);
      assert.deepEqual(deploying(server), applies === undefined ? [] : [`${service}.${applies}`]);
    });

    it("are created before unlisted ones are removed, so that a login is never missing", async () => {
      const { id, outs } = await make({ [name]: one });
      const refused = { endpoint: `${spec.router}.create`, status: 403 };
      server.emulator.faults.add(refused);
      await assert.rejects(up(id, outs, { ...base, [list]: { [second]: two } }), /403/);
      assert.deepEqual(await labels(id), [name]);
      await up(id, outs, { ...base, [list]: { [second]: two } });
      assert.deepEqual(await labels(id), [second]);
    });

    it("show changes by hand, and undo them", async () => {
      const { id, outs } = await make({ [name]: one, [second]: two });
      const row =
        (await rows(id)).find((each) => idOf(each) === ((outs["partIds"] as Values)[list] as Values)[name]) ??
        {};
      const kept = Object.fromEntries(objects.facts.update.needs.map((column) => [column, row[column]]));
      await server.byHand(`${spec.router}.update`, {
        ...kept,
        [objects.idColumn]: idOf(row),
        [data.byHand.column]: data.byHand.value,
      });
      server.newRun();
      const { inputs: read = {}, props = {} } = await handlers().read(id, outs);
      const live = read[list] as Record<string, Values>;
      const isSecret = Boolean(model.schema.shape[data.byHand.input]?.meta()?.field?.secret);
      assert.deepEqual(
        live[name]?.[data.byHand.input],
        isSecret ? secret(data.byHand.value) : data.byHand.value,
      );
      assert.deepEqual(live[second], two);
      await up(id, props, { ...base, [list]: { [name]: one, [second]: two } });
      const now = (await rows(id)).find((each) => idOf(each) === idOf(row));
      assert.equal(now?.[data.byHand.column], row[data.byHand.column]);
    });

    it("show missing parts, and recreate them", async () => {
      const { id, outs } = await make({ [name]: one, [second]: two });
      await server.byHand(`${spec.router}.${objects.facts.remove}`, {
        [objects.idColumn]: ((outs["partIds"] as Values)[list] as Values)[name],
      });
      server.newRun();
      const { inputs: read = {}, props = {} } = await handlers().read(id, outs);
      assert.deepEqual(Object.keys(read[list] as Values), [second]);
      assert.equal(props["pending"], applies);
      await up(id, props, { ...base, [list]: { [name]: one, [second]: two } });
      assert.deepEqual(await labels(id), [name, second].sort());
    });

    it("leave parts of others alone, name them, and adopt equal ones", async () => {
      const { id, outs } = await make(undefined);
      const mine = await byHand(id, one);
      const stranger = await byHand(id, another(model, one, 2));
      const outs2 = await up(id, outs, { ...base, [list]: { [name]: one, [second]: two } });
      const ids = (await rows(id)).map(idOf);
      assert.equal(ids.length, 3);
      assert.ok(ids.includes(mine) && ids.includes(stranger));
      assert.equal(((outs2["partIds"] as Values)[list] as Values)[name], mine);
      const said = [...server.warnings, ...server.notices];
      assert.match(said.join("\n"), new RegExp(`adopts ${list} that already exist.*: ${escaped(name)} \\(`));
      const other = spec.label(another(model, one, 2));
      assert.match(said.join("\n"), new RegExp(`has ${list} that the program does not list; they stay as they are: ${escaped(other)}\\.`)); // biome-ignore format: one line
      await up(id, outs2, { ...base, [list]: {} });
      assert.deepEqual((await rows(id)).map(idOf), [stranger]);
    });

    it("are adopted with their service", async () => {
      const { id } = await make(undefined);
      const mine = await byHand(id, one);
      const stranger = await byHand(id, another(model, one, 2));
      server.newRun();
      const adopting = withProvider({ ...base, import: id, [list]: { [name]: { ...one, ...data.changed } } });
      const { failures } = await handlers().check({}, adopting);
      assert.deepEqual(failures, []);
      assert.match(
        server.warnings.join("\n"),
        new RegExp(`is adopted: changes ${list} \\(~${escaped(name)}\\)`),
      );
      const other = escaped(spec.label(another(model, one, 2)));
      assert.match(
        server.notices.join("\n"),
        new RegExp(`has ${list} that the program does not list; they stay as they are: ${other}\\.`),
      );
      const { outs } = await handlers().create(adopting);
      assert.deepEqual((await rows(id)).map(idOf).sort(), [mine, stranger].sort());
      assert.equal(((outs["partIds"] as Values)[list] as Values)[name], mine);
    });

    /** What adopting the service with this part as it is says at preview, and which calls it makes. */
    const adoptUnchanged = async (id: string) => {
      server.newRun();
      const adopting = withProvider({ ...base, import: id, [list]: { [name]: one } });
      assert.deepEqual((await handlers().check({}, adopting)).failures, []);
      await handlers().create(adopting);
      return { said: [...server.warnings, ...server.notices].join("\n"), calls: changing(server) };
    };

    it("are adopted without a change and a deployment if they are as the program has them", async () => {
      const { id } = await make({ [name]: one });
      const { said, calls } = await adoptUnchanged(id);
      assert.match(said, /is adopted: nothing to change\.$/m);
      assert.deepEqual(calls, []);
    });

    it("are deployed by an adoption if the plan says so, and only there", async () => {
      const { id } = await make(undefined);
      await byHand(id, one);
      const { said, calls } = await adoptUnchanged(id);
      const isReported =
        /nothing to change; (deploys|reloads), since some of its parts were created after its last/.test(
          said,
        );
      assert.equal(calls.length, isReported ? 1 : 0, said);
    });

    it("are kept in the state as far as they are saved, and completed by the next run", async () => {
      const { id, outs } = await make({});
      const three = { [name]: one, [second]: two };
      server.newRun();
      const endpoint = `${spec.router}.create`;
      server.emulator.faults.add({ endpoint, delayMs: 0 });
      server.emulator.faults.add({ endpoint, status: 403 });
      const failure = await handlers()
        .update(id, outs, withProvider({ ...base, [list]: three }))
        .then(
          () => undefined,
          (error: Error & { properties: Values }) => error,
        );
      assert.ok(failure);
      assert.deepEqual(deploying(server), []);
      const state = failure.properties;
      assert.deepEqual(Object.keys(state[list] as Values), [name]);
      assert.equal((await rows(id)).length, 1);
      await up(id, state, { ...base, [list]: three });
      assert.deepEqual(await labels(id), [name, second].sort());
      assert.equal(deploying(server).length, applies === undefined ? 0 : 1);
    });

    it("are found again when the response to their creation is lost", async () => {
      server.emulator.faults.add({ endpoint: `${spec.router}.create`, cut: "after" });
      const { id } = await make({ [name]: one });
      assert.deepEqual(await labels(id), [name]);
    });

    it("go with a service that is replaced, and are created with the new one", async () => {
      const { id } = await make({ [name]: one });
      await handlers().delete(id, { ...base, appName: "web" });
      server.newRun();
      const { id: next } = await make({ [name]: one });
      assert.notEqual(next, id);
      assert.deepEqual(await labels(next), [name]);
    });

    it("are not deleted by the resource that had one of them", async () => {
      const { id, outs } = await make({});
      server.newRun();
      const alone = await server.of(kind).create({ ...one, [`${service}Id`]: id });
      const outs2 = await up(id, outs, { ...base, [list]: { [name]: one } });
      await server.of(kind).delete(alone.id, alone.outs);
      assert.deepEqual((await rows(id)).map(idOf), [alone.id]);
      assert.match(server.warnings.join("\n"), /is not deleted, since its service lists it/);
      server.newRun();
      const same = withProvider({ ...base, [list]: { [name]: one } });
      assert.equal((await handlers().diff(id, outs2, same)).changes, false);
      await server.of(kind).delete(alone.id, alone.outs);
      assert.deepEqual((await rows(id)).map(idOf), [alone.id]);
    });

    if (applies !== undefined) {
      it("are restored after a failed deployment, on request", async () => {
        const deploy = { rollbackOnFailure: true };
        const { id, outs } = await handlers().create(
          withProvider({ ...base, deploy, [list]: { [name]: one } }),
        );
        const theirs = await byHand(id, another(model, one, 2));
        const third = spec.label(another(model, one, 2));
        const before = await rows(id);
        server.newRun();
        server.emulator.setOutcome(id, { status: "error" });
        const news = {
          ...base,
          // A reload cannot be made to fail here.
          source: {
            ...(base["source"] as Values),
            ...(service === "application" ? { image: "acme/web:2" } : {}),
          },
          deploy,
          [list]: {
            [name]: { ...one, ...data.changed },
            [second]: two,
            [third]: { ...another(model, one, 2), ...data.changed },
          },
        };
        await assert.rejects(
          handlers().update(id, outs, withProvider(news)),
          /previous configuration was restored/,
        );
        const after = await rows(id);
        const shown = (all: Values[]) => all.map((row) => JSON.stringify(row)).sort();
        assert.deepEqual(shown(after), shown(before));
        assert.ok(after.some((row) => idOf(row) === theirs));
      });
    }

    it("are refused at preview, by their list and name", async () => {
      const { failures } = await handlers().check(
        {},
        { ...base, [list]: { [name]: { ...one, unheardOf: 1 }, [second]: two, duplicate: two } },
      );
      const path = `${pathText([list, name])}.unheardOf`;
      assert.ok(
        failures.some(({ property }) => property === path),
        JSON.stringify(failures),
      );
      assert.ok(
        failures.some(
          ({ property, reason }) => property === `${list}.duplicate` && /is the same/.test(reason),
        ),
      );
    });
  });
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
