/** The binding of the sheet to the shared document, without a screen. */

export { Binding, SHOWN, STEP, type BindingOptions, type Change } from "./binding";
export { RemoteGate } from "./gate";
export { offsetAt, offsetOf, placeOf, positionAt, type Offset, type SharedCursor } from "./places";
export { attrsOf, indexOfBlock, MARKS, positionOf, schema, type BlockAttrs } from "./schema";
export { rationaleHistory } from "./undo";
