import { type LacksService, lacksService } from "../../../packages/compose-checks/checks";
import { isUnknown } from "../../../packages/values";

/** Inputs of a compose service that decide the names of the services in its file. */
interface Naming {
  readonly composeFile: unknown;
  readonly randomize?: unknown;
  readonly isolatedDeployment?: unknown;
  readonly suffix?: unknown;
}

/**
 * Returns a function that finds services missing from a compose file; undefined when the file is not known.
 *
 * @param isSecret true when no part of the file may be shown
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
    // The file is parsed only when something names a service, and once.
    lacks ??= lacksService(composeFile, ending, isSecret);
    return lacks(...asked);
  };
}
