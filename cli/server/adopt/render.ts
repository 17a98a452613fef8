import { counted, visible } from "../../../packages/text";
import { aligned, section } from "../../terminal";
import type { Match } from "./matching";
import type { Places } from "./places";
import type { Effect } from "./planned";

/** A row of the table. */
export interface Row {
  readonly kind: string;
  readonly name: string;
  readonly place: string;
  readonly id: string;
  /** Time of the creation, and who created the object, where Dokploy says so. */
  readonly created: string;
  readonly plan: string;
}

/**
 * Returns the rows of a table with one row for each resource.
 *
 * @param effects effects of the plan; none before there is one
 */
export function rowsOf(matches: readonly Match[], places: Places, effects: readonly Effect[] = []): Row[] {
  const planned = new Map(effects.map((effect) => [effect.urn, effect]));
  const known = new Set(matches.map(({ declared }) => declared.urn));
  const own = matches.map((match): Row => {
    const { kind, name, urn } = match.declared;
    const id = match.outcome === "found" ? match.id : "";
    const plan = planned.get(urn)?.text ?? textOf(match);
    return { kind, name, place: places.of(match.parent), id, created: places.origin(id), plan };
  });
  const others = effects.filter(({ urn }) => !known.has(urn));
  return [
    ...own,
    ...others.map(({ kind, name, text }) => ({ kind, name, place: "", id: "", created: "", plan: text })),
  ];
}

function textOf(match: Match): string {
  if (match.outcome === "unclear") return match.why;
  return { found: "found", made: "no object to find", missing: "not found" }[match.outcome];
}

/** Returns the table. */
export function tableOf(rows: readonly Row[]): string {
  const cells = rows.map(({ kind, name, place, id, created, plan }) =>
    [kind, visible(name), place, visible(id), created, plan].map((cell) => cell || "-"),
  );
  return aligned([["Kind", "Resource", "Place", "Id", "Created", "Plan"], ...cells], "").join("\n");
}

/** Returns the sections about resources without an object. */
export function problemsIn(matches: readonly Match[], create: boolean): string[] {
  const named = (outcome: Match["outcome"]) =>
    matches.flatMap((match) =>
      match.outcome === outcome
        ? [
            `${match.declared.kind} ${visible(match.declared.name)}${match.outcome === "unclear" ? `: ${match.why}` : ""}`,
          ]
        : [],
    );
  return [
    ...section(
      "Not clear, so nothing is adopted. A file that dokploy:adopt names can give the ids:",
      named("unclear"),
    ),
    ...(create
      ? []
      : section(
          "Not found. With --create the update creates them, a database without its data:",
          named("missing"),
        )),
  ];
}

/** Returns a sentence with the numbers of a plan. */
export function countsOf(effects: readonly Effect[]): string {
  const number = (kind: Effect["effect"]) => effects.filter(({ effect }) => effect === kind).length;
  const [kept, made, changed] = [number("keep"), number("create"), number("change")];
  return [
    `${kept} adopted without a change`,
    ...(changed > 0 ? [counted(changed, "change")] : []),
    ...(made > 0 ? [`${made} created`] : []),
  ].join(", ");
}
