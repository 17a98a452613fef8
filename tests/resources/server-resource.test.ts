import * as assert from "node:assert/strict";
import { type Machine, machineOf } from "../../emulator/objects/server";
import { type Server, startServer, withProvider } from "./server";

type Values = Record<string, unknown>;

describe("Server", () => {
  let server: Server;
  beforeEach(async () => {
    server = await startServer();
    server.emulator.connect("sshKey", "PQqzqTGCVtx0St2SA3vCi");
  });
  afterEach(() => server.close());
  const handlers = () => server.of("Server");
  const inputs = withProvider({
    name: "worker",
    ipAddress: "203.0.113.7",
    sshKeyId: "PQqzqTGCVtx0St2SA3vCi",
    setup: { reachableSeconds: 100, timeoutSeconds: 300 },
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

  it("is created, waited for and set up in one update, and left alone if it is ready", async () => {
    await handlers().create(inputs);
    assert.deepEqual(
      server.calls().filter((call) => call.startsWith("server.")),
      [
        "server.all",
        "server.create",
        "server.all",
        "server.validate",
        "server.setupWithLogs",
        "server.validate",
      ],
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

  it("whose port does not speak SSH is an error after the timeout, without another check", async () => {
    server.emulator.faults.add({
      endpoint: "server.validate",
      times: Number.POSITIVE_INFINITY,
      delayMs: 3_000,
    });
    const error = await failing(
      handlers().create({ ...inputs, setup: { reachableSeconds: 8, timeoutSeconds: 300 } }),
    );
    assert.match(
      error.message,
      /cannot reach root@203.0.113.7:22 of Server "worker" over SSH: no SSH server responds there\. Check address, port/,
    );
    assert.doesNotMatch(error.message, /dokploy:url/);
    assert.equal(server.calls().filter((call) => call === "server.validate").length, 1);
    assert.equal(error.id, await onlyId());
  });

  it("that cannot be reached is an error that says so, and the next run continues with it", async () => {
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

  it("that rejects the key is not waited for", async () => {
    machine({ unreachable: "All configured authentication methods failed" });
    const error = await failing(handlers().create(inputs));
    assert.match(error.message, /authorized_keys/);
    assert.equal(server.calls().filter((call) => call === "server.validate").length, 1);
  });

  it("that lacks something after its setup is an error, though Dokploy calls it done", async () => {
    machine({ isStubborn: true });
    const error = await failing(handlers().create(inputs));
    assert.match(error.message, /still lacks Docker, Dokploy's folder, a swarm, the network of Dokploy/);
  });

  const script = [
    "\u001b[32mGet:1 docker",
    ".io\u001b[0m\nlogin to",
    "ken=",
    "canary-4711-secret\nUnpacking\n",
    "half",
  ];
  const prints = { prints: script, printMs: 12_000 };
  const starts = () => server.calls().filter((call) => call.startsWith("server.setup"));
  const reported = () => server.reported.join("\n");
  const secretive = { ...inputs, command: "KEY=canary-4711-secret; ./run $KEY", __secrets: [["command"]] };

  it("is followed with what its setup prints, in whole lines and without secrets", async () => {
    machine(prints);
    await handlers().check({}, secretive);
    await handlers().create(secretive);
    assert.deepEqual(starts(), ["server.setupWithLogs"]);
    assert.match(reported(), /being set up: Get:1 docker\.io, \d+ s/);
    assert.match(reported(), /being set up: Unpacking, /);
    assert.ok(!/canary-4711|being set up: (?:half|login to)|\[32m/.test(reported()), reported());
  });

  it("that lacks something shows the end of the log, without secrets", async () => {
    machine({ ...prints, isStubborn: true });
    await handlers().check({}, secretive);
    const error = await failing(handlers().create(secretive));
    assert.match(
      error.message,
      /still lacks Docker.*\nEnd of the log \(\d lines\):\n {4}Installing Server Dep/s,
    );
    assert.match(error.message, /login token=\[secret\]\n {4}Unpacking\n/);
    assert.ok(!error.message.includes("canary-4711"), error.message);
    assert.ok(!error.message.includes("on its page"), error.message);
  });

  const refusals: [what: string, refuse: () => void][] = [
    [
      "a proxy does not pass the socket on",
      () => server.emulator.faults.add({ endpoint: "/drawer-logs", status: 400 }),
    ],
    [
      "the socket breaks as it opens",
      () => server.emulator.faults.add({ endpoint: "/drawer-logs", cut: "before" }),
    ],
    [
      "Dokploy has no such procedure",
      () => server.emulator.faults.add({ endpoint: "server.setupWithLogs", status: 404 }),
    ],
  ];
  for (const [what, refuse] of refusals) {
    it(`is set up without its log where ${what}`, async () => {
      refuse();
      machine(prints);
      await handlers().create(inputs);
      assert.equal(starts().at(-1), "server.setup");
      assert.equal(starts().filter((call) => call === "server.setup").length, 1);
      assert.match(reported(), /being set up, \d+ s/);
      assert.deepEqual([...server.warnings, ...server.notices], []);
    });
  }

  it("is set up without its log if that is not asked for", async () => {
    await handlers().create({ ...inputs, setup: { log: false } });
    assert.deepEqual(starts(), ["server.setup"]);
  });

  for (const [what, lose] of [
    ["at its begin", () => server.emulator.faults.add({ endpoint: "server.setupWithLogs", cut: "after" })],
    ["in the middle", () => Object.assign(machine({}), { socketHolds: 2 })],
  ] as const) {
    it(`whose log is lost ${what} is looked at, not set up twice, and set up by the next run`, async () => {
      machine(prints);
      lose();
      const error = await failing(handlers().create(inputs));
      assert.deepEqual(starts(), ["server.setupWithLogs"]);
      assert.match(error.message, /the connection to Dokploy was lost, .*log: false/);
      const id = String(error.id);
      const { __provider: _, ...state } = error.properties ?? {};
      Object.assign(machine({}, id), { socketHolds: undefined });
      server.newRun();
      await handlers().update(id, state, inputs);
      assert.deepEqual(starts(), ["server.setupWithLogs"]);
    });
  }

  it("whose subscription may not have arrived is not treated as being set up", async () => {
    server.emulator.faults.add({ endpoint: "server.setupWithLogs", cut: "before" });
    const error = await failing(handlers().create(inputs));
    assert.match(error.message, /is not being set up, although that was requested/);
    assert.deepEqual(starts(), ["server.setupWithLogs"]);
  });

  it("that an earlier run began to set up is waited for", async () => {
    const { id, outs } = await handlers().create({ ...inputs, setup: false });
    machine(prints, id);
    await server.byHand("server.setup", { serverId: id });
    server.newRun();
    await handlers().update(id, outs, inputs);
    assert.deepEqual(starts(), []);
    assert.equal(machineOf(server.emulator.instance, id).isReady, true);
  });

  it("that is not set up in time says that the setup ends, if its log is followed", async () => {
    machine({ prints: ["on it\n", "still\n"], printMs: 400_000 });
    const error = await failing(handlers().create(inputs));
    assert.match(
      error.message,
      /not set up within 300 s\. Dokploy stops it now.*\n {4}Installing Server Dependencies: ✅$/s,
    );
  });

  it("whose setup got no response is followed to its end, and not set up twice", async () => {
    server.emulator.faults.add({ endpoint: "server.setup", cut: "after" });
    await handlers().create({ ...inputs, setup: { log: false } });
    assert.deepEqual(starts(), ["server.setup"]);
  });

  it("is only saved with setup: false, also without a key, and set up once that is removed", async () => {
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
