import { z } from "zod";
import { isUnknown } from "../../packages/values";
import { listOf } from "../engine";
import type { Problem } from "../errors";
import { withChecks } from "../lifecycle";
import { keptIn } from "../schema";
import { database } from "./databases/definition";
import { deploys, fixed, head, password, sqlName, tail } from "./databases/fields";
import { mount } from "./mount";
import { databaseHealthCheck } from "./services/health-check";
import { swarmOf } from "./services/swarm";
import { portNumber, serverAddress } from "./types/addresses";

const { field } = keptIn<"libsql">();

export const libsqlSchema = z.strictObject({
  ...head,
  /** User of the database. A change would replace the database with a new, empty one. */
  user: field(sqlName, fixed("databaseUser")),
  /**
   * Password of the user. Secret. Default: a random one, which is part of `connectionUrl`. When removed from the
   * program, it stays as it is.
   */
  password: field(password.optional(), { ...deploys("databasePassword"), secret: true }),
  /**
   * Role of the server: `primary`, or `replica`, which follows `primaryUrl` and needs a `command`. A change would
   * replace the database with a new, empty one. Default: `primary`.
   */
  node: field(z.enum(["primary", "replica"]).optional(), fixed("sqldNode", "primary")),
  /** Address of the primary that a replica follows, e.g. `http://primary-4kq2ax:5001`. */
  primaryUrl: field(serverAddress.optional(), { ...deploys("sqldPrimaryUrl", null), secret: "login" }),
  /** True to keep several databases, each in its own namespace. Default: false. */
  enableNamespaces: field(z.boolean().optional(), deploys("enableNamespaces", false)),
  /** Port of the host for gRPC, to which replicas connect. Default: none. */
  externalGrpcPort: field(portNumber.optional(), deploys("externalGRPCPort", null)),
  /** Port of the host for administration. Default: none. */
  externalAdminPort: field(portNumber.optional(), deploys("externalAdminPort", null)),
  /**
   * Health check of the container, such as `{ command: "curl -f http://localhost:8080/health" }`. Default: that of the
   * image.
   */
  healthCheck: databaseHealthCheck,
  /**
   * Docker Swarm settings, with Docker's own names: capitalized keys. A duration is a text such as `10s`, `500ms` or
   * `1m30s`, or a number of nanoseconds.
   */
  swarm: swarmOf("deploy").omit({ ulimits: true }).optional(),
  /**
   * Mounts of the database, each with the inputs of a {@link Mount}; a plan names each by its `mountPath`. They are
   * saved before the deployment. A mount removed from the list is deleted; mounts that others created stay. When left
   * out, no mount is touched.
   */
  mounts: listOf(mount, "libsql"),
  ...tail,
});

export type LibSqlInputs = z.infer<typeof libsqlSchema>;

const base = database<LibSqlInputs>({
  kind: "LibSql",
  schema: libsqlSchema,
  // Dokploy 0.30 always uses this image, regardless of the row, so an input would have no effect. It requires all of these.
  create: ({ databaseUser, sqldNode = "primary", sqldPrimaryUrl = null, enableNamespaces = false }) => ({
    dockerImage: "ghcr.io/tursodatabase/libsql-server:v0.24.32",
    appName: "libsql",
    serverId: null,
    description: null,
    databaseUser,
    sqldNode,
    sqldPrimaryUrl,
    enableNamespaces,
  }),
});

/**
 * A libSQL server with its own volume. Dokploy chooses its image. As for {@link Postgres}, a change that would make a
 * new, empty database is refused.
 *
 * @example
 * ```ts
 * const db = new dokploy.LibSql("edge", { environmentId: shop.defaultEnvironmentId, name: "edge", user: "edge" });
 * ```
 */
export const libsql = withChecks(base, {
  check({ node, command, primaryUrl, externalGrpcPort, ...ports }) {
    const twice = twiceProblems({ ...ports, externalGrpcPort });
    if (node !== "replica") {
      return primaryUrl === undefined
        ? twice
        : [
            ...twice,
            { property: "primaryUrl", reason: 'is for a replica: give it node: "replica", or remove it' },
          ];
    }
    return [
      ...twice,
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
        : [{ property: "externalGrpcPort", reason: "is only for a primary: nothing follows a replica" }]),
    ];
  },
});

/** Returns the ports that are equal to one before: the server has each only once. */
function twiceProblems(
  inputs: Partial<Pick<LibSqlInputs, "externalPort" | "externalGrpcPort" | "externalAdminPort">>,
): Problem[] {
  const taken = new Map<number, string>();
  return (["externalPort", "externalGrpcPort", "externalAdminPort"] as const).flatMap((property) => {
    const port = inputs[property];
    if (port === undefined || isUnknown(port)) return [];
    const other = taken.get(port);
    taken.set(port, other ?? property);
    return other === undefined
      ? []
      : [
          {
            property,
            reason: `is ${port}, and so is ${other}: a port of the server can be published only once`,
          },
        ];
  });
}
