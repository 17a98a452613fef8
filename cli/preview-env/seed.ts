import type { Api } from "../../provider/dokploy/endpoints";
import { UserError } from "../../provider/errors/problem";
import { seedName } from "../../sdk/repository/preview-stages";
import type { StateResource } from "../stack/stack";

/**
 * Runs each seed of a preview that has not succeeded yet.
 *
 * @param progress gets a line before each
 * @throws UserError when a command fails, with the end of its output
 */
export async function runSeeds(
  resources: readonly StateResource[],
  api: Api,
  progress: (line: string) => void,
): Promise<void> {
  for (const { kind, name, id } of resources) {
    if (kind !== "Schedule" || !name.endsWith(`/${seedName}`)) continue;
    const runs = await api.call("deployment.allByType", { id, type: "schedule" });
    if (runs.some(({ status }) => status === "done")) continue;
    const service = name.slice(0, -seedName.length - 1);
    progress(`Running the seed of ${service} …`);
    const { status, deploymentId } = await api.call("schedule.runManually", { scheduleId: id });
    if (status === "done") continue;
    const log = await api.call("deployment.readLogs", { deploymentId, tail: 50 });
    throw new UserError(`The seed of ${service} failed:\n${log.trim()}`);
  }
}
