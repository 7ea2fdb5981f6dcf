/** Pictures that are made here: smooth scenes that can be looked at through any window, at any size. */
import { SeededRandom } from "../../../src/domain/random/seeded-random.ts";
import type { Window } from "../../../src/domain/vetting/descriptor.ts";

/** Grey values, 0 to 255, at places from 0 to 1. */
export type Scene = (x: number, y: number) => number;

const whole: Window = { left: 0, top: 0, right: 1, bottom: 1 };

/** Bright and dark spots of many sizes: no part of it looks like another. */
export function someScene(seed: number): Scene {
  const random = new SeededRandom(seed);
  const spots = Array.from({ length: 70 }, () => ({
    x: random.uniform(-0.1, 1.1),
    y: random.uniform(-0.1, 1.1),
    radius: 0.02 + 0.12 * random.uniform() ** 3,
    height: random.uniform(-90, 90),
  }));
  return (x, y) => {
    let value = 128;
    for (const spot of spots) {
      const square = ((x - spot.x) ** 2 + (y - spot.y) ** 2) / spot.radius ** 2;
      if (square < 12) value += spot.height * Math.exp(-square / 2);
    }
    return Math.max(0, Math.min(255, value));
  };
}

/** What the window shows of a scene, `side²` grey values, each the mean of four places in its pixel. */
export function pictureOf(scene: Scene, side: number, window: Window = whole): Float32Array {
  const { left, top, right, bottom } = window;
  const picture = new Float32Array(side * side);
  for (let i = 0; i < picture.length; i++) {
    for (const [dx, dy] of [
      [0.25, 0.25],
      [0.75, 0.25],
      [0.25, 0.75],
      [0.75, 0.75],
    ] as const) {
      const x = left + (((i % side) + dx) / side) * (right - left);
      const y = top + ((Math.floor(i / side) + dy) / side) * (bottom - top);
      picture[i]! += scene(x, y) / 4;
    }
  }
  return picture;
}
