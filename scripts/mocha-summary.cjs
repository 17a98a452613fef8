// A mocha reporter: prints like "spec" or "dot", and at the end writes the counts, and the milliseconds of each file, as
// JSON for test.cjs. Reporter options: `style` (spec, dot) and `output` (the file to write).
const fs = require("node:fs");
const path = require("node:path");
const { reporters } = require("mocha");

class Summary {
  constructor(runner, options) {
    const { style, output } = options.reporterOptions;
    const Reporter = style === "dot" ? reporters.Dot : reporters.Spec;
    const reporter = new Reporter(runner, options);
    const files = {};
    for (const event of ["test end", "hook end"]) {
      runner.on(event, ({ file, duration }) => {
        if (!file) return;
        const name = path.relative(process.cwd(), file);
        files[name] = (files[name] ?? 0) + (duration ?? 0);
      });
    }
    runner.once("end", () => {
      const { passes, failures, pending } = reporter.stats;
      fs.writeFileSync(output, JSON.stringify({ passed: passes, failed: failures, skipped: pending, files }));
    });
  }
}

module.exports = Summary;
