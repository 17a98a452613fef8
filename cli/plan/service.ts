import { readPending } from "../../provider/engine";
import { parseUrn } from "../../provider/pulumi";
import { targetOf } from "./effect";
import { nounOf, roleOf } from "./kinds";
import type { State, Step } from "./preview";
import { shown } from "./values";

/** A service that is deployed. */
export interface Service {
  /** Name in the program, or else in Dokploy; undefined when it is not known yet. */
  name?: string;
  /** Kind of the service, where the name alone would not be clear: `Postgres`. */
  noun?: string;
}

/** URNs of the resources of a plan by the ids of their objects. */
export type Urns = ReadonlyMap<string, string>;

export function urnsById(steps: readonly Step[]): Urns {
  return new Map(
    steps.flatMap(({ urn, oldState }) => (oldState?.id === undefined ? [] : [[oldState.id, urn] as const])),
  );
}

/**
 * Returns the service that is deployed: the resource itself, or the one that its target names.
 *
 * @param owner URN of the service that {@link ownerOf} finds
 */
export function serviceOf(
  kind: string,
  name: string,
  news: Readonly<Record<string, unknown>>,
  old: State | undefined,
  owner: string | undefined,
): Service {
  const target = targetOf(kind, news);
  if (target === undefined) return "target" in news ? {} : { name };
  const { id, noun } = target;
  const known = parseUrn(owner ?? "")?.name;
  if (known !== undefined) return { name: known };
  const { appName } = old?.outputs ?? {};
  if (typeof appName === "string" && old && targetOf(kind, old.inputs)?.id === id)
    return { name: appName, noun };
  const value = shown(id);
  return value?.kind === "plain" ? { name: value.text, noun } : { noun };
}

/** Returns the URN of the service that a resource is a part of, such as a domain; undefined where the plan has none. */
export function ownerOf(kind: string, { inputs, dependencies = {} }: State, urns: Urns): string | undefined {
  const { id, input = "" } = targetOf(kind, inputs) ?? {};
  const known = typeof id === "string" ? urns.get(id) : undefined;
  return [known, ...(dependencies[input] ?? [])].find(
    (urn) => urn !== undefined && roleOf(parseUrn(urn)?.kind ?? "") === "service",
  );
}

/** Returns what an earlier change of shared variables has yet to deploy: services, and variables with their referrers. */
export function waitingFor(
  state: State | undefined,
  urns: Urns,
): { services: Service[]; variables: readonly string[] } {
  const entries = state?.outputs["pendingReferrers"];
  const pendingReferrers = Array.isArray(entries) ? entries.filter((entry) => typeof entry === "string") : [];
  const remaining = readPending({ pendingReferrers });
  const services = remaining.services.map(({ path }): Service => {
    const [kind = "", id = ""] = path.split("/");
    const name = parseUrn(urns.get(id) ?? "")?.name;
    return name === undefined ? { name: id, noun: nounOf(kind) } : { name };
  });
  return { services, variables: remaining.names };
}
