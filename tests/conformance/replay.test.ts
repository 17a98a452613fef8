import * as assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../emulator";
import { simpleObjects } from "../../emulator/instance/simple-rows";
import { endpoints } from "../../emulator/objects";
import { Comparison } from "./compare";
import { type Answer, Dokploy, type Request, send } from "./http";
import { jsonLines, needsReference } from "./reference";

interface Exchange {
  readonly n: number;
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly request: unknown;
  readonly status: number;
  readonly bodyKind: string;
  readonly response: unknown;
}

/** The end of a deployment that was watched: its newest records and the service's status. */
interface Timeline {
  readonly n: number;
  readonly name: string;
  readonly deployments?: readonly Record<string, unknown>[];
  readonly applicationStatus?: string;
}

/** Exchanges that the replay leaves out, with the reason. */
const excluded: Readonly<Record<number, string>> = {
  294: "samples of a queue at certain seconds; the queue scenarios check the same order of events",
  512: "the deployments of a schedule, which the emulator does not have",
  842: "the environment holds 24 applications that were created without being recorded",
  941: "the recording is the client's own timeout on a crash loop, which the emulator does not have yet",
  971: "the application was created without being recorded",
};

/** Exchanges during which builds were running; before all others the queue ran empty. */
const duringBuilds: readonly [from: number, to: number][] = [
  [123, 124],
  [223, 228],
  [895, 901],
  [947, 950],
];

/** In the place of the text of a private key. */
const keyText = "cmVtb3ZlZA==";

/** Calls that were made, as later answers show, but are missing from the recording; by the exchange they precede. */
const unrecorded: Readonly<Record<number, readonly [endpoint: string, input: Record<string, unknown>][]>> = {
  895: [gitApplication("ec7nJm7KONHDQBY8-LTPT", "WAIT=5")],
  902: [
    [
      "application.saveEnvironment",
      {
        applicationId: "Jsa-Cf42ZvFfWA4cWvh_o",
        env: "A=22",
        buildArgs: "",
        buildSecrets: "",
        createEnvFile: true,
      },
    ],
  ],
  926: [
    ["project.create", { name: "u" }],
    ["project.create", { name: "\ufffd\ufffd" }],
  ],
  947: [gitApplication("XyTEvSV-ZdulWSul6Mgh9", "WAIT=3")],
};

function gitApplication(applicationId: string, buildArgs: string): [string, Record<string, unknown>] {
  return [
    "application.update",
    {
      applicationId,
      sourceType: "git",
      customGitUrl: "http://127.0.0.1:3401/slow.git",
      customGitBranch: "main",
      customGitBuildPath: "/",
      watchPaths: [],
      buildType: "dockerfile",
      dockerContextPath: "",
      dockerBuildStage: "",
      herokuVersion: null,
      railpackVersion: null,
      env: "",
      buildArgs,
      buildSecrets: "",
    },
  ];
}

/** Lists of objects that the emulator has no endpoints for stay empty in its answers. */
const lists: readonly [list: string, endpoint: string][] = [
  ["domains", "domain.create"],
  ["mounts", "mounts.create"],
  ["ports", "port.create"],
  ["redirects", "redirects.create"],
  ["security", "security.create"],
  ["libsql", "libsql.create"],
  ["mariadb", "mariadb.create"],
  ["mongo", "mongo.create"],
  ["mysql", "mysql.create"],
  ["postgres", "postgres.create"],
  ["redis", "redis.create"],
  ["backups", "backup.create"],
];
const emptyLists = lists.filter(([, endpoint]) => !(endpoint in endpoints)).map(([list]) => list);

/** A number that the database counts up, whatever was made and deleted before the recording. */
const serials = ["uniqueConfigKey"];

/** What belongs to the recorded server's owner and history. */
const personal = [
  "accessedProjects",
  "accessedEnvironments",
  "accessedServices",
  "firstName",
  "lastName",
  "email",
  "apiKeys",
];

describe("replay of recorded exchanges with Dokploy v0.30.2", function () {
  this.timeout(60_000);
  let exchanges: (Exchange | Timeline)[] = [];
  let emulator: Emulator;

  before(async function () {
    exchanges = jsonLines(needsReference(this, "exchanges.jsonl")) as (Exchange | Timeline)[];
    emulator = await startEmulator({ buildMs: 1 });
    prepareWorld(emulator);
  });
  after(() => emulator?.close());

  it("the emulator responds to each recorded request with the same status, kind of body and body", async () => {
    const comparison = new Comparison();
    const server = new Dokploy(emulator.url, emulator.apiKey);
    const failures: string[] = [];
    const counts = { compared: 0, notEmulated: 0, excluded: 0 };
    let limitedKey = "";

    for (const exchange of exchanges) {
      for (const [endpoint, input] of unrecorded[exchange.n] ?? [])
        assert.equal((await server.post(endpoint, comparison.translate(input))).status, 200, endpoint);
      const live = duringBuilds.some(([from, to]) => exchange.n >= from && exchange.n <= to);
      if (live) emulator.holdBuilds();
      else {
        emulator.releaseBuilds();
        await server.idle();
      }
      const later = shownLater(exchanges, exchange);
      if (later) {
        const newest = await later.newest(server, comparison);
        comparison.differences({ [later.id]: later.recorded }, { [later.id]: newest?.[later.id] }, new Set());
      }
      if (exchange.n in excluded) {
        counts.excluded += 1;
        continue;
      }
      if (!("method" in exchange)) {
        failures.push(...(await compareTimeline(server, comparison, exchange)));
        counts.compared += 1;
        continue;
      }
      if (!isEmulated(exchange)) {
        counts.notEmulated += 1;
        continue;
      }
      const answer = await send(emulator.url, requestOf(exchange, comparison, emulator.apiKey, limitedKey));
      if (exchange.name === "user-createApiKey-default") limitedKey = (answer.body as { key: string }).key;
      failures.push(...compareAnswer(comparison, exchange, answer));
      counts.compared += 1;
    }

    console.log(
      `      ${counts.compared} of ${exchanges.length} compared, ${counts.notEmulated} of endpoints that are not emulated, ${counts.excluded} excluded:`,
    );
    for (const [n, reason] of Object.entries(excluded)) console.log(`        ${n}: ${reason}`);
    assert.equal(failures.length, 0, `${failures.length} differences\n${failures.slice(0, 40).join("\n")}`);
    assert.ok(counts.compared > 200, "the recording holds the exchanges of the emulated endpoints");
  });
});

/**
 * The id of a simple object whose creation answered `true` or nothing: the recording shows it only in the read that follows,
 * and the emulator in the newest entry of the list of its application, or of all of its kind.
 */
function shownLater(exchanges: readonly (Exchange | Timeline)[], exchange: Exchange | Timeline) {
  const made = exchanges[exchanges.indexOf(exchange) - 1];
  if (!("method" in exchange) || made === undefined || !("method" in made)) return undefined;
  if (made.response !== true && made.response !== "") return undefined;
  const [router = "", call] = pathName(exchange.path).split(".");
  const { list, row = {}, isNewestFirst } = simpleObjects[router] ?? {};
  const [id = ""] = Object.keys(row);
  if (call !== "one" || pathName(made.path) !== `${router}.create`) return undefined;
  const recorded = (exchange.request as Record<string, string>)[id];
  const newest = async (server: Dokploy, comparison: Comparison) => {
    if (list === undefined) {
      const { body } = await server.get(`${router}.all`, {});
      return (body as Record<string, string>[]).at(isNewestFirst ? 0 : -1);
    }
    const { applicationId } = comparison.translate(made.request) as { applicationId: string };
    const { body } = await server.get("application.one", { applicationId });
    return (body as Record<string, Record<string, string>[]>)[list]?.at(-1);
  };
  return { recorded, id, newest };
}

/** What the recorded server could and could not reach, and what its machine lacked. */
function prepareWorld({ registry, git, buckets }: Emulator): void {
  buckets.hasRclone = false;
  registry.unreachable.set(
    "docker.io",
    'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 10.255.255.53:53: no such host',
  );
  registry.unreachable.set(
    "127.0.0.1:5999",
    'Get "http://127.0.0.1:5999/v2/": dial tcp 127.0.0.1:5999: connect: connection refused',
  );
  const host = "http://127.0.0.1:3401";
  git.set(`${host}/hello.git`, {
    message: "initial hello",
    hash: "0a378ec694c2cbe5b7f14b35923eb64b13cd2100",
  });
  git.set(`${host}/slow.git`, { message: "initial slow", hash: "190bd0f54e8c30475d983131b8ce914467b35c85" });
  git.set(`${host}/bad.git`, {
    message: "failing build",
    hash: "9a007bafbadbf80ddb1b7a60edbfaefea78d4bb1",
    buildError: "The command '/bin/sh -c echo this build fails; exit 7' returned a non-zero code: 7",
  });
}

function isEmulated({ path, response, status }: Exchange): boolean {
  const name = pathName(path);
  if (name in endpoints || name === "health" || name === "trpc/settings.health") return true;
  // No server knows these.
  return status === 401 || (response as { message?: string } | null)?.message === "Not found";
}

function pathName(path: string): string {
  return path.replace(/^\/api\//, "").replace(/\?.*/, "");
}

function requestOf(exchange: Exchange, comparison: Comparison, apiKey: string, limitedKey: string): Request {
  const { name, method, request } = exchange;
  const headers: Record<string, string> = { "x-api-key": apiKey };
  if (name.endsWith("no-key") || name === "bearer" || name === "authorization-raw")
    delete headers["x-api-key"];
  if (name === "bearer") headers["authorization"] = `Bearer ${apiKey}`;
  if (name === "authorization-raw") headers["authorization"] = apiKey;
  if (name === "bad-key") headers["x-api-key"] = "not-a-key";
  if (name.startsWith("ratelimit-") || name === "deleted-key") headers["x-api-key"] = limitedKey;
  if (method === "GET")
    return { method, path: translatedPath(exchange.path, comparison), headers, body: undefined };
  if (name !== "missing-content-type") headers["content-type"] = "application/json";
  if (name === "form-content-type") headers["content-type"] = "application/x-www-form-urlencoded";
  const body = typeof request === "string" ? request : JSON.stringify(comparison.translate(whole(request)));
  return { method, path: exchange.path, headers, body };
}

function translatedPath(path: string, comparison: Comparison): string {
  const [name = "", query] = path.split("?");
  if (query === undefined) return name;
  const translated = new URLSearchParams();
  for (const [key, value] of new URLSearchParams(query))
    translated.set(key, String(comparison.translate(value)));
  return `${name}?${translated}`;
}

/**
 * Long texts are recorded as their beginning and their length, and private keys without what is in them: any text in its
 * form stands for that, in requests and in answers.
 */
function whole(value: unknown): unknown {
  if (typeof value === "string") {
    const match = /^(.*)\.\.\.\((\d+) characters\)$/s.exec(value);
    return match
      ? (match[1] ?? "").padEnd(Number(match[2]), "x")
      : value.replace("PRIVATE KEY-----\n(removed)\n", `PRIVATE KEY-----\n${keyText}\n`);
  }
  if (Array.isArray(value)) return value.map(whole);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, whole(item)]));
}

function compareAnswer(comparison: Comparison, exchange: Exchange, answer: Answer): string[] {
  const { n, name, status, bodyKind, response } = exchange;
  const at = `#${n} ${name} ${pathName(exchange.path)}`;
  if (answer.status !== status)
    return [
      `${at}: status ${status} recorded, ${answer.status} answered: ${JSON.stringify(answer.body).slice(0, 300)}`,
    ];
  if (answer.bodyKind !== bodyKind) return [`${at}: body ${bodyKind} recorded, ${answer.bodyKind} answered`];
  const ignored = new Set([
    ...emptyLists,
    ...serials,
    ...(pathName(exchange.path) === "user.get" ? personal : []),
  ]);
  return comparison.differences(whole(response), answer.body, ignored).map((line) => `${at}${line}`);
}

async function compareTimeline(
  server: Dokploy,
  comparison: Comparison,
  timeline: Timeline,
): Promise<string[]> {
  const recorded = timeline.deployments ?? [];
  const service = recorded[0];
  if (!service) return [];
  const [endpoint, key] =
    service["applicationId"] === null
      ? ["deployment.allByCompose", "composeId"]
      : ["deployment.all", "applicationId"];
  const id = String(comparison.translate(service[key]));
  const { body } = await server.get(endpoint, { [key]: id });
  const records = (body as unknown[]).slice(0, recorded.length);
  const at = `#${timeline.n} ${timeline.name} `;
  const found = comparison.differences(recorded, records, new Set()).map((line) => at + line);
  if (timeline.applicationStatus !== undefined) {
    const one = await server.get("application.one", { applicationId: id });
    const { applicationStatus } = one.body as { applicationStatus: string };
    if (applicationStatus !== timeline.applicationStatus)
      found.push(`${at}status ${timeline.applicationStatus} recorded, ${applicationStatus} answered`);
  }
  return found;
}
