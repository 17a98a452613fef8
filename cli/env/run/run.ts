import { dirname, join } from "node:path";
import { visible } from "../../../packages/text";
import { UserError } from "../../../provider/errors";
import {
  baseStage,
  Contracts,
  isOfRun,
  isProduction,
  keyFilter,
  sharedService,
} from "../../../sdk/env-files";
import { isThere, placeName } from "../../../sdk/files";
import { type Dependencies, Stack, stackName } from "../../stack";
import { UsageError } from "../../terminal";
import { readStage, stageSide } from "../diff/file-side";
import type { Host } from "../diff/model";
import { breachesOf } from "../stage/contract";
import { serviceOf } from "../stage/stage";
import { sharedEnvironment, withheldText } from "./environment";
import { loadsCode } from "./loading";
import { parseRun, type RunRequest } from "./options";
import { serviceVariables } from "./resolve";

/** Variable that says which stage the variables of a process belong to. */
const marker = "PULUMI_DOKPLOY_STAGE";

/**
 * Runs a command with the variables of a service.
 *
 * @returns the exit code of the command
 * @throws UsageError when an argument is wrong; UserError when the command must not run
 */
export async function runWith(
  args: readonly string[],
  dependencies: Pick<Dependencies, "env" | "pulumi" | "start" | "warn">,
): Promise<number> {
  const request = parseRun(args);
  if (request.stage === baseStage)
    throw new UsageError(`${baseStage} is part of every stage; name one of them with --stage.`);
  assertAllowed(request, dependencies);
  const { stage, service, skip, dir, stack, command } = request;
  const sources = { stack: new Stack(stack, dependencies.pulumi), env: dependencies.env, keysOnly: false };
  const byName = readStage(dir, stage);
  const { hosts } = await stageSide(dir, stage, sources, byName);
  const name = serviceOf(
    stage,
    hosts.map((host) => host.name),
    service,
  );
  const host = hosts.find((each) => each.name === name);
  const shared = hosts.find((each) => each.name === sharedService);
  const { values, missing } = serviceVariables(host ?? empty, {
    // The shared file of a deployment repository has the variables of the environment; others may mean both.
    project: isThere(join(dirname(dir), "services")) ? undefined : shared,
    environment: shared,
  });
  const takes = keyFilter({ exclude: skip });
  const problems = [...missing].filter(([key]) => takes(key));
  for (const [key, value] of values) {
    // Node.js would quote the value in its error.
    if (takes(key) && value.includes("\0")) problems.push([key, "contains a NUL character"]);
  }
  if (problems.length > 0) throw incomplete(name, stage, problems);
  const contracts = new Contracts({});
  const entries = [...(byName.get(name) ?? [])].filter(([key]) => takes(key));
  const rules = contracts.for(join(dir, stage))?.rulesOf(name).keys() ?? [];
  const skipped = [...rules].filter((key) => !takes(key));
  const breaches = breachesOf(
    contracts,
    { dir, stage, service: name },
    new Map(entries),
    ({ key }) => values.get(key),
    skipped,
  );
  const lines = (areWarnings: boolean) =>
    breaches
      .filter(({ isWarning }) => isWarning === areWarnings)
      .map(({ source, offset, reason }) => `${placeName(source, offset)}: ${reason}`);
  if (lines(false).length > 0) throw breaking(name, stage, lines(false));
  for (const line of lines(true)) dependencies.warn(line);
  if (isProduction(stage))
    dependencies.warn(`${visible(command)} runs with the variables of ${name} in stage ${stage}`);
  const taken = [...values].filter(([key]) => takes(key));
  const loading = taken.flatMap(([key]) => (loadsCode(key) && !request.allowed.includes(key) ? [key] : []));
  if (loading.length > 0) throw loaded(name, stage, loading);
  const given = new Set(taken.map(([key]) => key));
  // The files name the variables that a pattern means, and whoever writes them may name a key of the run.
  const isSkipped = (key: string) =>
    (values.has(key) || missing.has(key)) && !takes(key) && !isOfRun(key, dependencies.env);
  const { env, withheld } = sharedEnvironment(
    Object.fromEntries(Object.entries(dependencies.env).filter(([key]) => !given.has(key))),
    (key) => request.passed.includes(key) || isSkipped(key),
  );
  if (withheld.length > 0) dependencies.warn(withheldText(withheld));
  return await dependencies.start(command, request.args, {
    ...env,
    ...Object.fromEntries(taken),
    [marker]: stage,
  });
}

const empty: Host = { name: "", aliases: [], variables: new Map() };

/** @throws UserError for variables of production that nobody asked for, and when the process already has variables of another stage */
function assertAllowed(
  { stage, stack, allowProduction }: RunRequest,
  { env }: Pick<Dependencies, "env">,
): void {
  const names = [...new Set([stage, stack])].filter((name) => isProduction(stackName(name)));
  if (names.length > 0 && !allowProduction) {
    throw new UserError(
      `${names.join(" and ")} is production by its name: the command could change what people use. Give --allow-prod ` +
        "if that is intended.",
    );
  }
  const outer = env[marker];
  if (outer !== undefined && outer !== "" && outer !== stage) {
    throw new UserError(
      `This process already has the variables of stage ${visible(outer)}, and the command would get them too: leave ` +
        `the shell that "env run --stage ${visible(outer)}" started.`,
    );
  }
}

function breaking(service: string, stage: string, lines: readonly string[]): UserError {
  return new UserError(
    [
      `Variables of ${service} in stage ${stage} break the contract, so the command did not run:`,
      ...lines.map((line) => `  ${line}`),
      "Correct that, or leave variables out with --skip.",
    ].join("\n"),
  );
}

function loaded(service: string, stage: string, keys: readonly string[]): UserError {
  return new UserError(
    [
      `Variables of ${service} in stage ${stage} make programs load code, so the command did not run:`,
      ...keys.map((key) => `  ${key}`),
      "Whoever writes the files could run code of their own on this machine. If the values are right, give " +
        `--allow ${keys.join(",")}; otherwise leave them out with --skip ${keys.join(",")}.`,
    ].join("\n"),
  );
}

function incomplete(
  service: string,
  stage: string,
  problems: readonly (readonly [string, string])[],
): UserError {
  return new UserError(
    [
      `Variables of ${service} in stage ${stage} have no value, so the command did not run:`,
      ...problems.map(([key, reason]) => `  ${key}: ${reason}`),
      `Correct that, or leave them out with --skip ${problems.map(([key]) => key).join(",")}: the command then gets those ` +
        "of its own environment, if any.",
    ].join("\n"),
  );
}
