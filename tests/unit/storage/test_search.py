"""The index of the words: in the act that writes them, of nothing else, made anew, reached by the erasing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from msgspec.structs import replace

from qpvdesk.storage import maintenance, search
from qpvdesk.storage.base import Database
from qpvdesk.storage.opening import open_base
from qpvdesk.storage.rescue.salvage import salvage
from tests.unit.storage import samples

CONTRACT = "contract1"
SCOPE = search.Scope(CONTRACT)


def held(base: Database, *parts: str) -> list[tuple[str, str]]:
    hits = search.holding(base.connection, SCOPE, search.Words(parts=parts), search.TEXTS, most=50)
    return [(hit.kind, hit.key) for hit in hits]


def note(base: Database, key: str, comment: str, day: int = 1) -> None:
    with base.unit(f"Relevé {key}") as unit:
        unit.put(
            replace(
                samples.MEASUREMENT, key=key, comment=comment, citation=None, day=samples.DAY + timedelta(day)
            )
        )


def written(base: Database) -> list[int]:
    """How many rows each table of the index holds."""
    return [
        base.connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
        for name in ("searched", "search_letters_docsize", "search_words_docsize")
    ]


def test_a_bare_figure_writes_nothing(base: Database) -> None:
    before = written(base)
    note(base, "bare", "")
    assert written(base) == before
    note(base, "told", "Un zyzomys", 2)
    assert written(base) == [count + 1 for count in before]


def test_words_follow_what_is_written_corrected_removed_and_undone(base: Database) -> None:
    note(base, "a", "L’œuvre du Zyzomys à Liévin")
    assert held(base, "zyzomys", "lievin", "oeuvre", "l'oeu") == [("measurement", "a")]
    note(base, "a", "Autre chose")
    assert held(base, "zyzomys") == []
    base.undo()
    assert held(base, "zyzomys") == [("measurement", "a")]
    with base.unit("Retrait") as unit:
        unit.remove(next(item for item in base.dossier(CONTRACT).measurements if item.key == "a"))
    assert held(base, "zyzomys") == []
    assert maintenance.check(base) == []


def test_an_act_that_fails_leaves_no_word(base: Database) -> None:
    before = written(base)
    try:
        with base.unit("Échec") as unit:
            unit.put(replace(samples.MEASUREMENT, key="a", comment="Un zyzomys"))
            raise RuntimeError
    except RuntimeError:
        pass
    assert written(base) == before
    assert held(base, "zyzomys") == []


def test_a_word_of_another_contract_is_not_found(base: Database) -> None:
    note(base, "a", "Un zyzomys")
    for words in (search.Words(["zyzomys"]), search.Words(begun=["zyzo"]), search.Words(parts=["zom"])):
        assert search.holding(base.connection, search.Scope("autre"), words, search.TEXTS, most=50) == []
        assert len(search.holding(base.connection, SCOPE, words, search.TEXTS, most=50)) == 1


def test_words_beginnings_and_parts_are_held_together(base: Database) -> None:
    note(base, "a", "Un zyzomys éclairé", 1)
    note(base, "b", "Un zyzomys obscur", 2)
    words = search.Words(["zyzomys"], ["ecl"], ["lai"])
    hits = search.holding(base.connection, SCOPE, words, search.TEXTS, most=50)
    assert [hit.key for hit in hits] == ["a"]
    assert search.is_word(base.connection, "zyzomys")
    assert not search.is_word(base.connection, "zyzom")


def test_the_vocabulary_is_of_the_words_that_are_there(base: Database) -> None:
    note(base, "a", "Un zyzomys éclairé")
    assert search.vocabulary(base.connection, "zy", 4) == ["zyzomys"]
    assert "eclaire" in search.vocabulary(base.connection, "ec", 4)
    assert [
        hit.key
        for hit in search.holding_words(base.connection, SCOPE, [["zyzomys", "x"]], search.TEXTS, most=9)
    ] == ["a"]


def test_a_lost_row_is_told_and_made_anew(base: Database) -> None:
    note(base, "a", "Un zyzomys")
    with base.writing() as connection:
        connection.execute("DELETE FROM searched WHERE key = 'a'")
    assert "L’index de la recherche ne correspond pas au contrat." in maintenance.check(base)
    with base.writing() as connection:
        search.rebuild(connection)
    assert maintenance.check(base) == []
    assert held(base, "zyzomys") == [("measurement", "a")]


def test_what_is_erased_is_in_no_byte_of_the_index(base: Database, path: Path) -> None:
    note(base, "a", "Vu avec Mme Zyzomys")
    assert b"zyzomys" in path.read_bytes().lower()
    maintenance.erase(base, "Mme Zyzomys")
    assert held(base, "zyzomys") == []
    assert search.vocabulary(base.connection, "zy", 4) == []
    base.close()
    content = path.read_bytes().lower()
    assert b"zyzomys" not in content
    assert b"zyz" not in content


def test_a_salvaged_base_is_searched_as_well(base: Database, path: Path, tmp_path: Path) -> None:
    note(base, "a", "Un zyzomys")
    base.close()
    salvage(path, tmp_path / "saved.db", now=samples.NOON)
    with open_base(tmp_path / "saved.db") as saved:
        assert held(saved, "zyzomys") == [("measurement", "a")]
        assert maintenance.check(saved) == []
