// Changes 50 applications at once, on a server that builds one at a time. Measures the calls while waiting, the
// correctness of each outcome, the memory of the provider process, and how soon an end is noticed.
const { fork } = require("node:child_process");
const path = require("node:path");
const { startEmulator } = require(path.join(__dirname, "..", "..", "dist", "emulator"));

const count = 50;
const buildMs = 1000;
/** True for every tenth application, which gets an image that does not exist. */
const isBroken = (index) => index % 10 === 3;
const polls = /^deployment\.(queueList|all|allByCompose|readLogs)$/;

async function measure() {
  const emulator = await startEmulator({ buildMs });
  try {
    const { environment } = await call(emulator, "project.create", { name: "bench" });
    const provider = fork(path.join(__dirname, "deploy-50-provider.cjs"), {
      env: { ...process.env, DOKPLOY_URL: emulator.url, DOKPLOY_API_KEY: emulator.apiKey },
      silent: true,
    });
    const ask = (message) =>
      new Promise((resolve, reject) => {
        provider.once("message", resolve);
        provider.once("exit", () => reject(new Error("the provider process ended")));
        provider.send(message);
      });
    try {
      const names = Array.from({ length: count }, (_, index) => `app ${index}`);
      const inputs = (version) =>
        names.map((name, index) => ({
          name,
          environmentId: environment.environmentId,
          source: {
            type: "docker",
            image: `acme/app:${version === "2" && isBroken(index) ? "missing" : version}`,
          },
          env: { VERSION: version },
        }));
      await ask({ inputs: inputs("1") });
      emulator.clearCalls();
      const { outcomes, rssMb } = await ask({ inputs: inputs("2") });
      const times = emulator.calls.filter(({ endpoint }) => polls.test(endpoint)).map(({ at }) => at);
      const seconds = (Math.max(...times) - Math.min(...times)) / 1000;
      const right = outcomes.filter(({ status }, index) => status === (isBroken(index) ? "error" : "done"));
      const late = outcomes.flatMap(({ noticedMs }) => (noticedMs === undefined ? [] : [noticedMs]));
      return [
        {
          figure: "deploy-50-polls",
          value: round(times.length / seconds),
          unit: "polls/s",
          atMost: 3,
          details: { polls: times.length, seconds: round(seconds), busiestSecond: busiest(times) },
        },
        {
          figure: "deploy-50-right",
          value: right.length,
          unit: "outcomes",
          atLeast: count,
          details: { failing: outcomes.filter(({ status }) => status === "error").length },
        },
        { figure: "deploy-50-memory", value: Math.round(rssMb), unit: "MB", atMost: 200 },
        {
          figure: "deploy-50-noticed",
          value: Math.max(...late),
          unit: "ms",
          atMost: 2000,
          details: { median: late.sort((a, b) => a - b)[Math.floor(late.length / 2)] },
        },
      ];
    } finally {
      provider.removeAllListeners("exit");
      provider.kill();
    }
  } finally {
    await emulator.close();
  }
}

async function call(emulator, endpoint, input) {
  const response = await fetch(`${emulator.url}/api/${endpoint}`, {
    method: "POST",
    headers: { "x-api-key": emulator.apiKey, "content-type": "application/json" },
    body: JSON.stringify(input),
  });
  if (!response.ok) throw new Error(`${endpoint} answered ${response.status}`);
  return await response.json();
}

function busiest(times) {
  const counts = new Map();
  for (const at of times) counts.set(Math.floor(at / 1000), (counts.get(Math.floor(at / 1000)) ?? 0) + 1);
  return Math.max(...counts.values());
}

function round(value) {
  return Math.round(value * 100) / 100;
}

module.exports = { measure };
