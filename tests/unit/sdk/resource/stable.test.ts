import * as assert from "node:assert/strict";
import { isUnknown, type Output, output, runtime, unknown } from "@pulumi/pulumi";
import { type LookUp, stable } from "../../../../sdk/resource";

/** What an output comes to, an unknown value among it. */
function comesTo<T>(of: Output<T>): Promise<T> {
  return (of as unknown as { promise(withUnknowns: true): Promise<T> }).promise(true);
}

/** An output in a program, without mocks that leave it out. */
const stableIn = (of: Output<string>, lookUp: LookUp<string>) =>
  stable(of, output("id"), undefined, lookUp, "mock");

describe("an output that stays known while its resource is updated", () => {
  const known = { DOKPLOY_URL: "http://127.0.0.1:9", DOKPLOY_API_KEY: "key" };
  const before = { ...process.env };
  beforeEach(() => Object.assign(process.env, known));
  afterEach(() => {
    for (const name of Object.keys(known)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });

  const planned = output(unknown) as Output<string>;

  it("is the value of the resource, without a look-up, if that is known", async () => {
    const of = stableIn(output("web-1"), () => assert.fail("looked up"));
    assert.equal(await comesTo(of), "web-1");
  });

  it("is looked up by id if a plan does not know it", async () => {
    const asked: string[] = [];
    const of = stableIn(planned, async (id) => {
      asked.push(id);
      return "web-1";
    });
    assert.equal(await comesTo(of), "web-1");
    assert.deepEqual(asked, ["id"]);
  });

  it("is found without the client if it follows from known values", async () => {
    delete process.env["DOKPLOY_URL"];
    const of = stableIn(planned, async () => "web-1");
    assert.equal(await comesTo(of), "web-1");
  });

  it("stays unknown, and ends no program, without settings", async () => {
    delete process.env["DOKPLOY_API_KEY"];
    const newResource = ({ inputs }: runtime.MockResourceArgs) => ({ id: "id", state: inputs });
    await runtime.setMocks({ newResource, call: ({ inputs }) => inputs });
    runtime.setAllConfig({ "dokploy:url": "http://127.0.0.1:9" });
    try {
      // A run of its own, since a run keeps the connection that it made.
      await runtime.runInPulumiStack(async () => {
        const of = stableIn(planned, async (_id, connect) => String(await connect()));
        assert.ok(isUnknown(await comesTo(of)));
      });
    } finally {
      runtime.setAllConfig({});
    }
  });

  it("stays unknown, and ends no program, if the server is out of reach", async () => {
    const of = stableIn(planned, async () => {
      throw new Error("connect ECONNREFUSED");
    });
    assert.ok(isUnknown(await comesTo(of)));
  });
});
