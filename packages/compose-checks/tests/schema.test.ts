import * as assert from "node:assert/strict";
import { check, type Options, service } from "./found";

const schemaFindings = (text: string, options: Options = {}) =>
  check(text, { ...options, variables: { C: undefined, D: "", N: undefined, T: undefined } })
    .filter(({ rule }) => rule === "schema")
    .map(({ line, column, message }) => `${line}:${column} ${message}`);

describe("the schema of compose files", () => {
  const wrong: [what: string, text: string, finding: string][] = [
    [
      "a misspelt key of a service",
      service("enviroment: {}"),
      '4:5 service "web" has a key "enviroment", which Compose does not know: did you mean environment?',
    ],
    [
      "a misspelt key of the file",
      service("", "volume: {}\n"),
      '4:1 the file has a key "volume", which Compose does not know',
    ],
    [
      "a misspelt key deeper inside",
      service("build: {contxt: 'https://a.dev/b.git'}"),
      '4:13 service "web", build has a key "contxt", which Compose does not know',
    ],
    ["a wrong type", service("ports: 80"), '4:12 service "web", ports must be a list'],
    ["none of several types", service("command: 5"), '4:14 service "web", command must be a text or a list'],
    [
      "an entry of a wrong type",
      service("environment:\n  - A=b\n  - A: b"),
      '6:9 service "web", environment, entry 2 must be a text',
    ],
    [
      "a value that is not among those allowed",
      service("depends_on: {web2: {condition: healthy}}", "  web2: {image: 'a:1'}\n"),
      '4:36 service "web", depends_on, web2, condition must be one of service_started, service_healthy, service_completed_successfully',
    ],
    [
      "an entry that is there twice",
      service("security_opt: [a, b, a]"),
      '4:20 service "web", security_opt, entry 1',
    ],
    ["a host that is there twice", service("extra_hosts: ['a:1.1.1.1', 'a:1.1.1.1']"), "4:19 "],
    [
      "letters that are swapped",
      service("enviornment: {}"),
      '4:5 service "web" has a key "enviornment", which Compose does not know: did you mean environment?',
    ],
    [
      "other case",
      service("Image: a"),
      '4:5 service "web" has a key "Image", which Compose does not know: did you mean image?',
    ],
    [
      "a key that no version can have",
      service("Some-Key: a"),
      '4:5 service "web" has a key "Some-Key", which Compose does not know',
    ],
    [
      "a volume with a blank in its name",
      service("", "volumes: {a b: }\n"),
      "4:11 volumes has a key with an invalid name",
    ],
    [
      "a duration without a unit",
      service("profiles: [dev]\nhealthcheck: {interval: '30'}"),
      '5:29 interval of service "web" needs a unit, such as 30s',
    ],
    [
      "a number for a duration",
      service("stop_grace_period: 30"),
      '4:24 service "web", stop_grace_period must be a text, with a unit, such as 30s',
    ],
    [
      "a test that begins with no word for how",
      service("healthcheck: {test: [curl, localhost]}"),
      '4:26 the healthcheck test of service "web" is a list',
    ],
    [
      "an image that is empty",
      "services:\n  web: {image: '${D}'}\n",
      '2:16 the image of service "web" is empty',
    ],
    [
      "a container's name of one character",
      service("container_name: a"),
      '4:21 service "web", container_name must begin with a letter or a digit, with at least one more',
    ],
    [
      "a word for when to pull that is none",
      service("pull_policy: sometimes"),
      '4:18 service "web", pull_policy must be always, never, build, missing, if_not_present, refresh, daily, weekly, or every_',
    ],
    [
      "a name for several containers",
      service("container_name: web\ndeploy: {replicas: 2}"),
      '4:5 service "web" has a container_name and several containers',
    ],
    [
      "networks beside a mode that leaves none",
      service("network_mode: host\nnetworks: [default]"),
      '5:5 service "web" has networks and network_mode',
    ],
    [
      "a number for a text",
      service("user: 1000"),
      '4:11 service "web", user must be a text: put it in quotes',
    ],
    [
      "a port of the host that is none",
      service("ports: ['a:80']"),
      '4:13 service "web", ports, entry 1 has an invalid host port',
    ],
    ["a port that is too high", service("ports: [80, '99999:80']"), '4:17 service "web", ports, entry 2 has'],
    [
      "an address in place of a port",
      service("ports: ['127.0.0.1:80']"),
      '4:13 service "web", ports, entry 1 has',
    ],
    [
      "a name in place of an address",
      service("ports: ['localhost:80:80']"),
      '4:13 service "web", ports, entry 1 has',
    ],
    [
      "a port of the container that is none",
      service("ports: [80.5]"),
      '4:13 service "web", ports, entry 1 has',
    ],
    [
      "ranges of different length",
      service("ports: ['80-82:80-81']"),
      '4:13 service "web", ports, entry 1 has',
    ],
    ["a protocol that is none", service("ports: ['80/http']"), '4:13 service "web", ports, entry 1 has'],
    [
      "no port of the container",
      service("ports: ['80:${D}']"),
      '4:13 service "web", ports, entry 1 names no container port',
    ],
    [
      "a port that is none of a service that is not started",
      service("profiles: [dev]\nports: ['a:80']"),
      '5:13 service "web", ports, entry 1 has',
    ],
    ["a service without a body", "services:\n  web:\n", '2:3 service "web" must be a mapping'],
    ["a file without services", "networks: {}\n", "1:1 the file defines no services"],
    ["services that are empty", "services: {}\n", "1:1 the file defines no services"],
    ["services that are a list", "services: []\n", "1:11 services must be a mapping"],
    [
      "a service of nothing",
      "services:\n  web: {restart: always}\n",
      '2:3 service "web" has neither image nor build',
    ],
  ];
  for (const [what, text, finding] of wrong) {
    it(`tells the place of ${what}, once`, () => {
      const findings = schemaFindings(text);
      assert.equal(findings.length, 1, findings.join("\n"));
      assert.ok(findings[0]?.startsWith(finding), findings[0]);
    });
  }

  const right: [what: string, text: string][] = [
    ["a variable where a number is asked for", service("deploy: {replicas: '${N}'}\nscale: ${N}")],
    ["a variable where a word of a few is asked for", service("cgroup: ${C}")],
    ["a variable among forms", service("healthcheck: {test: '${T}', disable: '${N}'}")],
    ["new parts of the specification", service("models: [llm]", "models: {llm: {model: ai/x}}\n")],
    ["a service that extends another", "services:\n  a: {image: 'a:1'}\n  b: {extends: {service: a}}\n"],
    [
      "ports in all their forms",
      service(
        "ports: [80, '8080:80/TCP', '81:81/', '82-84:82-84', '90-92:90', '127.0.0.1::80', '[::1]:85:85', ':86', '0:80']",
      ),
    ],
    ["ports from variables that are not known", service("ports: ['${N}:80', '${N}', '${N}:${T}/${C}']")],
    ["a service of nothing that is not started", `${service("")}  dev: {profiles: [dev]}\n`],
    [
      "what stands twice where Compose takes it out",
      service(
        "environment: [A=1, A=1]\nports: ['80', '80']\nvolumes: ['/a', '/a']\ncap_add: [A, A]\ndns: [1.1.1.1, 1.1.1.1]\n" +
          "labels: [a=b, a=b]\nexpose: [80, 80]\ntmpfs: [/b, /b]\nprofiles: [x, x]\ndeploy: {labels: [a=b, a=b]}\n" +
          "build: {context: 'https://a.dev/b.git', args: [A=1, A=1]}\nnetworks: {default: {aliases: [a, a]}}",
        "networks: {default: {labels: [a=b, a=b]}}\n",
      ),
    ],
    [
      "a text of true or false in a dependency",
      service("depends_on: {db: {condition: service_started, required: 'true'}}", "  db: {image: 'a:1'}\n"),
    ],
    ["an image that is not known", "services:\n  web: {image: '${N}'}\n"],
    [
      "an image that is empty beside a build",
      "services:\n  web: {image: '', build: 'https://a.dev/b.git'}\n",
    ],
    [
      "tests in all their forms",
      service(
        "healthcheck: {test: [CMD, a]}",
        "  b: {image: 'b:1', healthcheck: {test: [NONE]}}\n  c: {image: 'c:1', healthcheck: {test: curl}}\n",
      ),
    ],
    ["a name for one container", service("container_name: web\nscale: 1")],
    [
      "durations in all their forms",
      service("healthcheck: {interval: 1m30s, timeout: 0.5s, start_period: '0', start_interval: '${N}'}"),
    ],
    ["a value that a tag makes", service("environment: {A: !!binary aGVsbG8=}")],
    ["a service that only builds", "services:\n  a: {build: 'https://acme.dev/a.git'}\n"],
  ];
  for (const [what, text] of right) {
    it(`takes ${what}`, () => assert.deepEqual(schemaFindings(text), []));
  }

  const wrongInStack: [what: string, text: string, finding: string][] = [
    [
      "a misspelt key",
      service("enviroment: {}"),
      '4:5 service "web" has a key "enviroment", which docker stack deploy refuses: did you mean environment?',
    ],
    [
      "a bare true as a value of the environment",
      service("environment: {A: true}"),
      '4:22 service "web", environment, A must be a text or a number: put it in quotes',
    ],
    [
      "the long form of env_file",
      service("env_file: [{path: .env}]"),
      '4:16 service "web", env_file, entry 1 must be a text',
    ],
    [
      "a text for a port",
      service("ports: [{target: 80, published: '80'}]"),
      '4:37 service "web", ports, entry 1, published must be a whole number',
    ],
    [
      "a number of processors without quotes",
      service("deploy: {resources: {limits: {cpus: 0.5}}}"),
      '4:41 service "web", deploy, resources, limits, cpus must be a text: put it in quotes',
    ],
    [
      "what stands twice, since Docker does not take it out",
      service("cap_add: [A, A]"),
      '4:15 service "web", cap_add, entry 1 is in the list twice',
    ],
    [
      "a duration without a unit",
      service("healthcheck: {interval: '30'}"),
      '4:29 service "web", healthcheck, interval needs a unit',
    ],
    ["a command of nothing", service("command:"), '4:5 service "web", command must be a text or a list'],
  ];
  for (const [what, text, finding] of wrongInStack) {
    it(`tells the place of ${what} in a stack, once`, () => {
      const findings = schemaFindings(text, { composeType: "stack" });
      assert.equal(findings.length, 1, findings.join("\n"));
      assert.ok(findings[0]?.startsWith(finding), findings[0]);
    });
  }

  const rightInStack: [what: string, text: string][] = [
    ["keys that Compose does not have", service("cgroupns_mode: host")],
    ["a name of one letter, which it ignores", service("container_name: a")],
    [
      "durations in all their forms",
      service("healthcheck: {interval: 1m30s, timeout: 0.5s, start_period: '0'}"),
    ],
    ["a test with no word for how, which Docker passes on", service("healthcheck: {test: [curl]}")],
    [
      "a name beside several containers, which it ignores",
      service("container_name: web\ndeploy: {replicas: 2}"),
    ],
    ["volumes that stand twice", service("volumes: ['d:/d', 'd:/d']", "volumes: {d: }\n")],
    [
      "variables where a number is asked for",
      service("deploy: {replicas: '${N}'}\nports: [{target: 80, published: '${N}'}]"),
    ],
    [
      "a whole file",
      `version: "3.8"\n${service(
        "environment: {A: '1', B: 2, C: }\nhealthcheck: {test: [CMD, a], interval: 10s, retries: 3}\nnetworks: {n: {aliases: [a]}, m: }\n" +
          "volumes: [{type: volume, source: d, target: /d}]\nulimits: {nofile: {soft: 1, hard: 2}}\nx-note: a\n" +
          "deploy: {placement: {constraints: [a]}, update_config: {order: start-first, delay: 5s}, labels: {a: b}}",
        "networks: {n: {driver: overlay, attachable: true}, m: {external: true, name: a}}\nvolumes: {d: }\nx-a: 1\n",
      )}`,
    ],
  ];
  for (const [what, text] of rightInStack) {
    it(`takes ${what} in a stack`, () =>
      assert.deepEqual(schemaFindings(text, { composeType: "stack" }), []));
  }

  it("takes Compose's own tags wherever a value may stand, and not in a stack", () => {
    const extended =
      "extends: {file: base.yml, service: web}\nenvironment: !reset null\nports: !reset []\nlabels: !override {a: b}\n" +
      "deploy: {replicas: !reset 0, labels: !override [a=b]}\ndepends_on: {db: !reset {condition: 5}}\n" +
      "volumes: !override [!reset 5, d:/d]\ncommand: !override run";
    const text = service(extended, "networks: {n: !reset }\nvolumes: {d: !reset 5}\n");
    assert.deepEqual(schemaFindings(text), []);
    assert.deepEqual(schemaFindings(service("environment: !other null")).length, 1);
    assert.notEqual(schemaFindings(service("environment: !reset null"), { composeType: "stack" }).length, 0);
    assert.deepEqual(
      schemaFindings("services: !reset\n  web: {image: 'a:1'}\n").length,
      1,
      "no service is left",
    );
  });

  it("does not quote a key that may be a value in a wrong place", () => {
    const [finding] = schemaFindings(service("PASSWORD=hunter2: a"));
    assert.match(finding ?? "", /^4:5 /);
    assert.doesNotMatch(finding ?? "", /hunter2/);
  });

  it("stops after ten of them", () => {
    const keys = Array.from({ length: 50 }, (_, index) => `Wrong${index}: 1`).join("\n");
    assert.equal(schemaFindings(service(keys)).length, 10);
  });
});
