import { z } from "zod";

/* Building blocks of input schemas. Numbers and booleans are coerced, because Dokploy's REST adapter turns coercion on for
every top-level number and boolean of an input, also in bodies: "false" becomes true, and null becomes 0 or false unless
the field is nullable. */

export const text = z.string();
export const someText = z.string().min(1);
export const nullableText = z.string().nullable();
export const texts = z.array(z.string());
export const number = z.coerce.number();
export const boolean = z.coerce.boolean();

export const appName = z
  .string()
  .min(1)
  .max(63)
  .regex(/^[a-zA-Z0-9._-]+$/, "App name can only contain letters, numbers, dots, underscores and hyphens");
export const branch = z
  .string()
  .min(1)
  .regex(/^[a-zA-Z0-9._\-/#]+$/, "Invalid branch name");
/** Name for a `docker` command line. */
export const dockerName = (message: string) =>
  z
    .string()
    .min(1)
    .regex(/^[a-zA-Z0-9.\-_]+$/, message);
export const icon = z.string().max(2_097_152).nullable();
export const since = z
  .string()
  .regex(/^(all|\d+[smhd])$/)
  .default("all");
export const tail = z.coerce.number().int().min(1).max(10_000).default(100);
export const pageLimit = z.coerce.number().min(1).max(100).default(20);
export const pageOffset = z.coerce.number().min(0).default(0);

export const buildTypes = z.enum([
  "dockerfile",
  "heroku_buildpacks",
  "paketo_buildpacks",
  "nixpacks",
  "static",
  "railpack",
]);
export const serviceStatus = z.enum(["idle", "running", "done", "error"]);
export const triggerType = z.enum(["push", "tag"]);

/** Returns the same schema for several fields. */
export function each<Name extends string, Schema extends z.ZodType>(
  names: readonly Name[],
  schema: Schema,
): Record<Name, Schema> {
  return Object.fromEntries(names.map((name) => [name, schema])) as Record<Name, Schema>;
}

/** Requires all fields; `null` counts where a field allows it (`saveEnvironment`, `saveBuildType`, …). */
export function required<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.object(shape).partial().required();
}

const durations = { Interval: z.number(), Timeout: z.number(), StartPeriod: z.number() };

const updateConfig = z
  .object({
    Parallelism: z.number(),
    Delay: z.number().optional(),
    FailureAction: z.string().optional(),
    Monitor: z.number().optional(),
    MaxFailureRatio: z.number().optional(),
    Order: z.string(),
  })
  .strict();

/** Swarm settings of a service: objects of Docker's API, with its capitalised keys; unknown keys are refused. */
export const swarmFields = {
  healthCheckSwarm: z
    .object({ Test: texts, ...durations, Retries: z.number() })
    .partial()
    .strict()
    .nullable(),
  restartPolicySwarm: z
    .object({ Condition: z.string(), Delay: z.number(), MaxAttempts: z.number(), Window: z.number() })
    .partial()
    .strict()
    .nullable(),
  placementSwarm: z
    .object({
      Constraints: texts,
      Preferences: z.array(z.object({ Spread: z.object({ SpreadDescriptor: z.string() }) })),
      MaxReplicas: z.number(),
      Platforms: z.array(z.object({ Architecture: z.string(), OS: z.string() })),
    })
    .partial()
    .strict()
    .nullable(),
  updateConfigSwarm: updateConfig.nullable(),
  rollbackConfigSwarm: updateConfig.nullable(),
  modeSwarm: z
    .object({
      Replicated: z.object({ Replicas: z.number().optional() }).strict(),
      Global: z.object({}).strict(),
      ReplicatedJob: z
        .object({ MaxConcurrent: z.number().optional(), TotalCompletions: z.number().optional() })
        .strict(),
      GlobalJob: z.object({}).strict(),
    })
    .partial()
    .strict()
    .nullable(),
  labelsSwarm: z.record(z.string(), z.string()).nullable(),
  networkSwarm: z
    .array(
      z
        .object({ Target: z.string(), Aliases: texts, DriverOpts: z.object({}).loose() })
        .partial()
        .strict(),
    )
    .nullable(),
  stopGracePeriodSwarm: number.nullable(),
  endpointSpecSwarm: z
    .object({
      Mode: z.string(),
      Ports: z.array(
        z
          .object({
            Protocol: z.string(),
            TargetPort: z.number(),
            PublishedPort: z.number(),
            PublishMode: z.string(),
          })
          .partial()
          .strict(),
      ),
    })
    .partial()
    .strict()
    .nullable(),
  ulimitsSwarm: z
    .array(z.object({ Name: z.string().min(1), Soft: z.number().min(-1), Hard: z.number().min(-1) }).strict())
    .nullable(),
};
