import { z } from "zod";
import type { Column } from "../dokploy/columns";
import { type FieldSpec, keptIn, text } from "../schema/fields";

type Own = Column<"application" | "postgres">;
const { field } = keptIn<"application" | "postgres">();

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

/**
 * Docker Swarm's own settings, in Docker's own words: keys capitalised, durations in nanoseconds.
 *
 * @param apply what a change of them needs
 */
export function swarmOf(apply: "reload" | "deploy") {
  const own = (column: Own): FieldSpec<Own> => ({ column, apply, reset: null });
  return z.strictObject({
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
      own("healthCheckSwarm"),
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
      own("restartPolicySwarm"),
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
      own("placementSwarm"),
    ),
    updateConfig: field(updateConfig.optional(), own("updateConfigSwarm")),
    rollbackConfig: field(updateConfig.optional(), own("rollbackConfigSwarm")),
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
      own("modeSwarm"),
    ),
    /** Labels of the containers. */
    labels: field(z.record(z.string(), z.string()).optional(), own("labelsSwarm")),
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
      own("networkSwarm"),
    ),
    /** How long a container may take to stop before it is killed, in seconds. */
    stopGracePeriodSeconds: field(z.number().min(0).optional(), {
      ...own("stopGracePeriodSwarm"),
      write: (seconds: number) => Math.round(seconds * 1e9),
      read: (nano: number) => nano / 1e9,
    }),
    /** When set, the ports of the service are ignored. */
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
      own("endpointSpecSwarm"),
    ),
    ulimits: field(
      z
        .array(z.strictObject({ Name: text, Soft: z.number().int().min(-1), Hard: z.number().int().min(-1) }))
        .optional(),
      own("ulimitsSwarm"),
    ),
  });
}
