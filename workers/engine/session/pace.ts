/** How fast a run goes and how long it will take. */
import { median } from "../../../src/domain/metrics/median.ts";

export interface PlannedEpoch {
  readonly steps: number;
  /** Side of the training views, in pixels. */
  readonly size: number;
}

export class Pace {
  readonly #stepTimes: number[] = [];
  readonly #plan: readonly PlannedEpoch[];
  #trainingTime = 0;
  #trainedWork = 0;
  #validationTime = 0;
  /** Done in all, and of them not timed here. */
  #validations = 0;
  #skipped = 0;

  constructor(plan: readonly PlannedEpoch[]) {
    this.#plan = plan;
  }

  /** These epochs were done in an earlier session. */
  skip(epochs: number): void {
    this.#validations = epochs;
    this.#skipped = epochs;
  }

  addStep(epoch: number, milliseconds: number): void {
    this.#stepTimes.push(milliseconds);
    this.#trainingTime += milliseconds;
    this.#trainedWork += this.#plan[epoch]!.size ** 2;
  }

  addValidation(milliseconds: number): void {
    this.#validationTime += milliseconds;
    this.#validations += 1;
  }

  /** Median over all steps so far. */
  get millisecondsPerStep(): number {
    return this.#stepTimes.length === 0 ? 0 : median(this.#stepTimes);
  }

  /** What share of the training time so far these milliseconds are; 0 before the first step. */
  shareOfTraining(milliseconds: number): number {
    return this.#trainingTime === 0 ? 0 : milliseconds / this.#trainingTime;
  }

  /**
   * Until the end of the run, in seconds: a step's time goes with the area of its views, which differs between epochs.
   * @param epoch from 0, with `step` of its steps done.
   */
  secondsLeft(epoch: number, step: number): number {
    if (this.#trainedWork === 0) return 0;
    const work = this.#plan
      .slice(epoch)
      .reduce((sum, { steps, size }, later) => sum + (later === 0 ? steps - step : steps) * size ** 2, 0);
    const timed = this.#validations - this.#skipped;
    const validation = timed === 0 ? 0 : this.#validationTime / timed;
    const validationsLeft = Math.max(this.#plan.length - this.#validations, 0);
    return ((work * this.#trainingTime) / this.#trainedWork + validation * validationsLeft) / 1000;
  }
}
