/** The command line, as people who live in a terminal use it: options, files, exit statuses. */
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "./support/app.ts";
import { picture, writeDataset } from "./support/images.ts";

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script of this project to its end; `onError` sees what it says on the way, and may interrupt it. */
function run(
  script: string,
  args: readonly string[],
  folder: string,
  dist: string,
  onError: (text: string, interrupt: () => void) => void = () => undefined,
): Promise<Ended> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "../../scripts", script), ...args], {
    cwd: folder,
    env: { ...process.env, TAMIS_DIST: dist },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
  child.stderr.on("data", (data: Buffer) => {
    stderr += data.toString();
    onError(stderr, () => child.kill("SIGINT"));
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, stdout, stderr }));
  });
}

async function jsonOf(folder: string, name: string): Promise<unknown> {
  return JSON.parse(await readFile(join(folder, name), "utf8"));
}

test.describe("command line", () => {
  let folder: string;
  test.beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "tamis-headless-"));
    await writeDataset(join(folder, "scans"), 15);
  });
  test.afterAll(() => rm(folder, { recursive: true, force: true }));

  test("trains, evaluates, classifies", async ({ builtFolder }) => {
    // Four times a browser, the app and its engine start anew.
    test.setTimeout(480_000);
    const small = ["--size", "32", "--epochs", "3", "--batch", "8", "--backend", "wasm", "--threads", "1"];
    const trained = await run(
      "headless.mjs",
      ["train", "--data", "scans", ...small, "--name", "Box 12", "--out", "m.zip", "--json", "run.json"],
      folder,
      builtFolder,
    );
    expect(trained.stderr).toContain("Unreadable: Photo/broken.png");
    expect(trained.status, trained.stderr).toBe(0);
    const report = (await jsonOf(folder, "run.json")) as Record<string, unknown> & { history: { loss: number }[] };
    expect(report).toMatchObject({
      name: "Box 12",
      preset: "baseline",
      backend: "wasm",
      threads: 1,
      // Rescaling, 3 convolutions, 16·16·64 → 128, 128 → 1.
      parameters: 448 + 4640 + 18_496 + (16 * 16 * 64 * 128 + 128) + 129,
      seed: 42,
      size: 32,
      batch: 8,
      split: { training: 36, validation: 9 },
      stopped_early: false,
      memory: { tensors: 0 },
    });
    expect(report.history).toHaveLength(3);
    expect(report.history[2]?.loss).toBeLessThan(report.history[0]?.loss ?? 0);
    expect(report["milliseconds_per_step"]).toBeGreaterThan(0);
    expect(report["peak_heap_bytes"]).toBeGreaterThan(0);

    const evaluated = await run(
      "headless.mjs",
      ["evaluate", "--model", "m.zip", "--data", "scans", "--json", "eval.json"],
      folder,
      builtFolder,
    );
    expect(evaluated.status, evaluated.stderr).toBe(0);
    const evaluation = (await jsonOf(folder, "eval.json")) as {
      n: number;
      accuracy: number;
      auroc: number;
      confusion: Record<"tp" | "fp" | "tn" | "fn", number>;
      by_class: Record<string, { n: number; wrong: number }>;
    };
    const { tp, fp, tn, fn } = evaluation.confusion;
    expect([evaluation.n, tp + fn, fp + tn]).toEqual([45, 15, 30]);
    expect(evaluation.accuracy).toBeCloseTo((tp + tn) / 45, 10);
    expect(evaluation.auroc).toBeGreaterThan(0.9);
    expect(Object.values(evaluation.by_class).reduce((sum, { wrong }) => sum + wrong, 0)).toBe(fp + fn);

    await mkdir(join(folder, "new"));
    await writeFile(join(folder, "new", "b.png"), picture("Text", 901));
    await writeFile(join(folder, "new", "a.png"), picture("Photo", 902));
    await writeFile(join(folder, "broken.png"), "not a picture");
    const classified = await run(
      "headless.mjs",
      ["classify", "--model", "m.zip", "--json", "out.json", "--csv", "out.csv", "broken.png", "new"],
      folder,
      builtFolder,
    );
    expect(classified.status, classified.stderr).toBe(0);
    const list = (await jsonOf(folder, "out.json")) as { file: string; verdict: string | null; error?: string }[];
    expect(list.map(({ file }) => file)).toEqual(["broken.png", "new/a.png", "new/b.png"]);
    expect(list.map(({ verdict }) => verdict)).toEqual([null, "photo", "not-photo"]);
    expect(list[0]?.error).toContain("not-an-image");
    expect((await readFile(join(folder, "out.csv"), "utf8")).split("\r\n")).toHaveLength(5);

    const unreadable = await run("headless.mjs", ["classify", "--model", "m.zip", "broken.png"], folder, builtFolder);
    expect(unreadable.status).toBe(1);
  });

  test("validates on a folder of its own, and keeps the last epoch at Ctrl-C", async ({ builtFolder }) => {
    await writeDataset(join(folder, "held"), 3);
    const args = ["train", "--data", "scans", "--validation-data", "held", "--size", "16", "--epochs", "10000"];
    const ended = await run(
      "headless.mjs",
      [...args, "--backend", "wasm", "--json", "stopped.json", "--out", "stopped.zip"],
      folder,
      builtFolder,
      (text, interrupt) => {
        if (text.includes("Epoch 1/10000: loss") && !text.includes("Stopping")) interrupt();
      },
    );
    expect(ended.status, ended.stderr).toBe(0);
    expect(await jsonOf(folder, "stopped.json")).toMatchObject({
      status: "stopped",
      stopped_early: true,
      split: { kind: "given", training: 45, validation: 9 },
    });
    expect((await readFile(join(folder, "stopped.zip"))).subarray(0, 2).toString()).toBe("PK");
  });

  test("compares presets and seeds on one split, and reports", async ({ builtFolder }) => {
    test.setTimeout(240_000);
    const asked = ["--presets", "baseline,l1", "--seeds", "1,2", "--size", "32", "--epochs", "3", "--batch", "8"];
    const written = ["--report", "report.html", "--lang", "en,fr", "--json", "compare.json"];
    const compared = await run(
      "headless.mjs",
      [
        "compare",
        "--data",
        "scans",
        ...asked,
        "--split",
        "stratified",
        ...written,
        "--backend",
        "wasm",
        "--threads",
        "1",
      ],
      folder,
      builtFolder,
    );
    expect(compared.status, compared.stderr).toBe(0);
    const report = (await jsonOf(folder, "compare.json")) as {
      split: object;
      runs: { preset: string; seed: number; history: unknown[]; test: { images: number } }[];
      final: string;
      comparisons: { otherRunId: string; part: string }[];
    };
    expect(report.split).toMatchObject({ kind: "stratified", seed: 42, validation: 6, test: 6 });
    expect(report.runs.map(({ preset, seed }) => `${preset} ${seed}`)).toEqual([
      "baseline 1",
      "baseline 2",
      "l1 1",
      "l1 2",
    ]);
    expect(report.runs.every(({ history, test: { images } }) => history.length === 3 && images === 6)).toBe(true);
    expect(report.comparisons).toHaveLength(3);
    expect(report.comparisons[0]?.part).toBe("test");
    for (const [language, words] of Object.entries({ en: "The final model", fr: "Le modèle final" })) {
      const html = await readFile(join(folder, `report.${language}.html`), "utf8");
      expect(html).toContain(`<html lang="${language}">`);
      expect(html).toContain(words);
      expect(html, "nothing lies elsewhere").not.toMatch(/(?:src|href)="(?!#)|url\(|<script|@import/);
      expect(html).toContain(report.final);
    }
  });

  test("explains wrong options with status 2", async ({ builtFolder }) => {
    for (const args of [
      ["fly"],
      ["train"],
      ["train", "--data", "nowhere"],
      ["train", "--data", "scans", "--epochs", "many"],
      ["train", "--data", "scans", "--backend", "cuda"],
      ["compare", "--data", "scans"],
      ["compare", "--data", "scans", "--presets", "baseline", "--seeds", "one"],
      ["compare", "--data", "scans", "--presets", "baseline", "--lang", "de"],
      ["evaluate", "--data", "scans"],
      ["classify", "--model", "starter"],
      ["train", "--data", "scans", "--out", "no/such/folder/m.zip"],
    ]) {
      const { status, stderr } = await run("headless.mjs", args, folder, builtFolder);
      expect([status, stderr], args.join(" ")).toEqual([2, expect.stringContaining("Usage: npm run headless")]);
    }
    const help = await run("headless.mjs", ["--help"], folder, builtFolder);
    expect([help.status, help.stdout]).toEqual([0, expect.stringContaining("Usage:")]);
  });

  test("compares reference cases, and never passes what it cannot compute", async ({ builtFolder }) => {
    const tolerance = { absolute: 0, relative: 0 };
    const writeCase = async (name: string, group: string, content: object): Promise<void> => {
      await mkdir(join(folder, "cases", group, name), { recursive: true });
      await writeFile(
        join(folder, "cases", group, name, "case.json"),
        JSON.stringify({ name, group, tolerance, ...content }),
      );
    };
    // numpy.random.RandomState(42).permutation(5)
    const permutation = { attributes: { kind: "mt19937", seed: 42 }, inputs: {} };
    await writeCase("right", "split", { ...permutation, outputs: { permutation_5: { value: [1, 4, 2, 0, 3] } } });
    const parity = (...args: string[]): Promise<Ended> => run("parity.mjs", args, folder, builtFolder);
    const right = await parity("cases/split/right", "--json", "parity.json");
    expect([right.status, right.stdout]).toEqual([0, expect.stringContaining("1 of 1 cases pass")]);
    expect(await jsonOf(folder, "parity.json")).toMatchObject({ passed: true, cases: [{ name: "right" }] });

    await writeCase("wrong", "split", { ...permutation, outputs: { permutation_5: { value: [1, 4, 2, 3, 0] } } });
    await writeCase("unknown", "tarot", { ...permutation, outputs: { card: { value: 13 } } });
    const all = await parity("cases");
    expect(all.status).toBe(1);
    expect(all.stdout).toMatch(/ok +split\/right/);
    expect(all.stdout).toMatch(/FAIL split\/wrong/);
    expect(all.stdout).toMatch(/FAIL tarot\/unknown.*does not compute/);
    expect((await parity("nowhere")).status).toBe(2);
  });
});
