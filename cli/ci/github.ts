import { readFileSync } from "node:fs";
import { UsageError } from "../terminal";
import { given, HostApi, tokenOf } from "./api";
import type { Host, Written } from "./host";

interface Event {
  readonly pull_request?: { readonly number?: unknown; readonly head?: { readonly sha?: unknown } };
}

/**
 * Returns GitHub, as the variables of a job describe it.
 *
 * @param author user of the token
 */
export function githubHost(env: NodeJS.ProcessEnv, author: string): Host {
  const repository = given(env, "GITHUB_REPOSITORY");
  const repo = `repos/${repository}`;
  const api = new HostApi("GitHub", env["GITHUB_API_URL"] || "https://api.github.com", {
    authorization: `Bearer ${tokenOf(env, "GH_TOKEN", "GITHUB_TOKEN")}`,
    accept: "application/vnd.github+json",
    "x-github-api-version": "2022-11-28",
    "user-agent": "pulumi-dokploy",
  });
  const { pull_request: pull } = eventOf(env);
  const isOwn = (row: Readonly<Record<string, unknown>>) =>
    (row["user"] as { readonly login?: unknown } | null)?.login === author;
  const numberOfPull = () => {
    if (Number.isSafeInteger(pull?.number)) return Number(pull?.number);
    throw new UsageError("This run belongs to no pull request.");
  };

  return {
    commit: typeof pull?.head?.sha === "string" ? pull.head.sha.slice(0, 7) : undefined,
    checkedOut: env["GITHUB_SHA"] ?? "",
    run: `${env["GITHUB_SERVER_URL"] || "https://github.com"}/${repository}/actions/runs/${given(env, "GITHUB_RUN_ID")}`,

    async findComment(start) {
      const rows = await api.list("read the comments", `${repo}/issues/${numberOfPull()}/comments`);
      return idOf(
        rows.find((row) => isOwn(row) && String(row["body"]).startsWith(start)),
        "id",
      );
    },
    async writeComment(body, former) {
      const path = `${repo}/issues`;
      if (former) await api.call("write a comment", "PATCH", `${path}/comments/${former.id}`, { body });
      else await api.call("write a comment", "POST", `${path}/${numberOfPull()}/comments`, { body });
    },

    async findIssue(start) {
      const query = `state=open&creator=${encodeURIComponent(author)}`;
      const rows = await api.list("read the issues", `${repo}/issues?${query}`);
      return idOf(
        rows.find((row) => isOwn(row) && String(row["body"]).startsWith(start)),
        "number",
      );
    },
    async writeIssue(title, body, former) {
      if (former) await api.call("change an issue", "PATCH", `${repo}/issues/${former.id}`, { body });
      else await api.call("open an issue", "POST", `${repo}/issues`, { title, body });
    },
    async closeIssue({ id }, reason) {
      await api.call("close an issue", "POST", `${repo}/issues/${id}/comments`, { body: reason });
      await api.call("close an issue", "PATCH", `${repo}/issues/${id}`, { state: "closed" });
    },

    async openRequests() {
      const rows = await api.list("read the pull requests", `${repo}/pulls?state=open`);
      return rows.map((row) => Number(row["number"]));
    },

    async showDeployment({ environment, commit, succeeded, address }) {
      const what = "show a deployment";
      const query = `sha=${commit}&environment=${encodeURIComponent(environment)}`;
      const former = idOf((await api.list(what, `${repo}/deployments?${query}`))[0], "id");
      const made =
        former ??
        idOf(
          await api.call(what, "POST", `${repo}/deployments`, {
            ref: commit,
            environment,
            auto_merge: false,
            required_contexts: [],
          }),
          "id",
        );
      if (made === undefined) return;
      await api.call(what, "POST", `${repo}/deployments/${made.id}/statuses`, {
        state: succeeded ? "success" : "failure",
        ...(address === undefined ? {} : { environment_url: address }),
      });
    },
  };
}

function eventOf(env: NodeJS.ProcessEnv): Event {
  const file = env["GITHUB_EVENT_PATH"];
  if (!file) return {};
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Event;
  } catch {
    throw new UsageError("GITHUB_EVENT_PATH names no file of an event.");
  }
}

function idOf(row: unknown, name: "id" | "number"): Written | undefined {
  const id = (row as Readonly<Record<string, unknown>> | undefined)?.[name];
  return Number.isSafeInteger(id) ? { id: Number(id) } : undefined;
}
