import type { Engine } from "../../provider/pulumi";

/** A span as it was reported: its name, its facts with those that were noted, and the order of begin and end. */
export interface Recorded {
  readonly name: string;
  readonly facts: Record<string, string | number>;
  readonly begun: number;
  ended: number;
}

/** Returns a function that records spans, by the clock if there is one. */
export function recordedSpans(now: () => number = () => 0): { span: Engine["span"]; spans: Recorded[] } {
  const spans: Recorded[] = [];
  return {
    spans,
    span: async (name, facts, work) => {
      const recorded = { name, facts: { ...facts }, begun: now(), ended: Number.NaN };
      spans.push(recorded);
      try {
        return await work((more) => Object.assign(recorded.facts, more));
      } finally {
        recorded.ended = now();
      }
    },
  };
}
