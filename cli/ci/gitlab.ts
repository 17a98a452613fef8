import { given, HostApi, tokenOf } from "./api";
import type { Host, Written } from "./host";

/** Returns GitLab, as the variables of a job describe it. The token of a job cannot write notes. */
export function gitlabHost(env: NodeJS.ProcessEnv): Host {
  const api = new HostApi("GitLab", given(env, "CI_API_V4_URL"), {
    "private-token": tokenOf(env, "GITLAB_TOKEN"),
  });
  const project = `projects/${encodeURIComponent(given(env, "CI_PROJECT_ID"))}`;
  const notes = () =>
    `${project}/merge_requests/${encodeURIComponent(given(env, "CI_MERGE_REQUEST_IID"))}/notes`;
  const author = async () =>
    Number(((await api.call("find the user of the token", "GET", "user")) as Row)["id"]);
  // In a pipeline of the merged result the other one is a commit that nobody knows.
  const commit = env["CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"] || env["CI_COMMIT_SHA"];

  return {
    commit: commit?.slice(0, 8),
    checkedOut: env["CI_COMMIT_SHA"] ?? "",
    run: env["CI_PIPELINE_URL"] ?? "",

    async findComment(start) {
      const own = await author();
      const rows = await api.list("read the notes", notes());
      return idOf(
        rows.find((row) => (row["author"] as Row)["id"] === own && String(row["body"]).startsWith(start)),
        "id",
      );
    },
    async writeComment(body, former) {
      if (former) await api.call("write a note", "PUT", `${notes()}/${former.id}`, { body });
      else await api.call("write a note", "POST", notes(), { body });
    },

    async findIssue(start) {
      const query = `state=opened&author_id=${await author()}`;
      const rows = await api.list("read the issues", `${project}/issues?${query}`);
      return idOf(
        rows.find((row) => String(row["description"] ?? "").startsWith(start)),
        "iid",
      );
    },
    async writeIssue(title, description, former) {
      if (former) await api.call("change an issue", "PUT", `${project}/issues/${former.id}`, { description });
      else await api.call("open an issue", "POST", `${project}/issues`, { title, description });
    },
    async closeIssue({ id }, body) {
      await api.call("close an issue", "POST", `${project}/issues/${id}/notes`, { body });
      await api.call("close an issue", "PUT", `${project}/issues/${id}`, { state_event: "close" });
    },

    async openRequests() {
      const rows = await api.list("read the merge requests", `${project}/merge_requests?state=opened`);
      return rows.map((row) => Number(row["iid"]));
    },

    async showDeployment({ environment, commit, succeeded, address }) {
      const what = "show a deployment";
      const name = encodeURIComponent(environment);
      const former = idOf((await api.list(what, `${project}/environments?name=${name}`))[0], "id");
      const external = address === undefined ? {} : { external_url: address };
      if (former === undefined)
        await api.call(what, "POST", `${project}/environments`, { name: environment, ...external });
      else await api.call(what, "PUT", `${project}/environments/${former.id}`, external);
      await api.call(what, "POST", `${project}/deployments`, {
        environment,
        sha: commit,
        ref: given(env, "CI_COMMIT_REF_NAME"),
        tag: false,
        status: succeeded ? "success" : "failed",
      });
    },
  };
}

type Row = Readonly<Record<string, unknown>>;

function idOf(row: Row | undefined, name: "id" | "iid"): Written | undefined {
  return Number.isSafeInteger(row?.[name]) ? { id: Number(row?.[name]) } : undefined;
}
