// Statistics of a series of measurements: medians, since the load of the machine makes single runs slower.

/** @param {number[]} values at least one */
function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function round(value, digits = 0) {
  return Number(value.toFixed(digits));
}

/** Returns median, minimum and maximum, rounded; their distance shows how noisy the machine was. */
function summary(values, digits = 0) {
  return {
    median: round(median(values), digits),
    min: round(Math.min(...values), digits),
    max: round(Math.max(...values), digits),
  };
}

module.exports = { median, round, summary };
