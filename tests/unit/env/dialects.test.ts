import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import {
  readComposeEnvFile,
  readStackEnvFile,
  substitute,
  writeEnvFile,
} from "../../../emulator/instance/env-file";
import { renderTemplate } from "../../../emulator/instance/swarm-template";
import { resolveVariables } from "../../../emulator/instance/variables";
import type { EnvFileStyle } from "../../../emulator/instance/versions";
import { mergeEnv, resolveEnv } from "../../../provider/env";
import { checkEnv, type EnvDialect, readEnv, writeEnv } from "../../../provider/env/codec";
import { expandTemplate } from "../../../provider/env/go-template";

/** How a version of Dokploy and what comes after it bring a text's variables into containers. */
interface Dialect {
  readonly name: string;
  readonly target: EnvDialect;
  /**
   * What containers see, by `env_file: .env` and by `${NAME}` in the compose file; throws where the deployment fails.
   */
  see(text: string, shared: Shared): { file: Record<string, string>; interpolated: Record<string, string> };
}

interface Shared {
  readonly project: string;
  readonly environment: string;
}

const none: Shared = { project: "", environment: "" };

function compose(name: string, target: EnvDialect, style: EnvFileStyle): Dialect {
  return {
    name,
    target,
    see(text, shared) {
      const env = resolveVariables(text, shared);
      const file = readComposeEnvFile(writeEnvFile(env, style));
      const names = Object.keys(env).filter((key) => /^[A-Za-z_]\w*$/.test(key));
      const interpolated = names.map((key) => [key, substitute(`\${${key}}`, (other) => file[other])]);
      return { file, interpolated: Object.fromEntries(interpolated) };
    },
  };
}

const stack: Dialect = {
  name: "a stack",
  target: "stack",
  see(text, shared) {
    const env = resolveVariables(text, shared);
    const rendered = (values: Record<string, string>) =>
      Object.fromEntries(
        Object.entries(values).map(([key, value]) => [
          key,
          renderTemplate(value, { ".Service.Name": "shop_web" }),
        ]),
      );
    const file = readStackEnvFile(writeEnvFile(env, "unquoted"), ".env", () => undefined);
    return { file: rendered(file), interpolated: rendered(bySh(env)) };
  },
};

/** A shell line with the quotes of shell-quote 1.8, in bash, which is the stricter of the shells. */
function bySh(env: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([key, value]) => {
      if (value.includes("'") && value.includes("!")) return [key, value.replaceAll("!", "\\!")];
      return [key, /^~[\w./-]*$/.test(value) ? value.replace("~", "/root") : value];
    }),
  );
}

const dialects: readonly Dialect[] = [
  compose("Dokploy before 0.30.0", "compose-unquoted", "unquoted"),
  compose("Dokploy 0.30.0 to 0.30.2", "compose", "quoted"),
  compose("Dokploy 0.30.3 and newer", "compose-templates", "templates"),
  stack,
];

const nasty = fc.string({
  unit: fc.constantFrom(
    ..."ab= :#'\"`\\\n\r\t${}n!~/.",
    "${A}",
    "${A:-",
    "$A",
    "{{",
    "}}",
    "{{.Service.Name}}",
    " #",
    "é",
    "\u2028",
    "\u00a0",
  ),
  maxLength: 30,
});
const name = fc.string({ unit: fc.constantFrom(..."abAB_"), minLength: 1, maxLength: 4 });
const maps = fc.dictionary(name, nasty, { maxKeys: 6, noNullPrototype: true });
const referring = fc.dictionary(
  name,
  fc
    .array(
      fc.oneof(nasty, fc.constantFrom("${{project.P}}", "${{environment.E}}", "${{a}}", "${{B}}", "${", "$")),
    )
    .map((parts) => parts.join("")),
  { maxKeys: 5, noNullPrototype: true },
);
/** What Dokploy's own format carries as it is. */
const plainShared = fc
  .string({ unit: fc.constantFrom(..."ab $\"'{}\\/!~", "${A}", "{{", " x#"), maxLength: 12 })
  .filter((value) => checkEnv({ P: value }, "shared").length === 0);

function isTemplate(value: string): boolean {
  const expansion = expandTemplate(value);
  return typeof expansion !== "string" && expansion.text !== value;
}

/** What refers to another variable of the map means that one's value. */
function withoutOwnReferences(env: Record<string, string>): Record<string, string> {
  const names = Object.keys(env);
  const refers = (value: string) => names.some((key) => value.includes(`\${{${key}}}`));
  return Object.fromEntries(Object.entries(env).filter(([, value]) => !refers(value)));
}

function carried(env: Record<string, string>, target: EnvDialect): Record<string, string> {
  let rest = env;
  for (;;) {
    const bad = new Set(checkEnv(rest, target).map(({ key }) => key));
    if (bad.size === 0) return rest;
    rest = Object.fromEntries(Object.entries(rest).filter(([key]) => !bad.has(key)));
  }
}

describe("what containers see, by the version of Dokploy", () => {
  for (const { name: of, target, see } of dialects) {
    describe(of, () => {
      it("is each value as the program gives it, and reading gives it back", () => {
        fc.assert(
          fc.property(maps, (env) => {
            const map = carried(withoutOwnReferences(env), target);
            const text = writeEnv(map, target);
            assert.deepEqual(readEnv(text, target), map);
            const { file, interpolated } = see(text, none);
            assert.deepEqual(file, map);
            assert.deepEqual(interpolated, map);
          }),
          { numRuns: 3000 },
        );
      });

      it("refuses little", () => {
        const sample = fc.sample(nasty, { numRuns: 2000, seed: 1 });
        const refused = sample.filter((value) => checkEnv({ K: value }, target).length > 0);
        const unwritable = sample.filter((value) => checkEnv({ K: value }, "compose").length > 0);
        assert.ok(
          refused.length <= unwritable.length,
          `${refused.length} refused, of which compose ${unwritable.length}`,
        );
      });

      it("is what references name, or the plan reports it", () => {
        let compared = 0;
        fc.assert(
          fc.property(referring, plainShared, plainShared, (env, p, e) => {
            const shared = {
              project: writeEnv({ P: p }, "shared"),
              environment: writeEnv({ E: e }, "shared"),
            };
            const map = carried(env, target);
            const text = writeEnv(map, target);
            assert.deepEqual(readEnv(text, target), map);
            // A template that is whole by itself is there on purpose.
            if (target === "stack" && [p, e].some((value) => isTemplate(value))) return;
            const resolved = resolveEnv(text, target, shared);
            if (resolved.problems.length > 0 || resolved.unknown.length > 0) return;
            // A chain of references is told of elsewhere.
            if (checkEnv(map, "compose").some(({ warning }) => !warning)) return;
            const wanted = resolveVariables(writeEnv(map, "shared"), shared);
            if (Object.values(wanted).some((value) => value.includes("${{"))) return;
            const { file, interpolated } = see(text, shared);
            compared += Object.keys(file).length;
            assert.deepEqual(resolved.env, wanted);
            assert.deepEqual(file, wanted);
            // A home folder at the start, which references bring in, is replaced by bash alone.
            if (target !== "stack" || !Object.values(wanted).some((value) => value.startsWith("~")))
              assert.deepEqual(interpolated, wanted);
          }),
          { numRuns: 3000 },
        );
        assert.ok(compared > 300, `${compared} compared`);
      });

      it("is right for lines that are merged into a text by hand", () => {
        fc.assert(
          fc.property(maps, (env) => {
            const map = carried(env, target);
            const text = mergeEnv("# by hand\nHAND=1\n", map, [], target);
            const { file } = see(text, none);
            assert.deepEqual(file, { HAND: "1", ...map });
          }),
          { numRuns: 300 },
        );
      });

      it("shows a difference if the text does not have the program's value", () => {
        fc.assert(
          fc.property(nasty, nasty, (raw, wanted) => {
            if (checkEnv({ K: raw }, "compose").length > 0 || checkEnv({ K: wanted }, target).length > 0)
              return;
            const text = writeEnv({ K: raw }, "compose");
            if (readEnv(text, target)["K"] !== wanted) return;
            // Taken for equal, so it has to arrive.
            const { interpolated } = see(text, none);
            assert.equal(interpolated["K"], target === "stack" ? shellSees(wanted) : wanted);
          }),
          {
            numRuns: 3000,
            examples: [
              ["${A}", "${A}"],
              ["'a'", "'a'"],
              ["a #b", "a #b"],
              ["{{.Service.Name}}", "{{.Service.Name}}"],
            ],
          },
        );
        /** What 0.1.0 wrote without a template for it reads as it was meant, though a shell may change it. */
        function shellSees(value: string): string | undefined {
          return bySh({ K: value })["K"];
        }
      });
    });
  }

  const forms: [target: EnvDialect, value: string, text: string][] = [
    ["compose", "${NAME} $5", "K=${NAME} $5"],
    ["compose-templates", "${NAME} $NAME $5", "K=${${__UNSET:+x}NAME} $NAME $5"],
    ["compose-templates", "${NAME:-x}", "K=${${__UNSET:+x}NAME:-x}"],
    ["compose-templates", "a${1}", "K=a${1}"],
    ["compose-unquoted", "plain text", "K=plain text"],
    ["compose-unquoted", "cost $5", "K=cost $$5"],
    ["compose-unquoted", "a #b", "K=`'a #b'`"],
    ["compose-unquoted", "a\nb", "K=`'a\nb'`"],
    ["compose-unquoted", "it's\nb", 'K=`"it\'s\nb"`'],
    ["compose-unquoted", "http://${{project.HOST}}", "K=`'http://${{project.HOST}}'`"],
    ["stack", "Hello {{name}}", 'K=Hello {{"{{"}}name}}'],
    ["stack", "a\nb", 'K=a{{"\\x0a"}}b'],
    ["stack", "it's!", 'K=it{{"\\x27"}}s!'],
    ["stack", "it's", "K=it's"],
    ["stack", "~/x", 'K={{"~"}}/x'],
    ["stack", "${{ secrets.X }}", 'K={{"\\x24{{"}} secrets.X }}'],
    ["stack", "{\n}", 'K={{"{\\x0a"}}}'],
  ];
  for (const [target, value, text] of forms) {
    it(`${target}: writes ${JSON.stringify(value)} as ${JSON.stringify(text)}`, () => {
      assert.equal(writeEnv({ K: value }, target), text);
    });
  }
});

describe("a text that another version was written for", () => {
  it("is reported: Compose replaces text that 0.30.2 left unchanged", () => {
    const env = { K: "${NAME}", OTHER: "plain" };
    const read = readEnv(writeEnv(env, "compose"), "compose-templates");
    assert.notEqual(read["K"], env.K);
    assert.equal(read["OTHER"], "plain");
  });

  it("is reported: quotes that the old one needed are part of the value on the new one", () => {
    const env = { K: "a #b", OTHER: "plain" };
    const read = readEnv(writeEnv(env, "compose-unquoted"), "compose");
    assert.deepEqual(read, { K: "'a #b'", OTHER: "plain" });
  });

  it("is reported: the text that splits a template on the new one is part of the value on the old one", () => {
    assert.notEqual(readEnv(writeEnv({ K: "${A}" }, "compose-templates"), "compose")["K"], "${A}");
  });

  it("is not reported if the meaning is the same", () => {
    const env = { A: "1", URL: "http://x/?a=b", JSON: '{"a":[1]}', PATHS: "C:\\dir" };
    for (const target of ["compose", "compose-unquoted", "compose-templates", "stack"] as const) {
      assert.deepEqual(readEnv(writeEnv(env, "compose"), target), env);
    }
  });
});

describe("references whose values a version of Dokploy changes", () => {
  const reasons = (value: string, target: EnvDialect, project: string) =>
    resolveEnv(writeEnv({ K: value }, target), target, { project, environment: "" })
      .problems.map(({ key, reason }) => `${key} ${reason}`)
      .join();

  it("are reported if Compose replaces the inserted text", () => {
    assert.match(
      reasons("x${{project.P}}", "compose-templates", "P=${HOME}"),
      /^K contains \$\{…\} once its references/,
    );
    assert.match(reasons("$${{project.P}}", "compose-templates", "P={HOME}"), /^K contains \$\{…\}/);
    assert.equal(reasons("x${{project.P}}", "compose-templates", "P=$HOME"), "");
    assert.equal(reasons("x${{project.P}}", "compose", "P=${HOME}"), "");
  });

  it("are reported if Compose reads quotes in them", () => {
    assert.match(
      reasons("x${{project.P}}", "compose-unquoted", 'P="it\'s"'),
      /^K refers to a value that Compose would change/,
    );
    assert.equal(reasons("x${{project.P}}", "compose-unquoted", 'P="a $b #c"'), "");
  });

  it("find what Dokploy adds to a compose service, and not to a stack", () => {
    const env = { A: "${{APP_NAME}}", B: "${{COMPOSE_PROJECT_NAME}}" };
    for (const target of ["compose", "compose-unquoted", "compose-templates"] as const) {
      assert.deepEqual(checkEnv(env, target), []);
      assert.deepEqual(resolveEnv(writeEnv(env, target), target, none).problems, []);
    }
    assert.deepEqual(
      checkEnv(env, "stack").map(({ key }) => key),
      ["A", "B"],
    );
    assert.deepEqual(
      resolveEnv("A=${{APP_NAME}}", "stack", none).problems.map(({ key }) => key),
      ["A"],
    );
  });
});

describe("braces that a reference inserts next to others", () => {
  for (const target of ["application", "stack"] as const) {
    it(`are reported if they make a template together: ${target}`, () => {
      const text = writeEnv({ A: '${{environment.E}}{""}}', B: "${{environment.E}}{x}}" }, target);
      const { env, problems } = resolveEnv(text, target, { environment: "E='{'" });
      assert.deepEqual(env, {});
      assert.deepEqual(
        problems.map(({ key, reference }) => ({ key, reference })),
        [
          { key: "A", reference: true },
          { key: "B", reference: undefined },
        ],
      );
    });

    it(`are reported if Swarm would fill in what they make together: ${target}`, () => {
      const text =
        "A={${{project.H1}}.Service.Name}}\nB=${{project.H1}}${{project.H2}}\nC={{.Node.ID}} ${{project.H1}}";
      const { env, unknown, problems } = resolveEnv(text, target, {
        project: "H1='{'\nH2='{.Service.Name}}'",
      });
      assert.deepEqual([env, unknown], [{}, ["C"]]);
      assert.deepEqual(
        problems.map(({ key, reason, reference }) => [key, /^contains \{\{ once/.test(reason), reference]),
        [
          ["A", true, true],
          ["B", true, true],
        ],
      );
    });

    it(`are not reported if the shared variable holds a whole template: ${target}`, () => {
      const text = writeEnv({ A: "x ${{environment.E}} {{y}}" }, target);
      const { env, problems } = resolveEnv(text, target, { environment: `E='{{"{{"}}name'` });
      assert.deepEqual(problems, []);
      assert.deepEqual(env, { A: "x {{name {{y}}" });
    });
  }
});

describe("names and values that a target does not accept", () => {
  const reported = (env: Record<string, string>, target: EnvDialect) =>
    checkEnv(env, target).map(({ key, warning }) => `${key}${warning ? " warns" : ""}`);

  it("PATH, HOME and COMPOSE_PROJECT_NAME of a compose service warn", () => {
    const env = { PATH: "/x", HOME: "/y", COMPOSE_PROJECT_NAME: "z", PATHS: "" };
    assert.deepEqual(reported(env, "compose"), ["PATH warns", "HOME warns", "COMPOSE_PROJECT_NAME warns"]);
    assert.equal(writeEnv(env, "compose").split("\n").length, 4);
    assert.deepEqual(reported(env, "application"), []);
  });

  it("a variable of a stack that the docker command reads too is named", () => {
    const names = ["DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "LD_PRELOAD"];
    const variables = Object.fromEntries(
      [...names, "DOCKER_IMAGE", "LD_FLAGS", "HTTP_PROXY"].map((name) => [name, "x"]),
    );
    assert.deepEqual(
      reported(variables, "stack"),
      names.map((name) => `${name} warns`),
    );
    assert.deepEqual(reported(variables, "compose"), []);
  });

  it("PATH of a stack is refused", () => {
    assert.deepEqual(reported({ PATH: "/x", HOME: "/y" }, "stack"), ["PATH", "HOME warns"]);
    assert.throws(() => writeEnv({ PATH: "/x" }, "stack"), /PATH makes the deployment of a stack fail/);
  });

  it("the variable that must never be set is refused if it is used", () => {
    assert.deepEqual(reported({ __UNSET: "1" }, "compose-templates"), ["__UNSET"]);
    assert.deepEqual(reported({ __UNSET: "1" }, "compose"), []);
  });

  it("build secrets have names of a shell, and values that it leaves alone", () => {
    for (const key of ["1ABC", "a.b", "a-b", "PATH"])
      assert.deepEqual(reported({ [key]: "x" }, "secret"), [key]);
    for (const value of ["~", "~/x", "~root", "~root/x", "~+", "it's!", "a\n'!"])
      assert.deepEqual(reported({ K: value }, "secret"), ["K"], value);
    for (const value of ["a~", "~ x", "~'x", "~a:b", "a:~/b", "it's", 'say "hi"!', "a!b", "$HOME", "x\ny"])
      assert.deepEqual(reported({ K: value }, "secret"), [], value);
    assert.deepEqual(reported({ K: "" }, "secret"), ["K warns"]);
    assert.deepEqual(reported({ K: "${{H}}/x", H: "~" }, "secret"), ["K", "H"]);
  });

  it("build arguments have no single quote together with an exclamation mark", () => {
    assert.deepEqual(reported({ A: "it's!", B: "~/x", C: "", "a.b": "1" }, "build"), ["A"]);
    assert.deepEqual(reported({ A: "${{B}}!", B: "it's" }, "build"), ["A"]);
  });
});
