import { DokployError } from "../dokploy/errors";
import type { Context } from "../lifecycle/context";
import { CheckFailedError } from "../problem";
import { containsUnknown } from "../pulumi/unknown";
import { visible } from "../visible";
import { refuseMissing } from "./vault-assignments";
import { configOf } from "./vault-wire";

type Values = Readonly<Record<string, unknown>>;

/** What Dokploy says of a vault, by what it means for whoever has to put it right. */
const HINTS: readonly (readonly [says: RegExp, hint: string])[] = [
  [/fetch failed|ECONNREFUSED|ENOTFOUND/, "Dokploy's machine does not reach it"],
  [/timeout/i, "it did not answer in time"],
  [/AccessDenied|not authorized|cannot list/, "the key may not list secrets, which this test asks for"],
  [/status 40[013]\b|security token|signature/, "it refuses the login"],
];

/**
 * Has Dokploy try the vault, where that changes and all is known, and looks for the projects and environments that are
 * assigned. A key that may not ask goes without.
 *
 * @throws CheckFailedError with what the vault said, or for what is not there
 */
export async function lookAtVault(
  inputs: Values,
  changed: ReadonlySet<string>,
  context: Pick<Context, "api" | "reads" | "inform">,
  columns: () => Values,
): Promise<void> {
  if (changed.size === 0) return;
  await refuseMissing(inputs["assignments"], context);
  if (changed.has("vault") && inputs["testConnection"] !== false) await tryVault(inputs, context, columns);
}

async function tryVault(
  { name, vault }: Values,
  { api, inform }: Pick<Context, "api" | "inform">,
  columns: () => Values,
): Promise<void> {
  if (containsUnknown(vault)) return;
  try {
    await api.call("vaultProvider.testConnection", { config: configOf(columns()) } as never);
  } catch (error) {
    if (!(error instanceof DokployError)) throw error;
    if (error.kind === "forbidden" || error.kind === "timeout") {
      const why = error.kind === "timeout" ? "the vault did not answer in time" : "the API key may not";
      inform(`VaultProvider ${visible(String(name))} was not tried: ${why}.`);
      return;
    }
    if (error.kind !== "invalid") throw error;
    const said = (error.said ?? error.message).replace(/\.$/, "");
    const [, hint] = HINTS.find(([says]) => says.test(said)) ?? [];
    const reason =
      `cannot be used as it is given${hint === undefined ? "" : `: ${hint}`}. Dokploy said: ${visible(said)}. ` +
      "To save it all the same, give testConnection: false";
    throw new CheckFailedError([{ property: "vault", reason }]);
  }
}
