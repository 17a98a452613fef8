// Reasons why the product does not use operations of Dokploy's API: the first line that matches counts. No line matches an
// operation that it uses.
"use strict";

const databases = "(<database>)";

/** @type {readonly (readonly [operations: string, reason: string])[]} regular expressions of whole names; `<database>` is any kind of database */
const reasons = [
  // Whole categories.
  ["(ai)\\..*", "calls a language model, which is not an object that a program could own"],
  [
    "(customRole|forwardAuth|licenseKey|scim|sso|whitelabeling)\\..*|gitProvider\\.allForPermissions|server\\.allForPermissions|user\\.getUserByToken|settings\\.update(EnforceSSO|RemoteServersOnly)",
    "is for owners of an enterprise license or of their own sign-in, and cannot be tried without one",
  ],
  [
    "stripe\\..*|settings\\.(isCloud|isUserSubscribed|getDokployCloudIps)",
    "is about the invoices of Dokploy's own cloud",
  ],
  [
    "(admin|server)\\.setupMonitoring|application\\.readAppMonitoring|user\\.get(Container|Server)Metrics|user\\.getMetricsToken|server\\.getServerMetrics|settings\\.cleanMonitoring|swarm\\.getContainerStats|notification\\.receiveNotification",
    "is monitoring: current figures, and the agent that sends them",
  ],
  [
    "previewDeployment\\..*|rollback\\..*",
    "acts on objects that Dokploy makes from pull requests and deployments, outside of a program",
  ],
  [
    "dockerDiskUsage\\..*|dockerImage\\.getImageConfig|dockerVolume\\.(getVolumeConfig|getVolumesSize|\\w+File|\\w+Files)|docker\\.((delete|list|write)ContainerFiles?|(kill|remove|restart|start|stop)Container|uploadFileToContainer|getEvents|getContainersByAppLabel)",
    "changes containers, images and files of one machine by hand, and the next deployment creates new ones",
  ],
  [
    "cluster\\.(addManager|addWorker|removeWorker)",
    "shows a command to run on another machine, or removes one: a node joins on that machine, not through Dokploy",
  ],
  ["swarm\\.(getNodes|getNodeInfo|getNodeApps)", "returns less than `cluster.getNodes`"],

  // Services of any kind.
  [
    "\\w+\\.search|overview\\..*|project\\.(homeStats|allForPermissions)|server\\.getServices|settings\\.getDockerDiskUsage",
    "is for the pages of Dokploy and leaves out objects of other users, while the call of each kind of object returns all",
  ],
  [
    `(application|compose|${databases})\\.(start|stop)`,
    "is a temporary state: a service that nobody needs is removed from the program, and `replicas` scales it",
  ],
  [
    `${databases}\\.reload`,
    "starts the container with the variables of its last deployment, so a change needs `deploy`",
  ],
  [`${databases}\\.rebuild`, "deletes the data"],
  [`(application\\.markRunning|${databases}\\.changeStatus)`, "overwrites the status without a deployment"],
  [
    `${databases}\\.saveExternalPorts?|application\\.save(BuildType|\\w+Provider)|compose\\.saveEnvironment|domain\\.toggleEnable|patch\\.toggleEnabled`,
    "saves a few of the columns that `update` saves together",
  ],
  [
    "(application|compose)\\.(killBuild|cancelDeployment|clearDeployments|refreshToken)|deployment\\.(killProcess|removeDeployment)|settings\\.cleanAllDeploymentQueue",
    "ends or deletes deployments that others have started",
  ],
  ["(application|compose)\\.disconnectGitProvider", "empties the columns that the input `source` sets"],
  [
    "application\\.dropDeployment",
    "takes an archive and deploys it at once, while a program names an image or a repository",
  ],
  [
    "application\\.(read|update)TraefikConfig",
    "is a file that Dokploy writes from the domains, redirects and logins",
  ],
  [
    "compose\\.(deployTemplate|processTemplate|previewTemplate|templates|getTags|import)|user\\.(toggleTemplateBookmark|getBookmarkedTemplates)",
    "fills a service from a catalog or a text and deletes its former content, while a program has the compose file itself",
  ],
  [
    "compose\\.(randomizeCompose|isolatedDeployment)",
    "changes the file outside of the program, which has inputs of the service for it",
  ],
  [
    "compose\\.(fetchSourceType|loadServices|loadMountsByService|getConvertedCompose|getDefaultCommand)",
    "shows the result of a deployment of the file, which is checked before anything is saved",
  ],
  [
    "application\\.deployNginxQuickstart|project\\.(onboardingStatus|completeOnboarding)",
    "is part of the tour for new users on the pages of Dokploy",
  ],
  ["(project|environment)\\.duplicate", "copies an object by hand, while a program declares it twice"],
  [
    "deployment\\.allCentralized",
    "returns the deployments that the row of the service lists, and also passwords in rollback settings",
  ],

  // Objects of a service or of the server.
  [
    "domain\\.(byApplicationId|byComposeId)|mounts\\.(allNamedByApplicationId|listByServiceId)|sshKey\\.allForApps|server\\.(buildServers|withSSHKey|count)|(bitbucket|gitea|github|gitlab)\\.\\w+Providers",
    "lists a part of the objects that another call lists",
  ],
  [
    "domain\\.(generateDomain|canGenerateTraefikMeDomains)",
    "generates a host name, while a program names its hosts",
  ],
  ["domain\\.validateDomain", "queries the server's DNS, while the DNS of the visitors matters"],
  ["notification\\.test\\w+Connection|notification\\.getEmailProviders", "sends people a test message"],
  [
    "(bitbucket|dnsProvider|gitea|github|gitlab)\\.testConnection|registry\\.testRegistry(ById)?",
    "only tests a login, which is tested when it is saved or first used",
  ],
  [
    "backup\\.manualBackup\\w+|volumeBackups\\.runManually",
    "runs one at once, which is an action and not an object",
  ],
  [
    "patch\\.(cleanPatchRepos|ensureRepo|markFileForDeletion|saveFileAsPatch|readRepo\\w+)",
    "is the editor on Dokploy's page, while a program has the files",
  ],
  [
    "dnsProvider\\..*",
    "keeps the records of a DNS service that has its own Pulumi provider, which previews them",
  ],
  [
    "gitea\\.getGiteaUrl|gitProvider\\.toggleShare|github\\.update",
    "belongs to the sign-in between Dokploy and the git server, which a person goes through in a browser",
  ],
  ["network\\.(import|recreate|resync|inspect|networksToSync)", "repairs differences from Docker by hand"],
  [
    "tag\\.(assignToProject|removeFromProject)",
    "changes one tag at a time, while `tag.bulkAssign` sets all tags that a project lists",
  ],
  [
    "sshKey\\.generate",
    "generates a key on the server, while the product generates it itself and gives Dokploy both parts at once",
  ],
  [
    "github\\.one",
    "shows the private key of the App in plain text, while the list of all git providers has the rest",
  ],
  ["vaultProvider\\.listSecretNames", "lists the contents of the vault, which the product does not need"],

  // People, and the server itself.
  [
    "user\\.(createUserWithCredentials|remove)",
    "creates an account with a password that everyone with the program's secrets knows, or deletes it in all organizations: a person is invited, and `Member` sets the permissions",
  ],
  [
    "user\\.(sendInvitation|getInvitations|checkUserOrganizations)|organization\\.(inviteMember|removeInvitation|allInvitations)",
    "concerns a person, who must agree",
  ],
  [
    "user\\.(generateToken|revokeSession|listSessions|listPasskeys|haveRootAccess|getPermissions|update)|organization\\.(active|setDefault)",
    "is about the sign-in of the caller",
  ],
  [
    "server\\.(getDefaultCommand|getServerTime|publicIp|security)|settings\\.(getIp|getReleaseTag|health|checkInfrastructureHealth|getOpenApiDocument)",
    "returns current figures, or facts that a person looks up once",
  ],
  [
    "settings\\.((read|update)(Traefik|WebServerTraefik|MiddlewareTraefik)Config)",
    "is one of the files that Dokploy rewrites: a `TraefikFile` is in addition to them, and `getTraefikFile` reads them",
  ],
  [
    "settings\\.(readTraefikEnv|writeTraefikEnv|getTraefikPorts|updateTraefikPorts|toggleDashboard|haveTraefikDashboardPortEnabled|toggleRequests|haveActivateRequests)",
    "restarts Traefik with other settings, which interrupts all services of the server: a person decides on that",
  ],
  ["settings\\.getLogCleanupStatus", "returns less than `settings.getWebServerSettings`"],
  [
    "settings\\.saveSSHPrivateKey",
    "is a key for Dokploy's own machine from the time before SSH keys, and nothing else uses it",
  ],
  [
    "settings\\.(clean\\w+|updateServer|getUpdateData|reloadServer|reloadTraefik|setupGPU|checkGPUStatus)",
    "is an action of maintenance, which a person decides on",
  ],
];

module.exports = { reasons };
