import type * as ServiceNames from "../../packages/compose-checks/checks/service-names";
import type { LacksService } from "../../packages/compose-checks/checks/service-names";
import { isUnknown } from "../pulumi/unknown";

/** The columns of a compose service that decide the names of its services in Docker. */
interface Naming {
  readonly composeFile: unknown;
  readonly randomize?: unknown;
  readonly isolatedDeployment?: unknown;
  readonly suffix?: unknown;
}

/**
 * Prepares the check of names against the services of a compose file. The file is read with the first name.
 *
 * @param isSecret whether nothing of the file may be shown
 * @returns undefined where the file is not known
 */
export function fileServices(
  { composeFile, randomize, isolatedDeployment, suffix = "" }: Naming,
  isSecret: boolean,
): LacksService | undefined {
  if (typeof composeFile !== "string" || isUnknown(composeFile)) return undefined;
  if ([randomize, isolatedDeployment, suffix].some(isUnknown)) return undefined;
  const ending = randomize === true && isolatedDeployment !== true && suffix !== "" ? `-${suffix}` : "";
  let lacks: LacksService | undefined;
  return (...asked) => {
    // Loads the YAML library.
    const { lacksService } =
      require("../../packages/compose-checks/checks/service-names") as typeof ServiceNames;
    lacks ??= lacksService(composeFile, ending, isSecret);
    return lacks(...asked);
  };
}
