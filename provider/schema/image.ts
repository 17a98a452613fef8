/** Patterns for the parts of image names in Docker's grammar. Each is short, so that no part is matched twice. */

const domain = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,253}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/;
const component = /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*$/;
const tagOf = /^\w[\w.-]{0,127}$/;
const digestOf = /^[A-Za-z][A-Za-z0-9+._-]{0,30}:[0-9A-Fa-f]{32,512}$/;
const longest = 1000;

/** True when a text names an image: `postgres`, `ghcr.io/acme/api:1.4.2`, `acme/api@sha256:…`. */
export function isImage(text: string): boolean {
  if (text.length > longest) return false;
  const [named = "", digest, ...more] = text.split("@");
  if (more.length > 0 || (digest !== undefined && !digestOf.test(digest))) return false;
  const colon = named.indexOf(":", named.lastIndexOf("/") + 1);
  const name = colon === -1 ? named : named.slice(0, colon);
  if (colon !== -1 && !tagOf.test(named.slice(colon + 1))) return false;
  const [first = "", ...path] = name.split("/");
  const isDomain = path.length > 0 && (/[.:]/.test(first) || first === "localhost" || /[A-Z]/.test(first));
  return (
    (isDomain ? domain.test(first) : component.test(first)) && path.every((part) => component.test(part))
  );
}
