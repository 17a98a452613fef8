import { UsageError } from "../terminal";
import { githubHost } from "./github";
import { gitlabHost } from "./gitlab";
import type { Host } from "./host";

/**
 * Returns the host that started this job.
 *
 * @param author user of the token on GitHub; default: the user of a job's own token
 */
export function hostOf(env: NodeJS.ProcessEnv, author = "github-actions[bot]"): Host {
  if (env["GITLAB_CI"] === "true") return gitlabHost(env);
  if (env["GITHUB_ACTIONS"] === "true") return githubHost(env, author);
  throw new UsageError(
    "This command runs in a job of GitHub Actions or GitLab CI; neither has set its variables.",
  );
}
