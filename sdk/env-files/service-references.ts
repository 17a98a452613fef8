import { closest, someOf } from "../../packages/text";
import { classify, isAdded, shownKey } from "../../provider/env";
import type { FileProblem, Source } from "../files";
import type { EntryValue, FileVariable } from "./entry";
import type { FileVariables } from "./layers";
import type { ServiceReference } from "./service-reference";

/** Says why files outside a repository have no address of a service. */
export function noService({ text }: ServiceReference): string {
  return (
    `!ref ${text} is the address of a service, which only files of a deployment repository know; take it in the program ` +
    "from appName of the service, or from internalUrl in TypeScript"
  );
}

/** The services that variables may refer to. */
export interface KnownServices {
  readonly services: readonly string[];
  /** Names of variables that the text has besides those of its files. */
  readonly given: readonly string[];
  /** True for the variables that services share. */
  readonly isShared?: boolean;
}

/** A service, or a container of it. */
export interface Referred {
  readonly service: string;
  readonly container: string | undefined;
}

/** Returns the service that a name means; a service of the whole name goes before one with a container. */
export function referredBy(name: string, services: readonly string[]): Referred | undefined {
  const parts = name.split(".");
  for (let length = parts.length; length > 0; length--) {
    const service = parts.slice(0, length).join(".");
    if (!services.includes(service)) continue;
    return { service, container: length < parts.length ? parts.slice(length).join(".") : undefined };
  }
  return undefined;
}

/**
 * Returns a value in which `!ref` names a service as it is called now.
 *
 * @param names present names of services, by the former ones
 */
export function withPresentName(value: EntryValue, names: ReadonlyMap<string, string>): EntryValue {
  const reference = value.kind === "text" || value.kind === "address" ? value.reference : undefined;
  const former = reference && referredBy(reference.name, [...names.keys()])?.service;
  if (reference === undefined || former === undefined) return value;
  const start = reference.scheme === undefined ? 0 : reference.scheme.length + "://".length;
  const renamed = (text: string, at: number) =>
    `${text.slice(0, at)}${names.get(former)}${text.slice(at + former.length)}`;
  const text = renamed(reference.text, start);
  const present = { ...reference, text, name: renamed(reference.name, 0) };
  if (value.kind === "text") return { ...value, text: `\${{${text}}}`, reference: present };
  return { kind: "address", reference: present };
}

/**
 * Decides which `!ref` are addresses of services, and which are references to variables.
 *
 * @returns the variables, in which the former have the kind `address`; and a problem for each that is neither or could
 * be both
 */
export function withServices(
  variables: FileVariables,
  known: KnownServices,
): { variables: FileVariables; findings: (FileProblem & { readonly source: Source })[] } {
  const findings: (FileProblem & { readonly source: Source })[] = [];
  const decided = [...variables].map(([key, entry]): [string, FileVariable] => {
    const reference =
      entry.value.kind === "text" || entry.value.kind === "address" ? entry.value.reference : undefined;
    if (reference === undefined) return [key, entry];
    const meaning = meaningOf(reference, entry.value.kind === "text", variables, known);
    if (meaning === "variable") return [key, entry];
    if (meaning === "address") return [key, { ...entry, value: { kind: "address", reference } }];
    findings.push({
      source: entry.source,
      offset: entry.offset,
      reason: `${shownKey(key)}: ${meaning.reason}`,
    });
    return [key, entry];
  });
  return { variables: new Map(decided), findings };
}

function meaningOf(
  { text, name }: ServiceReference,
  mayBeVariable: boolean,
  variables: FileVariables,
  { services, given, isShared = false }: KnownServices,
): "variable" | "address" | { readonly reason: string } {
  const isOwn = classify(text).kind === "own";
  const isVariable =
    mayBeVariable && (!isOwn || variables.has(name) || given.includes(name) || isAdded(name, "compose"));
  const isService = referredBy(name, services) !== undefined;
  if (isVariable && isService)
    return {
      reason:
        `!ref ${text} is both a service of the repository and a reference to a variable; write \`!ref ${name}:PORT\` for ` +
        `the address of the service, or \`"\${{${text}}}"\` for the variable`,
    };
  if (isVariable || (isShared && mayBeVariable && !isService)) return "variable";
  if (isService && isShared)
    return {
      reason: `!ref ${name} is a service, and shared variables are saved before any service exists; write it in the file of each service that needs it`,
    };
  if (isService) return "address";
  const meant = closest(name, [...services, ...(mayBeVariable ? variables.keys() : [])]);
  const nothing = mayBeVariable
    ? "neither a variable of this service nor a service of the repository"
    : "no service of the repository";
  return {
    reason: `!ref ${name} is ${nothing}; ${meant === undefined ? `the services are ${someOf(services)}` : `did you mean ${meant}?`}`,
  };
}
