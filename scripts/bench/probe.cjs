// Loaded into the Node processes that Pulumi starts (`NODE_OPTIONS=--require`). Appends events to the file
// BENCH_PROBE, as JSON lines {process, event, at, ms?}. `at` is in milliseconds since 1970.
const fs = require("node:fs");
const Module = require("node:module");
const { performance } = require("node:perf_hooks");
const { isMainThread } = require("node:worker_threads");

const file = process.env.BENCH_PROBE;
const [, process_] = /[\\/]cmd[\\/](run|dynamic-provider)\b/.exec(process.argv.join(" ")) ?? [];
if (file !== undefined && process_ !== undefined && isMainThread) observe(process_);

function observe(name) {
  const now = () => performance.timeOrigin + performance.now();
  // Written at once, since Pulumi ends provider processes without notice.
  const record = (event, at, ms) => {
    fs.appendFileSync(file, `${JSON.stringify({ process: name, event, at, ms })}\n`);
  };
  record("start", performance.timeOrigin);
  process.on("exit", () => record("exit", now()));

  const seen = new Set();
  const load = Module._load;
  Module._load = function (request, ...rest) {
    const watched = /^(?:typescript|ts-node|@pulumi\/pulumi|pulumi-dokploy(?:\/runtime)?)$/.test(request);
    if (!watched && !/resource_grpc_pb$|\.ts$/.test(request)) return load.call(this, request, ...rest);
    const start = now();
    const event = /\.ts$/.test(request) ? "program" : request;
    if (event === "program" && !seen.has(event)) record("compile", start);
    const loaded = load.call(this, request, ...rest);
    if (seen.has(event)) return loaded;
    seen.add(event);
    if (watched) record(event, start, now() - start);
    if (/resource_grpc_pb$/.test(request)) watchRegistrations(loaded);
    if (request === "pulumi-dokploy/runtime") watchHandlers(loaded);
    return loaded;
  };

  const compile = Module.prototype._compile;
  Module.prototype._compile = function (code, filename) {
    if (filename.endsWith(".ts")) record("compiled", now());
    return compile.call(this, code, filename);
  };

  if (name === "dynamic-provider") {
    const write = process.stdout.write;
    process.stdout.write = function (...args) {
      // The first line is the port at which the engine finds the provider.
      process.stdout.write = write;
      record("listening", now());
      return write.apply(this, args);
    };
  }

  function watchRegistrations({ ResourceMonitorClient }) {
    const { registerResource } = ResourceMonitorClient.prototype;
    ResourceMonitorClient.prototype.registerResource = function (request, ...rest) {
      if (request.getType() !== "pulumi:pulumi:Stack") record("registration", now());
      return registerResource.call(this, request, ...rest);
    };
  }

  function watchHandlers(runtime) {
    const { provider } = runtime;
    runtime.provider = (kind) => {
      const handlers = provider(kind);
      return Object.fromEntries(
        Object.entries(handlers).map(([handler, handle]) => [
          handler,
          async (...args) => {
            const start = now();
            try {
              return await handle.apply(handlers, args);
            } finally {
              record(`handler ${handler}`, start, now() - start);
            }
          },
        ]),
      );
    };
  }
}
