import * as pulumi from "@pulumi/pulumi";
import { type FileProblem, Findings, type ReadOptions, type Source } from "../files";
import { failOutput } from "../run";
import type { Checked, ContractFinding, Contracts } from "./contract-check";
import type { EntryValue, FileVariable } from "./entry";
import { managedValue } from "./managers/read";

/** A variable whose value a manager has. */
export type ManagedEntry = FileVariable & { readonly value: Extract<EntryValue, { kind: "managed" }> };

/** Variables of a service, with the results of their check without the values of managers. */
export interface Early {
  readonly managed: readonly ManagedEntry[];
  readonly group: Omit<Checked, "textOf">;
  /** Problems by the contract that were found without the values of managers. */
  readonly found: readonly ContractFinding[];
}

/**
 * Reads the values of managers, all at the same time, and checks them by the contract.
 *
 * @returns secret outputs. An update fails with them; a preview fails at its end, with all problems in one error
 */
export function managedOutputs(
  groups: readonly Early[],
  options: ReadOptions,
  contracts: Contracts,
): ReadonlyMap<FileVariable, pulumi.Output<string>> {
  const entries = groups.flatMap(({ managed }) => managed);
  const texts = read(groups, entries, options, contracts);
  const textOf = (entry: ManagedEntry) =>
    texts.then((known) => known.get(entry) ?? (pulumi.unknown as unknown as string));
  return new Map(entries.map((entry) => [entry, pulumi.secret(textOf(entry))]));
}

async function read(
  groups: readonly Early[],
  entries: readonly ManagedEntry[],
  options: ReadOptions,
  contracts: Contracts,
): Promise<ReadonlyMap<FileVariable, string>> {
  const results = await Promise.all(
    entries.map(async (entry) => ({
      entry,
      found: await managedValue(entry.value, entry.source.path, options),
    })),
  );
  const findings = new Findings();
  const texts = new Map<FileVariable, string>();
  for (const { entry, found } of results) {
    const { key, source, offset } = entry;
    if ("text" in found) texts.set(entry, found.text);
    else findings.add(source, { offset, reason: `${key}: ${found.missing}` });
  }
  for (const { group, found } of groups) {
    const before = new Set(found.map(lineOf));
    const now = contracts.check({ ...group, textOf: (entry) => texts.get(entry) });
    for (const finding of now)
      if (!finding.isWarning && !before.has(lineOf(finding))) findings.add(finding.source, finding);
  }
  const error = findings.error();
  if (error !== undefined) await failOutput(error);
  return texts;
}

function lineOf({ source, offset, reason }: FileProblem & { readonly source: Source }): string {
  return JSON.stringify([source.path, offset, reason]);
}
