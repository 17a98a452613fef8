import { type ChangeKind, type InputChange, type VariableChange, variableMaps } from "./changes";
import { cut } from "./cut";
import type { Lengths } from "./detail";
import type { Finding } from "./findings";
import { diffBlock, inMarkdown, table } from "./markdown";
import type { OtherResource, PlannedResource } from "./model";
import { emphasis, listed, named, own, type Phrase, phrase, strong } from "./phrase";
import { firstLines } from "./text-diff";
import type { Value } from "./values";
import { operationWord, pathLabel, variableName } from "./words";

/** Signs of changes. */
export const signs: Readonly<Record<ChangeKind, string>> = { add: "+", update: "~", delete: "−" };

/** A table of changes, and the texts of several lines that follow it. */
export interface Details {
  readonly tables: readonly ChangeTable[];
  readonly texts: readonly InputChange[];
}

/** A table of changes of variables, or of other inputs. */
export interface ChangeTable {
  readonly heads: readonly string[];
  readonly rows: readonly ChangeRow[];
}

interface ChangeRow {
  readonly change: ChangeKind;
  /** Name and values. */
  readonly cells: readonly Phrase[];
}

/** Returns the changes of one resource. */
export function detailsOf(resource: PlannedResource, length: number): Details {
  const texts = resource.inputs.filter(isText);
  const inputs = resource.inputs.filter((input) => !isText(input));
  const creates = resource.operation === "create" || resource.operation === "adopt";
  const tableOf = <T extends VariableChange | InputChange>(
    head: string,
    changes: readonly T[],
    nameOf: (change: T) => Phrase,
  ): ChangeTable[] => {
    if (changes.length === 0) return [];
    const rows = changes.map((one) => ({
      change: one.change,
      cells: [nameOf(one), ...cells(one, creates, length)],
    }));
    return [{ heads: [head, ...(creates ? ["Value"] : ["Before", "After"])], rows }];
  };
  const replacing = ({ path, replaces }: InputChange) =>
    replaces ? phrase`${pathLabel(path)} ${strong("replaces")}` : pathLabel(path);
  return {
    tables: [
      ...tableOf("Variable", resource.variables, variableName),
      ...tableOf("Input", inputs, replacing),
    ],
    texts,
  };
}

/** Renders the tables of one resource. */
export function details(
  resource: PlannedResource,
  lengths: Lengths,
  linesOf: (input: InputChange) => readonly string[],
): string {
  const { tables, texts } = detailsOf(resource, lengths.value);
  const parts = tables.map(({ heads, rows }) =>
    table(
      ["", ...heads],
      rows.map(({ change, cells }) => [signs[change], ...cells.map(inMarkdown)]),
    ),
  );
  for (const text of texts) {
    const lines = firstLines(linesOf(text), lengths.lines);
    const shown = diffBlock(lines.map((line) => cut(line, lengths.value)));
    parts.push(`${inMarkdown(pathLabel(text.path))}:`, shown);
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
  length: number,
): Phrase[] {
  return (creates ? [after] : [before, after]).map((value) => cell(value, length));
}

function cell(value: Value | undefined, length: number): Phrase {
  switch (value?.kind) {
    case undefined:
      return [];
    case "secret":
      return emphasis("secret");
    case "unknown":
      return emphasis("known after the update");
    case "plain":
      // Two quotation marks could be the value itself.
      return value.text === "" ? emphasis("empty") : named(value.text, length);
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

/** Returns a row of the table of other resources. */
export function otherRow(
  { operation, type, name, inputs, leavesFormer }: OtherResource,
  length: number,
): Phrase[] {
  return [
    operation === "delete" || (operation === "replace" && !leavesFormer)
      ? strong(operation)
      : own(operationWord(operation)),
    named(type, 120),
    named(name),
    listed(inputs, 10, (input) => named(input, length)),
  ];
}

/** Returns a row of the table of findings. */
export function findingRow({ isMandatory, resource, place, rule }: Finding): Phrase[] {
  const [, map, key] = /^(\w+)\.(.+)$/s.exec(place) ?? [];
  const isVariable = map !== undefined && key !== undefined && variableMaps.includes(map);
  return [
    isMandatory ? strong("mandatory") : own("advisory"),
    resource === undefined ? emphasis("the whole stack") : named(resource),
    isVariable ? variableName({ map, key }) : place === "" ? [] : pathLabel(place),
    named(rule),
  ];
}

/** Heads of the table of findings, whose first column is the level. */
export const findingHeads = ["Service", "Variable or input", "Rule"] as const;

/** Heads of the table of other resources, whose first column is the operation. */
export const otherHeads = ["Type", "Name", "Inputs"] as const;
