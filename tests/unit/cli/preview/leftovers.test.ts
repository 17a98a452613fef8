import * as assert from "node:assert/strict";
import { leftovers, projectsOfOthers, removeLeftover } from "../../../../cli/preview/leftovers";
import type { StackState, StateResource } from "../../../../cli/stack";
import { keyedHash } from "../../../../packages/values";
import { type Api, Companions } from "../../../../provider/dokploy";
import { Server } from "../server";

const named = (kind: string, name: string, inputs: Record<string, unknown> = { name }) => ({
  kind,
  name,
  inputs,
});
const known = (kind: string, name: string, id: string): StateResource => ({
  ...named(kind, name),
  id,
  outputs: {},
});

describe("what a killed run left", () => {
  const inProject = (services: object, schedules: readonly object[] = []) =>
    new Server({
      "project.all": [{ projectId: "p", name: "shop-pr-12" }],
      "environment.byProjectId": [{ environmentId: "e", name: "production", ...services }],
      "schedule.list": schedules,
    });
  const project = known("Project", "shop", "p");
  const begunAt = Date.parse("2026-11-28T12:00:00.000Z");
  const found = async (state: Omit<StackState, "begunAt">, server: Server) =>
    (await leftovers({ begunAt, ...state }, server.api)).map(({ kind, name, id }) => `${kind} ${name} ${id}`);

  it("is a service of the project with the kind and the name of the interrupted creation", async () => {
    const server = inProject({
      applications: [
        { applicationId: "a1", name: "web" },
        { applicationId: "a2", name: "api" },
      ],
      compose: [{ composeId: "c1", name: "web" }],
    });
    const creating = [named("Application", "shop/web", { name: "web" })];
    assert.deepEqual(await found({ resources: [project], creating }, server), ["Application shop/web a1"]);
  });

  it("is nothing that the state has, and none of several with one name", async () => {
    const applications = [
      { applicationId: "a1", name: "web" },
      { applicationId: "a2", name: "api" },
      { applicationId: "a3", name: "api" },
    ];
    const creating = [named("Application", "web"), named("Application", "api")];
    const resources = [project, known("Application", "web", "a1")];
    assert.deepEqual(await found({ resources, creating }, inProject({ applications })), []);
  });

  it("is a schedule of a service that exists", async () => {
    const services = { compose: [{ composeId: "c1", name: "jobs" }] };
    const schedules = [
      { scheduleId: "s1", name: "other" },
      { scheduleId: "s2", name: "seed" },
    ];
    const server = inProject(services, schedules);
    const seedOf = (composeId: string) => [named("Schedule", "jobs/seed", { name: "seed", composeId })];
    const resources = [project, known("Compose", "jobs", "c1")];
    assert.deepEqual(await found({ resources, creating: seedOf("c1") }, server), ["Schedule jobs/seed s2"]);
    assert.deepEqual(server.inputs("schedule.list"), [{ id: "c1", scheduleType: "compose" }]);
    assert.deepEqual(await found({ resources, creating: seedOf("gone") }, server), []);
    const all = [...resources, known("Schedule", "jobs/seed", "s2")];
    assert.deepEqual(await found({ resources: all, creating: seedOf("c1") }, server), []);
  });

  it("is the one project with its name, unless that is older than the stack", async () => {
    const state = { resources: [], creating: [named("Project", "shop", { name: "shop-pr-12" })] };
    const young = "2026-11-28T12:00:00.000Z";
    const among = async (names: readonly string[], createdAt = young, begun: object = {}) => {
      const rows = names.map((name, at) => ({ projectId: `p${at}`, name, createdAt }));
      const server = new Server({ "project.all": rows });
      const others = await projectsOfOthers({ begunAt, ...state, ...begun }, server.api);
      return [await found({ ...state, ...begun }, server), others.map(({ id }) => id)];
    };
    const own = ["other", "shop-pr-12"];
    assert.deepEqual(await among(own), [["Project shop p1"], []]);
    assert.deepEqual(await among(own, "2026-11-28T11:59:59.999Z"), [[], ["p1"]]);
    assert.deepEqual(await among(own, "once"), [[], ["p1"]]);
    assert.deepEqual(await among(own, young, { begunAt: undefined }), [[], ["p1"]]);
    assert.deepEqual(await among(["shop-pr-12", "shop-pr-12"]), [[], ["p0", "p1"]]);
    assert.deepEqual(await among(["other"]), [[], []]);
    assert.deepEqual(await among(own, young, { resources: [known("Project", "shop", "p9")] }), [[], []]);
    assert.deepEqual(await among(own, young, { creating: [named("Application", "web")] }), [[], []]);
  });

  it("is gone with its project", async () => {
    const creating = [named("Application", "web")];
    const resources = [known("Project", "shop", "gone")];
    const server = inProject({ applications: [{ applicationId: "a1", name: "web" }] });
    assert.deepEqual(await found({ resources, creating }, server), []);
  });

  it("is not looked for where no creation was interrupted", async () => {
    const server = inProject({});
    assert.deepEqual(await found({ resources: [project], creating: [] }, server), []);
    assert.deepEqual(server.calls, []);
  });
});

describe("the removal of what a killed run left", () => {
  const removed = async (kind: string, environments: readonly object[] = [], deleteVolumes = true) => {
    const server = new Server({
      "environment.byProjectId": environments,
      "application.one": { applicationId: "x", environmentId: "e" },
      "environment.one": { environmentId: "e", applications },
    });
    await removeLeftover({ kind, name: "web", id: "x" }, deleteVolumes, { ...server.api, ...key });
    return server.calls.filter(([endpoint]) => !/\.(?:one|byProjectId)$/.test(endpoint));
  };
  const key: Pick<Api, "sign"> = { sign: (...given) => keyedHash("key", ...given) };
  let applications: object[] = [];
  beforeEach(() => {
    applications = [];
  });

  it("deletes what runs the release command of a service before the service, since it uses the same volumes", async () => {
    const ours = new Companions(key);
    const others = new Companions({ sign: (...given) => keyedHash("another key", ...given) });
    applications = [
      { applicationId: "x", description: null },
      { applicationId: "r1", description: ours.text("x", "r1") },
      { applicationId: "r2", description: ours.text("other", "r2") },
      { applicationId: "r3", description: others.text("x", "r3") },
    ];
    assert.deepEqual(await removed("Application"), [
      ["application.delete", { applicationId: "r1" }],
      ["application.delete", { applicationId: "x" }],
    ]);
  });

  it("deletes a service, and a compose service with its volumes, unless the rules keep them", async () => {
    assert.deepEqual(await removed("Application"), [["application.delete", { applicationId: "x" }]]);
    assert.deepEqual(await removed("Postgres"), [["postgres.remove", { postgresId: "x" }]]);
    for (const deleteVolumes of [true, false])
      assert.deepEqual(await removed("Compose", [], deleteVolumes), [
        ["compose.delete", { composeId: "x", deleteVolumes }],
      ]);
  });

  it("deletes a project only without services", async () => {
    assert.deepEqual(await removed("Project", [{ environmentId: "e", applications: [] }]), [
      ["project.remove", { projectId: "x" }],
    ]);
    await assert.rejects(
      removed("Project", [{ environmentId: "e", applications: [{ applicationId: "a", name: "web" }] }]),
      /^UserError: The project x of the preview has services that no run created: web\. Move or delete them first\.$/,
    );
  });

  it("leaves a schedule to its service", async () => {
    assert.deepEqual(await removed("Schedule"), []);
  });
});
