import { join } from "node:path";
import { visible } from "../../../packages/text";
import { contractName, readLayersByName, stagesIn } from "../../../sdk/env-files";
import { collect, isThere } from "../../../sdk/files";
import { writeText } from "../../files";
import { parseOptions, UsageError } from "../../terminal";
import { foldersOf } from "../stage/stage";
import { inferContract } from "./infer";
import { contractOptions } from "./options";

/**
 * Returns the contract, or the line that says where it was written.
 *
 * @throws UsageError when there are no stages, or the file exists; FileError when a file cannot be read
 */
export function runContract(args: readonly string[]): string {
  const { infer, write, force, dir } = parseOptions(contractOptions, args);
  if (!infer) throw new UsageError("env contract needs --infer. See env contract --help.");
  const path = join(dir, contractName);
  if (write && !force && isThere(path)) {
    throw new UsageError(
      `${visible(path)} exists. Without --write the new contract is printed, and --force overwrites the file.`,
    );
  }
  const stages = isThere(dir) ? stagesIn(dir, {}) : [];
  if (stages.length === 0) {
    throw new UsageError(
      `${visible(dir)} has no folders of stages, such as ${visible(join(dir, "prod"))}; name the folder with --dir.`,
    );
  }
  const read = collect(stages, (stage) => {
    return [stage, readLayersByName(foldersOf(dir, stage), {})] as const;
  });
  const text = inferContract(new Map(read), dir);
  if (!write) return text;
  writeText(path, text);
  return `${visible(path)}: written`;
}
