import { createHash } from "node:crypto";
import { isThisMachine } from "../../../packages/text";
import { isRecord } from "../../../packages/values";
import type { ImageName } from "../../../provider/schema";
import type { Login } from "./logins";

/** Result of a question to a registry: the digest of the image that runs, or the reason why there is none. */
export type Answer =
  | { readonly digest: string }
  /** `isOther`: the registry has another image under the tag now. */
  | { readonly why: string; readonly isOther: boolean };

/** Ids that Docker shows for the image of one container: each is the digest of its configuration or its manifest. */
export type ImageIds = readonly string[];

/** Returns the login for a registry. */
export type LoginOf = (host: string) => Login | undefined;

/** Limit for one request. */
const timeoutMs = 5000;
/** Registries refuse larger manifests. */
const maxBytes = 4 * 1024 * 1024;
/** Far more than there are platforms for one image. */
const maxPlatforms = 20;
const maxRedirects = 3;

const accepted = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/**
 * Asks the registry for the digest of an image's tag. It is returned only if it names exactly the image that the
 * containers run: a tag may have been moved since they were started.
 *
 * @param containers ids of the image of each container; at least one
 */
export async function digestOf(
  image: ImageName,
  containers: readonly ImageIds[],
  loginOf: LoginOf,
): Promise<Answer> {
  const repository = new Repository(image, loginOf(image.host));
  try {
    const known = new Set<string>();
    const isProven = () => containers.every((ids) => ids.some((id) => known.has(id)));
    const top = await repository.manifest(image.tag ?? "latest");
    const found: Answer = { digest: top.digest };
    known.add(top.digest);
    if (top.config !== undefined) known.add(top.config);
    for (const platform of top.platforms) known.add(platform);
    if (isProven()) return found;
    if (top.platforms.length > maxPlatforms) {
      return { why: `the image is for more than ${maxPlatforms} platforms`, isOther: false };
    }
    for (const platform of top.platforms) {
      const { config } = await repository.manifest(platform);
      if (config !== undefined) known.add(config);
      if (isProven()) return found;
    }
    return {
      why: `the running image is not the one that ${image.host} has under ${image.tag} now`,
      isOther: true,
    };
  } catch (error) {
    if (error instanceof RegistryProblem) return { why: error.message, isOther: false };
    throw error;
  }
}

/**
 * Asks the registry when an image was built; undefined when it does not say it. A build that can be repeated gives all its
 * images one time of long ago, which says nothing.
 */
export async function builtAt(image: ImageName, loginOf: LoginOf): Promise<number | undefined> {
  const repository = new Repository(image, loginOf(image.host));
  try {
    const top = await repository.manifest(image.digest ?? image.tag ?? "latest");
    const [first] = top.platforms;
    const { config } = first === undefined ? top : await repository.manifest(first);
    const time = config === undefined ? Number.NaN : Date.parse(await repository.created(config));
    return time > firstImages ? time : undefined;
  } catch (error) {
    if (error instanceof RegistryProblem) return undefined;
    throw error;
  }
}

/** No image is older than Docker. */
const firstImages = Date.parse("2013-03-01");

/** A registry with no usable response. No part of the response is in the message. */
class RegistryProblem extends Error {}

/** Contents of a manifest. */
interface Manifest {
  readonly digest: string;
  /** Digest of the image's configuration; undefined for a list of platforms. */
  readonly config: string | undefined;
  /** Digests of the manifests of all platforms. */
  readonly platforms: readonly string[];
}

/** A repository of a registry, asked with one login. */
class Repository {
  #authorization: string | undefined;

  constructor(
    private readonly image: ImageName,
    private readonly login: Login | undefined,
  ) {}

  /** @throws RegistryProblem when there is none, or none that can be used */
  async manifest(reference: string): Promise<Manifest> {
    const { host } = this.image;
    const bytes = await this.#read(`manifests/${reference}`, "manifest");
    const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
    if (reference.startsWith("sha256:") && reference !== digest) {
      throw new RegistryProblem(`${host} gave something other than ${reference}`);
    }
    return { digest, ...this.#parse(bytes) };
  }

  /**
   * Returns the time in the configuration of an image.
   *
   * @throws RegistryProblem when there is none
   */
  async created(config: string): Promise<string> {
    return String(this.#json(await this.#read(`blobs/${config}`, "configuration"))["created"]);
  }

  async #read(what: string, noun: string): Promise<Buffer> {
    const { host, path } = this.image;
    const server = host === "docker.io" ? "registry-1.docker.io" : host;
    const scheme = isThisMachine(new URL(`http://${server}`).hostname) ? "http" : "https";
    const address = new URL(`${scheme}://${server}/v2/${path}/${what}`);
    let response = await this.#get(address, { accept: accepted, ...this.#header() });
    if (response.status === 401) {
      await this.#authorize(response.headers.get("www-authenticate") ?? "");
      response = await this.#get(address, { accept: accepted, ...this.#header() });
    }
    return await this.#bytesOf(response, `${host} does not give the ${noun} of ${path}`);
  }

  #parse(bytes: Buffer): Omit<Manifest, "digest"> {
    const { config, manifests } = this.#json(bytes);
    if (Array.isArray(manifests)) {
      const platforms = manifests.filter(isRecord).filter((entry) => {
        const { platform } = entry;
        // Attestations, which do not run, are listed as images of this platform.
        return !(isRecord(platform) && platform["os"] === "unknown");
      });
      const digests = platforms.map((entry) => entry["digest"]);
      return { config: undefined, platforms: digests.filter((digest) => isDigest(digest)) };
    }
    const digest = isRecord(config) ? config["digest"] : undefined;
    if (!isDigest(digest))
      throw new RegistryProblem(`${this.image.host} has a manifest of an old or unknown kind`);
    return { config: digest, platforms: [] };
  }

  #json(bytes: Buffer): Readonly<Record<string, unknown>> {
    try {
      const value: unknown = JSON.parse(bytes.toString("utf8"));
      if (isRecord(value)) return value;
    } catch {
      // As below.
    }
    throw new RegistryProblem(`${this.image.host} gave something other than JSON; is it a registry?`);
  }

  #header(): Record<string, string> {
    return this.#authorization === undefined ? {} : { authorization: this.#authorization };
  }

  /** Gets the permission that a registry asks for. */
  async #authorize(challenge: string): Promise<void> {
    const { host, path } = this.image;
    const basic =
      this.login &&
      `Basic ${Buffer.from(`${this.login.username}:${this.login.password}`, "utf8").toString("base64")}`;
    const parameters = parametersOf(challenge);
    const realm = parameters.get("realm");
    if (!/^bearer /i.test(challenge) || realm === undefined || !URL.canParse(realm)) {
      if (basic === undefined) throw new RegistryProblem(`${host} needs a login for ${path}`);
      this.#authorization = basic;
      return;
    }
    const address = new URL(realm);
    const service = parameters.get("service");
    if (service !== undefined) address.searchParams.set("service", service);
    address.searchParams.set("scope", parameters.get("scope") ?? `repository:${path}:pull`);
    // On a machine, each port may be another program's, such as one that waits for logins.
    if (basic !== undefined && isHere(`http://${host}`) && isHere(realm) && address.host !== host)
      throw new RegistryProblem(`${host} leads its login to another port of this machine`);
    const response = await this.#get(address, basic === undefined ? {} : { authorization: basic });
    const refusal = `${host} ${basic === undefined ? `needs a login for ${path}` : "refuses the login"}`;
    const answer = this.#json(await this.#bytesOf(response, refusal));
    const token = answer["token"] ?? answer["access_token"];
    if (typeof token !== "string") throw new RegistryProblem(refusal);
    this.#authorization = `Bearer ${token}`;
  }

  /**
   * Follows redirects, but neither to an unencrypted address nor to one of this machine, and without the login to another
   * server. Any program of a job may listen on the machine that runs it.
   */
  async #get(address: URL, headers: Record<string, string>): Promise<Response> {
    const { host } = this.image;
    let at = address;
    for (let redirects = 0; redirects <= maxRedirects; redirects++) {
      if (isHere(at.href) && !isHere(`http://${host}`))
        throw new RegistryProblem(`${host} leads to an address of this machine`);
      if (at.protocol !== "https:" && !isThisMachine(at.hostname)) {
        throw new RegistryProblem(`${host} names an address without encryption`);
      }
      const { authorization, ...others } = headers;
      const isSame = at.origin === address.origin;
      const sent = isSame && authorization !== undefined ? headers : others;
      const response = await this.#fetch(at, sent);
      const location = response.headers.get("location");
      if (response.status < 300 || response.status > 399 || location === null) return response;
      if (!URL.canParse(location, at.href)) throw new RegistryProblem(`${host} redirects to no address`);
      at = new URL(location, at);
    }
    throw new RegistryProblem(`${host} redirects again and again`);
  }

  async #fetch(address: URL, headers: Record<string, string>, isLast = false): Promise<Response> {
    const { host } = this.image;
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      return await fetch(address, { headers, redirect: "manual", signal });
    } catch (error) {
      if (error instanceof Error && error.name === "TimeoutError") {
        throw new RegistryProblem(`${host} did not respond within ${timeoutMs / 1000} s`);
      }
      if (isLast) throw new RegistryProblem(`${host} cannot be reached`);
      // The server may just have closed a connection that was open from an earlier request.
      return await this.#fetch(address, headers, true);
    }
  }

  /** Reads a response; `refusal` is the message for a status other than 200. */
  async #bytesOf(response: Response, refusal: string): Promise<Buffer> {
    const { host } = this.image;
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new RegistryProblem(`${refusal} (status ${response.status})`);
    }
    const parts: Uint8Array[] = [];
    let length = 0;
    try {
      for await (const part of response.body ?? []) {
        parts.push(part);
        length += part.byteLength;
        if (length > maxBytes) break;
      }
    } catch {
      throw new RegistryProblem(`${host} did not send its whole response`);
    }
    if (length > maxBytes) throw new RegistryProblem(`${host} sent more than ${maxBytes >> 20} MiB`);
    return Buffer.concat(parts);
  }
}

/** True for an address at which a machine reaches itself. */
export function isHere(address: string): boolean {
  const { hostname } = new URL(address);
  return (
    isThisMachine(hostname) ||
    /^(?:0(?:\.\d+){3}|\[::(?:ffff:(?:7f.*|0:.*))?\]|.*\.localhost\.?)$/.test(hostname)
  );
}

function isDigest(value: unknown): value is string {
  return typeof value === "string" && /^sha256:[0-9a-f]{64}$/.test(value);
}

/** Parses the parameters of a `WWW-Authenticate` header, `Bearer realm="…",service="…"`: of the first way that it offers. */
function parametersOf(challenge: string): Map<string, string> {
  const pieces = challenge.split('"');
  const parameters = new Map<string, string>();
  for (let at = 0; at + 1 < pieces.length; at += 2) {
    const name = (pieces[at] ?? "")
      .split(/[\s,=]/)
      .filter((word) => word !== "")
      .at(-1);
    const known = name?.toLowerCase();
    if (known !== undefined && !parameters.has(known)) parameters.set(known, pieces[at + 1] ?? "");
  }
  return parameters;
}
