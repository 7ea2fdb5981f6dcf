/**
 * Builds the AssemblyScript kernels into workers/kernels/build: with relaxed SIMD, with SIMD alone, both on a shared and on an unshared memory, and
 * without any for browsers that have none.
 * Skips what is newer than its sources. Usage: node scripts/build-kernels.mjs [--force]
 */
import { mkdir, readFile, readdir, stat, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import path from "node:path";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const sources = path.join(root, "workers/kernels/assembly");
const target = path.join(root, "workers/kernels/build");

/** 4 GiB in pages of 64 KiB: the most that a 32-bit memory can be, and what tfjs declares for its shared one. */
const maximumPages = 65536;

/** What browsers from before SIMD may lack too. */
const laterFeatures = ["bulk-memory", "nontrapping-f2i", "sign-extension"];

const variants = [
  { name: "none", entry: "scalar.ts", features: [], disabled: laterFeatures, shared: false },
  { name: "simd", features: ["simd"], shared: false },
  { name: "relaxed", features: ["simd", "relaxed-simd"], shared: false },
  { name: "simd-threads", features: ["simd", "threads"], shared: true },
  { name: "relaxed-threads", features: ["simd", "relaxed-simd", "threads"], shared: true },
  // Of the decode workers, in a memory of their own.
  { name: "pictures", entry: "pictures.ts", features: ["simd"], shared: false },
];

async function newest(files) {
  const times = await Promise.all(files.map(async (file) => (await stat(file)).mtimeMs));
  return Math.max(...times);
}

/** The times of the outputs, or 0 if one is missing. */
async function oldest(files) {
  try {
    const times = await Promise.all(files.map(async (file) => (await stat(file)).mtimeMs));
    return Math.min(...times);
  } catch (error) {
    if (error.code === "ENOENT") return 0;
    throw error;
  }
}

async function compile(asc, variant) {
  const out = path.join(target, `kernels-${variant.name}.wasm`);
  const outputs = new Map();
  const { error, stderr } = await asc.main(
    [
      variant.entry ?? "index.ts",
      "--outFile",
      "out.wasm",
      "--optimizeLevel",
      "3",
      "--shrinkLevel",
      "0",
      "--noAssert",
      "--runtime",
      "stub",
      "--importMemory",
      "--initialMemory",
      "1",
      "--maximumMemory",
      String(maximumPages),
      "--use",
      "abort=",
      ...(variant.shared ? ["--sharedMemory"] : []),
      ...variant.features.flatMap((feature) => ["--enable", feature]),
      ...(variant.disabled ?? []).flatMap((feature) => ["--disable", feature]),
    ],
    {
      readFile: async (name, base) => {
        try {
          return await readFile(path.resolve(sources, base ?? "", name), "utf8");
        } catch (failure) {
          if (failure.code === "ENOENT") return null;
          throw failure;
        }
      },
      writeFile: (name, contents) => void outputs.set(name, contents),
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`kernels (${variant.name}): ${error.message}\n${stderr.toString()}`);
  const binary = outputs.get("out.wasm");
  const sections = countSections(binary);
  if (sections.imports !== 1) throw new Error(`kernels (${variant.name}) may import the memory alone`);
  // Static data would be written over what tfjs keeps at the same addresses.
  if (sections.data > 0) throw new Error(`kernels (${variant.name}) must hold no static data`);
  await writeFile(out, binary);
  return `${path.relative(root, out)} ${binary.length} bytes`;
}

/** How many imports and data segments a binary has; Node itself cannot read relaxed SIMD in every version that we support. */
function countSections(binary) {
  const counts = { imports: 0, data: 0 };
  let at = 8;
  const unsigned = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = binary[at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
  };
  while (at < binary.length) {
    const id = binary[at++];
    const size = unsigned();
    const end = at + size;
    if (id === 2) counts.imports = unsigned();
    if (id === 11) counts.data = unsigned();
    at = end;
  }
  return counts;
}

const inputs = (await readdir(sources)).filter((name) => name.endsWith(".ts")).map((name) => path.join(sources, name));
const outputs = variants.map((variant) => path.join(target, `kernels-${variant.name}.wasm`));
const self = fileURLToPath(import.meta.url);
if (process.argv.includes("--force") || (await oldest(outputs)) < (await newest([...inputs, self]))) {
  const asc = await import("assemblyscript/asc");
  await mkdir(target, { recursive: true });
  for (const variant of variants) console.log(await compile(asc, variant));
} else {
  console.log("kernels: up to date");
}
