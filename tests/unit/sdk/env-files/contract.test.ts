import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { loadEnv, loadEnvs } from "../../../../sdk";
import { EnvFolder, failureOf } from "./env-folder";

describe("a contract next to the folders of stages", () => {
  let folder: EnvFolder;
  beforeEach(() => {
    folder = new EnvFolder();
    pulumi.runtime.setAllConfig({});
  });
  afterEach(() => {
    folder.remove();
    pulumi.runtime.setAllConfig({});
    delete process.env["CONTRACT_TEST"];
  });

  /** The lines of the error about `envs/test/api.yaml`, and other files. */
  function problems(contract: string, api: string, files: Record<string, string> = {}): string[] {
    folder.write("envs/schema.yaml", contract);
    folder.write("envs/test/api.yaml", api);
    for (const [name, text] of Object.entries(files)) folder.write(name, text);
    return failureOf(() => loadEnv("envs/test/api.yaml")).split("\n");
  }
  const place = "envs/test/api.yaml";

  it("lets through what meets it, and leaves the values as they are", () => {
    folder.write("envs/prod/api.yaml", "");
    folder.write(
      "envs/schema.yaml",
      "services:\n  '*':\n    TZ:\n  api:\n    PORT: { type: integer }\n    RATIO: { type: number }\n" +
        "    ON: { type: boolean }\n    URL: { type: url }\n    DATA: { type: json }\n" +
        "    LEVEL: { values: [debug, info] }\n    CODE: { pattern: '[A-Z]{3}' }\n    OTHER: { required: [prod] }\n" +
        "    TOKEN_NAME: { secret: false }\n    REF: { type: integer }\n",
    );
    folder.write(
      "envs/test/api.yaml",
      'PORT: -80\nRATIO: 1.5e3\nON: true\nURL: mongodb://a:1,b:2/x\nDATA: "[1]"\nLEVEL: info\nCODE: ABC\n' +
        "TOKEN_NAME: x\nREF: !ref project.N\n",
    );
    const env = loadEnv(place);
    assert.deepEqual(
      [env["PORT"], env["ON"], env["REF"], env["LEVEL"]],
      ["-80", "true", "${{project.N}}", "info"],
    );
  });

  it("names each value of another type, with file, line and column, and no value", () => {
    const contract = [
      "services:",
      "  api:",
      "    A: { type: integer }",
      "    B: { type: number }",
      "    C: { type: boolean }",
      "    D: { type: url }",
      "    E: { type: json }",
      "    F: { values: [debug, info] }",
      "    G: { pattern: '[A-Z]{3}' }",
      "",
    ].join("\n");
    const api = "A: 1.canary\nB: 1,5canary\nC: yes-canary\nD: canary\nE: '{canary'\nF: canary\nG: CANARY\n";
    assert.deepEqual(problems(contract, api), [
      `${place}:1:1: A: is not an integer (envs/schema.yaml:3:5)`,
      `${place}:2:1: B: is not a number (envs/schema.yaml:4:5)`,
      `${place}:3:1: C: is not true or false (envs/schema.yaml:5:5)`,
      `${place}:4:1: D: is not an address with its scheme, such as https://example.com (envs/schema.yaml:6:5)`,
      `${place}:5:1: E: is not JSON (envs/schema.yaml:7:5)`,
      `${place}:6:1: F: is not one of debug, info (envs/schema.yaml:8:5)`,
      `${place}:7:1: G: does not match the pattern [A-Z]{3} (envs/schema.yaml:9:5)`,
    ]);
  });

  it("finds unknown variables by their names, missing ones, and secrets in the file, together with others", () => {
    const contract =
      "services:\n  '*': { LOG_LEVEL: }\n  api:\n    NEEDED:\n    TOKEN: { secret: true }\n    IN_PROD: { required: [prod] }\n" +
      "    GIVEN: { secret: true }\n";
    const api = "LOG_LEVLE: canary\nTOKEN: canary\nOTHER: x\nGIVEN: !secret\n";
    assert.deepEqual(problems(contract, api, { "envs/prod/api.yaml": "" }), [
      `${place}:1:1: LOG_LEVLE: is not in envs/schema.yaml; did you mean LOG_LEVEL?`,
      `${place}: NEEDED: is missing, and stage test needs it (envs/schema.yaml:4:5)`,
      `${place}:2:1: TOKEN: is secret (envs/schema.yaml:5:5), and its value is in the file; write !secret or !env`,
      `${place}:3:1: OTHER: is not in envs/schema.yaml; add it there, or remove it`,
      `${place}:4:1: GIVEN: the stack has no secret ${pulumi.getProject()}:GIVEN; set it with: pulumi config set --secret ${pulumi.getProject()}:GIVEN --stack ${pulumi.getStack()}`,
    ]);
    folder.write("envs/test/api.env", "NEEDED=1\nTOKEN=canary\n");
    assert.match(
      failureOf(() => loadEnv("envs/test/api.env")),
      /^envs\/test\/api\.env:2:1: TOKEN: is secret .*; move it to a YAML file, and write !secret or !env there$/m,
    );
  });

  it("checks values of the stack's configuration and of the environment", () => {
    const name = `${pulumi.getProject()}:A`;
    pulumi.runtime.setAllConfig({ [name]: "canary" }, [name]);
    process.env["CONTRACT_TEST"] = "canary";
    const contract = "services: { api: { A: { type: integer }, B: { values: [x] }, C: { secret: true } } }\n";
    assert.deepEqual(problems(contract, "A: !secret\nB: !env CONTRACT_TEST\nC: !env CONTRACT_TEST\n"), [
      `${place}:1:1: A: is not an integer (envs/schema.yaml:1:20)`,
      `${place}:2:1: B: is not one of x (envs/schema.yaml:1:42)`,
    ]);
  });

  it("allows more in services that it does not name, and with additional in all", () => {
    folder.write("envs/schema.yaml", "services: { '*': { LEVEL: { values: [a] } }, web: { X: } }\n");
    folder.write("envs/test/api.yaml", "NEW: 1\n");
    assert.deepEqual(loadEnv(place), { NEW: "1" });
    folder.write("envs/test/api.yaml", "LEVEL: canary\n");
    assert.match(
      failureOf(() => loadEnv(place)),
      /^envs\/test\/api\.yaml:1:1: LEVEL: is not one of a /,
    );
    folder.write("envs/schema.yaml", "additional: true\nservices: { api: { X: { type: integer } } }\n");
    folder.write("envs/test/api.yaml", "NEW: 1\nX: 1\n");
    assert.deepEqual(loadEnv(place), { NEW: "1", X: "1" });
  });

  it("takes the stage from the last of several files, which may be missing, and the variables from all", () => {
    folder.write("envs/schema.yaml", "services: { api: { A: , B: { required: [prod] } } }\n");
    folder.write("envs/base/api.yaml", "A: 1\n");
    folder.write("envs/test/api.yaml", "");
    folder.write("envs/prod/web.yaml", "C: 1\n");
    const files = (stage: string) => [
      "envs/base/api.yaml",
      { path: `envs/${stage}/api.yaml`, optional: true },
    ];
    assert.deepEqual(loadEnv(files("test")), { A: "1" });
    assert.deepEqual(
      loadEnv("envs/base/api.yaml"),
      { A: "1" },
      "those of all stages alone need not be complete",
    );
    assert.equal(
      failureOf(() => loadEnv(files("prod"))),
      "envs/prod/api.yaml: B: is missing, and stage prod needs it (envs/schema.yaml:1:25)",
    );
    const missing = /^envs\/prod\/api\.yaml: B: is missing/;
    assert.match(
      failureOf(() => loadEnvs(["envs/base", "envs/prod"])),
      missing,
    );
    assert.match(
      failureOf(() => loadEnvs("envs/prod")),
      /^envs\/prod\/api\.yaml: A: is missing.*\nenvs\/prod\/api\.yaml: B: is missing/,
    );
    assert.deepEqual(Object.keys(loadEnvs(["envs/base", "envs/test"])), ["api"]);
  });

  it("leaves a file of that name alone that is something else, and one outside of the repository", () => {
    folder.write("schema.yaml", "openapi: 3.1.0\n");
    folder.write("envs/api.yaml", "A: 1\n");
    assert.deepEqual(loadEnv("envs/api.yaml"), { A: "1" });
    folder.write("schema.yaml", "services: { api: { B: } }\n");
    folder.write("repository/.git/config", "");
    folder.write("repository/api.yaml", "A: 1\n");
    process.chdir("repository");
    assert.deepEqual(loadEnv("api.yaml"), { A: "1" });
  });

  it("is refused with the place of each mistake in it", () => {
    const mistakes: [text: string, ...problems: string[]][] = [
      [
        "services: { api: { A: { tpye: integer } } }",
        "1:25: services.api.A.tpye: is not an input of services.api.A: did you mean type?",
      ],
      [
        "services: { api: { A: { values: [1] } } }",
        "1:34: services.api.A.values.0: must be a string, not a number; put it in quotes",
      ],
      [
        "services: { api: { A: { type: text } } }",
        '1:25: services.api.A.type: must be one of "string", "integer", "number", "boolean", "url", "json"',
      ],
      [
        "services: { api: { A B: } }",
        "1:20: a key: is not a name of a variable; use letters, digits, _, . and -",
      ],
      [
        "services: { api: { A: { type: integer, values: ['1', x] } } }",
        "1:40: A: values: x cannot be a value by the type or pattern; correct it",
      ],
      [
        "services: { api: { A: { secret: true, values: [x] } } }",
        "1:39: A: is secret, and values would show it; remove values",
      ],
      [
        "services: { api: { A: { required: [tset] } } }",
        "1:25: A: required: there is no stage tset; the stages are test",
      ],
      [
        "services: { api: { A: { pattern: '(' } } }",
        "1:25: A: pattern: is not a regular expression of RE2, which has no back references and no look-around: missing closing ): `(`",
      ],
      ["services: { shared: { A: } }", "1:13: write the variables of shared.yaml below shared:"],
      ["services: { api: { A: !secret x } }", "1:20: has a YAML tag, and this file has none; remove it"],
      ["additional: true\nadditional: true", "2:1: this key appears twice; remove one"],
      ["- a", "1:1: is not a mapping; write services: and their variables"],
    ];
    for (const [text, ...expected] of mistakes) {
      assert.deepEqual(
        problems(`${text}\n`, "A: 1\n"),
        expected.map((line) => `envs/schema.yaml:${line}`),
        text,
      );
    }
  });
});
