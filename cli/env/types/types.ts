import { readFileSync } from "node:fs";
import { join } from "node:path";
import { byText, visible } from "../../../packages/text";
import { type Contract, contractName, readContract, sharedService } from "../../../sdk/env-files";
import { isThere } from "../../../sdk/files";
import { writeText } from "../../files";
import { parseOptions, UsageError } from "../../terminal";
import { requireContract } from "../check/check";
import { addressRules } from "../stage/contract";
import { type DescribedService, declarationsOf } from "./declarations";
import { exampleOf } from "./example";
import { typesOptions } from "./options";

/** Lines to print, and `failed` when a file is out of date. */
export interface TypesResult {
  readonly output: string;
  readonly failed: boolean;
}

/**
 * Writes the files that the options name, or returns the types.
 *
 * @throws UsageError when there is no contract or no such service; FileError when the contract has mistakes
 */
export function runTypes(args: readonly string[]): TypesResult {
  const { out, example, service, check, dir } = parseOptions(typesOptions, args);
  requireContract(dir);
  const services = servicesOf(readContract(dir, true), service, dir);
  const head = `Written by \`pulumi-dokploy env types\` from ${join(dir, contractName).replaceAll("\\", "/")}.`;
  const [only, ...others] = services;
  if (example !== undefined && (only === undefined || others.length > 0)) {
    throw new UsageError("An example has the variables of one service: name it with --service.");
  }
  const files = new Map<string, string>();
  if (out !== undefined) files.set(out, declarationsOf(services, head));
  if (example !== undefined && only !== undefined) files.set(example, exampleOf(only, head));
  if (files.size === 0) {
    if (check) throw new UsageError("--check compares files: name them with --out or --example.");
    return { output: declarationsOf(services, head), failed: false };
  }
  const stale = [...files].filter(([path, text]) => !isThere(path) || readFileSync(path, "utf8") !== text);
  if (!check) for (const [path, text] of stale) writeText(path, text);
  const lines = [...files.keys()].map((path) => {
    const isStale = stale.some(([other]) => other === path);
    return `${visible(path)}: ${isStale ? (check ? "out of date; run env types without --check" : "written") : "up to date"}`;
  });
  return { output: lines.join("\n"), failed: check && stale.length > 0 };
}

function servicesOf(contract: Contract, wanted: string | undefined, dir: string): DescribedService[] {
  const names = [...contract.services.keys()].filter((name) => name !== sharedService).sort(byText);
  const chosen = wanted === undefined ? names : names.filter((name) => name === wanted);
  if (chosen.length > 0) {
    return chosen.map((name) => {
      // The contract says more of a variable than where it comes from.
      const rules = new Map([
        ...addressRules(dir, name).map((rule) => [rule.key, rule] as const),
        ...contract.rulesOf(name),
      ]);
      return { name, rules: [...rules.values()].sort((a, b) => byText(a.key, b.key)) };
    });
  }
  const has = names.length === 0 ? "it names none" : `it has ${names.map(visible).join(", ")}`;
  throw new UsageError(
    `${visible(contract.source.path)} has no service${wanted === undefined ? "" : ` ${visible(wanted)}`}; ${has}.`,
  );
}
