import * as assert from "node:assert/strict";
import { check, service } from "./found";

const schemaFindings = (text: string) =>
  check(text, { variables: { C: undefined, D: "", N: undefined, T: undefined } })
    .filter(({ rule }) => rule === "schema")
    .map(({ line, column, message }) => `${line}:${column} ${message}`);

describe("the schema of compose files", () => {
  const wrong: [what: string, text: string, finding: string][] = [
    [
      "a misspelt key of a service",
      service("enviroment: {}"),
      '4:5 service "web" has a key "enviroment", which Compose does not know',
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
    ["an entry that is there twice", service("ports: ['80', '80']"), "4:19 "],
    [
      "a port of the host that is none",
      service("ports: ['a:80']"),
      '4:13 service "web", ports, entry 1 has a port of the host that is none',
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
      '4:13 service "web", ports, entry 1 names no port',
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
    ["a variable among forms", service("healthcheck: {test: '${T}', disable: '${D}'}")],
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
    ["a service that only builds", "services:\n  a: {build: 'https://acme.dev/a.git'}\n"],
  ];
  for (const [what, text] of right) {
    it(`takes ${what}`, () => assert.deepEqual(schemaFindings(text), []));
  }

  it("does not quote a key that may be a value in a wrong place", () => {
    const [finding] = schemaFindings(service("PASSWORD=hunter2: a"));
    assert.match(finding ?? "", /^4:5 /);
    assert.doesNotMatch(finding ?? "", /hunter2/);
  });

  it("stops after ten of them", () => {
    const keys = Array.from({ length: 50 }, (_, index) => `wrong${index}: 1`).join("\n");
    assert.equal(schemaFindings(service(keys)).length, 10);
  });
});
