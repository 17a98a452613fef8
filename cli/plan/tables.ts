import type { ChangeKind, InputChange, VariableChange } from "./changes";
import type { Lengths } from "./detail";
import { code, cut, diffBlock, table } from "./markdown";
import type { OtherResource, PlannedResource } from "./model";
import { firstLines } from "./text-diff";
import type { Value } from "./values";
import { listed, operationWord, pathLabel, variableName } from "./words";

const signs: Readonly<Record<ChangeKind, string>> = { add: "+", update: "~", delete: "−" };

/** Renders the tables of one resource. */
export function details(
  resource: PlannedResource,
  lengths: Lengths,
  linesOf: (input: InputChange) => readonly string[],
): string {
  const texts = resource.inputs.filter(isText);
  const inputs = resource.inputs.filter((input) => !isText(input));
  const creates = resource.operation === "create" || resource.operation === "adopt";
  const parts: string[] = [];
  const addTable = <T extends VariableChange | InputChange>(
    head: string,
    changes: readonly T[],
    nameOf: (change: T) => string,
  ) => {
    if (changes.length === 0) return;
    const rows = changes.map((one) => [signs[one.change], nameOf(one), ...cells(one, creates, lengths)]);
    parts.push(table(["", head, ...(creates ? ["Value"] : ["Before", "After"])], rows));
  };
  addTable("Variable", resource.variables, variableName);
  addTable("Input", inputs, ({ path, replaces }) => `${pathLabel(path)}${replaces ? " **replaces**" : ""}`);
  for (const text of texts) {
    const lines = firstLines(linesOf(text), lengths.lines);
    parts.push(`${pathLabel(text.path)}:`, diffBlock(lines.map((line) => cut(line, lengths.value))));
  }
  return parts.join("\n\n");
}

/** True for texts of several lines, where a comparison shows more than a table. */
function isText({ before, after }: InputChange): boolean {
  const hasLines = (value: Value | undefined) =>
    value?.kind === "plain" && value.text.trimEnd().includes("\n");
  return (
    [before, after].every((value) => !value || value.kind === "plain") &&
    (hasLines(before) || hasLines(after))
  );
}

function cells(
  { before, after }: { before?: Value; after?: Value },
  creates: boolean,
  lengths: Lengths,
): string[] {
  return (creates ? [after] : [before, after]).map((value) => cell(value, lengths));
}

function cell(value: Value | undefined, lengths: Lengths): string {
  switch (value?.kind) {
    case undefined:
      return "";
    case "secret":
      return "_secret_";
    case "unknown":
      return "_known after the update_";
    case "plain":
      // Two quotation marks could be the value itself.
      return value.text === "" ? "_empty_" : code(cut(value.text, lengths.value));
  }
}

/** Returns the numbers of changes as text, for a resource whose tables are replaced by counts. */
export function changeCounts({ variables, inputs }: PlannedResource): string {
  const count = (changes: readonly { change: ChangeKind }[], noun: string) => {
    const words = { add: "added", update: "changed", delete: "removed" } as const;
    const parts = (["add", "update", "delete"] as const).flatMap((kind) => {
      const number = changes.filter(({ change }) => change === kind).length;
      return number > 0 ? [`${number} ${words[kind]}`] : [];
    });
    return parts.length > 0 ? [`${noun}: ${parts.join(", ")}`] : [];
  };
  const parts = [...count(variables, "Variables"), ...count(inputs, "Inputs")];
  return parts.length > 0 ? `${parts.join(". ")}.` : "";
}

/** Renders a row of the table of other resources. */
export function otherRow(
  { operation, type, name, inputs, leavesFormer }: OtherResource,
  lengths: Lengths,
): string[] {
  return [
    operation === "delete" || (operation === "replace" && !leavesFormer)
      ? `**${operation}**`
      : operationWord(operation),
    code(cut(type, 120)),
    code(cut(name, 80)),
    listed(inputs, 10, (input) => code(cut(input, lengths.value))),
  ];
}
