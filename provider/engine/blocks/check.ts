import type { Problem } from "../../errors";
import { isShared, kindOf, nounWithArticle, type TargetKind, textFields, traits } from "../../schema";
import { deployProblems } from "../rollout/ways/ways";
import type { BlockInputs } from "./model";

/** Rules of an `EnvironmentBlock`: the inputs that go with each kind of target. */
type Inputs = Partial<BlockInputs>;

/** Returns the problems that can be found without the server. */
export function blockProblems(inputs: Inputs): Problem[] {
  const kind = kindOf(inputs.target);
  return [...missingText(inputs, kind), ...(kind === undefined ? [] : misplaced(inputs, kind))];
}

function missingText(inputs: Inputs, kind: TargetKind | undefined): Problem[] {
  const { texts } = traits[kind ?? "application"];
  if (textFields.some((field) => inputs[field] !== undefined)) return [];
  const reason =
    texts.length > 1
      ? "is missing: a block needs env, buildArgs or buildSecrets"
      : "is missing: the block sets no variables";
  return [{ property: "env", reason }];
}

/** Returns the inputs that this kind of target does not have. */
function misplaced(inputs: Inputs, kind: TargetKind): Problem[] {
  const fields = textFields.filter(
    (field) => inputs[field] !== undefined && !traits[kind].texts.includes(field),
  );
  return [
    ...fields.map((property) => ({
      property,
      reason: `is for applications; ${nounWithArticle(kind)} has only env`,
    })),
    ...problemsOfDeploy(kind, inputs.deploy),
    ...(inputs.redeployReferrers === undefined || isShared(kind)
      ? []
      : [
          {
            property: "redeployReferrers",
            reason:
              "is for the shared variables of projects and environments; nothing refers to the variables of " +
              `${nounWithArticle(kind)}`,
          },
        ]),
  ];
}

function problemsOfDeploy(kind: TargetKind, deploy: unknown): Problem[] {
  if (isShared(kind)) {
    if (deploy === undefined) return [];
    const reason =
      `is for services: the variables of ${nounWithArticle(kind)} take effect with the next deployment of each service that ` +
      "refers to them, and redeployReferrers: true starts those deployments";
    return [{ property: "deploy", reason }];
  }
  return deployProblems(kind, deploy);
}
