import { looksOutside } from "../../env";
import { PartialFailureError } from "../../errors";
import type { Context } from "../../lifecycle";
import { type Mapping, outputsIn } from "../../schema";
import { hasNothing, settleName } from "../adoption/claim";
import { unconfirmedOf } from "../adoption/foreign";
import { assertNameAvailable, namesakes, readEnvironment, trackCreated } from "../adoption/naming";
import { type ReleaseStep, releaseStep } from "../release/step";
import type { Deployable } from "../rollout/deployable";
import { rollout } from "../rollout/rollout";
import { idsOutput, type PartsState } from "../simple/parts-state";
import { placesAround } from "../variable-targets/find";
import {
  domainsIn,
  removeService,
  type ServiceInputs,
  type ServiceModel,
  type ServiceResourceOutputs,
  type ServiceRow,
} from "./model";
import { finishing, saveParts, settleParts } from "./reconcile";

/** New service, before everything is saved. */
interface Made {
  readonly id: string;
  /** Name inside Docker; undefined where Dokploy does not report it. */
  readonly reported: string | undefined;
  /** Columns that the program sets. */
  readonly columns: Readonly<Record<string, unknown>>;
  /** Outputs for the state when the rest fails. */
  readonly unfinished: object;
  readonly parts: PartsState;
}

/**
 * Creates a service under a free name, saves its columns and its parts, and deploys it.
 *
 * @param claim registers what the new service owns
 * @throws PartialFailureError when it was created but the rest failed
 */
export async function createService<Inputs extends ServiceInputs, Row extends ServiceRow>(
  model: ServiceModel<Inputs, Row>,
  inputs: Inputs,
  claim: (id: string) => void,
  context: Context,
): Promise<{ id: string; outputs: ServiceResourceOutputs }> {
  const { api, run } = context;
  const { mapping, service, kind } = model;
  await assertNameAvailable(service, kind.kind, inputs, context);
  const around = await readEnvironment(inputs.environmentId, api);
  // Before anything is created: values that cannot be written must not leave a service behind.
  const serverMapping = await model.mappingOn(api, inputs);
  const columns = serverMapping.columns(inputs);
  const made = await make(model, inputs, columns, context);
  const { id, parts } = made;
  claim(id);
  const { row, outputs } = await saveColumns(model, made, inputs, serverMapping, context);
  const pending = { ...outputs, pending: "deploy" as const };
  const saved = await saveParts(model, { id, row: {} }, inputs, parts, pending, context);
  const { name } = inputs;
  const { appName } = outputs;
  const secrets = model.secretsAround(inputs, row ?? {}, around, context);
  const release = await released(
    model,
    id,
    inputs,
    { ...pending, ...idsOutput(saved.partIds) },
    secrets,
    context,
  );
  const deployable: Deployable = {
    target: model.target(id, {
      ...({ ...row, ...columns } as Row),
      ...domainsIn(inputs),
      environment: undefined,
      name,
      appName,
    }),
    status: outputs.status,
    deployments: [],
    around: placesAround(around),
    takesShared: serverMapping.texts(columns, inputs).some(({ text }) => looksOutside(text)),
    secrets,
    again: () => model.again(id, name, api),
  };
  const applied = await finishing(id, release, () =>
    rollout(
      deployable,
      mapping.changes({}, inputs).filter(({ keys }) => keys !== undefined),
      {
        need: "deploy",
        deploy: inputs.deploy,
        since: 0,
        readAt: run.deployments.now,
        outputs: { ...outputs, ...idsOutput(saved.partIds), ...release.outputs },
      },
      context,
    ),
  );
  await settleParts(model, id, inputs, applied, context);
  return { id, outputs: applied };
}

/**
 * Runs the release command of a new service before its first deployment.
 *
 * @param outputs outputs for the state when it fails
 */
async function released<Inputs extends ServiceInputs, Row extends ServiceRow>(
  model: ServiceModel<Inputs, Row>,
  id: string,
  inputs: Inputs,
  outputs: ServiceResourceOutputs,
  secrets: readonly string[],
  context: Context,
): Promise<ReleaseStep> {
  const { name, environmentId } = inputs;
  try {
    const row = inputs.release === undefined ? {} : await model.one(id, context.api);
    const subject = {
      id,
      name,
      row,
      inputs,
      olds: undefined,
      environmentIds: [environmentId],
      changes: [],
      secrets,
    };
    const step = releaseStep(subject, context);
    await step.run?.();
    return step;
  } catch (error) {
    throw new PartialFailureError(id, outputs, error);
  }
}

/** Creates the service, and gives way to an older one of the same name that another run created at the same moment. */
async function make<Inputs extends ServiceInputs, Row extends ServiceRow>(
  model: ServiceModel<Inputs, Row>,
  inputs: Inputs,
  columns: Made["columns"],
  context: Context,
): Promise<Made> {
  const { api } = context;
  const { mapping, service, kind } = model;
  const { id, appName: reported } = await model.make(inputs, columns, api);
  const parts: PartsState = { lists: model.parts.none(inputs), partIds: {} };
  const unfinished = {
    status: "idle" as const,
    ...(reported === undefined ? {} : { appName: reported }),
    ...unconfirmedOf(mapping.changes({}, inputs), mapping.variables()),
    pending: "deploy" as const,
  };
  await settleName({
    id,
    label: model.labelOf(id, inputs),
    outputs: unfinished,
    former: parts.lists,
    holders: () => namesakes(service, inputs, api),
    isAsMade: async () => hasNothing(await model.one(id, api)),
    remove: () => removeService(service, id, inputs, api),
    refuse: () => assertNameAvailable(service, kind.kind, inputs, context, id),
  });
  trackCreated(service, inputs, api);
  return { id, reported, columns, unfinished, parts };
}

/** Saves what the creation did not take. Returns its outputs, and its row if that had to be read. */
async function saveColumns<Inputs extends ServiceInputs, Row extends ServiceRow>(
  model: ServiceModel<Inputs, Row>,
  { id, reported, columns, unfinished, parts }: Made,
  inputs: Inputs,
  serverMapping: Mapping,
  { api, server }: Context,
): Promise<{ row: Row | undefined; outputs: ServiceResourceOutputs }> {
  const { kind } = model;
  let outputs: ServiceResourceOutputs | undefined;
  try {
    const row = kind.outputs || reported === undefined ? await model.one(id, api) : undefined;
    outputs = {
      ...(row ? outputsIn(kind.outputs, { ...row, ...columns }, server?.url) : {}),
      appName: row?.appName ?? reported ?? "",
      status: "idle",
    };
    const remaining = row ? serverMapping.delta(row, inputs) : columns;
    if (Object.keys(remaining).length > 0) await model.save(id, remaining, api, row);
    return { row, outputs };
  } catch (error) {
    throw new PartialFailureError(id, { ...unfinished, ...outputs }, error, parts.lists);
  }
}
