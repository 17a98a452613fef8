import { z } from "zod";
import type { Column } from "../dokploy/columns";
import { looksOutside } from "../env/uses";
import { isRecord } from "../pulumi/unknown";
import {
  deployOption,
  type FieldSpec,
  forVariables,
  id,
  keptIn,
  field as own,
  portNumber,
  text,
} from "../schema/fields";
import { identity } from "../services/identity";
import { resourcesOf } from "../services/resources";
import { swarmOf } from "../services/swarm";

type Router = "postgres" | "mysql" | "mariadb" | "mongo" | "redis" | "libsql";
type Common = Column<Router>;
const { field, variables } = keptIn<Router>();

/** A database has but one way to make a change effective: its container is replaced, and its data stays. */
export const deploys = <C extends string = Common>(column: C, reset?: unknown): FieldSpec<C> => ({
  column,
  apply: "deploy",
  ...(reset === undefined ? {} : { reset }),
});

/** What is made once, with the data: a change of it makes another database, without them. */
export const fixed = <C extends string = Common>(column: C, reset?: unknown): FieldSpec<C> => ({
  ...deploys(column, reset),
  replace: true,
});

/** A name of a database or of a user. It stands in variables of the container, and in SQL. */
export const sqlName = z
  .string()
  .regex(
    /^[a-zA-Z_][\w.-]{0,62}$/,
    "may have 1 to 63 letters, digits and _ . -, and begins with a letter or _",
  );

/** What Dokploy takes as a password: it stands in variables, and in SQL that runs in a shell. */
export const password = z
  .string()
  .regex(
    /^[a-zA-Z0-9@#%^&*()_+\-=[\]{}|;:,.<>?~`]{1,256}$/,
    "may have letters, digits and @ # % ^ & * ( ) _ + - = [ ] { } | ; : , . < > ? ~ `, and no blank, quote, $, !, / or \\",
  );

/** Dokploy puts it into a shell line without quotes. */
export const plainPassword = z
  .string()
  .regex(
    /^[a-zA-Z0-9._-]{1,256}$/,
    "may have letters, digits and . _ -, since Dokploy writes it into a shell line",
  );

/** Elsewhere, variables of the environment have other values. */
function takesShared({ env }: { env?: unknown }): "deploy" | "none" {
  const values = isRecord(env) ? Object.values(env) : [];
  return values.some((value) => typeof value === "string" && looksOutside(value)) ? "deploy" : "none";
}

const { icon: _, ...named } = identity;

/** What it is, where it runs, and how its containers are. */
export const head = {
  /** The environment it belongs to. A change moves the database, with its data. */
  environmentId: own(id, { apply: takesShared, looksItself: true }),
  ...named,
};

/** Variables, limits and how a change is applied. */
export const tail = {
  /**
   * Variables of its containers, beside those that Dokploy sets, which they override. Left out, they are not touched; taken
   * out of the program, they stay as they are and are no longer managed. `{}` clears them.
   */
  env: variables({ column: "env", target: "application", apply: "deploy" }),
  ...forVariables,
  /** Limits and reservations of its container. */
  resources: resourcesOf("deploy").optional(),
  /** Replaces the image's command. */
  command: field(text.optional(), deploys("command", null)),
  /** Port of the host under which it is published, to the whole network. Default: none; it is reached inside Docker alone. */
  externalPort: field(portNumber.optional(), deploys("externalPort", null)),
  /** Ids of overlay networks that its container joins. */
  networkIds: field(z.array(id).optional(), deploys("networkIds", [])),
  /** Leave Dokploy's own network. Default: false. */
  detachDokployNetwork: field(z.boolean().optional(), deploys("detachDokployNetwork", false)),
  /**
   * The name of this database, to let a change go ahead that makes a new, empty one in its place. The volume with the data
   * stays on the server, and nothing uses it any more. Default: such a change is refused.
   */
  allowReplacementOf: own(z.string().optional(), { apply: "none" }),
  /**
   * How a change is applied: Dokploy is told to deploy, which replaces the container and keeps the data, and that is
   * followed to its end. `false` saves without applying. Default: a deployment.
   */
  deploy: own(deployOption.optional(), { apply: "none" }),
  /** @internal Set by the resource option `import`. */
  import: own(id.optional(), { apply: "none", createOnly: true }),
};

const ofSql = keptIn<"postgres" | "mysql" | "mariadb">();

/** What is made at the first start of a database that speaks SQL. */
export const sqlLogin = {
  /** Name of the database that is made with it. A change would make a new, empty one. */
  database: ofSql.field(sqlName, fixed("databaseName")),
  /** Its user. A change would make a new, empty database. */
  user: ofSql.field(sqlName, fixed("databaseUser")),
  /**
   * Password of the user. Secret. A change is made in the running database, and then deployed. Default: a random one, which
   * stands in `connectionUrl`.
   */
  password: ofSql.field(password.optional(), { ...deploys("databasePassword"), secret: true }),
};

/** Of MySQL and MariaDB, which have a user `root` beside it. */
export const sqlLogins = {
  ...sqlLogin,
  /** Password of the user `root`. Secret. Changed in the same way. Default: a random one, in `rootConnectionUrl`. */
  rootPassword: keptIn<"mysql" | "mariadb">().field(password.optional(), {
    ...deploys("databaseRootPassword"),
    secret: true,
  }),
};

/** Of all kinds but libSQL, whose rows have no such columns. */
export const settings = {
  /** Arguments of the command. */
  args: keptIn<Exclude<Router, "libsql">>().field(z.array(z.string()).optional(), deploys("args", null)),
  /** Docker Swarm's own settings, in Docker's own words: keys capitalised, durations in nanoseconds. */
  swarm: swarmOf("deploy").optional(),
};
