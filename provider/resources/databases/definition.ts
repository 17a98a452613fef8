import { z } from "zod";
import { visible } from "../../../packages/text";
import {
  type Api,
  callDatabase,
  type DatabaseDetail,
  type DatabaseKind,
  ifFound,
  OBJECTS,
} from "../../dokploy";
import {
  deployProblems,
  removeService,
  type ServiceFacts,
  type ServiceInputs,
  type ServiceResourceOutputs,
  service,
} from "../../engine";
import { CheckFailedError } from "../../errors";
import { type Context, type Entity, withChecks } from "../../lifecycle";
import { Mapping, output, targetOf, traits } from "../../schema";
import { healthCheckProblems } from "../services/health-check";
import { warnOfNoEffect } from "../services/without-effect";
import { connectionUrl, externalUrl, rootConnectionUrl } from "./address";
import { dataVolumeIn } from "./folders";
import { imageProblems } from "./images";
import { changePasswords, newPassword } from "./password";
import { assertPlaceFree } from "./successor";

/** Inputs of all databases. */
export interface DatabaseInputs extends ServiceInputs {
  image?: string | undefined;
  password?: string | undefined;
  healthCheck?: object | undefined;
  swarm?: { readonly healthCheck?: unknown } | undefined;
  allowReplacementOf?: string | undefined;
}

/** Outputs of a database. */
export interface DatabaseOutputs extends ServiceResourceOutputs {
  /** Address inside Docker, with the login. Secret. */
  connectionUrl: string;
  /** Address of the published port, with the login. Secret. */
  externalUrl?: string;
  /** Address inside Docker with the login of `root`, for databases that have one. Secret. */
  rootConnectionUrl?: string;
}

/** Definition of a kind of database, with the properties that a lookup returns. */
export interface DatabaseDefinition<Inputs> extends Entity<Inputs, DatabaseOutputs> {
  readonly database: DatabaseKind;
  /**
   * Returns the properties in a row: inputs, and the passwords and addresses as secrets.
   *
   * @param dokploy address of Dokploy itself, if known
   */
  shown(row: DatabaseDetail, dokploy: string | undefined): ReturnType<Mapping["shown"]>;
}

/** Returns the outputs that a kind of database adds to those of a service. */
function outputsOf(database: DatabaseKind): z.ZodObject {
  const url = (read: (row: DatabaseDetail, dokploy?: string) => string | undefined) =>
    output(z.string().optional(), (row, dokploy) => read(row as unknown as DatabaseDetail, dokploy), {
      secret: true,
    });
  return z.object({
    connectionUrl: url((row) => connectionUrl(database, row)),
    externalUrl: url((row, dokploy) => externalUrl(database, row, dokploy)),
    rootConnectionUrl: url((row) => rootConnectionUrl(database, row)),
  });
}

/** Columns that Dokploy up to 0.29 resets when an update omits them. */
const RESET = ["replicaSets"] as const;

/**
 * Returns the entity of a database. It is created under a free name, with a random password unless the program gives
 * one. Changes are made in place and keep the data. It is never replaced by an empty one unless the program names it
 * for replacement.
 */
export function database<Inputs extends DatabaseInputs>(
  spec: Pick<ServiceFacts<Inputs, never>, "kind" | "schema" | "create"> & {
    /** Prepares what another image needs, just before it is saved. */
    readonly beforeImage?: (row: DatabaseDetail, image: string, api: Api) => Promise<void>;
  },
): DatabaseDefinition<Inputs> {
  const { kind, schema } = spec;
  const database = targetOf(kind) as DatabaseKind;
  const { noun } = traits[database];
  const one = (id: string, api: Pick<Api, "call">) => callDatabase(api, database, id, "one", {});
  const base = service<Inputs, DatabaseDetail>({
    kind,
    schema,

    create: async (columns, ...context) => ({
      databasePassword: newPassword(),
      ...(await spec.create(columns, ...context)),
      ...only(columns, ["dockerImage", "databasePassword"]),
    }),

    async save(id, columns, api, former) {
      const row = former ?? (await one(id, api));
      const changed = await changePasswords(database, id, { ...columns }, row, api);
      if (Object.keys(changed).length === 0) return;
      const { dockerImage: image } = changed as { dockerImage?: string };
      if (image !== undefined && image !== row.dockerImage) await spec.beforeImage?.(row, image, api);
      const needs: readonly string[] = OBJECTS[database].update.needs;
      const sent = [...needs, ...RESET.filter((column) => column in row)];
      const kept = Object.fromEntries(sent.map((column) => [column, row[column as keyof DatabaseDetail]]));
      await callDatabase(api, database, id, "update", { ...kept, ...changed });
    },

    outputs: outputsOf(database),
  });
  const checked = withChecks(base, {
    check(inputs, advise) {
      warnOfNoEffect(database, inputs as Readonly<Record<string, unknown>>, advise);
      return [
        ...deployProblems(database, inputs.deploy),
        ...imageProblems(database, inputs.image),
        ...healthCheckProblems(inputs),
      ];
    },

    async preflight(inputs, context, { adopted, replaced }) {
      if (replaced) await assertReplaceable(replaced.id, inputs, context);
      else if (adopted === undefined) await assertPlaceFree(database, inputs, context);
    },
  });
  const mapping = new Mapping(schema);

  /** @throws CheckFailedError when the program has not agreed to an empty database instead of this one */
  async function assertReplaceable(
    id: string,
    { allowReplacementOf }: Inputs,
    { api, warn }: Context,
  ): Promise<void> {
    const row = await ifFound(one(id, api));
    if (row === undefined) return;
    const volume = dataVolumeIn(database, row);
    if (allowReplacementOf === row.name) {
      warn(
        `${kind} "${visible(row.name)}" (${id}) is replaced. The new ${noun} is empty: the data stays in the volume ` +
          `${volume}, which nothing uses any more.`,
        "data",
      );
      return;
    }
    const reason =
      `this change deletes the ${noun} "${visible(row.name)}" and creates a new, empty one; the data stays in ` +
      `the volume ${volume}, which nothing uses any more. Undo the change; or dump the data, and set ` +
      `allowReplacementOf: ${JSON.stringify(row.name)} for that run`;
    throw new CheckFailedError([{ property: "", reason }]);
  }

  return {
    ...(checked as unknown as Entity<Inputs, DatabaseOutputs>),
    database,

    async delete(id, inputs, { api, warn, removesVolumes }) {
      const removed = await removeService<Pick<DatabaseDetail, "appName" | "mounts">>(
        database,
        id,
        inputs,
        api,
      );
      if (removed === undefined || removesVolumes) return;
      const { row } = removed;
      const volume = row ? `the volume ${visible(dataVolumeIn(database, row))}` : "its volume";
      warn(
        `${kind} "${visible(inputs.name)}" (${id}) is deleted, and Dokploy keeps its data: ${volume} stays on ` +
          "the server. Remove it with `docker volume rm` once nobody needs it.",
        "data",
      );
    },

    shown(row, dokploy) {
      const { inputs, secrets } = mapping.shown(row);
      const addresses = {
        connectionUrl: connectionUrl(database, row),
        externalUrl: externalUrl(database, row, dokploy),
      };
      return { inputs, secrets: { ...secrets, ...addresses } };
    },
  };
}

function only(columns: Readonly<Record<string, unknown>>, names: readonly string[]) {
  return Object.fromEntries(Object.entries(columns).filter(([name]) => names.includes(name)));
}
