import { visible } from "../../packages/text/visible";
import { type Api, callDatabase } from "../dokploy/endpoints";
import type { DatabaseDetail, DatabaseKind } from "../dokploy/rows";
import { parse } from "../env/dotenv";
import type { NamedValue } from "../run/program-secrets";
import { traits } from "../schema/kinds";
import type { Service } from "./host";
import { expectedOf, scaleOf } from "./running";
import { valuesAround } from "./services";

/** Reads the current state of a database. */
export async function observeDatabase(kind: DatabaseKind, id: string, api: Api): Promise<Service> {
  const row = await callDatabase(api, kind, id, "one", {});
  const { name, appName, serverId, env, applicationStatus: status } = row;
  const itself = { kind, id, name, appName };
  const own = ownVariables(kind, row);
  const read = (text: string) => [...own.map(([key, value]) => `${key}="${value}"`), text].join("\n");
  return {
    ...itself,
    rules: traits[kind].rules,
    label: `${traits[kind].noun} "${visible(name)}" (${id})`,
    status,
    deployments: [],
    environment: row.environment,
    // A stopped database is idle, like one that was never deployed.
    pendingApply: status === "error" || status === "running" ? "deploy" : "none",
    texts: { env, buildArgs: undefined, buildSecrets: undefined },
    values: [
      ...valuesAround(kind, { env }, row.environment),
      ...own.flatMap(([key, value]): NamedValue[] =>
        /PASSWORD|AUTH/.test(key) ? [[key, String(value)]] : [],
      ),
      ...[row.databasePassword, row.databaseRootPassword].flatMap((value): NamedValue[] =>
        typeof value === "string" ? [["PASSWORD", value]] : [],
      ),
    ],
    read,
    withTexts: (texts) => {
      const text = texts.env ?? env ?? "";
      const expected = expectedOf(scaleOf(row), read(text), row.environment);
      const given = parse(text);
      // Dokploy's own variables are not checked: another version may set others.
      const expectEnv = Object.entries(expected.expectEnv ?? {}).filter(([key]) => given.has(key));
      return {
        ...itself,
        serverId,
        status,
        expected: { ...expected, expectEnv: Object.fromEntries(expectEnv) },
      };
    },
    async save(texts) {
      if (texts.env !== undefined) await callDatabase(api, kind, id, "saveEnvironment", { env: texts.env });
    },
  };
}

/**
 * Returns the variables that Dokploy 0.30 sets in a database's containers; the user's own come after them and win.
 */
function ownVariables(kind: DatabaseKind, row: DatabaseDetail): [name: string, value: unknown][] {
  const { databaseName, databaseUser, databasePassword, databaseRootPassword } = row;
  switch (kind) {
    case "postgres":
      return [
        ["POSTGRES_DB", databaseName],
        ["POSTGRES_USER", databaseUser],
        ["POSTGRES_PASSWORD", databasePassword],
      ];
    case "mysql":
      return [
        ["MYSQL_DATABASE", databaseName],
        ["MYSQL_ROOT_PASSWORD", databaseRootPassword],
        // The image refuses root as a further user.
        ...(databaseUser === "root"
          ? []
          : ([
              ["MYSQL_USER", databaseUser],
              ["MYSQL_PASSWORD", databasePassword],
            ] satisfies [string, unknown][])),
      ];
    case "mariadb":
      return [
        ["MARIADB_DATABASE", databaseName],
        ["MARIADB_USER", databaseUser],
        ["MARIADB_PASSWORD", databasePassword],
        ["MARIADB_ROOT_PASSWORD", databaseRootPassword],
      ];
    case "mongo":
      return [
        ["MONGO_INITDB_ROOT_USERNAME", databaseUser],
        ["MONGO_INITDB_ROOT_PASSWORD", databasePassword],
        ...(row.replicaSets ? ([["MONGO_INITDB_DATABASE", "admin"]] satisfies [string, unknown][]) : []),
      ];
    case "redis":
      return [["REDIS_PASSWORD", databasePassword]];
    case "libsql": {
      const login = Buffer.from(`${databaseUser}:${databasePassword}`).toString("base64");
      return [
        ["SQLD_NODE", row.sqldNode],
        ["SQLD_HTTP_AUTH", `basic:${login}`],
      ];
    }
  }
}
