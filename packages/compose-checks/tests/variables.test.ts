import * as assert from "node:assert/strict";
import { check, found, type Options, service } from "./found";

const uses = (value: string, more = "") => service(`environment:\n  A: ${value}`, more);

describe("variables of a compose file", () => {
  const cases: [what: string, text: string, options: Options, findings: string[]][] = [
    ["one that nobody sets", uses("x${B}"), { variables: {} }, ["5:11 missing-variable"]],
    ["one without braces", uses("$B"), { variables: {} }, ["5:10 missing-variable"]],
    [
      "the second of two in one value",
      uses('"${C} and ${B}"'),
      { variables: { C: "" } },
      ["5:20 missing-variable"],
    ],
    [
      "one in a text of several lines",
      uses("|\n    a\n    ${B}"),
      { variables: {} },
      ["7:9 missing-variable"],
    ],
    ["the same one again", service("command: $B $B"), { variables: {} }, ["4:14 missing-variable"]],
    ["one of another value", uses("$B"), { variables: { B: "" } }, []],
    ["one that is not known yet", uses("$B ${B:?}"), { variables: { B: undefined } }, []],
    ["one with a default", uses("${B:-c} ${B-} ${B:+x}"), { variables: {} }, []],
    ["one in a default that counts", uses("${B:-$C}"), { variables: {} }, ["5:10 missing-variable"]],
    ["one in a default that does not", uses("${B:-$C}"), { variables: { B: "1" } }, []],
    ["one in a replacement that does not count", uses("${B:+$C}"), { variables: {} }, []],
    ["an escaped one", uses("$$B $${B}"), { variables: {} }, []],
    ["a required one that nobody sets", uses("${B?no}"), { variables: {} }, ["5:10 required-variable"]],
    ["a required one that is empty", uses("${B:?no}"), { variables: { B: "" } }, ["5:10 required-variable"]],
    ["one that may be empty", uses("${B?no}"), { variables: { B: "" } }, []],
    ["those that Dokploy sets", uses("$APP_NAME $COMPOSE_PROJECT_NAME $PATH"), { variables: {} }, []],
    ["any, where env is somebody else's", uses("$B ${C:?no}"), {}, []],
    [
      "one that is passed through in a list",
      service("environment: [B]"),
      { variables: {} },
      ["4:19 missing-variable"],
    ],
    ["one that is passed through in a map", uses(""), { variables: {} }, ["5:7 missing-variable"]],
    [
      "one that a service which is not started passes through",
      service("profiles: [dev]\nenvironment: [B]"),
      { variables: {} },
      [],
    ],
    [
      "one that such a service requires, since Compose reads it all the same",
      service("profiles: [dev]\nenvironment: ['A=${B:?}']"),
      { variables: {} },
      ["5:22 required-variable"],
    ],
    ["those passed through that are set", service("environment: [B]"), { variables: { B: "" } }, []],
    [
      "a build argument that is passed through",
      "services:\n  web:\n    build: {context: 'https://a.dev/b.git', args: [B]}\n",
      { variables: {} },
      ["3:52 missing-variable"],
    ],
    [
      "one in the body of an extension",
      service("", "x-a: $B\n"),
      { variables: {} },
      ["4:6 missing-variable"],
    ],
    [
      "one behind an anchor, once",
      "x-e: &e {A: $B}\nservices:\n  a: {image: 'a:1', environment: *e}\n  b: {image: 'a:1', environment: *e}\n",
      { variables: {} },
      ["1:13 missing-variable"],
    ],
    ["one in a comment or key", `# $B\n${service("labels: {$B: c}")}`, { variables: {} }, []],

    ["one that nothing uses", service(""), { variables: { B: "1" } }, ["env.B unused-variable"]],
    [
      "one that nothing uses, not known yet",
      service(""),
      { variables: { B: undefined } },
      ["env.B unused-variable"],
    ],
    ["all, where env_file takes them", service("env_file: [.env]"), { variables: { B: "1" } }, []],
    [
      "all, where env_file may take them",
      service("env_file: [{path: ./.env, required: false}]"),
      { variables: { B: "1" } },
      [],
    ],
    [
      "all, where the file is mounted",
      service("volumes: ['./.env:/app/.env']"),
      { variables: { B: "1" } },
      [],
    ],
    ["one that another variable takes in", uses("$C"), { variables: { B: "1", C: "x${{B}}" } }, []],
    ["one in a default that is not taken", uses("${C:-$B}"), { variables: { B: "1", C: "1" } }, []],
    [
      "one whose value a file of a mount has",
      service(""),
      { variables: { B: "canary" }, writtenFiles: [{ path: "a", content: "x = canary" }] },
      [],
    ],
    [
      "one whose value is as little known as the file of a mount",
      service(""),
      { variables: { B: undefined }, writtenFiles: [{ path: "a", content: undefined }] },
      [],
    ],
    [
      "one that no file of a mount has",
      service(""),
      {
        variables: { B: "canary", C: "" },
        writtenFiles: [
          { path: "a", content: "x" },
          { path: "b", content: undefined },
        ],
      },
      ["env.B unused-variable", "env.C unused-variable"],
    ],
    [
      "one that Compose reads",
      service(""),
      { variables: { COMPOSE_PROFILES: "a", DOCKER_BUILDKIT: "1" } },
      [],
    ],
    [
      "one that a secret takes",
      service("secrets: [s]", "secrets: {s: {environment: B}}\n"),
      { variables: { B: "1" } },
      [],
    ],

    [
      "one that does not arrive",
      uses("x $B"),
      { createEnvFile: false, variables: { B: "1" } },
      ["5:12 env-file-off"],
    ],
    [
      "an env_file that is not written",
      service("env_file: .env"),
      { createEnvFile: false },
      ["4:15 env-file-off"],
    ],
    ["defaults without a file", uses("${B:-1}"), { createEnvFile: false }, []],
    ["a file that uses none", service(""), { createEnvFile: false }, []],
    [
      "a stack, which gets them by its command",
      uses("$B"),
      { createEnvFile: false, composeType: "stack", variables: { B: "1" } },
      [],
    ],
  ];
  for (const [what, text, options, findings] of cases) {
    it(`${findings.length === 0 ? "take" : "tell"} ${what}`, () =>
      assert.deepEqual(found(text, options), findings));
  }

  it("that the file needs while none arrive are told at once", () => {
    const [finding, ...others] = check(uses("$B $C $B"), { createEnvFile: false });
    assert.deepEqual(others, []);
    assert.match(finding?.message ?? "", /uses B, C,/);
  });

  it("with names that objects have are as unknown as others", () => {
    assert.deepEqual(found(uses("$constructor"), { variables: {} }), ["5:10 missing-variable"]);
  });
});
