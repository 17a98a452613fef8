import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { makeProject, type Server, startServer, withProvider } from "./server";

describe("Network", () => {
  let server: Server;
  let environmentId: string;
  beforeEach(async () => {
    server = await startServer();
    ({ environmentId } = await makeProject(server, "shop"));
  });
  afterEach(() => server.close());
  const handlers = () => server.of("Network");
  const inputs = withProvider({ name: "inner" });

  it("is not asked for while its id is not known, and is refused for a service if it is of one machine", async () => {
    const service = { environmentId, name: "web", source: { type: "docker", image: "acme/web:1" } };
    const problems = async (networkIds: unknown) => {
      server.newRun();
      return (await server.Application.check({}, withProvider({ ...service, networkIds }))).failures;
    };
    assert.deepEqual(await problems([runtime.unknownValue]), []);
    assert.deepEqual(await problems(runtime.unknownValue), []);
    assert.ok(!server.calls().includes("network.one"));
    const { id } = await handlers().create(withProvider({ name: "own", driver: "bridge" }));
    const [problem, ...more] = await problems([id, runtime.unknownValue]);
    assert.deepEqual([problem?.property, more], ["networkIds", []]);
    assert.match(
      problem?.reason ?? "",
      /^the network "own" \(.*\) exists on one machine only \(driver: "bridge"\), /,
    );
  });

  it("stays while an application, a compose service or a database names it", async () => {
    const { id, outs } = await handlers().create(inputs);
    const named = { environmentId, appName: "web" };
    const application = await server.byHand<{ applicationId: string }>("application.create", {
      ...named,
      name: "web",
    });
    const compose = await server.byHand<{ composeId: string }>("compose.create", { ...named, name: "wiki" });
    const database = await server.byHand<{ postgresId: string }>("postgres.create", {
      ...named,
      name: "orders",
      databaseName: "orders",
      databaseUser: "orders",
      databasePassword: "made-up",
    });
    const [{ applicationId }, { composeId }, { postgresId }] = [application, compose, database];
    const naming: [string, object, object][] = [
      ["application.update", { applicationId, networkIds: [id] }, { applicationId, networkIds: [] }],
      [
        "compose.update",
        {
          composeId,
          serviceNetworks: [{ serviceName: "web", networkIds: ["other", id], detachDokployNetwork: false }],
        },
        { composeId, serviceNetworks: [] },
      ],
      ["postgres.update", { postgresId, networkIds: [id] }, { postgresId, networkIds: [] }],
    ];
    for (const [endpoint, names, lets] of naming) {
      await server.byHand(endpoint, names);
      server.newRun();
      await assert.rejects(
        handlers().delete(id, outs),
        /is not deleted, since it is used by .*"(web|wiki|orders)"/,
      );
      await server.byHand(endpoint, lets);
    }
    server.newRun();
    await handlers().delete(id, outs);
    assert.deepEqual(await server.byHand("network.all", {}), []);
  });

  it("is deleted though somebody deletes an application between the list and its row", async () => {
    const { id, outs } = await handlers().create(inputs);
    await server.byHand("application.create", { environmentId, name: "going" });
    server.newRun();
    const body = { message: "Application not found", code: "NOT_FOUND", data: { path: "application.one" } };
    server.emulator.faults.add({ endpoint: "application.one", status: 404, body });
    await handlers().delete(id, outs);
    assert.deepEqual(await server.byHand("network.all", {}), []);
  });

  it("is refused for services if it does not exist, and for swarm services if it belongs to one machine", async () => {
    const made = await handlers().create(inputs);
    const bridge = await handlers().create({ ...inputs, name: "bridged", driver: "bridge" });
    const gone = "PQqzqTGCVtx0St2SA3vCi";
    const service = { environmentId, name: "web", deploy: false };
    const source = { type: "docker", image: "acme/web:1" };
    const composeFile = "services:\n  web:\n    image: acme/wiki:1\n";
    const naming = (networkIds: string[]): [string, Record<string, unknown>][] => [
      ["Application", { ...service, source, networkIds }],
      ["Redis", { ...service, networkIds }],
      [
        "Compose",
        {
          ...service,
          source: { type: "raw", composeFile },
          serviceNetworks: [{ serviceName: "web", networkIds, detachDokployNetwork: false }],
        },
      ],
    ];
    const refused = async (networkIds: string[]) => {
      const all = naming(networkIds).map(async ([kind, given]) => {
        const { failures } = await server.of(kind).check({}, withProvider(given));
        return failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n");
      });
      return await Promise.all(all);
    };
    server.newRun();
    assert.deepEqual(await refused([made.id, runtime.unknownValue]), ["", "", ""]);
    for (const said of await refused([made.id, gone]))
      assert.match(
        said,
        /^(networkIds|serviceNetworks\.0\.networkIds): Dokploy has no network PQqzqTGCVtx0St2SA3vCi/,
      );
    const [application, redis, compose] = await refused([bridge.id]);
    for (const said of [application, redis])
      assert.match(
        said ?? "",
        /^networkIds: the network "bridged" .* exists on one machine only .* leaves it out/,
      );
    assert.equal(compose, "");

    const inputsOf = naming([made.id])[0]?.[1] ?? {};
    const { id, outs } = await server.of("Application").create(inputsOf);
    server.newRun();
    const news = { ...inputsOf, networkIds: [gone] };
    assert.deepEqual((await server.of("Application").check(outs, news)).failures, []);
    await assert.rejects(server.of("Application").diff(id, outs, news), /Dokploy has no network/);
  });

  describe("that is changed while an application names it", () => {
    const subnets = [{ subnet: "10.88.0.0/24" }];

    /** Whether the new one is made first, and what the plan refuses: Pulumi compares, and checks the same as of something new. */
    async function planned(before: object, after: object) {
      const { id, outs } = await handlers().create(withProvider({ name: "inner", ...before }));
      const { applicationId } = await server.byHand<{ applicationId: string }>("application.create", {
        environmentId,
        appName: "web",
        name: "web",
      });
      await server.byHand("application.update", { applicationId, networkIds: [id] });
      server.newRun();
      const news = withProvider({ name: "inner", ...after });
      await handlers().check(outs, news);
      const { deleteBeforeReplace, replaces } = await handlers().diff(id, outs, news);
      assert.notDeepEqual(replaces ?? [], []);
      const { failures } = await handlers().check({}, news);
      return { isFirst: deleteBeforeReplace === false, said: failures.map(({ reason }) => reason).join() };
    }

    it("is recreated first if its name changes, so that the application gets the new one before the old one goes", async () => {
      assert.deepEqual(await planned({}, { name: "other" }), { isFirst: true, said: "" });
    });

    it("is also recreated first if its name and its addresses change", async () => {
      const after = { name: "other", subnets: [{ subnet: "10.89.0.0/24" }] };
      assert.deepEqual(await planned({ subnets }, after), { isFirst: true, said: "" });
    });

    it("is refused at preview if its name stays", async () => {
      const { isFirst, said } = await planned({}, { internal: true });
      assert.equal(isFirst, false);
      assert.match(said, /^The Network inner \(.*\) is not deleted, since it is used by application "web"/);
    });

    it("is refused at preview where both would have the same addresses", async () => {
      const { isFirst, said } = await planned(
        { subnets },
        { name: "other", subnets: [{ subnet: "10.88.0.128/25" }] },
      );
      assert.equal(isFirst, false);
      assert.match(said, /is used by application "web"/);
    });
  });

  it("is refused if another network of the machine has addresses in its ranges", async () => {
    await handlers().create({ ...inputs, subnets: [{ subnet: "10.88.0.0/16" }] });
    server.newRun();
    const said = async (more: object) => {
      const { failures } = await handlers().check({}, { ...inputs, name: "other", ...more });
      return failures.map(({ reason }) => reason).join();
    };
    const subnets = [{ subnet: "10.88.4.0/24" }];
    assert.match(
      await said({ subnets }),
      /clashes with the existing Network inner .*: both have addresses of 10\.88\.4\.0\/24$/,
    );
    assert.equal(await said({ subnets: [{ subnet: "10.89.4.0/24" }] }), "");
    assert.equal(await said({ subnets, driver: "bridge" }), "");
    assert.equal(await said({ subnets, serverId: server.emulator.connect("server") }), "");
  });

  it("is refused if a gateway or an ipRange is not in its range", async () => {
    const said = async (more: object, own: object = {}) => {
      const subnets = [{ subnet: "10.88.0.0/24", ...more }];
      const { failures } = await handlers().check({}, { ...inputs, subnets, ...own });
      return failures.map(({ property, reason }) => `${property} ${reason}`).join();
    };
    assert.equal(
      await said({ gateway: "10.88.1.1" }),
      "subnets has the gateway 10.88.1.1, which is not in 10.88.0.0/24",
    );
    assert.match(await said({ gateway: "fd00::1" }), /^subnets has the gateway fd00::1, which/);
    assert.match(await said({ ipRange: "10.88.0.0/16" }), /^subnets has the ipRange 10\.88\.0\.0\/16, which/);
    assert.match(await said({ ipRange: "10.88.1.0/25" }), /^subnets has the ipRange/);
    assert.equal(await said({ gateway: "10.88.0.1", ipRange: "10.88.0.128/25" }), "");
    assert.equal(await said({ subnet: "fd00::/64", gateway: "fd00::1" }, { enableIPv6: true }), "");
    assert.match(
      await said({ subnet: "fd00::/64", gateway: "fd01::1" }, { enableIPv6: true }),
      /gateway fd01::1/,
    );
  });

  it("may have the name of one on another machine", async () => {
    const serverId = server.emulator.connect("server", "PQqzqTGCVtx0St2SA3vCi");
    await handlers().create(inputs);
    server.newRun();
    const other = { ...inputs, serverId };
    assert.deepEqual((await handlers().check({}, other)).failures, []);
    const { id, outs } = await handlers().create(other);
    server.newRun();
    assert.match(
      (await handlers().check({}, other)).failures[0]?.reason ?? "",
      /already has a Network inner of PQ/,
    );
    assert.deepEqual((await handlers().read(id, outs)).inputs, other);
  });

  it("on a server that is not known yet is not looked up", async () => {
    const serverId = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    server.newRun();
    assert.deepEqual((await handlers().check({}, { ...inputs, serverId })).failures, []);
    assert.deepEqual(server.calls(), []);
  });

  it("with ranges in another order is the same", async () => {
    const subnets = [{ subnet: "10.88.0.0/24", gateway: "10.88.0.1", ipRange: "10.88.0.128/25" }];
    const { networkId } = await server.byHand<{ networkId: string }>("network.create", {
      name: "byhand",
      driver: "overlay",
      attachable: true,
      ipam: {
        driver: "default",
        config: [{ ipRange: "10.88.0.128/25", gateway: "10.88.0.1", subnet: "10.88.0.0/24" }],
      },
    });
    const adopting = withProvider({ name: "byhand", subnets, import: networkId });
    assert.deepEqual((await handlers().check({}, adopting)).failures, []);
    assert.equal((await handlers().create(adopting)).id, networkId);
    const differs = withProvider({ name: "byhand", subnets, internal: true, import: networkId });
    server.newRun();
    assert.match(
      (await handlers().check({}, differs)).failures.map(({ reason }) => reason).join(),
      /cannot be changed in place/,
    );
  });
});
