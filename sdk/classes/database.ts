import * as pulumi from "@pulumi/pulumi";
import { type Api, DATABASES, type DatabaseDetail, type DatabaseKind } from "../../provider/dokploy";
import { connectionUrl, externalUrl, rootConnectionUrl } from "../../provider/resources";
import { type LookUp, type ResourceOptions, stable } from "../resource";
import { addressOf, isKnown, outputValue } from "../run";
import { Service } from "./service";

/** Kinds of databases, by the names of their classes. */
export type DatabaseClass = (typeof DATABASES)[DatabaseKind]["kind"];

/** Inputs that affect the address of a database. */
interface Reached {
  password?: pulumi.Input<string | undefined>;
  rootPassword?: pulumi.Input<string | undefined>;
  externalPort?: pulumi.Input<number | undefined>;
}

type Given = { [K in keyof Reached]: unknown };

/** Returns the names of the outputs with a login in them. */
function addressesOf(kind: DatabaseClass): string[] {
  return ["connectionUrl", "externalUrl", ...(hasRoot(kind) ? ["rootConnectionUrl"] : [])];
}

function hasRoot(kind: DatabaseClass): boolean {
  return DATABASES[kind.toLowerCase() as DatabaseKind].hasRoot;
}

/** A database of any kind, with the outputs that all of them have. */
export abstract class Database extends Service {
  /**
   * Address inside Docker with the login, for Postgres `postgresql://shop:…@shop-db-4kq2ax:5432/shop`. Secret. It stays
   * known while the database changes, unless its login does.
   */
  declare readonly connectionUrl: pulumi.Output<string>;
  /**
   * Address of the published port with the login; undefined without `externalPort`. Secret. It stays known in the same
   * way.
   */
  declare readonly externalUrl: pulumi.Output<string | undefined>;
  /** Password of the user, given or generated. Secret. */
  declare readonly password: pulumi.Output<string>;

  protected constructor(
    kind: DatabaseClass,
    name: string,
    args: Reached,
    options: ResourceOptions | undefined,
  ) {
    const addresses = addressesOf(kind);
    // The engine itself marks these as secret, also when a run only uses values from the state.
    const additionalSecretOutputs = [...(options?.additionalSecretOutputs ?? []), ...addresses];
    super(kind, name, args, { ...options, additionalSecretOutputs }, addresses);
    const database = kind.toLowerCase() as DatabaseKind;
    const { password, rootPassword, externalPort } = args;
    const given = pulumi.output({ password, rootPassword, externalPort }) as pulumi.Output<Given>;
    let row: Promise<DatabaseDetail | undefined> | undefined;
    /** Returns an address of the existing database, if the program does not change it. */
    const known =
      (address: (row: DatabaseDetail) => string | undefined) =>
      async (id: string, connect: () => Promise<Api>): Promise<never> => {
        row ??= connect().then((api) => unchanged(database, id, given, api));
        const found = await row;
        return (found === undefined ? pulumi.unknown : address(found)) as never;
      };
    const secretly = <T>(output: pulumi.Output<T>, lookUp: LookUp<T>, mocked: T) =>
      pulumi.secret(stable(output, this.id, options, lookUp, mocked));
    const mocked = `${database}://mock:mock@${name}.invalid`;
    const isInside = isKnown(this.connectionUrl);
    const inside = known((found) => connectionUrl(database, found));
    const outside = known((found) => externalUrl(database, found, addressOf(options)));
    this.connectionUrl = secretly(this.connectionUrl, inside, mocked);
    const outsideUnlessInside: LookUp<string | undefined> = async (id, connect) =>
      // Pulumi treats a value that the state does not have as unknown. If the other address is known, there is no value.
      (await isInside) ? undefined : await outside(id, connect);
    this.externalUrl = secretly(this.externalUrl, outsideUnlessInside, undefined);
    if (password === undefined) this.give("password", this.connectionUrl);
    if (!hasRoot(kind)) return;
    const rooted = this as unknown as RootOutputs;
    const asRoot = known((found) => rootConnectionUrl(database, found));
    const ofRoot = secretly(rooted.rootConnectionUrl, asRoot, mocked);
    Object.assign(this, { rootConnectionUrl: ofRoot });
    if (rootPassword === undefined) this.give("rootPassword", ofRoot);
  }

  /** Sets an output for a generated password, whose input the program left out. */
  private give(name: string, address: pulumi.Output<string>): void {
    const value = address.apply((url) => decodeURIComponent(new URL(url).password));
    Object.defineProperty(this, name, { configurable: true, enumerable: true, value });
  }
}

/** Outputs of databases that have a user `root` too. */
export interface RootOutputs {
  /**
   * Address inside Docker with the login of `root`. Secret. It stays known while the database changes, unless that
   * login does.
   */
  readonly rootConnectionUrl: pulumi.Output<string>;
  /** Password of the user `root`, given or generated. Secret. */
  readonly rootPassword: pulumi.Output<string>;
}

/** Returns the existing database with its new port; undefined if its login changes or may change. */
async function unchanged(
  database: DatabaseKind,
  id: string,
  given: pulumi.Output<Given>,
  api: Api,
): Promise<DatabaseDetail | undefined> {
  const { password, rootPassword, externalPort = null } = await outputValue(given);
  const found = (await api.call(`${database}.one`, { [`${database}Id`]: id } as never)) as DatabaseDetail;
  const isSame =
    (password ?? found.databasePassword) === found.databasePassword &&
    (rootPassword ?? found.databaseRootPassword) === found.databaseRootPassword;
  if (!isSame || (externalPort !== null && typeof externalPort !== "number")) return undefined;
  return { ...found, externalPort };
}
