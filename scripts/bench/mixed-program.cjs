// 300 resources of many kinds, 60 of them services with their objects: a program of this package, and one whose
// resources do nothing and have the same inputs.

const counts = { applications: 24, composeServices: 12, databases: 24 };
const services = counts.applications + counts.composeServices + counts.databases;
const resources = 300;

/**
 * Body of both programs. It makes the resources with `make(kind, name, inputs)`, which returns an object with an `id`.
 */
const body = `
const composeFile = "services:\\n  web:\\n    image: traefik/whoami:v1.11\\n    env_file: .env\\n    volumes: [data:/data]\\nvolumes:\\n  data: {}\\n";
const variables = (index) => Object.fromEntries(Array.from({ length: 8 }, (_, key) => ["VARIABLE_" + key, "value " + key + " of " + index]));
const deploy = false;

const project = make("Project", "shop", { name: "shop", env: { REGION: "eu" } });
const environmentId = make("Environment", "live", { projectId: project.id, name: "live", env: { STAGE: "live" } }).id;
const destinations = [0, 1].map((index) => make("Destination", "bucket-" + index, {
  name: "bucket-" + index, provider: "Minio", bucket: "acme-" + index, endpoint: "https://s3.example.com",
  accessKey: "made-up-key-" + index, secretAccessKey: "made-up-secret-" + index, testConnection: false,
}));
for (const index of [0, 1]) {
  make("Registry", "registry-" + index, { name: "registry-" + index, url: "registry.example.com", username: "deploy", password: "made-up-password-" + index });
  make("SshKey", "key-" + index, { name: "key-" + index });
  make("Tag", "tag-" + index, { name: "tag-" + index, color: "#16a34a" });
  make("Notification", "told-" + index, { name: "told-" + index, channel: { type: "slack", webhookUrl: "https://hooks.example.com/made-up-" + index, channel: "#ops" }, appDeploy: true });
}

function schedule(name, service) {
  make("Schedule", name + "-hourly", { ...service, name: "hourly", cronExpression: "0 * * * *", command: "true" });
}
function volumeBackup(name, service, index) {
  make("VolumeBackup", name + "-volume", { ...service, name: "volume", volumeName: name + "-data", cronExpression: "0 2 * * *", destinationId: destinations[index % 2].id, keepLatestCount: 7 });
}

for (let index = 0; index < ${counts.applications}; index += 1) {
  const name = "app-" + index;
  const applicationId = make("Application", name, { environmentId, name, source: { type: "docker", image: "traefik/whoami:v1.11" }, deploy }).id;
  make("Domain", name, { applicationId, host: name + ".example.com", port: 80, deploy });
  make("Port", name, { applicationId, publishedPort: 20000 + index, targetPort: 80, publishMode: "host", deploy });
  make("Redirect", name, { applicationId, regex: "^https?://www.(.*)", replacement: "https://" + name + "/$1", permanent: true });
  make("Security", name, { applicationId, username: "staff", password: "made-up-password-" + index });
  make("EnvironmentBlock", name, { target: { applicationId }, mode: "additive", env: variables(index), deploy });
  schedule(name, { applicationId });
  if (index % 2 === 0) volumeBackup(name, { applicationId }, index);
  else make("Mount", name, { applicationId, type: "volume", volumeName: name + "-data", mountPath: "/data", deploy });
}

for (let index = 0; index < ${counts.composeServices}; index += 1) {
  const name = "stack-" + index;
  const composeId = make("Compose", name, { environmentId, name, source: { type: "raw", composeFile }, env: variables(index), deploy }).id;
  make("Domain", name, { composeId, serviceName: "web", host: name + ".example.com", port: 80, deploy });
  schedule(name, { composeId, serviceName: "web" });
  make("Backup", name, { composeId, serviceName: "web", databaseType: "postgres", database: "wiki", schedule: "0 3 * * *", destinationId: destinations[index % 2].id, metadata: { postgres: { databaseUser: "wiki" } } });
}

for (let index = 0; index < ${counts.databases}; index += 1) {
  const [kind, parent] = [["Postgres", "postgresId"], ["MySql", "mysqlId"], ["Mongo", "mongoId"], ["Redis", "redisId"]][index % 4];
  const name = "data-" + index;
  const password = "madeUpPassword" + index;
  const own = { Postgres: { database: "d", user: "u", image: "postgres:18" }, MySql: { database: "d", user: "u", rootPassword: password, image: "mysql:8" }, Mongo: { user: "u", image: "mongo:8" }, Redis: { image: "redis:8" } }[kind];
  const id = make(kind, name, { environmentId, name, password, ...own, deploy }).id;
  if (kind === "Redis") volumeBackup(name, { [parent]: id }, index);
  else make("Backup", name, { [parent]: id, database: "d", schedule: "0 3 * * *", destinationId: destinations[index % 2].id, keepLatestCount: 7 });
}
`;

const ours = `
const dokploy = require("pulumi-dokploy");
const make = (kind, name, inputs) => new dokploy[kind](name, inputs);
${body}`;

const doNothing = `
const pulumi = require("@pulumi/pulumi");
class Nothing extends pulumi.dynamic.Resource {}
const provider = { create: async (inputs) => ({ id: Math.random().toString(36).slice(2), outs: inputs }) };
const make = (kind, name, inputs) => new Nothing(provider, kind + "-" + name, inputs);
${body}`;

module.exports = { doNothing, ours, resources, services };
