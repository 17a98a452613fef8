import { visible } from "../../../packages/text";
import { callDatabase, DATABASES, type DatabaseKind, databaseKinds, ifFound } from "../../dokploy";
import { CheckFailedError } from "../../errors";
import { type Context, formerName } from "../../lifecycle";
import { currentRow, parseUrn, type StackResource } from "../../pulumi";
import { traits } from "../../schema";
import { dataVolumeIn } from "./folders";

type Checked = Pick<Context, "api" | "run" | "warn" | "resource">;

/**
 * Checks a new database that may take the place of one that the program no longer has. Pulumi treats it as another
 * resource: it deletes the old one in the same run, and services that use the address of the new one get an empty
 * database. No preview asks about a deletion, so the new one is where that can be refused.
 *
 * @throws CheckFailedError when it has the place of a database of another kind, and the program has not agreed
 */
export async function assertPlaceFree(
  kind: DatabaseKind,
  { name, allowReplacementOf }: { readonly name: string; readonly allowReplacementOf?: string | undefined },
  context: Checked,
): Promise<void> {
  const { run, resource = "" } = context;
  const place = placeOf(run.rows.get(resource) ?? currentRow());
  const gone: { readonly kind: DatabaseKind; readonly one: StackResource }[] = [];
  for (const other of databaseKinds) {
    const { kind: type } = DATABASES[other];
    for (const one of await run.ownership.holdings.all(type)) {
      if (one.isForced || run.ownership.resources.ownerOf(type, one.id) !== undefined) continue;
      const isSamePlace = place !== undefined && placeOf(one.urn)?.text === place.text;
      if (other === kind || isSamePlace) gone.push({ kind: other, one });
      if (other === kind || !isSamePlace || !place.isForOne) continue;
      await assertAgreed(kind, other, one, allowReplacementOf, context);
    }
  }
  if (gone.length > 0) warnOfEmpty(DATABASES[kind].kind, name, gone, context);
}

/** A place in a program: the types and names around a resource, and its own name. */
interface Place {
  readonly text: string;
  /** True where only one database can be, of any kind. */
  readonly isForOne: boolean;
}

function placeOf(urn: string | undefined): Place | undefined {
  const { types, name } = parseUrn(urn ?? "") ?? {};
  if (types === undefined) return undefined;
  // The plugin has the same components under other types.
  const around = types
    .split("$")
    .slice(0, -1)
    .map((type) => type.slice(type.lastIndexOf(":") + 1));
  const isForOne = ["WebApp", "DeploymentRepository"].includes(around.at(-1) ?? "");
  return { text: JSON.stringify([around, name]), isForOne };
}

async function assertAgreed(
  kind: DatabaseKind,
  other: DatabaseKind,
  { id, name }: StackResource,
  allowReplacementOf: string | undefined,
  { api, warn }: Checked,
): Promise<void> {
  const row = await ifFound(callDatabase(api, other, id, "one", {}));
  const former = row?.name ?? name;
  const stays =
    row === undefined
      ? ""
      : `: the data stays in the volume ${visible(dataVolumeIn(other, row))}, which nothing uses any more`;
  const what = `the ${traits[other].noun} "${visible(former)}" (${id})`;
  if (allowReplacementOf === former)
    return warn(`A new ${traits[kind].noun} takes the place of ${what}, and starts empty${stays}.`, "data");
  const reason =
    `this change deletes ${what}, and a new ${traits[kind].noun} takes its place, empty${stays}. Undo the change; or ` +
    `dump the data, and set allowReplacementOf: ${JSON.stringify(visible(former))} for that run`;
  throw new CheckFailedError([{ property: "", reason }]);
}

function warnOfEmpty(
  kind: string,
  name: string,
  gone: readonly { readonly kind: DatabaseKind; readonly one: StackResource }[],
  { warn }: Checked,
): void {
  const names = gone.map(({ kind, one }) => `${DATABASES[kind].kind} ${JSON.stringify(visible(one.name))}`);
  const same = gone.find((other) => DATABASES[other.kind].kind === kind);
  const keep = same === undefined ? "" : `To keep the data under another name, ${formerName(same.one)}. `;
  warn(
    `${kind} "${visible(name)}" is new and starts empty, which is fine for an additional database. But if the program no ` +
      `longer has the ${names.slice(0, 3).join(", ")} of this stack, this run also deletes it, and the services that used its ` +
      `address get an empty database. ${keep}To move the data to another version, keep both until it is copied: ` +
      "https://github.com/pulumi-dokploy/pulumi-dokploy/blob/main/docs/everyday/databases.md#another-major-version.",
    "new-database",
  );
}
