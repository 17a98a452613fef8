import * as assert from "node:assert/strict";
import { readPreview } from "../../../../../cli/plan";
import { type Declared, declaredIn } from "../../../../../cli/server/adopt/declared";
import { matchesOf } from "../../../../../cli/server/adopt/matching";
import { placesOf } from "../../../../../cli/server/adopt/places";
import { effectsOf } from "../../../../../cli/server/adopt/planned";
import { countsOf, problemsIn, rowsOf, tableOf } from "../../../../../cli/server/adopt/render";
import type { Item } from "../../../../../cli/server/export/item";
import { References } from "../../../../../cli/server/export/references";
import { unknownValue } from "../../../../../packages/values";
import { diagnosticOf, identityOf } from "../../../../../provider/pulumi";
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

const defaults = new Map([
  [id("e1"), id("p1")],
  [id("e2"), id("p2")],
]);

/** Returns the outcome for each resource, with the id or the reason. */
function outcomes(resources: readonly Declared[], items: readonly Item[], given: Adoptions = {}) {
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

  it("are next to another resource whose environment the program gives them, and not inside that resource", () => {
    const web = declared("Application", "web", { name: "web" }, { environmentId: ["Application", "api"] });
    const theWeb = item("Application", "a3", { name: "web", environmentId: id("e1") });
    const inside = item("Application", "a4", { name: "web", environmentId: id("a1") });
    assert.deepEqual(outcomes([shop, api, web], [inside, theWeb, theApi, theShop]), [
      id("p1"),
      id("a1"),
      id("a3"),
    ]);
  });

  it("are in the default environment of their own project, which has its id by another output", () => {
    const other = declared("Project", "other", { name: "other" });
    const web = declared("Application", "web", { name: "web" }, { environmentId: ["Project", "other"] });
    const items = [
      ...[theShop, item("Project", "p2", { name: "other" })],
      item("Application", "a1", { name: "web", environmentId: id("e1") }),
      item("Application", "a2", { name: "web", environmentId: id("e2") }),
    ];
    assert.deepEqual(outcomes([shop, other, web], items).at(2), id("a2"));
  });

  it("are in the object of the kind that the input names, where its value comes from several", () => {
    const from = (input: string, resource: Declared, ...more: Declared[]) =>
      ({ dependencies: { [input]: [resource, ...more].map(({ urn }) => urn) } }) as const;
    const inputs = { host: "a.dev", applicationId: unknownValue };
    const both = declared("Domain", "admin", inputs, {}, from("applicationId", shop, api));
    const items = [theShop, theApi, theAdmin];
    assert.deepEqual(outcomes([shop, api, both], items).at(2), id("d1"));
    const named = declared("Domain", "more", { ...inputs, host: unknownValue }, {}, from("host", shop, api));
    assert.equal(
      outcomes([shop, api, named], items).at(2),
      "the plan does not show its host and applicationId",
      "nobody knows which one",
    );
  });

  it("are not clear where the plan does not show to what they belong", () => {
    for (const [kind, input] of [
      ["Application", "environmentId"],
      ["Environment", "projectId"],
      ["Redirect", "applicationId"],
    ] as const) {
      const lost = declared(kind, "lost", { name: "api", regex: "a", [input]: unknownValue });
      assert.deepEqual(outcomes([lost], [theShop, theApi]), [`the plan does not show its ${input}`], kind);
    }
  });

  it("are not clear, and not missing, where only some of what they belong to is missing", () => {
    const bucket = declared("Destination", "bucket", { name: "bucket" });
    const from = { destinationId: ["Destination", "bucket"], applicationId: ["Application", "api"] } as const;
    const nightly = declared("VolumeBackup", "nightly", { prefix: "/a", volumeName: "data" }, from);
    const twin = item("Application", "a2", { name: "api", environmentId: id("e1") });
    const all = [shop, api, bucket, nightly];
    assert.deepEqual(outcomes(all, [theShop]).at(3), "missing");
    assert.equal(
      outcomes(all, [theShop, theApi, twin]).at(3),
      "the plan does not show its destinationId and applicationId, which comes from bucket",
    );
  });

  it("are not looked for where the kind has none, or belongs to what another resource has", () => {
    const target = { target: { applicationId: unknownValue } };
    const block = (around: string) =>
      declared(
        "EnvironmentBlock",
        "more",
        target,
        { target: ["Application", "api"] },
        {
          urn: urnOf("EnvironmentBlock", "more").replace("::pulumi", `::my:index:${around}$pulumi`),
        },
      );
    const others = [
      declared("Deployment", "first", target, { target: ["Application", "api"] }),
      declared("ApiKey", "key", { name: "shop" }),
      // Two of one name are no harm, since the file names neither.
      ...[block("A"), block("B")],
    ];
    const given = { ApiKey: { key: id("k1") }, EnvironmentBlock: { more: id("k2") } };
    assert.deepEqual(outcomes([shop, api, ...others], [theShop, theApi], given).slice(2), [
      ...["made", "made", "made", "made"],
    ]);
  });

  it("may have the name of a resource of another kind", () => {
    const named = declared("Application", "shop", { name: "api" }, inShop);
    assert.deepEqual(outcomes([shop, named], [theShop, theApi]), [id("p1"), id("a1")]);
  });

  it("are not clear where a name comes from another resource, and the plan does not show it", () => {
    const named = declared(
      ...(["Domain", "more", { applicationId: id("a1") }, { host: ["Domain", "admin"] }] as const),
    );
    const last = outcomes([shop, api, admin, named], [theShop, theApi, theAdmin]).at(3);
    assert.equal(last, "the plan does not show its host, which comes from admin");
  });

  it("are those of a bucket that other resources name, also where the plan shows no id of it", () => {
    const bucket = declared("Destination", "bucket", { name: "bucket" });
    const db = declared("Postgres", "db", { name: "db" }, inShop);
    const nightly = declared(...(["Backup", "nightly", { prefix: "/a" }] as const), {
      destinationId: ["Destination", "bucket"],
      postgresId: ["Postgres", "db"],
    });
    const backup = (name: string, destination: string) =>
      item("Backup", name, { prefix: "/a", destinationId: id(destination), postgresId: id("g1") });
    const items = [
      ...[theShop, item("Destination", "b1", { name: "bucket" }), item("Destination", "b2", { name: "x" })],
      item("Postgres", "g1", { name: "db", environmentId: id("e1") }),
      ...[backup("k1", "b2"), backup("k2", "b1")],
    ];
    assert.deepEqual(outcomes([shop, bucket, db, nightly], items).slice(1), [id("b1"), id("g1"), id("k2")]);
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

  it("is known to the plan where the server shows it, and is never printed", () => {
    const inputs = {
      ...{ environmentId: id("e1"), env: { KEY: "canary", toString: 1 } },
      buildArgs: { TOKEN: "canary-of-a-build" },
    };
    const api1 = item("Application", "a1", { ...inputs, name: "api" });
    const other = item("Application", "a2", { ...inputs, name: "other" });
    const shared = item("Project", "p1", { name: "shop", env: { KEY: "canary-of-all" } });
    const secrets = [
      ...["KEY", "GONE", "toString", "buildArgs/TOKEN", "buildArgs/KEY", "buildSecrets/KEY"].map((place) =>
        secret(urnOf("Application", "api"), place, place),
      ),
      secret(urnOf("Project", "shop"), "KEY"),
    ];
    const matches = matchesOf(
      [shop, api, ...secrets],
      { references: new References([other, shared, api1], defaults), defaults },
      {},
    );
    assert.deepEqual(
      matches.slice(2).map((match) => match.outcome === "found" && match.value),
      ["canary", undefined, undefined, "canary-of-a-build", undefined, undefined, "canary-of-all"],
    );
    const table = tableOf(rowsOf(matches, { of: () => "", origin: () => "" }));
    assert.doesNotMatch(table + problemsIn(matches, false).join("\n"), /canary/);
  });

  it("is that of its own resource, also where the name of another is the beginning of its name", () => {
    const inner = { ...theApi, id: id("a2"), inputs: { ...theApi.inputs, name: "worker" } };
    const worker = declared(
      "Application",
      "api/worker",
      { name: "worker", environmentId: unknownValue },
      { environmentId: ["Project", "shop"] },
    );
    const key = secret(urnOf("Application", "api/worker"), "KEY");
    assert.equal(
      outcomes([shop, api, worker, key], [theShop, theApi, inner]).at(3),
      `application/${id("a2")}/KEY`,
    );
    const unknown = secret(urnOf("Application", "api/other"), "KEY");
    assert.equal(outcomes([shop, api, unknown], [theShop, theApi]).at(2), "made");
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
  });

  it("is that of the place that the program or a file names itself", () => {
    const of = (place: string) => `application/${id("a1")}/${place}`;
    for (const place of ["KEY", "buildArgs/TOKEN"]) {
      const found = secret(`application/${id("a1")}`, place);
      assert.deepEqual(outcomes([shop, api, found], [theShop, theApi]).at(2), of(place));
    }
    assert.deepEqual(outcomes([secret(urnOf("Application", "gone"), "KEY")], [theApi]), ["made"]);
    assert.deepEqual(outcomes([declared("GeneratedSecret", "KEY", {})], [theApi]), ["made"]);
  });

  it("is not that of a service whose name begins in the same way", () => {
    const more = declared("Application", "api/KEY", { name: "more" }, inShop);
    const longer = declared("Application", "a-name-that-is-longer", { name: "longer" }, inShop);
    const theMore = item("Application", "a5", { name: "more", environmentId: id("e1") });
    const key = secret(urnOf("Application", "api/KEY"), "KEY");
    assert.equal(
      outcomes([shop, longer, api, more, key], [theShop, theApi, theMore]).at(4),
      `application/${id("a5")}/KEY`,
    );
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

describe("the resources that a program declares", () => {
  it("are those that the plan creates and the program does not adopt itself, in its order", () => {
    const adopted = `${identityOf(urnOf("Application", "mine"))};deploy`;
    const provider = "urn:pulumi:prod::shop::pulumi:providers:dokploy-native::backup::an-id";
    const withMore = (given: object, more: object) => {
      const made = given as { newState: object };
      return { ...made, newState: { ...made.newState, ...more } };
    };
    const dependencies = { environmentId: [urnOf("Project", "shop")] };
    const preview = readPreview(
      JSON.stringify({
        steps: [
          step("create", "Project", "shop", { name: "shop" }),
          withMore(step("create", "Application", "web", { name: "web", environmentId: unknownValue }), {
            propertyDependencies: dependencies,
          }),
          step("create", "Application", "mine", { name: "mine" }),
          step("update", "Application", "old", { name: "old" }),
          step("delete", "Application", "gone", { name: "gone" }),
          step("same", "Application", "same", { name: "same" }),
          step("create", "NoKind", "x"),
          {
            ...step("create", "Project", "files"),
            urn: "urn:pulumi:prod::shop::aws:s3/bucket:Bucket::files",
          },
          withMore(step("create", "Project", "team"), { custom: false }),
          withMore(
            {
              ...step("create", "Project", "away", { name: "away" }),
              urn: "urn:pulumi:prod::shop::dokploy-native:index:Project::away",
            },
            { provider },
          ),
        ],
        diagnostics: [
          { severity: "warning", message: `warning: ${diagnosticOf("Any words.", "adopts", adopted)}\n` },
        ],
      }),
    );
    assert.deepEqual(
      declaredIn(preview).map(({ definition, ...declaredOne }) => ({ ...declaredOne, of: definition.kind })),
      [
        {
          ...{ urn: urnOf("Project", "shop"), kind: "Project", name: "shop", of: "Project" },
          ...{ inputs: { name: "shop" }, dependencies: {} },
        },
        {
          ...{ urn: urnOf("Application", "web"), kind: "Application", name: "web", of: "Application" },
          ...{ inputs: { name: "web", environmentId: unknownValue }, dependencies },
        },
        {
          urn: "urn:pulumi:prod::shop::dokploy-native:index:Project::away",
          ...{ kind: "Project", name: "away", inputs: { name: "away" }, dependencies: {} },
          ...{ provider: "backup", of: "Project" },
        },
      ],
    );
  });
});

describe("the table of an adoption", () => {
  const createdAt = "2026-03-04T05:06:07Z";
  const environments = [
    { environmentId: id("e1"), name: "production", isDefault: true, createdAt },
    { environmentId: id("e9"), name: "stag\u001bing", isDefault: false },
  ];
  const tree = {
    projects: async () => [{ projectId: id("p1"), name: "shop", createdAt, environments }],
    services: async () => [{ kind: "application", id: id("a1"), row: { createdAt: "2026-05-06T07:08:09Z" } }],
    api: {
      call: async () => ({
        logs: [{ resourceId: id("d1"), createdAt: "2026-01-02T03:04:05Z", userEmail: "ana@acme.dev" }],
      }),
    },
  };
  const places = async () =>
    await placesOf(tree as never, new References([theShop, theApi, theAdmin], defaults));

  it("has the place and the origin of each object, as far as somebody knows them", async () => {
    const { of, origin } = await places();
    assert.deepEqual([id("p1"), id("e1"), id("e9"), id("a1"), id("d1"), id("x"), undefined].map(of), [
      ...["shop", "shop / production", "shop / stag\\x1bing", "shop / production / api"],
      ...["shop / production / api / a.dev", "", ""],
    ]);
    assert.deepEqual([id("p1"), id("e1"), id("e9"), id("a1"), id("d1"), ""].map(origin), [
      ...["2026-03-04 05:06 UTC", "2026-03-04 05:06 UTC", "", "2026-05-06 07:08 UTC"],
      ...["2026-01-02 03:04 UTC by ana@acme.dev", ""],
    ]);
  });

  it("has a row for each resource, also for a missing one with its place, and one for each other change", async () => {
    const references = new References([theShop, theApi], defaults);
    const block = declared("EnvironmentBlock", "more", { target: { applicationId: id("a1") } });
    const first = declared(
      "Deployment",
      "first",
      { target: { applicationId: unknownValue } },
      { target: ["Application", "one"] },
    );
    const release = declared("Deployment", "again", { target: { applicationId: id("a1") } });
    const lost = declared("Postgres", "d\u001bb", { name: "db" }, inShop);
    const twins = ["one", "two"].map((name) => declared("Application", name, { name: "api" }, inShop));
    const away = declared("Project", "away", { name: "x" }, {}, { provider: "backup" });
    const nowhere = declared("Application", "lost", { name: "x" }, { environmentId: ["Project", "away"] });
    const all = [shop, block, lost, ...twins, away, nowhere, first, release];
    const matches = matchesOf(all, { references, defaults }, {});
    const rows = rowsOf(matches, await places());
    const inProduction = "shop / production";
    assert.deepEqual(
      rows.map(({ name, place, id: its, plan }) => [name, place, its, plan]),
      [
        ["shop", "", id("p1"), "found"],
        ["more", "shop / production / api", "", "no object to find"],
        ["d\u001bb", inProduction, "", "not found"],
        ["one", inProduction, "", `two is the same object, ${id("a1")}`],
        ["two", inProduction, "", `one is the same object, ${id("a1")}`],
        ["away", "", "", "it goes to the server of the provider backup, which is not searched"],
        ["lost", "", "", "the plan does not show its environmentId, which comes from away"],
        ["first", "shop / production / api", "", "no object to find"],
        ["again", "shop / production / api", "", "no object to find"],
      ],
    );
    assert.match(tableOf(rows), /^Postgres +d\\x1bb +shop \/ production +- +- +not found$/m);
    const removed = { urn: "u", kind: "Mongo", name: "m", effect: "remove", text: "delete" } as const;
    const changed = {
      urn: shop.urn,
      kind: "Project",
      name: "shop",
      effect: "change",
      text: "changes env",
    } as const;
    const planned = rowsOf(matches, await places(), [removed, changed]);
    assert.deepEqual([planned[0]?.plan, planned.length], ["changes env", rows.length + 1]);
    assert.deepEqual(planned.at(-1), {
      ...{ kind: "Mongo", name: "m", place: "", id: "", created: "", plan: "delete" },
    });
    assert.match(
      problemsIn(matches, false).join("\n"),
      /\nNot found\. With --create the update creates them, a database without its data:\n +Postgres d\\x1bb\s*$/,
    );
    assert.equal(
      problemsIn(matches, true).join("\n").trim(),
      [
        "Not clear, so nothing is adopted. A file that dokploy:adopt names can give the ids:",
        `  Application one: two is the same object, ${id("a1")}`,
        `  Application two: one is the same object, ${id("a1")}`,
        "  Project away: it goes to the server of the provider backup, which is not searched",
        "  Application lost: the plan does not show its environmentId, which comes from away",
      ].join("\n"),
    );
  });
});

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

  it("names new objects, their deployments, and changes of no named input", () => {
    const source = { type: "docker", image: "a:1" };
    const { effects: found, errors } = effects(
      [
        step("create", "Application", "api", { name: "api", source }),
        step("create", "Project", "shop", { name: "shop" }),
        step("update", "GeneratedSecret", "api/KEY", { rotation: 2 }),
        step("create", "Application", "mine", { name: "mine" }),
        { ...step("create", "Project", "x"), urn: "urn:pulumi:prod::shop::aws:s3/bucket:Bucket::files" },
      ],
      [
        {
          severity: "warning",
          message: `warning: ${diagnosticOf("Any words.", "adopts", `${identityOf(urnOf("Application", "mine"))};none`)}\n`,
        },
      ],
    );
    assert.deepEqual(errors, []);
    assert.deepEqual(found.map(({ name, effect, text }) => [name, effect, text]).sort(), [
      ["api", "create", "new, deploys"],
      ["api/KEY", "change", "update"],
      ["files", "create", "create"],
      ["mine", "change", "changes"],
      ["shop", "create", "new"],
    ]);
    assert.equal(countsOf(found), "0 adopted without a change, 2 changes, 3 created");
  });

  it("has the errors on one line each, and says that it failed where it gives none", () => {
    const message = 'error: Application "api":\n  is \u001b[31mwrong\n';
    const urn = urnOf("Application", "api");
    const [text = "", ...others] = effects([], [{ severity: "error", message, urn }]).errors;
    assert.deepEqual([others, text.includes("\u001b")], [[], false]);
    assert.match(text, /^(?:error: )?Application "api": is \S*wrong\S*$/);
    const failed = { steps: [], diagnostics: [], failed: true };
    assert.deepEqual(effectsOf(failed).errors, ["the preview failed"]);
  });
});
