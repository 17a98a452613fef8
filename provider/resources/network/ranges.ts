import { BlockList } from "node:net";

/** A range of addresses (`10.88.0.0/24`) in parsed form; a single address is a range of one. */
interface Range {
  readonly address: string;
  readonly bits: number;
  readonly family: "ipv4" | "ipv6";
}

/** Returns true if an address or range lies within a range; both have passed the schema. */
export function isWithin(inner: string, outer: string): boolean {
  const [one, other] = [rangeOf(inner), rangeOf(outer)];
  return one.family === other.family && one.bits >= other.bits && holds(other, one.address);
}

/** Returns true if two ranges have an address in common. */
export function overlap(one: string, other: string): boolean {
  return isWithin(one, other) || isWithin(other, one);
}

function rangeOf(text: string): Range {
  const [address = "", bits] = text.split("/");
  const family = address.includes(":") ? "ipv6" : "ipv4";
  return { address, family, bits: bits === undefined ? (family === "ipv6" ? 128 : 32) : Number(bits) };
}

function holds({ address, bits, family }: Range, inner: string): boolean {
  const list = new BlockList();
  list.addSubnet(address, bits, family);
  return list.check(inner, family);
}
