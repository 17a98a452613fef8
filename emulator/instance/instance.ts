import { AuditLog } from "./audit-log";
import { newBuckets } from "./buckets";
import type { Clock } from "./clock";
import { Containers } from "./containers";
import { type ComputedOutcome, DeploymentLog, type Outcome } from "./deployments";
import { notFound } from "./errors";
import { GitServers, type Repository } from "./git";
import { newApiKey, newId, newUserId } from "./ids";
import { newImageRegistry } from "./images";
import { BuildQueue, type Job } from "./queue";
import type {
  ApplicationRow,
  ComposeRow,
  DatabaseRow,
  DeploymentRow,
  EnvironmentRow,
  ProjectRow,
  Row,
} from "./rows";
import { newVaults } from "./vaults";
import { Volumes } from "./volumes";

/** API key of the emulated server. `max` limits the number of its verifications. */
export interface ApiKey {
  readonly id: string;
  key: string;
  readonly name: string;
  readonly createdAt: string;
  /** User whom the key belongs to, and whose permissions it has. */
  readonly userId: string;
  prefix: string | null;
  expiresAt: string | null;
  max: number | undefined;
  used: number;
}

/** Repository as its git host lists it. */
export interface HostedRepository {
  readonly owner: string;
  readonly name: string;
  /** Branches, with the hash of the newest commit of each. */
  readonly branches: Readonly<Record<string, string>>;
}

/** Objects that an owner connects in Dokploy's web interface, for services to refer to by id. */
export type ConnectionKind = "github" | "gitlab" | "bitbucket" | "gitea" | "registry" | "sshKey" | "server";

/** Passwords within a database. */
export interface DataPasswords {
  user: string;
  root: string | undefined;
}

export interface InstanceOptions {
  readonly clock: Clock;
  readonly version: string;
  readonly buildMs: number;
  readonly buildsConcurrency: number;
  readonly apiKey: string;
  /** Builds a service from its current row. */
  readonly build: (instance: Instance, job: Job) => ComputedOutcome;
}

/** One emulated Dokploy server: its tables, its queue, and the Docker and git servers around it. */
export class Instance {
  readonly clock: Clock;
  readonly version: string;
  readonly buildMs: number;

  /** Rows by id, in the order of their creation. A new kind of object gets a table here. */
  readonly tables = {
    project: new Map<string, ProjectRow>(),
    environment: new Map<string, EnvironmentRow>(),
    application: new Map<string, ApplicationRow>(),
    compose: new Map<string, ComposeRow>(),
    libsql: new Map<string, DatabaseRow>(),
    mariadb: new Map<string, DatabaseRow>(),
    mongo: new Map<string, DatabaseRow>(),
    mysql: new Map<string, DatabaseRow>(),
    postgres: new Map<string, DatabaseRow>(),
    redis: new Map<string, DatabaseRow>(),
    deployment: new Map<string, DeploymentRow>(),
  };

  /** Rows of simple objects by their router, created with the first of each. */
  private readonly simpleTables = new Map<string, Map<string, Row>>();

  readonly queue: BuildQueue;
  readonly deployments: DeploymentLog;
  readonly containers: Containers;
  readonly volumes: Volumes;
  /** Connected objects, by id. */
  readonly connections = new Map<string, ConnectionKind>();
  readonly registry = newImageRegistry();
  readonly buckets = newBuckets();
  readonly vaults = newVaults();
  /** Repositories at the git host of a provider, by the provider's id. */
  readonly hosted = new Map<string, readonly HostedRepository[]>();
  readonly git = new GitServers();
  /** Commits in the code folders of services, by application or compose id. */
  readonly checkouts = new Map<string, Repository>();
  /**
   * Folders of the compose services that were deployed, by id: contents of files by their path. Each deployment
   * rewrites `code/`; `files/` stays.
   */
  readonly folders = new Map<string, Map<string, string>>();
  /** Files of mounts, by the id of their service and by their path in its folder. */
  readonly files = new Map<string, Map<string, string>>();
  /**
   * Lists of simple objects (`ports`, `domains`) that the last deployment or reload of a service applied, by its id.
   */
  readonly takenUp = new Map<string, Row>();
  /**
   * Passwords in the data of each database, by its id: set by the first start, regardless of later changes of the
   * row.
   */
  readonly dataPasswords = new Map<string, DataPasswords>();
  /** Applications whose image was built. */
  readonly builtImages = new Set<string>();
  /** Outcomes that a test set, by application or compose id. */
  readonly outcomes = new Map<string, Partial<Outcome>>();
  /** Number of containers in Dokploy's network that no service of the emulator has. */
  otherAddresses = 0;
  readonly organization: Row;
  readonly user: Row;
  readonly member: Row;
  readonly audit: AuditLog;
  readonly keys: ApiKey[];

  constructor(options: InstanceOptions) {
    this.clock = options.clock;
    this.version = options.version;
    this.buildMs = options.buildMs;
    this.containers = new Containers(this.clock);
    this.volumes = new Volumes(this.clock);
    this.deployments = new DeploymentLog(this, (job) => options.build(this, job));
    this.queue = new BuildQueue(this.clock, options.buildsConcurrency, (job) => this.deployments.begin(job));
    const createdAt = this.timestamp();
    const userId = newUserId();
    this.organization = {
      id: newId(),
      name: "My Organization",
      slug: null,
      logo: null,
      createdAt,
      metadata: null,
      defaultRole: null,
      ownerId: userId,
    };
    this.user = { id: userId, firstName: "Emulated", lastName: "Owner", email: "owner@dokploy.test" };
    this.audit = new AuditLog({ userId, userEmail: "owner@dokploy.test" });
    this.member = { id: newId(), createdAt };
    this.keys = [this.newKey("emulator", userId, undefined, options.apiKey)];
  }

  /** Id of the user who owns the organization. */
  get ownerId(): string {
    return String(this.user["id"]);
  }

  /** Returns the rows of one router's simple objects, by id. */
  simple(router: string): Map<string, Row> {
    const table = this.simpleTables.get(router) ?? new Map<string, Row>();
    this.simpleTables.set(router, table);
    return table;
  }

  /** Copies all rows. The result puts them back, and nothing else: Docker and the folders on the server stay. */
  dump(): () => void {
    const copies = [...Object.values(this.tables), ...this.simpleTables.values()].map(
      (table: Map<string, unknown>) => [table, structuredClone([...table])] as const,
    );
    return () => {
      const later = [...this.simpleTables.values()].filter(
        (table) => !copies.some(([known]) => known === table),
      );
      for (const table of later) table.clear();
      for (const [table, rows] of copies) {
        table.clear();
        for (const [id, row] of structuredClone(rows)) table.set(id, row);
      }
    };
  }

  /** Returns the number of rows for each kind of object that has any. */
  counts(): Record<string, number> {
    const all = [...Object.entries(this.tables), ...this.simpleTables];
    return Object.fromEntries(all.flatMap(([kind, { size }]) => (size > 0 ? [[kind, size]] : [])));
  }

  /** True when an object of this kind exists: connected by hand, or created by a call. */
  isConnected(kind: ConnectionKind, id: string): boolean {
    return this.connections.get(id) === kind || this.simple(kind).has(id);
  }

  /** Returns the current time in the format of rows. */
  timestamp(): string {
    return new Date(this.clock.now()).toISOString();
  }

  newKey(name: string, userId: string, max: number | undefined = undefined, key = newApiKey()): ApiKey {
    const empty = { prefix: null, expiresAt: null, used: 0 };
    return { id: newUserId(), key, name, createdAt: this.timestamp(), userId, max, ...empty };
  }

  mountCount(serviceId: string): number {
    const rows = [...this.simple("mounts").values()];
    return rows.filter((row) => row["applicationId"] === serviceId || row["composeId"] === serviceId).length;
  }

  project(projectId: string): ProjectRow {
    return found(this.tables.project.get(projectId), "Project");
  }

  environment(environmentId: string): EnvironmentRow {
    return found(this.tables.environment.get(environmentId), "Environment");
  }

  application(applicationId: string): ApplicationRow {
    return found(this.tables.application.get(applicationId), "Application");
  }

  compose(composeId: string): ComposeRow {
    return found(this.tables.compose.get(composeId), "Compose");
  }
}

function found<T>(row: T | undefined, what: string): T {
  if (!row) throw notFound(what);
  return row;
}
