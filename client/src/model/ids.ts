const SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-";

/** Ids longer than this are not ours: the entry is ignored by every reader. */
export const MAX_ID = 40;

/** A fresh provision id: 16 random characters of `0-9A-Za-z_-`, 96 bits. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => SIGNS[byte & 63]).join("");
}

/** A Yjs client number that follows from a name alone (FNV-1a, 32 bits): what is made by it is the same for all. */
export function clientOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at += 1) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}
