import { basename, join } from "node:path";
import { counted, someOf } from "../../../packages/text";
import type { Api } from "../../../provider/dokploy";
import { isThere, listDirectory, readSource } from "../../../sdk/files";
import { replaceFiles, setValue } from "../../files";
import {
  type Dependencies,
  projectFolder,
  Stack,
  type StateResource,
  stackFile,
  stackName,
} from "../../stack";
import { parseArguments, UsageError } from "../../terminal";
import { dockerLogin } from "./logins";
import { promoteOptions } from "./options";
import { NotPromoted, type Outcome, type Promoted } from "./outcome";
import { type Place, placeOf, valueFor } from "./place";
import { digestOf } from "./registry";
import { renderJson, renderText } from "./render";
import { type Running, runningImage, runsImages } from "./running";
import { splitsOf } from "./splits";

/** Text to print, and `refused` when a service was. */
export interface PromoteResult {
  readonly output: string;
  readonly refused: boolean;
}

/** @throws UsageError for every failure, as the exit code of any other error means that a service was refused */
export async function runPromote(
  args: readonly string[],
  dependencies: Pick<Dependencies, "env" | "pulumi" | "connect">,
): Promise<PromoteResult> {
  try {
    return await promote(args, dependencies);
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(error instanceof Error ? error.message : "");
  }
}

async function promote(
  args: readonly string[],
  dependencies: Pick<Dependencies, "env" | "pulumi" | "connect">,
): Promise<PromoteResult> {
  const { values, positionals } = parseArguments(promoteOptions, args);
  const [from, to, ...names] = positionals;
  if (from === undefined || to === undefined) {
    throw new UsageError("promote takes two stages: promote test prod. See promote --help.");
  }
  if (stackName(from) === stackName(to)) throw new UsageError(`${from} and ${to} are the same stage.`);
  const folder = projectFolder("promote");
  assertStage(to, folder);

  const stack = new Stack(from, dependencies.pulumi);
  const all = (await stack.resources()).filter(runsImages);
  const resources = selected(all, from, names);
  const client = await dependencies.connect(stack);
  const outcomes: Outcome[] = [];
  try {
    const work = { to, folder, api: client, env: dependencies.env, needsDigest: values["require-digest"] };
    outcomes.push(
      ...(await Promise.all(
        // A service that nobody named may have no image to promote.
        resources.map((resource) => outcomeOf(resource, names.length > 0, work)),
      )),
    );
  } finally {
    client.close();
  }
  const refused = outcomes.some(({ status }) => status === "refused");
  const changes = outcomes.filter((outcome): outcome is Promoted => outcome.status === "changed");
  const texts = edited(changes);
  const written = !refused && !values["dry-run"];
  if (written) replaceFiles(texts);
  const splits = splitsOf(all, outcomes);
  const result = { from, to, written: written ? [...texts.keys()] : [], refused, outcomes, splits };
  return { output: values.json ? renderJson(result) : renderText(result), refused };
}

/** Parameters that are the same for every service. */
interface Work {
  readonly to: string;
  readonly folder: string;
  readonly api: Api;
  readonly env: NodeJS.ProcessEnv;
  readonly needsDigest: boolean;
}

async function outcomeOf(resource: StateResource, isNamed: boolean, work: Work): Promise<Outcome> {
  const { name } = resource;
  try {
    const running = await runningImage(resource, work.api);
    const place = placeOf(name, running, work.to, work.folder);
    return promoted(name, running, place, await digestOfRunning(running, work));
  } catch (error) {
    if (!(error instanceof NotPromoted)) throw error;
    return { name, status: isNamed ? "refused" : error.status, why: error.message };
  }
}

/** Returns the digest of the image that runs, or the reason why it is not known. */
async function digestOfRunning(
  { digest, proof }: Running,
  { env, needsDigest }: Work,
): Promise<{ readonly digest?: string; readonly why?: string }> {
  if (digest !== undefined) return { digest };
  const answer =
    "why" in proof
      ? { why: proof.why, isOther: false }
      : await digestOf(proof.image, proof.containers, (host) => proof.login ?? dockerLogin(host, env));
  if ("digest" in answer) return answer;
  if (answer.isOther) {
    throw new NotPromoted(
      "refused",
      `${answer.why}: deploy it again, so that the image runs before it is promoted`,
    );
  }
  if (needsDigest) throw new NotPromoted("refused", `its digest is not known: ${answer.why}`);
  return { why: answer.why };
}

function promoted(
  name: string,
  running: Running,
  place: Place,
  { digest, why }: { readonly digest?: string; readonly why?: string },
): Promoted {
  const { file, keys, before, advice } = place;
  const after = valueFor(place, running, digest);
  if (before?.startsWith(`${after}@`)) {
    const reason = `${file} has ${before}, and the digest of the running image is not known: ${why}`;
    throw new NotPromoted("refused", reason);
  }
  return {
    name,
    status: before === after ? "same" : "changed",
    file,
    keys,
    before,
    after,
    note: why,
    advice,
  };
}

/** Applies all changes, and returns the new text of each file by its path. */
function edited(changes: readonly Promoted[]): Map<string, string> {
  const texts = new Map<string, string>();
  for (const { file, keys, after } of changes) {
    const text = texts.get(file) ?? readSource(file).text;
    texts.set(file, setValue({ path: file, text }, keys, { text: after, isQuoted: true }));
  }
  return texts;
}

/**
 * @param all applications and compose services of the stack
 * @throws UsageError for a name that the stack does not have
 */
function selected(all: readonly StateResource[], stack: string, names: readonly string[]): StateResource[] {
  const known = all.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new UsageError(
      `Stack ${stack} has no application and no compose service ${someOf(unknown)}; it has ${someOf(known) || "none"}.`,
    );
  }
  if (known.length === 0) {
    throw new UsageError(
      `Stack ${stack} has no applications and no compose services: run \`pulumi up\` there first.`,
    );
  }
  const chosen = names.length === 0 ? all : all.filter(({ name }) => names.includes(name));
  const twice = chosen.find(({ name }, at) => chosen.findIndex((other) => other.name === name) !== at);
  if (twice === undefined) return [...chosen].sort((a, b) => (a.name < b.name ? -1 : 1));
  throw new UsageError(
    `Stack ${stack} has ${counted(2, "service")} with the name ${twice.name}; rename one.`,
  );
}

function assertStage(stack: string, folder: string): void {
  if (isThere(join(folder, stackFile(stack)))) return;
  const stages = listDirectory(folder).flatMap(
    (name) => /^Pulumi\.([^/]+)\.ya?ml$/.exec(basename(name))?.[1] ?? [],
  );
  throw new UsageError(
    `There is no ${stackFile(stack)}, the configuration of the stage that gets the images; the stages are ${someOf(stages) || "none"}.`,
  );
}
