/** Address of a service as `!ref` gives it. */
export interface ServiceReference {
  /** The text after the tag. */
  readonly text: string;
  /** Name of the service; for a container of a compose service, a dot and its name in the compose file follow. */
  readonly name: string;
  readonly scheme: string | undefined;
  readonly port: number | undefined;
  readonly path: string;
}

/** Reads `api`, `api:3000/path` or `redis://cache.redis:6379`; undefined for any other text. */
export function serviceReference(text: string): ServiceReference | undefined {
  const found =
    /^(?:([a-z][a-z\d+.-]*):\/\/)?([A-Za-z\d](?:[\w.-]*[\w-])?)(?::(\d{1,5}))?([/?#][^\s{}]*)?$/.exec(text);
  if (found === null) return undefined;
  const [, scheme, name = "", port, path = ""] = found;
  if (port !== undefined && !(Number(port) >= 1 && Number(port) <= 65_535)) return undefined;
  return { text, name, scheme, port: port === undefined ? undefined : Number(port), path };
}
