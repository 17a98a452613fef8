import { join } from "node:path";
import { byText, counted, shownMinute, someOf } from "../../../packages/text";
import type { Api } from "../../../provider/dokploy";
import { isProduction } from "../../../sdk/env-files";
import { isThere, readSource } from "../../../sdk/files";
import { replaceFiles, setValue } from "../../files";
import {
  type Dependencies,
  projectFolder,
  Stack,
  type StateResource,
  stackFile,
  stackName,
  stagesIn,
} from "../../stack";
import { parseArguments, UsageError } from "../../terminal";
import { readImageDeployments, runsSince } from "./history";
import { dockerLogin, type Login } from "./logins";
import { parseSoak, promoteOptions } from "./options";
import { NotPromoted, type Outcome, type Promoted } from "./outcome";
import { imageOwners, placeOf, valueFor } from "./place";
import { digestOf, isHere } from "./registry";
import { renderJson, renderText } from "./render";
import { type Running, runningImage, runsImages } from "./running";
import { splitsOf } from "./splits";
import { type Candidate, decided, groupsOf, ownerOf } from "./together";

/** Text to print, and `refused` when a service was. */
export interface PromoteResult {
  readonly output: string;
  readonly refused: boolean;
}

type PromoteDependencies = Pick<Dependencies, "env" | "pulumi" | "connect" | "question">;

/** @throws UsageError for every failure, as the exit code of any other error means that a service was refused */
export async function runPromote(
  args: readonly string[],
  dependencies: PromoteDependencies,
): Promise<PromoteResult> {
  try {
    return await promote(args, dependencies);
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(error instanceof Error ? error.message : "");
  }
}

async function promote(args: readonly string[], dependencies: PromoteDependencies): Promise<PromoteResult> {
  const { values, positionals } = parseArguments(promoteOptions, args);
  const soak = parseSoak(values.soak);
  const [from, to, ...names] = positionals;
  if (from === undefined || to === undefined) {
    throw new UsageError("promote takes two stages: promote test prod. See promote --help.");
  }
  if (stackName(from) === stackName(to)) throw new UsageError(`${from} and ${to} are the same stage.`);
  const folder = projectFolder("promote");
  assertStage(to, folder);
  if (!values["dry-run"] && !values["from-prod"]) await confirmDirection(from, to, dependencies);

  const stack = new Stack(from, dependencies.pulumi);
  const all = (await stack.resources()).filter(runsImages);
  const owners = imageOwners(to, folder);
  const resources = selected(all, from, names, owners);
  const groups = groupsOf(owners, resources.map(nameOf), all.map(nameOf));
  const client = await dependencies.connect(stack);
  const outcomes: Outcome[] = [];
  try {
    const needsDigest = values["require-digest"];
    const work = { to, folder, api: client, server: client.url, env: dependencies.env, needsDigest, soak };
    const found = await Promise.all(
      // A service that nobody named, and that has its own image, may have none to promote.
      resources.map((resource) =>
        candidateOf(
          resource,
          names.length > 0 || groups.some(({ services }) => services.includes(resource.name)),
          work,
        ),
      ),
    );
    const ofOwner = [...new Set(found.map(({ name }) => ownerOf(name, owners)))].map((owner) =>
      decided(found.filter(({ name }) => ownerOf(name, owners) === owner)),
    );
    outcomes.push(...(await Promise.all(ofOwner)).flat().sort((a, b) => byText(a.name, b.name)));
  } finally {
    client.close();
  }
  const refused = outcomes.some(({ status }) => status === "refused");
  const changes = outcomes.filter((outcome): outcome is Promoted => outcome.status === "changed");
  const texts = edited(changes);
  const written = !refused && !values["dry-run"];
  if (written) replaceFiles(texts);
  const splits = splitsOf(all, outcomes);
  const result = { from, to, written: written ? [...texts.keys()] : [], refused, outcomes, splits, groups };
  return { output: values.json ? renderJson(result) : renderText(result), refused };
}

/** Parameters that are the same for every service. */
interface Work {
  readonly to: string;
  readonly folder: string;
  readonly api: Api;
  /** Address of Dokploy. */
  readonly server: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly needsDigest: boolean;
  /** Time that an image must have run, in milliseconds. */
  readonly soak: number | undefined;
}

async function candidateOf(
  resource: StateResource,
  isNamed: boolean,
  work: Work,
): Promise<Candidate | Exclude<Outcome, Promoted>> {
  const { name } = resource;
  try {
    const running = await runningImage(resource, work.api);
    const place = placeOf(name, running, work.to, work.folder);
    const since = work.soak === undefined ? undefined : await soaked(resource, work.soak, work.api);
    const { digest, why } = await digestOfRunning(running, work);
    const { proof } = running;
    const image = "why" in proof ? running.image : proof.image;
    const loginOf = (host: string) => loginFor(host, proof, work);
    return { name, place, after: valueFor(place, running, digest), image, loginOf, note: why, since };
  } catch (error) {
    if (!(error instanceof NotPromoted)) throw error;
    return { name, status: isNamed ? "refused" : error.status, why: error.message };
  }
}

/**
 * Returns the time since which an image runs.
 *
 * @throws NotPromoted when it has run for less than a time in milliseconds
 */
async function soaked(resource: StateResource, soak: number, api: Api): Promise<number> {
  const since = runsSince(await readImageDeployments(resource, api));
  if (since !== undefined && Date.now() - since >= soak) return since;
  const when = since === undefined ? "nobody knows since when" : `since ${shownMinute(since)}`;
  throw new NotPromoted(
    "refused",
    `it has not run for long enough: by its deployments, this image runs ${when}`,
  );
}

/**
 * Returns the login of a registry: that of the service in Dokploy, or of Docker on this machine. `localhost:5000` of another
 * server is not this machine, and what listens here must not get the login of the service.
 */
function loginFor(host: string, proof: Running["proof"], { server, env }: Work): Login | undefined {
  const isOfServer = !isHere(`http://${host}`) || (server !== undefined && isHere(server));
  return (isOfServer && "login" in proof ? proof.login : undefined) ?? dockerLogin(host, env);
}

/** Returns the digest of the image that runs, or the reason why it is not known. */
async function digestOfRunning(
  { digest, proof }: Running,
  work: Work,
): Promise<{ readonly digest?: string; readonly why?: string }> {
  if (digest !== undefined) return { digest };
  const answer =
    "why" in proof
      ? { why: proof.why, isOther: false }
      : await digestOf(proof.image, proof.containers, (host) => loginFor(host, proof, work));
  if ("digest" in answer) return answer;
  if (answer.isOther) {
    throw new NotPromoted(
      "refused",
      `${answer.why}: deploy it again, so that the image runs before it is promoted`,
    );
  }
  if (work.needsDigest) throw new NotPromoted("refused", `its digest is not known: ${answer.why}`);
  return { why: answer.why };
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

function nameOf({ name }: StateResource): string {
  return name;
}

/**
 * @param all applications and compose services of the stack
 * @param owners services that take the image of another one: they are selected with it
 * @throws UsageError for a name that the stack does not have
 */
function selected(
  all: readonly StateResource[],
  stack: string,
  names: readonly string[],
  owners: ReadonlyMap<string, string>,
): StateResource[] {
  const known = all.map(nameOf);
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
  const wanted = new Set(names.map((name) => ownerOf(name, owners)));
  const chosen = names.length === 0 ? all : all.filter(({ name }) => wanted.has(ownerOf(name, owners)));
  const twice = chosen.find(({ name }, at) => chosen.findIndex((other) => other.name === name) !== at);
  if (twice === undefined) return [...chosen].sort((a, b) => (a.name < b.name ? -1 : 1));
  throw new UsageError(
    `Stack ${stack} has ${counted(2, "service")} with the name ${twice.name}; rename one.`,
  );
}

/**
 * Asks before the images of production replace those of a stage that is not production: mostly, the stages are mixed up.
 *
 * @throws UsageError when nobody can be asked, or says no
 */
async function confirmDirection(from: string, to: string, { question }: PromoteDependencies): Promise<void> {
  if (!isProduction(stackName(from)) || isProduction(stackName(to))) return;
  const what = `${from} is production by its name, and ${to} is not: ${to} would get the images that run in ${from}`;
  const typed = await question?.(`${what}. Type ${to} if that is intended:`);
  if (typed === undefined)
    throw new UsageError(`${what}. Did you mean promote ${to} ${from}? Otherwise give --from-prod.`);
  if (typed.trim() !== to) throw new UsageError(`Nothing was written. Did you mean promote ${to} ${from}?`);
}

function assertStage(stack: string, folder: string): void {
  if (isThere(join(folder, stackFile(stack)))) return;
  const stages = stagesIn(folder);
  throw new UsageError(
    `There is no ${stackFile(stack)}, the configuration of the stage that gets the images; the stages are ${someOf(stages) || "none"}.`,
  );
}
