import { mayHaveData } from "../../../packages/compose-checks/checks";
import type { ServerTree } from "../../../provider/dokploy";
import { targetOf } from "../../../provider/schema";
import type { StateResource } from "../../stack";
import { Held } from "../export/held";
import { type Item, nameOf, textAt } from "../export/item";
import { rootOf } from "../export/order";
import { defaultEnvironments, References } from "../export/references";
import { type Survey, survey } from "../export/survey";

/** An object of the server, with the resource that has it. */
export interface CoveredObject {
  readonly kind: string;
  readonly name: string;
  readonly id: string;
  readonly project?: string;
  readonly stack?: string;
  readonly resource?: string;
}

/** A backup of a service, or of Dokploy itself. */
export interface BackupOf {
  readonly object: CoveredObject;
  /** The service; undefined for Dokploy itself. */
  readonly of: CoveredObject | undefined;
  /** Cron expression. */
  readonly schedule: string;
  readonly isEnabled: boolean;
}

export interface Coverage {
  readonly objects: readonly CoveredObject[];
  /** Services with data that no enabled backup covers. */
  readonly withoutBackup: readonly CoveredObject[];
  /** Backups, and what they copy. */
  readonly backups: readonly BackupOf[];
  /** Kinds that could not be read, each with the reason. */
  readonly unread: Survey["unread"];
}

/** Compares a server with the resources of stacks. */
export async function coverageOf(
  tree: ServerTree,
  stacks: ReadonlyMap<string, readonly StateResource[]>,
): Promise<Coverage> {
  const { items, unread } = await survey(tree);
  const references = new References(items, await defaultEnvironments(tree));
  const held = [...stacks].map(([stack, resources]) => [stack, new Held(resources)] as const);
  const described = new Map(items.map((item) => [item, describe(item, references, held)]));
  const sorted = [...described].sort(([, a], [, b]) => (sortKey(a) < sortKey(b) ? -1 : 1));
  return {
    objects: sorted.map(([, object]) => object),
    withoutBackup: sorted.flatMap(([item, object]) => (lacksBackup(item, references) ? [object] : [])),
    backups: sorted.flatMap(([item, object]) => {
      if (!isBackup(item)) return [];
      const { schedule, cronExpression, enabled } = item.inputs;
      const parent = references.parentOf(item);
      const of = parent && described.get(parent);
      return [
        { object, of, schedule: String(schedule ?? cronExpression ?? ""), isEnabled: enabled !== false },
      ];
    }),
    unread,
  };
}

function isBackup({ kind }: Item): boolean {
  return kind === "Backup" || kind === "VolumeBackup";
}

function describe(
  item: Item,
  references: References,
  held: readonly (readonly [stack: string, held: Held])[],
): CoveredObject {
  const root = rootOf(item, references);
  const project = root && nameOf(root);
  const [owner] = held.flatMap(([stack, each]) => {
    const resource = each.nameOf(item);
    return resource === undefined ? [] : [{ stack, resource }];
  });
  return {
    kind: item.kind,
    name: nameOf(item) ?? "",
    id: item.id,
    ...(project === undefined ? {} : { project }),
    ...owner,
  };
}

/**
 * True for a database, and for a service with a volume, of which no enabled backup or volume backup makes a copy. A compose
 * service counts unless its file is known and mounts nothing.
 */
function lacksBackup(item: Item, references: References): boolean {
  const target = targetOf(item.kind);
  if (target === undefined || target === "project" || target === "environment") return false;
  const parts = references.items.filter((other) => references.parentOf(other) === item);
  const isCopied = parts.some((part) => isBackup(part) && part.inputs["enabled"] !== false);
  const hasVolume = parts.some(({ inputs }) => inputs["volumeName"] !== undefined);
  const isRaw = textAt(item, ["source", "type"]) === "raw";
  const isWithout =
    target === "application" ||
    (target === "compose" && isRaw && !mayHaveData(textAt(item, ["source", "composeFile"])));
  const hasData = hasVolume || !isWithout;
  return hasData && !isCopied;
}

function sortKey({ project = "", kind, name, id }: CoveredObject): string {
  return JSON.stringify([project, kind, name, id]);
}
