import {
  type Api,
  DokployClient,
  type Endpoint,
  type Feature,
  type Input,
  type Output,
  policyOf,
  type Settings,
} from "../../../provider/dokploy";

/**
 * Connection that only reads: every request but GET is refused before it is sent. Each response is read once.
 *
 * @example
 * const reader = new Reader(readSettings(sources));
 * const projects = await reader.call("project.all", {});
 * reader.close();
 */
export class Reader implements Api {
  readonly #client: DokployClient;
  readonly #answers = new Map<string, Promise<unknown>>();
  #requests = 0;

  constructor(settings: Settings) {
    this.#client = new DokployClient(settings, {
      onRequest: (method) => {
        if (method !== "GET") throw new Error("The export only reads.");
        this.#requests += 1;
      },
    });
  }

  /** Number of requests so far, all of them GET. */
  get requests(): number {
    return this.#requests;
  }

  async call<E extends Endpoint>(endpoint: E, input: Input<E>): Promise<Output<E>> {
    if (policyOf(endpoint).method !== "GET") throw new Error(`The export does not call ${endpoint}.`);
    const key = `${endpoint} ${JSON.stringify(input)}`;
    const answer = this.#answers.get(key) ?? this.#client.look(endpoint, input);
    this.#answers.set(key, answer);
    return structuredClone((await answer) as Output<E>);
  }

  sign(purpose: string, ...values: readonly unknown[]): string {
    return this.#client.sign(purpose, ...values);
  }

  supports(feature: Feature): Promise<boolean> {
    return this.#client.supports(feature);
  }

  close(): void {
    this.#client.close();
  }
}
