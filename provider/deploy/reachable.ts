import type { ClientRequest, IncomingMessage } from "node:http";
import { UserError } from "../errors";
import type { Timers } from "./pace";
import { Wait } from "./wait";

/** Address to check, and for how long. */
export interface Reach {
  readonly host: string;
  readonly path: string;
  readonly https: boolean;
  /** Host and port to connect to instead of those that the host name resolves to. */
  readonly address: string | undefined;
  /** True when callers have to trust the certificate. */
  readonly trusted: boolean;
  /** Port on which the container should listen, for the message. */
  readonly port: number;
  readonly timeoutSeconds: number;
}

const LOOK_MS = 1_000;
/** Limit for one request. */
const ANSWER_MS = 10_000;
/** Traefik's own responses are shorter. */
const MAX_BODY = 512;
/** Traefik's own responses when it has no route, or cannot reach the service. */
const UNREACHED: Readonly<Record<number, RegExp>> = {
  404: /^404 page not found\s*$/,
  502: /^Bad Gateway\s*$/,
  503: /^(?:no available server|Service Unavailable)\s*$/,
  504: /^Gateway Timeout\s*$/,
};

/** Reason why a request did not reach the service, and the remedy. */
interface Miss {
  readonly what: string;
  readonly advice: string;
}

/**
 * Waits until the host responds through Traefik, with a response that is not Traefik's own.
 *
 * @throws UserError about the label when the time is up, with the result of the last request
 */
export async function waitUntilReached(
  reach: Reach,
  label: string,
  { progress, timers }: { readonly progress: (line: string) => void; readonly timers?: Timers },
): Promise<void> {
  const wait = new Wait(reach.timeoutSeconds, progress, timers);
  for (;;) {
    const miss = await look(reach);
    if (miss === undefined) return;
    if (wait.isOver) {
      throw new UserError(
        `${label} does not answer after ${wait.elapsed()}: ${miss.what}. Its settings are saved. ${miss.advice}, and run the ` +
          "update again, which only checks once more.",
      );
    }
    wait.report(`${label}: does not answer yet (${miss.what})`);
    await wait.sleep(Math.min(LOOK_MS, Math.max(wait.remaining, 1)));
  }
}

/** Makes one request; undefined when it reached the service. */
async function look(reach: Reach): Promise<Miss | undefined> {
  try {
    const { status, body } = await answerOf(reach);
    if (UNREACHED[status]?.test(body) !== true) return undefined;
    return status === 404
      ? {
          what: "Traefik has no route for it (404)",
          advice: "Check that the domain is enabled and its service deployed, look at Traefik's log",
        }
      : {
          what: `Traefik reaches nothing behind it (${status})`,
          advice: `Check that the container runs and listens on port ${reach.port} of all its addresses`,
        };
  } catch (error) {
    return missOf(reach, error as NodeJS.ErrnoException);
  }
}

function missOf({ host, address, https }: Reach, { code = "", message }: NodeJS.ErrnoException): Miss {
  const where = address ?? host;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return {
      what: `no address is known for ${where}`,
      advice: "Point the name to the server in DNS, or give reachable.address",
    };
  }
  if (/CERT|SELF_SIGNED|SIGNATURE|ERR_TLS/.test(code)) {
    return {
      what: `its certificate is not trusted (${code})`,
      advice:
        "Let's Encrypt needs port 80 of the server open to everybody: check that, look at its response in Traefik's log",
    };
  }
  if (code === "ECONNREFUSED" || code === "ETIMEDOUT" || code === "EHOSTUNREACH" || code === "ENETUNREACH") {
    return {
      what: `nothing accepts connections at ${where}${/:\d+$/.test(where) ? "" : `:${https ? 443 : 80}`} (${code})`,
      advice: "Check that Traefik runs and that this machine can reach that port",
    };
  }
  return { what: code === "" ? message : code, advice: "Look at Traefik's log" };
}

function answerOf(reach: Reach): Promise<{ status: number; body: string }> {
  const { host, path, https, address = host, trusted } = reach;
  const at = /^(.*?)(?::(\d+))?$/.exec(address);
  const options = {
    host: at?.[1] ?? address,
    ...(at?.[2] === undefined ? {} : { port: Number(at[2]) }),
    path,
    // The host itself: Traefik routes by it.
    headers: { host, "user-agent": "pulumi-dokploy", connection: "close" },
    agent: false,
    timeout: ANSWER_MS,
  } as const;
  return new Promise((resolve, reject) => {
    const received = (response: IncomingMessage) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        if (body.length < MAX_BODY) body += part;
        else response.destroy();
      });
      response.once("close", () => resolve({ status: response.statusCode ?? 0, body }));
      response.once("error", reject);
    };
    const request: ClientRequest = https
      ? (require("node:https") as typeof import("node:https")).get(
          { ...options, servername: host, rejectUnauthorized: trusted },
          received,
        )
      : (require("node:http") as typeof import("node:http")).get(options, received);
    request.once("timeout", () =>
      request.destroy(Object.assign(new Error("no answer"), { code: "ETIMEDOUT" })),
    );
    request.once("error", reject);
  });
}
