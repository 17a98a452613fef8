import type { Volume } from "./effect";
import { losesData, roleOf, takesNothingAway } from "./kinds";
import { code, cut, prose } from "./markdown";
import type { PlannedResource, Service } from "./model";
import type { Moves } from "./moves";
import { listed, pathLabel, variableName } from "./words";

/** Says which existing variables or object the program adopts unchanged. */
export function unchangedAdoption({ variables }: PlannedResource): string {
  const what = variables.length > 0 ? listed(variables, 20, variableName) : "it";
  return `Dokploy already has ${what} with these values: nothing changes, and nothing is deployed.`;
}

const actions = {
  deploy: { will: "Deploys", would: "a deployment" },
  redeploy: { will: "Rebuilds and starts", would: "a new build" },
  reload: { will: "Reloads", would: "a reload" },
} as const;

/** Returns sentences about the effects of a change: deployments, losses, warnings. */
export function consequences(resource: PlannedResource): string[] {
  const { effect, operation, waiting } = resource;
  const lines: string[] = [];
  const waits = [
    ...waiting.services.map(serviceLabel),
    ...waiting.variables.map((name) => `each service that refers to ${code(cut(name, 120))}`),
  ];
  if (resource.unfinished) lines.push("Finishes the work that an earlier update left undone.");
  if (waits.length > 0) {
    const what = "which an earlier update of shared variables did not deploy";
    lines.push(`Deploys ${listed(waits, 20, (wait) => wait)}, ${what}.`);
  }
  if (operation === "replace") {
    const stays = resource.leavesFormer || takesNothingAway(resource.kind);
    lines.push(stays ? `Created again. ${letGo(resource)}` : madeAnew(resource));
    if (!stays && losesData(resource.kind)) lines.push(filesLost(resource));
  }
  if (operation === "release") lines.push(letGo(resource));
  if (operation === "delete") lines.push(deletion(resource));
  if (effect) {
    const service = serviceLabel(effect.service);
    const { will, would } = actions[effect.action];
    const sentences = {
      held: `Saved without applying (${code("deploy: false")}): ${would} of ${service} is still needed.`,
      differs: `${will} ${service} if the values in Dokploy differ from these.`,
      always: `${will} ${service}.`,
    };
    lines.push(sentences[effect.when]);
  } else if (resource.sharesVariables) {
    if (resource.variables.length > 0) {
      lines.push(
        resource.redeploysReferrers
          ? "Deploys the services that refer to a changed variable."
          : "The variables take effect at the next deployment of a service that refers to them.",
      );
    }
  } else if (operation === "update") {
    lines.push("No deployment.");
  }
  for (const map of resource.released) {
    lines.push(
      `${code(map)} is no longer given: its variables stay in Dokploy as they are, and are not managed.`,
    );
  }
  return lines.length > 0 ? [lines.join(" ")] : [];
}

function serviceLabel({ name, noun }: Service): string {
  if (name === undefined) return `its ${prose(noun ?? "target")}`;
  return `${noun === undefined ? "" : `the ${prose(noun)} `}${code(cut(name, 80))}`;
}

/** Says what `retainOnDelete` leaves in Dokploy. */
function letGo({ kind, operation }: PlannedResource): string {
  const role = roleOf(kind);
  if (role === "deployment") return "The deployed version stays.";
  const what = operation === "replace" ? "The former one" : "It";
  return role === "variables"
    ? `${operation === "replace" ? "The former" : "Its"} variables stay in Dokploy, and are no longer managed.`
    : `${what} stays in Dokploy, and is no longer managed.`;
}

function madeAnew({ kind, volumes, deletesVolumes }: PlannedResource): string {
  const lost = volumes.filter(({ isOwn }) => isOwn || deletesVolumes);
  if (lost.length === 0) return "Deleted first, then created again.";
  const names = namesOf(lost);
  if (!losesData(kind))
    return `Deleted first, then created again, empty: the data stays in the volume ${names}, which nothing uses any more.`;
  const fate = deletesVolumes ? "is **deleted**" : "stays on the server, where nothing uses it any more";
  return `Deleted first, then created again, with empty volumes: the data in ${names} ${fate}.`;
}

function deletion(resource: PlannedResource): string {
  const { kind, deletesVolumes, volumes, targetNoun = "service" } = resource;
  const names = volumes.length > 0 ? namesOf(volumes) : undefined;
  switch (roleOf(kind)) {
    case "service": {
      if (losesData(kind)) {
        const fate = deletesVolumes ? "**deleted too**" : "kept";
        return `Stops and removes its containers; its volumes are ${fate}${names ? `: ${names}` : ""}. ${filesLost(resource)}`;
      }
      const data = names ? `; its data stays on the server, in the volume ${names}` : "";
      return `Stops and removes its containers${data}.`;
    }
    case "scope":
      return "It must be empty by then.";
    case "variables":
      return blockDeletion(targetNoun, resource.moves);
    case "deployment":
    case "lasting":
      return letGo(resource);
    case "other":
      return "Removed from Dokploy.";
  }
}

function namesOf(volumes: readonly Volume[]): string {
  return listed(volumes, 20, ({ name }) => pathLabel(name));
}

/** Says which files are lost: Dokploy deletes the folder of a compose service together with it. */
function filesLost({ deletesFiles }: PlannedResource): string {
  const folder = code("../files");
  if (deletesFiles === undefined) return `Its folder ${folder} is **deleted too**, if it has one.`;
  if (deletesFiles.length === 0)
    return `Its folder ${folder} is deleted too; its compose file mounts nothing from it.`;
  return `Its folder ${folder} is **deleted too**: the data in ${listed(deletesFiles, 20, pathLabel)} is lost.`;
}

function blockDeletion(noun: string, moves: Moves | undefined): string {
  const { to = [], remaining } = moves ?? {};
  const takesOut = (what: string) =>
    `Removes ${what} from the ${prose(noun)}; that takes effect at the next deployment.`;
  if (to.length === 0) return takesOut("its variables");
  const owners = listed(to, 20, ({ name, kind }) => `${code(cut(name, 80))} (${prose(kind)})`);
  if (remaining?.length === 0) return `Its variables move to ${owners}.`;
  const what = remaining ? listed(remaining, 20, (name) => code(cut(name, 120))) : "the others";
  return `Some of its variables move to ${owners}. ${takesOut(what)}`;
}
