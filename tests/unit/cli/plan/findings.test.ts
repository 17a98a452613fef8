import * as assert from "node:assert/strict";
import { planOf, planPage, readPreview, render } from "../../../../cli/plan";
import { diagnosticOf } from "../../../../provider/pulumi";
import { sentenceOf } from "../../../../sdk/run";
import { partsOf, textOf } from "../page/markup";

const urnOf = (name: string, kind = "Application") =>
  `urn:pulumi:prod::shop::pulumi-nodejs:dynamic/dokploy:${kind}::${name}`;

interface Found {
  readonly rule: string;
  readonly urn: string;
  /** As the rule reports it. */
  readonly text: string;
  readonly level?: "mandatory" | "advisory";
}

/** The output of a preview with policies, as `PULUMI_ENABLE_STREAMING_JSON_PREVIEW` makes it. */
function planWith(found: readonly Found[], ...warnings: readonly string[]) {
  const events = [
    ...found.map(({ rule, urn, text, level = "mandatory" }) => ({
      policyEvent: {
        resourceUrn: urn,
        message: `What the rule is for.\n${text}\n`,
        policyName: rule,
        policyPackName: "dokploy",
        enforcementLevel: level,
      },
    })),
    ...warnings.map((message) => ({ diagnosticEvent: { severity: "warning", message } })),
    { diagnosticEvent: { severity: "error", message: "preview failed\n" } },
    { summaryEvent: { result: "failed" } },
  ];
  return planOf(
    readPreview(events.map((event, sequence) => JSON.stringify({ sequence, ...event })).join("\n")),
  );
}

const plain = (name: string, variable: string): Found => ({
  rule: "plain-secret",
  urn: urnOf(name),
  text: `In plain text, and looks like a secret: Application "${name}" ${variable}. Everybody can read it. Give it as a secret.`,
});
const textOfPlan = (plan: ReturnType<typeof planWith>) => render(plan, { maxLength: 65_000 });

describe("findings of policies in the summary of a plan", () => {
  it("are a table, with each reason once", () => {
    const memory = sentenceOf("no-memory-limit", ['Application "web"']);
    const markdown = textOfPlan(
      planWith([
        plain("web", "env.DB_PASSWORD"),
        plain("api", "buildArgs.TOKEN"),
        { rule: "no-memory-limit", urn: urnOf("web"), text: memory, level: "advisory" },
      ]),
    );
    assert.equal(
      markdown,
      `## Plan for this stack: the preview failed

> [!CAUTION]
> **Policies refuse this plan**, so an update would fail too. An update changes nothing until the errors are corrected.

### 3 findings of policies

- \`plain-secret\`, **mandatory**, 2 places: \`In plain text, and looks like a secret. Everybody can read it. Give it as a secret.\`
- \`no-memory-limit\`, advisory: \`No memory limit, so one container can use up all memory of the server. Give resources: { memoryLimit: "512MiB" }.\`

|  | Service | Variable or input | Rule |
| --- | --- | --- | --- |
| **mandatory** | \`api\` | \`TOKEN\` (\`buildArgs\`) | \`plain-secret\` |
| **mandatory** | \`web\` | \`DB_PASSWORD\` | \`plain-secret\` |
| advisory | \`web\` |  | \`no-memory-limit\` |
`,
    );
  });

  it("name the place that the reason begins with, or that follows the resource", () => {
    const places = (text: string, kind = "Compose") =>
      planWith([{ rule: "rule", urn: urnOf("cache", kind), text }]).findings.map(({ place, text }) => [
        place,
        text,
      ])[0];
    assert.deepEqual(places('Compose "cache": 3:5: service "web" has no limit.'), [
      "3:5",
      'service "web" has no limit.',
    ]);
    assert.deepEqual(places('Postgres "cache" is not protected.', "Postgres"), ["", "It is not protected."]);
    assert.deepEqual(
      places('Looks secret: Compose "cache" source.composeFile: services.web.command. Mend it.'),
      ["source.composeFile: services.web.command", "Looks secret. Mend it."],
    );
    assert.deepEqual(places("acme/x is from another registry."), ["", "acme/x is from another registry."]);
    assert.deepEqual(places(""), ["", "What the rule is for."]);
  });

  it("say it of the whole stack where a policy names no resource", () => {
    const urn = "urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod";
    const markdown = textOfPlan(
      planWith([{ rule: "exceptions", urn, text: "An exception.", level: "advisory" }]),
    );
    assert.match(markdown, /^\| advisory \| _the whole stack_ \| {2}\| `exceptions` \|$/m);
  });

  it("are not said a second time as the warning of a check", () => {
    const warning = (check: "plain-secret" | "latest-tag") =>
      diagnosticOf(sentenceOf(check, ['Application "web"']), "advice");
    const plan = planWith(
      [plain("web", "env.A")],
      warning("plain-secret"),
      warning("latest-tag"),
      "other [plain-secret]",
    );
    assert.deepEqual(
      plan.warnings.map(({ text }) => text.slice(0, 22)),
      ["No version of the imag", "other [plain-secret]"],
    );
  });

  it("fold where they are many, and stay within the limit", () => {
    const found = Array.from({ length: 400 }, (_, at) => plain(`service-${at}`, "env.DB_PASSWORD"));
    const markdown = textOfPlan(planWith(found));
    assert.match(markdown, /^- `plain-secret`, \*\*mandatory\*\*, 400 places: /m);
    assert.match(markdown, /^<details><summary>400 places<\/summary>\n\n\| {2}\| Service/m);
    for (const maxLength of [1_000, 4_000]) {
      const short = render(planWith(found), { maxLength });
      assert.ok(short.length <= maxLength);
      const [, left = ""] = /(\d+) findings left out/.exec(short) ?? assert.fail(short);
      const rows = short.match(/^\| \*\*mandatory\*\*/gm)?.length ?? 0;
      assert.equal(rows, 400 - Number(left));
      assert.match(short, new RegExp(`${rows > 1 ? `${rows} places` : "mandatory"}`));
    }
  });

  it("are on the page too", () => {
    const text = textOf(partsOf(planPage(planWith([plain("web", "env.DB_PASSWORD")]), undefined)));
    assert.match(text, /Policies refuse this plan/);
    assert.match(text, /1 finding of policies/);
    assert.match(text, /web\s*DB_PASSWORD\s*plain-secret\s*mandatory/);
  });
});
