import * as assert from "node:assert/strict";
import { all, isRead } from "./kinds";
import { makeService } from "./parents";
import { makeProject, type Server, startServer } from "./server";

/** As Dokploy makes ids; there is nothing of this one. */
const NOTHING = "NothingHasThisIdAtAll";

describe("the ids of an import", () => {
  let server: Server;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());

  const kinds = all.map(({ kind }) => kind).filter((kind) => kind !== "Detour");
  const refused = ["ApiKey", "Deployment", "GeneratedSecret"];
  const refusal = async (kind: string, id: string) =>
    await server
      .of(kind)
      .import(id)
      .then(
        ({ id: found }) => assert.fail(`${kind} ${id} is ${found}`),
        (error: Error) => error.message,
      );

  it("name an object of every kind but those that cannot be imported, which say what to do", async () => {
    const without = all.filter(({ list }) => list === undefined).map(({ kind }) => kind);
    assert.deepEqual(without, refused);
    assert.match(
      await refusal("ApiKey", NOTHING),
      /^The ApiKey is not imported: Dokploy shows .* only once.*delete the old one in Dokploy/,
    );
    assert.match(
      await refusal("Deployment", `application/${NOTHING}`),
      /^The Deployment is not imported: a deployment is an action.*the next update deploys/,
    );
    assert.deepEqual(server.calls(), []);
  });

  it("of nothing find nothing, and only read", async () => {
    for (const kind of kinds.filter((kind) => !refused.includes(kind))) {
      if (kind === "WebServerSettings") continue;
      const id =
        kind === "EnvironmentBlock"
          ? `application/${NOTHING}`
          : kind === "TraefikFile"
            ? "dynamic/none.yml"
            : NOTHING;
      assert.deepEqual(await server.of(kind).import(id), { id: "" }, kind);
    }
    assert.deepEqual(
      server.calls().filter((call) => !isRead(call)),
      [],
    );
  });

  it("in another form are refused, and the form is said", async () => {
    for (const kind of kinds.filter((kind) => !refused.includes(kind))) {
      if (["Member", "TraefikFile"].includes(kind)) continue;
      const said = await refusal(kind, "web");
      if (kind === "EnvironmentBlock")
        assert.match(
          said,
          /its id is the kind and the id of its target, such as application\/\w+; the kinds are application, .*project/,
        );
      else if (kind === "WebServerSettings") assert.match(said, /must be "web-server"/);
      else assert.match(said, new RegExp(`^The ${kind} is not imported: its id is not an id of Dokploy`));
    }
    for (const id of ["application", "application/web", `redirect/${NOTHING}`, `application/${NOTHING}/more`])
      assert.match(await refusal("EnvironmentBlock", id), /is not imported: its id is the kind and the id/);
  });

  it("that are names are refused with the id", async () => {
    const { environmentId, projectId } = await makeProject(server, "shop");
    const applicationId = await makeService(server, "application", environmentId);
    assert.match(
      await refusal("Application", "web"),
      new RegExp(`that is the name of an application; give its id ${applicationId}`),
    );
    assert.match(
      await refusal("Project", "shop"),
      new RegExp(`that is the name of a project; give its id ${projectId}`),
    );
  });
});
