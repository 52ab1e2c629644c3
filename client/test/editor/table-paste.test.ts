// @vitest-environment jsdom
import { describe, expect, it } from "vitest";

import { gridOf, htmlOfGrid, tableOfHtml, tableOfText, textOfGrid } from "../../src/editor/table-paste";

describe("tables of other programs", () => {
  it("reads one table, its head, and takes merged cells apart", () => {
    const read = tableOfHtml(
      "<html><style>x{}</style><table><tr><th>A</th><th colspan=2>B</th></tr><tr><td rowspan=2>1</td><td> hai <b>ba</b></td><td>3</td></tr><tr><td>4</td><td>5</td></tr></table></html>",
    );
    expect(read).toEqual({ grid: [["A", "B", ""], ["1", "hai ba", "3"], ["", "4", "5"]], header: true, spread: true, cut: false });
  });

  it("is none with words beside it, none at all, and no two", () => {
    expect(tableOfHtml("<p>a</p><table><tr><td>b</td></tr></table>")).toBe(null);
    expect(tableOfHtml("<p>a</p>")).toBe(null);
    expect(tableOfHtml("<table><tr><td>b</td></tr></table><table><tr><td>c</td></tr></table>")).toBe(null);
  });

  it("reads lines of tabs only where all have as many", () => {
    expect(tableOfText("a\tb\r\nc\t d \n")?.grid).toEqual([["a", "b"], ["c", "d"]]);
    expect(tableOfText("a)\tmột\nhai")).toBe(null);
    expect(tableOfText("một\nhai")).toBe(null);
  });

  it("cells take lines and tabs; what is too large is cut and told", () => {
    expect(gridOf("", "một\nhai").grid).toEqual([["một"], ["hai"]]);
    expect(gridOf("", Array.from({ length: 50 }, () => "x").join("\t"))).toMatchObject({ cut: true });
    expect(gridOf("", Array.from({ length: 600 }, () => "x").join("\n")).grid).toHaveLength(500);
    expect(tableOfHtml(`<table><tr><td colspan=99999 rowspan=x>a</td></tr></table>`)?.grid[0]).toHaveLength(40);
  });

  it("goes out as it comes in", () => {
    const grid = [["A & <b>", "B"], ["", "2"]];
    expect(tableOfHtml(htmlOfGrid(grid, true))).toMatchObject({ grid, header: true });
    expect(tableOfText(textOfGrid(grid))?.grid).toEqual(grid);
  });
});
