"""Every use case of the service in one bundle, as the web and the command line get it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from duthao.domain.compare.result import Comparison
from duthao.domain.days import moment
from duthao.domain.document import Document
from duthao.domain.form_profile import FormProfile
from duthao.domain.plain_table import PlainTable
from duthao.domain.secrecy import Stamp, greatest
from duthao.domain.synthesis.table import Form, SynthesisTable
from duthao.domain.table import ComparisonTable
from duthao.formats.docx_out import WordOptions
from duthao.messages import Catalogue
from duthao.service.account import Account
from duthao.service.answers import Answers
from duthao.service.audit import Audit
from duthao.service.comments import Comments
from duthao.service.comparison import Comparisons, TableBuilder
from duthao.service.comparison_worker import Work
from duthao.service.corrections import Corrections
from duthao.service.deputies import Deputies
from duthao.service.digests import Digests, Post
from duthao.service.document_templates import DocumentTemplates
from duthao.service.documents import Documents
from duthao.service.dossier_steps import DossierSteps, unanswered_in
from duthao.service.dossiers import Dossiers
from duthao.service.forms import Forms
from duthao.service.gathering import Gathering
from duthao.service.history import History
from duthao.service.house import House
from duthao.service.import_worker import Readers
from duthao.service.imports import Imports
from duthao.service.indexing import Indexing
from duthao.service.letters import Letters
from duthao.service.meeting import Meetings
from duthao.service.members import Members
from duthao.service.models import Models
from duthao.service.notifications import Notifications
from duthao.service.outlines import Outlines
from duthao.service.people_admin import PeopleAdmin
from duthao.service.ports import Tools
from duthao.service.programmes import Programmes
from duthao.service.proposals import Proposals
from duthao.service.reminding import Reminding
from duthao.service.returned import Returns
from duthao.service.review import Reviews
from duthao.service.rounds import Rounds
from duthao.service.search import Searches
from duthao.service.sessions import SignIn
from duthao.service.synthesis import Syntheses
from duthao.service.tasks import Tasks
from duthao.service.units import Units
from duthao.service.versions import Versions
from duthao.service.vouched import Provider, VouchedSignIn
from duthao.service.word_files import WordFiles
from duthao.settings import Settings
from duthao.store.ports import DocumentRecord


@dataclass(frozen=True)
class Writers:
    """How a document and a comparison are written out."""

    text: Callable[[Document], str]
    comparison: Callable[[Comparison, Comparison | None], bytes]
    table: TableBuilder
    comparison_pdf: Callable[[ComparisonTable, Catalogue], bytes]
    draft_pdf: Callable[[Document, Catalogue, FormProfile, int | None], bytes]
    comparison_docx: Callable[[ComparisonTable, Catalogue], bytes]
    document_docx: Callable[[Document, Catalogue, WordOptions], bytes]
    opinions_pdf: Callable[[SynthesisTable, Form, Catalogue], bytes]
    opinions_docx: Callable[[SynthesisTable, Form, Catalogue], bytes]
    plain_pdf: Callable[[PlainTable, Catalogue], bytes]
    plain_docx: Callable[[PlainTable, Catalogue], bytes]
    form_picture: Callable[[FormProfile, Catalogue], bytes]
    odt: Callable[[bytes], bytes]
    """A Word file as OpenDocument. Raises Refusal."""
    stamped: Callable[[Stamp], Writers]
    """The same writers, whose papers bear this stamp."""


@dataclass(frozen=True)
class Services:
    tools: Tools
    settings: Settings
    sign_in: SignIn
    account: Account
    vouched: VouchedSignIn
    documents: Documents
    doctemplates: DocumentTemplates
    models: Models
    imports: Imports
    returns: Returns
    versions: Versions
    history: History
    members: Members
    comparisons: Comparisons
    corrections: Corrections
    house: House
    forms: Forms
    reviews: Reviews
    proposals: Proposals
    comments: Comments
    notifications: Notifications
    digests: Digests
    syntheses: Syntheses
    gathering: Gathering
    dossiers: Dossiers
    dossier_steps: DossierSteps
    meetings: Meetings
    people_admin: PeopleAdmin
    units: Units
    tasks: Tasks
    programmes: Programmes
    deputies: Deputies
    reminding: Reminding
    searches: Searches
    indexing: Indexing
    answers: Answers
    rounds: Rounds
    letters: Letters
    audit: Audit
    writers: Writers
    word_files: WordFiles

    def stamp(self, reader: str, *records: DocumentRecord) -> Stamp:
        """What a paper made of these documents for this reader carries; "" is nobody, who is not named."""
        named = reader and any(record.watermarked for record in records)
        degree = greatest(record.secrecy for record in records)
        return Stamp(degree.mark, f"{reader} · {moment(self.tools.clock())}" if named else "")

    def stamped(self, reader: str, *records: DocumentRecord) -> Writers:
        """What writes papers of these documents out for this reader."""
        return self.writers.stamped(self.stamp(reader, *records))


def build_services(
    tools: Tools,
    settings: Settings,
    sign_in: SignIn,
    compare: Work,
    writers: Writers,
    readers: Readers,
    post: Post | None = None,
    provider: Provider | None = None,
) -> Services:
    """The use cases over these tools."""
    documents, tasks = Documents(tools), Tasks(tools)
    versions, notifications, outlines = Versions(tools), Notifications(tools), Outlines()
    comparisons = Comparisons(tools, versions, settings, compare)
    reviews, dossiers = Reviews(tools, comparisons), Dossiers(tools, notifications)
    proposals = Proposals(tools, versions, notifications, outlines)
    gathering = Gathering(tools, Catalogue("vi"))
    answers, letters = Answers(tools, versions, comparisons), Letters(settings, post)
    comments = Comments(tools, versions, notifications, outlines)
    history = History(tools, versions)
    return Services(
        tools=tools,
        settings=settings,
        sign_in=sign_in,
        account=Account(tools, sign_in),
        vouched=VouchedSignIn(tools, settings, sign_in, provider),
        documents=documents,
        doctemplates=DocumentTemplates(tools),
        models=Models(tools),
        imports=Imports(tools, settings, documents, readers),
        returns=Returns(tools, versions, comparisons),
        versions=versions,
        history=history,
        members=Members(tools),
        comparisons=comparisons,
        corrections=Corrections(tools),
        house=House(tools),
        forms=Forms(tools),
        reviews=reviews,
        proposals=proposals,
        comments=comments,
        notifications=notifications,
        digests=Digests(tools, settings, post),
        syntheses=Syntheses(tools, versions, notifications, letters),
        dossiers=dossiers,
        dossier_steps=DossierSteps(
            tools,
            dossiers,
            versions,
            comparisons,
            reviews,
            notifications,
            writers.comparison,
            unanswered_in(tools.store),
        ),
        gathering=gathering,
        meetings=Meetings(tools, proposals, gathering),
        people_admin=PeopleAdmin(tools, sign_in),
        units=Units(tools),
        tasks=tasks,
        programmes=Programmes(tools, documents, tasks),
        deputies=Deputies(tools, notifications),
        reminding=Reminding(tools, notifications, letters),
        searches=Searches(tools),
        indexing=Indexing(tools),
        answers=answers,
        rounds=Rounds(tools, versions, answers, notifications, letters),
        letters=letters,
        audit=Audit(tools, settings),
        writers=writers,
        word_files=WordFiles(
            tools, comparisons, comments, history.authors_alone, writers.document_docx, writers.odt
        ),
    )
