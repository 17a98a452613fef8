import type { Row, ServiceTable } from "./rows";

/** What a simple object has beyond what Dokploy's API document says of its calls: a recorded row, and its habits. */
export interface SimpleObject {
  /** As in `Domain not found`. */
  readonly noun: string;
  /** The row that a creation with nothing but what it must give leads to, as recorded. Ids and times are made anew. */
  readonly row: Row;
  /** Parents by the column that names them. */
  readonly parents: Readonly<Record<string, ServiceTable>>;
  /** Whether a creation names its parent by `serviceId` and `serviceType`. */
  readonly byService?: true;
  /** Where the row of a parent lists them. */
  readonly list?: string;
  /** What a call answers instead of the row: `true`, an empty body, or the row as it was before. */
  readonly answers?: Readonly<Partial<Record<"create" | "update" | "remove", true | "nothing" | "before">>>;
  /** The columns that stand in a row around this one, which another router lists and removes. */
  readonly outer?: readonly string[];
  /** The columns of which no two rows may have the same values. Left out: there is no such rule. */
  readonly unique?: readonly string[];
  /** The same where that is no rule of the database, and what the answer then says. */
  readonly twin?: { readonly columns: readonly string[]; message(row: Row): string };
  /** The column of which `all` shows one value alone, given or else `null`. */
  readonly allBy?: string;
  /** What a creation says where the parent is not there; the database's own words by default. */
  readonly orphan?: string;
  /** How `one` answers for an id that is not there. Default: 404. */
  readonly goneStatus?: 400 | 403;
  /** The other calls that answer 400 for it. */
  readonly gone400?: readonly ("update" | "remove")[];
  /** What answers call the id, where that is not what calls do. */
  readonly idName?: string;
  /** What an update or a removal says of one that is not there, behind the words of `one`. */
  readonly goneWords?: Readonly<Record<"update" | "remove", string>>;
  /** How an update without a column is answered. Default: 500. */
  readonly emptyStatus?: 200 | 400;
  /** How a creation is answered that the database refuses. Default: 400. */
  readonly insertStatus?: 500;
  /** Columns that a creation sets, whatever it is given. */
  readonly forced?: Row;
  /** What an update makes of what it is given. */
  readonly rewrites?: (input: Row) => Row;
  /** The call that lists those of a parent, where its row does not, and the input that says the kind of that. */
  readonly lister?: { readonly verb: "list" | "byEntityId"; readonly kind: string };
  /** Columns that a call of their own sets, by its verb. */
  readonly apart?: Readonly<Record<string, string>>;
  /** Columns of others that name it: the database empties them when it is gone. */
  readonly namedBy?: Readonly<Partial<Record<"application" | "compose", readonly string[]>>>;
  /** Columns that `one` does not show. */
  readonly hidden?: readonly string[];
  /** The columns of a parent that `one` shows with the row. */
  readonly shownParent?: readonly string[];
  /** What `one` shows beside the row, by its name: each that the row names by the id, `null` where it names none. */
  readonly shows?: Readonly<Record<string, Shown>>;
  /** Whether `all` and lists begin with the newest. */
  readonly isNewestFirst?: true;
  /** Whether `one` shows every parent that there may be, each with these columns and with whose it is. */
  readonly shownParents?: readonly string[];
  /**
   * Whether numbers and booleans are made of whatever is sent. Dokploy does that where another call of the same process
   * has shared the schema, so each object does as it was recorded.
   */
  readonly coerces?: true;
  /**
   * The rows of tables of their own, where each kind of the object has one, as recorded: `createSlack` makes both, and both
   * are shown.
   */
  readonly kinds?: Readonly<Record<string, Row>>;
  /** What a text has to be, beyond what the document says. */
  readonly texts?: Readonly<Record<string, { readonly pattern: RegExp; readonly message: string }>>;
}

/** A row within an answer: all of its columns, or some. */
export interface Shown {
  readonly only?: readonly string[];
  readonly hidden?: readonly string[];
  /** Whether its environment and project stand in it. */
  readonly withEnvironment?: true;
}

export const createdAt = "2026-11-24T22:57:08.429Z";

/** What a schedule of an application shows of it. */
export const briefly: Shown = { only: ["applicationId", "appName", "serverId"], withEnvironment: true };
export const inEnvironment: Shown = { withEnvironment: true };
export const keyless: Shown = { hidden: ["accessKey", "secretAccessKey"] };

/** Whatever runs, in the order of the columns of what may belong to any. */
export const owners = {
  applicationId: "application",
  composeId: "compose",
  libsqlId: "libsql",
  mariadbId: "mariadb",
  mongoId: "mongo",
  mysqlId: "mysql",
  postgresId: "postgres",
  redisId: "redis",
} as const;

/** Dokploy ends each content with a line end, when it changes it. */
export const withLineEnd = (text: unknown) => String(text).replace(/[^\n]$/, "$&\n");

/** What git providers of all kinds have around what is of their own. */
export function gitProvider(kind: string): { outer: readonly string[]; outerRow: Row } {
  const outerRow = {
    gitProviderId: "",
    name: "",
    providerType: kind,
    createdAt,
    organizationId: "",
    userId: "",
    sharedWithOrganization: false,
  };
  return { outer: Object.keys(outerRow), outerRow };
}

/** What a server has of its monitoring, which nobody has set up. */
export function metricsConfig(type: "Dokploy" | "Remote") {
  return {
    server: {
      port: 4500,
      type,
      token: "",
      cronJob: "",
      thresholds: { cpu: 0, memory: 0 },
      refreshRate: 60,
      urlCallback: "",
      retentionDays: 2,
    },
    containers: { services: { exclude: [], include: [] }, refreshRate: 60 },
  };
}
