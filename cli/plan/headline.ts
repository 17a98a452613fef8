import { counted } from "../../packages/text";
import { roleOf, takesNothingAway } from "./kinds";
import type { Plan, PlannedResource } from "./model";
import { listed, named, outside, own, type Phrase, phrase, strong } from "./phrase";
import { operationWords, pathLabel } from "./words";

/** Counts the resources for each operation and lists the deployments. */
export function totals({ resources, others }: Plan): Phrase {
  const unchangedAdoption = resources.filter((resource) => resource.unchangedAdoption);
  const adopted = resources.filter(({ unchangedAdoption: isSo, operation }) => isSo || operation === "adopt");
  if (adopted.length > 0 && adopted.length === resources.length + others.length) {
    const changes = counted(adopted.length - unchangedAdoption.length, "change");
    const effects = effectTotals(resources) || "deploys nothing";
    return phrase`${strong(`${adopted.length} to adopt`)}${own(` · ${changes} · ${effects}`)}`;
  }
  const changing = [...resources.filter((resource) => !resource.unchangedAdoption), ...others];
  const words = operationWords.flatMap(([operation, word]) => {
    const count = changing.filter((resource) => resource.operation === operation).length;
    return count > 0 ? [`${count} to ${word}`] : [];
  });
  const counts = [
    ...(words.length > 0 ? [words.join(", ")] : []),
    ...(unchangedAdoption.length > 0 ? [`${unchangedAdoption.length} to adopt, nothing to change`] : []),
  ];
  const effects = effectTotals(resources);
  return [...strong(counts.join("; ")), ...own(effects === "" ? "" : ` · ${effects}`)];
}

function effectTotals(resources: readonly PlannedResource[]): string {
  const effects = resources.flatMap(({ urn, effect, waiting }) => [
    ...(effect ? [{ ...effect, id: effect.service.name ?? urn }] : []),
    ...waiting.services.map(({ name: id = urn }) => ({ action: "deploy", when: "always", id }) as const),
  ]);
  const sentence = (verb: string, chosen: typeof effects, rest = "") => {
    const services = new Set(chosen.map(({ id }) => id)).size;
    if (services === 0) return [];
    const most = chosen.some(({ when }) => when === "differs") ? "up to " : "";
    return [`${verb} ${most}${counted(services, "service")}${rest}`];
  };
  const deployed = sentence(
    "deploys",
    effects.filter(({ action, when }) => when !== "held" && action !== "reload"),
  );
  // Only Dokploy knows how many services refer to them. Nothing refers to a new project or environment.
  const referrers = resources.some(
    ({ operation, kind, redeploysReferrers }) =>
      redeploysReferrers && (operation !== "create" || roleOf(kind) === "variables"),
  );
  const those = "that refer to changed shared variables";
  if (referrers) deployed.push(deployed.length > 0 ? `and those ${those}` : `deploys the services ${those}`);
  return [
    ...(deployed.length > 0 ? [deployed.join(" ")] : []),
    ...sentence(
      "reloads",
      effects.filter(({ action, when }) => when !== "held" && action === "reload"),
    ),
    ...sentence(
      "saves",
      effects.filter(({ when }) => when === "held"),
      " without applying",
    ),
  ].join(", ");
}

/** Says why there is no whole plan, for the top of the text; the errors follow. */
export function failureOf({ errors, findings, resources, others }: Plan): Phrase {
  const byPolicies = errors.length === 0 && findings.some(({ isMandatory }) => isMandatory);
  const what = byPolicies ? strong("Policies refuse this plan") : strong("The preview failed");
  const rest =
    resources.length + others.length === 0
      ? "An update changes nothing until the errors are corrected."
      : "The plan below may be incomplete.";
  return phrase`${what}, so an update would fail too. ${own(rest)}`;
}

/** Lists the data that the update destroys, for the top of the text. */
export function dangers(resources: readonly PlannedResource[], maxResources: number): Phrase[] {
  const lines: Phrase[] = [];
  const label = ({ name, kind, operation, deletesVolumes, deletesFiles = [] }: PlannedResource) => {
    const losses = [
      ...(deletesVolumes ? [own("its volumes")] : []),
      ...(operation === "delete" && roleOf(kind) === "secret" ? [own("its value")] : []),
      ...deletesFiles.map(pathLabel),
    ];
    const lost = losses.length > 0 ? few(losses, maxResources, (loss) => loss) : undefined;
    const rest = lost === undefined ? [] : phrase`, ${strong("with")} ${lost}`;
    return phrase`${named(name)} (${outside(kind)}${rest})`;
  };
  const notable = resources.filter(({ kind }) => !takesNothingAway(kind));
  const deleted = notable.filter((resource) => resource.operation === "delete" && takesAway(resource));
  const replaced = notable.filter(({ operation, leavesFormer }) => operation === "replace" && !leavesFormer);
  if (deleted.length > 0) lines.push(phrase`${strong("Deletes")} ${few(deleted, maxResources, label)}.`);
  if (replaced.length > 0) {
    const which = few(replaced, maxResources, label);
    lines.push(phrase`${strong("Replaces")} ${which}: deleted first, then created again.`);
  }
  return lines;
}

/** False for a block whose variables all get another owner. */
function takesAway({ moves }: PlannedResource): boolean {
  return moves?.remaining?.length !== 0 || moves.to.length === 0;
}

function few<T>(items: readonly T[], maxResources: number, label: (item: T) => Phrase): Phrase {
  const most = Math.min(20, maxResources);
  return most <= 0 ? own(counted(items.length, "resource")) : listed(items, most, label);
}
