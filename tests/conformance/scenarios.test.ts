import { startEmulator } from "../../emulator";
import { databases } from "../../emulator/instance/databases";
import { VERSIONS } from "../../provider/dokploy/generated/facts";
import { Dokploy } from "./http";
import { scenarios, type Target } from "./scenarios";
import { simpleScenarios } from "./simple-objects";
import { wholeLives } from "./whole-lives";

for (const version of VERSIONS) {
  describe(`conformance: the emulator as Dokploy ${version}`, function () {
    this.timeout(30_000);
    runScenarios(
      async () => {
        const emulator = await startEmulator({ buildMs: 1, version: `v${version}` });
        return { server: new Dokploy(emulator.url, emulator.apiKey), stop: () => emulator.close() };
      },
      { isReal: false },
    );
  });
}

describe("conformance: the server at DOKPLOY_URL", function () {
  this.timeout(600_000);
  const { DOKPLOY_URL: url, DOKPLOY_API_KEY: apiKey } = process.env;
  if (!url || !apiKey) {
    it("runs when DOKPLOY_URL and DOKPLOY_API_KEY name a test server");
    return;
  }
  runScenarios(
    async () => ({
      server: new Dokploy(url.replace(/(\/api)?\/*$/, ""), apiKey),
      stop: async () => {},
    }),
    { isReal: true },
  );
});

function runScenarios(
  start: () => Promise<{ server: Dokploy; stop: () => Promise<void> }>,
  { isReal }: { readonly isReal: boolean },
): void {
  let target: Target;
  let stop = async () => {};

  before(async () => {
    const { server, stop: stopServer } = await start();
    stop = stopServer;
    const { body } = await server.post("project.create", { name: `conformance ${Date.now()}` });
    const { project, environment } = body as {
      project: { projectId: string };
      environment: { environmentId: string };
    };
    target = { server, projectId: project.projectId, environmentId: environment.environmentId };
  });

  after(async () => {
    if (target) await removeProject(target);
    await stop();
  });

  for (const { name, pulls, reaches, run } of [...scenarios, ...simpleScenarios, ...wholeLives]) {
    if (isReal && reaches !== undefined) it(`${name} (needs ${reaches})`);
    else it(pulls ? `${name} (pulls an image)` : name, () => run(target));
  }
}

/** Deletes the services first: removing a project alone would leave them running. */
async function removeProject({ server, projectId }: Target): Promise<void> {
  const { body } = await server.get("project.one", { projectId });
  const { environments } = body as {
    environments: ({ applications: { applicationId: string }[]; compose: { composeId: string }[] } & Record<
      string,
      unknown
    >)[];
  };
  for (const { applications, compose, ...others } of environments) {
    for (const { name, id } of databases) {
      const rows = (others[name] ?? []) as Record<string, string>[];
      for (const row of rows) await server.post(`${name}.remove`, { [id]: row[id] });
    }
    for (const { applicationId } of applications) await server.post("application.delete", { applicationId });
    for (const { composeId } of compose)
      await server.post("compose.delete", { composeId, deleteVolumes: true });
  }
  await server.post("project.remove", { projectId });
}
