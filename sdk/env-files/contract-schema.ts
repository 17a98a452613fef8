import { z } from "zod";
import { type VariableType, variableTypes } from "./contract-types";

const rule = z.strictObject({
  /** Type of the value. Default: `string`. */
  type: z.enum(Object.keys(variableTypes) as VariableType[]).optional(),
  /** All values that are allowed. */
  values: z.array(z.string()).min(1).optional(),
  /** Regular expression of RE2 for the whole value. */
  pattern: z.string().optional(),
  /**
   * True when every stage needs the variable, or the names of the stages that do. Default: true, but false for a variable
   * below `"*"` and a deprecated one.
   */
  required: z.union([z.boolean(), z.array(z.string())]).optional(),
  /** True when the value must not be in a file itself, but come from `!secret`, `!env`, `!ref` or a secrets manager. */
  secret: z.boolean().optional(),
  /** Text for people: what the variable is for. */
  description: z.string().optional(),
  /** Advice for those who still use the variable, such as `use NEW_NAME`. */
  deprecated: z.string().optional(),
});

const rules = z.record(z.string(), rule.nullable());

/** Schema of a contract for variables, `envs/schema.yaml`. */
export const contractSchema = z.strictObject({
  /**
   * Variables of each service by its name; those below `"*"` may be in any service. Both values of a variable that rotates,
   * `KEY` and `KEY_NEXT` or `KEY_PREVIOUS`, meet the rule of `KEY`.
   */
  services: z.record(z.string(), rules).optional(),
  /** Variables in `shared.yaml`, which services refer to. */
  shared: rules.optional(),
  /** True to allow variables that the contract does not have. */
  additional: z.boolean().optional(),
});

/** A contract as its file has it. */
export type ContractFile = z.infer<typeof contractSchema>;
export type RuleFile = z.infer<typeof rule>;
