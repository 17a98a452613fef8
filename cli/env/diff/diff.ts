import { splitNames } from "../../../packages/text";
import { keyFilter } from "../../../sdk/env-files";
import { parseArguments, UsageError } from "../../terminal";
import { withContract } from "./by-contract";
import { compareSides } from "./compare";
import type { Status } from "./model";
import { parseOperand, stackOf } from "./operand";
import { diffOptions } from "./options";
import { renderJson, renderTable } from "./render";
import { type DiffDependencies, Sides } from "./sides";

const failStatuses = ["missing", "extra", "different", "not-compared"] as const;

/** Text to print, and `failed` when a difference counts. */
export interface DiffResult {
  readonly output: string;
  readonly failed: boolean;
}

/** @throws UsageError for every failure, as the exit code of any other error means that there are differences */
export async function runDiff(args: readonly string[], dependencies: DiffDependencies): Promise<DiffResult> {
  try {
    return await diff(args, dependencies);
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(error instanceof Error ? error.message : "");
  }
}

async function diff(args: readonly string[], dependencies: DiffDependencies): Promise<DiffResult> {
  const { values, positionals } = parseArguments(diffOptions, args);
  const failOn = failOnOf(values["fail-on"]);

  const [a, b] = operandsOf(positionals, values.live);
  const [operandA, operandB] = [parseOperand(a), parseOperand(b)];
  const { dir, stack, "keys-only": keysOnly } = values;
  const objectStack = stack ?? stackOf(operandA) ?? stackOf(operandB);
  const sides = new Sides({ dir, stack, objectStack, keysOnly }, dependencies);
  try {
    const [sideA, sideB] = await Promise.all([sides.read(operandA, a), sides.read(operandB, b)]);
    const takes = keyFilter({ exclude: values.ignore.flatMap(splitNames) });
    const isShown = keyFilter({ exclude: values.secret.flatMap(splitNames) });
    const hides = (key: string) => !isShown(key);
    const compared = compareSides(sideA, sideB, { services: values.service, keysOnly, takes, hides });
    const comparison = withContract(compared, dir, { a: operandA, b: operandB });
    const failed = failOn.some((status) => comparison.counts[status] > 0);
    const output = values.json ? renderJson(comparison, failed) : renderTable(comparison, values.all);
    return { output, failed };
  } finally {
    await sides.close();
  }
}

function operandsOf([a, b, ...more]: readonly string[], live: boolean): [a: string, b: string] {
  if (live && a !== undefined && b === undefined && /^\w[\w.-]*$/.test(a)) return [a, `live:${a}`];
  if (live) throw new UsageError("With --live env diff takes one operand, a stage: env diff prod --live.");
  if (a !== undefined && b !== undefined && more.length === 0) return [a, b];
  throw new UsageError("env diff takes two operands, or a stage and --live. See env diff --help.");
}

function failOnOf(text: string): readonly Status[] {
  if (text === "none") return [];
  return text.split(",").map((word) => {
    const known = failStatuses.find((status) => status === word.trim());
    if (known) return known;
    throw new UsageError(
      `--fail-on takes ${failStatuses.join(", ")} separated by commas, or none; not "${word}".`,
    );
  });
}
