import { visible } from "../../packages/text/visible";
import { type Api, callDatabase } from "../dokploy/endpoints";
import { DATABASES, type DatabaseKind } from "../dokploy/kinds";
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
  const own = DATABASES[kind].variables(row);
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
