/** @typedef {Record<string, Record<string, number>>} Counts how often each rule is broken, by path and rule */

/**
 * @param {ReadonlyMap<string, readonly import("./rules.cjs").Finding[]>} findings by path
 * @returns {Counts} without zeros, in alphabetical order
 */
function countsOf(findings) {
  const counts = {};
  for (const [path, found] of [...findings].sort(([one], [other]) => (one < other ? -1 : 1))) {
    if (found.length === 0) continue;
    counts[path] = {};
    for (const rule of found.map(({ rule }) => rule).sort())
      counts[path][rule] = (counts[path][rule] ?? 0) + 1;
  }
  return counts;
}

/**
 * Compares today's counts with the baseline.
 *
 * @param {Counts} baseline
 * @param {Counts} counts
 * @returns {{more: Difference[], fewer: Difference[]}}
 * @typedef {{path: string, rule: string, was: number, is: number}} Difference
 */
function compare(baseline, counts) {
  const differences = [...new Set([...Object.keys(baseline), ...Object.keys(counts)])]
    .sort()
    .flatMap((path) =>
      [...new Set([...Object.keys(baseline[path] ?? {}), ...Object.keys(counts[path] ?? {})])]
        .sort()
        .map((rule) => ({
          path,
          rule,
          was: baseline[path]?.[rule] ?? 0,
          is: counts[path]?.[rule] ?? 0,
        })),
    );
  return {
    more: differences.filter(({ was, is }) => is > was),
    fewer: differences.filter(({ was, is }) => is < was),
  };
}

/**
 * Returns the counts that may not become the new baseline. A new file may have as many as the deleted files had, since
 * it may be one of them at another place; no other count may grow.
 *
 * @param {Counts} baseline
 * @param {Counts} counts
 * @param {(path: string) => boolean} exists
 * @returns {Difference[]}
 */
function grown(baseline, counts, exists) {
  const { more, fewer } = compare(baseline, counts);
  const isNew = ({ path }) => baseline[path] === undefined;
  const sumOf = (differences, rule) =>
    differences.filter((one) => one.rule === rule).reduce((sum, { was, is }) => sum + Math.abs(is - was), 0);
  const gone = fewer.filter(({ path }) => !exists(path));
  const added = more.filter(isNew);
  return more.filter((one) => !isNew(one) || sumOf(added, one.rule) > sumOf(gone, one.rule));
}

module.exports = { compare, countsOf, grown };
