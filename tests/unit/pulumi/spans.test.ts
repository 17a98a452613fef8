import * as assert from "node:assert/strict";
import { createRequire } from "node:module";
import { about, type SpansOptions, spansOf } from "../../../provider/pulumi";

/** As the exporter of OpenTelemetry gets it. */
interface Sent {
  readonly name: string;
  readonly attributes: Record<string, unknown>;
  readonly status: { readonly code: number };
  readonly parentSpanId?: string;
  readonly spanContext: () => { readonly traceId: string; readonly spanId: string };
}

const real = createRequire(require.resolve("@pulumi/pulumi"));
const environment = { PULUMI_OTEL_EXPORTER_OTLP_ENDPOINT: "localhost:1" };
const TRACE = "0af7651916cd43dd8448eb211c80319c";

/** Spans whose exporter keeps what it gets. */
function collected(options: Partial<SpansOptions> = {}) {
  const sent: Sent[] = [];
  const urls: string[] = [];
  class OTLPTraceExporter {
    constructor({ url }: { url: string }) {
      urls.push(url);
    }
    export(spans: Sent[], done: (result: { code: number }) => void) {
      sent.push(...spans);
      done({ code: 0 });
    }
    async shutdown() {}
  }
  const spans = spansOf({
    environment,
    unavailable: assert.fail,
    collected: () => {},
    load: (name) => (name.endsWith("-otlp-grpc") ? { OTLPTraceExporter } : real(name)),
    ...options,
  });
  const named = (name: string) => {
    const found = sent.find((span) => span.name === name);
    assert.ok(found, `${name} was sent`);
    return { ...found, ...found.spanContext(), attributes: found.attributes, parent: found.parentSpanId };
  };
  return { ...spans, sent, urls, named };
}

describe("spans", () => {
  const nothing = async () => {};

  it("are no-op, and load nothing, where the CLI collects none", async () => {
    const { span, flushed } = spansOf({
      environment: {},
      unavailable: assert.fail,
      collected: () => {},
      load: () => assert.fail("loads nothing"),
    });
    assert.equal(
      await span("work", {}, async (note) => {
        note({ more: 1 });
        return "result";
      }),
      "result",
    );
    await flushed();
  });

  it("reach the address of the CLI with names and facts once they are flushed, and lie below their callers", async () => {
    const { span, flushed, named, urls } = collected();
    await span("outer", { kind: "Application" }, async () => {
      await span("inner", { attempt: 2 }, async (note) => note({ status: 200 }));
    });
    await flushed();
    assert.deepEqual(urls, ["http://localhost:1"]);
    const [outer, inner] = [named("outer"), named("inner")];
    assert.deepEqual(outer.attributes, { kind: "Application" });
    assert.deepEqual(inner.attributes, { attempt: 2, status: 200 });
    assert.equal(outer.parent, undefined);
    assert.equal(inner.parent, outer.spanId);
    assert.equal(inner.traceId, outer.traceId);
  });

  it("have failed when their work throws or notes an error, and never have its message", async () => {
    const { span, flushed, sent, named } = collected();
    const failing = span("throws", {}, async () => {
      throw new TypeError("canary");
    });
    await assert.rejects(failing, new TypeError("canary"));
    await span("notes", {}, async (note) => note({ "error.type": "500" }));
    await span("works", {}, nothing);
    await flushed();
    assert.deepEqual(
      [named("throws"), named("notes"), named("works")].map(({ status }) => status.code),
      [2, 2, 0],
    );
    assert.deepEqual(named("throws").attributes, { "error.type": "TypeError" });
    assert.doesNotMatch(JSON.stringify(sent.map(({ attributes, status }) => [attributes, status])), /canary/);
  });

  it("begin below the engine's call, or the span of the process that started the CLI, or as roots of one trace", async () => {
    const ours = collected({
      environment: { ...environment, TRACEPARENT: `00-${TRACE}-00f067aa0ba902b7-01` },
    });
    await ours.span("of the process", {}, nothing);
    await about("urn", () => ours.span("of the call", {}, nothing), `00-${TRACE}-b7ad6b7169203331-01`);
    await about("urn", () => ours.span("of a bad call", {}, nothing), "b7ad6b7169203331");
    await ours.flushed();
    assert.equal(ours.named("of the process").parent, "00f067aa0ba902b7");
    assert.equal(ours.named("of the call").parent, "b7ad6b7169203331");
    assert.equal(ours.named("of a bad call").parent, "00f067aa0ba902b7");
    assert.equal(ours.named("of the call").traceId, TRACE);

    const roots = collected();
    await Promise.all([roots.span("one", {}, nothing), roots.span("two", {}, nothing)]);
    await roots.flushed();
    assert.deepEqual([roots.named("one").parent, roots.named("two").parent], [undefined, undefined]);
    assert.equal(roots.named("one").traceId, roots.named("two").traceId);
  });

  it("never lie below a span that has ended, as those of work that outlives its caller", async () => {
    const { span, flushed, named } = collected();
    let open = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    let late: Promise<void> | undefined;
    await span("outer", {}, async () => {
      await span("inner", {}, async () => {
        late = gate.then(() => span("late", {}, nothing));
      });
      await span("in time", {}, nothing);
    });
    open();
    await late;
    await flushed();
    assert.equal(named("in time").parent, named("outer").spanId);
    assert.equal(named("late").parent, undefined);
    assert.equal(named("late").traceId, named("outer").traceId);
  });

  it("are given up, once and with a reason, where the packages are missing, and the work goes on", async () => {
    const reasons: string[] = [];
    const { span, flushed } = collected({
      unavailable: (why) => reasons.push(why),
      collected: () => {},
      load: (name) => {
        throw new Error(`Cannot find module '${name}'\nRequire stack: …`);
      },
    });
    assert.deepEqual([await span("one", {}, async () => 1), await span("two", {}, async () => 2)], [1, 2]);
    await flushed();
    assert.deepEqual(reasons, ["Cannot find module '@opentelemetry/api'"]);
  });
});
