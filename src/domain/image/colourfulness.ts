/** Sums over a picture's pixels, from which follows how colourful it is. */
export class ColourSums {
  #pixels = 0;
  #rg = 0;
  #rgSquares = 0;
  #yb = 0;
  #ybSquares = 0;

  /** One pixel, 0 to 255 each. */
  add(red: number, green: number, blue: number): void {
    const rg = red - green;
    const yb = (red + green) / 2 - blue;
    this.#pixels += 1;
    this.#rg += rg;
    this.#rgSquares += rg * rg;
    this.#yb += yb;
    this.#ybSquares += yb * yb;
  }

  /** Hasler and Süsstrunk's M⁽³⁾ (2003): 0 for grey, about 45 for a moderately and 110 for an extremely colourful picture. */
  colourfulness(): number {
    const n = this.#pixels;
    const spread = (sum: number, squares: number): number => Math.max(0, squares / n - (sum / n) ** 2);
    const variance = spread(this.#rg, this.#rgSquares) + spread(this.#yb, this.#ybSquares);
    return Math.sqrt(variance) + 0.3 * Math.hypot(this.#rg / n, this.#yb / n);
  }
}
