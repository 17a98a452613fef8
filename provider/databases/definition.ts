import { visible } from "../../packages/text/visible";
import { type Api, callDatabase, createDatabase } from "../dokploy/endpoints";
import { ifFound } from "../dokploy/errors";
import { OBJECTS } from "../dokploy/generated/facts";
import type { DatabaseKind } from "../dokploy/kinds";
import type { DatabaseDetail } from "../dokploy/rows";
import { writeEnv } from "../env/codec";
import { expectedOf } from "../env-hosts/running";
import { CheckFailedError, UserError } from "../errors/problem";
import type { Context } from "../lifecycle/context";
import type { Entity } from "../lifecycle/entity";
import { recoverCreated } from "../objects/naming";
import { secret } from "../pulumi/secret";
import { targetOf, traits } from "../schema/kinds";
import { Mapping } from "../schema/mapping";
import { databaseDeployProblems } from "../services/deployable";
import { warnUntagged } from "../services/images";
import type { ServiceInputs, ServiceResourceOutputs } from "../services/model";
import { serviceDefinition } from "../services/service";
import { InlineParts } from "../simple/inline";
import { connectionUrl, externalUrl, rootConnectionUrl } from "./address";
import { imageProblems } from "./images";
import { changePasswords, newPassword } from "./password";
import { imageThatRan } from "./ran";

/** Inputs of all databases. */
export interface DatabaseInputs extends ServiceInputs {
  serverId?: string | undefined;
  appNamePrefix?: string | undefined;
  image?: string | undefined;
  password?: string | undefined;
  allowReplacementOf?: string | undefined;
  swarm?: { mode?: object | undefined } | undefined;
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

/** Differences between the kinds of databases. */
export interface DatabaseSpec<Inputs> extends Pick<Entity<Inputs, never>, "kind" | "schema" | "check"> {
  /** Image that is used when the program names none. */
  readonly image: string;
  /** Returns columns that only this kind sends at creation. */
  creation(inputs: Inputs): Readonly<Record<string, unknown>>;
  /** Returns the damage that another image would cause, or advice for an image that is allowed. */
  checkImage?(row: DatabaseDetail, image: string): { problem?: string; warning?: string };
  /** Columns that Dokploy resets when an update omits them, besides those that it requires. */
  readonly resets?: readonly (keyof DatabaseDetail & string)[];
}

/**
 * Returns the definition of a database. It is created under a free name, with a random password unless the program
 * gives one. Changes are made in place and keep the data. It is never replaced by an empty one unless the program
 * names it for replacement.
 */
export function databaseDefinition<Inputs extends DatabaseInputs>(
  spec: DatabaseSpec<Inputs>,
): DatabaseDefinition<Inputs> {
  const { kind } = spec;
  const database = targetOf(kind) as DatabaseKind;
  const { noun } = traits[database];
  const one = (id: string, api: Pick<Api, "call">) => callDatabase(api as Api, database, id, "one", {});
  const definition = serviceDefinition<Inputs, DatabaseDetail>({
    kind,
    schema: spec.schema,
    parts: new InlineParts(database, spec.schema),

    check(inputs, advise, resource) {
      warnUntagged(kind, inputs.name, "image", inputs.image, advise);
      return [
        ...databaseDeployProblems(database, inputs.deploy),
        ...imageProblems(database, inputs.image),
        ...(spec.check?.(inputs, advise, resource) ?? []),
      ];
    },

    async preflight(inputs, context, { adopted, replaced }) {
      if (replaced) await assertReplaceable(replaced.id, inputs, context);
      else if (adopted === undefined) await warnOfEmpty(kind, inputs.name, context);
    },

    /** Checks that another image starts with the data. */
    async preview({ image }, { reads, warn }, { id, adopted, changes }) {
      const there = id ?? adopted;
      if (there === undefined || image === undefined || changes.every(({ apply }) => apply === "none"))
        return [];
      const row = await ifFound(one(there, reads));
      if (row === undefined || image === row.dockerImage) return [];
      const after = (dockerImage: string) => spec.checkImage?.({ ...row, dockerImage }, image) ?? {};
      const saved = after(row.dockerImage);
      const { problem, warning } =
        saved.problem === undefined ? saved : after((await imageThatRan(row, reads)) ?? image);
      if (problem !== undefined) throw new CheckFailedError([{ property: "image", reason: problem }]);
      if (warning !== undefined) warn(`${kind} "${visible(row.name)}" (${there}): ${warning}.`, "data");
      return [];
    },

    async make(inputs, api) {
      const made = await createDatabase(api, database, {
        name: inputs.name,
        environmentId: inputs.environmentId,
        dockerImage: inputs.image ?? spec.image,
        databasePassword: inputs.password ?? newPassword(),
        ...(inputs.appNamePrefix === undefined ? {} : { appName: inputs.appNamePrefix }),
        ...(inputs.serverId === undefined ? {} : { serverId: inputs.serverId }),
        ...spec.creation(inputs),
      });
      if (made) return { id: String(made[`${database}Id`]), appName: made.appName };
      // The name was free just before, so the database with this name is ours. A look that fails once is repeated.
      const look = () => recoverCreated(database, inputs, api);
      const id = await look().catch(look);
      if (id === undefined) {
        throw new UserError(
          `${database}.create succeeded, but the new ${noun} cannot be distinguished from another one of that ` +
            "name. Run the update again: its plan names the existing ones and says how to adopt one.",
        );
      }
      return { id };
    },

    async save(id, columns, api, former) {
      const row = former ?? (await one(id, api));
      const changed = await changePasswords(database, id, { ...columns }, row, api);
      if (Object.keys(changed).length === 0) return;
      const needs: readonly string[] = OBJECTS[database].update.needs;
      const sent = [...needs, ...(spec.resets ?? [])];
      const kept = Object.fromEntries(sent.map((column) => [column, row[column as keyof DatabaseDetail]]));
      await callDatabase(api, database, id, "update", { ...kept, ...changed });
    },

    async remove(id, { name }, { api, warn }) {
      const row = await callDatabase(api, database, id, "remove", {});
      const volume = row ? `the volume ${visible(volumeOf(row.appName))}` : "its volume";
      warn(
        `${kind} "${visible(name)}" (${id}) is deleted, and Dokploy keeps its data: ${volume} stays on ` +
          "the server. Remove it with `docker volume rm` once nobody needs it.",
        "data",
      );
    },

    outputsOf(row, server) {
      const outside = externalUrl(database, row, server?.url);
      const ofRoot = rootConnectionUrl(database, row);
      return {
        connectionUrl: secret(connectionUrl(database, row)),
        ...(outside === undefined ? {} : { externalUrl: secret(outside) }),
        ...(ofRoot === undefined ? {} : { rootConnectionUrl: secret(ofRoot) }),
      };
    },

    secretsOf: ({ databasePassword, databaseRootPassword }) =>
      [databasePassword, databaseRootPassword].filter((password) => password !== undefined),

    running: (inputs, row) => ({
      serverId: inputs.serverId ?? row?.serverId,
      status: row?.applicationStatus ?? "idle",
      expected: expectedOf(
        { replicas: row?.replicas ?? 1, mode: inputs.swarm?.mode ?? row?.modeSwarm },
        inputs.env ? writeEnv(inputs.env, "application") : row?.env,
        row?.environment,
      ),
    }),
  });
  const mapping = new Mapping(spec.schema);

  /** @throws CheckFailedError when the program has not agreed to an empty database instead of this one */
  async function assertReplaceable(
    id: string,
    { allowReplacementOf }: Inputs,
    { api, warn }: Context,
  ): Promise<void> {
    const row = await ifFound(one(id, api));
    if (row === undefined) return;
    const volume = volumeOf(row.appName);
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
    ...(definition as unknown as Entity<Inputs, DatabaseOutputs>),
    database,
    volumes: (_, { appName }) => (appName === undefined ? [] : [{ name: volumeOf(appName), isOwn: true }]),
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

/**
 * Warns when a database gets two other names. Pulumi treats it as a new one: it deletes the old one in the same run,
 * and services that use the address of the new one get an empty database. No preview asks about a deletion, so the
 * warning is about the new one.
 */
async function warnOfEmpty(kind: string, name: string, { claims, warn }: Context): Promise<void> {
  const gone = (await claims.holdings.all(kind)).filter(({ id }) => !claims.resources.has(kind, id));
  if (gone.length === 0) return;
  const names = gone.slice(0, 3).map((other) => `"${visible(other.name)}"`);
  const [one] = names;
  warn(
    `${kind} "${visible(name)}" is new and starts empty, which is fine for an additional database. But if the ` +
      `program no longer has the ${kind} ${names.join(", ")} of this stack, this run also deletes it, and the ` +
      "services that used its address get an empty database. To keep the data under another name, give this " +
      `resource the option { aliases: [{ name: ${one} }] }. To move the data to another version, keep both until ` +
      "it is copied: " +
      "https://github.com/pulumi-dokploy/pulumi-dokploy/blob/main/docs/databases.md#another-major-version.",
    "new-database",
  );
}

/** Returns the name of the volume in which Dokploy keeps the data. */
function volumeOf(appName: string): string {
  return `${appName}-data`;
}
