import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type ClientOptions, DokployClient } from "../../../provider/dokploy/client";
import type { Settings } from "../../../provider/dokploy/settings/connection";

export const API_KEY = "canaryKeyAbCdEf0123456789";

export interface SeenRequest {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What a test server does with a request: `json` and the like answer; `cut` ends the connection. */
export type Handler = (request: SeenRequest, response: ServerResponse, count: number) => void | Promise<void>;

/** An HTTP server on a free port that records what it got. */
export class TestServer {
  readonly seen: SeenRequest[] = [];
  maxOpenSockets = 0;
  openedSockets = 0;
  readonly #sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  static async start(handler: Handler): Promise<TestServer> {
    const http = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const seen = {
          method: request.method ?? "",
          url: request.url ?? "",
          headers: request.headers,
          body: Buffer.concat(chunks).toString(),
        };
        self.seen.push(seen);
        void handler(seen, response, self.seen.length);
      });
    });
    const self = new TestServer(http);
    http.on("connection", (socket) => {
      self.#sockets.add(socket);
      self.openedSockets++;
      self.maxOpenSockets = Math.max(self.maxOpenSockets, self.#sockets.size);
      socket.once("close", () => self.#sockets.delete(socket));
    });
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
    return self;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Without the reads of the version that come before a change. */
  get calls(): SeenRequest[] {
    return this.seen.filter((request) => !request.url.endsWith("settings.getDokployVersion"));
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) {
      socket.destroy();
    }
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }
}

export function json(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(value === undefined ? "" : JSON.stringify(value));
}

/** Dokploy's error body. */
export function failure(
  message: string,
  code: string,
  httpStatus: number,
  path?: string,
  zodError: unknown = null,
): object {
  return { message, code, data: { code, httpStatus, ...(path === undefined ? {} : { path }), zodError } };
}

/** Answers the version; everything else goes to `handler`, with a count of its own. */
export function afterVersion(handler: Handler, version: unknown = "v0.30.2"): Handler {
  let count = 0;
  return (request, response) => {
    if (request.url.endsWith("settings.getDokployVersion")) {
      return json(response, 200, version);
    }
    return handler(request, response, ++count);
  };
}

export function cut(response: ServerResponse): void {
  response.socket?.destroy();
}

/** Servers and clients of a test, and their end. */
export class Fixture {
  readonly #ends: (() => void | Promise<void>)[] = [];
  /** Waits between tries, which no test sits through. */
  readonly sleeps: number[] = [];

  async server(handler: Handler): Promise<TestServer> {
    const server = await TestServer.start(handler);
    this.#ends.push(() => server.stop());
    return server;
  }

  client(url: string, options: ClientOptions = {}, settings: Partial<Settings> = {}): DokployClient {
    const client = new DokployClient(
      { url, apiKey: API_KEY, auth: "x-api-key", ...settings },
      {
        sleep: async (ms) => {
          this.sleeps.push(ms);
        },
        random: () => 0,
        ...options,
      },
    );
    this.#ends.push(() => client.close());
    return client;
  }

  async end(): Promise<void> {
    for (const end of this.#ends.reverse()) {
      await end();
    }
  }
}
