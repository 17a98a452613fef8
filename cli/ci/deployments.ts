import { visible } from "../../packages/text";
import { readForeign, UsageError } from "../terminal";
import type { Host, ShownDeployment } from "./host";

/** Service of `status --json`, of which any value may be missing. */
interface Service {
  readonly name?: unknown;
  readonly addresses?: unknown;
  readonly lastDeployment?: { readonly status?: unknown; readonly commit?: unknown };
}

/**
 * Shows the deployment of each service that the checked-out commit has deployed, with its address.
 *
 * @param file output of `status --json`
 * @returns the names of their environments at the host
 */
export async function showDeployments(host: Host, file: string, stage: string): Promise<string[]> {
  const shown = deploymentsIn(await readForeign(file, "The status"), stage, host.checkedOut);
  for (const each of shown) await host.showDeployment(each);
  return shown.map(({ environment }) => environment);
}

/** Reads the output of `status --json`. A job that ran a program has written it, so each value is checked. */
function deploymentsIn(text: string, stage: string, commit: string): ShownDeployment[] {
  let services: unknown;
  try {
    ({ services } = JSON.parse(text) as { readonly services?: unknown });
  } catch {}
  if (!Array.isArray(services)) throw new UsageError("The file is no output of `status --json`.");
  return (services as readonly Service[]).flatMap(({ name, addresses, lastDeployment }) => {
    if (typeof name !== "string" || lastDeployment?.commit !== commit || commit === "") return [];
    const { status } = lastDeployment;
    if (status !== "done" && status !== "error") return [];
    const [address] = Array.isArray(addresses) ? addresses.filter(isAddress) : [];
    return [
      {
        environment: `${stage}/${visible(name).slice(0, 200)}`,
        commit,
        succeeded: status === "done",
        address,
      },
    ];
  });
}

function isAddress(value: unknown): value is string {
  return typeof value === "string" && /^https?:$/.test(URL.canParse(value) ? new URL(value).protocol : "");
}
