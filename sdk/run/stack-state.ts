import { setTimeout as wait } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { parseUrn } from "../../provider/pulumi/urn";
import { currentRun } from "./current-run";

/** What the stack's last state has, by URN: each resource's outputs. */
export type StackState = Readonly<Record<string, { outputs?: Record<string, unknown> }>>;

/**
 * Reads the stack's own state, once in a run. The engine answers it from the backend; Dokploy is not asked.
 *
 * A program cannot see otherwise what an earlier run made.
 */
export function readStackState(): Promise<StackState> {
  const run = currentRun();
  const known = runs.get(run) ?? read();
  runs.set(run, known);
  return known;
}

/** The resources of this package that the state has right in a component of a type. */
export async function resourcesIn(
  componentType: string,
): Promise<{ kind: string; name: string; outputs: Record<string, unknown> }[]> {
  return Object.entries(await readStackState()).flatMap(([urn, { outputs = {} }]) => {
    const { kind, types = "", name = "" } = parseUrn(urn) ?? {};
    return kind !== undefined && types.split("$").at(-2) === componentType ? [{ kind, name, outputs }] : [];
  });
}

const runs = new WeakMap<object, Promise<StackState>>();

/** A state in files is written many times in a run, and is empty or cut off while it is: a moment later it is whole. */
const halfWritten = /failed to load checkpoint/;
const pausesMs = [50, 100, 200, 400, 800];

async function read(): Promise<StackState> {
  const stackName = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  for (const pauseMs of [...pausesMs, undefined]) {
    try {
      // Pulumi's own `StackReference` uses its sibling, which gives the outputs of the stack alone.
      const answer = await pulumi.runtime.invoke("pulumi:pulumi:readStackResourceOutputs", { stackName });
      return (answer as { outputs?: StackState }).outputs ?? {};
    } catch (error) {
      if (pauseMs === undefined || !halfWritten.test(String(error))) throw error;
      await wait(pauseMs);
    }
  }
  return {};
}
