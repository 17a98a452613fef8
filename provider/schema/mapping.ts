import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { containsUnknown, isRecord, isUnknown, type Values } from "../../packages/values";
import { plainDialect, type ServerDialect } from "../dokploy";
import { type EnvDialect, holdsLogin, readEnv, replaceEnv } from "../env";
import { secret } from "../pulumi";
import { type Change, type KeyChanges, keyChanges, stronger } from "./changes";
import { fromColumn, isReset, readBackEnv, same, toColumn } from "./columns";
import {
  applyOf,
  at,
  compiledOnce,
  inArm,
  isArmOf,
  isIdle,
  isShownOtherwise,
  type MappedField,
  presentIn,
  put,
} from "./compile";
import { type ExistingInputs, existingInputs } from "./existing";
import type { Apply, FieldSpec } from "./fields";
import { openTexts, secretTexts } from "./secret-texts";

/**
 * Converts between a resource's inputs and the columns of Dokploy's row. It is compiled once from the schema.
 *
 * An input that the program omits is not managed: it is neither written nor read back. An input that is removed from
 * the program returns to Dokploy's default, unless its column keeps its value (environment texts).
 */
export class Mapping {
  private readonly leaves: readonly MappedField[];

  constructor(
    schema: z.ZodType | readonly MappedField[],
    private readonly dialect: ServerDialect = plainDialect,
  ) {
    this.leaves = schema instanceof z.ZodType ? compiledOnce(schema) : schema;
  }

  /** Returns a mapping for a server with this dialect, which applies to texts of variables. */
  in(dialect: ServerDialect): Mapping {
    return new Mapping(this.leaves, dialect);
  }

  /** Returns the leaves that these inputs use. */
  private present(inputs: object): MappedField[] {
    return presentIn(this.leaves, inputs);
  }

  /** Returns the columns that these inputs set, with their values. */
  columns(inputs: object): Record<string, unknown> {
    return this.written(this.present(inputs), inputs);
  }

  /** Returns the columns of these leaves with their values, or defaults, in the inputs. */
  private written(leaves: readonly MappedField[], inputs: object): Record<string, unknown> {
    return Object.fromEntries(
      leaves
        .filter(({ column }) => column !== undefined)
        .map((leaf) => [leaf.column, this.toColumn(leaf, at(inputs, leaf.path) ?? leaf.reset, inputs)]),
    );
  }

  /**
   * Returns the columns to write so that the row has the values of the program: inputs that differ from the row, and
   * defaults for inputs that `olds` had and `news` lacks.
   */
  delta(row: object, news: object, olds?: object): Record<string, unknown> {
    const observed: Values = { ...row };
    const delta: Record<string, unknown> = {};
    if (olds !== undefined) {
      for (const leaf of this.present(olds)) {
        if (leaf.column === undefined || leaf.reset === undefined || leaf.replace) continue;
        if (inArm(leaf, news) && at(news, leaf.path) !== undefined) continue;
        if (!isReset(leaf, observed[leaf.column])) delta[leaf.column] = leaf.reset;
      }
    }
    for (const leaf of this.present(news)) {
      if (leaf.column === undefined || leaf.replace || leaf.writeOnly) continue;
      delete delta[leaf.column];
      const wanted = at(news, leaf.path);
      if (!same(leaf, this.fromColumn(leaf, observed[leaf.column], news, row), wanted))
        delta[leaf.column] = this.toColumn(leaf, wanted, news, row, observed[leaf.column]);
    }
    return delta;
  }

  /** Returns the columns without a fixed default whose inputs `olds` had and `news` lacks. */
  released(olds: object, news: object): string[] {
    const given = this.present(news).map(({ column }) => column);
    const gone = this.present(olds).filter(({ column }) => !given.includes(column));
    const free = gone.filter(({ reset, env, replace }) => reset === undefined && !env && !replace);
    return free.flatMap(({ column }) => column ?? []);
  }

  /**
   * Returns the inputs as they are in the row, for those that `olds` manages. A value that equals the old input is
   * unchanged. A value that differs came from the server, so it is marked if it is, or may be, a secret.
   */
  readBack<Inputs extends object>(row: object, olds: Inputs): Inputs {
    const observed: Values = { ...row };
    const inputs = structuredClone({ ...olds });
    for (const leaf of this.leaves) {
      if (leaf.column === undefined || leaf.writeOnly) continue;
      if (inArm(leaf, olds)) {
        const old = at(olds, leaf.path);
        if (old === undefined) continue;
        const live = this.fromColumn(leaf, observed[leaf.column], olds, row);
        if (!same(leaf, live, old))
          put(inputs, leaf.path, leaf.env ? readBackEnv(live, old) : guard(leaf, live));
      } else if (leaf.arm && isArmOf(leaf.arm, inputs)) {
        // Somebody switched the union to this member: show its value.
        const live = this.fromColumn(leaf, observed[leaf.column], inputs, row);
        if (live !== undefined && !isReset(leaf, observed[leaf.column])) {
          put(inputs, leaf.path, guard(leaf, live));
        }
      }
    }
    dropUnknownFields(inputs, this.leaves);
    return inputs;
  }

  /** Returns the paths of inputs that differ and only say which checks this package makes, and what it may overwrite. */
  agreements(olds: object, news: object): string[] {
    const [before, after] = [this.present(olds), this.present(news)];
    const own = [...new Set([...before, ...after])].filter(({ checkOnly }) => checkOnly === true);
    return own.filter(({ path }) => !isDeepStrictEqual(at(olds, path), at(news, path))).map(pathOf);
  }

  /** Returns the inputs that differ, with paths down to the keys of maps: `source.image`, `env.LOG_LEVEL`. */
  changes(olds: object, news: object): Change[] {
    const changes: Change[] = [];
    for (const leaf of this.leaves) {
      if (leaf.createOnly || leaf.checkOnly) continue;
      const old = inArm(leaf, olds) ? at(olds, leaf.path) : undefined;
      const now = inArm(leaf, news) ? at(news, leaf.path) : undefined;
      if (old === undefined && now === undefined) continue;
      if (leaf.each) {
        changes.push(...this.changesOfEach(leaf, leaf.each, old, now, news));
        continue;
      }
      if (old !== undefined && now !== undefined && same(leaf, old, now)) continue;
      if (this.isRenamed(leaf, olds, news)) continue;
      // It is removed from the program and keeps its value in Dokploy, so nothing has to take effect.
      const released = now === undefined && leaf.column !== undefined && leaf.reset === undefined;
      const apply = released || isIdle(leaf, old, now) ? "none" : applyOf(leaf, news);
      changes.push({
        ...changeOf(leaf, apply, leaf.env ? keyChanges(old, now) : undefined, old),
        minApply: apply === "none" ? "none" : (leaf.minApply ?? apply),
        replace:
          leaf.replace === true && !containsUnknown(now) && !same(leaf, old ?? leaf.reset, now ?? leaf.reset),
        ...(leaf.replace === true && containsUnknown(now) ? { mayReplace: true as const } : {}),
      });
    }
    return changes;
  }

  /** True when an input and another one with the same column have taken each other's place, with the same value. */
  private isRenamed({ column, former }: MappedField, olds: object, news: object): boolean {
    const names = this.leaves.filter((leaf) => leaf.column === column && column !== undefined);
    if (!former && !names.some((leaf) => leaf.former)) return false;
    const [before, after] = [olds, news].map((inputs) => this.written(presentIn(names, inputs), inputs));
    return isDeepStrictEqual(before, after);
  }

  /** Returns the change of a map of objects: their names, and the strongest action that their changes need. */
  private changesOfEach(
    leaf: MappedField,
    each: readonly MappedField[],
    old: unknown,
    now: unknown,
    news: object,
  ): Change[] {
    const fields = new Mapping(each);
    const sides = (name: string) => [old, now].map((map) => (isRecord(map) ? map[name] : undefined));
    const changesIn = (name: string): Change[] | undefined => {
      const [before, after] = sides(name);
      return isRecord(before) && isRecord(after) ? fields.changes(before, after) : undefined;
    };
    const needOf = (name: string): Apply | undefined => {
      const inner = changesIn(name)?.map(({ apply }) => apply);
      if (inner === undefined)
        return isDeepStrictEqual(...(sides(name) as [unknown, unknown])) ? undefined : applyOf(leaf, news);
      return inner.length === 0 ? undefined : inner.reduce(stronger);
    };
    const keys = keyChanges(old, now, (name) => needOf(name) === undefined);
    const { added, changed, removed } = keys;
    if (!isUnknown(now) && added.length + changed.length + removed.length === 0) return [];
    const isWhole = isUnknown(now) || added.length + removed.length > 0;
    const apply = isWhole
      ? applyOf(leaf, news)
      : changed.map((name) => needOf(name) ?? "none").reduce(stronger);
    if (isUnknown(now)) return [changeOf(leaf, apply, undefined, old)];
    const within = new Map(changed.map((name) => [name, changesIn(name)?.map(({ path }) => path) ?? []]));
    return [{ ...changeOf(leaf, apply, keys, old), within }];
  }

  /** Returns the change of one map of variables, by the keys that differ. */
  changeOf(path: string, keys: KeyChanges): Change {
    const leaf = this.leaves.find((candidate) => pathOf(candidate) === path);
    if (!leaf) throw new Error(`The schema has no input ${path}.`);
    const apply = applyOf(leaf, {});
    return { ...changeOf(leaf, apply, keys, keys), minApply: leaf.minApply ?? apply };
  }

  /** Returns the paths of all inputs that are maps of environment variables: `env`, `preview.env`. */
  variables(): string[] {
    return this.leaves.flatMap((leaf) => (leaf.env ? [pathOf(leaf)] : []));
  }

  /** Returns the paths of inputs that are secrets without a mark: always, or when they contain a login. */
  secretByNature(): Record<"always" | "login", string[]> {
    const marked = (secret: FieldSpec["secret"]) =>
      this.leaves.flatMap((leaf) => (leaf.secret === secret ? [pathOf(leaf)] : []));
    return { always: [...new Set(marked(true))], login: [...new Set(marked("login"))] };
  }

  /** Returns the maps of variables with their targets; `maybe` lists all possible ones while it is unknown. */
  envs(inputs: object, row?: object): EnvInput[] {
    return this.present(inputs).flatMap((leaf) => {
      if (!leaf.env) return [];
      const [target, ...others] = this.targetsOf(leaf.env, inputs, row);
      return [
        {
          path: pathOf(leaf),
          target,
          maybe: [target, ...others],
          value: at(inputs, leaf.path),
          sharesText:
            typeof leaf.sharesText === "function" ? leaf.sharesText(inputs) : leaf.sharesText === true,
        },
      ];
    });
  }

  /** Returns the inputs in the row, or their defaults. Secrets are separate, variables and hidden columns omitted. */
  shown(row: object): Record<"inputs" | "secrets", Record<string, unknown>> {
    const found = { inputs: {}, secrets: {} } as Record<"inputs" | "secrets", Record<string, unknown>>;
    for (const leaf of this.leaves) {
      const { path, column, env, writeOnly, secret, reset } = leaf;
      const [name = ""] = path;
      if (column === undefined || env || writeOnly || !inArm(leaf, found.inputs)) continue;
      if (isShownOtherwise(this.leaves, leaf, found.inputs)) continue;
      const value = this.fromColumn(leaf, at(row, [column]) ?? reset, {}, row);
      const isSecret =
        secret === "login" ? typeof value === "string" && holdsLogin(value) : secret !== undefined;
      const values = found[isSecret ? "secrets" : "inputs"];
      values[name] ??= undefined;
      if (value !== undefined) put(values, path, value);
    }
    return found;
  }

  /** Returns the inputs that a program gives for an existing object, see {@link existingInputs}. */
  existing(row: object, known: object = {}): ExistingInputs {
    return existingInputs(this.leaves, row, known, (leaf, column, inputs) =>
      this.fromColumn(leaf, column, inputs, row),
    );
  }

  /** Returns the columns of some inputs with the values that they have in Dokploy, including defaults. */
  keyed(inputs: object, names: readonly string[]): Record<string, unknown> {
    const named = this.leaves.filter((leaf) => names.includes(pathOf(leaf)));
    return this.written(named, inputs);
  }

  /** Returns the columns with the defaults of inputs that are not given. */
  defaults(inputs: object): Record<string, unknown> {
    const remaining = this.leaves.filter(
      (leaf) => leaf.column !== undefined && leaf.reset !== undefined && at(inputs, leaf.path) === undefined,
    );
    return Object.fromEntries(
      remaining.filter((leaf) => inArm(leaf, inputs)).map((leaf) => [leaf.column, leaf.reset]),
    );
  }

  /** Returns the inputs that Dokploy never returns, as changes, because its values are unknown. */
  hidden(inputs: object): Change[] {
    return this.changes({}, inputs).filter(({ path }) =>
      this.leaves.some((leaf) => leaf.writeOnly && pathOf(leaf) === path),
    );
  }

  /** Returns the columns of these inputs that Dokploy never returns. */
  writeOnly(inputs: object): Record<string, unknown> {
    const hidden = this.present(inputs).filter(({ writeOnly }) => writeOnly);
    return this.written(hidden, inputs);
  }

  /** Returns the columns that are also kept in another place, for inputs that differ from the state. */
  elsewhere(olds: object, news: object): Record<string, unknown> {
    const both = new Set([...this.present(olds), ...this.present(news)]);
    const kept = [...both].filter(({ elsewhere }) => elsewhere);
    const differs = (leaf: MappedField) => !same(leaf, at(olds, leaf.path), at(news, leaf.path));
    return this.written(kept.filter(differs), news);
  }

  /** Returns a state without the inputs that Dokploy never returns, so that the next run writes them again. */
  forgetting(state: Values, inputs: object): Values {
    const remaining: Record<string, unknown> = structuredClone({ ...state });
    for (const { path } of this.present(inputs).filter((leaf) => leaf.writeOnly)) {
      if (path.length > 1) put(remaining, path, undefined);
      else remaining[path[0] ?? ""] = undefined;
    }
    return remaining;
  }

  /** Returns the texts of variables in these columns, with the names that the inputs give. */
  texts(
    columns: object,
    inputs: object,
    row?: object,
  ): { input: string; text: string; target: EnvDialect; owned: string[] }[] {
    return this.present(inputs).flatMap((leaf) => {
      const text = leaf.column === undefined ? undefined : at(columns, [leaf.column]);
      if (!leaf.env || typeof text !== "string") return [];
      const [target] = this.targetsOf(leaf.env, inputs, row);
      return [{ input: pathOf(leaf), text, target, owned: Object.keys(at(inputs, leaf.path) ?? {}) }];
    });
  }

  private targetsOf(
    env: NonNullable<MappedField["env"]>,
    inputs: object,
    row: object | undefined,
  ): readonly [EnvDialect, ...EnvDialect[]] {
    const found = typeof env === "function" ? env(inputs, row) : env;
    if (typeof found === "string") return [this.dialect(found)];
    const [first, ...others] = found;
    return [this.dialect(first), ...others.map(this.dialect)];
  }

  /** @param before value of the column; a text of variables keeps its comments */
  private toColumn(
    leaf: MappedField,
    value: unknown,
    inputs: object,
    row?: object,
    before?: unknown,
  ): unknown {
    if (!leaf.env) return toColumn(leaf, value);
    const [target] = this.targetsOf(leaf.env, inputs, row);
    return replaceEnv(typeof before === "string" ? before : "", value as Record<string, string>, target);
  }

  private fromColumn(leaf: MappedField, column: unknown, inputs: object, row: object): unknown {
    if (!leaf.env) return column === null || column === undefined ? undefined : fromColumn(leaf, column, row);
    return readEnv(column as string | null | undefined, this.targetsOf(leaf.env, inputs, row)[0]);
  }

  /** See {@link secretTexts}. */
  secrets(inputs: object, isMarked?: (text: string) => boolean): string[] {
    return secretTexts(this.leaves, inputs, isMarked);
  }

  /** See {@link openTexts}. */
  open(inputs: object): string[] {
    return openTexts(this.leaves, inputs);
  }
}

/** A map of environment variables in a resource's inputs. */
export interface EnvInput {
  path: string;
  target: EnvDialect;
  maybe: readonly EnvDialect[];
  value: unknown;
  /** True when the text may have other variables too. */
  sharesText: boolean;
}

function pathOf({ path }: MappedField): string {
  return path.join(".");
}

function changeOf(leaf: MappedField, apply: Apply, keys: KeyChanges | undefined, old: unknown): Change {
  const [input = ""] = leaf.path;
  const begins = old === undefined ? { begins: true as const } : {};
  return { path: pathOf(leaf), input, apply, minApply: apply, replace: false, keys, ...begins };
}

function guard(leaf: MappedField, live: unknown): unknown {
  return leaf.secret && live !== undefined ? secret(live) : live;
}

/** Removes the fields of the former member after somebody switched a union by hand. */
function dropUnknownFields(inputs: object, leaves: readonly MappedField[]): void {
  for (const leaf of leaves) {
    if (!leaf.arm || inArm(leaf, inputs)) continue;
    const shared = leaves.some((other) => other.path.join() === leaf.path.join() && inArm(other, inputs));
    if (!shared) put(inputs, leaf.path, undefined);
  }
}
