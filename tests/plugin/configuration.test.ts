import * as assert from "node:assert/strict";
import { z } from "zod";
import { unknownValue } from "../../packages/values";
import {
  type Configuration,
  changedSettings,
  configurationOf,
  configurationProblems,
  stackConfiguration,
} from "../../plugin/configuration";
import * as schema from "../../plugin/generated/schema.json";
import { withYamlAdvice } from "../../plugin/inputs";
import {
  find as findIn,
  inputOf,
  type Setting,
  type SettingName,
  settingNames,
  settings,
} from "../../provider/dokploy";
import { readSettings } from "../../provider/dokploy/settings/connection";
import {
  providerSettingsKey,
  providerSettingsText,
  sourcesOf,
} from "../../provider/dokploy/settings/provider-settings";
import { typeProblems } from "../../provider/schema/type-problems";

const url = "https://dokploy.example.com";

describe("the inputs of a provider of the plugin", () => {
  const problems = (inputs: Record<string, unknown>) =>
    configurationProblems(inputs).map((failure) => `${failure.getProperty()}${failure.getReason()}`);

  it("are the settings, and what Pulumi itself adds", () => {
    assert.deepEqual(problems({ url, apiKey: "k", version: "1.0.0", pluginDownloadURL: "https://x" }), []);
    assert.deepEqual(problems({ url: unknownValue }), []);
    assert.match(problems({ apikey: "canary" }).join(), /^apikey is not a setting: is apiKey meant\?$/);
    assert.match(problems({ colour: "canary" }).join(), /^colour is not a setting: settings are url, apiKey/);
  });

  it("have an address that can be used, which a problem does not repeat", () => {
    const [problem = ""] = problems({ url: "https://canary:canary@dokploy.example.com" });
    assert.match(problem, /^url must not contain a user name or password/);
    assert.doesNotMatch(problem, /canary/);
    assert.equal(problems({ colour: "red", url: "https://canary:canary@dokploy.example.com" }).length, 2);
  });

  it("differ where a setting differs, also in another form", () => {
    assert.deepEqual(changedSettings({ url, allowHttp: "true" }, { url, allowHttp: true }), []);
    const imageTags = { api: "1" };
    assert.deepEqual(changedSettings({ imageTags: JSON.stringify(imageTags) }, { imageTags }), []);
    assert.deepEqual(changedSettings({ url }, { "dokploy:url": url, apiKey: null }), []);
    assert.deepEqual(changedSettings({ url }, { url: "https://other.example.com", apiKey: "k" }), [
      "url",
      "apiKey",
    ]);
  });
});

describe("the settings of a provider of the plugin", () => {
  const settingsOf = (name: string, inputs: Record<string, unknown>, stack: Record<string, unknown> = {}) =>
    readSettings(sourcesOf(configurationOf(name, inputs, stack), {}));

  it("are those of the stack for the one that Pulumi makes", () => {
    const found = settingsOf("default_0_1_0", { url, apiKey: "k", concurrency: "4" });
    assert.deepEqual([found.url, found.apiKey, found.concurrency, found.provider], [url, "k", 4, undefined]);
    assert.equal(settingsOf("default", { url, apiKey: "k" }, { concurrency: "4" }).concurrency, undefined);
  });

  it("are its own for one of the program, and those of the stack where it sets none", () => {
    const stack = { url, apiKey: "stacks", concurrency: "4" };
    const found = settingsOf("eu", { concurrency: 2 }, stack);
    assert.deepEqual([found.url, found.apiKey, found.concurrency], [url, "stacks", 2]);
    assert.match(found.provider ?? "", /"eu"/);
  });

  it("never send a key of the stack to another address", () => {
    const stack = { url, apiKey: "canary", concurrency: "4" };
    const other = "https://other.example.com";
    // Functions and components look for the settings where a program has them.
    const inProgram = (inputs: Record<string, unknown>) =>
      stackConfiguration(configurationOf("eu", inputs, stack));
    assert.deepEqual(inProgram({ url: other }), { "dokploy:url": other, "dokploy:concurrency": "4" });
    assert.deepEqual(inProgram({ url: null, apiKey: "k" }), {
      "dokploy:url": url,
      "dokploy:apiKey": "k",
      "dokploy:concurrency": "4",
    });
    assert.throws(
      () => settingsOf("eu", { url: other }, stack),
      (error: Error) => /apiKey/.test(error.message) && !/canary/.test(error.message),
    );
  });

  it("are as the Node.js SDK passes them, for a provider that it makes", () => {
    const inputs = { "dokploy:url": url, "dokploy:apiKey": "k" };
    const stack = { url: "https://other", concurrency: "4" };
    const found = settingsOf("eu", inputs, stack);
    assert.deepEqual([found.url, found.apiKey, found.concurrency], [url, "k", undefined]);
    const handed = providerSettingsText({ name: "us", copied: [], unknown: [] });
    assert.equal(
      settingsOf("eu", { ...inputs, [providerSettingsKey]: handed }).provider,
      'the provider "us"',
    );
    assert.deepEqual(
      configurationProblems({ [providerSettingsKey]: handed, "dokploy:url": "no address" }),
      [],
    );
    assert.deepEqual(configurationProblems({ [providerSettingsKey]: handed }), []);
  });
});

describe("each setting", () => {
  const { variables } = schema.config as { variables: Record<SettingName, { type?: keyof typeof values }> };
  const values = {
    string: "a",
    boolean: true,
    integer: 4,
    number: 4,
    array: ["a", "b"],
    object: { a: "off" },
  };
  const find = (name: SettingName, configuration: Configuration) =>
    findIn(sourcesOf(configuration, {}), name)?.value;

  for (const name of settingNames) {
    const value = values[variables[name].type ?? "string"];
    const text = (settings[name] as Setting<unknown>).text(value);

    it(`${name} is the same behind both doors, from the stack's configuration and from a provider`, () => {
      const stack = { [inputOf(name)]: text };
      // The configuration of a stack has texts, and a program gives values.
      for (const given of [value, text]) {
        assert.deepEqual(configurationProblems(name === "url" ? {} : { [name]: given }), []);
        assert.equal(find(name, configurationOf("default_0_1_0", { [name]: given }, {})), text);
        assert.equal(find(name, configurationOf("eu", { [name]: given }, {})), text);
      }
      assert.equal(find(name, configurationOf("eu", {}, { [name]: text })), text);
      assert.equal(
        find(name, configurationOf("default_dokploy", { ...stack, "dokploy:plugin": "true" }, {})),
        text,
      );
      for (const copied of [[], [name]]) {
        const handed = providerSettingsText({ name: "eu", copied, unknown: [] });
        const inputs = { ...stack, [providerSettingsKey]: handed };
        assert.equal(find(name, configurationOf("eu", inputs, {})), text);
      }
      // Components and functions read it where a program of Node.js has it.
      assert.deepEqual(stackConfiguration(configurationOf("eu", { [name]: value }, {})), stack);
    });
  }
});

describe("the problem of a number, a boolean or null in YAML where a text belongs", () => {
  it("advises quotes, and that of any other value does not", () => {
    const advice = '. In YAML, quote a text such as ".inf", "0o17", "null" or "~"';
    const schema = z.object({
      env: z.record(z.string(), z.string()),
      name: z.string(),
      replicas: z.number(),
      args: z.array(z.string()),
    });
    const inputs = {
      env: { A: 15, B: Number.POSITIVE_INFINITY, C: true },
      name: null,
      replicas: "2",
      args: {},
    };
    const other = "args: must be a string or a list of strings";
    assert.equal(withYamlAdvice(other), other);
    const problems = typeProblems("Application", schema, inputs).map(({ path, reason }) => [
      path.join("."),
      withYamlAdvice(`${path.join(".")}: ${reason}`).endsWith(advice),
    ]);
    assert.deepEqual(Object.fromEntries(problems), {
      "env.A": true,
      "env.B": true,
      "env.C": true,
      name: true,
      replicas: false,
      args: false,
    });
  });
});
