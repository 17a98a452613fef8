/** Words that occur in every log: hiding them would make a log unreadable, and protects nothing. */
const words = new Set(
  [
    "true false yes no on off null none undefined nil default auto latest stable main master",
    "always never unless-stopped on-failure if-not-present missing bridge host local overlay global replicated",
    "development staging production prod test testing dev debug info notice warn warning error fatal trace verbose",
    "http https tcp udp localhost 127.0.0.1 0.0.0.0 docker root",
  ].flatMap((line) => line.split(" ")),
);

/** True for words like these, and for numbers of at most five digits, such as ports. */
export function isCommon(text: string): boolean {
  return words.has(text.toLowerCase()) || /^\d{1,5}$/.test(text);
}

/** True for a switch, which reveals nothing, even where the program marked it as a secret. */
export function isSwitch(text: string): boolean {
  return /^(?:true|false|yes|no|on|off|null|none|undefined)$/i.test(text.trim());
}
