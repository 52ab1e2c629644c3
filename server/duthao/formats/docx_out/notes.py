"""Comments: their own part, the threads Word shows, and where each stands in the text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from duthao.formats.docx_out.options import Note
from duthao.formats.docx_out.paragraphs import Spot, attributed
from duthao.formats.docx_out.xml import DECLARATION, W, run

W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
W15 = "http://schemas.microsoft.com/office/word/2012/wordml"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def initials(name: str) -> str:
    """ "NVA" of "Nguyễn Văn An"."""
    return "".join(word[0] for word in name.split() if word[0].isalpha()).upper()[:4]


class Threads:
    """The threads of a file. `known`: the provisions it has, each with the number of its cells; what
    stands on none of them is about the whole document."""

    def __init__(self, notes: Sequence[Note], known: Mapping[str, int]) -> None:
        self._notes = [note for note in notes if note.remarks]
        self.spots: dict[tuple[str, int | None], list[Spot]] = {}
        self.general: list[Spot] = []
        next_ = 0
        for note in self._notes:
            ids = tuple(range(next_, next_ + len(note.remarks)))
            next_ += len(ids)
            if note.provision is None or note.provision not in known:
                self.general.append(Spot(ids))
            else:
                cells = known[note.provision]
                there = note.cell is None if not cells else (note.cell or 0) < cells
                spot = Spot(ids, note.start, note.end) if there else Spot(ids)
                # What is about a whole row stands at its first cell.
                cell = None if not cells else (note.cell or 0) if there else 0
                self.spots.setdefault((note.provision, cell), []).append(spot)

    def __bool__(self) -> bool:
        return bool(self._notes)

    def parts(self) -> tuple[str, str]:
        """`comments.xml` and `commentsExtended.xml`: who answers whom, and what is settled."""
        comments: list[str] = []
        extended: list[str] = []
        number = 0
        for note in self._notes:
            first = ""
            for remark in note.remarks:
                paragraph = f"{number + 1:08X}"
                comments.append(
                    f'<w:comment w:id="{number}" w:author="{attributed(remark.author)}"'
                    f' w:date="{attributed(remark.at)}" w:initials="{attributed(initials(remark.author))}">'
                    f'<w:p w14:paraId="{paragraph}">{run(remark.text)}</w:p></w:comment>'
                )
                parent = f' w15:paraIdParent="{first}"' if first else ""
                extended.append(
                    f'<w15:commentEx w15:paraId="{paragraph}"{parent} w15:done="{int(note.resolved)}"/>'
                )
                first = first or paragraph
                number += 1
        return (
            f'{DECLARATION}<w:comments xmlns:w="{W}" xmlns:w14="{W14}" xmlns:mc="{MC}" mc:Ignorable="w14">'
            f"{''.join(comments)}</w:comments>",
            f'{DECLARATION}<w15:commentsEx xmlns:w15="{W15}" xmlns:mc="{MC}" mc:Ignorable="w15">'
            f"{''.join(extended)}</w15:commentsEx>",
        )
