import { z } from "zod";
import { databaseDefinition } from "../databases/definition";
import { deploys, fixed, head, password, sqlName, tail } from "../databases/fields";
import { keptIn, portNumber, serverAddress } from "../schema/fields";
import { swarmOf } from "../services/swarm";
import { listOf } from "../simple/lists";
import { mount } from "./mount";

const { field } = keptIn<"libsql">();

export const libsqlSchema = z.strictObject({
  ...head,
  /** Its user. A change would make a new, empty database. */
  user: field(sqlName, fixed("databaseUser")),
  /** Password of the user. Secret. Default: a random one, which stands in `connectionUrl`. */
  password: field(password.optional(), { ...deploys("databasePassword"), secret: true }),
  /** `replica` follows `primaryUrl`, and needs a `command`. A change would make a new, empty database. Default: `primary`. */
  node: field(z.enum(["primary", "replica"]).optional(), fixed("sqldNode", "primary")),
  /** Address of the primary that a replica follows, e.g. `http://primary-4kq2ax:5001`. */
  primaryUrl: field(serverAddress.optional(), { ...deploys("sqldPrimaryUrl", null), secret: "login" }),
  /** Keep several databases, each under a namespace of its own. Default: false. */
  enableNamespaces: field(z.boolean().optional(), deploys("enableNamespaces", false)),
  /** Port of the host for gRPC, which replicas follow. Default: none. */
  externalGrpcPort: field(portNumber.optional(), deploys("externalGRPCPort", null)),
  /** Port of the host for the administration. Default: none. */
  externalAdminPort: field(portNumber.optional(), deploys("externalAdminPort", null)),
  /** Docker Swarm's own settings, in Docker's own words: keys capitalised, durations in nanoseconds. */
  swarm: swarmOf("deploy").omit({ ulimits: true }).optional(),
  /**
   * Mounts of the database, each with the inputs of a {@link Mount}: plans name it by its `mountPath`. They are saved before
   * the one deployment. A mount that leaves the list is removed; mounts that others made stay. Without the list, none is
   * touched.
   */
  mounts: listOf(mount, "libsql"),
  ...tail,
});

export type LibSqlInputs = z.infer<typeof libsqlSchema>;

export const libsql = databaseDefinition<LibSqlInputs>({
  kind: "LibSql",
  database: "libsql",
  schema: libsqlSchema,
  // Dokploy 0.30 takes this one whatever the row says, so that an input would promise what nothing keeps.
  image: "ghcr.io/tursodatabase/libsql-server:v0.24.32",
  creation: ({ appNamePrefix, serverId, user, node, primaryUrl, enableNamespaces }) => ({
    // All of these have to be named.
    appName: appNamePrefix ?? "libsql",
    serverId: serverId ?? null,
    description: null,
    databaseUser: user,
    sqldNode: node ?? "primary",
    sqldPrimaryUrl: primaryUrl ?? null,
    enableNamespaces: enableNamespaces ?? false,
  }),
  check({ node, command, primaryUrl, externalGrpcPort }) {
    if (node !== "replica") {
      return primaryUrl === undefined
        ? []
        : [{ property: "primaryUrl", reason: 'is for a replica: give it node: "replica", or take it out' }];
    }
    return [
      ...(primaryUrl === undefined
        ? [{ property: "primaryUrl", reason: "is missing: a replica follows one" }]
        : []),
      ...(command === undefined
        ? [
            {
              property: "command",
              reason:
                "is missing: Dokploy starts a replica as a primary unless a command says otherwise, e.g. " +
                "/bin/sqld --primary-grpc-url http://primary:5001",
            },
          ]
        : []),
      ...(externalGrpcPort === undefined
        ? []
        : [{ property: "externalGrpcPort", reason: "is for a primary: nobody follows a replica" }]),
    ];
  },
});
