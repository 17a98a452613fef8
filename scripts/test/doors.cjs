// A full run repeats stories of tests/engine with the plugin instead of dynamic providers: all in `npm test -- --full`, unless
// they are named in `once`, and those of `marked` in `npm test -- --full --plugin marked`, as in CI.

const engine = (names) =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => `tests/engine/${name}.test.ts`);

/** Variable of the environment by which programs of stories use the plugin, unless the story says otherwise. */
const doorVariable = "TEST_DOOR";

/** Stories that run once, and why. */
const once = [
  {
    reason: "They are about one door: its processes, its languages, its states, or the types in them.",
    files: engine(
      `plugin plugin-claims plugin-repository plugin-schema identity code package state stack-state
      whole-server languages/files languages/import languages/installed languages/python languages/typescript languages/yaml
      states states-0.1.0 states-0.1.0-unfinished compat/report`,
    ),
  },
  {
    reason: "They go through both doors themselves.",
    files: engine(
      "approve-check generated-secrets-moves plan-summary-adoptions plugin-doors plugin-doors-300 smoke-tests spans",
    ),
  },
  {
    reason: "They are about commands of the package, files, and jobs of CI, which know no door.",
    files: engine(
      `ci ci-drift ci-gitlab ci-gitlab-drift ci-gitlab-prod ci-prod ci-services cli demo documented-commands
      env-contract env-diff env-run init init-company pictures testing-guide unit-tests-of-programs`,
    ),
  },
];

/** Stories of what the plugin does in another way than dynamic providers, by subject. CI repeats these alone. */
const marked = [
  {
    subject: "Registration",
    files: engine("address functions inputs parts-of-a-service providers web-app"),
  },
  {
    subject: "Secrets",
    files: engine("generated-secrets given-secrets secret-ids secrets shared-variables"),
  },
  { subject: "Imports", files: engine("adopt adopt-lost-state export renaming replacement") },
  {
    subject: "Failures",
    files: engine("failure plan refresh resume resume-failed resume-interrupted unreachable"),
  },
];

module.exports = { doorVariable, marked, once };
