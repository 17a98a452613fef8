import * as assert from "node:assert/strict";
import { simpleObjects } from "../../emulator/instance/simple-rows";
import { DokployClient } from "../../provider/dokploy/client";
import type { Api } from "../../provider/dokploy/endpoints";
import type { Model } from "../../provider/engine/simple/model";
import type { Row } from "../../provider/engine/simple/objects";
import type { Parent } from "../../provider/lifecycle/wire";
import { allDefinitions } from "../../provider/resources/generated/definitions";
import { madeFor } from "../resources/simple-by-hand";
import { type SimpleData, simpleData } from "../resources/simple-data";
import type { Scenario, Target } from "./scenarios";

/**
 * What the definition of each simple object says of Dokploy, said by Dokploy: that a creation leads to a row of these columns
 * which reads back as the inputs, that a change leads to what it names and leaves the rest, whether there may be two of a key,
 * and how one that is gone is answered. All calls are those of the definition.
 */
export const simpleScenarios: readonly Scenario[] = allDefinitions().flatMap(({ kind, ...definition }) => {
  const { model } = definition as { model?: Model };
  const data = simpleData[kind];
  if (model === undefined || data === undefined) return [];
  const name = `${kind}: made, read, changed and removed as its definition says`;
  const { reaches } = data;
  return [{ name, ...(reaches ? { reaches } : {}), run: (target) => live(model, data, target) }];
});

async function live(model: Model, data: SimpleData, target: Target): Promise<void> {
  const { url, apiKey } = target.server;
  const client = new DokployClient({ url, apiKey, auth: "x-api-key" });
  const leftovers: (() => Promise<unknown>)[] = [];
  try {
    await life(model, data, target, client, leftovers);
  } finally {
    for (const remove of leftovers.reverse()) await remove().catch(() => {});
    client.close();
  }
}

async function life(
  model: Model,
  data: SimpleData,
  target: Target,
  api: Api,
  leftovers: (() => Promise<unknown>)[],
): Promise<void> {
  const { objects, mapping, spec } = model;
  const { row: recorded, hidden = [], unique, duplicate, insertStatus } = simpleObjects[spec.router] ?? {};
  assert.ok(recorded);
  const parent = data.parent && (await newParent(data.parent, target, api));
  const byHand = async <T>(endpoint: string, input: object) =>
    (await api.call(endpoint as never, input as never)) as T;
  const made = await madeFor({ byHand }, data);
  for (const [input, kind] of Object.entries(data.made ?? {})) {
    const { model: needed } = allDefinitions().find((other) => other.kind === kind) as { model?: Model };
    leftovers.push(async () => await needed?.objects.remove(String(made[input]), api));
  }
  const inputs = { ...data.inputs, ...made, ...(parent ? { [`${parent.kind}Id`]: parent.id } : {}) };

  const make = async () => {
    const before = await objects.all(parent, api, mapping.keyed(inputs, spec.key));
    const columns = await model.creation(inputs, { api, server: target.server });
    const id = await objects.create(columns, parent, before, api);
    leftovers.push(() => objects.remove(id, api));
    return id;
  };
  const id = await make();
  const row = await there(model, id, api);
  const isShown = (column: string) => column in row || hidden.includes(column) || column === objects.idColumn;
  const missing = (spec.read ?? spec.send) ? [] : Object.keys(recorded).filter((column) => !isShown(column));
  assert.deepEqual(missing, [], "the row has all columns of the recorded one");
  assert.deepEqual(differences(model, row, inputs), []);
  const listed = await objects.all(parent, api, mapping.keyed(inputs, spec.key));
  assert.ok(listed.some((other) => objects.idOf(other) === id));

  const second = make();
  if (unique ?? duplicate)
    await assert.rejects(second, { name: "DokployError", status: insertStatus ?? 400 });
  else assert.notEqual(await second, id);

  if (objects.canChange) {
    const sent = await model.creation(inputs, { api, server: target.server });
    const later = model.objects.laterColumns(model.columns(inputs), sent);
    if (Object.keys(later).length > 0) await objects.update(row, later, api);
    const news = { ...inputs, ...data.changed };
    const now = await there(model, id, api);
    const delta = { ...mapping.delta(now, news, inputs), ...mapping.writeOnly(news) };
    await objects.update(now, delta, api);
    const changed = await there(model, id, api);
    assert.deepEqual(differences(model, changed, news), []);
  }

  await objects.remove(id, api);
  if (spec.kind !== "Organization") assert.equal(await objects.one(id, api), undefined);
  // What is gone already is as good, whatever Dokploy answers.
  await objects.remove(id, api);
}

/** What a program with these inputs would change. */
function differences({ mapping }: Model, row: Row, inputs: Row): string[] {
  return mapping.changes(mapping.readBack(row, inputs), inputs).map(({ path }) => path);
}

async function there({ objects }: Model, id: string, api: Api): Promise<Row> {
  const row = await objects.one(id, api);
  assert.ok(row, `${id} is there`);
  return row;
}

async function newParent(kind: "application" | "compose", target: Target, api: Api): Promise<Parent> {
  const { environmentId } = target;
  const row = (await api.call(`${kind}.create`, { name: "parent", environmentId } as never)) as object;
  return { kind, id: String((row as Row)[`${kind}Id`]) };
}
