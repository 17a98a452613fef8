import { byText } from "../../packages/text";
import { badge, box, code, element, type Html, joined, listed, moment, table } from "../page";
import { cut } from "./cut";
import { inHtml } from "./in-html";
import type { Plan, PlannedResource } from "./model";
import { operationWord, pathLabel, variableName } from "./words";

/** Plan of an update of a stage now, with the people who changed its objects last. */
export interface StageDrift {
  readonly stage: string;
  /** Plan with a refresh; undefined when there is none, for the reason in `why`. */
  readonly plan: Plan | undefined;
  readonly why?: string | undefined;
  /** Last change of each resource by hand, by its URN. */
  readonly people: ReadonlyMap<string, { readonly who: string; readonly at: number }>;
}

/** Most names of variables and inputs in a row. */
const MOST_NAMES = 12;

/** Shows what differs from the program in each stage, sorted by the person who changed it last. */
export function driftPart(stages: readonly StageDrift[]): Html {
  const all = stages.flatMap(({ stage, plan, people }) =>
    (plan?.resources ?? []).map((resource) => ({ stage, resource, last: people.get(resource.urn) })),
  );
  const sorted = all.sort(
    (a, b) =>
      byText(a.last?.who ?? "\uffff", b.last?.who ?? "\uffff") ||
      byText(a.stage, b.stage) ||
      byText(a.resource.urn, b.resource.urn),
  );
  const rows = sorted.map(({ stage, resource, last }) => [
    last === undefined ? "not known" : code(last.who),
    last === undefined ? "–" : moment(new Date(last.at)),
    code(stage),
    joined(code(cut(resource.name, 200)), element("div", { class: "soft" }, resource.kind)),
    differing(resource),
  ]);
  const unread = stages.filter(({ plan }) => plan === undefined || plan.failed);
  const heads = ["Changed last by", "When", "Stage", "Resource", "An update would change"];
  return joined(
    unread.map(({ stage, why }) =>
      box(
        "warn",
        element("p", {}, code(stage), `: ${why ?? "the preview failed, so this may be incomplete."}`),
      ),
    ),
    rows.length > 0
      ? table(
          { caption: "Differences from the program, by person", heads, rows },
          "Differences from the program",
        )
      : unread.length === 0
        ? box("good", element("p", {}, "An update would change nothing."))
        : undefined,
  );
}

function differing({ operation, variables, inputs, isLost }: PlannedResource): Html {
  if (isLost) return badge("bad", "gone from Dokploy");

  const names = [...variables.map(variableName), ...inputs.map(({ path }) => pathLabel(path))];
  const more = names.length - MOST_NAMES;
  const word = operation === "update" ? undefined : [badge("bad", operationWord(operation)), " "];
  const shown = operation === "update" ? listed(names.slice(0, MOST_NAMES).map(inHtml)) : undefined;
  return joined(word, shown, operation === "update" && more > 0 ? ` and ${more} more` : undefined);
}
