export { type Content, element, type Html, joined } from "./html";
export { type Page, policy, write } from "./page";
export {
  address,
  badge,
  box,
  code,
  contents,
  fold,
  listed,
  moment,
  RELOAD_SECONDS,
  reloading,
  type Section,
  scrolling,
  section,
  type Tone,
  table,
} from "./parts";
export { drawn, type Picture, type PictureNode } from "./picture/picture";
