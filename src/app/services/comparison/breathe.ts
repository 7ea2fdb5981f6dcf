/** Lets the page answer between pieces of work that take a while. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}
