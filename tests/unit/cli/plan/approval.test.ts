import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { inflateRawSync } from "node:zlib";
import * as fc from "fast-check";
import { check, factsOf, planKey, planOf, readPreview } from "../../../../cli/plan";
import { Block, readFingerprint, shownTotal, totalOf } from "../../../../cli/plan/approval/block";
import { differenceLine, differences } from "../../../../cli/plan/approval/compare";
import { enginePath, type Path } from "../../../../cli/plan/values";
import { UsageError } from "../../../../cli/terminal";
import { adoptionData } from "../../../../provider/engine/adoption/adoption-data";
import { diagnosticOf, identityOf, type PlanKey } from "../../../../provider/pulumi";

const keyOf = (text: string) => planKey({ DOKPLOY_PLAN_KEY: text });
const key = keyOf("a key for the tests alone");
const otherKey = keyOf("another key for the tests");

function factsIn(plan: string, by = key) {
  const preview = readPreview(plan);
  return factsOf(preview, planOf(preview), by);
}

function blockOf(plan: string, { commit, maxLength = 16_000 }: { commit?: string; maxLength?: number } = {}) {
  return new Block(factsIn(plan), key, { commit, maxLength });
}

/** What approve-check says of a plan, when another one was approved. */
function said(approved: string, now: string, options: Parameters<typeof blockOf>[1] = {}): string[] {
  const comment = blockOf(approved, options).after("## Plan\n");
  return check(now, comment, { commit: undefined, stack: undefined, key }).differences.map(differenceLine);
}

type Values = Record<string, unknown>;

/** A resource as a test plans it. */
interface Planned {
  readonly name: string;
  readonly op: "create" | "update" | "delete";
  readonly olds: Values;
  readonly news: Values;
}

const urnOf = (name: string) => `urn:pulumi:test::shop::pulumi-nodejs:dynamic/dokploy:Application::${name}`;

/** Lists what differs, as the engine does. */
function diffOf(olds: Values, news: Values, at: Path = []): [string, { kind: string }][] {
  const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])];
  return names.flatMap((name): [string, { kind: string }][] => {
    const [old, now] = [olds[name], news[name]];
    if (JSON.stringify(old) === JSON.stringify(now)) return [];
    if (name === "env") return diffOf(old as Values, now as Values, ["env"]);
    const kind = old === undefined ? "add" : now === undefined ? "delete" : "update";
    return [[enginePath([...at, name]), { kind }]];
  });
}

function stepOf({ name, op, olds, news }: Planned): Values {
  const urn = urnOf(name);
  const state = (inputs: Values) => ({ urn, custom: true, inputs: { __provider: "code", ...inputs } });
  const oldState = { ...state(olds), id: `id of ${name}`, outputs: { ...olds, appName: `app-${name}` } };
  return {
    op,
    urn,
    ...(op === "create" ? {} : { oldState }),
    ...(op === "delete" ? {} : { newState: state(news) }),
    ...(op === "update" ? { detailedDiff: Object.fromEntries(diffOf(olds, news)) } : { detailedDiff: null }),
  };
}

const stackStep = { op: "same", urn: "urn:pulumi:test::shop::pulumi:pulumi:Stack::shop-test", newState: {} };
const planText = (steps: readonly unknown[], diagnostics: readonly unknown[] = []) =>
  JSON.stringify({ steps: [stackStep, ...steps], diagnostics, changeSummary: {} });
const planWith = (...resources: Planned[]) => planText(resources.map(stepOf));

const api: Planned = {
  name: "api",
  op: "update",
  olds: { name: "api", replicas: 1, env: { LOG_LEVEL: "info", OLD: "1", TOKEN: "[secret]" } },
  news: { name: "api", replicas: 1, env: { LOG_LEVEL: "debug", TOKEN: "[secret]" } },
};
const web: Planned = { name: "web", op: "create", olds: {}, news: { name: "web", env: { A: "a" } } };
const old: Planned = { name: "old", op: "delete", olds: { name: "old", env: { B: "b" } }, news: {} };
const env = (resource: Planned, more: Values, side: "olds" | "news" = "news"): Planned => ({
  ...resource,
  [side]: { ...resource[side], env: { ...(resource[side]["env"] as Values), ...more } },
});

describe("the comparison with the approved plan", () => {
  it("finds the plan of then in one of now, and no text or time in it matters", () => {
    const plan = planWith(api, web, old);
    assert.deepEqual(said(plan, plan), []);
    const noise = [{ severity: "warning", message: "took 3 s at 12:03" }];
    assert.deepEqual(said(plan, planText([old, api, web].map(stepOf), noise)), []);
    const type = "shop:index:Shop";
    const component = {
      op: "create",
      urn: `urn:pulumi:test::shop::${type}::shop`,
      newState: { custom: false, type },
    };
    assert.deepEqual(said(plan, planText([...[api, web, old].map(stepOf), component])), []);
    const upgraded = plan.replaceAll('"__provider":"code"', '"__provider":"code of a later version"');
    assert.notEqual(upgraded, plan);
    assert.deepEqual(said(plan, upgraded), []);
  });

  it("names resources that only one of the plans has, or that it treats in another way", () => {
    const plan = planWith(api, old);
    assert.deepEqual(said(plan, planWith(api, web)), [
      "old (Application): stays as it is now; in the approved plan it is deleted",
      "web (Application): is created now; in the approved plan it stays as it is",
    ]);
    assert.deepEqual(said(plan, planWith({ ...api, op: "delete" }, old)), [
      "api (Application): is deleted now; in the approved plan it is updated",
    ]);
    const kept = planWith(api, old).replace('"id":"id of old"', '"id":"id of old","retainOnDelete":true');
    assert.deepEqual(said(plan, kept), [
      "old (Application): is let go now; in the approved plan it is deleted",
    ]);
  });

  it("names each input that differs", () => {
    const plan = planWith(api);
    assert.deepEqual(said(plan, planWith(env(api, { LOG_LEVEL: "trace", NEW: "1", "A.B": "2", OLD: "1" }))), [
      "api (Application): env.LOG_LEVEL gets a value that differs from the approved plan",
      "api (Application): env.NEW is added now; in the approved plan it stays as it is",
      "api (Application): env.OLD stays as it is now; in the approved plan it is removed",
      'api (Application): env["A.B"] is added now; in the approved plan it stays as it is',
    ]);
    const kinds = planText([stepOf(api)]).replace('"env.OLD":{"kind":"delete"', '"env.OLD":{"kind":"update"');
    assert.deepEqual(said(plan, kinds), [
      "api (Application): env.OLD is changed now; in the approved plan it is removed",
    ]);
  });

  it("names inputs below which the program chose names like those of the engine's own inputs", () => {
    const patched = (content: string): Planned => ({
      ...web,
      news: { name: "web", patches: { "__main__.py": { content } } },
    });
    assert.deepEqual(said(planWith(patched("print(1)")), planWith(patched("evil()"))), [
      'web (Application): patches["__main__.py"].content gets a value that differs from the approved plan',
    ]);
  });

  it("stays one line when the name of a resource has a line break", () => {
    const named = { ...web, name: "web\nall is well" };
    assert.deepEqual(said(planWith(), planWith(named)), [
      "web\\nall is well (Application): is created now; in the approved plan it stays as it is",
    ]);
  });

  it("names which secrets change, whose values no plan contains", () => {
    const changed = planText([stepOf(api)]).replace('"env.OLD":', '"env.TOKEN":{"kind":"update"},"env.OLD":');
    assert.deepEqual(said(planWith(api), changed), [
      "api (Application): env.TOKEN is changed now; in the approved plan it stays as it is",
    ]);
  });

  it("finds another secret by what the provider reports of its key", () => {
    const report = (before: string, after: string, text = "Any words.") => {
      const about = [identityOf(urnOf("api")), before, after].join(";");
      return { severity: "info", message: `info: ${diagnosticOf(text, "fingerprint", about)}\n` };
    };
    const sealed = (before: string, after: string, ...more: object[]) =>
      planText([stepOf(api)], [report(before, after), ...more]);
    const plan = sealed("a", "b");
    assert.deepEqual(said(plan, plan), []);
    assert.deepEqual(said(plan, sealed("a", "c")), [
      "api (Application): gets a secret that differs from the approved plan",
    ]);
    assert.deepEqual(said(plan, sealed("c", "b")), [
      "api (Application): was changed after the plan was approved: a secret in its state differs",
    ]);
    // A line of the program that looks like a report, before and after it.
    for (const text of ["A", "Z"])
      assert.ok(
        said(plan, sealed("a", "c", report("a", "b", text))).includes(
          "api (Application): gets a secret that differs from the approved plan",
        ),
      );
    for (const [approved, now, which] of [
      [plan, planWith(api), "current plan"],
      [planWith(api), plan, "approved plan"],
    ] as const) {
      assert.deepEqual(said(approved, now), [
        `api (Application): cannot be compared in full: the preview for the ${which} ran without DOKPLOY_PLAN_KEY`,
      ]);
    }
  });

  it("names what was changed in the state after the approval", () => {
    const later = env(env(api, { LOG_LEVEL: "warn", C: "c" }, "olds"), { C: "c" });
    assert.deepEqual(said(planWith(api), planWith(later)), [
      "api (Application): was changed after the plan was approved: its state differs in env",
    ]);
    const another = planWith(old).replaceAll("id of old", "id of another");
    assert.deepEqual(said(planWith(old), another), [
      "old (Application): was changed after the plan was approved: its state differs in id",
    ]);
    for (const [output, value] of [
      ["pending", '"deploy"'],
      ["pendingReferrers", '["application/x"]'],
    ] as const) {
      const unfinished = planWith(api).replace('"appName":"app-api"', `"${output}":${value}`);
      assert.deepEqual(said(planWith(api), unfinished), [
        `api (Application): was changed after the plan was approved: its state differs in ${output}`,
      ]);
    }
  });

  it("names another deployment, a hidden input, another server and another commit", () => {
    const held: Planned = { ...web, news: { ...web.news, deploy: false } };
    assert.ok(
      said(planWith(web), planWith(held)).includes(
        "web (Application): is now followed by no deployment (deploy: false); in the approved plan by a deployment",
      ),
    );
    const hidden = (port: number): Planned => ({
      ...api,
      olds: { ...api.olds, replicas: 2 },
      news: { ...api.news, port },
    });
    const unlisted = (port: number) =>
      planText([{ ...stepOf(hidden(port)), detailedDiff: { replicas: { kind: "update" } } }]);
    assert.deepEqual(said(unlisted(1), unlisted(2)), [
      "api (Application): has an input that differs from the approved plan and that the plan does not show",
    ]);
    const facts = { ...factsIn(planWith(api)), server: "a.example.com" };
    const approved = { stack: "shop/test", total: totalOf(facts, key), resources: facts.resources };
    assert.deepEqual(differences({ ...approved, server: "b.example.com" }, facts, key), []);
    assert.deepEqual(differences({ ...approved, server: facts.server, total: "" }, facts, key), [
      { text: "The plan differs." },
    ]);
    assert.deepEqual(differences({ ...approved, total: "" }, facts, key).map(differenceLine), [
      "The plan is for a.example.com; the approved one was for a server that it does not name.",
    ]);
    const comment = blockOf(planWith(api), { commit: "aaaa" }).after("");
    const of = (commit: string, text = comment) =>
      check(planWith(api), text, { commit, stack: undefined, key });
    assert.equal(of("aaaa").same, true);
    assert.deepEqual(of("bbbb").differences, [
      { text: "The approved plan is of commit aaaa; commit bbbb was expected." },
    ]);
    assert.deepEqual(of("bbbb", blockOf(planWith(api)).after("")).differences, [
      { text: "The approved plan names no commit; commit bbbb was expected." },
    ]);
    const [first, ...others] = check(planWith(web), comment, {
      commit: "bbbb",
      stack: undefined,
      key,
    }).differences;
    assert.deepEqual(first, { text: "The approved plan is of commit aaaa; commit bbbb was expected." });
    assert.ok(others.length > 0, "the resources follow");
  });

  describe("where a program has several servers", () => {
    const providerUrn = (name: string) => `urn:pulumi:test::shop::pulumi:providers:pulumi-nodejs::${name}`;
    const reference = (name: string) => `${providerUrn(name)}::04da6b54-80e4-46f7-96ec-b56ff0331ba9`;
    const providerStep = (name: string, url: unknown) => ({
      ...{ op: "same", urn: providerUrn(name) },
      newState: { custom: true, inputs: { "dokploy:url": url } },
    });
    const on = (resource: Planned, provider: string) => {
      const step = stepOf(resource);
      const withProvider = (state: unknown) =>
        state === undefined ? {} : { ...(state as Values), provider: reference(provider) };
      return {
        ...step,
        ...("oldState" in step ? { oldState: withProvider(step["oldState"]) } : {}),
        ...("newState" in step ? { newState: withProvider(step["newState"]) } : {}),
      };
    };
    const shop: Planned = { ...web, name: "shop" };
    const planOn = (first: string, second: string, url: unknown = "https://eu.acme.dev/api/") =>
      planText([
        ...[providerStep("eu", url), providerStep("us", "https://us.acme.dev")],
        ...[on(web, first), on(shop, second)],
      ]);

    it("finds two new resources that have swapped their servers", () => {
      assert.deepEqual(said(planOn("eu", "us"), planOn("eu", "us")), []);
      assert.deepEqual(said(planOn("eu", "us"), planOn("us", "eu")), [
        'shop (Application): goes to "eu.acme.dev" through the provider "eu" now; in the approved plan to "us.acme.dev" through the provider "us"',
        'web (Application): goes to "us.acme.dev" through the provider "us" now; in the approved plan to "eu.acme.dev" through the provider "eu"',
      ]);
      assert.deepEqual(said(planOn("eu", "default"), planOn("eu", "eu")), [
        'shop (Application): goes to "eu.acme.dev" through the provider "eu" now; in the approved plan to the server of the stack\'s settings',
      ]);
    });

    it("knows a server whose address the plan hides by its provider, and default providers of any version as one", () => {
      assert.deepEqual(said(planOn("eu", "us", "[secret]"), planOn("eu", "eu", "[secret]")), [
        'shop (Application): goes to a server through the provider "eu" now; in the approved plan to "us.acme.dev" through the provider "us"',
      ]);
      assert.deepEqual(said(planOn("eu", "default_0_1_0"), planOn("eu", "default_0_2_0")), []);
      const named = (provider: string) =>
        planText([providerStep("default_eu", "https://eu.acme.dev"), on(web, provider)]);
      assert.match(
        said(named("default_eu"), named("default"))[0] ?? "",
        /to "eu\.acme\.dev" through the provider "default_eu"$/,
      );
      assert.notDeepEqual(said(planOn("eu", "defaults"), planOn("eu", "default")), []);
    });

    it("distinguishes providers of one name, which other components have", () => {
      const below = (component: string) =>
        providerUrn("eu").replace("pulumi:providers", `${component}$pulumi:providers`);
      const planBelow = (...components: [string, string]) =>
        planText([
          ...["a:b:C", "a:b:D"].map((component) => ({
            ...providerStep("eu", "[secret]"),
            urn: below(component),
          })),
          ...[on(web, "eu"), on(shop, "eu")].map((step, at) => ({
            ...step,
            newState: {
              ...(step as { newState?: Values }).newState,
              provider: `${below(components[at] ?? "")}::id`,
            },
          })),
        ]);
      assert.deepEqual(said(planBelow("a:b:C", "a:b:D"), planBelow("a:b:C", "a:b:D")), []);
      const text =
        'goes to a server through the provider "eu", but in the approved plan this name is that of another provider';
      assert.deepEqual(said(planBelow("a:b:C", "a:b:D"), planBelow("a:b:D", "a:b:C")), [
        `shop (Application): ${text}`,
        `web (Application): ${text}`,
      ]);
    });

    it("finds a deletion on another server", () => {
      const deletion = (provider: string) =>
        planText([providerStep("eu", "https://eu.acme.dev"), on(old, provider)]);
      assert.match(
        said(deletion("eu"), deletion("default"))[0] ?? "",
        /^old \(Application\): goes to the server of the stack's/,
      );
    });
  });

  it("finds a replacement that no longer keeps the former object", () => {
    const replacement = (retainOnDelete: boolean) => {
      const step = stepOf(api);
      return planText([
        { ...step, op: "replace", oldState: { ...(step["oldState"] as Values), retainOnDelete } },
      ]);
    };
    assert.deepEqual(said(replacement(true), replacement(true)), []);
    assert.deepEqual(said(replacement(true), replacement(false)), [
      "api (Application): is replaced, and the former object is deleted now; in the approved plan it is kept",
    ]);
  });

  it("finds an import of another object, and another object that an interrupted run left to be deleted", () => {
    const imported = (id: string) => {
      const step = stepOf(web);
      return planText([{ ...step, op: "import", newState: { ...(step["newState"] as Values), id } }]);
    };
    const left = (id: string) =>
      planText([stepOf({ ...old, name: "api" }), stepOf(api)]).replace("id of api", id);
    for (const plan of [imported, left]) {
      assert.deepEqual(said(plan("a"), plan("a")), []);
      assert.match(said(plan("a"), plan("b")).join("\n"), /^\w+ \(Application\): .*differs in id$/);
    }
  });

  it("finds values that only the update knows, and secrets, by the resources that they come from", () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const placed = (input: string, value: unknown, server: string): string => {
      const step = stepOf({ ...web, news: { ...web.news, [input]: value } });
      const propertyDependencies = { name: [], [input]: [urnOf(server), urnOf("same")] };
      return planText([{ ...step, newState: { ...(step["newState"] as Values), propertyDependencies } }]);
    };
    for (const value of [unknown, { inner: [unknown] }, "[secret]"]) {
      assert.deepEqual(said(placed("serverId", value, "a"), placed("serverId", value, "a")), []);
      assert.match(
        said(placed("serverId", value, "a"), placed("serverId", value, "b"))[0] ?? "",
        /^web \(Application\): serverId\S* gets a value that differs from the approved plan$/,
      );
    }
    assert.deepEqual(said(placed("serverId", "known", "a"), placed("serverId", "known", "b")), []);
  });

  it("distinguishes an adoption from a creation, and finds what an adoption changes", () => {
    const messageOf = (about: string, code: "adopts" | "unchanged") => ({
      severity: "warning",
      message: `warning: ${diagnosticOf("It is adopted.", code, about)}`,
    });
    const identity = identityOf(urnOf("web"));
    const change = {
      apply: "deploy",
      minApply: "deploy",
      replace: false,
      input: "",
      path: "env",
    } as const;
    const adopting = (key: string) =>
      messageOf(
        adoptionData(identity, "deploy", [{ ...change, keys: { added: [key], changed: [], removed: [] } }]),
        "adopts",
      );
    const [created, unchanged, differing] = [[], [messageOf(identity, "unchanged")], [adopting("A")]].map(
      (diagnostics) => planText([stepOf(web)], diagnostics),
    ) as [string, string, string];
    assert.deepEqual(said(unchanged, unchanged), []);
    assert.deepEqual(said(unchanged, created), [
      "web (Application): is created now; in the approved plan it is adopted",
    ]);
    assert.deepEqual(said(unchanged, differing), [
      "web (Application): env.A is added now; in the approved plan it stays as it is",
      "web (Application): is now followed by a deployment; in the approved plan by nothing",
    ]);
    assert.deepEqual(said(differing, planText([stepOf(web)], [adopting("B")])), [
      "web (Application): env.A stays as it is now; in the approved plan it is added",
      "web (Application): env.B is added now; in the approved plan it stays as it is",
    ]);
  });

  it("finds the same plan in both forms that the CLI prints", () => {
    const recorded = (name: string) => readFileSync(path.join(__dirname, "previews", name), "utf8");
    const facts = factsIn(recorded("change.json"));
    assert.equal(Object.keys(facts.resources).length, 5);
    assert.deepEqual(factsIn(recorded("change-events.jsonl")), facts);
  });
});

/** Values that a fingerprint must not reveal. */
const value = fc.stringMatching(/^value-[a-z]{8}$/);
const values = fc.record(
  {
    name: value,
    description: value,
    replicas: fc.integer({ min: 1, max: 9 }),
    env: fc.dictionary(fc.stringMatching(/^[A-Z]{1,3}$/), fc.oneof(value, fc.constant("[secret]")), {
      maxKeys: 4,
    }),
  },
  { requiredKeys: ["name", "env"] },
);
const resources = fc.uniqueArray(
  fc.record({
    name: fc.stringMatching(/^[a-z]{1,4}$/),
    op: fc.constantFrom("create" as const, "update" as const, "delete" as const),
    olds: values,
    news: values,
  }),
  { selector: ({ name }) => name, minLength: 1, maxLength: 5 },
);
const shuffled = resources.chain((all) =>
  fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
);

/** Changes one thing in a resource that the plan does or starts from. */
const mutations: Readonly<Record<string, (resource: Planned) => Planned>> = {
  operation: (resource) => ({ ...resource, op: resource.op === "delete" ? "update" : "delete" }),
  "a variable before": (resource) =>
    resource.op === "create"
      ? env(resource, { ZZZZ: "1" })
      : env(env(resource, { ZZZZ: "1" }, "olds"), { ZZZZ: "1" }),
  "a variable after": (resource) =>
    resource.op === "delete" ? env(resource, { ZZZZ: "1" }, "olds") : env(resource, { ZZZZ: "1" }),
  "another input": (resource) => ({
    ...resource,
    olds: { ...resource.olds, replicas: 17 },
    news: { ...resource.news, replicas: 18 },
  }),
};

describe("the fingerprint of any plan", () => {
  it("does not depend on the order of resources", () => {
    fc.assert(
      fc.property(shuffled, ([all, others]) => {
        assert.equal(totalOf(factsIn(planWith(...all)), key), totalOf(factsIn(planWith(...others)), key));
      }),
    );
  });

  it("differs with each single change, and the comparison names the resource", () => {
    fc.assert(
      fc.property(resources, fc.nat(), fc.constantFrom(...Object.keys(mutations)), (all, at, mutation) => {
        const index = at % all.length;
        const now = all.map((resource, each) =>
          each === index ? mutations[mutation]?.(resource) : resource,
        );
        for (const maxLength of [16_000, 500]) {
          const found = said(planWith(...all), planWith(...(now as Planned[])), { maxLength });
          const name = all[index]?.name ?? "";
          assert.ok(found.length > 0);
          if (maxLength > 500)
            assert.ok(
              found.every((line) => line.startsWith(`${name} (Application): `)),
              found.join("\n"),
            );
        }
      }),
    );
  });

  it("contains no value, and nothing that can be tried out without the key", () => {
    fc.assert(
      fc.property(resources, (all) => {
        const plan = planWith(...all);
        const comment = blockOf(plan).after("");
        const [, payload = ""] = /v1 (\S+)/.exec(comment) ?? [];
        const inner = inflateRawSync(Buffer.from(payload, "base64")).toString();
        assert.doesNotMatch(comment + inner, /value-|\[secret\]/);
        const hashes = (by: PlanKey) =>
          Object.values(factsIn(plan, by).resources).flatMap(({ changes, base, result }) => [
            ...Object.values(changes).map(([, hash]) => hash),
            ...Object.values(base),
            result,
          ]);
        const [mine, others] = [hashes(key), hashes(otherKey)];
        assert.deepEqual(
          mine.filter((hash) => others.includes(hash)),
          [],
        );
        assert.equal(new Set(mine).size, mine.length, "equal values at two places have two hashes");
      }),
    );
  });

  it("is read from the comment as it was written, unless somebody changed it or the text before it", () => {
    fc.assert(
      fc.property(
        resources,
        fc.string(),
        fc.nat(),
        fc.constantFrom("A", " ", "0", "\n"),
        (all, text, at, sign) => {
          const block = blockOf(planWith(...all), { commit: "c0ffee" });
          const comment = block.after(text.replaceAll("\r", ""));
          const around = `<!-- plan: test -->\n${comment}\nCommit c0ffee\n`.replaceAll("\n", "\r\n");
          const facts = factsIn(planWith(...all));
          assert.deepEqual(readFingerprint(around, "shop/test", key).resources, facts.resources);
          const place = at % (comment.length - 1);
          const changed = comment.slice(0, place) + sign + comment.slice(place + 1);
          if (changed === comment) return;
          assert.throws(() => readFingerprint(changed, "shop/test", key), UsageError);
        },
      ),
    );
  });

  it("keeps its limit: first without the inputs, then without the resources", () => {
    const many = planWith(...Array.from({ length: 60 }, (_, at) => ({ ...api, name: `api-${at}` })));
    const other = planWith(
      ...Array.from({ length: 60 }, (_, at) => env({ ...api, name: `api-${at}` }, { X: `${at}` })),
    );
    const levels = [100_000, 4_000, 500].map((maxLength) => {
      const block = blockOf(many, { maxLength });
      assert.ok(block.length <= maxLength, `${block.length}`);
      assert.ok(block.after("").length <= block.length);
      assert.deepEqual(said(many, many, { maxLength }), []);
      return said(many, other, { maxLength })[0];
    });
    assert.deepEqual(levels, [
      "api-0 (Application): env.X is added now; in the approved plan it stays as it is",
      "api-0 (Application): differs; the fingerprint was too long for the names of its inputs",
      "The plan differs. The fingerprint was too long for the names of what differs.",
    ]);
    const oneLess = planWith(...Array.from({ length: 59 }, (_, at) => ({ ...api, name: `api-${at}` })));
    assert.deepEqual(said(many, oneLess, { maxLength: 4_000 }), [
      "api-59 (Application): stays as it is now; in the approved plan it changes",
    ]);
  });

  it("needs a key of 16 characters", () => {
    assert.equal(
      totalOf(factsIn(planWith(api), keyOf(` ${"k".repeat(16)} `)), key),
      totalOf(factsIn(planWith(api), keyOf("k".repeat(16))), key),
    );
    assert.throws(() => keyOf("k".repeat(15)), /needs at least 16 characters/);
    assert.throws(() => keyOf(`${"k".repeat(15)} `), /needs at least 16 characters/);
  });

  it("is short for people", () => {
    assert.match(shownTotal(totalOf(factsIn(planWith(api)), key)), /^[0-9a-f]{4}(?:-[0-9a-f]{4}){3}$/);
  });
});

describe("the last fingerprint of a stack in comments", () => {
  const of = (stack: string, plan = planWith(api)) =>
    blockOf(plan.replaceAll(":test::", `:${stack}::`), {}).after(`## Plan for ${stack}\n`);

  it("counts, also among those of other stacks and those that somebody made up", () => {
    const forged = of("test", planWith(web)).replace(/ \S{44} -->/, ` ${"A".repeat(43)}= -->`);
    const comments = of("test", planWith(old)) + of("test") + of("prod") + forged;
    const { resources: found } = readFingerprint(comments, "shop/test", key);
    assert.deepEqual(Object.keys(found ?? {}), [urnOf("api")]);
  });

  it("is missing with a reason", () => {
    const reasons: readonly (readonly [string, PlanKey, RegExp])[] = [
      ["", key, /has no fingerprint\. plan-summary writes one/],
      [of("prod") + of("prod"), key, /has no fingerprint of shop\/test, only of shop\/prod\.$/],
      [of("test"), otherKey, /is not valid: the comment was changed .* or DOKPLOY_PLAN_KEY differs here/],
    ];
    for (const [text, by, message] of reasons)
      assert.throws(
        () => readFingerprint(text, "shop/test", by),
        (error) => error instanceof UsageError && message.test(error.message),
      );
  });
});
