import { join } from "node:path";
import { contractName, isRequired, readContract } from "../../../sdk/env-files";
import { isThere } from "../../../sdk/files";
import { stackName } from "../../stack";
import type { Comparison, Status, Variable } from "./model";
import { type Operand, stackOf } from "./operand";

/**
 * Adds what the contract in a folder says of each variable that one side lacks.
 *
 * @param operands the sides; only that of a stage can lack a variable that its stage needs
 * @throws FileError when the contract has mistakes
 */
export function withContract(
  comparison: Comparison,
  folder: string,
  operands: { readonly a: Operand; readonly b: Operand },
): Comparison {
  if (!isThere(join(folder, contractName))) return comparison;
  const contract = readContract(folder, true);
  const lacking: Partial<Record<Status, string | undefined>> = {
    missing: stageOf(operands.b),
    extra: stageOf(operands.a),
  };
  const hosts = comparison.hosts.map((host) => {
    const rules = contract.rulesOf(host.name);
    const variables = host.variables.map((variable): Variable => {
      const rule = rules.get(variable.key);
      const stage = lacking[variable.status];
      if (rule === undefined || stage === undefined) return variable;
      const { description } = rule;
      return { ...variable, contract: { required: isRequired(rule, stage), description } };
    });
    return { ...host, variables };
  });
  return { ...comparison, hosts };
}

function stageOf(operand: Operand): string | undefined {
  const stack = stackOf(operand);
  return stack === undefined ? undefined : stackName(stack);
}
