import type { Api } from "../../provider/dokploy";
import { maskSecrets, plainText } from "../../provider/env";
import { UserError } from "../../provider/errors";
import { seedName } from "../../sdk/repository";
import { type Stack, StackSecrets, type StateResource } from "../stack";

/**
 * Runs each seed of a preview that has not succeeded yet.
 *
 * @param progress gets a line before each
 * @throws UserError when a command fails, with the end of its output, in which secrets are masked
 */
export async function runSeeds(
  stack: Stack,
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
    const secrets = await StackSecrets.of(stack, resources, api);
    const output = maskSecrets(plainText(log), await secrets.renewed());
    throw new UserError(`The seed of ${service} failed:\n${output.trim()}`);
  }
}
