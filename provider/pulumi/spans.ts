import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import type { Facts, Span } from "../dokploy";
import { callersTrace } from "./subject";

/** Spans of a process: no-op, and nothing is loaded, unless the CLI collects them. */
export interface Spans {
  readonly span: Span;
  /** Ends once the CLI has all spans that have ended, or cannot be reached; undefined where none are sent. */
  flushed(): Promise<void> | undefined;
}

export interface SpansOptions {
  /** Variables of the process, of which the CLI sets one with `--otel-traces`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Called once, with the first span. */
  readonly collected: () => void;
  /** Called once where spans cannot be sent; the run continues without them. */
  readonly unavailable: (why: string) => void;
  /** Loads a package of OpenTelemetry; default: the one that Pulumi's SDK depends on. */
  readonly load?: (name: string) => unknown;
}

/** Variable in which the CLI names the address that takes spans, as `localhost:40123`. */
const ENDPOINT = "PULUMI_OTEL_EXPORTER_OTLP_ENDPOINT";

/** Place in the tree of spans. A child never lies below a span that has ended. */
interface Place {
  readonly context: object;
  readonly around: Place | undefined;
  hasEnded: boolean;
}

export function spansOf(options: SpansOptions): Spans {
  if (!options.environment[ENDPOINT]) {
    return { span: (_name, _facts, work) => work(() => {}), flushed: () => undefined };
  }
  const place = new AsyncLocalStorage<Place>();
  let made: Tracing | undefined;
  let isTried = false;
  /** Loads the packages with the first span. */
  const tracing = () => {
    if (isTried) return made;
    isTried = true;
    options.collected();
    try {
      made = tracingOf(options);
    } catch (error) {
      options.unavailable(error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error));
    }
    return made;
  };
  return {
    async span(name, facts, work) {
      const here = tracing();
      if (here === undefined) return await work(() => {});
      let around = place.getStore();
      while (around?.hasEnded) around = around.around;
      const { context, note, end } = here.begin(name, facts, around?.context);
      const own: Place = { context, around, hasEnded: false };
      try {
        return await place.run(own, () => work(note));
      } catch (error) {
        note({ "error.type": error instanceof Error ? error.constructor.name : "failure" });
        throw error;
      } finally {
        own.hasEnded = true;
        end();
      }
    },
    flushed: () => made?.flushed(),
  };
}

interface Tracing {
  begin(name: string, facts: Facts, around: object | undefined): Begun;
  flushed(): Promise<void>;
}

interface Begun {
  readonly context: object;
  note(facts: Facts): void;
  end(): void;
}

/** Parts of the packages that this module uses. */
interface Packages {
  readonly api: {
    readonly ROOT_CONTEXT: object;
    readonly trace: {
      setSpan(context: object, span: object): object;
      setSpanContext(context: object, span: object): object;
    };
  };
  readonly sdk: {
    BasicTracerProvider: new (
      options: object,
    ) => {
      getTracer(name: string): { startSpan(name: string, options: object, context: object): OpenSpan };
      forceFlush(): Promise<void>;
    };
    BatchSpanProcessor: new (exporter: object) => object;
  };
  readonly exporter: { OTLPTraceExporter: new (options: { url: string }) => object };
  readonly resources: { Resource: new (attributes: Facts) => object };
}

interface OpenSpan {
  setAttributes(facts: Facts): void;
  setStatus(status: { code: number }): void;
  end(): void;
}

/** OpenTelemetry's number for a status. */
const ERROR = 2;

/** @throws when the packages are not there: an older SDK, or one that is bundled */
function tracingOf({ environment, load = loadBesideSdk() }: SpansOptions): Tracing {
  const api = load("@opentelemetry/api") as Packages["api"];
  const sdk = load("@opentelemetry/sdk-trace-base") as Packages["sdk"];
  const { OTLPTraceExporter } = load("@opentelemetry/exporter-trace-otlp-grpc") as Packages["exporter"];
  const { Resource } = load("@opentelemetry/resources") as Packages["resources"];
  const exporter = new OTLPTraceExporter({ url: `http://${environment[ENDPOINT]}` });
  let traceId = randomBytes(16).toString("hex");
  const provider = new sdk.BasicTracerProvider({
    resource: new Resource({ "service.name": "pulumi-dokploy" }),
    spanProcessors: [new sdk.BatchSpanProcessor(exporter)],
    // All spans without a parent belong to one trace.
    idGenerator: { generateTraceId: () => traceId, generateSpanId: () => randomBytes(8).toString("hex") },
  });
  const tracer = provider.getTracer("pulumi-dokploy");
  /** Context of the engine's call, of the process that started the CLI, or of nobody. */
  const outer = () => {
    const parent = readTrace(callersTrace()) ?? readTrace(environment["TRACEPARENT"]);
    if (parent === undefined) return api.ROOT_CONTEXT;
    traceId = parent.traceId;
    return api.trace.setSpanContext(api.ROOT_CONTEXT, parent);
  };
  return {
    begin(name, facts, around) {
      const parent = around ?? outer();
      const open = tracer.startSpan(name, { attributes: facts }, parent);
      return {
        context: api.trace.setSpan(parent, open),
        note(more) {
          open.setAttributes(more);
          if ("error.type" in more) open.setStatus({ code: ERROR });
        },
        end: () => open.end(),
      };
    },
    flushed: () => provider.forceFlush().catch(() => {}),
  };
}

/** Returns a loader that finds the packages where Pulumi's SDK finds them: a package manager may hide them from others. */
function loadBesideSdk(): (name: string) => unknown {
  return createRequire(require.resolve("@pulumi/pulumi"));
}

/** Reads a span in the form of W3C Trace Context; undefined for anything else. */
function readTrace(text: string | undefined) {
  const [, traceId, spanId, flags] =
    /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(text ?? "") ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}
