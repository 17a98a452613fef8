// Splits the time of `pulumi preview`: examples/quickstart with one changed variable, as shipped, and with the types
// checked by Pulumi in each run.
const fs = require("node:fs");
const path = require("node:path");
const { median, round, summary } = require("./statistics.cjs");
const { repository, timed, withStacks } = require("./stack.cjs");

const runCount = 5;
const example = path.join(repository, "examples", "quickstart");
const variants = { "preview-split": {}, "preview-split-checked": { PULUMI_NODEJS_TRANSPILE_ONLY: "false" } };

async function measure() {
  return await withStacks(async ({ openStack }) => {
    const stack = await openStack("quickstart");
    stack.writeProgram("", { language: "ts" });
    fs.cpSync(example, stack.dir, { recursive: true });
    await timed(stack, "up", "--skip-preview");
    const variables = path.join(stack.dir, "envs", "api.yaml");
    fs.appendFileSync(variables, "ADDED_BY_BENCH: yes\n");

    const probe = path.join(path.dirname(stack.dir), "probe.jsonl");
    const plain = { ...stack.env };
    const runs = Object.fromEntries(Object.keys(variants).map((name) => [name, []]));
    for (let run = 0; run <= runCount; run += 1) {
      for (const [name, settings] of Object.entries(variants)) {
        Object.assign(stack.env, plain, { PULUMI_NODEJS_TRANSPILE_ONLY: undefined }, settings, {
          BENCH_PROBE: probe,
          NODE_OPTIONS: `--require ${JSON.stringify(path.join(__dirname, "probe.cjs"))}`,
        });
        fs.rmSync(probe, { force: true });
        const start = performance.timeOrigin + performance.now();
        const total = await timed(stack, "preview");
        // The first run of each fills caches and is dropped.
        if (run > 0) runs[name].push(split(start, total, readEvents(probe)));
      }
    }
    return Object.entries(runs).map(([name, splits]) => ({
      figure: name,
      value: round(median(splits.map(({ total }) => total))),
      unit: "ms",
      details: {
        spread: summary(splits.map(({ total }) => total)),
        ...Object.fromEntries(["program", "provider", "engine"].map((part) => [part, medians(splits, part)])),
      },
    }));
  });
}

/** Splits the time of one run by process; time in which program and provider both work counts as the program's. */
function split(start, total, events) {
  const program = of(events, "run");
  const provider = of(events, "dynamic-provider");
  const handlers = provider.all.filter(({ event }) => event.startsWith("handler "));
  const begin = program.at("start");
  const working = [begin, program.at("registration")];
  const serving = [
    [provider.at("start"), provider.at("listening")],
    span(provider.first("pulumi-dokploy/runtime")),
    ...handlers.map(span),
  ];
  const programMs = covered([working]);
  const providerMs = covered([working, ...serving]) - programMs;
  return {
    total,
    program: {
      total: programMs,
      nodeAndSdk: program.at("typescript") - begin,
      typescript: program.first("typescript").ms + program.first("ts-node").ms,
      compile: program.at("compiled") - program.at("compile"),
      importPulumi: program.first("@pulumi/pulumi").ms,
      importDokploy: program.first("pulumi-dokploy").ms,
    },
    provider: {
      total: providerMs,
      nodeAndSdk: provider.at("listening") - provider.at("start"),
      importRuntime: provider.first("pulumi-dokploy/runtime").ms,
      handlers: covered(handlers.map(span)),
    },
    engine: { total: total - programMs - providerMs, beforeProgram: begin - start },
  };
}

function of(events, name) {
  const all = events.filter((event) => event.process === name);
  const first = (event) => {
    const found = all.find((candidate) => candidate.event === event);
    if (found === undefined) throw new Error(`The process "${name}" never came to "${event}"`);
    return found;
  };
  return { all, first, at: (event) => first(event).at };
}

function span({ at, ms }) {
  return [at, at + ms];
}

/** Returns the length of the union of intervals. */
function covered(intervals) {
  let sum = 0;
  let end = Number.NEGATIVE_INFINITY;
  for (const [from, to] of [...intervals].sort((a, b) => a[0] - b[0])) {
    sum += Math.max(0, to - Math.max(from, end));
    end = Math.max(end, to);
  }
  return sum;
}

function medians(splits, part) {
  const names = Object.keys(splits[0][part]);
  return Object.fromEntries(
    names.map((name) => [name, round(median(splits.map((split) => split[part][name])))]),
  );
}

function readEvents(file) {
  const lines = fs.readFileSync(file, "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line));
}

module.exports = { measure };
