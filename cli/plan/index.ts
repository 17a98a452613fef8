export { Block } from "./approval/block";
export { check } from "./approval/check";
export { differenceLine } from "./approval/compare";
export { factsOf } from "./approval/facts";
export { planKey } from "./approval/key";
export { code, cut, link, messageBlock, table } from "./markdown";
export { type Plan, planOf } from "./model";
export { readPreview } from "./preview";
export { render, renderMissing } from "./render";
