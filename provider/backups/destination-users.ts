import { visible } from "../../packages/text/visible";
import type { Api, Endpoint } from "../dokploy/endpoints";
import { type ListedService, SERVICES, savedDatabases, servicesIn } from "../dokploy/kinds";
import { backupsOfDokploy } from "./web-server";

type Row = Readonly<Record<string, unknown>>;

/** Finds backups that Dokploy would delete with a destination. No call lists them by it, so every service is asked. */
export async function backupsOfDestination(id: string, api: Api): Promise<string[]> {
  const own = (await backupsOfDokploy(api)).backups.map((row) => ({ row, of: "Dokploy itself" }));
  const projects = await api.call("project.all", {});
  const services = projects.flatMap(({ environments = [] }) =>
    environments.flatMap((environment) => servicesIn(environment)),
  );
  const theirs = await Promise.all(services.map((service) => backupsOf(service, api)));
  return [...own, ...theirs.flat()]
    .filter(({ row }) => row["destinationId"] === id)
    .map(({ row, of }) => `${idOf(row)} of ${of}`);
}

async function backupsOf(
  { kind, id, row: listed }: ListedService,
  api: Api,
): Promise<{ row: Row; of: string }[]> {
  const call = async (endpoint: Endpoint, input: object) => await api.call(endpoint, input as never);
  const volumes = (await call("volumeBackups.list", { id, volumeBackupType: kind })) as Row[];
  const hasBackups = kind === "compose" || savedDatabases.some((database) => database === kind);
  const service = hasBackups ? ((await call(`${kind}.one`, { [`${kind}Id`]: id })) as Row) : {};
  const rows = [...((service["backups"] ?? []) as Row[]), ...volumes];
  // The list of databases has no names.
  const name = service["name"] ?? listed["name"];
  const of = `the ${SERVICES[kind].noun} ${typeof name === "string" ? `"${visible(name)}"` : id}`;
  return rows.map((row) => ({ row, of }));
}

function idOf(row: Row): string {
  return "volumeBackupId" in row
    ? `volume backup ${String(row["volumeBackupId"])}`
    : `backup ${String(row["backupId"])}`;
}
