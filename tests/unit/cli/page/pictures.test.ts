import * as assert from "node:assert/strict";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { planOf, planPage, readPreview } from "../../../../cli/plan";
import { type Clock, startEmulator } from "../../../../emulator";
import { removeFolder } from "../../../../scripts/remove.cjs";
import { Browser, findBrowser } from "../../../browser";
import { looksAs, openForPicture, problemOf, views } from "../../../pictures";
import { reported } from "./reported";
import { shopOn } from "./shop";

const HOURS = 3_600_000;

/** Returns the report about a shop that has run for two hours, with the same times and names each time. */
async function report(): Promise<string> {
  let later = 0;
  const clock: Clock = {
    now: () => Date.now() + later,
    after: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
  };
  const emulator = await startEmulator({ buildMs: 5, clock });
  try {
    const shop = await shopOn(emulator);
    later = 2.5 * HOURS;
    let page = await reported(emulator, shop);
    for (const stage of ["test", "prod"])
      page = page.replaceAll(shop.ids.get(`${stage} api host`) ?? "", `${stage}-api-k3vd0q`);
    return page.replace(/(<time [^>]*>)[^<]*/g, "$12026-03-04 05:06 UTC");
  } finally {
    await emulator.close();
  }
}

function plan(name: string): string {
  const file = join(__dirname, "..", "plan", "previews", `${name}.json`);
  return planPage(planOf(readPreview(readFileSync(file, "utf8"))), undefined);
}

const pages = {
  report,
  "plan-of-changes": async () => plan("change"),
  "plan-that-replaces": async () => plan("replace"),
};

describe("pictures of pages (skipped where no Chromium is on the PATH)", function () {
  this.timeout(180_000);
  let folder: string;
  let browser: Browser;

  before(function () {
    const file = findBrowser();
    if (file === undefined) return this.skip();
    folder = mkdtempSync(join(tmpdir(), "pulumi-dokploy-pictures-"));
    browser = new Browser(file);
  });
  after(async () => {
    await browser?.close();
    if (folder !== undefined) removeFolder(folder);
  });

  for (const [name, write] of Object.entries(pages))
    describe(`of ${name}`, () => {
      const file = () => join(folder, `${name}.html`);
      before(async () => writeFileSync(file(), await write()));

      for (const view of views)
        it(`are the same, ${view.name}`, async () => {
          const page = await openForPicture(browser, pathToFileURL(file()).href, view);
          await looksAs(page, `${name}-${view.name}`);
        });
    });

  it("notice what people would see", async () => {
    const name = "plan-that-replaces";
    for (const view of views.filter(({ name: of }) => of === "phone-dark" || of === "desktop-light")) {
      const file = join(folder, `${name}.html`);
      writeFileSync(file, plan("replace"));
      const page = await openForPicture(browser, pathToFileURL(file).href, view);
      await page.value(`document.head.append(document.createElement("style"))`);
      for (const [what, style] of Object.entries({
        "a table that leaves its box": ".scroll{overflow:visible}table{width:110%}",
        "the ground of cards that is lost": ":root{--card:var(--ground)}",
        "the color of a badge that is lost": ".badge.bad{background:none}",
        "cards that overlap": "details{margin-bottom:-1rem;padding-bottom:1.75rem}",
        "a sign that is gone": "summary{list-style:none;padding-left:1.85rem}",
        "a word that is hidden": "h3 code{visibility:hidden}",
        "a line that is moved": "summary{position:relative;left:3px}",
      })) {
        await page.value(`document.head.lastElementChild.textContent = ${JSON.stringify(style)}`);
        assert.notEqual(await problemOf(page, `${name}-${view.name}`), undefined, `${what}, ${view.name}`);
      }
      await page.value(`document.head.lastElementChild.textContent = ""`);
      await looksAs(page, `${name}-${view.name}`);
    }
  });
});
