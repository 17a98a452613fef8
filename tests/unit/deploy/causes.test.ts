import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { logTail } from "../../../provider/deploy";
import { findCause } from "../../../provider/deploy/causes";
import { dockerfilePath } from "../../../provider/engine";

/**
 * The telling lines of failed deployments, most as a Dokploy 0.30.2 server wrote them, and what they must be read as.
 */
const LOGS: readonly [log: string, reason: RegExp, hint: RegExp][] = [
  [
    "Error response from daemon: manifest for 127.0.0.1:5000/hello:nope not found: manifest unknown: manifest unknown\n❌ Pulling image failed",
    /^the image 127\.0\.0\.1:5000\/hello:nope does not exist in its registry$/,
    /name and tag/,
  ],
  [
    'Error response from daemon: Get "http://127.0.0.1:5999/v2/": dial tcp 127.0.0.1:5999: connect: connection refused\n❌ Pulling image failed',
    /^the server cannot reach the image registry 127\.0\.0\.1:5999$/,
    /network, DNS and firewall/,
  ],
  [
    // Of a server without buildx, in a build.
    'Step 1/4 : FROM nginx:alpine\nGet "https://registry.example.com/v2/": dial tcp: lookup registry.example.com on 10.0.0.1:53: no such host',
    /^the server cannot reach the image registry registry\.example\.com$/,
    /DNS/,
  ],
  [
    'Error response from daemon: Get "https://registry.example.com/v2/": dial tcp: lookup registry.example.com on 10.0.0.1:53: no such host',
    /^the server cannot reach the image registry registry\.example\.com$/,
    /DNS/,
  ],
  [
    'Error response from daemon: Get "https://registry.example.com/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    /does not trust the image registry registry\.example\.com/,
    /certificate/,
  ],
  [
    'Error response from daemon: Get "http://127.0.0.1:5999/v2/": dial tcp 127.0.0.1:5999: connect: connection refused\n❌ Login failed',
    /^the login to the image registry failed: the registry cannot be reached$/,
    /address of the registry/,
  ],
  [
    "Error response from daemon: unauthorized: incorrect username or password\n❌ Login failed",
    /login to the image registry failed$/,
    /password/,
  ],
  [
    "Error response from daemon: pull access denied for shop/web, repository does not exist or may require 'docker login'",
    /^pull access denied for the image shop\/web: it does not exist or needs a login$/,
    /private/,
  ],
  [
    'Error response from daemon: Head "https://ghcr.io/v2/a/b/manifests/1": denied: requested access to the resource is denied',
    /refused the login/,
    /registry/,
  ],
  ["toomanyrequests: You have reached your unauthenticated pull rate limit.", /limits how often/, /Log in/],
  [
    "no matching manifest for linux/arm64/v8 in the manifest list entries",
    /platform \(linux\/arm64\/v8\)/,
    /platform/,
  ],
  [
    "invalid reference format: repository name (Case) must be lowercase\n❌ Pulling image failed",
    /name of the image is not valid/,
    /lower-case letters/,
  ],
  ["Initializing deployment\nDocker image not found", /^it has no Docker image to pull$/, /dockerImage/],
  ["Error: ❌ Github Provider not found", /git provider \(Github\) is not connected/, /Settings > Git/],
  [
    "warning: Could not find remote branch nope to clone.\nfatal: Remote branch nope not found in upstream origin\n❌ [ERROR] Fail to clone the repository http://127.0.0.1:3401/hello.git",
    /^the repository has no branch "nope"$/,
    /pushed/,
  ],
  [
    "fatal: repository 'http://127.0.0.1:3401/nope.git/' not found\n❌ [ERROR] Fail to clone the repository http://127.0.0.1:3401/nope.git",
    /^the git repository http:\/\/127\.0\.0\.1:3401\/nope\.git\/ was not found$/,
    /private/,
  ],
  [
    "git@host: Permission denied (publickey).\nfatal: Could not read from remote repository.",
    /refused the login/,
    /SSH key/,
  ],
  [
    "fatal: unable to access 'https://git.example.com/a.git/': Could not resolve host: git.example.com",
    /cannot be reached \(Could not resolve host/,
    /DNS/,
  ],
  ["❌ [ERROR] Fail to clone the repository https://git.example.com/a.git", /could not be cloned/, /branch/],
  [
    "unable to prepare context: unable to evaluate symlinks in Dockerfile path: lstat /etc/dokploy/applications/web-27gz0y/code/Nope: no such file or directory\n❌ Docker build failed",
    /^there is no Dockerfile at Nope$/,
    /build path/,
  ],
  [
    "ERROR: failed to build: failed to solve: rpc error: code = Unknown desc = failed to solve with frontend dockerfile.v0: failed to read dockerfile: open /var/lib/docker/tmp/buildkit-mount2683314614/Dockerfile.nothere: no such file or directory",
    /^there is no Dockerfile at Dockerfile\.nothere$/,
    /build path/,
  ],
  [
    "ERROR: failed to solve: executor failed running [/bin/sh -c exit 3]: exit code: 3",
    /^the build command `\/bin\/sh -c exit 3` failed with exit code 3$/,
    /run the build on your machine/,
  ],
  [
    "ERROR: failed to solve: failed to read dockerfile: open Dockerfile: no such file or directory",
    /no Dockerfile at Dockerfile/,
    /build path/,
  ],
  [
    'unable to prepare context: path "/etc/dokploy/applications/web-1/code/app" not found',
    /build path app does not exist/,
    /build path/,
  ],
  [
    "unknown flag: --secret\n\nUsage:  docker build [OPTIONS] PATH | URL | -",
    /cannot use build secrets/,
    /buildx/,
  ],
  [
    "/bin/sh: 1: cannot create /etc/dokploy/applications/web-1/code/.env: Directory nonexistent",
    /never built/,
    /deploy/,
  ],
  [
    "The command '/bin/sh -c echo this build fails; exit 7' returned a non-zero code: 7\n❌ Docker build failed",
    /^the build command `\/bin\/sh -c echo this build fails; exit 7` failed with exit code 7$/,
    /log/,
  ],
  [
    'ERROR: failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1',
    /`\/bin\/sh -c npm ci` failed with exit code 1/,
    /log/,
  ],
  [
    'process "/bin/sh -c npm run build" did not complete successfully: exit code: 137',
    /ran out of memory/,
    /memory/,
  ],
  ["The command '/bin/sh -c npm ci' returned a non-zero code: 137", /ran out of memory/, /memory/],
  ["#9 12.3 vite build\nKilled\n❌ Nixpacks build failed", /^the build ran out of memory$/, /memory/],
  [
    "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
    /ran out of memory/,
    /memory/,
  ],
  [
    "COPY failed: file not found in build context or excluded by .dockerignore: stat dist: file does not exist",
    /copies is missing/,
    /\.dockerignore/,
  ],
  ["write /var/lib/docker/tmp/x: no space left on device", /disk of the server is full/, /cleanup/],
  ["Nixpacks was unable to generate a build plan for this app.", /does not recognise/, /Dockerfile/],
  [
    "driver failed programming external connectivity on endpoint web: Bind for 0.0.0.0:80 failed: port is already allocated",
    /^port 80, which it publishes, is already in use on the server/,
    /domain/,
  ],
  [
    "driver failed programming external connectivity on endpoint web (33f948474): Error starting userland proxy: listen tcp4 0.0.0.0:8080: bind: address already in use",
    /^port 8080, which it publishes, is already in use on the server \(address already in use\)$/,
    /another port/,
  ],
  [
    "failed to bind host port for 0.0.0.0:53:172.18.0.2:53/udp: address already in use",
    /^port 53, /,
    /another port/,
  ],
  [
    "driver failed programming external connectivity on endpoint web (33f94847",
    /^a port .* most likely/,
    /another port/,
  ],
  [
    "/bin/sh: 1: cannot create /etc/dokploy/applications/web-1/code/apps/nope/.env: Directory nonexistent",
    /^the build path apps\/nope does not exist in the repository$/,
    /build path/,
  ],
  [
    "/bin/bash: line 4: /etc/dokploy/applications/web-1/code/nope/Dockerfile: No such file or directory",
    /^the build path nope does not exist/,
    /build path/,
  ],
  [
    "❌ The path /etc/dokploy/applications/web-1/code/apps/nope does not exist",
    /^the build path apps\/nope does not exist/,
    /build path/,
  ],
  [
    "✖ directory /etc/dokploy/applications/web-1/code/nope does not exist",
    /^the build path nope does not exist/,
    /build path/,
  ],
  [
    "Error: Failed to read app source directory\n\nCaused by:\n    No such file or directory (os error 2)",
    /^its build path does not exist/,
    /build path/,
  ],
  [
    "Invalid project environment variable: project.NOPE",
    /\$\{\{project\.NOPE\}\} .* no value/,
    /^Set NOPE in the variables of the project/,
  ],
  [
    "Invalid environment variable: environment.NOPE",
    /\$\{\{environment\.NOPE\}\}/,
    /NOPE in the variables of the environment/,
  ],
  ["Invalid service environment variable: NOPE", /\$\{\{NOPE\}\}/, /NOPE in the variables of this service/],
  ["Invalid service environment variable: NOPE and more", /\$\{\{NOPE and more\}\}/, /escape the braces/],
  ["Invalid service environment variable:  secrets.X ", /\$\{\{ secrets\.X \}\}/, /escape the braces/],
  [
    'Vault provider "nope" not found. Configure it in Settings -> Secrets Providers.',
    /secrets provider "nope"/,
    /Secrets Providers/,
  ],
  [
    'Vault provider "main" is not enabled for this project/environment. Assign it in Settings -> Secrets Providers.',
    /may not use the secrets provider "main"/,
    /`assignments` of the VaultProvider/,
  ],
  [
    'Secret "canary" not found in vault provider "main"',
    /"main" does not have the secret/,
    /Add the secret to the vault/,
  ],
  [
    'rpc error: code = InvalidArgument desc = expanding env failed: expanding env "A=a {{ b": template: expansion:1: function "b" not defined',
    /^Docker Swarm treats \{\{…\}\} in the value of A as a template, which it cannot expand$/,
    /Escape/,
  ],
  [
    "(HTTP code 400) unexpected - rpc error: code = InvalidArgument desc = ContainerSpec: Interval in HealthConfig cannot be less than 1ms ",
    /^Docker refuses its health check: Interval in HealthConfig cannot be less than 1ms$/,
    /nanoseconds/,
  ],
  [
    "error while interpolating services.web.environment.[]: required variable A is missing a value: A is required",
    /requires the variable A/,
    /Set it/,
  ],
  [
    "env file /etc/dokploy/compose/web-xixovj/code/.env not found: stat /etc/dokploy/compose/web-xixovj/code/.env: no such file or directory",
    /reads \.env, which does not exist/,
    /createEnvFile/,
  ],
  ["❌ Error: Compose file not found", /missing or empty/, /composePath/],
  [
    "❌ Has occurred an error: Flow sequence in block collection must be sufficiently indented and end with a ] at line 2, column 1:\n\nservices: [\n\n^",
    /^the compose file cannot be read \(Flow sequence .* at line 2, column 1\)$/,
    /Correct/,
  ],
  [
    '❌ Has occurred an error: Domain "shop.example.com" is attached to service "web" which does not exist in the compose',
    /^the domain shop\.example\.com names the service web, which the compose file does not have$/,
    /serviceName/,
  ],
  [
    '❌ Has occurred an error: Domain "shop.example.com" is missing a service name',
    /^the domain shop\.example\.com names no service of the compose file$/,
    /serviceName/,
  ],
  ["yaml: line 3: mapping values are not allowed in this context", /not valid \(yaml: line 3/, /Correct/],
  [
    'service "web" depends on undefined service "db": invalid compose project',
    /not valid \(service "web"/,
    /Correct/,
  ],
  [
    "dependency failed to start: container web-ls88l3-db-1 is unhealthy",
    /container web-ls88l3-db-1, which others wait for, is unhealthy/,
    /healthcheck/,
  ],
  [
    "dependency failed to start: container web-ls88l3-db-1 exited (3)",
    /exited \(3\)/,
    /log of that container/,
  ],
  [
    'service "migrate" didn\'t complete successfully: exit 3',
    /^the service migrate, which others wait for, ended with exit code 3$/,
    /pulumi-dokploy logs/,
  ],
  [
    'Error response from daemon: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/nosuch": stat /nosuch: no such file or directory: unknown',
    /command \/nosuch cannot be run/,
    /image contains it/,
  ],
  [
    "network proxy declared as external, but could not be found",
    /external network or volume proxy/,
    /Create it/,
  ],
  [
    'network "proxy" is declared as external, but could not be found. You need to create a swarm-scoped network before the stack is deployed',
    /^the external network or volume proxy does not exist$/,
    /Create it/,
  ],
  ['external volume "data" not found', /^the external network or volume data does not exist$/, /Create it/],
  [
    // In a swarm Compose leaves it to Docker to look for an external network.
    "Error response from daemon: Could not attach to network shop_net: rpc error: code = NotFound desc = network shop_net not found",
    /^the network shop_net does not exist on the server$/,
    /Create it/,
  ],
  [
    "Error: (HTTP code 404) no such network - network shop_net not found",
    /^the network shop_net does not exist on the server$/,
    /Create it/,
  ],
  [
    'OCI runtime create failed: container_linux.go:380: starting container process caused: exec: "/nosuch": stat /nosuch: no such file or directory: unknown',
    /command \/nosuch cannot be run/,
    /image contains it/,
  ],
  [
    'Conflict. The container name "/web" is already in use by container "0a1b"',
    /name \/web/,
    /container_name/,
  ],
];

describe("a missing Dockerfile", () => {
  it("is named by its path in the repository, if that is known: Docker names a folder of its own", () => {
    const line =
      "failed to read dockerfile: open /var/lib/docker/tmp/buildkit-mount26/Dockerfile.prod: no such file or directory";
    const reason = findCause([line], "services/api/Dockerfile.prod")?.reason;
    assert.equal(reason, "there is no Dockerfile at services/api/Dockerfile.prod");
  });

  it("stands below the folder that is built", () => {
    assert.equal(dockerfilePath("/services/api", "docker/Dockerfile"), "services/api/docker/Dockerfile");
    assert.equal(dockerfilePath("/", null), "Dockerfile");
    assert.equal(dockerfilePath(undefined, undefined), "Dockerfile");
  });
});

describe("the cause of a failed deployment", () => {
  for (const [log, reason, hint] of LOGS) {
    it(`is found in: ${log.split("\n")[0]?.slice(0, 90)}`, () => {
      const cause = findCause(
        logTail(`Initializing deployment\n${log}\n\nError occurred ❌, check the logs for details.\n`, []),
      );
      assert.match(cause?.reason ?? "none", reason);
      assert.match(cause?.hint ?? "none", hint);
      assert.match(cause?.hint ?? "", /\.$/);
    });
  }

  it("is not made up", () => {
    for (const log of [
      "",
      "Initializing deployment\nError occurred ❌, check the logs for details.",
      "npm warn not found",
    ]) {
      assert.equal(findCause(logTail(log, [])), undefined);
    }
  });

  it("is one line of bounded length, for any log", () => {
    const cause = findCause([`fatal: Remote branch ${"x".repeat(5_000)} not found in upstream origin`]);
    assert.ok((cause?.reason.length ?? 0) < 250);
  });

  it("never shows the value that Swarm refused, though the log has it in plain text", () => {
    const log =
      'expanding env failed: expanding env "DB=pg://{{hunter2}}": template: function "hunter2" not defined';
    const tail = logTail(log, []);
    assert.doesNotMatch(JSON.stringify([tail, findCause(tail)]), /hunter2/);
    assert.match(findCause(tail)?.reason ?? "", /value of DB /);
  });

  describe("in recorded logs", () => {
    const folder = process.env["DOKPLOY_REFERENCE"];
    const read = (file: string): string => fs.readFileSync(path.join(folder ?? "", file), "utf8");

    it("is found in every failing deployment", function () {
      if (folder === undefined) return this.skip();
      const expected: Record<string, RegExp> = {
        "pull-unknown-tag": /image 127\.0\.0\.1:5000\/hello:nope does not exist/,
        "pull-unknown-repo": /image 127\.0\.0\.1:5000\/nope:1 does not exist/,
        "pull-registry-down": /cannot reach the image registry 127\.0\.0\.1:5999/,
        "pull-docker-hub-unreachable": /cannot reach the image registry registry-1\.docker\.io/,
        "pull-bad-name": /name of the image is not valid/,
        "pull-empty-name": /no Docker image/,
        "pull-login-fails": /login to the image registry failed/,
        "build-fails": /failed with exit code 7/,
        "build-fails-redeploy": /failed with exit code 7/,
        "dockerfile-missing": /no Dockerfile at Nope/,
        "clone-unknown-repo": /nope\.git\/ was not found/,
        "clone-unknown-branch": /no branch "nope"/,
        "buildarg-missing-ref": /\$\{\{NOPE\}\}/,
        "env-missing-ref-dockerfile": /\$\{\{NOPE\}\}/,
        "build-secret": /build secrets/,
        "compose-missing-ref": /\$\{\{NOPE\}\}/,
        "compose-bad-yaml": /compose file cannot be read/,
        "compose-unknown-image": /image 127\.0\.0\.1:5000\/hello:nope does not exist/,
        "compose-required-variable-missing": /requires the variable A/,
        "compose-empty-file": /compose file is missing or empty/,
        "compose-createEnvFile-false-with-env_file": /reads \.env/,
      };
      const logs = JSON.parse(read("failing-logs.json")) as Record<string, { full: string }>;
      assert.deepEqual(Object.keys(logs).sort(), Object.keys(expected).sort());
      for (const [name, { full }] of Object.entries(logs)) {
        assert.match(findCause(logTail(full, []))?.reason ?? "none", expected[name] ?? /$./, name);
      }
    });

    it("is found for every environment text and compose file that failed with a reason", function () {
      if (folder === undefined) return this.skip();
      const rows = `${read("env-vectors.jsonl").trim()}\n${read("container-states.jsonl").trim()}`
        .split("\n")
        .map(
          (line) =>
            JSON.parse(line) as {
              name: string;
              deploy?: string;
              logTail?: string;
              log?: string;
              deployment?: { status: string };
            },
        );
      const failed = rows.filter((row) => row.deploy === "error" || row.deployment?.status === "error");
      const logs = failed.flatMap(({ name, logTail: tail, log }) =>
        (tail ?? log) === undefined ? [] : [{ name, log: tail ?? log ?? "" }],
      );
      assert.ok(logs.length > 40);
      const unknown = logs
        .filter(({ log }) => findCause(logTail(log, [])) === undefined)
        .map(({ name }) => name);
      assert.deepEqual(unknown, []);
    });
  });
});
