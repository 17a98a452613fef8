import { counted, shorten } from "../../../packages/text";
import { badge, box, type Content, code, element, type Html, joined, type Tone, table } from "../../page";
import type { Comparison, Status, Variable } from "./model";

const MAX_VALUE_LENGTH = 400;

const tones: Readonly<Record<Status, Tone>> = {
  different: "busy",
  missing: "bad",
  extra: "warn",
  "not-compared": "calm",
  same: "good",
};

/** Shows the variables that are missing or differ between stages; of a secret only that it differs. */
export function variablesPart(comparisons: readonly Comparison[]): Html {
  return joined(comparisons.map(comparisonOf));
}

function comparisonOf(comparison: Comparison): Html {
  const { a, b, hosts, counts } = comparison;
  const rows = hosts.flatMap(({ name, sides, variables }) =>
    variables
      .filter(({ status }) => status !== "same")
      .map((variable) => [
        joined(
          code(variable.key),
          element("div", { class: "soft" }, "of ", code(name), onlyIn(sides, comparison)),
        ),
        wordsFor(variable, comparison),
        cell(variable, "a"),
        cell(variable, "b"),
      ]),
  );
  const same =
    counts.same === 0
      ? "no variable is"
      : `${counted(counts.same, "variable")} ${counts.same === 1 ? "is" : "are"}`;
  if (rows.length === 0)
    return box(
      "good",
      element("p", {}, code(a), " and ", code(b), `: ${same} the same, and no other one exists.`),
    );
  const caption = [code(a), " and ", code(b), `: ${same} the same; these differ`];
  return table({ caption, heads: ["Variable", "Difference", a, b], rows }, `Variables of ${a} and ${b}`);
}

function onlyIn(sides: "both" | "a" | "b", comparison: Comparison): Content {
  return sides === "both" ? undefined : [", only in ", code(comparison[sides])];
}

function wordsFor({ status, why = "", contract }: Variable, { a, b }: Comparison): Content {
  const { required = false, description = "" } = contract ?? {};
  const note = description === "" ? undefined : element("div", { class: "soft" }, description);
  const tone = status === "extra" && required ? "bad" : tones[status];
  switch (status) {
    case "missing":
      return [badge(tone, "missing"), ` in ${b}${required ? ", which needs it" : ""}`, note];
    case "extra":
      return [badge(tone, "missing"), ` in ${a}${required ? ", which needs it" : ""}`, note];
    case "not-compared":
      return [badge(tone, "not compared"), element("div", { class: "soft" }, why)];
    default:
      return badge(tone, status);
  }
}

function cell(variable: Variable, side: "a" | "b"): Content {
  if (variable.status === (side === "a" ? "extra" : "missing")) return "–";
  const value = variable[side];
  if (value === undefined) return element("em", {}, "secret");
  return value === "" ? element("em", {}, "empty") : code(shorten(value, MAX_VALUE_LENGTH));
}
