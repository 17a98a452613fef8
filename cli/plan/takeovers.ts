import { type GivenNames, saysNothingToChange, saysTakenOver } from "../../provider/resources/takeover";
import { textFields } from "../../provider/resources/targets/kinds";
import { targetOf } from "./effect";
import { messages } from "./messages";
import { type Preview, parseUrn, type Step, typePrefix } from "./preview";
import { isRecord, isSecret } from "./values";

/** What the plan creates though it exists already as the program gives it: the provider looked, and said so. */
export interface Takeovers {
  /** True when taking over this resource changes and deploys nothing. */
  has(urn: string): boolean;
  /** True for a message that says no more than this. */
  isToldBy(message: string): boolean;
}

export function takeoversIn({ steps, diagnostics }: Preview): Takeovers {
  const notices = messages(diagnostics, "info").map(({ text }) => text);
  const warnings = messages(diagnostics, "warning").map(({ text }) => text);
  const created = steps.filter(({ op }) => op === "create");
  const urns = new Set<string>();
  const told = new Set<string>();
  for (const { urn, newState } of created) {
    const adopted = newState?.inputs["import"];
    if (typeof adopted !== "string" || adopted === "") continue;
    const message = warnings.find((text) => saysNothingToChange(text, adopted));
    if (message === undefined) continue;
    urns.add(urn);
    told.add(message);
  }
  const blocks = created.filter(({ urn }) => parseUrn(urn)?.type === `${typePrefix}EnvironmentBlock`);
  for (const block of blocks) {
    const id = idOf(block);
    if (id === undefined) continue;
    const said = notices.filter((text) => saysTakenOver(text, id, namesIn(block)));
    // Of blocks whose names are not known, nobody can tell which of them a message means, unless it is all.
    const others = blocks.filter((other) => idOf(other) === id);
    const isTold = isNamed(block) ? said.length > 0 : said.length >= others.length;
    if (isTold) urns.add(block.urn);
  }
  return { has: (urn) => urns.has(urn), isToldBy: (message) => told.has(message) };
}

function idOf({ newState }: Step): string | undefined {
  const id = targetOf(newState?.inputs ?? {})?.id;
  return typeof id === "string" ? id : undefined;
}

/** The names of the variables that a block gives, where the plan shows them. */
function namesIn({ newState }: Step): GivenNames {
  return Object.fromEntries(
    textFields.flatMap((field) => {
      const given = newState?.inputs[field];
      if (given === undefined) return [];
      return [[field, isRecord(given) && !isSecret(given) ? Object.keys(given) : undefined]];
    }),
  );
}

function isNamed(block: Step): boolean {
  return Object.values(namesIn(block)).every((names) => names !== undefined);
}
