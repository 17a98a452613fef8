import * as assert from "node:assert/strict";
import type { Handlers } from "../../../provider/lifecycle";
import { isOn, onServer } from "../../../provider/lifecycle/on-server";
import { pipeline } from "../../../provider/lifecycle/pipeline";
import { serverKey } from "../../../provider/pulumi";

type Values = Record<string, unknown>;

describe("a resource and the server that it was created on", () => {
  const here = { url: "https://one.example.com", formerUrl: "https://former.example.com" };

  function arrange(server: Parameters<typeof onServer>[1] = () => here) {
    const calls: [string, ...unknown[]][] = [];
    const answer =
      <T>(name: string, result: T) =>
      async (...args: unknown[]): Promise<T> => {
        calls.push([name, ...args]);
        return result;
      };
    const all: Handlers = {
      check: answer("check", { inputs: {}, failures: [] }),
      diff: answer("diff", { changes: true }),
      create: answer("create", { id: "i", outs: { made: 1 } }),
      read: answer("read", { id: "i", inputs: { name: "n" }, props: { name: "n" } }),
      update: answer("update", { outs: { made: 2 } }),
      import: answer("import", { id: "i", inputs: { name: "n" }, props: { name: "n" } }),
      delete: answer("delete", undefined),
    };
    return { calls, all, handlers: pipeline(all, [onServer("Project", server)]) };
  }

  const state = (url: unknown, more: Values = {}): Values => ({ name: "shop", ...more, [serverKey]: url });

  it("is noted when it is created, read and updated, and only a read sees it", async () => {
    const { calls, handlers } = arrange();
    const olds = state(here.url);
    assert.deepEqual(await handlers.create({ name: "shop" }), {
      id: "i",
      outs: { made: 1, [serverKey]: here.url },
    });
    assert.deepEqual(await handlers.read("i", olds), {
      id: "i",
      inputs: { name: "n" },
      props: { name: "n", [serverKey]: here.url },
    });
    assert.deepEqual(await handlers.update("i", olds, { name: "new" }), {
      outs: { made: 2, [serverKey]: here.url },
    });
    assert.deepEqual(await handlers.diff("i", olds, { name: "new" }), { changes: true });
    await handlers.check(olds, { name: "new" });
    await handlers.delete("i", olds);
    assert.deepEqual(calls, [
      ["create", { name: "shop" }],
      ["read", "i", olds],
      ["update", "i", { name: "shop" }, { name: "new" }],
      ["diff", "i", { name: "shop" }, { name: "new" }],
      ["check", olds, { name: "new" }],
      ["delete", "i", { name: "shop" }],
    ]);
  });

  it("is not noted for a missing object, nor when the server is unknown", async () => {
    const { all } = arrange();
    const gone = pipeline({ ...all, read: async () => ({ id: "" }) }, [onServer("Project", () => here)]);
    assert.deepEqual(await gone.read("i", {}), { id: "" });
    const nowhere = pipeline(all, [onServer("Project", () => undefined)]);
    assert.deepEqual(await nowhere.create({}), { id: "i", outs: { made: 1 } });
    assert.deepEqual(await nowhere.read("i", state("https://other.example.com")), {
      id: "i",
      inputs: { name: "n" },
      props: { name: "n" },
    });
  });

  it("is also noted for the rest of failed work", async () => {
    const { all } = arrange();
    const fail = (error: unknown) => async () => {
      throw error;
    };
    const left = Object.assign(new Error("half"), { properties: { name: "shop" } });
    const handlers = pipeline({ ...all, create: fail(left), update: fail(left) }, [
      onServer("Project", () => here),
    ]);
    await assert.rejects(handlers.create({}), left);
    assert.deepEqual(left.properties, { name: "shop", [serverKey]: here.url });
    left.properties = { name: "again" };
    await assert.rejects(handlers.update("i", state(here.url), {}), left);
    assert.deepEqual(left.properties, { name: "again", [serverKey]: here.url });
    for (const other of [new Error("all"), undefined, Object.assign(new Error("no"), { properties: null })]) {
      const failing = pipeline({ ...all, create: fail(other) }, [onServer("Project", () => here)]);
      const seen = await failing.create({}).then(
        () => "made",
        (error: unknown) => error,
      );
      assert.equal(seen, other);
    }
  });

  it("continues under the server's former address, and where a state names none", async () => {
    const { handlers, calls } = arrange();
    for (const olds of [state(here.url), state(here.formerUrl), { name: "shop" }, state(undefined)]) {
      await handlers.delete("i", olds);
    }
    assert.equal(calls.length, 4);
    assert.deepEqual(
      [here.url, here.formerUrl, "https://other.example.com"].map((url) => isOn(here, url)),
      [true, true, false],
    );
  });

  for (const [name, call] of [
    ["diff", (all: Handlers, olds: Values) => all.diff("i", olds, {})],
    ["read", (all: Handlers, olds: Values) => all.read("i", olds)],
    ["update", (all: Handlers, olds: Values) => all.update("i", olds, {})],
    ["delete", (all: Handlers, olds: Values) => all.delete("i", olds)],
  ] as const) {
    it(`refuses to ${name} an object on another server, and does nothing`, async () => {
      const { handlers, calls } = arrange();
      await assert.rejects(
        async () => await call(handlers, state("https://two.example.com")),
        /^UserError: Project "shop" is on two\.example\.com, but this run works with one\.example\.com: a resource never moves/,
      );
      assert.deepEqual(calls, []);
    });
  }

  it("names the server by its host if that is enough, else by its address, and its provider", async () => {
    const said = async (then: unknown, now: object, more: Values = {}) => {
      const { all } = arrange();
      const handlers = pipeline(all, [onServer("Project", () => ({ ...here, ...now }))]);
      return await handlers.delete("i", state(then, more)).then(
        () => "",
        (error: Error) => error.message,
      );
    };
    assert.match(
      await said("https://one.example.com/dokploy", {}),
      /is on https:\/\/one\.example\.com\/dokploy, but this run works with https:\/\/one\.example\.com:/,
    );
    assert.match(
      await said("no address", {}),
      /is on no address, but this run works with https:\/\/one\.example\.com:/,
    );
    const other = "https://two.example.com";
    assert.match(await said(other, {}, { name: 5 }), /^Project is on two/);
    const plain = await said(other, {});
    assert.match(plain, /pulumi config set dokploy:formerUrl/);
    assert.match(
      plain,
      /set the former one: `pulumi config set dokploy:formerUrl https:\/\/two\.example\.com` or DOKPLOY_FORMER_URL=https:\/\/two\.example\.com\. .*unless you add --run-program\./,
    );
    const explicit = await said(other, { provider: 'the provider "eu"' });
    assert.match(explicit, /works with one\.example\.com, the server of the provider "eu": /);
    assert.match(explicit, /https:\/\/two\.example\.com as the input formerUrl of the provider "eu"/);
    assert.doesNotMatch(explicit, /pulumi config/);
  });
});
