import { Fragment, type Node as ProseNode, type Schema } from "prosemirror-model";
import { Step, StepMap, StepResult } from "prosemirror-transform";

import { blockType, type BlockAttrs } from "./schema";

/** New attributes by block index. */
export type AttributeChanges = ReadonlyMap<number, Partial<BlockAttrs>>;

/**
 * Sets attributes of any number of blocks in one pass and moves no position.
 *
 * One step for each of 2,858 renumbered clauses would copy the list of blocks as many times.
 */
export class AttributesStep extends Step {
  readonly changes: AttributeChanges;

  constructor(changes: AttributeChanges) {
    super();
    this.changes = changes;
  }

  override apply(doc: ProseNode): StepResult {
    const blocks = doc.content.content.slice();
    for (const [index, change] of this.changes) {
      const block = blocks[index];
      if (!block) return StepResult.fail(`no block ${index}`);
      blocks[index] = blockType.create({ ...block.attrs, ...change }, block.content, block.marks);
    }
    return StepResult.ok(doc.copy(Fragment.fromArray(blocks)));
  }

  override getMap(): StepMap {
    return StepMap.empty;
  }

  override invert(doc: ProseNode): Step {
    const back = new Map<number, Partial<BlockAttrs>>();
    for (const [index, change] of this.changes) {
      const { attrs } = doc.child(index);
      back.set(index, Object.fromEntries(Object.keys(change).map((key) => [key, attrs[key]])));
    }
    return new AttributesStep(back);
  }

  /** Indices do not survive other people's changes; the binding computes the step anew. */
  override map(): null {
    return null;
  }

  override toJSON(): object {
    return { stepType: "provisionAttributes", changes: [...this.changes] };
  }

  static override fromJSON(_schema: Schema, json: { changes: [number, Partial<BlockAttrs>][] }): Step {
    return new AttributesStep(new Map(json.changes));
  }
}

Step.jsonID("provisionAttributes", AttributesStep);
