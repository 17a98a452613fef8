import { someOf, visible } from "../../../packages/text";
import { listCommand, type Remains, remainsOf, stopCommand, type WatchTarget } from "../../deploy";
import type { Context, Lost, State } from "../../lifecycle";
import { isDatabase } from "../../schema";
import type { ServiceInputs, ServiceResourceOutputs } from "./model";
import { rawFile, serviceFiles, serviceVolumes } from "./volumes";

const page = "https://github.com/pulumi-dokploy/pulumi-dokploy/blob/main/docs/operations/losses.md";

/**
 * Looks for what a service left on its server when Dokploy lost it. Dokploy gives each service another name inside Docker,
 * so containers and volumes of the former name never belong to a new one. Reads only.
 *
 * @param state state before the loss
 * @returns undefined for a service that never ran
 */
export async function lostService(
  kind: WatchTarget["kind"],
  id: string,
  { inputs, outputs }: State<ServiceInputs, Partial<ServiceResourceOutputs>>,
  { reads }: Pick<Context, "reads">,
): Promise<Lost | undefined> {
  const { name, serverId, composeType } = inputs;
  const { appName = "", status = "idle", lastDeployment } = outputs;
  if (appName === "" || (status === "idle" && lastDeployment === undefined)) return undefined;
  const target: WatchTarget = {
    ...{ kind, id, name, appName, serverId },
    ...(composeType === "stack" ? { composeType } : {}),
  };
  const values = inputs as unknown as Readonly<Record<string, unknown>>;
  const own = serviceVolumes(kind, values, appName).flatMap(({ name, isOwn }) => (isOwn ? [name] : []));
  const files = kind === "compose" ? serviceFiles(values) : [];
  const remains = await remainsOf(target, own, reads);
  const isFileUnknown = kind === "compose" && rawFile(values) === undefined;
  const mayHaveVolumes =
    remains.volumes === undefined ? own.length > 0 || isFileUnknown : remains.volumes.length > 0;
  const hadData = isDatabase(kind) || mayHaveVolumes || files.length > 0;
  return {
    left: [
      ...containersOf(target, remains),
      ...(remains.containers?.length === 0 ? [] : routesOf(kind, appName)),
      ...volumesOf(own, remains),
      ...folderOf(appName, files),
    ].join(" "),
    ...(hadData ? { loss: lossOf(kind, inputs) } : {}),
  };
}

function lossOf(kind: WatchTarget["kind"], { name }: ServiceInputs): NonNullable<Lost["loss"]> {
  const isOne = isDatabase(kind);
  const agreement = isOne ? { allowReplacementOf: name } : { allowReplacement: true };
  const [[option, value] = []] = Object.entries(agreement);
  return {
    agreement,
    reason:
      `The update would create ${isOne ? "an empty one" : "one without that data"} in its place. To get the data back: ` +
      `${page}#the-data-of-a-lost-service. To begin ${isOne ? "with an empty one" : "without it"}, set ` +
      `${option}: ${visible(JSON.stringify(value))} for that run.`,
  };
}

function containersOf(target: WatchTarget, { containers }: Remains): string[] {
  if (containers === undefined)
    return [
      "This key does not see whether its containers still run: " +
        `\`${visible(listCommand(target))}\` on the server shows it.`,
    ];
  if (containers.length === 0) return ["None of its containers runs."];
  return [
    `Its containers still run, and Dokploy no longer knows them: ${someOf(containers.map(visible))}. Stop them on the ` +
      `server with \`${visible(stopCommand(target))}\`.`,
  ];
}

/** Two files with a route for one domain make Traefik choose either service, also one that has stopped. */
function routesOf(kind: WatchTarget["kind"], appName: string): string[] {
  if (kind !== "application") return [];
  const file = `/etc/dokploy/traefik/dynamic/${visible(appName)}.yml`;
  return [`If it had a domain, delete ${file} there too: Traefik still sends it requests.`];
}

function volumesOf(own: readonly string[], { volumes }: Remains): string[] {
  const names = (all: readonly string[]) =>
    `${all.length === 1 ? "volume" : "volumes"} ${someOf(all.map(visible))}`;
  if (volumes !== undefined && volumes.length > 0) return [`Its data is still in the ${names(volumes)}.`];
  if (own.length === 0) return [];
  return volumes === undefined
    ? [`It is not known whether its data is still in the ${names(own)}.`]
    : [`Docker has no ${names(own)}, where its data was, unless somebody had given it another one.`];
}

function folderOf(appName: string, files: readonly string[]): string[] {
  if (files.length === 0) return [];
  const folder = `/etc/dokploy/compose/${visible(appName)}`;
  return [`Its files in ${someOf(files.map(visible))} are still below ${folder} on the server.`];
}
