import * as assert from "node:assert/strict";
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

  it("are of one host each: a wildcard is refused in words that say what to do", async () => {
    const [applicationId] = await makeTwo();
    for (const wildcard of ["*.example.com", "*", "shop.*.com"]) {
      const [{ property, reason } = { property: "", reason: "" }, ...others] = await check({
        applicationId,
        host: wildcard,
      });
      assert.equal(property, "host");
      assert.match(reason, /is a wildcard, for which Dokploy has no domain: .*TraefikFile.*HostRegexp/);
      assert.deepEqual(others, []);
    }
    const inline = await server.Application.check(
      {},
      service("red", { domains: { wild: { host: "*.example.com" } } }),
    );
    assert.match(JSON.stringify(inline.failures), /is a wildcard/);
  });

  it("of two services of the program are told to have the same host", async () => {
    const [blue, green] = await makeTwo();
    assert.deepEqual(await check({ applicationId: blue, host }), []);
    assert.deepEqual(await check({ applicationId: green, host, path: "/api" }), []);
    assert.deepEqual(await check({ applicationId: green, host, customEntrypoint: "internal" }), []);
    assert.deepEqual(await check({ applicationId: green, host, enabled: false }), []);
    assert.deepEqual(await check({ applicationId: blue, host }), []);
    assert.deepEqual(server.warnings, []);
    assert.deepEqual(await check({ applicationId: green, host }), []);
    assert.deepEqual(server.warnings, [
      `Domain ${host}/ of the application ${green} is that of the application ${blue} as well: on one server, ` +
        "Traefik hands all callers to one of the two.",
    ]);
  });

  it("that two services list are told to have the same host, and that a resource of its own has too", async () => {
    const blue = await server.Application.create(service("blue", { domains: { [`${host}/`]: { host } } }));
    assert.deepEqual(server.warnings, []);
    const green = await server.Application.create(service("green", { domains: { [`${host}/`]: { host } } }));
    assert.match(
      server.warnings.join(),
      new RegExp(`^Domain ${host}/ of the application ${green.id} .*${blue.id}`),
    );
    server.newRun();
    const same = service("blue", { domains: { [`${host}/`]: { host } } });
    await server.Application.check(blue.outs, same);
    await server.Application.diff(blue.id, blue.outs, same);
    assert.equal(server.warnings.length, 1);
    const [third] = await makeThird();
    await server.Application.diff(blue.id, blue.outs, same);
    await check({ applicationId: third, host });
    assert.match(
      server.warnings.at(-1) ?? "",
      new RegExp(`${third} is that of the application ${blue.id} as well`),
    );
  });

  const makeThird = async (): Promise<string[]> => {
    const { id } = await server.Application.create(service("red"));
    server.newRun();
    return [id];
  };

  it("that move to another service of the program are those of that one alone", async () => {
    const [blue, green] = await makeTwo();
    const inputs = { applicationId: blue, host };
    const { outs } = await server.of("Domain").create(inputs);
    server.newRun();
    await server.of("Domain").check(outs, { ...inputs, applicationId: green });
    assert.deepEqual(server.warnings, []);
  });
});
