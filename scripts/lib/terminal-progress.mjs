/** Progress on stderr: one line that is written over on a terminal, a line now and then elsewhere. */

/** Between two lines where they cannot be written over, in milliseconds. */
const interval = 10_000;

const words = {
  importing: "Importing files",
  preparing: "Storing the images at another size",
  extracting: "Computing features",
  starting: "Starting",
  training: "Epoch",
  validating: "Validating epoch",
  judging: "Judging",
  comparing: "Run",
  "cross-validating": "Fold",
  classifying: "Classifying",
};

function duration(seconds) {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

export class TerminalProgress {
  #last = -Infinity;
  #stage = "";
  #isOpen = false;

  show({ stage, done, total, secondsLeft, note, isMilestone }) {
    const left = secondsLeft === null ? "" : `, ${duration(secondsLeft)} left`;
    const text = `${words[stage]} ${done}/${total}${note === "" ? "" : `: ${note}`}${isMilestone ? "" : left}`;
    if (process.stderr.isTTY) {
      process.stderr.write(`\r\u001b[2K${text.slice(0, (process.stderr.columns ?? 80) - 1)}${isMilestone ? "\n" : ""}`);
      this.#isOpen = !isMilestone;
      return;
    }
    const now = performance.now();
    if (!isMilestone && stage === this.#stage && now - this.#last < interval) return;
    this.#last = now;
    this.#stage = stage;
    console.error(text);
  }

  /** Ends the line that is being written over. */
  end() {
    if (this.#isOpen) process.stderr.write("\n");
    this.#isOpen = false;
  }
}
