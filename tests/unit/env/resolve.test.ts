import * as assert from "node:assert/strict";
import { checkChains, type EnvDialect, resolveEnv, resolveVariables } from "../../../provider/env";

describe("what a container gets of a text with references", () => {
  const shared = {
    project: "HOST=db\nVIA=${{environment.STAGE}}\nSELF=${{LOCAL}}\nBACK=${{project.HOST}}",
    environment: "STAGE=prod\nE=${{LOCAL}}",
  };
  const resolve = (text: string, target: EnvDialect = "compose", around: object = shared) =>
    resolveEnv(text, target, around);
  const reasons = (text: string, target: EnvDialect = "compose", around: object = shared) =>
    resolve(text, target, around).problems.map(({ key, reason }) => `${key} ${reason}`);

  it("inserts each once: from the project, then from the environment, then from the text itself", () => {
    assert.deepEqual(
      resolve(
        "A=x${{project.HOST}}y\nB=${{environment.STAGE}}${{A1}}\nA1=1\nC=${{project.VIA}}\nD=${{project.SELF}}\nLOCAL=l\nE=${{environment.E}}",
      ),
      {
        env: { A: "xdby", B: "prod1", A1: "1", C: "prod", D: "l", LOCAL: "l", E: "l" },
        unknown: [],
        problems: [],
      },
    );
  });

  it("is not known if a text is not known, or only the server knows", () => {
    assert.deepEqual(resolve("A=${{project.HOST}}\nB=1", "compose", {}), {
      env: { B: "1" },
      unknown: ["A"],
      problems: [],
    });
    assert.deepEqual(resolve("A=${{vault.main.x}}", "compose").unknown, ["A"]);
    assert.deepEqual(resolve("A={{.Service.Name}}", "application").unknown, ["A"]);
    assert.deepEqual(resolve("A=${{APP_NAME}}", "compose").unknown, ["A"]);
    assert.equal(resolve("A=${{APP_NAME}}", "stack").problems.length, 1);
    const own = new Map<string, string | undefined>([
      ["A", undefined],
      ["B", "${{A}}"],
      ["__proto__", "x"],
      ["C", "1"],
    ]);
    assert.deepEqual(resolveVariables(own, "compose", {}), {
      env: { C: "1" },
      unknown: ["A", "B"],
      problems: [],
    });
  });

  for (const [text, reason] of [
    [
      "A=${{project.NOPE}}",
      "A contains ${{project.NOPE}}, which Dokploy does not find in the project, so the deployment fails; add NOPE to the " +
        "variables of the project (env of its resource, or an EnvironmentBlock), or correct the name",
    ],
    [
      "A=${{project.host}}",
      "A contains ${{project.host}}, which Dokploy does not find in the project, so the deployment fails; the project has HOST",
    ],
    [
      "A=${{environment.stage}}",
      "A contains ${{environment.stage}}, which Dokploy does not find in the environment, so the deployment fails; the " +
        "environment has STAGE",
    ],
    [
      "A=${{B}}",
      "A contains ${{B}}, which Dokploy does not find among the variables of this text, so the deployment fails; add B",
    ],
    ["A=${{ B }}\nB=1", "A contains a reference with spaces, so the deployment fails; write ${{B}}"],
    [
      "A=${{project. NOPE}}",
      "A contains a reference with spaces, so the deployment fails; write ${{project.NOPE}}",
    ],
    [
      "A=${{ B }}",
      "A contains ${{ B }}, which Dokploy does not find among the variables of this text, so the deployment fails; add  B ",
    ],
    [
      "A=${{a/b}}",
      "A contains ${{…}} that is not a reference, so the deployment fails; write ${{NAME}}, ${{project.NAME}}, " +
        "${{environment.NAME}} or ${{vault.<provider>.<reference>}}",
    ],
    [
      "A=${{project.SELF}}",
      "A refers to a shared variable that contains ${{LOCAL}}, which Dokploy does not find, so the deployment fails; add LOCAL to " +
        "the variables of this service, or change the shared variable",
    ],
    [
      "A=${{project.BACK}}",
      "A refers to a shared variable that contains ${{project.HOST}}, which Dokploy does not find, so the deployment fails; " +
        "Dokploy does not resolve that reference there: write the value itself into the shared variable",
    ],
  ] as const) {
    it(`fails: ${reason}`, () => assert.deepEqual(reasons(text), [reason]));
  }

  it("fails if a shared variable of the project leads to one that the environment does not have", () => {
    assert.match(
      reasons("A=${{project.VIA}}", "compose", { ...shared, environment: "" })[0] ?? "",
      /contains \$\{\{environment\.STAGE\}\}, which Dokploy does not find, .*; add STAGE to the variables of the environment, or/,
    );
    assert.match(
      reasons("A=${{project.ODD}}", "compose", { project: "ODD=${{a/b}}" })[0] ?? "",
      /^A refers to a shared variable with \$\{\{…\}\} that is not a reference/,
    );
  });

  it("reports the first twenty of one variable that are missing, and all of several", () => {
    const many = (count: number) => Array.from({ length: count }, (_, n) => `\${{N${n}}}`).join("");
    assert.equal(reasons(`A=${many(20)}`).length, 20);
    assert.equal(reasons(`A=${many(30)}\nB=${many(2)}`).length, 22);
  });

  it("does not insert more than a process can start with", () => {
    const big = "x".repeat(1_000_000);
    const { problems, unknown, env } = resolve(
      `A=\${{project.B}}\${{project.B}}\nC=${"${{project.B}}".repeat(3)}\nD=1`,
      "build",
      { project: `B=${big}` },
    );
    assert.deepEqual(Object.keys(env), ["A"]);
    assert.deepEqual(unknown, ["C", "D"]);
    assert.match(problems[0]?.reason ?? "", /^becomes larger than 4 MB through its references/);
    assert.equal(problems.length, 1);
  });

  it("fails for templates and quotes that somebody wrote by hand", () => {
    assert.match(
      reasons("A={{name}}", "application")[0] ?? "",
      /^A contains \{\{, which Swarm treats as a template/,
    );
    assert.match(
      reasons('A=`"x`', "compose-unquoted")[0] ?? "",
      /^A contains quotes or \$\{ that Compose cannot read/,
    );
    assert.match(reasons("A=x${{project.L}}", "stack", { project: 'L="a\nb"' })[0] ?? "", /line/);
    assert.match(
      reasons("A=x${{project.L}}${{vault.main.x}}", "stack", { project: 'L="a\nb"' })[0] ?? "",
      /line/,
    );
    assert.deepEqual(reasons("A=x${{project.L}}", "application", { project: 'L="a\nb"' }), []);
    assert.deepEqual(reasons("A=plain"), []);
  });

  it("is refused if Swarm would expand a template that a shared variable inserts", () => {
    const around = {
      project:
        'NAME={{.Service.Name}}\nBAD=a {{name}}\nCOMMENT={{/* c */}}\nQUOTED={{"x"}}\nOPEN={{\nPLAIN={ }\nVIA=${{environment.NODE}}\n' +
        'WRITTEN=a {{"{{"}}name}} ${{environment.STAGE}}\n',
      environment: "NODE={{.Node.Hostname}}\nSTAGE=prod",
    };
    const taken = /^A refers to a value with \{\{, which Swarm/;
    for (const target of ["application", "stack"] as const) {
      for (const name of ["NAME", "BAD", "COMMENT", "QUOTED", "OPEN", "VIA"]) {
        const text = `A=x \${{project.${name}}}`;
        assert.match(reasons(text, target, around).join(), taken, `${target} ${name}`);
        const { problems } = resolveEnv(`${text} \${{vault.main.x}}`, target, around);
        assert.match(
          problems[0]?.reason ?? "",
          /^refers to a value with \{\{/,
          "beside what only the server knows",
        );
        assert.equal(problems[0]?.reference, true);
      }
      assert.match(reasons("A=${{environment.NODE}}", target, around).join(), taken);
      assert.deepEqual(resolve("A=${{project.WRITTEN}}", target, around), {
        env: { A: "a {{name}} prod" },
        unknown: [],
        problems: [],
      });
      assert.deepEqual(reasons("A=${{project.PLAIN}} {{.Service.Name}}", target, around), []);
    }
    for (const target of ["compose", "build"] as const) {
      assert.deepEqual(reasons("A=${{project.NAME}}", target, around), [], target);
    }
  });

  it("may be too large", () => {
    const around = { project: `B=${"x".repeat(131_070)}` };
    assert.match(
      reasons("A=${{project.B}}", "application", around)[0] ?? "",
      /^A has 131072 bytes as KEY=value/,
    );
    assert.deepEqual(reasons("A=${{project.B}}", "build", around), []);
  });
});

describe("references that lead on, in words", () => {
  const reasons = (env: Record<string, string>, target: EnvDialect = "compose") =>
    checkChains(env, target).map(({ key, reason }) => `${key} ${reason}`);

  it("say what to write instead", () => {
    assert.deepEqual(reasons({ A: "${{A}}" }), [
      "A refers to itself, and Dokploy resolves references only once; to use the shared variable of that name, " +
        "write ${{project.A}} or ${{environment.A}}",
    ]);
    assert.deepEqual(reasons({ A: "${{B}}", B: "${{project.X}}" }), [
      "A refers to B, which contains a reference too: Dokploy resolves references only once, and the container gets " +
        "the ${{…}} as text; write the reference of B here",
    ]);
    assert.deepEqual(reasons({ A: "${{B}}", B: "${{C}}", C: "${{A}}" }), [
      "A refers to B, which leads back to it (A → B → C → A): Dokploy resolves references only once, and the " +
        "container gets the ${{…}} as text; give one of them a value",
      "B refers to C, which leads back to it (B → C → A → B): Dokploy resolves references only once, and the " +
        "container gets the ${{…}} as text; give one of them a value",
      "C refers to A, which leads back to it (C → A → B → C): Dokploy resolves references only once, and the " +
        "container gets the ${{…}} as text; give one of them a value",
    ]);
  });

  it("are reported once for each name, and left to others for Swarm and shared variables", () => {
    assert.equal(reasons({ A: "${{B}} ${{B}}", B: "${{project.X}}" }).length, 1);
    for (const target of ["application", "stack", "shared"] as const) {
      assert.deepEqual(reasons({ A: "${{A}}" }, target), [], target);
    }
  });

  it("do not exist if the variable contains no reference, or does not exist", () => {
    assert.deepEqual(reasons({ A: "${{B}}", B: "${{ open" }), []);
    assert.deepEqual(reasons({ A: "${{B}}", B: "${{a b}}" }), []);
    assert.deepEqual(reasons({ A: "${{toString}}" }), []);
  });

  it("name a circle of at most twenty", () => {
    const circle = (length: number) =>
      reasons(
        Object.fromEntries(Array.from({ length }, (_, n) => [`K${n}`, `\${{K${(n + 1) % length}}}`])),
      )[0] ?? "";
    assert.match(circle(20), /leads back to it \(K0 → K1 → .* → K19 → K0\)/);
    assert.match(circle(21), /contains a reference too/);
  });
});
