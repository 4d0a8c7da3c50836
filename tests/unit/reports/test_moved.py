"""What changed since a day: what a list of it leaves out is counted, and said to be what it is."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

from msgspec.structs import replace

from qpvdesk.domain.declined import objectives_words
from qpvdesk.domain.scales import is_beyond_home
from qpvdesk.domain.situation import situation
from qpvdesk.reports.frozen import CopilData
from qpvdesk.reports.models import monthly
from qpvdesk.reports.models import partner as sheet
from qpvdesk.reports.models.parts import learnt_moves
from qpvdesk.reports.sections import moves as moves_section
from qpvdesk.reports.tables import DataTable
from tests.helpers.blocks import paragraphs, plain
from tests.helpers.reviews import review_of


def test_what_moved_and_was_learnt_since_is_counted_once(large: CopilData) -> None:
    """« Et 86 autres » of a contract of sixty figures: thirty-nine that moved had also a value of then, entered since."""
    now, then = large.situation, date(2026, 3, 31)
    known = [[value for value in now.measurements_of(item.key) if value.day <= then] for item in now.promised]
    late = {values[-1].key for values in known if len(values) > 1}
    entered = tuple(
        replace(item, entered_on=date(2026, 9, 1) if item.key in late or item.day > then else item.day)
        for item in now.dossier.measurements
    )
    now = situation(replace(now.dossier, measurements=entered), now.day)
    data = CopilData(review_of(now, situation(now.dossier, then)))
    learnt = {move.objective.code for move in learnt_moves(data)}
    moved = {move.objective.code for move in data.review.moves}
    assert learnt & moved
    since = len(learnt - moved)
    assert 1 < since < len(learnt | moved) - 1
    assert f"Et {len(learnt | moved) - 1} autres, dont {since} reçus depuis, à leur date." in paragraphs(
        monthly._page(data, 1, 1, 1)
    )


def test_a_month_counts_what_came_in_up_to_its_day(large: CopilData) -> None:
    """« Et 43 autres », twenty-two of them entered in the month after, whose paper counted them again."""
    base, then = large.situation, date(2026, 3, 31)
    received = {True: date(2026, 9, 1), False: date(2026, 10, 5)}
    rank = {item.key: number % 2 == 0 for number, item in enumerate(base.promised)}
    past = tuple(
        replace(item, entered_on=received[rank.get(item.objective, True)])
        for item in base.dossier.measurements
        if item.day <= then
    )
    now = situation(replace(base.dossier, measurements=past), base.day)
    data = CopilData(review_of(now, situation(now.dossier, then)))
    moved, came_in = monthly._changed(data)
    assert not moved
    assert 2 < len(came_in) < len(learnt_moves(data))
    assert len(came_in) == len(learnt_moves(data, now.day))
    assert f"Et {len(came_in) - 1} autres, reçus depuis, à leur date." in paragraphs(
        monthly._page(data, 1, 1, 1)
    )


def test_a_sheet_says_of_what_the_moves_are_that_it_leaves_out(dated: CopilData) -> None:
    """« Et 7 autres évolutions, dans le tableau des objectifs »: five were of followed figures, which stand in another."""
    now = dated.situation
    key = Counter(move.objective.partner for move in dated.review.moves).most_common(1)[0][0]
    own = [move for move in dated.review.moves if move.objective.partner == key]
    (told,) = [text for text in paragraphs(sheet._changes(dated, key, 3)) if text.startswith("Et ")]
    of = objectives_words(now, [move.objective for move in own[3:]])
    assert told == (
        f"Et {len(own) - 3} autres évolutions ({of}), à lire dans la comparaison avec le 30/08/2026."
    )
    assert len(own) > 4
    last = sheet._changes(dated, key, len(own) - 1)
    assert not [text for text in paragraphs(last) if text.startswith("Et ")], "the last has its row"


def test_a_group_of_moves_counts_those_that_it_leaves_out(dated: CopilData) -> None:
    """« Statut amélioré (7) » of ten, the three of the scale of the contract left out."""
    shown = [move.objective for move in moves_section._shown(dated)]
    (table,) = [block for block in moves_section.moves(dated) if isinstance(block, DataTable)]
    heads = [plain(" ".join(cells[0])) for _, cells in table.text_rows()]
    (whole,) = [block for block in moves_section.comparison(dated) if isinstance(block, DataTable)]
    every = [plain(" ".join(cells[0])) for _, cells in whole.text_rows()]
    (last,) = [head for head in heads if ", dont " in head]
    assert re.sub(r", dont \d+ ici\)", ")", last) in every
    cut = dated.review.moves[-1].outcome
    assert last.startswith(cut)
    group = [move for move in dated.review.moves if move.outcome is cut]
    near = [move.objective for move in group if not is_beyond_home(dated.situation, move.objective)]
    assert set(near[: sum(move.objective in shown for move in group)]) <= set(shown)


def test_what_is_said_around_a_move_is_never_cut(dated: CopilData) -> None:
    """« … ; dit « en retard » avant une valeur d’alors, reçue… » of a long name: the cut took the end of what is known."""
    move = dated.review.moves[0]
    long = replace(move, objective=replace(move.objective, label="Habitants accompagnés " * 12))
    before, after = (
        "Reçu depuis, à sa date\u202f: ",
        "\u202f; dit « en retard » avant une valeur d’alors, reçue depuis",
    )
    told = monthly._moved(dated.situation, long, before, after)
    assert told.startswith(before)
    assert told.endswith(f"…{after}.")
    assert len(told) <= monthly._LONGEST
    # « …. » ended what was cut with nothing said after it.
    alone = monthly._moved(dated.situation, long)
    assert alone.endswith("…")
    assert len(alone) <= monthly._LONGEST


def test_a_followed_figure_that_is_named_alone_has_no_status(dated: CopilData) -> None:
    """« Élèves suivis (REGION-O012, département), toujours suivi » was read of the pupils."""
    followed = [move for move in dated.review.moves if not move.objective.aim.promised]
    shown = replace(dated, review=replace(dated.review, moves=tuple(followed)))
    (told,) = paragraphs(moves_section.moved_section(shown, moves_section.NAMED)[-1:])
    assert f"{plain(followed[0].name)}, valeur nouvelle ; " in plain(told)
    assert "toujours" not in told
