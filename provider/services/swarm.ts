import { z } from "zod";
import type { Column } from "../dokploy/columns";
import { type FieldSpec, keptIn, text } from "../schema/fields";

type Own = Column<"application">;
const { field } = keptIn<"application">();

const reloads = (column: Own): FieldSpec<Own> => ({ column, apply: "reload", reset: null });

const nanoseconds = z.number().int().min(0);
const updateConfig = z.strictObject({
  /** Tasks changed at once; 0 for all. */
  Parallelism: z.number().int().min(0),
  Order: z.enum(["start-first", "stop-first"]),
  Delay: nanoseconds.optional(),
  FailureAction: z.enum(["continue", "pause", "rollback"]).optional(),
  Monitor: nanoseconds.optional(),
  MaxFailureRatio: z.number().min(0).max(1).optional(),
});

/** Docker Swarm's own settings, in Docker's own words: keys capitalised, durations in nanoseconds. */
export const swarm = z
  .strictObject({
    healthCheck: field(
      z
        .strictObject({
          Test: z.array(z.string()).optional(),
          Interval: nanoseconds.optional(),
          Timeout: nanoseconds.optional(),
          StartPeriod: nanoseconds.optional(),
          Retries: z.number().int().min(0).optional(),
        })
        .optional(),
      reloads("healthCheckSwarm"),
    ),
    restartPolicy: field(
      z
        .strictObject({
          Condition: z.enum(["none", "on-failure", "any"]).optional(),
          Delay: nanoseconds.optional(),
          MaxAttempts: z.number().int().min(0).optional(),
          Window: nanoseconds.optional(),
        })
        .optional(),
      reloads("restartPolicySwarm"),
    ),
    placement: field(
      z
        .strictObject({
          Constraints: z.array(z.string()).optional(),
          Preferences: z
            .array(z.strictObject({ Spread: z.strictObject({ SpreadDescriptor: z.string() }) }))
            .optional(),
          MaxReplicas: z.number().int().min(0).optional(),
          Platforms: z.array(z.strictObject({ Architecture: z.string(), OS: z.string() })).optional(),
        })
        .optional(),
      reloads("placementSwarm"),
    ),
    updateConfig: field(updateConfig.optional(), reloads("updateConfigSwarm")),
    rollbackConfig: field(updateConfig.optional(), reloads("rollbackConfigSwarm")),
    /** When set, `replicas` is ignored. */
    mode: field(
      z
        .strictObject({
          Replicated: z.strictObject({ Replicas: z.number().int().min(0).optional() }).optional(),
          Global: z.strictObject({}).optional(),
          ReplicatedJob: z
            .strictObject({
              MaxConcurrent: z.number().int().min(0).optional(),
              TotalCompletions: z.number().int().min(0).optional(),
            })
            .optional(),
          GlobalJob: z.strictObject({}).optional(),
        })
        .optional(),
      reloads("modeSwarm"),
    ),
    /** Labels of the containers. */
    labels: field(z.record(z.string(), z.string()).optional(), reloads("labelsSwarm")),
    /** When set, `networkIds` and `detachDokployNetwork` are ignored. */
    networks: field(
      z
        .array(
          z.strictObject({
            Target: z.string().optional(),
            Aliases: z.array(z.string()).optional(),
            DriverOpts: z.record(z.string(), z.string()).optional(),
          }),
        )
        .optional(),
      reloads("networkSwarm"),
    ),
    /** How long a container may take to stop before it is killed, in seconds. */
    stopGracePeriodSeconds: field(z.number().min(0).optional(), {
      ...reloads("stopGracePeriodSwarm"),
      write: (seconds: number) => Math.round(seconds * 1e9),
      read: (nano: number) => nano / 1e9,
    }),
    /** When set, the ports of the application are ignored. */
    endpointSpec: field(
      z
        .strictObject({
          Mode: z.enum(["vip", "dnsrr"]).optional(),
          Ports: z
            .array(
              z.strictObject({
                Protocol: z.enum(["tcp", "udp", "sctp"]).optional(),
                TargetPort: z.number().int().min(1).max(65535).optional(),
                PublishedPort: z.number().int().min(1).max(65535).optional(),
                PublishMode: z.enum(["ingress", "host"]).optional(),
              }),
            )
            .optional(),
        })
        .optional(),
      reloads("endpointSpecSwarm"),
    ),
    ulimits: field(
      z
        .array(z.strictObject({ Name: text, Soft: z.number().int().min(-1), Hard: z.number().int().min(-1) }))
        .optional(),
      reloads("ulimitsSwarm"),
    ),
  })
  .optional();
