import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, isIP, type Socket } from "node:net";
import { z } from "zod";
import { DrawerLogs } from "./drawer-logs";
import { asSeenBy, assertAllowed, limitedMember } from "./instance/access";
import { type BatchedRead, batchAnswer, batchOf } from "./instance/batches";
import type { CallRecord } from "./instance/calls";
import type { Clock } from "./instance/clock";
import type { Answer, Endpoint } from "./instance/endpoint";
import { ApiError } from "./instance/errors";
import type { Fault, Faults } from "./instance/faults";
import type { ApiKey, Instance } from "./instance/instance";
import { serviceKinds } from "./instance/services";
import { asAnsweredBy, asReadBy, hasEndpoint, missingInput } from "./instance/versions";
import { endpoints } from "./objects";

export interface ServerOptions {
  readonly instance: Instance;
  readonly clock: Clock;
  readonly faults: Faults;
  readonly authHeader: "x-api-key" | "bearer" | "both";
  readonly calls: CallRecord[];
  readonly denied: ReadonlySet<string>;
  /** True when one request may contain several reads. */
  readonly takesBatches: boolean;
  /** Makes the page of `/` for the query of its address. */
  readonly page: ((query: string) => Promise<string>) | undefined;
  /** Handles `POST /failures`. */
  readonly failures: ((body: unknown) => object) | undefined;
}

const bodyLimit = 1024 * 1024;
const json = "application/json";
const jsonUtf8 = "application/json; charset=utf-8";

const byLowerCaseName = new Map(
  Object.entries(endpoints).map(([name, endpoint]) => [name.toLowerCase(), { name, endpoint }]),
);

/**
 * HTTP side of the emulator: transport, authentication, validation and errors, like Dokploy v0.30.2. Older versions
 * have fewer endpoints and columns.
 */
export class HttpServer {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private readonly drawerLogs: DrawerLogs;
  private batches = 0;
  /** Host that it listens at. */
  private host = "";

  constructor(private readonly options: ServerOptions) {
    this.drawerLogs = new DrawerLogs(options);
    this.server = createServer((request, response) => {
      if (this.isCalledByName(request)) this.serve(request, response).catch(() => response.destroy());
      else send(response, { ...htmlAnswer(otherNamePage), status: 421 }, undefined);
    });
    // An idle connection stays until the client leaves it, so that none is closed just when the next request is sent.
    this.server.keepAliveTimeout = 60_000;
    this.server.on("upgrade", (request, socket, head) => {
      // Dokploy gives no response to any other path.
      if (addressOf(request).pathname !== "/drawer-logs") return;
      if (!this.isCalledByName(request)) return void socket.destroy();
      const key = this.authenticate(request);
      this.drawerLogs.upgrade(request, socket, head, key !== undefined && verify(key));
    });
    this.server.on("connection", (socket) => {
      this.sockets.add(socket);
      socket.once("close", () => this.sockets.delete(socket));
    });
  }

  listen(port: number, host: string): Promise<AddressInfo> {
    this.host = host;
    return new Promise((resolve, reject) => {
      this.server.once("error", reject);
      this.server.listen(port, host, () => {
        this.server.off("error", reject);
        resolve(this.server.address() as AddressInfo);
      });
    });
  }

  /** Stops at once, including open connections. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      for (const socket of this.sockets) socket.destroy();
    });
  }

  /**
   * True for a request by a name that nobody else can give to this machine. A web page may give its own name this address, and
   * a browser would then send its requests here, and show it the responses.
   */
  private isCalledByName({ headers: { host = "" } }: IncomingMessage): boolean {
    const url = `http://${host}`;
    const name = URL.canParse(url) ? new URL(url).hostname.replace(/^\[(.*)\]$/, "$1") : "";
    if (/^(?:localhost|127(?:\.\d+){3}|::1)$/.test(name) || name === this.host) return true;
    const isEveryAddress = this.host === "0.0.0.0" || this.host === "::";
    return isEveryAddress && isIP(name) !== 0;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { clock, faults, calls } = this.options;
    const url = addressOf(request);
    if (this.options.page && request.method === "GET" && url.pathname === "/")
      return send(response, htmlAnswer(await this.options.page(url.search)), undefined);
    const name = url.pathname.startsWith("/api/") ? url.pathname.slice("/api/".length) : url.pathname;
    const isBatch = this.options.takesBatches && request.method === "GET";
    const batch = isBatch ? batchOf(url) : undefined;
    if (batch) return await this.serveBatch(request, response, batch);
    const known = byLowerCaseName.get(name.toLowerCase());
    const body = await readBody(request);
    if (this.options.failures && request.method === "POST" && url.pathname === "/failures")
      return send(response, this.failuresAnswer(request, body), undefined);
    const input = request.method === "GET" ? queryInput(url) : parsedBody(request, body);
    const call: CallRecord = {
      method: request.method ?? "GET",
      endpoint: known?.name ?? name,
      input: input instanceof Error ? undefined : input,
      status: 0,
      at: clock.now(),
    };
    calls.push(call);
    const fault = faults.take(call.endpoint);
    if (fault?.delayMs) await new Promise<void>((resolve) => void clock.after(fault.delayMs ?? 0, resolve));
    if (fault?.cut === "before") return cutConnection(request);

    const replaced = fault && faultAnswer(fault);
    const acts = !replaced || fault?.acted;
    const answer = acts ? this.answer(request, url, known, input, body.length) : undefined;
    if (fault?.cut === "after") return cutConnection(request);
    const sent = replaced ?? answer ?? emptyAnswer;
    call.status = sent.status;
    send(response, sent, fault);
  }

  /**
   * Handles several reads in one request, as the web page sends them. A fault of any applies to the whole request.
   */
  private async serveBatch(
    request: IncomingMessage,
    response: ServerResponse,
    reads: readonly BatchedRead[],
  ): Promise<void> {
    const { clock, faults, calls } = this.options;
    this.batches += 1;
    const records: CallRecord[] = reads.map(({ name, input }) => ({
      ...{ method: "GET", endpoint: name, input, status: 0, at: clock.now(), batch: this.batches },
    }));
    calls.push(...records);
    const fault = reads.map(({ name }) => faults.take(name)).find((found) => found !== undefined);
    if (fault?.delayMs) await new Promise<void>((resolve) => void clock.after(fault.delayMs ?? 0, resolve));
    if (fault?.cut) return cutConnection(request);
    const replaced = fault && faultAnswer(fault);
    if (replaced) {
      for (const record of records) record.status = replaced.status;
      return send(response, replaced, fault);
    }
    const answers = this.answers(request, reads);
    answers.forEach(({ status }, index) => {
      const record = records[index];
      if (record) record.status = status;
    });
    send(response, batchAnswer(answers), fault);
  }

  /** Returns the response of each read. The key is verified once for all of them. */
  private answers(request: IncomingMessage, reads: readonly BatchedRead[]): Answer[] {
    const key = this.authenticate(request);
    const isGood = key !== undefined && verify(key);
    return reads.map(({ name, input }) => {
      const endpoint = Object.hasOwn(endpoints, name) ? endpoints[name] : undefined;
      if (!endpoint || !hasEndpoint(this.options.instance.version, name))
        return errorAnswer(new ApiError("NOT_FOUND", `No procedure found on path "${name}"`), name);
      return isGood
        ? this.procedure(name, endpoint, input, key.userId)
        : errorAnswer(new ApiError("UNAUTHORIZED", "UNAUTHORIZED"), name);
    });
  }

  private failuresAnswer(request: IncomingMessage, body: Buffer): Answer {
    const key = this.authenticate(request);
    const given = parsedBody(request, body);
    if (key?.key !== this.options.instance.keys[0]?.key) return { status: 401, type: undefined, body: "" };
    return given instanceof Error
      ? { status: 400, type: undefined, body: "Invalid JSON" }
      : ok(this.options.failures?.(given));
  }

  private answer(
    request: IncomingMessage,
    url: URL,
    known: { name: string; endpoint: Endpoint } | undefined,
    input: unknown,
    size: number,
  ): Answer {
    const path = url.pathname;
    if (!path.startsWith("/api/")) return { ...htmlAnswer(notFoundPage), status: 404 };
    if (size > bodyLimit) return { status: 413, type: undefined, body: "Body exceeded 1mb limit" };
    if (input instanceof Error) return { status: 400, type: undefined, body: "Invalid JSON" };
    if (!this.options.takesBatches && path.startsWith("/api/trpc/") && url.searchParams.has("batch"))
      return { status: 404, type: "text/html", body: proxyPage };
    if (path === "/api/health") return { status: 200, type: jsonUtf8, body: JSON.stringify({ ok: true }) };
    // Over tRPC the public procedures need no key. Nothing else is served there.
    if (path === "/api/trpc/settings.health") return ok({ result: { data: { json: { status: "ok" } } } });

    const key = this.authenticate(request);
    if (!key || !verify(key))
      return { status: 401, type: jsonUtf8, body: JSON.stringify({ message: "Unauthorized" }) };
    const { instance } = this.options;
    if (!known || known.endpoint.method !== request.method || !hasEndpoint(instance.version, known.name))
      return errorAnswer(new ApiError("NOT_FOUND", "Not found"));
    const { name, endpoint } = known;
    // Dokploy verifies each REST request twice, so a rate limit is used up twice as fast.
    if (!verify(key)) return errorAnswer(new ApiError("UNAUTHORIZED", "UNAUTHORIZED"), name);
    const problem =
      request.method === "POST" ? contentTypeProblem(request.headers["content-type"]) : undefined;
    if (problem) return errorAnswer(problem, name);
    return this.procedure(name, endpoint, input, key.userId);
  }

  private procedure(name: string, endpoint: Endpoint, input: unknown, userId: string): Answer {
    const { instance } = this.options;
    try {
      const given = asReadBy(instance.version, name, isObject(input) ? input : {});
      const parsed = endpoint.input?.safeParse(given);
      if (parsed && !parsed.success) return validationAnswer(parsed.error, name);
      const missing = missingInput(instance.version, name, given);
      if (missing !== undefined) return validationAnswer(required(missing), name);
      if (this.options.denied.has(name)) throw denied(name);
      const member = limitedMember(instance, userId);
      if (member) assertAllowed(instance, member, name, given);
      const result = endpoint.run(instance, (parsed?.data ?? {}) as never, userId);
      instance.audit.record(name, parsed?.data, instance.timestamp());
      return ok(asAnsweredBy(instance.version, member ? asSeenBy(member, name, result) : result));
    } catch (error) {
      const known = error instanceof ApiError;
      const message = error instanceof Error ? error.message : String(error);
      return errorAnswer(known ? error : new ApiError("INTERNAL_SERVER_ERROR", message), name);
    }
  }

  private authenticate(request: IncomingMessage): ApiKey | undefined {
    const { authHeader, instance } = this.options;
    const header = request.headers["x-api-key"];
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
    const given = [
      authHeader === "bearer" ? undefined : header,
      authHeader === "x-api-key" ? undefined : bearer,
    ];
    return instance.keys.find(({ key }) => given.includes(key));
  }
}

/** Verifies a key once. All failures look the same, regardless of the reason. */
function verify(key: ApiKey): boolean {
  if (key.max !== undefined && key.used >= key.max) return false;
  key.used += 1;
  return true;
}

function denied(name: string): ApiError {
  const router = name.split(".")[0] ?? "";
  const message = serviceKinds.some(({ table }) => table === router)
    ? "You don't have access to this service"
    : `unauthorized to access resource "${router}"`;
  if (name === "project.create") return new ApiError("BAD_REQUEST", `Error creating the project: ${message}`);
  if (name === "environment.update")
    return new ApiError("BAD_REQUEST", `Error updating the environment: ${message}`);
  return new ApiError(router === "environment" ? "FORBIDDEN" : "UNAUTHORIZED", message);
}

function contentTypeProblem(given: string | undefined): ApiError | undefined {
  if (!given) return new ApiError("UNSUPPORTED_MEDIA_TYPE", "Missing content-type header");
  return isJson(given)
    ? undefined
    : new ApiError("UNSUPPORTED_MEDIA_TYPE", `Unsupported content-type "${given}`);
}

/** Parses the address, also of a path that `URL` would read as a host, such as `//`. */
function addressOf({ url = "/" }: IncomingMessage): URL {
  return new URL(`http://localhost${url.startsWith("/") ? url : "/"}`);
}

function isJson(contentType: string | undefined): boolean {
  return (contentType ?? "").toLowerCase().startsWith(json);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Converts the query string to an object. Empty values count as missing, repeated keys make an array. */
function queryInput(url: URL): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const name of new Set(url.searchParams.keys())) {
    const values = url.searchParams.getAll(name).filter((value) => value !== "");
    if (values.length > 0) input[name] = values.length === 1 ? values[0] : values;
  }
  return input;
}

function parsedBody(request: IncomingMessage, body: Buffer): unknown {
  if (!isJson(request.headers["content-type"]) || body.length === 0) return {};
  if (body.length > bodyLimit) return {};
  try {
    return JSON.parse(body.toString("utf8"), (_, value: unknown) =>
      typeof value === "string" ? wellFormed(value) : value,
    );
  } catch (error) {
    return error;
  }
}

/** Postgres stores UTF-8: half of a surrogate pair becomes U+FFFD. */
function wellFormed(value: string): string {
  return Buffer.from(value, "utf8").toString("utf8");
}

function ok(value: unknown): Answer {
  return { status: 200, type: json, body: value === undefined ? "" : JSON.stringify(value) };
}

function htmlAnswer(body: string): Answer {
  return { status: 200, type: "text/html; charset=utf-8", body };
}

const emptyAnswer = ok(undefined);

function errorAnswer(error: ApiError, path?: string): Answer {
  const { code, status, message } = error;
  const data = { code, httpStatus: status, ...(path === undefined ? {} : { path }), zodError: null };
  return { status, type: json, body: JSON.stringify({ message, code, data }) };
}

function required(input: string): z.ZodError {
  const message = "Invalid input: expected boolean, received undefined";
  return new z.ZodError([
    { code: "invalid_type", expected: "boolean", path: [input], message, input: undefined },
  ]);
}

function validationAnswer(error: z.ZodError, path: string): Answer {
  const code = "BAD_REQUEST";
  const data = { code, httpStatus: 400, path, zodError: z.flattenError(error) };
  const body = { message: "Input validation failed", code, data, issues: error.issues };
  return { status: 400, type: json, body: JSON.stringify(body) };
}

function faultAnswer(fault: Fault): Answer | undefined {
  if (fault.html)
    return { status: fault.status ?? 502, type: "text/html", body: proxyPage, headers: fault.headers ?? {} };
  if (fault.status === undefined && fault.body === undefined) return undefined;
  const { status = 200, body = { message: "Injected fault" }, headers = {} } = fault;
  return typeof body === "string"
    ? { status, type: "text/plain", body, headers }
    : { status, type: json, body: JSON.stringify(body), headers };
}

function cutConnection(request: IncomingMessage): void {
  request.socket.destroy();
}

function send(response: ServerResponse, answer: Answer, fault: Fault | undefined): void {
  const all = Buffer.from(answer.body);
  const half = all.subarray(0, Math.floor(all.length / 2));
  const body = fault?.halved ? half : all;
  response.writeHead(answer.status, {
    ...(answer.type === undefined ? {} : { "content-type": answer.type }),
    "content-length": body.length,
    ...answer.headers,
  });
  if (!fault?.truncate) {
    response.end(body);
    return;
  }
  response.write(half, () => response.destroy());
}

const notFoundPage =
  "<!DOCTYPE html><html><head><title>404: This page could not be found</title></head></html>\n";
const otherNamePage =
  "<!DOCTYPE html><html><head><title>This emulator has another name</title></head></html>\n";
const proxyPage =
  "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";
