import { inWords, visible } from "../../packages/text";
import { isRecord } from "../../packages/values";
import { type Api, callAny, DokployError, SERVICES, serviceKinds } from "../../provider/dokploy";
import { valuesInRow } from "../../provider/engine";
import { looksSecret } from "../../provider/env";
import { type NamedValue, ProgramSecrets } from "../../provider/lifecycle";
import { isMarked } from "../../provider/pulumi";
import type { Stack, StateResource } from "./stack";

/**
 * The secrets of a stack, which no log of any of its services may show: those of its state, where they can be decrypted, and
 * those of its services on the server. A service may print the secret of another one.
 *
 * @example
 * const secrets = await StackSecrets.of(stack, resources, api);
 * maskSecrets(log, await secrets.renewed());
 */
export class StackSecrets {
  /** Values that the state has in plain text, and those that it marks as secret. */
  readonly #program = new ProgramSecrets();
  /** All secrets so far: containers print former values for as long as they run. */
  readonly #seen = new Set<string>();
  /** Services that the key cannot see. */
  readonly #unseen = new Set<string>();
  /** Reason why the secrets of the state are not known. */
  readonly #unread: string | undefined;

  private constructor(
    private readonly stackName: string,
    private readonly resources: readonly StateResource[],
    private readonly api: Api,
    known: Awaited<ReturnType<Stack["secretTexts"]>>,
  ) {
    this.#unread = "why" in known ? known.why : undefined;
    for (const { inputs } of resources) this.#program.report(inputs, []);
    if ("texts" in known) this.#program.report({ texts: known.texts }, [["texts"]]);
    for (const text of this.#program.all()) this.#seen.add(text);
  }

  static async of(stack: Stack, resources: readonly StateResource[], api: Api): Promise<StackSecrets> {
    return new StackSecrets(stack.name, resources, api, await stack.secretTexts());
  }

  /** Reads the services as they are now, and returns all secrets that they have or had. */
  async renewed(): Promise<ReadonlySet<string>> {
    await Promise.all(
      this.resources.map(async ({ kind: className, name, id }) => {
        const kind = serviceKinds.find((each) => SERVICES[each].kind === className);
        const row = kind && (await this.#read(`${kind}.one`, { [`${kind}Id`]: id }, name));
        if (kind === undefined || row === undefined) return;
        for (const secret of this.#program.among(valuesInRow(kind, row))) this.#seen.add(secret);
      }),
    );
    return this.#seen;
  }

  /** Says which secrets are not known; undefined where all are. */
  get gap(): string | undefined {
    if (this.#unread === undefined || this.#unseen.size === 0) return undefined;
    const names = inWords([...this.#unseen].map(visible), "and");
    return (
      `The key cannot see ${names}, and the secrets of stack ${this.stackName} cannot be read (${this.#unread}): ` +
      `secrets of ${names} are not masked here.`
    );
  }

  async #read(
    endpoint: Parameters<typeof callAny>[1],
    input: object,
    name: string,
  ): Promise<object | undefined> {
    const { api } = this;
    try {
      // Simultaneous reads share a request.
      const row = await callAny({ call: (api.look ?? api.call).bind(api) }, endpoint, input);
      this.#unseen.delete(name);
      return row as object;
    } catch (error) {
      if (!(error instanceof DokployError)) throw error;
      if (error.kind !== "not-found") this.#unseen.add(name);
      return undefined;
    }
  }
}

/** Returns those values of a service that its resource marks as secrets, or that look like one, without decrypting the state. */
export function secretsAmong(
  values: readonly NamedValue[],
  { inputs }: Pick<StateResource, "inputs">,
): string[] {
  const { env } = inputs;
  const isSecret = (name: string) => isMarked(env) || (isRecord(env) && isMarked(env[name]));
  return values.flatMap(([name, value]) => (isSecret(name) || looksSecret(name, value) ? [value] : []));
}
