import type { Api, Endpoint } from "../../provider/dokploy/endpoints";
import { parse } from "../../provider/env/dotenv";
import { UserError } from "../../provider/errors/problem";
import { maskSecrets, plainText } from "../../provider/masking/mask";
import { seedName } from "../../sdk/repository/preview-names";
import type { StateResource } from "../stack/stack";

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

/** Returns the values of the service's variables that the state does not have in plain text. */
async function secretsOf(
  { inputs }: StateResource,
  resources: readonly StateResource[],
  api: Api,
): Promise<string[]> {
  const kind = inputs["composeId"] === undefined ? "application" : "compose";
  const id = inputs[`${kind}Id`];
  const plain = Object.entries(resources.find((one) => one.id === id)?.inputs["env"] ?? {});
  const shown = new Set(plain.filter(([, value]) => typeof value === "string").map(([key]) => key));
  const row = await api.call(`${kind}.one` as Endpoint, { [`${kind}Id`]: id } as never);
  const { env } = row as { env?: string | null };
  return [...parse(env ?? "")].filter(([key]) => !shown.has(key)).map(([, value]) => value);
}
