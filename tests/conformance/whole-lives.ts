import * as assert from "node:assert/strict";
import { identityKey } from "../../provider/pulumi/identity";
import { plain } from "../resources/server";
import { handlersOf } from "./handlers";
import type { Scenario, Target } from "./scenarios";

type Values = Record<string, unknown>;

/** One of a kind, and what it is changed to. */
interface Life {
  readonly inputs: Values;
  /** Left out for what cannot be changed. */
  readonly changed?: Values;
  /** It stays when the program lets go of it. */
  readonly stays?: true;
}

/** What is there around one, made and taken away by hand. */
type Around = (target: Target, work: (life: Life) => Promise<void>) => Promise<void>;

const once = Date.now().toString(36);

/** Of the kinds that no definition of a simple object tells: what the program asks for is what the server has then. */
const around: Readonly<Record<string, Around>> = {
  ApiKey: (_target, work) =>
    work({
      inputs: { name: `conformance ${once}`, prefix: "cf_", expiresInDays: 2, quota: { requests: 9 } },
    }),

  TraefikFile: (_target, work) => {
    const path = `dynamic/conformance-${once}.yml`;
    return work({
      inputs: { path, content: "http:\n  middlewares: {}\n" },
      changed: { content: "# empty\nhttp: {}\n" },
    });
  },

  Member: async ({ server, projectId, environmentId }, work) => {
    const email = `conformance-${once}@acme.example`;
    await server.post("user.createUserWithCredentials", {
      email,
      password: "made-up-password",
      role: "member",
    });
    try {
      await work({
        inputs: { email, role: "member", may: { createServices: true, useApi: true } },
        changed: {
          may: { createServices: false, useApi: true },
          sees: { projectIds: [projectId], environmentIds: [environmentId] },
        },
        stays: true,
      });
    } finally {
      const { body } = await server.get("user.all");
      const found = (body as { userId: string; user: { email: string } }[]).find(
        ({ user }) => user.email === email,
      );
      await server.post("user.remove", { userId: found?.userId });
    }
  },

  WebServerSettings: async ({ server }, work) => {
    const { body } = await server.get("settings.getWebServerSettings");
    const before = (body as { buildsConcurrency?: number }).buildsConcurrency ?? 1;
    try {
      await work({ inputs: { buildsConcurrency: 3 }, changed: { buildsConcurrency: 2 }, stays: true });
    } finally {
      await server.post("settings.updateBuildsConcurrency", { buildsConcurrency: before });
    }
  },

  Project: async ({ server }, work) => {
    const tags: string[] = [];
    for (const name of ["one", "two"]) {
      const { body } = await server.post("tag.create", { name: `${name} ${once}`, color: "#16a34a" });
      tags.push((body as { tagId: string }).tagId);
    }
    try {
      await work({
        inputs: { name: `conformance tags ${once}`, tagIds: tags },
        changed: { tagIds: tags.slice(1) },
      });
    } finally {
      for (const tagId of tags) await server.post("tag.remove", { tagId });
    }
  },
};

export const wholeLives: readonly Scenario[] = [
  ...Object.entries(around).map(
    ([kind, surrounded]): Scenario => ({
      name: `a resource ${kind} is planned, made, read back, changed and let go of as its definition says`,
      run: (target) => surrounded(target, (life) => live(kind, life, target)),
    }),
  ),
  {
    name: "a database takes another password while it runs, and keeps it",
    pulls: true,
    run: takesPassword,
  },
];

async function live(kind: string, { inputs, changed, stays }: Life, target: Target): Promise<void> {
  const { check, create, diff, read, update } = handlersOf(kind, target);
  const given = (more?: Values): Values => ({ [identityKey]: `${kind} ${once}`, ...inputs, ...more });
  assert.deepEqual((await check({}, given())).failures, []);
  const { id, outs } = await create(given());
  let olds = plain(outs);
  try {
    assert.deepEqual(await diff(id, olds, given()), { changes: false });
    assert.deepEqual((await read(id, olds)).inputs, given());
    if (changed !== undefined) {
      const { changes, replaces = [] } = await diff(id, olds, given(changed));
      assert.deepEqual({ changes: changes !== false, replaces }, { changes: true, replaces: [] });
      olds = plain((await update(id, olds, given(changed))).outs);
      assert.deepEqual((await read(id, olds)).inputs, given(changed));
    }
  } finally {
    await letGo(kind, id, olds, target);
  }
  const { id: found, props } = await handlersOf(kind, target).read(id, olds);
  assert.equal(found === id && props?.isLost !== true, stays === true);
}

async function takesPassword(target: Target): Promise<void> {
  const { create, read } = handlersOf("Postgres", target);
  const { environmentId, server } = target;
  const given = (password: string): Values => ({
    ...{ [identityKey]: `Postgres ${once}`, environmentId, name: "shop", image: "postgres:18" },
    ...{ database: "shop", user: "shop", password },
  });
  const { id, outs } = await create(given("first-1"));
  let olds = plain(outs);
  try {
    const change = () => handlersOf("Postgres", target).update(id, olds, given("second-2"));
    olds = plain((await onceItRuns(change)).outs);
    const { body } = await server.get("postgres.one", { postgresId: id });
    assert.equal((body as Values)["databasePassword"], "second-2");
    assert.deepEqual((await read(id, olds)).inputs, given("second-2"));
  } finally {
    await letGo("Postgres", id, olds, target);
  }
}

/** The creation waits for the deployment alone. */
async function onceItRuns<T>(work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      // Its container may be there before it takes logins.
      const isEarly = /is not running|command in its container failed/.test(String(error));
      if (!isEarly || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** In a run without the resource: one that has it keeps the object. */
async function letGo(kind: string, id: string, olds: Values, target: Target): Promise<void> {
  await handlersOf(kind, target).delete(id, olds);
}
