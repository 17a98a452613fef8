import { runtime } from "@pulumi/pulumi";
import type { Alias } from "@pulumi/pulumi/proto/alias_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import * as provider from "@pulumi/pulumi/proto/provider_pb";
import * as resource from "@pulumi/pulumi/proto/resource_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { type Engine, Failed, type Goal } from "./engine";
import type { Values } from "./values";

/** A message that a run shows. */
export interface Diagnostic {
  readonly severity: "error" | "warning" | "info";
  readonly message: string;
  readonly urn?: string | undefined;
}

/** One run of a program. */
export interface ProgramRun {
  readonly project: string;
  readonly stack: string;
  readonly isPreview: boolean;
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
  readonly program: () => void | Promise<void>;
  /** Outputs of the resources in the last state, by URN. */
  readonly outputs: () => Readonly<Record<string, { outputs: Values }>>;
  readonly log: (diagnostic: Diagnostic) => void;
}

type Done<T> = (error: unknown, response?: T) => void;

/** What Pulumi's SDK keeps of a run, apart from all other runs of the process. */
interface Store {
  settings: { monitor: unknown; engine: unknown; options: Record<string, unknown> };
}
const { withLocalStorage, getStore } = require("@pulumi/pulumi/runtime/state") as {
  withLocalStorage<T>(work: () => Promise<T>): Promise<T>;
  getStore(): Store;
};
const { resetOptions, waitForRPCs } = require("@pulumi/pulumi/runtime/settings") as {
  resetOptions(...options: readonly unknown[]): void;
  waitForRPCs(): Promise<void>;
};

/**
 * Runs a program of Pulumi's SDK against an engine of this process, as an inline program of the Automation API.
 *
 * @returns true when the program has ended well
 */
export function runProgram(engine: Engine, run: ProgramRun): Promise<boolean> {
  return withLocalStorage(async () => {
    const failures: unknown[] = [];
    const { project, stack, isPreview, config, secretKeys, program } = run;
    resetOptions(project, stack, 16, "here", "here", isPreview, "organization");
    Object.assign(getStore().settings, { monitor: monitorOf(engine, run), engine: engineOf(run) });
    runtime.setAllConfig({ ...config }, [...secretKeys]);
    // A preview fails at its end by a promise that nobody waits for.
    const others = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", (reason) => failures.push(reason));
    try {
      const ended = runtime.runInPulumiStack(async () => await program()).then(() => waitForRPCs());
      let isOver = false;
      void ended.finally(() => (isOver = true)).catch(() => undefined);
      await Promise.race([ended, stopped(engine, () => isOver)]);
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    } catch (error) {
      failures.push(error);
    } finally {
      process.removeAllListeners("unhandledRejection");
      for (const other of others)
        process.on("unhandledRejection", other as NodeJS.UnhandledRejectionListener);
    }
    const own = failures.filter(
      (error) => !(error instanceof Failed) && (error as { code?: unknown }).code !== unavailable,
    );
    for (const error of own)
      run.log({
        severity: "error",
        message: error instanceof Error ? (runMessage(error) ?? String(error.stack)) : String(error),
      });
    return failures.length === 0 && !engine.hasFailed;
  });
}

/** Code of gRPC by which the engine says that a run is over. */
const unavailable = 14;

/** Ends once a step has failed: the program then waits for answers that never come. */
async function stopped(engine: Engine, isOver: () => boolean): Promise<void> {
  while (!engine.hasFailed && !isOver()) await new Promise((resolve) => setTimeout(resolve, 1));
  await new Promise((resolve) => setImmediate(resolve));
}

function runMessage(error: Error): string | undefined {
  return "__pulumiRunError" in error ? error.message : undefined;
}

function engineOf({ log }: ProgramRun) {
  const severities = ["info", "info", "warning", "error"] as const;
  let root = "";
  return {
    log(request: LogRequest, done: Done<object>) {
      const severity = severities[request.getSeverity()] ?? "info";
      const isShown = request.getSeverity() > 0 && !request.getEphemeral();
      if (isShown) log({ severity, message: request.getMessage(), urn: request.getUrn() || undefined });
      done(null, {});
    },
    setRootResource(request: { getUrn(): string }, done: Done<object>) {
      root = request.getUrn();
      done(null, {});
    },
    getRootResource: (_: unknown, done: Done<object>) => done(null, { getUrn: () => root }),
    requirePulumiVersion: (_: unknown, done: Done<object>) => done(null, {}),
  };
}

function monitorOf(engine: Engine, run: ProgramRun) {
  const { project, stack } = run;
  const urnIn = (parent: string, type: string, name: string): string => {
    const types = parent === "" ? "" : (parent.split("::")[2] ?? "");
    const around = types === "" || types === rootType ? "" : `${types}$`;
    return `urn:pulumi:${stack}::${project}::${around}${type}::${name}`;
  };
  return {
    supportsFeature(request: resource.SupportsFeatureRequest, done: Done<object>) {
      const isThere = ![
        "outputValues",
        "transforms",
        "invokeTransforms",
        "resourceHooks",
        "errorHooks",
      ].includes(request.getId());
      done(null, { getHassupport: () => isThere });
    },
    async registerResource(
      request: resource.RegisterResourceRequest,
      done: Done<resource.RegisterResourceResponse>,
    ) {
      const [parent, type, name] = [request.getParent(), request.getType(), request.getName()];
      const goal: Goal = {
        urn: urnIn(parent, type, name),
        type,
        custom: request.getCustom(),
        parent: parent === "" ? undefined : parent,
        inputs: (request.getObject()?.toJavaScript() ?? {}) as Values,
        dependencies: request.getDependenciesList(),
        propertyDependencies: Object.fromEntries(
          request
            .getPropertydependenciesMap()
            .toArray()
            .map(([property, from]) => [property, (from as unknown as [string[]])[0] ?? []]),
        ),
        protect: request.getProtect() ?? false,
        isKept: request.getIgnorechangesList().includes("*"),
        aliases: request.getAliasesList().map((alias) => aliasOf(alias, { parent, type, name }, urnIn)),
      };
      try {
        const { urn, id, outputs } = await engine.register(goal);
        const response = new resource.RegisterResourceResponse();
        response.setUrn(urn);
        response.setId(id ?? "");
        response.setObject(Struct.fromJavaScript(outputs as never));
        done(null, response);
      } catch (error) {
        done(Object.assign(error as Error, { code: unavailable }));
      }
    },
    registerResourceOutputs(request: resource.RegisterResourceOutputsRequest, done: Done<object>) {
      engine.complete(request.getUrn(), (request.getOutputs()?.toJavaScript() ?? {}) as Values);
      done(null, {});
    },
    invoke(request: resource.ResourceInvokeRequest, done: Done<provider.InvokeResponse>) {
      const response = new provider.InvokeResponse();
      response.setReturn(Struct.fromJavaScript({ outputs: run.outputs() } as never));
      if (request.getTok() === "pulumi:pulumi:readStackResourceOutputs") done(null, response);
      else done(new Error(`There is no function ${request.getTok()}.`));
    },
    signalAndWaitForShutdown: (_: unknown, done: Done<object>) => done(null, {}),
    close() {},
  };
}

export const rootType = "pulumi:pulumi:Stack";

function aliasOf(
  alias: Alias,
  own: { readonly parent: string; readonly type: string; readonly name: string },
  urnIn: (parent: string, type: string, name: string) => string,
): string {
  const spec = alias.getSpec();
  if (spec === undefined) return alias.getUrn();
  const parent = spec.getNoparent() ? "" : spec.getParenturn() || own.parent;
  return urnIn(parent, spec.getType() || own.type, spec.getName() || own.name);
}
