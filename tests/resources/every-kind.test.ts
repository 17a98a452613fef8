import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { z } from "zod";
import { isRecord } from "../../packages/values";
import { policyOf } from "../../provider/dokploy/endpoint-policy";
import type { Endpoint } from "../../provider/dokploy/endpoints";
import { ServerTree } from "../../provider/dokploy/tree";
import type { SimpleResource } from "../../provider/engine/simple/resource";
import { identityKey } from "../../provider/pulumi/identity";
import { serverKey } from "../../provider/pulumi/stack-state";
import { at, compile } from "../../provider/schema/compile";
import { Mapping } from "../../provider/schema/mapping";
import { anyValue, generated, type Ids } from "./generated";
import {
  type Any,
  canaries,
  inputsFor,
  isRead,
  madeUp,
  mark,
  onServer,
  otherValue,
  surroundings,
} from "./kinds";
import { isGone, plain, type Server, startServer, withProvider } from "./server";
import { CANARY, simpleData } from "./simple-data";

type Values = Record<string, unknown>;

/** As Dokploy makes ids; there is nothing of this one. */
const NOTHING = "NothingHasThisIdAtAll";
/** Of what Dokploy gives these lists, no call shows one by its id; what `import` names, is said to be taken over. */
const unseen: ReadonlySet<string> = new Set(["serviceIds", "gitProviderIds", "import"]);

describe("every kind of resource, with any definition", function () {
  this.timeout(60_000);
  for (const definition of onServer) {
    const { kind, schema, relation } = definition;
    const [sharesObject, outlivesDeletion] = [relation === "part", relation === "lasting"];
    const mapping = new Mapping(schema);

    describe(kind, () => {
      let server: Server;
      let ids: Ids;
      beforeEach(async () => {
        server = await startServer({ definitions: madeUp });
        ids = await surroundings(server, definition);
      });
      afterEach(() => server.close());

      const handlers = () => server.of(kind);
      const inputsOf = (): Values => inputsFor(definition, ids);

      it("is planned without a change, made, compared without a call, read back as it is, and deleted", async () => {
        const { inputs, failures } = await handlers().check({}, withProvider(inputsOf()));
        assert.deepEqual(failures, []);
        assert.deepEqual(
          server.calls().filter((call) => !isRead(call)),
          [],
        );
        const { id, outs } = await handlers().create(inputs);
        const olds = plain(outs);

        server.newRun();
        assert.deepEqual((await handlers().check(olds, inputs)).failures, []);
        assert.equal((await handlers().diff(id, olds, inputs)).changes, false);
        assert.deepEqual(server.calls(), []);

        server.newRun();
        const live = await handlers().read(id, olds);
        assert.equal(live.id, id);
        assert.deepEqual(live.inputs, inputs);
        assert.deepEqual(plain(live.props ?? {}), olds);
        assert.deepEqual(
          server.calls().filter((call) => !isRead(call)),
          [],
        );

        server.newRun();
        await handlers().delete(id, olds);
        await assertGone(id, olds);
        await handlers().delete(id, olds);
      });

      it("is found on a server with inputs that adopt it, and then nothing is saved, deployed or different", async () => {
        // A block has a part of an object, and is found only where no resource has the whole.
        if (!definition.list || sharesObject) return;
        const made = await handlers().create((await handlers().check({}, withProvider(inputsOf()))).inputs);
        server.newRun();
        const found = (await definition.list(new ServerTree(server.context.reads))).find(
          ({ id }) => id === made.id,
        );
        assert.ok(found, `${made.id} is listed`);
        assert.deepEqual(
          server.calls().filter((call) => policyOf(call as Endpoint).method !== "GET"),
          [],
        );
        const hidden = Object.fromEntries(
          found.hidden.map((path) => [path[0] ?? "", at(made.outs, path.slice(0, 1))]),
        );
        const given = { ...found.inputs, ...hidden, [identityKey]: { identity: "adopted", adopts: made.id } };
        const adopts = "import" in schema.shape;
        const { inputs, failures } = await handlers().check({}, given);
        assert.deepEqual(failures, []);
        assert.ok(!("import" in inputs));
        const spoken = [...server.warnings, ...server.notices].filter((line) => / is adopted: /.test(line));
        if (adopts)
          assert.deepEqual(
            spoken.filter((line) => !line.endsWith("is adopted: nothing to change.")),
            [],
          );
        if (adopts) assert.equal(spoken.length, 1);
        const { id, outs } = await handlers().create(inputs);
        assert.equal(id, made.id);
        assert.ok(!("import" in outs));
        assert.deepEqual(
          server.calls().filter((call) => !isRead(call)),
          [],
        );

        server.newRun();
        assert.equal((await handlers().diff(id, plain(outs), inputs)).changes, false);
        server.newRun();
        const live = await handlers().read(id, plain(outs));
        assert.deepEqual(live.inputs, inputs);
        assert.deepEqual(plain(live.props ?? {}), plain(outs));
      });

      /** What was deleted is gone; or it stays, untouched and said to, where its definition has it so. */
      const assertGone = async (id: string, olds: Values) => {
        if (sharesObject) return;
        if (outlivesDeletion) {
          assert.deepEqual(
            server.calls().filter((call) => !isRead(call)),
            [],
          );
          assert.match(server.warnings.join("\n"), /\bstays?\b/);
          return assert.equal((await handlers().read(id, olds)).id, id);
        }
        const gone = await handlers()
          .read(id, olds)
          .catch((error: Error) => error);
        if (isUnsureWhenGone(definition)) return assert.match(String(gone), /was deleted in Dokploy, or/);
        if (gone instanceof Error) throw gone;
        // A state keeps what Dokploy lost, where its outputs show that it is one.
        assert.ok(isGone(gone));
      };

      it("stays in the state once it was deleted by hand, and is created again, though the adoption file names it", async () => {
        if (sharesObject || outlivesDeletion || isUnsureWhenGone(definition)) return;
        const first = { ...withProvider(inputsOf()), [identityKey]: { identity: "lost" } };
        const made = await handlers().create((await handlers().check({}, first)).inputs);
        await handlers().delete(made.id, plain(made.outs));
        server.newRun();
        const { props = {} } = await handlers().read(made.id, { ...plain(made.outs), [serverKey]: "any" });
        const state = plain(props);
        assert.equal(state["isLost"], true);

        server.newRun();
        const given = {
          ...withProvider(inputsOf()),
          // The word that a program gives for the data of these.
          ...("allowReplacement" in schema.shape ? { allowReplacement: true } : {}),
          ...("allowReplacementOf" in schema.shape ? { allowReplacementOf: "shop" } : {}),
          [identityKey]: { identity: "lost", adopts: made.id },
        };
        const planned = await handlers().check(state, given);
        assert.deepEqual(planned.failures, []);
        const { replaces, deleteBeforeReplace } = await handlers().diff(made.id, state, planned.inputs);
        assert.deepEqual([replaces?.length, deleteBeforeReplace], [1, true]);
        const { inputs, failures } = await handlers().check({}, given);
        assert.deepEqual(failures, []);
        await handlers().delete(made.id, state);
        const again = await handlers().create(inputs);
        server.newRun();
        assert.equal((await handlers().diff(again.id, plain(again.outs), inputs)).changes, false);
      });

      it("shows its changes in a plan, and whether they replace it", async () => {
        const given = inputsOf();
        const { inputs } = await handlers().check({}, withProvider(given));
        const { id, outs } = await handlers().create(inputs);
        const olds = plain(outs);
        const planned: string[] = [];
        for (const change of mapping.changes({}, allInputs(schema, given, ids))) {
          const name = change.input;
          const { createOnly, checkOnly } = schema.shape[name]?.meta()?.field ?? {};
          if (createOnly || checkOnly) continue;
          const news = { ...inputs, [name]: otherValue(name, schema, given[name], ids) };
          if (news[name] === undefined) continue;
          const [expected] = mapping.changes(inputs, news);
          server.newRun();
          const plan = await handlers()
            .diff(id, olds, news)
            .catch((error: Error) => error);
          // What its rules refuse beside the others is told in words.
          if (plan instanceof Error) assert.match(plan.message, /\w+ .*\w+/);
          else {
            assert.notEqual(plan.changes, false, name);
            assert.equal((plan.replaces ?? []).length > 0, expected?.replace === true, name);
            planned.push(name);
          }
          assert.deepEqual(
            server.calls().filter((call) => !isRead(call)),
            [],
          );
        }
        assert.ok(planned.length > 0, "some of its inputs can be changed");
      });

      it("is refused at preview with an id that names nothing, wherever that stands, and the input is named", async () => {
        const given = inputsOf();
        for (const path of idPaths(schema)) {
          const name = String(path[0]);
          const last = path.filter((step): step is string => typeof step === "string").at(-1) ?? "";
          if (unseen.has(last)) continue;
          const inputs = naming(NOTHING, path, schema, around(given, name, schema), ids) as Values;
          server.newRun();
          const { failures } = await handlers().check({}, withProvider(inputs));
          const reported = failures.map(({ property, reason }) => `${property}: ${reason}`);
          const whole = `${JSON.stringify(path)}: ${JSON.stringify(inputs)}: ${reported.join("; ")}`;
          assert.equal(failures.length, 1, whole);
          assert.match(
            reported[0] ?? "",
            new RegExp(` has no [A-Za-z ]+ ${NOTHING} \\(or this key cannot see it\\)`),
            whole,
          );
          assert.ok(failures[0]?.property.startsWith(name), whole);
          assert.ok(last in { ...ids, [name]: "" } || failures[0]?.property.endsWith(last), whole);
          assert.deepEqual(
            server.calls().filter((call) => !isRead(call)),
            [],
          );
        }
      });

      it("describes an input of the wrong type, and accepts unknown values", async () => {
        const given = inputsOf();
        for (const [name, type] of Object.entries(schema.shape)) {
          for (const value of [null, 4711081, true, {}, [null], [{}], { "[0]": null }, { "[0]": 4711081 }]) {
            if ((type as z.ZodType).safeParse(value).success) continue;
            const { failures } = await handlers().check({}, withProvider({ ...given, [name]: value }));
            assert.ok(
              failures.some(({ property }) => property.startsWith(name)),
              `${name}: ${JSON.stringify(value)} is told`,
            );
            assert.doesNotMatch(JSON.stringify(failures), /4711081|undefined(?!-name)/);
          }
          const reasonsOf = async (value: unknown) =>
            (await handlers().check({}, withProvider({ ...given, [name]: value }))).failures
              .filter(({ property }) => property.startsWith(name))
              .map(({ reason }) => reason);
          const known = await reasonsOf(anyValue(name, type as z.ZodType, ids) ?? given[name]);
          const open = await reasonsOf(runtime.unknownValue);
          assert.deepEqual(
            open.filter((reason) => !known.includes(reason)),
            [],
            name,
          );
        }
      });

      it("has its secrets in the state as secrets, and nowhere else", async () => {
        const given = inputsOf();
        const { inputs } = await handlers().check({}, withProvider(given));
        const { id, outs } = await handlers().create(inputs);
        const paths = [...mapping.secretByNature().always, ...mapping.variables()];
        for (const path of paths.filter((path) => !path.includes("."))) {
          const isGiven = JSON.stringify(given[path])?.includes(CANARY);
          const hasRow = simpleData[kind] !== undefined;
          assert.ok(isGiven || hasRow, `${path} holds a canary`);
        }
        // Of some the program says what is secret.
        const maybe = compile(schema, [], undefined).filter(({ secret }) => secret === "maybe");
        const hidden = [...paths, ...maybe.map(({ path }) => path.join("."))];
        const isMarked = (path: string) =>
          path.endsWith(mark) || hidden.some((secret) => path === secret || path.startsWith(`${secret}.`));
        const open = canaries(outs).filter((path) => !isMarked(path));
        assert.deepEqual(open, []);
        server.newRun();
        const live = await handlers().read(id, plain(outs));
        assert.deepEqual(
          canaries(live.props ?? {}).filter((path) => !isMarked(path)),
          [],
        );
        for (const said of [...server.warnings, ...server.notices]) assert.ok(!said.includes(CANARY), said);
      });

      it("shows none of its secrets if Dokploy's own error quotes them, whichever call fails", async () => {
        const { inputs } = await handlers().check({}, withProvider(inputsOf()));
        server.newRun();
        await handlers().create(inputs);
        // What a web socket refuses goes the way of HTTP.
        const sockets = server.emulator.calls.filter(({ method }) => method === "WS");
        const overHttp = (call: string) => !sockets.some(({ endpoint }) => endpoint === call);
        const changing = [...new Set(server.calls().filter((call) => !isRead(call) && overHttp(call)))];
        assert.ok(changing.length > 0);
        for (const endpoint of changing) {
          await server.close();
          server = await startServer({ definitions: madeUp });
          ids = await surroundings(server, definition);
          const given = inputsOf();
          const secrets = canaryTexts(given);
          const message = `Failed query: insert into "x" values ($1)\nparams: ${secrets.join()}`;
          server.emulator.faults.add({ endpoint, times: 9, status: 400, body: { message } });
          const failures = await handlers().check({}, { ...withProvider(given), unknownInput: 1 });
          const error = await handlers()
            .create((await handlers().check({}, withProvider(given))).inputs)
            .then(
              () => assert.fail(`${endpoint} was refused`),
              (reason: Error & { reasons?: string[] }) => reason,
            );
          const reported = [error.message, error.stack ?? "", ...(error.reasons ?? [])];
          for (const said of [...reported, JSON.stringify(failures.failures), ...server.warnings])
            assert.ok(!said.includes(CANARY), `${endpoint}: ${said}`);
        }
      });
    });
  }
});

/** Whether it cannot be told from one that the key cannot see. */
function isUnsureWhenGone(definition: Any | Pick<SimpleResource<never, never>, "model">): boolean {
  return "model" in definition && definition.model.spec.kind === "Organization";
}

/** All that can be given at once, as far as a type alone tells. */
function allInputs(schema: z.ZodObject, given: Values, ids: Ids): Values {
  return Object.fromEntries(
    (Object.entries(schema.shape) as [string, z.ZodType][]).flatMap(([name, type]) => {
      const value = given[name] ?? anyValue(name, type, ids);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Where an id may stand: names of inputs, `0` for an item of a list, and which arm of a union. */
type Step = string | 0 | { readonly arm: number };

function idPaths(type: z.ZodType, path: readonly Step[] = []): (readonly Step[])[] {
  const within = (inner: unknown, step: Step) => idPaths(inner as z.ZodType, [...path, step]);
  if (type instanceof z.ZodOptional) return idPaths(type.unwrap() as z.ZodType, path);
  if (type instanceof z.ZodArray) return within(type.element, 0);
  if (type instanceof z.ZodRecord) return within(type.valueType, "web");
  if (type instanceof z.ZodObject)
    return Object.entries(type.shape).flatMap(([name, inner]) => within(inner, name));
  if (type instanceof z.ZodUnion) return type.options.flatMap((option, arm) => within(option, { arm }));
  const isId =
    type instanceof z.ZodString && type.safeParse(NOTHING).success && !type.safeParse("shop").success;
  return isId ? [path] : [];
}

/** A value with an id at a place, and around it what its type asks for. */
function naming(
  id: string,
  [step, ...rest]: readonly Step[],
  type: z.ZodType,
  value: unknown,
  ids: Ids,
): unknown {
  if (type instanceof z.ZodOptional)
    return naming(id, step === undefined ? [] : [step, ...rest], type.unwrap() as z.ZodType, value, ids);
  if (step === undefined) return id;
  if (type instanceof z.ZodArray)
    return [naming(id, rest, type.element as z.ZodType, [value].flat()[0], ids)];
  if (type instanceof z.ZodRecord)
    return { [String(step)]: naming(id, rest, type.valueType as z.ZodType, undefined, ids) };
  if (type instanceof z.ZodUnion && typeof step === "object")
    return naming(id, rest, type.options[step.arm] as z.ZodType, value, ids);
  assert.ok(type instanceof z.ZodObject && typeof step === "string");
  const given = isRecord(value) ? value : {};
  const named = { ...given, [step]: naming(id, rest, type.shape[step] as z.ZodType, given[step], ids) };
  return type.safeParse(named).success
    ? named
    : { ...generated(type, ids, { secrets: false }), [step]: named[step] };
}

/** What to give beside an input that says what the object belongs to: no other such, and nothing that suits those alone. */
function around(given: Values, name: string, { shape }: z.ZodObject): Values {
  const isParent = (input: string) => (shape[input] as z.ZodType).meta()?.field?.looksItself === true;
  if (!isParent(name) || (name in given && name !== "target")) return given;
  const ofOthers = ["serviceName", "metadata", "databaseType", "scheduleType"];
  const ofSomeTargets = ["buildArgs", "buildSecrets", "deploy", "redeployReferrers"];
  const left = Object.entries(given).filter(
    ([input]) => !isParent(input) && ![...ofOthers, ...ofSomeTargets].includes(input),
  );
  const { command, ...rest } = Object.fromEntries(left);
  if (name === "serverId" && command !== undefined) return { ...rest, script: command };
  return {
    ...Object.fromEntries(left),
    ...(name === "composeId" && "serviceName" in shape ? { serviceName: "web" } : {}),
  };
}

function canaryTexts(value: unknown): string[] {
  if (typeof value === "string") return value.includes(CANARY) ? [value] : [];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(canaryTexts) : [];
}
