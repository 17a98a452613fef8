import { plain, type Shape } from "./shapes";

/** The largest amounts that a preview gives to a service. */
export interface Limits {
  /** Bytes of memory of one container. */
  readonly memory: number;
  /** Processors of one container. */
  readonly cpu: number;
  /** Number of containers. */
  readonly replicas: number;
}

const units: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
};

/**
 * Returns the bytes of a size as Docker reads it: `512m`, `1.5GB`, `1GiB`; undefined for another text. Docker rounds down, and
 * Compose takes a number with a fraction for no limit at all.
 */
export function bytesOf(size: string): number | undefined {
  const [, amount, unit = ""] =
    /^(\d{1,15}(?:\.\d{1,9}(?= ?[kmgt]))?) ?(?:(b|[kmgt])(?:i?b)?)?$/i.exec(size) ?? [];
  return amount === undefined ? undefined : Math.floor(Number(amount) * (units[unit.toLowerCase()] ?? 1));
}

/** Docker gives a container with much less no limit: it counts whole microseconds of a tenth of a second. */
export const leastCpu = 0.01;

/** A size of at most the limit, and above zero, which Docker reads as unlimited. */
export function memoryUpTo({ memory }: Limits, sizeOf = bytesOf): Shape {
  return plain("a size of at most `limits.memory`", (written) => within(sizeOf(written), memory));
}

/** A number of processors of at most the limit, and not so few that Docker reads them as unlimited. */
export function cpuUpTo({ cpu }: Limits): Shape {
  return plain(
    `a number of at most \`limits.cpu\`, and at least ${leastCpu}`,
    (written) => within(numberOf(written), cpu) && Number(written) >= leastCpu,
  );
}

/** A number of containers of at most the limit. */
export function replicasUpTo({ replicas }: Limits): Shape {
  return plain(
    "a number of at most `limits.replicas`",
    (written) => written === "0" || within(numberOf(written), replicas),
  );
}

function numberOf(written: string): number | undefined {
  return /^\d{1,6}(?:\.\d{1,9})?$/.test(written) ? Number(written) : undefined;
}

function within(amount: number | undefined, limit: number): boolean {
  return amount !== undefined && amount > 0 && amount <= limit;
}
