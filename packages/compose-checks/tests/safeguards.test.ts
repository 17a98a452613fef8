import * as assert from "node:assert/strict";
import { safeguardsOf } from "../checks";
import { service } from "./found";

const none = { hasPort: false, hasHealthCheck: false, hasMemoryLimit: false };

/** Returns what the first service has, by the names of the properties. */
function of(lines: string, { more = "", stack = false } = {}): string[] {
  const [first] = safeguardsOf(service(lines, more), stack);
  return Object.keys(none).filter((name) => first?.[name as keyof typeof none]);
}

describe("the safeguards of the services in a compose file", () => {
  it("are listed with the place of each service", () => {
    assert.deepEqual(safeguardsOf("\uFEFFservices:\n  web: {image: 'a:1'}\n  db: {image: 'b:1'}\n", false), [
      { ...none, name: "web", line: 2, column: 3 },
      { ...none, name: "db", line: 3, column: 3 },
    ]);
  });

  const tests: readonly (readonly [string, string, string[], { more?: string; stack?: boolean }?])[] = [
    ["a published port", "ports: ['8080:80']", ["hasPort"]],
    ["an exposed port", "expose: [80]", ["hasPort"]],
    ["no port in a list without one", "ports: []", []],
    ["a health check", "healthcheck: {test: curl -f http://127.0.0.1}", ["hasHealthCheck"]],
    ["the health check of the image", "healthcheck: {interval: 10s}", ["hasHealthCheck"]],
    ["a health check that is off", "healthcheck: {disable: true}", []],
    ["a health check that is none", "healthcheck: {test: [NONE]}", []],
    ["a health check that is none, as a text", "healthcheck: {test: NONE}", []],
    ["a memory limit", "deploy: {resources: {limits: {memory: 64M}}}", ["hasMemoryLimit"]],
    ["a memory limit from a variable", "mem_limit: ${MEMORY}", ["hasMemoryLimit"]],
    ["the older memory limit", "mem_limit: 64m", ["hasMemoryLimit"]],
    ["no memory limit of 0", "mem_limit: 0", []],
    ["no memory limit in a reservation", "deploy: {resources: {reservations: {memory: 64M}}}", []],
    ["no memory limit that a stack ignores", "mem_limit: 64m", [], { stack: true }],
    [
      "the memory limit of a stack",
      "deploy: {resources: {limits: {memory: 1G}}}",
      ["hasMemoryLimit"],
      { stack: true },
    ],
    [
      "what a service of the file gives",
      "extends: base\nhealthcheck: {interval: 10s}",
      ["hasPort", "hasMemoryLimit"],
      { more: "  base: {image: 'b:1', expose: [80], mem_limit: 64m, healthcheck: {test: [NONE]}}\n" },
    ],
  ];
  for (const [name, lines, has, options] of tests)
    it(`include ${name}`, () => assert.deepEqual(of(lines, options), has));

  it("include what a merge key gives", () => {
    const shared = "x-shared: &shared {mem_limit: 1g, healthcheck: {test: ok}}\n";
    assert.deepEqual(safeguardsOf(`${shared}${service("<<: *shared")}`, false), [
      { ...none, name: "web", line: 3, column: 3, hasHealthCheck: true, hasMemoryLimit: true },
    ]);
  });

  it("are not listed of services that may not start, and of files that are none", () => {
    const elsewhere = "extends: {service: base, file: base.yaml}";
    for (const lines of ["profiles: [dev]", "scale: 0", "deploy: {replicas: 0}", elsewhere])
      assert.deepEqual(safeguardsOf(service(lines), false), [], lines);
    for (const text of ["", "a: [", "services: text", "services: {web: text}"])
      assert.deepEqual(safeguardsOf(text, false), [], text);
  });
});
