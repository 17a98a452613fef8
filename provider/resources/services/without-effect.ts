import { isRecord, isUnknown, type Values } from "../../../packages/values";
import type { ServiceKind } from "../../dokploy";
import type { Advice } from "../../lifecycle";

/** Inputs that publish ports of the server. */
const publishing = ["ports", "externalPort", "externalGrpcPort", "externalAdminPort"];

/**
 * Warns of inputs that Dokploy saves and does not use because of another one, and of a command that it does not read as a
 * shell would.
 */
export function warnOfNoEffect(kind: ServiceKind, inputs: Values, advise: () => Advice | undefined): void {
  const texts = [...swarmAdvice(kind, inputs), ...commandAdvice(kind, inputs), ...previewAdvice(inputs)];
  for (const text of texts) advise()?.warn(text, "advice");
}

/** Dokploy uses these settings of Swarm instead of its own. */
function swarmAdvice(kind: ServiceKind, { swarm, ...inputs }: Values): string[] {
  if (!isRecord(swarm)) return [];
  const { mode, endpointSpec } = swarm;
  const ports = publishing.filter((name) => isGiven(inputs[name]));
  return [
    ...(isGiven(mode) && isGiven(inputs["replicas"])
      ? [
          "replicas has no effect, since swarm.mode is given: remove one of them. The number of containers can be in " +
            "swarm.mode.Replicated.Replicas.",
        ]
      : []),
    ...(kind === "libsql" && isGiven(endpointSpec)
      ? ["swarm.endpointSpec has no effect, since Dokploy publishes the ports of libSQL itself: remove it."]
      : []),
    ...(kind !== "libsql" && isGiven(endpointSpec) && ports.length > 0
      ? [
          `${ports.join(", ")} has no effect, since swarm.endpointSpec is given: Dokploy publishes only the ports that are in ` +
            "swarm.endpointSpec.Ports. Remove one of them.",
        ]
      : []),
  ];
}

function commandAdvice(kind: ServiceKind, { command, replicaSets }: Values): string[] {
  // These go to a shell.
  const isScript =
    kind === "compose" ||
    kind === "libsql" ||
    (kind === "mongo" && replicaSets !== false && isGiven(replicaSets));
  if (isScript || typeof command !== "string" || isUnknown(command)) return [];
  const split = "Dokploy splits command at each single space, and knows no quotes";
  const instead =
    kind === "application"
      ? '. For a shell, write command: "sh -c", and the text as the only entry of args.'
      : ".";
  if (/["']/.test(command)) return [`${split}: those in it become part of the words${instead}`];
  return /^ | {2}| $/.test(command) ? [`${split}: two spaces make an empty word${instead}`] : [];
}

/** The previews that Dokploy makes get a domain with these settings. */
function previewAdvice({ preview }: Values): string[] {
  if (!isRecord(preview)) return [];
  const { https, certificateType: type = "none", customCertResolver: resolver } = preview;
  if (isUnknown(type)) return [];
  return [
    ...(type === "custom" && resolver === undefined
      ? [
          'preview.customCertResolver is missing: preview.certificateType: "custom" needs the name of a resolver.',
        ]
      : []),
    ...(type !== "custom" && isGiven(resolver)
      ? ['preview.customCertResolver has no effect without preview.certificateType: "custom".']
      : []),
    ...(type !== "none" && (https === undefined || https === false)
      ? ["preview.certificateType has no effect without preview.https: true."]
      : []),
  ];
}

/** True for an input that has a value, also one that is not known yet. */
function isGiven(value: unknown): boolean {
  return value !== undefined && !(isRecord(value) && Object.keys(value).length === 0);
}
