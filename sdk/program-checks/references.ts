import * as pulumi from "@pulumi/pulumi";
import { referencesOf } from "../../provider/env/references";
import { variableOf } from "../../provider/settings/table";
import { failAtEnd, ProgramError } from "../run/program-error";
import { type ProviderOptions, serverOf, settingOf } from "../run/server";
import { warn } from "../run/tell";
import { namesOf } from "./ownership";

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

/** Those on one server, which a run has for itself. */
const servers = new WeakMap<object, Scopes>();

function scopesOn(server: object): Scopes {
  const known = servers.get(server) ?? { projects: new Map(), environments: new Map(), projectOf: new Map() };
  servers.set(server, known);
  return known;
}

/**
 * An environment of a project, each by its id or by the output that gives it.
 *
 * @param server as `serverOf` gives it
 */
export function placeEnvironment(server: object, environmentId: unknown, projectId: unknown): void {
  scopesOn(server).projectOf.set(environmentId, projectId);
}

/** Whether the program's variables count: with `ignoreChanges` those in the state do. */
export function givesVariables(options: pulumi.CustomResourceOptions | undefined): boolean {
  return !options?.ignoreChanges?.some((path) => path === "*" || /^env\b/.test(path));
}

/**
 * The variables that a resource gives to the services of a project or environment, and that are all it has.
 *
 * @param server as `serverOf` gives it
 * @param variables left out, or not given in the program itself, nothing is known of them
 */
export function giveShared(
  server: object,
  kind: "project" | "environment",
  id: unknown,
  owner: string,
  variables: unknown,
): void {
  const names = namesOf(variables);
  if (names === undefined) return;
  const { projects, environments } = scopesOn(server);
  (kind === "project" ? projects : environments).set(id, { owner, names });
}

/**
 * Nobody in the program gives variables to this environment. As long as it is still to be made it has none; afterwards
 * somebody may have set some by hand, which the provider sees.
 *
 * @param server as `serverOf` gives it
 * @param owner the file or resource that could give some
 */
export function giveNothing(server: object, environmentId: pulumi.Output<string>, owner: string): void {
  scopesOn(server).environments.set(environmentId, { owner, names: [], isWhole: isUnknown(environmentId) });
}

/** Outputs know it and their types do not tell. */
function isUnknown(output: pulumi.Output<string>): pulumi.Output<boolean> {
  const { isKnown } = output as unknown as { isKnown: Promise<boolean> };
  return pulumi.output(isKnown.then((known) => !known));
}

/**
 * Checks the references of a service's variables, as far as the program itself gives them.
 *
 * @param options of the service, which say on which server it is
 * @param owner how messages call the service: `Application "api"`
 * @param maps its variables by the input: `env`, `buildArgs`
 * @throws ProgramError, also later where a value is an output, unless the setting `dokploy:references` says otherwise; a preview
 * looks at all services, and fails at its end
 */
export function checkShared(
  options: ProviderOptions | undefined,
  owner: string,
  environmentId: unknown,
  maps: Readonly<Record<string, unknown>>,
): void {
  const { projects, environments, projectOf } = scopesOn(serverOf(options));
  const setting = settingOf(options)("references");
  const given = {
    project: projects.get(projectOf.get(environmentId)),
    environment: environments.get(environmentId),
  };
  if (given.environment?.isWhole) {
    const environment = { ...given.environment };
    given.environment.isWhole.apply((isWhole) => {
      if (isWhole) checkMaps(owner, maps, { project: undefined, environment }, setting);
    });
    given.environment = undefined;
  }
  checkMaps(owner, maps, given, setting);
}

function checkMaps(
  owner: string,
  maps: Readonly<Record<string, unknown>>,
  given: Kinds,
  setting: string | undefined,
): void {
  if (!given.project && !given.environment) return;
  const look = (path: string, value: unknown) =>
    typeof value === "string" ? missing(path, value, given) : [];
  const problems: string[] = [];
  for (const [input, variables] of Object.entries(maps)) {
    for (const name of namesOf(variables) ?? []) {
      const value = (variables as Record<string, unknown>)[name];
      const path = `${input}.${name}`;
      if (pulumi.Output.isInstance(value) || value instanceof Promise) {
        pulumi.output(value).apply((known) => report(owner, look(path, known), setting));
      } else problems.push(...look(path, value));
    }
  }
  report(owner, problems, setting);
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

/** @param given the setting, but for what the environment has */
function report(owner: string, problems: readonly string[], given: string | undefined): void {
  if (problems.length === 0) return;
  const setting = given ?? process.env[variableOf("references") ?? ""];
  if (setting === "off") return;
  const message = problems.map((problem) => `${owner}: ${problem}`).join("\n");
  if (setting === "warn") {
    warn(message);
    return;
  }
  failAtEnd(new ProgramError(message));
}
