import { visible } from "../../../packages/text";
import { CheckFailedError } from "../../errors";
import type { Context, Origin } from "../../lifecycle";
import { foreignIn } from "../adoption/foreign";
import { linesNamed } from "../adoption/overwriting";
import type { ServiceInputs, ServiceModel, ServiceRow } from "./model";
import { backupsOf, nameOfTask, schedulesOf, type TaskOwner } from "./tasks";

/**
 * Refuses to replace a service to which somebody gave variables or parts that the stack does not have: the new service
 * would be without them.
 *
 * @throws CheckFailedError naming each of them, when the program has not agreed
 */
export async function assertNothingLost<Inputs extends ServiceInputs, Row extends ServiceRow>(
  model: ServiceModel<Inputs, Row>,
  { id, inputs }: NonNullable<Origin<Inputs>["replaced"]>,
  { allowReplacement, allowReplacementOf }: ServiceInputs,
  context: Context,
): Promise<void> {
  const row = await model.observe(id, context.api);
  if (row === undefined) return;
  const lost = [
    ...(await variablesOfOthers(model, id, row, inputs, context)),
    ...(await model.parts.ofOthers({ id, row }, inputs, context)),
    ...(await tasksOfOthers({ kind: model.service, id, row }, context)),
  ];
  if (lost.length === 0) return;
  const loss = `The new ${model.noun} lacks what others gave the former one: ${lost.join("; ")}`;
  if (allowReplacement === true || allowReplacementOf === row.name) {
    context.warn(`The ${model.labelOf(id, row)} is replaced. ${loss}.`, "data");
    return;
  }
  const option =
    "allowReplacementOf" in model.kind.schema.shape
      ? `allowReplacementOf: ${JSON.stringify(visible(row.name))}`
      : "allowReplacement: true";
  const reason =
    `this change deletes the ${model.labelOf(id, row)} and creates a new one. ${loss}. Undo the change; or add these ` +
    `to the program, or make sure that nobody needs them, and set ${option}`;
  throw new CheckFailedError([{ property: "", reason }]);
}

/** Lists the schedules and backups of a service that no resource of the stack has. */
async function tasksOfOthers(service: TaskOwner, { api, run }: Context): Promise<string[]> {
  const tasks = [...(await schedulesOf(service, api)), ...(await backupsOf(service, api))];
  const named = tasks.map(async (task) =>
    (await run.ownership.holdings.stackResource(task.kind, task.id)) ? [] : [nameOfTask(task)],
  );
  return (await Promise.all(named)).flat();
}

/** Lists the variables and lines in the texts of a service that neither it nor a block of the stack has. */
async function variablesOfOthers<Inputs extends ServiceInputs, Row extends ServiceRow>(
  model: ServiceModel<Inputs, Row>,
  id: string,
  row: Row,
  inputs: Partial<Inputs>,
  { api, run }: Context,
): Promise<string[]> {
  const mapping = await model.mappingOn(api, { env: {}, ...inputs });
  const known = new Map(mapping.envs(inputs, row).map(({ path, value }) => [path, value]));
  const { holdings } = run.ownership;
  const all = [...(await holdings.all("EnvironmentBlock")), ...(await holdings.waiting("EnvironmentBlock"))];
  const blocks = all.filter((block) => block.id === `${model.service}/${id}`);
  const every = { ...Object.fromEntries(mapping.variables().map((path) => [path, {}])), ...inputs };
  return mapping.texts(row, every, row).flatMap(({ input: path, text, target: dialect }) => {
    const own = blocks.map(({ variables }) => variables[path] ?? []);
    // A block with the whole text refuses changes of others itself.
    if (own.includes("all")) return [];
    const held = { path, text, dialect, known: [known.get(path)], wanted: {}, isReplaced: true };
    const [found] = foreignIn([held]);
    const isTheirs = (name: string) => !own.some((names) => names.includes(name));
    const names = (found?.keys.removed ?? []).filter(isTheirs);
    const variables = names.length === 1 ? "variable" : "variables";
    return [
      ...(names.length > 0
        ? [`the ${variables} ${path === "env" ? "" : `${path} `}${names.join(", ")}`]
        : []),
      ...(found && found.lines.length > 0 ? [linesNamed(found.lines)] : []),
    ];
  });
}
