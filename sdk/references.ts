import * as pulumi from "@pulumi/pulumi";
import { referencesOf } from "../provider/references/syntax";
import { namesOf } from "./ownership";
import { ProgramError } from "./program-error";
import { warn } from "./tell";

/**
 * Finds references to shared variables that the same program does not give, before anything is made.
 *
 * A project that is still to be made has no id at preview, and neither has its environment: only the program sees then
 * which service belongs to which shared variables. What exists already is checked by the provider, which asks the server.
 */

/** Variables of a project or environment that one resource gives whole. */
interface Given {
  /** `Project "shop"` */
  owner: string;
  names: readonly string[];
  /** Whether this is all there is, where that is known only later. */
  isWhole?: pulumi.Output<boolean>;
}

/** Scopes by their id, or by the output that gives it. */
interface Scopes {
  projects: Map<unknown, Given>;
  environments: Map<unknown, Given>;
  /** The project's id, or the output that gives it, by its environments'. */
  projectOf: Map<unknown, unknown>;
}

/** Those of one run, since a process may run several programs. */
const runs = new WeakMap<object, Scopes>();
const withoutStack = {};

function scopes(): Scopes {
  const run = pulumi.runtime.getStackResource() ?? withoutStack;
  const known = runs.get(run) ?? { projects: new Map(), environments: new Map(), projectOf: new Map() };
  runs.set(run, known);
  return known;
}

/** An environment of a project, each by its id or by the output that gives it. */
export function placeEnvironment(environmentId: unknown, projectId: unknown): void {
  scopes().projectOf.set(environmentId, projectId);
}

/** Whether the program's variables count: with `ignoreChanges` those in the state do. */
export function givesVariables(options: pulumi.CustomResourceOptions | undefined): boolean {
  return !options?.ignoreChanges?.some((path) => path === "*" || /^env\b/.test(path));
}

/**
 * The variables that a resource gives to the services of a project or environment, and that are all it has.
 *
 * @param variables left out, or not given in the program itself, nothing is known of them
 */
export function giveShared(
  kind: "project" | "environment",
  id: unknown,
  owner: string,
  variables: unknown,
): void {
  const names = namesOf(variables);
  if (names === undefined) return;
  const { projects, environments } = scopes();
  (kind === "project" ? projects : environments).set(id, { owner, names });
}

/**
 * Nobody in the program gives variables to this environment. As long as it is still to be made it has none; afterwards
 * somebody may have set some by hand, which the provider sees.
 *
 * @param owner the file or resource that could give some
 */
export function giveNothing(environmentId: pulumi.Output<string>, owner: string): void {
  scopes().environments.set(environmentId, { owner, names: [], isWhole: isUnknown(environmentId) });
}

/** Outputs know it and their types do not tell. */
function isUnknown(output: pulumi.Output<string>): pulumi.Output<boolean> {
  const { isKnown } = output as unknown as { isKnown: Promise<boolean> };
  return pulumi.output(isKnown.then((known) => !known));
}

/**
 * Checks the references of a service's variables, as far as the program itself gives them.
 *
 * @param owner how messages call the service: `Application "api"`
 * @param maps its variables by the input: `env`, `buildArgs`
 * @throws ProgramError, also later where a value is an output, unless the setting `dokploy:references` says otherwise
 */
export function checkShared(
  owner: string,
  environmentId: unknown,
  maps: Readonly<Record<string, unknown>>,
): void {
  const { projects, environments, projectOf } = scopes();
  const given = {
    project: projects.get(projectOf.get(environmentId)),
    environment: environments.get(environmentId),
  };
  if (given.environment?.isWhole) {
    const environment = { ...given.environment };
    given.environment.isWhole.apply((isWhole) => {
      if (isWhole) checkMaps(owner, maps, { project: undefined, environment });
    });
    given.environment = undefined;
  }
  checkMaps(owner, maps, given);
}

function checkMaps(owner: string, maps: Readonly<Record<string, unknown>>, given: Kinds): void {
  if (!given.project && !given.environment) return;
  const look = (path: string, value: unknown) =>
    typeof value === "string" ? missing(path, value, given) : [];
  const problems: string[] = [];
  for (const [input, variables] of Object.entries(maps)) {
    for (const name of namesOf(variables) ?? []) {
      const value = (variables as Record<string, unknown>)[name];
      const path = `${input}.${name}`;
      if (pulumi.Output.isInstance(value) || value instanceof Promise) {
        pulumi.output(value).apply((known) => report(owner, look(path, known)));
      } else problems.push(...look(path, value));
    }
  }
  report(owner, problems);
}

type Kinds = Readonly<Record<"project" | "environment", Given | undefined>>;

function missing(path: string, value: string, given: Kinds): string[] {
  return referencesOf(value).flatMap((reference) => {
    if (reference.kind !== "project" && reference.kind !== "environment") return [];
    const { kind, name } = reference;
    const from = given[kind];
    if (!from || from.names.includes(name)) return [];
    return [
      `${path} refers to \${{${kind}.${name}}}, and ${from.owner} gives no ${name}: its deployment would fail. Add ` +
        `${name} there, or correct the name.`,
    ];
  });
}

function report(owner: string, problems: readonly string[]): void {
  if (problems.length === 0) return;
  const setting = pulumi.runtime.getConfig("dokploy:references") ?? process.env["DOKPLOY_REFERENCES"];
  if (setting === "off") return;
  const message = problems.map((problem) => `${owner}: ${problem}`).join("\n");
  if (setting === "warn") {
    warn(message);
    return;
  }
  throw new ProgramError(message);
}
