/** Messages that come and go at the page's edge. Any screen sends them; the app shell shows them, also when the screen was left by then. */

export interface Notice {
  readonly text: string;
  /** Takes back what was just done. */
  readonly undo?: () => Promise<void>;
  /** Goes to where the result is. */
  readonly link?: { readonly href: string; readonly text: string };
  readonly problem?: boolean;
}

export const noticeEvent = "tamis-notice";

export function notify(notice: Notice): void {
  window.dispatchEvent(new CustomEvent<Notice>(noticeEvent, { detail: notice }));
}
