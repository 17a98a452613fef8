import { startEmulator } from "../../emulator";
import { VERSIONS } from "../../provider/dokploy/generated/facts";
import { Dokploy } from "./http";
import { newProject, removeProject } from "./projects";
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
    target = await newProject(server, `conformance ${Date.now()}`);
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
