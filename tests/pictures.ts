/** Pictures of pages: what a page looks like, compared with the committed one of its name in `tests/pictures`. */
import * as assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { Browser, Page } from "./browser";

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Buffer;
}
const { PNG } = require("pngjs") as {
  PNG: {
    new (size: { width: number; height: number }): Picture;
    sync: { read(file: Buffer): Picture; write(picture: Picture, options: object): Buffer };
  };
};
const { default: pixelmatch } = require("pixelmatch") as {
  default(
    one: Buffer,
    other: Buffer,
    difference: Buffer,
    width: number,
    height: number,
    options: { threshold: number; includeAA: boolean; windowSize: number },
  ): number;
};

const committed = path.join(__dirname, "pictures");
/** Where a failed comparison leaves its pictures. */
const failed = path.join(__dirname, "..", ".tmp", "pictures");

/** The screens on which pages have a picture. */
export const views = (
  [
    ["desktop", 1280],
    ["phone", 390],
  ] as const
).flatMap(([device, width]) =>
  (["light", "dark"] as const).map((scheme) => ({ name: `${device}-${scheme}`, width, height: 800, scheme })),
);

/** Opens a page with fonts of the tests and without what moves, so that it looks the same on each machine. */
export async function openForPicture(
  browser: Browser,
  url: string,
  view: (typeof views)[number],
): Promise<Page> {
  const page = await browser.open("about:blank", view);
  // The page itself may load no font.
  await page.send("Page.setBypassCSP", { enabled: true });
  await page.goto(url);
  await page.value(
    `document.head.append(Object.assign(document.createElement("style"), { textContent: ${JSON.stringify(fixed)} }))`,
  );
  // Those of the page itself may be missing on this machine.
  await page.value(
    `Promise.all([...document.fonts].filter(({ family }) => family.includes("Picture")).map((font) => font.load())).then(() => true)`,
  );
  return page;
}

function face(name: string, font: string, weight: number): string {
  const file = require.resolve(`@fontsource/${font}/files/${font}-latin-${weight}-normal.woff2`);
  const data = readFileSync(file).toString("base64");
  return `@font-face{font-family:"${name}";font-weight:${weight};src:url(data:font/woff2;base64,${data})}`;
}

const fixed = [
  ...[400, 600, 700].map((weight) => face("Picture Sans", "inter", weight)),
  ...[400, 600].map((weight) => face("Picture Mono", "jetbrains-mono", weight)),
  `*{font-family:"Picture Sans"!important;animation:none!important;transition:none!important}`,
  `code,code *,pre,pre *{font-family:"Picture Mono"!important}`,
].join("");

/** Times that a page is compared before it counts as different. */
const TRIES = 10;
/** Pixels of the page on each side of a pixel of its picture. */
const SCALE = 2;
/** In a window of so many pixels on each side, so many may differ. A sign that is gone has more. */
const WINDOW = 8;
const MOST = 12;
/**
 * From these distances on, a pixel differs, with 1 between black and white. Versions of a browser draw letters bolder or
 * thinner, so a pixel at an edge in both pictures may differ more. Elsewhere the grounds of a card and of a page must.
 */
const AT_EDGES = 0.25;
const ELSEWHERE = 0.02;

/** How much of a page a picture shows: the whole, or what the screen shows of its beginning. */
type Part = Parameters<Page["screenshot"]>[0];

/** Compares a page with its picture; renews the picture when `RENEW_PICTURES` is set. */
export async function looksAs(page: Page, name: string, part?: Part): Promise<void> {
  const { file, full, now, difference, problem } = await comparedWhenDrawn(page, name, part);
  if (problem === undefined) return;
  if (process.env["RENEW_PICTURES"]) {
    mkdirSync(committed, { recursive: true });
    writeFileSync(file, written(now));
    return;
  }
  mkdirSync(failed, { recursive: true });
  writeFileSync(path.join(failed, `${name}.png`), full);
  writeFileSync(path.join(failed, `${name}.difference.png`), written(difference));
  assert.fail(
    `${name} does not look as in ${file}: ${problem}. ${failed} has what it looks like now, and the difference in red. ` +
      "If it is as it should be, `npm run pictures` renews the picture.",
  );
}

/** Compares a page until it looks the same: on a busy machine, a browser draws some parts later than others. */
async function comparedWhenDrawn(page: Page, name: string, part: Part) {
  for (let tried = 1; ; tried += 1) {
    const result = await compared(page, name, part);
    if (result.problem === undefined || tried === TRIES) return result;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

/** Says how a page differs from its picture; undefined when it looks the same. */
export async function problemOf(page: Page, name: string): Promise<string | undefined> {
  return (await compared(page, name)).problem;
}

async function compared(page: Page, name: string, part?: Part) {
  const file = path.join(committed, `${name}.png`);
  const full = await page.screenshot(part);
  const now = small(PNG.sync.read(full));
  const former = existsSync(file) ? PNG.sync.read(readFileSync(file)) : new PNG({ width: 1, height: 1 });
  const [width, height] = [Math.min(now.width, former.width), Math.min(now.height, former.height)];
  const difference = new PNG({ width, height });
  const most = differing(cut(former, width, height), cut(now, width, height), difference);
  const sizes = [now, former].map((each) => `${each.width} × ${each.height}`);
  const problem =
    sizes[0] !== sizes[1]
      ? `it has ${sizes.join(" pixels instead of ")} pixels`
      : most > MOST
        ? `${most} pixels of a window of ${WINDOW} × ${WINDOW} pixels differ`
        : undefined;
  return { file, full, now, difference, problem };
}

/** Returns the upper left part of a picture. */
function cut(picture: Picture, width: number, height: number): Picture {
  const part = new PNG({ width, height });
  for (let y = 0; y < height; y += 1)
    picture.data.copy(part.data, y * width * 4, y * picture.width * 4, (y * picture.width + width) * 4);
  return part;
}

/** Counts pixels that differ, in the window that has most of them, and draws them. */
function differing(former: Picture, now: Picture, difference: Picture): number {
  const [before, after] = [edgesOf(former), edgesOf(now)];
  const ignoreMask = before.map((isEdge, at) => isEdge & (after[at] ?? 0));
  const count = (threshold: number, more: object) =>
    pixelmatch(former.data, now.data, difference.data, now.width, now.height, {
      ...{ threshold, includeAA: true, windowSize: WINDOW },
      ...more,
    });
  // The mask adds to what the first comparison drew.
  return Math.max(count(AT_EDGES, {}), count(ELSEWHERE, { ignoreMask, diffMask: true }));
}

/** Marks pixels that differ from one next to them. */
function edgesOf({ width, height, data }: Picture): Uint8Array {
  const color = (x: number, y: number) => data.readUInt32BE((y * width + x) * 4);
  return Uint8Array.from({ length: width * height }, (_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    for (let top = Math.max(0, y - 1); top <= Math.min(height - 1, y + 1); top += 1)
      for (let left = Math.max(0, x - 1); left <= Math.min(width - 1, x + 1); left += 1)
        if (color(left, top) !== color(x, y)) return 1;
    return 0;
  });
}

/** Makes a picture smaller by averages, and with fewer colours, which compress better. */
function small({ width, height, data }: Picture): Picture {
  const made = new PNG({ width: Math.floor(width / SCALE), height: Math.floor(height / SCALE) });
  for (let at = 0; at < made.data.length; at += 1) {
    const [channel, x, y] = [at % 4, Math.floor(at / 4) % made.width, Math.floor(at / 4 / made.width)];
    let sum = 0;
    for (let of = 0; of < SCALE * SCALE; of += 1) {
      const [left, top] = [x * SCALE + (of % SCALE), y * SCALE + Math.floor(of / SCALE)];
      sum += data[(top * width + left) * 4 + channel] ?? 0;
    }
    made.data[at] = channel === 3 ? 255 : Math.min(255, Math.round(sum / SCALE / SCALE / 4) * 4);
  }
  return made;
}

function written(picture: Picture): Buffer {
  return PNG.sync.write(picture, { colorType: 2, deflateLevel: 9, deflateStrategy: 0, filterType: 0 });
}
