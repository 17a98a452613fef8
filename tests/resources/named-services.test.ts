import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { inState, makeProject, type Server, startServer, withProvider } from "./server";

type Values = Record<string, unknown>;

describe("a service of a compose file that a resource names", function () {
  this.timeout(60_000);
  let server: Server;
  let environmentId: string;
  beforeEach(async () => {
    server = await startServer();
    ({ environmentId } = await makeProject(server));
  });
  afterEach(() => server.close());

  const file = (names: readonly string[], more = "") =>
    `${more}services:\n${names.map((name) => `  ${name}: { image: "acme/${name}:1.0" }\n`).join("")}`;
  const compose = (composeFile: string, more: Values = {}) =>
    withProvider({
      environmentId,
      name: "wiki",
      source: { type: "raw", composeFile },
      __urn: "wiki",
      ...more,
    });
  const make = async (composeFile: string) => {
    const { composeId } = await server.byHand<{ composeId: string }>("compose.create", {
      name: "byhand",
      environmentId,
    });
    await server.byHand("compose.update", { composeId, sourceType: "raw", composeFile });
    return composeId;
  };
  const domain = async (serviceName: string, more: Values = {}) => {
    const composeId = runtime.unknownValue;
    const __urn = { identity: "domain", compose: "wiki" };
    const inputs = { host: "wiki.example.com", composeId, serviceName, __urn, ...more };
    return (await server.of("Domain").check({}, inputs)).failures;
  };
  const reason = (name: string) =>
    `"${name}" is not a service of the compose file, which has web, database. Did you mean web?`;

  it("is looked up in the file of this run, even of a new service", async () => {
    await server.Compose.check({}, compose(file(["web", "database"])));
    assert.deepEqual(await domain("webb"), [{ property: "serviceName", reason: reason("webb") }]);
    for (const fine of [{}, { serviceName: "webb", enabled: false }, { serviceName: runtime.unknownValue }])
      assert.deepEqual(await domain("web", fine), []);
    await server.Compose.check({}, compose(file(["web"]), { randomize: true, suffix: "two" }));
    assert.deepEqual(await domain("web-two"), []);
    assert.match(String((await domain("web"))[0]?.reason), /which has web-two/);
    await server.Compose.check({}, compose(runtime.unknownValue as string));
    assert.deepEqual(await domain("webb"), []);
  });

  it("is looked up in the file of this run by the id of a service that exists", async () => {
    const composeId = await make(file(["web", "database"]));
    const olds = compose(file(["web", "database"]));
    const { inputs } = await server.Compose.check(olds, compose(file(["web"])));
    await server.Compose.diff(composeId, olds, inputs);
    const alone = { composeId, __urn: "domain" };
    assert.deepEqual(await domain("web", alone), []);
    const [failure] = await domain("database", alone);
    assert.equal(failure?.reason, '"database" is not a service of the compose file, which has web');
  });

  it("is looked up in the file of this run by the id of a service that the run has created", async () => {
    const { id: composeId } = await server.Compose.create(compose(file(["web", "database"])));
    assert.deepEqual(await domain("webb", { composeId, __urn: "domain" }), [
      { property: "serviceName", reason: reason("webb") },
    ]);
  });

  it("is not quoted from a secret file", async () => {
    const secret = file(["web", "database"]);
    const __urn = { identity: "wiki", secrets: [["source", "composeFile"]] };
    await server.Compose.check({}, compose(secret, { __urn }));
    const [failure] = await domain("webb");
    assert.doesNotMatch(String(failure?.reason), /database|Did you mean/);
  });

  it("is looked for in the file that Dokploy has, if the stack does not manage that", async () => {
    const composeId = await make(file(["web", "database"]));
    const alone = { composeId, __urn: "domain" };
    assert.deepEqual(await domain("webb", alone), [{ property: "serviceName", reason: reason("webb") }]);
    assert.deepEqual(await domain("web", alone), []);
    server.newRun();
    server.stack = [inState("Compose", "wiki", composeId)];
    assert.deepEqual(await domain("webb", alone), []);
  });

  it("is only a warning for schedules and backups, which also reach services of included files", async () => {
    const schedule = async (serviceName: string) => {
      const inputs = { name: "nightly", cronExpression: "@daily", command: "true", serviceName };
      const __urn = { identity: "schedule", compose: "wiki" };
      const checked = await server.of("Schedule").check(
        {},
        {
          ...inputs,
          composeId: runtime.unknownValue,
          __urn,
        },
      );
      assert.deepEqual(checked.failures, []);
    };
    await server.Compose.check({}, compose(file(["web", "database"])));
    await schedule("web");
    assert.deepEqual(server.warnings, []);
    await schedule("webb");
    assert.deepEqual(server.warnings, [`Schedule nightly: serviceName ${reason("webb")}`]);
    server.newRun();
    server.warnings.length = 0;
    await server.Compose.check({}, compose(file(["web"], "include: [other.yaml]\n")));
    server.warnings.length = 0;
    await schedule("webb");
    assert.deepEqual(server.warnings, []);
    assert.equal((await domain("webb")).length, 1);
  });
});
