/** The shared document as the browser sees it: values and functions over a `Y.Doc`. */

export {
  addBasis,
  BASIS_FIELDS,
  basesOf,
  MAX_BASIS_TEXT,
  moveBasis,
  readBases,
  removeBasis,
  setBasis,
  type Basis,
  type BasisField,
  type BasisWords,
} from "./bases";
export { newId, MAX_ID } from "./ids";
export { KINDS, isFoldable, isKind, isUpper, levelsOf, rankOf, subtreeEnd, type Kind } from "./kinds";
export { numberProvisions, printedLabel, type Numbered, type NumberingPolicy } from "./numbering";
export { assignKeys, compareOrder, keyBetween, keysBetween, type Chance, type Placed } from "./order";
export {
  articleOf,
  isUnit,
  joinedHeading,
  mayStand,
  movedStretch,
  nextPlace,
  shiftedKinds,
  type Stretch,
} from "./structure";
export { cleanInline, cleanText, pointsAt, unitsAt } from "./text";
export {
  cellText,
  columnsOf,
  makeCell,
  MAX_COLUMNS,
  newColumnId,
  orderBetween,
  readCells,
  setColumn,
  withTables,
  type Column,
} from "./tables";
export {
  FRONT_LISTS,
  FRONT_TEXTS,
  SCHEMA_VERSION,
  appendProvisions,
  frontOf,
  getFront,
  listMissed,
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
