import { databases } from "../../emulator/instance/databases";
import type { Dokploy } from "./http";
import type { Target } from "./scenarios";

/** Makes a project on a server under test. */
export async function newProject(server: Dokploy, name: string): Promise<Target> {
  const { body } = await server.post("project.create", { name });
  const { project, environment } = body as {
    project: { projectId: string };
    environment: { environmentId: string };
  };
  return { server, projectId: project.projectId, environmentId: environment.environmentId };
}

/** Deletes the services first: removing a project alone would leave them running. */
export async function removeProject({ server, projectId }: Target): Promise<void> {
  const { body } = await server.get("project.one", { projectId });
  const { environments } = body as {
    environments: ({ applications: { applicationId: string }[]; compose: { composeId: string }[] } & Record<
      string,
      unknown
    >)[];
  };
  for (const { applications, compose, ...others } of environments) {
    for (const { name, id } of databases) {
      const rows = (others[name] ?? []) as Record<string, string>[];
      for (const row of rows) await server.post(`${name}.remove`, { [id]: row[id] });
    }
    for (const { applicationId } of applications) await server.post("application.delete", { applicationId });
    for (const { composeId } of compose)
      await server.post("compose.delete", { composeId, deleteVolumes: true });
  }
  await server.post("project.remove", { projectId });
}
