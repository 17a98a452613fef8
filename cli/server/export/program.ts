import { visible } from "../../../packages/text";
import { isDatabase, targetOf } from "../../../provider/schema";
import type { Image } from "../../../sdk/files";
import { type Expression, expressionOf, iconOf } from "./expression";
import { type Item, labelOf, nameOf } from "./item";
import { sectionsOf } from "./order";
import type { Plan } from "./plan";
import { variableOf } from "./secrets";
import { fileIn } from "./texts";
import { comment, literal, print, type Writing } from "./typescript";

/** Texts of the files of a project by their paths. */
export type Files = Map<string, string>;

/** Source of the values of secrets. */
export type SecretSource = "config" | "env";

/** Resources that something else than a class declares. */
export interface Elsewhere {
  has(item: Item): boolean;
  /** Returns the expression of the id of such a resource. */
  reference(item: Item): string;
  /** Returns the statements that follow an item, with the items that they name. */
  after(item: Item): readonly { readonly text: string; readonly uses: readonly Item[] }[];
}

const nowhere: Elsewhere = { has: () => false, reference: () => "", after: () => [] };

/**
 * Writes the program with a class for each object, and the compose files of its services.
 *
 * @param folder folder of the files, from the program on: `missing/`
 */
export function programFiles(
  plan: Plan,
  source: SecretSource,
  elsewhere: Elsewhere = nowhere,
  folder = "",
): Files {
  const files: Files = new Map();
  const own = plan.items.filter((item) => !elsewhere.has(item));
  const used = new Set([
    ...own.flatMap((item) => [...plan.references.targets(item), ...plan.addresses.targets(item)]),
    ...own.flatMap((item) => elsewhere.after(item).flatMap(({ uses }) => uses)),
  ]);
  const place: Place = { plan, source, files, elsewhere, used, folder };
  const comments = skippedAt(plan, own);
  const texts = new Map(
    own.map((item) => [
      item,
      [
        resourceText(item, place),
        ...elsewhere.after(item).map(({ text }) => text),
        ...(comments.get(item) ?? []),
      ].join("\n"),
    ]),
  );
  const sections = sectionsOf(own, plan.references).map(({ project, items }) => {
    const title = project ? `Project ${visible(nameOf(project) ?? "")}` : "The server";
    return `${comment(title)}\n${items.map((item) => texts.get(item)).join("\n")}`;
  });
  const body = [...sections, ...(comments.get(undefined) ?? [])].join("\n");
  files.set("index.ts", `${header(body, source)}\n${body}`);
  return files;
}

/** Returns the comments about skipped objects by the item that they belong to; undefined for the end. */
function skippedAt(
  { skipped, defaults }: Plan,
  items: readonly Item[],
): ReadonlyMap<Item | undefined, readonly string[]> {
  const placeOf = (parent: string | undefined): Item | undefined => {
    if (parent === undefined) return undefined;
    const item = items.find(({ id }) => id === parent || id === defaults.get(parent));
    return item ?? placeOf(skipped.find(({ id }) => id === parent)?.parent);
  };
  const comments = new Map<Item | undefined, string[]>();
  for (const each of skipped) {
    const place = placeOf(each.parent);
    const line = comment(`${labelOf(each)} is not managed: ${each.reason}.`);
    comments.set(place, [`${comments.get(place) ?? ""}${line}`]);
  }
  return comments;
}

function header(body: string, source: SecretSource): string {
  const usesSecrets = source === "env" && body.includes("secretOf(");
  const lines = [
    ...(usesSecrets || body.includes("pulumi.interpolate`")
      ? ['import * as pulumi from "@pulumi/pulumi";']
      : []),
    'import * as dokploy from "pulumi-dokploy";',
    ...(usesSecrets ? ["", secretFunction] : []),
  ];
  return `${lines.join("\n")}\n`;
}

const secretFunction = `/** Returns a secret that the environment gives, such as the CI system. */
function secretOf(name: string): pulumi.Output<string> {
  const value = process.env[name];
  if (value === undefined) throw new Error(\`\${name} is not set.\`);
  return pulumi.secret(value);
}`;

/** Everything that the text of a resource depends on. */
interface Place {
  readonly plan: Plan;
  readonly source: SecretSource;
  readonly files: Files;
  readonly elsewhere: Elsewhere;
  /** Folder of the files, from the program on. */
  readonly folder: string;
  /** Items that others name. */
  readonly used: ReadonlySet<Item>;
}

function resourceText(item: Item, { plan, source, files, elsewhere, used, folder }: Place): string {
  const { references, names, secrets, addresses } = plan;
  const { resource = "", variable = "" } = names.get(item) ?? {};
  const standing = {
    references: references.of(item),
    secretName: (path: readonly PropertyKey[]) => secrets.nameOf(item, path),
    placesIn: (path: readonly PropertyKey[]) => secrets.placesIn(item, path),
    piecesAt: (path: readonly PropertyKey[]) => addresses.piecesAt(item, path),
  };
  const inputs: Expression = expressionOf(item, standing);
  const writing: Writing = {
    reference: ({ reference: { to, output } }) =>
      elsewhere.has(to) ? elsewhere.reference(to) : `${names.get(to)?.variable}.${output}`,
    resource: (to) => names.get(to)?.variable ?? "",
    secret: (name) =>
      source === "config"
        ? `dokploy.configSecret(${literal(name)})`
        : `secretOf(${literal(variableOf(name))})`,
    composeFile: (text) => `${folder}${fileIn(files, `compose/${resource}.yaml`, text)}`,
    text: (text, file) => `${folder}${fileIn(files, `files/${resource}/${file}`, text)}`,
    image: (image) => `${folder}${pathOfImage(resource, image)}`,
  };
  const isNamed = used.has(item);
  const start = `${isNamed ? `const ${variable} = ` : ""}new dokploy.${item.kind}(${literal(resource)}, `;
  const notes = item.notes.map((note) => comment(note)).join("");
  // An update or `destroy` that would delete it fails: a new one of the same name has a volume of its own.
  const options = isDatabase(targetOf(item.kind) ?? "") ? ", { protect: true }" : "";
  return `${notes}${start}${print(inputs, writing, 0, start.length + options.length + 2)}${options});\n`;
}

/** Returns the images that a program reads, by the paths of their files. */
export function imagesOf(
  { items, names }: Plan,
  elsewhere: Pick<Elsewhere, "has"> = nowhere,
): Map<string, Buffer> {
  return new Map(
    items.flatMap((item) => {
      const image = elsewhere.has(item) ? undefined : iconOf(item);
      return image ? [[pathOfImage(names.get(item)?.resource ?? "", image), image.bytes] as const] : [];
    }),
  );
}

function pathOfImage(resource: string, { ending }: Image): string {
  return `icons/${resource}${ending}`;
}
