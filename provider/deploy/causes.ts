import { shorten } from "../../packages/text";
import { type Cause, startCause, startFailed } from "./start-causes";

interface Rule {
  /**
   * Matched against the output of a build, which may be anything. Text between two of its words on one line is
   * limited in length. Otherwise each of many possible beginnings would scan the rest of the log.
   */
  readonly pattern: RegExp;
  readonly cause: (match: RegExpExecArray, log: string, dockerfile: string | undefined) => Cause;
}

const MAX_QUOTE_LENGTH = 160;

/**
 * Finds the cause in the end of a log whose secrets are masked. Dokploy itself says no more: `errorMessage` of a
 * failed build is null, and the log is the output of git, Docker and compose.
 *
 * @param dockerfile path of the Dockerfile in the repository: newer Dockers name a different folder
 * @returns undefined when the log shows no known cause
 *
 * @example
 * findCause(["Pulling shop/web:2", "Error response from daemon: manifest for shop/web:2 not found: …"])?.reason;
 * // the image shop/web:2 does not exist in its registry
 */
export function findCause(lines: readonly string[], dockerfile?: string): Cause | undefined {
  const log = lines.join("\n");
  for (const { pattern, cause } of RULES) {
    const match = pattern.exec(log);
    if (match !== null) return cause(match, log, dockerfile);
  }
  return undefined;
}

function rule(pattern: RegExp, reason: string | ((match: RegExpExecArray) => string), hint: string): Rule {
  return {
    pattern,
    cause: (match) => ({ reason: typeof reason === "string" ? reason : reason(match), hint }),
  };
}

/** A group of a match, on one line and shortened. */
function quoted(match: RegExpExecArray, group = 1): string {
  const text = (match[group] ?? "").trim().replace(/\s+/g, " ");
  return shorten(text, MAX_QUOTE_LENGTH);
}

const CHECK_IMAGE = "Check the name and tag of the image, and that it was pushed before this deployment.";
const CHECK_LOGIN =
  "Give the service a registry or a user name and password that may pull the image; check that they still work.";
const CHECK_BUILD_PATH = "Check the build path and the Docker context path of the application.";
const CHECK_MEMORY = "Give the server more memory or swap, build elsewhere, or raise the memory limit.";

/** The first match wins: messages of Dokploy and Docker come before those of a build, which may print anything. */
const RULES: readonly Rule[] = [
  {
    pattern: /^Invalid (?:project |service )?environment variable: (.*)$/m,
    cause: (match) => {
      const name = match[1] ?? "";
      const blank = name.startsWith(" ") ? " " : "";
      const reference = `\${{${blank}${name.trim()}${blank}}}`;
      const isOdd = !/^(?:project\.|environment\.)?[\w-]+$/.test(name);
      return {
        reason: `the reference ${reference} in its variables has no value`,
        hint: isOdd
          ? "Dokploy treats every ${{…}} in a value as a reference, and allows no spaces in it. Write the name of " +
            "a variable, or escape the braces if they are meant literally."
          : `Set ${referred(name)}, or correct the reference.`,
      };
    },
  },
  rule(
    /^Vault provider "([^"\n]+)" not found/m,
    (match) => `a reference names the secrets provider "${quoted(match)}", which Dokploy does not have`,
    `Add it, as a VaultProvider or in Dokploy under Settings > Secrets Providers, or correct the reference \${{vault.…}}.`,
  ),
  rule(
    /^Vault provider "([^"\n]+)" is not enabled for this project/m,
    (match) => `its project or environment may not use the secrets provider "${quoted(match)}"`,
    "Add them to `assignments` of the VaultProvider, or in Dokploy under Settings > Secrets Providers.",
  ),
  rule(
    /^Secret "[^"\n]+" not found in vault provider "([^"\n]+)"/m,
    (match) => `the secrets provider "${quoted(match)}" does not have the secret that a reference names`,
    `Add the secret to the vault, or correct the reference \${{vault.…}}.`,
  ),
  rule(
    /expanding env ["'`]?([^\s="'`]+)=/,
    (match) =>
      `Docker Swarm treats {{…}} in the value of ${quoted(match)} as a template, which it cannot expand`,
    'Escape {{ in that value as {{"{{"}}, or write it without double braces.',
  ),
  rule(
    /\bContainerSpec: (\w{1,20} in HealthConfig [\w ]{1,60})/,
    (match) => `Docker refuses its health check: ${quoted(match)}`,
    "Correct the health check of the service. In Dokploy, its durations are nanoseconds.",
  ),
  rule(
    /^Docker image not found$/m,
    "it has no Docker image to pull",
    "Set the image of the application (`dockerImage`).",
  ),
  rule(
    /\b(\w+) Provider not found$/m,
    (match) => `its git provider (${quoted(match)}) is not connected`,
    "Connect the provider in Dokploy under Settings > Git, and choose it for this service.",
  ),
  rule(
    /\bno space left on device\b|\bdisk quota exceeded\b/i,
    "the disk of the server is full",
    "Free space on the server, for example with Dokploy's Docker cleanup (unused images, build cache).",
  ),
  {
    pattern: /^❌ Login failed$/m,
    cause: (_match, log) => ({
      reason: `the login to the image registry failed${/connection refused|no such host|timeout/i.test(log) ? ": the registry cannot be reached" : ""}`,
      hint: "Check the address of the registry and the user name and password in Dokploy.",
    }),
  },
  rule(
    /pull access denied for ([^\s,]+)/,
    (match) => `pull access denied for the image ${quoted(match)}: it does not exist or needs a login`,
    `${CHECK_IMAGE} If it is private: ${CHECK_LOGIN}`,
  ),
  rule(
    /\btoomanyrequests\b|pull rate limit/i,
    "the image registry limits how often the server may pull",
    "Log in to the registry (Dokploy, Settings > Registry), or wait and deploy again.",
  ),
  rule(
    /^(?:Error response from daemon: )?no matching manifest for (\S+) /m,
    (match) => `the image is not built for the server's platform (${quoted(match)})`,
    "Build the image for that platform, or for several.",
  ),
  rule(
    /manifest for (\S+) not found|(?:^|\s)(\S+): not found: manifest unknown/,
    (match) => `the image ${quoted(match, match[1] === undefined ? 2 : 1)} does not exist in its registry`,
    CHECK_IMAGE,
  ),
  rule(
    /\bmanifest unknown\b|failed to resolve reference "[^"\n]{0,1000}": .{0,1000}: not found/,
    "the image does not exist in its registry",
    CHECK_IMAGE,
  ),
  rule(
    /^.*invalid reference format.*$/m,
    (match) => `the name of the image is not valid (${quoted(match, 0)})`,
    "Write it as [registry/]name[:tag] in lower-case letters.",
  ),
  rule(
    /(?:^|(?:Error response from daemon|Error): )(?:Head|Get) "https?:\/\/([^/"\s]{1,300})(?=[/"\s]).{0,1000}(?:connection refused|no such host|i\/o timeout|TLS handshake timeout|Client\.Timeout|no route to host|network is unreachable|server misbehaving|: EOF)/m,
    (match) => `the server cannot reach the image registry ${quoted(match)}`,
    "Check the name of the registry, and the network, DNS and firewall of the server that pulls.",
  ),
  rule(
    /(?:^|(?:Error response from daemon|Error): )(?:Head|Get) "https?:\/\/([^/"\s]{1,300})(?=[/"\s]).{0,1000}(?:x509|server gave HTTP response to HTTPS client)/m,
    (match) => `the server does not trust the image registry ${quoted(match)}`,
    "Give the registry a valid certificate, or list it as insecure in the server's Docker settings.",
  ),
  rule(
    /denied: requested access|no basic auth credentials|unauthorized: (?:authentication required|incorrect username|access)/,
    "the image registry refused the login",
    CHECK_LOGIN,
  ),
  rule(
    /^fatal: Remote branch (.+) not found in upstream/m,
    (match) => `the repository has no branch "${quoted(match)}"`,
    "Check the branch of the service, and that it was pushed.",
  ),
  rule(
    /^fatal: repository '([^'\n]+)' not found/m,
    (match) => `the git repository ${quoted(match)} was not found`,
    "Check its address. If it is private, the service needs an SSH key or a connected git provider.",
  ),
  rule(
    /^fatal: Authentication failed|could not read (?:Username|Password) for|Permission denied \(publickey|Repository not found\.|Invalid username or (?:password|token)/m,
    "the git server refused the login, or has no such repository",
    "Check the address, and the SSH key or git provider of the service.",
  ),
  rule(
    /Host key verification failed|Could not read from remote repository/,
    "the git server cannot be reached over SSH",
    "Check the address, and the SSH key of the service in Dokploy.",
  ),
  rule(
    /^fatal: unable to access '([^'\n]+)': ([^\n]+)$/m,
    (match) => `the git repository ${quoted(match)} cannot be reached (${quoted(match, 2)})`,
    "Check its address, and the network and DNS of the server.",
  ),
  rule(
    /\[ERROR\] Fail to clone the repository (\S+)/,
    (match) => `the git repository ${quoted(match)} could not be cloned`,
    "Check the address, the branch and the login; the log shows git's own message.",
  ),
  rule(
    /unable to evaluate symlinks in Dockerfile path: lstat (\S+): no such file/,
    (match) => `there is no Dockerfile at ${inRepository(quoted(match))}`,
    "Check the path of the Dockerfile and the build path, both within the repository.",
  ),
  {
    pattern: /failed to read dockerfile: open ([^:\s]+): no such file/,
    cause: (match, _log, dockerfile) => ({
      reason: `there is no Dockerfile at ${dockerfile ?? inContext(quoted(match))}`,
      hint: "Check the path of the Dockerfile and the build path, both within the repository.",
    }),
  },
  rule(
    /unable to prepare context: path "([^"\n]+)" not found/,
    (match) => `the build path ${inRepository(quoted(match))} does not exist in the repository`,
    CHECK_BUILD_PATH,
  ),
  rule(
    /^unknown flag: --secret$/m,
    "the server's Docker cannot use build secrets",
    "Install the buildx plugin on the server, or use build arguments for values that are not secret.",
  ),
  rule(
    // The folder that Dokploy writes into, its own check, and the messages of Railpack.
    /\/code\/([^\s:]{1,300})\/(?:\.env|Dockerfile|\.dockerignore): (?:Directory nonexistent|No such file or directory)|^(?:❌ The path|.{0,100}\bdirectory) \/\S{1,200}\/code\/?(\S{0,300}) does not exist/m,
    (match) =>
      `the build path ${quoted(match, match[1] === undefined ? 2 : 1)} does not exist in the repository`,
    CHECK_BUILD_PATH,
  ),
  rule(
    /\bFailed to read app source directory\b/,
    "its build path does not exist in the repository",
    CHECK_BUILD_PATH,
  ),
  rule(
    /code\/\.env: Directory nonexistent|code\/\.env: No such file or directory/,
    "it was never built, so there is no code to build again",
    "Use the method deploy, which clones the code, instead of redeploy.",
  ),
  rule(
    /(?:\bheap out of memory\b|returned a non-zero code: 137\b|exit code: 137\b|\bcannot allocate memory\b|\bsignal: killed\b|^Killed$)/im,
    "the build ran out of memory",
    CHECK_MEMORY,
  ),
  rule(
    /argument list too long/i,
    "its variables are too large for the command that uses them",
    "Make them smaller: one variable may have 131,071 bytes, and a compose service about 95 KB together.",
  ),
  rule(
    /COPY failed: (.+)$|failed to compute cache key: (.{1,1000}?not found)/m,
    (match) =>
      `a file that the Dockerfile copies is missing (${quoted(match, match[1] === undefined ? 2 : 1)})`,
    "Check the path, the build path and .dockerignore.",
  ),
  rule(
    /^The command '(.*)' returned a non-zero code: (\d+)$/m,
    (match) => `the build command \`${quoted(match)}\` failed with exit code ${quoted(match, 2)}`,
    "The log shows what the command printed; run the build on your machine to look closer.",
  ),
  rule(
    // Before Docker 23 it was `executor failed running [<command>]`.
    /(?:process "|executor failed running \[)(.{0,1000})(?:" did not complete successfully|\]): exit code: (\d+)/,
    (match) => `the build command \`${quoted(match)}\` failed with exit code ${quoted(match, 2)}`,
    "The log shows what the command printed; run the build on your machine to look closer.",
  ),
  rule(
    /Nixpacks was unable to generate a build plan|Railpack could not determine how to build|No buildpack groups passed detection/i,
    "the builder does not recognise the application",
    "Check the build path, or choose another build type, for example a Dockerfile.",
  ),
  { pattern: startFailed, cause: (_match, log) => startCause(log) ?? { reason: "", hint: "" } },
  rule(
    /required variable (\S+) is missing a value(?:: ([^\n]+))?/,
    (match) => `the compose file requires the variable ${quoted(match)}, and it is not set`,
    "Set it in the variables of the compose service.",
  ),
  rule(
    /^env file (\S+) not found/m,
    (match) => `the compose file reads ${inRepository(quoted(match))}, which does not exist`,
    "Dokploy writes .env unless `createEnvFile` is false; any other file must be in the repository or a mount.",
  ),
  rule(
    /Compose file not found$/m,
    "the compose file is missing or empty",
    "Set `composeFile`, or for a git source check `composePath`.",
  ),
  rule(
    /dependency failed to start: container (\S+) (is unhealthy|exited \(\d+\))/,
    (match) => `the container ${quoted(match)}, which others wait for, ${quoted(match, 2)}`,
    "Look at the log of that container and at its healthcheck; its own variables may be missing.",
  ),
  rule(
    /service "([^"\n]+)" didn't complete successfully: exit (\d+)/,
    (match) =>
      `the service ${quoted(match)}, which others wait for, ended with exit code ${quoted(match, 2)}`,
    "Its log says why: `npx pulumi-dokploy logs` shows it.",
  ),
  rule(
    // Before runc 1.1 it was `starting container process caused`.
    /(?:unable to start container process|starting container process caused): (?:error during container init: )?exec: "([^"\n]+)"/,
    (match) => `the command ${quoted(match)} cannot be run in the container`,
    "Check the command, that the image contains it, and that it may be executed.",
  ),
  rule(
    /exec format error/,
    "the image is not built for the server's processor",
    "Build the image for the server's platform.",
  ),
  rule(
    /(?:network|volume) "?([^\s"]+)"? (?:is )?declared as external, but could not be found|external (?:network|volume) "([^"\n]+)" not found/,
    (match) =>
      `the external network or volume ${quoted(match, match[1] === undefined ? 2 : 1)} does not exist`,
    "Create it on the server first, or do not declare it as external.",
  ),
  rule(
    /^(?:Error response from daemon: |Error: )?(?:\(HTTP code 404\) .{0,100} - |Could not attach to network \S+: rpc error: code = NotFound desc = )?network (\S+) not found\b/m,
    (match) => `the network ${quoted(match)} does not exist on the server`,
    "Create it on the server first, or remove it from the service.",
  ),
  rule(
    /The container name "([^"\n]+)" is already in use/,
    (match) => `another container already has the name ${quoted(match)}`,
    "Leave out container_name in the compose file, so that Compose chooses the name.",
  ),
  rule(
    /^❌ Has occurred an error: Domain "([^"\n]+)" is (?:attached to service "([^"\n]*)" which does not exist|missing a service name)/m,
    (match) =>
      match[2] === undefined
        ? `the domain ${quoted(match)} names no service of the compose file`
        : `the domain ${quoted(match)} names the service ${quoted(match, 2)}, which the compose file does not have`,
    "Set the `serviceName` of that domain to a service of the file; until then Dokploy deploys nothing.",
  ),
  rule(
    /^(?:❌ Has occurred an error: )(.+)$/m,
    (match) => `the compose file cannot be read (${quoted(match).replace(/:$/, "")})`,
    "Correct the compose file; `docker compose config` checks it on your machine.",
  ),
  rule(
    /^((?:yaml: |parsing .*: yaml: |validating .*: |invalid interpolation format for |service "[^"\n]+" (?:depends on|refers to) undefined |services\..* (?:must be|Additional property) ).*)$/m,
    (match) => `the compose file is not valid (${quoted(match)})`,
    "Correct the compose file; `docker compose config` checks it on your machine.",
  ),
  rule(
    /\bdid not converge\b/,
    "its container did not run within the 45 s that Dokploy waits (did not converge)",
    "Look at its log in Dokploy: it may stop again and again because its version cannot read the data, a variable " +
      "is wrong or memory is too small. If it only starts slowly, run the update again once it is running.",
  ),
  rule(
    /This node is not a swarm manager/,
    "the server is not a Swarm manager",
    "Set the server up again in Dokploy, or join it to the Swarm.",
  ),
  rule(
    /Cannot connect to the Docker daemon|permission denied while trying to connect to the Docker daemon/,
    "Docker does not run on the server, or Dokploy is not allowed to use it",
    "Check Docker on the server (`systemctl status docker`).",
  ),
];

function referred(name: string): string {
  const [, scope, key = name] = /^(project|environment)\.(.*)$/s.exec(name) ?? [];
  return `${key} in the variables of ${scope === undefined ? "this service" : `the ${scope}`}`;
}

/** Dokploy clones into `/etc/dokploy/<kind>/<appName>/code`. */
function inRepository(path: string): string {
  return path.replace(/^\/etc\/dokploy\/[^/]+\/[^/]+\/code\//, "");
}

/** BuildKit reads the Dockerfile from its own folder. */
function inContext(path: string): string {
  return path.replace(/^.*\/buildkit-mount\d+\//, "");
}
