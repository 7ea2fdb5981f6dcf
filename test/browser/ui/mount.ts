/** Puts elements on the page with fake services around them, and takes them off again. */
import { ContextProvider } from "@lit/context";
import { render, type TemplateResult } from "lit";
import {
  classificationContext,
  comparisonContext,
  datasetContext,
  explanationContext,
  labellingContext,
  modelContext,
  sortingContext,
  systemContext,
  trainingContext,
  vettingContext,
} from "../../../src/ui/contexts.ts";
import type { Fakes } from "./fakes/fakes.ts";

/** Provides all services on an element. */
export function provide(host: HTMLElement, fakes: Fakes): void {
  new ContextProvider(host, { context: datasetContext, initialValue: fakes.datasets });
  new ContextProvider(host, { context: vettingContext, initialValue: fakes.vetting });
  new ContextProvider(host, { context: trainingContext, initialValue: fakes.training });
  new ContextProvider(host, { context: comparisonContext, initialValue: fakes.comparisons });
  new ContextProvider(host, { context: modelContext, initialValue: fakes.models });
  new ContextProvider(host, { context: classificationContext, initialValue: fakes.classification });
  new ContextProvider(host, { context: explanationContext, initialValue: fakes.explanations });
  new ContextProvider(host, { context: sortingContext, initialValue: fakes.sorting });
  new ContextProvider(host, { context: labellingContext, initialValue: fakes.labelling });
  new ContextProvider(host, { context: systemContext, initialValue: fakes.system });
}

const mounted = new Set<HTMLElement>();

/** Renders a template between the services; the first element in it is returned once it is rendered. */
export async function mount<E extends HTMLElement>(template: TemplateResult, fakes: Fakes): Promise<E> {
  const host = document.createElement("div");
  document.body.append(host);
  mounted.add(host);
  provide(host, fakes);
  render(template, host);
  const element = host.firstElementChild as E;
  await settled(element);
  return element;
}

/** Takes off what was mounted. */
export function unmountAll(): void {
  for (const host of mounted) host.remove();
  mounted.clear();
}

/** Waits until an element, and what it shows, is rendered: a few turns of the event loop. */
export async function settled(element: Element): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) {
    await (element as Element & { updateComplete?: Promise<unknown> }).updateComplete;
    await new Promise((fulfil) => setTimeout(fulfil));
  }
}

/** Waits for something to be there; fails with `what` after `milliseconds`. */
export async function until<T>(
  find: () => T | null | undefined | false,
  what: string,
  milliseconds = 5000,
): Promise<T> {
  const end = performance.now() + milliseconds;
  for (;;) {
    const found = find();
    if (found) return found;
    if (performance.now() > end) throw new Error(`Waited in vain for ${what}.`);
    await new Promise((fulfil) => setTimeout(fulfil, 20));
  }
}

/** Every match below a node, shadow roots included, in document order. */
export function deepAll<E extends Element>(root: ParentNode, selector: string): E[] {
  const found: E[] = [];
  for (const element of root.querySelectorAll("*")) {
    if (element.matches(selector)) found.push(element as E);
    if (element.shadowRoot) found.push(...deepAll<E>(element.shadowRoot, selector));
  }
  return found;
}

/** Starts at an element's own shadow root. */
export function inside<E extends Element>(element: Element, selector: string): E[] {
  return deepAll<E>(element.shadowRoot ?? element, selector);
}

/** The same in every `host` below an element: a selector does not reach into shadow roots. */
export function within<E extends Element>(element: Element, host: string, selector: string): E[] {
  return inside(element, host).flatMap((found) => inside<E>(found, selector));
}

/** The button or link with this text or label. */
export function control(element: Element, name: string): HTMLElement {
  const match = inside<HTMLElement>(element, "button, a").find(
    (candidate) => (candidate.getAttribute("aria-label") ?? candidate.textContent).trim().replace(/\s+/g, " ") === name,
  );
  if (!match) throw new Error(`There is no “${name}”.`);
  return match;
}
