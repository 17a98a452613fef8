// Loaded into the Node processes that Pulumi starts (`NODE_OPTIONS=--require`). Writes the largest memory of the
// provider process to the file BENCH_MEMORY, in bytes.
const fs = require("node:fs");
const { isMainThread } = require("node:worker_threads");

const file = process.env.BENCH_MEMORY;
if (file !== undefined && isMainThread && /[\\/]cmd[\\/]dynamic-provider\b/.test(process.argv.join(" "))) {
  let most = 0;
  // Written as it grows, since Pulumi ends provider processes without notice.
  setInterval(() => {
    const { rss } = process.memoryUsage();
    if (rss <= most) return;
    most = rss;
    fs.writeFileSync(file, String(rss));
  }, 20).unref();
}
