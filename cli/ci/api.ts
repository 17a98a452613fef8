import { isThisMachine, visible } from "../../packages/text";
import { UserError } from "../../provider/errors";
import { UsageError } from "../terminal";

/** Time that a host has for one response. */
const deadlineMs = 30_000;
const perPage = 100;
/** More pages than any project has; a host that always sends another one is left. */
const maxPages = 1_000;

/** The API of a host of CI. The token goes to its address alone, in a header. */
export class HostApi {
  readonly #base: string;

  /**
   * @param name name of the host in messages
   * @param base address of the API
   * @param headers with the token
   */
  constructor(
    private readonly name: string,
    base: string,
    private readonly headers: Readonly<Record<string, string>>,
  ) {
    const url = URL.canParse(base) ? new URL(base) : undefined;
    if (url?.protocol !== "https:" && !(url?.protocol === "http:" && isThisMachine(url.hostname)))
      throw new UsageError(`The address of ${name}'s API is not an https address: ${visible(base)}.`);
    this.#base = base.replace(/(?<!\/)\/+$/, "");
  }

  /**
   * Sends one request, and returns the response.
   *
   * @param purpose words for messages: `write a comment`
   */
  async call(purpose: string, method: string, path: string, body?: object): Promise<unknown> {
    let response: Response;
    try {
      response = await fetch(`${this.#base}/${path}`, {
        method,
        headers: { ...this.headers, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        // Another address must not get the token.
        redirect: "error",
        signal: AbortSignal.timeout(deadlineMs),
      });
    } catch {
      throw new UserError(
        `${this.name} did not respond, so the job could not ${purpose}. Run the job again.`,
      );
    }
    if (!response.ok) throw new UserError(this.#refusal(purpose, response.status));
    const text = await response.text();
    try {
      return text === "" ? undefined : JSON.parse(text);
    } catch {
      throw new UserError(
        `${this.name} responded with text other than JSON, so the job could not ${purpose}.`,
      );
    }
  }

  /** Reads all pages of a list. */
  async list(purpose: string, path: string): Promise<Readonly<Record<string, unknown>>[]> {
    const rows: Readonly<Record<string, unknown>>[] = [];
    for (let page = 1; page <= maxPages; page++) {
      const query = `${path.includes("?") ? "&" : "?"}per_page=${perPage}&page=${page}`;
      const response = await this.call(purpose, "GET", path + query);
      if (!Array.isArray(response))
        throw new UserError(
          `${this.name} responded with something other than a list, so the job could not ${purpose}.`,
        );
      rows.push(...(response as Readonly<Record<string, unknown>>[]));
      if (response.length < perPage) return rows;
    }
    throw new UserError(
      `${this.name} has more than ${perPage * maxPages} rows, so the job could not ${purpose}.`,
    );
  }

  #refusal(purpose: string, status: number): string {
    const advice: Readonly<Record<number, string>> = {
      401: "the token is wrong or has expired",
      403: "the token lacks the permission",
      404: "it does not exist, or the token may not see it",
      422: "the host refuses a value",
    };
    return `The job could not ${purpose}: ${this.name} responded with ${status}${advice[status] === undefined ? "" : ` (${advice[status]})`}.`;
  }
}

/** Returns a setting that the host gives each job. */
export function given(env: NodeJS.ProcessEnv, name: string): string {
  const { [name]: value = "" } = env;
  if (value === "") throw new UsageError(`${name} is not set, which each job of this host has.`);
  return value;
}

/** Returns the first of these variables that holds a token. */
export function tokenOf(env: NodeJS.ProcessEnv, ...names: readonly string[]): string {
  for (const name of names) if (env[name]) return env[name];
  throw new UsageError(`There is no token: set ${names.join(" or ")} in the environment of the job.`);
}
