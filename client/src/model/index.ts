/** The shared document as the browser sees it: values and functions over a `Y.Doc`. */

export { newId, MAX_ID } from "./ids";
export { KINDS, isKind, isUpper, levelsOf, rankOf, subtreeEnd, type Kind } from "./kinds";
export { numberProvisions, printedLabel, type Numbered, type NumberingPolicy } from "./numbering";
export { assignKeys, compareOrder, keyBetween, keysBetween, type Chance, type Placed } from "./order";
export { cleanInline, cleanText, unitsAt } from "./text";
export {
  FRONT_LISTS,
  FRONT_TEXTS,
  SCHEMA_VERSION,
  appendProvisions,
  frontOf,
  getFront,
  listRemoved,
  numberingPolicy,
  provisionEntry,
  provisionText,
  provisionsOf,
  rationaleOf,
  rationaleText,
  readHead,
  readProvisions,
  readRationale,
  restoreRemoved,
  setFront,
  setNumberingPolicy,
  setRemoved,
  writeProvision,
  type Front,
  type FrontList,
  type FrontText,
  type Provision,
  type ProvisionHead,
  type ProvisionMap,
  type Seed,
} from "./provisions";
