// Stories of tests/engine that `npm test -- --full` repeats with the plugin instead of dynamic providers, and those for which
// this would make no sense. All others run with dynamic providers alone, since the run has six minutes for the second time.

const named = (names) =>
  names
    .trim()
    .split(/\s+/)
    .map((name) => `tests/engine/${name}.test.ts`);

/** Variable of the environment by which programs of stories use the plugin, unless the story says otherwise. */
const doorVariable = "TEST_DOOR";

/** Stories about resources, which run through both doors. */
const throughBoth = named("plan-checks replaced-parts secrets destroy apply refresh shared-variable-users");

/** Stories that run once, and why. */
const once = [
  {
    reason: "They are about one door: its processes, its states, or the move between both.",
    files: named(
      `plugin plugin-claims plugin-doors plugin-doors-300 plugin-repository plugin-schema identity code package
      languages/files languages/import languages/installed languages/python languages/typescript languages/yaml
      states states-0.1.0 states-0.1.0-unfinished compat/report`,
    ),
  },
  {
    reason: "They are about commands of the package, files, and jobs of CI, which know no door.",
    files: named(
      `approve-check ci ci-drift ci-gitlab ci-gitlab-prod ci-prod ci-services cli demo documented-commands
      env-contract env-diff env-run env-set examples examples-of-services export export-layout export-missing export-rebuilt
      export-secrets init key-rotation pictures plan-summary plan-summary-adoptions policies preview-env preview-env-killed
      preview-env-killed-late preview-env-killed-twice preview-env-removed preview-env-together promote release rollback running
      secrets-managers stack-state state status testing-guide unit-tests-of-programs visible whole-server`,
    ),
  },
];

module.exports = { doorVariable, once, throughBoth };
