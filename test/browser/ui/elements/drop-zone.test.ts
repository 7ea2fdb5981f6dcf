import { expect } from "chai";
import { html } from "lit";
import type { DropZone } from "../../../../src/ui/elements/drop-zone/drop-zone.ts";
import "../../../../src/ui/elements/drop-zone/drop-zone.ts";
import type { Dropped } from "../../../../src/ui/files/folders.ts";
import { expectAccessibleInBothThemes } from "../axe.ts";
import { Fakes } from "../fakes/fakes.ts";
import { inside, mount, settled, unmountAll } from "../mount.ts";

afterEach(unmountAll);

function drag(type: string, target: EventTarget = document.body): DragEvent {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File(["x"], "a.jpg"));
  const event = new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true, composed: true });
  target.dispatchEvent(event);
  return event;
}

async function zone(disabled = false): Promise<{ element: DropZone; drops: Promise<Dropped>[] }> {
  const element = await mount<DropZone>(
    html`<tamis-drop-zone label="Drop to classify" ?disabled=${disabled}><p>Drop here</p></tamis-drop-zone>`,
    new Fakes(),
  );
  const drops: Promise<Dropped>[] = [];
  element.addEventListener("tamis-dropped", (event) => drops.push((event as CustomEvent<Promise<Dropped>>).detail));
  return { element, drops };
}

describe("drop zone", () => {
  it("takes a drop anywhere on the page, and shows that it will", async () => {
    const { element, drops } = await zone();
    await expectAccessibleInBothThemes(element);
    drag("dragenter");
    await settled(element);
    expect(inside(element, ".veil")).to.have.length(1);
    expect(drag("dragover").defaultPrevented).to.equal(true);
    drag("drop");
    await settled(element);
    expect(inside(element, ".veil")).to.have.length(0);
    expect(drops).to.have.length(1);
    const dropped = await drops[0];
    expect(dropped?.files.map(({ path }) => path)).to.deep.equal(["a.jpg"]);
  });

  it("is not confused by the children that are dragged over", async () => {
    const { element } = await zone();
    drag("dragenter");
    drag("dragenter", element);
    drag("dragleave");
    await settled(element);
    expect(inside(element, ".veil")).to.have.length(1);
    drag("dragleave", element);
    await settled(element);
    expect(inside(element, ".veil")).to.have.length(0);
  });

  it("never lets the browser leave the page for a dropped file, also while it takes none", async () => {
    const { drops } = await zone(true);
    expect(drag("dragover").defaultPrevented).to.equal(true);
    expect(drag("drop").defaultPrevented).to.equal(true);
    expect(drops).to.have.length(0);
  });

  it("lets go of the page when it leaves it", async () => {
    const { drops } = await zone();
    unmountAll();
    expect(drag("dragover").defaultPrevented).to.equal(false);
    expect(drops).to.have.length(0);
  });
});
