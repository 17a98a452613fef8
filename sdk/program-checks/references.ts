import * as pulumi from "@pulumi/pulumi";
import { variableOf } from "../../provider/dokploy";
import { referencesOf } from "../../provider/env";
import {
  failAtEnd,
  isKnown,
  ProgramError,
  type ProviderOptions,
  rememberedBy,
  serverOf,
  settingOf,
  warn,
} from "../run";
import { namesOf } from "./ownership";

/**
 * Finds references to shared variables that the same program does not give, before anything is created.
 *
 * At preview, a new project has no id, and neither has its environment. Only the program knows then which shared
 * variables a service uses. The provider checks existing ones, because it reads the server.
 */

/** All variables of a project or environment, given by one resource. */
interface Given {
  /** `Project "shop"` */
  owner: string;
  names: readonly string[];
  /** True when these are all variables, where that is known only later. */
  isWhole?: pulumi.Output<boolean>;
}

/** Scopes by their id, or by its output. */
interface Scopes {
  projects: Map<unknown, Given>;
  environments: Map<unknown, Given>;
  /** The project's id, or its output, by that of the environment. */
  projectOf: Map<unknown, unknown>;
}

/** Scopes by server, which differs for each run. */
const scopesOn = rememberedBy(
  (): Scopes => ({ projects: new Map(), environments: new Map(), projectOf: new Map() }),
);

/** Registers the project of an environment, each by its id or its output. */
export function placeEnvironment(server: object, environmentId: unknown, projectId: unknown): void {
  scopesOn(server).projectOf.set(environmentId, projectId);
}

/** True for two different environments, as far as the program says that. */
export function areApart(server: object, one: unknown, other: unknown): boolean {
  const { projectOf } = scopesOn(server);
  const isKnownHere = (id: unknown) => projectOf.has(id);
  return (
    one !== other &&
    ((typeof one === "string" && typeof other === "string") || (isKnownHere(one) && isKnownHere(other)))
  );
}

/** True when the program's variables apply; with `ignoreChanges` those in the state do. */
export function givesVariables(options: pulumi.CustomResourceOptions | undefined): boolean {
  return !options?.ignoreChanges?.some((path) => path === "*" || /^env\b/.test(path));
}

/** Registers all variables of a project or environment, if the resource that gives them names them. */
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
 * Registers an environment to which the program gives no variables. A new one has none. An existing one may have
 * variables that were set by hand, which the provider sees.
 *
 * @param owner the file or resource that could give some
 */
export function giveNothing(server: object, environmentId: pulumi.Output<string>, owner: string): void {
  scopesOn(server).environments.set(environmentId, {
    owner,
    names: [],
    isWhole: pulumi.output(isKnown(environmentId).then((known) => !known)),
  });
}

/**
 * Checks the references in a service's variables, as far as the program itself gives the shared variables.
 *
 * @param options options of the service, which name the server
 * @param owner label of the service in messages: `Application "api"`
 * @param maps its variables by the input: `env`, `buildArgs`
 * @throws ProgramError, also later where a value is an output, unless the setting `dokploy:references` differs; a
 * preview checks all services, and fails at its end
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
      `${path} refers to \${{${kind}.${name}}}, and ${from.owner} does not set ${name}: its deployment would fail. Add ` +
        `${name} there, or correct the name.`,
    ];
  });
}

/** Reports the problems as the setting says; `given` is without that of the process environment. */
function report(owner: string, problems: readonly string[], given: string | undefined): void {
  if (problems.length === 0) return;
  const setting = given ?? process.env[variableOf("references") ?? ""];
  if (setting === "off") return;
  const message = problems.map((problem) => `${owner}: ${problem}`).join("\n");
  if (setting === "warn") {
    warn(message, "reference");
    return;
  }
  failAtEnd(new ProgramError(message));
}
