import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { declareAttachedAsBefore, findDestinations } from "../../../../sdk/repository/attached";

/** Pulumi's own, which its types leave out: ends when all that is registered so far has been. */
const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };

describe("backups and schedules of services that a run leaves alone", () => {
  const component = "dokploy:index:DeploymentRepository";
  const urn = (kind: string, name: string, type = component) =>
    `urn:pulumi:test::shop::${type}$pulumi-nodejs:dynamic/dokploy:${kind}::${name}`;
  const backup = { schedule: "0 3 * * *", destinationId: "bucket", prefix: "/", composeId: null };

  /** The resources that are declared, by name, each with its inputs. */
  async function declared(state: Readonly<Record<string, object>>, services: readonly string[]) {
    const found: Record<string, Record<string, unknown>> = {};
    const outputs = Object.fromEntries(
      Object.entries(state).map(([at, values]) => [at, { outputs: values }]),
    );
    const mocks: pulumi.runtime.Mocks = {
      newResource({ name, type, inputs }) {
        if (type.includes("dokploy:")) found[name] = inputs;
        return { id: name, state: inputs };
      },
      call: () => ({ outputs }),
    };
    await pulumi.runtime.setMocks(mocks, "shop", "test", true, "acme");
    await pulumi.runtime.runInPulumiStack(async () => {
      const parent = new pulumi.ComponentResource("acme:index:Some", "shop");
      await declareAttachedAsBefore(component, services, parent);
      await waitForRPCs();
    });
    return found;
  }

  it("is declared as the state has it, of these services and of no others whose names begin alike", async () => {
    const found = await declared(
      {
        [urn("Backup", "api/nightly")]: backup,
        [urn("Schedule", "api/clean")]: { name: "clean", schedule: "0 4 * * *", command: "clean" },
        [urn("Backup", "api-2/nightly")]: backup,
        [urn("Backup", "apinightly")]: backup,
        [urn("Backup", "web/nightly")]: backup,
        [urn("Application", "api/x")]: { name: "x" },
        [urn("Backup", "api/elsewhere", "acme:index:Other")]: backup,
      },
      ["api"],
    );
    assert.deepEqual(Object.keys(found).sort(), ["api/clean", "api/nightly"]);
    const { schedule, destinationId, prefix } = found["api/nightly"] ?? {};
    assert.deepEqual(
      { schedule, destinationId, prefix },
      { schedule: "0 3 * * *", destinationId: "bucket", prefix: "/" },
    );
    assert.equal("composeId" in (found["api/nightly"] ?? {}), false, "null is not given");
  });
});

describe("destinations that services name", () => {
  it("are those of the program or of Dokploy, also by a name that every object has", async () => {
    const mocks: pulumi.runtime.Mocks = {
      newResource: ({ name, inputs }) => ({ id: name, state: inputs }),
      call: ({ inputs }) => ({ ...inputs, id: `of-dokploy-${inputs.name}` }),
    };
    await pulumi.runtime.setMocks(mocks, "shop", "test", false, "acme");
    const ids: string[] = [];
    await pulumi.runtime.runInPulumiStack(async () => {
      const parent = new pulumi.ComponentResource("acme:index:Some", "shop");
      const backups = ["main", "constructor"].map((destination) => ({ destination }));
      const service = { app: { attached: { backups }, placeOf: () => 0 }, source: { path: "a", text: "" } };
      const find = findDestinations([service as never], { main: "of-program" }, parent);
      for (const { destination } of backups)
        pulumi.output(find(destination)).apply((id) => ids.push(String(id)));
      await waitForRPCs();
    });
    assert.deepEqual(ids, ["of-program", "of-dokploy-constructor"]);
  });
});
