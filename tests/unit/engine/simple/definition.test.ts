import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { DokployError } from "../../../../provider/dokploy";
import { writeOf } from "../../../../provider/engine/simple/saving";
import { type Context, Run } from "../../../../provider/lifecycle";
import { KeyedLock } from "../../../../provider/lifecycle/run/lock";
import { domain, port, registry } from "../../../../provider/resources";

type Values = Record<string, unknown>;

/** A server by its answers, and what was called. */
function serverOf(answers: Readonly<Record<string, unknown>>) {
  const calls: string[] = [];
  const api = {
    call: async (endpoint: string) => {
      calls.push(endpoint);
      const answer = answers[endpoint];
      if (answer instanceof Error) throw answer;
      return answer;
    },
  } as unknown as Context["api"];
  return { api, calls };
}
const gone = new DokployError("gone", {
  kind: "not-found",
  endpoint: "port.one",
  outcome: "refused",
  gone: true,
});

describe("the service that a simple object deploys", () => {
  const service = (definition: typeof port | typeof domain | typeof registry, inputs: Values) =>
    definition.affects?.(undefined, inputs as never).deploys;

  it("is the one that it belongs to, if a change of it needs that", () => {
    assert.equal(service(port, { applicationId: "a" }), "application/a");
    assert.equal(service(domain, { composeId: "c", host: "h" }), "compose/c");
  });

  it("is undefined if a change takes effect at once, or if the object belongs to no service", () => {
    assert.equal(service(domain, { applicationId: "a", host: "h" }), undefined);
    assert.equal(service(registry, { name: "r" }), undefined);
  });

  it("is not known before its id is", () => {
    assert.equal(service(port, { applicationId: runtime.unknownValue }), undefined);
    assert.equal(service(port, {}), undefined);
  });
});

describe("a save of a simple object whose response was lost", () => {
  const row = {
    portId: "p",
    publishedPort: 25,
    targetPort: 25,
    protocol: "tcp",
    publishMode: "host",
    applicationId: "a",
  };
  const news = {
    applicationId: "a",
    publishedPort: 25,
    targetPort: 26,
    protocol: "tcp",
    publishMode: "host",
  };
  const touch = { olds: undefined, isTouched: true };
  const isThere = async (now: unknown) => {
    const write = await writeOf(
      port.model,
      row,
      news,
      touch,
      (reason) => reason,
      serverOf({ "port.one": now }),
    );
    return await write?.isThere();
  };

  it("counts as saved if the server has the values", async () => {
    assert.equal(await isThere({ ...row, targetPort: 26 }), true);
    assert.equal(await isThere(row), false);
    assert.equal(await isThere(gone), false);
  });

  it("never counts as saved if some of it is not shown", async () => {
    const registered = {
      registryId: "r",
      registryName: "r",
      registryUrl: "ghcr.io",
      username: "u",
      imagePrefix: null,
    };
    const inputs = { name: "r", url: "ghcr.io", username: "other", password: "p" };
    const { api, calls } = serverOf({ "registry.one": { ...registered, username: "other" } });
    const write = await writeOf(registry.model, registered, inputs, touch, (reason) => reason, { api });
    assert.equal(await write?.isThere(), false);
    assert.deepEqual(calls, []);
  });

  it("is undefined if nothing differs", async () => {
    const same = { ...news, targetPort: 25 };
    assert.equal(
      await writeOf(
        port.model,
        row,
        same,
        { olds: same, isTouched: false },
        (reason) => reason,
        serverOf({}),
      ),
      undefined,
    );
  });
});

describe("the deletion of a part", () => {
  const inputs = {
    applicationId: "a",
    publishedPort: 25,
    targetPort: 25,
    protocol: "tcp",
    publishMode: "host",
  };

  async function deleted(claim: (run: Run) => void, state: Values = inputs) {
    const { api, calls } = serverOf({ "port.delete": {}, "application.one": gone });
    const said: string[] = [];
    const run = new Run();
    claim(run);
    const context = {
      api,
      reads: api,
      run,
      lock: new KeyedLock(),
      warn: (text: string) => said.push(text),
    };
    await port.delete("p", { ...state, deploy: false } as never, context as unknown as Context);
    return { calls: calls.filter((call) => call.startsWith("port.")), said };
  }
  const place = port.model.place(inputs);

  it("leaves it if its service lists it from now on", async () => {
    assert.ok(place);
    const { calls, said } = await deleted((run) => run.ownership.claim(place.text, [place.key]));
    assert.deepEqual(calls, []);
    assert.match(
      said.join(),
      /^Port 25.* \(p\) is not deleted, since its service lists it among its own inputs\.$/,
    );
  });

  it("removes it if the service lists others, or none", async () => {
    for (const keys of [[], ["another"]]) {
      const { calls, said } = await deleted((run) => run.ownership.claim(place?.text ?? "", keys));
      assert.deepEqual(calls, ["port.delete"]);
      assert.deepEqual(said, []);
    }
  });
});
