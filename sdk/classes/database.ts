import * as pulumi from "@pulumi/pulumi";
import type * as Addresses from "../../provider/databases/address";
import type { Api } from "../../provider/dokploy/endpoints";
import type { DatabaseDetail, DatabaseKind } from "../../provider/dokploy/rows";
import { inputNames } from "../program-checks/generated/input-names";
import type { ResourceOptions } from "../resource/base";
import { stable } from "../resource/stable";
import type { ServiceClass } from "../run/kind";
import { addressOf } from "../run/server";
import { Service } from "./service";

/** The kinds of databases, as a program calls them. */
export type DatabaseClass = Exclude<ServiceClass, "Application" | "Compose">;

/** The inputs that say how a database is reached. */
interface Reached {
  password?: pulumi.Input<string | undefined>;
  rootPassword?: pulumi.Input<string | undefined>;
  externalPort?: pulumi.Input<number | undefined>;
}

/** What Pulumi's outputs have besides what their types say. */
interface Inner<T> {
  readonly isKnown: Promise<boolean>;
  promise(withUnknowns: true): Promise<T>;
}

type Given = { [K in keyof Reached]: unknown };

/** Outputs with a login in them. */
function addressesOf(kind: DatabaseClass): string[] {
  return ["connectionUrl", "externalUrl", ...(hasRoot(kind) ? ["rootConnectionUrl"] : [])];
}

function hasRoot(kind: DatabaseClass): boolean {
  return (inputNames[kind].optional as readonly string[]).includes("rootPassword");
}

/** What the databases have in common for a program. */
export abstract class Database extends Service {
  /**
   * The address inside Docker, with the login; of a Postgres `postgresql://shop:…@shop-db-4kq2ax:5432/shop`. Secret. Stays known
   * while the database changes, unless its login does.
   */
  declare readonly connectionUrl: pulumi.Output<string>;
  /** The same by the published port; undefined without `externalPort`. Secret. Stays known as well. */
  declare readonly externalUrl: pulumi.Output<string | undefined>;
  /** Password of the user, also one that was made for it. Secret. */
  declare readonly password: pulumi.Output<string>;

  protected constructor(
    kind: DatabaseClass,
    name: string,
    args: Reached,
    options: ResourceOptions | undefined,
  ) {
    const addresses = addressesOf(kind);
    // Whatever a run does with what the state has: the engine marks these itself.
    const additionalSecretOutputs = [...(options?.additionalSecretOutputs ?? []), ...addresses];
    super(kind, name, args, { ...options, additionalSecretOutputs }, addresses);
    const database = kind.toLowerCase() as DatabaseKind;
    const { password, rootPassword, externalPort } = args;
    const given = pulumi.output({ password, rootPassword, externalPort }) as unknown as Inner<Given>;
    let row: Promise<DatabaseDetail | undefined> | undefined;
    /** An address of what is there, where the program leaves that as it is. */
    const known =
      (address: (row: DatabaseDetail, module: typeof Addresses) => string | undefined) =>
      async (id: string, connect: () => Promise<Api>): Promise<never> => {
        row ??= connect().then((api) => unchanged(database, id, given, api));
        const found = await row;
        if (found === undefined) return pulumi.unknown as never;
        // Only a program that changes a database needs it.
        return address(found, require("../../provider/databases/address") as typeof Addresses) as never;
      };
    const { isKnown } = this.connectionUrl as unknown as Inner<string>;
    const outside = known((found, { externalUrl }) => externalUrl(database, found, addressOf(options)));
    this.connectionUrl = pulumi.secret(
      stable<string>(
        this.connectionUrl,
        this.id,
        options,
        known((found, { connectionUrl }) => connectionUrl(database, found)),
      ),
    );
    this.externalUrl = pulumi.secret(
      stable<string | undefined>(this.externalUrl, this.id, options, async (id, connect) => {
        // Pulumi takes what the state does not have for unknown; beside the other address that is none.
        return (await isKnown) ? undefined : await outside(id, connect);
      }),
    );
    if (password === undefined) this.give("password", this.connectionUrl);
    if (!hasRoot(kind)) return;
    const rooted = this as unknown as RootOutputs;
    const ofRoot = pulumi.secret(
      stable<string>(
        rooted.rootConnectionUrl,
        this.id,
        options,
        known((found, { rootConnectionUrl }) => rootConnectionUrl(database, found)),
      ),
    );
    Object.assign(this, { rootConnectionUrl: ofRoot });
    if (rootPassword === undefined) this.give("rootPassword", ofRoot);
  }

  /** A password that was made, in the place of the input, which the program left out. */
  private give(name: string, address: pulumi.Output<string>): void {
    const value = address.apply((url) => decodeURIComponent(new URL(url).password));
    Object.defineProperty(this, name, { configurable: true, enumerable: true, value });
  }
}

/** What those have that have a user `root` beside their own. */
export interface RootOutputs {
  /** The address inside Docker, with the login of `root`. Secret. Stays known while the database changes, unless that does. */
  readonly rootConnectionUrl: pulumi.Output<string>;
  /** Password of the user `root`, also one that was made for it. Secret. */
  readonly rootPassword: pulumi.Output<string>;
}

/** The database as it is there and stays, with the port that it gets; undefined where its login changes, or may. */
async function unchanged(
  database: DatabaseKind,
  id: string,
  given: Inner<Given>,
  api: Api,
): Promise<DatabaseDetail | undefined> {
  const { password, rootPassword, externalPort = null } = await given.promise(true);
  const found = (await api.call(`${database}.one`, { [`${database}Id`]: id } as never)) as DatabaseDetail;
  const isSame =
    (password ?? found.databasePassword) === found.databasePassword &&
    (rootPassword ?? found.databaseRootPassword) === found.databaseRootPassword;
  if (!isSame || (externalPort !== null && typeof externalPort !== "number")) return undefined;
  return { ...found, externalPort };
}
