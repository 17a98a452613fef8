import { parseUrn } from "../../provider/pulumi/urn";
import { textFields } from "../../provider/schema/kinds";
import {
  asTheyAre,
  type GivenNames,
  readNothingToChange,
  readTakenOver,
} from "../../provider/services/takeover";
import { targetOf } from "./effect";
import { roleOf } from "./kinds";
import { messages } from "./messages";
import type { Preview, Step } from "./preview";
import { isRecord, isSecret } from "./values";

/** Resources that the plan creates although they exist as the program gives them, as the provider reported. */
export interface Takeovers {
  /** True when adopting this resource changes and deploys nothing. */
  has(urn: string): boolean;
  /** True for a message that reports only this. */
  isToldBy(message: string): boolean;
}

/** Finds these resources by the provider's messages in a preview. */
export function takeoversIn({ steps, diagnostics }: Preview): Takeovers {
  /** Readable names of variables in the messages, by the id of the adopted object. */
  const notices = new Map<string, string[]>();
  for (const { text } of messages(diagnostics, "info")) {
    const { id, words } = readTakenOver(text) ?? {};
    if (id !== undefined && words !== undefined) add(notices, id, words);
  }
  /** The messages by the id of the adopted object. */
  const adoptions = new Map<string, string>();
  for (const { text } of messages(diagnostics, "warning")) {
    const id = readNothingToChange(text);
    if (id !== undefined) adoptions.set(id, text);
  }
  const urns = new Set<string>();
  const told = new Set<string>();
  const blocks = new Map<string, Step[]>();
  for (const step of steps) {
    if (step.op !== "create") continue;
    const adopted = step.newState?.inputs["import"];
    const message = typeof adopted === "string" ? adoptions.get(adopted) : undefined;
    if (message !== undefined) {
      urns.add(step.urn);
      told.add(message);
    }
    const { kind } = parseUrn(step.urn) ?? {};
    const id = kind !== undefined && roleOf(kind) === "variables" ? idOf(kind, step) : undefined;
    if (id !== undefined) add(blocks, id, step);
  }
  for (const [id, ofId] of blocks) {
    const said = notices.get(id) ?? [];
    const words = new Set(said);
    for (const block of ofId) {
      const names = namesIn(block);
      const isNamed = Object.values(names).every((each) => each !== undefined);
      // If the names of a block are unknown, a message belongs to it only when it covers all blocks of the id.
      if (isNamed ? words.has(asTheyAre(names)) : said.length >= ofId.length) urns.add(block.urn);
    }
  }
  return { has: (urn) => urns.has(urn), isToldBy: (message) => told.has(message) };
}

function add<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}

function idOf(kind: string, { newState }: Step): string | undefined {
  const id = targetOf(kind, newState?.inputs ?? {})?.id;
  return typeof id === "string" ? id : undefined;
}

/** Returns the names of the variables that a block gives, where the plan shows them. */
function namesIn({ newState }: Step): GivenNames {
  return Object.fromEntries(
    textFields.flatMap((field) => {
      const given = newState?.inputs[field];
      if (given === undefined) return [];
      return [[field, isRecord(given) && !isSecret(given) ? Object.keys(given) : undefined]];
    }),
  );
}
