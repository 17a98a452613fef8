import { isRecord } from "../../../packages/values";
import { type EnvMap, equalEnv, mergeEnv, pickEnv, readEnv, replaceEnv } from "../../env";
import type { Context } from "../../lifecycle";
import {
  type Change,
  type Field,
  keyChanges,
  kindAndId,
  kindOf,
  type Mapping,
  type Texts,
  textFields,
} from "../../schema";
import { type Service, textKey, type VariableTarget } from "../variable-targets/host";
import type { NewText } from "../variable-targets/reference-checks";
import type { BlockInputs } from "./model";

/** Registers the variables of the block for the other resources of the run, as far as they are known. */
export function claimTexts(inputs: Pick<BlockInputs, "target" | Field>, { run }: Pick<Context, "run">): void {
  if (kindOf(inputs.target) === undefined) return;
  const { kind, id } = kindAndId(inputs.target);
  for (const field of textFields) {
    const owned = inputs[field];
    if (isRecord(owned)) run.ownership.claim(textKey(kind, id, field), Object.keys(owned));
  }
}

/** The variables that a block gives or gave, in the texts of its target. */
export class OwnVariables {
  /** @param former the block in the state */
  constructor(
    private readonly news: BlockInputs,
    readonly former: BlockInputs | undefined,
  ) {}

  /** Returns them without the names that the block gives up and another resource of the run now has. */
  withoutMoved({ kind, id }: VariableTarget, { run }: Pick<Context, "run">): OwnVariables {
    const { news, former } = this;
    if (former === undefined) return this;
    const remaining = textFields.flatMap((field) => {
      const had = former[field];
      if (had === undefined) return [];
      const given = news[field] ?? {};
      const dropped = Object.keys(had).filter((key) => !Object.hasOwn(given, key));
      const mine = run.ownership.unclaimed(textKey(kind, id, field), dropped);
      const isKept = (key: string) => Object.hasOwn(given, key) || mine.includes(key);
      return [[field, Object.fromEntries(Object.entries(had).filter(([key]) => isKept(key)))]];
    });
    return new OwnVariables(news, { ...former, ...Object.fromEntries(remaining) });
  }

  /** Returns `env.NAME` of all of them. */
  paths(): string[] {
    return textFields.flatMap((field) => this.names(field).map((name) => `${field}.${name}`));
  }

  /** Returns those that a text of the target has now. */
  present({ texts, rules }: Pick<VariableTarget, "texts" | "rules">, field: Field): EnvMap {
    return pickEnv(texts[field] ?? "", this.names(field), rules[field]);
  }

  /** Returns the texts that the target should have, without those that it already has. */
  missing(host: VariableTarget): Texts {
    return textsOf((field) => this.next(host, field));
  }

  /**
   * Returns the texts with the variables as they were before; changes that other resources of the run saved later stay.
   *
   * @param changed texts that the block changed
   */
  restored(host: VariableTarget, before: VariableTarget["texts"], changed: Texts): Texts {
    return textsOf((field) => {
      if (changed[field] === undefined) return undefined;
      if (this.news.mode !== "additive") return before[field] ?? "";
      const had = this.present({ texts: before, rules: host.rules }, field);
      const added = this.names(field).filter((key) => !Object.hasOwn(had, key));
      return mergeEnv(host.texts[field] ?? "", had, added, host.rules[field]);
    });
  }

  /** Returns texts that are about to be saved, as a deployment reads them. */
  asRead(service: Service, texts: Texts): NewText[] {
    return textFields.flatMap((input) => {
      const text = texts[input];
      if (text === undefined) return [];
      return [
        {
          input,
          text: input === "env" ? service.read(text) : text,
          target: service.rules[input],
          owned: Object.keys(this.news[input] ?? {}),
        },
      ];
    });
  }

  private names(field: Field): string[] {
    const maps = [this.news[field], this.former?.[field]];
    return [...new Set(maps.flatMap((map) => Object.keys(map ?? {})))];
  }

  private next({ texts, rules }: VariableTarget, field: Field): string | undefined {
    const wanted = this.news[field];
    const text = texts[field] ?? "";
    const before = readEnv(text, rules[field]);
    if (wanted !== undefined && this.news.mode !== "additive") {
      return equalEnv(before, wanted) ? undefined : replaceEnv(text, wanted, rules[field]);
    }
    const given: EnvMap = wanted ?? {};
    const dropped = Object.keys(this.former?.[field] ?? {}).filter((key) => !Object.hasOwn(given, key));
    const stale = dropped.filter((key) => Object.hasOwn(before, key));
    const fresh = Object.fromEntries(Object.entries(given).filter(([key, value]) => before[key] !== value));
    if (stale.length === 0 && Object.keys(fresh).length === 0) return undefined;
    return mergeEnv(text, fresh, stale, rules[field]);
  }
}

/** Returns the changes that these texts make to those of the target. */
export function changesOf(host: VariableTarget, texts: Texts, mapping: Mapping): Change[] {
  return textFields.flatMap((field) => {
    const next = texts[field];
    if (next === undefined) return [];
    const rules = host.rules[field];
    const live = readEnv(host.texts[field] ?? "", rules);
    return [mapping.changeOf(field, keyChanges(live, readEnv(next, rules)))];
  });
}

function textsOf(textIn: (field: Field) => string | undefined): Texts {
  return Object.fromEntries(
    textFields.flatMap((field) => {
      const text = textIn(field);
      return text === undefined ? [] : [[field, text]];
    }),
  );
}
