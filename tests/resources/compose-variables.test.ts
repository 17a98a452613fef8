import * as assert from "node:assert/strict";
import { runtime } from "@pulumi/pulumi";
import type { Problem } from "../../provider/errors/problem";
import { makeProject, plain, type Server, startServer, withProvider } from "./server";

type Values = Record<string, unknown>;

const image = "localhost:5000/cache:1";
const byFile = `services:\n  f:\n    image: ${image}\n    env_file: .env\n`;
const byName = `services:\n  i:\n    image: ${image}\n    environment:\n      - K=\${K}\n`;
/** Values that something on the way takes for its own. */
const hard: Readonly<Record<string, string>> = {
  A: "Hello {{name}} and {{.Service.Name}}",
  B: "-----BEGIN KEY-----\nMIIB+/=\n-----END KEY-----\n",
  C: "it's!",
  D: "~/data",
  E: "${A} $A $$ ${A:-x} cost $5",
  F: "a #b",
  G: `"quoted" and \\d \\\\ end`,
  H: "${{ secrets.X }}",
};

describe("variables of compose services, by the server's version", () => {
  for (const version of ["v0.28.7", "v0.29.14", "v0.30.2", "v0.30.7"]) {
    describe(version, () => {
      let server: Server;
      let environmentId: string;
      let count = 0;
      before(async () => {
        server = await startServer({ version });
        ({ environmentId } = await makeProject(server));
      });
      after(() => server.close());
      beforeEach(() => server.newRun());
      const inputs = (composeFile: string, more: Values = {}) => {
        count += 1;
        return withProvider({
          environmentId,
          name: `cache ${count}`,
          source: { type: "raw", composeFile },
          checks: { "missing-healthcheck": "off" },
          ...more,
        });
      };

      for (const composeType of ["docker-compose", "stack"] as const) {
        const { H, ...others } = hard;
        // In a compose service that is no reference.
        const values = composeType === "stack" ? { ...others, H } : others;

        it(`a ${composeType} passes each value unchanged through env_file, and reads it back`, async () => {
          const news = inputs(byFile, { composeType, env: values });
          assert.deepEqual((await server.Compose.check({}, news)).failures, []);
          const { id, outs } = await server.Compose.create(news);
          const seen = server.emulator.containerEnv(id, "f") ?? {};
          for (const [key, value] of Object.entries(values)) assert.equal(seen[key], value, key);
          assert.deepEqual((await server.Compose.read(id, outs)).inputs, news);
        });

        it(`a ${composeType} passes each value unchanged through interpolation`, async () => {
          for (const [key, value] of Object.entries(values)) {
            const { id } = await server.Compose.create(inputs(byName, { composeType, env: { K: value } }));
            assert.equal(server.emulator.containerEnv(id, "i")?.["K"], value, key);
          }
        });

        it(`a block on a ${composeType} writes in its dialect`, async () => {
          const made = await server.Compose.create(inputs(byFile, { composeType, deploy: false }));
          const target = { composeId: made.id };
          for (const mode of ["additive", "exclusive"] as const) {
            const block = withProvider({ target, mode, env: values });
            assert.deepEqual((await server.EnvironmentBlock.check({}, block)).failures, []);
            const { id, outs } = await server.EnvironmentBlock.create(block);
            const seen = server.emulator.containerEnv(made.id, "f") ?? {};
            for (const [key, value] of Object.entries(values)) assert.equal(seen[key], value, key);
            assert.deepEqual((await server.EnvironmentBlock.read(id, outs)).inputs, block);
          }
        });
      }

      it("an update of a stack writes as a stack, and a container without the new value is reported", async () => {
        const news = inputs(byName, { composeType: "stack", env: { K: "1" } });
        const { id, outs } = await server.Compose.create(news);
        const changed = { ...news, env: { K: "{{two}}" } };
        const updated = await server.Compose.update(id, outs, changed);
        assert.equal(server.emulator.containerEnv(id, "i")?.["K"], "{{two}}");
        server.emulator.setContainers(id, { kind: "rolled-back" });
        await assert.rejects(
          server.Compose.update(id, updated.outs, { ...news, env: { K: "three" } }),
          (error: Error) =>
            /does not have the new value of i\/K/.test(error.message) && !/three/.test(error.message),
        );
      });

      it("refuses PATH in a stack before anything is created, and in a block on one", async () => {
        const news = inputs(byName, { composeType: "stack", env: { PATH: "/x" } });
        const { failures } = await server.Compose.check({}, news);
        assert.match(reported(failures), /env\.PATH: makes the deployment of a stack fail/);
        await assert.rejects(server.Compose.create(news), /PATH makes the deployment of a stack fail/);
        assert.ok(!server.calls().includes("compose.create"));

        const made = await server.Compose.create(inputs(byName, { composeType: "stack", deploy: false }));
        const block = withProvider({ target: { composeId: made.id }, env: { PATH: "/x", K: "1" } });
        assert.match(
          reported((await server.EnvironmentBlock.check({}, block)).failures),
          /env\.PATH: makes the deployment of a stack fail/,
        );
        await assert.rejects(
          server.EnvironmentBlock.create(block),
          /PATH makes the deployment of a stack fail/,
        );
      });

      it("warns of PATH in a compose service, and of a stack's volumes", async () => {
        server.warnings.length = 0;
        await server.Compose.check({}, inputs(byName, { env: { PATH: "/x", K: "1" } }));
        assert.match(server.warnings.join("\n"), /env\.PATH reaches a container only through env_file/);
        await server.Compose.check({}, inputs(byName, { deleteVolumes: true }));
        await server.Compose.check({}, inputs(byName, { composeType: "stack" }));
        assert.doesNotMatch(server.warnings.join("\n"), /deleteVolumes/);
        await server.Compose.check({}, inputs(byName, { composeType: "stack", deleteVolumes: true }));
        assert.match(server.warnings.join("\n"), /deleteVolumes does nothing for a stack/);
        assert.equal(server.codes.at(-1), "data");
      });

      it("finds APP_NAME in a compose service, and not in a stack", async () => {
        const env = { K: "${{APP_NAME}}" };
        const { id, outs } = await server.Compose.create(inputs(byName, { env }));
        assert.equal(server.emulator.containerEnv(id, "i")?.["K"], outs["appName"]);
        const { failures } = await server.Compose.check({}, inputs(byName, { composeType: "stack", env }));
        assert.match(reported(failures), /env\.K: refers to APP_NAME, which does not exist here/);
        const made = await server.Compose.create(inputs(byName, { composeType: "stack", deploy: false }));
        const block = withProvider({ target: { composeId: made.id }, env });
        assert.match(
          reported((await server.EnvironmentBlock.check({}, block)).failures),
          /env\.K: refers to APP_NAME, which does not exist here/,
        );
      });

      it("only warns of a reference that a stack does not have where the setting says so", async () => {
        const made = await server.Compose.create(inputs(byName, { composeType: "stack", deploy: false }));
        count -= 1;
        const news = inputs(byName, { import: made.id, deploy: false, env: { K: "${{APP_NAME}}" } });
        server.newRun();
        const { failures } = await server.Compose.check({}, news);
        assert.match(reported(failures), /env\.K: refers to APP_NAME, which does not exist here/);
        server.newRun({ references: "warn" });
        server.warnings.length = 0;
        assert.deepEqual((await server.Compose.check({}, news)).failures, []);
        assert.match(server.warnings.join("\n"), /env\.K refers to APP_NAME, which does not exist here/);
      });

      it("leaves values that only one type refuses to the plan with a known type", async () => {
        const news = inputs(byName, {
          composeType: runtime.unknownValue,
          env: { PATH: "/x", H: "${{ secrets.X }}" },
        });
        assert.deepEqual((await server.Compose.check({}, news)).failures, []);
      });

      it("recognises an adopted stack, although the program does not say so", async () => {
        const made = await server.Compose.create(inputs(byFile, { composeType: "stack", deploy: false }));
        count -= 1;
        const news = inputs(byFile, { import: made.id, env: { A: "{{x}}", H: "${{ secrets.X }}" } });
        assert.deepEqual((await server.Compose.check({}, news)).failures, []);
        await server.Compose.create(news);
        assert.equal(server.emulator.containerEnv(made.id, "f")?.["A"], "{{x}}");
        assert.equal(server.emulator.containerEnv(made.id, "f")?.["H"], "${{ secrets.X }}");
      });
    });
  }

  it("a refresh reports if an update of the server changed what a value means", async () => {
    const server = await startServer({ version: "v0.30.7" });
    try {
      const { environmentId } = await makeProject(server);
      const news = withProvider({
        environmentId,
        name: "cache",
        source: { type: "raw", composeFile: byName },
        env: { K: "${A}", A: "1" },
      });
      const { id, outs } = await server.Compose.create(news);
      // As an older one had it.
      await server.byHand("compose.update", { composeId: id, env: "K=${A}\nA=1" });
      server.newRun();
      const read = await server.Compose.read(id, outs);
      assert.notDeepEqual(read.inputs?.["env"], news["env"]);
      const { outs: updated } = await server.Compose.update(id, plain(read.props ?? {}), news);
      assert.equal(server.emulator.containerEnv(id, "i")?.["K"], "${A}");
      assert.deepEqual((await server.Compose.read(id, updated)).inputs, news);
    } finally {
      await server.close();
    }
  });

  it("reports shared variables that this server would change", async () => {
    const server = await startServer({ version: "v0.30.7" });
    try {
      const { environmentId, projectId } = await makeProject(server);
      await server.byHand("project.update", { projectId, env: "P=${HOME}" });
      const news = withProvider({
        environmentId,
        name: "cache",
        source: { type: "raw", composeFile: byName },
        env: { K: "x${{project.P}}" },
      });
      assert.match(
        reported((await server.Compose.check({}, news)).failures),
        /env\.K: contains \$\{…\} once its references are resolved/,
      );
    } finally {
      await server.close();
    }
  });

  it("refuses env_file of a stack if the server puts quotes into it", async () => {
    const server = await startServer({ version: "v0.30.1" });
    try {
      const { environmentId } = await makeProject(server);
      const of = (composeFile: string) =>
        withProvider({
          environmentId,
          name: "cache",
          composeType: "stack",
          source: { type: "raw", composeFile },
          env: { K: "1" },
        });
      assert.match(
        reported((await server.Compose.check({}, of(byFile))).failures),
        /env: reaches the containers of a stack in quotes/,
      );
      assert.deepEqual((await server.Compose.check({}, of(byName))).failures, []);
    } finally {
      await server.close();
    }
  });
});

describe("build secrets at preview", () => {
  it("are refused if the shell of the build would change or refuse them, and warn if they are empty", async () => {
    const server = await startServer();
    try {
      const { environmentId } = await makeProject(server);
      const news = withProvider({
        environmentId,
        name: "api",
        source: { type: "docker", image },
        buildSecrets: { HOME_OF: "~/x", "1ABC": "x", EMPTY: "", FINE: "a ~ b" },
      });
      const { failures } = await server.Application.check({}, news);
      assert.deepEqual(failures.map(({ property }) => property).sort(), [
        "buildSecrets.1ABC",
        "buildSecrets.HOME_OF",
      ]);
      assert.match(server.warnings.join("\n"), /buildSecrets\.EMPTY is empty/);
    } finally {
      await server.close();
    }
  });
});

function reported(failures: readonly Problem[]): string {
  return failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n");
}
