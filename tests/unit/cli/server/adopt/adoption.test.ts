import * as assert from "node:assert/strict";
import { readPreview } from "../../../../../cli/plan";
import type { Declared } from "../../../../../cli/server/adopt/declared";
import { matchesOf } from "../../../../../cli/server/adopt/matching";
import { effectsOf } from "../../../../../cli/server/adopt/planned";
import { countsOf, problemsIn } from "../../../../../cli/server/adopt/render";
import type { Item } from "../../../../../cli/server/export/item";
import { References } from "../../../../../cli/server/export/references";
import { diagnosticOf, identityOf, unknownValue } from "../../../../../provider/pulumi";
import type { Adoptions } from "../../../../../sdk/resource";
import type { Kind } from "../../../../../sdk/run";
import { id, item } from "../export/items";

type Values = Readonly<Record<string, unknown>>;

const urnOf = (kind: string, name: string) =>
  `urn:pulumi:prod::shop::pulumi-nodejs:dynamic/dokploy:${kind}::${name}`;

/** A resource of the program; `from` gives the resource that an unknown input comes from. */
function declared(
  kind: Kind,
  name: string,
  inputs: Values,
  from: Readonly<Record<string, readonly [Kind, string]>> = {},
  more: Partial<Declared> = {},
): Declared {
  const waiting = Object.keys(from).map((input) => [input, inputs[input] ?? unknownValue] as const);
  const dependencies = Object.entries(from).map(([input, [of, its]]) => [input, [urnOf(of, its)]] as const);
  return {
    ...{ urn: urnOf(kind, name), kind, name, definition: item(kind, "", {}).definition },
    inputs: { ...Object.fromEntries(waiting), ...inputs },
    dependencies: Object.fromEntries(dependencies),
    ...more,
  };
}

const shop = declared("Project", "shop", { name: "shop" });
const inShop = { environmentId: ["Project", "shop"] } as const;
const api = declared("Application", "api", { name: "api" }, inShop);
const admin = declared("Domain", "admin", { host: "a.dev" }, { applicationId: ["Application", "api"] });

const theShop = item("Project", "p1", { name: "shop" });
const theApi = item("Application", "a1", { name: "api", environmentId: id("e1"), env: { KEY: "canary" } });
const theAdmin = item("Domain", "d1", { host: "a.dev", applicationId: id("a1") });

/** Returns the outcome for each resource, with the id or the reason. */
function outcomes(resources: readonly Declared[], items: readonly Item[], given: Adoptions = {}) {
  const defaults = new Map([
    [id("e1"), id("p1")],
    [id("e2"), id("p2")],
  ]);
  const matches = matchesOf(resources, { references: new References(items, defaults), defaults }, given);
  assert.doesNotMatch(problemsIn(matches, false).join("\n"), /canary/);
  return matches.map((match) => {
    if (match.outcome === "found") return match.id;
    return match.outcome === "unclear" ? match.why : match.outcome;
  });
}

describe("the objects for a program whose state was lost", () => {
  it("are those of the same kind and name, in the same place", () => {
    const others = [
      item("Project", "p2", { name: "other" }),
      item("Application", "a2", { name: "api", environmentId: id("e2") }),
      item("Compose", "c1", { name: "api", environmentId: id("e1") }),
      item("Domain", "d2", { host: "a.dev", applicationId: id("a2") }),
      item("Domain", "d3", { host: "a.dev", applicationId: id("a1"), path: "/admin" }),
    ];
    assert.deepEqual(outcomes([shop, api, admin], [...others, theShop, theApi, theAdmin]), [
      id("p1"),
      id("a1"),
      id("d1"),
    ]);
  });

  it("are missing, with everything that belongs to them, where only another place has the name", () => {
    const elsewhere = item("Application", "a2", { name: "api", environmentId: id("e2") });
    assert.deepEqual(outcomes([shop, api, admin], [theShop, elsewhere]), [id("p1"), "missing", "missing"]);
    assert.deepEqual(outcomes([shop, api, admin], [theApi, theAdmin]), ["missing", "missing", "missing"]);
  });

  it("are missing where the program gives no name, also in a full environment", () => {
    const nameless = declared("Application", "api", { environmentId: id("e1") });
    assert.deepEqual(outcomes([nameless], [theShop, theApi]), ["missing"]);
  });

  it("are not clear where Dokploy has two of them, until a file names one", () => {
    const twin = item("Application", "a2", { name: "api", environmentId: id("e1") });
    const items = [theShop, theApi, twin, theAdmin];
    const [, why, part] = outcomes([shop, api, admin], items);
    assert.equal(why, `Dokploy has 2: ${id("a1")}, ${id("a2")}`);
    assert.equal(part, "the plan does not show its applicationId, which comes from api");
    const named = { Application: { api: id("a1") } };
    assert.deepEqual(outcomes([shop, api, admin], items, named), [id("p1"), id("a1"), id("d1")]);
    const others = { Application: { web: id("a1") }, Project: { api: id("a1") } };
    assert.deepEqual(outcomes([shop, api], items, others), [id("p1"), why]);
    assert.equal(outcomes([api], items, { Application: { toString: id("a1") } })[0]?.includes("a1"), false);
  });

  it("are not clear where two resources would share one, or have one name", () => {
    const same = declared("Application", "web", { name: "api" }, inShop);
    assert.deepEqual(outcomes([shop, api, same], [theShop, theApi]).slice(1), [
      `web is the same object, ${id("a1")}`,
      `api is the same object, ${id("a1")}`,
    ]);
    const urn = urnOf("Project", "component$shop");
    const [first, second] = outcomes(
      [shop, declared("Project", "shop", { name: "b" }, {}, { urn })],
      [theShop, item("Project", "p2", { name: "b" })],
    );
    assert.match(String(first), /several resources of the program are a Project with this name; give each/);
    assert.equal(first, second);
  });

  it("are not clear where the plan hides what distinguishes them, or another server has them", () => {
    const hidden = declared("Application", "api", { name: "[secret]", environmentId: id("e1") });
    assert.deepEqual(outcomes([hidden], [theShop, theApi]), ["the plan does not show its name"]);
    const provider = "\u001b[2Jbackup";
    const [elsewhere] = outcomes([declared("Project", "b", { name: "shop" }, {}, { provider })], [theShop]);
    assert.equal(elsewhere, "it goes to the server of the provider \\x1b[2Jbackup, which is not searched");
  });
});

describe("the value of a generated secret whose state was lost", () => {
  const secret = (owner: string, place: string, name = "api/KEY/3") =>
    declared("GeneratedSecret", name, { rotation: 3, adopts: `${owner}/${place}` });
  const ofApi = (place: string) => secret(urnOf("Application", "api"), place);

  it("is that of the variable that gets it, whichever rotation it is, and also of a build", () => {
    const built = { ...theApi, inputs: { ...theApi.inputs, buildArgs: { TOKEN: "canary" } } };
    const of = (path: string) => `application/${id("a1")}/${path}`;
    assert.deepEqual(outcomes([shop, ofApi("KEY"), api], [theShop, built]).at(1), of("KEY"));
    assert.deepEqual(
      outcomes([shop, ofApi("buildArgs/TOKEN"), api], [theShop, built]).at(1),
      of("buildArgs/TOKEN"),
    );
  });

  it("is that of the target for a block, and none where the object is missing", () => {
    const block = (target: Values, from = {}) => declared("EnvironmentBlock", "more", { target }, from);
    const key = secret(urnOf("EnvironmentBlock", "more"), "KEY");
    const byId = block({ composeId: "c1" });
    assert.deepEqual(outcomes([byId, key], []), ["made", "compose/c1/KEY"]);
    const byResource = block({ applicationId: unknownValue }, { target: ["Application", "api"] });
    assert.deepEqual(
      outcomes([shop, api, byResource, key], [theShop, theApi]).at(3),
      `application/${id("a1")}/KEY`,
    );
    assert.deepEqual(outcomes([shop, api, byResource, key], [theShop]).at(3), "made");
    assert.deepEqual(outcomes([secret("application/a1", "KEY")], [theApi]), ["made"]);
  });
});

const step = (op: string, kind: string, name: string, inputs: object = {}) => {
  const state = { custom: true, inputs, outputs: {} };
  return { op, urn: urnOf(kind, name), ...(op === "create" ? {} : { oldState: state }), newState: state };
};

const unchanged = (kind: string, name: string) => ({
  severity: "info",
  message: `info: ${diagnosticOf("Any words.", "unchanged", identityOf(urnOf(kind, name)))}\n`,
});

const effects = (steps: object[], diagnostics: object[] = []) =>
  effectsOf(readPreview(JSON.stringify({ steps, diagnostics })));

describe("the plan of an adoption", () => {
  it("keeps objects that are adopted unchanged, and the values of generated secrets", () => {
    const path = `application/a1/KEY`;
    const plan = effects(
      [
        step("create", "Application", "api", { name: "api" }),
        step("create", "GeneratedSecret", "api/KEY/2", { rotation: 2, adopts: path }),
        step("create", "GeneratedSecret", "api/NEW", { adopts: unknownValue }),
        step("create", "GeneratedSecret", "api/MADE"),
      ],
      [unchanged("Application", "api")],
    );
    assert.deepEqual(
      plan.effects.map(({ name, effect, text }) => [name, effect, text]),
      [
        ["api", "keep", "nothing to change"],
        ["api/KEY/2", "keep", "keeps the value that runs"],
        ["api/MADE", "create", "a new value"],
        ["api/NEW", "create", "a new value"],
      ],
    );
    assert.equal(countsOf(plan.effects), "2 adopted without a change, 2 created");
  });

  it("names the inputs and variables that change, and the deployment, without values", () => {
    const adopts = `${identityOf(urnOf("Application", "api"))};deploy;source.image;env,+NEW;env,~KEY;env,-OLD`;
    const inputs = {
      name: "api",
      source: { type: "docker", image: "a:canary" },
      env: { NEW: "canary", KEY: "canary" },
    };
    const { effects: found } = effects(
      [step("create", "Application", "api", inputs)],
      [{ severity: "warning", message: `warning: ${diagnosticOf("Any words.", "adopts", adopts)}\n` }],
    );
    assert.deepEqual(
      found.map(({ effect, text }) => [effect, text]),
      [["change", "changes ~KEY, +NEW, -OLD, source.image; deploys"]],
    );
    assert.equal(countsOf(found), "0 adopted without a change, 1 change");
  });

  it("says which resources are removed, also those of other packages", () => {
    const bucket = "urn:pulumi:prod::shop::aws:s3/bucket:Bucket::files";
    const { effects: found } = effects([
      step("delete", "Postgres", "db"),
      step("replace", "Application", "api"),
      { ...step("delete", "Postgres", "x"), urn: bucket },
      step("update", "Project", "shop"),
    ]);
    const named = (kind: string) => found.filter(({ effect }) => effect === kind).map(({ name }) => name);
    assert.deepEqual(
      [named("remove").sort(), named("keep"), named("create")],
      [["api", "db", "files"], [], []],
    );
  });

  it("has the errors on one line each, and says that it failed where it gives none", () => {
    const message = 'error: Application "api":\n  is \u001b[31mwrong\n';
    const urn = urnOf("Application", "api");
    const [text = "", ...others] = effects([], [{ severity: "error", message, urn }]).errors;
    assert.deepEqual([others, text.includes("\n"), text.includes("\u001b")], [[], false, false]);
    const failed = { steps: [], diagnostics: [], failed: true };
    assert.deepEqual(effectsOf(failed).errors, ["the preview failed"]);
  });
});
