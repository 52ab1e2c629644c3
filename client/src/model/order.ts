/**
 * Fractional index keys: places between places, for the `order` of a provision.
 *
 * A key is a string over 0-9A-Za-z compared by code unit, read as a fraction in base 62; it
 * does not end in "0", so there is always room before it. The server makes keys by the same
 * rules (duthao/domain/order.py). Here a short random ending is added, so that two people
 * inserting at one place rarely make equal keys; when they do, readers break ties by id and
 * `assignKeys` makes room by giving the smaller run new keys.
 */

export const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE = DIGITS.length;
const VALUE: ReadonlyMap<string, number> = new Map([...DIGITS].map((digit, value) => [digit, value]));
const STEP = 4;

/** A source of chance: a number in [0, 1). Handed in so that tests can be repeated. */
export type Chance = () => number;

/** Anything with a place in the reading order. */
export interface Placed {
  readonly id: string;
  readonly order: string;
}

/** The reading order: by key, equal keys by id, both by code unit. */
export function compareOrder(a: Placed, b: Placed): number {
  if (a.order !== b.order) return a.order < b.order ? -1 : 1;
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}

function valueAt(key: string, index: number): number {
  return VALUE.get(key.charAt(index)) ?? 0;
}

function digit(value: number): string {
  return DIGITS.charAt(value);
}

/** The longest beginning of `key` that is a key; "" when there is none. */
function readable(key: string): string {
  return (/^[0-9A-Za-z]*/.exec(key)?.[0] ?? "").replace(/0+$/, "");
}

function behind(before: string): string {
  for (let index = 0; index < before.length; index += 1) {
    const value = valueAt(before, index);
    if (value < BASE - 1) return before.slice(0, index) + digit(Math.min(value + STEP, BASE - 1));
  }
  return before + digit(STEP);
}

function ahead(after: string): string {
  const zeros = /^0*/.exec(after)?.[0].length ?? 0;
  const value = valueAt(after, zeros);
  if (value > 1) return after.slice(0, zeros) + digit(Math.max(value - STEP, 1));
  return `${after.slice(0, zeros)}0${digit(BASE - STEP)}`;
}

function amid(before: string, after: string): string {
  let written = "";
  let bounded = true;
  for (let index = 0; ; index += 1) {
    const low = index < before.length ? valueAt(before, index) : 0;
    const high: number = bounded && index < after.length ? valueAt(after, index) : BASE;
    if (high - low > 1) return written + digit(Math.floor((low + high) / 2));
    written += digit(low);
    bounded = bounded && high === low;
  }
}

function plainBetween(low: string, high: string): string {
  if (low === "" && high === "") return digit(BASE / 2);
  if (high === "") return behind(low);
  return low === "" ? ahead(high) : amid(low, high);
}

function isBetween(key: string, before: string | null, after: string | null): boolean {
  return (before === null || key > before) && (after === null || key < after);
}

/**
 * A key strictly after `before` and ahead of `after`; `null` bounds are open ends.
 *
 * `null` when there is no room: the bounds are equal, crossed, or no keys at all.
 */
export function keyBetween(
  before: string | null,
  after: string | null,
  chance: Chance = Math.random,
): string | null {
  if (before !== null && after !== null && before >= after) return null;
  const low = readable(before ?? "");
  const high = readable(after ?? "");
  if (low !== "" && high !== "" && low >= high) return null;
  const plain = plainBetween(low, high);
  const ending = digit(Math.floor(chance() * BASE)) + digit(1 + Math.floor(chance() * (BASE - 1)));
  if (isBetween(plain + ending, before, after)) return plain + ending;
  return isBetween(plain, before, after) ? plain : null;
}

/** `count` keys in order, all strictly between the bounds; `null` when there is no room. */
export function keysBetween(
  before: string | null,
  after: string | null,
  count: number,
  chance: Chance = Math.random,
): string[] | null {
  const keys: string[] = Array.from({ length: count });
  const fill = (low: string | null, high: string | null, from: number, to: number): boolean => {
    if (from >= to) return true;
    const middle = (from + to) >> 1;
    const key = keyBetween(low, high, chance);
    if (key === null) return false;
    keys[middle] = key;
    return fill(low, key, from, middle) && fill(key, high, middle + 1, to);
  };
  return fill(before, after, 0, count) ? keys : null;
}

/** How many neighbours, from `index` outwards, share one key. */
function runLength(orders: readonly string[], index: number, step: 1 | -1): number {
  const key = orders[index];
  let length = 0;
  while (key !== undefined && orders[index + length * step] === key) length += 1;
  return length;
}

/**
 * New keys for the places `from` ≤ i < `to` of a list in the order it shall be read in.
 *
 * Answers index → key. Where the neighbours leave no room (equal keys), the shorter of the
 * two runs beside the gap gets new keys as well, so the answer may hold more than was asked.
 */
export function assignKeys(
  orders: readonly string[],
  from: number,
  to: number,
  chance: Chance = Math.random,
): Map<number, string> {
  let start = from;
  let end = to;
  for (;;) {
    const before = start > 0 ? (orders[start - 1] ?? null) : null;
    const after = end < orders.length ? (orders[end] ?? null) : null;
    const keys = keysBetween(before, after, end - start, chance);
    if (keys) return new Map(keys.map((key, offset) => [start + offset, key]));
    const left = start > 0 ? runLength(orders, start - 1, -1) : Infinity;
    const right = end < orders.length ? runLength(orders, end, 1) : Infinity;
    if (left < right) start -= left;
    else end += right;
  }
}
