/** Data that Dokploy sends only over a web socket, as its own web page requests it. */

import type * as WsModule from "ws";

/** Procedure that keeps sending texts until the socket closes. */
export type Subscribable = "server.setupWithLogs";

/** Subscription that has begun, or may have begun: this is not known for one that ended at once. */
export interface Subscription {
  /** True when more may come. */
  readonly isOpen: boolean;
  close(): void;
}

export interface SubscriptionOptions {
  /** Address of the server, as for HTTP. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds until it must have begun. */
  readonly timeoutMs: number;
  /** Ends the subscription. */
  readonly signal: AbortSignal;
}

/** Proxies close a connection that was idle for a minute. */
const PING_MS = 20_000;
const MAX_MESSAGE_BYTES = 4_000_000;

/** Ids of the messages that are sent. */
const PROBE = 1;
const SUBSCRIBE = 2;

/** Message of tRPC to one of these ids. */
interface Message {
  readonly id?: unknown;
  readonly result?: { readonly type?: unknown; readonly data?: { readonly json?: unknown } };
  readonly error?: unknown;
}

/**
 * Subscribes to a procedure that does something. Before that, a harmless query over the same socket proves that it
 * is Dokploy's and that the key is accepted. A proxy may accept the socket and pass nothing on, and Dokploy silently
 * closes one with a bad key.
 *
 * @param receive gets each piece of text when it arrives: not always a line
 * @returns undefined when it has certainly not begun, for any reason
 */
export function subscribe(
  procedure: Subscribable,
  input: object,
  { url, headers, timeoutMs, signal }: SubscriptionOptions,
  receive: (piece: string) => void,
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
    // The reason may contain the address of a proxy or worse; `close` follows.
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
      if (typeof piece === "string") receive(piece);
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
