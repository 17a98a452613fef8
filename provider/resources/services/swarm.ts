import { z } from "zod";
import type { Column } from "../../dokploy";
import { type FieldSpec, keptIn, nonEmptyText } from "../../schema";
import { nanosecondsIn, swarmCheckDuration, swarmDuration } from "../types/durations";
import { dockersDurations } from "./health-check";

type Own = Column<"application" | "postgres">;
const { field } = keptIn<"application" | "postgres">();

const updateConfig = z.strictObject({
  /** Number of tasks changed at once; 0 for all. */
  Parallelism: z.number().int().min(0),
  /** Order: `start-first` starts a new task before the old one stops, `stop-first` afterwards. */
  Order: z.enum(["start-first", "stop-first"]),
  /** Pause between two groups of tasks, such as `10s`. */
  Delay: swarmDuration.optional(),
  /** Action when a changed task fails. */
  FailureAction: z.enum(["continue", "pause", "rollback"]).optional(),
  /** Time for which a changed task is watched for failure, such as `10s`. */
  Monitor: swarmDuration.optional(),
  /** Fraction of tasks that may fail before the action is taken, from 0 to 1. */
  MaxFailureRatio: z.number().min(0).max(1).optional(),
});

const updateDurations = nanosecondsIn("Delay", "Monitor");

const healthCheck = z.strictObject({
  /** Test: `["CMD", …]` with words, `["CMD-SHELL", …]` with a text for the shell, `["NONE"]`, or `[]` for that of the image. */
  Test: z
    .array(z.string())
    .refine(
      isTest,
      'must begin with "CMD" or "CMD-SHELL", and a command, or be ["NONE"]; with anything else, Docker never starts the new container or crashes',
    )
    .optional(),
  /** Time between two checks, such as `10s`. */
  Interval: swarmCheckDuration.optional(),
  /** Time limit for one check, such as `10s`. */
  Timeout: swarmCheckDuration.optional(),
  /** Time after the start in which failures do not count, such as `10s`. */
  StartPeriod: swarmCheckDuration.optional(),
  /** Number of failures in a row after which a container is unhealthy. */
  Retries: z.number().int().min(0).optional(),
});

function isTest([kind, ...words]: readonly string[]): boolean {
  if (kind === "CMD" || kind === "CMD-SHELL") return words.length > 0;
  return kind === undefined || kind === "NONE";
}

const restartPolicy = z.strictObject({
  /** Condition for a restart. */
  Condition: z.enum(["none", "on-failure", "any"]).optional(),
  /** Pause before a restart, such as `10s`. */
  Delay: swarmDuration.optional(),
  /** Maximum number of restarts; 0 for no limit. */
  MaxAttempts: z.number().int().min(0).optional(),
  /** Period in which restarts are counted, such as `10s`. */
  Window: swarmDuration.optional(),
});

const placement = z.strictObject({
  /** Conditions that a node has to meet, such as `node.role==worker`. */
  Constraints: z.array(z.string()).optional(),
  /** Labels of nodes over which the containers are spread evenly. */
  Preferences: z
    .array(
      z.strictObject({
        /** Spread over the nodes by a label. */
        Spread: z.strictObject({
          /** Label, such as `node.labels.zone`. */
          SpreadDescriptor: z.string(),
        }),
      }),
    )
    .optional(),
  /** Maximum number of containers on one node; 0 for no limit. */
  MaxReplicas: z.number().int().min(0).optional(),
  /** Architectures and operating systems on which the containers may run. */
  Platforms: z
    .array(
      z.strictObject({
        /** Architecture, such as `x86_64`. */
        Architecture: z.string(),
        /** Operating system, such as `linux`. */
        OS: z.string(),
      }),
    )
    .optional(),
});

const mode = z.strictObject({
  /** Service with a number of tasks. */
  Replicated: z
    .strictObject({
      /** Number of tasks. */
      Replicas: z.number().int().min(0).optional(),
    })
    .optional(),
  /** Service with one task on each node. */
  Global: z.strictObject({}).optional(),
  /** Job that runs a number of tasks to their end. */
  ReplicatedJob: z
    .strictObject({
      /** Maximum number of tasks at the same time. */
      MaxConcurrent: z.number().int().min(0).optional(),
      /** Number of tasks that must finish successfully. */
      TotalCompletions: z.number().int().min(0).optional(),
    })
    .optional(),
  /** Job that runs one task on each node to its end. */
  GlobalJob: z.strictObject({}).optional(),
});

const networks = z.array(
  z.strictObject({
    /** Name or id of the network in Docker. */
    Target: z.string().optional(),
    /** Further host names of the containers in the network. */
    Aliases: z.array(z.string()).optional(),
    /** Options of the driver of the network. */
    DriverOpts: z.record(z.string(), z.string()).optional(),
  }),
);

const endpointSpec = z.strictObject({
  /** Path of requests to the tasks: a virtual IP address (`vip`) or DNS (`dnsrr`). */
  Mode: z.enum(["vip", "dnsrr"]).optional(),
  /** Published ports. */
  Ports: z
    .array(
      z.strictObject({
        /** Protocol. Default: `tcp`. */
        Protocol: z.enum(["tcp", "udp", "sctp"]).optional(),
        /** Port that the container listens on. */
        TargetPort: z.number().int().min(1).max(65535).optional(),
        /** Port on the servers. Default: one that Docker chooses. */
        PublishedPort: z.number().int().min(1).max(65535).optional(),
        /** Servers that have the port: all (`ingress`), or those of the containers (`host`). Default: `ingress`. */
        PublishMode: z.enum(["ingress", "host"]).optional(),
      }),
    )
    .optional(),
});

const ulimits = z.array(
  z.strictObject({
    /** Name of the limit, such as `nofile`. */
    Name: nonEmptyText,
    /** Limit that a process may raise itself; -1 for none. */
    Soft: z.number().int().min(-1),
    /** Highest value of that limit; -1 for none. */
    Hard: z.number().int().min(-1),
  }),
);

/**
 * Docker Swarm settings, with Docker's own names: capitalized keys. A duration is a text such as `10s`, `500ms` or `1m30s`, or
 * a number of nanoseconds.
 *
 * @param apply action that a change of them needs
 */
export function swarmOf(apply: "reload" | "deploy") {
  const own = (column: Own): FieldSpec<Own> => ({ column, apply, reset: null });
  return z.strictObject({
    /** Health check of the containers, in Docker's words. The input `healthCheck` of the service is simpler. */
    healthCheck: field(healthCheck.optional(), {
      ...own("healthCheckSwarm"),
      former: true,
      ...dockersDurations,
    }),
    /** Restart policy of the containers. */
    restartPolicy: field(restartPolicy.optional(), {
      ...own("restartPolicySwarm"),
      ...nanosecondsIn("Delay", "Window"),
    }),
    /** Nodes on which the containers may run. */
    placement: field(placement.optional(), own("placementSwarm")),
    /** Update to a new version. */
    updateConfig: field(updateConfig.optional(), { ...own("updateConfigSwarm"), ...updateDurations }),
    /** Rollback to the old version. */
    rollbackConfig: field(updateConfig.optional(), { ...own("rollbackConfigSwarm"), ...updateDurations }),
    /** Mode of the service. When set, `replicas` is ignored. */
    mode: field(mode.optional(), own("modeSwarm")),
    /** Labels of the containers. */
    labels: field(z.record(z.string(), z.string()).optional(), own("labelsSwarm")),
    /** Networks that the containers join. When set, `networkIds` and `detachDokployNetwork` are ignored. */
    networks: field(networks.optional(), own("networkSwarm")),
    /** Time that a container may take to stop before it is killed, in seconds. */
    stopGracePeriodSeconds: field(z.number().min(0).optional(), {
      ...own("stopGracePeriodSwarm"),
      write: (seconds: number) => Math.round(seconds * 1e9),
      read: (nano: number) => nano / 1e9,
    }),
    /** Endpoint of the service. When set, the ports of the service are ignored. */
    endpointSpec: field(endpointSpec.optional(), own("endpointSpecSwarm")),
    /** Limits of the processes in the containers (ulimits). */
    ulimits: field(ulimits.optional(), own("ulimitsSwarm")),
  });
}
