import * as assert from "node:assert/strict";
import { createServer, type Server as HttpServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { pem } from "./pem";
import { makeProject, type Server, startServer, withProvider } from "./server";

type Values = Record<string, unknown>;
interface Answer {
  readonly status: number;
  readonly body?: string;
}

/** What stands in the place of Traefik: it answers what it is told, and notes who was asked for. */
class Gateway {
  readonly asked: string[] = [];
  /** In this order, the last one again and again. */
  answers: Answer[] = [{ status: 200 }];
  private readonly server: HttpServer;

  constructor(tls = false) {
    const listener = (request: { headers: { host?: string }; url?: string }, response: never) => {
      const { status, body = "" } = (
        this.answers.length > 1 ? this.answers.shift() : this.answers[0]
      ) as Answer;
      this.asked.push(`${request.headers.host}${request.url}`);
      (response as { writeHead(status: number): { end(body: string): void } }).writeHead(status).end(body);
    };
    this.server = tls
      ? createTlsServer({ cert: pem.certificate, key: pem.key }, listener as never)
      : createServer(listener as never);
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

const noRoute = { status: 404, body: "404 page not found\n" };
const badGateway = { status: 502, body: "Bad Gateway" };

describe("a domain that is waited for", function () {
  this.timeout(60_000);
  let server: Server;
  let proxy: Gateway;
  let address: string;
  let base: Values;
  beforeEach(async () => {
    server = await startServer();
    const { environmentId } = await makeProject(server);
    base = { environmentId, name: "web", source: { type: "docker", image: "acme/web:1" } };
    proxy = new Gateway();
    address = await proxy.start();
  });
  afterEach(() => {
    proxy.close();
    return server.close();
  });

  const makeApplication = async (more: Values = {}) => {
    const made = await server.of("Application").create(withProvider({ ...base, ...more }));
    server.newRun();
    return made;
  };
  const domain = (more: Values = {}) => ({
    host: "shop.example.com",
    path: "/api",
    reachable: { address, ...more },
  });
  const failed = (work: Promise<unknown>) =>
    work.then(
      () => assert.fail("it worked"),
      (error: Error & { id?: string; properties?: Values }) => error,
    );

  it("counts as reached once anything but Traefik responds under its name", async () => {
    proxy.answers = [noRoute, badGateway, { status: 404, body: "no such page" }];
    const { id: applicationId } = await makeApplication();
    const { id, outs } = await server.of("Domain").create({ ...domain(), applicationId });
    assert.deepEqual(proxy.asked, Array(3).fill("shop.example.com/api"));
    server.newRun();
    const same = { ...domain(), applicationId };
    assert.equal((await server.of("Domain").diff(id, outs, same)).changes, false);
    assert.deepEqual((await server.of("Domain").read(id, outs)).inputs, same);
    await server
      .of("Domain")
      .update(id, outs, { ...same, port: 81, reachable: { address, path: "/health" } });
    assert.equal(proxy.asked.at(-1), "shop.example.com/health");
  });

  it("fails after the timeout with the result of the last request, is kept, and is checked again by the next update", async () => {
    proxy.answers = [badGateway];
    const { id: applicationId } = await makeApplication();
    const inputs = { ...domain({ timeoutSeconds: 1 }), port: 8080, applicationId };
    const error = await failed(server.of("Domain").create(inputs));
    assert.match(
      error.message,
      /^Domain shop\.example\.com\/api does not answer after \d+ s: Traefik reaches nothing behind it \(502\)\. Its settings are saved\. .*listens on port 8080/s,
    );
    const { id = "", properties = {} } = error;
    proxy.answers = [{ status: 401 }];
    server.newRun();
    const plan = await server.of("Domain").diff(id, properties, inputs);
    assert.equal(plan.changes, true);
    assert.equal(plan.replaces?.length ?? 0, 0);
    const { outs } = await server.of("Domain").update(id, properties, inputs);
    assert.equal(outs["pending"], undefined);
    assert.ok(
      !server.calls().some((call) => /domain\.(create|update)|deploy/.test(call)),
      server.calls().join(),
    );
  });

  it("names the likely cause", async () => {
    const { id: applicationId } = await makeApplication();
    const of = (more: Values) => ({
      ...domain({ timeoutSeconds: 1, ...more }),
      applicationId,
      path: `/${Math.random()}`,
    });
    const create = async (inputs: Values) => (await failed(server.of("Domain").create(inputs))).message;
    proxy.answers = [noRoute];
    assert.match(await create(of({})), /Traefik has no route for it \(404\)/);
    assert.match(
      await create(of({ address: "127.0.0.1:1" })),
      /nothing accepts connections at 127\.0\.0\.1:1 \(ECONNREFUSED\)\. Its settings are saved\. Check that Traefik runs and that this machine can reach/,
    );
    assert.match(
      await create(of({ address: "nothing.invalid" })),
      /no address is known for nothing\.invalid/,
    );
    const tls = new Gateway(true);
    try {
      const secure = { ...of({ address: await tls.start() }), https: true };
      assert.match(
        await create({ ...secure, certificateType: "letsencrypt" }),
        /its certificate is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\)/,
      );
      await server.of("Domain").create({ ...secure, path: "/own" });
      assert.equal(tls.asked.at(-1), "shop.example.com/own");
    } finally {
      tls.close();
    }
  });

  it("is waited for only if the program asks for it, it is served, and its service is deployed", async () => {
    const { id: applicationId } = await makeApplication({ deploy: false });
    await server.of("Domain").create({ ...domain(), applicationId });
    const { id: other } = await server.of("Application").create(withProvider({ ...base, name: "api" }));
    await server.of("Domain").create({ ...domain(), applicationId: other, enabled: false });
    await server.of("Domain").create({ host: "a.example.com", applicationId: other });
    // The list of an application that others deploy, as it is created and changed.
    const listing = (more: Values) =>
      withProvider({ ...base, name: "listed", deploy: false, domains: { web: { ...domain(), ...more } } });
    const { id, outs } = await server.of("Application").create(listing({}));
    server.newRun();
    const news = listing({ path: "/other" });
    await server.of("Application").diff(id, outs, news);
    const changed = await server.of("Application").update(id, outs, news);
    assert.equal(changed.outs["pending"], "deploy");
    assert.deepEqual(proxy.asked, []);
  });

  it("is waited for after the deployment of the application that lists it", async () => {
    proxy.answers = [badGateway];
    const name = "shop.example.com/api";
    const listing = (more: Values) => withProvider({ ...base, domains: { [name]: domain(more) } });
    const error = await failed(server.of("Application").create(listing({ timeoutSeconds: 1 })));
    assert.match(error.message, /^Domain shop\.example\.com\/api does not answer/);
    assert.ok(server.calls().includes("application.deploy"));
    const { id = "", properties = {} } = error;
    assert.deepEqual(Object.keys((properties["partIds"] as Record<string, Values>)["domains"] ?? {}), [name]);
    proxy.answers = [{ status: 200 }];
    server.newRun();
    const news = listing({ timeoutSeconds: 1 });
    assert.equal((await server.of("Application").diff(id, properties, news)).changes, true);
    const { outs } = await server.of("Application").update(id, properties, news);
    assert.ok(!server.calls().includes("application.deploy"), server.calls().join());
    server.newRun();
    assert.equal((await server.of("Application").diff(id, outs, news)).changes, false);
  });
});
