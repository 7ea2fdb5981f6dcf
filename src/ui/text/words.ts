/** What codes and kinds are called, in the interface's language. The domain's words are English; these are the operator's. */
import { msg, str } from "@lit/localize";
import type { ErrorCode } from "../../contract/outcome.ts";
import type { Verdict } from "../../domain/capture/capture.ts";
import type { FindingReason } from "../../domain/dataset/dataset.ts";
import type { View } from "../../domain/experiment/experiment.ts";
import type { PixelFormat } from "../../domain/image/pixel-format.ts";
import type { Model } from "../../domain/model/model.ts";
import type { RunStatus } from "../../domain/run/run.ts";
import type { ActiveRun } from "../services/training-service.ts";

export function verdictWord(verdict: Verdict): string {
  switch (verdict) {
    case "photo":
      return msg("Photo");
    case "not-photo":
      return msg("Not a photo");
    case "to-review":
      return msg("To review");
  }
}

export function findingWord(reason: FindingReason): string {
  switch (reason) {
    case "empty":
      return msg("The file is empty.");
    case "not-an-image":
      return msg("This is not an image.");
    case "unsupported-format":
      return msg("Tamis cannot read this format.");
    case "damaged":
      return msg("The image is damaged.");
    case "too-large":
      return msg("The image is too large for this device.");
    case "unreadable":
      return msg("The file could not be opened.");
    case "encrypted":
      return msg("The file opens with a password only.");
    case "unsafe-path":
      return msg("The archive asks for a place outside of its folder.");
    case "without-class":
      return msg("The file lies in no class folder.");
    case "already-there":
      return msg("The same file is in this class already.");
    case "system-file":
      return msg("Hidden, or written by a file manager.");
  }
}

/** What the person can do about a file that is not in the dataset. */
export function findingRemedy(reason: FindingReason): string {
  switch (reason) {
    case "empty":
      return msg("Copy or scan it again.");
    case "not-an-image":
    case "already-there":
    case "system-file":
      return msg("Nothing to do: it is left out.");
    case "unsupported-format":
      return msg("Save it as JPEG or PNG, then import again.");
    case "damaged":
      return msg("Open it elsewhere and save it again, or scan it again.");
    case "too-large":
      return msg("Save a smaller copy, then import again.");
    case "unreadable":
      return msg("Check that the file is still there and may be read.");
    case "encrypted":
      return msg("Unpack the archive with its password, then import the folder.");
    case "unsafe-path":
      return msg("Do not trust this archive; ask for it again.");
    case "without-class":
      return msg("Move it into a class folder, or add it to a class of this dataset.");
  }
}

/** What went wrong, as a title; the message with the particulars stands below it. */
export function failureTitle(code: ErrorCode): string {
  switch (code) {
    case "cancelled":
      return msg("Cancelled.");
    case "worker-died":
      return msg("The computing process stopped unexpectedly. Please try again.");
    case "backend-unavailable":
      return msg("This browser cannot compute what is needed.");
    case "out-of-memory":
      return msg("The device has run out of memory.");
    case "does-not-fit":
      return msg("This network does not fit on this device.");
    case "device-lost":
      return msg("The graphics processor stopped responding.");
    case "diverged":
      return msg("Training diverged: the loss is no longer a number.");
    case "not-found":
      return msg("This no longer exists.");
    case "not-cached":
      return msg("The images are not ready at this size.");
    case "too-few-images":
      return msg("There are too few images.");
    case "bad-model":
      return msg("This model cannot be used.");
    case "bad-input":
      return msg("This cannot be used as it is.");
    case "storage-full":
      return msg("The storage of this device is full.");
    case "busy":
      return msg("Something else is running. Wait until it has ended.");
    case "unexpected":
      return msg("Something unexpected went wrong.");
  }
}

/** What the person can do about a failure; empty where nothing general helps. */
export function failureRemedy(code: ErrorCode): string {
  switch (code) {
    case "out-of-memory":
      return msg("Close other tabs, or choose a smaller image size or batch.");
    case "does-not-fit":
      return msg("Choose a smaller image size, a smaller batch or the compact network.");
    case "device-lost":
      return msg("Try again; if it happens again, reload Tamis.");
    case "diverged":
      return msg("Choose a lower learning rate.");
    case "not-cached":
      return msg("Allow Tamis to read the folder again when it asks, or import the same folder once more.");
    case "too-few-images":
      return msg("Add images to the folder and import it again.");
    case "storage-full":
      return msg("Delete datasets or models, or free some disk space.");
    case "backend-unavailable":
      return msg("Update the browser, or use a recent Chrome, Edge, Firefox or Safari.");
    default:
      return "";
  }
}

export function statusWord(status: RunStatus): string {
  switch (status) {
    case "queued":
      return msg("Waiting");
    case "running":
      return msg("Running");
    case "finished":
      return msg("Finished");
    case "stopped":
      return msg("Stopped");
    case "failed":
      return msg("Failed");
    case "interrupted":
      return msg("Interrupted");
  }
}

export function phaseWord(phase: ActiveRun["phase"]): string {
  switch (phase) {
    case "preparing":
      return msg("Preparing the images");
    case "extracting":
      return msg("Computing features");
    case "starting":
      return msg("Starting the engine");
    case "training":
      return msg("Training");
    case "paused":
      return msg("Paused");
    case "validating":
      return msg("Validating");
    case "stopping":
      return msg("Stopping");
  }
}

export function presetWord(preset: string): string {
  switch (preset) {
    case "baseline":
      return msg("Baseline");
    case "dropout":
      return msg("Dropout");
    case "early-stopping":
      return msg("Early stopping");
    case "l1":
      return msg("L1 penalty");
    case "l2":
      return msg("L2 penalty");
    case "dropout-early-stopping":
      return msg("Dropout and early stopping");
    case "elastic-net":
      return msg("Elastic net");
    case "residual":
      return msg("Residual");
    case "compact":
      return msg("Compact");
    case "features":
      return msg("Features of a backbone");
    default:
      return preset;
  }
}

export function presetDescription(preset: string): string {
  switch (preset) {
    case "baseline":
      return msg("The notebook’s network. Large; to compare with results obtained elsewhere.");
    case "dropout":
      return msg(
        "The baseline, with a quarter of its features and half of its hidden units left out by chance at each step.",
      );
    case "early-stopping":
      return msg("The baseline for up to 30 epochs, ended when validation no longer improves; the best epoch is kept.");
    case "l1":
      return msg("The baseline with an L1 penalty, which drives weights to zero.");
    case "l2":
      return msg("The baseline with an L2 penalty, which keeps weights small.");
    case "dropout-early-stopping":
      return msg("The baseline with both dropout and early stopping.");
    case "elastic-net":
      return msg("The baseline with L1 and L2 penalties together.");
    case "residual":
      return msg("A small residual network that learns shapes from scratch. For archives of many thousand images.");
    case "compact":
      return msg(
        "Judges by colours and textures. Trains in minutes, and carries over to scans from elsewhere. The one to use.",
      );
    case "features":
      return msg("A small head on an imported network that stays as it is. Trained in a minute or two.");
    default:
      return "";
  }
}

export function originWord(origin: Model["origin"]): string {
  switch (origin) {
    case "trained":
      return msg("Trained here");
    case "imported":
      return msg("Imported");
    case "starter":
      return msg("Comes with Tamis");
  }
}

export function resizeWords(pixels: PixelFormat): string {
  const size = `${pixels.width} × ${pixels.height}`;
  const resampling = {
    bilinear: msg("bilinear"),
    "bilinear-antialias": msg("bilinear, antialiased"),
    area: msg("area average"),
  }[pixels.resampling];
  const aspect = {
    stretch: msg("proportions not kept"),
    crop: msg("cut at the centre"),
    pad: msg("framed in black"),
  }[pixels.aspect];
  return msg(str`${size} pixels, ${resampling}, ${aspect}`);
}

export function viewWord(view: View): string {
  return view === "whole" ? msg("the whole image") : msg("its central square");
}
