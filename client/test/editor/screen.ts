/** A sheet on jsdom's screen, which knows no layout: rectangles are empty. */

import { vi } from "vitest";
import * as Y from "yjs";
import { Awareness } from "y-protocols/awareness";

import { RemoteGate } from "../../src/binding";
import { createEditor, type DraftEditor, type Notice, type OutlineItem, type SelectionState } from "../../src/editor";
import { appendProvisions, type Seed } from "../../src/model";

const NOWHERE = { left: 0, right: 0, top: 0, bottom: 0, width: 0, height: 0, x: 0, y: 0, toJSON: () => "" };

Range.prototype.getClientRects = () => [] as unknown as DOMRectList;
Range.prototype.getBoundingClientRect = () => NOWHERE;
Element.prototype.scrollIntoView = () => undefined;

export interface Screen {
  readonly doc: Y.Doc;
  readonly ids: string[];
  readonly gate: RemoteGate;
  readonly awareness: Awareness;
  readonly editor: DraftEditor;
  readonly sheet: HTMLElement;
  readonly outlines: OutlineItem[][];
  readonly selections: SelectionState[];
  readonly notices: Notice[];
  readonly pasted: (string | null)[];
  /** The words shown, provision by provision, with labels. */
  shown(): string[];
  /** Puts the caret into the text of that provision. */
  caret(index: number, offset: number, end?: number): void;
  /** The same, into several up to the `last`, before the browser tells of it. */
  untold(index: number, offset: number, end?: number, last?: number): void;
  key(key: string, modifiers?: KeyboardEventInit): boolean;
  paste(data: Record<string, string>): void;
}

export function screen(seeds: readonly Seed[], editable = true): Screen {
  const doc = new Y.Doc();
  const ids = appendProvisions(doc, seeds);
  const gate = new RemoteGate(doc);
  const awareness = new Awareness(doc);
  const outlines: OutlineItem[][] = [];
  const selections: SelectionState[] = [];
  const notices: Notice[] = [];
  const pasted: (string | null)[] = [];
  const mount = document.createElement("div");
  document.body.replaceChildren(mount);
  const editor = createEditor({
    mount,
    doc,
    gate,
    awareness,
    editable,
    messages: (key, values) => `${key}${values ? JSON.stringify(values) : ""}`,
    onOutline: (items) => outlines.push(items),
    onSelection: (state) => selections.push(state),
    onNotice: (notice) => notices.push(notice),
    onPasted: (mode) => pasted.push(mode),
  });
  const sheet = mount.querySelector<HTMLElement>(".sheet-text")!;
  const textAt = (block: Element, offset: number): [Node, number] => {
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    let left = offset;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const length = node.nodeValue?.length ?? 0;
      if (left <= length) return [node, left];
      left -= length;
    }
    return [block, 0];
  };
  const untold: Screen["untold"] = (index, offset, end = offset, last = index) => {
    sheet.focus();
    const [first, other] = [index, last].map((at) => sheet.children.item(at)!);
    document.getSelection()!.setBaseAndExtent(...textAt(first!, offset), ...textAt(other!, end));
  };
  return {
    doc,
    ids,
    gate,
    awareness,
    editor,
    sheet,
    outlines,
    selections,
    notices,
    pasted,
    shown: () =>
      [...sheet.children].map((block) => `${block.getAttribute("data-label") ?? ""} ${block.textContent}`.trim()),
    untold,
    caret(index, offset, end) {
      untold(index, offset, end);
      document.dispatchEvent(new Event("selectionchange"));
    },
    key(key, modifiers = {}) {
      const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...modifiers });
      return !sheet.dispatchEvent(event);
    },
    paste(data) {
      const event = new Event("paste", { bubbles: true, cancelable: true });
      const clipboardData = {
        getData: (type: string) => data[type] ?? "",
        items: [],
        files: [],
        types: Object.keys(data),
      };
      Object.assign(event, { clipboardData });
      sheet.dispatchEvent(event);
    },
  };
}

/** Lets the browser's small waits (selection, outline, caret) pass. */
export async function settled(): Promise<void> {
  if (vi.isFakeTimers()) await vi.advanceTimersByTimeAsync(300);
  else await new Promise((resolve) => setTimeout(resolve, 300));
}
