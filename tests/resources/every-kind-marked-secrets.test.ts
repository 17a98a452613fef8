import * as assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { isRecord } from "../../packages/values";
import type { Handlers } from "../../provider/lifecycle/pipeline";
import type { Ids } from "./generated";
import { inputsFor, madeUp, mark, onServer, otherValue, surroundings } from "./kinds";
import { inState, plain, type Server, startServer, withProvider } from "./server";

type Values = Record<string, unknown>;

describe("every kind of resource, of which the program marks every input as secret,", function () {
  this.timeout(60_000);
  /** Problems that checks reported of such inputs. */
  let problems = 0;
  after(() => assert.ok(problems > 0));

  for (const definition of onServer) {
    const { kind, schema } = definition;

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

      /** All that came out since the last look, of this call and beside it. */
      const said = async (work: Promise<unknown>): Promise<string> => {
        const answer = await work.then(
          (found) => (isRecord(found) && "failures" in found ? found["failures"] : []),
          (error: Error & { reasons?: string[] }) => [error.message, error.stack, error.reasons],
        );
        const { warnings, notices, reported } = server;
        const all = JSON.stringify([answer, warnings, notices, reported]);
        for (const list of [warnings, notices, reported]) list.length = 0;
        return all;
      };
      const assertQuiet = (all: string, hidden: readonly string[], about: string) => {
        for (const text of hidden) assert.ok(!all.includes(text), `${about} shows ${text}: ${all}`);
      };
      /** These calls are refused with words that quote one of them, and another one across the place where they are cut. */
      const quote = (text: string, endpoint: string | RegExp, times = 99) => {
        const body = { message: `"${text}" ${"so ".repeat(100)}`.slice(0, 300 - text.length / 2) + text };
        server.emulator.faults.clear();
        server.emulator.faults.add({ endpoint, times, status: 400, body });
      };
      const check = (inputs: Values, secrets: unknown = pathsIn(inputs)) =>
        handlers().check({}, withProvider({ ...inputs, __secrets: secrets }));

      it("shows no word of them in the problems of another value", async () => {
        const given = inputsOf();
        for (const path of pathsIn(given)) {
          for (const wrong of [
            "q7zx4 $q7zx5 q7zx6! *",
            "q7zx7:q7zx8@{q7zx9",
            "${{project.q7zx1}} ${q7zx2}",
          ]) {
            const all = await said(check(replacedAt(given, path, wrong) as Values));
            problems += all.length > 20 ? 1 : 0;
            assertQuiet(all, ["q7zx"], path.join("."));
          }
        }
      });

      /** Inputs of which each text that may be secret stands nowhere else, and is marked. */
      const marked = async () => {
        const unique = await uniqueTexts(handlers(), inputsOf(), ids);
        const inputs = unique.reduce<unknown>(
          (value, [path, text]) => replacedAt(value, path, text),
          inputsOf(),
        ) as Values;
        const secrets: (readonly string[])[] = [];
        for (const path of pathsIn(inputs)) {
          server.newRun();
          const { failures } = await check(inputs, [path]);
          if (failures.length === 0) secrets.push(path);
          // What becomes an id cannot be one.
          else
            for (const { reason } of failures)
              assert.match(reason, /^is marked as secret, and Pulumi shows it/);
        }
        const texts = unique
          .filter(([path]) => secrets.some((other) => isDeepStrictEqual(path, other)))
          .map(([, text]) => text);
        const known = secrets
          .map((path) => textAt(inputs, path))
          .filter((text) => Object.values(ids).includes(text));
        const hidden = [...texts, ...known];
        assert.ok(hidden.length > 0);
        for (const list of [server.warnings, server.notices, server.reported]) list.length = 0;
        return { unique, inputs, secrets, texts, hidden };
      };

      it("shows none of them if Dokploy's messages quote them after any failure, and makes outputs of them secret", async () => {
        const { unique, inputs, secrets, texts, hidden } = await marked();
        for (const text of hidden) {
          server.newRun();
          quote(text, /./);
          assertQuiet(await said(check(inputs, secrets)), hidden, "check");
        }
        server.emulator.faults.clear();
        server.newRun();
        const { inputs: checked, failures } = await check(inputs, secrets);
        assert.deepEqual(failures, []);
        const before = server.emulator.calls.length;
        const { id, outs } = await handlers().create(checked);
        const calls = server.emulator.calls.slice(before).filter(({ method }) => method !== "WS");
        const made = Object.entries(outs).filter(
          ([name]) => !(name in schema.shape) && !name.startsWith("__"),
        );
        // An id of Dokploy is in clear in the state of what has it.
        assertQuiet(JSON.stringify([id, unsealed(Object.fromEntries(made))]), texts, "create");

        const olds = plain(outs);
        server.stack = [{ ...inState(kind, "it", id), secrets }];
        for (const text of hidden) {
          server.newRun();
          quote(text, /./);
          assertQuiet(await said(handlers().read(id, olds)), hidden, "read");
          server.newRun();
          quote(text, /./);
          assertQuiet(await said(handlers().delete(id, olds)), hidden, "delete");
          server.newRun();
          quote(text, changes);
          assertQuiet(await said(handlers().delete(id, olds)), hidden, "delete after its reads");
        }
        server.newRun();
        const news = (await handlers().check(olds, withProvider({ ...inputs, __secrets: secrets }))).inputs;
        for (const name of Object.keys(inputs)) {
          const changed = otherValue(name, schema, inputs[name], ids);
          if (changed === undefined) continue;
          const others = { ...news, [name]: changed };
          for (const text of hidden) {
            quote(text, /./);
            await said(handlers().check(olds, { ...others, __secrets: secrets }));
            assertQuiet(await said(handlers().diff(id, olds, others)), hidden, `diff of ${name}`);
            assertQuiet(await said(handlers().update(id, olds, others)), hidden, `update of ${name}`);
          }
        }
        for (const endpoint of new Set(calls.map((call) => call.endpoint))) {
          await server.close();
          server = await startServer({ definitions: madeUp });
          ids = await surroundings(server, definition);
          const again = unique.reduce<unknown>(
            (value, [path, text]) => replacedAt(value, path, text),
            inputsOf(),
          );
          const news = (await check(again as Values, secrets)).inputs;
          quote(texts[0] ?? "", endpoint, 3);
          assertQuiet(await said(handlers().create(news)), texts, endpoint);
        }
      }).timeout(300_000);

      it("shows none of them if a row of the server quotes them, in a refresh and in the plan after it", async () => {
        const { inputs, secrets, texts } = await marked();
        server.newRun();
        const { id, outs } = await handlers().create((await check(inputs, secrets)).inputs);
        const olds = plain(outs);
        // Pulumi keeps the mark of what has the same name.
        const isSealed = (name: string) => isRecord(outs[name]) && mark in outs[name];
        server.stack = [{ ...inState(kind, "it", id), secrets }];
        server.newRun();
        await handlers().read(id, olds);
        const reads = server.emulator.calls.filter(
          ({ method, status }) => method === "GET" && status === 200,
        );
        const written = (text: string) => [text, Buffer.from(text).toString("base64")];
        const quoted = texts.flatMap((text) => [...written(text), text.toUpperCase()]).join(" ");
        let looked = 0;
        for (const { endpoint, input } of reads) {
          const row = await server.byHand(endpoint, input as object);
          const leaves = leavesOf(row);
          for (const name of new Set(leaves.map((path) => path.at(-1)))) {
            const body = leaves
              .filter((path) => path.at(-1) === name)
              .reduce<unknown>((value, path) => {
                const former = textAt(row, path) ?? "";
                return replacedAt(value, path, former === "" ? quoted : `${former}-${quoted}`);
              }, row);
            server.emulator.faults.clear();
            server.emulator.faults.add({ endpoint, times: 99, status: 200, body });
            server.newRun();
            const about = `${endpoint} with another ${name}`;
            let live: Awaited<ReturnType<Handlers["read"]>> | undefined;
            const read = handlers().read(id, olds);
            assertQuiet(await said(read.then((found) => (live = found))), texts, `read of ${about}`);
            const made = Object.entries(live?.props ?? {}).filter(
              ([name]) => !(name in schema.shape) && !name.startsWith("__") && !isSealed(name),
            );
            assertQuiet(JSON.stringify(unsealed(Object.fromEntries(made))), texts, `read of ${about}`);
            looked += 1;
            if (live?.props === undefined) continue;
            const found = plain(live.props);
            if (isDeepStrictEqual(found, olds)) continue;
            await said(check(inputs, secrets));
            assertQuiet(
              await said(handlers().diff(id, found, { ...olds, ...inputs })),
              texts,
              `plan after ${about}`,
            );
          }
        }
        assert.ok(looked > 0 || reads.length === 0);
        server.emulator.faults.clear();
      }).timeout(300_000);
    });
  }
});

/** Calls that are none of the reads. */
const changes = /\.(?!(?:one|all|list|by[A-Z]\w*|get\w*|read[A-Z]\w*)$)/;

/** Where a text stands among inputs. */
function pathsIn(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value === "string") return path.at(-1)?.startsWith("__") ? [] : [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => pathsIn(inner, [...path, name]));
}

/** Where a text stands in a row, or may stand. */
function leavesOf(row: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof row === "string" || row === null) return [path];
  if (typeof row !== "object") return [];
  return Object.entries(row as Values).flatMap(([name, inner]) => leavesOf(inner, [...path, name]));
}

function textAt(value: unknown, path: readonly string[]): string {
  return path.reduce<unknown>((inner, name) => (inner as Values)[name], value) as string;
}

function replacedAt(value: unknown, [name, ...rest]: readonly string[], text: string): unknown {
  if (name === undefined) return text;
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === name ? replacedAt(item, rest, text) : item));
  return { ...(value as Values), [name]: replacedAt((value as Values)[name], rest, text) };
}

/** For each text among the inputs that may be another one: one that stands nowhere else. */
async function uniqueTexts(
  handlers: Handlers,
  given: Values,
  ids: Ids,
): Promise<(readonly [path: readonly string[], text: string])[]> {
  let inputs = given;
  const found: (readonly [readonly string[], string])[] = [];
  for (const [index, path] of pathsIn(given).entries()) {
    const text = textAt(given, path);
    // What names something else would name nothing.
    if (Object.values(ids).includes(text) || ["serviceName", "role"].includes(path.at(-1) ?? "")) continue;
    const unique = `q7zx${index}y`;
    const others = [
      `${text}-${unique}`,
      `${unique}-${text}`,
      `${text}${unique}`,
      text.replace(/(?<=[\w/])(?=\.)|(?<=\/\/)/, unique),
      `${text.slice(0, 1)}${unique}${text.slice(1)}`,
    ];
    for (const other of new Set(others.filter((other) => other !== text))) {
      const changed = replacedAt(inputs, path, other) as Values;
      const { failures } = await handlers.check({}, withProvider({ ...changed, __secrets: [] }));
      if (failures.length > 0) continue;
      inputs = changed;
      found.push([path, other]);
      break;
    }
  }
  return found;
}

/** What is not marked as secret. */
function unsealed(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (mark in value) return undefined;
  return Object.entries(value).map(([name, inner]) => [name, unsealed(inner)]);
}
