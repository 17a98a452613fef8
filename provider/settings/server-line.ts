const start = "Dokploy: this plan is of ";
const longest = 300;

/**
 * The line by which a plan names its server, since the address decides where key and variables go.
 *
 * @param base an address as `parseAddress` gives it
 */
export function serverLine(base: string): string {
  const name = base.startsWith("https://") ? base.slice("https://".length) : base;
  return start + (name.length > longest ? `${name.slice(0, longest)}…` : name);
}

/** The server that such a line names: `dokploy.example.com`; undefined when it is another message. */
export function serverIn(message: string): string | undefined {
  if (!message.startsWith(start) || message.length > start.length + longest + 1) return undefined;
  const name = message.slice(start.length);
  return /^\S+$/.test(name) ? name : undefined;
}
