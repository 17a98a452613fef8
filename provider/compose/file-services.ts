import { isUnknown } from "../pulumi/unknown";
import type * as ServiceNames from "./service-names";
import type { LacksService } from "./service-names";

/** What of a compose service says how the services of its file are called. */
interface Naming {
  readonly composeFile: unknown;
  readonly randomize?: unknown;
  readonly isolatedDeployment?: unknown;
  readonly suffix?: unknown;
}

/**
 * What tells of services that a compose file does not have; undefined where the file is not known.
 *
 * @param isSecret whether nothing of the file may be shown
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
    // With the YAML library: read when something names a service, and once.
    const { lacksService } = require("./service-names") as typeof ServiceNames;
    lacks ??= lacksService(composeFile, ending, isSecret);
    return lacks(...asked);
  };
}
