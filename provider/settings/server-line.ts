const start = "Dokploy: this plan is of ";
const longest = 300;

/** Before the name that the program gives a provider. */
const by = ", through the provider ";
const notYet = "a server that only the update will know";
/** After it, where nothing could be asked. */
const silent =
  ". Nothing was asked of it: what is there already, and what refers to it, the update will tell";
const longestBy = 300;

/**
 * The line by which a plan names its server, since the address decides where key and variables go.
 *
 * @param base an address as `parseAddress` gives it; undefined while nobody knows it
 * @param through the name of the provider that the program made for it, and whether the plan could ask it nothing
 */
export function serverLine(
  base: string | undefined,
  through?: { readonly provider: string; readonly isSilent: boolean },
): string {
  const name = base?.startsWith("https://") ? base.slice("https://".length) : (base ?? notYet);
  const line = start + (name.length > longest ? `${name.slice(0, longest)}…` : name);
  if (through === undefined) return line;
  return line + by + JSON.stringify(through.provider.slice(0, 100)) + (through.isSilent ? silent : "");
}

/** The server that such a line names: `dokploy.example.com`; undefined when it is another message. */
export function serverIn(message: string): string | undefined {
  if (!message.startsWith(start)) return undefined;
  const [name = "", ...rest] = message.slice(start.length).split(by);
  if (name.length > longest + 1 || rest.join(by).length > longestBy) return undefined;
  if (name === notYet) return "not known yet";
  return /^\S+$/.test(name) ? name : undefined;
}
