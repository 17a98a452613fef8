import * as assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { programFiles } from "../../cli/server/export/program";
import { adopt, evaluated, expected, read } from "./exported";
import { makeProject, type Server, startServer } from "./server";

const folder = process.env["DOKPLOY_TEMPLATES"];
const types: Readonly<Record<string, string>> = {
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
};

/** Templates of a checkout of Dokploy/templates: their compose files, and their logos as Dokploy stores them. */
function templatesIn(checkout: string): { id: string; composeFile: string; icon: string | null }[] {
  const blueprints = join(checkout, "blueprints");
  return readdirSync(blueprints).flatMap((id) => {
    const file = join(blueprints, id, "docker-compose.yml");
    if (!existsSync(file)) return [];
    const logo = readdirSync(join(blueprints, id)).find((name) => extname(name) in types);
    const bytes = logo === undefined ? undefined : readFileSync(join(blueprints, id, logo));
    const icon = bytes && `data:${types[extname(logo ?? "")]};base64,${bytes.toString("base64")}`;
    return [{ id, composeFile: readFileSync(file, "utf8"), icon: icon ?? null }];
  });
}

describe("the export of the templates of Dokploy", function () {
  this.timeout(600_000);
  let server: Server;
  before(async function () {
    if (folder === undefined) {
      console.log("      set DOKPLOY_TEMPLATES to a checkout of Dokploy/templates to export them");
      this.skip();
    }
    server = await startServer();
    const { environmentId } = await makeProject(server);
    for (const { id: name, composeFile, icon } of templatesIn(folder ?? "")) {
      const made = { name, environmentId, sourceType: "raw", composeFile };
      const { composeId } = await server.byHand<{ composeId: string }>("compose.create", made);
      if (icon !== null && icon.length < 700_000) await server.byHand("compose.update", { composeId, icon });
    }
    server.newRun();
  });
  after(() => server?.close());

  it("has each as it is: its compose file without secrets, which is adopted without a change", async () => {
    const plan = await read(server);
    const services = plan.items.filter(({ kind }) => kind === "Compose");
    assert.deepEqual(plan.skipped, []);
    const path = ["source", "composeFile"];
    const whole = services.filter((item) => plan.secrets.nameOf(item, path) !== undefined);
    assert.deepEqual(
      whole.map(({ inputs }) => inputs["name"]),
      [],
    );
    const variable = /^\$*\{?\w+\}?$/;
    for (const item of services)
      for (const name of plan.secrets.placesIn(item, path)?.places.values() ?? []) {
        const value = plan.secrets.values.get(name) ?? "";
        assert.ok(!value.startsWith("$") || !variable.test(value), `${name} is a variable`);
      }
    const resources = evaluated(programFiles(plan, "config"), plan);
    assert.deepEqual(resources, expected(plan));
    await adopt(server, plan);
  });
});
