/** Registries that the emulated Docker pulls from. By default every image exists, with these exceptions. */
export interface ImageRegistry {
  /** Tags, last parts of repositories, or full references that do not exist. */
  readonly missing: Set<string>;
  /** Beginnings of repositories that need a login. */
  readonly denied: Set<string>;
  /** Registry hosts (`docker.io` for Docker Hub) that Docker cannot reach, with the error that it reports. */
  readonly unreachable: Map<string, string>;
  /** Registry hosts that accept only one login, with that login; others accept any. */
  readonly logins: Map<string, { readonly username: string; readonly password: string }>;
}

/** Names of things that do not exist: images, git branches and repositories, Dockerfiles. */
export const missingNames: readonly string[] = ["missing", "nope", "does-not-exist"];

export function newImageRegistry(): ImageRegistry {
  return {
    missing: new Set(missingNames),
    denied: new Set(["private/"]),
    unreachable: new Map(),
    logins: new Map(),
  };
}

export interface ImageReference {
  readonly host: string;
  readonly repository: string;
  readonly tag: string;
}

function parseReference(image: string): ImageReference {
  const first = image.split("/")[0] ?? "";
  const hasHost = image.includes("/") && (/[.:A-Z]/.test(first) || first === "localhost");
  const rest = hasHost ? image.slice(first.length + 1) : image;
  const [name = "", digest] = rest.split("@");
  const colon = name.lastIndexOf(":");
  return {
    host: hasHost ? first : "docker.io",
    repository: colon < 0 ? name : name.slice(0, colon),
    tag: digest ?? (colon < 0 ? "latest" : name.slice(colon + 1)),
  };
}

/** Pulls an image: returns its reference, or the line that Docker writes on failure. */
export function pullImage(
  registry: ImageRegistry,
  image: string,
): ImageReference | { readonly error: string } {
  const reference = parseReference(image);
  const { host, repository, tag } = reference;
  if (/[A-Z]/.test(repository))
    return { error: `invalid reference format: repository name (${repository}) must be lowercase` };
  const unreachable = registry.unreachable.get(host);
  if (unreachable !== undefined) return { error: `Error response from daemon: ${unreachable}` };
  if ([...registry.denied].some((prefix) => repository.startsWith(prefix)))
    return {
      error: `Error response from daemon: pull access denied for ${repository}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied`,
    };
  const names = [image, repository, repository.split("/").at(-1) ?? "", tag];
  if (names.some((name) => registry.missing.has(name)))
    return {
      error: `Error response from daemon: manifest for ${image} not found: manifest unknown: manifest unknown`,
    };
  return reference;
}
