import { z } from "zod";

const byteUnits: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};
const sizePattern = /^(\d+(?:\.\d+)?)\s*(B|KB|MB|GB|TB|KiB|MiB|GiB|TiB)$/;

/** Size as people write it: `"512MiB"`, `"1.5GB"`. Binary units count in 1024, decimal ones in 1000. */
export const size = z
  .string()
  .regex(
    sizePattern,
    'is not a size such as "512MiB" or "1.5GB" (units B, KB, MB, GB, TB, KiB, MiB, GiB, TiB)',
  );

/** Converts `"512MiB"` to `"536870912"`: bytes as decimal text, which Dokploy parses. */
export function sizeToBytes(value: string): string {
  const [, amount = "", unit = ""] = sizePattern.exec(value) ?? [];
  return String(Math.round(Number(amount) * (byteUnits[unit] ?? Number.NaN)));
}

/** Converts `"536870912"` to `"512MiB"`, in the largest binary unit that divides it, or else in bytes. */
export function bytesToSize(bytes: string): string {
  const count = Number(bytes);
  for (const unit of ["TiB", "GiB", "MiB", "KiB"] as const) {
    const factor = byteUnits[unit] ?? 1;
    if (count >= factor && count % factor === 0) return `${count / factor}${unit}`;
  }
  return `${bytes}B`;
}

/** Number of CPUs, which may be a fraction: `0.5` is half a core. */
export const cpus = z.number().positive();

/** Converts `0.5` to `"500000000"`: nano-CPUs as decimal text. */
export function cpusToNano(value: number): string {
  return String(Math.round(value * 1e9));
}

/** Converts `"500000000"` to `0.5`: the inverse of `cpusToNano`. */
export function nanoToCpus(nano: string): number {
  return Number(nano) / 1e9;
}
