import { z } from "zod";
import { applicationParts, composeParts } from "../../provider/parts";
import { applicationSchema } from "../../provider/resources/application";
import { composeSchema } from "../../provider/resources/compose";
import { text } from "../../provider/schema/fields";

/** What a repository says by other means: its environment, the folder's name, the files of variables. */
const elsewhere = { environmentId: true, name: true, env: true, source: true } as const;

/** The names of these inputs, as zod leaves them out of a schema. */
function all<Shape extends object>(shape: Shape): { [K in keyof Shape]: true } {
  return Object.fromEntries(Object.keys(shape).map((name) => [name, true])) as { [K in keyof Shape]: true };
}

const common = {
  /** Names of services of this repository that are deployed before this one. */
  dependsOn: z.array(text).optional(),
  /**
   * Id of a service that exists in Dokploy already and is managed from now on; in `stages` where each stage has its own.
   */
  import: composeSchema.shape.import,
};

const application = {
  ...applicationSchema.omit({ ...elsewhere, ...all(applicationParts) }).shape,
  ...common,
  /**
   * Image with its tag or digest, e.g. `ghcr.io/acme/api:1.4.2`. `${IMAGE_TAG}` in it takes the tag that the stage's
   * configuration or the environment gives. Short for a `source` of type `docker`.
   */
  image: text.optional(),
  /** Where the image or the code comes from, for what `image` cannot say. */
  source: applicationSchema.shape.source.optional(),
};

const compose = {
  ...composeSchema.omit({ ...elsewhere, ...all(composeParts) }).shape,
  ...common,
  /**
   * The compose file, relative to the service's folder. Default: `compose.yaml`, or another of the names that Docker
   * Compose looks for.
   */
  composeFile: text.optional(),
  /** Where the compose file comes from when it is not in this repository. */
  source: composeSchema.shape.source.optional(),
};

/**
 * What a `dokploy-app.yaml` may say, for each kind of service. `stages` says it again for some stages: objects are
 * merged, all else is replaced, and so is an object that has a `type`.
 */
export const appSchemas = {
  application: withStages("application", application),
  compose: withStages("compose", compose),
};

export type AppKind = keyof typeof appSchemas;
export type ApplicationFile = z.infer<typeof appSchemas.application>;
export type ComposeFile = z.infer<typeof appSchemas.compose>;

function withStages<Kind extends string, Shape extends z.core.$ZodLooseShape>(kind: Kind, shape: Shape) {
  return z.strictObject({
    /** What it is: an `application` (one image), or a `compose` service (the containers of a compose file). */
    kind: z.literal(kind),
    ...shape,
    /** What differs in a stage, by its name. */
    stages: z.record(z.string(), z.strictObject(shape)).optional(),
  });
}
