import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { type Emulator, startEmulator } from "../../../../emulator";
import {
  Application,
  DeploymentRepository,
  getApplication,
  getPostgresOutput,
  getVersion,
  Project,
} from "../../../../sdk";

type Inputs = Record<string, unknown>;

describe("a program under Pulumi's mocks", () => {
  let dokploy: Emulator;
  let made: Map<string, Inputs>;
  let asked: [token: string, inputs: Inputs][];
  const settings = ["DOKPLOY_URL", "DOKPLOY_API_KEY"] as const;
  const before_ = settings.map((name) => [name, process.env[name]] as const);
  before(async () => {
    dokploy = await startEmulator();
    process.env["DOKPLOY_URL"] = dokploy.url;
    process.env["DOKPLOY_API_KEY"] = dokploy.apiKey;
  });
  after(async () => {
    for (const [name, value] of before_) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    pulumi.runtime.setAllConfig({});
    await dokploy.close();
  });

  const read = <T>(output: pulumi.Output<T>) => (output as unknown as { promise(): Promise<T> }).promise();

  /** Runs a program whose mocks give only inputs as outputs, and these answers to functions. */
  async function run<T>(
    program: () => T | Promise<T>,
    answers: Readonly<Record<string, object>> = {},
    isPreview = false,
  ): Promise<T> {
    made = new Map();
    asked = [];
    dokploy.clearCalls();
    pulumi.runtime.setAllConfig({});
    const mocks: pulumi.runtime.Mocks = {
      newResource: ({ name, inputs }) => {
        made.set(name, inputs as Inputs);
        const given = name === "web" ? { appName: "given-by-mocks" } : {};
        return { id: `${name}_id`, state: { ...(inputs as Inputs), ...given } };
      },
      call: ({ token, inputs }) => {
        asked.push([token, inputs as Inputs]);
        const answer = answers[token];
        if (answer === undefined) throw new Error(`no answer for ${token}`);
        return answer;
      },
    };
    await pulumi.runtime.setMocks(mocks, "shop", "dev", isPreview);
    let result: { it: T } | undefined;
    await pulumi.runtime.runInPulumiStack(async () => {
      result = { it: await program() };
    });
    assert.ok(result);
    return result.it;
  }

  it("asks the mocks instead of the server that the shell names", async () => {
    const args = { name: "api", project: "shop" };
    const found = await run(async () => [await getApplication(args), await getVersion()] as const, {
      "dokploy-native:index:getApplication": { applicationId: "a1" },
      "dokploy-native:index:getVersion": { result: "0.30.2" },
    });
    assert.deepEqual(found, [{ applicationId: "a1" }, "0.30.2"]);
    assert.deepEqual(asked[0], ["dokploy-native:index:getApplication", args]);
    assert.deepEqual(dokploy.calls, []);
  });

  it("gets the secrets of the mocks as secrets", async () => {
    const token = "dokploy-native:index:getPostgres";
    const database = await run(() => getPostgresOutput({ postgresId: "p1" }), {
      [token]: { postgresId: "p1", connectionUrl: "postgresql://a", password: "b" },
    });
    assert.equal(await read(database.connectionUrl), "postgresql://a");
    assert.equal(await pulumi.isSecret(database.connectionUrl), true);
    assert.deepEqual(await read(database), { postgresId: "p1" });
  });

  it("gets an error with the token that the mocks lack", async () => {
    const args = { applicationId: "a".repeat(21) };
    const failure = await run(() => getApplication(args).catch((error: Error) => error.message));
    assert.match(
      String(failure),
      /^getApplication: the mocks have no result for it\. .*: return the result from `call` of the mocks for the token dokploy-native:index:getApplication, or /,
    );
    assert.deepEqual(dokploy.calls, []);
  });

  it("gets stand-ins for names and ids that the mocks leave out, and those that they give", async () => {
    const outputs = await run(async () => {
      const project = new Project("shop", { name: "shop" });
      const { defaultEnvironmentId: environmentId } = project;
      const source = { type: "docker", image: "acme/api:1" } as const;
      const api = new Application("api", { environmentId, name: "api", source });
      const web = new Application("web", {
        ...{ environmentId, name: "web", source },
        env: { API_URL: api.internalUrl(3000) },
      });
      return [await read(project.defaultEnvironmentId), await read(api.appName), await read(web.appName)];
    });
    assert.deepEqual(outputs, ["shop-mock", "api-mock", "given-by-mocks"]);
    assert.deepEqual(made.get("web")?.["env"], { API_URL: "http://api-mock:3000" });
    assert.deepEqual(dokploy.calls, []);
  });

  it("asks a server that the test itself names", async () => {
    const version = await run(() => {
      pulumi.runtime.setAllConfig({ "dokploy:url": dokploy.url, "dokploy:apiKey": dokploy.apiKey });
      return getVersion();
    });
    assert.equal(version, "0.30.2");
    assert.deepEqual(asked, []);
  });

  for (const isPreview of [false, true]) {
    it(`ends where the mocks give no outputs: a repository with a database, ${isPreview ? "in a preview" : "in an update"}`, async () => {
      const dir = fs.mkdtempSync(path.join(os.tmpdir(), "mocks-"));
      const write = (file: string, text: string) => {
        fs.mkdirSync(path.join(dir, path.dirname(file)), { recursive: true });
        fs.writeFileSync(path.join(dir, file), text);
      };
      try {
        write(
          "services/db/dokploy-app.yaml",
          "kind: mysql\nimage: mysql:9\ndatabase: shop\nuser: shop\nstages: { dev: { protect: true } }\n",
        );
        write(
          "services/api/dokploy-app.yaml",
          "kind: application\nimage: acme/api:1\ndatabaseUrls:\n  DATABASE_URL: db\n",
        );
        write("envs/dev/shared.yaml", "REGION: eu\n");
        write("envs/dev/api.yaml", "REGION: ${{environment.REGION}}\nSESSION_KEY: !generate\n");
        const urn = await run(
          () => {
            const { services } = new DeploymentRepository("shop", { directory: dir, root: dir });
            const isProtected = (name: string) =>
              (services[name] as { __protect?: boolean }).__protect === true;
            assert.deepEqual([isProtected("db"), isProtected("api")], [true, false]);
            return read(services["api"]?.urn ?? assert.fail());
          },
          {},
          isPreview,
        );
        assert.match(urn, /::api$/);
        const names = ["api", "api/SESSION_KEY", "db", "shop", "shop-dev", "shop-shared"];
        assert.deepEqual([...made.keys()].sort(), names);
        const given = JSON.stringify(made.get("api"));
        if (!isPreview) assert.match(given, /"SESSION_KEY":"api\/SESSION_KEY-mock"/);
        if (!isPreview) assert.match(given, /"DATABASE_URL":"mysql:\/\/mock:mock@db\.invalid"/);
        assert.deepEqual(dokploy.calls, []);
      } finally {
        fs.rmSync(dir, { recursive: true });
      }
    });
  }
});
