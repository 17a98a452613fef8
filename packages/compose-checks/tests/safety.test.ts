import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { composeRuleNames } from "../checks/rules";
import { check, type Options } from "./found";

const everyOption: Options[] = [
  {},
  { variables: { A: "1", B: undefined, constructor: "x" } },
  { variables: {}, createEnvFile: false },
  { composeType: "stack", variables: { A: "${{B}}" } },
];

/** Pieces of generated files, valid and invalid. */
const pieces = fc.constantFrom(
  ..."services:|volumes:|networks:|  web:|    image: a|    ports:|      - 80:80|      - ${P}:x|    <<: *a|x: &a|*a|---|...".split(
    "|",
  ),
  ..."    environment:|      - A=$B|      A: ${|    depends_on: [web]|    build: .|    volumes: [./a:/b]|? [a]|!!int x|%YAML 1.1".split(
    "|",
  ),
  ..."{|}|[|]|'|\"|\t|#|- |: |\r|\uFEFF|\0|&a|!t |>|\\|null|~|1e999|__proto__: 1|constructor: {}|toString".split(
    "|",
  ),
);

describe("checking any text", () => {
  it("never throws, and places are inside the text", () => {
    const texts = fc.oneof(
      fc
        .array(fc.tuple(pieces, fc.constantFrom("\n", "\r\n", " ", "")), { maxLength: 25 })
        .map((parts) => parts.flat().join("")),
      fc.string({ unit: "binary", maxLength: 200 }),
      fc.json(),
    );
    fc.assert(
      fc.property(texts, fc.constantFrom(...everyOption), (text, options) => {
        const lines = text.split(/\r\n?|\n/).length;
        for (const { line = 1, column = 1, message } of check(text, options)) {
          assert.ok(line >= 1 && line <= lines, `line ${line} of ${lines}`);
          assert.ok(column >= 1);
          assert.notEqual(message, "");
        }
      }),
      { numRuns: 1500 },
    );
  }).timeout(60_000);
});

describe("what is said of a compose file", () => {
  const secret = "hunter2";

  /** Files with a secret in the places where people put secrets, valid and invalid. */
  const files: [what: string, text: string][] = [
    [
      "environment values",
      `services:\n  web:\n    image: a\n    environment:\n      A: ${secret}\n      B: http://${secret}@localhost/\n`,
    ],
    [
      "a list of them",
      `services:\n  web:\n    image: a\n    environment:\n      - A=${secret}@localhost\n      - B=\${C:?${secret}}\n      - D=\${E:-${secret}}\n`,
    ],
    ["a value of a wrong type", `services:\n  web:\n    image: a\n    environment:\n      - A: ${secret}\n`],
    ["a value that looks like an alias", `services:\n  web:\n    environment:\n      A: *${secret}\n`],
    [
      "a value that looks like a tag",
      `services:\n  web:\n    image: a\n    environment:\n      A: !${secret} x\n`,
    ],
    ["a value with a wrong escape", `services:\n  web:\n    environment:\n      A: "\\${secret}"\n`],
    ["a value with a colon", `services:\n  web:\n    environment:\n      A: b: ${secret}\n`],
    ["a value that begins wrong", `services:\n  web:\n    environment:\n      A: @${secret}\n`],
    [
      "a dollar sign in a password",
      `services:\n  web:\n    image: a\n    environment:\n      A: pa$${secret}\n      B: $${secret}\n      C: \${D:-x$${secret}}\n`,
    ],
    [
      "a value with an open brace",
      `services:\n  web:\n    image: a\n    environment:\n      A: "\${${secret}"\n`,
    ],
    ["an open quote", `services:\n  web:\n    environment:\n      A: "${secret}\n`],
    ["a broken line", `services:\n  web:\n    environment:\n      A=${secret}\n      B=${secret}\n`],
    ["a line on the wrong level", `services:\n  web:\n    image: a\n    A=${secret}: b\n  B=${secret}:\n`],
    [
      "a command and a healthcheck",
      `services:\n  web:\n    image: a:\${T:-${secret}}\n    command: 5\n    healthcheck: ${secret}\n    ports: ${secret}\n`,
    ],
    [
      "a mount, image and port",
      `services:\n  web:\n    image: ${secret}\n    volumes: ["./${secret}:/a", "/${secret}:/b"]\n    ports: ["\${P}:1", "7777:2"]\n`,
    ],
  ];
  for (const [what, text] of files) {
    it(`never quotes ${what}`, () => {
      for (const options of [{}, { variables: {} }, { variables: {}, composeType: "stack" as const }]) {
        const findings = check(text, options);
        assert.notEqual(findings.length, 0);
        assert.doesNotMatch(JSON.stringify(findings), new RegExp(secret));
      }
    });
  }

  it("never holds the value of a variable", () => {
    const text =
      'services:\n  web:\n    image: "${IMAGE}"\n    ports: ["${PORT}:1", "${PORT}:2", "${PORT}:3", "${UI}:4", "${IMAGE}:5"]\n    environment: [A, "B=${B:?}"]\n';
    const variables = {
      IMAGE: "secret.acme.dev/latest:latest",
      PORT: "47011",
      UI: "3000",
      A: "http://localhost:47011/secret",
      B: "",
      UNUSED: "secret",
      REF: "${{secret}}",
    };
    const levels = Object.fromEntries(composeRuleNames.map((rule) => [rule, "error"]));
    const findings = check(text, { variables, levels });
    assert.deepEqual(
      new Set(findings.map(({ rule }) => rule)),
      new Set(["schema", "port-clash", "reserved-port", "required-variable", "unused-variable", "localhost"]),
    );
    assert.doesNotMatch(JSON.stringify(findings), /47011|3000|secret/);
  });
});
