"""Every use case of the service in one bundle, as the web and the command line get it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from duthao.domain.compare.result import Comparison
from duthao.domain.document import Document
from duthao.domain.table import ComparisonTable
from duthao.messages import Catalogue
from duthao.service.comparison import Comparisons, TableBuilder
from duthao.service.comparison_worker import Work
from duthao.service.corrections import Corrections
from duthao.service.documents import Documents
from duthao.service.history import History
from duthao.service.house import House
from duthao.service.members import Members
from duthao.service.ports import Tools
from duthao.service.proposals import Proposals
from duthao.service.review import Reviews
from duthao.service.sessions import SignIn
from duthao.service.versions import Versions
from duthao.settings import Settings


@dataclass(frozen=True)
class Writers:
    """How a document and a comparison are written out."""

    text: Callable[[Document], str]
    comparison: Callable[[Comparison, Comparison | None], bytes]
    table: TableBuilder
    comparison_pdf: Callable[[ComparisonTable, Catalogue], bytes]
    draft_pdf: Callable[[Document, Catalogue], bytes]
    comparison_docx: Callable[[ComparisonTable, Catalogue], bytes]
    document_docx: Callable[[Document, Catalogue], bytes]


@dataclass(frozen=True)
class Services:
    tools: Tools
    settings: Settings
    sign_in: SignIn
    documents: Documents
    versions: Versions
    history: History
    members: Members
    comparisons: Comparisons
    corrections: Corrections
    house: House
    reviews: Reviews
    proposals: Proposals
    writers: Writers


def build_services(
    tools: Tools, settings: Settings, sign_in: SignIn, compare: Work, writers: Writers
) -> Services:
    """The use cases over these tools."""
    versions = Versions(tools)
    comparisons = Comparisons(tools, versions, settings, compare)
    return Services(
        tools=tools,
        settings=settings,
        sign_in=sign_in,
        documents=Documents(tools),
        versions=versions,
        history=History(tools, versions),
        members=Members(tools),
        comparisons=comparisons,
        corrections=Corrections(tools),
        house=House(tools),
        reviews=Reviews(tools, comparisons),
        proposals=Proposals(tools, versions),
        writers=writers,
    )
