import * as assert from "node:assert/strict";
import { type ComposeRule, composeRules } from "../checks/rules";
import { check, found, type Options, service } from "./found";

const stack: Options = { composeType: "stack" };
const db = "  db: {image: 'postgres:16'}\n";
/** Returns a file with a service of the profile dev, and a service without profiles. */
const dev = (lines: string, more = "") =>
  `services:\n  web: {image: 'acme/web:1', ports: ['8005:80']}\n  dev: {image: 'acme/dev:1', profiles: [dev], ${lines}}\n${more}`;
const asked: Options = { variables: { COMPOSE_PROFILES: "test, dev" } };
const notAsked: Options = { variables: {} };

const written = (path: string) => ({ path, content: "" });

/** Files with findings, and similar files without. */
const cases: Partial<
  Record<
    ComposeRule,
    { bad: [text: string, places: string[], options?: Options][]; good: [text: string, options?: Options][] }
  >
> = {
  interpolation: {
    bad: [
      [service("command: a ${"), ["4:16"]],
      [service('command: ["x", "a ${1}"]'), ["4:23"]],
      [service("environment:\n  A: ${{project.A}}"), ["5:10"]],
      [service("command: echo $1"), ["4:19"], stack],
      [service("environment:\n  A: ${A:+b}\n  B: ${B+b}"), ["5:10", "6:10"], stack],
    ],
    good: [[service("command: echo $1 $$x $(date) ${A:-b} ${A:+b}")], [service("command: echo $$1"), stack]],
  },
  "undefined-name": {
    bad: [
      [service("volumes: ['data:/data']"), ["4:15"]],
      [service("volumes:\n  - {type: volume, source: data, target: /data}"), ["5:9"]],
      [service("networks: [front]"), ["4:16"]],
      [service("networks:\n  front: {}"), ["5:7"]],
      [service("secrets: [key]"), ["4:15"]],
      [service("models: [llm]"), ["4:14"]],
      [service("configs: [{source: conf}]"), ["4:15"]],
      [service("depends_on: [db]"), ["4:18"]],
      [service("depends_on:\n  db: {condition: service_started}"), ["5:7"]],
      [service("network_mode: service:db"), ["4:19"]],
      [service("links: ['db:database']"), ["4:13"]],
      [service("volumes: ['data/db:/db']"), ["4:15"]],
      [service("volumes_from: ['db:ro']"), ["4:20"]],
      [service("pid: service:db\nipc: service:db"), ["4:10", "5:10"]],
      [service("depends_on:\n  db: {condition: service_started, required: false}"), ["5:7"]],
      [service("extends: db"), ["4:14"]],
      [service("extends: {service: db}"), ["4:24"]],
      [service("build: {context: 'https://a.dev/b.git', secrets: [key]}"), ["4:55"]],
      [dev("extends: db"), ["3:56"], notAsked],
      [dev("volumes: ['data:/data'], networks: [front], depends_on: [db]"), ["3:57", "3:83", "3:104"], asked],
      [service("depends_on: [db]", "  db: {image: 'p:1', profiles: [dev]}\n"), ["4:18"], notAsked],
      [
        service(
          "depends_on: [db]",
          "  db: {extends: {service: base}}\n  base: {image: 'p:1', profiles: [dev]}\n",
        ),
        ["4:18"],
        notAsked,
      ],
    ],
    good: [
      [dev("volumes: ['data:/data'], networks: [front], secrets: [s], depends_on: [db]"), notAsked],
      [dev("volumes: ['data:/data'], networks: [front], secrets: [s], depends_on: [db]")],
      [service("depends_on: [db]", "  db: {image: 'p:1', profiles: [dev]}\n"), asked],
      [service("depends_on: [db]", "  db: {image: 'p:1', profiles: [dev]}\n")],
      [
        service("depends_on: [db]", "  db: {image: 'p:1', profiles: [dev]}\n"),
        { variables: { COMPOSE_PROFILES: "*" } },
      ],
      [
        service("depends_on: [db]", "  db: {image: 'p:1', profiles: [dev]}\n"),
        { variables: { COMPOSE_PROFILES: "${{project.PROFILES}}" } },
      ],
      [
        service("depends_on: [db]", "  db: {image: 'p:1', profiles: [dev]}\n"),
        { variables: {}, ownCommand: true },
      ],
      [
        service("depends_on: [db]", "  db: {image: 'p:1', profiles: ['${P}']}\n"),
        { variables: { P: "x", COMPOSE_PROFILES: "x" } },
      ],
      [
        service(
          "depends_on:\n  db: {condition: service_started, required: false}",
          "  db: {image: 'p:1', profiles: [dev]}\n",
        ),
        notAsked,
      ],
      [service("volumes_from: ['container:db:ro']\npid: host\nipc: shareable")],
      [service("depends_on: [db]\nlinks: [db]"), stack],
      [service("volumes: ['data:/data']", "volumes: {data: }\n")],
      [service("volumes: ['/data', '../files/a:/a:ro', '${V}:/b']")],
      [service("volumes:\n  - {type: volume, target: /data}")],
      [service("networks: [front, default, dokploy-network]", "networks: {front: {}}\n")],
      [service("secrets: [key]", "secrets: {key: {external: true}}\n")],
      [service("configs: [{source: conf}]", "configs: {conf: {content: a}}\n")],
      [service("depends_on: [db]\nlinks: ['db:database']", db)],
      [
        "include: ['oci://acme/base:1']\nservices:\n  web: {image: 'a:1', depends_on: [elsewhere]}\n",
        { levels: { "missing-file": "off" } },
      ],
    ],
  },
  "dependency-cycle": {
    bad: [
      ["services:\n  a: {image: 'a:1', depends_on: [b]}\n  b: {image: 'b:1', depends_on: [a]}\n", ["2:3"]],
      [service("depends_on: [web]"), ["2:3"]],
      [
        "services:\n  s: {image: 'a:1', depends_on: [a]}\n  a: {image: 'a:1', depends_on: [b]}\n" +
          "  b: {image: 'a:1', depends_on: [c]}\n  c: {image: 'b:1', depends_on: [a]}\n",
        ["3:3"],
      ],
      [service("links: [db]", "  db: {image: 'p:1', network_mode: 'service:web'}\n"), ["2:3"]],
      [service("volumes_from: [db]", "  db: {image: 'p:1', ipc: 'service:web'}\n"), ["2:3"]],
      [service("extends: web"), ["2:3"]],
      [dev("depends_on: [dev]"), ["3:3"], asked],
    ],
    good: [
      [dev("depends_on: [dev]"), notAsked],
      [service("depends_on: [web]"), stack],
      [
        "services:\n  a: {image: 'a:1', depends_on: [b, c]}\n  b: {image: 'a:1', depends_on: [d]}\n" +
          "  c: {image: 'a:1', depends_on: [d, b]}\n  d: {image: 'a:1'}\n",
      ],
    ],
  },
  "port-clash": {
    bad: [
      [service("ports: ['8080:80']", "  b: {image: 'b:1', ports: ['8080:90']}\n"), ["5:29"]],
      [service("ports: ['8080:80', '8080:81']"), ["4:24"]],
      [service("ports: ['8000-8010:8000-8010', '8005:1']"), ["4:36"]],
      [service("ports: ['8005:1', {target: 2, published: '8005'}]"), ["4:23"]],
      [service("ports: ['127.0.0.1:8005:1', '8005:2']"), ["4:33"]],
      [service("ports: ['0.0.0.0:8005:1', '10.0.0.1:8005:2']"), ["4:31"]],
      [service("ports: ['[::1]:8005:1', '8005:2']"), ["4:29"]],
      [service("ports: ['53:53/udp', '53:54/udp']"), ["4:26"]],
      [service("ports: ['${P:-8005}:1', '8005:2']"), ["4:29"], { variables: {} }],
      [service("ports: ['${P}:1', '8005:2']"), ["4:23"], { variables: { P: "8005" } }],
      [service("ports: ['127.0.0.1:8005:1', '10.0.0.1:8005:2']"), ["4:33"], stack],
      [service("ports: ['8005:1', '0.0.0.0:8005:1']"), ["4:23"]],
      [service("ports: ['8005:1', {target: 1, published: 8005}]"), ["4:23"], stack],
      [dev("ports: ['8005:80']"), ["3:55"], asked],
      [
        service(
          "profiles: [a]\nports: ['8005:1']",
          "  b: {image: 'b:1', profiles: [b], ports: ['8005:1']}\n",
        ),
        ["6:44"],
        { variables: { COMPOSE_PROFILES: "a,b" } },
      ],
      [
        service("deploy: {replicas: 0}\nports: ['8005:1']", "  b: {image: 'b:1', ports: ['8005:1']}\n"),
        ["6:29"],
        stack,
      ],
    ],
    good: [
      [dev("ports: ['8005:80']"), notAsked],
      [dev("ports: ['8005:80']")],
      [service("ports: ['8005:1', {target: 1, published: 8005}, '8004-8006:0-2']")],
      [service("ports: [{target: 1, published: 8005, protocol: '${P}'}, '8005:2']")],
      [service("scale: 0\nports: ['8005:1']", "  b: {image: 'b:1', ports: ['8005:1']}\n")],
      [service("deploy: {replicas: 0}\nports: ['8005:1']", "  b: {image: 'b:1', ports: ['8005:1']}\n")],
      [service("scale: ${N}\nports: ['8005:1']", "  b: {image: 'b:1', ports: ['8005:1']}\n")],
      [service("ports: ['8080:80', '8081:80', 9090, '9090', '9000-9010:80', '9005:81']")],
      [service("ports: ['53:53/udp', '53:53/tcp']")],
      [service("ports: ['127.0.0.1:8005:1', '10.0.0.1:8005:2', '[::1]:8005:3']")],
      [service("ports: ['${P}:1', '8005:2']"), { variables: { P: undefined } }],
      [service("ports: ['${P}:1', '${P}:2']")],
      [
        service(
          "profiles: [a]\nports: ['8005:1']",
          "  b: {image: 'b:1', profiles: [b], ports: ['8005:1']}\n",
        ),
      ],
      [
        service(
          "network_mode: host\nports: ['8005:1']",
          "  b: {image: 'b:1', network_mode: host, ports: ['8005:1']}\n",
        ),
      ],
    ],
  },
  "reserved-port": {
    bad: [
      [service("ports: ['80:80', '443:443/udp', '3000:3000']"), ["4:13", "4:22", "4:37"]],
      [service("ports: ['127.0.0.1:80:80']"), ["4:13"]],
      [service("ports: [{target: 80, published: 443}]"), ["4:13"]],
      [service("ports: ['2990-3010:2990-3010']"), ["4:13"]],
    ],
    good: [[service("ports: ['8080:80', '80', '80:80/udp', '3001:3000']")]],
  },
  "missing-file": {
    bad: [
      [service("env_file: app.env"), ["4:15"]],
      [service("env_file: [.env, ./conf/app.env]"), ["4:22"]],
      [service("env_file: [{path: app.env}]"), ["4:23"]],
      [service("label_file: labels"), ["4:17"]],
      ["services:\n  web:\n    build: .\n", ["3:12"]],
      ["services:\n  web:\n    build: {context: ./web}\n", ["3:22"]],
      ["services:\n  web:\n    extends: {file: base.yaml, service: web}\n", ["3:21"]],
      [service("secrets: [key]", "secrets:\n  key: {file: ./key.txt}\n"), ["6:15"]],
      [`include: [base.yaml]\n${service("")}`, ["1:11"]],
      [service("", "secrets:\n  key: {file: ./key.txt}\n"), ["5:15"], stack],
      [service("extends: {file: ../../base.yaml, service: web}"), ["4:21"]],
      [service("extends: {file: /srv/base.yaml, service: web}"), ["4:21"]],
      [
        `include: [../base.yaml, {path: [/srv/b.yaml, ../files/c.yaml]}]\n${service("env_file: ../app.env")}`,
        ["1:11", "1:33", "5:15"],
      ],
      [dev("extends: {file: base.yaml, service: web}"), ["3:63"], notAsked],
      [dev("build: ./dev, env_file: dev.env, label_file: labels"), ["3:54", "3:71", "3:92"], asked],
    ],
    good: [
      [
        dev(
          "build: ./dev, env_file: dev.env, label_file: labels, secrets: [key]",
          "secrets: {key: {file: k}}\n",
        ),
      ],
      [
        dev(
          "build: ./dev, env_file: dev.env, label_file: labels, secrets: [key]",
          "secrets: {key: {file: k}}\n",
        ),
        notAsked,
      ],
      [service("", "secrets:\n  key: {file: ./key.txt}\n")],
      [service("build: ."), stack],
      [service("env_file: [.env, ./.env, ../files/app.env, /etc/app.env, '${FILE}']")],
      [service("env_file: [{path: app.env, required: false}]")],
      [
        "services:\n  a: {build: 'https://github.com/acme/a.git#main'}\n  b: {build: ../files/b}\n  c: {build: ..}\n",
      ],
      [`include: [../files/base.yaml, 'https://acme.dev/base.yaml', 'oci://acme/base:1']\n${service("")}`],
      ["services:\n  a: {build: {context: ., dockerfile_inline: FROM scratch}}\n"],
    ],
  },
  "code-folder-mount": {
    bad: [
      [service("volumes: ['./data:/data']"), ["4:15"]],
      [service("volumes: ['.:/app:ro']"), ["4:15"]],
      [service("volumes: ['../code/a:/a']"), ["4:15"]],
      [service("volumes:\n  - {type: bind, source: ./conf.d/x.conf, target: /x}"), ["5:9"]],
    ],
    good: [
      [dev("volumes: ['./src:/app']"), notAsked],
      [service("volumes: ['../files/c:/c:ro', './.env:/app/.env:ro', 'data:/d']", "volumes: {data: }\n")],
    ],
  },
  "host-path-mount": {
    bad: [
      [service("volumes: ['/srv/data:/data']"), ["4:15"]],
      [service("volumes: ['~/data:/data', '../data:/d']"), ["4:15", "4:31"]],
      [service("volumes:\n  - {type: bind, source: /srv, target: /x}"), ["5:9"]],
    ],
    good: [
      [
        service(
          "volumes: ['/srv/conf:/conf:ro', '/var/run/docker.sock:/var/run/docker.sock', '../files/a:/a:ro']",
        ),
      ],
      [service("volumes: ['/etc/localtime:/etc/localtime', '/dev/dri:/dev/dri', '/data', '${D}:/d']")],
      [service("volumes:\n  - {type: bind, source: /srv, target: /x, read_only: true}")],
    ],
  },
  "files-folder-mount": {
    bad: [
      [service("volumes: ['../files/data:/data', '../files/../files:/d']"), ["4:15", "4:38"]],
      // A folder may have data beside the files that a mount writes.
      [service("volumes: ['../files/conf:/conf']"), ["4:15"], { writtenFiles: [written("conf/a.toml")] }],
      [service("volumes:\n  - {type: bind, source: ../files/data, target: /x}"), ["5:9"]],
    ],
    good: [
      [service("volumes: ['../files/conf:/conf:ro', 'data:/d']", "volumes: {data: }\n")],
      [service("volumes:\n  - {type: bind, source: ../files, target: /x, read_only: true}")],
      [dev("volumes: ['../files/data:/data']"), notAsked],
      [
        service("volumes: ['../files/a.toml:/a', '../files/./conf/b.toml:/b']"),
        { writtenFiles: ["a.toml", "/conf/b.toml"].map(written) },
      ],
    ],
  },
  "multiline-variable": {
    bad: [
      [service("labels: {a: '${KEY}'}"), ["env.KEY"], { ...stack, variables: { KEY: "a\nb", C: undefined } }],
      [
        service("command: ['x', '--format', '${A:-${KEY}}']"),
        ["env.KEY"],
        { ...stack, variables: { A: "1", KEY: "{{x}}" } },
      ],
      [service("volumes: ['./.env:/app/.env']"), ["env.KEY"], { ...stack, variables: { KEY: "a\r\nb" } }],
    ],
    good: [
      [service("labels: {a: '${KEY}'}"), { variables: { KEY: "a\nb" } }],
      [service("env_file: .env"), { ...stack, variables: { KEY: "a\nb" } }],
      [service("environment: {A: '${KEY}'}"), { ...stack, variables: { KEY: "a\nb" } }],
      [service("labels: {a: '${KEY}'}"), { ...stack, variables: { KEY: "it's" } }],
    ],
  },
  "unknown-key": {
    bad: [
      [service("umask: '0022'\npre_start: [{command: x}]"), ["4:5", "5:5"]],
      [service("build: {context: 'https://a.dev/b.git', provenance: true}"), ["4:45"]],
      [service("develop: {watch: [{path: ../files, action: rebuild, initial_sync: true}]}"), ["4:57"]],
      [service("", "jobs: {}\n"), ["4:1"]],
    ],
    good: [
      [service("models: {llm: }", "models: {llm: {model: ai/x}}\n")],
      [service("x-umask: '0022'")],
      [service("enviroment: {A: b}")],
      [service("umask: '0022'"), stack],
    ],
  },
  "container-name": {
    bad: [[service("container_name: web"), ["4:5"]]],
    good: [[service("hostname: web")]],
  },
  "lost-tag": {
    bad: [
      [service("environment: !reset null"), ["4:25"]],
      [service("command: !override [run]\nports: !reset []"), ["4:24", "5:19"]],
    ],
    good: [[service("command: !!str run")], [service("command: [run] # !override")]],
  },
  "version-field": {
    bad: [[`version: "3.8"\n${service("")}`, ["1:1"]]],
    good: [[`version: "3.8"\n${service("")}`, stack], [`x-version: "3.8"\n${service("")}`]],
  },
  "latest-tag": {
    bad: [
      ["services:\n  web: {image: redis}\n", ["2:16"]],
      ["services:\n  web: {image: 'redis:latest'}\n", ["2:16"]],
      ["services:\n  web: {image: 'registry.acme.dev:5000/web'}\n", ["2:16"]],
      ["services:\n  web: {image: '${REGISTRY}/web'}\n", ["2:16"]],
    ],
    good: [
      [service("")],
      ["services:\n  web: {image: 'redis@sha256:abc'}\n"],
      ["services:\n  web: {image: 'registry.acme.dev:5000/web:1'}\n"],
      ["services:\n  web: {image: 'acme/web:${TAG}'}\n"],
      ["services:\n  web: {image: '${IMAGE}'}\n"],
      ["services:\n  web: {image: acme/web, build: 'https://acme.dev/a.git'}\n"],
    ],
  },
  localhost: {
    bad: [
      [service("environment:\n  DB: postgres://user:pw@localhost:5432/db"), ["5:11"]],
      [service("environment:\n  - DB=127.0.0.1"), ["5:9"]],
      [service("environment:\n  DB: http://${H:-localhost}:80"), ["5:11"], { variables: {} }],
      [service("env_file: .env"), ["env.DB"], { variables: { DB: "redis://localhost:6379" } }],
      [service("env_file: .env"), ["env.DB"], { variables: { DB: "localhost" } }],
      [service("env_file: .env"), ["env.DB"], { variables: { DB: "http://[::1]:80/x" } }],
      [service("environment: {A: 'redis://app@localhost', B: 'app:pw@localhost'}"), ["4:22", "4:50"]],
      [service("environment: {A: 'app@localhost:5432', B: '127.0.0.110:53'}"), ["4:22", "4:47"]],
    ],
    good: [
      [
        service(
          "environment:\n  DB: postgres://user:pw@db:5432/db\n  B: notlocalhost\n  C: localhost.acme.dev",
        ),
      ],
      [service("healthcheck: {test: curl http://localhost:80}")],
      [
        service(
          "environment: {RESOLVER: 127.0.0.11, DNS: '127.0.0.11:53', UPSTREAM_REAL_IP_ADDRESS: 127.0.0.1}",
        ),
      ],
      [service("environment: {MAIL: admin@localhost, FROM: 'Shop <no-reply@localhost>, a.b+c@localhost'}")],
      [
        service("network_mode: host\nenvironment: {DB: localhost}"),
        { variables: { DB: "localhost" }, levels: { "unused-variable": "off" } },
      ],
      [service("environment:\n  NO_PROXY: localhost,127.0.0.1\n  HEALTH_URL: http://localhost")],
      [service("environment:\n  DB: http://${H:-localhost}:80"), { variables: { H: "db" } }],
    ],
  },
  "missing-healthcheck": {
    bad: [
      [service("depends_on: {db: {condition: service_healthy}}", db), ["4:18"]],
      [
        service(
          "depends_on: {db: {condition: service_healthy}}",
          "  db: {image: 'p:1', healthcheck: {disable: true}}\n",
        ),
        ["4:18"],
      ],
      [
        service(
          "depends_on: {db: {condition: service_healthy}}",
          "  db: {image: 'p:1', healthcheck: {test: [NONE]}}\n",
        ),
        ["4:18"],
      ],
    ],
    good: [
      [service("depends_on: {db: {condition: service_started}}", db)],
      [
        service(
          "depends_on: {db: {condition: service_healthy}}",
          "  db: {image: 'p:1', healthcheck: {test: pg_isready}}\n",
        ),
      ],
    ],
  },
  "stack-ignored": {
    bad: [
      [
        service("restart: always\ncontainer_name: a\ndepends_on: [web2]", "  web2: {image: 'a:1'}\n"),
        ["4:5", "5:5", "6:5"],
        stack,
      ],
    ],
    good: [[service("restart: always")], [service("deploy: {replicas: 2}"), stack]],
  },
  "stack-refused": {
    bad: [
      [service("mem_limit: 1g\nprofiles: [a]"), ["4:5", "5:5"], stack],
      [service("depends_on: {db: {condition: service_started}}", db), ["4:17"], stack],
      [service("pids_limit: 5\ngroup_add: [a]\ngpus: all\nruntime: x"), ["4:5", "5:5", "6:5", "7:5"], stack],
      [service("deploy: {resources: {reservations: {devices: [{capabilities: [gpu]}]}}}"), ["4:41"], stack],
      [service("ports: [{target: 80, published: 8080, host_ip: 10.0.0.1}]"), ["4:43"], stack],
      [service("secrets: [s]", "secrets: {s: {environment: A}}\n"), ["5:15"], stack],
      [service("configs: [c]", "configs: {c: {content: a}}\n"), ["5:15"], stack],
      [`name: shop\n${service("")}`, ["1:1"], stack],
      [`version: "2.4"\n${service("")}`, ["1:10"], stack],
      [`include: ['oci://acme/base:1']\n${service("")}`, ["1:1"], stack],
      [
        "services:\n  a: {build: 'https://a.dev/b.git'}\n",
        ["2:3"],
        { ...stack, levels: { "stack-ignored": "off" } },
      ],
    ],
    good: [
      [service("mem_limit: 1g")],
      [service("deploy: {replicas: 2}\ncap_add: [ALL]"), stack],
      [`version: "3.8"\n${service("")}`, stack],
    ],
  },
};

describe("rules for compose files", () => {
  for (const [rule, { bad, good }] of Object.entries(cases)) {
    describe(rule, () => {
      for (const [text, places, options] of bad) {
        it(`tells ${JSON.stringify(text.replace(/^services:\n/, ""))}`, () => {
          const ofRule = found(text, options).filter((line) => line.endsWith(` ${rule}`));
          assert.deepEqual(
            ofRule,
            places.map((place) => `${place} ${rule}`),
          );
        });
      }
      for (const [text, options] of good) {
        it(`takes ${JSON.stringify(text.replace(/^services:\n/, ""))}`, () => {
          assert.deepEqual(
            found(text, options).filter((line) => line.endsWith(rule)),
            [],
          );
        });
      }
    });
  }

  it("are errors where the deployment fails, and each can be set to another level", () => {
    const text = service("container_name: web\nports: ['8005:1', '8005:2']");
    const severities = (options?: Options) =>
      check(text, options).map(({ rule, severity }) => `${rule} ${severity}`);
    assert.deepEqual(severities(), ["container-name warn", "port-clash error"]);
    assert.deepEqual(severities({ levels: { "container-name": "error", "port-clash": "warn" } }), [
      "container-name error",
      "port-clash warn",
    ]);
    assert.deepEqual(severities({ levels: { "container-name": "off", "port-clash": "off" } }), []);
  });

  it("come in the order of the file", () => {
    const text = `version: "3"\n${service("ports: ['80:80']\ncontainer_name: web")}`;
    assert.deepEqual(found(text), ["1:1 version-field", "5:13 reserved-port", "6:5 container-name"]);
  });
});

describe("the rules", () => {
  it("each have a test here or beside", () => {
    const beside = [
      "syntax",
      "schema",
      "required-variable",
      "env-file-off",
      "missing-variable",
      "unused-variable",
    ];
    assert.deepEqual([...Object.keys(cases), ...beside].sort(), Object.keys(composeRules).sort());
  });
});
