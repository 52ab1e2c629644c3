/** A quiet sign beside a provision in which somebody else is writing just now. */

import type { Node as ProseNode } from "prosemirror-model";
import { Plugin, PluginKey, type EditorState, type PluginView } from "prosemirror-state";
import { Decoration, DecorationSet, type EditorView } from "prosemirror-view";

import { SHOWN } from "../binding/binding";
import { attrsOf } from "../binding/schema";
import { byPlace } from "./by-place";
import { redraw } from "./caret-read";
import { personOf, record, type CaretOptions, type Person } from "./carets";

/** How long after their last letter somebody still counts as writing. */
const WRITING_MS = 3000;

const key = new PluginKey<Writing>("writing");

interface Writing {
  readonly shown: DecorationSet;
  /** Grows with every change of one's own. */
  readonly typed: number;
  /** The row in whose cell that was; `null`: where the caret is. */
  readonly row: string | null;
}

/** One's own letters in the cell of a row: the field they are typed in is none of the sheet's. */
export function wroteIn(view: EditorView, row: string): void {
  view.dispatch(view.state.tr.setMeta(key, { row }));
}

/** Who writes in which provision, by its id. */
export function writersOf({ awareness }: Pick<CaretOptions, "awareness">): Map<string, Person[]> {
  const found = new Map<string, Person[]>();
  for (const [client, state] of awareness.getStates()) {
    const provision = record(state)?.["writing"];
    if (client === awareness.clientID || typeof provision !== "string") continue;
    const known = found.get(provision) ?? [];
    const user = personOf(state["user"]);
    if (!known.some(({ id }) => id === user.id)) found.set(provision, [...known, user]);
  }
  return found;
}

function draw(doc: ProseNode, options: CaretOptions): DecorationSet {
  const writers = writersOf(options);
  if (writers.size === 0) return DecorationSet.empty;
  const decorations: Decoration[] = [];
  doc.forEach((node, at) => {
    const people = writers.get(attrsOf(node).id);
    const [first] = people ?? [];
    if (people === undefined || first === undefined) return;
    const names = options.messages("editor.writing", { names: people.map(({ name }) => name).join(", ") });
    decorations.push(
      Decoration.node(at, at + node.nodeSize, {
        class: "being-written",
        style: `--person: ${first.color}`,
        title: names,
      }),
    );
  });
  return DecorationSet.create(doc, decorations);
}

/** Tells the others in which provision one writes, and that one has stopped. */
class Teller {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #told: string | null = null;

  constructor(private readonly options: CaretOptions) {}

  wrote(provision: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tell(null), WRITING_MS);
    this.#tell(provision);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#tell(null);
  }

  #tell(provision: string | null): void {
    if (provision === this.#told) return;
    this.#told = provision;
    this.options.awareness.setLocalStateField("writing", provision);
  }
}

function caretIn({ doc, selection }: EditorState): string {
  const block = doc.maybeChild(selection.$head.index(0));
  return block ? attrsOf(block).id : "";
}

function watch(view: EditorView, options: CaretOptions, notice: (name: string) => void): PluginView {
  const teller = new Teller(options);
  let drawn = "";
  let beside = new Set<string>();
  const changed = (): void => {
    const writers = writersOf(options);
    const here = writers.get(caretIn(view.state)) ?? [];
    const news = here.find(({ id }) => !beside.has(id));
    beside = new Set(here.map(({ id }) => id));
    if (news && view.hasFocus()) notice(news.name);
    const wanted = JSON.stringify([...writers]);
    // Nothing is drawn into a composition; the next telling after it draws what was missed.
    if (wanted === drawn || options.gate.holding) return;
    drawn = wanted;
    redraw(view, (tr) => tr.setMeta(key, true));
  };
  options.awareness.on("change", changed);
  return {
    update: (_view, before) => {
      const now = key.getState(view.state);
      if (now !== undefined && now.typed !== key.getState(before)?.typed) teller.wrote(now.row ?? caretIn(view.state));
    },
    destroy: () => {
      options.awareness.off("change", changed);
      teller.stop();
    },
  };
}

/** `notice` is told the name of whoever begins to write in the provision where one's own caret is. */
export function writing(options: CaretOptions, notice: (name: string) => void): Plugin {
  return new Plugin<Writing>({
    key,
    state: {
      init: (_config, state) => ({ shown: draw(state.doc, options), typed: 0, row: null }),
      apply(tr, { shown, typed, row }, _before, state) {
        const cell = record(tr.getMeta(key))?.["row"];
        if (typeof cell === "string") return { shown, typed: typed + 1, row: cell };
        const foreign = tr.getMeta(SHOWN) !== undefined;
        // Blocks that others change are made anew, and what was drawn at them goes.
        if (tr.getMeta(key) || (foreign && tr.docChanged && !options.gate.holding)) return { shown: draw(state.doc, options), typed, row };
        if (!tr.docChanged) return { shown, typed, row };
        const mapped = shown.map(tr.mapping, tr.doc);
        return foreign ? { shown: mapped, typed, row } : { shown: mapped, typed: typed + 1, row: null };
      },
    },
    props: { decorations: (state) => byPlace(key.getState(state)?.shown) },
    view: (view) => watch(view, options, notice),
  });
}
