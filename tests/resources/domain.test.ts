import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { makeProject, type Server, startServer, withProvider } from "./server";

type Values = Record<string, unknown>;

describe("domains", function () {
  this.timeout(60_000);
  let server: Server;
  let environmentId: string;
  beforeEach(async () => {
    server = await startServer();
    ({ environmentId } = await makeProject(server));
  });
  afterEach(() => server.close());

  const host = "shop.example.com";
  const service = (name: string, more: Values = {}) =>
    withProvider({ environmentId, name, source: { type: "docker", image: "acme/web:1" }, ...more });
  const makeTwo = async (): Promise<string[]> => {
    const made = [
      await server.Application.create(service("blue")),
      await server.Application.create(service("green")),
    ];
    server.newRun();
    return made.map(({ id }) => id);
  };
  const check = async (inputs: Values) => (await server.of("Domain").check({}, inputs)).failures;

  it("have one host each: a wildcard is refused with advice", async () => {
    const [applicationId] = await makeTwo();
    for (const wildcard of ["*.example.com", "*", "shop.*.com"]) {
      const [{ property, reason } = { property: "", reason: "" }, ...others] = await check({
        applicationId,
        host: wildcard,
      });
      assert.equal(property, "host");
      assert.match(
        reason,
        /is a wildcard, which Dokploy does not support in a domain: .*TraefikFile.*HostRegexp/,
      );
      assert.deepEqual(others, []);
    }
    const inline = await server.Application.check(
      {},
      service("red", { domains: { wild: { host: "*.example.com" } } }),
    );
    assert.match(JSON.stringify(inline.failures), /is a wildcard/);
  });

  it("of two services of the program are reported to have the same host", async () => {
    const [blue, green] = await makeTwo();
    assert.deepEqual(await check({ applicationId: blue, host }), []);
    assert.deepEqual(await check({ applicationId: green, host, path: "/api" }), []);
    assert.deepEqual(await check({ applicationId: green, host, customEntrypoint: "internal" }), []);
    assert.deepEqual(await check({ applicationId: green, host, enabled: false }), []);
    assert.deepEqual(await check({ applicationId: blue, host }), []);
    assert.deepEqual(server.warnings, []);
    assert.deepEqual(await check({ applicationId: green, host, path: "/" }), []);
    assert.deepEqual(server.warnings, [
      `Domain ${host}/ of the application ${green} is the same as that of the application ${blue}: if both run on one server, ` +
        "Traefik sends every request to only one of them.",
    ]);
  });

  it("that two services list are reported to have the same host, also new ones, and that a resource of its own has too", async () => {
    const domains = { [`${host}/`]: { host } };
    const plan = async (name: string, more: Values = { domains }, olds: Values = {}) =>
      await server.Application.check(olds, { ...service(name, more), __urn: name });
    const blue = await server.Application.create(service("blue", { domains }));
    server.newRun();
    await plan("blue", { domains }, blue.outs);
    await plan("blue", { domains }, blue.outs);
    await plan("far", { domains, serverId: "another0000000000000000" });
    await plan("farther", { domains, serverId: runtime.unknownValue });
    assert.deepEqual(server.warnings, []);
    const said = (name: string) =>
      `Domain ${host}/ of ${name} is the same as that of Application "blue": if both run on one server, Traefik ` +
      "sends every request to only one of them.";
    await plan("green");
    assert.deepEqual(server.warnings, [said('Application "green"')]);
    // The domain of an application that this run makes.
    await check({ applicationId: runtime.unknownValue, host });
    assert.equal(server.warnings.at(-1), said("a new service"));
  });

  it("of two services in files are left to the program, which names the lines", async () => {
    const domains = { [`${host}/`]: { host } };
    const plan = async (name: string, parents: string) => {
      const urn = `urn:pulumi:test::shop::${parents}pulumi-nodejs:dynamic/dokploy:Application::${name}`;
      await server.Application.check({}, { ...service(name, { domains }), __urn: { identity: name, urn } });
    };
    await plan("blue", "dokploy:index:DeploymentRepository$");
    await plan("green", "dokploy:index:DeploymentRepository$");
    assert.deepEqual(server.warnings, []);
    await plan("red", "");
    assert.match(
      server.warnings.join(),
      /^Domain .* of Application "red" is the same as that of Application "blue":/,
    );
  });

  it("and ports of services on two servers cause no warning, as far as the run knows", async () => {
    const serverId = server.emulator.connect("server");
    const blue = await server.Application.create(service("blue"));
    const far = await server.Application.create(service("far", { serverId }));
    const port = { publishedPort: 2525, targetPort: 25 };
    const both = async () => {
      for (const { id: applicationId } of [blue, far]) {
        await check({ applicationId, host });
        await server.of("Port").check({}, { applicationId, ...port });
      }
    };
    server.newRun();
    await both();
    assert.equal(
      server.warnings.filter((line) => /is the same as that of .*: if both run on one server/.test(line))
        .length,
      2,
    );
    server.newRun();
    server.warnings.length = 0;
    for (const { id, outs } of [blue, far]) {
      const { inputs } = await server.Application.check(outs, outs);
      await server.Application.diff(id, outs, inputs);
    }
    await both();
    assert.deepEqual(server.warnings, []);
  });

  it("of a service that is recreated in the run are those of one service", async () => {
    const domains = { [`${host}/`]: { host } };
    const plan = (more: Values, olds: Values) =>
      server.Application.check(olds, { ...service("blue", { domains, ...more }), __urn: "blue" });
    const { outs } = await server.Application.create(service("blue", { domains }));
    server.newRun();
    await plan({ appNamePrefix: "other" }, outs);
    await plan({ appNamePrefix: "other" }, {});
    assert.deepEqual(
      server.warnings.filter((line) => /is the same as that of/.test(line)),
      [],
    );
  });

  it("warn of a certificate that has no effect", async () => {
    const [applicationId] = await makeTwo();
    const certificateType = "letsencrypt";
    const check = (inputs: Values) => server.of("Domain").check({}, { ...inputs, __urn: "shop" });
    await check({ applicationId, host, certificateType, https: true });
    await check({ applicationId, host, certificateType, https: runtime.unknownValue });
    await check({ applicationId, host, certificateType: "none" });
    assert.deepEqual(server.warnings, []);
    await check({ applicationId, host, certificateType });
    const says = `Domain ${host}/ has a certificateType, which does nothing without https: true.`;
    assert.deepEqual(server.warnings, [says]);
    server.newRun();
    await server.Application.check(
      {},
      service("red", { domains: { [`${host}/`]: { host, certificateType } } }),
    );
    assert.equal(server.warnings.filter((warning) => warning === says).length, 2);
  });

  it("that move to another service of the program are those of that one alone", async () => {
    const [blue, green] = await makeTwo();
    const inputs = { applicationId: blue, host };
    const { outs } = await server.of("Domain").create(inputs);
    server.newRun();
    await server.of("Domain").check(outs, { ...inputs, applicationId: green });
    assert.deepEqual(server.warnings, []);
  });
});
