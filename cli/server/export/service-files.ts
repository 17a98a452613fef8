import { SERVICES, type ServiceKind } from "../../../provider/dokploy";
import { isDatabase, targetOf } from "../../../provider/schema";
import { appFileName, attachedLists } from "../../../sdk/repository";
import { type Entry, type Expression, expressionOf, type Standing } from "./expression";
import type { Item } from "./item";
import type { Plan } from "./plan";
import type { SecretSource } from "./program";
import type { References } from "./references";
import { variableOf } from "./secrets";
import { refTo } from "./service-refs";
import { fileIn } from "./texts";
import { type YamlWriting, yamlFile } from "./yaml";

type List = (typeof attachedLists)[number];

/** A service with its own folder. */
export interface ServiceFolder {
  readonly item: Item;
  readonly name: string;
  readonly attached: readonly Attached[];
}

/** An object of a service that its file lists. */
export interface Attached {
  readonly list: List;
  readonly item: Item;
  readonly label: string;
}

/** Files of a service. */
export interface ServiceFiles {
  /** Texts by their paths in the folder of the service. */
  readonly texts: ReadonlyMap<string, string>;
  readonly images: ReadonlyMap<string, Buffer>;
  /** File of its variables; undefined for a kind of service without variables. */
  readonly env: string | undefined;
}

/** Name of the compose file of a service. */
export const composeFile = "compose.yaml";

/** Inputs that the repository gives in other ways. */
const elsewhere = new Set(["environmentId", "name", "env", "source"]);

/** Returns the files of a service. */
export function filesOf(service: ServiceFolder, plan: Plan, source: SecretSource): ServiceFiles {
  const { item, attached } = service;
  const kind = targetOf(item.kind) as ServiceKind;
  const inputs = new Map(expressionOf(item, standingOf(item, plan)).entries);
  const from = inputs.get("source");
  const lists = attachedLists.flatMap((list): Entry[] => {
    const items = attached.filter((each) => each.list === list).map((each) => attachedExpression(each, plan));
    return items.length === 0 ? [] : [[list, { type: "list", items }]];
  });
  const entries: Entry[] = [
    ["kind", { type: "plain", value: kind }],
    ...(isDatabase(kind) ? [["protect", { type: "plain", value: true }] as Entry] : []),
    ...sourceEntries(from),
    ...[...inputs].filter(([name]) => !elsewhere.has(name)),
    ...lists,
  ];
  const others = attached.flatMap((each) => each.item.notes.map((note) => `${each.list}: ${note}`));
  const notes = [...item.notes, ...others];
  const inside = new Map<string, string>();
  const images = new Map<string, Buffer>();
  const writing: YamlWriting = {
    ...writingOf(plan, source),
    file: (text, name) => fileIn(inside, `files/${name}`, text),
    image({ bytes, ending }) {
      images.set(`icon${ending}`, bytes);
      return `icon${ending}`;
    },
  };
  const app = yamlFile({ type: "record", entries }, writing, notes);
  const hasVariables = inputs.has("env") || !Object.hasOwn(SERVICES[kind], "port");
  const compose = from?.type === "composeFile" && from.places.size === 0 ? from.text : undefined;
  return {
    texts: new Map([
      [appFileName, app],
      ...(compose === undefined ? [] : [[composeFile, compose] as const]),
      ...inside,
    ]),
    images,
    env: hasVariables ? variablesOf(item, plan, source) : undefined,
  };
}

function sourceEntries(from: Expression | undefined): Entry[] {
  if (from === undefined || from.type === "composeFile") return [];
  if (from.type !== "record") return [["source", from]];
  const [[first, type] = ["", undefined], [second, image] = ["", undefined], ...more] = from.entries;
  const isImage = first === "type" && type?.type === "plain" && type.value === "docker" && second === "image";
  return isImage && image && more.length === 0 ? [["image", image]] : [["source", from]];
}

/** Returns an item of a list, with the name of its destination. */
function attachedExpression({ item }: Attached, plan: Plan): Expression {
  const { entries } = expressionOf(item, standingOf(item, plan));
  const parent = plan.references.parentOf(item);
  const isParent = (value: Expression) => value.type === "reference" && value.reference.to === parent;
  return {
    type: "record",
    entries: entries.flatMap(([name, value]): Entry[] => {
      if (isParent(value)) return [];
      const destination = name === "destinationId" ? destinationOf(item, plan.references) : undefined;
      if (destination === undefined) return [[name, value]];
      return [["destination", { type: "plain", value: plan.names.get(destination)?.resource ?? "" }]];
    }),
  };
}

/** Returns the file with the variables of an item. */
export function variablesOf(item: Item, plan: Plan, source: SecretSource): string {
  const env = new Map(expressionOf(item, standingOf(item, plan)).entries).get("env");
  if (env?.type !== "record" || env.entries.length === 0) return "# No variables.\n";
  return yamlFile(env, { ...writingOf(plan, source), file: () => undefined, image: () => undefined });
}

function standingOf(item: Item, { references, secrets, addresses }: Plan): Standing {
  return {
    references: references.of(item),
    secretName: (path) => secrets.nameOf(item, path),
    placesIn: (path) => secrets.placesIn(item, path),
    piecesAt: (path) => addresses.piecesAt(item, path),
  };
}

function writingOf({ names }: Plan, source: SecretSource): Omit<YamlWriting, "file" | "image"> {
  return {
    address: (pieces) => refTo(pieces) ?? "",
    reference: ({ reference: { to } }) => ({ id: to.id, note: `${to.kind} ${names.get(to)?.resource}` }),
    secret: (name) =>
      source === "config" ? { tag: "!secret", name } : { tag: "!env", name: variableOf(name) },
  };
}

/** Returns the destination of an item. */
export function destinationOf(item: Item, references: References): Item | undefined {
  return references.of(item).get('["destinationId"]')?.to;
}
