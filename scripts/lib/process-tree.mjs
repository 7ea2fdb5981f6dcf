/** Processor time and memory of this program's browser, from /proc: on Linux only. */
import { readdirSync, readFileSync } from "node:fs";

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
    const resident = /^VmRSS:\s+(\d+) kB/m.exec(textOf(`/proc/${pid}/status`) ?? "");
    const bytes = resident ? 1024 * Number(resident[1]) : 0;
    const isRenderer = textOf(`/proc/${pid}/cmdline`)?.includes("--type=renderer") ?? false;
    if (isRenderer) measured.rendererBytes += bytes;
    else measured.otherBytes += bytes;
  }
  return measured;
}
