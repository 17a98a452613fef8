import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { shownMinute } from "../../packages/text";
import { type Api, SERVICES, serviceKinds, variableOf } from "../../provider/dokploy";
import { UserError } from "../../provider/errors";
import { previewStack } from "../../sdk/repository";
import type { Stack, StateResource } from "../stack";
import { UsageError } from "../terminal";
import { checkedRules } from "./checks";
import { leftovers } from "./leftovers";
import { endOf } from "./lifetime";
import { addressesOf, failureOf, type PreviewService, type Report } from "./report";
import { runningOf } from "./running";
import { runSeeds } from "./seed";
import { withServer } from "./server";
import type { PreviewSettings, PreviewStacks } from "./stacks";

/** A preview to deploy. */
export interface UpOptions {
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
export async function deployPreview(
  stacks: PreviewStacks,
  { number, branch, tags, unlock }: UpOptions,
  progress: (line: string) => void,
): Promise<Report> {
  const { directory } = stacks;
  const rules = checkedRules(stacks, { number, branch, tags });
  const all = await stacks.list();
  const now = new Date();
  const report = { number, services: [], deployed: now, until: endOf(now, rules) };
  const isNew = !all.some((stack) => stack.number === number);
  const { limit = 5 } = rules;
  if (isNew && all.length >= limit) {
    const others = all.map((stack) =>
      stack.updated === undefined
        ? previewStack(stack.number)
        : `${previewStack(stack.number)} (${shownMinute(stack.updated)})`,
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
  const stack = stacks.stack(number);
  const adoptions = isNew ? undefined : await adoptionsOf(stack, progress);
  const file = join(directory, `.dokploy-adopt-${previewStack(number)}.json`);
  if (adoptions !== undefined) writeFileSync(file, JSON.stringify(adoptions));
  try {
    const environment = adoptions === undefined ? {} : { [variableOf("adopt") ?? ""]: file };
    const ended = await stacks.up(number, unlock, environment);
    const resources = await stack.resources();
    const failure = ended.code === 0 ? undefined : failureOf(ended);
    try {
      return await withServer(stack, async (api) => {
        const reason = failure ?? (await seedFailure(stack, resources, api, progress));
        const services = await servicesOf(resources, api);
        return reason === undefined
          ? { ...report, services, status: "deployed" }
          : { ...report, services, status: "failed", reason };
      });
    } catch (error) {
      // Without a server, Pulumi's reason is the one to show.
      const isKnown = error instanceof UserError || error instanceof UsageError;
      if (failure === undefined || !isKnown) throw error;
      return { ...report, status: "failed", reason: failure };
    }
  } finally {
    if (adoptions !== undefined) rmSync(file, { force: true });
  }
}

/** Runs the seeds; returns the reason why one failed. */
async function seedFailure(
  stack: Stack,
  resources: readonly StateResource[],
  api: Api,
  progress: (line: string) => void,
): Promise<string | undefined> {
  try {
    await runSeeds(stack, resources, api, progress);
    return undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.message;
  }
}

/** Returns the services in the state of a stack, by name. */
async function servicesOf(resources: readonly StateResource[], api: Api): Promise<PreviewService[]> {
  const services = resources.filter(({ kind }) => kinds.has(kind)).sort((a, b) => (a.name < b.name ? -1 : 1));
  return await Promise.all(
    services.map(async (service) => ({
      name: service.name,
      kind: service.kind,
      addresses: addressesOf(service),
      running: await runningOf(service, api),
    })),
  );
}

/** Returns the ids of what a killed run created, for the file that a run adopts them by; undefined when nothing is left. */
async function adoptionsOf(
  stack: Stack,
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
