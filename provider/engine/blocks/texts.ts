import { type EnvMap, equalEnv, mergeEnv, readEnv, writeEnv } from "../../env";
import type { Context } from "../../lifecycle";
import { isRecord } from "../../pulumi";
import { type Field, kindAndId, kindOf, type Texts, textFields } from "../../schema";
import { type EnvHost, rulesOf, type Service, textKey } from "../variable-targets/host";
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

/** Returns the former inputs without the names that the block gives up and another resource of the run now has. */
export function withoutMoved(
  { kind, id }: EnvHost,
  olds: BlockInputs,
  news: BlockInputs,
  { run }: Pick<Context, "run">,
): BlockInputs {
  const remaining = textFields.flatMap((field) => {
    const had = olds[field];
    if (had === undefined) return [];
    const given = news[field] ?? {};
    const dropped = Object.keys(had).filter((key) => !Object.hasOwn(given, key));
    const mine = run.ownership.unclaimed(textKey(kind, id, field), dropped);
    const isKept = (key: string) => Object.hasOwn(given, key) || mine.includes(key);
    return [[field, Object.fromEntries(Object.entries(had).filter(([key]) => isKept(key)))]];
  });
  return { ...olds, ...Object.fromEntries(remaining) };
}

/** Returns the texts that are about to be saved, as a deployment reads them. */
export function newTexts(service: Service, texts: Texts, news: BlockInputs): NewText[] {
  return textFields.flatMap((field) => {
    const text = texts[field];
    if (text === undefined) return [];
    return [
      {
        input: field,
        text: field === "env" ? service.read(text) : text,
        target: rulesOf(service, field),
        owned: Object.keys(news[field] ?? {}),
      },
    ];
  });
}

/** Returns the text that the service should have; undefined when it already has it. */
export function nextText(
  host: EnvHost,
  news: BlockInputs,
  olds: BlockInputs | undefined,
  field: Field,
): string | undefined {
  const wanted = news[field];
  const text = host.texts[field] ?? "";
  const rules = rulesOf(host, field);
  const before = readEnv(text, rules);
  const given: EnvMap = wanted ?? {};
  const dropped = Object.keys(olds?.[field] ?? {}).filter((key) => !Object.hasOwn(given, key));
  if (wanted !== undefined && news.mode !== "additive") {
    return equalEnv(before, wanted) ? undefined : writeEnv(wanted, rules);
  }
  const stale = dropped.filter((key) => Object.hasOwn(before, key));
  const fresh = Object.fromEntries(Object.entries(given).filter(([key, value]) => before[key] !== value));
  if (stale.length === 0 && Object.keys(fresh).length === 0) return undefined;
  return mergeEnv(text, fresh, stale, rules);
}
