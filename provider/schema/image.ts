/** Patterns for the parts of image names in Docker's grammar. Each is short, so that no part is matched twice. */

const domain = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,253}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/;
const component = /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*$/;
const tagOf = /^\w[\w.-]{0,127}$/;
const digestOf = /^[A-Za-z][A-Za-z0-9+._-]{0,30}:[0-9A-Fa-f]{32,512}$/;
const longest = 1000;

/** Parts of the name of an image. */
export interface ImageName {
  /** The name without tag and digest, as it is written. */
  readonly repository: string;
  /** Registry: `docker.io` unless the name begins with another. */
  readonly host: string;
  /** Path in the registry: `library/postgres` for the `postgres` of Docker Hub. */
  readonly path: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** Parses the name of an image: `postgres`, `ghcr.io/acme/api:1.4.2`, `acme/api@sha256:…`; undefined for other texts. */
export function parseImage(text: string): ImageName | undefined {
  if (text.length > longest) return undefined;
  const [named = "", digest, ...more] = text.split("@");
  if (more.length > 0 || (digest !== undefined && !digestOf.test(digest))) return undefined;
  const colon = named.indexOf(":", named.lastIndexOf("/") + 1);
  const repository = colon === -1 ? named : named.slice(0, colon);
  const tag = colon === -1 ? undefined : named.slice(colon + 1);
  if (tag !== undefined && !tagOf.test(tag)) return undefined;
  const [first = "", ...rest] = repository.split("/");
  const hasDomain = rest.length > 0 && (/[.:]/.test(first) || first === "localhost" || /[A-Z]/.test(first));
  const components = hasDomain ? rest : [first, ...rest];
  if (hasDomain && !domain.test(first)) return undefined;
  if (!components.every((part) => component.test(part))) return undefined;
  const isOfDocker = !hasDomain || first === "docker.io" || first === "index.docker.io";
  const isOfficial = isOfDocker && components.length === 1;
  return {
    repository,
    host: isOfDocker ? "docker.io" : first,
    path: `${isOfficial ? "library/" : ""}${components.join("/")}`,
    tag,
    digest,
  };
}

/** True when a text names an image: `postgres`, `ghcr.io/acme/api:1.4.2`, `acme/api@sha256:…`. */
export function isImage(text: string): boolean {
  return parseImage(text) !== undefined;
}
