// Runs the handlers of applications in a separate process, as Pulumi's dynamic host does.
const path = require("node:path");
const built = path.join(__dirname, "..", "..", "dist", "provider");
const { handlersText } = require(path.join(built, "pulumi", "handlers-text"));
const { provider } = require(path.join(built, "runtime"));

const application = provider("Application");
const states = new Map();
let rss = 0;
setInterval(() => {
  rss = Math.max(rss, process.memoryUsage().rss);
}, 100).unref();

process.on("message", async ({ inputs }) => {
  const outcomes = await Promise.all(inputs.map(apply));
  process.send({ outcomes, rssMb: Math.max(rss, process.memoryUsage().rss) / 1e6 });
});

async function apply(inputs) {
  const old = states.get(inputs.name);
  const news = {
    ...inputs,
    deploy: old ? { waitFor: "deployed" } : false,
    __provider: handlersText("Application"),
  };
  try {
    const { id, outs } = old
      ? { id: old.id, ...(await application.update(old.id, old.outs, news)) }
      : await application.create(news);
    states.set(inputs.name, { id, outs });
    if (!old) return { status: "saved" };
    return {
      status: outs.lastDeployment.status,
      noticedMs: Date.now() - Date.parse(outs.lastDeployment.finishedAt),
    };
  } catch (error) {
    return { status: error.properties?.lastDeployment?.status ?? "failed" };
  }
}
