import * as assert from "node:assert/strict";
import type { z } from "zod";
import { isRecord } from "../../packages/values";
import { isImport } from "../../plugin/import";
import { sealed } from "../../plugin/values";
import { importedKey, managed } from "../../provider/lifecycle/imported";
import { at, compile, inArm, put } from "../../provider/schema/compile";
import { anyValue, type Ids } from "./generated";
import { type Any, all, canaries, inputsFor, isRead, madeUp, mark, otherValue, surroundings } from "./kinds";
import { plain, type Server, startServer } from "./server";
import { CANARY } from "./simple-data";

type Values = Record<string, unknown>;

/** A resource in Pulumi's state. */
interface State {
  readonly id: string;
  readonly inputs: Values;
  readonly props: Values;
  readonly secrets: readonly (readonly string[])[];
}

const importable = all.filter(({ list }) => list !== undefined);

describe("the import of every kind of resource", function () {
  this.timeout(60_000);
  /** Kinds of which a smaller program has changed one input. */
  const changed: string[] = [];
  /** Kinds of which a program can leave out nothing. */
  const whole: string[] = [];

  for (const definition of importable) {
    const { kind, schema } = definition;

    describe(kind, () => {
      let server: Server;
      let ids: Ids;
      let made: string;
      let state: State;
      before(async () => {
        server = await startServer({ definitions: madeUp });
        ids = await surroundings(server, definition);
        made = await makeWhole(server, definition, ids);
      });
      beforeEach(async () => {
        server.newRun();
        server.warnings.length = 0;
        server.notices.length = 0;
        state = await imported(server, definition, made);
        assertOnlyRead();
      });
      after(() => server.close());

      const assertOnlyRead = () =>
        assert.deepEqual(
          server.calls().filter((call) => !isRead(call)),
          [],
        );

      /** What a plan does: a check, and a comparison with the state. */
      const plan = async ({ id, inputs, props }: State, program: Values) => {
        server.newRun();
        const checked = await server.of(kind).check(inputs, program);
        assert.deepEqual(checked.failures, []);
        const olds = managed(definition, props, inputs, checked.inputs);
        const diff = await server.of(kind).diff(id, olds, checked.inputs);
        return { ...diff, olds, news: checked.inputs };
      };

      /** What a run does with a program that plans nothing: the state then has the inputs of the program. */
      const keep = async (before: State, program: Values): Promise<State> => {
        const { changes, news } = await plan(before, program);
        assert.equal(changes, false);
        return { ...before, inputs: news };
      };

      it("gives a program that plans nothing, in the same run and in later ones", async () => {
        const { id, inputs } = state;
        assert.equal(inputs[importedKey], true);
        const checked = await server.of(kind).check(inputs, inputs);
        assert.deepEqual(checked, { inputs, failures: [] });
        const hidden = hiddenIn(definition, inputs);
        const said = server.warnings.filter((line) => line.includes("Dokploy never shows that"));
        assert.equal(said.length, hidden.length === 0 ? 0 : 1);
        for (const path of hidden)
          assert.ok(said[0]?.includes(` without ${path.join(".")}, since `), said[0]);

        const program = programOf(definition, state);
        const kept = await keep(state, program);
        assert.ok(!(importedKey in kept.inputs));
        await keep(kept, program);
        const olds = managed(definition, kept.props, kept.inputs);
        assert.ok(!isImport(olds, kept.inputs));
        const live = await server.of(kind).read(id, olds);
        assert.deepEqual(plain(live.inputs ?? {}), program);
        await keep({ ...kept, props: plain(live.props ?? {}) }, program);
        assertOnlyRead();
      });

      it("leaves alone what a smaller program leaves out, in a plan, an update, a refresh and later", async () => {
        const program = await smallest(server, definition, state);
        const given = Object.keys(program);
        if (Object.keys(wholeOf(state)).every((name) => !(name in schema.shape) || given.includes(name)))
          whole.push(kind);
        const kept = await keep(state, program);
        await server
          .of(kind)
          .update(state.id, managed(definition, state.props, state.inputs, program), program);
        assertOnlyRead();

        const again = await keep(kept, program);
        const live = await server.of(kind).read(state.id, managed(definition, again.props, again.inputs));
        assert.deepEqual(plain(live.inputs ?? {}), program);
        await keep({ ...again, props: plain(live.props ?? {}) }, program);
        await server.of(kind).update(state.id, plain(live.props ?? {}), program);
        assertOnlyRead();
        assert.deepEqual((await imported(server, definition, state.id)).props, state.props);
      });

      it("marks its secrets, and shows them nowhere else", () => {
        const { inputs, props, secrets } = state;
        const marked = sealed({ inputs, props }, [
          ...secrets.map((path) => ["inputs", ...path]),
          ...secrets.map((path) => ["props", ...path]),
        ]).toJavaScript();
        const open = canaries(marked).filter((path) => !path.endsWith(mark));
        assert.deepEqual(open, []);
        for (const said of [...server.warnings, ...server.notices]) assert.ok(!said.includes(CANARY), said);
      });

      it("changes only the input that a smaller program changes", async () => {
        const small = await smallest(server, definition, state);
        // An id, or the name of a role, would name nothing.
        const names = Object.keys(schema.shape).filter((name) => !/(?:Ids?|^role)$/.test(name));
        const candidates = names.flatMap((name) => [
          [name, otherValue(name, schema, small[name] ?? state.inputs[name], ids)] as const,
          [name, flipped(wholeOf(state)[name])] as const,
        ]);
        for (const [name, value] of candidates) {
          const program = { ...small, [name]: value };
          if (value === undefined || !(await isPlanned(server, definition, state, program))) continue;
          const { olds, news } = await plan(state, program);
          const { outs } = await server.of(kind).update(state.id, olds, news);
          assert.ok(!(importedKey in outs));
          server.newRun();
          const now = wholeOf(await imported(server, definition, state.id));
          const before = wholeOf(state);
          const others = Object.keys(schema.shape).filter((input) => input !== name);
          assert.deepEqual(pick(now, others), pick(before, others), name);
          assert.notDeepEqual(now[name], before[name], name);
          changed.push(kind);
          return;
        }
      });
    });
  }

  after(() => {
    const fixed = importable.map(({ kind }) => kind).filter((kind) => !changed.includes(kind));
    // No call changes a network.
    assert.deepEqual(fixed, ["Network"]);
    assert.deepEqual(whole, ["Redirect", "Security", "TraefikFile", "VaultProvider", "Detour"]);
  });
});

/** Makes an object with as many inputs as its kind takes at once, and returns its id. */
async function makeWhole(server: Server, definition: Any, ids: Ids): Promise<string> {
  const { kind, schema } = definition;
  let inputs = inputsFor(definition, ids);
  for (const [name, type] of Object.entries(schema.shape) as [string, z.ZodType][]) {
    // Nobody waits for a name that has no address.
    if (name in inputs || name === "import" || name === "reachable" || name.endsWith("Id")) continue;
    const value = name === "replicas" ? 2 : anyValue(name, type, ids);
    const more = { ...inputs, [name]: value };
    server.newRun();
    if (value !== undefined && (await server.of(kind).check({}, more)).failures.length === 0) inputs = more;
  }
  server.newRun();
  const checked = await server.of(kind).check({}, inputs);
  assert.deepEqual(checked.failures, []);
  const { id } = await server.of(kind).create(checked.inputs);
  return id;
}

/** Returns the state that an import makes. */
async function imported(server: Server, { kind }: Any, id: string): Promise<State> {
  assert.ok(isImport({}, {}));
  const { inputs = {}, props = {}, secrets = [], ...found } = await server.of(kind).import(id);
  assert.equal(found.id, id);
  return { id, inputs, props, secrets };
}

/** Returns all inputs that an import has read. */
function wholeOf({ props }: State): Values {
  return merged(props[importedKey], props) as Values;
}

function merged(one: unknown, other: unknown): unknown {
  if (!isRecord(one) || !isRecord(other)) return other ?? one;
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...names].map((name) => [name, merged(one[name], other[name])]));
}

/** Returns the inputs of an import as a program gives them, with what Dokploy never shows. */
function programOf(definition: Any, { inputs }: Pick<State, "inputs">): Values {
  const { [importedKey]: _, ...program } = structuredClone(inputs);
  for (const path of hiddenIn(definition, inputs)) put(program, path, `${CANARY}-hidden`);
  return program;
}

function hiddenIn({ schema }: Any, inputs: Values): (readonly string[])[] {
  return compile(schema, [], undefined)
    .filter((leaf) => leaf.writeOnly && inArm(leaf, inputs))
    .map(({ path }) => path);
}

/** Returns the program of an import without every input that may be left out. */
async function smallest(server: Server, definition: Any, state: State): Promise<Values> {
  let program = programOf(definition, state);
  for (const { path } of compile(definition.schema, [], undefined)) {
    if (at(program, path) === undefined) continue;
    const less = structuredClone(program);
    put(less, path, undefined);
    const tried = withoutEmpty(less) as Values;
    const { failures } = await server.of(definition.kind).check(state.inputs, tried);
    if (failures.length === 0) program = tried;
  }
  return program;
}

/** True when a program is valid, and its plan changes the object in place. */
async function isPlanned(server: Server, definition: Any, { id, inputs, props }: State, program: Values) {
  server.newRun();
  const handlers = server.of(definition.kind);
  const { failures } = await handlers.check(inputs, program);
  if (failures.length > 0) return false;
  const diff = await handlers
    .diff(id, managed(definition, props, inputs, program), program)
    .catch(() => ({ changes: false, replaces: [] }));
  return diff.changes !== false && (diff.replaces ?? []).length === 0;
}

/** Returns a value with each boolean in it turned around. */
function flipped(value: unknown): unknown {
  if (typeof value === "boolean") return !value;
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, flipped(inner)]));
}

function withoutEmpty(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, withoutEmpty(inner)] as const);
  return Object.fromEntries(entries.filter(([, inner]) => !isRecord(inner) || Object.keys(inner).length > 0));
}

function pick(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(names.map((name) => [name, values[name]]));
}
