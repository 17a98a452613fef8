import * as assert from "node:assert/strict";
import { makeProject, type Server, startServer, withProvider } from "./server";

type Values = Record<string, unknown>;

describe("the folder that is sent to the build of a Dockerfile", () => {
  let server: Server;
  afterEach(() => server.close());

  const git = { type: "git", url: "https://git.example/acme/api.git", branch: "main" };
  /** What plans say of a new application, and then of one that gets another variable. */
  async function warnings(version: string, source: Values, build: Values | undefined): Promise<string[]> {
    server = await startServer({ version });
    const { environmentId } = await makeProject(server);
    const inputs = withProvider({
      ...{ environmentId, name: "api", source, deploy: false },
      ...(build ? { build } : {}),
    });
    const { Application } = server;
    assert.deepEqual((await Application.check({}, inputs)).failures, []);
    const first = server.warnings.splice(0);
    const { id, outs } = await Application.create(inputs);
    server.newRun();
    server.warnings.length = 0;
    assert.deepEqual((await server.Application.check(outs, inputs)).failures, []);
    assert.deepEqual([server.warnings, server.calls()], [[], []]);
    const news = { ...inputs, env: { LEVEL: "debug" } };
    await server.Application.check(outs, news);
    await server.Application.diff(id, outs, news);
    assert.deepEqual(server.warnings, first);
    return first;
  }

  const inFolder = { type: "dockerfile", dockerfile: "apps/api/Dockerfile" };
  for (const version of ["v0.30.5", "v0.30.6", "v0.30.7"]) {
    it(`is requested if the Dockerfile is in a folder, on ${version}, with both values`, async () => {
      const reported = await warnings(version, git, inFolder);
      assert.equal(reported.length, 1, reported.join("\n"));
      assert.match(
        reported[0] ?? "",
        /^Application "api": build\.contextPath is not given\. .*in 0\.30\.5 it is the root of the repository, in all others the folder of the Dockerfile\. Give "apps\/api", or "\." for the root, so that the image stays the same\.$/,
      );
    });
  }

  it("is requested if the build path is a subfolder", async () => {
    const reported = await warnings("v0.30.7", { ...git, buildPath: "/apps/api" }, { type: "dockerfile" });
    assert.match(reported.join(), /Give "apps\/api"/);
  });

  for (const [what, version, source, build] of [
    ["before 0.30.5", "v0.30.2", git, inFolder],
    ["where it is given", "v0.30.7", git, { ...inFolder, contextPath: "apps/api" }],
    ["where the Dockerfile lies in the root", "v0.30.7", git, { type: "dockerfile" }],
    ["of another build", "v0.30.7", git, undefined],
    ["of an image", "v0.30.7", { type: "docker", image: "acme/api:1" }, undefined],
  ] as const) {
    it(`is not requested ${what}`, async () => {
      assert.deepEqual(await warnings(version, source, build), []);
    });
  }
});
