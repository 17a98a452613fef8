// Changes 50 applications at once, on a server that builds one at a time. Measures the calls while waiting, the
// correctness of each outcome, the memory of the provider process, and how soon an end is noticed.
const { fork } = require("node:child_process");
const path = require("node:path");
const { median, round } = require("./statistics.cjs");
const { makeEnvironment, withStacks } = require("./stack.cjs");

const count = 50;
const buildMs = 1000;
/** True for every tenth application, which gets an image that does not exist. */
const isBroken = (index) => index % 10 === 3;
const polls = /^deployment\.(queueList|all|allByCompose|readLogs)$/;

async function measure() {
  return await withStacks(
    async ({ dokploy }) => {
      const environmentId = await makeEnvironment(dokploy, "bench");
      const provider = fork(path.join(__dirname, "deploy-50-provider.cjs"), {
        env: { ...process.env, DOKPLOY_URL: dokploy.url, DOKPLOY_API_KEY: dokploy.apiKey },
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
            environmentId,
            source: {
              type: "docker",
              image: `acme/app:${version === "2" && isBroken(index) ? "missing" : version}`,
            },
            env: { VERSION: version },
          }));
        await ask({ inputs: inputs("1") });
        dokploy.clearCalls();
        const { outcomes, rssMb } = await ask({ inputs: inputs("2") });
        const times = dokploy.calls.filter(({ endpoint }) => polls.test(endpoint)).map(({ at }) => at);
        const seconds = (Math.max(...times) - Math.min(...times)) / 1000;
        const right = outcomes.filter(({ status }, index) => status === (isBroken(index) ? "error" : "done"));
        const late = outcomes.flatMap(({ noticedMs }) => (noticedMs === undefined ? [] : [noticedMs]));
        return [
          {
            figure: "deploy-50-polls",
            value: round(times.length / seconds, 2),
            unit: "polls/s",
            atMost: 3,
            details: { polls: times.length, seconds: round(seconds, 2), busiestSecond: busiest(times) },
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
            details: { median: median(late) },
          },
        ];
      } finally {
        provider.removeAllListeners("exit");
        provider.kill();
      }
    },
    { buildMs },
  );
}

function busiest(times) {
  const counts = new Map();
  for (const at of times) counts.set(Math.floor(at / 1000), (counts.get(Math.floor(at / 1000)) ?? 0) + 1);
  return Math.max(...counts.values());
}

module.exports = { measure };
