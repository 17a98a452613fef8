import * as assert from "node:assert/strict";
import { makeProject, type Server, startServer, withProvider } from "./server";

type Values = Record<string, unknown>;

describe("the addresses that a run names at its end", function () {
  this.timeout(60_000);
  let server: Server;
  let environmentId: string;
  beforeEach(async () => {
    server = await startServer();
    ({ environmentId } = await makeProject(server));
    server.newRun();
  });
  afterEach(() => server.close());

  const inputs = (name: string, more: Values = {}) =>
    withProvider({ environmentId, name, source: { type: "docker", image: `acme/${name}:1` }, ...more });
  const make = (name: string, more: Values = {}) => server.Application.create(inputs(name, more));
  const news = () => server.notices.splice(0);

  it("are those of the services that it deploys, each once", async () => {
    const domains = [
      { host: "api.example.com", https: true, certificateType: "letsencrypt" },
      { host: "api.example.com", path: "/v2" },
    ];
    const { id, outs } = await make("api", { domains });
    assert.deepEqual(news(), ["api is deployed: http://api.example.com/v2, https://api.example.com"]);
    const block = { target: { applicationId: id }, env: { LEVEL: "debug" }, mode: "additive" };
    await server.EnvironmentBlock.create(withProvider(block));
    assert.deepEqual(news(), [], "another deployment of the run");
    server.newRun();
    await server.Application.update(id, outs, inputs("api", { domains, env: { LEVEL: "debug", A: "1" } }));
    assert.deepEqual(news(), ["api is deployed: http://api.example.com/v2, https://api.example.com"]);
    server.newRun();
    await make("map", { domains: { main: { host: "map.example.com" } } });
    assert.deepEqual(news(), ["map is deployed: http://map.example.com"]);
    server.newRun();
    await make("worker");
    assert.deepEqual(news(), [], "no domain");
  });

  it("include a domain that is a resource of its own, once its service was deployed", async () => {
    const { id: applicationId, outs } = await make("web");
    const domain = { applicationId, host: "web.example.com" };
    await server.of("Domain").create(domain);
    assert.deepEqual(news(), ["http://web.example.com is served."]);
    server.newRun();
    await server.of("Domain").create({ applicationId, host: "late.example.com" });
    assert.deepEqual(news(), [], "this run deploys no service");
    await server.Application.update(applicationId, outs, inputs("web", { env: { LEVEL: "debug" } }));
    assert.deepEqual(news(), ["web is deployed: http://late.example.com, http://web.example.com"]);
  });

  it("are not those of a deployment that fails, or that is left to another run", async () => {
    const domains = [{ host: "later.example.com" }];
    await make("later", { domains, deploy: false });
    const made = await make("broken", { domains: [{ host: "broken.example.com" }] });
    news();
    server.newRun();
    server.emulator.setOutcome(made.id, { status: "error", log: "no" });
    await assert.rejects(
      server.Application.update(
        made.id,
        made.outs,
        inputs("broken", { domains: [{ host: "broken.example.com" }], env: { A: "1" } }),
      ),
    );
    assert.deepEqual(news(), []);
  });

  it("end with a hint where there are many services", async () => {
    for (let at = 1; at <= 12; at++) {
      const domains = [1, 2, 3, 4, 5].map((number) => ({ host: `s${number}.n${at}.example.com` }));
      await make(`n${at}`, { domains });
    }
    const lines = news();
    assert.equal(lines.length, 11);
    assert.equal(
      lines[0],
      "n1 is deployed: http://s1.n1.example.com, http://s2.n1.example.com, http://s3.n1.example.com and 2 more",
    );
    assert.match(lines[10] ?? "", /^More services are deployed\. `npx pulumi-dokploy status` shows/);
  });
});
