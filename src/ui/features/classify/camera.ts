/** Frames of a camera, and why there may be none. */
import { msg } from "@lit/localize";

/** Draws a frame so that its longer side has `side` pixels. */
export function drawn(
  video: HTMLVideoElement,
  canvas: HTMLCanvasElement,
  side: number,
): CanvasRenderingContext2D | null {
  const scale = side / Math.max(video.videoWidth, video.videoHeight);
  canvas.width = Math.max(1, Math.round(video.videoWidth * scale));
  canvas.height = Math.max(1, Math.round(video.videoHeight * scale));
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context?.drawImage(video, 0, 0, canvas.width, canvas.height);
  return context;
}

/** A JPEG of what is drawn. @param quality 0 to 1 */
export function blobOf(canvas: HTMLCanvasElement, quality: number): Promise<Blob | null> {
  return new Promise((fulfil) => canvas.toBlob(fulfil, "image/jpeg", quality));
}

/** Why there is no picture: no https, no permission, no camera, or another program has it. */
export type CameraProblem = "insecure" | "refused" | "missing" | "taken" | "other";

/** @param error of `getUserMedia` */
export function problemOf(error: unknown): CameraProblem {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "refused";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "missing";
  if (name === "NotReadableError" || name === "AbortError") return "taken";
  return "other";
}

/** What happened, and what the person can do. */
export function problemWords(problem: CameraProblem): { readonly title: string; readonly remedy: string } {
  switch (problem) {
    case "insecure":
      return {
        title: msg("The camera needs a secure address."),
        remedy: msg("Open Tamis over https, or on this very machine."),
      };
    case "refused":
      return {
        title: msg("Tamis may not use the camera."),
        remedy: msg("Allow the camera for this page in the browser’s address bar or in the system’s settings."),
      };
    case "missing":
      return { title: msg("No camera was found."), remedy: msg("Connect one, then try again.") };
    case "taken":
      return {
        title: msg("The camera does not answer."),
        remedy: msg("Close other applications that use it, then try again."),
      };
    case "other":
      return { title: msg("The camera could not be started."), remedy: msg("Try again, or choose files instead.") };
  }
}
