import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

import { numberProvisions, printedLabel, type Kind, type NumberingPolicy } from "../../src/model";

interface Example {
  readonly name: string;
  readonly policy: NumberingPolicy;
  readonly provisions: readonly { readonly kind: Kind; readonly label?: string }[];
  readonly numbers: readonly string[];
  readonly labels: readonly string[];
}

const path = fileURLToPath(new URL("../../../docs/protocol/numbering-examples.json", import.meta.url));
const examples = JSON.parse(readFileSync(path, "utf8")) as Example[];

describe("the shared numbering examples", () => {
  it("are there, for both policies", () => {
    expect(new Set(examples.map(({ policy }) => policy))).toEqual(new Set(["renumber", "keep"]));
  });

  it.each(examples)("$name", ({ policy, provisions, numbers, labels }) => {
    const found = numberProvisions(provisions, policy);
    expect(found).toEqual(numbers);
    expect(provisions.map(({ kind }, index) => printedLabel(kind, found[index] ?? ""))).toEqual(labels);
  });
});
