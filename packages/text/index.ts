export { closest, meantBy } from "./closest";
export { isDomain, isHost, isThisMachine } from "./hosts";
export { objectIn } from "./json";
export { andMore, insteadOf, someOf, splitNames } from "./names";
export { shownMinute } from "./time";
export { visible, visibleJson, visibleLines, withEscapes } from "./visible";
export { aOrAn, byText, capital, counted, inWords, pluralOf, shorten } from "./words";
