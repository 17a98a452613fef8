/**
 * Returns the known key that was certainly meant: one letter differs, two are swapped, or it differs in case and
 * dashes. With more tolerance, keys of newer versions would look like mistakes: `pre_start` is two letters from
 * `restart`.
 *
 * @example closest("enviroment", ["environment", "image"]) // "environment"
 */
export function closest(key: string, known: readonly string[]): string | undefined {
  const lower = key.toLowerCase();
  const bare = (text: string) => text.toLowerCase().replace(/[-_ ]/g, "");
  return known.find((candidate) => bare(candidate) === bare(key) || isOneOff(lower, candidate.toLowerCase()));
}

/** Returns the known name that was meant, even by its beginning (`memory`), for names that no newer version adds. */
export function meantBy(name: string, known: readonly string[]): string | undefined {
  const isStart = (other: string) => name.length > 1 && other.toLowerCase().startsWith(name.toLowerCase());
  return closest(name, known) ?? known.find(isStart);
}

/** True when one letter is added, missing or different, or two neighbours are swapped. */
function isOneOff(a: string, b: string): boolean {
  if (Math.min(a.length, b.length) < 3 || Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  const [restA, restB] = [a.slice(start), b.slice(start)];
  if (a.length !== b.length) {
    const [longer, shorter] = a.length > b.length ? [restA, restB] : [restB, restA];
    return longer.slice(1) === shorter;
  }
  const swapped = restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2);
  return swapped || restA.slice(1) === restB.slice(1);
}
