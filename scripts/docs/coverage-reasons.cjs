// Why the product leaves operations of Dokploy's API: the first line that fits tells. No line fits an operation that it uses.
"use strict";

const databases = "(postgres|mysql|mariadb|mongo|redis|libsql)";

/** @type {readonly (readonly [operations: string, reason: string])[]} regular expressions of whole names */
const reasons = [
  // Whole categories.
  ["(ai)\\..*", "asks a language model: no part of a server that a program could own"],
  [
    "(auditLog|customRole|forwardAuth|licenseKey|scim|sso|whitelabeling)\\..*|gitProvider\\.allForPermissions|server\\.allForPermissions|user\\.getUserByToken|settings\\.update(EnforceSSO|RemoteServersOnly)",
    "is for owners of an enterprise licence, or of their own sign-in: it cannot be tried without one",
  ],
  [
    "stripe\\..*|settings\\.(isCloud|isUserSubscribed|getDokployCloudIps)",
    "is about the invoices of Dokploy's own cloud",
  ],
  [
    "(admin|server)\\.setupMonitoring|application\\.readAppMonitoring|user\\.get(Container|Server)Metrics|user\\.getMetricsToken|server\\.getServerMetrics|settings\\.cleanMonitoring|swarm\\.getContainerStats|notification\\.receiveNotification",
    "is monitoring: figures of a moment, and the agent that sends them",
  ],
  [
    "previewDeployment\\..*|rollback\\..*",
    "acts on what Dokploy itself makes of pull requests and deployments, behind the back of a program",
  ],
  [
    "docker(DiskUsage|Image|Volume)\\..*|docker\\.((delete|list|write)ContainerFiles?|(kill|remove|restart|start|stop)Container|uploadFileToContainer|getEvents|getServerHealth|getContainersByAppLabel)",
    "acts on one machine's containers, images and files by hand: the next deployment makes them anew",
  ],
  [
    "cluster\\.(addManager|addWorker|removeWorker)",
    "shows a command to run on another machine, or cuts one off: a node joins there, not here",
  ],
  ["swarm\\.(getNodes|getNodeInfo|getNodeApps)", "tells less than `cluster.getNodes`"],

  // A service, whatever it is.
  [
    "\\w+\\.search|overview\\..*|project\\.(homeStats|allForPermissions)|server\\.getServices|settings\\.getDockerDiskUsage",
    "is for the pages of Dokploy, and leaves out what another user made: each object's own call tells all",
  ],
  [
    `(application|compose|${databases})\\.(start|stop)`,
    "is a passing state: a service that nobody wants is taken out of the program, and `replicas` scale it",
  ],
  [
    `${databases}\\.reload`,
    "starts the container with the variables of its last deployment, so that a change needs `deploy`",
  ],
  [`${databases}\\.rebuild`, "deletes the data"],
  [`(application\\.markRunning|${databases}\\.changeStatus)`, "writes a status that nothing stands behind"],
  [
    `${databases}\\.saveExternalPorts?|application\\.save(BuildType|\\w+Provider)|compose\\.saveEnvironment|domain\\.toggleEnable|patch\\.toggleEnabled`,
    "saves a few columns of those that `update` saves together",
  ],
  [
    "(application|compose)\\.(killBuild|cancelDeployment|clearDeployments|refreshToken)|deployment\\.(killProcess|removeDeployment)|settings\\.cleanAllDeploymentQueue",
    "ends or forgets what others have under way",
  ],
  ["(application|compose)\\.disconnectGitProvider", "empties what the input `source` sets to something else"],
  [
    "application\\.dropDeployment",
    "takes an archive and deploys it at once: a program names an image or a repository",
  ],
  [
    "application\\.(read|update)TraefikConfig",
    "is a file that Dokploy writes from the domains, redirects and logins",
  ],
  [
    "compose\\.(deployTemplate|processTemplate|previewTemplate|templates|getTags|import)|user\\.(toggleTemplateBookmark|getBookmarkedTemplates)",
    "fills a service from a catalogue, or from somebody's text, and deletes what it had: a program has the compose file itself",
  ],
  [
    "compose\\.(randomizeCompose|isolatedDeployment)",
    "changes the file behind the program's back: inputs of the service say the same",
  ],
  [
    "compose\\.(fetchSourceType|loadServices|loadMountsByService|getConvertedCompose|getDefaultCommand)",
    "shows what a deployment would make of the file, which is checked before anything is saved",
  ],
  [
    "application\\.deployNginxQuickstart|project\\.(onboardingStatus|completeOnboarding)",
    "is of the tour that the pages of Dokploy give to a new user",
  ],
  ["(project|environment)\\.duplicate", "copies by hand what a program makes twice"],
  [
    "deployment\\.(allByType|allCentralized)",
    "gives what the service's own row lists, and with it the passwords in settings of rollbacks",
  ],

  // What belongs to a service or to the server.
  [
    "domain\\.(byApplicationId|byComposeId)|mounts\\.(allNamedByApplicationId|listByServiceId)|sshKey\\.allForApps|server\\.(buildServers|withSSHKey|count)|(bitbucket|gitea|github|gitlab)\\.\\w+Providers",
    "lists a part of what another call lists whole",
  ],
  [
    "domain\\.(generateDomain|canGenerateTraefikMeDomains)",
    "makes up a host name: a program names its hosts",
  ],
  ["domain\\.validateDomain", "asks the server's name service: what counts is what callers see"],
  [
    "notification\\.test\\w+Connection|notification\\.getEmailProviders",
    "sends people a message that means nothing",
  ],
  [
    "(bitbucket|dnsProvider|gitea|github|gitlab)\\.testConnection|registry\\.testRegistry(ById)?",
    "tries a login by itself: saving it tries it, or its first use tells",
  ],
  [
    "backup\\.manualBackup\\w+|(schedule|volumeBackups)\\.runManually",
    "runs one at once: an act, which leaves nothing to own",
  ],
  [
    "patch\\.(cleanPatchRepos|ensureRepo|markFileForDeletion|saveFileAsPatch|readRepo\\w+)",
    "is the editor on Dokploy's page: a program has the files",
  ],
  [
    "dnsProvider\\..*",
    "keeps the records of a name service that has a Pulumi provider of its own, which previews them",
  ],
  [
    "gitea\\.getGiteaUrl|gitProvider\\.toggleShare|github\\.update",
    "belongs to the sign-in between Dokploy and the git server, which a person goes through in a browser",
  ],
  ["network\\.(import|recreate|resync|inspect|networksToSync)", "repairs by hand what differs from Docker"],
  [
    "tag\\.(assignToProject|removeFromProject)",
    "changes one at a time what `tag.bulkAssign` sets whole: a project lists its tags",
  ],
  [
    "sshKey\\.generate",
    "makes a key on the server: the product makes it here, and gives Dokploy both parts at once",
  ],
  ["github\\.one", "shows the private key of the App in clear: the list of all git providers tells the rest"],
  ["vaultProvider\\.listSecretNames", "lists what is in the vault, which is its own business"],

  // People, and the server itself.
  [
    "user\\.(createUserWithCredentials|remove)",
    "makes the account of a person with a password that whoever has the program's secrets knows, or deletes it in all organizations: a person is invited, and `Member` says what they may do",
  ],
  [
    "user\\.(sendInvitation|getInvitations|checkUserOrganizations)|organization\\.(inviteMember|removeInvitation|allInvitations)",
    "is about a person, who has to agree to it",
  ],
  [
    "user\\.(generateToken|revokeSession|listSessions|listPasskeys|haveRootAccess|getPermissions|update)|organization\\.(active|setDefault)",
    "is about the own sign-in of whoever calls",
  ],
  [
    "server\\.(getDefaultCommand|getServerTime|publicIp|security)|settings\\.(getIp|getReleaseTag|health|checkInfrastructureHealth|getOpenApiDocument)",
    "tells of a moment, or what a person wants to see once",
  ],
  [
    "settings\\.((read|update)(Traefik|WebServerTraefik|MiddlewareTraefik)Config)",
    "is one of the files that Dokploy writes anew: a `TraefikFile` stands beside them, and `getTraefikFile` reads them",
  ],
  [
    "settings\\.(readTraefikEnv|writeTraefikEnv|getTraefikPorts|updateTraefikPorts|toggleDashboard|haveTraefikDashboardPortEnabled|toggleRequests|haveActivateRequests)",
    "is how Traefik itself is started, which takes all services of the server off the air for a moment: a person decides on it, once",
  ],
  ["settings\\.getLogCleanupStatus", "tells less than `settings.getWebServerSettings`"],
  [
    "settings\\.saveSSHPrivateKey",
    "is a key for Dokploy's own machine from before there were SSH keys, and is used by nothing else",
  ],
  [
    "settings\\.(clean\\w+|updateServer|getUpdateData|reloadServer|reloadTraefik|setupGPU|checkGPUStatus)",
    "is an act of maintenance, which a person decides on",
  ],
];

module.exports = { reasons };
