import * as assert from "node:assert/strict";
import { check, found, type Options, service } from "./found";

/** Findings besides the one that tells of the unset variable itself. */
const others = (text: string, options: Options) =>
  found(text, { levels: { "missing-variable": "off", "container-name": "off" }, ...options });

const none = { variables: {} };

describe("a compose file with its variables replaced", () => {
  const wrong: [what: string, text: string, options: Options, findings: string[]][] = [
    ["a mount of a variable that nobody sets", service("volumes: ['${D}:/data']"), none, ["4:15 schema"]],
    ["a mount to one", service("volumes: ['/data:${D}']"), none, ["4:15 schema"]],
    [
      "a mount of one that is empty",
      service("volumes: ['${D}:/d']"),
      { variables: { D: "" } },
      ["4:15 schema"],
    ],
    ["a mount with more colons than parts", service("volumes: ['/a:/b:ro:z']"), none, ["4:15 schema"]],
    ["a name of a variable that nobody sets", service("container_name: ${N}"), none, ["4:21 schema"]],
    ["a name that is too short with it", service("container_name: x${N}"), none, ["4:21 schema"]],
    [
      "a volume that a default names",
      service("volumes: ['${V:-data}:/data']"),
      none,
      ["4:15 undefined-name"],
    ],
    [
      "a volume that a variable names",
      service("volumes: [{type: volume, source: '${V}', target: /d}]"),
      { variables: { V: "data" } },
      ["4:15 undefined-name"],
    ],
    ["a network that nobody names", service("networks: ['${N}']"), none, ["4:16 undefined-name"]],
    ["a service that nobody names", service("depends_on: ['${N}']"), none, ["4:18 undefined-name"]],
    ["a folder of the code", service("volumes: ['${D:-./data}:/data']"), none, ["4:15 code-folder-mount"]],
    [
      "a folder of the server",
      service("volumes: ['${D}:/d']"),
      { variables: { D: "/srv" } },
      ["4:15 host-path-mount"],
    ],
    ["a file next to the compose file", service("env_file: ${F:-app.env}"), none, ["4:15 missing-file"]],
    ["a file of variables that nobody names", service("env_file: ${F}"), none, ["4:15 missing-file"]],
    ["a number that nobody gives", service("scale: ${N}"), none, ["4:12 schema"]],
    ["a size", service("deploy: {resources: {limits: {memory: '${M}'}}}"), none, ["4:43 schema"]],
    ["a duration", service("healthcheck: {interval: '${I}'}"), none, ["4:29 schema"]],
    [
      "a number of a stack",
      service("healthcheck: {retries: '${N}'}"),
      { ...none, composeType: "stack" },
      ["4:28 schema"],
    ],
    ["a word that is none of those allowed", service("cgroup: ${C:-x}"), none, ["4:13 schema"]],
    [
      "a number of containers of one name",
      service("container_name: web\nscale: ${N}"),
      { variables: { N: "2" } },
      ["4:5 schema"],
    ],
  ];
  for (const [what, text, options, findings] of wrong)
    it(`tells ${what}`, () => assert.deepEqual(others(text, options), findings));

  const right: [what: string, text: string, options: Options][] = [
    [
      "a variable whose value is not known",
      service("volumes: ['${D}:/d']\nnetworks: ['${N}']"),
      { variables: { D: undefined, N: undefined } },
    ],
    [
      "variables of somebody else",
      service("container_name: ${N}\nvolumes: ['${D}:/d', '${V:-data}:/e']"),
      {},
    ],
    [
      "a number and a switch",
      service("scale: ${N}\nprivileged: ${P}\nhealthcheck: {retries: '${N}'}"),
      { variables: { N: "2", P: "true" } },
    ],
    [
      "a volume that a default names and the file has",
      service("volumes: ['${V:-data}:/d']", "volumes: {data: }\n"),
      none,
    ],
    ["an anonymous volume, and one of two letters", service("volumes: ['/d', 'ab', 'C:/x:/y']"), none],
    ["a dollar sign", service("container_name: web\nlabels: {a: 'x$$y'}"), none],
  ];
  for (const [what, text, options] of right)
    it(`takes ${what}`, () =>
      assert.deepEqual(
        others(text, {
          levels: {
            "code-folder-mount": "off",
            "missing-variable": "off",
            "container-name": "off",
            "host-path-mount": "off",
          },
          ...options,
        }),
        [],
      ));

  it("never shows the value of a variable", () => {
    const variables = {
      A: "canary-a",
      B: "canary-b",
      C: "canary-c",
      D: "canary-d",
      P: "4711",
      E: "canary-e/x",
    };
    const text = service(
      "networks: ['${A}']\nvolumes: ['${B}:/b', '${E}:/e']\ndepends_on: ['${C}']\nlinks: ['${D}:x']\nports: ['${P}:80', '${P}:81']\n" +
        "secrets: ['${A}']\nenv_file: ${B}\ncgroup: ${C}\nextends: {service: '${D}'}",
    );
    const messages = check(text, { variables }).map(({ message }) => message);
    assert.ok(messages.length >= 9, messages.join("\n"));
    assert.doesNotMatch(messages.join("\n"), /canary|4711/);
    assert.match(messages.join("\n"), /uses the network \(from \$\{A\}\), which is not defined/);
  });
});
