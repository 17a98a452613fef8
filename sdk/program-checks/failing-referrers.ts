import type * as pulumi from "@pulumi/pulumi";
import { rememberedBy } from "../run/current-run";
import type { Kind } from "../run/kind";
import { ProgramError } from "../run/program-error";
import { answered } from "../run/pulumi";
import { inputNames } from "./generated/input-names";

/**
 * Fails a program at its end for services that were left to another resource, if none came.
 *
 * A service that refers to a changed shared variable may fail as it did before. Its own resource may repair it later,
 * so the resource of the shared variable does not fail. Only the program knows whether the service has a resource.
 */
interface Run {
  /** `application/<id>` of each object whose resource Pulumi has handled. */
  reached: Set<string>;
  /** True when it already waits for the end. */
  isWaiting: boolean;
  failing: { owner: string; paths: readonly string[] }[];
  /** Number of resources so far. */
  count: number;
  /** Number of resources that Pulumi has handled; it never reports those that failed. */
  done: number;
}

/** State by server, which differs for each run. */
const runOn = rememberedBy(
  (): Run => ({ reached: new Set(), isWaiting: false, failing: [], count: 0, done: 0 }),
);

/**
 * Registers a resource of the program, by its kind and its id in the state.
 *
 * @param failing services that its shared variables left to another resource; undefined at preview
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

/** True for a kind that manages variables of another object, whose path is its id. */
function isBlock(kind: Kind): boolean {
  const { required, variables }: Readonly<Record<"required" | "variables", readonly string[]>> =
    inputNames[kind];
  return required.includes("target") && variables.length > 0;
}

/** Resolves when Pulumi has handled all resources, including those that are created from outputs of others. */
async function end(run: Run): Promise<void> {
  for (let count = -1; count !== run.count; ) {
    count = run.count;
    await answered();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** @throws ProgramError for services that failed and that no resource of the program has */
function judge({ failing, reached, count, done }: Run): void {
  // A resource that failed may have been theirs, and already fails the run.
  if (done < count) return;
  const lines = failing.flatMap(({ owner, paths }) =>
    paths
      .filter((path) => !reached.has(path))
      .map(
        (path) =>
          `${owner} is saved, but ${inWords(path)}, which refers to the changed variables, still fails`,
      ),
  );
  if (lines.length === 0) return;
  throw new ProgramError(
    `${lines.join("\n")}: see the warning for the reason. No resource of this program deploys it, so each \`pulumi ` +
      "up` tries again, and fails until that is corrected.",
  );
}

/** Returns `application/<id>` as `application <id>`. */
function inWords(path: string): string {
  return path.replace("/", " ");
}
