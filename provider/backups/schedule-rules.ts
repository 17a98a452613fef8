import { ownerRule, serviceNameRule } from "../simple/rules";

type Values = Readonly<Record<string, unknown>>;
type Rule = (inputs: object) => string | false | undefined;

/** Returns true for a schedule that runs in a container, not on a server. */
function isContained(inputs: object): boolean {
  const { applicationId, composeId } = inputs as Values;
  return applicationId !== undefined || composeId !== undefined;
}

/** Rules for the inputs of a schedule, which return the mistake if there is one. */
export const scheduleRules = {
  scheduleType: (inputs) =>
    ownerRule((inputs as Values)["scheduleType"], inputs, ["application", "compose", "server"]),
  command: (inputs) => {
    const isGiven = (inputs as Values)["command"] !== undefined;
    if (isContained(inputs)) return !isGiven && "is missing: it is the command that runs in the container";
    return isGiven && "is only for a container: on a server, script runs";
  },
  script: (inputs) => {
    const isGiven = (inputs as Values)["script"] !== undefined;
    if (isContained(inputs)) return isGiven && "is only for a server: in a container, command runs";
    return !isGiven && "is missing: it is the script that runs on the server";
  },
  shellType: (inputs) =>
    (inputs as Values)["shellType"] === "sh" &&
    !isContained(inputs) &&
    "is only for a container: a script always runs with bash",
  serviceName: serviceNameRule,
} as const satisfies Readonly<Record<string, Rule>>;
