import { ofReplacement } from "../../../packages/compose-checks/checks";
import { visible } from "../../../packages/text";
import { isUnknown } from "../../../packages/values";
import { type ComposeDetail, ifFound } from "../../dokploy";
import { readEnv } from "../../env";
import { CheckFailedError } from "../../errors";
import type { Context } from "../../lifecycle";

/** Inputs of the new compose service that decide what its predecessor loses. */
interface ReplacingInputs {
  readonly allowReplacement?: boolean | undefined;
  readonly serverId?: string | undefined;
  readonly mounts?: Readonly<Record<string, { readonly filePath?: string | undefined }>> | undefined;
}

/** @throws CheckFailedError when replacing the service loses data that the program does not allow to lose */
export async function assertReplaceable(
  {
    id: composeId,
    inputs: { deleteVolumes },
  }: { readonly id: string; readonly inputs: { readonly deleteVolumes?: boolean | undefined } },
  { allowReplacement, serverId, mounts = {} }: ReplacingInputs,
  { api, warn }: Context,
): Promise<void> {
  const row = await ifFound(api.call("compose.one", { composeId }));
  if (row === undefined || !wasRun(row)) return;
  const isMoved = (serverId ?? null) !== row.serverId;
  const written = Object.values(mounts).flatMap(({ filePath }) =>
    typeof filePath === "string" && !isUnknown(filePath) ? [filePath] : [],
  );
  const variables = readEnv(row.env, row.composeType === "stack" ? "stack" : "compose");
  const loss = ofReplacement(row, {
    isMoved,
    deleteVolumes: deleteVolumes === true,
    written,
    variables: withoutReferences(variables),
  });
  if (loss === undefined) return;
  if (allowReplacement === true) {
    warn(`Compose "${visible(row.name)}" (${composeId}) is replaced. ${loss}.`, "data");
    return;
  }
  const reason =
    `this change deletes the service and creates a new one. ${loss}. Undo the change; or copy the data, or make ` +
    "sure that nobody needs it, and set allowReplacement: true";
  throw new CheckFailedError([{ property: "", reason }]);
}

/** Dokploy resolves references when it deploys, so a value with one is not known. */
function withoutReferences(variables: Readonly<Record<string, string>>): Record<string, string | undefined> {
  const values = Object.entries(variables).map(([name, value]) => [
    name,
    value.includes("${{") ? undefined : value,
  ]);
  return Object.fromEntries(values);
}

/** Returns false for a service that was never deployed, and has written nothing. */
export function wasRun({
  deployments,
  composeStatus,
}: Pick<ComposeDetail, "deployments" | "composeStatus">): boolean {
  return deployments.length > 0 || composeStatus !== "idle";
}
