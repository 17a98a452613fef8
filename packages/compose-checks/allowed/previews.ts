import type * as Yaml from "yaml";
import { readDocument } from "../checks";
import { entriesOf, entryAt, itemsOf, type MapNode, type Node, textAt, yamlLibrary } from "../yaml";
import { composeTable, dokploysNetwork, hasWritten } from "./compose-table";
import type { Limits } from "./limits";
import { Place, type ShapeProblem } from "./shapes";

/** Settings of a compose service in a preview. */
export interface PreviewOptions {
  readonly limits: Limits;
  /** Containers that have a domain, in Dokploy's network; undefined for a service with a network of its own. */
  readonly inDokploysNetwork: readonly string[] | undefined;
  /** Paths below `../files` of the files that its mounts write. */
  readonly writtenFiles: readonly string[];
}

/**
 * Lists what in a compose file a preview may not have: all that {@link composeTable} does not name. A file that cannot be
 * read counts as one problem.
 */
export function previewProblems(composeFile: string, options: PreviewOptions): ShapeProblem[] {
  const document = readDocument(composeFile.replace(/^\uFEFF/, ""));
  if ("problems" in document) return document.problems;
  const { root, tags } = document;
  const problems: ShapeProblem[] = tags.map(({ tag, offset }) => ({
    offset,
    reason: `${/^[\w!.:/,-]{1,60}$/.test(tag) ? tag : "a tag"}: is a tag of YAML, which a preview may not have`,
  }));
  composeTable(options.limits, options.writtenFiles).judge(root, new Place("", undefined, problems));
  return [...problems, ...hiddenBreaks(composeFile), ...namesInDokploysNetwork(root, options)];
}

/** Any character but letters, signs and spaces of a line, tabs and line feeds. */
const unusual = /[^\t\n\r\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}]/u;

/**
 * Lists the characters, such as U+2028, that could be a line break for Docker and not for the library with which Dokploy
 * reads and writes the file. The text after one would become a field that nobody has judged.
 */
function hiddenBreaks(composeFile: string): ShapeProblem[] {
  const { parseDocument, visit } = yamlLibrary();
  const written = composeFile.replace(/^\uFEFF/, "");
  const places = new Set<number>();
  const raw = written.search(unusual);
  if (raw !== -1) places.add(raw);
  // Escapes too, also in fields that Compose ignores or replaces, since Dokploy writes all of them.
  visit(parseDocument(written, { uniqueKeys: false, logLevel: "silent" }), {
    Scalar(_, { value, range }) {
      if (typeof value === "string" && unusual.test(value)) places.add(range?.[0] ?? 0);
    },
  });
  return [...places].map((offset) => ({
    offset,
    reason: "a character that is not a letter, a sign or a space, which a preview may not have",
  }));
}

/**
 * Names that Dokploy gives to services end with a random part, six letters and digits. Docker's DNS knows no upper case, and
 * takes the name of the network after a dot.
 */
const randomPart = /-([a-z\d]{6})(?=\.|$)/gi;
/** Words of six letters with which names of services end. A random part is one of them once in thirty million names. */
const ordinaryEndings: ReadonlySet<string> = new Set(
  [
    "backup bridge broker celery client daemon docker editor engine events export health import ingest lister mailer",
    "manage master mirror mobile module mongos notify nodejs plugin portal public python render report reader router",
    "runner search server socket sender static status stream studio syncer system ticker update upload valkey vector",
    "viewer webapp webdav widget worker writer",
  ].flatMap((line) => line.split(" ")),
);

function couldBeOfDokploy(name: string): boolean {
  return [...name.matchAll(randomPart)].some(([, ending = ""]) => !ordinaryEndings.has(ending.toLowerCase()));
}

/** Dokploy's own containers, such as `dokploy-postgres`, which it also finds by a part of their names. */
const ownOfDokploy = /dokploy/i;

function namesInDokploysNetwork(root: MapNode, { inDokploysNetwork }: PreviewOptions): ShapeProblem[] {
  return entriesOf(root.entries.get("services")?.value).flatMap(({ key, offset, value }): ShapeProblem[] => {
    if (ownOfDokploy.test(key))
      return [
        {
          offset,
          reason: `services.${key}: could be the name of another service, one of Dokploy's own; choose another`,
        },
      ];
    const networks = entryAt(value, "networks")?.value;
    const joins =
      entryAt(value, "networks", dokploysNetwork) !== undefined ||
      itemsOf(networks).some((item) => item.kind === "scalar" && item.text === dokploysNetwork);
    if (joins && inDokploysNetwork === undefined)
      return [
        {
          offset: entryAt(value, "networks")?.offset,
          reason: `services.${key}.networks: has Dokploy's network, in which all services of the server find it by this name; name the service in dokployNetwork of the rules`,
        },
      ];
    return (joins || inDokploysNetwork?.includes(key) === true) && couldBeOfDokploy(key)
      ? [
          {
            offset,
            reason: `services.${key}: could be the name of another service in Dokploy's network; choose another`,
          },
        ]
      : [];
  });
}

const inDeploy = ["deploy", "resources", "limits"] as const;

/** A change of a field in a service of a compose file. */
interface Change {
  readonly path: readonly (string | number)[];
  readonly value: string | number | boolean;
}

/**
 * Returns a compose file as a preview has it: each service has a limit of memory and processors, its own or the largest
 * one, and only reads the files that mounts write. Aliases are written out, so that a limit of one service is not one of another that
 * shares its fields: next to those in `deploy` of that one, Compose would refuse it.
 *
 * @param composeFile one without {@link previewProblems}
 */
export function forPreview(
  composeFile: string,
  { limits, writtenFiles }: Pick<PreviewOptions, "limits" | "writtenFiles">,
): { readonly text: string } | ShapeProblem {
  const document = readDocument(composeFile.replace(/^\uFEFF/, ""));
  if ("problems" in document) return { offset: undefined, reason: "cannot be read" };
  const { isMap, parseDocument } = yamlLibrary();
  // The library compares each key with all others, which the reading above has done.
  const written = parseDocument(composeFile, { uniqueKeys: false });
  let services: ReadonlyMap<string, unknown> | undefined;
  for (const { key, offset, value } of entriesOf(document.root.entries.get("services")?.value)) {
    for (const change of [...limitsFor(value, limits), ...readOnlyFiles(value, writtenFiles)]) {
      if (services === undefined && !writeOut(written))
        return { offset, reason: "is too large with its aliases written out" };
      services ??= new Map(pairsOf(written.get("services")).map((pair) => [nameOf(pair), pair.value]));
      const service = services.get(key);
      if (!isMap(service)) return { offset, reason: `services.${key}: must be a mapping` };
      service.setIn(change.path, change.value);
    }
  }
  return { text: services === undefined ? composeFile : written.toString({ lineWidth: 0 }) };
}

/** Returns the limits that a service lacks. */
function limitsFor(service: Node, { memory, cpu }: Limits): Change[] {
  // Docker Compose refuses a limit outside of `deploy` that is not in it, where it has any.
  const isInDeploy = entryAt(service, ...inDeploy)?.value.kind === "map";
  const missing = [
    ["mem_limit", "memory", memory],
    ["cpus", "cpus", cpu],
  ] as const;
  return missing.flatMap(([own, among, most]): Change[] => {
    if (entryAt(service, own) ?? entryAt(service, ...inDeploy, among)) return [];
    return [isInDeploy ? { path: [...inDeploy, among], value: String(most) } : { path: [own], value: most }];
  });
}

/** Makes the mounts of written files read-only. */
function readOnlyFiles(service: Node, writtenFiles: readonly string[]): Change[] {
  return itemsOf(entryAt(service, "volumes")?.value).flatMap((item, index): Change[] => {
    if (item.kind === "map") {
      const isWritten = hasWritten(textAt(item, "source") ?? "", writtenFiles);
      const isRead = textAt(item, "read_only") === "true";
      return isWritten && !isRead ? [{ path: ["volumes", index, "read_only"], value: true }] : [];
    }
    if (item.kind !== "scalar") return [];
    const [source = "", target, mode = ""] = item.text.split(":");
    const modes = mode.split(",");
    if (!hasWritten(source, writtenFiles) || (modes.includes("ro") && !modes.includes("rw"))) return [];
    const others = modes.filter((word) => word !== "" && word !== "rw" && word !== "ro");
    return [{ path: ["volumes", index], value: `${source}:${target}:${[...others, "ro"].join(",")}` }];
  });
}

function pairsOf(node: unknown): readonly Yaml.Pair[] {
  return yamlLibrary().isMap(node) ? node.items : [];
}

/** Returns the key of a pair as the checks name it: `1` is the text "1" too. */
function nameOf({ key }: Yaml.Pair): string {
  return yamlLibrary().isScalar(key) ? String(key.value ?? "") : "";
}

/** Length of a file that Dokploy accepts. */
const maxLength = 1_000_000;

/**
 * Replaces the aliases of a document by their values, and merge keys by the entries that they add.
 *
 * @returns false when their values are too long, with the document incomplete
 */
function writeOut(document: Yaml.Document): boolean {
  const { isAlias, isCollection, isMap, isPair, isScalar, visit } = yamlLibrary();
  const anchors = new Map<string, Yaml.Node>();
  let length = 0;
  const inFull = (node: unknown): unknown => {
    if (length > maxLength) return node;
    if (isAlias(node)) {
      // It stands above, and is written out already.
      const value = anchors.get(node.source);
      visit(value ?? null, {
        Scalar(_, { value }) {
          length += String(value).length;
        },
      });
      return value?.clone();
    }
    if ((isScalar(node) || isCollection(node)) && node.anchor !== undefined) {
      anchors.set(node.anchor, node);
      delete node.anchor;
    }
    if (!isCollection(node)) return node;
    for (const [index, item] of node.items.entries()) {
      if (isPair(item)) {
        inFull(item.key);
        item.value = inFull(item.value);
      } else node.items[index] = inFull(item);
    }
    if (isMap(node)) merge(node);
    return node;
  };
  const merge = (map: Yaml.YAMLMap): void => {
    const merging = map.items.find(({ key }) => isScalar(key) && key.source === "<<");
    if (merging === undefined) return;
    map.items.splice(map.items.indexOf(merging), 1);
    const sources = isMap(merging.value) ? [merging.value] : ((merging.value as Yaml.YAMLSeq).items ?? []);
    const names = new Set(map.items.map(nameOf));
    for (const pair of sources.flatMap(pairsOf)) {
      if (names.has(nameOf(pair))) continue;
      names.add(nameOf(pair));
      map.items.push(pair);
    }
  };
  inFull(document.contents);
  return length <= maxLength;
}
