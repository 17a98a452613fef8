/** Parts of one HTTP request, and the detection of whether it was sent. */

import {
  type ClientRequest,
  type Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from "node:http";
import { request as httpsRequest, type RequestOptions } from "node:https";
import type { Socket } from "node:net";
import type { AxiosStatic } from "axios";
import { isLoopback } from "./settings/address";

/** Loads axios at the first call: it takes tens of milliseconds, and many runs make no call. */
export function axios(): AxiosStatic {
  return require("axios") as AxiosStatic;
}

let cachedUserAgent: string | undefined;

export function userAgent(): string {
  cachedUserAgent ??= `pulumi-dokploy/${(require("pulumi-dokploy/package.json") as { version: string }).version}`;
  return cachedUserAgent;
}

/**
 * Node's own transport, which notes when the connection is established (including TLS). Before that, no part of
 * the request was sent, regardless of the error code.
 */
export function watchingTransport(connection: { up: boolean }, signal: AbortSignal) {
  return {
    request(options: RequestOptions, onResponse: (response: IncomingMessage) => void): ClientRequest {
      const send = options.protocol === "https:" ? httpsRequest : httpRequest;
      const request = send({ ...options, agent: endingTunnels(options.agent, signal) }, onResponse);
      request.once("socket", (socket: Socket & { encrypted?: boolean; secureConnecting?: boolean }) => {
        const markUp = () => {
          connection.up = true;
        };
        if (socket.connecting || socket.secureConnecting === true) {
          socket.once(socket.encrypted === true ? "secureConnect" : "connect", markUp);
        } else {
          markUp();
        }
      });
      return request;
    },
  };
}

/**
 * Returns an agent that closes a tunnel together with its request. For HTTPS through a proxy, axios adds an agent
 * that opens the connection to the proxy. When the request is given up while the proxy says nothing, that
 * agent leaves the connection open forever. It also uses the time after which our idle connections close as a
 * deadline; this agent has no deadline.
 */
function endingTunnels(agent: RequestOptions["agent"], signal: AbortSignal): RequestOptions["agent"] {
  if (typeof agent !== "object" || !("proxy" in agent) || typeof agent.proxy !== "object") {
    return agent;
  }
  return Object.create(agent, {
    proxy: { value: { ...agent.proxy, timeout: undefined, signal } },
    timeout: { value: null },
  }) as HttpAgent;
}

/** Returns the variable from which axios takes the proxy; exceptions in NO_PROXY are not considered. */
export function proxyVariableFor({ protocol, hostname }: URL): string | undefined {
  const name = `${protocol.slice(0, -1)}_proxy`;
  const names = isLoopback(hostname) ? [] : [name, name.toUpperCase(), "all_proxy", "ALL_PROXY"];
  return names.find((variable) => (process.env[variable] ?? "") !== "");
}

/** Returns only the code, never the error itself: it contains the headers with the key, and the body. */
export function faultCode(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code !== "string") {
    return "UNKNOWN";
  }
  if (code === "ERR_BAD_RESPONSE") {
    return String(message).startsWith("maxContentLength") ? "ANSWER_TOO_LARGE" : "ECONNRESET";
  }
  return code;
}

export function header(headers: object, name: string): string | undefined {
  const value = (headers as Record<string, unknown>)[name];
  return typeof value === "string" ? value : undefined;
}

/** Builds a query string: `?a=1&b=x&b=y`; undefined values are left out, lists repeat the name. */
export function queryString(input: object): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(input)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined) {
        query.append(name, String(item));
      }
    }
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

/** Returns the path of a number that JSON cannot represent: it would become null, which Dokploy reads as 0. */
export function nonFiniteField(value: unknown, path = ""): string | undefined {
  if (typeof value === "number") {
    return Number.isFinite(value) ? undefined : path;
  }
  if (typeof value !== "object" || value === null) {
    return undefined;
  }
  for (const [name, item] of Object.entries(value)) {
    const found = nonFiniteField(item, path === "" ? name : `${path}.${name}`);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}
