import type * as Yaml from "yaml";
import { deeperThan, withoutStacks, yamlLibrary } from "../../../packages/compose-checks/yaml";

/** A value in a text of YAML or JSON, in its parsed form and, where that differs, in its written form. */
export interface ScalarIn {
  /** Nearest name above it. */
  readonly key: string | undefined;
  readonly writings: readonly string[];
  /** True for the image of a service in a compose file. */
  readonly isImage: boolean;
}

/** Parts of a text of YAML or JSON. */
export interface Structure {
  readonly scalars: readonly ScalarIn[];
  readonly comments: readonly string[];
  /** Names of mappings: services, variables, fields. */
  readonly names: ReadonlySet<string>;
}

/** Longer texts are treated as lines. */
const maxLength = 256 * 1024;
const maxDepth = 100;

/** Parses a text of YAML or JSON; undefined for a text that is neither, or a single value. */
export function structureOf(text: string): Structure | undefined {
  if (text.length > maxLength || !/[\n:[{]/.test(text)) return undefined;
  try {
    return read(text);
  } catch {
    // Texts that the library cannot read are treated as lines.
    return undefined;
  }
}

function read(text: string): Structure | undefined {
  const yaml = yamlLibrary();
  const tokens = [...new yaml.Parser().parse(text)];
  if (deeperThan(tokens, maxDepth) !== undefined) return undefined;
  const composer = new yaml.Composer({ logLevel: "silent", prettyErrors: false, uniqueKeys: false });
  const [document, second] = withoutStacks(() => [...composer.compose(tokens)]);
  if (document === undefined || second !== undefined || document.errors.length > 0) return undefined;
  if (!yaml.isCollection(document.contents)) return undefined;
  const scalars: ScalarIn[] = [];
  const names = new Set<string>();
  yaml.visit(document, {
    Scalar(at, node, ancestors) {
      if (at === "key") {
        names.add(String(node.value));
        return;
      }
      const path = ancestors.flatMap((ancestor) => (yaml.isPair(ancestor) ? [keyOf(yaml, ancestor)] : []));
      const [start, end] = node.range ?? [0, 0];
      const written = text.slice(start, end).trim();
      const bare = written.replace(/^(["'])([\s\S]*)\1$/, "$2");
      scalars.push({
        key: path.at(-1),
        writings: [...new Set([String(node.value ?? ""), bare])],
        isImage: path.length === 3 && path[0] === "services" && path[2] === "image",
      });
    },
  });
  return {
    scalars,
    comments: [...text.matchAll(/(?:^|\s)#(.*)/g)].map(([, comment = ""]) => comment.trim()),
    names,
  };
}

function keyOf(yaml: typeof Yaml, { key }: Yaml.Pair): string {
  return yaml.isScalar(key) ? String(key.value) : "";
}
