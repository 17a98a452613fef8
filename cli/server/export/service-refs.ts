import { outputsIn, type Piece, serviceUrl } from "./addresses";
import { type Item, nameOf } from "./item";

/** Services with files in one place. */
interface WithServices {
  readonly services: readonly { readonly item: Item }[];
}

/** True where the file of a service says an address by `!ref`: of a database or an application of its repository. */
export function refersIn(
  repositories: readonly WithServices[],
): (item: Item, pieces: readonly Piece[]) => boolean {
  const owners = new Map(
    repositories.flatMap((each) => each.services.map(({ item }) => [item, each] as const)),
  );
  return (item, pieces) => {
    const ref = refTo(pieces);
    const targets = outputsIn(pieces);
    const isInside = targets.every((to) => owners.has(to) && owners.get(to) === owners.get(item));
    // A container of a compose file may be in other networks, and so is a service with settings of its own.
    const isReached = item.kind === "Application" && [item, ...targets].every(isInDokployNetwork);
    return ref !== undefined && isInside && isReached && !Object.hasOwn(Object(item.inputs["env"]), ref);
  };
}

function isInDokployNetwork({ inputs }: Item): boolean {
  return ["serverId", "networkIds", "detachDokployNetwork", "swarm"].every(
    (name) => inputs[name] === undefined,
  );
}

/** Returns what `!ref` says for an address; undefined where it cannot say it. */
export function refTo(pieces: readonly (Piece | { readonly type: "secret" })[]): string | undefined {
  const [first, ...more] = pieces;
  const nameFor = (to: Item) => (/^[\w-]+$/.test(nameOf(to) ?? "") ? nameOf(to) : undefined);
  if (first?.type === "output" && more.length === 0)
    return first.output === "connectionUrl" ? nameFor(first.to) : undefined;
  const url = serviceUrl(pieces);
  const name = url && nameFor(url.to);
  if (url === undefined || name === undefined) return undefined;
  return `${url.scheme === "http" ? "" : `${url.scheme}://`}${name}:${url.port}${url.path}`;
}
