import { APPLICATION_SWARM } from "../instance/containers";
import { type Database, databaseText } from "../instance/databases";
import { ApiError } from "../instance/errors";
import { pullImage } from "../instance/images";
import type { Instance } from "../instance/instance";
import type { DatabaseRow } from "../instance/rows";
import { simpleLists, takeUp } from "../instance/services";
import { checkVaults } from "../instance/variables";
import { refuseHealthCheck, scopeOf, swarmVariables } from "./application";

/**
 * Emulates `<db>.deploy`: pulls the image and updates the service before it responds. There is no record and no
 * queue.
 */
export function deployDatabase(instance: Instance, database: Database, row: DatabaseRow): void {
  row.applicationStatus = "running";
  try {
    const forced = instance.outcomes.get(idOf(database, row));
    if (forced?.status === "error") throw new Error(forced.log ?? "Error response from daemon: injected");
    runDatabase(instance, database, row);
    row.applicationStatus = "done";
  } catch (error) {
    row.applicationStatus = "error";
    throw new ApiError("INTERNAL_SERVER_ERROR", `Error on deploy ${database.name}${error}`);
  }
}

function runDatabase(instance: Instance, database: Database, row: DatabaseRow): void {
  const id = idOf(database, row);
  // The image of libsql is fixed, regardless of the row.
  const image = database.name === "libsql" ? database.image : row.dockerImage;
  const pulled = pullImage(instance.registry, image);
  if ("error" in pulled) throw new Error(`${pulled.error}\n`);
  const scope = scopeOf(instance, row);
  checkVaults(scope, row.env);
  refuseHealthCheck((row as unknown as Record<string, unknown>)["healthCheckSwarm"]);
  const env = swarmVariables(id, row.appName, databaseText(database, row), scope);
  const specs = Array.from({ length: Math.max(0, row.replicas) }, (_, index) => ({
    slot: index + 1,
    composeService: undefined,
    image,
  }));
  // libSQL and Redis read their password at every start; the others keep it in their data.
  const isKept = database.name !== "libsql" && database.name !== "redis";
  if (!isKept || !instance.dataPasswords.has(id)) {
    const { databasePassword: user, databaseRootPassword: root } = row as unknown as Record<string, string>;
    instance.dataPasswords.set(id, { user: user ?? "", root });
  }
  const swarm = { ...APPLICATION_SWARM, updateOrder: "stop-first" } as const;
  takeUp(instance, id, simpleLists(instance, database.name, id));
  // libSQL's update is the only one that Dokploy does not force.
  instance.containers.update(id, row.appName, specs, env, { swarm, isForced: database.name !== "libsql" });
}

function idOf(database: Database, row: DatabaseRow): string {
  return String(row[database.id]);
}
