/** Builds the production app into dist/: `npm run build`. */
import { ensureBuilt } from "./lib/build.mjs";

await ensureBuilt({ force: true });
