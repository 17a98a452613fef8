import {
  DATABASES,
  type DatabaseDetail,
  type DatabaseKind,
  databaseKinds,
  dataVolumeOf,
} from "../../dokploy";

type Row = Readonly<Record<string, unknown>>;

const reason =
  "is where the database keeps its data: Dokploy has mounted a volume there, which stays as it is";

/** Returns the volume with the data of a database: Dokploy's own, unless somebody gave it another one. */
export function dataVolumeIn(
  kind: DatabaseKind,
  { appName, mounts = [] }: Pick<DatabaseDetail, "appName"> & Partial<Pick<DatabaseDetail, "mounts">>,
): string {
  const mount = mounts.find(({ mountPath }) => isDataFolder(kind, mountPath));
  return mount?.volumeName ?? dataVolumeOf(appName);
}

/** Returns the reason to keep a mount with the data of a database, which would start empty without it. */
export function dataMountReason({ serviceType, mountPath, volumeName }: Row, { appName }: Row) {
  const isOwn =
    databaseKinds.some((kind) => kind === serviceType) && volumeName === dataVolumeOf(String(appName));
  return isOwn || isDataFolder(serviceType, mountPath) ? reason : undefined;
}

/** Returns the problem with a path in the containers of a database; false when there is none. */
export function dataFolderProblem(inputs: Row): string | false {
  const kind = databaseKinds.find((database) => inputs[`${database}Id`] !== undefined);
  return kind !== undefined && isDataFolder(kind, inputs["mountPath"]) && reason;
}

function isDataFolder(kind: unknown, path: unknown): boolean {
  const folder = databaseKinds.find((database) => database === kind);
  return folder !== undefined && DATABASES[folder].dataFolder.test(String(path));
}
