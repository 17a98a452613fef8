import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { looksSecret } from "../../../../provider/env";
import { allDefinitions } from "../../../../provider/resources";
import { Mapping } from "../../../../provider/schema";
import { inputNames, secretPaths, withSecrets } from "../../../../sdk/run";

/**
 * The paths of all inputs, without those of parts that a service lists: they are inputs of their own kind; and without those
 * that say whether something is so.
 */
function pathsIn(type: unknown): string[][] {
  if (type instanceof z.ZodOptional) return pathsIn(type.unwrap());
  if (type instanceof z.ZodDiscriminatedUnion) return type.options.flatMap(pathsIn);
  if (!(type instanceof z.ZodObject)) return [];
  const isBoolean = (inner: unknown): boolean =>
    inner instanceof z.ZodOptional ? isBoolean(inner.unwrap()) : inner instanceof z.ZodBoolean;
  return Object.entries(type.shape).flatMap(([name, inner]) => [
    ...(isBoolean(inner) ? [] : [[name]]),
    ...pathsIn(inner).map((path) => [name, ...path]),
  ]);
}

describe("what a program marked as secret", () => {
  it("is found in any place, by its path", async () => {
    const paths = await secretPaths({
      plain: "a",
      output: pulumi.output("b"),
      secret: pulumi.secret("c"),
      env: { "A.B": pulumi.secret("d"), C: "e", D: Promise.resolve(pulumi.secret("f")) },
      whole: pulumi.output({ a: pulumi.secret("g"), b: "h" }),
      derived: pulumi.interpolate`x${pulumi.secret("i")}`,
      list: ["j", { k: pulumi.secret("l") }],
      nothing: undefined,
      none: null,
      unknown: pulumi.runtime.unknownValue,
      later: pulumi.output({ a: pulumi.unknown }),
    });
    assert.deepEqual(paths.map((path) => path.join("/")).sort(), [
      "derived",
      "env/A.B",
      "env/D",
      "list/1/k",
      "secret",
      "whole",
    ]);
  });

  it("includes inputs that the option additionalSecretOutputs names", async () => {
    assert.deepEqual(await secretPaths({ env: { A: "a" }, name: "b" }, ["env", "other"]), [["env"]]);
  });

  it("is left to the input itself if it fails", async () => {
    const failing = Promise.reject(new Error("no"));
    failing.catch(() => {});
    assert.deepEqual(await secretPaths({ a: failing }), []);
  });

  describe("by its nature, though the program does not say so", () => {
    const login = "https://robot:canary@git.example/acme/site.git";
    const pathsOf = async (kind: Parameters<typeof withSecrets>[0], args: object) =>
      (await secretPaths(withSecrets(kind, args))).map((path) => path.join("/")).sort();
    const given = {
      env: { A: "a" },
      buildArgs: { B: "b" },
      buildSecrets: { NPM: "b" },
      preview: { enabled: true, buildSecrets: { NPM: "c" }, env: { A: "d" } },
      source: { type: "docker", image: "i", username: "u", password: "p" },
    };
    const secret = ["buildSecrets/NPM", "preview/buildSecrets/NPM", "source/password"];
    const forms: Readonly<Record<string, (value: unknown) => unknown>> = {
      "as it is": (value) => value,
      "an output": (value) => pulumi.output(value),
      "a promise": (value) => Promise.resolve(value),
      "an output of a promise": (value) => pulumi.output(Promise.resolve(value)),
      "a promise of an output": (value) => Promise.resolve(pulumi.output(value)),
      "an output with outputs in it": (value) => pulumi.output("").apply(() => eachIn(value, pulumi.output)),
      "an object with promises": (value) => eachIn(value, (inner) => Promise.resolve(inner)),
      "an object of a class": (value) => (typeof value === "object" ? new Given(value) : value),
      "an output of an object of a class": (value) =>
        pulumi.output(typeof value === "object" ? new Given(value) : value),
    };
    class Given {
      constructor(values: object | null) {
        Object.assign(this, values);
      }
    }
    function eachIn(value: unknown, form: (inner: unknown) => unknown): unknown {
      return typeof value === "object"
        ? Object.fromEntries(Object.entries(value ?? {}).map(([key, inner]) => [key, form(inner)]))
        : value;
    }

    for (const [what, form] of Object.entries(forms)) {
      it(`is marked when each input is ${what}`, async () => {
        assert.deepEqual(
          await pathsOf(
            "Application",
            Object.fromEntries(Object.entries(given).map(([name, value]) => [name, form(value)])),
          ),
          secret,
        );
        assert.deepEqual(
          await pathsOf("EnvironmentBlock", { buildSecrets: form({ A: "a" }), env: form({ B: "b" }) }),
          ["buildSecrets/A"],
        );
      });

      it(`is marked when each value is ${what}`, async () => {
        const deep = {
          source: { ...given.source, password: form("p") },
          buildSecrets: { NPM: form("b") },
          preview: { buildSecrets: { NPM: form("c") } },
        };
        assert.deepEqual(await pathsOf("Application", deep), secret);
      });

      it(`is marked for the login in an address that is ${what}`, async () => {
        for (const kind of ["Application", "Compose"] as const) {
          for (const [url, marked] of [
            [login, ["source/url"]],
            ["https://git.example/acme/site.git?token=canary", ["source/url"]],
            ["https://git.example/acme/site.git", []],
            ["git@git.example:acme/site.git", []],
          ] as const) {
            assert.deepEqual(await pathsOf(kind, { source: { type: "git", url: form(url) } }), marked, url);
            assert.deepEqual(await pathsOf(kind, { source: form({ type: "git", url }) }), marked, url);
          }
        }
      });
    }

    it("is marked when all inputs are an object of a class", async () => {
      assert.deepEqual(await pathsOf("Application", new Given(given)), secret);
      assert.deepEqual(await pathsOf("Registry", new Given({ name: "a", password: "p" })), ["password"]);
    });

    it("leaves a file or a resource in its place unchanged", () => {
      for (const source of [new pulumi.asset.StringAsset("a"), new pulumi.asset.FileArchive("a")])
        assert.equal((withSecrets("Application", { source }) as { source: unknown }).source, source);
    });

    it("is defined by the definitions, and by nothing else", () => {
      for (const { kind, schema } of allDefinitions()) {
        const { secret, login } = inputNames[kind as keyof typeof inputNames];
        assert.deepEqual(new Mapping(schema).secretByNature(), { always: secret, login }, kind);
      }
    });

    it("is every input whose name says so", () => {
      const named = allDefinitions().flatMap(({ kind, schema }) =>
        pathsIn(schema).flatMap((path) =>
          looksSecret(path.at(-1) ?? "", "anything") ? [`${kind}.${path.join(".")}`] : [],
        ),
      );
      const always = Object.entries(inputNames).flatMap(([kind, { secret }]) =>
        secret.map((path) => `${kind}.${path}`),
      );
      assert.ok(named.includes("Application.source.password") && named.includes("Registry.password"));
      assert.deepEqual(
        named.filter((path) => !always.some((secret) => path === secret || path.startsWith(`${secret}.`))),
        [],
      );
    });

    it("stays unchanged if it has another type, or is missing", () => {
      for (const args of [
        { source: "text" },
        { source: null },
        { source: undefined },
        { preview: ["a"] },
        { source: {} },
        {},
      ]) {
        assert.deepEqual(withSecrets("Application", args), args);
      }
    });
  });
});
