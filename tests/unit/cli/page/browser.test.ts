import * as assert from "node:assert/strict";
import { livePage } from "../../../../cli/commands";
import { type Emulator, startEmulator } from "../../../../emulator";
import { Browser, findBrowser, type Page } from "../../../browser";
import { views } from "../../../pictures";
import { shopOn } from "./shop";

const hostile = `"'><img src=x onerror=document.title='ran'><script>document.title='ran'</script><svg onload=alert(1)>`;
const desktop = { width: 1280, height: 800 } as const;

/** Boxes that must not overlap, letters that leave their box, and texts with too little contrast. */
const problems = `(() => {
  const found = [];
  const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  const apart = (elements, what) => {
    const boxes = elements.map((each) => each.getBoundingClientRect());
    boxes.forEach((box, at) => boxes.slice(at + 1).forEach((other) => { if (meet(box, other)) found.push(what + " overlap"); }));
  };
  apart([...document.querySelectorAll("main > section")], "sections");
  apart([...document.querySelectorAll("article")], "cards");
  for (const card of document.querySelectorAll("article")) apart([...card.querySelectorAll("dt,dd")], "facts of a card");
  for (const svg of document.querySelectorAll("svg")) apart([...svg.querySelectorAll("rect")], "boxes of a picture");
  for (const text of document.querySelectorAll("g > text")) {
    const box = text.parentElement.querySelector("rect").getBBox(), own = text.getBBox();
    if (own.x + own.width > box.x + box.width) found.push("letters leave their box: " + text.textContent);
  }
  if (document.documentElement.scrollWidth > innerWidth) found.push("wider than the screen: " + document.documentElement.scrollWidth);
  const light = (color) => {
    const [r, g, b] = color.match(/[\\d.]+/g).slice(0, 3).map((each) => each / 255)
      .map((each) => (each <= 0.03928 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (!/, 0\\)$/.test(color)) return color;
    }
  };
  for (const element of document.querySelectorAll("body *")) {
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "")) continue;
    if (element.tagName === "title") continue;
    const style = getComputedStyle(element);
    const [a, b] = [light(element.closest("svg") ? style.fill : style.color), light(ground(element))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) found.push("little contrast: " + element.tagName + " " + element.className);
  }
  return [...new Set(found)];
})()`;

describe("a page in a browser (skipped where no Chromium is on the PATH)", function () {
  this.timeout(180_000);
  let browser: Browser;
  let emulator: Emulator;

  before(async function () {
    const file = findBrowser();
    if (file === undefined) return this.skip();
    browser = new Browser(file);
    emulator = await startEmulator({ buildMs: 5, page: (query) => livePage(emulator, query) });
    await shopOn(emulator);
    await shopOn(emulator, hostile);
  });
  after(async () => {
    await browser?.close();
    await emulator?.close();
  });

  const open = (view: Parameters<Browser["open"]>[1]): Promise<Page> =>
    browser.open(`${emulator.url}/`, view);

  for (const view of views)
    it(`fits ${view.width} pixels, ${view.scheme}: nothing overlaps, every text has contrast, and no name of the server runs`, async () => {
      const page = await open(view);
      assert.deepEqual(await page.value(problems), []);
      assert.equal(await page.value("document.title"), "Services on Dokploy");
      assert.equal(
        await page.value("document.querySelectorAll('script,img,iframe,link,[onerror],[onload]').length"),
        0,
      );
      assert.match(await page.value("document.body.textContent"), /<script>document\.title='ran'<\/script>/);
      assert.deepEqual(page.requests, [`${emulator.url}/`]);
      assert.deepEqual([...page.messages, ...page.errors], []);
    });

  it("lets nothing run that somebody could add to it", async () => {
    const page = await open(desktop);
    await page.value(
      `document.body.insertAdjacentHTML("beforeend", "<img src=x onerror=document.title='ran'>")`,
    );
    await page.value(
      `{ const own = document.createElement("script"); own.text = "document.title='ran'"; document.body.append(own); }`,
    );
    assert.equal(await page.value("document.title"), "Services on Dokploy");
    assert.match(page.messages.join("\n"), /Content Security Policy/);
  });

  it("shows a screen reader its headings, tables and pictures", async () => {
    const page = await open(desktop);
    const { nodes } = (await page.send("Accessibility.getFullAXTree")) as {
      nodes: { ignored: boolean; role?: { value: string }; name?: { value: string } }[];
    };
    const names = (role: string) =>
      nodes.filter((node) => !node.ignored && node.role?.value === role).map(({ name }) => name?.value ?? "");
    for (const role of ["main", "navigation", "banner", "contentinfo"])
      assert.equal(names(role).length, 1, role);
    for (const name of ["Services on Dokploy", "Stages", "Picture", "Backups", "Variables"])
      assert.ok(names("heading").includes(name), name);
    const pictures = names("image");
    assert.equal(pictures.length, 4);
    for (const name of pictures) assert.match(name, /^Picture of shop.*: \d+ boxes, \d+ lines/);
    assert.ok(names("table").length > 1);
    for (const name of names("table")) assert.notEqual(name, "");
    assert.ok(names("columnheader").includes("Project") && names("rowheader").includes("orders"));
  });

  it("is reached and unfolded by keys", async () => {
    const page = await open(desktop);
    const focused = () => page.value<string>("document.activeElement.textContent");
    await page.press("Tab", 9);
    assert.equal(await focused(), "Skip to the content");
    assert.ok(await page.value("document.activeElement.getBoundingClientRect().left >= 0"));
    for (let at = 0; at < 80 && !(await focused()).startsWith("In words"); at += 1)
      await page.press("Tab", 9);
    await page.press("Enter", 13);
    assert.equal(await page.value("document.activeElement.parentElement.open"), true);
  });

  it("of the emulator loads itself again only when somebody asks for it", async () => {
    const page = await open(desktop);
    assert.equal(await page.value("document.querySelectorAll('meta[http-equiv=refresh]').length"), 0);
    const live = await browser.open(`${emulator.url}/?live`, desktop);
    assert.equal(await live.value("document.querySelector('meta[http-equiv=refresh]').content"), "5");
  });
});
