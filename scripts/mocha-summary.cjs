// A mocha reporter: prints like "spec" or "dot", and at the end writes the counts as JSON for test.cjs. Reporter
// options: `style` (spec, dot) and `output` (the file to write).
const fs = require("node:fs");
const { reporters } = require("mocha");

class Summary {
  constructor(runner, options) {
    const { style, output } = options.reporterOptions;
    const Reporter = style === "dot" ? reporters.Dot : reporters.Spec;
    const reporter = new Reporter(runner, options);
    runner.once("end", () => {
      const { passes, failures, pending } = reporter.stats;
      fs.writeFileSync(output, JSON.stringify({ passed: passes, failed: failures, skipped: pending }));
    });
  }
}

module.exports = Summary;
