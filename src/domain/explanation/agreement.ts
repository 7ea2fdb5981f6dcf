/** Whether two maps say the same. */

/**
 * Spearman's rank correlation, from −1 to 1; ties get the mean of their ranks.
 * @returns null where one of the lists is the same everywhere: it has no order to agree with
 */
export function rankCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  if (a.length !== b.length) throw new Error(`${a.length} numbers cannot be held against ${b.length}`);
  const [x, y] = [ranks(a), ranks(b)];
  const middle = (a.length - 1) / 2;
  let [products, squaresX, squaresY] = [0, 0, 0];
  for (const [i, rank] of x.entries()) {
    const [dx, dy] = [rank - middle, y[i]! - middle];
    products += dx * dy;
    squaresX += dx * dx;
    squaresY += dy * dy;
  }
  return squaresX === 0 || squaresY === 0 ? null : products / Math.sqrt(squaresX * squaresY);
}

/** From 0. */
function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, i) => i).sort((i, j) => values[i]! - values[j]!);
  const found = new Float64Array(values.length);
  for (let begin = 0; begin < order.length;) {
    let end = begin + 1;
    while (end < order.length && values[order[end]!] === values[order[begin]!]) end += 1;
    for (let place = begin; place < end; place++) found[order[place]!] = (begin + end - 1) / 2;
    begin = end;
  }
  return found;
}
