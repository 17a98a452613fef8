import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { Browser, findBrowser, type Page } from "../browser";
import { looksAs, openForPicture, views } from "../pictures";
import { type Served, serve } from "./serve";

const { buildSite, built, installGenerator } = require("../../scripts/site.cjs") as {
  buildSite(): Promise<{ links: number }>;
  built: string;
  installGenerator(): Promise<void>;
};
const { addresses } = require("../../scripts/site/pages.cjs") as { addresses(): { site: string } };

const sizes = { desktop: { width: 1280, height: 900 }, phone: { width: 390, height: 844 } };

describe("the site of the documentation", function () {
  this.timeout(900_000);
  const base = new URL(addresses().site).pathname;
  let links = 0;
  let served: Served;
  let browser: Browser | undefined;
  let page: Page;

  before(async function () {
    try {
      await installGenerator();
    } catch (error) {
      // Without a registry the generator cannot be had.
      console.log(`      The site is not built here: ${(error as Error).message.split("\n").at(-1)}`);
      this.skip();
    }
    ({ links } = await buildSite());
    served = await serve(built, base);
    const file = findBrowser();
    if (file !== undefined) browser = new Browser(file);
  });
  after(async () => {
    await browser?.close();
    await served?.close();
  });

  it("is built without a dead link, with the schemas at their addresses", async () => {
    assert.ok(links > 10_000, `${links}`);
    for (const name of ["dokploy-app", "dokploy-env", "dokploy-previews"]) {
      const file = path.join(built, "schemas", `${name}.schema.json`);
      const { $id } = JSON.parse(readFileSync(file, "utf8")) as { $id: string };
      const response = await fetch($id.replace(new URL(addresses().site).origin, served.origin));
      assert.equal(response.status, 200, $id);
      assert.equal(await response.text(), readFileSync(file, "utf8"));
    }
  });

  for (const view of views)
    it(`begins as in its picture, ${view.name}`, async function () {
      if (browser === undefined) return this.skip();
      const first = await openForPicture(browser, `${served.origin}${base}`, view);
      await first.until("document.querySelector('#app').__vue_app__");
      // A release changes no picture.
      await first.value(
        `document.querySelectorAll(".VPNavBar a[href$='changelog.html'] span").forEach((span) => { span.textContent = "1.2.3"; })`,
      );
      await looksAs(first, `site-${view.name}`, "screen");
    });

  for (const [name, size] of Object.entries(sizes)) {
    describe(`on a ${name}`, () => {
      const address = (file: string) => `${served.origin}${base}${file}`;
      const count = (selector: string) =>
        page.value<number>(`document.querySelectorAll(${JSON.stringify(selector)}).length`);

      before(async function () {
        if (browser === undefined) {
          console.log("      There is no Chromium on PATH to look at the site with.");
          this.skip();
        }
        page = await browser.open(address(""), size);
        // Its scripts have started when they have found the size of the screen.
        await page.until("document.querySelector('#app').__vue_app__");
      });

      it("begins with the shelves, and has a page of each that fits the screen", async () => {
        assert.equal(await page.value("document.querySelectorAll('.vp-doc h2').length"), 4);
        const places = await page.value<string[]>(
          "[...document.querySelectorAll('.vp-doc table')].map((table) => table.querySelector('a').pathname)",
        );
        const shelves = ["start", "everyday", "operations", "reference"];
        assert.deepEqual(
          places.map((place) => place.slice(base.length).split("/")[0]),
          shelves,
        );
        for (const place of ["", ...places.map((each) => each.slice(base.length))]) {
          await page.goto(address(place));
          await page.until("document.querySelector('.vp-doc h1')");
          const wide = await page.value<number>("document.documentElement.scrollWidth");
          assert.ok(wide <= size.width, `${place} is ${wide} pixels wide`);
          const shown = await page.value<string>("document.querySelector('.vp-doc h1').innerText");
          assert.match(shown, /\w/, place);
        }
      });

      it("finds a page by its words, and opens it", async () => {
        await page.goto(address(""));
        await page.until("document.querySelector('#app').__vue_app__");
        await page.click(".VPNavBarSearch button");
        await page.until("document.querySelector('.VPLocalSearchBox input')");
        await page.value("document.querySelector('.VPLocalSearchBox input').focus()");
        await page.type("volumeBackup schedule");
        await page.until("document.querySelectorAll('.VPLocalSearchBox .result').length > 0");
        await page.click(".VPLocalSearchBox a.result");
        await page.until(`location.pathname !== ${JSON.stringify(base)}`);
        assert.equal(await page.value("document.querySelectorAll('.VPLocalSearchBox').length"), 0);
      });

      it("copies a recipe, and shows the lines that it needs before", async () => {
        await page.goto(address("everyday/recipes.html"));
        await page.until("document.querySelector('#app').__vue_app__");
        await page.value(
          "Object.defineProperty(navigator, 'clipboard', { value: { writeText: async (text) => { window.copied = text; } } })",
        );
        const block = ".vp-doc > div > div.language-ts";
        await page.click(`${block} > button.copy`);
        await page.until("window.copied");
        const shown = await page.value<string>(`document.querySelector("${block} code").innerText`);
        assert.match(shown, /^\s*\S.*new dokploy\./m);
        assert.equal((await page.value<string>("window.copied")).trim(), shown.trim());

        assert.ok((await count(".prelude")) > 5);
        await page.click(".prelude summary");
        assert.match(
          await page.value<string>("document.querySelector('.prelude code').innerText"),
          /^import \* as dokploy from "pulumi-dokploy";$/m,
        );
      });

      it("needs no other server, and its scripts make no mistake", () => {
        const others = page.requests.filter(
          (url) => !url.startsWith(served.origin) && !url.startsWith("data:"),
        );
        assert.deepEqual(others, []);
        assert.deepEqual(page.errors, []);
      });
    });
  }
});
