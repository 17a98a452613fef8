import { containsUnknown, isRecord, isUnknown } from "../../../packages/values";
import { type ApplicationDetail, ifFound } from "../../dokploy";
import { type Model, type Row, serviceLabel, startsFirst } from "../../engine";
import type { Problem } from "../../errors";
import type { Context, Planned } from "../../lifecycle";

/** Inputs of an application that matter here. */
interface ApplicationInputs {
  readonly name?: string | undefined;
  readonly ports?: object | undefined;
  readonly swarm?: { readonly updateConfig?: Parameters<typeof startsFirst>[0] } | undefined;
}

/** Warns about a planned change of an application that has a port in host mode, among its inputs or from others. */
export async function previewHostPorts(
  inputs: ApplicationInputs,
  context: Context,
  { id, adopted, olds, changes }: Planned,
  ports: Pick<Model, "listedBy" | "sameAs">,
): Promise<void> {
  const existing = changes.some(({ replace }) => replace) ? undefined : (id ?? adopted);
  const row = await applicationOf(existing, context);
  const before: ApplicationInputs = olds?.inputs ?? {};
  const isCertain = !isUnknown(inputs.swarm) && !containsUnknown([inputs.swarm?.updateConfig]);
  // An input that is removed from the program gets its default; one that the program never had keeps its value.
  const left = before.swarm?.updateConfig === undefined ? row?.updateConfigSwarm : undefined;
  const isStartFirst = isCertain && startsFirst(inputs.swarm?.updateConfig ?? left);
  if (existing !== undefined && row !== undefined) context.run.hostPorts.plan(existing, isStartFirst);
  if (!isStartFirst || isUnknown(inputs.ports)) return;
  const given = Object.values(inputs.ports ?? {}).filter(isRecord);
  const own = [...given, ...Object.values(before.ports ?? {}).filter(isRecord)];
  const others = row === undefined ? [] : ports.listedBy(row as unknown as Row).rows;
  const hasOther = others.some((other) => isHost(other) && !own.some((part) => ports.sameAs([other], part)));
  if (given.some(isHost) || hasOther) report(existing, inputs.name, context);
}

/** Warns about a planned port in host mode that is a resource of its own. */
export async function previewHostPort(
  port: { readonly applicationId?: string | undefined; readonly publishMode?: string | undefined },
  context: Context,
  { changes }: Planned,
): Promise<Problem[]> {
  if (!isHost(port) || changes.every(({ apply }) => apply === "none")) return [];
  const { applicationId } = port;
  const row = await applicationOf(applicationId, context);
  if (applicationId === undefined || row === undefined) return [];
  if (context.run.hostPorts.startsFirst(applicationId, startsFirst(row.updateConfigSwarm)))
    report(applicationId, row.name, context);
  return [];
}

/** Reads an application; undefined for one that does not exist yet. */
async function applicationOf(
  applicationId: string | undefined,
  { reads }: Context,
): Promise<ApplicationDetail | undefined> {
  if (applicationId === undefined || isUnknown(applicationId)) return undefined;
  return await ifFound(reads.call("application.one", { applicationId }));
}

function isHost({ publishMode }: { readonly publishMode?: unknown }): boolean {
  return publishMode === "host";
}

/** Reports it once for each application. */
function report(applicationId: string | undefined, name: unknown, { run, warn }: Context): void {
  if (applicationId !== undefined && !run.hostPorts.report(applicationId)) return;
  warn(
    `${serviceLabel("application", name)} has a port in host mode, which on one node the old ` +
      "container keeps until it stops: an update that starts the new one first waits about two minutes and " +
      'fails. Set swarm: { updateConfig: { Parallelism: 1, Order: "stop-first" } }.',
    "host-port",
  );
}
