import { Fragment, Slice, type Node as ProseNode } from "prosemirror-model";
import { Step, StepMap, StepResult } from "prosemirror-transform";

/** A stretch of a block's words, by its index, becomes other words. */
export interface TextChange {
  readonly index: number;
  readonly from: number;
  readonly to: number;
  readonly by: Fragment;
}

/**
 * Changes the words of any number of blocks in one pass; positions between them are kept.
 *
 * One step for each of 3,500 words replaced at once would copy the list of blocks as many times.
 */
export class TextsStep extends Step {
  readonly changes: readonly TextChange[];
  readonly #ranges: readonly number[];

  /** One change for a block, in the order of the blocks; `doc` is what the step is made for. */
  constructor(doc: ProseNode, changes: readonly TextChange[]) {
    super();
    this.changes = changes;
    const ranges: number[] = [];
    let position = 0;
    let at = 0;
    for (const { index, from, to, by } of changes) {
      for (; at < index; at += 1) position += doc.child(at).nodeSize;
      ranges.push(position + 1 + from, to - from, by.size);
    }
    this.#ranges = ranges;
  }

  override apply(doc: ProseNode): StepResult {
    const blocks = doc.content.content.slice();
    for (const { index, from, to, by } of this.changes) {
      const block = blocks[index];
      if (!block || to > block.content.size) return StepResult.fail(`no such words in block ${index}`);
      blocks[index] = block.replace(from, to, new Slice(by, 0, 0));
    }
    return StepResult.ok(doc.copy(Fragment.fromArray(blocks)));
  }

  override getMap(): StepMap {
    return new StepMap(this.#ranges);
  }

  override invert(doc: ProseNode): Step {
    const after = this.apply(doc).doc ?? doc;
    const back = this.changes.map(({ index, from, to, by }) => {
      return { index, from, to: from + by.size, by: doc.child(index).content.cut(from, to) };
    });
    return new TextsStep(after, back);
  }

  /** Indices do not survive other people's changes; the binding computes the step anew. */
  override map(): null {
    return null;
  }

  /** Shown and never sent: what is sent is the shared text's own. */
  override toJSON(): object {
    return { stepType: "provisionTexts", ranges: this.#ranges };
  }
}
