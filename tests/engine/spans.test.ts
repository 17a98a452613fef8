import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { Story } from "./story";

/** As the file of `--otel-traces` has it: OTLP in JSON, a request in each line. */
interface SpanRow {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes?: readonly { key: string; value: { stringValue?: string; intValue?: string } }[];
  readonly status?: { readonly code?: number };
}
interface Line {
  readonly resourceSpans: readonly {
    readonly resource: Pick<SpanRow, "attributes">;
    readonly scopeSpans: readonly { readonly spans: readonly SpanRow[] }[];
  }[];
}

/** A span with what the test looks at. */
interface Span {
  readonly name: string;
  readonly service: unknown;
  readonly traceId: string;
  readonly spanId: string;
  readonly parent: string | undefined;
  readonly ms: number;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly hasFailed: boolean;
}

function readTrace(text: string): Span[] {
  return text
    .split("\n")
    .filter(Boolean)
    .flatMap((line) => (JSON.parse(line) as Line).resourceSpans)
    .flatMap(({ resource, scopeSpans }) => {
      const { "service.name": service } = factsOf(resource);
      return scopeSpans
        .flatMap(({ spans }) => spans)
        .map((row) => ({
          name: row.name,
          service,
          traceId: row.traceId,
          spanId: row.spanId,
          parent: row.parentSpanId || undefined,
          ms: Number(BigInt(row.endTimeUnixNano) - BigInt(row.startTimeUnixNano)) / 1e6,
          facts: factsOf(row),
          hasFailed: row.status?.code === 2,
        }));
    });
}

function factsOf({ attributes = [] }: Pick<SpanRow, "attributes">): Record<string, unknown> {
  return Object.fromEntries(
    attributes.map(({ key, value: { stringValue, intValue } }) => [key, stringValue ?? Number(intValue)]),
  );
}

describe("pulumi up --otel-traces", function () {
  this.timeout(120_000);
  let story: Story;
  afterEach(() => story.end());

  for (const plugin of [false, true]) {
    it(`gets the spans of ${plugin ? "the plugin" : "dynamic providers"}, and no secret`, async () => {
      story = await Story.begin({ plugin, buildMs: 2_000 });
      const { workspace } = story;
      story.program(`
        const project = new dokploy.Project("shop", { name: "shop" });
        new dokploy.Application("web", {
          environmentId: project.defaultEnvironmentId,
          name: "web",
          source: { type: "docker", image: "acme/web:1" },
          env: { TOKEN: pulumi.secret("canary-of-env") },
          deploy: { waitFor: "running" },
          healthCheck: { path: "/healthz?key=canary-of-path", port: 80 },
        });
      `);
      const file = path.join(workspace.dir, "trace.json");
      const up = await story.succeeds("up", "--skip-preview", "--otel-traces", `file://${file}`);
      const text = fs.readFileSync(file, "utf8");
      const all = readTrace(text);
      const ours = all.filter(({ service }) => service === "pulumi-dokploy");
      const byId = new Map(all.map((span) => [span.spanId, span]));
      const parentOf = ({ parent }: Span) => (parent === undefined ? undefined : byId.get(parent));
      const one = (name: string) => {
        const [found, ...others] = ours.filter((span) => span.name === name);
        assert.ok(found, `${name} in ${ours.map((span) => span.name).join(", ")}`);
        assert.deepEqual(others, []);
        return found;
      };

      const create = one("create Application web");
      assert.deepEqual(create.facts, { "dokploy.kind": "Application", "dokploy.resource": "web" });
      for (const phase of ["queue", "build", "watch"]) assert.equal(parentOf(one(phase)), create, phase);
      assert.ok(one("build").ms >= 200, `${one("build").ms} ms`);
      const deploy = one("application.deploy");
      assert.equal(parentOf(deploy), create);
      const { "dokploy.turn_ms": turn, ...facts } = deploy.facts;
      assert.equal(typeof turn, "number");
      assert.deepEqual(facts, {
        "http.request.method": "POST",
        "http.response.status_code": 200,
        "dokploy.attempt": 1,
      });
      const called = ours.filter(({ facts }) => "dokploy.attempt" in facts).map(({ name }) => name);
      assert.deepEqual([...called].sort(), [...up.calls].sort());
      assert.ok(ours.every(({ hasFailed }) => !hasFailed));

      const roots = ours.filter((span) => !ours.some(({ spanId }) => spanId === span.parent));
      if (plugin) assert.ok(roots.every((span) => parentOf(span)?.service === "pulumi-cli"));
      else assert.ok(roots.every(({ parent }) => parent === undefined));
      assert.equal(new Set(ours.map(({ traceId }) => traceId)).size, 1);

      assert.doesNotMatch(JSON.stringify(ours), /canary/);
      // A line is a request of one program, so the lines of this package can be passed on.
      const own = text.split("\n").filter((line) => line.includes('"stringValue":"pulumi-dokploy"}'));
      assert.ok(
        own.length > 0 && !/canary|apiKey/.test(own.join()) && !own.join().includes(story.emulator.apiKey),
      );
      // The other spans are those of the CLI.
      assert.match(text, /canary-of-env/);
      assert.match(
        up.output,
        /warning: The trace of this run contains settings, inputs and keys in plain text/,
      );

      const destroyed = path.join(workspace.dir, "destroy.json");
      // The CLI and the provider then have one parent.
      const trace = "0af7651916cd43dd8448eb211c80319c";
      workspace.env["TRACEPARENT"] = `00-${trace}-b7ad6b7169203331-01`;
      await story.succeeds("destroy", "--skip-preview", "--otel-traces", `file://${destroyed}`);
      const last = readTrace(fs.readFileSync(destroyed, "utf8"));
      // The last call before the CLI ends the process.
      assert.equal(last.find(({ name }) => name === "project.remove")?.traceId, trace);
      assert.equal(last.find(({ name }) => name === "pulumi")?.traceId, trace);
    });
  }
});
