const SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-";

/** Ids longer than this are not ours: the entry is ignored by every reader. */
export const MAX_ID = 40;

/** A fresh provision id: 16 random characters of `0-9A-Za-z_-`, 96 bits. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => SIGNS[byte & 63]).join("");
}
