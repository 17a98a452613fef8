import { isDeepStrictEqual } from "node:util";
import { isNotFound } from "../../provider/dokploy/errors";
import { typeProblems } from "../../provider/schema/type-problems";
import type { Model, Values } from "../../provider/simple/model";
import type { Row } from "../../provider/simple/objects";
import { parentNoun } from "../../provider/simple/parents";
import { LookupError, noneOfId, theOneOfKey } from "./error";
import type { Found } from "./lookup";
import type { Reader } from "./reader";
import { callerOf, inWords, nounOf, pluralOf } from "./words";

/**
 * One object: of an id, or of a key and what it belongs to.
 *
 * @throws LookupError when there is none, or several, or an argument can name nothing
 */
export async function findObject(model: Model, args: object, reader: Reader): Promise<Found<object, object>> {
  const given = checked(model, args);
  const { id } = given;
  const row =
    typeof id === "string" ? await rowOfId(model, id, reader) : await rowOfKey(model, given, reader);
  return { result: shown(model, row), secrets: model.shown(row).secrets };
}

/**
 * All objects of what the arguments name, sorted by what messages call them.
 *
 * @throws LookupError when that is not there
 */
export async function listObjects(model: Model, args: object, reader: Reader): Promise<object[]> {
  const rows = await rowsIn(model, checked(model, args), reader);
  const labelled = rows.map((row) => ({ row, label: `${labelOf(model, row)} ${model.objects.idOf(row)}` }));
  return labelled.sort((a, b) => (a.label < b.label ? -1 : 1)).map(({ row }) => shown(model, row));
}

async function rowOfId(model: Model, id: string, reader: Reader): Promise<Row> {
  const row = await model.objects.one(id, reader);
  if (row) return row;
  throw noneOfId(nounOf(model.spec), id, `${listerOf(model)} tells what there is`);
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
      noun: nounOf(model.spec),
      advice: `Give id instead of ${inWords(key, "and")}.`,
    },
  );
  return row;
}

/**
 * @param columns of the one that is looked for, if it is one
 * @throws LookupError when what they belong to is not there
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
 * The arguments as they are.
 *
 * @throws LookupError for one that nothing can have; an id that is none is neither sent nor repeated
 */
function checked(model: Model, args: object): Values {
  const { id, ...rest } = args as Values;
  // An id is one wherever it stands.
  const given: Values = { ...rest, ...(id === undefined ? {} : { import: id }) };
  const names = Object.fromEntries(Object.keys(given).map((name) => [name, true as const]));
  const { alone, parents } = model.spec;
  const isPlaced = id !== undefined || alone === undefined || parents.some((kind) => `${kind}Id` in given);
  if (!isPlaced && given[alone.input] !== alone.value)
    throw new LookupError(
      `${alone.input} must be "${alone.value}": others are found by what they belong to.`,
    );
  const [problem] = typeProblems(model.spec.kind, model.schema.pick(names as never), given);
  if (problem === undefined) return args as Values;
  const [name = "", ...deeper] = problem.path;
  const where = [name === "import" ? "id" : name, ...deeper].join(".");
  const parent = model.spec.parents.find((kind) => name === `${kind}Id`);
  const help =
    name === "import"
      ? ` ${listerOf(model)} tells the ids of what there is.`
      : parent
        ? ` It stands in the address of the ${parentNoun(parent)}'s page in Dokploy.`
        : "";
  throw new LookupError(`${where} ${problem.reason}.${help}`);
}

function listerOf(model: Model): string {
  return pluralOf(callerOf(model.spec.kind));
}
