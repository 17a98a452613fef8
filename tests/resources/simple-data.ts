import { pem } from "./pem";

/** One row of test data for each simple object; its tests follow from that. */
export interface SimpleData {
  /** The file of its definition tells the rest. `parent`: of which kind the service is, where there is one. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly parent?: "application" | "compose";
  /** What a real server has to reach for it beyond itself: `a registry that lets it in`. */
  readonly reaches?: string;
  /** Inputs that name another object, each with the kind of that: it is made by hand first. */
  readonly made?: Readonly<Record<string, string>>;
  /**
   * Inputs with another value, in the place of their former one. None of the key, by which lists name a part. Where no
   * call changes the object, a new one has them.
   */
  readonly changed: Readonly<Record<string, unknown>>;
  /** Columns and values that the changed inputs have on the server. */
  readonly row: Readonly<Record<string, unknown>>;
  /** Inputs in the place of their former one that a check refuses, and what it says. */
  readonly refused?: readonly (readonly [inputs: Readonly<Record<string, unknown>>, says: RegExp])[];
  /**
   * What is changed by hand, in the words of the API, and the input that shows it: `channel.topic` within another. Left
   * out where nobody can change it.
   */
  readonly byHand?: { readonly column: string; readonly value: unknown; readonly input: string };
}

/** Every secret begins so, that a text which shows one is found. */
export const CANARY = "canary-zx81";

export const simpleData: Readonly<Record<string, SimpleData>> = {
  Backup: {
    parent: "compose",
    made: { destinationId: "Destination" },
    inputs: {
      prefix: "nightly",
      serviceName: "web",
      databaseType: "mariadb",
      database: "wiki",
      schedule: "0 3 * * *",
      metadata: { mariadb: { databaseUser: "wiki", databasePassword: `${CANARY}-1` } },
    },
    changed: {
      schedule: "30 3 * * MON-FRI",
      metadata: { mariadb: { databaseUser: "wiki", databasePassword: `${CANARY}-2` } },
      keepLatestCount: 14,
      enabled: false,
    },
    row: {
      prefix: "nightly",
      schedule: "30 3 * * MON-FRI",
      keepLatestCount: 14,
      enabled: false,
      backupType: "compose",
      databaseType: "mariadb",
      metadata: { mariadb: { databaseUser: "wiki", databasePassword: `${CANARY}-2` } },
    },
    refused: [
      [{ schedule: "0 25 * * *" }, /has the hour "25", which is not within 0 and 23/],
      [{ prefix: "/nightly/" }, /without a slash at either end/],
      [{ prefix: "a b" }, /is not a folder/],
      [{ prefix: "a/../b" }, /is not a folder/],
      [{ databaseType: "libsql" }, /is needed for a compose service: postgres, mysql/],
      [{ databaseType: "mongo" }, /must have only the login of a mongo/],
      [{ metadata: undefined }, /is missing: Dokploy needs the login/],
      [{ serviceName: undefined }, /is missing: a compose file has several/],
      [{ serviceName: "a b" }, /is not the name of a service/],
      [{ database: undefined }, /is missing: the service may have several/],
      [{ database: "wiki' --all" }, /puts it without quotes into a shell command/],
      [
        { metadata: { mariadb: { databaseUser: "wiki;", databasePassword: `${CANARY}$HOME` } } },
        /is not a name of a user that .*\n.*has a character other than .* which the shell would interpret/,
      ],
      [{ keepLatestCount: 0 }, /keepLatestCount|1/],
      [{ includeEncryptionKey: false }, /is only for the backup of Dokploy itself/],
      [
        { postgresId: "PQqzqTGCVtx0St2SA3vCi" },
        /needs exactly one of postgresId, .* and databaseType: "web-server"/,
      ],
    ],
    byHand: { column: "schedule", value: "0 4 * * *", input: "schedule" },
  },
  Destination: {
    inputs: {
      name: "backups",
      provider: "Minio",
      bucket: "acme-backups",
      endpoint: "https://s3.example.com",
      accessKey: `${CANARY}-key`,
      secretAccessKey: `${CANARY}-1`,
    },
    changed: {
      secretAccessKey: `${CANARY}-2`,
      region: "eu-central-1",
      additionalFlags: ["--s3-acl=private"],
    },
    row: {
      name: "backups",
      bucket: "acme-backups",
      region: "eu-central-1",
      accessKey: `${CANARY}-key`,
      secretAccessKey: `${CANARY}-2`,
      additionalFlags: ["--s3-acl=private"],
    },
    refused: [
      [{ bucket: "acme backups" }, /is not the name of a bucket/],
      [{ bucket: "acme;rm" }, /is not the name of a bucket/],
      [{ endpoint: "https://user:pw@s3.example.com" }, /is not an address/],
      [{ additionalFlags: ["rm -rf"] }, /is not an option/],
      [{ provider: "a b" }, /is not the name of a provider/],
    ],
    byHand: { column: "bucket", value: "other", input: "bucket" },
  },
  BitbucketProvider: {
    inputs: { name: "bitbucket", username: "bot", email: "bot@acme.example", apiToken: `${CANARY}-1` },
    changed: { apiToken: `${CANARY}-2`, workspace: "acme" },
    row: {
      name: "bitbucket",
      bitbucketUsername: "bot",
      apiToken: `${CANARY}-2`,
      bitbucketWorkspaceName: "acme",
    },
    refused: [
      [{ apiToken: undefined }, /does not accept a login without one/],
      [{ email: undefined }, /asks for it with an API token/],
    ],
    byHand: { column: "bitbucketUsername", value: "other", input: "username" },
  },
  Certificate: {
    inputs: {
      name: "shop",
      certificateData: pem.certificate,
      privateKey: `${CANARY}-1\n${pem.key}`,
    },
    changed: { certificateData: pem.otherCertificate, privateKey: `${CANARY}-2\n${pem.otherKey}` },
    row: { name: "shop", certificateData: pem.otherCertificate, autoRenew: null, serverId: null },
    refused: [
      [{ certificateData: "shop" }, /has no certificate in PEM/],
      [{ certificateData: pem.key }, /contains a private key, which is a secret/],
      [{ certificateData: pem.certificate.replace("MII", "MMM") }, /certificate 1 of 1 is damaged/],
      [{ privateKey: `${CANARY}` }, /is not a private key in PEM/],
      [{ privateKey: `${CANARY}\n${pem.otherKey}` }, /does not belong to the first certificate/],
      [
        { privateKey: pem.key.replaceAll("PRIVATE", "ENCRYPTED PRIVATE") },
        /is protected by a passphrase, which nobody could enter/,
      ],
    ],
    byHand: { column: "certificateData", value: pem.otherCertificate, input: "certificateData" },
  },
  Domain: {
    parent: "compose",
    inputs: { host: "wiki.example.com", serviceName: "web", port: 8080 },
    changed: { port: 9090, https: true, certificateType: "letsencrypt", enabled: false },
    row: { host: "wiki.example.com", port: 9090, https: true, enabled: false, domainType: "compose" },
    refused: [
      [{ path: "api" }, /must begin with \//],
      [{ path: "/a b" }, /must begin with \/, and may have letters/],
      [{ internalPath: "/a`) || Host(`b" }, /must begin with \/, and may have letters/],
      [{ path: "/a?b=c" }, /must begin with \/, and may have letters/],
      [{ path: "/a{{b" }, /must begin with \/, and may have letters/],
      [{ path: "/$ROUTE" }, /contains a \$: .*label of the compose file/],
      [{ internalPath: "/$ROUTE" }, /contains a \$: .*label of the compose file/],
      [{ path: "/a,/b", stripPath: true }, /strips two paths/],
      [{ middlewares: ["auth@file", "${MORE}"] }, /is not the name of a middleware/],
      [{ customEntrypoint: "web`" }, /is not the name of an entry point/],
      [{ serviceName: "web\n" }, /is not the name of a service/],
      [
        { certificateType: "custom", customCertResolver: "{{x}}" },
        /is not a name in Traefik's configuration/,
      ],
      [{ certificateType: "custom" }, /is missing: a custom certificate needs it/],
      [{ customCertResolver: "dns" }, /is only for certificateType: "custom"/],
    ],
    byHand: { column: "port", value: 1234, input: "port" },
  },
  GiteaProvider: {
    inputs: {
      name: "gitea",
      url: "https://git.acme.example",
      accessToken: `${CANARY}-1`,
      redirectUri: "https://d.acme.example/gitea",
    },
    changed: { accessToken: `${CANARY}-2`, internalUrl: "http://gitea:3000" },
    row: { name: "gitea", accessToken: `${CANARY}-2`, giteaInternalUrl: "http://gitea:3000" },
    refused: [
      [{ accessToken: undefined }, /is missing: give it, or clientId and clientSecret/],
      [{ clientId: "shop" }, /needs clientId.*\n.*replaces clientId/],
      [{ url: "https://git.acme.example/" }, /is not an address such as/],
    ],
    byHand: { column: "giteaUrl", value: "https://other.example", input: "url" },
  },
  GitlabProvider: {
    inputs: {
      name: "gitlab",
      clientId: "shop",
      clientSecret: `${CANARY}-1`,
      redirectUri: "https://d.acme.example/gitlab",
      groups: ["acme"],
    },
    changed: { clientSecret: `${CANARY}-2`, url: "https://git.acme.example", groups: ["acme", "shop"] },
    row: {
      name: "gitlab",
      secret: `${CANARY}-2`,
      gitlabUrl: "https://git.acme.example",
      groupName: "acme,shop",
    },
    refused: [[{ url: `https://${CANARY}@gitlab.com` }, /without a login/]],
    byHand: { column: "applicationId", value: "other", input: "clientId" },
  },
  Organization: {
    inputs: { name: "acme-staging", logo: "https://acme.example/logo.png", allowDeletion: true },
    changed: { logo: "https://acme.example/other.png", defaultRole: "member" },
    row: { name: "acme-staging", logo: "https://acme.example/other.png", defaultRole: "member" },
    refused: [
      [{ defaultRole: "owner" }, /must not be owner/],
      [{ logo: "logo.png" }, /^is not an address that begins with http:\/\/ or https:\/\/[^\n]*$/],
    ],
    byHand: { column: "logo", value: "https://acme.example/by-hand.png", input: "logo" },
  },
  Network: {
    inputs: { name: "shop-inner", subnets: [{ subnet: "10.88.0.0/24", gateway: "10.88.0.1" }] },
    changed: { internal: true },
    row: { name: "shop-inner", driver: "overlay", internal: true, attachable: true },
    refused: [
      [{ name: "shop inner" }, /letters, digits/],
      [{ name: "shop/inner" }, /letters, digits/],
      [{ name: "dokploy-network" }, /is a built-in network/],
      [{ subnets: [{ subnet: "10.88.0.0" }] }, /is not a range/],
      [{ subnets: [{ subnet: "fd00::/64" }] }, /set enableIPv6/],
      [{ enableIPv4: false }, /needs one of the two/],
    ],
  },
  Notification: {
    inputs: {
      name: "ops",
      channel: { type: "slack", webhookUrl: `https://hooks.example.com/${CANARY}-1`, channel: "#ops" },
      appDeploy: true,
    },
    changed: {
      channel: { type: "slack", webhookUrl: `https://hooks.example.com/${CANARY}-2` },
      appDeploy: false,
      appBuildError: true,
    },
    row: {
      name: "ops",
      webhookUrl: `https://hooks.example.com/${CANARY}-2`,
      channel: "",
      appDeploy: false,
      appBuildError: true,
    },
    refused: [
      [{ channel: { type: "slack", webhookUrl: `${CANARY}.example.com` } }, /begins with http:/],
      [{ channel: { type: "pigeon" } }, /slack/],
      [
        { channel: { type: "pushover", userKey: CANARY, apiToken: CANARY, priority: 2, retry: 60 } },
        /needs retry and expire/,
      ],
      [
        {
          channel: { type: "ntfy", serverUrl: "https://ntfy.sh", topic: "ops" },
          serverThreshold: true,
        },
        /is not sent through ntfy/,
      ],
    ],
    byHand: {
      column: "webhookUrl",
      value: `https://hooks.example.com/${CANARY}-3`,
      input: "channel.webhookUrl",
    },
  },
  Mount: {
    parent: "application",
    inputs: { type: "file", mountPath: "/etc/app.toml", filePath: "conf/app.toml", content: `${CANARY}-1` },
    changed: { content: `${CANARY}-2` },
    row: { type: "file", filePath: "conf/app.toml", content: `${CANARY}-2`, serviceType: "application" },
    refused: [
      [{ filePath: "../../traefik.yml" }, /inside the folder/],
      [{ filePath: "/etc/passwd" }, /inside the folder/],
      [{ filePath: "app.toml; id" }, /without quotes into a shell command that runs as root/],
      [{ filePath: undefined }, /is missing: type: "file" needs it/],
      [{ hostPath: "/srv" }, /is only for type: "bind"/],
      [{ type: "volume" }, /is missing: type: "volume" needs it/],
      [{ type: "bind", filePath: undefined, hostPath: "srv" }, /from the root/],
      [{ mountPath: "etc/app.toml" }, /from the root/],
      [{ mountPath: "/etc/" }, /from the root/],
      [{ content: "a\0b" }, /zero byte/],
      [{ content: `${CANARY}${'"'.repeat(500_000)}` }, /is longer than the 1 MB that Dokploy accepts/],
    ],
    byHand: { column: "content", value: "token = by-hand", input: "content" },
  },
  Patch: {
    parent: "compose",
    inputs: { filePath: "config/app.toml", content: `${CANARY}-1\n` },
    changed: { content: `${CANARY}-2\n`, enabled: false },
    row: { filePath: "config/app.toml", content: `${CANARY}-2\n`, type: "update", enabled: false },
    refused: [
      [{ filePath: "../app.toml" }, /inside the folder/],
      [{ filePath: "a$(reboot)" }, /a shell interprets/],
      [{ filePath: "`reboot`" }, /a shell interprets/],
      [{ type: "delete" }, /has no effect/],
      [{ content: `${CANARY}${"a".repeat(1_000_000)}` }, /is longer than the 1 MB that Dokploy accepts/],
    ],
    byHand: { column: "content", value: "by hand\n", input: "content" },
  },
  Port: {
    parent: "application",
    inputs: { publishedPort: 2525, targetPort: 25, publishMode: "host" },
    changed: { targetPort: 26 },
    row: { publishedPort: 2525, targetPort: 26, publishMode: "host", protocol: "tcp" },
    byHand: { column: "targetPort", value: 27, input: "targetPort" },
  },
  Redirect: {
    parent: "application",
    inputs: { regex: "^http://www", replacement: "https://", permanent: true },
    changed: { permanent: false },
    row: { regex: "^http://www", permanent: false },
    refused: [
      [{ regex: "^https?://(www" }, /is not a regular expression/],
      [{ regex: '{{"X"|env}}' }, /\{\{, which Traefik runs as a template/],
      [{ replacement: 'https://a.example/{{"X"|env}}' }, /\{\{, which Traefik runs as a template/],
      [{ regex: "[z-a]" }, /is not a regular expression/],
      [{ regex: "^https?://(?!www)" }, /uses lookahead or lookbehind/],
      [{ regex: "(?<=a)b" }, /uses lookahead or lookbehind/],
    ],
    byHand: { column: "replacement", value: "https://elsewhere", input: "replacement" },
  },
  Registry: {
    reaches: "a registry that lets it in",
    inputs: { name: "ghcr", url: "ghcr.io", username: "bot", password: `${CANARY}-1` },
    changed: { password: `${CANARY}-2`, imagePrefix: "acme" },
    row: { registryName: "ghcr", imagePrefix: "acme", password: `${CANARY}-2`, registryType: "cloud" },
    byHand: { column: "username", value: "other", input: "username" },
  },
  Schedule: {
    parent: "compose",
    inputs: {
      name: "reports",
      scheduleType: "compose",
      serviceName: "web",
      cronExpression: "0 6 * * MON-FRI",
      command: "node reports.js",
    },
    changed: { command: "node other.js", timezone: "Europe/Berlin", shellType: "sh", enabled: false },
    row: {
      name: "reports",
      command: "node other.js",
      timezone: "Europe/Berlin",
      shellType: "sh",
      enabled: false,
      scheduleType: "compose",
    },
    refused: [
      [{ cronExpression: "0 6 * *" }, /is not a cron expression/],
      [{ timezone: "Mars/North" }, /is not a time zone/],
      [{ scheduleType: "application" }, /must be compose, since composeId is given/],
      [{ scheduleType: "dokploy-server" }, /needs exactly one of applicationId, composeId, serverId and/],
      [{ command: undefined }, /is missing: it is the command that runs in the container/],
      [{ script: "ls" }, /is only for a server: in a container, command runs/],
    ],
    byHand: { column: "command", value: "true", input: "command" },
  },
  Security: {
    parent: "application",
    inputs: { username: "staff", password: `${CANARY}-1` },
    changed: { password: `${CANARY}-2` },
    row: { username: "staff", password: `${CANARY}-2` },
    refused: [
      [{ username: "st:aff" }, /no colon/],
      [{ username: "{{staff" }, /\{\{, which Traefik runs as a template/],
      [{ username: "" }, /at least one character/],
      [{ username: "staff\n" }, /no control character/],
      [{ password: `${CANARY}\n` }, /has a control character/],
      [{ password: `${CANARY}${"é".repeat(36)}` }, /has more than 72 bytes/],
    ],
    byHand: { column: "password", value: `${CANARY}-3`, input: "password" },
  },
  VolumeBackup: {
    parent: "application",
    made: { destinationId: "Destination" },
    inputs: { name: "uploads", volumeName: "shop-uploads", cronExpression: "0 2 * * *", keepLatestCount: 7 },
    changed: { name: "files", turnOff: true, enabled: false, keepLatestCount: 3 },
    row: {
      name: "files",
      volumeName: "shop-uploads",
      prefix: "/",
      turnOff: true,
      enabled: false,
      keepLatestCount: 3,
      serviceType: "application",
    },
    refused: [
      [{ volumeName: "-a" }, /is not the name of a volume/],
      [{ cronExpression: "*/90 * * * *" }, /whose step is longer/],
      [{ serviceName: "web" }, /is only for a compose service/],
      [{ destinationId: "x" }, /destinationId|id/],
    ],
    byHand: { column: "keepLatestCount", value: 1, input: "keepLatestCount" },
  },
  SshKey: {
    inputs: { name: "deploy", description: "of the build" },
    changed: { description: "of all builds" },
    row: { name: "deploy", description: "of all builds" },
    refused: [
      [{ existingKey: `${CANARY} is no key` }, /is not a private key: the first line/],
      [
        { existingKey: `-----BEGIN EC PRIVATE KEY-----\n${CANARY}\n-----END EC PRIVATE KEY-----\n` },
        /has the format EC PRIVATE KEY: Dokploy needs the OpenSSH format/,
      ],
    ],
    byHand: { column: "description", value: "by hand", input: "description" },
  },
  Tag: {
    inputs: { name: "live", color: "#16a34a" },
    changed: { color: "#f00" },
    row: { name: "live", color: "#f00" },
    refused: [[{ color: "red" }, /is not a color such as #16a34a/]],
    byHand: { column: "color", value: "#00f", input: "color" },
  },
  VaultProvider: {
    inputs: {
      name: "acme-vault",
      vault: { type: "hashicorp", url: "https://vault.acme.example", token: `${CANARY}-1`, mount: "kv" },
      assignments: [],
    },
    changed: {
      vault: {
        type: "hashicorp",
        url: "https://bao.acme.example:8200",
        token: `${CANARY}-2`,
        namespace: "shop",
      },
    },
    row: {
      name: "acme-vault",
      "as:type": "hashicorp",
      "as:hashicorp.url": "https://bao.acme.example:8200",
      "as:hashicorp.namespace": "shop",
      "as:hashicorp.mount": "secret",
    },
    refused: [
      [{ name: "a b" }, /letters, digits/],
      [
        { vault: { type: "hashicorp", url: "https://vault.acme.example/", token: CANARY } },
        /is not an address/,
      ],
      [
        { vault: { type: "hashicorp", url: "https://vault.acme.example", token: "********" } },
        /instead of a secret/,
      ],
      [
        { vault: { type: "doppler", serviceToken: `dp.pt.${CANARY}`, project: "shop" } },
        /needs project and config/,
      ],
      [{ vault: { type: "keepass" } }, /hashicorp/],
      [{ assignments: [{ projectId: "PQqzqTGCVtx0St2SA3vCi", environmentIds: [] }] }, /leave it out for all/],
      [
        { assignments: [{ projectId: "PQqzqTGCVtx0St2SA3vCi" }] },
        /Dokploy has no project PQqzqTGCVtx0St2SA3vCi/,
      ],
    ],
    byHand: { column: "as:hashicorp.mount", value: "other", input: "vault.mount" },
  },
  Server: {
    made: { sshKeyId: "SshKey" },
    inputs: { name: "worker", ipAddress: "203.0.113.7", description: "builds" },
    changed: { port: 2222, enableDockerCleanup: false, command: "true", buildsConcurrency: 3 },
    row: {
      name: "worker",
      "as:buildsConcurrency": 3,
      port: 2222,
      enableDockerCleanup: false,
      command: "true",
      username: "root",
    },
    refused: [
      [{ sshKeyId: undefined }, /setup: false/],
      [{ ipAddress: "https://x" }, /is neither an IP address/],
      [{ ipAddress: "203.0.113.777" }, /is neither an IP address/],
    ],
    byHand: { column: "description", value: "other", input: "description" },
  },
};
