import * as assert from "node:assert/strict";
import { type Machine, machineOf } from "../emulator/objects/server";
import { type Server, startServer, withProvider } from "./server";

type Values = Record<string, unknown>;

describe("Server", () => {
  let server: Server;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());
  const handlers = () => server.of("Server");
  const inputs = withProvider({
    name: "worker",
    ipAddress: "203.0.113.7",
    sshKeyId: "PQqzqTGCVtx0St2SA3vCi",
    setup: { reachableSeconds: 20, timeoutSeconds: 60 },
  });
  const machine = (of: Machine, id = "") => Object.assign(machineOf(server.emulator.instance, id), of);
  const onlyId = async () => {
    const rows = await server.byHand<{ serverId: string }[]>("server.all", {});
    assert.equal(rows.length, 1);
    return String(rows[0]?.serverId);
  };
  const failing = async (work: Promise<unknown>) =>
    await work.then(
      () => assert.fail("nothing failed"),
      (error: Error & { id?: string; properties?: Values }) => error,
    );

  it("is made, waited for and set up in one update, and nothing is done to one that is", async () => {
    await handlers().create(inputs);
    assert.deepEqual(
      server.calls().filter((call) => call.startsWith("server.")),
      ["server.all", "server.create", "server.validate", "server.setup", "server.validate"],
    );
    const id = await onlyId();
    const records = await server.byHand<Values[]>("deployment.allByServer", { serverId: id }).catch(() => []);
    assert.ok(records);
    server.newRun();
    const news = { ...inputs, description: "more" };
    const { outs } = await handlers().update(id, inputs, news);
    assert.deepEqual(
      server.calls().filter((call) => /validate|setup/.test(call)),
      [],
    );
    server.newRun();
    await handlers().update(id, outs, { ...news, port: 2222 });
    assert.deepEqual(
      server.calls().filter((call) => /validate|setup/.test(call)),
      ["server.validate"],
    );
  });

  it("that cannot be reached is an error that says so, and the next run goes on with it", async () => {
    machine({ unreachable: "connect ECONNREFUSED 203.0.113.7:22" });
    const error = await failing(handlers().create(inputs));
    assert.match(
      error.message,
      /cannot reach root@203.0.113.7:22 of Server "worker" over SSH: .*ECONNREFUSED/,
    );
    const id = await onlyId();
    assert.equal(error.id, id);
    const { __provider: _, ...state } = error.properties ?? {};
    server.newRun();
    await handlers().check(state, inputs);
    assert.equal((await handlers().diff(id, state, inputs)).changes, true);
    Object.assign(machine({}, id), { unreachable: undefined });
    const { outs } = await handlers().update(id, state, inputs);
    assert.equal(outs["unready"], undefined);
    assert.equal(machineOf(server.emulator.instance, id).isReady, true);
    assert.equal(await onlyId(), id);
  });

  it("that does not let the key in is not waited for", async () => {
    machine({ unreachable: "All configured authentication methods failed" });
    const error = await failing(handlers().create(inputs));
    assert.match(error.message, /authorized_keys/);
    assert.equal(server.calls().filter((call) => call === "server.validate").length, 1);
  });

  it("that lacks something after its set-up is an error, though Dokploy calls it done", async () => {
    machine({ isStubborn: true });
    const error = await failing(handlers().create(inputs));
    assert.match(error.message, /still lacks Docker, Dokploy's folder, a swarm, the network of Dokploy/);
  });

  it("whose set-up got no answer is followed to its end, and not set up twice", async () => {
    server.emulator.faults.add({ endpoint: "server.setup", cut: "after" });
    await handlers().create(inputs);
    assert.equal(server.calls().filter((call) => call === "server.setup").length, 1);
  });

  it("is only saved with setup: false, also without a key, and set up once that is taken out", async () => {
    const { sshKeyId: _, ...without } = inputs as Values;
    const saved = { ...without, setup: false };
    assert.deepEqual((await handlers().check({}, saved)).failures, []);
    const { id, outs } = await handlers().create(saved);
    server.newRun();
    await handlers().check(outs, saved);
    assert.equal((await handlers().diff(id, outs, saved)).changes, false);
    const news = { ...inputs, setup: true };
    await handlers().check(outs, news);
    assert.notEqual((await handlers().diff(id, outs, news)).changes, false);
    await handlers().update(id, outs, news);
    assert.equal(machineOf(server.emulator.instance, id).isReady, true);
  });
});
