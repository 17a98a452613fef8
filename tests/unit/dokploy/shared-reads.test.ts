import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { type Api, type Endpoint, SharedReads } from "../../../provider/dokploy";

/** A call that the server has, until the test lets it act and answer. */
interface Waiting {
  endpoint: Endpoint;
  /** The server looks at its objects, or changes them. */
  act(): void;
  answer(): void;
  fail(error: Error): void;
}

/** A server with one number in all its objects; each call that is no read adds one. */
class SlowServer implements Api {
  version = 0;
  readonly waiting: Waiting[] = [];
  readonly asked: string[] = [];

  call(endpoint: Endpoint, input: object): Promise<never> {
    this.asked.push([endpoint, ...Object.values(input)].join(" "));
    return new Promise((resolve, reject) => {
      let seen: number | undefined;
      const act = () => {
        seen ??= endpoint.endsWith(".one") ? this.version : ++this.version;
      };
      this.waiting.push({
        endpoint,
        act,
        answer: () => {
          act();
          resolve({ env: `A=${seen}`, nested: { list: [seen] } } as never);
        },
        fail: reject,
      });
    });
  }

  /** Answers all that wait. */
  answer(): void {
    for (const waiting of this.waiting.splice(0)) waiting.answer();
  }
}

const one = { applicationId: "a" };

describe("reads that are shared", () => {
  let server: SlowServer;
  let reads: SharedReads;
  let now: number;
  beforeEach(() => {
    server = new SlowServer();
    now = 1000;
    reads = new SharedReads(server, () => now);
  });

  const look = (id = "a") => reads.call("application.one", { applicationId: id });
  const text = async (reading: Promise<{ env: string | null }>) => {
    server.answer();
    return (await reading).env;
  };
  const write = async () => {
    const writing = reads.server.call("application.update", { ...one, env: "" });
    server.answer();
    await writing;
  };

  it("ask the server once for each object, whether at once or one after the other", async () => {
    const both = [look(), look()];
    server.answer();
    assert.deepEqual(
      (await Promise.all(both)).map(({ env }) => env),
      ["A=0", "A=0"],
    );
    assert.equal(await text(look()), "A=0");
    assert.equal(await text(look("b")), "A=0");
    assert.equal(await text(reads.call("compose.one", { composeId: "a" })), "A=0");
    assert.deepEqual(server.asked, ["application.one a", "application.one b", "compose.one a"]);
  });

  it("give each their own copy", async () => {
    const [mine, other] = [look(), look()];
    server.answer();
    Object.assign(await mine, { env: "changed" });
    assert.equal((await other).env, "A=0");
    Object.assign(await other, { env: "changed" });
    assert.equal((await look()).env, "A=0");
  });

  it("of one plan show the first result, regardless of changes in the meantime", async () => {
    const plan = reads.snapshot();
    const planned = () => plan.call("application.one", one);
    assert.equal(await text(planned()), "A=0");
    await write();
    assert.equal(await text(planned()), "A=0");
    assert.equal(await text(look()), "A=1");
    assert.deepEqual(server.asked, ["application.one a", "application.update a ", "application.one a"]);
  });

  it("never serve a resource that is about to write", async () => {
    const mine = look();
    const writer = reads.server.call("application.one", one);
    server.answer();
    await Promise.all([mine, writer]);
    const again = reads.server.call("application.one", one);
    server.answer();
    await again;
    assert.equal(server.asked.length, 3);
  });

  it("are read again after each write, also of another object: rows hold parts of each other", async () => {
    assert.equal(await text(look()), "A=0");
    const writing = reads.server.call("project.update", { projectId: "p", env: "" });
    server.answer();
    await writing;
    assert.equal(await text(look()), "A=1");
  });

  it("that began before a write serve nobody who comes after it", async () => {
    const early = look();
    server.waiting[0]?.act();
    const [reading] = server.waiting.splice(0);
    await write();
    const late = look();
    reading?.answer();
    assert.equal((await early).env, "A=0");
    assert.equal(await text(late), "A=1");
    assert.equal(await text(look()), "A=1");
  });

  it("that began during a write serve nobody who comes after it", async () => {
    const writing = reads.server.call("application.update", { ...one, env: "" });
    const [update] = server.waiting.splice(0);
    assert.equal(await text(look()), "A=0");
    update?.answer();
    await writing;
    assert.equal(await text(look()), "A=1");
  });

  it("end with a write whose response is lost", async () => {
    assert.equal(await text(look()), "A=0");
    const writing = reads.server.call("application.update", { ...one, env: "" });
    const [update] = server.waiting.splice(0);
    update?.act();
    update?.fail(new Error("lost"));
    await assert.rejects(writing, /lost/);
    assert.equal(await text(look()), "A=1");
  });

  for (const [endpoint, input] of [
    ["application.deploy", one],
    ["postgres.deploy", { postgresId: "p" }],
    ["deployment.all", one],
    ["deployment.queueList", {}],
    ["docker.getServiceContainersByAppName", { appName: "a" }],
  ] as const) {
    it(`end with ${endpoint}: a deployment continues between the calls`, async () => {
      assert.equal(await text(look()), "A=0");
      const calling = reads.server.call(endpoint as Endpoint, input as never);
      server.answer();
      await calling;
      await text(look());
      assert.equal(server.asked.filter((call) => call === "application.one a").length, 2);
    });
  }

  it("that fail are read again, and those who waited for the same one fail with it", async () => {
    const both = [look(), look()];
    server.waiting.splice(0)[0]?.fail(new Error("down"));
    for (const reading of both) await assert.rejects(reading, /down/);
    assert.equal(await text(look()), "A=0");
    assert.equal(server.asked.length, 2);
  });

  it("that fail late do not affect later ones", async () => {
    const early = look();
    const [reading] = server.waiting.splice(0);
    await write();
    assert.equal(await text(look()), "A=1");
    reading?.fail(new Error("down"));
    await assert.rejects(early, /down/);
    await look();
    assert.equal(server.asked.filter((call) => call === "application.one a").length, 2);
  });

  it("serve for five minutes", async () => {
    await text(look());
    now += 299_999;
    await text(look());
    assert.equal(server.asked.length, 1);
    now += 1;
    await text(look());
    assert.equal(server.asked.length, 2);
  });

  it("are read again for a resource that looks once more, and for all that look after it", async () => {
    for (const reader of ["application", "block"]) {
      reads.begin(reader);
      await text(look());
    }
    assert.equal(server.asked.length, 1);
    for (const reader of ["block", "application"]) {
      reads.begin(reader);
      await text(look());
    }
    assert.equal(server.asked.length, 2);
  });

  it("never return a state from before a finished write, however calls overlap", async () => {
    const step = fc.oneof(
      fc.constant("look" as const),
      fc.constant("write" as const),
      fc.record({ act: fc.nat(20) }),
      fc.record({ answer: fc.nat(20) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const server = new SlowServer();
        const reads = new SharedReads(server);
        let written = 0;
        const looks: Promise<void>[] = [];
        const writes: Promise<unknown>[] = [];
        for (const next of steps) {
          if (next === "look") {
            const atLeast = written;
            looks.push(
              reads.call("application.one", one).then(({ env }) => {
                const seen = Number(env?.slice(2));
                assert.ok(seen >= atLeast, `saw ${seen} after write ${atLeast} had ended`);
              }),
            );
          } else if (next === "write") {
            const writing = reads.server.call("application.update", { ...one, env: "" });
            writes.push(
              writing.then((made) => {
                written = Math.max(written, Number((made as unknown as { env: string }).env.slice(2)));
              }),
            );
          } else if ("act" in next) {
            server.waiting[next.act % server.waiting.length]?.act();
          } else {
            server.waiting.splice(next.answer % Math.max(1, server.waiting.length), 1)[0]?.answer();
          }
          await new Promise(setImmediate);
        }
        server.answer();
        await Promise.all([...looks, ...writes]);
      }),
      { numRuns: 300 },
    );
  });
});
