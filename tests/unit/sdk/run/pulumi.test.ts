import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
  answered,
  applyWithUnknowns,
  endsWithProgram,
  hasTransforms,
  isKnown,
  isMocked,
  isProtected,
  outputValue,
  packageOf,
  programEnded,
  providersOf,
  readOutputs,
  typeOf,
} from "../../../../sdk/run/pulumi";

class Thing extends pulumi.CustomResource {
  declare readonly made: pulumi.Output<string>;
  constructor(name: string, options?: pulumi.CustomResourceOptions) {
    super("test:index:Thing", name, { made: undefined }, options);
  }
}

class Group extends pulumi.ComponentResource {
  constructor(name: string, options?: pulumi.ComponentResourceOptions) {
    super("test:index:Group", name, {}, options);
  }
}

class Provider extends pulumi.ProviderResource {
  constructor(name: string) {
    super("test", name, {});
  }
}

describe("undocumented behaviour of Pulumi's SDK", () => {
  const isPreview = true;
  /** Lets the resource `slow` be registered. */
  let release: () => void;
  beforeEach(async () => {
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const newResource = async ({ name, inputs }: pulumi.runtime.MockResourceArgs) => {
      if (name === "slow") await held;
      return { id: undefined, state: inputs as object };
    };
    const call = ({ token, inputs }: pulumi.runtime.MockCallArgs) =>
      token === "pulumi:pulumi:readStackResourceOutputs"
        ? { ...inputs, outputs: { urn: { outputs: { of: inputs.stackName } } } }
        : {};
    await pulumi.runtime.setMocks({ newResource, call }, "shop", "test", isPreview);
  });

  it("a process ends with the program of an engine, and not with that of a test or of the Automation API", () => {
    const { withLocalStorage } = require("@pulumi/pulumi/runtime/state") as {
      withLocalStorage<T>(run: () => T): T;
    };
    assert.equal(endsWithProgram(), false);
    const engine = pulumi.runtime as unknown as { resetOptions(...options: unknown[]): void };
    engine.resetOptions("shop", "test", 1, "127.0.0.1:1", "127.0.0.1:1", false, "");
    assert.equal(endsWithProgram(), true);
    assert.equal(
      withLocalStorage(() => endsWithProgram()),
      false,
    );
    engine.resetOptions("", "", -1, "", "", false, "");
    assert.equal(endsWithProgram(), false);
  });

  it("a stack has outputs once its program has ended, also with unknown ones", async () => {
    let hasEnded = false;
    const order: string[] = [];
    await pulumi.runtime.runInPulumiStack(async () => {
      const stack = pulumi.runtime.getStackResource() as pulumi.Resource;
      void programEnded(stack).then(() => order.push(`after the end: ${hasEnded}`));
      await Promise.resolve();
      hasEnded = true;
      return { later: pulumi.output(pulumi.unknown) };
    });
    await new Promise(setImmediate);
    assert.deepEqual(order, ["after the end: true"]);
    const failing = pulumi.runtime.runInPulumiStack(async () => {
      const stack = pulumi.runtime.getStackResource() as pulumi.Resource;
      void programEnded(stack).catch(() => order.push("failed"));
      throw new Error("no");
    });
    await assert.rejects(failing);
    assert.deepEqual(order.slice(1), ["failed"]);
  });

  it("an output gives its value, at any depth with what a preview does not know", async () => {
    const later = pulumi.output(pulumi.unknown);
    assert.equal(await outputValue(pulumi.output("known")), "known");
    assert.equal(await outputValue(later), pulumi.unknown);
    assert.deepEqual(await outputValue(pulumi.output({ list: [{ later }, 1] })), {
      list: [{ later: pulumi.unknown }, 1],
    });
    await assert.rejects(outputValue(pulumi.output(Promise.reject(new Error("no value")))), /no value/);
  });

  it("an output of a new resource is not known", async () => {
    const { made } = new Thing("thing");
    const value = await outputValue(made);
    assert.ok(value === undefined || pulumi.isUnknown(value));
    assert.equal(await isKnown(made), false);
  });

  it("an output says whether its value is known", async () => {
    assert.equal(await isKnown(pulumi.output("known")), true);
    assert.equal(await isKnown(new Thing("thing").made), false);
  });

  it("a function is called for a value that is not known, and its result is known", async () => {
    const seen = applyWithUnknowns(new Thing("thing").made, (value) =>
      pulumi.isUnknown(value) ? "unknown" : value,
    );
    assert.equal(await isKnown(seen), true);
    assert.equal(await outputValue(seen), "unknown");
  });

  it("an output that the function returns is resolved", async () => {
    const seen = applyWithUnknowns(new Thing("thing").made, () => pulumi.output("later"));
    assert.equal(await outputValue(seen), "later");
  });

  it("a test with mocks is one", async () => {
    assert.equal(isMocked(), true);
    pulumi.runtime.resetOptions("", "", 1, "", "", false, "");
    assert.equal(isMocked(), false);
    pulumi.runtime.resetOptions("", "", 1, "", "127.0.0.1:1", false, "");
    assert.equal(isMocked(), false);
  });

  it("the engine reads the outputs of a stack", async () => {
    assert.deepEqual(await readOutputs("acme/shop/test"), { urn: { outputs: { of: "acme/shop/test" } } });
  });

  it("a component has the providers that it passes on, and each provider its package", () => {
    const provider = new Provider("mine");
    assert.deepEqual(providersOf(new Group("group", { providers: [provider] })), { test: provider });
    assert.deepEqual(providersOf(new Group("bare")), {});
    assert.deepEqual(providersOf(undefined), {});
    assert.equal(packageOf(provider), "test");
    assert.equal(packageOf(undefined), undefined);
  });

  it("a resource has its type", () => {
    assert.equal(typeOf(new Thing("thing")), "test:index:Thing");
  });

  it("a resource shows whether it or its parent is protected", () => {
    assert.equal(isProtected(new Thing("open")), false);
    assert.equal(isProtected(new Thing("shut", { protect: true })), true);
    assert.equal(
      isProtected(new Thing("inner", { parent: new Group("shut-group", { protect: true }) })),
      true,
    );
  });

  it("a program without transforms for all resources has none", () => {
    assert.equal(hasTransforms(), false);
  });

  it("the end of all requests can be waited for", async () => {
    const done: string[] = [];
    new Thing("slow").urn.apply(() => void done.push("slow"));
    await new Promise(setImmediate);
    const end = answered().then(() => done.push("end"));
    setImmediate(release);
    await end;
    assert.deepEqual(done, ["slow", "end"]);
  });
});
