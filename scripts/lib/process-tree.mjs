/** Processor time and memory of this program's browser, from /proc: on Linux only. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

/** Ticks of `/proc/PID/stat` a second: what Linux promises to programs, whatever the kernel's own clock. */
const ticksPerSecond = 100;

function textOf(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // A process that ended in between.
    return null;
  }
}

/** The processes below this one, at this moment; null where there is no /proc. */
function processesBelow() {
  let names;
  try {
    names = readdirSync("/proc");
  } catch {
    return null;
  }
  const all = new Map();
  for (const name of names) {
    if (!/^\d+$/.test(name)) continue;
    const stat = textOf(`/proc/${name}/stat`);
    if (stat === null) continue;
    // The name in brackets may hold anything, so that what follows is counted from the last bracket.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    all.set(Number(name), { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) });
  }
  const isBelow = (pid) => {
    for (let at = all.get(pid)?.parent; at !== undefined; at = all.get(at)?.parent) if (at === process.pid) return true;
    return false;
  };
  return [...all].filter(([pid]) => isBelow(pid)).map(([pid, { ticks }]) => ({ pid, ticks }));
}

/**
 * Processor time that the browser has used so far, and the memory that it holds: resident, in bytes, pages that processes share counted in each.
 *
 * @returns {{ cpuSeconds: number, rendererBytes: number, otherBytes: number } | null} null where the system does not tell
 */
export function measureBrowser() {
  const processes = processesBelow();
  if (!processes) return null;
  const measured = { cpuSeconds: 0, rendererBytes: 0, otherBytes: 0 };
  for (const { pid, ticks } of processes) {
    measured.cpuSeconds += ticks / ticksPerSecond;
    const bytes = statusBytes(pid, "VmRSS");
    if (isRenderer(pid)) measured.rendererBytes += bytes;
    else measured.otherBytes += bytes;
  }
  return measured;
}

/** Written to `/proc/PID/clear_refs`, forgets the most that the process ever held (proc(5)). */
const forgetPeak = "5";

/**
 * The memory that the browser's renderers hold, in bytes, of each at its peak since `forgetRendererPeaks` was called last; null where the system does not
 * tell.
 */
export function rendererPeakBytes() {
  const renderers = renderersBelow();
  return renderers && renderers.reduce((sum, pid) => sum + statusBytes(pid, "VmHWM"), 0);
}

export function forgetRendererPeaks() {
  for (const pid of renderersBelow() ?? []) {
    try {
      writeFileSync(`/proc/${pid}/clear_refs`, forgetPeak);
    } catch {
      // Some systems do not allow it: then peaks of before count too, which is more than there is.
    }
  }
}

function renderersBelow() {
  return (
    processesBelow()
      ?.map(({ pid }) => pid)
      .filter(isRenderer) ?? null
  );
}

/** Of pages: the browser's own windows have one as well. */
function isRenderer(pid) {
  const command = textOf(`/proc/${pid}/cmdline`) ?? "";
  return command.includes("--type=renderer") && !command.includes("--top-chrome-webui");
}

/** @param field of `/proc/PID/status`, in kB there */
function statusBytes(pid, field) {
  const found = new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(textOf(`/proc/${pid}/status`) ?? "");
  return found ? 1024 * Number(found[1]) : 0;
}
