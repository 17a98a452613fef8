import { setTimeout as wait } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { parseUrn } from "../../provider/pulumi";
import { currentRun, rememberedBy } from "./current-run";
import { readOutputs } from "./pulumi";

/** The stack's last state: the outputs of each resource, by URN. */
export type StackState = Awaited<ReturnType<typeof readOutputs>>;

/**
 * Reads the stack's own state, once in a run. The engine reads it from the backend, without a call to Dokploy.
 *
 * A program has no other way to see the resources of earlier runs.
 */
export function readStackState(): Promise<StackState> {
  return stateOf(currentRun());
}

/** Returns the resources of this package that are direct children of a component of a type. */
export async function resourcesIn(
  componentType: string,
): Promise<{ kind: string; name: string; outputs: Record<string, unknown> }[]> {
  return Object.entries(await readStackState()).flatMap(([urn, { outputs = {} }]) => {
    const { kind, types = "", name = "" } = parseUrn(urn) ?? {};
    return kind !== undefined && types.split("$").at(-2) === componentType ? [{ kind, name, outputs }] : [];
  });
}

const stateOf = rememberedBy(read);

/** A state in files is empty or cut off while the run writes it, and complete a moment later. */
const halfWritten = /failed to load checkpoint/;
const pausesMs = [50, 100, 200, 400, 800];

async function read(): Promise<StackState> {
  const stackName = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  for (const pauseMs of [...pausesMs, undefined]) {
    try {
      return await readOutputs(stackName);
    } catch (error) {
      if (pauseMs === undefined || !halfWritten.test(String(error))) throw error;
      await wait(pauseMs);
    }
  }
  return {};
}
