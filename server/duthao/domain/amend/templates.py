"""The sentences of an instrument as editable templates: data, named places, checked.

The wording of the defaults is that of published amending laws (49 laws, 2,033 instructions).
An office may override any of them; the proof guards against a wording nobody can read back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from string import Formatter
from types import MappingProxyType

from duthao.domain.errors import Refusal

MAX_LENGTH = 400
"""Characters of one template."""

DEFAULTS: Mapping[str, str] = MappingProxyType(
    {
        "amend": "Sửa đổi, bổ sung {targets} như sau:",
        "amend_insert": "Sửa đổi, bổ sung {targets} và bổ sung {units} vào sau {anchor} như sau:",
        "insert_after": "Bổ sung {units} vào sau {anchor} như sau:",
        "insert_before": "Bổ sung {units} vào trước {anchor} như sau:",
        "insert_after_within": "Bổ sung {units} vào sau {anchor} trong {within} như sau:",
        "insert_before_within": "Bổ sung {units} vào trước {anchor} trong {within} như sau:",
        "append": "Bổ sung đoạn vào cuối {unit} như sau:",
        "rows_after": "Bổ sung hàng vào sau {row} như sau:",
        "rows_before": "Bổ sung hàng vào trước {row} như sau:",
        "recount": "Đánh lại số thứ tự các hàng của {table}",
        "some": "Sửa đổi, bổ sung một số {kinds} của {parent} như sau:",
        "repeal": "Bãi bỏ {targets}",
        "replace": "Thay thế cụm từ “{old}” bằng cụm từ “{new}” tại {targets}",
        "add_after": "Bổ sung cụm từ “{new}” vào sau cụm từ “{old}” tại {targets}",
        "add_before": "Bổ sung cụm từ “{new}” vào trước cụm từ “{old}” tại {targets}",
        "drop": "Bỏ cụm từ “{old}” tại {targets}",
        "some_replace": "Thay thế một số cụm từ tại một số điều, khoản, điểm như sau:",
        "some_add": "Bổ sung một số cụm từ tại một số điều, khoản, điểm như sau:",
        "some_drop": "Bỏ một số cụm từ tại một số điều, khoản, điểm như sau:",
        "title_of": "tên {unit}",
        "lead_of": "đoạn mở đầu {unit}",
        "passage_of": "đoạn thứ {nth} {unit}",
        "row_of": "{row} của {table}",
        "table_of": "{table} tại {unit}",
        "caption_of": "tên {table}",
        "heading": "Sửa đổi, bổ sung một số điều của {base}",
        "title": "sửa đổi, bổ sung một số điều của {base}",
        "enacting": "{body} ban hành {type} sửa đổi, bổ sung một số điều của {base}.",
        "effect_heading": "Hiệu lực thi hành",
        "effect": "{type} này có hiệu lực kể từ ngày ký.",
    }
)
"""Every template with its default. A template's placeholders are those of its default, each at
least once."""


def placeholders(text: str) -> frozenset[str]:
    """The names in braces. Raises ValueError for braces that do not come out even."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def _check(name: str, text: str) -> None:
    if name not in DEFAULTS:
        raise Refusal("template_unknown", name=name)
    wanted = placeholders(DEFAULTS[name])
    try:
        found = placeholders(text)
        plain = all(not spec and not turn for _, _, spec, turn in Formatter().parse(text))
    except ValueError:
        raise Refusal("template_braces", name=name) from None
    if missing := sorted(wanted - found):
        raise Refusal("template_missing", name=name, places=missing)
    if foreign := sorted(found - wanted) or ([] if plain else sorted(found)):
        raise Refusal("template_foreign", name=name, places=foreign)
    if not text.strip() or len(text) > MAX_LENGTH or "\n" in text:
        raise Refusal("template_length", name=name, limit=MAX_LENGTH)


@dataclass(frozen=True)
class Templates:
    """The wording in use: the defaults with an office's own over them."""

    own: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raises Refusal: template_unknown, template_missing, template_foreign, template_braces,
        template_length (details `name`, and `places` or `limit`)."""
        for name, text in self.own.items():
            _check(name, text)
        object.__setattr__(self, "own", MappingProxyType(dict(self.own)))

    def say(self, name: str, **values: str) -> str:
        """The sentence of a template; values are never read as templates."""
        return self.own.get(name, DEFAULTS[name]).format(**values)


STANDARD = Templates()
