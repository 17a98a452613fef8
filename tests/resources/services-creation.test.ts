import * as assert from "node:assert/strict";
import { PartialFailureError } from "../../provider/errors";
import { application } from "../../provider/resources/application";
import { compose } from "../../provider/resources/compose";
import { libsql } from "../../provider/resources/lib-sql";
import { postgres } from "../../provider/resources/postgres";
import { add, around, failure, lost, missing, type Values, web, withServices } from "./services-made";

type Create = (inputs: never, context: never) => Promise<{ id: string; outputs: unknown }>;
const kinds = { application, compose, postgres, libsql } as const;

/** Creates a service of a kind; gives its id and outputs. */
async function make(kind: keyof typeof kinds, inputs: Values, world: ReturnType<typeof withServices>) {
  const create = kinds[kind].create as Create;
  const { id, outputs } = await create(inputs as never, world.context as never);
  return { id, outputs: outputs as Values };
}
const partial = async (work: Promise<unknown>) => {
  const error = await failure(work);
  assert.ok(error instanceof PartialFailureError, String(error));
  return error;
};

const saved = { ...web, deploy: false };
const wiki = { name: "wiki", environmentId: "env", source: { type: "raw", composeFile: "services: {}" } };
const db = { name: "db", environmentId: "env", database: "shop", user: "shop", deploy: false };
const edge = { name: "edge", environmentId: "env", user: "edge", deploy: false };
const no = (error: Error) => () => {
  throw error;
};

describe("a new service", () => {
  it("has a name in Docker that begins as in Dokploy, or as the program says, and is random", async () => {
    const names = new Set<unknown>();
    for (const [kind, inputs, start] of [
      ["application", saved, "app"],
      ["application", { ...saved, appNamePrefix: "Shop-Web" }, "shop-web"],
      ["compose", { ...wiki, deploy: false }, "compose"],
      ["compose", { ...wiki, deploy: false, appNamePrefix: "Wiki" }, "wiki"],
    ] as const) {
      const world = withServices();
      const { outputs } = await make(kind, inputs, world);
      const [{ appName } = {} as Values] = world.inputsOf(`${kind}.create`);
      assert.match(String(appName), new RegExp(`^${start}-[0-9a-f]{8}$`));
      assert.equal(outputs["appName"], `${appName}-abcdef`, "as Dokploy reports it");
      names.add(String(appName).slice(-8));
    }
    assert.equal(names.size, 4);
  });

  it("has no random characters where Swarm takes no name of that length", async () => {
    for (const [length, isRandom] of [
      [47, true],
      [48, false],
    ] as const) {
      const world = withServices();
      const appNamePrefix = "a".repeat(length);
      await make("application", { ...saved, appNamePrefix }, world);
      const [{ appName } = {} as Values] = world.inputsOf("application.create");
      assert.equal(appName !== appNamePrefix, isRandom);
      assert.ok(String(appName).startsWith(appNamePrefix));
    }
  });

  it("is created where the program says, and sends neither name nor machine that it does not give", async () => {
    const world = withServices();
    await make("application", { ...saved, serverId: "machine" }, world);
    const [{ appName: _, ...sent } = {} as Values] = world.inputsOf("application.create");
    assert.deepEqual(sent, { name: "web", environmentId: "env", serverId: "machine", sourceType: "docker" });
    assert.equal(world.inputsOf("application.update")[0]?.["serverId"], undefined, "no update takes it");
    const plain = withServices();
    await make("postgres", db, plain);
    const [{ databasePassword, ...own } = {} as Values] = plain.inputsOf("postgres.create");
    assert.deepEqual(own, {
      ...{ name: "db", environmentId: "env", dockerImage: "postgres:18" },
      ...{ databaseName: "shop", databaseUser: "shop" },
    });
    assert.equal(typeof databasePassword, "string");
    const named = withServices();
    await make("postgres", { ...db, appNamePrefix: "Shop", serverId: "machine" }, named);
    const [{ appName, serverId } = {} as Values] = named.inputsOf("postgres.create");
    assert.deepEqual([appName, serverId], ["Shop", "machine"], "its password is what it is known by");
  });

  it("is not created where its name is taken, or its variables cannot be written", async () => {
    const world = withServices();
    add(world.rows, "application", { name: "web" });
    assert.match((await failure(make("application", web, world))).message, /^name: .* already has /);
    assert.deepEqual(world.calls, ["environment.one"]);
    const bad = withServices();
    await failure(make("application", { ...web, env: { "A B": "1" } }, bad));
    assert.deepEqual(bad.calls, ["environment.one"]);
  });

  it("is only one of its name in a program, until it is deleted", async () => {
    let isDown = false;
    const world = withServices({
      "application.delete"({ applicationId }, rows) {
        if (isDown) throw new Error("down");
        rows.delete(String(applicationId));
      },
    });
    const { id } = await make("application", saved, world);
    const { message } = await failure(make("application", saved, world));
    assert.match(message, /this program has another application of that name in the same environment$/);
    await make("postgres", { ...db, name: "web" }, world);
    isDown = true;
    assert.equal((await failure(application.delete(id, saved as never, world.context))).message, "down");
    assert.match((await failure(make("application", saved, world))).message, /this program has another/);
    isDown = false;
    await application.delete(id, saved as never, world.context);
    await make("application", saved, world);
    assert.equal(world.inputsOf("application.create").length, 2);
  });

  it("gives way to an older one of its name, is removed as its kind is, and says how to adopt the other", async () => {
    for (const [kind, inputs, remove] of [
      ["application", saved, "application.delete"],
      ["compose", { ...wiki, deploy: false }, "compose.delete"],
      ["postgres", db, "postgres.remove"],
    ] as const) {
      const world = withServices({
        [`${kind}.create`](input, rows) {
          add(rows, kind, { name: inputs.name, appName: "theirs" });
          return add(rows, kind, input);
        },
      });
      const { message } = await failure(make(kind, inputs, world));
      assert.ok(message.includes(`(${kind}2) was removed again: another run created one of the same name`));
      assert.ok(message.includes(`same moment (${kind}1)`));
      assert.ok(message.includes(`import: "${kind}1"`), "whose name is taken, not by the one that is gone");
      assert.deepEqual([...world.rows.keys()], [`${kind}1`]);
      assert.deepEqual(world.inputsOf(remove), [
        { [`${kind}Id`]: `${kind}2`, ...(kind === "compose" ? { deleteVolumes: false } : {}) },
      ]);
      assert.ok(!world.calls.includes(`${kind}.update`), "nothing is saved in it");
    }
  });

  it("stays in the state with the work that is left, if it cannot be settled who keeps the name", async () => {
    const world = withServices({
      "application.create"(input, rows) {
        add(rows, "application", { name: "web" });
        return add(rows, "application", input);
      },
      "application.one": (_, rows) => ({ ...rows.get("application2"), env: "THEIRS=1" }),
    });
    const inputs = { ...web, env: { B: "1", A: "2" }, domains: {}, mounts: { "/data": { type: "volume" } } };
    const error = await partial(make("application", inputs, world));
    assert.match(error.message, /is not removed, since somebody has changed it meanwhile/);
    assert.match(error.message, /^The application "web" \(application2\) has/);
    assert.equal(error.id, "application2");
    const { appName, ...outputs } = error.outputs as Values;
    assert.match(String(appName), /^app-[0-9a-f]{8}-abcdef$/);
    assert.deepEqual(outputs, { status: "idle", unconfirmed: ["env.A", "env.B"], pending: "deploy" });
    assert.deepEqual(error.former, { domains: {}, mounts: {} }, "no part is saved");
    assert.equal(world.inputsOf("environment.one").length, 2, "the check and the look after it");
    assert.equal(world.rows.size, 2);
  });

  describe("whose response is lost", () => {
    const creating = (
      kind: "application" | "compose" | "postgres",
      others: (input: Values) => Values[] = () => [],
    ) => ({
      [`${kind}.create`](input: Values, rows: Map<string, Values>) {
        for (const other of others(input)) add(rows, kind, other);
        const row = add(rows, kind, input);
        assert.ok(row);
        throw lost("application.create");
      },
    });

    const younger = { name: "web", createdAt: "2027" };

    it("is the one with its random characters, regardless of others with that name", async () => {
      const world = withServices(
        creating("application", ({ appName }) => [
          { ...younger, appName: "app-00000000" },
          { ...younger, appName: `${appName}0` },
        ]),
      );
      assert.equal((await make("application", saved, world)).id, "application3");
      assert.equal(world.rows.size, 3);
    });

    it("is the one with its password, for a database", async () => {
      const world = withServices({
        "postgres.create"(input, rows) {
          add(rows, "postgres", input);
          add(rows, "postgres", { name: "db", databasePassword: "theirs", createdAt: "2027" });
          throw lost("application.create");
        },
      });
      const { id, outputs } = await make("postgres", db, world);
      assert.equal(id, "postgres1");
      assert.equal(outputs["appName"], "postgres-abcdef", "read from its row");
    });

    it("is saved like any other", async () => {
      const world = withServices(creating("application"));
      const { id, outputs } = await make("application", { ...saved, env: { A: "1" } }, world);
      assert.equal(id, "application1");
      assert.match(String(outputs["appName"]), /^app-[0-9a-f]{8}-abcdef$/, "read from its row");
      const row = world.rows.get(id);
      assert.deepEqual([row?.["dockerImage"], row?.["env"]], ["acme/web:1", "A=1"]);
    });

    it("is not believed to be ours with anything but its creation, or in two copies", async () => {
      const copied = withServices(creating("application", (input) => [input]));
      const first = await failure(make("application", saved, copied));
      assert.equal(first.message, "no response");
      const changed = withServices({
        "application.create"(input, rows) {
          Object.assign(add(rows, "application", input), { env: "THEIRS=1" });
          throw lost("application.create");
        },
      });
      assert.equal((await failure(make("application", saved, changed))).message, "no response");
      assert.equal(copied.rows.size + changed.rows.size, 3, "nothing is removed");
      assert.ok(![...copied.calls, ...changed.calls].includes("application.update"));
    });

    it("is looked for only where it may exist, and nobody else's is taken", async () => {
      const none = withServices({ "application.create": no(lost("application.create")) });
      assert.equal((await failure(make("application", saved, none))).message, "no response");
      const refused = withServices({ "application.create": no(new Error("no place")) });
      assert.equal((await failure(make("application", saved, refused))).message, "no place");
      assert.equal(refused.inputsOf("environment.one").length, 1, "not after a refusal");
      assert.equal(none.inputsOf("environment.one").length, 2);
      const long = withServices(creating("application"));
      const named = { ...saved, appNamePrefix: "a".repeat(48) };
      assert.equal((await failure(make("application", named, long))).message, "no response");
    });

    it("is found though another of its name is removed at that moment", async () => {
      const world = withServices({
        ...creating("application", () => [{ ...younger, appName: "app-00000000" }]),
        "application.one": ({ applicationId }, rows) =>
          (applicationId === "application1" ? undefined : rows.get(String(applicationId))) ??
          missing("application.one"),
      });
      assert.equal((await make("application", saved, world)).id, "application2");
    });
  });

  describe("that Dokploy does not return, a libSQL database,", () => {
    const creating = {
      "libsql.create"(input: Values, rows: Map<string, Values>) {
        add(rows, "libsql", input);
        return true;
      },
    };

    it("is found by its password, with a second look if the first one fails", async () => {
      for (const failures of [0, 1, 2]) {
        let looks = 0;
        const world = withServices({
          ...creating,
          "environment.one"(_, rows) {
            looks += 1;
            if (looks > 1 && looks <= 1 + failures) throw new Error("down");
            return { ...around, libsql: [...rows.values()] };
          },
        });
        const work = make("libsql", edge, world);
        if (failures < 2) assert.equal((await work).id, "libsql1");
        else assert.equal((await failure(work)).message, "down");
        assert.equal(world.inputsOf("libsql.create").length, 1);
      }
    });

    it("is reported where it cannot be distinguished from others", async () => {
      const world = withServices({ "libsql.create": () => true });
      assert.equal(
        (await failure(make("libsql", edge, world))).message,
        "libsql.create succeeded, but the new libSQL database cannot be distinguished from another one of that name. Run the " +
          "update again: its plan names the existing ones and says how to adopt one.",
      );
    });
  });
});
