import type { Answer } from "./endpoint";

/** One of several reads in a request. */
export interface BatchedRead {
  /** `router.procedure`, in the case of the request. */
  readonly name: string;
  readonly input: unknown;
}

/** Numbers of tRPC for the codes of its errors. */
const NUMBERS: Readonly<Record<string, number>> = {
  BAD_REQUEST: -32600,
  UNAUTHORIZED: -32001,
  FORBIDDEN: -32003,
  NOT_FOUND: -32004,
  CONFLICT: -32009,
  INTERNAL_SERVER_ERROR: -32603,
};

/**
 * Parses the reads of `GET /api/trpc/a.one,b.one?batch=1&input={"0":{"json":…},…}`; undefined for other requests.
 */
export function batchOf({ pathname, searchParams }: URL): BatchedRead[] | undefined {
  const [, names] = /^\/api\/trpc\/([^/]+)$/.exec(pathname) ?? [];
  if (names === undefined || searchParams.get("batch") !== "1") return undefined;
  const inputs = JSON.parse(searchParams.get("input") ?? "{}") as Record<string, { json?: unknown }>;
  return decodeURIComponent(names)
    .split(",")
    .map((name, index) => ({ name, input: inputs[index]?.json }));
}

/** Combines responses of the plain API into one; status 207 where their statuses differ. */
export function batchAnswer(answers: readonly Answer[]): Answer {
  const statuses = new Set(answers.map(({ status }) => status));
  const [only = 200] = statuses;
  return {
    status: statuses.size > 1 ? 207 : only,
    type: "application/json",
    body: JSON.stringify(answers.map(elementOf)),
  };
}

function elementOf({ status, body }: Answer): object {
  // A procedure without a result has null in JSON, and a note that this means undefined.
  if (body === "") return { result: { data: { json: null, meta: { values: ["undefined"], v: 1 } } } };
  const value: unknown = JSON.parse(body);
  if (status === 200) return { result: { data: { json: value, ...typesIn(value) } } };
  const { message, code, data, issues } = value as Failure;
  // Only the plain API has its own words for a failed validation.
  const said = issues === undefined ? message : JSON.stringify(issues, null, 2);
  return { error: { json: { message: said, code: NUMBERS[code], data } } };
}

interface Failure {
  readonly message: string;
  readonly code: string;
  readonly data: unknown;
  readonly issues?: unknown;
}

/** Notes about types for the JSON: only destinations contain times that are not plain texts. */
function typesIn(value: unknown): object {
  const dates = datePaths(value, "");
  if (dates.length === 0) return {};
  return { meta: { values: Object.fromEntries(dates.map((path) => [path, ["Date"]])), v: 1 } };
}

function datePaths(value: unknown, path: string): string[] {
  if (typeof value !== "object" || value === null) return [];
  const isDestination = "bucket" in value && "createdAt" in value;
  return Object.entries(value).flatMap(([name, inner]) => {
    const here = path === "" ? name : `${path}.${name}`;
    return isDestination && name === "createdAt" ? [here] : datePaths(inner, here);
  });
}
