import * as assert from "node:assert/strict";
import * as path from "node:path";
import { identityOf } from "../../../provider/pulumi";
import { programs, stackReader } from "../../../provider/pulumi/stack-reader";

type Stacks = Readonly<Record<string, readonly object[] | undefined>>;

const application = (stack: string, id: string, identity?: string) => ({
  urn: `urn:pulumi:${stack}::shop::pulumi-nodejs:dynamic/dokploy:Application::api`,
  id,
  outputs: { ...(identity === undefined ? {} : { __urn: identity }) },
});

/** The command line interface with these stacks, and the commands that it was given. */
function pulumi(stacks: Stacks, selected?: string, inUpdate?: string) {
  const commands: string[] = [];
  const run = async (...args: string[]) => {
    commands.push(args.join(" "));
    const [, command, , name = selected] = args;
    if (command === "ls") {
      const all = Object.keys(stacks).map((each) => ({ name: each, updateInProgress: each === inUpdate }));
      return JSON.stringify(all);
    }
    const resources = stacks[name ?? ""];
    return resources && JSON.stringify({ version: 3, deployment: { resources } });
  };
  return { run, commands };
}

const member = { kind: "Application", id: "1", identity: "of-prod" };

async function read(
  cli: ReturnType<typeof pulumi>,
  { stack, one }: { stack?: string; one?: typeof member | Omit<typeof member, "identity"> } = {},
): Promise<string[] | undefined> {
  const all = await stackReader(async () => stack, "shop", cli.run).resources(one);
  return all?.map(({ urn, id }) => `${urn.split(":")[2]} ${id}`);
}

describe("the reader of the stack's state", () => {
  const prod = [application("prod", "1", "of-prod")];
  const dev = [application("dev", "1", "of-dev")];

  it("takes the selected stack if it is that of the program, with one command", async () => {
    const cli = pulumi({ dev, prod }, "prod");
    assert.deepEqual(await read(cli, { stack: "prod" }), ["prod 1"]);
    assert.deepEqual(cli.commands, ["stack export"]);
  });

  it("finds the stack of the program if another one is selected, or none", async () => {
    for (const selected of ["dev", undefined]) {
      const cli = pulumi({ "acme/shop/dev": dev, "acme/shop/prod": prod, dev }, selected);
      assert.deepEqual(await read(cli, { stack: "prod" }), ["prod 1"]);
      assert.deepEqual(cli.commands, [
        "stack export",
        "stack ls --json --project shop",
        "stack export --stack acme/shop/prod",
      ]);
    }
  });

  it("finds the stack of a run without a program by its resources, even if others have the object", async () => {
    assert.deepEqual(await read(pulumi({ dev, prod }, "dev"), { one: member }), ["prod 1"]);
    assert.deepEqual(await read(pulumi({ dev, prod }), { one: member }), ["prod 1"]);
    const old = { old: [application("old", "1")] };
    assert.deepEqual(
      await read(pulumi({ dev, prod, ...old }, "dev"), { one: { kind: "Application", id: "1" } }),
      ["old 1"],
    );
  });

  it("looks at stacks in an update first", async () => {
    const cli = pulumi({ dev, test: dev, prod }, undefined, "prod");
    assert.deepEqual(await read(cli, { one: member }), ["prod 1"]);
    assert.deepEqual(cli.commands.slice(2), ["stack export --stack prod"]);
  });

  it("uses the stack of the program even if it no longer has the resource", async () => {
    const cli = pulumi({ prod: [application("prod", "2", "of-other")] }, "prod");
    assert.deepEqual(await read(cli, { stack: "prod", one: member }), ["prod 2"]);
    assert.equal(await read(cli, { one: member }), undefined);
  });

  it("uses no state of another project, and none without the resource", async () => {
    const other = [{ ...application("prod", "1", "of-prod"), urn: "urn:pulumi:prod::blog::a:b:C::api" }];
    assert.equal(await read(pulumi({ prod: other }, "prod"), { stack: "prod" }), undefined);
    assert.equal(await read(pulumi({ dev, test: dev }, "dev"), { one: member }), undefined);
    for (const other of [{ kind: "Compose" }, { id: "2" }, { identity: "of-dev" }])
      assert.equal(await read(pulumi({ prod }, "prod"), { one: { ...member, ...other } }), undefined);
  });

  it("uses a state without resources only for the stack of that name", async () => {
    const cli = pulumi({ dev: [], prod: [] }, "dev");
    assert.deepEqual(await read(cli, { stack: "prod" }), []);
    assert.equal(cli.commands.at(-1), "stack export --stack prod");
    assert.equal(await read(pulumi({ dev: [] }, "dev"), { stack: "prod" }), undefined);
  });

  it("reads again if a state in files was just being written", async () => {
    let tries = 0;
    const cli = pulumi({ prod }, "prod");
    const { resources: read } = stackReader(
      async () => "prod",
      "shop",
      async (...args) => (args[1] === "export" && tries++ === 0 ? "" : await cli.run(...args)),
    );
    assert.equal((await read())?.length, 1);
  });

  it("reads nothing if the command fails", async () => {
    assert.equal(
      await stackReader(
        async () => "prod",
        "shop",
        async () => undefined,
      ).resources(member),
      undefined,
    );
  });
});

describe("the command line interface of Pulumi", () => {
  it("is the one that the shell started, the one in PATH, or the installed one", () => {
    const home = path.join("/home", "me", ".pulumi");
    const installed = path.join(home, "bin", "pulumi");
    assert.deepEqual(programs({ PULUMI_HOME: home, _: "/opt/pulumi/bin/pulumi" }), [
      "/opt/pulumi/bin/pulumi",
      "pulumi",
      installed,
    ]);
    for (const started of ["/usr/bin/node", "/opt/pulumi/run", ""])
      assert.deepEqual(programs({ PULUMI_HOME: home, _: started }), ["pulumi", installed]);
    assert.match(programs({})[1] ?? "", /\.pulumi.bin.pulumi$/);
  });
});

describe("the reader of an interrupted update", () => {
  const [of] = [application("prod", "1")];
  const urn = of?.urn ?? "";
  const secret = (more: object) => ({
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    ...more,
  });

  /** Inputs of the update of a resource, and the commands that showed them. */
  async function interrupted(type: string, env: object, { canDecrypt = true, its = urn } = {}) {
    const commands: string[] = [];
    const run = async (...args: string[]) => {
      commands.push(args.join(" "));
      const shows = args.includes("--show-secrets");
      if (shows && !canDecrypt) return undefined;
      const TOKEN = secret(shows ? { plaintext: '"canary"' } : { ciphertext: "v1:x" });
      const inputs = { env: { ...env, ...("TOKEN" in env ? { TOKEN } : {}) } };
      return JSON.stringify({
        deployment: { resources: [of], pending_operations: [{ type, resource: { urn: its, inputs } }] },
      });
    };
    const inputs = await stackReader(async () => "prod", "shop", run).interrupted(identityOf(urn));
    return { inputs, commands };
  }

  it("decrypts nothing where there is none, or nothing is secret", async () => {
    for (const [type, its, expected] of [
      ["updating", urn, { env: { TAG: "2" } }],
      ["creating", urn, undefined],
      ["updating", `${urn}2`, undefined],
    ] as const) {
      const { inputs, commands } = await interrupted(type, { TAG: "2" }, { its });
      assert.deepEqual(inputs, expected);
      assert.deepEqual(commands, ["stack export"]);
    }
  });

  it("shows secrets, where Pulumi can decrypt them", async () => {
    const { inputs, commands } = await interrupted("updating", { TAG: "2", TOKEN: "" });
    assert.deepEqual(inputs, { env: { TAG: "2", TOKEN: "canary" } });
    assert.deepEqual(commands, ["stack export", "stack export --show-secrets"]);
    const hidden = await interrupted("updating", { TAG: "2", TOKEN: "" }, { canDecrypt: false });
    assert.match(JSON.stringify(hidden.inputs), /"TAG":"2"/);
  });
});
