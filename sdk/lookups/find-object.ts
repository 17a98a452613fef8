import { isDeepStrictEqual } from "node:util";
import { inWords, pluralOf } from "../../packages/text";
import type { Values } from "../../packages/values";
import { isNotFound } from "../../provider/dokploy";
import { type Model, parentNoun, type Row } from "../../provider/engine";
import { typeProblems } from "../../provider/schema";
import { LookupError, noneOfId, theOneOfKey } from "./error";
import type { Found } from "./lookup";
import type { Reader } from "./reader";
import { callerOf, nounOf } from "./words";

/**
 * Finds one object by its id, or by its key and the object that it belongs to.
 *
 * @throws LookupError when none exists, or several do, or an argument cannot name any
 */
export async function findObject(model: Model, args: object, reader: Reader): Promise<Found<object, object>> {
  const given = checked(model, args);
  const { id } = given;
  const row =
    typeof id === "string" ? await rowOfId(model, id, reader) : await rowOfKey(model, given, reader);
  return { result: shown(model, row), secrets: model.shown(row).secrets };
}

/**
 * Lists all objects of the arguments' owner, sorted by their labels in messages.
 *
 * @throws LookupError when the owner does not exist
 */
export async function listObjects(model: Model, args: object, reader: Reader): Promise<object[]> {
  const rows = await rowsIn(model, checked(model, args), reader);
  const labelled = rows.map((row) => ({ row, label: `${labelOf(model, row)} ${model.objects.idOf(row)}` }));
  return labelled.sort((a, b) => (a.label < b.label ? -1 : 1)).map(({ row }) => shown(model, row));
}

async function rowOfId(model: Model, id: string, reader: Reader): Promise<Row> {
  const row = await model.objects.one(id, reader);
  if (row) return row;
  throw noneOfId(nounOf(model), id, `${listerOf(model)} lists the ids`);
}

async function rowOfKey(model: Model, given: Values, reader: Reader): Promise<Row> {
  const { key, label } = model.spec;
  const wanted = keyOf(model, model.shown(model.mapping.columns(given)).inputs);
  const columns = model.mapping.keyed(given, key);
  const candidates = (await rowsIn(model, given, reader, columns)).map((row) => ({
    id: model.objects.idOf(row),
    name: labelOf(model, row),
    row,
  }));
  const parent = model.parentOf(given);
  const { row } = theOneOfKey(
    label({ ...given }),
    (candidate) => isDeepStrictEqual(keyOf(model, model.shown(candidate.row).inputs), wanted),
    candidates,
    {
      where: parent ? `the ${parentNoun(parent.kind)} ${parent.id}` : "Dokploy",
      noun: nounOf(model),
      advice: `Give id instead of ${inWords(key, "and")}.`,
    },
  );
  return row;
}

/**
 * @param columns columns of the object that is searched for, if it is only one
 * @throws LookupError when their owner does not exist
 */
async function rowsIn(model: Model, given: Values, reader: Reader, columns?: Row): Promise<Row[]> {
  const parent = model.parentOf(given);
  try {
    return await model.objects.all(parent, reader, columns);
  } catch (error) {
    if (parent === undefined || !isNotFound(error)) throw error;
    throw noneOfId(parentNoun(parent.kind), parent.id);
  }
}

function keyOf(model: Model, inputs: Values): unknown[] {
  return model.spec.key.map((name) => inputs[name]);
}

function labelOf(model: Model, row: Row): string {
  return model.spec.label(model.shown(row).inputs);
}

function shown(model: Model, row: Row): object {
  return { id: model.objects.idOf(row), ...model.shown(row).inputs };
}

/**
 * Returns the arguments unchanged after a check.
 *
 * @throws LookupError for a value that no object can have; text that is not an id is neither sent nor repeated
 */
function checked(model: Model, args: object): Values {
  const { id, ...rest } = args as Values;
  // The schema knows the id as `import`.
  const given: Values = { ...rest, ...(id === undefined ? {} : { import: id }) };
  const names = Object.fromEntries(Object.keys(given).map((name) => [name, true as const]));
  const { alone, parents } = model;
  const isPlaced = id !== undefined || alone === undefined || parents.some((kind) => `${kind}Id` in given);
  if (!isPlaced && given[alone.input] !== alone.value)
    throw new LookupError(
      `${alone.input} must be "${alone.value}": others are found by the object that they belong to.`,
    );
  const [problem] = typeProblems(model.spec.kind, model.schema.pick(names as never), given);
  if (problem === undefined) return args as Values;
  const [name = "", ...deeper] = problem.path;
  const where = [name === "import" ? "id" : name, ...deeper].join(".");
  const parent = parents.find((kind) => name === `${kind}Id`);
  const help =
    name === "import"
      ? ` ${listerOf(model)} lists the ids.`
      : parent
        ? ` It is in the URL of the ${parentNoun(parent)}'s page in Dokploy.`
        : "";
  throw new LookupError(`${where} ${problem.reason}.${help}`);
}

function listerOf(model: Model): string {
  return pluralOf(callerOf(model.spec.kind));
}
