import * as assert from "node:assert/strict";
import { simpleObjects } from "../../emulator/instance/simple-rows";
import type { SimpleResource } from "../../provider/engine/simple/resource";
import { needIn } from "../../provider/engine/simple/spec";
import type { ParentKind } from "../../provider/lifecycle/wire";
import { secret } from "../../provider/pulumi/secret";
import { serverKey } from "../../provider/pulumi/stack-state";
import { allDefinitions } from "../../provider/resources/generated/definitions";
import { at, compile } from "../../provider/schema/compile";
import { makeService } from "./parents";
import { type Server, startServer, withProvider } from "./server";
import { apiOf, changeByHand, madeFor, rowsOf } from "./simple-by-hand";
import { CANARY, simpleData } from "./simple-data";

type Values = Record<string, unknown>;
type Simple = Pick<SimpleResource<never, never>, "kind" | "model">;

const simple = allDefinitions().filter((definition) => "model" in definition) as unknown as Simple[];

const deploying = (server: Server) =>
  server.calls().filter((call) => /\.(deploy|redeploy|reload)$/.test(call));

describe("simple objects", function () {
  this.timeout(60_000);

  it("each have a recorded row and a row of test data, which match", () => {
    assert.deepEqual(simple.flatMap(missing), []);
    const kinds = simple.map(({ kind }) => kind);
    assert.deepEqual(
      Object.keys(simpleData).filter((kind) => !kinds.includes(kind)),
      [],
    );
  });

  for (const { kind, model } of simple) {
    const data = simpleData[kind];
    if (data === undefined || simpleObjects[model.spec.router] === undefined) continue;
    const { router } = model.spec;
    const creation = new RegExp(`^${router}\\.create`);
    const applies = data.parent === undefined ? undefined : appliedIn(model, data.parent);

    describe(kind, () => {
      let server: Server;
      let inputs: Values;
      let parentId: string | undefined;
      /** What a server has of them from the start. */
      let before: ReadonlySet<string>;

      beforeEach(async () => {
        server = await startServer();
        parentId = data.parent && (await makeService(server, data.parent));
        const there = data.parent === undefined ? await rowsOf(server, kind, undefined) : [];
        before = new Set(there.map((row) => model.objects.idOf(row)));
        server.newRun();
        inputs = {
          ...data.inputs,
          ...(await madeFor(server, data)),
          ...(data.parent ? { [`${data.parent}Id`]: parentId } : {}),
        };
      });
      afterEach(() => server.close());

      const handlers = () => server.of(kind);
      const rows = async (): Promise<Readonly<Values>[]> =>
        (await rowsOf(server, kind, parentId)).filter((row) => !before.has(model.objects.idOf(row)));
      const onlyRow = async (): Promise<Readonly<Values>> => {
        const [row, ...others] = await rows();
        assert.ok(row && others.length === 0, `${others.length} more than one ${kind}`);
        return row;
      };
      const matches = (row: Readonly<Values>, wanted: Readonly<Values>) =>
        assert.deepEqual(Object.fromEntries(Object.keys(wanted).map((name) => [name, row[name]])), wanted);

      /** In place, or as Pulumi replaces what no call changes. */
      const change = async (id: string, outs: Values, news: Values, replaces: string[] = []) => {
        if (model.objects.canChange) return { id, outs: (await handlers().update(id, outs, news)).outs };
        assert.ok(replaces.length > 0);
        await handlers().delete(id, outs);
        return await handlers().create(news);
      };

      it("is created, compared without a call, changed, read back and removed", async () => {
        const { inputs: checked, failures } = await handlers().check({}, withProvider(inputs));
        assert.deepEqual(failures, []);
        const { id, outs } = await handlers().create(checked);
        assert.equal(model.objects.idOf(await onlyRow()), id);

        server.newRun();
        assert.deepEqual((await handlers().check(outs, withProvider(inputs))).failures, []);
        assert.equal((await handlers().diff(id, outs, checked)).changes, false);
        assert.deepEqual(server.calls(), []);

        const news: Values = { ...checked, ...data.changed };
        server.newRun();
        assert.deepEqual((await handlers().check(outs, news)).failures, []);
        const diff = await handlers().diff(id, outs, news);
        assert.notEqual(diff.changes, false);
        const changed = await change(id, outs, news, diff.replaces);
        matches(await onlyRow(), data.row);
        assert.equal(deploying(server).length, applies === undefined ? 0 : 1);

        server.newRun();
        const { inputs: read } = await handlers().read(changed.id, changed.outs);
        assert.deepEqual(read, news);
        // A refresh has it from what its service lists, for all of a kind at once.
        if (data.parent)
          assert.deepEqual(
            server.calls().filter((call) => call === `${model.spec.router}.one`),
            [],
          );

        await handlers().delete(changed.id, changed.outs);
        assert.deepEqual(await rows(), []);
        await handlers().delete(changed.id, changed.outs);
      });

      /** Inputs that have a default, with what that is. */
      const defaults = Object.entries(model.schema.shape).flatMap(([name, type]) => {
        const { column, reset, replace } = type.meta()?.field ?? {};
        return column === undefined || reset === undefined ? [] : [{ name, column, reset, replace }];
      });
      /** The inputs without those that may be left out. */
      const fewOf = async (given: Values): Promise<Values> => {
        const few = Object.fromEntries(
          Object.entries(given).filter(([input]) => defaults.every(({ name }) => name !== input)),
        );
        // One of several may be left out where another one is given.
        for (const { property, reason } of (await handlers().check({}, few)).failures)
          if (/^is missing/.test(reason)) few[property] = given[property];
        server.newRun();
        return few;
      };
      const assertDefaults = (row: Readonly<Values>, few: Values) => {
        for (const { name, column, reset } of defaults) {
          if (name in few || !(column in row)) continue;
          const value = row[column];
          // An empty text is none until there was one.
          assert.deepEqual(reset === "" ? (value ?? "") : value, reset, column);
        }
      };

      it("is created with defaults for inputs that are left out", async () => {
        const few = await fewOf(inputs);
        const { inputs: checked, failures } = await handlers().check({}, few);
        assert.deepEqual(failures, []);
        const { id, outs } = await handlers().create(checked);
        assertDefaults(await onlyRow(), few);
        server.newRun();
        assert.deepEqual((await handlers().read(id, outs)).inputs, checked);
      });

      it("gets its defaults again when inputs are removed", async function () {
        if (!model.objects.canChange) return this.skip();
        const given = { ...inputs, ...data.changed };
        const fixed = new Set(defaults.flatMap(({ name, replace }) => (replace ? [name] : [])));
        const few = await fewOf(given);
        for (const name of fixed) few[name] = given[name];
        const { id, outs } = await handlers().create(given);
        server.newRun();
        assert.deepEqual((await handlers().check(outs, few)).failures, []);
        await handlers().diff(id, outs, few);
        const { outs: changed } = await handlers().update(id, outs, few);
        assertDefaults(await onlyRow(), few);
        server.newRun();
        const { inputs: read } = await handlers().read(id, changed);
        assert.deepEqual(read, (await handlers().check({}, few)).inputs);
      });

      it("stays in the state when it is gone, and its service is deployed without it", async () => {
        const { id, outs } = await handlers().create(inputs);
        await model.objects.remove(id, apiOf(server));
        server.newRun();
        const state = { ...outs, [serverKey]: "any" };
        if (kind === "Organization")
          return await assert.rejects(handlers().read(id, state), /was deleted in Dokploy, or the user/);
        const { id: found, props = {} } = await handlers().read(id, state);
        assert.deepEqual([found, props["isLost"]], [id, true]);
        server.newRun();
        assert.equal((await handlers().diff(id, props, inputs)).replaces?.length, 1);
        await handlers().delete(id, props);
        assert.equal(deploying(server).length, applies === undefined ? 0 : 1);
      });

      it("shows changes by hand, and undoes them", async function () {
        const { byHand } = data;
        if (byHand === undefined) return this.skip();
        const { id, outs } = await handlers().create(inputs);
        const row = await onlyRow();
        await changeByHand(server, kind, parentId, byHand);
        server.newRun();
        const { inputs: read = {}, props = {} } = await handlers().read(id, outs);
        const path = byHand.input.split(".");
        const isSecret = compile(model.schema, [], undefined).some(
          (leaf) => leaf.secret !== undefined && leaf.path.join() === path.join(),
        );
        assert.deepEqual(at(read, path), isSecret ? secret(byHand.value) : byHand.value);
        await handlers().diff(id, props, inputs);
        await handlers().update(id, props, inputs);
        assert.equal((await onlyRow())[byHand.column], row[byHand.column]);
      });

      it("is not made a second time: the name of what exists, and how to adopt it", async () => {
        const { id } = await handlers().create(inputs);
        server.newRun();
        const { failures } = await handlers().check({}, inputs);
        assert.match(
          failures[0]?.reason ?? "",
          new RegExp(`already has an? ${kind} .*${id}.*import: "${id}"`),
        );
        await assert.rejects(handlers().create(inputs), /already has/);
        server.newRun();
        const adopting = { ...inputs, import: id };
        assert.deepEqual((await handlers().check({}, adopting)).failures, []);
        assert.equal((await handlers().create(adopting)).id, id);
        await onlyRow();
        assert.match([...server.warnings, ...server.notices].join(), /is adopted: /);
      });

      it("is not named by a value that the program marked as secret", async () => {
        const [name = ""] = model.spec.key;
        const value = inputs[name];
        if (typeof value !== "string") return;
        const { id } = await handlers().create(inputs);
        server.newRun();
        const { failures } = await handlers().check({}, { ...inputs, __secrets: [[name]] });
        const [{ reason } = { reason: "" }] = failures;
        assert.match(reason, new RegExp(`already has an? ${kind} \\[secret\\].*${id}`));
        assert.ok(!reason.includes(value), reason);
      });

      it("is found again when the response to its creation is lost", async () => {
        server.emulator.faults.add({ endpoint: creation, cut: "after" });
        const { id } = await handlers().create(inputs);
        assert.equal(model.objects.idOf(await onlyRow()), id);
      });

      it("is not created twice by a refused creation", async () => {
        server.emulator.faults.add({ endpoint: creation, status: 403 });
        await assert.rejects(handlers().create(inputs), /403/);
        assert.deepEqual(await rows(), []);
      });

      it("is adopted only where it exists", async () => {
        const import_ = "PQqzqTGCVtx0St2SA3vCi";
        const { failures } = await handlers().check({}, { ...inputs, import: import_ });
        assert.match(failures[0]?.reason ?? "", new RegExp(`Dokploy has no ${kind} of this id`));
      });

      it("shows none of its secrets in messages and calls", async () => {
        const check = await handlers().check({}, { ...inputs, unknownInput: 1 });
        const secrets = JSON.stringify(data.inputs).match(new RegExp(`[^"]*${CANARY}[^"]*`, "g"));
        // As Dokploy's database says it.
        const message = `Failed query: insert into "${router}" values ($1, $2)\nparams: id,${secrets}`;
        server.emulator.faults.add({ endpoint: creation, status: 400, body: { message } });
        const error = await handlers()
          .create(inputs)
          .then(
            () => new Error("made"),
            (reason: Error) => reason,
          );
        assert.match(error.message, /failed/);
        for (const text of [JSON.stringify(check.failures), error.message, ...server.warnings])
          assert.ok(!text.includes(CANARY), text);
      });

      for (const [wrong, says] of data.refused ?? [])
        it(`is refused with ${Object.keys(wrong)} that ${says.source}`, async () => {
          const { failures } = await handlers().check({}, { ...inputs, ...wrong });
          assert.match(failures.map(({ reason }) => reason).join("\n"), says);
          assert.ok(!JSON.stringify(failures).includes(CANARY));
        });

      if (data.parent !== undefined) {
        it("needs a service that exists", async () => {
          const wrong = { ...inputs, [`${data.parent}Id`]: "PQqzqTGCVtx0St2SA3vCi" };
          const { failures } = await handlers().check({}, wrong);
          assert.match(failures[0]?.reason ?? "", /Dokploy has no .*PQqzqTGCVtx0St2SA3vCi/);
        });
      }
    });
  }
});

function appliedIn({ spec }: Simple["model"], parent: ParentKind) {
  const need = needIn(spec.parents[parent]);
  return need === "none" ? undefined : need;
}

/** What a definition needs beside its own file, in words for who has just written that. */
function missing({ kind, model }: Simple): string[] {
  const { router, key } = model.spec;
  const recorded = simpleObjects[router];
  const data = simpleData[kind];
  const rows = model.parents.length > 0 ? "simple-parts" : "simple-platform";
  if (recorded === undefined) return [`${kind}: emulator/instance/${rows}.ts has no row \`${router}\``];
  if (data === undefined) return [`${kind}: tests/resources/simple-data.ts has no row \`${kind}\``];
  const { inputs, changed } = data;
  const problems = [
    model.parents.length > 0 &&
      !model.isSeparate &&
      model.spec.all === undefined &&
      recorded.list !== model.list &&
      `\`list\` of the definition is ${model.list}, and of the recorded row ${recorded.list}`,
    !(model.objects.idColumn in recorded.row) && `the recorded row has no ${model.objects.idColumn}`,
    ...key.map((name) => name in changed && `\`changed\` of the test data has ${name}, which is of the key`),
    data.byHand !== undefined &&
      at(inputs, data.byHand.input.split(".")) === undefined &&
      `\`byHand\` of the test data changes ${data.byHand.input}, which \`inputs\` do not give, so that nobody looks at it`,
    ...Object.entries(model.schema.shape).map(
      ([name, type]) =>
        type.meta()?.field?.secret === true &&
        name in inputs &&
        !JSON.stringify(inputs[name]).includes(`"${CANARY}`) &&
        `${name} is a secret: in the test data it begins with CANARY`,
    ),
  ];
  return problems.filter((problem) => problem !== false).map((problem) => `${kind}: ${problem}`);
}
