import { counted, visible, visibleJson } from "../../../packages/text";
import { aligned } from "../../terminal";
import type { ComparedHost, Comparison, Status, Variable } from "./model";

const maxValueLength = 40;

const marks: Readonly<Record<Status, string>> = {
  different: "~",
  missing: "-",
  extra: "+",
  "not-compared": "?",
  same: " ",
};

/** Renders one table for each service with its differences, and with `all` also with equal variables. */
export function renderTable(comparison: Comparison, all: boolean): string {
  const reasons: string[] = [];
  const sections = comparison.hosts.map((host) => section(host, comparison, all, reasons));
  const notes = reasons.map((reason, i) => `(${i + 1}) ${reason}`);
  return [...sections, [summary(comparison), ...notes].join("\n")].join("\n\n");
}

function section(host: ComparedHost, comparison: Comparison, all: boolean, reasons: string[]): string {
  const { a, b, keysOnly } = comparison;
  const where = { both: "", a: `, only in ${a}`, b: `, only in ${b}` }[host.sides];
  const title = `${printable(host.name)}${where}`;
  const variables = host.variables.filter(({ status }) => all || status !== "same");
  if (host.variables.length === 0) return `${title}: no variables`;
  if (variables.length === 0)
    return `${title}: ${keysOnly ? "the same keys" : "the same"} (${host.variables.length})`;
  const rows = variables.map((variable) => {
    const values = keysOnly ? [] : [cell(variable, "a"), cell(variable, "b")];
    return [marks[variable.status], variable.key, ...values, wordsFor(variable, comparison, reasons)];
  });
  const header = ["", "KEY", ...(keysOnly ? [] : [shorten(a), shorten(b)]), ""];
  return [title, ...aligned([header, ...rows])].join("\n");
}

function wordsFor({ status, why = "", contract }: Variable, { a, b }: Comparison, reasons: string[]): string {
  const { required = false, description = "" } = contract ?? {};
  const note = description === "" ? "" : ` (${noteOf(visible(description.trim()), reasons)})`;
  switch (status) {
    case "missing":
      return `missing in ${b}${required ? ", which needs it" : ""}${note}`;
    case "extra":
      return `only in ${b}${required ? `, and ${a} needs it` : ""}${note}`;
    case "not-compared":
      return `not compared (${noteOf(why, reasons)})`;
    default:
      return status;
  }
}

/** Returns the number of a reason in the list below the tables, and adds it there when it is new. */
function noteOf(reason: string, reasons: string[]): number {
  const at = reasons.indexOf(reason);
  return at === -1 ? reasons.push(reason) : at + 1;
}

function cell(variable: Variable, side: "a" | "b"): string {
  if (variable.status === (side === "a" ? "extra" : "missing")) return "";
  const value = variable[side];
  if (value === undefined) return "secret";
  return value === "secret" ? '"secret"' : shorten(printable(value));
}

/** Returns the value unchanged if a reader sees what it is and where it ends; otherwise quoted and escaped. */
export function printable(value: string): string {
  const isClear =
    value !== "" && value === value.trim() && !value.startsWith('"') && value === visible(value);
  if (isClear) return value;
  const parts = value.split(/(["\\])/);
  return `"${parts.map((part) => (/^["\\]$/.test(part) ? `\\${part}` : visible(part))).join("")}"`;
}

function shorten(text: string): string {
  const characters = [...text];
  return characters.length <= maxValueLength ? text : `${characters.slice(0, maxValueLength - 1).join("")}…`;
}

function summary({ b, counts, keysOnly, hosts }: Comparison): string {
  const words: [Status, string][] = [
    ["different", "different"],
    ["missing", `missing in ${b}`],
    ["extra", `only in ${b}`],
    ["not-compared", "not compared"],
    ["same", keysOnly ? "in both" : "the same"],
  ];
  const parts = words
    .filter(([status]) => counts[status] > 0)
    .map(([status, text]) => `${counts[status]} ${text}`);
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  if (all === 0) return `no variables in ${counted(hosts.length, "service")}`;
  return `${counted(all, "variable")} in ${counted(hosts.length, "service")}: ${parts.join(", ")}`;
}

/** Renders the comparison as JSON of version 1, whose shape docs/operations/json.md gives. */
export function renderJson({ a, b, keysOnly, hosts, counts }: Comparison, failed: boolean): string {
  const { "not-compared": notCompared, ...others } = counts;
  return visibleJson(
    {
      version: 1,
      ...{ a, b, keysOnly, failed, counts: { ...others, notCompared } },
      services: hosts.map(({ name, sides, variables }) => ({
        name,
        sides,
        variables: variables.map(({ key, status, why, contract, a: valueA, b: valueB }) => ({
          key,
          status,
          ...(valueA === undefined ? {} : { a: valueA }),
          ...(valueB === undefined ? {} : { b: valueB }),
          ...(why === undefined ? {} : { why }),
          ...contract,
        })),
      })),
    },
    2,
  );
}
