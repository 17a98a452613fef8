import * as assert from "node:assert/strict";
import { adviseAlias, type Holder, Holdings } from "../../../../provider/lifecycle/run/holdings";
import { identityOf, type StackResource } from "../../../../provider/pulumi";

const resource = (name: string, id: string, more: Partial<StackResource> = {}): StackResource => ({
  urn: `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/dokploy:${more.kind ?? "Application"}::${name}`,
  kind: "Application",
  name,
  id,
  variables: {},
  ...more,
});

describe("owners of objects, by the stack's state", () => {
  it("an object is deleted with the last of its resources", async () => {
    const holdings = new Holdings(async () => [resource("a", "1"), resource("b", "1"), resource("c", "2")]);
    const names = async (id: string) => (await holdings.release("Application", id))?.map(({ name }) => name);
    assert.deepEqual(await names("2"), []);
    assert.deepEqual(await names("1"), ["a", "b"]);
    assert.deepEqual(await names("1"), []);
  });

  it("two that are deleted at the same time delete it once", async () => {
    const holdings = new Holdings(async () => [resource("a", "1"), resource("b", "1")]);
    const both = await Promise.all([1, 2].map(() => holdings.release("Application", "1")));
    assert.deepEqual(both.map((others) => others?.length).sort(), [0, 2]);
  });

  it("counts from the state before the first deletion, which is read once", async () => {
    const states = [[resource("a", "1"), resource("b", "1")], [resource("b", "1")]];
    let reads = 0;
    const holdings = new Holdings(async () => states[reads++]);
    await holdings.release("Application", "1");
    assert.deepEqual(await holdings.release("Application", "1"), []);
    assert.equal(reads, 1);
  });

  it("says nothing if there is no stack, or its state does not contain the deleted resource", async () => {
    assert.equal(await new Holdings().release("Application", "1"), undefined);
    assert.equal(await new Holdings(async () => []).release("Application", "1"), undefined);
    const other = new Holdings(async () => [resource("a", "1", { kind: "Compose" })]);
    assert.equal(await other.release("Application", "1"), undefined);
  });

  it("refuses a deletion if the state cannot be read, and says what to do", async () => {
    const holdings = new Holdings(async () => undefined);
    const refusal =
      /is not deleted: .*`pulumi stack export`.*PATH.*PULUMI_BACKEND_URL.*`pulumi state delete`/;
    assert.equal(await holdings.release("Application", "1"), undefined);
    await assert.rejects(holdings.assertRead("The Application 1"), refusal);
    await new Holdings().assertRead("The Application 1");
    await new Holdings(async () => []).assertRead("The Application 1");
    assert.equal(await holdings.stackResource("Application", "1"), undefined);
  });

  it("reads the state that contains the deleted resource", async () => {
    const members: unknown[] = [];
    const holdings = new Holdings(async (member) => {
      members.push(member);
      return [];
    });
    const member = { kind: "Application", id: "1", identity: "a" };
    holdings.meet(member);
    await holdings.release("Application", "1");
    assert.deepEqual(members, [member]);
  });

  it("knows a resource that the run replaces although nothing changes", async () => {
    const holdings = new Holdings(async () => [resource("a", "1")]);
    assert.equal((await holdings.stackResource("Application", "1"))?.isForced, false);
    holdings.requestNew(identityOf(resource("a", "1").urn));
    assert.equal((await holdings.stackResource("Application", "1"))?.isForced, true);
  });

  it("variables of a text stay while another resource of the stack owns them", async () => {
    const block = (name: string, variables: StackResource["variables"]) =>
      resource(name, "application/1", { kind: "EnvironmentBlock", variables });
    const deleted = {
      kind: "EnvironmentBlock",
      id: "application/1",
      variables: { env: ["A", "B"] },
    } as const;
    const owner = { kind: "Application", id: "1" };
    const elsewhere = async (...all: StackResource[]) =>
      await new Holdings(async () => all).releaseVariables(deleted, owner);
    const mine = block("mine", { env: ["B", "A"] });
    assert.deepEqual(await elsewhere(mine), {});
    assert.deepEqual(await elsewhere(mine, block("other", { env: ["C"] })), { env: ["C"] });
    assert.deepEqual(await elsewhere(block("twin", { env: ["A", "B"] }), mine), { env: ["B", "A"] });
    assert.deepEqual(await elsewhere(mine, block("whole", { env: "all" })), { env: "all" });
    assert.deepEqual(await elsewhere(mine, resource("api", "1", { variables: { env: "all" } })), {
      env: "all",
    });
    assert.deepEqual(await elsewhere(mine, resource("api", "2", { variables: { env: "all" } })), {});
    assert.equal(await elsewhere(), undefined);
    const unlike = [block("one", { env: ["X"] }), block("two", { env: ["Y"] })];
    assert.deepEqual(await elsewhere(...unlike), { env: ["Y"] }, "the first, where none is equal");
    const order = [block("other", { env: ["C"] }), mine];
    assert.deepEqual(await elsewhere(...order), { env: ["C"] }, "itself, wherever it stands");

    const both = new Holdings(async () => [mine, block("twin", { env: ["A", "B"] })]);
    assert.deepEqual(await both.releaseVariables(deleted, owner), { env: ["A", "B"] });
    assert.deepEqual(await both.releaseVariables(deleted, owner), {});
  });

  it("simultaneous questions read the state once, later ones again", async () => {
    let reads = 0;
    const holdings = new Holdings(async () => {
      reads += 1;
      return [resource("a", "1"), resource("b", "1", { kind: "Compose" })];
    });
    const { now } = Date;
    const began = now();
    const at = async (ms: number) => {
      Date.now = () => began + ms;
      try {
        assert.equal((await holdings.stackResource("Compose", "1"))?.name, "b");
      } finally {
        Date.now = now;
      }
      return reads;
    };
    assert.deepEqual([await at(0), await at(9_999), await at(10_000), await at(19_999)], [1, 1, 2, 2]);
  });

  it("a refused object is known for the rest of the run", async () => {
    const holdings = new Holdings(async () => [resource("a", "1")]);
    assert.equal((await holdings.refuse("Application", "1"))?.name, "a");
    assert.equal(await holdings.refuse("Application", "2"), undefined);
    assert.deepEqual(
      ["1", "2"].map((id) => holdings.isRefused("Application", id)),
      [true, false],
    );
  });
});

describe("the advice for a resource under a new name", () => {
  const stackResource = (name: string): Holder => ({ ...resource(name, "1"), isForced: false });

  it("names the old one, and gives its URN if only that shows its parent", () => {
    assert.equal(
      adviseAlias(stackResource("a")),
      'If it is the same object under its former name, give this resource the option { aliases: [{ name: "a" }] } (with ' +
        "parent: pulumi.rootStackResource next to the name if it moved into a component), without import; otherwise " +
        "keep one of the two",
    );
    const urn = "urn:pulumi:dev::shop::acme:Team$pulumi-nodejs:dynamic/dokploy:Application::a";
    assert.ok(adviseAlias({ ...stackResource("a"), urn }).includes(`{ aliases: ["${urn}"] }`));
  });

  it("differs for a resource that --replace or a taint recreates", () => {
    const advice = adviseAlias({ ...stackResource("a"), isForced: true });
    assert.match(advice, /leave `--replace` out.*Deployment with a trigger/);
    assert.doesNotMatch(advice, /aliases/);
    assert.match(adviseAlias({ ...stackResource("a"), isTainted: true }), /pulumi state untaint 'urn:/);
  });
});
