import { closest, inWords, isHost, visible } from "../../../packages/text";
import { type DatabaseKind, databaseKinds } from "../../../provider/dokploy";
import { parseImage } from "../../../provider/schema";

/** Databases, whose official images have the names of their kinds; libSQL has none. */
const databases = databaseKinds.filter((kind) => kind !== "libsql");
/** Values that a service may have after its image. */
const keys = ["port", "host", "health", "release", "command", "memory"] as const;
type Key = (typeof keys)[number];

/** A service of a new project. */
export interface InitService {
  readonly name: string;
  /** A container of an image, containers of a compose file, or a database. */
  readonly kind: "application" | "compose" | DatabaseKind;
  /** Image; that of another service where `imageOf` is given. */
  readonly image: string;
  readonly imageOf: string | undefined;
  readonly port: number | undefined;
  /** Public name in production. */
  readonly host: string | undefined;
  readonly health: string | undefined;
  readonly release: string | undefined;
  readonly command: string | undefined;
  readonly memory: string | undefined;
  /** Names of the services whose addresses it has, by variable. */
  readonly addresses: ReadonlyMap<string, string>;
}

const form = "api=ghcr.io/acme/api:1.4.2,port=3000,host=api,health=/health,DATABASE_URL=db";
/** Form of each value, and its words for messages. */
const forms: Readonly<Record<Key, readonly [form: Pick<RegExp, "test">, example: string]>> = {
  port: [/^[1-9]\d{0,4}$/, "a number from 1 to 65535: port=3000"],
  host: [{ test: isHost }, "a name in small letters, or a whole host: host=shop or host=shop.acme.dev"],
  health: [/^\/[\w./~%-]*$/, "a path: health=/health"],
  release: [/^[\x20-\x7e]{1,500}$/, "a command on one line: release='npm run migrate'"],
  command: [/^[\x20-\x7e]{1,500}$/, "a command on one line: command='node worker.js'"],
  memory: [/^[1-9]\d{0,5}(?:MiB|GiB)$/, "a size: memory=512MiB"],
};

/** Values that the services of a call have in common. */
export interface Common {
  /** Domain under which a host without a dot is. */
  readonly domain?: string | undefined;
  /** Path below which an image that begins with `/` is: `ghcr.io/acme`. */
  readonly images?: string | undefined;
}

/** True for a path to which `/api:1.4.2` can be added. */
export function isPathOfImages(text: string): boolean {
  return parseImage(`${text}/api`) !== undefined;
}

/** True for a service that is not made as a database although the name of its image has that of one. */
export function mayBeDatabase({ kind, image }: InitService): boolean {
  const { last } = namedImage(image) ?? {};
  return kind === "application" && databases.some((database) => last?.includes(database));
}

/** Returns an image with the last part of its path: `postgres` for each registry. */
function namedImage(image: string): { readonly last: string | undefined } | undefined {
  const named = parseImage(image);
  return named && { last: named.path.split("/").at(-1) };
}

/**
 * Splits the text of a service into its parts, without the quotes around a value. A comma begins a part where `key=`
 * follows, except for one in quotes.
 */
function partsOf(text: string): string[] {
  const parts = /(?:^|,)([^=,]*=)?(?:(['"])((?:(?!\2).)*)\2|(.*?))(?=,\w+=|$)/gsy;
  return [...text.matchAll(parts)].map(([, key = "", , quoted, plain = ""]) => key + (quoted ?? plain));
}

/**
 * Reads the services of a call.
 *
 * @param problem takes each mistake, as a sentence after the option
 */
export function readServices(
  texts: readonly string[],
  common: Common,
  problem: (text: string) => void,
): InitService[] {
  const parts = texts.map(partsOf);
  const names = parts.flatMap(([first = ""]) => /^[^=]*(?==)/.exec(first)?.[0] ?? []);
  for (const name of new Set(names))
    if (names.indexOf(name) !== names.lastIndexOf(name))
      problem(`gives ${visible(name)} twice: each service has its own name.`);
  const services = parts.flatMap(([first = "", ...values]) => {
    const [, name = "", source = ""] = /^([^=]*)=(.*)$/s.exec(first) ?? [];
    if (!/^[a-z][a-z0-9-]{0,40}$/.test(name) || name === "shared" || name in Object.prototype) {
      problem(
        `takes a name and an image, not "${visible(first)}": ${form}. The name has small letters, digits and -, and is not shared.`,
      );
      return [];
    }
    return new Reader(name, common, names, (text) => problem(`${name}: ${text}`)).read(source, values);
  });
  for (const shared of new Set(services.flatMap(({ host }) => host ?? []))) {
    const all = services.filter(({ host }) => host === shared).map(({ name }) => name);
    if (all.length > 1) problem(`${inWords(all, "and")} have the same host, ${shared}: give each its own.`);
  }
  for (const { name, imageOf, addresses } of services) {
    const others = services.filter(
      (other) => other.name === imageOf || [...addresses.values()].includes(other.name),
    );
    for (const other of others) {
      const runsOwn = other.kind === "application" && other.imageOf === undefined;
      if (other.name === imageOf && !runsOwn)
        problem(
          `${name}: takes the image of ${imageOf}, which has no image of its own that others can run; give an image.`,
        );
      const isReached =
        other.port !== undefined || (other.kind !== "application" && other.kind !== "compose");
      if ([...addresses.values()].includes(other.name) && !isReached)
        problem(
          `${name}: has the address of ${other.name}, whose port is not given: add port=3000 to ${other.name}.`,
        );
    }
  }
  return services;
}

class Reader {
  private readonly addresses = new Map<string, string>();
  private readonly given = new Map<Key, string>();

  constructor(
    private readonly name: string,
    private readonly common: Common,
    private readonly names: readonly string[],
    private readonly problem: (text: string) => void,
  ) {}

  read(source: string, values: readonly string[]): InitService[] {
    const { given, addresses } = this;
    for (const value of values) this.take(value);
    const found = this.sourceOf(source);
    if (found === undefined) return [];
    const { kind } = found;
    const isDatabase = kind !== "application" && kind !== "compose";
    const allowed: readonly Key[] = isDatabase ? ["memory"] : kind === "compose" ? ["memory", "port"] : keys;
    for (const key of given.keys())
      if (!allowed.includes(key))
        this.problem(`${key} is not for a ${kind}, which takes ${inWords(allowed, "and")}.`);
    if (isDatabase && addresses.size > 0)
      this.problem(`a ${kind} has no variables; remove ${[...addresses.keys()].join(", ")}.`);
    const portOf = this.portOf();
    for (const key of ["host", "health"] as const)
      if (given.has(key) && !given.has("port"))
        this.problem(`${key} needs the port that the container listens on: port=3000.`);
    return [
      {
        ...{ name: this.name, ...found, port: portOf, host: this.hostOf(), addresses },
        health: given.get("health"),
        release: given.get("release"),
        command: given.get("command"),
        memory: given.get("memory"),
      },
    ];
  }

  private take(text: string): void {
    const [, key = "", value = ""] = /^(\w+)=(.*)$/s.exec(text) ?? [];
    if (/^[A-Z][A-Z0-9_]*$/.test(key)) {
      if (this.addresses.has(key)) this.problem(`${key} is given twice.`);
      if (value === this.name)
        this.problem(`${key} is the address of the service itself, which reaches itself as localhost.`);
      else if (this.names.includes(value)) this.addresses.set(key, value);
      else {
        const meant = closest(value, this.names);
        const advice =
          meant === undefined
            ? "give the name of one, and write other values into envs"
            : `did you mean ${meant}?`;
        this.problem(
          `${key}: no --service is called ${visible(value)}; ${advice}${meant === undefined ? "." : ""}`,
        );
      }
      return;
    }
    const known = keys.find((one) => one === key);
    if (known === undefined) {
      const meant = closest(key, keys);
      this.problem(
        `${visible(key)} is unknown; ${meant === undefined ? `it takes ${keys.join(", ")}, and variables in capital letters.` : `did you mean ${meant}?`}`,
      );
      return;
    }
    if (this.given.has(known)) this.problem(`${known} is given twice.`);
    const [allowed, example] = forms[known];
    if (!allowed.test(value) || (known === "port" && Number(value) > 65535))
      this.problem(`${known} takes ${example}.`);
    this.given.set(known, value);
  }

  private sourceOf(source: string): Pick<InitService, "kind" | "image" | "imageOf"> | undefined {
    if (source !== this.name && this.names.includes(source))
      return { kind: "application", image: "", imageOf: source };
    const isCompose = source.startsWith("compose:");
    const image = this.imageOf(isCompose ? source.slice("compose:".length) : source);
    if (image === undefined) return undefined;
    const { last } = namedImage(image) ?? {};
    if (last === undefined) {
      this.problem(
        `takes an image, another service with the same image, or compose:IMAGE, not "${visible(source)}": ${form}.`,
      );
      return undefined;
    }
    const database = isCompose ? undefined : databases.find((kind) => kind === last);
    return { kind: isCompose ? "compose" : (database ?? "application"), image, imageOf: undefined };
  }

  /** Returns an image with its path; undefined after a mistake. */
  private imageOf(written: string): string | undefined {
    const { images } = this.common;
    if (written.startsWith("/")) {
      if (images === undefined)
        this.problem(
          `takes ${visible(written)} from below --images, which is not given: add --images ghcr.io/acme.`,
        );
      return images && images + written;
    }
    // A word alone is rather a service with a typing mistake: its image would be the newest one.
    if (written === "" || /[/:@]/.test(written)) return written;
    const others = this.names.filter((name) => name !== this.name);
    if (others.includes(written)) {
      this.problem(`compose: takes an image, and ${visible(written)} is a service.`);
      return undefined;
    }
    const meant = closest(written, others);
    const advice =
      meant === undefined
        ? `for an image, write its tag too: ${visible(written)}:<tag>.`
        : `did you mean ${meant}?`;
    this.problem(
      `no ${written === this.name ? "other " : ""}--service is called ${visible(written)}; ${advice}`,
    );
    return undefined;
  }

  private portOf(): number | undefined {
    const port = this.given.get("port");
    return port === undefined ? undefined : Number(port);
  }

  private hostOf(): string | undefined {
    const host = this.given.get("host");
    if (host === undefined || host.includes(".")) return host;
    const { domain } = this.common;
    if (domain === undefined)
      this.problem(
        `host=${visible(host)} needs the domain that it is in: --domain acme.dev, or a whole host.`,
      );
    return domain && `${host}.${domain}`;
  }
}
