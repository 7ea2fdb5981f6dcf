/** B is packed into panels of 8 columns, so that the innermost loops read it in order. */
import { copyFloats } from "./memory";
import { PANEL, PANEL_BYTES } from "./tile";

/**
 * Packs the panels [first, last) of B[k × n] into `to` (panel p at to + p·toPanel), with zeros past column n.
 * transposed: B is stored [n × k], rows `bRow` bytes apart; else [k × n].
 */
export function packPanels(
  b: usize,
  bRow: usize,
  transposed: bool,
  k: i32,
  n: i32,
  to: usize,
  toPanel: usize,
  first: i32,
  last: i32,
): void {
  if (transposed) {
    for (let panel = first; panel < last; panel++) {
      const j = panel * PANEL;
      const columns = min(n - j, PANEL);
      const from = b + <usize>j * bRow;
      let out = to + <usize>panel * toPanel;
      for (let i = 0; i < k; i++) {
        for (let x = 0; x < columns; x++) {
          f32.store(out + (<usize>x << 2), f32.load(from + <usize>x * bRow + (<usize>i << 2)));
        }
        for (let x = columns; x < PANEL; x++) f32.store(out + (<usize>x << 2), 0);
        out += PANEL_BYTES;
      }
    }
    return;
  }
  // Row by row, since B is read from far memory and the panels are near.
  const whole = min(last, n / PANEL);
  const rest = n - whole * PANEL;
  for (let i = 0; i < k; i++) {
    let from = b + (<usize>(first * PANEL) << 2);
    let out = to + <usize>first * toPanel + <usize>i * PANEL_BYTES;
    for (let panel = first; panel < whole; panel++) {
      copyFloats(out, from, PANEL);
      from += PANEL_BYTES;
      out += toPanel;
    }
    if (whole < last) {
      for (let x = 0; x < rest; x++) f32.store(out + (<usize>x << 2), f32.load(from + (<usize>x << 2)));
      for (let x = rest; x < PANEL; x++) f32.store(out + (<usize>x << 2), 0);
    }
    b += bRow;
  }
}
