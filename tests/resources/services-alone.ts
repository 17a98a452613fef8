import { type Api, DokployError } from "../../provider/dokploy";
import { type ServiceInputs, ServiceModel, type ServiceRow } from "../../provider/engine/services/model";
import { type Context, Run } from "../../provider/lifecycle";
import { KeyedLock } from "../../provider/lifecycle/run/lock";
import type { StackResource } from "../../provider/pulumi";
import { applicationSchema } from "../../provider/resources/application";
import { composeSchema } from "../../provider/resources/compose";
import { postgresSchema } from "../../provider/resources/postgres";
import { untraced } from "./untraced";

type Values = Record<string, unknown>;
export type Inputs = ServiceInputs & Values;
export type Row = ServiceRow & Values;

const create = () => ({});
/** Kinds of services without the checks of their own. */
export const models = {
  application: new ServiceModel<Inputs, Row>({ kind: "Application", schema: applicationSchema, create }),
  compose: new ServiceModel<Inputs, Row>({ kind: "Compose", schema: composeSchema, create }),
  postgres: new ServiceModel<Inputs, Row>({ kind: "Postgres", schema: postgresSchema, create }),
};

export type Answers = Record<string, (input: Values) => unknown>;

/** A server with one service, which was deployed, and the context of a resource; an answer of a test takes precedence. */
export function serviceAlone(
  kind: keyof typeof models,
  inputs: Inputs,
  { answers = {}, stack = [], more = {} }: { answers?: Answers; stack?: StackResource[]; more?: Values } = {},
) {
  const model = models[kind];
  const environmentOf = (environmentId: string) => ({
    ...{ environmentId, name: environmentId, env: "", projectId: "project" },
    project: { name: "shop", env: "" },
  });
  const row: Row = {
    ...{ name: inputs.name, appName: "api-x7", environmentId: inputs.environmentId, env: null },
    ...{ environment: environmentOf(inputs.environmentId), createdAt: "2026-01-01T00:00:00.000Z" },
    ...{ domains: [], ports: [], mounts: [], redirects: [], security: [], backups: [] },
    ...(kind === "compose" ? { composeStatus: "done" } : { applicationStatus: "done" }),
    deployments: [{ deploymentId: "d0", status: "done", createdAt: "2026-01-02T00:00:00.000Z" }] as never,
    ...model.mapping.columns(inputs),
  };
  const calls: string[] = [];
  const log: [string, Values][] = [];
  const said: string[] = [];
  const own: Answers = {
    [`${kind}.one`]: () => structuredClone(row),
    [`${kind}.update`]: ({ [`${kind}Id`]: _, ...columns }) => Object.assign(row, columns),
    [`${kind}.move`]: ({ targetEnvironmentId }) => {
      row.environmentId = String(targetEnvironmentId);
      row.environment = environmentOf(row.environmentId);
    },
    "environment.one": ({ environmentId }) => environmentOf(String(environmentId)),
  };
  const call = async (endpoint: string, input: Values) => {
    calls.push(endpoint);
    log.push([endpoint, input]);
    // A call takes effect later: who does not wait for it goes on before that.
    await new Promise(setImmediate);
    return await (answers[endpoint] ?? own[endpoint] ?? (() => []))(input);
  };
  const features: readonly string[] = (more["features"] as string[] | undefined) ?? [];
  const api = { call, supports: async (name: string) => features.includes(name) } as unknown as Api;
  const say =
    (level: string) =>
    (text: string, ...coded: unknown[]) =>
      void said.push([level, ...coded.slice(0, 1), text].join(" "));
  const deployed: unknown[][] = [];
  const context = {
    ...{
      api,
      reads: api,
      run: new Run(async () => stack),
      lock: new KeyedLock(),
      references: "error",
      checks: {},
    },
    ...{ warn: say("warning"), inform: say("notice"), span: untraced, progress() {}, begun() {}, ended() {} },
    deployments: {
      async run(...given: unknown[]) {
        calls.push("deploy");
        deployed.push(given);
        return { deploymentId: "d1", status: "done" };
      },
    },
    about: async () => ({ project: "shop", stack: "test", commit: undefined }),
    ...more,
  } as unknown as Context;
  /** Calls that change something, in their order. */
  const writes = () => calls.filter((name) => !/\.(one|all|list|by\w+)$/.test(name));
  return { model, row, context, calls, log, said, deployed, writes };
}

/** A response that was lost: nobody knows if the call had an effect. */
export function lostAt(endpoint: string): DokployError {
  return new DokployError("no response", { kind: "unreachable", endpoint, outcome: "unknown" } as never);
}
