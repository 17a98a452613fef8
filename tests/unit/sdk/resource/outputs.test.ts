import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { allDefinitions } from "../../../../provider/resources";
import * as sdk from "../../../../sdk";
import { inputNames } from "../../../../sdk/run";
import { databaseData } from "../../../resources/database-data";
import { simpleData } from "../../../resources/simple-data";

type Kind = keyof typeof inputNames;

/** The inputs of one of each, with which it is made. */
const known = {
  Project: { name: "shop" },
  Environment: { projectId: "p1", name: "staging" },
  Application: {
    environmentId: "e1",
    name: "api",
    source: { type: "docker", image: "acme/api:1" },
    replicas: 2,
  },
  Compose: { environmentId: "e1", name: "cache", source: { type: "raw", composeFile: "services: {}" } },
  EnvironmentBlock: { target: { applicationId: "a1" }, env: { A: "a" } },
  ApiKey: { name: "ci", triggers: { quarter: "1" } },
  Member: { email: "ana@acme.example", may: { createServices: true } },
  TraefikFile: { path: "dynamic/headers.yml", content: "http: {}\n" },
  WebServerSettings: { host: "dokploy.example.com", https: true },
  Deployment: { target: { composeId: "c1" }, triggers: { commit: "c0ffee" } },
};
const given: Readonly<Record<string, object>> = { ...known, ...simpleInputs(), ...databaseInputs() };

/** Without passwords, those that were made for it are the outputs. */
function databaseInputs(): Record<string, object> {
  return Object.fromEntries(
    Object.entries(databaseData).map(([kind, { inputs, hasRoot }]) => [
      kind,
      {
        environmentId: "e1",
        name: "orders",
        ...inputs,
        password: "given",
        ...(hasRoot ? { rootPassword: "given" } : {}),
      },
    ]),
  );
}

function simpleInputs(): Record<string, object> {
  return Object.fromEntries(
    Object.entries(simpleData).map(([kind, { inputs, parent, made = {} }]) => [
      kind,
      {
        ...inputs,
        ...Object.fromEntries(Object.keys(made).map((input) => [input, "o1"])),
        ...(parent ? { [`${parent}Id`]: "p1" } : {}),
      },
    ]),
  );
}

/** What the engine answers when nothing is added to the inputs. */
const mocks: pulumi.runtime.Mocks = {
  newResource: ({ name, inputs }) => ({ id: `${name}_id`, state: inputs }),
  call: ({ inputs }) => inputs,
};

/** The values of a resource's outputs by name, as a preview or an update has them. */
async function outputsOf(kind: Kind, isPreview: boolean): Promise<Record<string, unknown>> {
  await pulumi.runtime.setMocks(mocks, "shop", "test", isPreview);
  const values: Record<string, unknown> = {};
  await pulumi.runtime.runInPulumiStack(async () => {
    // biome-ignore lint/performance/noDynamicNamespaceImportAccess: a class of each kind, whatever they are
    const Class = sdk[kind] as unknown as new (name: string, args: object) => Record<string, unknown>;
    const resource = new Class("one", given[kind] ?? {});
    for (const name of inputsOf(kind)) {
      const output = resource[name];
      assert.ok(pulumi.Output.isInstance(output), `${kind} has no output ${name}`);
      const { isKnown, promise } = output as unknown as { isKnown: Promise<boolean>; promise(): unknown };
      values[name] = (await isKnown) ? await promise() : "unknown";
    }
  });
  return values;
}

function inputsOf(kind: Kind): string[] {
  const { required, optional } = inputNames[kind];
  return [...required, ...optional];
}

describe("every input of a resource", () => {
  it("has the name of the definitions", () => {
    const defined = allDefinitions().map(({ kind, schema }) => {
      const names = Object.keys(schema.shape).filter((name) => name !== "import");
      return [kind, names.sort()] as const;
    });
    const named = (Object.keys(inputNames) as Kind[]).map((kind) => [kind, inputsOf(kind).sort()] as const);
    assert.deepEqual(Object.fromEntries(named), Object.fromEntries(defined));
  });

  for (const kind of Object.keys(inputNames) as Kind[]) {
    for (const [when, isPreview] of Object.entries({ "a preview": true, "an update": false })) {
      it(`is an output of ${kind} in ${when}: as it is given, and known to be undefined if it is not`, async () => {
        const nothing = Object.fromEntries(inputsOf(kind).map((name) => [name, undefined]));
        assert.deepEqual(await outputsOf(kind, isPreview), { ...nothing, ...given[kind] });
      });
    }
  }

  it("is the value of the state if the program gives none and ignores its changes", async () => {
    const kept: pulumi.runtime.Mocks = {
      ...mocks,
      newResource: ({ name, inputs }) => ({ id: `${name}_id`, state: { ...inputs, replicas: 3 } }),
    };
    const { replicas: _, ...without } = known.Application;
    for (const args of [known.Application, without]) {
      await pulumi.runtime.setMocks(kept, "shop", "test", true);
      await pulumi.runtime.runInPulumiStack(async () => {
        const options = { ignoreChanges: ["replicas"] };
        const { replicas, command } = new sdk.Application(
          `with ${Object.keys(args).length}`,
          args as never,
          options,
        );
        const { promise } = replicas as unknown as { promise(): Promise<number> };
        assert.equal(await promise(), 3);
        const { isKnown } = command as unknown as { isKnown: Promise<boolean> };
        assert.equal(await isKnown, true);
      });
    }
  });
});

describe("outputs of a resource that are not inputs", () => {
  /** What the engine answers where `--target` leaves the making of a resource out, to an SDK that cannot be told of it. */
  const leftOut: pulumi.runtime.Mocks = {
    ...mocks,
    newResource: ({ inputs }) => ({ id: "", state: inputs }),
  };

  /** The outputs of a resource by name, those of Pulumi's own aside, and which of them are known. */
  async function known(
    kind: Kind,
    args: object,
    answers: pulumi.runtime.Mocks,
  ): Promise<[string, boolean][]> {
    await pulumi.runtime.setMocks(answers, "shop", "test", false);
    const found: [string, boolean][] = [];
    await pulumi.runtime.runInPulumiStack(async () => {
      // biome-ignore lint/performance/noDynamicNamespaceImportAccess: a class of each kind, whatever they are
      const Class = sdk[kind] as unknown as new (name: string, args: object) => Record<string, unknown>;
      const resource = new Class("one", args);
      for (const name of Object.getOwnPropertyNames(resource)) {
        const output = resource[name];
        if (name === "urn" || name.startsWith("__") || name in args || !pulumi.Output.isInstance(output))
          continue;
        if (inputsOf(kind).includes(name) && !(kind in databaseData && /password$/i.test(name))) continue;
        found.push([name, await (output as unknown as { isKnown: Promise<boolean> }).isKnown]);
      }
    });
    return found;
  }

  for (const kind of Object.keys(inputNames) as Kind[]) {
    const { password: _, rootPassword: __, ...args } = (given[kind] ?? {}) as Record<string, unknown>;
    const isDatabase = kind in databaseData;

    it(`is unknown in an update without the creation of ${kind}, and known in one with it`, async () => {
      const missing = await known(kind, isDatabase ? args : (given[kind] ?? {}), leftOut);
      assert.ok(missing.some(([name]) => name === "id"));
      assert.deepEqual(
        missing.filter(([, isKnown]) => isKnown),
        [],
      );
      // With an address: the password of a database is read from it.
      const answers: pulumi.runtime.Mocks = {
        ...mocks,
        newResource: ({ name, inputs }) => ({
          id: `${name}_id`,
          state: { ...inputs, connectionUrl: "a://b:c@d", rootConnectionUrl: "a://b:c@d" },
        }),
      };
      const made = await known(kind, isDatabase ? args : (given[kind] ?? {}), answers);
      assert.deepEqual(
        made.map(([name, isKnown]) => [name, isKnown]),
        missing.map(([name]) => [name, true]),
      );
    });
  }
});
