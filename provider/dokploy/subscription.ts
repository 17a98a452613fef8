/** What Dokploy tells over a web socket alone, as its own web page asks for it. */

import type * as WsModule from "ws";

/** A procedure that goes on telling texts, until the socket closes. */
export type Subscribable = "server.setupWithLogs";

/** One that has begun, or may have: where it ended at once nobody knows. */
export interface Subscription {
  /** Whether more may come. */
  readonly isOpen: boolean;
  close(): void;
}

export interface SubscriptionOptions {
  /** Address of the server, as for HTTP. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds until it must have begun. */
  readonly timeoutMs: number;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Proxies close what has been still for a minute. */
const PING_MS = 20_000;
const MAX_MESSAGE_BYTES = 4_000_000;

/** Ids of what is sent. */
const PROBE = 1;
const SUBSCRIBE = 2;

/** What tRPC sends of one of them. */
interface Message {
  readonly id?: unknown;
  readonly result?: { readonly type?: unknown; readonly data?: { readonly json?: unknown } };
  readonly error?: unknown;
}

/**
 * Subscribes to a procedure that does something, once a harmless query over the same socket has shown that it is Dokploy's and
 * takes the key: what lies between may take the socket and pass nothing on, and Dokploy closes one with a bad key without a
 * word.
 *
 * @param hear gets each piece of text as it comes: not always a line
 * @returns undefined when it has certainly not begun, whatever the reason
 */
export function subscribe(
  procedure: Subscribable,
  input: object,
  { url, headers, timeoutMs, signal }: SubscriptionOptions,
  hear: (piece: string) => void,
): Promise<Subscription | undefined> {
  const { WebSocket } = require("ws") as typeof WsModule;
  return new Promise((resolve) => {
    const socket = new WebSocket(`${url.replace(/^http/, "ws")}/drawer-logs`, {
      headers,
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
    });
    let isSent = false;
    const subscription: Subscription = {
      get isOpen() {
        return socket.readyState === WebSocket.OPEN;
      },
      close: () => socket.terminate(),
    };
    const send = (id: number, method: string, path: string, json: object) =>
      socket.send(JSON.stringify({ id, method, params: { path, input: { json } } }));
    const refuse = () => {
      resolve(undefined);
      socket.terminate();
    };
    const settle = () => (isSent ? resolve(subscription) : refuse());
    const timer = setTimeout(settle, timeoutMs);
    const pings = setInterval(() => subscription.isOpen && socket.ping(), PING_MS);
    const abort = () => socket.terminate();
    signal.addEventListener("abort", abort);
    // The reason may hold the address of a proxy or worse; `close` comes after it.
    socket.on("error", () => {});
    socket.on("close", () => {
      clearTimeout(timer);
      clearInterval(pings);
      signal.removeEventListener("abort", abort);
      settle();
    });
    socket.on("open", () => send(PROBE, "query", "settings.getDokployVersion", {}));
    socket.on("message", (data) => {
      const { id, result, error } = readMessage(String(data));
      if (error !== undefined && (!isSent || id === SUBSCRIBE)) return refuse();
      if (id === PROBE && result !== undefined && !isSent) {
        isSent = true;
        send(SUBSCRIBE, "subscription", procedure, input);
      }
      if (id !== SUBSCRIBE || result === undefined) return;
      clearTimeout(timer);
      settle();
      const piece = result.type === "data" ? result.data?.json : undefined;
      if (typeof piece === "string") hear(piece);
    });
  });
}

function readMessage(text: string): Message {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Message) : {};
  } catch {
    return {};
  }
}
