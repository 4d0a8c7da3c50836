"""Numbers, amounts and shares as French people write them."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from qpvdesk.domain.errors import UserError
from qpvdesk.domain.french.typography import MINUS, NBSP, NNBSP, SPACES, UNKNOWN, fold, printable, typeset
from qpvdesk.domain.french.units import unit_of

Number = int | Decimal | Fraction | float

_DIGITS_MAX = 18
_CHARACTERS_MAX = 60
_DECIMALS_EXACT = 6
"""A fraction that ends within so many decimals is shown whole; any other is cut to two."""

_FIGURE = re.compile(
    rf"(?P<sign>[-\u2212]?)[{SPACES}]*(?P<body>[0-9](?:[0-9.,{SPACES}]*[0-9])?)[{SPACES}]*(?P<suffix>.*)",
    re.DOTALL,
)
_WHOLE = re.compile(rf"[0-9]+|[0-9]{{1,3}}(?:[{SPACES}][0-9]{{3}})+")
_MONEY = re.compile(r"(?P<scale>Mds?|[kKM]?)€(?P<rest>.*)", re.DOTALL)
_MONEY_POWERS = {"": 0, "k": 3, "K": 3, "M": 6, "Md": 9, "Mds": 9}
_MONEY_WORDS = {"euro": 0, "euros": 0, "million d'euros": 6, "millions d'euros": 6}
_MONEY_WORDS |= {"millier d'euros": 3, "milliers d'euros": 3, "milliard d'euros": 9, "milliards d'euros": 9}
_NO_ANSWER = frozenset(
    {
        "nc",
        "nd",
        "na",
        "ns",
        "nr",
        "nsp",
        "-",
        "--",
        "–",
        "—",
        "?",
        "/",
        "x",
        "neant",
        "inconnu",
        "aucun",
        "vide",
    }
    | {"#n/a", "#ref!", "non communique", "non connu", "non disponible", "non renseigne", "s", "so", "secret"}
    | {
        "…",
        "...",
        "donnee non renseignee",
        "non renseignee",
        "non communiquee",
        "non connue",
        "en cours",
        "a venir",
    }
    | {
        "donnee non disponible",
        "non calculable",
        "en attente",
        "sans objet",
        "secret statistique",
        "ss",
        "ic",
    }
)
_NOT_FINITE = {"nan", "inf", "infini", "infinity", "∞"}

_LOOKALIKES: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (
        re.compile(r"\A\(.*\)\Z", re.DOTALL),
        "est entre parenthèses : valeur négative ou simple remarque ?",
        "Écrivez le nombre sans parenthèses, précédé de − s’il est négatif.",
    ),
    (
        re.compile(r"\A[-+\u2212]?[0-9.,]+[eE][-+]?[0-9]+\Z"),
        "est en notation scientifique.",
        "Écrivez le nombre en entier, par exemple 100 000.",
    ),
    (re.compile(r"[0-9]_+[0-9]"), "contient un tiret bas.", "Séparez les milliers par une espace : 1 000."),
    (
        re.compile(r"[0-9]['’][0-9]"),
        "contient une apostrophe.",
        "Séparez les milliers par une espace : 1 000.",
    ),
    (
        re.compile(r"\A\+"),
        "peut se lire comme une hausse et non comme une valeur.",
        "Écrivez la valeur elle-même, sans le signe +.",
    ),
    (re.compile(r"\A="), "est une formule, pas une valeur.", "Écrivez le résultat de la formule."),
)
"""What people write that looks like a number and is none: the form, what is said of it, what to do."""


def parse_number(text: str, unit: str = "") -> Decimal:
    """The number written in `text`, in `unit` (the unit of its objective; shares are in percent points).

    Thousands may be set apart by a space, plain or not, in groups of three; the decimal mark is a comma, or a
    point where it cannot be read as a thousands mark. A unit may follow if it is that of the objective; an
    amount may come in €, k€, M€ or Md€ and is brought to the objective's own. Raises `UserError`, with a sentence
    of its own for each thing people write that is no number.
    """
    raw = text.strip()
    if not raw:
        raise UserError(
            typeset("Aucun nombre n’est écrit."), typeset("Écrivez une valeur, par exemple 1 339 ou 16,4.")
        )
    if len(raw) > _CHARACTERS_MAX:
        raise UserError(
            typeset(f"« {printable(raw)} » est trop long pour un nombre."),
            "Écrivez le nombre seul, sans commentaire.",
        )
    _refuse_lookalikes(raw)
    found = _FIGURE.fullmatch(raw)
    if found is None:
        raise UserError(
            typeset(f"« {printable(raw)} » n’est pas un nombre."),
            typeset("Écrivez un nombre, par exemple 1 339 ou 16,4."),
        )
    value = _read_figure(found["body"], raw)
    value = _to_unit(value, found["suffix"].strip(), unit.strip(), raw)
    return -value if found["sign"] and value else value


def says_nothing(text: str) -> bool:
    """Tell whether a text says that no value is known: « NC », « n.d. », « secret », « – »."""
    folded = fold(text)
    return folded in _NO_ANSWER or re.sub("[./ *]", "", folded) in _NO_ANSWER


def _refuse_lookalikes(raw: str) -> None:
    folded = fold(raw)
    if folded.strip("+-\u2212 ") in _NOT_FINITE:
        raise UserError(
            typeset(
                f"« {printable(raw)} » n’est pas une valeur : un calcul a échoué dans le fichier d’origine."
            ),
            "Corrigez la formule, ou laissez vide ce qui n’est pas connu.",
        )
    if says_nothing(raw):
        raise UserError(
            typeset(f"« {printable(raw)} » ne donne pas de valeur."),
            "Laissez vide ce qui n’est pas connu ; zéro est une valeur.",
        )
    if any(char.isdecimal() and char not in "0123456789" for char in raw):
        raise UserError(
            typeset(
                f"« {printable(raw)} » contient des chiffres qui ne sont pas les chiffres habituels (0 à 9)."
            ),
            "Retapez le nombre avec les chiffres du clavier.",
        )
    for form, fault, remedy in _LOOKALIKES:
        if form.search(raw):
            raise UserError(typeset(f"« {printable(raw)} » {fault}"), typeset(remedy))


def _read_figure(body: str, raw: str) -> Decimal:
    """The unsigned decimal in `body`: digits, spaces, commas and points."""
    marks = [char for char in body if char in ",."]
    if len(set(marks)) == 2:
        raise UserError(
            typeset(f"« {printable(raw)} » mêle le point et la virgule."),
            typeset("Gardez la virgule pour les décimales et une espace pour les milliers : 1 339,5."),
        )
    if len(marks) > 1:
        raise UserError(
            typeset(
                f"« {printable(raw)} » contient plusieurs {'virgules' if marks[0] == ',' else 'points'}."
            ),
            typeset(
                "Gardez une seule virgule, pour les décimales, et une espace pour les milliers : 1 339 000,5."
            ),
        )
    whole, mark, decimals = body.partition(marks[0]) if marks else (body, "", "")
    if not _WHOLE.fullmatch(whole) or not re.fullmatch(r"[0-9]*", decimals) or (mark and not decimals):
        raise UserError(
            typeset(f"« {printable(raw)} » n’a pas ses chiffres groupés par trois."),
            typeset("Écrivez les milliers d’un trait ou par groupes de trois : 1 339 ou 1339."),
        )
    digits = re.sub(rf"[{SPACES}]", "", whole)
    if mark == "." and len(decimals) == 3 and len(whole) <= 3 and whole.strip("0"):
        raise UserError(
            typeset(f"« {printable(raw)} » est ambigu : {digits},{decimals} ou {digits} {decimals} ?"),
            typeset(f"Écrivez {digits},{decimals} avec une virgule, ou {digits} {decimals} avec une espace."),
        )
    if len(digits) + len(decimals) > _DIGITS_MAX:
        raise UserError(
            typeset(f"« {printable(raw)} » a trop de chiffres."),
            f"Un nombre a au plus {_DIGITS_MAX} chiffres.",
        )
    return Decimal(f"{digits}.{decimals}" if decimals else digits)


def _to_unit(value: Decimal, suffix: str, unit: str, raw: str) -> Decimal:
    """`value` as written with `suffix`, in `unit`."""
    if not suffix or (unit and _bare(suffix) == _bare(unit)):
        return value
    power = _money_power(suffix)
    if power is not None:
        target = _money_power(unit) if unit else 0
        if target is None:
            raise UserError(
                typeset(
                    f"« {printable(raw)} » est un montant, alors que l’objectif se compte en « {unit} »."
                ),
                f"Donnez la valeur en {unit}.",
            )
        if _per(suffix) not in ("", _per(unit)):
            raise UserError(
                typeset(
                    f"« {printable(raw)} » dit plus qu’une somme : on ne sait pas combien de fois elle compte."
                ),
                "Donnez la somme seule, ou les montants de chaque année.",
            )
        return _shift(value, power - target)
    if suffix == "%":
        if unit not in ("", "%"):
            raise UserError(
                typeset(f"« {printable(raw)} » est une part, alors que l’objectif se compte en « {unit} »."),
                f"Donnez la valeur en {unit}.",
            )
        return value
    expected = (
        typeset(f"Donnez le nombre seul, ou suivi de « {unit} ».")
        if unit
        else "Donnez le nombre seul, sans mot ni unité."
    )
    raise UserError(
        typeset(f"« {printable(raw)} » contient autre chose que le nombre : « {printable(suffix)} »."),
        expected,
    )


def _money_power(unit: str) -> int | None:
    """The power of ten of a money unit (€: 0, k€: 3, M€: 6, Md€: 9), `M€ par an` included; else None."""
    found = _MONEY.fullmatch(unit)
    if found and (not found["rest"] or found["rest"][0] in "/ \u00a0\u202f"):
        return _MONEY_POWERS[found["scale"]]
    return _MONEY_WORDS.get(fold(unit))


def _per(unit: str) -> str:
    """What a money unit is counted for, of `M€ par an` or `M€/an`: an; empty where it is a sum."""
    found = _MONEY.fullmatch(unit)
    return "" if found is None else fold(found["rest"].replace("/", " ")).strip().removeprefix("par ")


def _shift(value: Decimal, power: int) -> Decimal:
    """`value` × 10^power, exact, without exponent and without idle zeros."""
    if not power:
        return value
    text = format(value.scaleb(power), "f")
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)


def _bare(unit: str) -> str:
    """A unit without the plural marks of its words."""
    return " ".join(word[:-1] if len(word) > 3 and word[-1] in "sx" else word for word in fold(unit).split())


def round_half_away(value: Number, decimals: int = 0) -> Fraction:
    """`value` rounded once to `decimals`, a half going away from zero (0.625 → 0.63, −0.5 → −1)."""
    rounded = Fraction(_parts(*value.as_integer_ratio(), decimals), 10**decimals)
    return -rounded if value < 0 else rounded


def _parts(numerator: int, denominator: int, decimals: int) -> int:
    """How many parts of 10^−`decimals` are nearest to a value whatever its sign, a half counting as one.

    By whole numbers: to make a fraction costs as much as all the rest.
    """
    scale: int = 10**decimals
    return (2 * abs(numerator) * scale + denominator) // (2 * denominator)


def format_number(value: Number, decimals: int | None = None) -> str:
    """`value` in French: thousands by U+202F, decimal comma, minus U+2212.

    With `decimals`, rounded once to exactly so many. Without, a value as entered is shown whole, and a fraction
    that does not end soon is rounded to two decimals. What is known and not zero is never shown as zero: `< 0,1`.
    """
    if decimals is None and isinstance(value, int | Decimal):
        return _as_entered(value)
    return _written(*value.as_integer_ratio(), decimals)


def format_size(size: int) -> str:
    """A size in bytes as people say it: « 34 ko », « 2,1 Mo », « 20 Mo »; nothing that is there is « 0 ko »."""
    if size < 100_000:
        return f"{format_number(max(min(size, 1), round(size / 1000)))}\u00a0ko"
    tenths = round(size / 100_000)
    return f"{format_number(Decimal(tenths) / 10)}\u00a0Mo"


@lru_cache(maxsize=4096)
def _written(numerator: int, denominator: int, decimals: int | None) -> str:
    """A fraction as `format_number` says. By its whole numbers: to know a `Fraction` again costs as much as to write it."""
    trim = decimals is None
    digits_after = _decimals_of(numerator, denominator) if decimals is None else decimals
    scaled = _parts(numerator, denominator, digits_after)
    if not scaled and numerator:
        least = _written(1, 10**digits_after, digits_after)
        return f"<{NBSP}{least}" if numerator > 0 else f">{NBSP}{MINUS}{least}"
    digits = str(scaled).rjust(digits_after + 1, "0")
    whole, tail = (digits[:-digits_after], digits[-digits_after:]) if digits_after else (digits, "")
    if trim:
        tail = tail.rstrip("0")
    text = f"{int(whole):,}".replace(",", NNBSP)
    if tail:
        text += "," + tail
    return MINUS + text if numerator < 0 else text


@lru_cache(maxsize=4096, typed=True)
def _as_entered(value: int | Decimal) -> str:
    """A number whole, without idle zeros. By its digits: a fraction costs ten times as much, and a file has thousands."""
    whole, _, tail = format(value, "f").lstrip("-").partition(".")
    tail = tail.rstrip("0")
    text = f"{int(whole):,}".replace(",", NNBSP) + (f",{tail}" if tail else "")
    return MINUS + text if value < 0 else text


def format_change(value: Number, decimals: int | None = None) -> str:
    """`value` as a move, with its sign: `+2,5`, `−0,3`, `< +0,1`, `0`."""
    text = format_number(value, decimals)
    if value <= 0:
        return text
    return text.replace(NBSP, f"{NBSP}+") if text.startswith("<") else f"+{text}"


def _decimals_of(numerator: int, denominator: int) -> int:
    """How many decimals a value has when it ends within a few; two when it does not."""
    for digits_after in range(_DECIMALS_EXACT + 1):
        if (numerator * 10**digits_after) % denominator == 0:
            return digits_after
    return 2


def format_value(value: Number | None, unit: str, decimals: int | None = None) -> str:
    """`value` with its unit, which agrees with it: `16,4 %`, `2,5 M€`, `40 bus`, `1 poste`; « – » when unknown."""
    if value is None:
        return UNKNOWN
    text = format_number(value, decimals)
    if not unit:
        return text
    if unit.startswith("%"):
        return f"{text}{NNBSP}{unit}"
    shown = value if decimals is None else round_half_away(value, decimals)
    return f"{text}{NBSP}{unit_of(unit).agreed(shown)}"


def format_rate(rate: Number | None, decimals: int = 0) -> str:
    """A fraction as a percentage (0.3158 → `32 %`), rounded once, half away from zero; « – » when unknown."""
    if rate is None:
        return UNKNOWN
    numerator, denominator = rate.as_integer_ratio()
    if numerator < 0 and not _parts(numerator * 100, denominator, decimals):
        # « > −1 % » is read twice.
        decimals += 1
    return _written(numerator * 100, denominator, decimals) + NNBSP + "%"


def plural(count: int | Decimal | Fraction, noun: str, nouns: str) -> str:
    """`count` and the noun in the number French wants: `0 objectif`, `1 objectif`, `3 objectifs`."""
    return f"{format_number(count)} {noun if -2 < count < 2 else nouns}"


def enumerate_words(words: list[str] | tuple[str, ...], limit: int = 0) -> str:
    """`a, b et c`; beyond `limit` (when given) the rest is counted: `a, b et 3 autres`; one more is named as soon."""
    items = list(words)
    if limit and len(items) > limit + 1:
        rest = len(items) - limit
        items = [*items[:limit], plural(rest, "autre", "autres")]
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} et {items[-1]}"
