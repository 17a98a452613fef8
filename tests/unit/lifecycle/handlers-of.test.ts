import * as assert from "node:assert/strict";
import { claimFactsOf } from "../../../provider/engine";
import { UserError } from "../../../provider/errors";
import { type Entity, handlersOf, Run } from "../../../provider/lifecycle";
import { about } from "../../../provider/pulumi";
import { definitionOf } from "../../../provider/resources";

describe("the handlers that Pulumi calls", () => {
  const urn = "urn:pulumi:test::shop::pulumi-nodejs:dynamic/dokploy:Tag::blue";
  const tag = definitionOf("Tag") as unknown as Entity<never, never>;
  const facts = { "dokploy.kind": "Tag", "dokploy.resource": "blue" };
  const [ended, delivered] = [["the span ended"], ["all is delivered"]];

  /** Handlers of a process without settings, so that each call that needs the server fails. */
  function arrange(check?: () => never) {
    const events: unknown[][] = [];
    const handlers = handlersOf(check ? { ...tag, check } : tag, () => claimFactsOf(tag), {
      run: new Run(),
      inform: () => {},
      isServerKnown: () => true,
      connected: () => {
        throw new UserError("DOKPLOY_URL\u001b is not set");
      },
      server: () => undefined,
      span: async (...[name, facts, work]) => {
        events.push([name, facts]);
        try {
          return await work(() => {});
        } finally {
          events.push(ended);
        }
      },
      delivered: async () => void events.push(delivered),
    });
    return { events, handlers };
  }
  const failureOf = (work: Promise<unknown>) =>
    work.then(
      () => assert.fail("it failed"),
      (error: Error) => error,
    );
  const inputs = { name: "blue", color: "#0000ff" };

  it("add a span with the names of the call, its kind and its resource, and wait for messages also after a failure", async () => {
    const { events, handlers } = arrange();
    const calls = {
      diff: () => handlers.diff("t", inputs, { ...inputs, color: "#00ff00" }),
      create: () => handlers.create(inputs),
      read: () => handlers.read("t", inputs),
      import: () => handlers.import("t"),
      update: () => handlers.update("t", inputs, inputs),
      delete: () => handlers.delete("t", inputs),
    };
    for (const [name, call] of Object.entries(calls)) {
      events.length = 0;
      assert.match((await failureOf(about<unknown>(urn, call))).message, /^DOKPLOY_URL/, name);
      assert.deepEqual(events, [[`${name} Tag blue`, facts], ended, delivered]);
    }
  });

  it("know the resource from the check, where its class names it", async () => {
    const { events, handlers } = arrange();
    await handlers.check({}, { ...inputs, __urn: { identity: "i", urn } });
    assert.deepEqual(events[0], ["check Tag blue", facts]);
    events.length = 0;
    await failureOf(handlers.create({ ...inputs, __urn: "i" }));
    assert.deepEqual(events[0], ["create Tag blue", facts]);
    events.length = 0;
    await failureOf(handlers.read("t", { ...inputs, __urn: "another" }));
    assert.deepEqual(events[0], ["read Tag", { "dokploy.kind": "Tag" }]);
  });

  it("show the message of an expected failure alone, and the trace of a bug, with nothing hidden", async () => {
    const { handlers } = arrange();
    const { message, stack = "" } = await failureOf(handlers.read("t", inputs));
    assert.deepEqual([message, stack], ["DOKPLOY_URL\\x1b is not set", "the message follows"]);
    const bug = arrange(() => {
      throw new TypeError("no\u001b property");
    });
    const error = await failureOf(bug.handlers.check({}, inputs));
    assert.ok(error instanceof TypeError);
    assert.equal(error.message, "no\\x1b property");
    assert.match(error.stack ?? "", /no\\x1b property\n +at /);
  });

  it("give an expected failure of a check as a problem, and name the property of a problem in its text", async () => {
    const { handlers } = arrange(() => {
      throw new UserError("not\u001b possible");
    });
    assert.deepEqual(await handlers.check({}, inputs), {
      inputs,
      failures: [{ property: "", reason: "not\\x1b possible" }],
    });
    const { failures } = await arrange().handlers.check({}, { ...inputs, color: 7 });
    assert.deepEqual(
      failures.map(({ property, reason }) => [property, reason.split(" ")[0]]),
      [["", "color:"]],
    );
  });
});
