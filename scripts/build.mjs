/** Builds the production app into dist/: `npm run build`; with `--when-stale` only where the sources changed since. */
import { ensureBuilt } from "./lib/build.mjs";

try {
  await ensureBuilt({ force: !process.argv.includes("--when-stale") });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
