import { shorten, visible } from "../../../packages/text";
import { element, type Html } from "../html";
import { scrolling } from "../parts";
import { boxHeight, boxWidth, type Edge, headHeight, layOut, margin, type Node, type Placed } from "./layout";

/** A box of a picture. */
export interface PictureNode extends Node {
  /** Class of its colour. */
  readonly shape: "domain" | "service" | "database" | "network";
  readonly name: string;
  /** Small word below its name. */
  readonly kind: string;
}

/** Boxes, and which refers to which. */
export interface Picture {
  readonly nodes: readonly PictureNode[];
  readonly edges: readonly Edge[];
}

const MOST_LETTERS = 25;

/**
 * Draws a picture.
 *
 * @param label says what the picture shows, for people who do not see it
 */
export function drawn({ nodes, edges }: Picture, label: string): Html {
  const { placed, width, height } = layOut(nodes, edges);
  const lines = edges.map(({ from, to }) => {
    const [a, b] = [placed.get(from), placed.get(to)];
    return a === undefined || b === undefined ? undefined : line(a, b);
  });
  const frame = { viewBox: `-2 -2 ${width + 4} ${height + 4}`, width: width + 4, height: height + 4 };
  const boxes = [...placed.values()].map(box);
  const heads = headsOf([...placed.values()]);
  return scrolling(
    label,
    element("svg", { ...frame, role: "img", "aria-label": label }, lines, heads, boxes),
  );
}

const titles = {
  domain: "Addresses",
  service: "Services",
  database: "Databases",
  network: "Networks",
} as const;

function headsOf(placed: readonly Placed<PictureNode>[]): Html[] {
  const byColumn = new Map(placed.map(({ node, x }) => [x, node.shape]));
  return [...byColumn].map(([x, shape]) =>
    element("text", { class: "column", x: x + 4, y: headHeight - 14 }, titles[shape]),
  );
}

function box({ node, x, y }: Placed<PictureNode>): Html {
  const { shape, name, kind } = node;
  return element(
    "g",
    { class: shape },
    element("title", {}, `${kind} ${visible(name)}`),
    element("rect", { x, y, width: boxWidth, height: boxHeight, rx: 9 }),
    element("text", { x: x + 12, y: y + 20 }, shorten(visible(name), MOST_LETTERS)),
    element("text", { class: "kind", x: x + 12, y: y + 36 }, kind),
  );
}

const TIP = 7;

/** Draws a line from a box to another, with a tip at its end; within a column it goes around on the right. */
function line(from: Placed<PictureNode>, to: Placed<PictureNode>): Html {
  const isBack = to.x <= from.x;
  const [startX, startY] = [from.x + boxWidth, from.y + boxHeight / 2];
  const [endX, endY] = [isBack ? to.x + boxWidth : to.x, to.y + boxHeight / 2];
  const bend = isBack ? margin - TIP : Math.max(30, (endX - startX) / 2);
  const side = isBack ? 1 : -1;
  const tipX = endX + side * TIP;
  const curve = `M${startX} ${startY}C${startX + bend} ${startY} ${endX + side * bend} ${endY} ${tipX} ${endY}`;
  const tip = `M${endX} ${endY}l${side * TIP} -4v8z`;
  return element("g", {}, element("path", { d: curve }), element("path", { class: "tip", d: tip }));
}
