import { inputOf, parseAddress, shownServer } from "../../provider/dokploy";
import { parseUrn } from "../../provider/pulumi";
import { named, own, type Phrase, phrase, written } from "./phrase";
import type { State, Step } from "./preview";

/** Server that a resource goes to, as its provider in the program names it. */
export interface Server {
  /** Name of the provider in the program. */
  readonly provider: string;
  /** `eu.acme.dev`; undefined where the plan does not show it. */
  readonly address: string | undefined;
  /** URN of the provider: below other components, there may be others of its name. */
  readonly urn: string;
}

/** Returns a function that finds the server of a resource; undefined for that of the stack's settings. */
export function serversIn(steps: readonly Step[]): (state: State | undefined) => Server | undefined {
  const addresses = new Map(
    steps.map(({ urn, oldState, newState }) => [urn, addressIn(newState ?? oldState)]),
  );
  return (state) => {
    const [, urn = ""] = /^(.*)::[^:]*$/s.exec(state?.provider ?? "") ?? [];
    const provider = parseUrn(urn)?.name;
    // The engine creates default providers itself, and shows no step of them.
    if (provider === undefined || (!addresses.has(urn) && /^default(?:_|$)/.test(provider))) return undefined;
    return { provider, address: addresses.get(urn), urn };
  };
}

function addressIn(state: State | undefined): string | undefined {
  const url = state?.inputs[inputOf("url")];
  return typeof url === "string" ? shownServer(parseAddress(url).base) : undefined;
}

/**
 * Returns a server in words; undefined is that of the stack's settings.
 *
 * @param most length after which its names are cut
 */
export function serverWords(server: Server | undefined, most = Number.POSITIVE_INFINITY): Phrase {
  if (server === undefined) return own("the server of the stack's settings");
  const { provider, address } = server;
  const where = address === undefined ? own("a server") : named(address, most);
  return phrase`${where} through the provider ${named(provider, most)}`;
}

/** Returns a server in words, with its names as `name` writes them. */
export function writtenServer(server: Server | undefined, name: (text: string) => string): string {
  const same = (text: string) => text;
  return written(serverWords(server), { own: same, strong: same, emphasis: same, code: name, outside: name });
}
