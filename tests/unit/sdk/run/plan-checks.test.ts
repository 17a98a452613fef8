import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { identityKey } from "../../../../provider/pulumi";
import * as dokploy from "../../../../sdk";
import { pem } from "../../../resources/pem";
import { makeFolder, removeFolder } from "../repository/folder";

const registered: { name: string; inputs: Record<string, unknown> }[] = [];
const mocks: pulumi.runtime.Mocks = {
  newResource: ({ name, inputs }) => {
    registered.push({ name, inputs });
    return { id: `${name}_id`, state: inputs };
  },
  call: ({ inputs }) => inputs,
};

/** Returns what the plan of a program says: `warning: …`, `info: …`, without the codes. */
async function said(program: () => unknown, config: Record<string, string> = {}): Promise<string[]> {
  const { warn, info } = pulumi.log;
  const messages: string[] = [];
  const keep = (level: string) => async (message: string) => {
    assert.match(message, / \[dokploy\/advice \S+\]$/);
    messages.push(`${level}: ${message.replace(/ \[dokploy\/.*/, "")}`);
  };
  pulumi.log.warn = keep("warning");
  pulumi.log.info = keep("info");
  registered.length = 0;
  try {
    await pulumi.runtime.setMocks(mocks, "shop", "test", true);
    pulumi.runtime.setAllConfig(config);
    await pulumi.runtime.runInPulumiStack(async () => await program());
    await new Promise(setImmediate);
    return messages.sort();
  } finally {
    Object.assign(pulumi.log, { warn, info });
    pulumi.runtime.setAllConfig({});
  }
}

const healthy = {
  environmentId: "e",
  source: { type: "docker", image: "acme/api:1.4.2" },
  resources: { memoryLimit: "512MiB" },
} as const;
const api = (name: string, more: object = {}) =>
  new dokploy.Application(name, { ...healthy, name, ...more } as dokploy.ApplicationArgs);

describe("the checks of a program", () => {
  it("are silent about a program without mistakes", async () => {
    const domain = { host: "a.acme.dev", https: true, certificateType: "letsencrypt" };
    const env = { LOG_LEVEL: "info", TOKEN: pulumi.secret("canary"), PASSWORD_MIN_LENGTH: "12" };
    assert.deepEqual(
      await said(() => void api("api", { env, domains: [domain, { host: "a.localhost" }] })),
      [],
    );
  });

  it("name all places of a finding in one line", async () => {
    const source = (image: string) => ({ source: { type: "docker", image } });
    assert.deepEqual(
      await said(
        () => {
          api("one", source("nginx"));
          api("two", source("registry.acme.dev:5000/acme/api:latest"));
          api("three", source("nginx@sha256:".padEnd(80, "a")));
          new dokploy.Postgres("db", {
            environmentId: "e",
            name: "db",
            database: "d",
            user: "u",
            image: "postgres",
          });
        },
        { "dokploy:checks": '{"no-memory-limit":"off","no-backup":"off"}' },
      ),
      [
        "warning: No version of the image, so each deployment uses the one with the tag latest at that time: " +
          'Application "one", Application "two", Postgres "db". Name a version, such as :1.4.2, or a digest. [latest-tag]',
      ],
    );
  });

  it("find domains without https or without a certificate", async () => {
    const domains = [
      { host: "plain.acme.dev" },
      { host: "bare.acme.dev", https: true, path: "/x" },
      { host: "intern" },
    ];
    const found = await said(() => {
      api("api", { domains });
      new dokploy.Domain("alone", { applicationId: "a", host: "alone.acme.dev" });
    });
    assert.match(
      found[0] ?? "",
      /^info: A domain without https.*: plain\.acme\.dev\/, alone\.acme\.dev\/\. .*\[no-https\]$/,
    );
    assert.match(
      found[1] ?? "",
      /^warning: https without a certificate.*: bare\.acme\.dev\/x\. .*\[no-certificate\]$/,
    );
    assert.equal(found.length, 2);
  });

  it("take an explicit none and a certificate of the program for a decision about https", async () => {
    const secured = (host: string, more: object = {}) =>
      new dokploy.Domain(host, { applicationId: "a", host, https: true, ...more });
    assert.deepEqual(await said(() => void secured("own.acme.dev", { certificateType: "none" })), []);
    const program = (certificateData: pulumi.Input<string>) => () => {
      secured("shop.example.com");
      secured("other.example.com");
      new dokploy.Certificate("own", { name: "own", certificateData, privateKey: pem.key });
    };
    const [found = "", ...more] = await said(program(pem.certificate));
    assert.match(found, /: other\.example\.com\/\. Give .*"none" where a Certificate names the host\./);
    assert.deepEqual(more, []);
    // Which hosts it names, the program does not say.
    assert.deepEqual(await said(program(pulumi.output(pem.certificate))), []);
  });

  it("mention memory, and databases that nothing saves", async () => {
    const database = (name: string) =>
      new dokploy.Postgres(name, {
        environmentId: "e",
        name,
        database: "d",
        user: "u",
        image: "postgres:17",
        resources: { memoryLimit: "1GiB" },
      });
    const program = (id?: pulumi.Output<string>) => () => {
      api("api", { resources: { cpuLimit: 1 } });
      database("bare");
      const saved = database("saved");
      new dokploy.Backup("b", {
        postgresId: id ?? saved.id,
        database: "d",
        schedule: "0 3 * * *",
        destinationId: "x",
      });
      new dokploy.Redis("cache", { environmentId: "e", name: "cache", resources: { memoryLimit: "1GiB" } });
    };
    const found = await said(program());
    assert.match(
      found[0] ?? "",
      /^info: A database without a backup in this program: Postgres "bare"\. .*\[no-backup\]$/,
    );
    assert.match(found[1] ?? "", /^info: No memory limit.*: Application "api"\. .*\[no-memory-limit\]$/);
    assert.equal(found.length, 2);
    // Whose id this is, the program does not say.
    assert.equal((await said(program(pulumi.output("other")))).length, 1);
  });

  it("find volumes that services of two environments have under one name", async () => {
    const volume = (volumeName: string) => ({ mounts: [{ type: "volume", volumeName, mountPath: "/data" }] });
    const program = () => {
      const shop = new dokploy.Project("shop", { name: "shop" });
      const test = new dokploy.Environment("test", { projectId: shop.id, name: "test" });
      const places = { prod: shop.defaultEnvironmentId, test: test.id };
      for (const [stage, environmentId] of Object.entries(places)) {
        api(stage, { environmentId, ...volume("uploads") });
        api(`${stage}-worker`, { environmentId, ...volume(`own-${stage}`) });
        // On another server, this is another volume.
        api(`${stage}-far`, { environmentId, serverId: stage, ...volume("far") });
        const wiki = api(`${stage}-wiki`, { environmentId });
        new dokploy.Mount(`${stage}-wiki`, { applicationId: wiki.id, ...volume("wiki").mounts[0] } as never);
        const composeFile =
          "services: { a: { image: a:1, volumes: [d:/d] } }\nvolumes: { d: { name: store }, e: {} }\n";
        const source = { type: "raw", composeFile } as const;
        new dokploy.Compose(`${stage}-store`, { environmentId, name: "store", source });
      }
    };
    const found = await said(program);
    assert.deepEqual(found, [
      'warning: A volume with one name in several stages: uploads of Application "prod", wiki of Mount "prod-wiki", ' +
        'store of Compose "prod-store", uploads of Application "test", wiki of Mount "test-wiki", store of Compose "test-store". ' +
        "If they run on one server, each changes the data of the others. Give the volume another name in each stage, " +
        "such as uploads-test. [shared-volume]",
    ]);
    // Two services of one environment share it on purpose.
    const shared = () => ["one", "two"].forEach((name) => void api(name, volume("uploads")));
    assert.deepEqual(await said(shared), []);
  });

  describe("in a deployment repository", () => {
    let root: string;
    afterEach(() => removeFolder(root));
    const wiki = (volumes: string) =>
      `kind: application\nimage: acme/wiki:1\nresources: { memoryLimit: 1GiB }\n${volumes}`;
    const repository = async (files: Record<string, string>, config: Record<string, string> = {}) => {
      const empty = Object.fromEntries(
        Object.keys(files).flatMap((file) => {
          const [, name] = /^services\/(.*?)\//.exec(file) ?? [];
          return name === undefined ? [] : [[`envs/base/${name}.yaml`, ""]];
        }),
      );
      root = makeFolder({ ...files, ...empty, "envs/test/wiki.yaml": "", "envs/prod/wiki.yaml": "" });
      const found = await said(
        () => void new dokploy.DeploymentRepository("shop", { directory: root, root }),
        config,
      );
      return found.map((line) => line.replaceAll(`${root}/`, ""));
    };

    it("find volumes of one name in the files of two stages", async () => {
      const mounts = (name: string) => `mounts: [{ type: volume, volumeName: ${name}, mountPath: /data }]\n`;
      const compose = (name: string) =>
        `services: { store: { image: "redis:8", volumes: ["data:/data"] } }\nvolumes: { data: ${name} }\n`;
      const files = (volumes: string, name: string) => ({
        "services/wiki/dokploy-app.yaml": wiki(volumes),
        "services/store/dokploy-app.yaml": "kind: compose\n",
        "services/store/compose.yaml": compose(name),
      });
      const shared = files(mounts("wiki"), "{ name: store }");
      const [found = "", ...others] = await repository(shared);
      assert.deepEqual(others, []);
      assert.match(
        found,
        /stages: services\/store\/compose\.yaml store in test, prod, services\/wiki\/dokploy-app\.yaml:4:26 wiki in test, prod\. /,
      );
      removeFolder(root);
      const off = '{"shared-volume/wiki":"off","shared-volume/store":"off"}';
      assert.deepEqual(await repository(shared, { "dokploy:checks": off }), []);
      removeFolder(root);
      const own = `${mounts("wiki")}stages: { test: { ${mounts("wiki-test").trim()} } }\n`;
      const named = files(own, "{ name: 'store-${STAGE:-a}' }");
      const byStage = { "envs/test/store.yaml": "STAGE: test\n", "envs/prod/store.yaml": "STAGE: prod\n" };
      assert.deepEqual(await repository({ ...named, ...byStage }), []);
      removeFolder(root);
      assert.match((await repository(named)).join(), /store-a in test, prod\. /);
      removeFolder(root);
      assert.deepEqual(await repository({ ...named, "envs/prod/store.yaml": "STAGE: !secret stage\n" }), []);
      removeFolder(root);
      // On another server.
      const far = `${mounts("wiki")}stages: { test: { serverId: far000000000000000000 } }\n`;
      assert.deepEqual(await repository(files(far, "{}")), []);
      removeFolder(root);
      // In prod the file has a mistake, which the plan of prod reports.
      const half = `kind: application\nstages: { test: { image: "acme/wiki:1", resources: { memoryLimit: 1GiB }, ${mounts("wiki").trim()} } }\n`;
      assert.deepEqual(await repository({ "services/wiki/dokploy-app.yaml": half }), []);
    });

    it("find a domain that two stages of a service have, on whichever servers they run", async () => {
      const twice = "domains: [{ host: a.localhost, port: 80 }]\n";
      const other = `${twice}stages: { test: { serverId: far000000000000000000 } }\n`;
      const [line, ...more] = await repository({ "services/wiki/dokploy-app.yaml": wiki(other) });
      assert.match(
        line ?? "",
        /: services\/wiki\/dokploy-app\.yaml:4:11 a\.localhost\/ in test, prod\. .*\[shared-domain\]$/,
      );
      assert.deepEqual(more, []);
      removeFolder(root);
      const files = { "services/wiki/dokploy-app.yaml": wiki(other) };
      assert.deepEqual(await repository(files, { "dokploy:checks": "shared-domain/wiki=off" }), []);
      removeFolder(root);
      const own = `${twice}stages: { test: { domains: [{ host: b.localhost, port: 80 }] } }\n`;
      assert.deepEqual(await repository({ "services/wiki/dokploy-app.yaml": wiki(own) }), []);
      removeFolder(root);
      const apart = {
        "services/wiki/dokploy-app.yaml": wiki(
          "stages: { test: { domains: [{ host: a.localhost, port: 80 }] } }\n",
        ),
        "services/docs/dokploy-app.yaml": wiki(
          "stages: { prod: { domains: [{ host: a.localhost, port: 80 }] } }\n",
        ),
      };
      const [crossed = ""] = await repository(apart);
      assert.match(crossed, /wiki\S+ a\.localhost\/ in test, docs in prod\. .*\[shared-domain\]$/);
      removeFolder(root);
      assert.deepEqual(await repository(apart, { "dokploy:checks": "shared-domain/docs=off" }), []);
      removeFolder(root);
      const paths = `${twice}stages: { test: { domains: [{ host: a.localhost, path: /b, port: 80 }] } }\n`;
      assert.deepEqual(await repository({ "services/wiki/dokploy-app.yaml": wiki(paths) }), []);
    });

    it("name both lines of two services with the same domain or port", async () => {
      const service = (more: string) =>
        wiki(
          `domains: [{ host: a.localhost, port: 80 }]\nports:\n  - { publishedPort: 2525, targetPort: 25 }\nstages: { prod: { domains: [] } }\n${more}`,
        );
      const files = {
        "services/docs/dokploy-app.yaml": service(""),
        "services/web/dokploy-app.yaml": service(""),
        "services/far/dokploy-app.yaml": service("serverId: far000000000000000000\n"),
      };
      const found = await repository(files);
      assert.deepEqual(found, [
        "warning: services/web/dokploy-app.yaml:6:5: Port 2525/tcp is that of the service docs " +
          "(services/docs/dokploy-app.yaml:6:5) too: only one of them can have it. Give one of them another.",
        "warning: A domain of several services or stages: services/far/dokploy-app.yaml:4:11 a.localhost/ as services/docs/dokploy-app.yaml:4:11, " +
          "services/web/dokploy-app.yaml:4:11 a.localhost/ as services/docs/dokploy-app.yaml:4:11. Requests reach only one of them. Give each its own host, " +
          "such as test.example.com. [shared-domain]",
      ]);
      removeFolder(root);
      const [, of = ""] = await repository(files, { "dokploy:checks": "shared-domain/web=off" });
      assert.match(of, /stages: services\/far\S+ a\.localhost\/ as services\/docs\S+\. Requests/);
      removeFolder(root);
      const level = { "dokploy:checks": "shared-domain/docs=off" };
      assert.equal((await repository(files, level)).length, 1, "the port");
    });

    it("name both lines of two repositories of one program, also of a part with a secret", async () => {
      const service = (more: string) => wiki(`domains: [{ host: a.localhost, port: 80${more} }]\n`);
      root = makeFolder({
        "one/services/docs/dokploy-app.yaml": service(""),
        "two/services/web/dokploy-app.yaml": service(", internalPath: !secret guard"),
        ...Object.fromEntries(
          ["one/envs/base/docs", "two/envs/base/web"].flatMap((file) => [[`${file}.yaml`, ""]]),
        ),
        ...Object.fromEntries(
          ["one/envs/test/docs", "two/envs/test/web"].flatMap((file) => [[`${file}.yaml`, ""]]),
        ),
      });
      const found = await said(
        () => {
          for (const name of ["one", "two"])
            new dokploy.DeploymentRepository(name, { directory: `${root}/${name}`, root });
        },
        { "shop:guard": "/inside" },
      );
      assert.match(
        found.join("\n"),
        /two\/services\/web\S+ a\.localhost\/ as \S*one\/services\/docs\S+\. Requests/,
      );
    });
  });

  it("have levels for the stack, and for one resource or variable", async () => {
    const program = () => {
      api("one", { source: { type: "docker", image: "nginx" } });
      api("two", { source: { type: "docker", image: "nginx" } });
    };
    const levels = (text: string) => said(program, { "dokploy:checks": text });
    assert.deepEqual(await levels("latest-tag=off"), []);
    assert.match((await levels("latest-tag/one=off")).join(), /: Application "two"\. /);
    assert.match((await levels("latest-tag=info")).join(), /^info: .*"one", Application "two"/);
  });

  describe("for secrets in plain text", () => {
    const inputsOf = (name: string) => (registered.find((one) => one.name === name) ?? assert.fail()).inputs;
    const shown = (name: string) => inputsOf(name)["env"] as Record<string, unknown>;
    /** Returns what a resource lists for policies. */
    const notedFor = (name: string) => (inputsOf(name)[identityKey] as { plain?: unknown }).plain;

    it("hide those of a program, and name them", async () => {
      const found = await said(() => {
        api("api", { env: { DB_PASSWORD: "canary-hunter2", LOG_LEVEL: "info" } });
        new dokploy.Project("shop", { name: "shop", env: { URL: "postgres://a:canary-pw@db/x" } });
      });
      assert.equal(found.length, 1);
      assert.match(
        found[0] ?? "",
        /^warning: In plain text, and looks like a secret: Application "api" env\.DB_PASSWORD, Project "shop" env\.URL\. .*\[plain-secret\]$/,
      );
      assert.doesNotMatch(found.join(), /canary/);
      assert.equal(pulumi.runtime.isRpcSecret(shown("api")), true);
    });

    describe("in a file", () => {
      let folder: string;
      beforeEach(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "plan-checks-"));
      });
      afterEach(() => fs.rmSync(folder, { recursive: true }));
      const root = () => ({ root: folder });
      const file = (name: string, text: string) => {
        fs.writeFileSync(path.join(folder, name), text);
        return path.join(folder, name);
      };

      it("name the file and the line, and respect !plain", async () => {
        const yaml = file("api.yaml", "A: b\nDB_PASSWORD: canary-1\nCSRF_TOKEN: !plain visible\n");
        const found = await said(() => void api("api", { env: dokploy.loadEnv(yaml, root()) }));
        assert.equal(found.length, 1);
        assert.ok(found[0]?.includes(`looks like a secret: ${yaml}:2:1 DB_PASSWORD. `), found.join());
        const plain = await said(
          () =>
            void api("api", {
              env: { A: "b", ...dokploy.loadEnv(file("b.yaml", "CSRF_TOKEN: !plain visible"), root()) },
            }),
        );
        assert.deepEqual(plain, []);
        assert.deepEqual(shown("api"), { A: "b", CSRF_TOKEN: "visible" });
      });

      it("are silent about a file that git ignores", async () => {
        execFileSync("git", ["init", "-q", folder]);
        file(".gitignore", ".env\n");
        const found = await said(
          () => void api("api", { env: dokploy.loadEnv(file(".env", "TOKEN=canary"), root()) }),
        );
        assert.deepEqual([found, notedFor("api")], [[], undefined]);
        await said(() => void api("web", { env: dokploy.loadEnv(file("web.env", "TOKEN=canary"), root()) }));
        assert.deepEqual(notedFor("web"), ["env.TOKEN"]);
      });

      it("name values that YAML cuts at a comment, and no comments that are meant", async () => {
        const text =
          'COLOR: red #fff\nB: a # words\nC: "x #y"\nD: a#b\nE: a ## words\nF: a  #b\nG: # nothing\nH: |\n  x #y\n';
        const yaml = file("api.yaml", text);
        const found = await said(() => void api("api", { env: dokploy.loadEnv(yaml, root()) }));
        assert.equal(found.length, 1);
        assert.ok(found[0]?.includes(` as a comment: ${yaml}:1:1 COLOR, ${yaml}:6:1 F. `), found.join());
      });
    });
  });
});
