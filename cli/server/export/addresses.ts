import { isRecord } from "../../../packages/values";
import { type ServerTree, serviceKinds } from "../../../provider/dokploy";
import { secretParts } from "../../../provider/env";
import { connectionUrl, rootConnectionUrl } from "../../../provider/resources";
import { isDatabase, Mapping, type Path, targetOf } from "../../../provider/schema";
import { type Item, keyOf } from "./item";
import type { References } from "./references";
import type { SecretFinder } from "./secret-finder";

/** Output of a service that is an address, or a part of one. */
export type AddressOutput = "appName" | "connectionUrl" | "rootConnectionUrl";

/** A part of an address: a text, the place of a secret in it, or an output of a service. */
export type Piece =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "place"; readonly name: string; readonly secret: string }
  | { readonly type: "output"; readonly to: Item; readonly output: AddressOutput };

/** The texts by which others reach a service, the longest first. */
export interface Reached {
  readonly item: Item;
  readonly texts: readonly (readonly [output: AddressOutput, text: string])[];
}

/** Returns the texts by which services are reached. */
export async function reachedIn(tree: ServerTree, items: readonly Item[]): Promise<Reached[]> {
  const rows = new Map((await tree.services(serviceKinds)).map(({ id, row }) => [id, row]));
  return items.flatMap((item) => {
    const { appName } = (rows.get(item.id) ?? {}) as { appName?: unknown };
    // A name without the suffix that Dokploy adds may be a word of any text.
    if (typeof appName !== "string" || !/^.{2,}-[a-z\d]{6}$/.test(appName)) return [];
    return [{ item, texts: [...urlsOf(item, appName), ["appName", appName] as const] }];
  });
}

function urlsOf(item: Item, appName: string): [AddressOutput, string][] {
  const kind = targetOf(item.kind);
  if (kind === undefined || !isDatabase(kind)) return [];
  const mapping = new Mapping(item.definition.schema);
  const row = { ...mapping.defaults(item.inputs), ...mapping.columns(item.inputs), appName };
  const reached = row as never as Parameters<typeof connectionUrl>[1];
  const root = rootConnectionUrl(kind, reached);
  return [
    ["connectionUrl", connectionUrl(kind, reached)],
    ...(root ? [["rootConnectionUrl", root] as [AddressOutput, string]] : []),
  ];
}

/** The addresses of services among the variables of other services. */
export class Addresses {
  readonly #pieces = new Map<Item, Map<string, readonly Piece[]>>();
  readonly #targets = new Map<Item, Set<Item>>();

  /** @param canName true where the program of an item can name the outputs among the pieces */
  constructor(
    private readonly references: References,
    reached: readonly Reached[],
    private readonly finder: SecretFinder,
    canName: (item: Item, pieces: readonly Piece[]) => boolean,
  ) {
    for (const item of references.items) {
      const maps = new Mapping(item.definition.schema).envs(item.inputs);
      for (const { path, value } of maps)
        for (const [key, text] of Object.entries(isRecord(value) ? value : {})) {
          const isKnown = ({ item: to, texts }: Reached) =>
            texts.some(([, needle]) => String(text).includes(needle)) && !this.#leadsTo(to, item);
          const pieces = this.#piecesOf(String(text), reached.filter(isKnown));
          if (pieces !== undefined && canName(item, pieces))
            this.#add(item, [...path.split("."), key], pieces);
        }
    }
  }

  /** Returns the pieces of the text at a path; undefined where it has no address. */
  piecesAt(item: Item, path: readonly PropertyKey[]): readonly Piece[] | undefined {
    return this.#pieces.get(item)?.get(keyOf(path));
  }

  /** Returns the items whose addresses one has. */
  targets(item: Item): Item[] {
    return [...(this.#targets.get(item) ?? [])];
  }

  #add(item: Item, path: Path, pieces: readonly Piece[]): void {
    const own = this.#pieces.get(item) ?? new Map();
    this.#pieces.set(item, own.set(keyOf(path), pieces));
    const targets = this.#targets.get(item) ?? new Set();
    for (const piece of pieces) if (piece.type === "output") targets.add(piece.to);
    this.#targets.set(item, targets);
  }

  /** True when an item is another one, or follows from it in the program, so that a reference back would be a circle. */
  #leadsTo(from: Item, to: Item, seen = new Set<Item>()): boolean {
    if (from === to) return true;
    if (seen.has(from)) return false;
    seen.add(from);
    return [...this.references.targets(from), ...this.targets(from)].some((next) =>
      this.#leadsTo(next, to, seen),
    );
  }

  #piecesOf(text: string, known: readonly Reached[]): Piece[] | undefined {
    if (known.length === 0) return undefined;
    const found = known
      .flatMap(({ item, texts }) => texts.map(([output, needle]) => ({ to: item, output, needle })))
      .sort((a, b) => b.needle.length - a.needle.length);
    const pieces = found.reduce<Piece[]>(
      (all, { needle, ...output }) =>
        all.flatMap((piece) => (piece.type === "text" ? split(piece.text, needle, output) : [piece])),
      [{ type: "text", text }],
    );
    if (!pieces.some(({ type }) => type === "output")) return undefined;
    const shown = pieces.map((piece) =>
      piece.type === "text" ? this.#withPlaces(piece.text, text) : [piece],
    );
    return shown.includes(undefined) ? undefined : (shown as Piece[][]).flat();
  }

  /** Returns a text around a host with the secrets as places; undefined if it may hold more than an address has. */
  #withPlaces(around: string, whole: string): Piece[] | undefined {
    // Judged within the whole address, since only that shows the form of a login.
    const secrets = secretParts(whole).map(({ start, end }) => whole.slice(start, end));
    const pieces = [...new Set(secrets)].reduce<Piece[]>(
      (all, secret, at) =>
        all.flatMap((piece) =>
          piece.type === "text"
            ? between(piece.text.split(secret), { type: "place", name: `SECRET_${at + 1}`, secret })
            : [piece],
        ),
      [{ type: "text", text: around }],
    );
    const isOpen = (text: string) => isOfAddress(text) && !this.finder.holds("", text);
    return pieces.every((piece) => piece.type !== "text" || isOpen(piece.text)) ? pieces : undefined;
  }
}

/** Returns the items whose outputs are among pieces. */
export function outputsIn(pieces: readonly Piece[]): Item[] {
  return pieces.flatMap((piece) => (piece.type === "output" ? [piece.to] : []));
}

/** An address that is an URL with a service as its host. */
export interface ServiceUrl {
  readonly to: Item;
  readonly scheme: string;
  readonly port: string;
  readonly path: string;
}

/** Returns the parts of an URL whose host is an application; undefined for any other address. */
export function serviceUrl(pieces: readonly (Piece | { readonly type: "secret" })[]): ServiceUrl | undefined {
  const [first, host, rest, ...more] = pieces;
  if (first?.type !== "text" || host?.type !== "output" || rest?.type !== "text" || more.length > 0)
    return undefined;
  const [, scheme] = /^([a-z][a-z\d+.-]*):\/\/$/.exec(first.text) ?? [];
  const [, port, path = ""] = /^:([1-9]\d{0,4})([/?#][^\s{}]*)?$/.exec(rest.text) ?? [];
  if (scheme === undefined || port === undefined || Number(port) > 65_535) return undefined;
  return host.to.kind === "Application" ? { to: host.to, scheme, port, path } : undefined;
}

/** Splits a text at the names of a service, where they are not a part of a longer name. */
function split(text: string, needle: string, { to, output }: { to: Item; output: AddressOutput }): Piece[] {
  // The name of a container of a compose service begins with that of the service.
  const behind = targetOf(to.kind) === "compose" ? /^[A-Za-z\d]/ : /^[\w-]/;
  const parts: string[] = [];
  let done = 0;
  for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + 1)) {
    const end = at + needle.length;
    const isWhole = !/[\w-]$/.test(text.slice(done, at)) && !behind.test(text.slice(end, end + 1));
    if (at < done || !isWhole) continue;
    parts.push(text.slice(done, at));
    done = end;
  }
  return between([...parts, text.slice(done)], { type: "output", to, output });
}

function between(parts: readonly string[], piece: Piece): Piece[] {
  return parts.flatMap((text, at): Piece[] => [
    ...(at === 0 ? [] : [piece]),
    ...(text === "" ? [] : [{ type: "text", text } as const]),
  ]);
}

/** True for what stands around a host in an address: a scheme, words, ports. */
function isOfAddress(text: string): boolean {
  return (
    !/\s/.test(text) &&
    text.split(/[^A-Za-z\d]+/).every((word) => /^(?:[A-Za-z]{0,20}\d{0,2}|\d{1,5})$/.test(word))
  );
}
