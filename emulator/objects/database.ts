import { randomBytes } from "node:crypto";
import { z } from "zod";
import { deployDatabase } from "../builds/database";
import { type Database, databases } from "../instance/databases";
import { type Endpoints, mutation, query } from "../instance/endpoint";
import { ApiError, badRequest, notFound } from "../instance/errors";
import { buildAppName, newId } from "../instance/ids";
import type { Instance } from "../instance/instance";
import type { DatabaseRow, Row } from "../instance/rows";
import {
  appName,
  boolean,
  each,
  nullableText,
  number,
  serviceStatus,
  since,
  someText,
  swarmFields,
  tail,
  text,
  texts,
} from "../instance/schema";
import {
  assertServer,
  assign,
  backupsOf,
  environmentWithProject,
  removeService,
  simpleLists,
  withoutUndefined,
} from "../instance/services";
import { simpleObjects } from "../instance/simple-rows";
import { failedUpdate } from "../instance/sql";

const password = z
  .string()
  .regex(
    /^[a-zA-Z0-9@#%^&*()_+\-=[\]{}|;:,.<>?~`]*$/,
    "Password contains invalid characters. Please avoid: $ ! ' \" \\ / and space characters for database compatibility",
  );
const port = number.nullable();
const sqldNode = z.enum(["primary", "replica"]);

/** Procedures of all kinds of databases, which differ in names and a few columns. */
export const databaseEndpoints: Endpoints = Object.assign({}, ...databases.map(endpointsOf));

function endpointsOf(database: Database): Endpoints {
  const { name, id } = database;
  const one = z.object({ [id]: someText });
  const idIn = (input: object) => String((input as Row)[id]);
  const ports = ["externalPort", ...(name === "libsql" ? ["externalGRPCPort", "externalAdminPort"] : [])];

  /** The responses of start, stop and the ports are the row before the change. */
  const before = (instance: Instance, input: object, change: (row: DatabaseRow) => void): Row => {
    const row = rowOf(instance, database, idIn(input));
    const shown = structuredClone(detailed(instance, database, row));
    change(row);
    return shown;
  };

  return {
    [`${name}.create`]: mutation(createInput(database), (instance, input) => {
      const row = newRow(instance, database, input as Row);
      instance.tables[name].set(idIn(row), row);
      addDataVolume(instance, database, row);
      return name === "libsql" ? true : row;
    }),

    [`${name}.one`]: query(one, (instance, input) =>
      detailed(instance, database, rowOf(instance, database, idIn(input))),
    ),

    [`${name}.update`]: mutation(updateInput(database), (instance, input) => {
      const { [id]: _, appName: _ignored, ...given } = input as Row;
      const values = withoutUndefined(given);
      if (Object.keys(values).length === 0) throw new ApiError("INTERNAL_SERVER_ERROR", "No values to set");
      if (isFraction(values["replicas"]) || isFraction(values["stopGracePeriodSwarm"]))
        throw failedUpdate(name, id, idIn(input), database.columns, values);
      const row = instance.tables[name].get(idIn(input));
      if (!row) throw badRequest(database.updateError);
      assign(row, values);
      return true;
    }),

    [`${name}.saveEnvironment`]: mutation(z.object({ [id]: text, env: nullableText }), (instance, input) => {
      const row = instance.tables[name].get(idIn(input));
      if (!row) throw badRequest("Error adding environment variables");
      row.env = (input as Row)["env"] as string | null;
      return true;
    }),

    [name === "libsql" ? "libsql.saveExternalPorts" : `${name}.saveExternalPort`]: mutation(
      z.object({ [id]: text, ...each(ports, name === "libsql" ? port.optional() : port) }),
      (instance, input) =>
        before(instance, input, (row) => {
          const wanted = withoutUndefined(Object.fromEntries(ports.map((key) => [key, (input as Row)[key]])));
          for (const value of Object.values(wanted)) refuseTakenPort(instance, value);
          assign(row, wanted);
          deployDatabase(instance, database, row);
        }),
    ),

    [`${name}.deploy`]: mutation(one, (instance, input) =>
      before(instance, input, (row) => deployDatabase(instance, database, row)),
    ),

    [`${name}.start`]: mutation(one, (instance, input) =>
      before(instance, input, (row) => {
        if (!instance.containers.get(idIn(input)))
          throw new ApiError(
            "INTERNAL_SERVER_ERROR",
            `Command execution failed: Command failed: docker service scale ${row.appName}=1 \n${row.appName}: Error response from daemon: service ${row.appName} not found\n`,
          );
        instance.containers.scale(idIn(input), 1);
        row.applicationStatus = "done";
      }),
    ),

    [`${name}.stop`]: mutation(one, (instance, input) =>
      before(instance, input, (row) => {
        instance.containers.scale(idIn(input), 0);
        row.applicationStatus = "idle";
      }),
    ),

    // Down to zero and up again, with the variables of the last deployment.
    [`${name}.reload`]: mutation(z.object({ [id]: text, appName }), (instance, input) => {
      const row = rowOf(instance, database, idIn(input));
      instance.containers.scale(idIn(input), 0);
      instance.containers.scale(idIn(input), 1);
      row.applicationStatus = "done";
      return true;
    }),

    [`${name}.move`]: mutation(z.object({ [id]: text, targetEnvironmentId: text }), (instance, input) => {
      const row = rowOf(instance, database, idIn(input));
      const target = String((input as Row)["targetEnvironmentId"]);
      instance.environment(target);
      row.environmentId = target;
      return row;
    }),

    ...(name === "libsql"
      ? {}
      : {
          [`${name}.changePassword`]: mutation(changeInput(database), (instance, input) =>
            changePassword(instance, database, input as Row),
          ),
        }),

    [`${name}.remove`]: mutation(one, (instance, input) => {
      const shown = detailed(instance, database, rowOf(instance, database, idIn(input)));
      removeService(instance, name, idIn(input), true);
      return shown;
    }),

    [`${name}.readLogs`]: query(
      z.object({
        [id]: someText,
        tail,
        since,
        search: text.regex(/^[a-zA-Z0-9 ._-]{0,500}$/).optional(),
      }),
      (instance, input) => {
        const { since, tail } = input as unknown as { since: string; tail: number };
        const row = rowOf(instance, database, idIn(input));
        const service = instance.containers.get(idIn(input));
        if (!service)
          throw new ApiError("INTERNAL_SERVER_ERROR", `No container or service found for: ${row.appName}`);
        return instance.containers.output(service, since, tail);
      },
    ),
  };
}

function changeInput({ name, id }: Database): z.ZodObject {
  const hasRoot = name === "mysql" || name === "mariadb";
  return z.object({
    [id]: someText,
    password: password.min(1),
    ...(hasRoot ? { type: z.enum(["user", "root"]).default("user") } : {}),
  });
}

/**
 * Runs a command in the container of the database, with the passwords of the row: if that fails, nothing is changed.
 */
function changePassword(instance: Instance, database: Database, input: Row): true {
  const { name, id } = database;
  const row = rowOf(instance, database, String(input[id]));
  const key = String(input[id]);
  const isRoot = input["type"] === "root";
  const login = row as unknown as Record<string, string>;
  const refuse = (output: string): never => {
    throw new ApiError(
      "INTERNAL_SERVER_ERROR",
      `Command execution failed: Command failed: \n\t\t\t\tCONTAINER_ID=$(docker ps -q)\n\t\t\t\tdocker exec "$CONTAINER_ID" ` +
        `${name} -p'${login["databaseRootPassword"] ?? login["databasePassword"]}' -c "ALTER USER '${input["password"]}'"\n\t\t\t\n${output}`,
    );
  };
  const isRunning =
    instance.containers
      .get(key)
      ?.tasks.some(({ current, desired }) => current === "Running" && desired === "running") ?? false;
  if (!isRunning) refuse(`No running container found for ${row.appName}\n`);
  // Its SQL goes to the database with the user's name.
  if (name === "postgres" && login["databaseUser"] !== login["databaseName"]) refuse("");
  const data = instance.dataPasswords.get(key);
  if (data) data[isRoot ? "root" : "user"] = String(input["password"]);
  login[isRoot ? "databaseRootPassword" : "databasePassword"] = String(input["password"]);
  return true;
}

function createInput({ name, image }: Database): z.ZodObject {
  const common = { name: someText, environmentId: text };
  if (name === "libsql") {
    return z.object({
      ...common,
      ...each(["appName", "databaseUser"], someText),
      ...each(["description", "sqldPrimaryUrl", "serverId"], nullableText),
      databasePassword: password,
      sqldNode,
      dockerImage: text.default(image),
      enableNamespaces: boolean.default(false),
    });
  }
  const credentials = {
    ...(name === "redis" || name === "mongo" ? {} : { databaseName: someText }),
    ...(name === "redis" ? {} : { databaseUser: someText }),
    databasePassword: name === "redis" ? text : password,
    ...(name === "mysql" || name === "mariadb" ? { databaseRootPassword: password.optional() } : {}),
    ...(name === "mongo" ? { replicaSets: boolean.nullable().default(false) } : {}),
  };
  return z.object({
    ...common,
    ...credentials,
    appName: appName.optional(),
    dockerImage: text.default(image),
    description: nullableText.optional(),
    serverId: nullableText.optional(),
  });
}

function updateInput({ name, id, image }: Database): z.ZodObject {
  const columns = z
    .object({
      name: someText,
      appName: name === "libsql" ? someText : appName,
      ...each(
        ["description", "command", "env", "memoryReservation", "memoryLimit", "cpuReservation", "cpuLimit"],
        nullableText,
      ),
      ...each(["createdAt", "environmentId", "dockerImage"], text),
      ...each(["args", "networkIds"], texts.nullable()),
      ...each(["databaseName", "databaseUser"], someText),
      databasePassword: name === "redis" ? text : password,
      databaseRootPassword: password,
      externalPort: port,
      detachDokployNetwork: boolean,
      ...swarmFields,
      replicas: number,
      applicationStatus: serviceStatus,
      ...(name === "mongo" ? { replicaSets: boolean.nullable() } : {}),
    })
    .partial();
  if (name !== "libsql") return columns.extend({ [id]: someText });
  // A missing column is reset to its default.
  return columns.extend({
    [id]: someText,
    sqldNode: sqldNode.optional(),
    sqldPrimaryUrl: nullableText.optional(),
    enableNamespaces: boolean.default(false),
    dockerImage: text.default(image),
    externalGRPCPort: port.optional(),
    externalAdminPort: port.optional(),
  });
}

function newRow(instance: Instance, database: Database, input: Row): DatabaseRow {
  const environmentId = String(input["environmentId"]);
  instance.environment(environmentId);
  const serverId = (input["serverId"] as string | null | undefined) ?? null;
  assertServer(instance, serverId);
  const given: Row = {
    ...Object.fromEntries(database.own.map((column) => [column, input[column] ?? null])),
    [database.id]: newId(),
    name: input["name"],
    appName: buildAppName(database.name, input["appName"] as string | undefined),
    description: input["description"] ?? null,
    dockerImage: input["dockerImage"],
    databasePassword: input["databasePassword"] || newPassword(),
    ...(database.own.includes("databaseRootPassword")
      ? { databaseRootPassword: input["databaseRootPassword"] || newPassword() }
      : {}),
    ...(database.name === "mongo" ? { replicaSets: input["replicaSets"] ?? false } : {}),
    applicationStatus: "idle",
    replicas: 1,
    createdAt: instance.timestamp(),
    environmentId,
    serverId,
    networkIds: [],
    detachDokployNetwork: false,
  };
  const row = Object.fromEntries(database.columns.map((column) => [column, given[column] ?? null]));
  return row as unknown as DatabaseRow;
}

/** Generates a password like Dokploy, for one that is left empty. */
function newPassword(): string {
  const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
  return Array.from(randomBytes(16), (byte) => alphabet[byte % alphabet.length]).join("");
}

/** Adds the volume for data that every new database has. */
function addDataVolume(instance: Instance, { name, id, dataPath }: Database, row: DatabaseRow): void {
  const mountId = newId();
  instance.simple("mounts").set(mountId, {
    ...simpleObjects["mounts"]?.row,
    mountId,
    type: "volume",
    volumeName: `${row.appName}-data`,
    serviceType: name,
    mountPath: dataPath(row.dockerImage),
    [id]: row[id],
  });
}

function detailed(instance: Instance, database: Database, row: DatabaseRow): Row {
  const id = String(row[database.id]);
  return {
    ...row,
    environment: environmentWithProject(instance, row.environmentId),
    ...simpleLists(instance, database.name, id),
    server: null,
    ...(database.hasBackups ? { backups: backupsOf(instance, id) } : {}),
  };
}

/** Refuses a taken port. The check also finds the port of the database itself. */
function refuseTakenPort(instance: Instance, wanted: unknown): void {
  if (typeof wanted !== "number") return;
  for (const database of databases)
    for (const row of instance.tables[database.name].values())
      if (row.externalPort === wanted && instance.containers.get(String(row[database.id])))
        throw new ApiError("CONFLICT", `Port ${wanted} is already in use`);
}

function rowOf(instance: Instance, database: Database, id: string): DatabaseRow {
  const row = instance.tables[database.name].get(id);
  if (!row) throw notFound(database.word);
  return row;
}

function isFraction(value: unknown): boolean {
  return typeof value === "number" && !Number.isInteger(value);
}
