import type { Node, Scalar } from "yaml";
import { yamlLibrary } from "../../../packages/compose-checks/yaml";
import { withEscapes } from "../../../packages/text";
import type { Image } from "../../../sdk/files";
import { scalar, yamlEscape } from "../../files";
import { commentLine } from "./escaping";
import { type AddressPiece, type Expression, isLong } from "./expression";

/** Ways to write the values that are more than data; a reference is an id with a comment. */
export interface YamlWriting {
  reference(expression: Extract<Expression, { type: "reference" }>): {
    readonly id: string;
    readonly note: string;
  };
  /** Writes a text into a file with this name, and returns its path for `!file`; undefined where no file can be. */
  file(text: string, name: string): string | undefined;
  /** Writes an image, and returns its path for `!file`; undefined where no file can be. */
  image(image: Image): string | undefined;
  /** Returns what follows `!ref`: `api:3000/v1`. */
  address(pieces: readonly AddressPiece[]): string;
  /** Returns the tag with the name: `!secret api.TOKEN`. */
  secret(name: string): { readonly tag: string; readonly name: string };
}

/** Returns a record as a file of YAML, which begins with notes as comments. */
export function yamlFile(
  expression: Extract<Expression, { type: "record" }>,
  writing: YamlWriting,
  notes: readonly string[] = [],
): string {
  const { Document } = yamlLibrary();
  const document = new Document(nodeOf(expression, writing));
  const options = { lineWidth: 0, doubleQuotedAsJSON: true, flowCollectionPadding: false } as const;
  const comments = notes.map((note) => `# ${commentLine(note)}\n`).join("");
  // Only texts in double quotes and comments have anything that is not plain.
  return `${comments}${withEscapes(document.toString(options), yamlEscape)}`;
}

function nodeOf(value: Expression, writing: YamlWriting): Node {
  const { Pair, YAMLMap, YAMLSeq } = yamlLibrary();
  switch (value.type) {
    case "plain":
      return scalarOf(value.value);
    case "reference": {
      const { id, note } = writing.reference(value);
      return Object.assign(scalarOf(id), { comment: ` ${commentLine(note)}` });
    }
    case "secret": {
      const { tag, name } = writing.secret(value.name);
      return Object.assign(scalarOf(name), { tag });
    }
    case "record": {
      const map = new YAMLMap();
      map.items = value.entries.map(([name, inner]) => new Pair(scalarOf(name), nodeOf(inner, writing)));
      return map;
    }
    case "list": {
      const list = new YAMLSeq();
      list.items = value.items.map((item) => nodeOf(item, writing));
      return list;
    }
    case "text": {
      const path = isLong(value.text) ? writing.file(value.text, value.file) : undefined;
      return path === undefined ? textOf(value.text) : fileOf(path);
    }
    case "image": {
      // The tag has no place for another type than that of the ending.
      const path = value.image.type === undefined ? writing.image(value.image) : undefined;
      return path === undefined ? scalarOf(value.url) : fileOf(path);
    }
    case "address":
      return Object.assign(scalarOf(writing.address(value.pieces)), { tag: "!ref" });
    case "composeFile":
      throw new Error("A compose file is a file of its own.");
  }
}

function fileOf(path: string): Scalar {
  return Object.assign(scalarOf(path), { tag: "!file" });
}

/** Returns a text of several lines as its lines, where they are kept as they are. */
function textOf(text: string): Scalar {
  const node = new (yamlLibrary().Scalar)(text);
  const isKept = !/[\r\t]|^\s|[^\S\n]\n|\s$/.test(text.replace(/\n$/, ""));
  return isKept ? Object.assign(node, { type: "BLOCK_LITERAL" }) : scalarOf(text);
}

/** Returns a scalar: a text without quotes where it cannot be anything else. */
function scalarOf(value: string | number | boolean | null): Scalar {
  const node = new (yamlLibrary().Scalar)(value);
  if (typeof value !== "string") return node;
  return Object.assign(node, { type: scalar(value) === value ? "PLAIN" : "QUOTE_DOUBLE" });
}
