"""A model regulation stands as a text to compare with, for whoever may read it."""

from __future__ import annotations

import itertools
from pathlib import Path

import anyio
import pytest

from duthao.bootstrap import open_services
from duthao.cli import main
from duthao.domain.document import DocumentId, UserId
from duthao.store.ports import Membership, Role
from tests.support.office import Office, office
from tests.support.served import house_in, person

MODEL = "Điều 1. Phạm vi\n1. Mẫu nói khác."


def both(here: Office) -> tuple[str, str, str]:
    """A document on which everybody has a part, a model of the lead's own, and the model as a side."""
    id, model = here.with_everybody(), here.document(text=MODEL, title="Quy chế mẫu của tỉnh")
    assert here.browser("lead").put(f"/api/documents/{model}/model", json={"model": True}).status_code == 204
    return id, model, f"model:{model}"


def test_a_model_is_compared_with_by_whoever_may_read_it_and_hidden_from_all_others() -> None:
    with office() as here:
        id, model, side = both(here)
        lead, reader = here.browser("lead"), here.browser("reader")
        page = f"/documents/{id}/comparison"
        assert f'<option value="{side}"' not in reader.get(page).text
        for path in (page, f"/api{page}", f"{page}.pdf", f"{page}.docx"):
            for name in ("before", "after", "third"):
                assert reader.get(f"{path}?{name}={side}").status_code == 404, path
                assert lead.get(f"{path}?{name}={side}").status_code == 200, path
        assert lead.get("/api/models").json() == {
            "models": [{"id": model, "title": "Quy chế mẫu của tỉnh", "side": side}]
        }
        assert reader.get("/api/models").json() == {"models": []}
        lead.put(f"/api/documents/{model}/members/reader", json={"role": "reader"})
        shown = reader.post(f"/api{page}/rows", json={"before": side, "known": []}).json()["rows"]
        assert "Mẫu nói khác." in "".join(row["html"] for row in shown)
        beside = reader.post(f"/api/documents/{id}/beside", json={"before": side, "known": []}).json()
        assert beside["title"] == "Mẫu: Quy chế mẫu của tỉnh"


def test_only_a_mark_makes_a_model_and_only_the_lead_gives_it() -> None:
    with office() as here:
        id, model, side = both(here)
        lead, editor = here.browser("lead"), here.browser("editor")
        assert editor.put(f"/api/documents/{id}/model", json={"model": True}).status_code == 403
        assert lead.put(f"/api/documents/{id}/model", json={"model": "yes"}).status_code == 400
        csrf, page = here.csrf(lead), f"/documents/{model}/versions"
        assert "Là văn bản mẫu" in lead.get(page).text
        lead.post(f"/documents/{model}/model", data={"csrf": csrf})
        assert "Là văn bản mẫu" not in lead.get(page).text
        refused = lead.get(f"/api/documents/{id}/comparison?before={side}")
        assert (refused.status_code, refused.json()["error"]["code"]) == (404, "model_not_found")


def test_a_model_is_no_text_that_a_document_amends_or_gives_out() -> None:
    with office() as here:
        id, _, side = both(here)
        lead = here.browser("lead")
        for path in (
            f"/documents/{id}/instrument?before={side}", f"/documents/{id}/draft.pdf?version={side}",
            f"/documents/{id}/draft.json?version={side}", f"/api/documents/{id}/text?version={side}",
            f"/api/documents/{id}/review?before={side}",
        ):  # fmt: skip
            assert lead.get(path).status_code == 404, path


def test_there_are_so_many_models_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("duthao.service.models.MAX_MODELS", 1)
    with office() as here:
        id, model, _ = both(here)
        lead = here.browser("lead")
        again = [
            lead.put(f"/api/documents/{one}/model", json={"model": True}).status_code for one in (model, id)
        ]
        assert again == [204, 409]


def test_the_command_compares_a_file_with_a_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def made() -> DocumentId:
        async with open_services(house_in(tmp_path / "house")) as services:
            an = person(services, "an")
            model = await services.documents.create(an, "Quy chế mẫu", MODEL)
            services.tools.store.documents.set_member(Membership(model, UserId("an"), Role.LEAD))
            await services.models.mark(an, model, True)
            return model

    model = anyio.run(made)
    monkeypatch.setenv("DUTHAO_DATA_DIR", str(tmp_path / "house"))
    draft = tmp_path / "draft.txt"
    draft.write_text(MODEL.replace("khác", "giống"), encoding="utf-8")
    capsys.readouterr()
    assert main(["compare", f"model:{model}", str(draft), "--exit-code"]) == 1
    shown = capsys.readouterr().out
    assert all(words in shown for words in ("Mẫu: Quy chế mẫu", "khác", "giống"))
    for name, code in itertools.product(("model:none", f"model:{'x' * 99}"), ("document_not_found",)):
        assert main(["compare", name, str(draft)]) == 2
        assert f"[{code}]" in capsys.readouterr().err
