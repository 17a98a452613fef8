// Measures how fast environment texts are read and written, on one core. 1 MB is 10^6 bytes of text.
const { isDeepStrictEqual } = require("node:util");
const { median, round } = require("./statistics.cjs");
const { readEnv, writeEnv } = require("../../dist/provider/env/codec");

const limitMbps = 20;
const roundCount = 9;
const roundMs = 100;
const largeBytes = 900_000;

const certificate = `-----BEGIN CERTIFICATE-----\n${"MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ\n".repeat(20)}-----END CERTIFICATE-----`;

/** Returns typical variables of about 40 characters: plain ones, ones that need quotes, references, a certificate. */
function variables(count) {
  const entries = Array.from({ length: count }, (_, index) => [
    `SERVICE_SETTING_${index}`,
    exampleValue(index),
  ]);
  return Object.fromEntries([["TLS_CERTIFICATE", certificate], ...entries]);
}

function exampleValue(index) {
  if (index % 10 === 3) return `a text # with a hash and spaces, number ${index}`;
  if (index % 10 === 5) return `{"feature":"checkout","enabled":true,"n":${index}}`;
  if (index % 10 === 7) return `postgres://user:\${{project.PASSWORD}}@db:5432/${index}`;
  if (index % 50 === 9) return `it's said "twice" in number ${index} of all of them`;
  return `https://service-${index}.internal.example.com:8443/v1`;
}

async function measure() {
  const bytesOfOne = Buffer.byteLength(writeEnv(variables(2000), "application")) / 2000;
  const maps = { keys200: variables(200), large: variables(Math.round(largeBytes / bytesOfOne)) };
  const results = Object.entries(maps).map(([name, map]) => {
    const text = writeEnv(map, "application");
    if (!isDeepStrictEqual(readEnv(text, "application"), map))
      throw new Error("The codec does not read what it wrote");
    const bytes = Buffer.byteLength(text);
    return {
      name,
      bytes,
      read: mbps(bytes, () => readEnv(text, "application")),
      write: mbps(bytes, () => writeEnv(map, "application")),
    };
  });
  return ["read", "write"].map((way) => ({
    figure: `codec-${way}-mbps`,
    value: Math.min(...results.map((result) => result[way])),
    unit: "MB/s",
    atLeast: limitMbps,
    details: Object.fromEntries(
      results.map((result) => [result.name, { bytes: result.bytes, mbps: result[way] }]),
    ),
  }));
}

/** Returns the median of rounds, each long enough for the clock; the first warms up and is dropped. */
function mbps(bytes, work) {
  const rates = Array.from({ length: roundCount + 1 }, () => {
    const start = performance.now();
    let times = 0;
    do {
      work();
      times += 1;
    } while (performance.now() - start < roundMs);
    return (bytes * times) / (performance.now() - start) / 1000;
  });
  return round(median(rates.slice(1)), 1);
}

module.exports = { measure };
