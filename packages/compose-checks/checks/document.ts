import { type MapNode, parseDocument, type SyntaxProblem, type TreeFault, treeOf } from "../yaml";

/** The API refuses longer requests (413 `Body exceeded 1mb limit`), and the file is only a part of one. */
const maxBytes = 1_000_000;
/** Far more than any file has. */
const maxNodes = 100_000;
/** Aliases may nest values deeper than the text shows, and the checks recurse into them. */
const maxDepth = 500;

const tooDeep = "is nested too deep";

/** A problem that is found while the tree is built. */
class Unreadable extends Error {
  constructor(
    readonly offset: number | undefined,
    reason: string,
  ) {
    super(reason);
  }
}

/** A YAML tag and the position of the node that has it. */
export interface Tag {
  readonly tag: string;
  readonly offset: number;
}

/**
 * Reads a compose file, which is one YAML document with a mapping. Never throws; reasons never quote values of the
 * file.
 *
 * @param text without a byte order mark
 * @param stack true when Swarm runs it, whose reader does not know Compose's tag for removed entries
 */
export function readDocument(
  text: string,
  stack = false,
): { root: MapNode; tags: readonly Tag[] } | { problems: SyntaxProblem[] } {
  if (Buffer.byteLength(text) > maxBytes) {
    return { problems: [{ offset: undefined, reason: "is longer than the 1 MB that Dokploy accepts" }] };
  }
  const second = "another document begins here, but Dokploy reads only one: remove the ---";
  const parsed = parseDocument(text, { schema: "core", second, tooDeep });
  if ("problem" in parsed) return { problems: [parsed.problem] };
  const { contents } = parsed;
  if (contents === undefined) return { problems: [{ offset: undefined, reason: "is empty" }] };
  const tags: Tag[] = [];
  try {
    const root = treeOf(contents, text, {
      maxDepth,
      maxNodes,
      merge: true,
      absent: stack ? undefined : "!reset",
      tagged: (tag, offset) => tags.push({ tag, offset }),
      wrong,
    });
    if (root?.kind === "map") return { root, tags };
    return { problems: [{ offset: root?.offset, reason: "must be a mapping that begins with services:" }] };
  } catch (error) {
    if (error instanceof Unreadable) return { problems: [{ offset: error.offset, reason: error.message }] };
    throw error;
  }
}

const reasons: Readonly<Record<TreeFault, string>> = {
  "no-anchor": "this alias has no anchor above it: put a value that begins with * in quotes",
  endless: "this alias refers to a value that contains it",
  "too-deep": tooDeep,
  "too-large": "is too large once its aliases are resolved",
  "no-text": "a key must be text",
  twice: "this key appears twice: remove one",
  "merge-twice": "<< appears twice: write one with a list, <<: [*a, *b]",
  "merge-of-text": "<< must name a mapping, or a list of mappings",
};

function wrong(fault: TreeFault, offset: number): void {
  throw new Unreadable(fault === "too-large" ? undefined : offset, reasons[fault]);
}
