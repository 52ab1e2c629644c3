// @vitest-environment jsdom
import { EditorView } from "prosemirror-view";
import { describe, expect, it } from "vitest";

import { attrsOf } from "../../src/binding";
import { ProvisionView } from "../../src/editor/node-view";
import { Meeting, randomFrom } from "../binding/replicas";
import "./screen";

/** What stands on the screen, block by block. */
function drawn(view: EditorView): string[] {
  return [...view.dom.children].map((block) => {
    const told = ["data-id", "data-kind", "data-label"].map((name) => block.getAttribute(name));
    return [...told, block.textContent, block.querySelectorAll("b").length > 0].join("|");
  });
}

function wanted(view: EditorView): string[] {
  return view.state.doc.content.content.map((block) => {
    const { id, kind, label } = attrsOf(block);
    const bold = block.content.content.some(({ marks }) => marks.some(({ type }) => type.name === "bold"));
    return [id, kind, label, block.textContent, bold].join("|");
  });
}

describe("the screen", () => {
  it("draws what the state says through everything several people do", { timeout: 60_000 }, () => {
    for (let seed = 1; seed <= 4; seed += 1) {
      const meeting = new Meeting(randomFrom(seed), 2, [
        { id: "a", kind: "article", text: "Phạm vi" },
        { id: "b", kind: "clause", text: "một hai ba" },
      ]);
      const views = meeting.replicas.map(({ binding }) => {
        const view = new EditorView(document.createElement("div"), {
          state: binding.state,
          nodeViews: { provision: (node, _view, _at, drawn) => new ProvisionView(node, drawn) },
        });
        binding.onChange(({ state }) => view.updateState(state));
        return view;
      });
      for (let step = 0; step < 150; step += 1) {
        meeting.step();
        for (const view of views) expect(drawn(view), `seed ${seed}, step ${step}`).toEqual(wanted(view));
      }
      expect(meeting.meet()).toEqual([]);
      for (const view of views) view.destroy();
    }
  });
});
