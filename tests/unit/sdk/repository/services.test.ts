import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { loadEnv } from "../../../../sdk";
import { readLayout } from "../../../../sdk/repository";
import { loadSharedEnv, readServices } from "../../../../sdk/repository/services";
import { EnvFolder, failureOf } from "../env-files/env-folder";
import { makeFolder, removeFolder } from "./folder";

describe("the services of a deployment repository", () => {
  const folders: string[] = [];
  after(() => folders.forEach(removeFolder));

  function orderOf(dependsOn: Readonly<Record<string, string>>): string[] {
    const files = Object.entries(dependsOn).map(([name, others]) => [
      `services/${name}/dokploy-app.yaml`,
      `kind: application\nimage: acme/${name}:1\ndependsOn: [${others}]\n`,
    ]);
    const root = makeFolder(Object.fromEntries(files));
    folders.push(root);
    try {
      return readServices(readLayout(root, "test", { root }), undefined, { root }).map(({ name }) => name);
    } catch (error) {
      throw new Error((error as Error).message.replaceAll(`${root}/`, ""));
    }
  }

  it("come after those that they depend on", () => {
    assert.deepEqual(orderOf({ a: "c, b", b: "c", c: "", d: "" }), ["c", "b", "a", "d"]);
  });

  it("are refused if they depend on each other in a circle, with a place of it", () => {
    assert.throws(
      () => orderOf({ a: "c, b", b: "c", c: "d, b", d: "" }),
      /^Error: services\/b\/dokploy-app\.yaml:3:13: dependsOn forms a circle: c -> b -> c;/,
    );
    assert.throws(() => orderOf({ a: "a" }), /^Error: services\/a\/dokploy-app\.yaml:3:13: .*: a -> a;/);
  });

  describe("with texts and an image in files of their folder", () => {
    const service = (tagged: string) => `kind: compose\n${tagged}\n`;
    const nginx = "mounts: [{ type: file, mountPath: /a, filePath: a, content: !file conf/nginx.conf }]";
    const read = (app: string, more: Readonly<Record<string, string>> = {}, only?: string[]) => {
      const root = makeFolder({
        "services/wiki/dokploy-app.yaml": service(app),
        "services/wiki/compose.yaml": "services: {}\n",
        "services/wiki/conf/nginx.conf": "server {}\n",
        "services/wiki/icon.svg": "<svg/>",
        "envs/test/wiki.yaml": "",
        ...more,
      });
      folders.push(root);
      try {
        const [wiki] = readServices(readLayout(root, "test", { root }), only, { root });
        return wiki?.app.inputs ?? {};
      } catch (error) {
        throw new Error((error as Error).message.replaceAll(`${root}/`, ""));
      }
    };

    it("have them as they are, an icon as a data URL", () => {
      assert.deepEqual(read(`${nginx}\nicon: !file icon.svg`), {
        icon: `data:image/svg+xml;base64,${Buffer.from("<svg/>").toString("base64")}`,
        mounts: [{ type: "file", mountPath: "/a", filePath: "a", content: "server {}\n" }],
      });
    });

    it("need no file where a run does not work on them", () => {
      const { mounts } = read(nginx.replace("nginx.conf", "none.conf"), {}, []);
      assert.deepEqual(mounts, [{ type: "file", mountPath: "/a", filePath: "a", content: "" }]);
    });

    for (const [what, app, message] of [
      [
        "a file that does not exist",
        nginx.replace("nginx", "none"),
        /^Error: services\/wiki\/conf\/none\.conf: there is no such file/,
      ],
      [
        "a file of another folder",
        nginx.replace("conf/nginx.conf", "../wiki/icon.svg"),
        /wiki\/dokploy-app\.yaml:2:52: !file takes the path/,
      ],
      [
        "a path from the root",
        nginx.replace("conf/nginx.conf", "/etc/passwd"),
        /:2:52: !file takes the path of a file/,
      ],
      ["nothing", nginx.replace("conf/nginx.conf", '""'), /:2:52: !file takes the path/],
      ["an icon of no type", "icon: !file conf/nginx.conf", /nginx\.conf: images end with \.svg/],
      [
        "a number",
        "randomize: !file icon.svg",
        /:2:1: randomize: !file gives a text, which does not fit here/,
      ],
      [
        "a field of the repository",
        "dependsOn: [!file icon.svg]",
        /dependsOn\.0: !file: must be written here/,
      ],
      ["several values", "mounts: !file [a]", /has a YAML tag, which is for a single value/],
    ] as const)
      it(`refuse ${what}`, () => {
        assert.throws(() => read(app), message);
      });
  });

  it("have former names that no service of the repository has, and only one of them had", () => {
    const services = (former: string) => {
      const files = Object.entries({ a: former, b: "[old]", c: "[]" }).map(([name, names]) => [
        `services/${name}/dokploy-app.yaml`,
        `kind: application\nimage: acme/${name}:1\nformerNames: ${names}\n`,
      ]);
      const root = makeFolder(Object.fromEntries(files));
      folders.push(root);
      const read = () => readServices(readLayout(root, "test", { root }), undefined, { root });
      return { read, message: () => failureOf(read).replaceAll(`${root}/`, "") };
    };
    assert.deepEqual(
      services("[older, oldest]")
        .read()
        .map(({ app }) => app.formerNames.map(({ name }) => name)),
      [["older", "oldest"], ["old"], []],
    );
    assert.equal(
      services("[c]").message(),
      'services/a/dokploy-app.yaml:3:15: formerNames: the repository still has a service "c"; remove its folder, or this name',
    );
    assert.equal(
      services("[older, old]").message(),
      "services/b/dokploy-app.yaml:3:15: formerNames: a has the former name old too; remove it from one of them",
    );
  });

  describe("that a run does not work on", () => {
    const files = {
      "services/api/dokploy-app.yaml": "kind: application\nimage: acme/api:1\n",
      "envs/test/api.yaml": "LOG: info\n",
    };
    const elsewhere = {
      "of its variables": {
        "services/web/dokploy-app.yaml": "kind: application\nimage: acme/web:1\n",
        "envs/test/web.yaml": "TOKEN: !env NOT_IN_THIS_JOB\nOTHER: !secret notInThisStack\n",
      },
      "of its dokploy-app.yaml": {
        "services/web/dokploy-app.yaml":
          "kind: application\nimage: acme/web:1\nbuildArgs:\n  TOKEN: !env NOT_IN_THIS_JOB\n  OTHER: !secret notInThisStack\n",
      },
    };
    for (const [what, web] of Object.entries(elsewhere)) {
      it(`need none of the secrets ${what}`, () => {
        const root = makeFolder({ ...files, ...web });
        folders.push(root);
        const read = (only: string[] | undefined) =>
          readServices(readLayout(root, "test", { root }), only, { root });
        assert.deepEqual(
          read(["api"]).map(({ name, selected, env }) => [name, selected, env && Object.keys(env)]),
          [
            ["api", true, ["LOG"]],
            ["web", false, undefined],
          ],
        );
        assert.throws(() => read(["web"]), /NOT_IN_THIS_JOB[\s\S]*notInThisStack/);
        assert.throws(() => read(undefined), /NOT_IN_THIS_JOB[\s\S]*notInThisStack/);
      });
    }
  });
});

describe("a service that takes the image of another one", () => {
  const api =
    "kind: application\nsource:\n  type: docker\n  image: acme/api:${IMAGE_TAG}\n  username: bot\n  password: !env TOKEN\n";
  const worker = "kind: application\nimageOf: api\n";
  let folder: EnvFolder;
  beforeEach(() => {
    folder = new EnvFolder();
    folder.write("services/api/dokploy-app.yaml", api);
    folder.write("services/worker/dokploy-app.yaml", worker);
    process.env["TOKEN"] = "canary";
  });
  afterEach(() => {
    folder.remove();
    delete process.env["TOKEN"];
  });
  const read = (only?: string[]) => readServices(readLayout(".", "test"), only, {});
  const refused = (file: string, text: string) => {
    folder.write(file, text);
    return failureOf(read);
  };

  it("has its source, with the login", () => {
    const [first, second] = read();
    assert.equal(first?.name, "api");
    const { username, image } = { ...(second?.app.inputs["source"] as Record<string, unknown>) };
    assert.deepEqual([second?.name, username, image], ["worker", "bot", "acme/api:${IMAGE_TAG}"]);
    assert.deepEqual(
      [second?.image?.service, second?.image?.text, first?.image],
      ["api", "acme/api:${IMAGE_TAG}", undefined],
    );
  });

  it("has the login in a run that does not work on the other one, and no other secret of it", async () => {
    folder.write("services/api/dokploy-app.yaml", `${api}buildArgs: { OTHER: !env NOT_IN_THIS_JOB }\n`);
    const service = read(["worker"]).find(({ name }) => name === "worker");
    const password = (service?.image?.source as { password: pulumi.Output<string> } | undefined)?.password;
    assert.equal(await new Promise((resolve) => password?.apply(resolve)), "canary");
    delete process.env["TOKEN"];
    assert.match(
      failureOf(() => read(["worker"])),
      /^services\/api\/dokploy-app\.yaml:6:3: .*TOKEN/,
    );
    // Neither is selected.
    folder.write("services/web/dokploy-app.yaml", "kind: application\nimage: acme/web:1\n");
    read(["web"]);
  });

  it("needs an application of the repository with an image of its own", () => {
    const own = "services/worker/dokploy-app.yaml";
    const at = `${own}:2:1: imageOf: `;
    assert.equal(
      refused(own, "kind: application\nimageOf: apii\n"),
      `${at}the repository has no service "apii"; did you mean api?`,
    );
    assert.equal(
      refused(own, "kind: application\nimageOf: shop\n"),
      `${at}the repository has no service "shop"; it has api, worker`,
    );
    assert.equal(
      refused(own, "kind: application\nimageOf: worker\n"),
      `${at}worker takes its image from worker itself; name that one`,
    );
    folder.write(own, worker);
    const why = "so it has no image that another service could take";
    for (const [text, what] of [
      ["kind: redis\npassword: x\n", "is of kind redis"],
      [
        "kind: application\nsource: { type: git, url: https://git.acme.dev/a.git, branch: main }\n",
        "is built from source",
      ],
    ])
      assert.equal(refused("services/api/dokploy-app.yaml", text ?? ""), `${at}api ${what}, ${why}`);
    assert.match(refused("services/api/dokploy-app.yaml", "kind: application\n"), /^services\/api\/[^\n]*$/);
  });

  it("of compose uses the tag for this image only", () => {
    const own = "services/worker/dokploy-app.yaml";
    folder.write(own, "kind: compose\nimageOf: api\n");
    const file = "services/worker/compose.yaml";
    const services = (image: string) =>
      `services:\n  a:\n    image: acme/api:\${IMAGE_TAG}\n  b:\n    image: ${image}\n`;
    folder.write(file, services("redis:7"));
    assert.equal(read()[1]?.image?.service, "api");
    assert.equal(
      refused(file, services("acme/web:${IMAGE_TAG}")),
      `${own}:2:1: imageOf: the image of its compose file is acme/web:\${IMAGE_TAG}, but that of api is acme/api:\${IMAGE_TAG}`,
    );
    assert.equal(
      refused(file, "services: { a: { image: redis:7 } }\n"),
      `${own}:2:1: imageOf: no image of its compose file has \${IMAGE_TAG}`,
    );
    // The checks of compose files report that it cannot be read.
    folder.write(file, "services:\n\ta: { image: 'acme/api:${IMAGE_TAG}' }\n");
    assert.equal(read()[1]?.image?.service, "api");
    folder.write(file, services("redis:7"));
    assert.equal(
      refused("services/api/dokploy-app.yaml", "kind: application\nimage: acme/api\n"),
      `${own}:2:1: imageOf: the image of api has no tag that the compose file could take`,
    );
  });
});

describe("a contract of a deployment repository", () => {
  const app = "kind: application\nimage: acme/api:1\n";
  const read = () => readServices(readLayout(".", "test"), undefined, {});
  let folder: EnvFolder;
  beforeEach(() => {
    folder = new EnvFolder();
    folder.write("services/api/dokploy-app.yaml", app);
    folder.write(
      "services/db/dokploy-app.yaml",
      "kind: postgres\nimage: postgres:17\ndatabase: a\nuser: b\npassword: c\n",
    );
  });
  afterEach(() => folder.remove());

  it("is no stage, and holds for services without files and for what the repository gives", () => {
    folder.write(
      "envs/schema.yaml",
      "services: { api: { DATABASE_URL: { secret: true }, LEVEL: , IMAGE_TAG: } }\n",
    );
    folder.write("envs/test/api.yaml", "LEVEL: info\n");
    folder.write("services/api/dokploy-app.yaml", `${app}databaseUrls: { DATABASE_URL: db }\n`);
    assert.deepEqual(readLayout(".", "test").stages, ["test"]);
    read();
    folder.write("envs/schema.yaml", "services: { '*': { LEVEL: { required: true } } }\n");
    read();
    folder.write("envs/test/db.yaml", "");
    folder.write("envs/schema.yaml", "services: { api: { LEVEL: }, db: { TZ: } }\n");
    assert.equal(
      failureOf(read),
      "envs/test/db.yaml: TZ: is missing, and stage test needs it (envs/schema.yaml:1:36)",
    );
  });

  it("with a mistake is reported once, with the mistakes of other files", () => {
    folder.write("envs/schema.yaml", "services: 1\n");
    folder.write("envs/test/api.yaml", "A: 1\n");
    folder.write("envs/test/db.yaml", "A: []\n");
    const lines = failureOf(read).split("\n");
    assert.equal(lines.filter((line) => line.startsWith("envs/schema.yaml")).length, 1, lines.join("\n"));
    assert.equal(
      lines.filter((line) => line.startsWith("envs/test/db.yaml:1:4")).length,
      1,
      lines.join("\n"),
    );
  });
});

describe("a file of a deployment repository that leads into .git", () => {
  const app = "services/cache/dokploy-app.yaml";
  const token = "canary-of-the-job";
  let root: string;
  const at = (name: string) => path.join(root, name);
  const link = (to: string, name: string) => {
    fs.mkdirSync(path.dirname(at(name)), { recursive: true });
    fs.symlinkSync(to, at(name));
  };
  const read = () => readServices(readLayout(root, "test", { root }), undefined, { root });
  const refused = () =>
    assert.throws(read, (error: Error) => {
      assert.match(error.message, /: leads into \.git, .* are never read/);
      assert.doesNotMatch(error.message, /canary/);
      return true;
    });

  beforeEach(() => {
    root = makeFolder({
      ".git/config": `[http "https://github.com/"]\n\textraheader = AUTHORIZATION: basic ${token}\n`,
      ".git/modules/lib/vars.env": `TOKEN=${token}\n`,
      [app]: "kind: compose\ncomposeFile: compose.yaml\n",
      "services/cache/compose.yaml": "services: {}\n",
    });
  });
  afterEach(() => removeFolder(root));

  it("is not read", () => {
    assert.equal(read()[0]?.composeFile?.composeFile, "services: {}\n");
    fs.writeFileSync(at(app), "kind: compose\ncomposeFile: ../../.git/config\n");
    refused();
    fs.writeFileSync(at(app), "kind: compose\n");
    fs.rmSync(at("services/cache/compose.yaml"));
    link("../../.git/config", "services/cache/compose.yaml");
    refused();
    fs.rmSync(at(app));
    link("../../.git/config", app);
    refused();
    fs.rmSync(at("services/cache"), { recursive: true });
    link("../.git", "services/cache");
    refused();
    fs.rmSync(at("services/cache"));
    fs.mkdirSync(at("services/cache"));
    fs.writeFileSync(at(app), "kind: application\nimage: a:1\n");
    link("../../.git/modules/lib/vars.env", "envs/test/cache.env");
    refused();
  });
});

const app = (name: string, more = "") => `kind: application\nimage: acme/${name}:1\n${more}`;
const postgres = "kind: postgres\nimage: postgres:18\ndatabase: shop\nuser: shop\n";
const compose = (service: string, more = "") =>
  `services:\n  redis:\n    image: redis:8\n    ${service}\nnetworks:\n  edge: { external: true, name: dokploy-network }\n${more}`;

describe("addresses of services in files of variables", () => {
  let folder: EnvFolder;
  beforeEach(() => {
    folder = new EnvFolder();
    folder.write("services/web/dokploy-app.yaml", app("web"));
    folder.write("services/api/dokploy-app.yaml", app("api", "domains: [{ host: a.acme.dev }]\n"));
    folder.write("services/orders/dokploy-app.yaml", postgres);
  });
  afterEach(() => folder.remove());
  const read = (only?: readonly string[]) => readServices(readLayout(".", "test"), only, {});
  const web = (variables: string) => {
    folder.write("envs/test/web.yaml", variables);
    return read();
  };
  const addresses = (variables: string) =>
    web(variables)
      .find(({ name }) => name === "web")
      ?.addresses.map(({ variable, name, container, port, scheme, path }) =>
        [variable, name, container, port, scheme, path].filter((part) => part !== undefined && part !== ""),
      );

  it("name a service, and where it is not known its port; also a scheme and a path", () => {
    assert.deepEqual(
      addresses(
        "A: !ref api\nB: !ref api:8080\nC: !ref grpc://api:9000/v1?x=1\nD: !ref orders\nE: !ref api/v1\n",
      ),
      [
        ["A", "api", 3000],
        ["B", "api", 8080],
        ["C", "api", 9000, "grpc", "/v1?x=1"],
        ["D", "orders"],
        ["E", "api", 3000, "/v1"],
      ],
    );
  });

  it("take the port of the health check, or of the only domain", () => {
    const ask = (more: string) => {
      folder.write("services/api/dokploy-app.yaml", app("api", more));
      return addresses("A: !ref api\n");
    };
    assert.deepEqual(ask("domains: [{ host: a.acme.dev, port: 80 }, { host: b.acme.dev, port: 80 }]\n"), [
      ["A", "api", 80],
    ]);
    const needed =
      "envs/test/web.yaml:1:1: A: !ref api: no file says which port it listens on; write !ref api:PORT";
    assert.equal(
      failureOf(() => ask("domains: [{ host: a.acme.dev, port: 80 }, { host: b.acme.dev }]\n")),
      needed,
    );
    assert.equal(
      failureOf(() => ask("")),
      needed,
    );
  });

  it("put a service after those whose address it gets", () => {
    folder.write("envs/test/api.yaml", "DATABASE_URL: !ref orders\nWORKER: !ref web:80\n");
    assert.deepEqual(
      read().map(({ name }) => name),
      ["orders", "web", "api"],
    );
  });

  it("keep today's meanings, and an empty value for each address until it is known", () => {
    const services = web(
      "A: !ref project.X\nB: !ref environment.Y\nC: !ref A\nD: !ref vault.main.key\nE: !ref api:80\n",
    );
    const { env } = services.find(({ name }) => name === "web") ?? assert.fail();
    assert.deepEqual(env, {
      A: "${{project.X}}",
      B: "${{environment.Y}}",
      C: "${{A}}",
      D: "${{vault.main.key}}",
      E: "",
    });
    folder.write("envs/test/web.yaml", "A: !ref IMAGE_TAG\nB: !ref APP_NAME\n");
    read();
  });

  const refused: Readonly<Record<string, [variables: string, message: string]>> = {
    "a name that is not there": [
      "A: !ref aip\n",
      "A: !ref aip is neither a variable of this service nor a service of the repository; did you mean api?",
    ],
    "a name with a port that is not there": [
      "A: !ref payments:80\n",
      "A: !ref payments is no service of the repository; the services are api, orders, web",
    ],
    "a name that is both": [
      "api: x\nA: !ref api\n",
      'A: !ref api is both a service of the repository and a reference to a variable; write `!ref api:PORT` for the address of the service, or `"${{api}}"` for the variable',
    ],
    "the service itself": [
      "A: !ref web:80\n",
      "A: !ref web:80: is the service itself, whose address is known only once it exists; its own containers reach it under localhost",
    ],
    "a container of an application": [
      "A: !ref api.main:80\n",
      "A: !ref api.main:80: api has no containers with names of their own; write !ref api:PORT",
    ],
    "a port of a database": [
      "A: !ref orders:5433\n",
      "A: !ref orders:5433: orders is a database, whose whole address with its login is !ref orders",
    ],
    "a port that none is": [
      "A: !ref api:70000\n",
      "A: !ref takes project.NAME, environment.NAME, NAME or vault.PROVIDER.REFERENCE, without braces, or a service of the repository: SERVICE:PORT/path, with a number as PORT",
    ],
  };
  for (const [what, [variables, message]] of Object.entries(refused)) {
    it(`refuse ${what}, at its place`, () => {
      const [place, reason] = failureOf(() => web(variables)).split(/ (.*)/s);
      assert.match(String(place), /^envs\/test\/web\.yaml:[12]:[149]:$/);
      assert.equal(reason, message);
    });
  }

  it("are refused all at once, those without a service and those of a service that has no such container", () => {
    folder.write("services/cache/dokploy-app.yaml", "kind: compose\n");
    folder.write("services/cache/compose.yaml", "services: { redis: { image: 'redis:8' } }\n");
    folder.write("services/orders/dokploy-app.yaml", `${postgres}dependsOn: [nobody]\n`);
    folder.write("envs/test/api.yaml", "A: !ref cache.redsi:80\nB: !ref wbe\nC: !ref orders:1\n");
    folder.write("envs/test/orders.yaml", "A: !ref apii:80\n");
    const failure = failureOf(() => web("A: !ref aip\nB: !ref cache\nC: !ref api\n"));
    assert.deepEqual(failure.replaceAll(/^(\S+) (.*?); .*$/gm, "$1 $2").split("\n"), [
      "envs/test/api.yaml:2:1: B: !ref wbe is neither a variable of this service nor a service of the repository",
      'services/orders/dokploy-app.yaml:5:13: dependsOn: the repository has no service "nobody"',
      "envs/test/orders.yaml:1:1: A: !ref apii is no service of the repository",
      "envs/test/web.yaml:1:1: A: !ref aip is neither a variable of this service nor a service of the repository",
      "envs/test/api.yaml:1:1: A: !ref cache.redsi:80: the compose file of cache has no service redsi",
      "envs/test/web.yaml:2:1: B: !ref cache: is a compose service",
    ]);
    assert.match(failure, /did you mean web\?[\s\S]*did you mean api\?[\s\S]*did you mean redis/);
  });

  it("refuse a circle, since an address is known only once its service exists", () => {
    folder.write("envs/test/api.yaml", "WEB: !ref web:80\n");
    assert.match(
      failureOf(() => web("API: !ref api\n")),
      /^envs\/test\/web\.yaml:1:1: API: !ref api forms a circle: api -> web -> api; the address of a service is known only once it exists/,
    );
  });

  it("are refused in shared variables, and in files outside a repository", () => {
    folder.write("envs/test/shared.yaml", "A: !ref LOG\n");
    const shared = () => loadSharedEnv(readLayout(".", "test"), {}, undefined);
    assert.deepEqual(shared(), { A: "${{LOG}}" });
    for (const value of ["api", "api:80"]) {
      folder.write("envs/test/shared.yaml", `A: !ref ${value}\n`);
      assert.match(
        failureOf(shared),
        /shared\.yaml:1:1: A: !ref api is a service, and shared variables are saved before any service exists; write it in the file of each/,
      );
    }
    folder.write("envs/test/web.yaml", "A: !ref api:80\n");
    assert.match(
      failureOf(() => loadEnv("envs/test/web.yaml")),
      /web\.yaml:1:1: A: !ref api:80 is the address of a service, which only files of a deployment repository know/,
    );
  });

  it("are not read from services that a run does not work on", () => {
    folder.write("envs/test/web.yaml", "A: !ref nowhere:80\n");
    assert.deepEqual(read(["api"]).find(({ name }) => name === "web")?.addresses, []);
  });

  describe("of containers", () => {
    const cache = (file: string, more = "") => {
      folder.write("services/cache/dokploy-app.yaml", `kind: compose\n${more}`);
      folder.write("services/cache/compose.yaml", file);
      folder.write("envs/test/cache.yaml", "");
    };
    const failure = (variables = "A: !ref redis://cache.redis:6379\n") =>
      failureOf(() => web(variables)).replace(/^envs\/test\/web\.yaml:1:1: A: !ref \S+: /, "");

    it("have their name in the compose file after the service's", () => {
      for (const network of ["dokploy-network", "edge"]) {
        cache(compose(`networks: [${network}, default]`));
        assert.deepEqual(addresses("A: !ref redis://cache.redis:6379/0\n"), [
          ["A", "cache", "redis", 6379, "redis", "/0"],
        ]);
      }
      assert.equal(
        failure("A: !ref cache\n"),
        "is a compose service; name one of its containers: !ref cache.redis:PORT",
      );
      assert.equal(
        failure("A: !ref cache.redsi:1\n"),
        "the compose file of cache has no service redsi; did you mean redis?",
      );
      assert.equal(
        failure("A: !ref cache.redis\n"),
        "no file says which port it listens on; write !ref cache.redis:PORT",
      );
      cache(compose("networks: [edge]\n    container_name: mine"));
      assert.match(failure(), /^redis has a container_name, so that its host is that name on every stage/);
    });

    it("are refused where the files prove that no network leads there", () => {
      const apart =
        "web and cache have no network in common; give both the same one; for a container, that is `networks: [dokploy-network]` in its compose file";
      cache(compose("restart: always"));
      assert.equal(failure(), apart);
      cache(compose("networks: [inner]", "  inner: {}\n"));
      assert.equal(failure(), apart);
      cache(
        compose("networks: [edge]"),
        "serviceNetworks: [{ serviceName: redis, networkIds: [], detachDokployNetwork: true }]\n",
      );
      assert.equal(failure(), apart);
      cache(compose("restart: always"), "domains: [{ host: a.acme.dev, serviceName: redis, port: 80 }]\n");
      assert.equal(addresses("A: !ref cache.redis:80\n")?.length, 1, "a container with a domain joins it");
      cache(
        compose("restart: always"),
        "isolatedDeployment: true\ndomains: [{ host: a.acme.dev, serviceName: redis, port: 80 }]\n",
      );
      assert.match(
        failure(),
        /^web and cache have no network in common; cache is an isolated deployment: remove that/,
      );
      cache(compose("network_mode: host"));
      assert.equal(addresses("A: !ref cache.redis:80\n")?.length, 1, "nothing is proved");
    });
  });

  it("are refused between services with other networks or servers, as far as that is certain", () => {
    const api = (more: string) => folder.write("services/api/dokploy-app.yaml", app("api", more));
    const failure = () => failureOf(() => web("A: !ref api:80\n")).replace(/^.*!ref api:80: /, "");
    api("detachDokployNetwork: true\n");
    assert.match(failure(), /^web and api have no network in common; give both the same one/);
    api("swarm: { networks: [{ Target: inner }] }\n");
    assert.match(failure(), /^web and api have no network in common/);
    api("detachDokployNetwork: true\nnetworkIds: [PQqzqTGCVtx0St2SA3vCi]\n");
    assert.match(failure(), /^web and api have no network in common/);
    folder.write("services/web/dokploy-app.yaml", app("web", "networkIds: [PQqzqTGCVtx0St2SA3vCi]\n"));
    web("A: !ref api:80\n");
    folder.write("services/web/dokploy-app.yaml", app("web", "swarm: { networks: [{ Target: inner }] }\n"));
    web("A: !ref api:80\n");
    api("serverId: PQqzqTGCVtx0St2SA3vCi\n");
    assert.match(failure(), /^web and api run on different servers/);
  });
});
