import type { Row, ServiceTable } from "./rows";

/**
 * Facts about a simple object in addition to Dokploy's API document: a recorded row, and the behaviour of its calls.
 */
export interface SimpleObject {
  /** Noun, as in `Domain not found`. */
  readonly noun: string;
  /** Recorded row after a creation with only the required inputs. Ids and times are replaced. */
  readonly row: Row;
  /** Parents, by the column that names them. */
  readonly parents: Readonly<Record<string, ServiceTable>>;
  /** True when a creation names its parent by `serviceId` and `serviceType`. */
  readonly byService?: true;
  /** Name of its list in the row of a parent. */
  readonly list?: string;
  /** Responses of calls instead of the row: `true`, an empty body, or the row before the change. */
  readonly answers?: Readonly<Partial<Record<"create" | "update" | "remove", true | "nothing" | "before">>>;
  /** Columns of a row around this one, which another router lists and removes. */
  readonly outer?: readonly string[];
  /** Columns whose values must be unique together; undefined without such a rule. */
  readonly unique?: readonly string[];
  /**
   * Columns whose values must be unique together although the database has no such rule, and the message of the
   * response.
   */
  readonly duplicate?: { readonly columns: readonly string[]; message(row: Row): string };
  /** Column by which `all` filters: the given value, or else `null`. */
  readonly allBy?: string;
  /** Message of a creation whose parent does not exist; default: that of the database. */
  readonly orphan?: string;
  /** Status of `one` for an unknown id. Default: 404. */
  readonly goneStatus?: 400 | 403;
  /** Other calls that return 400 for an unknown id. */
  readonly gone400?: readonly ("update" | "remove")[];
  /** Name of the id in responses, where calls use another one. */
  readonly idName?: string;
  /** Words of an update or a removal for an unknown id, after those of `one`. */
  readonly goneWords?: Readonly<Record<"update" | "remove", string>>;
  /** Status of an update without a column. Default: 500. */
  readonly emptyStatus?: 200 | 400;
  /** Status of a creation that the database refuses. Default: 400. */
  readonly insertStatus?: 500;
  /** Columns that a creation sets, regardless of its input. */
  readonly forced?: Row;
  /** Changes the input of an update before it is saved. */
  readonly rewrites?: (input: Row) => Row;
  /** Call that lists the objects of a parent, where its row does not, and the input with the kind of the parent. */
  readonly lister?: { readonly verb: "list" | "byEntityId"; readonly kind: string };
  /** Columns that a separate call sets, by its verb. */
  readonly separate?: Readonly<Record<string, string>>;
  /** Columns of other objects that name it: the database empties them when it is deleted. */
  readonly namedBy?: Readonly<Partial<Record<"application" | "compose", readonly string[]>>>;
  /** Columns that `one` does not show. */
  readonly hidden?: readonly string[];
  /** Columns of a parent that `one` shows with the row. */
  readonly shownParent?: readonly string[];
  /**
   * Objects that `one` shows in addition to the row, by name: each that the row names by id, `null` where it names
   * none.
   */
  readonly shows?: Readonly<Record<string, Shown>>;
  /** True when `all` and lists begin with the newest. */
  readonly isNewestFirst?: true;
  /** True when `one` shows every possible parent, each with these columns and its owner. */
  readonly shownParents?: readonly string[];
  /**
   * True when numbers and booleans are coerced from any input. Dokploy does that where another call of the same
   * process has shared the schema, so each object behaves as recorded.
   */
  readonly coerces?: true;
  /**
   * Recorded rows of separate tables, where each kind of the object has one: `createSlack` creates both rows, and
   * both are shown.
   */
  readonly kinds?: Readonly<Record<string, Row>>;
  /** Rules for texts, in addition to the document. */
  readonly texts?: Readonly<Record<string, { readonly pattern: RegExp; readonly message: string }>>;
}

/** Row within a response: all of its columns, or some. */
export interface Shown {
  readonly only?: readonly string[];
  readonly hidden?: readonly string[];
  /** True when it contains its environment and project. */
  readonly withEnvironment?: true;
}

export const createdAt = "2026-11-24T22:57:08.429Z";

/** Columns of an application in its schedules. */
export const briefly: Shown = { only: ["applicationId", "appName", "serverId"], withEnvironment: true };
export const inEnvironment: Shown = { withEnvironment: true };
export const keyless: Shown = { hidden: ["accessKey", "secretAccessKey"] };

/** All kinds of services, in the order of the columns of objects that may belong to any. */
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

/** Dokploy ends each content with a line break when it changes it. */
export const withLineEnd = (text: unknown) => String(text).replace(/[^\n]$/, "$&\n");

/** Returns the common part of git providers of all kinds. */
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

/** Returns the settings of a server's monitoring, which nobody has set up. */
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
