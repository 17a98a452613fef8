import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { makeProject, plain, type Server, startServer, withProvider } from "./server";

type Values = Record<string, unknown>;
const git = { type: "git", url: "https://git.example/acme/api.git", branch: "main" };
/** Ends the host of the rule in the label of a domain, and adds another one. */
const otherHost = "a`) || Host(`shop.acme.dev`) && PathPrefix(`/";

describe("a text that Dokploy would run", function () {
  this.timeout(60_000);
  let server: Server;
  let environmentId: string;
  before(async () => {
    server = await startServer();
    ({ environmentId } = await makeProject(server));
  });
  after(() => server.close());

  /** Returns the failures of a new object and of a change, which are the same. */
  const failuresOf = async (kind: "Application" | "Compose", inputs: Values) => {
    const given = withProvider({ environmentId, name: "api", ...inputs });
    const { failures } = await server[kind].check({}, given);
    assert.deepEqual((await server[kind].check({ name: "old" }, given)).failures, failures);
    return failures;
  };

  const dockerfile = (more: Values) => ({ source: git, build: { type: "dockerfile", ...more } });
  const builds: readonly (readonly [property: string, inputs: Values])[] = [
    ["build.contextPath", dockerfile({ contextPath: "../../.." })],
    ["build.contextPath", dockerfile({ contextPath: "$(id)" })],
    ["build.buildStage", dockerfile({ buildStage: "x; cmd" })],
    ["build.buildStage", dockerfile({ buildStage: "x --build-context all=/etc/dokploy" })],
    ["build.dockerfile", dockerfile({ dockerfile: "Dockerfile . ; id #" })],
    ["build.dockerfile", dockerfile({ dockerfile: "../../shop/code/Dockerfile" })],
    ["source.buildPath", { source: { ...git, buildPath: "/app`id`" }, build: { type: "nixpacks" } }],
    ["source.buildPath", { source: { ...git, buildPath: "a/../../../shop" }, build: { type: "paketo" } }],
    ["build.version", { source: git, build: { type: "heroku", version: "24 --env X=$(id)" } }],
    ["build.version", { source: git, build: { type: "railpack", version: "0.15.4;id" } }],
    ["build.publishDirectory", { source: git, build: { type: "static", publishDirectory: "a\nRUN id" } }],
    ["source.url", { source: { ...git, url: "--upload-pack=id" } }],
    ["preview.wildcard", { source: git, preview: { wildcard: '*.{{"X"|env}}' } }],
    ["preview.path", { source: git, preview: { path: `/${otherHost}` } }],
  ];
  for (const [property, inputs] of builds)
    it(`is refused in ${property} of a build: ${JSON.stringify(inputs).slice(-60)}`, async () => {
      const failures = await failuresOf("Application", inputs);
      assert.deepEqual(
        failures.map((failure) => failure.property),
        [property],
        JSON.stringify(failures),
      );
    });

  it("is named with the reason", async () => {
    const [failure] = await failuresOf("Application", dockerfile({ buildStage: "x; cmd" }));
    assert.equal(
      failure?.reason,
      "is not one word of letters, digits and _ . -, beginning with a letter, a digit or _: Dokploy puts it without quotes " +
        "into a shell command that runs as root",
    );
  });

  const raw = (file: string) => ({ type: "raw", composeFile: file });
  const compose = raw("services:\n  web:\n    image: acme/web:1\n");
  for (const [property, inputs] of [
    ["source.composePath", { source: { ...git, composePath: "/etc/dokploy/compose/shop/code/.env" } }],
    ["source.composePath", { source: { ...git, composePath: "$(id).yml" } }],
    ["source.composePath", { source: { ...git, composePath: "../../shop/code/compose.yml" } }],
    ["command", { source: compose, command: "compose up && id" }],
    ["suffix", { source: compose, suffix: "${X}" }],
    ...[
      { path: "/${ROUTE}" },
      { path: "/$ROUTE" },
      { path: `/${otherHost}` },
      { internalPath: "/${ROUTE}" },
      { middlewares: ["${ROUTE}"] },
      { middlewares: ["auth@file`"] },
      { certificateType: "custom", customCertResolver: "${ROUTE}" },
      { customEntrypoint: "${ROUTE}" },
    ].map((more) => {
      const input = Object.keys(more).at(-1) ?? "";
      return [
        `domains["api.acme.dev/"].${input}`,
        {
          source: compose,
          env: { ROUTE: otherHost },
          domains: { "api.acme.dev/": { host: "api.acme.dev", serviceName: "web", ...more } },
        },
      ] as const;
    }),
  ] as const)
    it(`is refused in ${property} of a compose service: ${JSON.stringify(inputs).slice(-50)}`, async () => {
      const failures = await failuresOf("Compose", inputs);
      assert.ok(failures.length > 0);
      for (const failure of failures)
        assert.ok(failure.property.startsWith(property), JSON.stringify(failures));
    });

  it("is not looked for in what a plan does not know yet, but a dollar sign is taken for an application", async () => {
    const unknown = runtime.unknownValue;
    assert.deepEqual(
      await failuresOf("Application", dockerfile({ buildStage: unknown, contextPath: unknown })),
      [],
    );
    const domain = { host: "api.acme.dev", path: "/$metadata" };
    assert.deepEqual(
      await failuresOf("Application", { source: git, domains: { "api.acme.dev/$metadata": domain } }),
      [],
    );
  });

  it("that a state has already is read, corrected and deleted", async () => {
    const { composeId } = await server.byHand<{ composeId: string }>("compose.create", {
      environmentId,
      name: "old",
      appName: "old",
    });
    const made = async (host: string) =>
      await server.byHand<{ domainId: string }>("domain.create", {
        composeId,
        domainType: "compose",
        host,
        path: "/$ROUTE",
        serviceName: "web",
      });
    const state = { composeId, host: "a.acme.dev", path: "/$ROUTE", serviceName: "web", deploy: false };
    const { domainId } = await made("a.acme.dev");
    const handlers = server.of("Domain");
    const read = await handlers.read(domainId, withProvider({ ...state, inputs: state }));
    assert.equal(read.id, domainId);
    assert.equal((await handlers.check(state, withProvider(state))).failures.length, 1);
    const news = withProvider({ ...state, path: "/route" });
    assert.deepEqual((await handlers.check(state, news)).failures, []);
    const { outs } = await handlers.update(domainId, plain(read.props ?? {}), news);
    await handlers.delete(domainId, plain(outs));
  });
});
