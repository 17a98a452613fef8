import { hostOf, parseAddress } from "./address";
import { isCi } from "./ci";
import { labelOf, type PlaceName, readIn, type Sources } from "./sources";
import { OLD_SETTINGS } from "./table";

/** Address and key that one place gives. */
interface Place {
  readonly name: PlaceName;
  /** Address as given, without spaces around it. */
  readonly url: string | undefined;
  readonly hasKey: boolean;
}

const urlNames: Readonly<Record<Exclude<PlaceName, "provider">, string>> = {
  stack: "dokploy:url in the stack's configuration",
  environment: "DOKPLOY_URL",
};
const keyNames: Readonly<Record<Exclude<PlaceName, "provider">, string>> = {
  stack: "dokploy:apiKey in the stack's configuration",
  environment: "DOKPLOY_API_KEY",
};

/**
 * Checks that a key goes only to its own address. Everybody who can write a pull request can change a stack's file,
 * and the owner of the CI system sets the environment of a job. So an address must not use a key that was given for
 * another one:
 *
 * - a key of the environment goes only to the address of the environment;
 * - `DOKPLOY_URL`, if set, is the only address for each key, except for a key that the program gives together with
 *   its address;
 * - a provider with its own address takes a key of another place only if that place has the same address.
 *
 * A key may go to the address of a later place: whoever sets the environment of a job runs its code.
 *
 * @returns the problem and the solution; hosts are named, keys never
 */
export function keyGoesElsewhere(sources: Sources): string | undefined {
  const places = (["provider", "stack", "environment"] as const).map(
    (name): Place => ({
      name,
      url: readIn(sources, name, "url"),
      hasKey: Boolean(readIn(sources, name, "apiKey")),
    }),
  );
  const address = places.findIndex(({ url }) => url !== undefined);
  const to = places[address];
  const by = places.find(({ hasKey }) => hasKey);
  if (to?.url === undefined) return undefined;
  if (by !== undefined && places.indexOf(by) > address && !isSame(by.url, to.url))
    return refusal(to, by, by, labelOf(sources));
  const pin = places.find(({ name }) => name === "environment");
  const isItsOwn = to.name === "provider" && (by === undefined || by.name === "provider");
  return pin?.url && !isItsOwn && !isSame(pin.url, to.url)
    ? refusal(to, by, pin, labelOf(sources))
    : undefined;
}

/**
 * Warns of a key in the stack's configuration that a job of a CI system uses, because everybody who can read the state
 * can read that key; undefined when the environment has the same one.
 */
export function keyOfStackInCi({ stack, environment }: Sources): string | undefined {
  const [key, own] = [stack("apiKey")?.trim(), environment["DOKPLOY_API_KEY"]?.trim()];
  if (!key || key === own || !isCi(environment)) return undefined;
  return (
    `This run in CI uses the key in dokploy:apiKey of the stack's configuration, ${own ? "not the one in DOKPLOY_API_KEY" : "since DOKPLOY_API_KEY is not set"}. ` +
    "Everybody who can decrypt that configuration or the state can read it. Set DOKPLOY_API_KEY and DOKPLOY_URL in the job, and " +
    "remove the key with `pulumi config rm dokploy:apiKey`."
  );
}

function isSame(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  const { base } = parseAddress(one);
  return base !== undefined && base === parseAddress(other).base;
}

/** Explains that the key does not go to this address: `pin` shows where it may go. */
function refusal(to: Place, by: Place | undefined, pin: Place, provider: string): string {
  if (to.name === "stack" && pin.url) return disagreement(to, pin, by);
  const host = nameOf(to.url, pin.url);
  if (to.name === "provider" && by !== undefined && by.name !== "provider") {
    const its =
      pin.url && pin.name !== "provider"
        ? `goes only to ${nameOf(pin.url, to.url)}, the address in ${urlNames[pin.name]}`
        : "was not given for it";
    return `${provider} has the address ${host} and no apiKey, and the key in ${keyNames[by.name]} ${its}: give ${provider} its own apiKey`;
  }
  return (
    `the key in DOKPLOY_API_KEY is not sent to ${host}, the address in dokploy:url of the stack's configuration, ` +
    "since anybody who changes the stack's file could send it anywhere. A key from the environment goes only to " +
    "the address in DOKPLOY_URL, which is not set. If that is your server, set DOKPLOY_URL to it next to " +
    "DOKPLOY_API_KEY; or, on your own machine, keep the key next to the address, with `pulumi config set --secret " +
    "dokploy:apiKey`"
  );
}

/** Explains that both the stack's configuration and the environment have an address. */
function disagreement(stack: Place, environment: Place, by: Place | undefined): string {
  const [one, other] = [nameOf(stack.url, environment.url), nameOf(environment.url, stack.url)];
  const way =
    by?.name === "environment"
      ? `if ${one} is meant, set DOKPLOY_URL and DOKPLOY_API_KEY for it`
      : `if ${one} is meant, unset DOKPLOY_URL`;
  return (
    `dokploy:url in the stack's configuration is ${one}, and DOKPLOY_URL is ${other}, so nothing is sent to ` +
    `either. If ${other} is meant, remove dokploy:url with \`pulumi config rm dokploy:url\`; ${way}. ` +
    `${OLD_SETTINGS.slice(0, -1)}`
  );
}

/** Returns the host, or the whole address where another one has the same host. */
function nameOf(url: string | undefined, other: string | undefined): string {
  const base = baseOf(url);
  if (base === undefined) return "no address that can be used";
  const otherBase = baseOf(other);
  const isPlain = base.startsWith("https:") && base === new URL(base).origin;
  return isPlain && (otherBase === undefined || hostOf(otherBase) !== hostOf(base)) ? hostOf(base) : base;
}

function baseOf(url: string | undefined): string | undefined {
  return url === undefined ? undefined : parseAddress(url).base;
}
