import { counted, shorten, shownMinute, visible, visibleJson } from "../../../packages/text";
import { stackName } from "../../stack";
import type { Deployment, Deployments } from "./deployments";
import { nameOf } from "./image";
import { isEmpty, type Plan, type Step } from "./plan";

/** Everything that the command found and did. */
export interface Result {
  readonly service: string;
  readonly stage: string;
  readonly stack: string;
  readonly steps: readonly Step[];
  readonly deployments: Pick<Deployments, "others" | "latest">;
  /** The deployment to go back to; undefined for the list. */
  readonly chosen: Step | undefined;
  /** Files that were written; undefined for the list. */
  readonly written: readonly string[] | undefined;
}

const onDone = [
  "Dokploy says done when Docker has accepted a version, even if Swarm then went back to the previous one. A deployment",
  "has a warning if its containers do not run now, or if its pulumi up failed.",
];

export function renderText(result: Result): string {
  return (result.chosen === undefined ? listOf(result) : changeOf(result, result.chosen)).join("\n");
}

function listOf({ service, stage, steps, deployments }: Result): string[] {
  const others = counted(deployments.others, "other");
  return [
    `Deployments of ${visible(service)} in ${stage} that ended without an error, newest first`,
    ...steps.flatMap((step, at) => [
      `  ${String(at + 1).padStart(2)}  ${headOf(step.deployment)}`,
      ...detailsOf(step).map((line) => `      ${line}`),
    ]),
    ...(steps.length === 0 ? ["  none"] : []),
    ...(deployments.others > 0 ? [`${others} failed, or did not end.`] : []),
    "",
    ...onDone,
    "",
    "To go back to one, give its number or its id with --to. The command then changes the files, and deploys nothing.",
  ];
}

function headOf({ id, at, image, commit, update }: Deployment): string {
  const name = shortened(nameOf(image));
  const by = update?.by === undefined ? undefined : visible(update.by);
  const parts = [shownMinute(at), visible(id), name, commit?.slice(0, 9), by];
  return parts.filter((part) => part !== undefined).join("  ");
}

function detailsOf({ deployment, plan, why }: Step): string[] {
  const warning = deployment.doubt === undefined ? [] : [`warning: ${visible(deployment.doubt)}`];
  if (plan === undefined) return [...warning, `no way back: ${visible(why ?? "")}`];
  const change = isEmpty(plan)
    ? "the files have its image and its variables"
    : `going back: ${[imageOf(plan), variablesOf(plan)].filter((part) => part !== undefined).join("; ")}`;
  return [...warning, change, ...plan.notes.map((note) => `note: ${note}`)];
}

function imageOf({ image }: Plan): string | undefined {
  if (image === undefined) return undefined;
  return `image ${shortened(image.before) ?? "without a tag"} → ${shortened(image.after)}`;
}

function variablesOf({ variables }: Plan): string | undefined {
  if (variables.length === 0) return undefined;
  return `variables ${variables.map(({ key, change }) => `${visible(key)} ${change}`).join(", ")}`;
}

function shortened(image: string | undefined): string | undefined {
  if (image === undefined) return undefined;
  const [name = "", digest] = visible(image).split("@");
  return digest === undefined ? name : `${name} (${shorten(digest, 20)})`;
}

function changeOf({ service, stage, stack, written }: Result, { deployment, plan }: Step): string[] {
  const { id, at } = deployment;
  const head = `${visible(service)} in ${stage}, back to the deployment ${visible(id)} of ${shownMinute(at)}`;
  if (plan === undefined || written === undefined || isEmpty(plan)) {
    return [head, "Nothing to do: the files have its image and its variables.", ...notesOf(deployment, plan)];
  }
  return [
    head,
    ...changesOf(plan).map((line) => `  ${line}`),
    ...notesOf(deployment, plan),
    "",
    `Wrote ${written.map(visible).join(", ")}. Nothing is deployed.`,
    "Next:",
    "  review the change with git diff, commit it on a branch, and open a pull request",
    `  pulumi up --stack ${stackName(stack)}, once it is merged`,
    "Changes that the newer version made in a database stay.",
  ];
}

function changesOf(plan: Plan): string[] {
  const { image, variables, secrets } = plan;
  return [
    ...(image === undefined ? [] : [`${imageOf(plan)} in ${visible(image.file)}`]),
    ...(variables.length === 0 ? [] : [variablesOf(plan) ?? ""]),
    ...(secrets.length === 0
      ? []
      : [
          `secrets ${secrets.map(visible).join(", ")}, with the value they had then: check that it still works`,
        ]),
  ];
}

function notesOf({ doubt }: Deployment, plan: Plan | undefined): string[] {
  const warning = doubt === undefined ? [] : [`  warning: ${visible(doubt)}`];
  return [...warning, ...(plan?.notes ?? []).map((note) => `  note: ${note}`)];
}

/** Renders JSON of version 1, whose shape docs/operations/json.md gives. */
export function renderJson({ service, stage, steps, deployments, chosen, written }: Result): string {
  const shown = steps.map(({ deployment, plan, why }, at) => {
    const { id, image, commit, update, doubt } = deployment;
    return {
      number: at + 1,
      id,
      at: new Date(deployment.at).toISOString(),
      image: nameOf(image),
      commit,
      by: update?.by,
      uncommitted: update?.isDirty,
      doubt,
      back: plan && {
        image: plan.image && { file: plan.image.file, before: plan.image.before, after: plan.image.after },
        variables: plan.variables,
        secrets: plan.secrets,
        notes: plan.notes,
      },
      why,
    };
  });
  const result = { version: 1, service, stage, deployments: shown, others: deployments.others };
  return visibleJson({ ...result, to: chosen?.deployment.id, written }, 2);
}
