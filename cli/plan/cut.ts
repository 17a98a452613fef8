/** Cuts a text after `length` characters, and marks the cut. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  // Never cuts between the two halves of a character.
  const end = /[\ud800-\udbff]/.test(text.charAt(length - 1)) ? length - 1 : length;
  return `${text.slice(0, end)}… (${text.length} characters)`;
}
