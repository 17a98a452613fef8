import * as assert from "node:assert/strict";
import { z } from "zod";
import { databaseKinds } from "../../../../provider/dokploy";
import { listsIn } from "../../../../provider/engine";
import { allDefinitions } from "../../../../provider/resources";

/** Texts that have a meaning of their own in a command, in a file of Traefik, or as a path. */
const hostile = {
  command: [
    "a;id",
    "a$(id)",
    "a`id`",
    "a b",
    "a|b",
    "a&b",
    "a>b",
    "a(b",
    "a\nb",
    'a"b',
    "a'b",
    "a\\b",
    "--x;id",
  ],
  template: ['{{"CF_DNS_API_TOKEN"|env}}', "a{{b", "{{"],
  outside: ["..", "../x", "/../x", "a/../b"],
};
type Meaning = keyof typeof hostile;
/** What types demand at the beginning, so that the rest of a text is what they judge. */
const starts = ["", "/", "a", "https://h/", "*.", "--a=", "git@h:", "dynamic/"];

/** Why the texts of these inputs may have any character of a shell: what Dokploy makes of them. */
const asWritten: Readonly<Record<string, readonly string[]>> = {
  "shown in Dokploy": [
    "*.name",
    "*.description",
    "*.icon",
    "*.deploy.title",
    "*.deploy.description",
    "ApiKey.name",
    "*.source.gitlab.owner",
    "*.source.gitlab.repository",
    "*.source.bitbucket.repository",
  ],
  "used by this package alone": [
    "*.triggers{}",
    "Compose.source.raw.file",
    "Domain.reachable.path",
    "Domain.reachable.address",
    "GeneratedSecret.payload",
    "GeneratedSecret.signingKey",
    "Database.allowReplacementOf",
    "TraefikFile.import",
  ],
  "compared with what a git host reports": [
    "*.source.*.watchPaths[]",
    "Application.preview.labels[]",
    "GitlabProvider.groups[]",
  ],
  "the content of a file": [
    "Compose.source.raw.composeFile",
    "Mount.content",
    "Patch.content",
    "Certificate.certificateData",
    "Certificate.privateKey",
    "TraefikFile.content",
  ],
  "a variable, whose text the rules of its target check": ["*.env{}", "*.buildArgs{}", "*.buildSecrets{}"],
  "given to Docker's API as it is": [
    "*.command",
    "*.args[]",
    "*.swarm.*",
    "*.healthCheck.command[]",
    "Mount.mountPath",
    "Mount.hostPath",
  ],
  "a command or a script by its purpose": [
    "Schedule.command",
    "Schedule.script",
    "Server.command",
    "Application.release",
    "Application.release.command[]",
  ],
  "a login that Dokploy quotes, or gives to a program or a server without a shell": [
    "Application.source.docker.username",
    "Application.source.docker.password",
    "Registry.username",
    "Registry.password",
    "Security.username",
    "Security.password",
    "Destination.accessKey",
    "Destination.secretAccessKey",
    "Backup.metadata.*.databaseRootPassword",
    "Backup.metadata.*.databasePassword",
    "Database.password",
    "Database.rootPassword",
    "BitbucketProvider.*",
    "GiteaProvider.clientId",
    "GiteaProvider.clientSecret",
    "GiteaProvider.accessToken",
    "GitlabProvider.clientId",
    "GitlabProvider.clientSecret",
    "Server.username",
  ],
  "part of a request that Dokploy sends": [
    "Notification.channel.*",
    "VaultProvider.vault.*",
    "Organization.logo",
  ],
  "kept in Dokploy's database": ["Organization.defaultRole", "Member.email", "Member.role"],
  "checked by a rule of its kind": ["SshKey.existingKey", "TraefikFile.path"],
  "a pattern or an address for Traefik": ["Redirect.regex", "Redirect.replacement"],
  "a path of a rule of Traefik, which is no command": [
    "Domain.path",
    "Domain.internalPath",
    "Application.preview.path",
  ],
  "a path between double quotes": ["Patch.filePath"],
  "words of a command line, without its operators": ["Compose.command"],
};

/** Inputs that Dokploy writes into Traefik's files, or into a label. */
const forTraefik = [
  ...[
    "host",
    "path",
    "serviceName",
    "customCertResolver",
    "internalPath",
    "customEntrypoint",
    "middlewares[]",
  ].map((input) => `Domain.${input}`),
  ...["Redirect.regex", "Redirect.replacement", "Security.username"],
  ...["wildcard", "path", "customCertResolver"].map((input) => `Application.preview.${input}`),
];

/** Inputs whose texts are paths on the server, in a folder of the service. */
const inFolder = [
  ...["git", "github", "gitlab", "bitbucket", "gitea"].flatMap((host) => [
    `Application.source.${host}.buildPath`,
    `Compose.source.${host}.composePath`,
  ]),
  ...[
    "dockerfile.dockerfile",
    "dockerfile.contextPath",
    "nixpacks.publishDirectory",
    "static.publishDirectory",
  ].map((input) => `Application.build.${input}`),
  ...["Mount.filePath", "Patch.filePath", "Backup.prefix", "VolumeBackup.prefix"],
];

/** Inputs whose texts are neither paths of the server nor of a folder, although they are called so. */
const otherPaths = [
  ...["Domain.path", "Domain.internalPath", "Application.preview.path", "Domain.reachable.path"],
  ...["TraefikFile.path", "VaultProvider.vault.infisical.secretPath"],
  ...["Compose.source.raw.composeFile", "Compose.source.raw.file"],
  // Dokploy adds a random end to it.
  "*.appNamePrefix",
];

/** An input of a kind that is a text: `Application.build.static.publishDirectory`. */
interface Text {
  readonly at: string;
  readonly type: z.ZodType;
}

/** Returns the inputs that are texts, each where its own kind has it. */
function textsOf(type: z.ZodType, at: string): Text[] {
  const within = (inner: unknown, name: string) => textsOf(inner as z.ZodType, `${at}${name}`);
  if (type instanceof z.ZodOptional) return within(type.unwrap(), "");
  if (type instanceof z.ZodArray) return within(type.element, "[]");
  if (type instanceof z.ZodRecord) return within(type.valueType, "{}");
  if (type instanceof z.ZodDiscriminatedUnion) {
    const tag = type.def.discriminator;
    return (type.options as z.ZodObject[]).flatMap((option) =>
      within(option, `.${String((option.shape[tag] as z.ZodLiteral).value)}`),
    );
  }
  if (type instanceof z.ZodUnion) return type.options.flatMap((option) => within(option, ""));
  if (!(type instanceof z.ZodObject)) return type.safeParse(0).success ? [] : [{ at, type }];
  const lists = listsIn(type);
  return Object.entries(type.shape as Record<string, z.ZodType>).flatMap(([name, inner]) =>
    lists.has(name) ? [] : within(inner, `.${name}`),
  );
}

const isDatabase = (kind: string) => (databaseKinds as readonly string[]).includes(kind.toLowerCase());

function taken(type: z.ZodType, meaning: Meaning): string[] {
  // A path leads outside only by whole names.
  const before = meaning === "outside" ? ["", "/"] : starts;
  const texts = hostile[meaning].flatMap((text) => before.map((start) => start + text));
  return texts.filter((text) => type.safeParse(text).success);
}

/** Whether a pattern such as `*.source.*.owner` is that of an input; a star at its end is any further path. */
function fits(pattern: string, at: string): boolean {
  const [names, path] = [pattern.split("."), at.split(".")];
  if (names.at(-1) !== "*" && names[0] === "*" && names.length === 2) return path.at(-1) === names[1];
  const head = names.at(-1) === "*" ? path.slice(0, names.length) : path;
  return names.length === head.length && names.every((name, n) => name === "*" || name === head[n]);
}

/** Returns what is wrong with an input: what it takes, and the tables do not say. */
function faultsOf({ at, type }: Text): string[] {
  const isIn = (patterns: readonly string[]) => patterns.some((pattern) => fits(pattern, at));
  const isPath = isIn(inFolder) || (/(?:path|file|directory|prefix)$/i.test(at) && !isIn(otherPaths));
  return [
    ...(isIn(Object.values(asWritten).flat()) ? [] : taken(type, "command")),
    ...(isIn(forTraefik) ? taken(type, "template") : []),
    ...(isPath ? taken(type, "outside") : []),
  ].map((text) => `${at} takes ${JSON.stringify(text)}`);
}

describe("every input that is a text", () => {
  const texts = allDefinitions().flatMap(({ kind, schema }) =>
    textsOf(schema as z.ZodType, isDatabase(kind) ? "Database" : kind),
  );

  it("takes no character that a shell, a template or a path would interpret, or says what becomes of it", () => {
    assert.deepEqual([...new Set(texts.flatMap(faultsOf))], []);
  });

  it("is in the tables only if it needs to be", () => {
    const tables: readonly (readonly [Meaning, readonly string[]])[] = [
      ["command", Object.values(asWritten).flat()],
      ["outside", otherPaths],
    ];
    for (const [meaning, patterns] of tables)
      for (const pattern of patterns) {
        const some = texts.filter(({ at }) => fits(pattern, at));
        assert.ok(
          some.some(({ type }) => taken(type, meaning).length > 0),
          `${pattern} takes no text for ${meaning}, or no input is called so`,
        );
      }
    for (const pattern of [...forTraefik, ...inFolder])
      assert.ok(
        texts.some(({ at }) => at === pattern),
        pattern,
      );
  });

  it("is reported when a definition gives it the type of any text", () => {
    const made = (type: z.ZodType) =>
      textsOf(z.strictObject({ buildStage: type.optional(), paths: z.array(type) }), "Made");
    assert.deepEqual(
      made(z.string().min(1)).map((text) => faultsOf(text).length > 0),
      [true, true],
    );
    assert.ok(faultsOf({ at: "Redirect.regex", type: z.string() }).length > 0);
    const { type: urlPath } =
      texts.find(({ at }) => at === "Domain.path") ?? assert.fail("no path of an address");
    assert.ok(faultsOf({ at: "Mount.filePath", type: urlPath }).length > 0);
  });
});
