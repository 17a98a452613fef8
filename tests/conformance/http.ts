/** An answer as it arrived. */
export interface Answer {
  readonly status: number;
  readonly contentType: string | null;
  /** `json`, `text` or `empty`, as the recordings name it. */
  readonly bodyKind: string;
  readonly body: unknown;
}

export interface Request {
  readonly method: string;
  /** Path and query, beginning with `/`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Sends a request as it is: the body gets no content type but the given one. */
export async function send(baseUrl: string, request: Request): Promise<Answer> {
  const response = await fetch(baseUrl + request.path, {
    method: request.method,
    headers: request.headers,
    ...(request.body === undefined ? {} : { body: new TextEncoder().encode(request.body) }),
  });
  const text = await response.text();
  const contentType = response.headers.get("content-type");
  if (text === "") return { status: response.status, contentType, bodyKind: "empty", body: "" };
  try {
    return { status: response.status, contentType, bodyKind: "json", body: JSON.parse(text) };
  } catch {
    return { status: response.status, contentType, bodyKind: "text", body: text };
  }
}

/** A server under test. */
export class Dokploy {
  constructor(
    readonly url: string,
    readonly apiKey: string,
  ) {}

  get(endpoint: string, input: Record<string, unknown> = {}): Promise<Answer> {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(input)) query.set(name, String(value));
    const path = `/api/${endpoint}${query.size > 0 ? `?${query}` : ""}`;
    return send(this.url, { method: "GET", path, headers: { "x-api-key": this.apiKey }, body: undefined });
  }

  post(endpoint: string, input: unknown): Promise<Answer> {
    const headers = { "x-api-key": this.apiKey, "content-type": "application/json" };
    return send(this.url, { method: "POST", path: `/api/${endpoint}`, headers, body: JSON.stringify(input) });
  }

  /** Waits until no job waits or runs. */
  async idle(timeoutMs = 120_000): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const { body } = await this.get("deployment.queueList");
      if (Array.isArray(body) && body.length === 0) return;
      if (Date.now() > deadline) throw new Error("The queue did not run empty.");
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
}
