import type { Endpoint } from "./endpoints";
import type { Answer } from "./failure";
import type { Fault } from "./retry";

/** Time that a read waits for simultaneous ones: enough for those of Pulumi, and less than one read takes. */
const GATHER_MS = 20;

/** Longest address that certainly passes all proxies. A read takes about 110 of it. */
const MAX_ADDRESS = 2_000;

/** Path under which Dokploy's own web page reads. */
const PAGES = "trpc/";

interface Waiting {
  readonly endpoint: Endpoint;
  readonly input: object;
  give(value: unknown): void;
}

/**
 * Sends simultaneous reads as one request, as Dokploy's own web page does. The server checks the key once for all of
 * them; the plain API checks it twice for each.
 *
 * No document of Dokploy promises this. So only fully understood responses are returned. Anything else, including the
 * error of one read, gives no result: the caller calls the plain API, whose words then count. After a failed batch no
 * further one is sent: an older server, or a proxy that refuses such addresses, costs a run one request.
 */
export class Batches {
  #waiting: Waiting[] = [];
  #length = 0;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  /** @param send sends a GET request to this path below `/api/` */
  constructor(private readonly send: (path: string) => Promise<Answer | Fault>) {}

  /** Returns the response that the plain API would give; undefined if the plain API must be called. */
  async ask(endpoint: Endpoint, input: object): Promise<unknown> {
    const length = `${endpoint},`.length + encodedInput(0, input).length + 8;
    if (this.#isOver || length > MAX_ADDRESS) return undefined;
    if (this.#length + length > MAX_ADDRESS) this.#flush();
    return await new Promise((resolve) => {
      this.#waiting.push({ endpoint, input, give: resolve });
      this.#length += length;
      this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS);
    });
  }

  #flush(): void {
    clearTimeout(this.#timer);
    const reads = this.#waiting;
    this.#timer = undefined;
    this.#waiting = [];
    this.#length = 0;
    void this.#values(reads).then((values) => {
      reads.forEach(({ give }, index) => {
        give(values[index]);
      });
    });
  }

  async #values(reads: readonly Waiting[]): Promise<readonly unknown[]> {
    if (reads.length < 2 || this.#isOver) return [];
    const result = await this.send(pathOf(reads)).catch(() => undefined);
    const answers = result && "status" in result ? elementsOf(result, reads.length) : undefined;
    if (answers === undefined) {
      this.#isOver ||= !isForNow(result);
      return [];
    }
    return answers.map(valueIn);
  }
}

/** True when the server or the network is only temporarily unavailable, which proves nothing about batches. */
function isForNow(result: Answer | Fault | undefined): boolean {
  if (result === undefined) return false;
  return "status" in result ? result.status === 429 || result.status === 503 : !result.sent;
}

function pathOf(reads: readonly Waiting[]): string {
  const names = reads.map(({ endpoint }) => endpoint).join(",");
  const inputs = reads.map(({ input }, index) => encodedInput(index, input)).join("%2C");
  return `${PAGES}${names}?batch=1&input=%7B${inputs}%7D`;
}

function encodedInput(index: number, input: object): string {
  return encodeURIComponent(`"${index}":${JSON.stringify({ json: input })}`);
}

/** Returns one element for each read, also a failed one; undefined for other responses, or a refused key. */
function elementsOf({ status, body }: Answer, count: number): readonly Fields[] | undefined {
  // With a bad key nothing was read; the plain API reports the reason.
  if (status === 401) return undefined;
  let elements: unknown;
  try {
    elements = JSON.parse(body);
  } catch {
    return undefined;
  }
  const isWhole =
    Array.isArray(elements) &&
    elements.length === count &&
    elements.every((element) => isFields(element) && ("result" in element || "error" in element));
  return isWhole ? (elements as Fields[]) : undefined;
}

/** Returns the value of an element, as the plain API gives it; undefined for an error or an unknown form. */
function valueIn(element: Fields): unknown {
  if ("error" in element || !isFields(element["result"])) return undefined;
  const { data } = element["result"];
  if (!isFields(data) || !("json" in data)) return undefined;
  const { json, meta } = data;
  if (json === null) return undefined;
  return meta === undefined || isOnlyDates(meta) ? json : undefined;
}

/**
 * True when the types listed with the JSON are only dates, which are the same texts in the plain API. Other types
 * (undefined, NaN, sets …) are different there.
 */
function isOnlyDates(meta: unknown): boolean {
  if (!isFields(meta) || Object.keys(meta).some((name) => name !== "values" && name !== "v")) return false;
  const { values } = meta;
  return (
    isFields(values) &&
    Object.values(values).every((type) => Array.isArray(type) && type.length === 1 && type[0] === "Date")
  );
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
