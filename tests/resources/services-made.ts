import * as assert from "node:assert/strict";
import type { Api, ServiceKind } from "../../provider/dokploy";
import { DokployError } from "../../provider/dokploy";
import { type Context, Run } from "../../provider/lifecycle";
import { KeyedLock } from "../../provider/lifecycle/run/lock";
import { untraced } from "./untraced";

export type Values = Record<string, unknown>;
type Answer = (input: Values, rows: Map<string, Values>) => unknown;

/** What a new row of each kind has in Dokploy besides what its creation sends. */
const begins = { applicationStatus: "idle", env: null, mounts: [], deployments: [] };

/** Around each service: the variables of its environment and project. */
export const around = {
  ...{ environmentId: "env", projectId: "project", name: "production", env: "SHARED=s-canary-shared" },
  project: { name: "shop", env: "" },
};

/** A server with nothing but services, by their ids; an answer of a test takes the place of its own. */
export function withServices(answers: Record<string, Answer> = {}) {
  const rows = new Map<string, Values>();
  const calls: string[] = [];
  const sent: [endpoint: string, input: Values][] = [];
  const run = new Run(async () => []);
  const warnings: string[] = [];
  /** What each deployment was asked for. */
  const deployed: unknown[][] = [];
  const own = (endpoint: string, input: Values): unknown => {
    const [kind = "", verb = ""] = endpoint.split(".");
    const id = String(input[`${kind}Id`]);
    if (endpoint === "environment.one") return { ...around, ...listed(rows) };
    if (verb === "create" && kind !== "mounts") return add(rows, kind as ServiceKind, input);
    if (verb === "one") return rows.get(id) ?? missing(endpoint as "application.one");
    if (verb === "update") return Object.assign(rows.get(id) ?? {}, input);
    if (verb === "delete" || verb === "remove") {
      const row = rows.get(id) ?? missing(endpoint as "application.one");
      rows.delete(id);
      return row;
    }
    return {};
  };
  const api = {
    async call(endpoint: string, input: Values) {
      calls.push(endpoint);
      sent.push([endpoint, input]);
      // A call takes effect later: who does not wait for it goes on before that.
      await new Promise(setImmediate);
      return answers[endpoint] ? answers[endpoint](input, rows) : own(endpoint, input);
    },
  } as unknown as Api;
  const context = {
    ...{ api, reads: api, run, lock: new KeyedLock(), waitFor: "deployed", span: untraced },
    server: { url: "https://dokploy.example.com" },
    ...{ progress() {}, begun() {}, ended() {}, inform() {}, warn: (line: string) => warnings.push(line) },
    about: async () => ({ project: "shop", stack: "test", commit: undefined }),
    deployments: {
      async run(...given: unknown[]) {
        calls.push("deployed");
        deployed.push(given);
        return { deploymentId: "d1", status: "done" };
      },
    },
  } as unknown as Context;
  /** Returns what was sent to an endpoint. */
  const inputsOf = (endpoint: string) => sent.flatMap(([name, input]) => (name === endpoint ? [input] : []));
  return { api, context, run, rows, calls, inputsOf, warnings, deployed };
}

function listed(rows: Map<string, Values>): Record<string, Values[]> {
  const lists: Record<string, Values[]> = {};
  for (const { kind, ...row } of rows.values()) {
    const list = kind === "application" ? "applications" : String(kind);
    lists[list] = [...(lists[list] ?? []), row];
  }
  return lists;
}

/** Adds a service as Dokploy does: its name in Docker ends with six characters of Dokploy's. */
export function add(rows: Map<string, Values>, kind: ServiceKind, input: Values): Values {
  const id = `${kind}${rows.size + 1}`;
  const row = {
    ...{ ...begins, environment: around, environmentId: "env", createdAt: `2026-01-0${rows.size + 1}` },
    ...{ ...input, kind, [`${kind}Id`]: id, appName: `${input["appName"] ?? kind}-abcdef` },
  };
  rows.set(id, row);
  return row;
}

/** A call whose response is lost, though it may have had its effect. */
export const lost = (endpoint: "application.create") =>
  new DokployError("no response", { kind: "unreachable", endpoint, outcome: "unknown" });

export function missing(endpoint: "application.one"): never {
  throw new DokployError("not there", { kind: "not-found", endpoint, outcome: "refused", gone: true });
}

/** Inputs of an application. */
export const web = { name: "web", environmentId: "env", source: { type: "docker", image: "acme/web:1" } };

/** Returns the error with which something fails. */
export async function failure(work: Promise<unknown>): Promise<Error> {
  return await work.then(
    () => assert.fail("it must fail"),
    (error: Error) => error,
  );
}
