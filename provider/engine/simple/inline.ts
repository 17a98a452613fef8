import type { z } from "zod";
import { someOf, visible } from "../../../packages/text";
import { isRecord, type Values } from "../../../packages/values";
import type { DeploymentRow } from "../../dokploy";
import { type Problem, UserError } from "../../errors";
import type { Context } from "../../lifecycle";
import { unmarked } from "../../pulumi";
import { type Apply, type Change, pathText, stronger } from "../../schema";
import { reconcile } from "../adoption/reconcile";
import { isSurelyApplied, madeAt } from "./applying";
import { clashesWithin, isInTheWay, refuseClashes } from "./clashes";
import { listsIn } from "./lists";
import { byId, find } from "./matching";
import type { Model, Owner } from "./model";
import type { Row } from "./objects";
import type { ListingKind } from "./parents";
import { type PartIds, PartsError, type PartsOwner, type PartsState, type SavedParts } from "./parts-state";
import { Progress } from "./progress";
import { saveLater, writeOf } from "./saving";

/** The parts that a service lists among its inputs, each under its name: `domains["shop.example.com/"]`. */
export class InlineParts {
  private readonly lists: ReadonlyMap<string, Model>;

  constructor(
    private readonly service: ListingKind,
    schema: z.ZodObject,
  ) {
    this.lists = listsIn(schema);
  }

  /** Returns the parts in the state of the service. */
  stateOf(inputs: object, partIds: PartIds = {}): PartsState {
    const lists = Object.entries(inputs).filter(([name, map]) => this.lists.has(name) && isRecord(map));
    return { lists: Object.fromEntries(lists) as PartsState["lists"], partIds };
  }

  /** Returns the lists that the inputs give, without any part, because nothing is saved yet. */
  none(inputs: object): PartsState["lists"] {
    const given = [...this.lists.keys()].filter((list) => (inputs as Values)[list] !== undefined);
    return Object.fromEntries(given.map((list) => [list, {}]));
  }

  /** Returns violations of the rules in their definitions, and duplicates. */
  problems(inputs: object): Problem[] {
    // The id of the service does not matter here.
    return this.given("", inputs).flatMap(({ list, model, parts }) => {
      const names = new Map<string, string>();
      const ofEach = [...parts].flatMap(([name, part]) => {
        const own = model.problems(part).map(({ property, reason }) => ({
          property: `${pathText([list, name])}.${property}`,
          reason,
        }));
        const { key } = model.place(part) ?? {};
        const duplicate = key === undefined ? undefined : names.get(key);
        if (key !== undefined) names.set(key, name);
        if (duplicate === undefined) return own;
        const reason = `is the same ${model.spec.kind} as ${pathText([list, duplicate])}: keep one of the two`;
        return [...own, { property: pathText([list, name]), reason }];
      });
      return [...ofEach, ...clashesWithin(model, list, parts)];
    });
  }

  /** Returns warnings about the parts, as sentences. */
  warnings(inputs: object, owner: Owner, run: Context["run"]): string[] {
    const { serverId: server } = inputs as { serverId?: string };
    return this.given("", inputs).flatMap(({ model, parts }) =>
      [...parts.values()].flatMap((part) => model.warnings(part, { server, ...owner }, run)),
    );
  }

  /** Returns the parts of these inputs as the service has them, without parts that somebody else created. */
  readBack({ id, row }: PartsOwner, inputs: object, partIds: PartIds): PartsState {
    const lists: Record<string, Values> = {};
    const ids: Record<string, Record<string, string>> = {};
    for (const [list, model] of this.lists) {
      const rows = this.rowsIn(row, model);
      // Parts of a run that failed before the end have only an id.
      const there = Object.entries(partIds[list] ?? {}).filter(([, partId]) => byId(model, rows, partId));
      if (there.length > 0) ids[list] = Object.fromEntries(there);
    }
    for (const { list, model, parts } of this.given(id, inputs)) {
      const found = find(model, this.rowsIn(row, model), parts, partIds[list]);
      lists[list] = Object.fromEntries(
        [...found].map(([name, live]) => [
          name,
          this.withoutService(model.mapping.readBack(live, parts.get(name) ?? {})),
        ]),
      );
      ids[list] = {
        ...ids[list],
        ...Object.fromEntries([...found].map(([name, live]) => [name, model.objects.idOf(live)])),
      };
    }
    return { lists, partIds: ids };
  }

  /** Returns the row with parts that a separate call lists, which is made if the inputs or the state have such. */
  async whole<R extends object>(
    { id, row }: PartsOwner & { readonly row: R },
    inputs: object,
    partIds: PartIds = {},
    api: Context["api"],
  ): Promise<R> {
    const separate = [...this.lists].filter(
      ([list, { spec }]) =>
        spec.all && ((inputs as Values)[list] !== undefined || partIds[list] !== undefined),
    );
    const all = separate.map(
      async ([list, { objects }]) =>
        [list, await objects.listedSeparately({ kind: this.service, id }, api)] as const,
    );
    return { ...row, ...Object.fromEntries(await Promise.all(all)) };
  }

  /** Returns the row of the service with its parts as a check for drift sees them. */
  async liveRow<R extends object>(row: R, inputs: object, partIds: PartIds, api: Context["api"]): Promise<R> {
    const lists = this.given("", inputs).filter(({ model }) => model.elsewhere);
    const all = lists.map(async ({ list, model, parts }) => {
      const { rows, reserved } = model.listedBy(row as Row);
      const ours = new Set(find(model, rows, parts, partIds[list]).values());
      const look = async (live: Row) => (ours.has(live) ? await model.liveRow(live, api, row as Row) : live);
      return [list, [...reserved, ...(await Promise.all(rows.map(look)))]] as const;
    });
    return { ...row, ...Object.fromEntries(await Promise.all(all)) };
  }

  /**
   * Returns the action that is needed for existing parts that were created after the newest deployment that succeeded.
   * A part without a time in its row counts as old as its service.
   */
  unapplied({ id, row }: PartsOwner, inputs: object): Apply {
    const { deployments = [] } = row as { deployments?: readonly DeploymentRow[] };
    return this.given(id, inputs)
      .flatMap(({ model, parts }) =>
        [...find(model, this.rowsIn(row, model), parts, undefined)].map(([name, live]) =>
          madeAt(live) === undefined || isSurelyApplied(live, deployments)
            ? "none"
            : model.needOf(parts.get(name) ?? {}),
        ),
      )
      .reduce<Apply>(stronger, "none");
  }

  /** Reports which parts of the service are adopted, and which others of the same kinds stay as they are. */
  async previewChanges(
    { id, row }: PartsOwner,
    label: string,
    inputs: object,
    changes: readonly Change[],
    { run, warn, inform, adoptUnchanged }: Context,
  ): Promise<void> {
    for (const { list, model, parts } of this.given(id, inputs)) {
      const change = changes.find(({ path }) => path === list);
      if (change === undefined) continue;
      const { added = [], removed = [] } = change.keys ?? {};
      const { rows, reserved } = model.listedBy(row as Row);
      const found = find(model, rows, parts, undefined);
      const going = (live: Row) => removed.includes(this.nameOf(model, live));
      const others = rows.filter((live) => ![...found.values()].includes(live) && !going(live));
      refuseClashes(model, list, parts, { others, reserved, owner: row as Row }, run);
      const taken = added.flatMap((name) => {
        const live = found.get(name);
        if (live === undefined) return [];
        const wanted = parts.get(name) ?? {};
        const paths = model.mapping
          .changes(model.mapping.readBack(live, wanted), wanted)
          .map(({ path }) => path);
        if (adoptUnchanged && paths.length === 0) return [];
        return [`${visible(name)} (${paths.length > 0 ? `changes ${paths.join(", ")}` : "as it is"})`];
      });
      if (taken.length > 0) {
        warn(
          `${label} adopts ${list} that already exist, and removes them when they are no longer listed: ` +
            `${some(taken)}.`,
          "adopts",
        );
      }
      const unheld = await Promise.all(
        others.map(async (live) => {
          const stackResource = await run.ownership.holdings.stackResource(
            model.spec.kind,
            model.objects.idOf(live),
          );
          return stackResource === undefined ? [visible(this.nameOf(model, live))] : [];
        }),
      );
      const strangers = unheld.flat();
      if (strangers.length > 0)
        inform(
          `${label} has ${list} that the program does not list; they stay as they are: ${some(strangers)}.`,
          "unlisted",
        );
    }
  }

  /** Lists the parts of a service that neither these inputs nor other resources of the stack have, by kind and name. */
  async ofOthers({ id, row }: PartsOwner, inputs: object, { api, run }: Context): Promise<string[]> {
    const named = [...this.lists].map(async ([list, model]) => {
      const { spec, objects } = model;
      const all = spec.all ? await objects.listedSeparately({ kind: this.service, id }, api) : undefined;
      const { rows } = model.listedBy((all ? { ...row, [list]: all } : row) as Row);
      const parts = this.given(id, inputs).find((other) => other.list === list)?.parts;
      const ours = new Set(parts && find(model, rows, parts, undefined).values());
      const isOurs = async (live: Row) =>
        ours.has(live) || (await run.ownership.holdings.hasOrWaits(spec.kind, objects.idOf(live)));
      const name = (live: Row) => `the ${spec.kind} ${visible(this.nameOf(model, live))}`;
      return (await Promise.all(rows.map(async (live) => ((await isOurs(live)) ? [] : [name(live)])))).flat();
    });
    return (await Promise.all(named)).flat();
  }

  /**
   * Removes, changes and creates parts until the service has those that the inputs list. Parts that it neither created
   * nor adopted stay.
   *
   * @param olds the parts in the state
   * @throws PartsError when that fails half-way
   */
  async save(service: PartsOwner, news: object, olds: PartsState, context: Context): Promise<SavedParts> {
    const progress = new Progress({ ...olds, lists: { ...this.none(news), ...olds.lists } });
    try {
      for (const [list, model] of this.lists) {
        const given = this.given(service.id, news).find((other) => other.list === list);
        if (given !== undefined || olds.partIds[list] !== undefined)
          await this.saveList(service, list, model, given?.parts ?? new Map(), progress, context);
      }
    } catch (error) {
      throw new PartsError(progress.state(), error);
    }
    return { partIds: progress.state().partIds, isChanged: progress.isChanged };
  }

  /**
   * Parts are removed last: without its only login, an application would be open while the new login is missing. Only
   * a part with a value in common with a new one, which must be distinct, is removed before that.
   */
  private async saveList(
    { id, row }: PartsOwner,
    list: string,
    model: Model,
    wanted: ReadonlyMap<string, Values>,
    progress: Progress,
    context: Context,
  ): Promise<void> {
    const { objects } = model;
    const { api } = context;
    const { rows, reserved } = model.listedBy(row as Row);
    const ids = progress.idsOf(list);
    const found = find(model, rows, wanted, ids);
    const ours = new Set([...Object.values(ids), ...[...found.values()].map((live) => objects.idOf(live))]);
    const others = rows.filter((live) => !ours.has(objects.idOf(live)));
    refuseClashes(model, list, wanted, { others, reserved, owner: row as Row }, context.run);
    const kept = () => new Set([...found.values()].map((live) => objects.idOf(live)));
    const remove = async (name: string, partId: string) => {
      const isThere = !kept().has(partId) && byId(model, rows, partId) !== undefined;
      if (isThere) await objects.remove(partId, api);
      progress.remove(list, name, isThere);
    };
    for (const [name, live] of found) {
      if (!differsForGood(model, live, wanted.get(name) ?? {})) continue;
      if (ids[name] === undefined) throw new UserError(cannotBecome(model, list, name, objects.idOf(live)));
      await objects.remove(objects.idOf(live), api);
      found.delete(name);
      progress.remove(list, name);
    }
    for (const [name, live] of found) {
      const part = wanted.get(name) ?? {};
      const former = progress.partOf(list, name);
      const olds = former && this.ofService(id, former);
      const isTouched = olds === undefined || model.mapping.changes(olds, part).length > 0;
      const place = `${model.spec.router}/${objects.idOf(live)}`;
      const { plan } = await reconcile(
        place,
        async () => live,
        async (row) => ({
          write: await writeOf(model, row, part, { olds, isTouched }, (reason) => reason, context),
        }),
        context,
      );
      progress.put(list, name, objects.idOf(live), this.withoutService(part), plan.write !== undefined);
    }
    const fresh = [...wanted].filter(([name]) => !found.has(name)).map(([, part]) => part);
    for (const [name, partId] of Object.entries(ids)) {
      const live = wanted.has(name) ? undefined : byId(model, rows, partId);
      if (live && fresh.some((part) => isInTheWay(model, live, part))) await remove(name, partId);
    }
    const all = [...rows];
    for (const [name, part] of wanted) {
      if (found.has(name)) continue;
      const parent = { kind: this.service, id };
      const sent = await model.creation(part, context);
      const partId = await context.lock.run(`new ${model.spec.router} of ${this.service}/${id}`, () =>
        objects.create(sent, parent, all, api),
      );
      all.push({ [objects.idColumn]: partId });
      progress.made(list, name, partId);
      await saveLater(model, partId, part, sent, api);
      progress.put(list, name, partId, this.withoutService(part), true);
    }
    for (const [name, partId] of Object.entries(progress.idsOf(list)))
      if (!wanted.has(name)) await remove(name, partId);
  }

  /**
   * Returns the lists that restore the parts from before a save, including adopted ones.
   *
   * @param service with the row as it was then
   */
  asBefore(service: PartsOwner, news: object, olds: PartsState): object {
    const { lists } = this.readBack(service, news, olds.partIds);
    const all = [...this.lists.keys()].filter(
      (list) => lists[list] !== undefined || olds.lists[list] !== undefined,
    );
    // Values from the server are marked for the state, and written back here.
    const plain = (part: unknown) =>
      isRecord(part)
        ? Object.fromEntries(Object.entries(part).map(([name, value]) => [name, unmarked(value)]))
        : part;
    return Object.fromEntries(
      all.map((list) => {
        const parts = Object.entries({ ...olds.lists[list], ...lists[list] });
        return [list, Object.fromEntries(parts.map(([name, part]) => [name, plain(part)]))];
      }),
    );
  }

  /**
   * Waits for parts that are in effect until they work, if the program asks for that.
   *
   * @throws UserError when one does not in time
   */
  async settle(id: string, inputs: object, context: Context): Promise<void> {
    const all = this.given(id, inputs).flatMap(({ model, parts }) =>
      [...parts.values()].map((part) =>
        model.spec.verify?.(part, model.label(part, context.run), context)?.(),
      ),
    );
    await Promise.all(all);
  }

  /** Registers the parts of the service, so that no other resource deletes them. */
  claim(id: string, inputs: object, run: Context["run"]): void {
    for (const { model, parts } of this.given(id, inputs)) {
      for (const part of parts.values()) {
        const { text, key } = model.place(part) ?? {};
        if (text !== undefined && key !== undefined) run.ownership.claim(text, [key]);
      }
    }
  }

  /** Returns the lists that the inputs give, each part with the id of its service, like a separate resource. */
  private given(id: string, inputs: object): { list: string; model: Model; parts: Map<string, Values> }[] {
    return [...this.lists].flatMap(([list, model]) => {
      const map = (inputs as Values)[list];
      if (!isRecord(map)) return [];
      const parts = Object.entries(map).flatMap(([name, part]) =>
        isRecord(part) ? [[name, this.ofService(id, part)] as const] : [],
      );
      return [{ list, model, parts: new Map(parts) }];
    });
  }

  private ofService(id: string, part: Values): Values {
    return { ...part, [`${this.service}Id`]: id };
  }

  private withoutService(part: Values): Values {
    return Object.fromEntries(Object.entries(part).filter(([name]) => name !== `${this.service}Id`));
  }

  private rowsIn(row: object, model: Model): readonly Row[] {
    return model.listedBy(row as Row).rows;
  }

  /** Returns the name of an existing object in a list. */
  private nameOf({ spec, mapping }: Model, live: Row): string {
    const key = Object.fromEntries(spec.key.map((input) => [input, ""]));
    return spec.label(mapping.readBack(live, key));
  }
}

/** True when the object must be replaced, because no change can make it match. */
function differsForGood({ mapping }: Model, live: Row, wanted: Values): boolean {
  return mapping.changes(mapping.readBack(live, wanted), wanted).some(({ replace }) => replace);
}

function cannotBecome({ spec }: Model, list: string, name: string, id: string): string {
  return (
    `${pathText([list, name])}: the service already has such a ${spec.kind} (${id}). This program did not create ` +
    "it, and it cannot be changed in place to match these inputs. Delete it in Dokploy if it is not needed, or " +
    "give this one another name."
  );
}

function some(names: readonly string[]): string {
  return someOf(names, "; ");
}
