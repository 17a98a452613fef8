import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export const digestOfText = (text: string): string =>
  `sha256:${createHash("sha256").update(text).digest("hex")}`;

/** Kinds of login that a registry asks for. */
export type Asks = "nothing" | "bearer" | "basic";

/** A registry of images on this machine, with the manifests that a test puts there. */
export class RegistryServer {
  /** Texts by the path after `/v2/`: `acme/api/manifests/1.5.0`. */
  readonly manifests = new Map<string, string>();
  /** Requests, as `GET /v2/…`, with the kind of login that came with each. */
  readonly requests: string[] = [];
  asks: Asks = "nothing";
  login = "robot:canary-password";
  /** Answers in place of the registry. */
  override: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  static async start(): Promise<RegistryServer> {
    const registry = new RegistryServer();
    await new Promise<void>((resolve) => registry.#server.listen(0, "127.0.0.1", resolve));
    return registry;
  }

  /** `127.0.0.1:<port>`, as images name it. */
  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Puts an image for one platform, whose configuration has this digest; returns the manifest's digest. */
  put(repository: string, tag: string, config: string): string {
    const manifest = { schemaVersion: 2, config: { digest: config }, layers: [] };
    return this.#put(repository, tag, manifest);
  }

  /** Puts an image for several platforms, whose configurations have these digests. */
  putIndex(repository: string, tag: string, configs: readonly string[]): string {
    const manifests = configs.map((config) => ({
      digest: this.put(repository, `of-${config.slice(7, 12)}`, config),
      platform: { os: "linux" },
    }));
    const attestation = { digest: digestOfText("attestation"), platform: { os: "unknown" } };
    return this.#put(repository, tag, { schemaVersion: 2, manifests: [...manifests, attestation] });
  }

  /** Gives the configuration of a tag's image the time at which it was built. */
  built(repository: string, tag: string, created: string): void {
    const manifest = this.manifests.get(`${repository}/manifests/${tag}`) ?? "{}";
    const { config } = JSON.parse(manifest) as { config?: { digest?: string } };
    this.manifests.set(`${repository}/blobs/${config?.digest}`, JSON.stringify({ created }));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #put(repository: string, tag: string, manifest: object): string {
    const text = JSON.stringify(manifest);
    const digest = digestOfText(text);
    for (const reference of [tag, digest]) this.manifests.set(`${repository}/manifests/${reference}`, text);
    return digest;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { url = "", headers } = request;
    const [scheme = "", given = ""] = (headers.authorization ?? "").split(" ");
    this.requests.push([url, scheme].filter((part) => part !== "").join(" "));
    if (this.override?.(request, response)) return;
    const isLogin = scheme === "Basic" && Buffer.from(given, "base64").toString() === this.login;
    if (url.startsWith("/token?")) {
      const token = JSON.stringify({ token: "canary-token" });
      response.writeHead(isLogin ? 200 : 401).end(isLogin ? token : "{}");
      return;
    }
    const isAllowed = this.asks === "nothing" || (this.asks === "basic" ? isLogin : given === "canary-token");
    if (!isAllowed) {
      const realm = `http://${this.host}/token`;
      const challenge =
        this.asks === "basic"
          ? 'Basic realm="registry"'
          : `Bearer realm="${realm}",service="it",scope="repository:x:pull"`;
      response.writeHead(401, { "www-authenticate": challenge }).end();
      return;
    }
    const text = this.manifests.get(url.slice("/v2/".length));
    response.writeHead(text === undefined ? 404 : 200).end(text);
  }
}
