import { someOf } from "../../packages/text/names";
import { visible } from "../../packages/text/visible";
import type { Api } from "../../provider/dokploy/endpoints";
import { UserError } from "../../provider/errors/problem";
import { isThere } from "../../sdk/files/source";
import type { RunPulumi } from "../stack/process";
import { stackFile } from "../stack/setup";
import { Stack } from "../stack/stack";
import { UsageError } from "../terminal/errors";
import { auditEvents } from "./audit";
import { changesIn, stagesOf, touchedBy } from "./changes";
import { Repository, type RunGit } from "./git";
import type { AuditEvent } from "./model";
import { parseHistory } from "./options";
import { renderJson, renderText } from "./render";

/** Git, the Pulumi CLI and the server, which tests replace. */
export interface HistoryWorld {
  readonly git: RunGit;
  readonly pulumi: RunPulumi;
  /** Connects to the server of a stack. */
  connect(stack: Stack): Promise<Api & { close(): void }>;
  warn(message: string): void;
}

/**
 * Shows who changed which variables when.
 *
 * @returns the text to print
 * @throws UsageError when an argument is wrong; UserError when there is no repository
 */
export async function runHistory(args: readonly string[], world: HistoryWorld): Promise<string> {
  const { key, stage, service, limit, json, dir, stack } = parseHistory(args);
  const repository = new Repository(world.git);
  const directory = await repository.pathOf(dir);
  const all = await repository.commits();
  if (stage !== undefined) assertKnown(stage, stagesOf(all, directory), dir);
  const touched = touchedBy(all, { directory, stage, service });
  const blobs = touched.flatMap(({ files }) =>
    files.flatMap(({ before, after }) => [before, after].flatMap((version) => version?.blob ?? [])),
  );
  const commits = changesIn(touched, await repository.contents(blobs), key);
  if (await repository.isShallow()) {
    world.warn(
      "this clone has only the latest commits, and its oldest one seems to add everything: git fetch --unshallow",
    );
  }
  const audited =
    stack === undefined ? [] : await fromAuditLog(new Stack(stack, world.pulumi), service, world);
  const events = [...commits.reverse(), ...audited].sort((a, b) => b.at - a.at);
  const shown = events.slice(0, limit);
  const more = events.length - shown.length;
  if (json) return renderJson(shown, more);
  return events.length > 0 ? renderText(shown, more) : nothing(key);
}

/** @throws UsageError for a stage without a file of variables in any commit, and without a configuration */
function assertKnown(stage: string, stages: readonly string[], dir: string): void {
  // A stage may have the variables of base alone.
  if (stages.includes(stage) || isThere(stackFile(stage))) return;
  throw new UsageError(
    `No commit has variables of a stage ${visible(stage)} in ${visible(dir)}; the stages are ${someOf(stages.map(visible)) || "none"}.`,
  );
}

function nothing(key: string | undefined): string {
  return key === undefined ? "The history has no variables." : `The history has no variable ${key}.`;
}

/** Returns nothing, with a warning, where the log cannot be read: most servers have none. */
async function fromAuditLog(
  stack: Stack,
  service: string | undefined,
  world: HistoryWorld,
): Promise<readonly AuditEvent[]> {
  let client: (Api & { close(): void }) | undefined;
  try {
    const resources = await stack.resources();
    client = await world.connect(stack);
    return await auditEvents(resources, service, client);
  } catch (error) {
    if (!(error instanceof UserError || error instanceof UsageError)) throw error;
    const [reason = ""] = error.message.split("\n");
    world.warn(`Dokploy's audit log is left out: ${reason}`);
    return [];
  } finally {
    client?.close();
  }
}
