import { flagOption, parseOptions, UsageError, valueOption } from "../../terminal";

/** Options of the command. */
export const adoptOptions = {
  stage: valueOption(
    "STAGE",
    "Stack whose state was lost, which may be given with its organization and project",
  ),
  create: flagOption("Create what Dokploy does not have, too"),
  yes: flagOption("Do not ask; only for a plan that changes no object"),
};

/** Arguments of the command. */
export interface AdoptRequest {
  readonly stack: string;
  readonly create: boolean;
  readonly yes: boolean;
}

/** @throws UsageError when an argument is missing or wrong */
export function parseAdopt(args: readonly string[]): AdoptRequest {
  const { stage, create, yes } = parseOptions(adoptOptions, args);
  if (stage === undefined) throw new UsageError("Name the stage with --stage, for example --stage prod.");
  return { stack: stage, create, yes };
}
