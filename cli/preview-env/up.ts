import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { shownMinute } from "../../packages/text/time";
import { SERVICES, serviceKinds } from "../../provider/dokploy/kinds";
import { UserError } from "../../provider/errors/problem";
import { variableOf } from "../../provider/settings/table";
import { readRules } from "../../sdk/repository/preview-rules";
import { leftovers } from "./leftovers";
import { endOf } from "./lifetime";
import { failureIn, type Report, servicesOf } from "./report";
import { runSeeds } from "./seed";
import { previewStackIn, withServer } from "./server";
import { type PreviewSettings, PreviewStacks, stackOf } from "./stacks";

/** A preview to deploy. */
export interface UpOptions {
  readonly directory: string;
  /** Number of the pull request. */
  readonly number: string;
  /** Branch of the pull request, which Dokploy builds where the rules say so. */
  readonly branch?: string | undefined;
  /** Tags of images by service. */
  readonly tags: ReadonlyMap<string, string>;
  /** True when no other run works on the preview, so that a lock is that of a killed run. */
  readonly unlock: boolean;
}

const kinds: ReadonlySet<string> = new Set(serviceKinds.map((kind) => SERVICES[kind].kind));

/**
 * Deploys the preview of a pull request: creates it if it is new, within the limit of the rules.
 *
 * @param progress gets lines for people
 */
export async function deployPreview(options: UpOptions, progress: (line: string) => void): Promise<Report> {
  const { directory, number, branch, tags, unlock } = options;
  const rules = readRules(directory, {});
  const stacks = new PreviewStacks(directory);
  const all = await stacks.list();
  const now = new Date();
  const report = { number, services: [], deployed: now, until: endOf(now, rules) };
  const isNew = !all.some((stack) => stack.number === number);
  const { limit = 5 } = rules;
  if (isNew && all.length >= limit) {
    const others = all.map((stack) =>
      stack.updated === undefined
        ? stackOf(stack.number)
        : `${stackOf(stack.number)} (${shownMinute(stack.updated)})`,
    );
    const reason =
      `There are ${all.length} previews, and limit in dokploy-previews.yaml allows ${limit}: ${others.join(", ")}. ` +
      "Remove one with `npx pulumi-dokploy preview-env remove <number>`, or close its pull request.";
    return { ...report, status: "refused", reason };
  }
  const settings: PreviewSettings = {
    ...(branch === undefined ? {} : { "dokploy:previewBranch": branch }),
    ...Object.fromEntries(
      [...tags].map(([service, tag]) => [`dokploy:imageTags[${JSON.stringify(service)}]`, tag]),
    ),
  };
  await stacks.configure(number, settings, isNew);
  const stack = previewStackIn(directory, number);
  const adoptions = isNew ? undefined : await adoptionsOf(stack, progress);
  const file = join(directory, `.dokploy-adopt-${stackOf(number)}.json`);
  if (adoptions !== undefined) writeFileSync(file, JSON.stringify(adoptions));
  try {
    const environment = adoptions === undefined ? {} : { [variableOf("adopt") ?? ""]: file };
    const { code, stdout, stderr } = await stacks.up(number, unlock, environment);
    const resources = await stack.resources();
    const result = { ...report, services: servicesOf(resources, kinds) };
    if (code !== 0) return { ...result, status: "failed", reason: failureIn(stdout, stderr) };
    try {
      await withServer(stack, (api) => runSeeds(resources, api, progress));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { ...result, status: "failed", reason: error.message };
    }
    return { ...result, status: "deployed" };
  } finally {
    if (adoptions !== undefined) rmSync(file, { force: true });
  }
}

/** Returns the ids of what a killed run created, for the file that a run adopts them by; undefined when nothing is left. */
async function adoptionsOf(
  stack: ReturnType<typeof previewStackIn>,
  progress: (line: string) => void,
): Promise<Record<string, Record<string, string>> | undefined> {
  const state = await stack.state();
  if (state.creating.length === 0) return undefined;
  const found = await withServer(stack, (api) => leftovers(state, api));
  if (found.length === 0) return undefined;
  progress(`Continuing with what a killed run created: ${found.map(({ name }) => name).join(", ")}.`);
  const ids: Record<string, Record<string, string>> = {};
  for (const { kind, name, id } of found) ids[kind] = { ...ids[kind], [name]: id };
  return ids;
}
