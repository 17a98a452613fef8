import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import type { CallRecord } from "./instance/calls";
import type { Clock } from "./instance/clock";
import { ApiError } from "./instance/errors";
import type { Faults } from "./instance/faults";
import type { Instance } from "./instance/instance";
import { beginSetUp, machineOf } from "./objects/server";

export interface DrawerLogsOptions {
  readonly instance: Instance;
  readonly clock: Clock;
  readonly faults: Faults;
  readonly calls: CallRecord[];
  readonly denied: ReadonlySet<string>;
}

/** Message of a client: tRPC over a web socket, with superjson around each value. */
interface Asked {
  readonly id: number;
  readonly method: string;
  readonly params: { readonly path: string; readonly input?: { readonly json?: unknown } };
}

const procedure = "server.setupWithLogs";

/**
 * The web socket `/drawer-logs`, as recorded from a real server: it opens with any key, and silently closes with a
 * bad one. A fault of `/drawer-logs` replaces the response to the request for the socket, a fault of `server.setupWithLogs` the
 * subscription.
 */
export class DrawerLogs {
  private readonly sockets = new WebSocketServer({ noServer: true });

  constructor(private readonly options: DrawerLogsOptions) {}

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, isGood: boolean): void {
    const fault = this.options.faults.take("/drawer-logs");
    if (fault?.cut) {
      socket.destroy();
      return;
    }
    if (fault) {
      socket.end(`HTTP/1.1 ${fault.status ?? 502} Refused\r\nconnection: close\r\n\r\n`);
      return;
    }
    this.sockets.handleUpgrade(request, socket, head, (opened) => {
      if (!isGood) return opened.close();
      opened.on("message", (data) => this.answer(opened, data));
    });
  }

  private answer(socket: WebSocket, data: RawData): void {
    const { id, method, params } = JSON.parse(String(data)) as Asked;
    const { path } = params;
    const send = (reported: object) => socket.send(JSON.stringify({ id, ...reported }));
    const fail = ({ code, status, message }: ApiError) =>
      send({
        error: { json: { message, code: -32004, data: { code, httpStatus: status, path, zodError: null } } },
      });
    if (method === "query" && path === "settings.getDokployVersion") {
      send({ result: { type: "data", data: { json: this.options.instance.version } } });
    } else if (method === "subscription" && path === procedure) {
      this.subscribe(socket, params.input?.json as { serverId: string }, send, fail);
    } else if (method === "subscription") {
      fail(new ApiError("NOT_FOUND", `No "subscription"-procedure on path "${path}"`));
    }
  }

  private subscribe(
    socket: WebSocket,
    input: { serverId: string },
    send: (reported: object) => void,
    fail: (error: ApiError) => void,
  ): void {
    const { instance, clock, faults, calls, denied } = this.options;
    const call: CallRecord = { method: "WS", endpoint: procedure, input, status: 0, at: clock.now() };
    calls.push(call);
    const fault = faults.take(procedure);
    if (fault?.cut === "before") {
      socket.terminate();
      return;
    }
    const refused = fault?.status !== undefined && new ApiError("NOT_FOUND", "Injected fault");
    const isDenied = denied.has(procedure) && new ApiError("UNAUTHORIZED", "UNAUTHORIZED");
    const isMissing =
      !instance.simple("server").has(input.serverId) && new ApiError("NOT_FOUND", "Server not found");
    const error = refused || isDenied || isMissing;
    if (error) {
      fail(error);
      return;
    }
    call.status = 200;
    if (fault?.cut === "after") socket.terminate();
    else send({ result: { type: "started" } });
    let left = machineOf(instance, input.serverId).socketHolds ?? Number.POSITIVE_INFINITY;
    beginSetUp(instance, input.serverId, (text) => {
      if (left === 0) socket.terminate();
      left -= 1;
      if (socket.readyState !== socket.OPEN) throw new Error("Invalid state: Controller is already closed");
      send({ result: { type: "data", data: { json: text } } });
    });
  }
}
