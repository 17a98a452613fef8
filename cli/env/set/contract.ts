import { dirname } from "node:path";
import { hasReference } from "../../../provider/env";
import { UserError } from "../../../provider/errors";
import { Contracts, type EntryValue, formatOf } from "../../../sdk/env-files";
import { placeName } from "../../../sdk/files";
import type { Place } from "./place";

/**
 * Checks a new value against the contract next to the stage, if there is one.
 *
 * @param text the value, which for a secret is not in the file
 * @returns a warning for a deprecated variable
 * @throws UserError when the contract does not allow the value, which the message does not contain; FileError for a
 * contract that cannot be read
 */
export function assertAllowed(key: string, value: EntryValue, text: string, place: Place): string[] {
  const { source, service } = place;
  const contracts = new Contracts({});
  const contract = contracts.for(dirname(source.path));
  if (contract === undefined) return [];
  const rules = contract.rulesOf(service);
  const rule = rules.get(key);
  if (rule?.secret && value.kind === "text" && !hasReference(text)) {
    const advice = formatOf(source.path) === "dotenv" ? "use a YAML file and --secret" : "give --secret";
    throw new UserError(
      `${key}: is secret (${placeName(contract.source, rule.offset)}): ${advice} to store it in the stack.`,
    );
  }
  const found = contracts.check({
    files: [source.path],
    variables: new Map([[key, { key, value, source, offset: 0 }]]),
    textOf: () => text,
    // Only this variable counts here: others may be missing.
    given: rules.keys(),
  });
  const breach = found.find(({ isWarning }) => !isWarning);
  if (breach !== undefined) throw new UserError(breach.reason.replace(/[^?]$/, "$&."));
  return found.map(({ reason }) => reason);
}
