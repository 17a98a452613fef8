import { z } from "zod";
import { isRecord } from "../../../packages/values";
import type { Column, DatabaseKind } from "../../dokploy";
import { looksOutside } from "../../env";
import {
  deployOption,
  type FieldSpec,
  forVariables,
  id,
  keptIn,
  nonEmptyText,
  withoutColumn as own,
} from "../../schema";
import { databaseHealthCheck } from "../services/health-check";
import { identity } from "../services/identity";
import { resourcesOf } from "../services/resources";
import { swarmOf } from "../services/swarm";
import { portNumber } from "../types/addresses";

type Common = Column<DatabaseKind>;
/** Kinds of databases whose rows have the column. */
type With<C extends string> = { [K in DatabaseKind]: C extends Column<K> ? K : never }[DatabaseKind];
const { field, variables } = keptIn<DatabaseKind>();

/** Facts of an input whose change replaces the container and keeps the data, the only way to apply it to a database. */
export const deploys = <C extends string = Common>(column: C, reset?: unknown): FieldSpec<C> => ({
  column,
  apply: "deploy",
  ...(reset === undefined ? {} : { reset }),
});

/** Facts of an input that is used once, with the first data; a change makes another, empty database. */
export const fixed = <C extends string = Common>(column: C, reset?: unknown): FieldSpec<C> => ({
  ...deploys(column, reset),
  replace: true,
});

/** Name of a database or of a user, which becomes part of variables of the container and of SQL. */
export const sqlName = z
  .string()
  .regex(
    /^[a-zA-Z_][\w.-]{0,62}$/,
    "may have 1 to 63 letters, digits and _ . -, and begins with a letter or _",
  );

/** Password that Dokploy accepts, which becomes part of variables, and of SQL in a shell command. */
export const password = z
  .string()
  .regex(
    /^[a-zA-Z0-9@#%^&*()_+\-=[\]{}|;:,.<>?~`]{1,256}$/,
    "may have letters, digits and @ # % ^ & * ( ) _ + - = [ ] { } | ; : , . < > ? ~ `, and no space, quote, $, !, / or \\",
  );

/** Password that Dokploy writes into a shell command without quotes. */
export const plainPassword = z
  .string()
  .regex(
    /^[a-zA-Z0-9._-]{1,256}$/,
    "may have letters, digits and . _ -, since Dokploy puts it into a shell command",
  );

/** Returns the effect of a move: shared variables have other values in another environment. */
function takesShared({ env }: { env?: unknown }): "deploy" | "none" {
  const values = isRecord(env) ? Object.values(env) : [];
  return values.some((value) => typeof value === "string" && looksOutside(value)) ? "deploy" : "none";
}

const { icon: _, ...named } = identity;

/** Inputs for the name, the place and the containers. */
export const head = {
  /** Id of the environment. A change moves the database, with its data. */
  environmentId: own(id, { apply: takesShared, looksItself: true }),
  ...named,
};

/** Inputs for variables, limits and deployment. */
export const tail = {
  /**
   * Variables of its containers, in addition to those that Dokploy sets, which they override. When left out, they are
   * not touched. When removed from the program, they stay as they are and are no longer managed. `{}` clears them.
   */
  // Dokploy puts its own variables into the same text.
  env: variables({ column: "env", target: "application", apply: "deploy", sharesText: true }),
  ...forVariables,
  /** Limits and reservations of its container. */
  resources: resourcesOf("deploy").optional(),
  /** Command that replaces the image's own. */
  command: field(nonEmptyText.optional(), deploys("command", null)),
  /**
   * Port of the host on which the database is published to the whole network. Default: none; it is reached only inside
   * Docker.
   */
  externalPort: field(portNumber.optional(), deploys("externalPort", null)),
  /** Ids of overlay networks that its container joins. */
  networkIds: field(z.array(id).optional(), deploys("networkIds", [])),
  /** True to leave Dokploy's own network. Default: false. */
  detachDokployNetwork: field(z.boolean().optional(), deploys("detachDokployNetwork", false)),
  /**
   * Name of this database, to allow a change that replaces it with a new, empty one. The volume with the data stays on
   * the server, unused. Default: such a change is refused.
   */
  allowReplacementOf: own(z.string().optional(), { apply: "none" }),
  /**
   * Deployment of a change, which replaces the container, keeps the data, and is followed to its end. `false` saves
   * without applying. Default: a deployment.
   */
  deploy: own(deployOption.optional(), { apply: "none" }),
  /** @internal Set by the resource option `import`. */
  import: own(id.optional(), { apply: "none", createOnly: true }),
};

const ofSql = keptIn<With<"databaseName">>();

/** Inputs for the first start of an SQL database. */
export const sqlLogin = {
  /** Name of the database that is created with it. A change would replace it with a new, empty one. */
  database: ofSql.field(sqlName, fixed("databaseName")),
  /** User of the database. A change would replace the database with a new, empty one. */
  user: ofSql.field(sqlName, fixed("databaseUser")),
  /**
   * Password of the user. Secret. A change is made in the running database, and then deployed. Default: a random one,
   * which is part of `connectionUrl`. When removed from the program, it stays as it is.
   */
  password: ofSql.field(password.optional(), { ...deploys("databasePassword"), secret: true }),
};

/** Inputs for the first start of MySQL and MariaDB, which also have a user `root`. */
export const sqlLogins = {
  ...sqlLogin,
  /**
   * Password of the user `root`. Secret. A change is made in the running database, and then deployed. Default: a random
   * one, which is part of `rootConnectionUrl`. When removed from the program, it stays as it is.
   */
  rootPassword: keptIn<With<"databaseRootPassword">>().field(password.optional(), {
    ...deploys("databaseRootPassword"),
    secret: true,
  }),
};

/** Inputs of all kinds except libSQL, whose rows have no such columns. */
export const settings = {
  /** Arguments of the command. */
  args: keptIn<With<"args">>().field(z.array(z.string()).optional(), deploys("args", null)),
  /**
   * Health check of the container, such as `{ command: ["redis-cli", "ping"] }`. Default: that of the image.
   */
  healthCheck: databaseHealthCheck,
  /**
   * Docker Swarm settings, with Docker's own names: capitalized keys. A duration is a text such as `10s`, `500ms` or
   * `1m30s`, or a number of nanoseconds.
   */
  swarm: swarmOf("deploy").optional(),
};
