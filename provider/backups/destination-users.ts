import { visible } from "../../packages/text/visible";
import type { Api, Endpoint } from "../dokploy/endpoints";
import { type ListedService, SERVICES, savedDatabases, servicesIn } from "../dokploy/kinds";
import { backupsOf } from "./tasks";
import { backupsOfDokploy } from "./web-server";

type Row = Readonly<Record<string, unknown>>;

/** Finds backups that Dokploy would delete with a destination. No call lists them by it, so every service is asked. */
export async function backupsOfDestination(id: string, api: Api): Promise<string[]> {
  const own = (await backupsOfDokploy(api)).backups.map((row) => ({ row, of: "Dokploy itself" }));
  const projects = await api.call("project.all", {});
  const services = projects.flatMap(({ environments = [] }) =>
    environments.flatMap((environment) => servicesIn(environment)),
  );
  const theirs = await Promise.all(services.map((service) => namedBackupsOf(service, api)));
  return [...own, ...theirs.flat()]
    .filter(({ row }) => row["destinationId"] === id)
    .map(({ row, of }) => `${idOf(row)} of ${of}`);
}

async function namedBackupsOf(
  { kind, id, row: listed }: ListedService,
  api: Api,
): Promise<{ row: Row; of: string }[]> {
  const hasBackups = kind === "compose" || savedDatabases.some((database) => database === kind);
  const row = (
    hasBackups ? await api.call(`${kind}.one` as Endpoint, { [`${kind}Id`]: id } as never) : {}
  ) as Row;
  // The list of databases has no names.
  const name = row["name"] ?? listed["name"];
  const of = `the ${SERVICES[kind].noun} ${typeof name === "string" ? `"${visible(name)}"` : id}`;
  return (await backupsOf({ kind, id, row }, api)).map((task) => ({ row: task.row, of }));
}

function idOf(row: Row): string {
  return "volumeBackupId" in row
    ? `volume backup ${String(row["volumeBackupId"])}`
    : `backup ${String(row["backupId"])}`;
}
