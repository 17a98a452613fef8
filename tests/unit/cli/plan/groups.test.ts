import * as assert from "node:assert/strict";
import { planOf, readPreview, render } from "../../../../cli/plan";

interface Part {
  readonly kind: string;
  readonly name: string;
  readonly op?: string;
  readonly id?: string;
  readonly inputs: object;
  readonly olds?: object;
  /** URNs of the resources that inputs take a value from. */
  readonly dependencies?: Readonly<Record<string, readonly string[]>>;
}

const urnOf = (kind: string, name: string) =>
  `urn:pulumi:test::shop::pulumi-nodejs:dynamic/dokploy:${kind}::${name}`;

function summaryOf(parts: readonly Part[], maxLength = 65_000): string {
  const steps = parts.map(({ kind, name, op = "update", id, inputs, olds = inputs, dependencies }) => {
    const state = { custom: true, id, propertyDependencies: dependencies };
    const paths = Object.keys({ ...olds, ...inputs }).filter(
      (key) => Reflect.get(olds, key) !== Reflect.get(inputs, key),
    );
    return {
      op,
      urn: urnOf(kind, name),
      ...(op === "create" ? {} : { oldState: { ...state, inputs: olds } }),
      ...(op === "delete" ? {} : { newState: { ...state, inputs } }),
      ...(op === "update"
        ? { detailedDiff: Object.fromEntries(paths.map((key) => [key, { kind: "update" }])) }
        : {}),
    };
  });
  return render(planOf(readPreview(JSON.stringify({ steps }))), { maxLength });
}

const service = (at: number): Part => ({
  kind: "Application",
  name: `s${String(at).padStart(3, "0")}`,
  id: `app${at}`,
  olds: { source: { type: "docker", image: "a:1" }, replicas: 1 },
  inputs: { source: { type: "docker", image: "a:2" }, replicas: 2 },
});
const services = (count: number) => Array.from({ length: count }, (_, at) => service(at + 1));
const titles = (markdown: string): readonly string[] => markdown.match(/^<details.*$/gm) ?? [];

describe("a plan with many changes", () => {
  it("has a fold for each service, whose title names the operation and the deployment", () => {
    const markdown = summaryOf(services(120));
    assert.match(markdown, /^\*\*120 to update\*\* · deploys 120 services$/m);
    assert.equal(titles(markdown).length, 120);
    assert.equal(
      titles(markdown)[0],
      "<details><summary><code>s001</code> · Application · update, deploys · 2 changes</summary>",
    );
    assert.equal(markdown.match(/eploys/g)?.length, 121);
    assert.doesNotMatch(markdown, /^#+ `/m);
  });

  it("shows up to twelve resources without folds, unless their tables are long", () => {
    assert.deepEqual(titles(summaryOf(services(12))), []);
    assert.equal(titles(summaryOf(services(13))).length, 13);
    const env = (value: string) =>
      Object.fromEntries(Array.from({ length: 61 }, (_, at) => [`KEY_${at}`, value]));
    const long = (count: number): Part => {
      const cut = (value: string) => Object.fromEntries(Object.entries(env(value)).slice(0, count));
      return { kind: "Application", name: "api", op: "create", inputs: { env: cut("1") } };
    };
    assert.deepEqual(titles(summaryOf([long(60)])), []);
    assert.equal(titles(summaryOf([long(61)])).length, 1);
  });

  it("has the parts of a service in its fold, by the id or by the resource of an input", () => {
    const host = { host: "a.acme.dev", port: 3000 };
    const markdown = summaryOf([
      ...services(12),
      {
        kind: "Domain",
        name: "old",
        op: "update",
        inputs: { ...host, applicationId: "app2" },
        olds: { ...host, applicationId: "app2", port: 80 },
      },
      {
        kind: "Domain",
        name: "new",
        op: "create",
        inputs: { ...host, applicationId: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" },
        dependencies: { applicationId: [urnOf("Project", "shop"), urnOf("Application", "s002")] },
      },
      {
        kind: "EnvironmentBlock",
        name: "block",
        op: "create",
        inputs: { target: { applicationId: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }, env: { A: "1" } },
        dependencies: { target: [urnOf("Application", "unchanged")] },
      },
    ]);
    assert.equal(titles(markdown).length, 13);
    assert.ok(
      titles(markdown).includes(
        "<details><summary><code>s002</code> · Application · update, deploys · 2 changes, 2 parts</summary>",
      ),
    );
    assert.ok(
      titles(markdown).includes("<details><summary><code>unchanged</code> · Application · 1 part</summary>"),
    );
    const [, second = ""] = /<code>s002<\/code>([\s\S]*?)<\/details>/.exec(markdown) ?? [];
    assert.match(
      second,
      /^#### `new` · Domain · \*\*create\*\*$[\s\S]*^#### `old` · Domain · update, no deployment$/m,
    );
  });

  it("unfolds what deletes or replaces something", () => {
    const gone: Part = {
      kind: "Application",
      name: "gone",
      op: "delete",
      id: "app0",
      inputs: { name: "gone" },
    };
    const markdown = summaryOf([...services(12), gone]);
    assert.equal(markdown.match(/^<details open>/gm)?.length, 1);
    assert.match(
      markdown,
      /^<details open><summary><code>gone<\/code> · Application · <b>delete<\/b><\/summary>$/m,
    );
  });

  it("counts the resources that it leaves out, with their parts", () => {
    const parts = services(400).flatMap((each): Part[] => [
      each,
      {
        kind: "Port",
        name: `port-${each.name}`,
        op: "create",
        inputs: { applicationId: each.id, publishedPort: 80, targetPort: 80 },
      },
    ]);
    for (const maxLength of [5_000, 20_000]) {
      const markdown = summaryOf(parts, maxLength);
      assert.ok(markdown.length <= maxLength);
      const heads = markdown.match(/<code>s\d+<\/code> · Application · update/g)?.length ?? 0;
      const bullets = markdown.match(/^- `s\d+`/gm)?.length ?? 0;
      const ports = markdown.match(/^#### `port-/gm)?.length ?? 0;
      assert.match(markdown, new RegExp(`, ${800 - heads - bullets - ports} resources left out`));
    }
  });
});

describe("a resource with plain secrets", () => {
  it("has no row for the input that names them, which no program gives", () => {
    const env = { A: "[secret]" };
    const given = { env, plainSecrets: ["env.A"] };
    const created = summaryOf([{ kind: "Application", name: "api", op: "create", inputs: given }]);
    assert.match(created, /`A`/);
    assert.doesNotMatch(created, /plainSecrets/);
    const changed = summaryOf([
      { kind: "Application", name: "api", inputs: { ...given, replicas: 2 }, olds: { env, replicas: 1 } },
    ]);
    assert.match(changed, /`replicas`/);
    assert.doesNotMatch(changed, /plainSecrets/);
  });
});
