import type { Row, ServiceTable } from "../rows";

/** What a simple object has beyond what Dokploy's API document says of its calls: a recorded row, and its habits. */
export interface SimpleObject {
  /** As in `Domain not found`. */
  readonly noun: string;
  /** The row that a creation with nothing but what it must give leads to, as recorded. Ids and times are made anew. */
  readonly row: Row;
  /** Parents by the column that names them. */
  readonly parents: Readonly<Record<string, ServiceTable>>;
  /** Whether a creation names its parent by `serviceId` and `serviceType`. */
  readonly byService?: true;
  /** Where the row of a parent lists them. */
  readonly list?: string;
  /** What a call answers instead of the row: `true`, an empty body, or the row as it was before. */
  readonly answers?: Readonly<Partial<Record<"create" | "update" | "remove", true | "nothing" | "before">>>;
  /** The columns that stand in a row around this one, which another router lists and removes. */
  readonly outer?: readonly string[];
  /** The columns of which no two rows may have the same values. Left out: there is no such rule. */
  readonly unique?: readonly string[];
  /** The same where that is no rule of the database, and what the answer then says. */
  readonly twin?: { readonly columns: readonly string[]; message(row: Row): string };
  /** The column of which `all` shows one value alone, given or else `null`. */
  readonly allBy?: string;
  /** What a creation says where the parent is not there; the database's own words by default. */
  readonly orphan?: string;
  /** How `one` answers for an id that is not there. Default: 404. */
  readonly goneStatus?: 400 | 403;
  /** The other calls that answer 400 for it. */
  readonly gone400?: readonly ("update" | "remove")[];
  /** What answers call the id, where that is not what calls do. */
  readonly idName?: string;
  /** What an update or a removal says of one that is not there, behind the words of `one`. */
  readonly goneWords?: Readonly<Record<"update" | "remove", string>>;
  /** How an update without a column is answered. Default: 500. */
  readonly emptyStatus?: 200 | 400;
  /** How a creation is answered that the database refuses. Default: 400. */
  readonly insertStatus?: 500;
  /** Columns that a creation sets, whatever it is given. */
  readonly forced?: Row;
  /** What an update makes of what it is given. */
  readonly rewrites?: (input: Row) => Row;
  /** The call that lists those of a parent, where its row does not, and the input that says the kind of that. */
  readonly lister?: { readonly verb: "list" | "byEntityId"; readonly kind: string };
  /** Columns that a call of their own sets, by its verb. */
  readonly apart?: Readonly<Record<string, string>>;
  /** Columns of others that name it: the database empties them when it is gone. */
  readonly namedBy?: Readonly<Partial<Record<"application" | "compose", readonly string[]>>>;
  /** Columns that `one` does not show. */
  readonly hidden?: readonly string[];
  /** The columns of a parent that `one` shows with the row. */
  readonly shownParent?: readonly string[];
  /** What `one` shows beside the row, by its name: each that the row names by the id, `null` where it names none. */
  readonly shows?: Readonly<Record<string, Shown>>;
  /** Whether `all` and lists begin with the newest. */
  readonly isNewestFirst?: true;
  /** Whether `one` shows every parent that there may be, each with these columns and with whose it is. */
  readonly shownParents?: readonly string[];
  /**
   * Whether numbers and booleans are made of whatever is sent. Dokploy does that where another call of the same process
   * has shared the schema, so each object does as it was recorded.
   */
  readonly coerces?: true;
  /**
   * The rows of tables of their own, where each kind of the object has one, as recorded: `createSlack` makes both, and both
   * are shown.
   */
  readonly kinds?: Readonly<Record<string, Row>>;
  /** What a text has to be, beyond what the document says. */
  readonly texts?: Readonly<Record<string, { readonly pattern: RegExp; readonly message: string }>>;
}

/** A row within an answer: all of its columns, or some. */
export interface Shown {
  readonly only?: readonly string[];
  readonly hidden?: readonly string[];
  /** Whether its environment and project stand in it. */
  readonly withEnvironment?: true;
}

const createdAt = "2026-11-24T22:57:08.429Z";

/** What a schedule of an application shows of it. */
const briefly: Shown = { only: ["applicationId", "appName", "serverId"], withEnvironment: true };
const inEnvironment: Shown = { withEnvironment: true };
const keyless: Shown = { hidden: ["accessKey", "secretAccessKey"] };

/** Whatever runs, in the order of the columns of what may belong to any. */
const owners = {
  applicationId: "application",
  composeId: "compose",
  libsqlId: "libsql",
  mariadbId: "mariadb",
  mongoId: "mongo",
  mysqlId: "mysql",
  postgresId: "postgres",
  redisId: "redis",
} as const;

/** Dokploy ends each content with a line end, when it changes it. */
const withLineEnd = (text: unknown) => String(text).replace(/[^\n]$/, "$&\n");

/** What git providers of all kinds have around what is of their own. */
function gitProvider(kind: string): { outer: readonly string[]; outerRow: Row } {
  const outerRow = {
    gitProviderId: "",
    name: "",
    providerType: kind,
    createdAt,
    organizationId: "",
    userId: "",
    sharedWithOrganization: false,
  };
  return { outer: Object.keys(outerRow), outerRow };
}

/** What a server has of its monitoring, which nobody has set up. */
export function metricsConfig(type: "Dokploy" | "Remote") {
  return {
    server: {
      port: 4500,
      type,
      token: "",
      cronJob: "",
      thresholds: { cpu: 0, memory: 0 },
      refreshRate: 60,
      urlCallback: "",
      retentionDays: 2,
    },
    containers: { services: { exclude: [], include: [] }, refreshRate: 60 },
  };
}

/** One row of data makes one more kind of object. Rows and answers are those of Dokploy 0.30.2. */
export const simpleObjects: Readonly<Record<string, SimpleObject>> = {
  backup: {
    noun: "Backup",
    parents: {
      composeId: "compose",
      postgresId: "postgres",
      mysqlId: "mysql",
      mariadbId: "mariadb",
      mongoId: "mongo",
      libsqlId: "libsql",
    },
    answers: { create: "nothing", update: "nothing" },
    gone400: ["update", "remove"],
    shows: {
      postgres: {},
      mysql: {},
      mariadb: {},
      mongo: {},
      libsql: {},
      destination: keyless,
      compose: {},
    },
    row: {
      backupId: "",
      appName: "backup-generate-back-end-protocol",
      schedule: "",
      enabled: null,
      database: "",
      prefix: "",
      serviceName: null,
      destinationId: "",
      keepLatestCount: null,
      includeEncryptionKey: true,
      backupType: "database",
      databaseType: "postgres",
      composeId: null,
      postgresId: null,
      mariadbId: null,
      mysqlId: null,
      mongoId: null,
      libsqlId: null,
      userId: null,
      metadata: null,
    },
  },
  destination: {
    noun: "Destination",
    parents: {},
    isNewestFirst: true,
    gone400: ["update"],
    row: {
      destinationId: "",
      name: "",
      provider: null,
      accessKey: "",
      secretAccessKey: "",
      bucket: "",
      region: "",
      endpoint: "",
      additionalFlags: [],
      organizationId: "",
      createdAt,
    },
  },
  bitbucket: {
    noun: "Bitbucket Provider",
    parents: {},
    answers: { create: "nothing" },
    namedBy: { application: ["bitbucketId"], compose: ["bitbucketId"] },
    outer: gitProvider("bitbucket").outer,
    row: {
      bitbucketId: "",
      bitbucketUsername: null,
      bitbucketEmail: null,
      appPassword: null,
      apiToken: null,
      bitbucketWorkspaceName: null,
      ...gitProvider("bitbucket").outerRow,
    },
  },
  certificates: {
    noun: "Certificate",
    parents: {},
    answers: { remove: true },
    row: {
      certificateId: "",
      name: "",
      certificateData: "",
      privateKey: "",
      certificatePath: "certificate-copy-online-matrix-zbffhv",
      autoRenew: null,
      organizationId: "",
      serverId: null,
    },
  },
  domain: {
    noun: "Domain",
    coerces: true,
    parents: { applicationId: "application", composeId: "compose" },
    list: "domains",
    shownParent: ["appName", "name"],
    row: {
      domainId: "",
      host: "",
      https: false,
      port: 3000,
      customEntrypoint: null,
      path: "/",
      serviceName: null,
      domainType: "application",
      uniqueConfigKey: 9,
      createdAt,
      composeId: null,
      customCertResolver: null,
      applicationId: null,
      previewDeploymentId: null,
      certificateType: "none",
      internalPath: "/",
      stripPath: false,
      middlewares: [],
      forwardAuthEnabled: false,
      enabled: true,
    },
    texts: {
      host: {
        pattern: /^(?!-)[a-zA-Z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-zA-Z0-9-]{1,63}(?<!-))*$/,
        message:
          "Invalid domain name. Use only letters, numbers, hyphens and dots (e.g. example.com). Underscores are not allowed.",
      },
    },
  },
  gitea: {
    noun: "Gitea Provider",
    parents: {},
    namedBy: { application: ["giteaId"], compose: ["giteaId"] },
    outer: gitProvider("gitea").outer,
    row: {
      giteaId: "",
      giteaUrl: "https://gitea.com",
      giteaInternalUrl: null,
      redirectUri: null,
      clientId: null,
      clientSecret: null,
      accessToken: null,
      refreshToken: null,
      expiresAt: null,
      scopes: "repo,repo:status,read:user,read:org",
      lastAuthenticatedAt: null,
      ...gitProvider("gitea").outerRow,
    },
  },
  gitlab: {
    noun: "Gitlab Provider",
    parents: {},
    answers: { create: "nothing", update: "nothing" },
    namedBy: { application: ["gitlabId"], compose: ["gitlabId"] },
    outer: gitProvider("gitlab").outer,
    row: {
      gitlabId: "",
      gitlabUrl: "https://gitlab.com",
      gitlabInternalUrl: null,
      applicationId: null,
      redirectUri: null,
      secret: null,
      accessToken: null,
      refreshToken: null,
      groupName: null,
      expiresAt: null,
      ...gitProvider("gitlab").outerRow,
    },
  },
  organization: {
    noun: "Organization",
    parents: {},
    goneStatus: 403,
    idName: "id",
    row: {
      organizationId: "",
      name: "",
      slug: "",
      logo: null,
      createdAt,
      metadata: null,
      defaultRole: null,
      ownerId: "",
    },
  },
  network: {
    noun: "Network",
    parents: {},
    isNewestFirst: true,
    allBy: "serverId",
    twin: {
      columns: ["name", "serverId"],
      message: (row) => `(HTTP code 409) unexpected - network with name ${row["name"]} already exists `,
    },
    row: {
      networkId: "",
      name: "",
      driver: "bridge",
      internal: false,
      attachable: false,
      enableIPv4: true,
      enableIPv6: false,
      mtu: null,
      ipam: {},
      dockerId: null,
      createdAt,
      organizationId: "",
      serverId: null,
    },
  },
  notification: {
    noun: "Notification",
    parents: {},
    isNewestFirst: true,
    gone400: ["remove"],
    row: {
      notificationId: "",
      name: "",
      appDeploy: false,
      appBuildError: false,
      databaseBackup: false,
      volumeBackup: false,
      dokployRestart: false,
      dokployBackup: false,
      dockerCleanup: false,
      serverThreshold: false,
      notificationType: "slack",
      createdAt,
      organizationId: "",
    },
    kinds: {
      slack: { slackId: "", webhookUrl: "", channel: null },
      telegram: { telegramId: "", botToken: "", chatId: "", messageThreadId: null },
      discord: { discordId: "", webhookUrl: "", decoration: null },
      email: {
        emailId: "",
        smtpServer: "",
        smtpPort: 0,
        username: "",
        password: "",
        fromAddress: "",
        toAddresses: [],
      },
      resend: { resendId: "", apiKey: "", fromAddress: "", toAddresses: [] },
      gotify: { gotifyId: "", serverUrl: "", appToken: "", priority: 5, decoration: null },
      ntfy: { ntfyId: "", serverUrl: "", topic: "", accessToken: null, priority: 3 },
      mattermost: { mattermostId: "", webhookUrl: "", channel: null, username: null },
      custom: { customId: "", endpoint: "", headers: null },
      lark: { larkId: "", webhookUrl: "" },
      pushover: { pushoverId: "", userKey: "", apiToken: "", priority: 0, retry: null, expire: null },
      teams: { teamsId: "", webhookUrl: "" },
    },
  },
  mounts: {
    noun: "Mount",
    parents: owners,
    byService: true,
    list: "mounts",
    answers: { update: "before" },
    shownParents: ["serverId", "appName"],
    row: {
      mountId: "",
      type: "",
      hostPath: null,
      volumeName: null,
      filePath: null,
      content: null,
      serviceType: "application",
      mountPath: "",
      ...Object.fromEntries(Object.keys(owners).map((column) => [column, null])),
    },
  },
  patch: {
    noun: "Patch",
    parents: { applicationId: "application", composeId: "compose" },
    lister: { verb: "byEntityId", kind: "type" },
    emptyStatus: 200,
    insertStatus: 500,
    unique: ["filePath", "applicationId", "composeId"],
    forced: { enabled: true },
    rewrites: (input) => ("content" in input ? { ...input, content: withLineEnd(input["content"]) } : input),
    row: {
      patchId: "",
      type: "update",
      filePath: "",
      enabled: true,
      content: "",
      createdAt,
      updatedAt: createdAt,
      applicationId: null,
      composeId: null,
    },
  },
  port: {
    noun: "Port",
    parents: { applicationId: "application" },
    list: "ports",
    orphan: "Error input: Inserting port",
    goneStatus: 400,
    shownParent: [],
    row: {
      portId: "",
      publishedPort: 0,
      publishMode: "ingress",
      targetPort: 0,
      protocol: "tcp",
      applicationId: "",
    },
  },
  redirects: {
    noun: "Redirect",
    parents: { applicationId: "application" },
    list: "redirects",
    answers: { create: true },
    orphan: "Error creating this redirect",
    row: {
      redirectId: "",
      regex: "",
      replacement: "",
      permanent: false,
      uniqueConfigKey: 2,
      createdAt,
      applicationId: "",
    },
  },
  registry: {
    noun: "Registry",
    parents: {},
    answers: { update: true },
    emptyStatus: 400,
    namedBy: { application: ["registryId", "buildRegistryId", "rollbackRegistryId"] },
    hidden: ["password"],
    row: {
      registryId: "",
      registryName: "",
      imagePrefix: null,
      username: "",
      password: "",
      registryUrl: "",
      createdAt,
      registryType: "cloud",
      organizationId: "",
    },
    texts: {
      registryUrl: {
        pattern: /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9._-]*[a-zA-Z0-9])?(?::\d{1,5})?)?$/,
        message:
          "Registry URL must be a valid hostname or hostname:port (e.g. registry.example.com or localhost:5000)",
      },
    },
  },
  schedule: {
    noun: "Schedule",
    parents: { applicationId: "application", composeId: "compose" },
    lister: { verb: "list", kind: "scheduleType" },
    answers: { remove: true },
    insertStatus: 500,
    shows: { application: briefly, compose: inEnvironment, server: {} },
    row: {
      scheduleId: "",
      name: "",
      description: null,
      cronExpression: "",
      appName: "schedule-reboot-optical-program",
      serviceName: null,
      shellType: "bash",
      scheduleType: "application",
      command: "",
      script: null,
      applicationId: null,
      composeId: null,
      serverId: null,
      organizationId: null,
      enabled: true,
      timezone: null,
      createdAt,
    },
  },
  security: {
    noun: "Security",
    parents: { applicationId: "application" },
    list: "security",
    answers: { create: true, update: "nothing" },
    unique: ["username", "applicationId"],
    row: {
      securityId: "",
      username: "",
      password: "",
      createdAt,
      applicationId: "",
    },
  },
  volumeBackups: {
    noun: "Volume backup",
    parents: {
      applicationId: "application",
      composeId: "compose",
      postgresId: "postgres",
      mysqlId: "mysql",
      mariadbId: "mariadb",
      mongoId: "mongo",
      redisId: "redis",
      libsqlId: "libsql",
    },
    lister: { verb: "list", kind: "volumeBackupType" },
    answers: { remove: "nothing" },
    insertStatus: 500,
    shows: {
      application: briefly,
      postgres: inEnvironment,
      mysql: inEnvironment,
      mariadb: inEnvironment,
      mongo: inEnvironment,
      redis: inEnvironment,
      compose: inEnvironment,
      libsql: inEnvironment,
      destination: keyless,
    },
    row: {
      volumeBackupId: "",
      name: "",
      volumeName: "",
      prefix: "",
      serviceType: "application",
      appName: "volumeBackup-calculate-primary-matrix",
      serviceName: null,
      turnOff: false,
      cronExpression: "",
      keepLatestCount: null,
      enabled: null,
      applicationId: null,
      postgresId: null,
      mariadbId: null,
      mongoId: null,
      mysqlId: null,
      redisId: null,
      libsqlId: null,
      composeId: null,
      createdAt,
      destinationId: "",
    },
    texts: {
      volumeName: {
        pattern: /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/,
        message:
          "Volume name must start with a letter or number and contain only letters, numbers, dots, underscores and hyphens",
      },
    },
  },
  sshKey: {
    noun: "SSH Key",
    parents: {},
    isNewestFirst: true,
    answers: { create: "nothing" },
    emptyStatus: 400,
    namedBy: { application: ["customGitSSHKeyId"], compose: ["customGitSSHKeyId"] },
    row: {
      sshKeyId: "",
      privateKey: "",
      publicKey: "",
      name: "",
      description: null,
      createdAt,
      lastUsedAt: null,
      organizationId: "",
    },
    texts: {
      publicKey: {
        // Dokploy's own takes the same texts, in cubic time.
        pattern:
          /^ssh-(?:rsa|ed25519)\s+[A-Za-z0-9+/=]+(?:\s*|(?:\s+\S|[^\sA-Za-z0-9+/=]).*(?:[\n\r\u2028\u2029]\s*)?)$/,
        message: "Invalid public key format",
      },
      privateKey: {
        pattern:
          /^-----BEGIN (RSA|OPENSSH) PRIVATE KEY-----\n([A-Za-z0-9+/=\n]+)-----END \1 PRIVATE KEY-----\s*$/,
        message: "Invalid private key format",
      },
    },
  },
  tag: {
    noun: "Tag",
    parents: {},
    unique: ["name"],
    emptyStatus: 400,
    goneWords: {
      update: " or you don't have permission to update it",
      remove: " or you don't have permission to delete it",
    },
    row: { tagId: "", name: "", color: null, createdAt, organizationId: "" },
  },
  vaultProvider: {
    noun: "Vault provider",
    parents: {},
    unique: ["name"],
    insertStatus: 500,
    answers: { remove: true },
    row: {
      vaultProviderId: "",
      name: "",
      providerType: "hashicorp",
      config: {},
      assignments: [],
      organizationId: "",
      createdAt,
    },
    texts: {
      name: {
        pattern: /^[a-zA-Z0-9_-]+$/,
        message: "Name can only contain letters, numbers, dashes and underscores",
      },
    },
  },
  server: {
    noun: "Server",
    parents: {},
    orphan: "Error creating the server",
    apart: { updateBuildsConcurrency: "buildsConcurrency" },
    row: {
      serverId: "",
      name: "",
      description: null,
      ipAddress: "",
      port: 22,
      username: "root",
      appName: "server-parse-multi-byte-system-fgk661",
      enableDockerCleanup: true,
      buildsConcurrency: 1,
      createdAt,
      organizationId: "",
      serverStatus: "active",
      serverType: "deploy",
      command: "",
      sshKeyId: null,
      metricsConfig: metricsConfig("Remote"),
    },
  },
};
