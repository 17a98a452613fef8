import * as assert from "node:assert/strict";
import * as fc from "fast-check";
import { checkComposeFile } from "../checks/check";
import { type HostPorts, TakenPorts } from "../checks/taken-ports";

/** Reference implementation that stores each port separately. */
class PortByPort {
  private readonly byPort = new Map<string, HostPorts[]>();

  constructor(private readonly stack: boolean) {}

  add(ports: HostPorts): string | undefined {
    const { first, last } = ports.host;
    const keys = Array.from({ length: last - first + 1 }, (_, index) => `${ports.protocol} ${first + index}`);
    for (const key of keys) {
      const other = this.byPort.get(key)?.find((earlier) => this.clash(earlier, ports));
      if (other !== undefined) return other.by;
    }
    for (const key of keys) this.byPort.set(key, [...(this.byPort.get(key) ?? []), ports]);
    return undefined;
  }

  private clash(a: HostPorts, b: HostPorts): boolean {
    if (this.stack) return a.by !== b.by || a.given !== b.given;
    const distance = ({ host, container }: HostPorts) => container && container.first - host.first;
    if (a.by === b.by && a.ip === b.ip && distance(a) === distance(b)) return false;
    const covers = (ip: string, other: string) =>
      ip === "" || (ip === "0.0.0.0" && !other.includes(":")) || (ip === "::" && other.includes(":"));
    return a.ip === b.ip || covers(a.ip, b.ip) || covers(b.ip, a.ip);
  }
}

const entry = fc
  .record({
    first: fc.integer({ min: 1, max: 14 }),
    size: fc.constantFrom(0, 0, 0, 1, 3, 6),
    distance: fc.constantFrom(0, 0, 5),
    protocol: fc.constantFrom("tcp", "tcp", "udp"),
    ip: fc.constantFrom("", "10.0.0.1", "10.0.0.2", "0.0.0.0", "::", "::1"),
    by: fc.constantFrom("api", "db", "web"),
  })
  .map(({ first, size, distance, ...rest }): HostPorts => {
    const last = first + size;
    const container = { first: first + distance, last: last + distance };
    return { host: { first, last }, container, given: `${first}-${last}`, hidden: false, ...rest };
  });

describe("ports that are taken", () => {
  it("are those that a look at each port finds, by the same service", () => {
    let clashes = 0;
    fc.assert(
      fc.property(fc.boolean(), fc.array(entry, { maxLength: 16 }), (stack, entries) => {
        const [taken, model] = [new TakenPorts(stack), new PortByPort(stack)];
        for (const ports of entries) {
          const other = taken.add(ports);
          assert.equal(other, model.add(ports));
          if (other !== undefined) clashes++;
        }
      }),
      { numRuns: 3000 },
    );
    assert.ok(clashes > 1000, `${clashes} clashes`);
  });

  it("may be all there are in each of thousands of entries", () => {
    const entries = Array.from({ length: 5000 }, (_, at) => `"10.0.${at >> 8}.${at & 255}:1-65535:1-65535"`);
    const text = `services:\n  api:\n    image: shop/api:1\n    ports: [${entries.join(", ")}, "80:80"]`;
    const clashes = checkComposeFile({ text, composeType: "docker-compose" }).filter(
      ({ rule }) => rule === "port-clash",
    );
    assert.equal(clashes.length, 1);
    assert.match(clashes[0]?.message ?? "", /publishes port 80 .* and so does another of its entries/);
  });
});
