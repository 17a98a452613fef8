import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import * as fc from "fast-check";
import { type Plan, planOf, render } from "../../../../cli/plan";
import { type Preview, readPreview } from "../../../../cli/plan/preview";
import { UsageError } from "../../../../cli/terminal";
import { adoptionData } from "../../../../provider/engine/adoption/adoption-data";
import { diagnosticOf, identityOf } from "../../../../provider/pulumi";
import { allDefinitions, applicationSchema } from "../../../../provider/resources";
import { Mapping } from "../../../../provider/schema";

/** What the Pulumi CLI 3.274.1 printed, without what the summary does not look at. */
const recorded = (name: string) => readFileSync(path.join(__dirname, "previews", name), "utf8");
const planned = (name: string) => planOf(readPreview(recorded(name)));
const summary = (name: string) => render(planned(name), { maxLength: 65_000 });

/** The text from a heading, or the title of a fold, to the next one. */
function sectionOf(markdown: string, name: string): string {
  const starts = [`### \`${name}\``, `- \`${name}\``, `<details><summary><code>${name}</code>`];
  const parts = markdown.split(/^(?=#+ |<details|- )/m);
  return parts.find((part) => starts.some((start) => part.startsWith(start))) ?? "";
}

describe("the summary of a plan", () => {
  it("reports the changes of each resource, and the deployments", () => {
    assert.equal(
      summary("change.json"),
      `## Plan for \`shop/dev\`

**5 to update** · deploys 2 services, reloads 1 service, saves 1 service without applying

### \`api\` · Application · update, deploys

|  | Variable | Before | After |
| --- | --- | --- | --- |
| ~ | \`LEVEL\` | \`info\` | \`debug\` |
| + | \`NEW\` |  | <code>new&#124;&#96;x&#96;&#92;n&#60;b&#62;&#64;&#8203;team</code> |
| + | \`NEWSECRET\` |  | _secret_ |
| − | \`OLD\` | \`gone\` |  |
| − | \`OLDSECRET\` | _secret_ |  |
| ~ | \`P2S\` | _secret_ | _secret_ |
| ~ | \`S2P\` | _secret_ | \`now-plain\` |
| ~ | \`TOKEN\` | _secret_ | _secret_ |

|  | Input | Before | After |
| --- | --- | --- | --- |
| ~ | \`replicas\` | \`2\` | \`3\` |
| ~ | \`source.image\` | \`acme/api:1\` | \`acme/api:2\` |

### \`cache\` · Compose · update, deploys

Each container that changes stops before the new one starts, so its requests fail meanwhile.

\`source.composeFile\`:

\`\`\`diff
  services:
    a:
-     image: redis:7
+     image: redis:8
\`\`\`

### \`shop\` · Project · update

|  | Input | Before | After |
| --- | --- | --- | --- |
| ~ | \`description\` | \`A shop\` | \`Other\` |

### \`web\` · Application · update

Saved without applying (\`deploy: false\`): a deployment of \`web\` is still needed.

|  | Variable | Before | After |
| --- | --- | --- | --- |
| + | \`MORE\` |  | _secret_ |
| ~ | \`WHOLE\` | _secret_ | _secret_ |

### \`worker-env\` · EnvironmentBlock · update, reloads the application \`app-quantify-primary-array-w5gomg\`

|  | Variable | Before | After |
| --- | --- | --- | --- |
| ~ | \`A\` | \`a\` | \`b\` |

|  | Input | Before | After |
| --- | --- | --- | --- |
| + | \`deploy.method\` |  | \`reload\` |
`,
    );
  });

  it("is the same for the CLI's stream of events, whose debug events contain secrets", () => {
    assert.match(recorded("change-events.jsonl"), /canary-new/);
    assert.equal(summary("change-events.jsonl"), summary("change.json"));
  });

  it("shows all inputs of a creation, and that some values are not known yet", () => {
    const markdown = summary("create.json");
    assert.match(
      markdown,
      /^\*\*6 to create\*\* · deploys up to 4 services, saves 1 service without applying$/m,
    );
    const api = sectionOf(markdown, "api");
    assert.match(api, /^### `api` · Application · \*\*create\*\*, deploys$/m);
    assert.match(api, /^\| \+ \| `LEVEL` \| `info` \|$/m);
    assert.match(api, /^\| \+ \| `TOKEN` \| _secret_ \|$/m);
    assert.match(api, /^\| \+ \| `environmentId` \| _known after the update_ \|$/m);
    assert.match(sectionOf(markdown, "web"), /^\| \+ \| all of `env` \| _secret_ \|$/m);
    assert.match(sectionOf(markdown, "go"), / · \*\*create\*\*, deploys its application$/m);
    // Components are only names around others.
    assert.doesNotMatch(markdown, /pet|my:index:Thing|__provider/);
  });

  it("marks replacements and deletions", () => {
    const markdown = summary("replace.json");
    assert.match(markdown, /^\*\*1 to replace, 1 to delete\*\*/m);
    assert.match(
      markdown,
      /^> \[!CAUTION\]\n> \*\*Deletes\*\* `stage` \(Environment\)\.\n> \n> \*\*Replaces\*\* `e` \(EnvironmentBlock\)/m,
    );
    assert.match(sectionOf(markdown, "e"), /^\| ~ \| `target\.applicationId` \*\*replaces\*\* \|/m);
    assert.match(summary("delete.json"), /^### `web` · Application · \*\*delete\*\*$/m);
  });

  it("hides drifted values, shows the program's plain values, and reports the update that restores them", () => {
    const markdown = summary("drift.json");
    const block = sectionOf(markdown, "worker-env");
    assert.match(block, / · update, deploys the application `app-quantify-primary-array-w5gomg`$/m);
    assert.match(block, /^\| ~ \| `A` \| _secret_ \| `a` \|$/m);
    assert.match(block, /^\| − \| `HAND` \| _secret_ \| {2}\|$/m);
    assert.match(sectionOf(markdown, "api"), / · update, reloads$/m);
    // Each of the two was printed twice.
    assert.match(markdown, /^### 2 warnings\n\n- `Application "api": .*`\n- `EnvironmentBlock .*`\n\n/m);
  });

  it("says of an adoption that its deployment depends on the existing object", () => {
    const markdown = summary("adopt.json");
    assert.match(markdown, /^\*\*1 to adopt, 1 to delete\*\* · deploys up to 1 service$/m);
    assert.match(markdown, /^- `Application "other" .* is adopted: changes replicas; deploys\.`$/m);
    assert.match(
      sectionOf(markdown, "adopted"),
      /^Deploys `adopted` if the values in Dokploy differ from these\.$/m,
    );
  });

  it("reports variables that stay when they are no longer given", () => {
    assert.match(
      sectionOf(summary("released.json"), "shop"),
      /^`env` is no longer given: its variables stay /m,
    );
  });

  it("reads names with dots and dashes, and hides a map that becomes secret as a whole", () => {
    assert.match(summary("paths.json"), /^\| ~ \| `A\.B` \| `1` \| `2` \|\n\| ~ \| `C-D` \| `2` \| `3` \|$/m);
    assert.match(summary("to-secret-map.json"), /^\| ~ \| `A\.B` \| _secret_ \| _secret_ \|$/m);
  });

  it("is one line when there is nothing to do", () => {
    assert.equal(summary("none.json"), "**Plan for `shop/dev`**: nothing to do.\n");
  });

  it("contains the errors of a failed preview, without colours", () => {
    const markdown = summary("failed-check.json");
    assert.match(markdown, /^## Plan for `shop\/dev`: the preview failed$/m);
    assert.match(
      markdown,
      /^`api`:\n\n```text\nApplication "api": env\.BAD KEY: is a name that Dokploy ignores/m,
    );
    const program = summary("failed-program.json");
    assert.match(program, /^Error: boom canary$/m);
    assert.match(program, /^ {4}at Object\.<anonymous> \(\/repository\/project\/index\.js:4:7\)$/m);
    assert.equal(planned("failed-program.json").failed, true);
  });

  it("lists resources of other packages in a table", () => {
    const urn = "urn:pulumi:dev::shop::random:index/randomPassword:RandomPassword::database";
    const step = {
      op: "update",
      urn,
      oldState: { custom: true, inputs: { length: 8 } },
      newState: { custom: true, inputs: { length: 16 } },
      detailedDiff: { length: { kind: "update-replace" } },
    };
    const markdown = render(planOf(readPreview(JSON.stringify({ steps: [step] }))), { maxLength: 65_000 });
    assert.match(
      markdown,
      /^### Other resources\n\n.*\n.*\n\| update \| `random:index\/randomPassword:RandomPassword` \| `database` \| `length` \|$/m,
    );
  });

  it("does not depend on the order in which the engine worked", () => {
    const preview = readPreview(recorded("change.json"));
    const expected = render(planOf(preview), { maxLength: 65_000 });
    const order = fc.shuffledSubarray(preview.steps, { minLength: preview.steps.length });
    fc.assert(
      fc.property(order, (steps) => {
        assert.equal(render(planOf({ ...preview, steps }), { maxLength: 65_000 }), expected);
      }),
    );
  });

  it("says of shared variables when they take effect", () => {
    const markdown = (redeployReferrers: boolean) =>
      rendered(
        "Project",
        { name: "shop", env: { A: "1" } },
        { name: "shop", env: { A: "2" }, redeployReferrers },
        ["env.A"],
      );
    assert.match(markdown(false), /^The variables take effect at the next deployment of a service/m);
    assert.match(markdown(true), /^Deploys the services that refer to a changed variable\.$/m);
  });

  it("names services that an earlier change of shared variables did not deploy", () => {
    const inputs = { name: "prod", env: { A: "1" }, redeployReferrers: true };
    const preview = previewOf("Environment", inputs, inputs, []);
    const [step] = preview.steps;
    assert.ok(step?.oldState);
    const pendingReferrers = ["A", "application/app1/dep1", "compose/com1"];
    const oldState = { ...step.oldState, outputs: { ...step.oldState.outputs, pendingReferrers } };
    const api = { custom: true, retained: false, id: "app1", inputs: {}, outputs: {} };
    const same = { op: "same", urn: step.urn.replace("Environment::it", "Application::api"), oldState: api };
    const steps = [
      { ...step, oldState },
      { ...same, diffReasons: [], replaceReasons: [] },
    ];
    const text = render(planOf({ ...preview, steps }), { maxLength: 65_000 });
    assert.match(text, /^\*\*1 to update\*\* · deploys 2 services$/m);
    assert.match(
      text,
      /^Deploys `api`, the compose service `com1`, each service that refers to `A`, which an earlier update of shared/m,
    );
  });

  it("says in the headline that a change of shared variables deploys services", () => {
    const olds = { name: "shop", env: { A: "1" } };
    const headline = (news: object) =>
      /^\*\*1 to update\*\*.*$/m.exec(rendered("Project", olds, news, ["env.A", "name"]))?.[0];
    const env = { A: "2" };
    assert.equal(headline({ name: "shop", env }), "**1 to update**");
    assert.equal(
      headline({ name: "shop", env, redeployReferrers: true }),
      "**1 to update** · deploys the services that refer to changed shared variables",
    );
    const renamed = { ...olds, name: "other", redeployReferrers: true };
    assert.equal(
      /^\*\*1 to update\*\*.*$/m.exec(rendered("Project", olds, renamed, ["name"]))?.[0],
      "**1 to update**",
    );
    const project = previewOf("Project", olds, { ...olds, env, redeployReferrers: true }, ["env.A"]);
    const service = previewOf("Application", { env: { A: "1" } }, { env }, ["env.A"]);
    const steps = [...project.steps, ...service.steps];
    assert.match(
      render(planOf({ ...project, steps }), { maxLength: 65_000 }),
      /^\*\*2 to update\*\* · deploys 1 service and those that refer to changed shared variables$/m,
    );
  });
});

/** The summary of one update. */
function rendered(kind: string, olds: object, news: object, paths: string[], pending?: string): string {
  return render(planOf(previewOf(kind, olds, news, paths, pending)), { maxLength: 65_000 });
}

function previewOf(
  kind: string,
  olds: object,
  news: object,
  paths: string[],
  pending?: string,
  saved: object = olds,
): Preview {
  const step = {
    op: "update",
    urn: `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/dokploy:${kind}::it`,
    oldState: { custom: true, id: "id1", inputs: olds, outputs: { ...saved, pending } },
    newState: { custom: true, inputs: news },
    detailedDiff: Object.fromEntries(paths.map((name) => [name, { kind: "update", inputDiff: true }])),
  };
  return readPreview(JSON.stringify({ steps: [step], changeSummary: { update: 1 } }));
}

describe("a value that a failed update saved, in the summary of a plan", () => {
  const summary = (olds: object, saved: object, news: object, paths: string[] = []) =>
    render(planOf(previewOf("Application", olds, news, paths, "deploy", saved)), { maxLength: 65_000 });
  const four = {
    env: { LEVEL: "4", SAME: "1", "A.B": "4" },
    source: { type: "docker", image: "acme/api:4" },
  };
  const five = {
    env: { LEVEL: "5", SAME: "1", "A.B": "5", NEW: "1" },
    source: { type: "docker", image: "acme/api:5" },
  };

  it("is shown as a change if the program went back", () => {
    const text = summary(four, five, four);
    assert.match(text, /\| ~ \| `LEVEL` \| `5` \| `4` \|/);
    assert.match(text, /\| ~ \| `A\.B` \| `5` \| `4` \|/);
    assert.match(text, /`NEW`/);
    assert.match(text, /`source\.image` \| `acme\/api:5` \| `acme\/api:4`/);
    assert.doesNotMatch(text, /SAME|left undone|Nothing changes/);
    assert.match(text, / · update, deploys$/m);
  });

  it("is where a further change begins, and means no change if the program keeps it", () => {
    const six = { ...five, env: { ...five.env, LEVEL: "6" } };
    const further = summary(four, five, six, ['env["A.B"]', "env.LEVEL", "env.NEW", "source.image"]);
    assert.match(further, /\| ~ \| `LEVEL` \| `5` \| `6` \|/);
    assert.doesNotMatch(further, /`A\.B`|`NEW`|source/);
    const again = summary(four, five, five, ['env["A.B"]', "env.LEVEL", "env.NEW", "source.image"]);
    assert.match(again, /update, deploys\n\nFinishes the work that an earlier update left undone\.$/m);
    assert.doesNotMatch(again, /LEVEL|Nothing changes/);
  });

  it("is shown for a variable with the name of something that each object has", () => {
    for (const name of ["constructor", "toString", "__proto__"]) {
      const named = { ...four, env: Object.fromEntries([[name, "4"]]) };
      const without = { ...four, env: {} };
      const row = new RegExp(`\\| \\+ \\| \`${name}\` \\| +\\| \`4\` \\|`);
      assert.match(summary(named, without, named), row);
      assert.match(summary(without, named, without), new RegExp(`\\| − \\| \`${name}\` \\| \`4\` \\|`));
    }
  });

  it("changes no object of the program that shows it", () => {
    summary(four, four, five, ["__proto__.polluted"]);
    assert.equal(Object.hasOwn(Object.prototype, "polluted"), false);
  });

  it("shows no secret, and does not count a mark as a difference", () => {
    const marked = { ...four, env: { ...four.env, LEVEL: "[secret]" } };
    assert.match(summary(four, marked, four), /Finishes the work that an earlier update left undone\./);
    const text = summary(marked, five, marked);
    assert.doesNotMatch(text, /`LEVEL`/);
  });

  it("is shown next to a secret in the same map", () => {
    const beside = (level: string, token: string) => ({ ...four, env: { TOKEN: token, LEVEL: level } });
    const text = summary(beside("4", "[secret]"), beside("5", "x"), beside("4", "[secret]"));
    assert.match(text, /\| ~ \| `LEVEL` \| `5` \| `4` \|/);
    assert.doesNotMatch(text, /TOKEN/);
  });

  it("stays hidden where the program gives a secret, also once it no longer is one", () => {
    const inputs = (token: string, level: string) => ({ ...four, env: { TOKEN: token, LEVEL: level } });
    for (const now of ["[secret]", "open"]) {
      const text = summary(inputs("[secret]", "4"), inputs("canary", "5"), inputs(now, "4"), ["env.TOKEN"]);
      assert.match(text, /\| ~ \| `LEVEL` \| `5` \| `4` \|/);
      assert.match(text, /`TOKEN`/);
      assert.doesNotMatch(text, /canary/);
    }
  });

  it("is shown as released if only that update gave it", () => {
    const text = summary(four, { ...four, buildArgs: { A: "1" } }, four);
    assert.match(text, /`buildArgs` is no longer given/);
  });
});

describe("a resource that leaves the program, in the summary of a plan", () => {
  interface Part {
    op: string;
    kind: string;
    name: string;
    id?: string;
    outputs?: object;
    inputs: object;
    /** The option `retainOnDelete` of the state before. */
    retained?: boolean;
    /** The option `protect`. */
    protect?: boolean;
    news?: object;
  }
  const target = { applicationId: "a1" };

  function summaryOf(...parts: Part[]): string {
    const steps = parts.map(({ op, kind, name, id, inputs, outputs, retained, protect, news = inputs }) => ({
      op,
      urn: `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/dokploy:${kind}::${name}`,
      ...(op === "create"
        ? {}
        : { oldState: { custom: true, id, inputs, outputs, retainOnDelete: retained, protect } }),
      ...(op === "delete" ? {} : { newState: { custom: true, inputs: news, protect } }),
    }));
    return render(planOf(readPreview(JSON.stringify({ steps }))), { maxLength: 65_000 });
  }

  /** A block that is deleted, beside what else is planned. */
  function withoutBlock(env: unknown, ...others: Part[]): string {
    const block = { op: "delete", kind: "EnvironmentBlock", name: "block", id: "application/a1" };
    return summaryOf({ ...block, inputs: { target, env } }, ...others);
  }

  const adopted = (env: unknown): Part => ({
    op: "create",
    kind: "Application",
    name: "api",
    inputs: { name: "api", import: "a1", env },
  });

  it("is released with retainOnDelete, neither deleted nor stopped", () => {
    const inputs = { name: "web", deleteVolumes: true };
    const service = { op: "delete", name: "web", id: "a1", inputs, retained: true };
    for (const kind of ["Application", "Compose", "Project", "Environment"]) {
      const markdown = summaryOf({ ...service, kind });
      assert.match(markdown, /^\*\*1 to let go\*\*$/m);
      assert.doesNotMatch(markdown, /CAUTION|[Dd]elete|Stops|volumes/);
      assert.equal(
        sectionOf(markdown, "web"),
        `### \`web\` · ${kind} · **let go**\n\nIt stays in Dokploy, and is no longer managed.\n`,
      );
    }
  });

  it("names the files of ../files that a compose service loses, and says when they are unknown", () => {
    const volumes = "volumes: [data:/d, ../files/db:/db, ../files/conf:/conf:ro]";
    const composeFile = `services:\n  db:\n    image: postgres:16\n    ${volumes}\nvolumes: {data: }\n`;
    const outputs = { appName: "db-4kq2ax" };
    const gone = (source: unknown, more: object = {}) =>
      summaryOf({
        op: "delete",
        kind: "Compose",
        name: "db",
        id: "c1",
        inputs: { name: "db", source, ...more },
        outputs,
      });
    const raw = gone({ type: "raw", composeFile }, { deleteVolumes: true });
    assert.match(
      raw,
      /^> \*\*Deletes\*\* `db` \(Compose, \*\*with\*\* its volumes, `\.\.\/files\/conf`, `\.\.\/files\/db`\)\.$/m,
    );
    assert.match(
      raw,
      /folder `\.\.\/files` is \*\*deleted too\*\*: the data in `\.\.\/files\/conf`, `\.\.\/files\/db` is lost\.$/m,
    );
    assert.match(raw, /its volumes are \*\*deleted too\*\*: `db-4kq2ax_data`\./);
    assert.match(gone({ type: "raw", composeFile }), /its volumes are kept: `db-4kq2ax_data`\./);
    const none = gone({ type: "raw", composeFile: "services:\n  db:\n    image: postgres:16\n" });
    assert.match(
      none,
      /its volumes are kept\. Its folder `\.\.\/files` is deleted too; its compose file mounts nothing from it\.$/m,
    );
    for (const source of [
      { type: "git", url: "https://git.example/a" },
      { type: "raw", composeFile: "[secret]" },
      "[secret]",
    ]) {
      assert.match(gone(source), /Its folder `\.\.\/files` is \*\*deleted too\*\*, if it has one\.$/m);
    }
    const fixed = composeFile.replace("{data: }", "{data: {}, x: {name: x}}");
    const replaced = (more: object = {}) =>
      summaryOf({
        op: "replace",
        kind: "Compose",
        name: "db",
        id: "c1",
        inputs: { name: "db", source: { type: "raw", composeFile: fixed }, ...more },
        outputs,
      });
    assert.match(
      replaced(),
      /created again, with empty volumes: the data in `db-4kq2ax_data` stays on the server, where nothing uses it any more\. Its folder `\.\.\/files` is \*\*deleted too\*\*: the data in /,
    );
    assert.match(
      replaced({ deleteVolumes: true }),
      /with empty volumes: the data in `db-4kq2ax_data`, `x` is \*\*deleted\*\*\./,
    );
  });

  for (const definition of allDefinitions()) {
    if (!("database" in definition)) continue;
    const { kind } = definition;
    const gone = (op: string, more: Partial<Part> = {}) =>
      summaryOf({
        ...{ op, kind, name: "orders", id: "d1", inputs: { name: "orders", environmentId: "e1" } },
        ...{ outputs: { appName: "orders-4kq2ax" }, ...more },
      });

    it(`says that the data of a ${kind} stays when it goes, and where`, () => {
      assert.match(
        gone("delete"),
        /^Stops and removes its containers; its data stays on the server, in the volume `orders-4kq2ax-data`\.$/m,
      );
      assert.match(
        gone("replace"),
        /^Deleted first, then created again, empty: the data stays in the volume `orders-4kq2ax-data`, which nothing uses any more\.$/m,
      );
      for (const op of ["delete", "replace"])
        assert.doesNotMatch(gone(op, { retained: true }), /volume|removes|empty/);
    });

    it(`says that a new ${kind} is deployed, with any inputs`, () => {
      const inputs = { name: "orders", environmentId: "e1" };
      assert.match(summaryOf({ op: "create", kind, name: "orders", inputs }), / · \*\*create\*\*, deploys$/m);
    });
  }

  for (const definition of allDefinitions()) {
    if (definition.relation !== "lasting") continue;
    const { kind } = definition;

    it(`says that a ${kind} stays in Dokploy when its resource is deleted`, () => {
      const gone = summaryOf({ op: "delete", kind, name: "it", id: "x1", inputs: {} });
      assert.match(gone, /^It stays in Dokploy, and is no longer managed\.$/m);
      const anew = summaryOf({ op: "replace", kind, name: "it", id: "x1", inputs: {} });
      assert.match(anew, /^Created again\. The former one stays in Dokploy, and is no longer managed\.$/m);
      for (const markdown of [gone, anew]) assert.doesNotMatch(markdown, /CAUTION|Removed|Deleted/);
    });
  }

  it("says of a protected service what no run does to it, also before a run that would", () => {
    const orders = (op: string, more: Partial<Part> = {}) =>
      summaryOf({ op, kind: "Postgres", name: "orders", id: "d1", inputs: { name: "orders" }, ...more });
    assert.match(orders("create", { protect: true }), /Protected: neither `pulumi destroy` nor its removal/);
    assert.match(
      orders("update", { protect: true, news: { name: "orders", image: "postgres:18" } }),
      /Protected: /,
    );
    assert.doesNotMatch(orders("create"), /rotected/);
    for (const op of ["delete", "replace"])
      assert.match(
        orders(op, { protect: true }),
        /It is \*\*protected\*\*, so the update refuses that: remove `protect` first\./,
      );
  });

  it("names the volumes that a service mounts and leaves behind", () => {
    const mounts = {
      a: { type: "volume", volumeName: "uploads", mountPath: "/a" },
      b: { type: "volume", volumeName: "cache", mountPath: "/b" },
      c: { type: "file", filePath: "c", content: "x", mountPath: "/c" },
    };
    const gone = (kind: string, inputs: object) =>
      summaryOf({ op: "delete", kind, name: "api", id: "a1", inputs, outputs: { appName: "api-4kq2ax" } });
    assert.match(
      gone("Application", { name: "api", mounts }),
      /its data stays on the server, in the volumes `uploads`, `cache`\./,
    );
    assert.match(
      gone("Postgres", { name: "api", mounts: { a: mounts.a } }),
      /its data stays on the server, in the volumes `api-4kq2ax-data`, `uploads`\./,
    );
    assert.match(gone("Application", { name: "api" }), /^Stops and removes its containers\.$/m);
  });

  it("says of a stack that its volumes stay, with any deleteVolumes", () => {
    const inputs = { name: "db", composeType: "stack", deleteVolumes: true, source: { type: "raw" } };
    const gone = summaryOf({ op: "delete", kind: "Compose", name: "db", id: "c1", inputs });
    assert.match(gone, /its volumes are kept\./);
    assert.doesNotMatch(gone, /with.{0,4} its volumes/);
  });

  it("may be a block whose variables stay, with retainOnDelete", () => {
    const block = { kind: "EnvironmentBlock", name: "block", inputs: { target, env: { A: "1" } } };
    const markdown = summaryOf({ ...block, op: "delete", retained: true });
    assert.match(markdown, /^Its variables stay in Dokploy, and are no longer managed\.$/m);
    assert.doesNotMatch(markdown, /CAUTION|Takes/);
  });

  it("may be the old object of a replacement with retainOnDelete, by the earlier state", () => {
    const service = { op: "replace", kind: "Application", name: "web", inputs: { name: "web" } };
    const retained = summaryOf({ ...service, retained: true });
    assert.match(retained, /^\*\*1 to replace\*\*/m);
    assert.match(
      retained,
      / · \*\*replace\*\*, deploys\n\nCreated again\. The former one stays in Dokploy, and is no longer managed\.$/m,
    );
    assert.doesNotMatch(retained, /CAUTION|[Dd]eleted/);
    assert.match(summaryOf(service), /\*\*Replaces\*\* `web` \(Application\): deleted first/);
  });

  it("is also released if it belongs to another package", () => {
    const step = {
      op: "delete",
      urn: "urn:pulumi:dev::shop::random:index/randomPassword:RandomPassword::database",
      oldState: { custom: true, retainOnDelete: true },
    };
    const markdown = render(planOf(readPreview(JSON.stringify({ steps: [step] }))), { maxLength: 65_000 });
    assert.match(markdown, /^\| let go \| `random:.*` \| `database` \|/m);
    assert.match(markdown, /^\*\*1 to let go\*\*$/m);
  });

  it("may be a block whose variables another resource gives from now on", () => {
    const update = { op: "update", kind: "Application", name: "api", id: "a1", inputs: { name: "api" } };
    const news = { name: "api", env: { A: "1", B: "2" } };
    const block = { op: "create", kind: "EnvironmentBlock", name: "other" };
    for (const [owner, name] of [
      [adopted({ A: "1", B: "2", C: "3" }), "`api` (Application)"],
      [{ ...update, news }, "`api` (Application)"],
      [{ ...update, op: "same", inputs: news }, "`api` (Application)"],
      [{ ...block, inputs: { target, env: { B: "2", A: "[secret]" } } }, "`other` (EnvironmentBlock)"],
    ] as [Part, string][]) {
      const markdown = withoutBlock({ A: "1", B: "2" }, owner);
      assert.ok(
        sectionOf(markdown, "block").trimEnd().endsWith(`\n\nIts variables move to ${name}.`),
        markdown,
      );
      assert.doesNotMatch(markdown, /CAUTION/);
    }
  });

  it("gives no variables to a block that only a refresh shows", () => {
    const former = { kind: "EnvironmentBlock", name: "other", inputs: { target, env: { A: "1" } } };
    assert.match(withoutBlock({ A: "1" }, { ...former, op: "same" }), /Its variables move to `other`/);
    assert.doesNotMatch(withoutBlock({ A: "1" }, { ...former, op: "refresh" }), /move to/);
  });

  for (const [kind, name] of [
    ["Postgres", "postgres"],
    ["Compose", "compose"],
    ["Environment", "environment"],
  ] as const)
    it(`may be a block whose variables the resource of a ${kind} gives from now on`, () => {
      const inputs = { target: { [`${name}Id`]: "t1" }, env: { A: "1" } };
      const block = { op: "delete", kind: "EnvironmentBlock", name: "block", id: `${name}/t1`, inputs };
      const news = { name: "it", env: { A: "1" } };
      const owner = { op: "update", kind, name: "it", id: "t1", inputs: { name: "it" }, news };
      assert.match(
        summaryOf(block, owner),
        new RegExp(`^Its variables move to \`it\` \\(${kind}\\)\\.$`, "m"),
      );
    });

  it("may be a block with some variables that are removed, since nobody else gives them", () => {
    const markdown = withoutBlock({ A: "1", B: "2", C: "3" }, adopted({ B: "2" }));
    assert.match(markdown, /^> \*\*Deletes\*\* `block` \(EnvironmentBlock\)\.$/m);
    assert.match(
      sectionOf(markdown, "block"),
      /^Some of its variables move to `api` \(Application\)\. Removes `A`, `C` from the application; that takes effect/m,
    );
  });

  it("may be a block whose variables are removed, if no other owner is visible", () => {
    const elsewhere = { ...adopted({ A: "1" }), inputs: { name: "api", import: "a2", env: { A: "1" } } };
    const leaving = { ...adopted({ A: "1" }), op: "delete", id: "a1" };
    const cases: [env: unknown, ...others: Part[]][] = [
      [{ A: "1" }],
      [{ A: "1" }, elsewhere],
      [{ A: "1" }, leaving],
      [{ A: "1" }, adopted("[secret]")],
      ["[secret]", adopted({ A: "1" })],
    ];
    for (const [env, ...others] of cases) {
      const markdown = withoutBlock(env, ...others);
      assert.match(markdown, /\*\*Deletes\*\* .*`block` \(EnvironmentBlock\)/);
      assert.match(sectionOf(markdown, "block"), /^Removes its variables from the application;/m);
    }
  });
});

describe("an object that a plan adopts unchanged", () => {
  const block = (name: string, env: unknown, applicationId = "a1") => ({
    op: "create",
    urn: `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/dokploy:EnvironmentBlock::${name}`,
    newState: { custom: true, inputs: { target: { applicationId }, mode: "additive", env } },
  });
  const unchanged = ({ urn }: { urn: string }) => ({
    severity: "info",
    message: `info: ${diagnosticOf("Any words.", "unchanged", identityOf(urn))}\n`,
  });
  const adoptedOf = (steps: object[], diagnostics: object[]) =>
    planOf(readPreview(JSON.stringify({ steps, diagnostics })))
      .resources.filter((resource) => resource.unchangedAdoption)
      .map(({ name }) => name);

  it("shows the downtime that the provider names, once", () => {
    const step = block("one", { C: "3" });
    const said = (text: string, urn?: string) => ({
      severity: "info",
      message: diagnosticOf(text, "interruption"),
      urn,
    });
    const summaryOf = (steps: object[], diagnostics: object[]) =>
      render(planOf(readPreview(JSON.stringify({ steps, diagnostics }))), { maxLength: 65_000 });
    assert.match(
      summaryOf([step], [said('Application "api": this change stops its container.', step.urn)]),
      /^### Downtime\n[^#]*this change stops its container\./m,
    );
    const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/dokploy:Redis::cache";
    const state = (value: string) => ({
      custom: true,
      id: "r1",
      inputs: { environmentId: "e", name: "cache", env: { A: value } },
    });
    const redis = { op: "update", urn, oldState: state("1"), newState: state("2") };
    const own = summaryOf([redis], [said('Redis database "cache": this change stops its container.', urn)]);
    assert.match(own, /stops before the new one starts/);
    assert.doesNotMatch(own, /Downtime/);
  });

  it("is recognised by the provider's message, even if the names of its variables are secret", () => {
    const [one, two] = [block("one", "[secret]"), block("two", { C: "3" })] as const;
    assert.deepEqual(adoptedOf([one, two], [unchanged(one)]), ["one"]);
    assert.deepEqual(adoptedOf([one, two], [unchanged(two)]), ["two"]);
    assert.deepEqual(adoptedOf([one, two], [unchanged(two), unchanged(one)]), ["one", "two"]);
    assert.deepEqual(adoptedOf([one, two], [unchanged(block("three", {}))]), []);
    assert.deepEqual(adoptedOf([one, two], []), []);
    const { severity } = unchanged(one);
    const bare = { severity, message: diagnosticOf("Any words.", "unchanged") };
    assert.deepEqual(adoptedOf([one], [bare]), []);
    assert.deepEqual(adoptedOf([{ ...one, op: "update" }], [unchanged(one)]), []);
  });

  it("is adopted unchanged, and its message is not repeated", () => {
    const adopted = (name: string, id: string) => ({
      op: "create",
      urn: `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/dokploy:Application::${name}`,
      newState: { custom: true, inputs: { import: id, env: { A: "1" } } },
    });
    const [one, two] = [adopted("one", "a1"), adopted("two", "a2")] as const;
    const diagnostics = [
      diagnosticOf("It is adopted: nothing to change.", "unchanged", identityOf(one.urn)),
      diagnosticOf("It is adopted: changes replicas; deploys.", "adopts"),
      diagnosticOf("Another is adopted: nothing to change.", "unchanged", identityOf("another")),
    ].map((text) => ({ severity: "warning", message: `warning: ${text}\n` }));
    const plan = planOf(readPreview(JSON.stringify({ steps: [one, two], diagnostics })));
    assert.deepEqual(
      plan.resources.map(({ name, unchangedAdoption }) => [name, unchangedAdoption]),
      [
        ["one", true],
        ["two", false],
      ],
    );
    assert.deepEqual(
      plan.warnings.map(({ text }) => text),
      ["Another is adopted: nothing to change.", "It is adopted: changes replicas; deploys."],
    );
  });

  it("is shown with what changes of it alone, and with what only the server has", () => {
    const env = { SAME: "1", NEW: "2", LEVEL: "[secret]" };
    const source = { type: "docker", image: "acme/api:2" };
    const step = {
      op: "create",
      urn: "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/dokploy:Application::api",
      newState: { custom: true, inputs: { name: "api", source, env, replicas: 2 } },
    };
    const change = { input: "", apply: "deploy", minApply: "deploy", replace: false } as const;
    const data = adoptionData(identityOf(step.urn), "deploy", [
      { ...change, path: "source.image", keys: undefined },
      { ...change, path: "env", keys: { added: ["NEW"], changed: ["LEVEL"], removed: ["O L;D%"] } },
    ]);
    const message = `warning: ${diagnosticOf("It is adopted: changes much.", "adopts", data)}`;
    const text = JSON.stringify({ steps: [step], diagnostics: [{ severity: "warning", message }] });
    const markdown = render(planOf(readPreview(text)), { maxLength: 65_000 });
    assert.match(markdown, /^\*\*1 to adopt\*\* · 1 change · deploys 1 service$/m);
    assert.match(markdown, /\| \+ \| `NEW` \| `2` \|/);
    assert.match(markdown, /\| ~ \| `LEVEL` \| _secret_ \|/);
    assert.match(markdown, /\| − \| `O L;D%` \|/);
    assert.match(markdown, /\| ~ \| `source\.image` \| `acme\/api:2` \|/);
    assert.doesNotMatch(markdown, /SAME|replicas|warning/);
    assert.match(markdown, / · \*\*adopt\*\*, deploys$/m);
  });

  it("is shown with the inputs that differ of the parts that differ", () => {
    const parts = {
      "shop.example.com": { host: "shop.example.com", port: 80, https: true },
      "www.example.com": { host: "www.example.com", port: 81 },
      "new.example.com": { host: "new.example.com", port: 82 },
    };
    const step = {
      op: "create",
      urn: "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/dokploy:Application::api",
      newState: { custom: true, inputs: { name: "api", domains: parts } },
    };
    const there = { ...parts, "shop.example.com": { ...parts["shop.example.com"], port: 8080 } };
    const { "new.example.com": _, ...olds } = there;
    const changes = new Mapping(applicationSchema).changes({ domains: olds }, { domains: parts });
    const message = diagnosticOf("So.", "adopts", adoptionData(identityOf(step.urn), "none", changes));
    const text = JSON.stringify({ steps: [step], diagnostics: [{ severity: "warning", message }] });
    const { resources } = planOf(readPreview(text));
    assert.deepEqual(
      resources[0]?.inputs.map(({ path, change }) => [path, change]),
      [
        ["domains.new.example.com.host", "add"],
        ["domains.new.example.com.port", "add"],
        ["domains.shop.example.com.port", "update"],
      ],
    );
  });

  it("is a resource like any other where the message of its adoption is not understood", () => {
    for (const about of ["%", "x;deploy;%E0%", "x;nothing;a", "x"]) {
      const message = `warning: ${diagnosticOf("It is adopted.", "adopts", about)}`;
      const text = JSON.stringify({
        steps: [block("one", {})],
        diagnostics: [{ severity: "warning", message }],
      });
      assert.match(render(planOf(readPreview(text)), { maxLength: 65_000 }), /1 to create/);
    }
  });

  it("deploys no service that refers to its variables", () => {
    const shared = {
      ...block("one", { A: "1" }),
      newState: {
        custom: true,
        inputs: { target: { projectId: "p1" }, mode: "additive", env: { A: "1" }, redeployReferrers: true },
      },
    };
    const plan = (diagnostics: object[]) =>
      render(planOf(readPreview(JSON.stringify({ steps: [shared], diagnostics }))), { maxLength: 65_000 });
    assert.match(plan([]), /^\*\*1 to create\*\* · deploys the services that refer/m);
    assert.match(plan([unchanged(shared)]), /^\*\*1 to adopt\*\* · 0 changes · deploys nothing$/m);
  });

  it("is not counted among the deployments", () => {
    const steps = [block("one", { A: "1" }), block("two", { C: "3" }, "a2")];
    const summed = (diagnostics: object[]) =>
      render(planOf(readPreview(JSON.stringify({ steps, diagnostics }))), { maxLength: 65_000 });
    assert.match(
      summed(steps.slice(0, 1).map(unchanged)),
      /^\*\*1 to create; 1 to adopt, nothing to change\*\* · deploys up to 1 service$/m,
    );
    assert.match(summed(steps.map(unchanged)), /^\*\*2 to adopt\*\* · 0 changes · deploys nothing$/m);
  });
});

describe("the deployments that a plan's summary reports", () => {
  const docker = (image: string) => ({ type: "docker", image });
  const cases: [what: string, markdown: () => string, expected: RegExp][] = [
    [
      "an image needs a deployment",
      () => rendered("Application", { source: docker("a") }, { source: docker("b") }, ["source.image"]),
      / · update, deploys$/m,
    ],
    [
      "the number of containers needs a reload",
      () => rendered("Application", { replicas: 1 }, { replicas: 2 }, ["replicas"]),
      / · update, reloads$/m,
    ],
    [
      "the name needs nothing",
      () => rendered("Application", { name: "a" }, { name: "b" }, ["name"]),
      / · update, no deployment$/m,
    ],
    [
      "a secret that changes needs a deployment, though both values look alike",
      () => rendered("Application", { env: { A: "[secret]" } }, { env: { A: "[secret]" } }, ["env.A"]),
      / · update, deploys$/m,
    ],
    [
      "method reload reloads where that is enough",
      () =>
        rendered("Application", { env: { A: "1" } }, { env: { A: "2" }, deploy: { method: "reload" } }, [
          "env.A",
        ]),
      / · update, reloads$/m,
    ],
    [
      "build arguments need a build, whatever the method says",
      () =>
        rendered(
          "Application",
          { buildArgs: { A: "1" } },
          { buildArgs: { A: "2" }, deploy: { method: "reload" } },
          ["buildArgs.A"],
        ),
      / · update, rebuilds and starts$/m,
    ],
    [
      "what an earlier update left undone is done",
      () => rendered("Application", { name: "a" }, { name: "a" }, [], "deploy"),
      / · update, deploys\n\nFinishes the work that an earlier update left undone\.$/m,
    ],
    [
      "deploy: false holds it back",
      () => rendered("Compose", { env: { A: "1" } }, { env: { A: "2" }, deploy: false }, ["env.A"]),
      /^Saved without applying \(`deploy: false`\): a deployment of `it` is still needed\.$/m,
    ],
    [
      "a block on a project deploys nothing itself",
      () => {
        const target = { projectId: "p1" };
        return rendered("EnvironmentBlock", { target, env: { A: "1" } }, { target, env: { A: "2" } }, [
          "env.A",
        ]);
      },
      /^The variables take effect at the next deployment of a service that refers to them\.$/m,
    ],
    [
      "a compose service stops its containers before it starts new ones",
      () =>
        rendered("Compose", { name: "shop", env: { A: "1" } }, { name: "shop", env: { A: "2" } }, ["env.A"]),
      / · update, deploys\n\nEach container that changes stops before the new one starts, so its requests fail meanwhile\.$/m,
    ],
    [
      "a stack may start new containers first",
      () => {
        const stack = { name: "shop", composeType: "stack" };
        return rendered("Compose", { ...stack, env: { A: "1" } }, { ...stack, env: { A: "2" } }, ["env.A"]);
      },
      / · update, deploys$/m,
    ],
    [
      "a database stops before it starts again",
      () => rendered("Redis", { name: "cache", command: "a" }, { name: "cache", command: "b" }, ["command"]),
      / · update, deploys\n\nEach container that changes stops before the new one starts, so its requests fail meanwhile\.$/m,
    ],
    [
      "a database may start again first",
      () => {
        const swarm = { updateConfig: { Parallelism: 1, Order: "start-first" } };
        return rendered("Redis", { command: "a", swarm }, { command: "b", swarm }, ["command"]);
      },
      / · update, deploys$/m,
    ],
    [
      "a deployment of its own deploys its target",
      () => {
        const target = { composeId: "c1" };
        return rendered("Deployment", { target, triggers: { A: "1" } }, { target, triggers: { A: "2" } }, [
          "triggers.A",
        ]);
      },
      / · update, deploys the compose service `c1`$/m,
    ],
  ];
  for (const [what, markdown, expected] of cases) {
    it(what, () => assert.match(markdown(), expected));
  }
});

describe("secrets in the summary of a plan", () => {
  const signature = "4dabf18193072939515e22adb298388d";
  const secret = (value: unknown) => ({ [signature]: "1b47061264138c4ac30d75fd1eb44270", ...Object(value) });
  const canary = fc.nat().map((number) => `canary${number}x`);
  /** Each way in which a value may be secret in what the CLI prints. */
  const hidden = fc.oneof(
    fc.constant("[secret]"),
    canary.map((text) => secret({ ciphertext: text })),
    canary.map((text) => secret({ plaintext: JSON.stringify(text) })),
    canary.map((text) => secret({ value: text })),
  );
  const plain = canary.map((text) => text.replace("canary", "plain"));
  const key = fc.constantFrom("A", "B.C", "D-E", "F");

  it("are never shown, wherever they are", () => {
    const map = fc.dictionary(key, fc.oneof(hidden, plain), { noNullPrototype: true });
    const input = fc.record({
      env: fc.oneof(
        map,
        hidden,
        map.map((inner) => secret({ value: inner })),
      ),
      source: fc.record({ type: fc.constant("docker"), image: fc.oneof(plain, hidden), password: canary }),
    });
    fc.assert(
      fc.property(input, input, (olds, news) => {
        const paths = ["env", 'env["B.C"]', "env.A", 'env["D-E"]', "source.image", "source.password"];
        assert.doesNotMatch(rendered("Application", olds, news, paths), /canary/);
      }),
    );
  });

  it("stay hidden in the old value of a new secret: it is often the same", () => {
    for (const [key, old, now] of [
      ["A", "canary1", "[secret]"],
      ["PASS", "canary1", "[secret]"],
      ["PASS", "[secret]", "canary1"],
      ["A", "[secret]", "redis://:canary1@cache"],
    ] as const) {
      const markdown = rendered("Application", { env: { [key]: old } }, { env: { [key]: now } }, [
        `env.${key}`,
      ]);
      assert.match(markdown, new RegExp(`^\\| ~ \\| \`${key}\` \\| _secret_ \\| _secret_ \\|$`, "m"));
    }
    const shown = rendered("Application", { env: { A: "[secret]" } }, { env: { A: "plain" } }, ["env.A"]);
    assert.match(shown, /^\| ~ \| `A` \| _secret_ \| `plain` \|$/m);
    const map = rendered("Application", { env: { A: "canary1" } }, { env: "[secret]" }, ["env.A"]);
    assert.match(map, /^\| ~ \| `A` \| _secret_ \| _secret_ \|$/m);
  });

  it("include passwords, and addresses with a password, that the program gives in plain text", () => {
    const source = (url: string) => ({ type: "git", url, branch: "main" });
    const clear = rendered(
      "Application",
      { source: source("https://git.example.com/a") },
      { source: source("https://git.example.com/b") },
      ["source.url"],
    );
    assert.match(clear, /`https:\/\/git\.example\.com\/b`/);
    const credentials = rendered(
      "Application",
      { source: source("https://git.example.com/a") },
      { source: source("https://me:canary@git.example.com/b") },
      ["source.url"],
    );
    assert.doesNotMatch(credentials, /canary/);
  });
});

describe("a summary that would be too long", () => {
  function big(services: number, keys: number, valueLength: number): Plan {
    const steps = Array.from({ length: services }, (_, service) => {
      const env = (fill: string) =>
        Object.fromEntries(
          Array.from({ length: keys }, (_, key) => [`KEY_${key}`, fill.repeat(valueLength)]),
        );
      return {
        op: "update",
        urn: `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/dokploy:Application::service-${service}`,
        oldState: { custom: true, inputs: { env: env("a") } },
        newState: { custom: true, inputs: { env: env("b") } },
        detailedDiff: Object.fromEntries(
          Array.from({ length: keys }, (_, key) => [`env.KEY_${key}`, { kind: "update" }]),
        ),
      };
    });
    return planOf(readPreview(JSON.stringify({ steps })));
  }

  it("first cuts long values", () => {
    const markdown = render(big(10, 20, 400), { maxLength: 30_000 });
    assert.ok(markdown.length <= 30_000);
    assert.match(markdown, /`b{32}… \(400 characters\)`/);
    assert.match(markdown, /^_Shortened to fit: values are cut after 32 characters\. .*_$/m);
    assert.match(sectionOf(markdown, "service-9"), /KEY_19/);
  });

  it("then counts instead of listing, for as few resources as possible", () => {
    const markdown = render(big(10, 200, 40), { maxLength: 65_000 });
    assert.ok(markdown.length <= 65_000 && markdown.length > 50_000, String(markdown.length));
    assert.match(markdown, /^- `service-0` · Application · update, deploys · 200 changes$/m);
    assert.match(markdown, /KEY_199/);
    assert.match(markdown, /tables of \d+ resources are shortened to counts/);
    for (let service = 0; service < 10; service += 1) {
      assert.match(sectionOf(markdown, `service-${service}`), /update, deploys · 200 changes/);
    }
  });

  it("finally leaves resources out, and says how many", () => {
    const markdown = render(big(2_000, 1, 1), { maxLength: 65_000 });
    assert.ok(markdown.length <= 65_000 && markdown.length > 60_000, String(markdown.length));
    const shown = markdown.match(/^- `service-/gm)?.length ?? 0;
    assert.match(markdown, new RegExp(`${2_000 - shown} resources left out`));
    assert.match(markdown, /^\*\*2000 to update\*\* · deploys 2000 services$/m);
  });

  it("never exceeds the limit, down to the smallest allowed one", () => {
    const size = fc.record({
      services: fc.integer({ min: 1, max: 40 }),
      keys: fc.integer({ min: 0, max: 30 }),
      valueLength: fc.integer({ min: 0, max: 300 }),
      maxLength: fc.integer({ min: 1_000, max: 20_000 }),
    });
    fc.assert(
      fc.property(size, ({ services, keys, valueLength, maxLength }) => {
        assert.ok(render(big(services, keys, valueLength), { maxLength }).length <= maxLength);
      }),
      { numRuns: 40 },
    );
    const error = { severity: "error", message: `error: ${"`".repeat(9_000)}\n${"line\n".repeat(500)}` };
    const failed = planOf(
      readPreview(JSON.stringify({ diagnostics: [error, { ...error, severity: "warning" }] })),
    );
    const markdown = render(failed, { maxLength: 1_000, title: "|".repeat(500) });
    assert.ok(markdown.length <= 1_000, String(markdown.length));
  });
});

describe("reading what `pulumi preview --json` printed", () => {
  const change = () => recorded("change.json");

  it("accepts lines of other tools before and after, CRLF and a byte order mark", () => {
    const expected = readPreview(change());
    assert.deepEqual(readPreview(`npm notice {new version}\nLogged in.\n${change()}\nDone.\n`), expected);
    assert.deepEqual(readPreview(change().replaceAll("\n", "\r\n")), expected);
    assert.deepEqual(readPreview(`[14:02] pulumi\n${recorded("change-events.jsonl")}`).failed, false);
  });

  const event = (part: object, sequence = 0) => JSON.stringify({ sequence, ...part });
  const replaced = event({
    resourcePreEvent: {
      metadata: {
        op: "replace",
        urn: "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/dokploy:Application::web",
        old: { custom: true, inputs: { serverId: "s1" } },
        new: { custom: true, inputs: { serverId: "s2" } },
        ...{ diffs: ["serverId"], keys: ["serverId"] },
      },
    },
  });

  it("accepts the different names in a stream", () => {
    const { steps, failed } = readPreview(`${replaced}\n${event({ summaryEvent: {} })}\n`);
    assert.equal(failed, false);
    assert.deepEqual(
      steps.map(({ op, diffReasons, replaceReasons }) => [op, diffReasons, replaceReasons]),
      [["replace", ["serverId"], ["serverId"]]],
    );
  });

  it("treats a stream as a failure if it says so, with or without a reason", () => {
    const stream = (result: string) => `${replaced}\n${event({ summaryEvent: { result } })}\n`;
    assert.equal(readPreview(stream("failed")).failed, true);
    assert.equal(readPreview(stream("succeeded")).failed, false);
    const diagnosticEvent = { severity: "error", message: "error: no" };
    const cut = readPreview(`${replaced}\n${event({ diagnosticEvent })}\n`);
    assert.deepEqual([cut.failed, cut.diagnostics.length], [true, 1]);
  });

  it("reads the findings of policies in a stream, and says where they are missing", () => {
    const urn = "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/dokploy:Application::web";
    const finding = (enforcementLevel: string, policyName: string) =>
      event({
        policyEvent: { resourceUrn: urn, enforcementLevel, policyName, message: "A rule.\n  A `mistake`.\n" },
      });
    const failed = { severity: "error", message: "error: preview failed\n" };
    const plan = planOf(
      readPreview(
        [
          finding("mandatory", "no-root"),
          finding("advisory", "no-limit"),
          event({ diagnosticEvent: failed }),
          event({ summaryEvent: { result: "failed" } }),
        ].join("\n"),
      ),
    );
    assert.deepEqual([plan.failed, plan.errors, plan.warnings], [true, [], []]);
    const found = { resource: "web", place: "", text: "A `mistake`." };
    assert.deepEqual(plan.findings, [
      { isMandatory: true, rule: "no-root", ...found },
      { isMandatory: false, rule: "no-limit", ...found },
    ]);

    const document = (...diagnostics: object[]) => planOf(readPreview(JSON.stringify({ diagnostics })));
    assert.match(
      String(document(failed).errors[0]?.text),
      /^preview failed, for a reason that is not in this output\. .*PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true/,
    );
    assert.deepEqual(
      document(failed, { severity: "error", message: "error: no" }).errors.map(({ text }) => text),
      ["no"],
    );
  });

  it("says that a stream has no reason, if it only says that the preview failed", () => {
    const bare = event({ diagnosticEvent: { severity: "error", message: "preview failed\n" } });
    const reasons = ({ errors }: Plan) => errors.map(({ text }) => text);
    assert.match(
      reasons(planOf(readPreview(bare))).join(),
      /^preview failed, for a reason that is not in this output\. The log of `pulumi preview` has it\.$/,
    );
    const other = event({ diagnosticEvent: { severity: "error", message: "no\n" } });
    assert.deepEqual(reasons(planOf(readPreview(`${other}\n${bare}`))), ["no"]);
  });

  const nested = (depth: number, name = "web", brackets: readonly [string, string] = ['{"a":', "}"]) => {
    const [open, close] = brackets;
    const inputs = `{"env":{"A":"1"},"deep":${open.repeat(depth)}1${close.repeat(depth)}}`;
    const urn = `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/dokploy:Application::${name}`;
    const states = `"oldState":{"custom":true,"inputs":{"env":{}}},"newState":{"custom":true,"inputs":${inputs}}`;
    const diff = '{"env.A":{"kind":"add"},"deep":{"kind":"add"}}';
    return `{"steps":[{"op":"update","urn":"${urn}",${states},"detailedDiff":${diff}}]}`;
  };

  it("accepts deeply nested values", () => {
    const { resources } = planOf(readPreview(nested(190)));
    assert.equal(resources.length, 1);
  });

  const refused: [what: string, text: () => string, reason: RegExp][] = [
    ["values nested 2,000 deep", () => nested(2_000), /an input or output of web is nested deeper than 200/],
    ["lists nested 100,000 deep", () => nested(100_000, "web", ["[", "]"]), /nested deeper than 200 levels/],
    [
      "a name that is more than one",
      () => nested(2_000, "**x**"),
      /an input or output of a resource is nested/,
    ],
    ["nothing", () => " \n", /printed nothing/],
    ["text", () => "error: no stack named 'nope' found\n", /contains no JSON/],
    ["other JSON", () => '{"name": "shop"}', /JSON, but not a plan/],
    ["a list", () => "[1, 2]", /JSON, but not a plan/],
    [
      "half a document",
      () => change().slice(0, 4_000),
      /not complete JSON: .* Run `pulumi preview --json` again, with stdout alone in the file\.$/,
    ],
    [
      "half a stream",
      () => recorded("change-events.jsonl").split("\n").slice(0, 5).join("\n"),
      /not complete JSON/,
    ],
    [
      "a stream that ends in a line",
      () => recorded("change-events.jsonl").slice(0, 5_000),
      /not complete JSON/,
    ],
  ];
  for (const [what, text, reason] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => readPreview(text()),
        (error) => error instanceof UsageError && reason.test(error.message),
      );
    });
  }

  it("survives any JSON in any place", () => {
    const json = fc.jsonValue();
    const step = fc.record(
      {
        op: fc.constantFrom("create", "update", "delete", "replace"),
        urn: fc.string(),
        oldState: json,
        newState: json,
        detailedDiff: json,
        diffReasons: json,
        replaceReasons: json,
      },
      { requiredKeys: ["op", "urn"] },
    );
    const entry = fc.record({ severity: fc.constantFrom("error", "warning"), message: json, urn: json });
    fc.assert(
      fc.property(fc.array(fc.oneof(step, json)), fc.array(fc.oneof(entry, json)), (steps, diagnostics) => {
        const text = JSON.stringify({ steps, diagnostics });
        assert.ok(render(planOf(readPreview(text)), { maxLength: 2_000 }).length <= 2_000);
      }),
    );
  });
});
