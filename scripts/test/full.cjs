// Tests that `npm test` leaves to `npm test -- --full`, and why. CONTRIBUTING.md has the same names and reasons.
// Everything else is the core, so a new test is in it until it is named here.

const engine = (...names) => names.map((name) => `tests/engine/${name}.test.ts`);

/** Groups of them. A reason says where the core has a cheaper test, or when the tests matter. */
const groups = [
  {
    name: "Languages",
    reason:
      "Python shows in the core that the plugin serves other languages. Each of the others adds its own SDK.",
    files: engine(
      ...["files", "import", "installed", "typescript", "yaml"].map((name) => `languages/${name}`),
    ),
  },
  {
    name: "Round trips of exports",
    reason:
      "`tests/resources` exports a server and compares the files. A round trip also adopts the server and makes it again.",
    files: engine(
      "export",
      "export-layout",
      "export-missing",
      "export-rebuilt",
      "export-secrets",
      "whole-server",
    ),
  },
  {
    name: "Every kind and every fault",
    reason:
      "Each kind has tests of its own in `tests/resources`; these make values from its definition, and repeat all steps for each.",
    files: [
      "tests/resources/every-kind.test.ts",
      "tests/resources/every-kind-marked-secrets.test.ts",
      "tests/faults/faults.test.ts",
      "tests/pairs/pairs.test.ts",
    ],
  },
  {
    name: "Recipes for CI",
    reason: "They run whole jobs, and change only with `examples` and the pages.",
    files: [
      ...engine("ci", "ci-drift", "ci-prod", "ci-services", "ci-gitlab", "ci-gitlab-drift", "ci-gitlab-prod"),
      "tests/ci/attacks.test.ts",
      "tests/ci/workflows.test.ts",
    ],
  },
  {
    name: "Examples and demos",
    reason: "They repeat with whole programs what smaller tests show.",
    files: engine(
      "examples",
      "examples-of-services",
      "demo",
      "pictures",
      "testing-guide",
      "documented-commands",
      "smoke-tests",
      "init",
      "init-company",
      "plugin-repository",
      "several-services",
      "unit-tests-of-programs",
    ),
  },
  {
    name: "Pages in a browser",
    reason:
      "Unit tests hold the same pages to their elements; these also start a browser, where there is one.",
    files: ["browser", "pictures"].map((name) => `tests/unit/cli/page/${name}.test.ts`),
  },
  {
    name: "Earlier versions",
    reason:
      "They continue states of earlier versions and replace the package in a stack; `tests/states` reads the same states.",
    files: engine("states", "states-0.1.0", "states-0.1.0-unfinished", "code", "package"),
  },
  {
    name: "Previews at length",
    reason:
      "One preview is deployed, fails and is removed in the core; these have several of them, or kill their runs.",
    files: engine(
      ...["together", "generated", "killed", "killed-late", "killed-twice", "removed"].map(
        (name) => `preview-env-${name}`,
      ),
    ),
  },
  {
    name: "Deployment repositories at length",
    reason: "The core creates and changes one; these select services, tag images and save backups.",
    files: engine("repository-only", "repository-tags", "repository-databases"),
  },
  {
    name: "Repeats through the CLI",
    reason: "`tests/resources` and `tests/unit` hold the same rules without a CLI.",
    files: engine(
      ...[
        "shared-variables",
        "shared-variable-users",
        "shared-variable-blocks",
        "references",
        "rotation",
        "spans",
        "databases",
      ],
      ...[
        "inline-parts",
        "inline-parts-refused",
        "providers",
        "providers-late",
        "renaming",
        "functions",
        "inputs",
        "given-secrets",
        "secret-ids",
        "generated-secrets-moves",
      ],
      ...[
        "identity",
        "least-privilege",
        "plan-summary",
        "plan-summary-adoptions",
        "address",
        "approve-check",
        "unreachable",
        "plugin-doors-300",
        "replaced-elsewhere",
      ],
    ),
  },
  {
    name: "The site and releases",
    reason:
      "They install a generator, and build every page and archive; `tests/unit` has navigation, links and checks.",
    files: ["tests/site/site.test.ts", "tests/release/dry-run.test.ts", "tests/release/renovate.test.ts"],
  },
  {
    name: "Compilers and long texts",
    reason: "They compile all types, recipes and small packages, and give each function 900 KB of text.",
    files: [
      ...[
        "types/declarations",
        "types/mistakes",
        "docs/recipes",
        "toolchain/scripts",
        "linear-time/expressions",
        "linear-time/files",
        "linear-time/functions",
        "linear-time/variables",
      ].map((name) => `tests/unit/${name}.test.ts`),
    ],
  },
];

module.exports = { beyondCore: groups.flatMap(({ files }) => files), groups };
