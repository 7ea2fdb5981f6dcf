import { expect } from "chai";
import { html } from "lit";
import type { GridPick, VirtualGrid } from "../../../../src/ui/elements/virtual-grid/virtual-grid.ts";
import "../../../../src/ui/elements/virtual-grid/virtual-grid.ts";
import { expectAccessibleInBothThemes } from "../axe.ts";
import { Fakes } from "../fakes/fakes.ts";
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

describe("virtual grid whose items can be selected", () => {
  async function listBox(count: number, picks: string[]): Promise<VirtualGrid> {
    const element = await grid(count);
    element.labelOf = (item) => `Picture ${String(item)}`;
    element.selected = new Set();
    element.addEventListener("tamis-pick", (event) => {
      const { how, index } = (event as CustomEvent<GridPick>).detail;
      picks.push(`${how} ${index}`);
    });
    await until(() => inside(element, "[role=option]").length > 0, "the options");
    return element;
  }

  const focused = (element: Element): string | null | undefined =>
    element.shadowRoot?.activeElement?.getAttribute("aria-label");

  function press(element: VirtualGrid, key: string, more: KeyboardEventInit = {}): void {
    const target = element.shadowRoot!.activeElement!;
    target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true, ...more }));
  }

  it("is a list box with its true size", async () => {
    const element = await listBox(5000, []);
    const box = inside(element, "[role=listbox]")[0];
    expect(box?.getAttribute("aria-multiselectable")).to.equal("true");
    expect(inside(element, "[tabindex='0']")).to.have.length(1);
    element.selected = new Set(["item 1"]);
    await until(() => inside(element, "[aria-selected=true]").length === 1, "the selected one");
    await expectAccessibleInBothThemes(element);
  });

  it("goes to both ends by key, and keeps the keyboard while the page is scrolled", async () => {
    const element = await listBox(2000, []);
    element.focusItem(0);
    await until(() => focused(element) === "Picture item 0", "the first item");
    press(element, "End");
    await until(() => focused(element) === "Picture item 1999", "the last item");
    const box = element.shadowRoot!.activeElement!.getBoundingClientRect();
    expect(box.bottom).to.be.at.most(window.innerHeight);
    window.scrollTo(0, 0);
    await until(() => numbers(element).includes(0), "the first row");
    expect(focused(element)).to.equal("Picture item 1999");
    press(element, "ArrowLeft");
    await until(() => focused(element) === "Picture item 1998", "the one before");
  });

  it("opens, selects and extends by key", async () => {
    const picks: string[] = [];
    const element = await listBox(20, picks);
    element.focusItem(2);
    await until(() => focused(element) === "Picture item 2", "the item");
    press(element, "Enter");
    press(element, " ");
    press(element, "ArrowRight", { shiftKey: true });
    press(element, "a", { ctrlKey: true });
    // Nothing is selected that Escape could let go.
    press(element, "Escape");
    expect(picks).to.deep.equal(["open 2", "toggle 2", "toggle 2", "extend 3", "all 3"]);
  });

  it("opens by a click, selects by one with a key", async () => {
    const picks: string[] = [];
    const element = await listBox(20, picks);
    const options = inside<HTMLElement>(element, "[role=option]");
    options[1]!.click();
    options[2]!.dispatchEvent(new MouseEvent("click", { ctrlKey: true, bubbles: true, composed: true }));
    options[4]!.dispatchEvent(new MouseEvent("click", { shiftKey: true, bubbles: true, composed: true }));
    expect(picks).to.deep.equal(["open 1", "toggle 2", "extend 4"]);
  });
});
