import { expect } from "chai";
import { html } from "lit";
import type { VirtualGrid } from "../../../../src/ui/elements/virtual-grid/virtual-grid.ts";
import "../../../../src/ui/elements/virtual-grid/virtual-grid.ts";
import { expectAccessibleInBothThemes } from "../axe.ts";
import { Fakes } from "../fakes.ts";
import { inside, mount, unmountAll, until } from "../mount.ts";

afterEach(() => {
  unmountAll();
  window.scrollTo(0, 0);
});

async function grid(count: number): Promise<VirtualGrid> {
  const items = Array.from({ length: count }, (_, index) => `item ${index}`);
  const element = await mount<VirtualGrid>(
    html`<tamis-virtual-grid
      label="Items"
      .items=${items}
      .renderItem=${(item: unknown) => html`<p>${item}</p>`}
      .minimumCellWidth=${150}
      .cellHeight=${() => 200}
    ></tamis-virtual-grid>`,
    new Fakes(),
  );
  await until(() => inside(element, ".cell").length > 0, "the first cells");
  return element;
}

function numbers(element: Element): number[] {
  return inside(element, "p").map((cell) => Number(cell.textContent.replace("item ", "")));
}

describe("virtual grid", () => {
  it("renders what is near the view, and is a list of its true length", async () => {
    const element = await grid(5000);
    const cells = inside(element, ".cell");
    expect(cells.length).to.be.lessThan(150);
    expect(cells[0]?.getAttribute("aria-setsize")).to.equal("5000");
    expect(cells[0]?.getAttribute("aria-posinset")).to.equal("1");
    const list = inside<HTMLElement>(element, "[role=list]")[0];
    const columns = cells.filter(
      (cell) => cell.getBoundingClientRect().top === cells[0]?.getBoundingClientRect().top,
    ).length;
    expect(list?.offsetHeight).to.equal(Math.ceil(5000 / columns) * 212 - 12);
    await expectAccessibleInBothThemes(element);
  });

  it("follows the page as it scrolls, to the last item", async () => {
    const element = await grid(2000);
    window.scrollTo(0, 30_000);
    await until(() => !numbers(element).includes(0), "the first rows to go");
    const inView = inside(element, ".cell").filter((cell) => {
      const { top, bottom } = cell.getBoundingClientRect();
      return bottom > 0 && top < window.innerHeight;
    });
    expect(inView.length).to.be.greaterThan(0);
    window.scrollTo(0, document.documentElement.scrollHeight);
    await until(() => numbers(element).includes(1999), "the last item");
  });

  it("shows fewer items when there are fewer, wherever it was scrolled", async () => {
    const element = await grid(2000);
    window.scrollTo(0, document.documentElement.scrollHeight);
    await until(() => numbers(element).includes(1999), "the last item");
    element.items = ["item 1", "item 2"];
    await until(() => numbers(element).join() === "1,2", "the two that are left");
    element.items = [];
    await until(() => inside(element, ".cell").length === 0, "the grid to be empty");
  });
});
