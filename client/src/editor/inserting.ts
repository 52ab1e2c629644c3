/** A reference written at the caret. */

import { TextSelection } from "prosemirror-state";
import type { EditorView } from "prosemirror-view";

import type { Binding } from "../binding/binding";
import { positionAt, type Offset } from "../binding/places";
import { provisionText } from "../model";
import { writeLink } from "../references/links";

/** Writes the address of a provision at `place`, as words that follow it; undone at once. */
export function insertReference(view: EditorView, binding: Binding, place: Offset, target: string, address: string): boolean {
  const text = provisionText(binding.doc, place.id);
  if (!text) return false;
  const before = text.toString().slice(0, place.offset);
  const space = /[^\s(“"/-]$/.test(before) ? " " : "";
  const words = /(^|[.!?] ?)$/.test(before) ? address.charAt(0).toUpperCase() + address.slice(1) : address;
  const from = place.offset + space.length;
  binding.edit(() => {
    text.insert(place.offset, space);
    writeLink(text, { from, target, attributes: {} }, words);
  });
  const at = positionAt(view.state.doc, { id: place.id, offset: from + words.length });
  if (at !== null) view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, at)).scrollIntoView());
  view.focus();
  return true;
}
