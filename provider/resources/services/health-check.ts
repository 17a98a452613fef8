import { z } from "zod";
import type { Problem } from "../../errors";
import { keptIn, nonEmptyText } from "../../schema";
import { portNumber } from "../types/addresses";
import { checkDuration, nanosecondsIn, nanosecondsOf } from "../types/durations";
import { requestPath } from "../types/text-types";

const { field } = keptIn<"application" | "postgres">();

const timing = {
  /** Time between two checks, such as `10s`. Default: that of the image, or else 30 s. */
  interval: checkDuration.optional(),
  /** Time limit for one check, such as `3s`. Default: that of the image, or else 30 s. */
  timeout: checkDuration.optional(),
  /** Number of failures in a row after which a container is unhealthy. Default: that of the image, or else 3. */
  retries: z.number().int().min(1).max(1000).optional(),
  /** Time after the start in which failures do not count, such as `20s`. Default: that of the image, or else none. */
  startPeriod: checkDuration.optional(),
};

const requested = z.strictObject({
  /**
   * Path whose response has a status from 200 to 299, such as `/health`. The request is made inside the container, with
   * the first of these programs that the image has: wget, curl, node, python3, bash. An image without any of them, or
   * without a shell, needs `command` instead.
   */
  path: requestPath,
  /** Port that the program in the container listens on. */
  port: portNumber,
  ...timing,
});

const run = z.strictObject({
  /**
   * Command in the container that ends with exit code 0 when it is healthy: a list of words, such as
   * `["/app", "healthcheck"]`, or a text for the image's shell. Its program must be in the image.
   */
  command: z.union([z.array(nonEmptyText).min(1), nonEmptyText]),
  ...timing,
});

/** Health check in the words of this package. */
type HealthCheck = z.infer<typeof requested> | z.infer<typeof run>;

/** Health check in Docker's words. */
interface DockersCheck {
  readonly Test?: readonly string[];
  readonly Interval?: number;
  readonly Timeout?: number;
  readonly StartPeriod?: number;
  readonly Retries?: number;
}

/** Docker's default time limit for a check, in nanoseconds. */
const DEFAULT_TIMEOUT = 30e9;

/**
 * Shell commands that request the path `$w` of the port `$p`, without a proxy. They end after `$t` seconds themselves,
 * where the image has `timeout`: after the time limit of a check, Docker ends the shell and leaves its program running.
 */
const request = [
  'u="http://127.0.0.1:$p$w"',
  "unset http_proxy HTTP_PROXY all_proxy ALL_PROXY",
  'h() { command -v "$1" >/dev/null 2>&1; }',
  'r=; if h timeout; then r="timeout $t"; fi',
  'if h wget; then $r wget -q -t 1 -O /dev/null "$u"',
  'elif h curl; then $r curl -fsSL -o /dev/null "$u"',
  `elif h node; then $r node -e 'fetch(process.argv[1]).then(r=>process.exit(r.ok?0:1),()=>process.exit(1))' "$u"`,
  `elif h python3; then $r python3 -c 'import sys,urllib.request;urllib.request.urlopen(sys.argv[1])' "$u"`,
  `elif h bash; then $r bash -c '${[
    "exec 3<>/dev/tcp/127.0.0.1/$0",
    'printf "GET %s HTTP/1.0\\r\\nHost: 127.0.0.1:%s\\r\\n\\r\\n" "$1" "$0" >&3',
    "read -r _ s _ <&3",
    "[[ $s = 2?? ]]",
  ].join(" && ")}' $p "$w"`,
  'else echo "The health check needs wget, curl, node, python3 or bash in the image." >&2; false; fi || exit 1',
].join("; ");

const writtenRequest = /^p=(\d+); w='([^']*)'; t=\d+; (.*)$/;

/** Conversions of the durations in Docker's health check. */
export const dockersDurations = nanosecondsIn("Interval", "Timeout", "StartPeriod");

function write(check: HealthCheck): Record<string, unknown> {
  const { interval, timeout, retries, startPeriod } = check;
  // A limit of 0 leaves it to the image, whose limit is not known here.
  const seconds = Math.ceil((nanosecondsOf(timeout ?? 0) || DEFAULT_TIMEOUT) / 1e9);
  const shell = (text: string) => ["CMD-SHELL", text];
  const test =
    "path" in check
      ? shell(`p=${check.port}; w='${check.path}'; t=${seconds}; ${request}`)
      : typeof check.command === "string"
        ? shell(check.command)
        : ["CMD", ...check.command];
  const durations = { Interval: interval, Timeout: timeout, StartPeriod: startPeriod };
  return dockersDurations.write({ Test: test, ...durations, Retries: retries });
}

/** Returns Docker's health check in the words of this package, where the type has them. */
function readAs(type: z.ZodType): (check: DockersCheck) => unknown {
  return (check) => {
    const { Test, Interval, Timeout, StartPeriod, Retries } = dockersDurations.read(check) as DockersCheck;
    const others = { interval: Interval, timeout: Timeout, retries: Retries, startPeriod: StartPeriod };
    const given = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined));
    return testsOf(Test)
      .map((test) => ({ ...test, ...given }))
      .find((found) => type.safeParse(found).success);
  };
}

/** Returns the forms of Docker's test, the simplest first. */
function testsOf([kind, ...words]: readonly string[] = []): object[] {
  if (kind === "CMD") return [{ command: words }];
  const [text, ...more] = words;
  if (kind !== "CMD-SHELL" || text === undefined || more.length > 0) return [];
  const [, port, path, rest] = writtenRequest.exec(text) ?? [];
  return [...(rest === request ? [{ path, port: Number(port) }] : []), { command: text }];
}

/**
 * Returns the input for a health check of the containers.
 *
 * @param apply action that a change of it needs
 */
function inputOf<T extends z.ZodType>(type: T, apply: "reload" | "deploy") {
  return field(type.optional(), {
    column: "healthCheckSwarm",
    apply,
    reset: null,
    write,
    read: readAs(type),
  });
}

/** Health check of an application. */
export const healthCheck = inputOf(z.union([requested, run]), "reload");

/** Health check of a database, most of which know no HTTP. */
export const databaseHealthCheck = inputOf(run, "deploy");

/** Returns the mistake of a health check that is given twice. */
export function healthCheckProblems({
  healthCheck,
  swarm,
}: {
  readonly healthCheck?: unknown;
  readonly swarm?: { readonly healthCheck?: unknown } | undefined;
}): Problem[] {
  if (healthCheck === undefined || swarm?.healthCheck === undefined) return [];
  const reason = "is given, and so is healthCheck, which says the same in other words: remove one of the two";
  return [{ property: "swarm.healthCheck", reason }];
}
