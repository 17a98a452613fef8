import { visible, visibleJson } from "../../../packages/text";
import { readSettings, ServerTree } from "../../../provider/dokploy";
import { type Dependencies, Stack } from "../../stack";
import { aligned, parseOptions, section, UsageError } from "../../terminal";
import { Reader } from "../export/reader";
import { type Coverage, type CoveredObject, coverageOf } from "./objects";
import { coverageOptions } from "./options";

/** Text to print, and `found` when something has no stack or no backup, and the caller asked for that. */
export interface CoverageResult {
  readonly output: string;
  readonly found: boolean;
}

/** @throws UsageError for an argument without a meaning, and for a stack that cannot be read */
export async function runCoverage(
  args: readonly string[],
  { env, pulumi }: Pick<Dependencies, "env" | "pulumi">,
): Promise<CoverageResult> {
  const values = parseOptions(coverageOptions, args);
  const names = values.stack;
  if (names.length === 0)
    throw new UsageError("Give the stacks that may have objects: --stack NAME. See coverage --help.");
  const reader = new Reader(readSettings({ stack: () => undefined, environment: env }));
  try {
    const stacks = await Promise.all(
      names.map(async (name) => [name, await new Stack(name, pulumi).resources()] as const),
    );
    const { objects, backups: _, ...others } = await coverageOf(new ServerTree(reader), new Map(stacks));
    const isShown = ({ stack }: CoveredObject) => !values.unmanaged || stack === undefined;
    const shown = { objects: objects.filter(isShown), ...others };
    const { requests } = reader;
    return {
      output: values.json ? visibleJson({ version: 1, requests, ...shown }, 2) : textOf(shown, requests),
      found: values.unmanaged && shown.objects.length + others.withoutBackup.length > 0,
    };
  } finally {
    reader.close();
  }
}

function textOf({ objects, withoutBackup, unread }: Omit<Coverage, "backups">, requests: number): string {
  const rows = objects.map((object) => [
    object.project === undefined ? "-" : visible(object.project),
    object.kind,
    object.name === "" ? visible(object.id) : visible(object.name),
    object.stack === undefined ? "no stack" : `${visible(object.stack)}: ${visible(object.resource ?? "")}`,
  ]);
  const uncovered = withoutBackup.map(
    ({ kind, name, project }) => `${kind} ${visible(name)} of ${visible(project ?? "-")}`,
  );
  return [
    `Read the server with ${requests} requests, all of them GET.`,
    "",
    ...aligned([["Project", "Kind", "Name", "Managed by"], ...rows], ""),
    ...section("No backup covers:", uncovered),
    ...section(
      "Not read:",
      unread.map(({ kind, reason }) => `${kind}: ${visible(reason)}`),
    ),
  ].join("\n");
}
