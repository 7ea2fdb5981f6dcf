/** What a person decided about captures becomes images of a data set, to train on. */
import { failed, failureOf, type Outcome, succeeded } from "../../../contract/outcome.ts";
import type { Capture } from "../../../domain/capture/capture.ts";
import { alternativeName } from "../../../domain/capture/sorting.ts";
import type { ImageChoice, VettedImage } from "../../../domain/vetting/choices.ts";
import { safeFileName } from "../../../domain/text/file-name.ts";
import type { Decoders } from "../../../runtime/decode-pool.ts";
import { deleteOriginals, getBatch, listCaptures, putOriginals } from "../../../storage/captures.ts";
import { getDataset, listVettedImages } from "../../../storage/datasets.ts";
import { readFingerprints } from "../../../storage/vetting.ts";
import type { LabelledCapture, LabellingReport, LabellingService } from "../../../ui/services/labelling-service.ts";
import type { PickedFile } from "../../../ui/services/picked-files.ts";
import type { Progress } from "../../../ui/services/progress.ts";
import type { VettingService } from "../../../ui/services/vetting-service.ts";
import type { Datasets } from "../dataset-service.ts";
import { ProgressMeter } from "../progress-meter.ts";
import { sha256 } from "../sha256.ts";
import { pagePicture } from "./large-picture.ts";
import type { Originals } from "./originals.ts";

export interface LabellingParts {
  readonly originals: Originals;
  readonly decoders: Pick<Decoders, "decode">;
  readonly datasets: Pick<Datasets, "importFolder" | "removeImages">;
  readonly vetting: Pick<VettingService, "choose">;
}

/** What there is to do, found out before anything is changed. */
interface Plan {
  readonly files: PickedFile[];
  readonly relabelled: Map<string, ImageChoice>;
  readonly missing: Set<string>;
  known: number;
}

export class Labelling implements LabellingService {
  readonly #parts: LabellingParts;

  constructor(parts: LabellingParts) {
    this.#parts = parts;
  }

  async addToDataset(
    datasetId: string,
    labelled: readonly LabelledCapture[],
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<Outcome<{ readonly report: LabellingReport; readonly undo: () => Promise<void> }>> {
    try {
      const dataset = await getDataset(datasetId);
      if (!dataset) return failed("not-found", "This dataset is not there any more.");
      const plan = await this.#plan(datasetId, labelled, onProgress, signal);
      const before = new Set((await listVettedImages(datasetId)).map(({ image }) => image.imageId));
      if (plan.files.length > 0) {
        // Before the images, so that none of them is ever without the file that other sizes are made of.
        await putOriginals(plan.files.map(({ path, file }) => ({ batchId: datasetId, file: path, content: file })));
        const folder = { name: dataset.name, files: plan.files, handles: [] };
        const imported = await this.#parts.datasets.importFolder(folder, { datasetId });
        if (!imported.ok) return imported;
      }
      const undoChoices = await this.#parts.vetting.choose(datasetId, plan.relabelled);
      const after = (await listVettedImages(datasetId)).map(({ image }) => image.imageId);
      const added = after.filter((imageId) => !before.has(imageId));
      const report: LabellingReport = {
        added: added.length,
        known: plan.known,
        relabelled: plan.relabelled.size,
        missing: [...plan.missing],
      };
      const undo = async (): Promise<void> => {
        await undoChoices();
        const paths = plan.files.map(({ path }) => path);
        await deleteOriginals(datasetId, paths);
        await this.#parts.datasets.removeImages(datasetId, new Set(added), dataset.classNames);
      };
      return succeeded({ report, undo });
    } catch (error) {
      return failureOf(error);
    }
  }

  async #plan(
    datasetId: string,
    labelled: readonly LabelledCapture[],
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<Plan> {
    const images = await listVettedImages(datasetId);
    const byId = new Map(images.map((vetted) => [vetted.image.imageId, vetted]));
    const byDigest = new Map<string | null, VettedImage | undefined>();
    for await (const portion of readFingerprints(datasetId)) {
      for (const { sha256: digest, imageId } of portion) byDigest.set(digest, byId.get(imageId));
    }
    const taken = new Set(images.map(({ image }) => image.path.toLowerCase()));
    const finder = new FileFinder(this.#parts, labelled);
    const meter = new ProgressMeter();
    const plan: Plan = { files: [], relabelled: new Map(), missing: new Set(), known: 0 };
    for (const [index, { capture, className }] of labelled.entries()) {
      onProgress(meter.measure(index, labelled.length));
      signal.throwIfAborted();
      const file = await finder.find(capture);
      if (!file) {
        plan.missing.add(capture.file);
        continue;
      }
      const known = byDigest.get(await sha256(file));
      if (!known) {
        const path = freePath(`${className}/${await finder.nameOf(capture, file)}`, taken);
        taken.add(path.toLowerCase());
        plan.files.push({ path, file });
      } else if (known.image.className === className || known.choice?.verdict === "left-out") {
        // Left out by a person on purpose: it stays out.
        plan.known += 1;
      } else {
        const own = known.folderClass === className;
        plan.relabelled.set(known.image.imageId, { className: own ? null : className, verdict: "kept" });
      }
    }
    onProgress(meter.measure(labelled.length, labelled.length));
    return plan;
  }
}

/** The files of captures; a page of several becomes a picture of its own. */
class FileFinder {
  readonly #parts: LabellingParts;
  readonly #captures: readonly Capture[];
  #severalPages: Promise<ReadonlySet<string>> | null = null;
  readonly #labels = new Map<string, Promise<string>>();

  constructor(parts: LabellingParts, labelled: readonly LabelledCapture[]) {
    this.#parts = parts;
    this.#captures = labelled.map(({ capture }) => capture);
  }

  async find(capture: Capture): Promise<File | null> {
    const { batchId, file: path, page } = capture;
    const file = await this.#parts.originals.find(batchId, path, true);
    if (!file) return null;
    this.#severalPages ??= this.#filesOfSeveralPages();
    if (!(await this.#severalPages).has(path)) return file;
    const picture = await pagePicture(file, page, this.#parts.decoders);
    if (!picture) return null;
    const stem = file.name.replace(/\.[^.]*$/, "");
    return new File([picture], `${stem} ${page + 1}.jpg`, { type: "image/jpeg", lastModified: file.lastModified });
  }

  async #filesOfSeveralPages(): Promise<ReadonlySet<string>> {
    const files = new Set<string>();
    for (const batchId of new Set(this.#captures.map((capture) => capture.batchId)))
      for (const { file, page } of await listCaptures(batchId)) if (page > 0) files.add(file);
    return files;
  }

  /**
   * Images of one source resemble each other, so splits and sampling look at what stands before `__`: the source that the file's own name tells, else the
   * batch.
   */
  async nameOf(capture: Capture, { name }: File): Promise<string> {
    return name.indexOf("__") > 0 ? name : `${await this.#labelOf(capture)}__${name}`;
  }

  #labelOf({ batchId }: Capture): Promise<string> {
    let label = this.#labels.get(batchId);
    if (!label) {
      label = getBatch(batchId).then((batch) => {
        const day = new Date(batch?.createdAt ?? 0).toISOString().slice(0, 10);
        return `${safeFileName(batch?.name ?? "", "captures")} ${day}`.replaceAll("__", "_");
      });
      this.#labels.set(batchId, label);
    }
    return label;
  }
}

function freePath(path: string, taken: ReadonlySet<string>): string {
  const cut = path.lastIndexOf("/") + 1;
  for (let attempt = 1; ; attempt++) {
    const candidate = path.slice(0, cut) + alternativeName(path.slice(cut), attempt);
    if (!taken.has(candidate.toLowerCase())) return candidate;
  }
}
