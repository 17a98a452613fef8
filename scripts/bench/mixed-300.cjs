// Measures 300 resources of many kinds: the cost of a plan without changes, the requests of a refresh, and the memory
// of the provider process.
const fs = require("node:fs");
const path = require("node:path");
const { doNothing, ours, resources, services } = require("./mixed-program.cjs");
const { comparePreviews } = require("./preview-pairs.cjs");
const { round } = require("./statistics.cjs");
const { timed, withStacks } = require("./stack.cjs");

const limitRatio = 1.15;
const limitMemoryMb = 250;
const limitRequests = 1;

/** Made once in a run of any size. */
const versionRead = "settings.getDokployVersion";

/** Calls for objects that belong to no service: one read each. */
const separate = /^(?:project|environment|destination|registry|sshKey|tag|notification)\./;

async function measure() {
  return [...(await measureWith({}, "")), ...(await measureWith({ takesBatches: false }, "-plain"))];
}

/** Measures with a server, or a proxy before it, that may refuse several reads in one request. */
async function measureWith(server, suffix) {
  return await withStacks(
    async ({ dokploy, openStack }) => {
      const stack = await openStack("mixed");
      const file = path.join(path.dirname(stack.dir), "memory");
      const NODE_OPTIONS = `--require ${JSON.stringify(path.join(__dirname, "memory.cjs"))}`;
      Object.assign(stack.env, { BENCH_MEMORY: file, NODE_OPTIONS });
      const memory = {};
      const run = async (name, ...args) => {
        fs.rmSync(file, { force: true });
        const ms = await timed(stack, ...args);
        memory[name] = Math.round(Number(fs.readFileSync(file, "utf8")) / 1e6);
        return ms;
      };

      stack.writeProgram(ours);
      await run("up", "up", "--skip-preview");
      const managed = stack.state().resources.filter(({ type }) => type.includes("/dokploy:")).length;
      if (managed !== resources) throw new Error(`The program has ${managed} resources, not ${resources}`);
      dokploy.clearCalls();
      const refreshMs = await run("refresh", "refresh", "--skip-preview", "--expect-no-changes");
      const requests = requestsOf(dokploy.calls);
      const refresh = {
        figure: `refresh-300${suffix}`,
        value: round(requests.ofServices / services, 2),
        unit: "requests per service and its children",
        ...(suffix === "" ? { atMost: limitRequests } : {}),
        details: { ...requests, services, resources, ms: Math.round(refreshMs) },
      };
      if (suffix !== "") return [refresh];

      const previews = await openStack("mixed");
      previews.writeProgram(doNothing);
      await timed(previews, "up", "--skip-preview");
      dokploy.clearCalls();
      await run("preview", "preview", "--expect-no-changes");
      Object.assign(stack.env, { BENCH_MEMORY: undefined, NODE_OPTIONS: undefined });
      const { value, details } = await comparePreviews(stack, previews);
      return [
        { figure: "preview-300", value, unit: "ratio", atMost: limitRatio, details },
        { figure: "preview-300-calls", value: dokploy.calls.length, unit: "calls", atMost: 0 },
        refresh,
        {
          figure: "memory-300",
          value: Math.max(...Object.values(memory)),
          unit: "MB",
          atMost: limitMemoryMb,
          details: memory,
        },
      ];
    },
    { buildMs: 1, buildsConcurrency: 100, ...server },
  );
}

/** Counts the requests (one for several reads at once), and those that read services or their children. */
function requestsOf(calls) {
  const requests = new Map();
  for (const [index, { endpoint, batch }] of calls.entries()) {
    if (endpoint === versionRead) continue;
    const key = batch === undefined ? `alone ${index}` : `batch ${batch}`;
    requests.set(key, [...(requests.get(key) ?? []), endpoint]);
  }
  const all = [...requests.values()];
  const byEndpoint = {};
  for (const endpoint of all.flat()) byEndpoint[endpoint] = (byEndpoint[endpoint] ?? 0) + 1;
  return {
    ofServices: all.filter((endpoints) => endpoints.some((endpoint) => !separate.test(endpoint))).length,
    all: all.length,
    reads: all.flat().length,
    byEndpoint,
  };
}

module.exports = { measure };
