import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import { DokployError } from "../../provider/dokploy";
import { lostService } from "../../provider/engine/services/lost";
import { serviceFiles, serviceVolumes } from "../../provider/engine/services/volumes";
import type { Context } from "../../provider/lifecycle";

type Values = Record<string, unknown>;
type Kind = Parameters<typeof lostService>[0];

/** What a key sees of the server; undefined where it may not look. */
interface Seen {
  readonly containers?: readonly ReturnType<typeof inState>[] | undefined;
  readonly volumes?: readonly { Name: string; Labels: string }[] | undefined;
}
const volume = (Name: string, Labels = "") => ({ Name, Labels });
const ofDokploy = volume("dokploy-postgres");
/** A row that serves as a task and as a container. */
const inState = (name: string, state: string) => ({
  ...{ containerId: name, name, state, currentState: "Running", status: "Up" },
});
const runs = (name: string) => inState(name, "running");
const nothing: Seen = { containers: [], volumes: [ofDokploy] };
const file = (...volumes: string[]) =>
  `services:\n  web:\n    image: acme/web:1\n    volumes: ${JSON.stringify(volumes)}\n` +
  (volumes.includes("data:/data") ? "volumes:\n  data:\n" : "");
const raw = (...volumes: string[]) => ({ type: "raw", composeFile: file(...volumes) });

describe("the remains of a service that Dokploy lost", () => {
  async function look(kind: Kind, more: Values, { containers, volumes }: Seen, outputs: Values = {}) {
    const calls: [string, unknown][] = [];
    const call = async (endpoint: string, input: unknown) => {
      calls.push([endpoint, input]);
      const answer = endpoint === "dockerVolume.getVolumes" ? volumes : containers;
      if (answer !== undefined) return answer;
      throw new DokployError("no", { kind: "forbidden", endpoint, outcome: "refused" } as never);
    };
    const inputs = { name: "api", environmentId: "env", ...more };
    const state = { inputs, outputs: { appName: "api-x7", status: "done", ...outputs } } as never;
    const lost = await lostService(kind, "id", state, { reads: { call } as unknown as Context["reads"] });
    return { lost, calls };
  }
  const left = async (...given: Parameters<typeof look>) => (await look(...given)).lost?.left;
  const loss = async (...given: Parameters<typeof look>) => (await look(...given)).lost?.loss;
  const last = { deploymentId: "d", status: "done" };

  it("are not looked for where it never ran", async () => {
    for (const outputs of [
      { appName: "" },
      { appName: undefined },
      { status: "idle" },
      { status: undefined },
      { appName: "", lastDeployment: last },
    ])
      assert.deepEqual(await look("postgres", {}, nothing, outputs), { lost: undefined, calls: [] });
    for (const outputs of [
      { status: "error" },
      { status: "running" },
      { status: "idle", lastDeployment: last },
    ])
      assert.ok((await look("postgres", {}, nothing, outputs)).lost, JSON.stringify(outputs));
  });

  it("are looked for on its own machine, in the way of its kind", async () => {
    const endpoints = async (kind: Kind, more: Values) =>
      (await look(kind, { serverId: "machine", ...more }, nothing)).calls;
    const volumes = ["dockerVolume.getVolumes", { serverId: "machine" }];
    const where = { appName: "api-x7", serverId: "machine" };
    assert.deepEqual(await endpoints("application", {}), [
      ["docker.getServiceContainersByAppName", where],
      volumes,
    ]);
    assert.deepEqual(await endpoints("compose", { composeType: "stack" }), [
      ["docker.getStackContainersByAppName", where],
      volumes,
    ]);
    for (const more of [{}, { composeType: "docker-compose" }])
      assert.deepEqual(await endpoints("compose", more), [
        ["docker.getContainersByAppNameMatch", { ...where, appType: "docker-compose" }],
        volumes,
      ]);
    assert.deepEqual((await look("redis", {}, nothing)).calls[1], ["dockerVolume.getVolumes", {}]);
  });

  it("are named with the command for each kind", async () => {
    const seen = { ...nothing, containers: [runs("one"), runs("two\u009b2J"), inState("old", "exited")] };
    const says = (command: string, names = "one, two\\x9b2J") =>
      `Its containers still run, and Dokploy no longer knows them: ${names}. Stop them on the server with \`${command}\`.`;
    const route =
      " If it had a domain, delete /etc/dokploy/traefik/dynamic/api-x7.yml there too: Traefik still sends it requests.";
    const noVolume =
      " Docker has no volume api-x7-data, where its data was, unless somebody had given it another one.";
    const source = { type: "git" };
    assert.equal(await left("application", {}, seen), says("docker service rm api-x7") + route);
    assert.equal(await left("postgres", {}, seen), says("docker service rm api-x7") + noVolume);
    assert.equal(
      await left("compose", { source, composeType: "stack" }, seen),
      says("docker stack rm api-x7"),
    );
    assert.equal(await left("compose", { source }, seen), says("docker compose -p api-x7 down"));
    const hidden = (list: string) =>
      `This key does not see whether its containers still run: \`${list}\` on the server shows it.`;
    const blind = { ...nothing, containers: undefined };
    assert.equal(await left("application", {}, blind), hidden("docker service ps api-x7") + route);
    assert.equal(await left("compose", { source }, blind), hidden("docker compose -p api-x7 ps"));
    for (const kind of ["application", "compose"] as const)
      assert.equal(await left(kind, { source }, nothing), "None of its containers runs.", kind);
  });

  it("have no control characters of its name inside Docker", async () => {
    const outputs = { appName: "a\u009b2J" };
    const source = raw("../files/up\u009b:/up", "data:/data");
    for (const [kind, more, seen] of [
      ["application", {}, { containers: undefined, volumes: undefined }],
      ["compose", { source }, { containers: [runs("a")], volumes: undefined }],
      ["compose", { source }, { containers: undefined, volumes: [ofDokploy] }],
      [
        "compose",
        { source },
        { containers: [], volumes: [volume("x\u009b", "com.docker.compose.project=a\u009b2J")] },
      ],
      ["postgres", {}, nothing],
    ] as const)
      assert.doesNotMatch(String(await left(kind, more, seen, outputs)), /\u009b/, kind);
  });

  it("are volumes that Docker has, lacks, or does not show", async () => {
    const blind = { ...nothing, volumes: undefined };
    const own = volume("api-x7-data");
    const stopped = "None of its containers runs.";
    const both = {
      ...nothing,
      volumes: [
        ofDokploy,
        volume("api-x7_data", "a=b,com.docker.compose.project=api-x7"),
        volume("api-x7_more", "com.docker.compose.project=api-x7"),
      ],
    };
    assert.equal(
      await left("postgres", {}, { ...nothing, volumes: [ofDokploy, own] }),
      `${stopped} Its data is still in the volume api-x7-data.`,
    );
    assert.equal(
      await left("compose", { source: raw("data:/data") }, both),
      `${stopped} Its data is still in the volumes api-x7_data, api-x7_more.`,
    );
    assert.equal(
      await left("postgres", {}, blind),
      `${stopped} It is not known whether its data is still in the volume api-x7-data.`,
    );
    assert.equal(
      await left("compose", { source: raw("data:/data") }, nothing),
      `${stopped} Docker has no volume api-x7_data, where its data was, unless somebody had given it another one.`,
    );
    // A volume that the program names is kept by nobody's replacement.
    const mounts = { data: { type: "volume", volumeName: "shared", mountPath: "/data" } };
    for (const seen of [nothing, blind, { ...nothing, volumes: [ofDokploy, volume("shared")] }])
      assert.deepEqual((await look("application", { mounts }, seen)).lost, { left: stopped });
  });

  it("are data that a new one lacks, to which the program has to agree by name for a database", async () => {
    const page =
      "https://github.com/pulumi-dokploy/pulumi-dokploy/blob/main/docs/operations/losses.md#the-data-of-a-lost-service";
    assert.deepEqual(await loss("postgres", { name: 'd"b\u009b' }, nothing), {
      agreement: { allowReplacementOf: 'd"b\u009b' },
      reason:
        `The update would create an empty one in its place. To get the data back: ${page}. To begin with an empty one, ` +
        'set allowReplacementOf: "d\\"b\\x9b" for that run.',
    });
    assert.deepEqual(await loss("compose", { source: raw("../files/up:/up") }, nothing), {
      agreement: { allowReplacement: true },
      reason:
        `The update would create one without that data in its place. To get the data back: ${page}. To begin without it, ` +
        "set allowReplacement: true for that run.",
    });
  });

  it("are no data where Docker has no volume, and where the whole file shows none", async () => {
    const blind = { ...nothing, volumes: undefined };
    // Docker that does not respond shows no volume at all.
    const silent = { ...nothing, volumes: [] };
    const its = { ...nothing, volumes: [volume("v", "com.docker.compose.project=api-x7")] };
    for (const [source, seen, isRefused] of [
      [raw("data:/data"), blind, true],
      [raw("data:/data"), silent, true],
      [raw("data:/data"), nothing, false],
      [raw(), blind, false],
      [raw(), its, true],
      [{ type: "git" }, blind, true],
      [{ type: "git" }, nothing, false],
      [{ type: "git", composeFile: file() }, blind, true],
      [{ type: "raw", composeFile: runtime.unknownValue }, blind, true],
      [undefined, blind, true],
    ] as const)
      assert.equal(
        (await loss("compose", { source }, seen)) !== undefined,
        isRefused,
        JSON.stringify([source, seen]),
      );
    assert.equal(await loss("application", {}, blind), undefined);
    assert.equal(
      await loss("application", { source: raw("../files/up:/up", "data:/data") }, blind),
      undefined,
    );
  });

  it("are files that only the server has", async () => {
    const source = raw("../files/up:/up", "../files/conf:/conf", "../files/more:/more");
    const mounts = {
      conf: { type: "file", filePath: "conf", mountPath: "/conf", content: "a" },
      odd: "not known",
    };
    assert.deepEqual(serviceFiles({ source, mounts }), ["../files/more", "../files/up"]);
    assert.equal(
      await left("compose", { source, mounts }, nothing),
      "None of its containers runs. Its files in ../files/more, ../files/up are still below " +
        "/etc/dokploy/compose/api-x7 on the server.",
    );
    const all = { source: raw("../files/conf:/conf"), mounts };
    assert.deepEqual((await look("compose", all, nothing)).lost, { left: "None of its containers runs." });
  });
});

describe("the volumes of a service", () => {
  it("are its own where a replacement begins with an empty one", () => {
    const mounts = {
      data: { type: "volume", volumeName: "shared" },
      file: { type: "file", volumeName: "not a volume" },
      later: { type: "volume", volumeName: runtime.unknownValue },
      odd: { type: "volume", volumeName: 1 },
      whole: runtime.unknownValue,
    };
    const shared = { name: "shared", isOwn: false };
    assert.deepEqual(serviceVolumes("application", { mounts }, "web-1"), [shared]);
    assert.deepEqual(serviceVolumes("mysql", { mounts }, "db-1"), [
      { name: "db-1-data", isOwn: true },
      shared,
    ]);
    assert.deepEqual(serviceVolumes("redis", {}, "db-1"), [{ name: "db-1-data", isOwn: true }]);
    assert.deepEqual(serviceVolumes("application", { mounts: undefined }, "web-1"), []);
    const composeFile =
      "services:\n  a:\n    image: a:1\n    volumes: [data:/d, named:/n, theirs:/t]\n" +
      "volumes:\n  data:\n  named:\n    name: by-name\n  theirs:\n    external: true\n";
    const own = (inputs: Values) =>
      serviceVolumes("compose", inputs, "jobs-1").flatMap(({ name, isOwn }) => (isOwn ? [name] : []));
    assert.deepEqual(own({ source: { type: "raw", composeFile } }), ["jobs-1_data"]);
    assert.deepEqual(own({ source: { type: "git", composeFile } }), []);
    assert.deepEqual(own({}), []);
  });
});
