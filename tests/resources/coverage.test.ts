import * as assert from "node:assert/strict";
import { coverageOf } from "../../cli/server/coverage/objects";
import { Reader } from "../../cli/server/export/reader";
import type { StateResource } from "../../cli/stack/stack";
import type { Api } from "../../provider/dokploy/endpoints";
import { DokployError } from "../../provider/dokploy/errors";
import type { Feature } from "../../provider/dokploy/features";
import { ServerTree } from "../../provider/dokploy/tree";
import { type Server, startServer } from "./server";

describe("the coverage of a server", () => {
  let server: Server;
  let reader: Reader;

  before(async () => {
    server = await startServer();
    const { url, apiKey } = server.emulator;
    reader = new Reader({ url, apiKey, authHeader: "x-api-key" } as never);
  });
  after(async () => {
    reader.close();
    await server.emulator.close();
  });

  it("names the resource of each object, what no backup covers, and what could not be read", async () => {
    const api = server.context.api;
    const { environment } = await api.call("project.create", { name: "shop" });
    const { environmentId } = environment;
    const made = await api.call("application.create", { name: "api", environmentId });
    const database = {
      name: "db",
      environmentId,
      databaseName: "d",
      databaseUser: "u",
      databasePassword: "p",
    };
    await api.call("postgres.create", { ...database, dockerImage: "postgres:18" });
    const refusing = {
      call: async (...[endpoint, input]: Parameters<Api["call"]>) => {
        if (endpoint !== "registry.all") return await reader.call(endpoint, input);
        throw new DokployError("The key has no access.", { kind: "forbidden", endpoint, outcome: "refused" });
      },
      supports: (feature: Feature) => reader.supports(feature),
    } as Api;
    const state = { kind: "Application", id: made.applicationId, name: "web", outputs: {} } as StateResource;
    const { objects, withoutBackup, unread } = await coverageOf(
      new ServerTree(refusing),
      new Map([["prod", [state]]]),
    );
    const named = objects.map(({ kind, name, project, stack, resource }) => [
      kind,
      name,
      project,
      stack,
      resource,
    ]);
    assert.deepEqual(
      named.filter(([, , project]) => project === "shop"),
      [
        ["Application", "api", "shop", "prod", "web"],
        ["Postgres", "db", "shop", undefined, undefined],
        ["Project", "shop", "shop", undefined, undefined],
      ],
    );
    assert.deepEqual(
      withoutBackup.map(({ kind, name }) => `${kind} ${name}`),
      ["Postgres db"],
    );
    assert.deepEqual(unread, [{ kind: "Registry", reason: "The key has no access." }]);
  });

  it("counts a compose service among what no backup covers, unless its file mounts nothing", async () => {
    const api = server.context.api;
    const { environment } = await api.call("project.create", { name: "files" });
    const service = (more: string, rest = "") => `services: { a: { image: "a:1"${more} } }\n${rest}`;
    const files = {
      none: service(""),
      memory: service(", volumes: [{ type: tmpfs, target: /tmp }]"),
      named: service(', volumes: ["data:/data"]', "volumes: { data: {} }\n"),
      bind: service(', volumes: ["/srv/data:/data"]'),
      anonymous: service(', volumes: ["/data"]'),
      elsewhere: service("", "include: [other.yaml]\n"),
      wrong: "services: [",
      empty: "",
      git: undefined,
    };
    for (const [name, composeFile] of Object.entries(files)) {
      const { composeId } = await api.call("compose.create", {
        name,
        environmentId: environment.environmentId,
      });
      const source = composeFile === undefined ? { sourceType: "git" } : { sourceType: "raw", composeFile };
      await server.byHand("compose.update", { composeId, ...source });
    }
    const { withoutBackup } = await coverageOf(new ServerTree(api), new Map());
    const lacking = withoutBackup.filter(({ project }) => project === "files").map(({ name }) => name);
    assert.deepEqual(lacking, ["anonymous", "bind", "elsewhere", "empty", "git", "named", "wrong"]);
  });
});
