import type { Api } from "../../provider/dokploy";
import { isService, observeKind } from "../../provider/engine";
import { maskSecrets, plainText } from "../../provider/env";
import { UserError } from "../../provider/errors";
import { ProgramSecrets } from "../../provider/lifecycle";
import { seedName } from "../../sdk/repository";
import type { StateResource } from "../stack";

/**
 * Runs each seed of a preview that has not succeeded yet.
 *
 * @param progress gets a line before each
 * @throws UserError when a command fails, with the end of its output, in which secrets are masked
 */
export async function runSeeds(
  resources: readonly StateResource[],
  api: Api,
  progress: (line: string) => void,
): Promise<void> {
  for (const schedule of resources) {
    const { kind, name, id } = schedule;
    if (kind !== "Schedule" || !name.endsWith(`/${seedName}`)) continue;
    const runs = await api.call("deployment.allByType", { id, type: "schedule" });
    if (runs.some(({ status }) => status === "done")) continue;
    const service = name.slice(0, -seedName.length - 1);
    progress(`Running the seed of ${service} …`);
    const { status, deploymentId } = await api.call("schedule.runManually", { scheduleId: id });
    if (status === "done") continue;
    const log = await api.call("deployment.readLogs", { deploymentId, tail: 50 });
    const output = maskSecrets(plainText(log), await secretsOf(schedule, resources, api));
    throw new UserError(`The seed of ${service} failed:\n${output.trim()}`);
  }
}

/**
 * Returns what a deployment of the service would mask: its variables and those that it refers to, apart from values that the
 * state has in plain text.
 */
async function secretsOf(
  { inputs }: StateResource,
  resources: readonly StateResource[],
  api: Api,
): Promise<string[]> {
  const secrets = new ProgramSecrets();
  for (const { inputs: plain } of resources) secrets.report(plain, []);
  const kind = inputs["composeId"] === undefined ? "application" : "compose";
  const host = await observeKind(kind, String(inputs[`${kind}Id`]), api);
  return isService(host) ? secrets.among(host.values) : [];
}
