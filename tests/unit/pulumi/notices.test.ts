import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { planOf } from "../../../cli/plan/model";
import { readPreview } from "../../../cli/plan/preview";
import { identityOf } from "../../../provider/pulumi/identity";
import { codes, diagnosticOf, readDiagnostic } from "../../../provider/pulumi/notices";

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
    const page = fs.readFileSync(path.join(root, "docs", "notices.md"), "utf8");
    const listed = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, code]) => code);
    assert.deepEqual(listed, [...codes]);
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
  function planWith(words: (text: string) => string) {
    const diagnostics = codes.map((code) => {
      const about = { unchanged: identityOf(urnOf("one")), server: "d.example.com" }[code as string];
      const severity = code === "server" || code === "unlisted" ? "info" : "warning";
      return { severity, message: `${severity}: ${diagnosticOf(words(code), code, about)}\n` };
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
