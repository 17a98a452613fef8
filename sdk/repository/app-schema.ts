import { z } from "zod";
import { listsIn } from "../../provider/engine";
import { applicationSchema, composeSchema, databaseSchemas } from "../../provider/resources";
import { nonEmptyText } from "../../provider/schema";
import { attachedSchemas } from "./attached-schema";

/** Inputs that a repository gives in other ways: by its environment, the folder's name or the files of variables. */
const elsewhere = { environmentId: true, name: true, env: true, source: true } as const;

type PartOf<Input> =
  Input extends z.ZodOptional<z.ZodRecord<z.ZodString, infer Part extends z.ZodObject>> ? Part : never;
/** Inputs as a file gives them: it lists the parts of a service, which the state has by name. */
type InFile<Shape> = {
  [Name in keyof Shape]: [PartOf<Shape[Name]>] extends [never]
    ? Shape[Name]
    : z.ZodOptional<z.ZodArray<PartOf<Shape[Name]>>>;
};

/** Returns the inputs of a service without those that a repository gives in other ways, and with its parts as lists. */
function inFile<Shape extends z.core.$ZodLooseShape, Name extends keyof Shape & string>(
  schema: z.ZodObject<Shape>,
  elsewhere: Readonly<Record<Name, true>>,
): InFile<Omit<Shape, Name>> {
  const lists = listsIn(schema);
  const fields = Object.entries(schema.shape).flatMap(([name, input]): [string, z.core.$ZodType][] => {
    if (Object.hasOwn(elsewhere, name)) return [];
    if (!lists.has(name)) return [[name, input]];
    const parts = input as z.ZodOptional<z.ZodRecord>;
    return [[name, z.array(parts.unwrap().valueType as z.ZodType).optional()]];
  });
  return Object.fromEntries(fields) as InFile<Omit<Shape, Name>>;
}

const common = {
  /** Names of services of this repository that are deployed before this one. */
  dependsOn: z.array(nonEmptyText).optional(),
  /** Id of an existing service in Dokploy that is adopted; in `stages` when each stage has its own. */
  import: composeSchema.shape.import,
  /**
   * Names that the service had in this repository: it stays the same service, with its address, its data and its generated
   * secrets, and only its name changes. They may be removed once every stage is deployed, and nobody wants to go back to a
   * version before the rename.
   */
  formerNames: z.array(nonEmptyText).optional(),
  /**
   * True so that no run deletes or replaces the service, not even `pulumi destroy`; a preview of a pull request is not
   * protected. Default: false.
   */
  protect: z.boolean().optional(),
};

const connected = {
  /**
   * Variables that hold the address of a database of this repository, with its login. Each is given by the name of the
   * database, which is created before the service. Files of variables say the same with `KEY: !ref NAME`.
   */
  databaseUrls: z.record(z.string(), nonEmptyText).optional(),
};

const application = {
  ...inFile(applicationSchema, elsewhere),
  ...attachedSchemas.application,
  ...common,
  ...connected,
  /**
   * Image with its tag or digest, e.g. `ghcr.io/acme/api:1.4.2`. `${IMAGE_TAG}` in it takes the tag from the
   * configuration of the stage or from the environment. Short for a `source` of type `docker`.
   */
  image: nonEmptyText.optional(),
  /**
   * Name of an application of this repository whose image this one runs too, with the same tag and the same login:
   * `imageOf: api`. Instead of `image` or `source`.
   */
  imageOf: nonEmptyText.optional(),
  /** Source of the image or the code, for anything that `image` cannot say. */
  source: applicationSchema.shape.source.optional(),
};

const compose = {
  ...inFile(composeSchema, elsewhere),
  ...attachedSchemas.compose,
  ...common,
  ...connected,
  /**
   * Path of the compose file, relative to the service's folder. Default: `compose.yaml`, or another name that Docker
   * Compose looks for.
   */
  composeFile: nonEmptyText.optional(),
  /**
   * Name of an application of this repository: `${IMAGE_TAG}` in the compose file is the tag of its image. The file uses
   * it for this image only.
   */
  imageOf: nonEmptyText.optional(),
  /** Source of the compose file when it is not in this repository. */
  source: composeSchema.shape.source.optional(),
};

const elsewhereOfDatabase = { environmentId: true, name: true, env: true } as const;
type DatabaseSchemas = typeof databaseSchemas;
type DatabaseFields<Kind extends keyof DatabaseSchemas> =
  DatabaseSchemas[Kind] extends z.ZodObject<infer Shape>
    ? InFile<Omit<Shape, keyof typeof elsewhereOfDatabase>> &
        (typeof attachedSchemas)[Kind extends "redis" ? "redis" : "database"] &
        typeof common
    : never;

/** Schemas of all kinds of databases. */
const databases = Object.fromEntries(
  Object.entries(databaseSchemas).map(([kind, schema]) => {
    const fields = {
      ...inFile(schema as z.ZodObject, elsewhereOfDatabase),
      ...attachedSchemas[kind === "redis" ? "redis" : "database"],
      ...common,
    };
    return [kind, withStages(kind, fields)];
  }),
) as unknown as {
  [Kind in keyof DatabaseSchemas]: ReturnType<typeof withStages<Kind, DatabaseFields<Kind>>>;
};

/**
 * Schemas of a `dokploy-app.yaml`, for each kind of service. Values in `stages` override the others: objects are
 * merged, and all other values are replaced, as are objects with a `type`.
 */
export const appSchemas = {
  application: withStages("application", application),
  compose: withStages("compose", compose),
  ...databases,
};

export type AppKind = keyof typeof appSchemas;
/** Contents of a file, by its kind. */
export type AppFiles = { [Kind in AppKind]: z.infer<(typeof appSchemas)[Kind]> };

function withStages<Kind extends string, Shape extends z.core.$ZodLooseShape>(kind: Kind, shape: Shape) {
  return z.strictObject({
    /** Kind: an `application` (one image), a `compose` service (the containers of a compose file), or a database. */
    kind: z.literal(kind),
    ...shape,
    /** Values that differ in a stage, by the name of the stage. */
    stages: z.record(z.string(), z.strictObject(optional(shape))).optional(),
  });
}

/** Makes all values optional, since a stage gives only some of them. */
function optional<Shape extends z.core.$ZodLooseShape>(shape: Shape): Shape {
  const fields = Object.entries(shape as Record<string, z.ZodType>).map(([name, type]) => [
    name,
    type.safeParse(undefined).success ? type : type.optional(),
  ]);
  return Object.fromEntries(fields) as Shape;
}
