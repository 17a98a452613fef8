import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const repository = path.join(__dirname, "..", "..");
const versionOf = (picture: string) => /<desc>(.*)<\/desc>/.exec(picture)?.[1];
/** All that a picture says, without how it looks. */
const wordsOf = (picture: string) =>
  [...picture.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, words]) => words);

describe("the pictures of the README", function () {
  this.timeout(180_000);
  let folder: string;
  const made = (name: string) => fs.readFileSync(path.join(folder, name), "utf8");
  const committed = (name: string) =>
    fs.readFileSync(path.join(repository, "docs", "pictures", name), "utf8");

  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-dokploy-pictures-"));
    execFileSync(process.execPath, [path.join(repository, "scripts", "pictures.cjs"), folder]);
  });
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  it("show the summary of a plan as it is rendered today; if not, `npm run pictures` helps", () => {
    assert.equal(made("plan-comment.svg"), committed("plan-comment.svg"));
  });

  it("show a plan as the CLI prints it", () => {
    const [now, former] = [made("plan-terminal.svg"), committed("plan-terminal.svg")];
    // Another version of the CLI may print it otherwise.
    if (versionOf(now) === versionOf(former)) assert.equal(now, former);
    for (const words of ["+ CHECKOUT_URL   : ", "- LEGACY_CHECKOUT: "]) {
      assert.ok(
        wordsOf(now).some((found) => found?.startsWith(words.trim())),
        wordsOf(now).join("\n"),
      );
    }
  });

  it("hold no secret", () => {
    for (const name of fs.readdirSync(folder)) assert.doesNotMatch(made(name), /t-1f9c04|t-58e2d7/);
  });
});
