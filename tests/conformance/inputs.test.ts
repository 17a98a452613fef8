import * as assert from "node:assert/strict";
import { startEmulator } from "../../emulator";
import { DokployClient } from "../../provider/dokploy/client";
import { identityKey } from "../../provider/pulumi/identity";
import { allDefinitions } from "../../provider/resources/generated/definitions";
import { compile } from "../../provider/schema/compile";
import { databaseData, databases } from "../resources/database-data";
import { plain } from "../resources/server";
import { simpleData } from "../resources/simple-data";
import { handlersOf } from "./handlers";
import { Dokploy } from "./http";
import { OTHER } from "./input-values";
import { type Kind, Walk } from "./inputs";
import { newProject, removeProject } from "./projects";
import type { Target } from "./scenarios";

type Values = Record<string, unknown>;

/** Of these, no server has a row. */
const rowless = ["Deployment", "GeneratedSecret"];
const kinds = (allDefinitions() as unknown as Kind[]).filter(({ kind }) => !rowless.includes(kind));

/** A server, with ids of what only its own side can connect; and the kinds that it cannot try, each with the reason. */
interface Server {
  readonly dokploy: Dokploy;
  readonly connected: Values;
  readonly without: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

describe("inputs, there and back: the emulator", function () {
  this.timeout(60_000);
  walks(async () => {
    const emulator = await startEmulator({ buildMs: 1 });
    const connected: Values = {};
    for (const kind of ["github", "server"] as const)
      for (const prefix of ["", OTHER]) connected[`${prefix}${kind}Id`] = emulator.connect(kind);
    const dokploy = new Dokploy(emulator.url, emulator.apiKey);
    return { dokploy, connected, without: {}, stop: () => emulator.close() };
  });
});

describe("inputs, there and back: the server at DOKPLOY_URL", function () {
  this.timeout(600_000);
  const { DOKPLOY_URL: url, DOKPLOY_API_KEY: apiKey } = process.env;
  if (!url || !apiKey) {
    it("are walked when DOKPLOY_URL and DOKPLOY_API_KEY name a test server");
    return;
  }
  const dokploy = new Dokploy(url.replace(/(\/api)?\/*$/, ""), apiKey);
  const without = {
    Registry: "needs a registry that lets it in",
    Server: "needs a machine that it may set up",
    WebServerSettings: "would change the settings of the whole server",
  };
  walks(async () => ({ dokploy, connected: {}, without, stop: async () => {} }));
});

function walks(start: () => Promise<Server>): void {
  let server: Server;
  let target: Target;
  let client: DokployClient;
  const ids: Record<string, string> = {};
  const removals: (() => Promise<unknown>)[] = [];
  let kept = 0;
  const unseen: string[] = [];
  const exempt: string[] = [];

  before(async () => {
    server = await start();
    Object.assign(ids, server.connected);
    const { dokploy } = server;
    const { url, apiKey } = dokploy;
    client = new DokployClient({ url, apiKey, auth: "x-api-key" });
    for (const prefix of ["", OTHER]) {
      const project = await newProject(dokploy, `inputs ${prefix}${Date.now()}`);
      ids[`${prefix}projectId`] = project.projectId;
      ids[`${prefix}environmentId`] = project.environmentId;
      removals.push(() => removeProject(project));
      if (prefix === "") target = project;
    }
    await surround();
  });

  after(async () => {
    for (const remove of removals.reverse()) await remove();
    client.close();
    await server.stop();
  });

  for (const definition of kinds)
    it(`${definition.kind}: the row has each, and without it what the reference promises`, async function () {
      const { kind } = definition;
      if (server.without[kind] !== undefined) return this.skip();
      const walk = new Walk(definition, target, client, ids);
      const wrong: string[] = [];
      for (const leaf of compile(definition.schema, [], undefined)) {
        const name = [kind, ...leaf.path, ...(leaf.arm ? [`[${leaf.arm.value}]`] : [])].join(".");
        try {
          const outcome = await walk.input(leaf);
          if (outcome === "kept") kept += 1;
          else if (leaf.column !== undefined && !leaf.writeOnly && outcome === "not in the row")
            unseen.push(name);
          if (outcome.startsWith("exempt")) exempt.push(`${name}: ${outcome}`);
        } catch (error) {
          wrong.push(`${name}: ${(error as Error).message}`);
        }
      }
      await walk.end();
      assert.deepEqual(wrong, []);
    });

  it("are all of them, but for those that need more than a server", () => {
    if (Object.keys(server.without).length > 0) return;
    assert.deepEqual(exempt, [
      "Member.sees.gitProviderIds: exempt: it needs a license",
      "Member.sees.serverIds: exempt: it needs a license",
    ]);
    // The owner of a schedule decides its type.
    assert.deepEqual(unseen, ["Schedule.scheduleType"]);
    assert.ok(kept > 600, `${kept} inputs change a row`);
  });

  /** Makes two of everything that an input may name. */
  async function surround(): Promise<void> {
    const { dokploy, without } = server;
    const { environmentId } = target;
    for (const [input, kind] of [
      ["sshKeyId", "SshKey"],
      ["destinationId", "Destination"],
      ["gitlabId", "GitlabProvider"],
      ["giteaId", "GiteaProvider"],
      ["bitbucketId", "BitbucketProvider"],
      ["registryId", "Registry"],
      ["networkId", "Network"],
      ["tagId", "Tag"],
    ] as const) {
      // Two networks cannot have the same range.
      const { subnets: _, ...inputs } = simpleData[kind]?.inputs ?? {};
      if (without[kind] === undefined) await make(kind, input, inputs);
    }
    if (ids["serverId"] === undefined)
      await make("Server", "serverId", { ipAddress: "203.0.113.7", sshKeyId: ids["sshKeyId"], setup: false });
    const saved = { environmentId, deploy: false };
    const source = { type: "docker", image: "acme/web:1" };
    await make("Application", "applicationId", { ...saved, source });
    const composeFile = "services:\n  web:\n    image: acme/web:1\n  api:\n    image: acme/api:1\n";
    await make("Compose", "composeId", { ...saved, source: { type: "raw", composeFile } });
    for (const { kind } of databases)
      await make(kind, `${kind.toLowerCase()}Id`, { ...saved, ...databaseData[kind]?.inputs });
    for (const prefix of ["", OTHER]) {
      for (const name of ["buildRegistryId", "rollbackRegistryId"])
        alias(`${prefix}registryId`, prefix + name);
      alias(`${prefix}serverId`, `${prefix}buildServerId`);
      const email = `${prefix.trim()}inputs-${Date.now()}@acme.example`;
      await dokploy.post("user.createUserWithCredentials", {
        email,
        password: "made-up-password",
        role: "member",
      });
      ids[`${prefix}email`] = email;
    }
    const members = (await dokploy.get("user.all")).body as { userId: string; user: { email: string } }[];
    for (const { userId, user } of members)
      if ([ids["email"], ids[`${OTHER}email`]].includes(user.email))
        removals.push(() => dokploy.post("user.remove", { userId }));
    const [organization] = (await dokploy.get("organization.all")).body as { id: string }[];
    ids["organizationId"] = organization?.id ?? "";
  }

  function alias(name: string, other: string): void {
    const id = ids[name];
    if (id !== undefined) ids[other] = id;
  }

  async function make(kind: string, input: string, inputs: Values): Promise<void> {
    for (const prefix of ["", OTHER]) {
      const name = `made-${prefix === "" ? "first" : "other"}`;
      const given = { [identityKey]: `${kind} ${name}`, ...inputs, name };
      const { id, outs } = await handlersOf(kind, target).create(given);
      removals.push(() => handlersOf(kind, target).delete(id, plain(outs)));
      ids[prefix + input] = id;
    }
  }
}
