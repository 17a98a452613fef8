import { DATABASES, databaseKinds } from "../dokploy/kinds";
import type { Reserved } from "../simple/spec";

const reason =
  "is where the database keeps its data: Dokploy has mounted a volume there, which stays as it is";

/** The mount with the data of a database, without which it would start empty. */
export const dataMount: Reserved<"mountPath" | "volumeName"> = {
  parents: databaseKinds,
  is: ({ serviceType, mountPath, volumeName }, appName) =>
    isDataFolder(serviceType, mountPath) || volumeName === `${appName}-data`,
  inputs: ["mountPath", "volumeName"],
  reason,
};

/** Returns the problem with a path in the containers of a database; false when there is none. */
export function dataFolderProblem(inputs: Readonly<Record<string, unknown>>): string | false {
  const kind = databaseKinds.find((database) => inputs[`${database}Id`] !== undefined);
  return kind !== undefined && isDataFolder(kind, inputs["mountPath"]) && reason;
}

function isDataFolder(kind: unknown, path: unknown): boolean {
  const folder = databaseKinds.find((database) => database === kind);
  return folder !== undefined && DATABASES[folder].dataFolder.test(String(path));
}
