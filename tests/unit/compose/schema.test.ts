import * as assert from "node:assert/strict";
import { check, service } from "./found";

const schemaFindings = (text: string) =>
  check(text, { variables: { C: undefined, D: undefined, N: undefined, T: undefined } })
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
