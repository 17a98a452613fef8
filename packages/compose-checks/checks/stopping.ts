import { entryAt, itemsOf, type MapNode, type Node, settledAt, textAt } from "../yaml";
import { copies } from "./consistency";
import { readDocument } from "./document";
import { environmentsOf } from "./environments";
import { resolved } from "./resolved";
import { ComposeVariables, servicesOf } from "./subject";

/** A stack as Dokploy deploys it. */
interface Stack {
  readonly composeFile: string;
  /** Variables as a container sees them; undefined for a value that is not known. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly createEnvFile: boolean;
}

/** A service of a stack. */
interface Deployed {
  /** All that the file says of it, with its variables, as one text. */
  readonly text: string;
  /** The part of it from which Swarm makes the containers. */
  readonly template: string;
  readonly isStopped: boolean;
}

/**
 * Lists the services of a stack whose containers Swarm stops before it starts the new ones. It keeps those of a service
 * that changes in how many of them it has, or in how they are updated. If neither the file nor the variables change a
 * service, something else does, which can be any of them.
 */
export function stoppedFirst(before: Stack, after: Stack): string[] {
  const old = servicesBy(before);
  const now = [...servicesBy(after)];
  const changed = now.filter(([name, { text }]) => old.get(name)?.text !== text);
  const isSame = changed.length === 0 && now.length === old.size;
  return (isSame ? now : changed)
    .filter(([name, { isStopped, template }]) => {
      const former = old.get(name);
      return isStopped && former !== undefined && (isSame || former.template !== template);
    })
    .map(([name]) => name)
    .sort();
}

function servicesBy({ composeFile, variables, createEnvFile }: Stack): ReadonlyMap<string, Deployed> {
  const document = readDocument(composeFile.replace(/^\uFEFF/, ""), true);
  if (!("root" in document)) return new Map();
  const environments = environmentsOf(composeFile, variables, createEnvFile);
  const root = resolved(document.root, new ComposeVariables(variables), true);
  return new Map(
    servicesOf(root, () => true).map(({ name, node }) => [
      name,
      {
        text: JSON.stringify([plain(node), environments[name]]),
        template: JSON.stringify([plain(withoutScaling(node)), environments[name]]),
        isStopped: isStopped(node),
      },
    ]),
  );
}

/** Fields of `deploy` whose change replaces no container. */
const scaling: ReadonlySet<string> = new Set(["labels", "replicas", "rollback_config", "update_config"]);

function withoutScaling(service: MapNode): MapNode {
  const others = [...service.entries].flatMap(([name, entry]) => {
    if (name !== "deploy" || entry.value.kind !== "map") return [[name, entry] as const];
    const entries = new Map([...entry.value.entries].filter(([field]) => !scaling.has(field)));
    return entries.size > 0 ? [[name, { ...entry, value: { ...entry.value, entries } }] as const] : [];
  });
  return { ...service, entries: new Map(others) };
}

/** True when no container of the service is left while the new ones start. */
function isStopped(service: MapNode): boolean {
  if (textAt(service, "deploy", "update_config", "order") === "start-first") return false;
  // Swarm never has two containers with the same port of a machine.
  if (itemsOf(entryAt(service, "ports")?.value).some((port) => textAt(port, "mode") === "host")) return true;
  const count = textAt(service, "deploy", "mode") === "global" ? 1 : (copies(service) ?? 1);
  const atOnce = Number(settledAt(service, "deploy", "update_config", "parallelism") ?? 1);
  return count > 0 && (atOnce === 0 || count <= atOnce);
}

/** Returns a node as a value that depends neither on the order of keys nor on the way in which a text is written. */
function plain(node: Node): unknown {
  if (node.kind === "scalar") return node.text;
  if (node.kind === "list") return node.items.map(plain);
  const entries = [...node.entries.values()].map(({ key, value }) => [key, plain(value)] as const);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1));
}
