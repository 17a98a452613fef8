import { ownerRule, serviceNameRule } from "../simple/rules";

type Values = Readonly<Record<string, unknown>>;
type Rule = (inputs: object) => string | false | undefined;

/** Whether it runs in a container, and not on a server. */
function isContained(inputs: object): boolean {
  const { applicationId, composeId } = inputs as Values;
  return applicationId !== undefined || composeId !== undefined;
}

/** What is wrong with the inputs of a schedule, if something is. */
export const scheduleRules = {
  scheduleType: (inputs) =>
    ownerRule((inputs as Values)["scheduleType"], inputs, ["application", "compose", "server"]),
  command: (inputs) => {
    const isGiven = (inputs as Values)["command"] !== undefined;
    if (isContained(inputs)) return !isGiven && "is missing: it is what runs in the container";
    return isGiven && "is for a container: a server runs script";
  },
  script: (inputs) => {
    const isGiven = (inputs as Values)["script"] !== undefined;
    if (isContained(inputs)) return isGiven && "is for a server: in a container command runs";
    return !isGiven && "is missing: it is what runs on the server";
  },
  shellType: (inputs) =>
    (inputs as Values)["shellType"] === "sh" &&
    !isContained(inputs) &&
    "is for a container: a script always runs with bash",
  serviceName: serviceNameRule,
} as const satisfies Readonly<Record<string, Rule>>;
