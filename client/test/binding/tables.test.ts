import { describe, expect, it } from "vitest";
import * as Y from "yjs";

import { attrsOf, Binding } from "../../src/binding";
import { keepColumn, moveColumn, prepareColumn, removedColumns, rowsOf } from "../../src/binding/table-edits";
import { moveBefore, placesOf } from "../../src/editor/structure";
import { emptyGrid, insertRow, insertTable, removeRows, rowsOfTable } from "../../src/editor/tables";
import { cellText, columnsOf, makeCell, provisionEntry, provisionsOf, readProvisions, type ProvisionMap } from "../../src/model";
import { randomFrom } from "./replicas";

const RUNS = Number(process.env["RUNS"] ?? 25);
const OPS = 60;

class Person {
  readonly doc = new Y.Doc();
  readonly binding: Binding;
  readonly inbox: Uint8Array[] = [];
  others: Person[] = [];

  constructor(index: number) {
    this.doc.clientID = index + 1;
    let made = 0;
    this.binding = new Binding(this.doc, { newId: () => `p${index}-${(made += 1)}`, undoPause: 0 });
    this.doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin !== "net") for (const other of this.others) other.inbox.push(update);
    });
  }

  deliver(): void {
    for (const update of this.inbox.splice(0)) Y.applyUpdate(this.doc, update, "net");
  }

  get table(): string {
    return this.binding.heads.find(({ kind }) => kind === "table")?.id ?? "";
  }

  get rows(): string[] {
    return rowsOfTable(this.binding.state.doc, this.table);
  }

  get columns(): readonly string[] {
    return this.binding.heads.find(({ kind }) => kind === "table")?.columns ?? [];
  }

  run(command: ReturnType<typeof insertRow>): boolean {
    return command(this.binding.state, (tr) => this.binding.dispatch(tr));
  }

  type(row: string, column: string, words: string): void {
    const text = makeCell(this.doc, provisionEntry(this.doc, row)!, row, column);
    this.doc.transact(() => text.insert(text.length, words), this.binding.origins.edit);
  }

  addColumn(at: number): void {
    const found = rowsOf(this.doc, this.binding.heads, this.table)!;
    this.binding.edit(
      ({ id }) => keepColumn(found, id, false),
      () => prepareColumn(this.doc, found, at),
    );
  }

  edit(change: (found: NonNullable<ReturnType<typeof rowsOf>>) => void): void {
    const found = rowsOf(this.doc, this.binding.heads, this.table);
    if (found) this.binding.edit(() => change(found));
  }

  grid(): string[][] {
    return readProvisions(this.doc).flatMap(({ kind, cells }) => (kind === "row" ? [[...(cells ?? [])]] : []));
  }
}

function people(count: number, listed = false): Person[] {
  const all = Array.from({ length: count }, (_, index) => new Person(index));
  for (const one of all) one.others = all.filter((other) => other !== one);
  const [first] = all;
  first!.run(insertTable(emptyGrid(2, 2), false));
  if (listed) {
    // As the server makes what it imports: cells in lists.
    first!.doc.transact(() => {
      for (const row of first!.rows) provisionEntry(first!.doc, row)!.set("cells", Y.Array.from(["a", "b", "c"].map((w) => new Y.Text(w))));
    });
  }
  for (const one of all) one.deliver();
  return all;
}

/** All words in any cell, of rows and columns that were taken out too. */
function allWords(doc: Y.Doc): string {
  return [...provisionsOf(doc).values()]
    .flatMap((entry) => [...(entry as ProvisionMap).values()])
    .flatMap((value) => (value instanceof Y.Array ? value.toArray() : [value]))
    .map((value) => (value instanceof Y.Text ? value.toString() : ""))
    .join(" ");
}

function meet(all: readonly Person[]): void {
  while (all.some(({ inbox }) => inbox.length > 0)) for (const one of all) one.deliver();
  const [first] = all;
  for (const one of all) {
    expect(one.binding.differences()).toEqual([]);
    expect(one.grid()).toEqual(first!.grid());
    expect(one.binding.state.doc.eq(first!.binding.state.doc)).toBe(true);
  }
}

describe("tables", () => {
  it.each([["made here", false], ["imported", true]])("%s: whatever several do to rows and columns at once, all see the same and no word is lost", { timeout: 120_000 }, (_name, listed) => {
    const did = new Map<string, number>();
    for (let seed = 1; seed <= RUNS; seed += 1) {
      const random = randomFrom(seed);
      const pick = (below: number): number => Math.floor(random() * below);
      const all = people(2 + (seed % 2), listed);
      const typed: string[] = [];
      for (let step = 0; step < OPS; step += 1) {
        const one = all[pick(all.length)]!;
        const { rows, columns } = one;
        const [row, column] = [rows[pick(rows.length)], columns[pick(columns.length)]];
        const acts: Record<string, () => void> = {
          type: () => {
            if (!row || !column) return;
            typed.push(`w${seed}x${step}.`);
            one.type(row, column, typed.at(-1)!);
          },
          addRow: () => void (row && one.run(insertRow(row, pick(2) as 0 | 1))),
          removeRow: () => void (row && rows.length > 1 && one.run(removeRows([row]))),
          moveRow: () => {
            const places = row ? placesOf(one.binding.state, row) : [];
            if (row && places.length > 0) one.run(moveBefore(row, places[pick(places.length)]!));
          },
          addColumn: () => columns.length < 8 && rows.length > 0 && one.addColumn(pick(columns.length + 1)),
          removeColumn: () => column && columns.length > 1 && one.edit((found) => keepColumn(found, column, true)),
          moveColumn: () => column && one.edit((found) => moveColumn(found, column, pick(columns.length))),
          back: () => {
            const [gone] = removedColumns(one.doc, one.binding.heads);
            if (gone) one.edit((found) => keepColumn(found, gone.id, false));
          },
          header: () => one.edit(({ table }) => table.set("header", true)),
          deliver: () => one.deliver(),
        };
        const names = ["type", "type", "type", "deliver", ...Object.keys(acts)];
        const name = names[pick(names.length)]!;
        acts[name]!();
        did.set(name, (did.get(name) ?? 0) + 1);
        if (step % 20 === 19) meet(all);
      }
      meet(all);
      for (const word of typed) expect(allWords(all[0]!.doc), `seed ${seed}`).toContain(word);
    }
    expect(did.size).toBe(10);
  });

  it("a column and a row made at once meet in one cell, and both who type in it first are read", () => {
    const [a, b] = people(2) as [Person, Person];
    a.addColumn(2);
    b.run(insertRow(b.rows[1]!, 1));
    meet([a, b]);
    const [row, column] = [a.rows[2]!, a.columns[2]!];
    expect(cellText(provisionEntry(a.doc, row)!, column)).toBe(null);
    a.type(row, column, "một");
    b.type(row, column, "hai");
    meet([a, b]);
    expect(["một" + "hai", "hai" + "một"]).toContain(a.grid()[2]?.[2]);
  });

  it("undoing a column takes it out with what others typed in it, and it can be brought back", () => {
    const [a, b] = people(2) as [Person, Person];
    a.addColumn(0);
    meet([a, b]);
    b.type(b.rows[0]!, b.columns[0]!, "của b");
    meet([a, b]);
    expect(a.binding.undo()).toBe(true);
    meet([a, b]);
    expect(a.grid()[0]).toEqual(["", ""]);
    expect(removedColumns(b.doc, b.binding.heads)).toMatchObject([{ table: b.table, words: "của b" }]);
    a.binding.redo();
    meet([a, b]);
    expect(b.grid()[0]).toEqual(["của b", "", ""]);
  });

  it("a key in a cell touches its row alone", () => {
    const [a, b] = people(2) as [Person, Person];
    const before = b.binding.state.doc.content.content;
    a.type(a.rows[1]!, a.columns[0]!, "x");
    meet([a, b]);
    const after = b.binding.state.doc.content.content;
    expect(after.map((block, at) => block === before[at])).toEqual([true, true, false]);
    expect(attrsOf(after[2]!).cells).toEqual(["x", ""]);
  });

  it("what stands under a column or a cell and is none is no harm", () => {
    const [a, b] = people(2) as [Person, Person];
    const table = provisionEntry(a.doc, a.table)!;
    const row = provisionEntry(a.doc, a.rows[0]!)!;
    table.set("column.x", 5);
    row.set("cell.y", "không phải Y.Text");
    row.set("cell.z", new Y.Text("lạc"));
    meet([a, b]);
    expect(b.grid()[0]).toEqual(["", "", "lạc"]);
    expect(columnsOf(table, [row]).map(({ id }) => id)).toHaveLength(3);
  });
});
