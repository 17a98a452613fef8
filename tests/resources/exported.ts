import * as assert from "node:assert/strict";
import { createContext, runInContext } from "node:vm";
import * as ts from "typescript";
import type { Item } from "../../cli/server/export/item";
import { find, type Plan, planOf } from "../../cli/server/export/plan";
import { imagesOf } from "../../cli/server/export/program";
import { Reader } from "../../cli/server/export/reader";
import { policyOf } from "../../provider/dokploy/endpoint-policy";
import type { Endpoint } from "../../provider/dokploy/endpoints";
import { ServerTree } from "../../provider/dokploy/tree";
import { listsIn } from "../../provider/engine/simple/lists";
import { identityKey } from "../../provider/pulumi/identity";
import { put } from "../../provider/schema/compile";
import { inserted } from "../../sdk/files";
import { inputNames } from "../../sdk/run/generated/input-names";
import { plain, type Server } from "./server";

type Values = Record<string, unknown>;

const allSecret = { keys: new Set<string>(), unlessSecretLooking: false };
/** What a person gives for a secret that Dokploy does not show. */
const GIVEN = "given-by-a-person";

/** Reads a server as an export does. */
export async function read({ emulator, context }: Server): Promise<Plan> {
  const settings = { url: emulator.url, apiKey: emulator.apiKey, authHeader: "x-api-key" } as never;
  const reader = new Reader(settings);
  try {
    return planOf(await find(new ServerTree(reader), { isWhole: true, context }), allSecret);
  } finally {
    reader.close();
  }
}

export interface Resource {
  readonly kind: string;
  readonly name: string;
  readonly args: unknown;
}

/** Types of images by the endings of their files. */
const endings: Readonly<Record<string, string>> = {
  svg: "image/svg+xml",
  jpg: "image/jpeg",
  gif: "image/gif",
};

/** What the program registers, with ids in the place of outputs. */
export function evaluated(files: ReadonlyMap<string, string>, plan: Plan): Resource[] {
  const { outputText, diagnostics = [] } = ts.transpileModule(files.get("index.ts") ?? "", {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
    reportDiagnostics: true,
  });
  assert.deepEqual(
    diagnostics.map(({ messageText }) => messageText),
    [],
  );
  const resources: Resource[] = [];
  const outputs = new Map(
    plan.items.map((item) => [`${item.kind} ${plan.names.get(item)?.resource}`, outputsOf(item, plan)]),
  );
  const classes = Object.fromEntries(
    Object.keys(inputNames).map((kind) => [
      kind,
      function (this: object, name: string, args: unknown) {
        resources.push({ kind, name, args });
        Object.assign(this, outputs.get(`${kind} ${name}`));
      },
    ]),
  );
  const images = imagesOf(plan);
  const textFile = (path: string, { values = {} }: { values?: Readonly<Record<string, string>> } = {}) =>
    inserted(files.get(path) ?? assert.fail(path), values);
  const dokploy = {
    ...classes,
    textFile,
    composeFile: (path: string, options?: object) => ({ type: "raw", composeFile: textFile(path, options) }),
    imageFile(path: string, { type = endings[path.split(".").at(-1) ?? ""] ?? "image/png" } = {}): string {
      return `data:${type};base64,${images.get(path)?.toString("base64")}`;
    },
    configSecret(name: string): string {
      const value = plan.secrets.values.get(name);
      assert.ok(value !== undefined || plan.secrets.missing.includes(name), `${name} is known`);
      return value ?? GIVEN;
    },
  };
  const modules: Values = { "pulumi-dokploy": dokploy };
  const context = createContext({ require: (name: string) => modules[name], exports: {} });
  runInContext(outputText, context);
  return resources.map(({ args, ...rest }) => ({ ...rest, args: JSON.parse(JSON.stringify(args)) }));
}

function outputsOf({ kind, id }: Item, { defaults }: Plan): Values {
  const [environment] = [...defaults].filter(([, project]) => kind === "Project" && project === id);
  return { id, ...(environment ? { defaultEnvironmentId: environment[0] } : {}) };
}

export function expected(plan: Plan): Resource[] {
  return plan.items.map((item) => {
    const inputs = withGiven(item);
    for (const list of listsIn(item.definition.schema).keys())
      if (inputs[list] !== undefined) inputs[list] = Object.values(inputs[list] as object);
    const name = plan.names.get(item)?.resource ?? "";
    return { kind: item.kind, name, args: JSON.parse(JSON.stringify(inputs)) };
  });
}

/** The program lists tags by their names, the plan by their ids. */
export function withSortedTags({ args, ...rest }: Resource): Resource {
  const { tagIds } = args as { tagIds?: readonly string[] };
  return { ...rest, args: tagIds === undefined ? args : { ...Object(args), tagIds: [...tagIds].sort() } };
}

function withGiven({ inputs, hidden }: Item): Values {
  const all = structuredClone(inputs) as Values;
  for (const path of hidden) put(all, path, GIVEN);
  return all;
}

/** Runs the program as Pulumi does, in a plan and an update; then another plan and a refresh. */
export async function adopt(server: Server, plan: Plan): Promise<void> {
  server.newRun({ references: plan.settings.get("dokploy:references") ?? "error" });
  const checked = new Map<Item, Values>();
  for (const item of plan.items) {
    const identity = `${item.kind} ${plan.names.get(item)?.resource}`;
    const given = { ...withGiven(item), [identityKey]: { identity, adopts: item.id } };
    const { inputs, failures } = await server.of(item.kind).check({}, given);
    assert.deepEqual(failures, [], identity);
    checked.set(item, inputs);
  }
  const changing = [...server.warnings, ...server.notices].filter(
    (line) => / is adopted: /.test(line) && !/is adopted: nothing to change\.$/.test(line),
  );
  assert.deepEqual(changing, []);
  const states = new Map<Item, { id: string; state: Values }>();
  for (const [item, inputs] of checked) {
    const { id, outs } = await server.of(item.kind).create(inputs);
    assert.equal(id, item.id);
    states.set(item, { id, state: plain(outs) });
  }
  assert.deepEqual(writing(server), []);
  server.newRun();
  for (const [item, { id, state }] of states) {
    const { changes } = await server.of(item.kind).diff(id, state, checked.get(item) ?? {});
    assert.equal(changes, false, item.kind);
  }
  server.newRun();
  for (const [item, { id, state }] of states) {
    const live = await server.of(item.kind).read(id, state);
    assert.deepEqual(plain(live.props ?? {}), state, item.kind);
  }
}

function writing(server: Server): string[] {
  return server.calls().filter((call) => policyOf(call as Endpoint).method !== "GET");
}
