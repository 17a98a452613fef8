import { counted } from "../../packages/text";
import { SERVICES } from "../../provider/dokploy";
import {
  address,
  badge,
  box,
  type Content,
  code,
  element,
  type Html,
  joined,
  moment,
  type Tone,
} from "../page";
import type { Condition, LastDeployment, ServiceStatus } from "./model";
import { COMMIT_LENGTH, isFine, reasonsOf, shownAge } from "./render";

/** Services of a stage, or the reason why they are not known. */
export interface StageServices {
  readonly stage: string;
  readonly services: readonly ServiceStatus[];
  readonly why?: string | undefined;
}

const tones: Readonly<Record<Condition, Tone>> = {
  healthy: "good",
  starting: "busy",
  "rolled back": "bad",
  failing: "bad",
  stopped: "calm",
  "not deployed": "calm",
  unknown: "warn",
  missing: "bad",
};

/** Shows stages side by side: each service with its health, image, last deployment and addresses. */
export function stagesPart(stages: readonly StageServices[]): Html {
  return element("div", { class: "stages" }, stages.map(stageOf));
}

function stageOf({ stage, services, why }: StageServices): Html {
  const others = services.filter((service) => !isFine(service)).length;
  const sum =
    why !== undefined
      ? badge("bad", "not read")
      : others === 0
        ? badge("good", `${counted(services.length, "service")}, as they should be`)
        : badge("bad", `${others} of ${counted(services.length, "service")} not as they should be`);
  return element(
    "div",
    { class: "stage" },
    element("h3", {}, code(stage), " ", sum),
    why === undefined ? undefined : box("bad", element("p", {}, why)),
    services.map(cardOf),
  );
}

function cardOf(service: ServiceStatus): Html {
  const { name, kind, condition, image, running, wanted, ageSeconds, lastDeployment, addresses } = service;
  const reasons = reasonsOf(service);
  const facts: [string, Content][] = [
    ["Kind", SERVICES[kind].noun],
    ...(image === undefined ? [] : [["Image", code(image)] as [string, Content]]),
    ...(running === undefined
      ? []
      : [
          [
            "Runs",
            `${running} of ${wanted}${ageSeconds === undefined ? "" : `, since ${shownAge(ageSeconds)}`}`,
          ] as [string, Content],
        ]),
    ...(lastDeployment === undefined
      ? []
      : [["Deployed", deploymentOf(lastDeployment)] as [string, Content]]),
    ...(addresses.length === 0
      ? []
      : [
          ["Addresses", joined(addresses.map((each) => element("div", {}, address(each))))] as [
            string,
            Content,
          ],
        ]),
  ];
  return element(
    "article",
    { class: "card" },
    element(
      "h4",
      {},
      code(name),
      " ",
      element(
        "span",
        {},
        badge(tones[condition], condition),
        service.isDeploying ? badge("busy", "deploying") : undefined,
      ),
    ),
    element(
      "dl",
      {},
      facts.map(([term, value]) => [element("dt", {}, term), element("dd", {}, value)]),
    ),
    reasons.length === 0
      ? undefined
      : element(
          "ul",
          { class: "small" },
          reasons.map((each) => element("li", {}, each)),
        ),
  );
}

function deploymentOf({ status, at, title, commit }: LastDeployment): Content {
  const time = new Date(at);
  return [
    badge(status === "done" ? "good" : status === "error" ? "bad" : "busy", status),
    " ",
    Number.isNaN(time.valueOf()) ? undefined : moment(time),
    element("div", {}, commit === undefined ? title : ["commit ", code(commit.slice(0, COMMIT_LENGTH))]),
  ];
}
