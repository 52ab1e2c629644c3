// @vitest-environment jsdom
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { type PastedLine, rawLinesOfHtml, rawLinesOfText, readLines } from "../../src/editor/paste";
import { readLabel } from "../../src/editor/grammar";

const linesOfText = (text: string): PastedLine[] => readLines(rawLinesOfText(text));
const linesOfHtml = (html: string): PastedLine[] => readLines(rawLinesOfHtml(html));
const told = (lines: readonly PastedLine[]): string[] => lines.map(({ kind, words }) => `${kind ?? "-"}: ${words.text}`);

describe("the grammar", () => {
  it.each([
    ["Điều 5. Phạm vi", "article", "Phạm vi"],
    ["Điều 5a", "article", ""],
    ["Chương II", "chapter", ""],
    ["CHƯƠNG II. QUY ĐỊNH CHUNG", "chapter", "QUY ĐỊNH CHUNG"],
    ["Phần thứ nhất", "part", ""],
    ["Mục 1 THẨM QUYỀN", "section", "THẨM QUYỀN"],
    ["Tiểu mục 2. Hồ sơ", "subsection", "Hồ sơ"],
    ["1. Ban thường vụ", "clause", "Ban thường vụ"],
    ["1a. Ban thường vụ", "clause", "Ban thường vụ"],
    ["2.Không có dấu cách", "clause", "Không có dấu cách"],
    ["1- Ban thường vụ", "clause", "Ban thường vụ"],
    ["đ) quyết định", "point", "quyết định"],
    ["đ1) quyết định", "point", "quyết định"],
    ["- gạch đầu dòng", "indent", "gạch đầu dòng"],
    ["+ dấu cộng", "indent", "dấu cộng"],
    ["II- NHIỆM VỤ", "heading", "NHIỆM VỤ"],
    ["Phụ lục I", "appendix", ""],
  ])("%s", (line, kind, words) => {
    const read = readLabel(line);
    expect([read.kind, line.slice(read.skip)]).toEqual([kind, words]);
  });

  it.each([
    "Chương trình công tác năm",
    "khoản 2 Điều 5 của Luật này",
    "Mục 2 Chương I của Luật",
    "Điều 5 của Luật này quy định",
    "2025. Năm sau",
    "15. 000 đồng",
    "1.2 Bảo hiểm",
    "05-NQ/ĐU ngày 01 tháng 5",
    "Vì vậy",
    "1.",
    "",
  ])("takes no label from %j", (line) => {
    expect(readLabel(line).kind).toBeNull();
  });
});

describe("pasted text", () => {
  it("brings up the title on the line below", () => {
    expect(told(linesOfText("Chương I\nQUY ĐỊNH CHUNG\nĐiều 1\nPhạm vi"))).toEqual([
      "chapter: QUY ĐỊNH CHUNG",
      "article: Phạm vi",
    ]);
  });

  it("leaves quoted provisions alone", () => {
    expect(told(linesOfText("1. Sửa đổi Điều 5:\n“Điều 5. Mới\n1. Một.”\n2. Hai"))).toEqual([
      "clause: Sửa đổi Điều 5:",
      "-: “Điều 5. Mới",
      "-: 1. Một.”",
      "clause: Hai",
    ]);
  });

  it("is clean whatever comes in", { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        for (const { whole } of linesOfText(text)) {
          expect(whole.text).toBe(whole.text.normalize("NFC"));
          expect(() => encodeURIComponent(whole.text)).not.toThrow();
          expect(whole.text).not.toMatch(/[\n\u00a0\u200b]/);
          expect(whole.bits).toHaveLength(whole.text.length);
        }
      }),
    );
  });

  it("reads the articles of a real regulation", () => {
    const path = join(import.meta.dirname, "../../../tests/samples/quy-che-lam-viec-ban-qlda-tphcm.txt");
    const lines = linesOfText(readFileSync(path, "utf8"));
    expect(lines.filter(({ kind }) => kind === "article").length).toBeGreaterThan(15);
    expect(lines.filter(({ kind }) => kind === "chapter").length).toBeGreaterThan(3);
  });
});

describe("pasted HTML", () => {
  it("of Word: list marks become kinds, bold, italic and underline stay, the rest goes", () => {
    const html = `<html><head><style>p { color: red }</style></head><body>
      <p class=MsoNormal><b>Điều 5. <span style='color:red'>Phạm vi</span></b><o:p></o:p></p>
      <p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>1.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span><![endif]>Ban <i>thường vụ</i> <u>họp</u></p>
      <p style='font-weight:bold'>a)&nbsp;một<script>alert(1)</script><img src=x onerror=alert(1)></p></body></html>`;
    const lines = linesOfHtml(html);
    expect(told(lines)).toEqual(["article: Phạm vi", "clause: Ban thường vụ họp", "point: một"]);
    expect([...(lines[1]?.words.bits ?? [])]).toEqual([0, 0, 0, 0, 2, 2, 2, 2, 2, 2, 2, 2, 2, 0, 4, 4, 4]);
    expect([...(lines[2]?.words.bits ?? [])]).toEqual([1, 1, 1]);
  });

  it("of other programs: lists and tables come in as lines", () => {
    const html = "<ol start=3><li>ba<li>bốn</ol><ul><li>gạch</ul><table><tr><td>a</td><td>b</td></tr></table>";
    expect(told(linesOfHtml(html))).toEqual(["clause: ba", "clause: bốn", "indent: gạch", "-: a | b"]);
  });
});
