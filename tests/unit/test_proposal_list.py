"""The list of proposals: one row for each that stands, the columns of norm A9."""

from __future__ import annotations

from duthao.domain.document import DocumentId, Kind, ProvisionId, UserId
from duthao.domain.proposals import Act, Proposed, Stood, Wording
from duthao.messages import Catalogue
from duthao.service.proposals import Listing, Shown
from duthao.store.ports import EpochMillis, Proposal, ProposalState, Seq
from duthao.web.proposal_list import proposals_table


def shown(act: Act, state: ProposalState, words: str = "", answer: str = "") -> Shown:
    base = (Stood(ProvisionId("p"), Kind.CLAUSE, "2.", Wording("Cũ")),)
    proposal = Proposal(
        f"{act}-{state}", DocumentId("d"), UserId("u"), Proposed(act, base, Wording(words)), "art5/cl2",
        "Quy định mới", EpochMillis(1), EpochMillis(1), state, answer=answer,
    )  # fmt: skip
    return Shown(proposal, "", None, 0)


def test_rows_follow_the_listing_and_withdrawn_ones_are_left_out() -> None:
    found = Listing(
        Seq(1),
        (
            shown(Act.REPLACE, ProposalState.OPEN, "Mới"),
            shown(Act.INSERT, ProposalState.WITHDRAWN, "Không"),
            shown(Act.REMOVE, ProposalState.DECLINED, answer="Giữ nguyên."),
        ),
        {},
    )
    table = proposals_table(found, "Quy chế", Catalogue("vi"))
    assert len(table.heads) == len(table.widths) == 6
    assert sum(table.widths) == 252
    first, second = table.rows
    assert (first[0], first[3], first[5]) == ("1", "Quy định mới", "")
    assert first[1] == ""  # what stands under no article has no place to cite
    assert "Mới" in first[2]
    assert second[0] == "2"
    assert second[5].endswith("Giữ nguyên.")
