import {
  type Api,
  DokployError,
  dependsOnVersion,
  dialectOf,
  type Endpoint,
  type Input,
  isNotFound,
  type Output,
  SettingsError,
} from "../../provider/dokploy";
import type { EnvDialect } from "../../provider/env";
import { isId, notAnId } from "../../provider/schema";
import {
  addressOf,
  checkSettings,
  connectionOf,
  type ProviderOptions,
  providerOf,
  rememberedBy,
} from "../run";
import { LookupError, noneOfId } from "./error";

interface Answer {
  readonly value: Promise<unknown>;
  isPending: boolean;
}

/**
 * Requests to Dokploy by the lookups of one run. Simultaneous lookups share a response, and names are searched in
 * earlier responses. An object itself is read again, since the program may have changed it in the meantime.
 */
export class Reader implements Api {
  readonly #answers = new Map<string, Answer>();

  /** @param address address of Dokploy, if it is known */
  constructor(
    private readonly api: Api,
    readonly address: string | undefined,
  ) {}

  /** Returns Dokploy's current response. Rejects with a `DokployError`. */
  async call<E extends Endpoint>(endpoint: E, input: Input<E>): Promise<Output<E>> {
    const answer = this.#answers.get(keyOf(endpoint, input));
    return (await (answer?.isPending ? answer : this.#ask(endpoint, input)).value) as Output<E>;
  }

  /** Returns an object as it is now. An error names it by the noun when Dokploy does not have it. */
  async read<E extends Endpoint>(endpoint: E, input: Input<E>, noun: string): Promise<Output<E>> {
    this.#validate(input, noun);
    return await named(noun, input, this.call(endpoint, input));
  }

  /** Returns the first match of `choose` in a response of this run, or else in a new one. */
  async find<E extends Endpoint, T>(
    endpoint: E,
    input: Input<E>,
    noun: string,
    choose: (answer: Output<E>) => T | undefined,
  ): Promise<{ answer: Output<E>; found: T | undefined }> {
    this.#validate(input, noun);
    const key = keyOf(endpoint, input);
    const before = this.#answers.get(key);
    if (before) {
      const answer = (await named(noun, input, before.value)) as Output<E>;
      const found = choose(answer);
      if (found !== undefined) return { answer, found };
    }
    const newer = this.#answers.get(key);
    const asked = newer !== undefined && newer !== before ? newer : this.#ask(endpoint, input);
    const answer = (await named(noun, input, asked.value)) as Output<E>;
    return { answer, found: choose(answer) };
  }

  /** Returns the rules for variables of a compose service. It asks for the server's version only if that matters. */
  async rulesOf({ composeType, env }: { composeType: string; env: string | null }): Promise<EnvDialect> {
    if (composeType === "stack") return "stack";
    return dependsOnVersion(env) ? (await dialectOf(this.api))("compose") : "compose";
  }

  /** @throws LookupError for text that cannot be an id; it is neither sent nor repeated */
  #validate(input: object, noun: string): void {
    const wrong = Object.entries(input).find(([, id]) => typeof id !== "string" || !isId(id));
    if (wrong === undefined) return;
    throw new LookupError(
      `${wrong[0]} ${notAnId}. It is in the URL of the ${noun}'s page in Dokploy. To use a name, give name and project.`,
    );
  }

  #ask<E extends Endpoint>(endpoint: E, input: Input<E>): Answer {
    const key = keyOf(endpoint, input);
    const answer: Answer = { value: this.api.call(endpoint, input), isPending: true };
    this.#answers.set(key, answer);
    answer.value.then(
      () => {
        answer.isPending = false;
      },
      () => {
        if (this.#answers.get(key) === answer) this.#answers.delete(key);
      },
    );
    return answer;
  }
}

function keyOf(endpoint: Endpoint, input: object): string {
  return `${endpoint} ${JSON.stringify(input)}`;
}

/** @throws LookupError when Dokploy has no object with the id */
async function named<T>(noun: string, input: object, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw noneOfId(noun, Object.values(input)[0]);
  }
}

const readerOf = rememberedBy((): { reader?: Reader } => ({}));

/**
 * Runs a lookup.
 *
 * @param caller the name of the function, for the message
 * @param options options that name the server
 * @returns undefined while a preview does not know the server
 * @throws LookupError for everything that a person can correct: settings, the network, permissions, names
 */
export async function lookUp<T>(
  caller: string,
  options: ProviderOptions | undefined,
  work: (reader: Reader) => Promise<T>,
): Promise<T | undefined> {
  try {
    const provider = providerOf(options);
    const api = await connectionOf(options);
    if (provider === undefined) checkSettings();
    if (api === undefined) return undefined;
    const known = readerOf(api);
    known.reader ??= new Reader(api, addressOf(options));
    return await work(known.reader);
  } catch (error) {
    const isExpected =
      error instanceof LookupError || error instanceof DokployError || error instanceof SettingsError;
    throw isExpected ? new LookupError(`${caller}: ${error.message}`) : error;
  }
}
