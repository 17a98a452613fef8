import { visible } from "../../packages/text";
import { containsUnknown, isRecord, isUnknown, type Values } from "../../packages/values";
import { CheckFailedError } from "../errors";
import { identityKey, separate } from "../pulumi";
import { isShared, kindOf, pathText, targetOf, typeProblems } from "../schema";
import type { Entity } from "./entity";
import { importedKey } from "./imported";
import type { Step } from "./pipeline";
import {
  type Claim,
  type ClaimFacts,
  keyValues,
  nameClaim,
  type ObjectFacts,
  objectClaim,
  parentIn,
  textClaims,
} from "./run/claims";
import type { Run } from "./run/run";

/** A resource that its check has seen. */
interface Checked {
  readonly label: string;
  /** Inputs that it has only from the state. */
  readonly ignored: readonly string[];
  /** True when its object will be created. */
  readonly isNew: boolean;
}

/**
 * Refuses a resource that claims what another resource of the program has, before anything is written for it. The
 * check sees it when all ids are known; the comparison knows the id of the resource itself; a creation or an update may
 * be the first to know an id that a plan did not have.
 */
export function ownershipStep(
  { kind, schema }: Pick<Entity<never, never>, "kind" | "schema">,
  facts: ClaimFacts,
  { ownership: { claims, resources } }: Run,
): Step {
  /** The checked resources, by identity. */
  const checked = new Map<string, Checked>();
  const target = targetOf(kind);

  return {
    before({ handler, id, state, news }) {
      if (handler === "check") check(state, news);
      else if (handler === "create" || handler === "update") {
        refuse(claimAll(resources.find(kind, news, id), idOf(id, news), news));
      } else if (handler === "diff") {
        const resource = resources.find(kind, news, id);
        // A refresh compares the live object, which the program may be about to change.
        if (resources.isPlanNext(resource)) refuse(claimAll(resource, id, news));
      }
      return undefined;
    },
    after(answer, { handler, news }) {
      // The new id is known to no other resource yet, so that nobody claims anything there.
      if (handler === "create") claimAll(resources.find(kind, news), answer.id, news);
      return answer;
    },
  };

  function check(state: Values, news: Values): void {
    const { inputs, name, ignored = [], adopts } = separate(news);
    const resource = inputs[identityKey];
    // With `ignoreChanges: ["*"]` a resource has only what the state has.
    if (!isRecord(news[identityKey])) return;
    // `pulumi import` records what exists, which a program may declare or not.
    if (typeof resource !== "string" || importedKey in inputs) return;
    if (checked.has(resource)) claims.release(resource);
    const isNew = Object.keys(state).length === 0 && adopts === undefined && inputs["import"] === undefined;
    checked.set(resource, { label: `${kind} "${visible(name ?? "")}"`, ignored, isNew });
    const clash = claimAll(resource, idOf("", inputs), inputs);
    // Inputs that are missing or wrong may seem equal, and are reported as such.
    if (clash !== undefined && typeProblems(kind, schema, withoutOwn(inputs)).length === 0) refuse(clash);
  }

  /** Registers all claims that are known; returns the message of the first clash. */
  function claimAll(resource: string, id: string | undefined, news: Values): string | undefined {
    const { label: own, ignored, isNew } = checked.get(resource) ?? {};
    if (own === undefined) return undefined;
    const inputs = Object.fromEntries(Object.entries(news).filter(([name]) => !ignored?.includes(name)));
    const clashes = [
      ...[
        ...objectsIn(facts, parentIn(facts, inputs), inputs),
        ...textsIn(id, inputs),
        // Dokploy may have two services with one name, and a program may manage both.
        ...(isNew ? namesIn(inputs) : []),
      ].map((claim) => claims.enter({ resource, label: own }, claim)),
      ...partsIn(id, inputs).map(([part, claim]) =>
        claims.enter({ resource, label: `${part} of ${own}` }, claim),
      ),
    ];
    return clashes.find((clash) => clash !== undefined);
  }

  function partsIn(id: string | undefined, inputs: Values): (readonly [part: string, claim: Claim])[] {
    if (id === undefined) return [];
    return Object.entries(facts.lists).flatMap(([list, part]) =>
      recordsIn(inputs[list]).flatMap(([name, item]) =>
        objectsIn(part, id, item).map((claim) => [pathText([list, name]), claim] as const),
      ),
    );
  }

  function textsIn(id: string | undefined, inputs: Values): Claim[] {
    if (target !== undefined) return id === undefined ? [] : textClaims(target, id, inputs);
    const { target: given, mode } = inputs;
    const of = kindOf(given);
    const ofId = isRecord(given) && of !== undefined ? given[`${of}Id`] : undefined;
    if (of === undefined || typeof ofId !== "string" || isUnknown(ofId) || isUnknown(mode)) return [];
    if (mode !== "additive") return textClaims(of, ofId, inputs);
    // As long as its names are not known, a map owns none.
    return textClaims(of, ofId, inputs, (variables) => (isRecord(variables) ? Object.keys(variables) : []));
  }

  function namesIn({ environmentId, name }: Values): Claim[] {
    if (target === undefined || isShared(target) || typeof name !== "string") return [];
    return isUnknown(name) || typeof environmentId !== "string" || isUnknown(environmentId)
      ? []
      : [nameClaim(kind, environmentId, name)];
  }
}

/** Returns the claim of an object whose key is known. */
function objectsIn(facts: ObjectFacts, parent: unknown, inputs: Values): Claim[] {
  if (facts.key === undefined || isUnknown(parent)) return [];
  const values = keyValues(facts.key, inputs);
  return containsUnknown(values) ? [] : [objectClaim(facts, parent, values)];
}

function recordsIn(map: unknown): [name: string, item: Values][] {
  if (!isRecord(map)) return [];
  return Object.entries(map).filter((entry): entry is [string, Record<string, unknown>] =>
    isRecord(entry[1]),
  );
}

/** Returns the id of the object, or the one that it will adopt; undefined where it is not known. */
function idOf(id: string, { import: imported }: Values): string | undefined {
  if (id !== "") return id;
  return typeof imported === "string" && !isUnknown(imported) ? imported : undefined;
}

function withoutOwn(inputs: Values): Record<string, unknown> {
  return Object.fromEntries(Object.entries(inputs).filter(([name]) => !name.startsWith("__")));
}

function refuse(clash: string | undefined): void {
  if (clash !== undefined) throw new CheckFailedError([{ property: "", reason: clash }]);
}
