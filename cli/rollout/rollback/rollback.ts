import { mkdirSync } from "node:fs";
import { dirname, relative } from "node:path";
import { shownMinute, visible } from "../../../packages/text";
import { replaceFiles } from "../../files";
import {
  type Dependencies,
  GitRepository,
  projectFolder,
  projectName,
  Stack,
  type StateResource,
  stackName,
  withoutReplacements,
} from "../../stack";
import { unknownService } from "../../terminal";
import { runsImages } from "../promote/running";
import { previousStep, stepNamed } from "./choice";
import { type Deployments, readDeployments } from "./deployments";
import type { Service } from "./image";
import { noNames } from "./names";
import { parseRollback, type RollbackRequest } from "./options";
import { assertDeploys, assertNotBuilt, type Now, type Step, stepTo } from "./plan";
import { Refused } from "./refused";
import { type Result, renderJson, renderText } from "./render";
import { readNow, readPast } from "./repository";
import { settingsOf } from "./settings";
import { readUpdates } from "./updates";
import { pathsOf, placesOf, readVersion, serviceFolders } from "./version";

/**
 * Lists the deployments of a service that worked, or writes the change that goes back to one.
 *
 * @returns the text to print
 * @throws UsageError when an argument is wrong or the stack cannot be read; UserError, FileError or DokployError when
 * the service cannot go back
 */
export async function runRollback(
  args: readonly string[],
  dependencies: Pick<Dependencies, "git" | "pulumi" | "connect" | "progress">,
): Promise<string> {
  const git = withoutReplacements(dependencies.git);
  const request = parseRollback(args);
  const folder = relative(process.cwd(), projectFolder("rollback"));
  const stack = new Stack(request.stack, dependencies.pulumi);
  const { service: name, stage } = request;
  const resource = resourceNamed(name, request.stack, await stack.resources());
  assertDeploys(resource);
  dependencies.progress(`Reading the deployments of ${visible(name)} in ${stage} …`);
  const deployments = await deploymentsOf(resource, stack, dependencies);
  assertNotBuilt(resource, deployments.done);
  dependencies.progress("Reading the history of the repository …");
  const places = placesOf(name, stage, request.stack, request.dir, folder);
  const service: Service = {
    ...{ resource, stack: request.stack, folder },
    latest: deployments.done.find(({ image }) => image !== undefined)?.image,
  };
  const past = await readPast(
    new GitRepository(git),
    deployments.done.flatMap(({ commit }) => commit ?? []),
    pathsOf(places),
    serviceFolders(places),
  );
  const now: Now = {
    ...past,
    ...{ service, places, uncommitted: request.uncommitted },
    version: readVersion({ ...places, names: noNames }, readNow),
    settings: settingsOf(places),
    read: (path) => readNow(path) ?? { path, text: "" },
  };
  const steps = deployments.done.map((deployment) => stepTo(deployment, now));
  const base = { service: name, stage, stack: request.stack, steps, deployments };
  const chosen = chosenStep(steps, request);
  const written = chosen && write(chosen, name);
  const result: Result = { ...base, chosen, written };
  return request.json ? renderJson(result) : renderText(result);
}

/** @throws Refused when the stack has no such service, or several */
function resourceNamed(name: string, stack: string, resources: readonly StateResource[]): StateResource {
  const known = resources.filter(runsImages);
  const named = resources.filter((resource) => resource.name === name);
  const [found, twice] = named.some(runsImages) ? named.filter(runsImages) : named;
  if (resources.length === 0) {
    throw new Refused(
      `Stack ${stack} has nothing yet, so there is nothing to go back to: run \`pulumi up\` first.`,
    );
  }
  if (found === undefined) {
    const names = known.map((resource) => resource.name);
    throw new Refused(unknownService(`Stack ${stack} has no service`, name, names));
  }
  if (twice !== undefined && runsImages(found))
    throw new Refused(`Stack ${stack} has 2 services with the name ${visible(name)}; rename one.`);
  return found;
}

async function deploymentsOf(
  resource: StateResource,
  stack: Stack,
  { pulumi, connect }: Pick<Dependencies, "pulumi" | "connect">,
): Promise<Deployments> {
  const updates = await readUpdates(stack.name, pulumi);
  const api = await connect(stack);
  try {
    const where = { project: projectName() ?? "", stack: stackName(stack.name) };
    return await readDeployments(resource, updates, where, api);
  } finally {
    api.close();
  }
}

function chosenStep(steps: readonly Step[], { to, previous }: RollbackRequest): Step | undefined {
  if (previous) return previousStep(steps);
  return to === undefined ? undefined : stepNamed(steps, to);
}

/**
 * Writes the change that goes back into the files.
 *
 * @returns their paths; none where they already have it
 */
function write({ deployment, plan, why }: Step, service: string): Result["written"] {
  const { id, at } = deployment;
  if (plan === undefined) {
    throw new Refused(
      `${visible(service)} cannot go back to the deployment ${visible(id)} of ${shownMinute(at)}: ${why}.`,
    );
  }
  for (const { path } of plan.texts) mkdirSync(dirname(path), { recursive: true });
  replaceFiles(new Map(plan.texts.map(({ path, text }) => [path, text])));
  return plan.texts.map(({ path }) => path);
}
