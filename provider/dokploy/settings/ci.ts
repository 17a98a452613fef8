/**
 * True in a job of a CI system. These variables are set by GitHub, GitLab, Bitbucket, CircleCI and others (`CI`), by
 * Azure, by Jenkins and by TeamCity.
 */
export function isCi({ CI = "", ...env }: NodeJS.ProcessEnv): boolean {
  const names = ["TF_BUILD", "JENKINS_URL", "TEAMCITY_VERSION"];
  return !["", "0", "false"].includes(CI.toLowerCase()) || names.some((name) => (env[name] ?? "") !== "");
}
