import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import * as fc from "fast-check";
import {
  isServerKnown,
  providerSettingsKey,
  providerSettingsText,
  readRunSettings,
  sourcesOf,
} from "../../../../provider/dokploy";
import {
  adviceByVariable,
  adviceFor,
  commandOf,
  howToSet,
  type SettingName,
  settingNames,
  settings,
  variableOf,
} from "../../../../provider/dokploy/settings/table";
import { pluginSetting } from "../../../../sdk/run/plugin";

const repository = path.join(__dirname, "..", "..", "..", "..");
const pages = [
  "README.md",
  "SECURITY.md",
  ...["start", "everyday", "operations", "reference"].map((shelf) => `docs/${shelf}`),
].flatMap((name) => {
  const place = path.join(repository, name);
  if (!fs.statSync(place).isDirectory()) return [place];
  return fs
    .readdirSync(place)
    .filter((file) => file.endsWith(".md"))
    .map((file) => path.join(place, file));
});
const prose = pages.map((page) => fs.readFileSync(page, "utf8")).join("\n");

describe("the table of settings", () => {
  it("has every setting that the docs name, and every variable", () => {
    const named = new Set([...prose.matchAll(/\bdokploy:(?=[a-z])(\w+)/g)].map(([, name]) => name ?? ""));
    // Types of components begin alike. The setting `plugin` is of a Node.js program, and no input of a provider.
    const others = ["index", pluginSetting];
    assert.deepEqual(
      [...named].filter((name) => !others.includes(name) && !settingNames.includes(name as SettingName)),
      [],
    );
    // The id of an application in an example, and the key of the fingerprints of plans, which no stack has.
    const variables = [...settingNames.map(variableOf), "DOKPLOY_APP_ID", "DOKPLOY_PLAN_KEY"];
    const inProse = new Set([...prose.matchAll(/\bDOKPLOY_[A-Z_]+\b/g)].map(([name]) => name));
    assert.deepEqual(
      [...inProse].filter((name) => !variables.includes(name)),
      [],
    );
  });

  it("gives each variable once, in the words of its setting", () => {
    const variables = settingNames.flatMap((name) => variableOf(name) ?? []);
    assert.equal(new Set(variables).size, variables.length);
    for (const name of settingNames) {
      const words = name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
      assert.ok([undefined, `DOKPLOY_${words}`].includes(variableOf(name)), name);
    }
  });

  it("says how each is set: a secret as one, a part of a map by its path", () => {
    assert.equal(howToSet("url"), "`pulumi config set dokploy:url https://…` or DOKPLOY_URL");
    assert.equal(commandOf("apiKey"), "`pulumi config set --secret dokploy:apiKey`");
    assert.equal(howToSet("imageTags"), "`pulumi config set --path dokploy:imageTags.<service> <tag>`");
    assert.equal(
      adviceFor('the provider "eu"', `set it with ${howToSet("apiKey")}, or leave it`),
      'set it with the input apiKey of the provider "eu", or leave it',
    );
    assert.equal(adviceFor(undefined, howToSet("apiKey")), howToSet("apiKey"));
    assert.equal(adviceByVariable(`set it with ${howToSet("apiKey")}.`), "set it with DOKPLOY_API_KEY.");
    assert.equal(adviceByVariable(commandOf("url")), commandOf("url"));
  });
});

describe("settings of a run", () => {
  const read = (config: Record<string, string>, environment = {}, provider?: Record<string, string>) =>
    readRunSettings({
      stack: (name) => config[name],
      environment,
      ...(provider ? { provider: { name: "eu", read: (name: SettingName) => provider[name] } } : {}),
    });

  it("come from the provider, the stack's configuration, the environment, or the defaults", () => {
    const standard = {
      waitFor: "running",
      references: "error",
      checks: {},
      composeChecks: {},
      only: undefined,
      removesVolumes: false,
    };
    assert.deepEqual(read({}), standard);
    const environment = { DOKPLOY_WAIT_FOR: "deployed", DOKPLOY_ONLY: "api, web" };
    assert.deepEqual(read({}, environment), { ...standard, waitFor: "deployed", only: ["api", "web"] });
    assert.equal(read({}, { DOKPLOY_REMOVES_VOLUMES: "true" }).removesVolumes, true);
    assert.equal(read({ waitFor: "running" }, environment).waitFor, "running");
    assert.equal(read({ waitFor: "running" }, {}, { waitFor: "deployed" }).waitFor, "deployed");
  });

  it("add up, of checks of compose files", () => {
    const environment = { DOKPLOY_COMPOSE_CHECKS: "latest-tag=error,localhost=off,schema=warn" };
    const config = { composeChecks: '{"localhost":"error","schema":"off"}' };
    assert.deepEqual(read(config, environment, { composeChecks: '{"schema":"error"}' }).composeChecks, {
      "latest-tag": "error",
      localhost: "error",
      schema: "error",
    });
  });

  it("have the levels of checks by both names, of which the present one wins", () => {
    const config = {
      composeChecks: "latest-tag=off,localhost=off",
      checks: "latest-tag=info,no-https=error",
    };
    const { checks, composeChecks } = read(config, { DOKPLOY_CHECKS: "no-https=off,no-backup=error" });
    assert.deepEqual(checks, {
      ...{ "no-https": "error", "no-backup": "error" },
      ...{ "latest-tag": "info", localhost: "off" },
    });
    assert.deepEqual(composeChecks, { "latest-tag": "warn", localhost: "off" });
  });

  it("are refused with the way to set them, or the provider that has them", () => {
    assert.throws(() => read({ waitFor: "canary" }), {
      message:
        "The setting waitFor must be running or deployed: `pulumi config set dokploy:waitFor running`, or DOKPLOY_WAIT_FOR.",
    });
    assert.throws(() => read({}, { DOKPLOY_REFERENCES: "canary" }), {
      message:
        "The setting references must be error, warn or off: `pulumi config set dokploy:references warn`, or " +
        "DOKPLOY_REFERENCES.",
    });
    assert.throws(() => read({}, {}, { waitFor: "canary" }), {
      message: 'The setting waitFor of the provider "eu" must be running or deployed.',
    });
  });
});

describe("what a program hands to the process of a provider", () => {
  const name = fc.constantFrom(...settingNames);

  it("arrives with each setting under its name, and none that is unknown", () => {
    const lists = fc.record({
      name: fc.string(),
      copied: fc.uniqueArray(name),
      unknown: fc.uniqueArray(name),
    });
    fc.assert(
      fc.property(lists, fc.dictionary(name, fc.string({ minLength: 1 })), (handed, values) => {
        const config: Record<string, string> = { [providerSettingsKey]: providerSettingsText(handed) };
        for (const [setting, value] of Object.entries(values)) config[`dokploy:${setting}`] = value;
        const sources = sourcesOf((key) => config[key], {});
        assert.equal(sources.provider?.name, handed.name);
        for (const setting of settingNames) {
          const isCopied = handed.copied.includes(setting);
          const isUnknown = handed.unknown.includes(setting);
          assert.equal(sources.stack(setting), isCopied ? values[setting] : undefined);
          assert.equal(sources.provider?.read(setting), isCopied || isUnknown ? undefined : values[setting]);
        }
        const isKnown = !handed.unknown.some((setting) => setting === "url" || setting === "apiKey");
        assert.equal(isServerKnown(sources), isKnown);
      }),
    );
  });

  it("is the stack's own configuration without a provider, and is not needed to read the settings", () => {
    const config: Record<string, string> = { "dokploy:url": "https://d.example.com" };
    const own = sourcesOf((key) => config[key], {});
    assert.deepEqual([own.stack("url"), own.provider], ["https://d.example.com", undefined]);
    for (const text of ["", "{", "7", '{"name":7,"copied":"url","unknown":["canary"]}']) {
      const odd = sourcesOf((key) => (key === providerSettingsKey ? text : config[key]), {});
      assert.equal(odd.provider?.read("url"), "https://d.example.com");
      assert.equal(odd.stack("url"), undefined);
      assert.ok(isServerKnown(odd));
    }
  });

  it("has a text for every value that a setting may have in a program", () => {
    assert.equal(settings.only.text(["api", "web"]), "api,web");
    assert.equal(settings.allowHttp.text(true), "true");
    assert.equal(settings.concurrency.text(4), "4");
    assert.equal(settings.composeChecks.text({ "latest-tag": "off" }), '{"latest-tag":"off"}');
  });
});
