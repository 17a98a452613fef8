import { type Api, DokployError } from "../../provider/dokploy";

type Values = Record<string, unknown>;
/** Applications by id. */
export class Rows extends Map<string, Values> {
  made = 0;
}

/** A server with nothing but applications; an answer of a test takes the place of its own. */
export function withApplications(answers: Record<string, (input: Values, rows: Rows) => unknown>) {
  const rows = new Rows();
  const calls: string[] = [];
  const own: typeof answers = {
    "application.create": (input) => add(rows, input),
    "application.update": ({ applicationId, ...columns }) =>
      Object.assign(rows.get(String(applicationId)) ?? {}, columns),
    "application.one": ({ applicationId }) => rows.get(String(applicationId)) ?? missing("application.one"),
    "application.delete": ({ applicationId }) => rows.delete(String(applicationId)),
    "environment.one": () => ({ applications: [...rows.values()] }),
    "mounts.create": () => ({}),
  };
  const api = {
    async call(endpoint: string, input: Values) {
      calls.push(endpoint);
      // A call takes effect later: who does not wait for it goes on before that.
      await new Promise(setImmediate);
      return (answers[endpoint] ?? own[endpoint])?.(input, rows);
    },
  } as unknown as Api;
  return { api, rows, calls };
}

export function add(rows: Rows, input: Values): Values {
  rows.made += 1;
  const applicationId = `app${rows.made}`;
  const row = { ...input, applicationId, applicationStatus: "idle", env: null, mounts: [] };
  rows.set(applicationId, row);
  return row;
}

export function missing(endpoint: "application.one" | "application.delete" | "environment.one"): never {
  throw new DokployError("not there", { kind: "not-found", endpoint, outcome: "refused", gone: true });
}
