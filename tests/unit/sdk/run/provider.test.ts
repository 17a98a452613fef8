import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { secret } from "../../../../provider/pulumi";
import * as dokploy from "../../../../sdk";
import { ProgramError } from "../../../../sdk/run";

interface Registered {
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly provider: string | undefined;
}

interface Options {
  readonly config?: Record<string, string>;
  readonly env?: Record<string, string>;
  readonly isPreview?: boolean;
}

/** Pulumi's own, which its types leave out: ends when all that is registered so far has been. */
const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };

/** What a program registers, by name, what it says, and why it fails. */
async function run(program: () => unknown, { config = {}, env = {}, isPreview = true }: Options = {}) {
  const registered: Record<string, Registered> = {};
  const said: string[] = [];
  const { info } = pulumi.log;
  pulumi.log.info = async (message) => {
    said.push(message);
  };
  const before = { ...process.env };
  for (const name of Object.keys(process.env)) if (name.startsWith("DOKPLOY_")) delete process.env[name];
  Object.assign(process.env, env);
  let error: unknown;
  try {
    const mocks: pulumi.runtime.Mocks = {
      newResource({ name, type, inputs, provider }) {
        registered[name] = { type, inputs, provider };
        return { id: `${name}_id`, state: inputs };
      },
      call: ({ inputs }) => inputs,
    };
    await pulumi.runtime.setMocks(mocks, "shop", "test", isPreview);
    pulumi.runtime.setAllConfig(config);
    await pulumi.runtime.runInPulumiStack(async () => {
      try {
        await program();
        for (let turn = 0; turn < 3; turn += 1) {
          await new Promise((resolve) => setImmediate(resolve));
          await waitForRPCs();
        }
      } catch (thrown) {
        error = thrown;
      }
    });
  } finally {
    pulumi.log.info = info;
    pulumi.runtime.setAllConfig({});
    process.env = before;
  }
  return { registered, said, error };
}

async function refusal(program: () => unknown, options?: Options): Promise<string> {
  const { error } = await run(program, options);
  assert.ok(error instanceof ProgramError, String(error));
  return error.message;
}

const [url, apiKey] = ["https://eu.example.com", "canaryKey0123456789"];
const handed = ({ inputs }: Registered) =>
  JSON.parse(String(inputs["dokploy:provider"])) as { name: string; copied?: string[]; unknown?: string[] };

describe("a provider that a program creates", () => {
  it("passes its settings on as texts, with the key as a secret, and names its server", async () => {
    const { registered, said } = await run(() => {
      new dokploy.Provider("eu", { url, apiKey, allowHttp: true, concurrency: 4, only: ["api", "web"] });
    });
    const eu = registered["eu"];
    assert.ok(eu);
    assert.equal(eu.type, "pulumi:providers:pulumi-nodejs");
    assert.deepEqual(handed(eu), { name: "eu" });
    const { "dokploy:provider": _, "dokploy:apiKey": key, ...texts } = eu.inputs;
    assert.deepEqual(texts, {
      "dokploy:url": url,
      "dokploy:allowHttp": "true",
      "dokploy:concurrency": "4",
      "dokploy:only": "api,web",
    });
    assert.deepEqual(key, secret(apiKey));
    assert.deepEqual(said, [
      'Dokploy: this plan is for eu.example.com, through the provider "eu" [dokploy/server eu.example.com s-~]',
    ]);
  });

  it("copies settings of the stack's configuration that the program leaves out", async () => {
    const config = {
      "dokploy:waitFor": "deployed",
      "dokploy:references": "warn",
      "dokploy:composeChecks": '{"localhost":"off","schema":"off"}',
      "dokploy:url": "https://other.example.com",
      "dokploy:apiKey": "otherCanaryKey",
    };
    const { registered } = await run(
      () =>
        new dokploy.Provider("eu", { url, apiKey, references: "off", composeChecks: { schema: "error" } }),
      { config },
    );
    const eu = registered["eu"];
    assert.ok(eu);
    assert.deepEqual(handed(eu), { name: "eu", copied: ["waitFor"] });
    assert.equal(eu.inputs["dokploy:url"], url);
    assert.equal(eu.inputs["dokploy:waitFor"], "deployed");
    assert.equal(eu.inputs["dokploy:references"], "off");
    assert.deepEqual(JSON.parse(String(eu.inputs["dokploy:composeChecks"])), {
      localhost: "off",
      schema: "error",
    });
    assert.doesNotMatch(JSON.stringify(eu), /otherCanaryKey/);
  });

  it("copies the stack's key only for the stack's address", async () => {
    const config = { "dokploy:url": `${url}/api`, "dokploy:apiKey": apiKey };
    const same = await run(() => new dokploy.Provider("eu", { url }), { config });
    assert.deepEqual(same.registered["eu"]?.inputs["dokploy:apiKey"], secret(apiKey));
    const all = await run(() => new dokploy.Provider("eu", { waitFor: "deployed" }), { config });
    assert.deepEqual(all.registered["eu"] && handed(all.registered["eu"]).copied, ["url", "apiKey"]);
    // That of the environment is read by the process itself, and never written into a state.
    const env = { DOKPLOY_URL: url, DOKPLOY_API_KEY: apiKey };
    const ofJob = await run(() => new dokploy.Provider("eu", { url }), { env });
    assert.equal(ofJob.registered["eu"]?.inputs["dokploy:apiKey"], undefined);
  });

  it("passes on, in a preview, that an address is not known, so that Pulumi still asks for problems", async () => {
    const unknown = pulumi.output(Promise.resolve(pulumi.unknown)) as unknown as pulumi.Output<string>;
    const { registered, said } = await run(() => new dokploy.Provider("eu", { url: unknown, apiKey }));
    const eu = registered["eu"];
    assert.ok(eu);
    assert.deepEqual(handed(eu).unknown, ["url"]);
    assert.equal(eu.inputs["dokploy:url"], "(known after the update)");
    assert.equal(said.length, 1);
    assert.match(
      said[0] ?? "",
      /a server that is known only during the update, through the provider "eu"\. The preview could not contact it/,
    );
  });

  it("treats an undefined optional setting as left out", async () => {
    const left = { formerUrl: undefined, allowHttp: undefined, waitFor: undefined } as object;
    const { registered, error } = await run(() => new dokploy.Provider("eu", { url, apiKey, ...left }));
    assert.equal(error, undefined);
    assert.deepEqual(Object.keys(registered["eu"]?.inputs ?? {}).sort(), [
      ...["dokploy:apiKey", "dokploy:provider", "dokploy:url"],
    ]);
  });

  for (const [what, args, says] of [
    [
      "an address that is undefined",
      { url: undefined, apiKey },
      /Provider "eu": url is undefined, which is what process\.env gives/,
    ],
    ["a key that is undefined", { url, apiKey: undefined }, /Provider "eu": apiKey is undefined/],
    [
      "a setting that there is not",
      { url, apiKey, apikey: "canary" },
      /has no setting apikey; is apiKey meant\?/,
    ],
    [
      "a word that a setting cannot have",
      { url, apiKey, waitFor: "canary" },
      /waitFor of the provider "eu" must be/,
    ],
    [
      "an output for what the program reads",
      { url, apiKey, only: pulumi.output(["canary"]) },
      /only is an output or a promise/,
    ],
    ["an address that is none", { url: "canary", apiKey }, /^the provider "eu"'s url is not a complete URL/],
    [
      "a login in its address, which would stand in the state in clear",
      { url: "https://bot:canary@eu.example.com", apiKey },
      /^the provider "eu"'s url must not contain a user name or password/,
    ],
    [
      "an address on which others read along",
      { url: "http://eu.example.com", apiKey },
      /^url of the provider "eu" uses plain http to eu\.example\.com.*the input allowHttp of the provider "eu"\.$/,
    ],
    ["nothing", undefined, /Provider "eu" has no settings/],
  ] as const) {
    it(`is refused with ${what}`, async () => {
      const message = await refusal(() => new dokploy.Provider("eu", args as never));
      assert.match(message, says);
      assert.doesNotMatch(message, /canary/);
    });
  }
});

describe("resources with a provider", () => {
  const pair = () => ({
    eu: new dokploy.Provider("eu", { url, apiKey }),
    us: new dokploy.Provider("us", { url: "https://us.example.com", apiKey }),
  });
  class Region extends pulumi.ComponentResource {
    constructor(name: string, options: pulumi.ComponentResourceOptions) {
      super("acme:index:Region", name, {}, options);
      new dokploy.Project(`project-${name}`, { name: "shop" }, { parent: this });
    }
  }

  it("have it directly or from a component around them, and need no settings of the stack", async () => {
    const { registered, said, error } = await run(() => {
      const { eu, us } = pair();
      new dokploy.Project("direct", { name: "shop" }, { provider: eu });
      new Region("list", { providers: [us] });
      new Region("one", { provider: us });
    });
    assert.equal(error, undefined);
    assert.match(registered["direct"]?.provider ?? "", /::eu::/);
    for (const name of ["project-list", "project-one"])
      assert.match(registered[name]?.provider ?? "", /::us::/);
    assert.equal(said.length, 2);
  });

  it("are refused in a component that has it under a name which Pulumi does not pass on", async () => {
    const message = await refusal(() => new Region("eu", { providers: { dokploy: pair().eu } }));
    assert.match(message, /`providers: \{ dokploy: … \}`.*give it as `providers: \[ … \]`/);
  });

  it("make no call in an update without the resource that gives their address or key", async () => {
    for (const args of [
      { url: pulumi.output(pulumi.unknown as unknown as string), apiKey },
      { url, apiKey: pulumi.output(pulumi.unknown as unknown as string) },
    ]) {
      const isKnown: unknown[] = [];
      const { error } = await run(
        async () => {
          const later = new dokploy.Provider("later", args);
          const found = dokploy.getProjectOutput({ name: "shop" }, { provider: later });
          isKnown.push(await (found.projectId as unknown as { isKnown: Promise<boolean> }).isKnown);
          isKnown.push(await later.connect());
        },
        { isPreview: false },
      );
      assert.equal(error, undefined);
      assert.deepEqual(isKnown, [false, undefined]);
    }
  });

  it("belong to their server: an equal id or name on another one is another object", async () => {
    const twice = (one: dokploy.Provider, other: dokploy.Provider) => {
      for (const [name, provider] of Object.entries({ one, other })) {
        new dokploy.Registry(name, { name: "ghcr", username: "u", password: "p" }, { provider });
        const target = { applicationId: "PQqzqTGCVtx0St2SA3vCi" };
        new dokploy.EnvironmentBlock(name, { target, env: { A: "1" } }, { provider });
      }
    };
    const { error } = await run(() => {
      const { eu, us } = pair();
      twice(eu, us);
    });
    assert.equal(error, undefined);
    const sameServer = await refusal(() => {
      const again = new dokploy.Provider("again", { url: `${url}/api/`, apiKey });
      twice(pair().eu, again);
    });
    assert.match(sameServer, /Registry "other" and Registry "one" are the same Registry/);
  });
});
