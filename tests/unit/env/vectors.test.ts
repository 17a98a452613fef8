import * as assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkEnv, type EnvTarget, readEnv, writeEnv } from "../../../provider/env/codec";
import { resolveEnv } from "../../../provider/env/resolve";

/** One environment text, and what a container of a real Dokploy 0.30.2 saw of it. */
interface Vector {
  name: string;
  kind: "application-docker" | "compose-raw" | "application-dockerfile-buildarg";
  variant?: "env_file" | "interpolation";
  composeFile?: string;
  text: string;
  project?: string;
  environment?: string;
  deploy: "done" | "error";
  seen?: Record<string, string>;
  /** Keys whose value depends on the machine. */
  volatile?: string[];
}

/** A few of them, so that the model is held to something everywhere. */
const own: Vector[] = [
  {
    name: "quoted",
    kind: "application-docker",
    text: "A='a#b'\nB=\"x\\ny\"",
    deploy: "done",
    seen: { A: "a#b", B: "x\ny" },
  },
  {
    name: "refs",
    kind: "application-docker",
    text: "A=${{project.P}}-${{X}}\nX=1",
    project: "P=pv",
    deploy: "done",
    seen: { A: "pv-1", X: "1" },
  },
  { name: "escape", kind: "application-docker", text: 'A={{"{{"}}x}}', deploy: "done", seen: { A: "{{x}}" } },
  { name: "template", kind: "application-docker", text: "A={{x}}", deploy: "error" },
  { name: "missing", kind: "compose-raw", variant: "env_file", text: "A=${{NOPE}}", deploy: "error" },
  { name: "blanks", kind: "application-dockerfile-buildarg", text: "A=${{ X }}\nX=1", deploy: "error" },
  {
    name: "chain",
    kind: "compose-raw",
    variant: "env_file",
    text: "A=${{B}}\nB=${{project.P}}",
    project: "P=1",
    deploy: "done",
    seen: { A: "${{project.P}}", B: "1" },
  },
];

const reference = process.env["DOKPLOY_REFERENCE"];
const file = reference === undefined ? undefined : join(reference, "env-vectors.jsonl");
const recorded: Vector[] =
  file !== undefined && existsSync(file)
    ? readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line))
    : [];

const targetOf: Record<Vector["kind"], Exclude<EnvTarget, "shared">> = {
  "application-docker": "application",
  "compose-raw": "compose",
  "application-dockerfile-buildarg": "build",
};

/** Failures that the texts do not show: only the server knows which vaults it has. */
const unpredictable = new Set(["vault-missing"]);

/** Values that the texts do not tell: control structures of Go templates, which are not evaluated here. */
const hasUnknown = new Set(["go-template-if"]);

describe("environment texts against what real containers saw", () => {
  for (const [source, vectors] of [
    ["a few in this repository", own],
    ["the recorded ones", recorded],
  ] as const) {
    describe(source, () => {
      before(function () {
        if (vectors.length === 0) {
          console.log(
            "      DOKPLOY_REFERENCE names no folder with env-vectors.jsonl: the recorded texts are not compared",
          );
          this.skip();
        }
      });

      it("foretells which texts make a deployment fail, and cries wolf over none", () => {
        let compared = 0;
        for (const vector of vectors) {
          if (unpredictable.has(vector.name)) continue;
          const { problems } = resolve(vector);
          assert.equal(
            problems.length > 0 ? "error" : "done",
            vector.deploy,
            where(vector, problems[0]?.reason),
          );
          compared += 1;
        }
        console.log(`      ${compared} of ${vectors.length} outcomes compared`);
      });

      it("says what the container sees", () => {
        let compared = 0;
        for (const vector of vectors) {
          if (vector.deploy === "error") continue;
          const { env, unknown } = resolve(vector);
          const seen = { ...vector.seen };
          for (const key of unknown) {
            assert.ok(
              vector.volatile?.includes(key) || hasUnknown.has(vector.name),
              where(vector, `${key} is not known`),
            );
            delete seen[key];
          }
          assert.deepEqual(visible(env, vector), seen, where(vector));
          compared += 1;
        }
        console.log(`      ${compared} containers compared`);
      });

      it("takes every map that worked, and finds what would fail in a map of a program", () => {
        for (const vector of vectors) {
          const target = targetOf[vector.kind];
          const env = readEnv(vector.text, target);
          const problems = checkEnv(env, target);
          if (vector.deploy === "done") {
            assert.deepEqual(problems, [], where(vector));
          } else if (problems.length === 0) {
            // Either the cause is on the server, or it is a template that the written text escapes.
            const asWritten = { ...vector, text: writeEnv(env, target) };
            const escaped = asWritten.text !== vector.text && resolve(asWritten).problems.length === 0;
            assert.ok(escaped || /\{\{(project|environment|vault)\./.test(vector.text), where(vector));
          }
        }
      });

      it("writes each map so that the container sees the same", () => {
        for (const vector of vectors) {
          const target = targetOf[vector.kind];
          const env = readEnv(vector.text, target);
          if (vector.deploy === "error" || checkEnv(env, target).length > 0) continue;
          const text = writeEnv(env, target);
          assert.deepEqual(readEnv(text, target), env, where(vector));
          // A template that was written by hand is text for a program.
          if (vector.kind === "application-docker" && isTemplate(vector)) continue;
          assert.deepEqual(resolve({ ...vector, text }), resolve(vector), where(vector));
        }
      });
    });
  }
});

function resolve({ text, kind, project = "", environment = "" }: Vector): ReturnType<typeof resolveEnv> {
  return resolveEnv(text, targetOf[kind], { project, environment });
}

/** What of the variables the recording shows. */
function visible(
  env: Record<string, string>,
  { kind, composeFile, variant }: Vector,
): Record<string, string> {
  if (variant === "interpolation") {
    // The compose file names the variables that it takes; one that is not set is empty.
    const taken = Array.from((composeFile ?? "").matchAll(/- (\w+)=\$\{\1\}/g), ([, key = ""]) => key);
    return Object.fromEntries(taken.map((key) => [key, env[key] ?? ""]));
  }
  if (kind === "application-dockerfile-buildarg") {
    // The Dockerfile prints its arguments with a shell, which has no variable of another name.
    return Object.fromEntries(Object.entries(env).filter(([key]) => /^[A-Za-z_]\w*$/.test(key)));
  }
  return env;
}

function isTemplate({ text }: Vector): boolean {
  return /(?<!\$)\{\{(?!")/.test(text);
}

function where({ name, kind, variant }: Vector, more = ""): string {
  return `${name} ${kind} ${variant ?? ""}: ${more}`;
}
