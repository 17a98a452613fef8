import { code, element, type Html, listed } from "../page";
import type { Phrase } from "./phrase";

/** Renders a phrase for a page. */
export function inHtml(phrase: Phrase): Html {
  return listed(
    phrase.map(({ as, text }) => {
      switch (as) {
        case "code":
          return code(text);
        case "strong":
          return element("strong", {}, text);
        case "emphasis":
          return element("em", {}, text);
        default:
          return text;
      }
    }),
    "",
  );
}
