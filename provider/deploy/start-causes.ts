/** Causes that keep a container from its start, in Docker's words: in the log of a deployment, or in the error of a task. */

/** Cause of a failed deployment, and the remedy. */
export interface Cause {
  /** Ends the sentence `Deployment … failed: `. */
  readonly reason: string;
  /** Remedy, as a sentence. */
  readonly hint: string;
}

/** Page about a network without free addresses. */
export const fullNetworkPage =
  "https://github.com/pulumi-dokploy/pulumi-dokploy/blob/main/docs/operations/troubleshooting.md#a-network-without-free-addresses";

/** Remedy for such a network, as sentences. */
export const fullNetworkHint =
  "A network that it joins is full, usually dokploy-network, which by default has 254 addresses: one for each container, and one " +
  `for each service of the Swarm. Remove services that nobody uses, or make the network larger (${fullNetworkPage}).`;

const PORT_TAKEN = /\bport is already allocated\b|\baddress already in use\b|port '\d+' is already in use/i;
/** Beginning of Docker's message; the end, with the reason, may be cut off. */
const PORT_FAILED = /\bdriver failed programming external connectivity\b/i;
/** Words of Swarm for a task, and of Docker for a container of a compose service. */
const NO_ADDRESS =
  /\bip addresses may be exhausted\b|\bcould not find an available IP\b|\bno available (?:ipv?4? )?addresses\b/i;

/** Matches a text that {@link startCause} explains. */
export const startFailed = new RegExp(
  [NO_ADDRESS, PORT_TAKEN, PORT_FAILED].map(({ source }) => source).join("|"),
  "i",
);

/** Explains why a container could not be started; undefined for any other failure. */
export function startCause(text: string): Cause | undefined {
  if (NO_ADDRESS.test(text))
    return { reason: "a network that it joins has no free address", hint: fullNetworkHint };
  return startFailed.test(text) ? causeOfPort(text) : undefined;
}

function causeOfPort(text: string): Cause {
  const [, port] =
    /\b(?:listen tcp[46]? |Bind for |bind host port(?: for)? )\S{0,60}?:(\d{1,5})(?=[\s:])/.exec(text) ?? [];
  const which = port === undefined ? "a port that it publishes" : `port ${port}, which it publishes,`;
  return {
    reason: PORT_TAKEN.test(text)
      ? `${which} is already in use on the server (address already in use)`
      : `${which} cannot be opened on the server, most likely because something else uses it`,
    hint: "Publish another port, or stop the program that uses it; web traffic needs no published port, only a domain.",
  };
}
