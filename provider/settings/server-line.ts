const start = "Dokploy: this plan is for ";
const longest = 300;

/** Text before the name of the provider in the program. */
const by = ", through the provider ";
const notYet = "a server that is known only during the update";
/** Text after it, where nothing could be asked. */
const silent =
  ". The preview could not ask it anything: existing objects and references are checked only by the update";
const longestBy = 300;

/**
 * Returns the line in which a plan names its server, because the address decides where key and variables go.
 *
 * @param base an address as `parseAddress` returns it; undefined while it is unknown
 * @param through the name of the provider that the program created for it, and true if the plan could not ask it
 * anything
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

/** Returns the server that such a line names: `dokploy.example.com`; undefined for another message. */
export function serverIn(message: string): string | undefined {
  if (!message.startsWith(start)) return undefined;
  const [name = "", ...rest] = message.slice(start.length).split(by);
  if (name.length > longest + 1 || rest.join(by).length > longestBy) return undefined;
  if (name === notYet) return "not known yet";
  return /^\S+$/.test(name) ? name : undefined;
}
