/** One row: a value for each factor. */
export type Row<Factor extends string> = Readonly<Record<Factor, boolean>>;

/**
 * Returns rows in which each two factors take all four combinations of on and off. Greedy: each row takes, factor by
 * factor, the value that covers most of what is still open.
 *
 * @param allowed false for a row, or a part of one, that makes no sense
 */
export function coveringRows<Factor extends string>(
  factors: readonly Factor[],
  allowed: (row: Partial<Row<Factor>>) => boolean = () => true,
): Row<Factor>[] {
  const open = new Set<string>();
  const pairOf = (a: number, x: boolean, b: number, y: boolean) => `${a} ${x} ${b} ${y}`;
  const isPossible = (a: number, x: boolean, b: number, y: boolean) =>
    completed(
      { [factors[a] as Factor]: x, [factors[b] as Factor]: y } as Partial<Row<Factor>>,
      factors,
      allowed,
    ) !== undefined;
  for (let a = 0; a < factors.length; a++)
    for (let b = a + 1; b < factors.length; b++)
      for (const x of [true, false])
        for (const y of [true, false]) if (isPossible(a, x, b, y)) open.add(pairOf(a, x, b, y));
  const rows: Row<Factor>[] = [];
  const indexOf = (factor: Factor) => factors.indexOf(factor);
  const gain = (row: Partial<Row<Factor>>, factor: Factor, value: boolean): number => {
    const own = indexOf(factor);
    return (Object.entries(row) as [Factor, boolean][]).filter(([other, its]) => {
      const there = indexOf(other);
      return open.has(own < there ? pairOf(own, value, there, its) : pairOf(there, its, own, value));
    }).length;
  };
  while (open.size > 0) {
    const [first = ""] = open;
    const [a = "", x, b = "", y] = first.split(" ");
    let row = {
      [factors[Number(a)] as Factor]: x === "true",
      [factors[Number(b)] as Factor]: y === "true",
    } as Partial<Row<Factor>>;
    // Another order for each row, so that no factor always comes last.
    const order = factors.map((_, index) => factors[(index + rows.length * 7) % factors.length] as Factor);
    for (const factor of order) {
      if (factor in row) continue;
      const values = [true, false].sort((one, other) => gain(row, factor, other) - gain(row, factor, one));
      const value = values.find((one) =>
        completed({ ...row, [factor]: one } as Partial<Row<Factor>>, factors, allowed),
      );
      row = { ...row, [factor]: value ?? false } as Partial<Row<Factor>>;
    }
    const whole = row as Row<Factor>;
    rows.push(whole);
    for (let one = 0; one < factors.length; one++)
      for (let other = one + 1; other < factors.length; other++)
        open.delete(pairOf(one, whole[factors[one] as Factor], other, whole[factors[other] as Factor]));
  }
  return rows;
}

/** Returns a row with these values that makes sense, if there is one: with all others off, or with those that they need. */
function completed<Factor extends string>(
  part: Partial<Row<Factor>>,
  factors: readonly Factor[],
  allowed: (row: Partial<Row<Factor>>) => boolean,
): Row<Factor> | undefined {
  const tries = [false, true].map(
    (value) => Object.fromEntries(factors.map((factor) => [factor, part[factor] ?? value])) as Row<Factor>,
  );
  return tries.find(allowed);
}

/**
 * Returns, for each row, an order of these items in which as many ordered pairs of neighbours are new as possible: what
 * follows directly on what.
 */
export function coveringOrders<Item extends string>(rows: readonly (readonly Item[])[]): Item[][] {
  const seen = new Set<string>();
  return rows.map((items, index) => {
    const left = new Set(items);
    const first = items[index % items.length];
    if (first === undefined) return [];
    const order = [first];
    left.delete(first);
    while (left.size > 0) {
      const last = order.at(-1);
      const next = [...left].find((item) => !seen.has(`${last} ${item}`)) ?? ([...left][0] as Item);
      seen.add(`${last} ${next}`);
      order.push(next);
      left.delete(next);
    }
    return order;
  });
}
