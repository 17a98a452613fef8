import { visible } from "../../packages/text/visible";
import type { Api, Endpoint } from "../dokploy/endpoints";
import { type ServiceKind, traits } from "../schema/kinds";
import type { Users } from "../simple/spec";
import { webServer } from "./web-server";

type Row = Readonly<Record<string, unknown>>;

/** The services of an environment by the name of their list, and whether the row of one lists its backups. */
const LISTS: Readonly<Record<string, { readonly kind: ServiceKind; readonly hasBackups: boolean }>> = {
  applications: { kind: "application", hasBackups: false },
  compose: { kind: "compose", hasBackups: true },
  postgres: { kind: "postgres", hasBackups: true },
  mysql: { kind: "mysql", hasBackups: true },
  mariadb: { kind: "mariadb", hasBackups: true },
  mongo: { kind: "mongo", hasBackups: true },
  redis: { kind: "redis", hasBackups: false },
  libsql: { kind: "libsql", hasBackups: true },
};

/** Backups that Dokploy would delete with a destination. No call lists them by it, so every service is asked. */
export const backupsOfDestination: Users = {
  loss: "delete them with it",
  async find(id, { api }) {
    const own = (await webServer.list(api)).rows.map((row) => ({ row: row as Row, of: "Dokploy itself" }));
    const projects = await api.call("project.all", {});
    const services = projects.flatMap(({ environments = [] }) => environments.flatMap(servicesIn));
    const theirs = await Promise.all(services.map((service) => backupsOf(service, api)));
    return [...own, ...theirs.flat()]
      .filter(({ row }) => row["destinationId"] === id)
      .map(({ row, of }) => `${idOf(row)} of ${of}`);
  },
};

interface Service {
  readonly kind: ServiceKind;
  readonly hasBackups: boolean;
  readonly id: string;
  /** Name, which the list of databases does not have. */
  readonly name: unknown;
}

function servicesIn(environment: object): Service[] {
  return Object.entries(environment).flatMap(([list, rows]) => {
    const found = LISTS[list];
    if (found === undefined || !Array.isArray(rows)) return [];
    return rows.map((row: Row) => ({ ...found, id: String(row[`${found.kind}Id`]), name: row["name"] }));
  });
}

async function backupsOf(
  { kind, hasBackups, id, ...listed }: Service,
  api: Api,
): Promise<{ row: Row; of: string }[]> {
  const call = async (endpoint: Endpoint, input: object) => await api.call(endpoint, input as never);
  const volumes = (await call("volumeBackups.list", { id, volumeBackupType: kind })) as Row[];
  const service = hasBackups ? ((await call(`${kind}.one`, { [`${kind}Id`]: id })) as Row) : {};
  const rows = [...((service["backups"] ?? []) as Row[]), ...volumes];
  const name = service["name"] ?? listed.name;
  const of = `the ${traits[kind].noun} ${typeof name === "string" ? `"${visible(name)}"` : id}`;
  return rows.map((row) => ({ row, of }));
}

function idOf(row: Row): string {
  return "volumeBackupId" in row
    ? `volume backup ${String(row["volumeBackupId"])}`
    : `backup ${String(row["backupId"])}`;
}
