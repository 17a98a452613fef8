import { join } from "node:path";
import type { Api } from "../../../provider/dokploy";
import { baseStage, stagesIn } from "../../../sdk/env-files";
import { isThere } from "../../../sdk/files";
import type { StateResource } from "../../stack";
import { withContract } from "./by-contract";
import { compareSides } from "./compare";
import { stackSide } from "./live-side";
import type { Comparison } from "./model";
import type { Operand } from "./operand";
import { type DiffDependencies, Sides } from "./sides";

const everything = { services: [], keysOnly: false, takes: () => true, hides: () => false };

/** Objects of a server under a name. */
export interface LivePlace {
  readonly name: string;
  readonly resources: readonly StateResource[];
}

/** Compares the variables of objects on a server. */
export async function comparePlaces(a: LivePlace, b: LivePlace, api: Api): Promise<Comparison> {
  const [sideA, sideB] = [
    await stackSide(a.name, a.resources, api),
    await stackSide(b.name, b.resources, api),
  ];
  return compareSides(sideA, sideB, everything);
}

/**
 * Compares all variables of two stages: their files, or those on the server for a stage without files.
 *
 * @throws an Error whose message says what to do
 */
export async function compareStages(
  [a, b]: readonly [string, string],
  dir: string,
  dependencies: DiffDependencies,
): Promise<Comparison> {
  const operandOf = (stage: string): Operand =>
    isThere(join(dir, stage)) ? { kind: "stage", stage } : { kind: "live", stack: stage };
  const operands = { a: operandOf(a), b: operandOf(b) };
  const sides = new Sides({ dir, stack: undefined, objectStack: undefined, keysOnly: false }, dependencies);
  try {
    const [sideA, sideB] = await Promise.all([sides.read(operands.a, a), sides.read(operands.b, b)]);
    return withContract(compareSides(sideA, sideB, everything), dir, operands);
  } finally {
    await sides.close();
  }
}

/** Lists the stages with files in a folder; undefined without the folder. */
export function stageNames(dir: string): string[] | undefined {
  return isThere(dir) ? stagesIn(dir, {}).filter((stage) => stage !== baseStage) : undefined;
}
