import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { refuseNothing, requireValues } from "../../../../sdk/program-checks";
import { type Kind, ProgramError } from "../../../../sdk/run";

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof ProgramError, String(error));
    return error.message;
  }
  return assert.fail("nothing was wrong");
}

describe("a resource of a program in JavaScript", () => {
  const cases: [what: string, kind: Kind, name: unknown, args: unknown, message: RegExp][] = [
    [
      "without inputs",
      "Application",
      "a",
      undefined,
      /^Application "a" has no inputs; it needs environmentId, name and source: new Application\("api", \{ environmentId: …, name: …, source: … \}\)\.$/,
    ],
    ["with null for inputs", "Project", "p", null, /^Project "p" has no inputs; it needs name: /],
    ["with a text for inputs", "Project", "p", "shop", /^Project "p" has no inputs/],
    [
      "without a name",
      "Deployment",
      undefined,
      undefined,
      /^The first argument .* new Deployment\("api", \{ target: … \}\)\.$/,
    ],
    [
      "with its inputs in the place of the name",
      "Compose",
      { name: "c" },
      undefined,
      /^The first argument of a resource is its name/,
    ],
    [
      "whose inputs are an output",
      "Project",
      "p",
      pulumi.output({ name: "p" }),
      /^Project "p": the inputs as a whole are an output/,
    ],
  ];
  for (const [what, kind, name, args, message] of cases) {
    it(`${what} is refused with a clear message`, () => {
      assert.match(
        messageOf(() => refuseNothing(kind, name, args)),
        message,
      );
    });
  }

  it("with its inputs is accepted", () => refuseNothing("Project", "p", { name: "p" }));
});

describe("a variable that is undefined", () => {
  const checked = (args: object, kind: Kind = "Application", ignoreChanges: string[] = []) =>
    requireValues(`${kind} "a"`, kind, args, { ignoreChanges });
  const advice = "give it a value, or leave it out.";

  for (const [kind, path, args] of [
    ["Application", "env.A", { env: { A: undefined, B: "b" } }],
    ["Application", "buildArgs.A", { buildArgs: { A: undefined } }],
    ["Application", "buildSecrets.A", { buildSecrets: { A: undefined } }],
    ["Application", "preview.env.A", { preview: { env: { A: undefined } } }],
    ["Application", "preview.buildSecrets.A", { preview: { buildSecrets: { A: undefined } } }],
    ["Compose", "env.A", { env: { A: undefined } }],
    ["EnvironmentBlock", "env.A", { env: { A: undefined } }],
    ["EnvironmentBlock", "buildArgs.A", { buildArgs: { A: undefined } }],
    ["Project", "env.A", { env: { A: undefined } }],
    ["Environment", "env.A", { env: { A: undefined } }],
  ] as const) {
    it(`of ${kind} is refused as ${path}`, () => {
      assert.equal(
        messageOf(() => checked(args, kind)),
        `${kind} "a": ${path} is undefined, which is what process.env gives for a variable that is not set: ${advice}`,
      );
    });
  }

  it("is refused with all others at once", () => {
    assert.match(
      messageOf(() => checked({ env: { A: undefined, B: undefined }, buildArgs: { C: undefined } })),
      /^Application "a": env\.A, env\.B and buildArgs\.C are undefined, .*: give each a value, or leave it out\.$/,
    );
  });

  const later: [what: string, args: object][] = [
    ["an output", { env: { A: pulumi.output(undefined) } }],
    ["a secret", { env: { A: pulumi.secret(undefined) } }],
    ["a promise", { env: { A: Promise.resolve(undefined) } }],
    ["inside a map that is an output", { env: pulumi.output({ A: undefined, B: "b" }) }],
    ["inside a map that is a promise", { env: Promise.resolve({ A: undefined }) }],
    ["inside an input that is an output", { preview: pulumi.output({ env: { A: undefined } }) }],
  ];
  for (const [what, args] of later) {
    it(`is refused as ${what}, before the value goes anywhere`, async () => {
      const { env, preview } = checked(args);
      const value = env ?? preview;
      const map = pulumi.Output.isInstance(value) ? value : (value as Record<string, unknown>)["A"];
      assert.ok(pulumi.Output.isInstance(map));
      await assert.rejects((map as unknown as { promise(): Promise<unknown> }).promise(), (error) => {
        assert.ok(error instanceof ProgramError);
        assert.match(error.message, /^Application "a": (?:preview\.)?env\.A is undefined/);
        return true;
      });
    });
  }

  it("does not matter if changes are ignored", () => {
    const env = { A: undefined };
    for (const ignored of ["*", "env", "env.A"]) {
      assert.deepEqual(checked({ env }, "Application", [ignored]), { env });
    }
    assert.match(
      messageOf(() => checked({ env }, "Application", ["env.B"])),
      /env\.A/,
    );
  });

  it("is distinguished from an empty one, and from inputs that are left out", async () => {
    const env = { A: "", B: pulumi.secret("b"), C: pulumi.output("") };
    const result = checked({ env, buildArgs: undefined, preview: {} });
    assert.deepEqual(Object.keys(result), ["env", "buildArgs", "preview"]);
    const values = await (
      pulumi.output(result["env"] as Record<string, string>) as unknown as {
        promise(): Promise<object>;
      }
    ).promise();
    assert.deepEqual(values, { A: "", B: "b", C: "" });
    const { B } = result["env"] as Record<string, pulumi.Output<string>>;
    assert.equal(await pulumi.isSecret(B as pulumi.Output<string>), true);
  });
});
