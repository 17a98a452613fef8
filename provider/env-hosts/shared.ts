import { visible } from "../../packages/text/visible";
import type { Api } from "../dokploy/endpoints";
import type { SharedVariables } from "./host";

/** Reads the current variables of a project. */
export async function observeProject(projectId: string, api: Api): Promise<SharedVariables> {
  const { name, env } = await api.call("project.one", { projectId });
  return {
    kind: "project",
    id: projectId,
    name,
    label: `project "${visible(name)}" (${projectId})`,
    rules: "shared",
    texts: { env, buildArgs: undefined, buildSecrets: undefined },
    async save(texts) {
      if (texts.env !== undefined) await api.call("project.update", { projectId, env: texts.env });
    },
  };
}

/** Reads the current variables of an environment. */
export async function observeEnvironment(environmentId: string, api: Api): Promise<SharedVariables> {
  const { name, env, project } = await api.call("environment.one", { environmentId });
  return {
    kind: "environment",
    id: environmentId,
    name,
    label: `environment "${visible(name)}" of project "${visible(project.name)}" (${environmentId})`,
    rules: "shared",
    texts: { env, buildArgs: undefined, buildSecrets: undefined },
    async save(texts) {
      // Nothing else: Dokploy refuses the name of a default environment, changed or not.
      if (texts.env !== undefined) await api.call("environment.update", { environmentId, env: texts.env });
    },
  };
}
