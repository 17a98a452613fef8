import { capital } from "../../packages/text";
import type { ServiceVolume } from "../../provider/engine";
import { losesData, roleOf, takesNothingAway } from "./kinds";
import type { PlannedResource } from "./model";
import type { Moves } from "./moves";
import { between, coded, listed, named, outside, own, type Phrase, phrase, strong } from "./phrase";
import type { Service } from "./service";
import { operationWord, pathLabel, variableName } from "./words";

/** Says which existing variables or object the program adopts unchanged. */
export function unchangedAdoption({ variables }: PlannedResource): Phrase {
  const what = variables.length > 0 ? listed(variables, 20, variableName) : own("it");
  return phrase`Dokploy already has ${what} with these values: nothing changes, and nothing is deployed.`;
}

const actions = {
  deploy: { will: "deploys", would: own("a deployment") },
  redeploy: { will: "rebuilds and starts", would: own("a new build") },
  reload: { will: "reloads", would: own("a reload") },
} as const;

/** Returns the operation of a resource, and the deployment that surely follows: `update, deploys`. */
export function operationPhrase(resource: PlannedResource): Phrase {
  const { operation, unchangedAdoption } = resource;
  if (unchangedAdoption) return own("adopt");
  const word = operation === "update" ? own("update") : strong(operationWord(operation));
  const follows = effectPhrase(resource);
  return follows.length === 0 ? word : phrase`${word}, ${follows}`;
}

/** Returns the deployment that surely follows a change: `deploys`; with the service, unless that is the resource itself. */
export function effectPhrase({ name, operation, effect, sharesVariables, waiting }: PlannedResource): Phrase {
  if (effect?.when === "always") {
    const { action, service } = effect;
    const isItself = service.name === name && service.noun === undefined;
    return isItself
      ? own(actions[action].will)
      : phrase`${own(actions[action].will)} ${serviceLabel(service)}`;
  }
  const waits = waiting.services.length + waiting.variables.length > 0;
  return operation !== "update" || effect || sharesVariables || waits ? [] : own("no deployment");
}

/** Returns sentences about the effects of a change that {@link effectPhrase} does not name: losses, warnings. */
export function consequences(resource: PlannedResource): Phrase {
  return between(sentences(resource), " ");
}

function sentences(resource: PlannedResource): Phrase[] {
  const { effect, inputs, operation, waiting } = resource;
  const lines: Phrase[] = [];
  const waits = [
    ...waiting.services.map(serviceLabel),
    ...waiting.variables.map((name) => phrase`each service that refers to ${named(name, 120)}`),
  ];
  if (resource.unfinished) lines.push(own("Finishes the work that an earlier update left undone."));
  if (waits.length > 0) {
    const what = own("which an earlier update of shared variables did not deploy");
    lines.push(phrase`Deploys ${listed(waits, 20, (wait) => wait)}, ${what}.`);
  }
  if (resource.isLost) lines.push(...lost(resource));
  else if (operation === "replace") {
    const stays = resource.leavesFormer || takesNothingAway(resource.kind);
    lines.push(stays ? phrase`Created again. ${letGo(resource)}` : madeAnew(resource));
    if (!stays && losesData(resource.kind)) lines.push(filesLost(resource));
  } else if (operation === "release") lines.push(letGo(resource));
  else if (operation === "delete") lines.push(deletion(resource));
  if (effect) {
    const service = serviceLabel(effect.service);
    const { will, would } = actions[effect.action];
    if (effect.when === "held")
      lines.push(
        phrase`Saved without applying (${coded("deploy: false")}): ${would} of ${service} is still needed.`,
      );
    if (effect.when === "differs")
      lines.push(phrase`${own(capital(will))} ${service} if the values in Dokploy differ from these.`);
    if (effect.interrupts)
      lines.push(
        own("Each container that changes stops before the new one starts, so its requests fail meanwhile."),
      );
  } else if (resource.sharesVariables) {
    if (resource.variables.length > 0) {
      lines.push(
        resource.redeploysReferrers
          ? own("Deploys the services that refer to a changed variable.")
          : own("The variables take effect at the next deployment of a service that refers to them."),
      );
    }
  } else if (operation === "update" && roleOf(resource.kind) === "secret") {
    if (inputs.some(({ path }) => path === "rotation")) lines.push(anotherValue);
  }
  if (resource.isProtected && roleOf(resource.kind) === "service") lines.push(protection(resource));
  for (const map of resource.released) {
    const stays = own("its variables stay in Dokploy as they are, and are not managed");
    lines.push(phrase`${coded(map)} is no longer given: ${stays}.`);
  }
  return lines;
}

/** Says what happens with an object that Dokploy no longer has. */
function lost({ operation, kind }: PlannedResource): Phrase[] {
  const fate = operation === "replace" ? "so it is created again" : "so it only leaves the state";
  const rest = own("A warning names its remains on the server.");
  return [own(`Dokploy no longer has it, ${fate}.`), ...(roleOf(kind) === "service" ? [rest] : [])];
}

function serviceLabel({ name, noun }: Service): Phrase {
  if (name === undefined) return phrase`its ${outside(noun ?? "target")}`;
  return noun === undefined ? named(name) : phrase`the ${outside(noun)} ${named(name)}`;
}

/** Says what `protect` prevents. */
function protection({ operation }: PlannedResource): Phrase {
  return operation === "delete" || operation === "replace"
    ? phrase`It is ${strong("protected")}, so the update refuses that: remove ${coded("protect")} first.`
    : phrase`Protected: neither ${coded("pulumi destroy")} nor its removal from the program deletes it.`;
}

/** Says what `retainOnDelete` leaves in Dokploy. */
function letGo({ kind, operation }: PlannedResource): Phrase {
  const role = roleOf(kind);
  if (role === "secret") return valueLost();
  if (role === "deployment") return own("The deployed version stays.");
  const what = operation === "replace" ? "The former one" : "It";
  return own(
    role === "variables"
      ? `${operation === "replace" ? "The former" : "Its"} variables stay in Dokploy, and are no longer managed.`
      : `${what} stays in Dokploy, and is no longer managed.`,
  );
}

const anotherValue = own("Another value is made, and the former one is lost.");

function madeAnew({ kind, volumes, deletesVolumes }: PlannedResource): Phrase {
  if (roleOf(kind) === "secret") return anotherValue;
  const lost = volumes.filter(({ isOwn }) => isOwn || deletesVolumes);
  if (lost.length === 0) return own("Deleted first, then created again.");
  const names = namesOf(lost);
  if (!losesData(kind))
    return phrase`Deleted first, then created again, empty: the data stays in the volume ${names}, which nothing uses any more.`;
  const fate = deletesVolumes
    ? phrase`is ${strong("deleted")}`
    : own("stays on the server, where nothing uses it any more");
  return phrase`Deleted first, then created again, with empty volumes: the data in ${names} ${fate}.`;
}

function valueLost(): Phrase {
  const what = phrase`Its value is ${strong("lost for ever")}, since only the state of the stack has it.`;
  const back = phrase`To keep the value, put the resource, or its ${coded("!generate")}, back into the program.`;
  return phrase`${what} ${back} With ${coded("protect")}, an update refuses to delete it.`;
}

function deletion(resource: PlannedResource): Phrase {
  const { kind, deletesVolumes, volumes, targetNoun = "service" } = resource;
  const names = volumes.length > 0 ? namesOf(volumes) : undefined;
  switch (roleOf(kind)) {
    case "service": {
      if (losesData(kind)) {
        const fate = deletesVolumes ? strong("deleted too") : own("kept");
        const which = names ? phrase`: ${names}` : [];
        return phrase`Stops and removes its containers; its volumes are ${fate}${which}. ${filesLost(resource)}`;
      }
      return phrase`Stops and removes its containers${dataStays(volumes)}.`;
    }
    case "scope":
      return own("It must be empty by then.");
    case "variables":
      return blockDeletion(targetNoun, resource.moves);
    case "deployment":
    case "lasting":
      return letGo(resource);
    case "secret":
      return valueLost();
    case "other":
      return phrase`Removed from Dokploy${dataStays(volumes)}.`;
  }
}

/** Says where the data stays; nothing without a volume. */
function dataStays(volumes: readonly ServiceVolume[]): Phrase {
  if (volumes.length === 0) return own("");
  const many = own(volumes.length > 1 ? "volumes" : "volume");
  return phrase`; its data stays on the server, in the ${many} ${namesOf(volumes)}`;
}

function namesOf(volumes: readonly ServiceVolume[]): Phrase {
  return listed(volumes, 20, ({ name }) => pathLabel(name));
}

/** Says which files are lost: Dokploy deletes the folder of a compose service together with it. */
function filesLost({ deletesFiles }: PlannedResource): Phrase {
  const folder = coded("../files");
  const too = strong("deleted too");
  if (deletesFiles === undefined) return phrase`Its folder ${folder} is ${too}, if it has one.`;
  if (deletesFiles.length === 0)
    return phrase`Its folder ${folder} is deleted too; its compose file mounts nothing from it.`;
  const data = listed(deletesFiles, 20, pathLabel);
  return phrase`Its folder ${folder} is ${too}: the data in ${data} is lost.`;
}

function blockDeletion(noun: string, moves: Moves | undefined): Phrase {
  const { to = [], remaining } = moves ?? {};
  const takesOut = (what: Phrase) =>
    phrase`Removes ${what} from the ${outside(noun)}; that takes effect at the next deployment.`;
  if (to.length === 0) return takesOut(own("its variables"));
  const owners = listed(to, 20, ({ name, kind }) => phrase`${named(name)} (${outside(kind)})`);
  if (remaining?.length === 0) return phrase`Its variables move to ${owners}.`;
  const what = remaining ? listed(remaining, 20, (name) => named(name, 120)) : own("the others");
  return phrase`Some of its variables move to ${owners}. ${takesOut(what)}`;
}
