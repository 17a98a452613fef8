import type { Emulator } from "../../emulator";
import type { TaskSpec } from "../../emulator/instance/containers";
import type { Repository } from "../../emulator/instance/git";
import type { ConnectionKind, Instance } from "../../emulator/instance/instance";
import type { Row } from "../../emulator/instance/rows";
import { simpleObjects } from "../../emulator/instance/simple-rows";

type ById<T> = Readonly<Record<string, T>>;

/**
 * What an emulated server holds while nothing is being built, as plain JSON: a file of test data from which another one
 * goes on. Logs of deployments, faults and what a test set of outcomes and behaviours are no part of it.
 */
export interface Content {
  /** Rows by their table, and by their id in it, in the order of their creation. */
  readonly rows: ById<ById<Row>>;
  readonly connections: ById<ConnectionKind>;
  /** What runs, by the id of the service, as the following are too. */
  readonly containers: ById<Deployed>;
  readonly takenUp: ById<Row>;
  readonly checkouts: ById<Repository>;
  readonly builtImages: readonly string[];
  /** Contents of files by their path. */
  readonly folders: ById<ById<string>>;
}

/** What runs for one service, as one that starts anew needs it. */
interface Deployed {
  readonly appName: string;
  readonly env: Readonly<Record<string, string>>;
  readonly fingerprint: string;
  readonly specs: readonly TaskSpec[];
}

/** A copy, which later calls do not change. */
export function contentOf({ instance }: Emulator): Content {
  const tables = Object.entries(tablesOf(instance)).filter(([, rows]) => rows.size > 0);
  return structuredClone({
    rows: Object.fromEntries(tables.map(([name, rows]) => [name, Object.fromEntries(rows)])),
    connections: Object.fromEntries(instance.connections),
    containers: Object.fromEntries(
      tables.flatMap(([, rows]) => [...rows.keys()].flatMap(runningAs(instance))),
    ),
    takenUp: Object.fromEntries(instance.takenUp),
    checkouts: Object.fromEntries(instance.checkouts),
    builtImages: [...instance.builtImages],
    folders: Object.fromEntries(
      [...instance.folders].map(([id, files]) => [id, Object.fromEntries(files)] as const),
    ),
  });
}

/** Puts it into a server that holds nothing yet. */
export function fill({ instance }: Emulator, content: Content): void {
  const { rows, connections, containers, takenUp, checkouts, builtImages, folders } =
    structuredClone(content);
  const tables = tablesOf(instance);
  for (const [name, byId] of Object.entries(rows)) {
    for (const [id, row] of Object.entries(byId)) tables[name]?.set(id, row);
  }
  for (const [id, kind] of Object.entries(connections)) instance.connections.set(id, kind);
  for (const [id, { appName, env, fingerprint, specs }] of Object.entries(containers))
    instance.containers.update(id, appName, specs, { ...env }, { fingerprint });
  for (const [id, lists] of Object.entries(takenUp)) instance.takenUp.set(id, lists);
  for (const [id, repository] of Object.entries(checkouts)) instance.checkouts.set(id, repository);
  for (const id of builtImages) instance.builtImages.add(id);
  for (const [id, files] of Object.entries(folders)) {
    instance.folders.set(id, new Map(Object.entries(files)));
  }
}

function tablesOf(instance: Instance): Record<string, Map<string, Row>> {
  const simple = Object.keys(simpleObjects).map((router) => [router, instance.simple(router)] as const);
  return { ...(instance.tables as Record<string, Map<string, Row>>), ...Object.fromEntries(simple) };
}

function runningAs({ containers }: Instance): (id: string) => [string, Deployed][] {
  return (id) => {
    const running = containers.get(id);
    if (!running) return [];
    const { appName, fingerprint, env, file = env, swarm, tasks } = running;
    const inSwarm = [...swarm].flatMap(([name, service]): TaskSpec[] => {
      const { image, env } = service.current;
      const place = name === "" ? { composeService: undefined } : { composeService: name, isStack: true };
      const live = service.tasks.filter(({ desired }) => desired !== "shutdown");
      const slots = [...new Set(live.map(({ slot }) => slot))].sort((a, b) => a - b);
      return slots.map((slot) => ({ slot, ...place, image, env }));
    });
    const byCompose = tasks
      .filter(({ isCompose, desired }) => isCompose && desired === "running")
      .map(({ slot, composeService, version: { image, env } }) => ({ slot, composeService, image, env }));
    return [[id, { appName, env: file, fingerprint, specs: [...inSwarm, ...byCompose] }]];
  };
}
