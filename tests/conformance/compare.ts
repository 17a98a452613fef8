import { isDeepStrictEqual } from "node:util";

type Json = unknown;

/** Where no password was given, the server makes one. */
const idKey = /^(id|.*Id|appName|refreshToken|key|start|databaseRootPassword)$/;
const isoTime = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;
const logTime = /\d{4}-\d\d-\d\d:\d\d:\d\d:\d\d/g;

/** Lists whose order the database decides. */
const unordered = new Set([
  "environments",
  "applications",
  "compose",
  "libsql",
  "mariadb",
  "mongo",
  "mysql",
  "postgres",
  "redis",
  "deployments",
]);

/**
 * Compares recorded answers with an emulator's. Ids, generated names, keys and times differ between the two;
 * each recorded id stands for one of the emulator's, from the first answer that shows both.
 */
export class Comparison {
  private readonly actualOf = new Map<string, string>();

  /** A recorded value with the ids of the emulator. */
  translate(value: Json): Json {
    if (typeof value === "string") return this.actualOf.get(value) ?? value;
    if (Array.isArray(value)) return value.map((item) => this.translate(item));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.translate(item)]));
  }

  /** The differences, one line each; the keys in `ignored` are passed over. */
  differences(recorded: Json, actual: Json, ignored: ReadonlySet<string>): string[] {
    const found: string[] = [];
    this.compare(recorded, actual, "", "", ignored, found);
    return found;
  }

  private compare(
    e: Json,
    a: Json,
    path: string,
    key: string,
    ignored: ReadonlySet<string>,
    found: string[],
  ): void {
    if (Array.isArray(e) && Array.isArray(a)) {
      if (e.length !== a.length) found.push(`${path}: ${e.length} entries recorded, ${a.length} answered`);
      const pairs = unordered.has(key) ? this.pair(e, a) : e.map((item, index) => [item, a[index]]);
      pairs.forEach(([left, right], index) => {
        this.compare(left, right, `${path}[${index}]`, "", ignored, found);
      });
      return;
    }
    if (isRecord(e) && isRecord(a)) {
      for (const name of new Set([...Object.keys(e), ...Object.keys(a)])) {
        if (ignored.has(name)) continue;
        if (!(name in e)) found.push(`${path}.${name}: not recorded, but answered`);
        else if (!(name in a)) found.push(`${path}.${name}: recorded, but not answered`);
        else this.compare(e[name], a[name], `${path}.${name}`, name, ignored, found);
      }
      return;
    }
    if (typeof e === "string" && typeof a === "string") {
      if (idKey.test(key) && !isKnownWord(e) && !this.actualOf.has(e)) this.actualOf.set(e, a);
      const left = this.normal(this.substitute(e));
      const right = this.normal(a);
      if (left !== right) found.push(`${path}: recorded ${clip(left)}, answered ${clip(right)}`);
      return;
    }
    if (typeof e === "number" && typeof a === "number" && /^(timestamp|processedOn)$/.test(key)) return;
    if (!isDeepStrictEqual(e, a)) found.push(`${path}: recorded ${clip(e)}, answered ${clip(a)}`);
  }

  /** Pairs the rows of two lists by their ids; rows not seen before pair in the order of their creation. */
  private pair(e: Json[], a: Json[]): [Json, Json][] {
    const left = [...a];
    const take = (index: number) => (index < 0 ? undefined : left.splice(index, 1)[0]);
    const known = e.map((item): [Json, Json] | undefined => {
      const id = this.actualOf.get(rowId(item) ?? "");
      const index = id === undefined ? -1 : left.findIndex((row) => rowId(row) === id);
      return index < 0 ? undefined : [item, take(index)];
    });
    const fresh = byCreation(e.filter((_, index) => !known[index]));
    const rest = byCreation(left);
    return [
      ...known.filter((pair) => pair !== undefined),
      ...fresh.map((item, index): [Json, Json] => [item, rest[index]]),
    ];
  }

  private substitute(text: string): string {
    const whole = this.actualOf.get(text);
    if (whole !== undefined) return whole;
    let result = text;
    // Long names first: one may begin with another.
    for (const [from, to] of [...this.actualOf].sort((x, y) => y[0].length - x[0].length))
      if (from.length > 5 && result.includes(from)) result = result.replaceAll(from, to);
    return result;
  }

  private normal(text: string): string {
    return normalLog(
      text
        .replace(isoTime, "<time>")
        .replace(logTime, "<time>")
        .replace(/enc:v1:[A-Za-z0-9+/=]+/g, "<encrypted>")
        .replace(/params: [\w-]{21},/g, "params: <id>,"),
    );
  }
}

/** A build log without what depends on the machine, the Dockerfile and the width of names. */
export function normalLog(text: string): string {
  return text
    .replace(/sha256:[0-9a-f]{64}/g, "sha256:<digest>")
    .replace(/\b[0-9a-f]{12}\b/g, "<image>")
    .replace(/^(Step \d|Removing intermediate| ---> |building for |this build fails).*\n/gm, "");
}

/** Names that look like ids by their key, but are the same on every server. */
function isKnownWord(text: string): boolean {
  return text === "default" || text === "";
}

function rowId(row: Json): string | undefined {
  if (!isRecord(row)) return undefined;
  const names = [
    "deploymentId",
    "applicationId",
    "composeId",
    "libsqlId",
    "mariadbId",
    "mongoId",
    "mysqlId",
    "postgresId",
    "redisId",
    "environmentId",
    "projectId",
    "id",
  ];
  const name = names.find((candidate) => typeof row[candidate] === "string");
  return name === undefined ? undefined : String(row[name]);
}

function byCreation(rows: readonly Json[]): Json[] {
  const time = (row: Json) => (isRecord(row) ? String(row["createdAt"] ?? "") : "");
  return [...rows].sort((x, y) => time(x).localeCompare(time(y)));
}

function isRecord(value: Json): value is Record<string, Json> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function clip(value: Json): string {
  const text = JSON.stringify(value) ?? "undefined";
  return text.length > 300 ? `${text.slice(0, 140)} … ${text.slice(-150)}` : text;
}
