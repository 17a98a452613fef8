import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import * as fc from "fast-check";
import { planOf, readPreview } from "../../../cli/plan";
import { identityOf } from "../../../provider/pulumi";
import { codes, diagnosticOf, readDiagnostic, shortOf } from "../../../provider/pulumi/notices";

const root = path.join(__dirname, "..", "..", "..");

describe("the code of a notice", () => {
  it("is read back as it was written, for any message and data", () => {
    for (const message of ["It is so.", "two\nlines", "", "a [dokploy/server evil]", "] [dokploy/"]) {
      for (const about of [undefined, "R4cNh0_q", "http://[::1]:3000", "d.example.com/x]"]) {
        const read = readDiagnostic(diagnosticOf(message, "server", about));
        assert.deepEqual(read, { message, code: "server", ...(about === undefined ? {} : { about }) });
      }
    }
  });

  it("is undefined if another package wrote the message, or the code is unknown", () => {
    for (const text of [
      "something else",
      "a [dokploy/server x] in the middle",
      "a [dokploy/server x y]",
      "a [dokploy/other]",
      "[dokploy/server]",
    ]) {
      assert.deepEqual(readDiagnostic(text), { message: text });
    }
  });

  it("has a line in the documentation, and each line has a code", () => {
    const page = fs.readFileSync(path.join(root, "docs", "operations", "notices.md"), "utf8");
    const listed = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, code]) => code);
    assert.deepEqual(listed, [...codes]);
  });
});

/** Pulumi's filter of secrets, which all diagnostics and the texts of inputs pass: each place that begins with one. */
function masked(text: string, secrets: readonly string[]): string {
  const texts = secrets.filter((secret) => secret.length >= 3 && !/^(?:true|false)$/i.test(secret));
  let out = "";
  for (let at = 0; at < text.length; ) {
    const secret = texts.find((each) => text.startsWith(each, at));
    out += secret === undefined ? text.charAt(at) : "[secret]";
    at += secret?.length ?? 1;
  }
  return out;
}

describe("the code of a notice, where Pulumi masks words that are secrets of the stack", () => {
  const data = fc.constantFrom(undefined, "R4cNh0_q", "R4cNh0_q;deploy;source.image;env,+NEW;env,~LEVEL");

  it("and its data are read all the same, whichever words the secrets are", () => {
    const part = fc.tuple(fc.nat(60), fc.integer({ min: 3, max: 12 }));
    fc.assert(
      fc.property(fc.constantFrom(...codes), data, fc.array(part), (code, about, parts) => {
        const text = ` [dokploy/${code} ${about ?? ""}]`;
        const secrets = parts
          .map(([at, length]) => text.slice(at).trim().slice(0, length))
          // A secret that contains the separator of the copy may also mask the copy.
          .filter((secret) => !/[[\] ~]/.test(secret));
        const read = readDiagnostic(masked(diagnosticOf("It is so.", code, about), secrets));
        const expected = code === "server" && about !== undefined ? masked(about, secrets) : about;
        assert.equal(read.code, code);
        assert.equal(read.about, expected);
        assert.equal(read.message, masked("It is so.", secrets));
      }),
    );
  });

  it("is still there for people and scripts", () => {
    assert.match(diagnosticOf("So.", "adopts"), /^So\. \[dokploy\/adopts ..\]$/);
    assert.match(diagnosticOf("So.", "unchanged", "R4cNh0_q"), /^So\. \[dokploy\/unchanged R4cNh0_q ..~R4~cN~h0~_q\]$/); // biome-ignore format: one line
  });

  it("does not show an address that is a secret", () => {
    const sent = diagnosticOf("It is d.example.com.", "server", "d.example.com");
    assert.equal(readDiagnostic(masked(sent, ["d.example.com", "serve"])).about, "[secret]");
  });

  it("is read from messages of earlier versions too", () => {
    assert.deepEqual(readDiagnostic("So. [dokploy/drift]"), { message: "So.", code: "drift" });
    const older = readDiagnostic("So. [dokploy/unchanged R4cNh0_q]");
    assert.deepEqual(older, { message: "So.", code: "unchanged", about: "R4cNh0_q" });
  });

  it("has its own two characters", () => {
    assert.equal(new Set(codes.map(shortOf)).size, codes.length);
  });
});

describe("the plan that the summary shows", () => {
  const urnOf = (name: string) => `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/dokploy:Application::${name}`;
  const steps = ["one", "two"].map((name) => ({
    op: "create",
    urn: urnOf(name),
    newState: { custom: true, inputs: { import: `id-${name}`, replicas: 1 } },
  }));

  /** Plans with one message for each code, whose words are the given ones. */
  function planWith(words: (text: string) => string, secrets: readonly string[] = []) {
    const diagnostics = codes.map((code) => {
      const about = { unchanged: identityOf(urnOf("one")), server: "d.example.com" }[code as string];
      const severity = code === "server" || code === "unlisted" ? "info" : "warning";
      const message = masked(diagnosticOf(words(code), code, about), secrets);
      return { severity, message: `${severity}: ${message}\n` };
    });
    const { warnings, ...plan } = planOf(readPreview(JSON.stringify({ steps, diagnostics })));
    return { ...plan, warnings: warnings.map(({ code }) => code).sort() };
  }

  it("follows from codes alone: other words in every message change nothing", () => {
    const plan = planWith((code) => `Application "one" (id-one) is adopted: nothing to change. ${code}`);
    assert.equal(plan.server, "d.example.com");
    assert.deepEqual(
      plan.resources.map(({ unchangedAdoption }) => unchangedAdoption),
      [true, false],
    );
    assert.equal(plan.warnings.length, codes.length - 3);
    const secrets = ["deploy", "adopt", "one", "info", "base", "import", "variables", "dokploy", "nothing"];
    assert.deepEqual(
      planWith((code) => `It is adopted. ${code}`, secrets),
      plan,
    );
    for (const words of [(code: string) => `Ganz andere Worte (${code})`, (code: string) => code]) {
      assert.deepEqual(planWith(words), plan);
    }
  });
});

describe("the commands", () => {
  it("read codes in one place", () => {
    const folder = path.join(root, "cli");
    const files = fs
      .readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.ts$/.test(name));
    assert.ok(files.length > 20);
    const readers = files.filter((file) =>
      /\breadDiagnostic\b/.test(fs.readFileSync(path.join(folder, file), "utf8")),
    );
    assert.deepEqual(readers, [path.join("plan", "messages.ts")]);
  });
});
