import * as pulumi from "@pulumi/pulumi";
import type { Kind } from "../run/kind";
import { ProgramError } from "../run/program-error";
import { inputNames } from "./generated/input-names";

/**
 * Fails a program at its end for services that were left to a resource which never came.
 *
 * A service that refers to a changed shared variable may fail as it did before. Its own resource may be what repairs it,
 * and comes later, so the resource of the shared variable does not fail; only the program sees whether there is one.
 */
interface Run {
  /** `application/<id>` of all that this program has resources for, as far as Pulumi has dealt with them. */
  reached: Set<string>;
  /** Waits for the end already. */
  isWaiting: boolean;
  failing: { owner: string; paths: readonly string[] }[];
  /** Resources so far. */
  count: number;
  /** Those that Pulumi has dealt with: of one that failed it never says so. */
  done: number;
}

/** Those on one server, which a run has for itself. */
const servers = new WeakMap<object, Run>();

function runOn(server: object): Run {
  const run = servers.get(server) ?? { reached: new Set(), isWaiting: false, failing: [], count: 0, done: 0 };
  servers.set(server, run);
  return run;
}

/**
 * Notes a resource of the program.
 *
 * @param server as `serverOf` gives it
 * @param kind `Application`
 * @param id as the state has it
 * @param failing the output of one that owns shared variables: services that were left to another resource. A preview has none
 */
export function watchReferrers(
  server: object,
  kind: Kind,
  name: string,
  id: pulumi.Output<string>,
  failing: pulumi.Output<readonly string[] | undefined> | undefined,
): void {
  const run = runOn(server);
  run.count += 1;
  id.apply((known) => {
    run.done += 1;
    run.reached.add(isBlock(kind) ? known : `${kind.toLowerCase()}/${known}`);
  });
  failing?.apply((paths) => {
    if (paths === undefined || paths.length === 0) return;
    run.failing.push({ owner: `${kind} "${name}"`, paths });
    if (run.isWaiting) return;
    run.isWaiting = true;
    void end(run).then(() => judge(run));
  });
}

/** Whether it is variables of something else, by the path of which it has its id. */
function isBlock(kind: Kind): boolean {
  const { required, variables }: Readonly<Record<"required" | "variables", readonly string[]>> =
    inputNames[kind];
  return required.includes("target") && variables.length > 0;
}

/** Ends when Pulumi has dealt with all resources, those too that come from outputs of others. */
async function end(run: Run): Promise<void> {
  const { waitForRPCs } = pulumi.runtime as unknown as { waitForRPCs?: () => Promise<void> };
  for (let count = -1; count !== run.count; ) {
    count = run.count;
    await waitForRPCs?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** @throws ProgramError for services that no resource of the program has */
function judge({ failing, reached, count, done }: Run): void {
  // One that failed may have been theirs, and is the run's failure itself.
  if (done < count) return;
  const lines = failing.flatMap(({ owner, paths }) =>
    paths
      .filter((path) => !reached.has(path))
      .map((path) => `${owner} is saved, but ${spoken(path)}, which refers to what changed, still fails`),
  );
  if (lines.length === 0) return;
  throw new ProgramError(
    `${lines.join("\n")}: see the warning for the reason. No resource of this program deploys it, so each ` +
      "`pulumi up` tries again, and fails until it is right.",
  );
}

/** `application/<id>` as `application <id>`. */
function spoken(path: string): string {
  return path.replace("/", " ");
}
