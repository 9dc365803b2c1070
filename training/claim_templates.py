"""Made-up statements -> pairs (premise, claim, label) that teach logic, not facts.

Subjects and objects are drawn at random, so no pair states anything about the world; what is
learned is which wording follows from which: active and passive, verb and noun, opposites,
comparatives, order, quantities, quantifiers, "only", "always", need and sufficiency, myths.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from assistant.claims.lexicon import Verb
from training.claim_edits import NEUTRAL, REFUTED, SUPPORTED, Pair, capital
from training.template_words import WORDS, Maker


def make_pair(names: list[str], rng: random.Random) -> Pair:
    """Return one pair of a kind drawn at random."""
    maker = Maker(names, rng)
    premise, claim, label = rng.choice(_KINDS_OF_PAIR)(maker)
    premise, claim = _sentence(premise), _sentence(claim)
    if rng.random() < 0.3:  # a second sentence that says something else
        other = _sentence(_plain(maker, maker.cause(), maker.verbs()[0], maker.thing()))
        premise = f"{premise} {other}" if rng.random() < 0.5 else f"{other} {premise}"
    return premise, claim, label


def _sentence(text: str) -> str:
    return capital(text.strip().rstrip(".")) + "."


def _plain(m: Maker, a: str, v: Verb, b: str, somewhere: bool = False) -> str:
    """Say that a acts on b in one of many ways, ``somewhere`` with a place or time."""
    place = m.place() if somewhere else ""
    seen = f"was seen {place}" if somewhere else "was seen"
    forms = [
        f"{a} {v.third} {b}", f"{a} {v.third} {b}", f"{b} is {v.participle} by {a}",
        f"{place}{', ' * somewhere}{a} {v.past} {b}", f"{a} {v.past} {b} {place}",
        f"{v.noun} of {b} by {a} {seen}", f"{a} led to {v.noun} of {b}",
        f"{a} is known to {v.base} {b}", f"{a} acts by {v.gerund} {b}",
        f"studies report that {a} {v.third} {b}", f"{a} causes {v.noun} of {b}",
        f"when {a} is present, {b} is {v.participle}", f"it was found that {a} {v.past} {b}",
        f"{v.noun} of {b} is among the effects of {a}", f"{b} gets {v.participle} through {a}",
        f"the effect that {a} has on {b} is {v.noun}", f"one thing {a} does is {v.base} {b}",
        f"{b} undergoes {v.noun} when {a} acts on it", f"what {a} brings about is {v.noun} of {b}",
        f"it is {a} that {v.third} {b}", f"{a} is responsible for {v.noun} of {b}",
    ]  # fmt: skip
    return m.rng.choice(forms)


def _effect(m: Maker) -> Pair:
    a, b = m.cause(), m.thing()
    v, same, other = m.verbs()
    premise = _plain(m, a, v, b, somewhere=True)
    none = [
        f"{a} does not {v.base} {b}",
        f"{a} has no effect on {b}",
        f"{b} is not {same.participle} by {a}",
    ]
    more = [
        f"only {a} {v.third} {b}", f"{a} always {v.third} {b}", f"nothing but {a} {v.third} {b}",
        f"{a} predictably {v.third} {b}", f"{a} {v.third} only {b}", f"{a} alone is enough to {v.base} {b}",
    ]  # fmt: skip
    weights, options = zip(
        (30, (premise, _plain(m, a, same, b), SUPPORTED)),
        (15, (premise, _plain(m, a, other, b), REFUTED)),
        (10, (premise, m.rng.choice(none), REFUTED)),
        (8, (premise, f"{b} {v.third} {a}", REFUTED)),
        (8, (premise, _plain(m, m.cause(a), same, b), NEUTRAL)),
        (9, (premise, _plain(m, a, same, m.thing(b)), NEUTRAL)),
        (5, (premise, f"{a} affects {b}", SUPPORTED)),
        (5, (f"{a} affects {b}", _plain(m, a, v, b), NEUTRAL)),
        (10, (premise, m.rng.choice(more), NEUTRAL)),
        strict=True,
    )
    return m.rng.choices(options, weights)[0]


def _denied(m: Maker) -> Pair:
    a, b = m.cause(), m.thing()
    v, same, other = m.verbs()
    premise = m.rng.choice([
        f"{a} does not {v.base} {b}", f"{a} had no effect on {b} {m.place()}",
        f"there is no evidence that {a} {v.third} {b}", f"{a} failed to {v.base} {b}",
        f"{b} was not {v.participle} by {a}", f"{a} {other.third} {b} rather than {v.gerund} it",
        f"it is a myth that {a} {v.third} {b}", f"contrary to what many believe, {a} does not {v.base} {b}",
        f"the idea that {a} {v.third} {b} is wrong", f"many think that {a} {v.third} {b}, but it does not",
    ])  # fmt: skip
    turn = m.rng.random()
    if turn < 0.45:
        return premise, _plain(m, a, same, b), REFUTED
    if turn < 0.75:
        return premise, f"{a} does not {same.base} {b}", SUPPORTED
    if turn < 0.85:
        return premise, f"{m.cause(a)} does not {v.base} {b}", NEUTRAL
    return premise, _plain(m, a, v, m.thing(b)), NEUTRAL


def _hedged(m: Maker) -> Pair:
    a, b = m.cause(), m.thing()
    v, same, _ = m.verbs()
    premise = m.rng.choice([
        f"{a} may {v.base} {b}", f"{a} can sometimes {v.base} {b}", f"{a} might {v.base} {b} {m.place()}",
        f"it is possible that {a} {v.third} {b}", f"{a} often {v.third} {b}, but not always",
        f"{a} {v.third} {b} in some cases", f"the effect of {a} on {b} varies from person to person",
        f"how much {a} {v.third} {b} is hard to predict",
    ])  # fmt: skip
    varies = any(
        w in premise for w in ("varies", "hard to predict", "not always", "sometimes", "some cases")
    )
    turn = m.rng.random()
    strong = m.rng.choice([f"{a} always {v.third} {b}", f"{a} predictably {v.third} {b}",
                           f"{a} definitely {v.third} {b}", f"{a} {v.third} {b} in every case",
                           f"{a} never fails to {same.base} {b}", f"{a} is guaranteed to {v.base} {b}",
                           f"{a} {v.third} {b} in everyone"])  # fmt: skip
    if turn < 0.45:
        return premise, strong, REFUTED if varies else NEUTRAL
    if turn < 0.8 and "effect" not in premise and "hard" not in premise:
        return (
            premise,
            m.rng.choice([f"{a} may {same.base} {b}", f"{a} can {v.base} {b}"]),
            SUPPORTED,
        )
    if turn < 0.9:
        return (
            strong,
            m.rng.choice([f"{a} can {same.base} {b}", strong, f"{a} {v.third} {b}"]),
            SUPPORTED,
        )
    return (
        strong,
        m.rng.choice([f"{a} never {v.third} {b}", f"{a} does not always {v.base} {b}"]),
        REFUTED,
    )


def _compared(m: Maker) -> Pair:
    a = m.cause()
    b = m.cause(a)
    c = m.cause(a, b)
    if m.rng.random() < 0.6:
        grade = m.pick(WORDS["graded"])
        more, less, equal = f"more {grade}", f"less {grade}", f"as {grade} as"
    else:
        base, more, less = m.pick(WORDS["short"]).split()
        equal = f"as {base} as"
    end = m.rng.choice(["", "", f" {m.pick(WORDS['places'])}"])
    if m.rng.random() < 0.5:
        more, less = less, more
    premise = m.rng.choice([f"{a} is {more} than {b}{end}", f"compared with {b}, {a} is {more}{end}",
                            f"{a} was found to be {more} than {b}{end}", f"{b} is {less} than {a}{end}",
                            f"{a} is much {more} than {b}{end}"])  # fmt: skip
    label, claim = m.rng.choice([
        (SUPPORTED, f"{a} is {more} than {b}"), (SUPPORTED, f"{b} is {less} than {a}"),
        (REFUTED, f"{a} is {less} than {b}"), (REFUTED, f"{b} is {more} than {a}"),
        (REFUTED, f"{a} is {equal} {b}" if not equal.startswith("as less") else f"{b} is {more} than {a}"),
        (REFUTED, f"{a} and {b} are equal in this respect"), (NEUTRAL, f"{a} is {more} than {c}"),
        (NEUTRAL, f"{c} is {more} than {b}"), (SUPPORTED, f"{b} is not {more} than {a}"),
        (SUPPORTED, f"{a} and {b} differ"),
    ])  # fmt: skip
    return premise, claim, label


def _ordered(m: Maker) -> Pair:
    a = m.cause()
    b = m.thing(a)
    c = m.thing(a, b)
    one, other = m.rng.choice([("upstream of", "downstream of"), ("before", "after"),
                               ("above", "below"), ("ahead of", "behind")])  # fmt: skip
    verb = "lies" if "stream" in one or one == "above" else "comes"
    if m.rng.random() < 0.5:
        one, other = other, one
    premise = f"{a} {verb} {one} {b}"
    label, claim = m.rng.choice([
        (SUPPORTED, f"{b} {verb} {other} {a}"), (SUPPORTED, f"{a} is {one} {b}"),
        (REFUTED, f"{a} {verb} {other} {b}"), (REFUTED, f"{b} {verb} {one} {a}"),
        (NEUTRAL, f"{a} {verb} {one} {c}"), (REFUTED, f"{a} is {other} {b}"),
    ])  # fmt: skip
    return premise, claim, label


def _quantity(m: Maker) -> Pair:
    a, b = m.cause(), m.thing()
    v, same, _ = m.verbs()
    size = m.rng.randint(4, 90)
    wrong = m.rng.choice(
        [n for n in (size // 2, size + 7, size * 2, size - 3, size + 30) if n != size and n > 0]
    )
    year = m.rng.randint(1960, 2024)
    shift = m.rng.choice([-12, -3, -1, 1, 2, 5, 10])
    kind = m.pick(WORDS["kinds"])
    who = m.rng.choice(
        ["a team in Toronto", "researchers", "the group", "Lopez and colleagues", "a Swiss team"]
    )
    unit = m.rng.choice(["%", " %", " hours", " weeks", " mg", " grams", " kilometres", " minutes"])
    part, percent = m.rng.choice(WORDS["parts"]).split("|")
    wrong_part = m.rng.choice([p for p in WORDS["parts"] if not p.startswith(part)]).split("|")
    options: list[Pair] = [
        (f"{a} {v.past} {b} by {size}%", f"{b} was {v.participle} by {size} per cent by {a}", SUPPORTED),
        (f"{a} {v.past} {b} by {size}%", f"{a} {v.past} {b} by {wrong}%", REFUTED),
        (f"{a} {v.past} {b} by {size}%", f"{a} {same.past} {b}", SUPPORTED),
        (f"{a} {v.past} {b}", f"{a} {v.past} {b} by {size}%", NEUTRAL),
        (f"{a} {v.past} {b} by {size}%", f"{a} {v.past} {b} by more than {size + m.rng.randint(2, 30)}%", REFUTED),
        (f"{a} {v.past} {b} by {size}%", f"{a} {v.past} {b} by more than {max(1, size - m.rng.randint(1, 20))}%", SUPPORTED),
        (f"in {year}, {who} showed that {a} {v.third} {b}", f"it was shown in {year} that {a} {same.third} {b}", SUPPORTED),
        (f"in {year}, {who} showed that {a} {v.third} {b}", f"it was shown in {year + shift} that {a} {v.third} {b}", REFUTED),
        (f"in {year}, {who} reported that {a} {v.third} {b}", f"the report on {a} and {b} came out after {year + abs(shift)}", REFUTED),
        (f"the effect lasts {size}{unit}", f"the effect lasts for {size}{unit}", SUPPORTED),
        (f"the effect lasts {size}{unit}", f"the effect lasts {wrong}{unit}", REFUTED),
        (f"{size} {kind} were examined {m.place()}", f"{wrong} {kind} were examined", REFUTED),
        (f"{size} {kind} were examined {m.place()}", f"the work covered {size} {kind}", SUPPORTED),
        (f"{part} of the {kind} were lost", f"{percent} of the {kind} were lost", SUPPORTED),
        (f"{percent} of the {kind} were lost", f"{wrong_part[0]} of the {kind} were lost", REFUTED),
        (f"there are {_word(size)} kinds of {kind}", f"there are {_word(wrong)} kinds of {kind}", REFUTED),
        (f"there are {_word(size)} kinds of {kind}", f"{capital(kind)} come in {_word(size)} kinds", SUPPORTED),
        (f"the protein has {size} amino acids", f"the protein is made up of {size} amino acids", SUPPORTED),
        (f"{a} {v.past} {b} {size}-fold", f"{a} {v.past} {b} {wrong}-fold", REFUTED),
    ]  # fmt: skip
    return m.rng.choice(options)


def _word(number: int) -> str:
    small = "zero one two three four five six seven eight nine ten eleven twelve".split()
    return small[number % 13]


def _quantified(m: Maker) -> Pair:
    kind = m.pick(WORDS["kinds"])
    plural = m.pick(WORDS["does"])
    order = ["no", "few", "some", "most", "all"]
    follows = {
        ("all", "most"): SUPPORTED, ("all", "some"): SUPPORTED, ("all", "few"): REFUTED,
        ("all", "no"): REFUTED, ("most", "some"): SUPPORTED, ("most", "all"): REFUTED,
        ("most", "few"): REFUTED, ("most", "no"): REFUTED, ("some", "no"): REFUTED,
        ("some", "all"): NEUTRAL, ("some", "most"): NEUTRAL, ("few", "most"): REFUTED,
        ("few", "all"): REFUTED, ("few", "no"): REFUTED, ("no", "some"): REFUTED,
        ("no", "all"): REFUTED, ("no", "most"): REFUTED, ("no", "few"): REFUTED,
        ("few", "some"): SUPPORTED, ("some", "few"): NEUTRAL,
    }  # fmt: skip
    options: list[Pair] = [
        (f"not all {kind} {plural}", f"all {kind} {plural}", REFUTED),
        (f"only some {kind} {plural}", f"all {kind} {plural}", REFUTED),
        (f"only some {kind} {plural}", f"some {kind} {plural}", SUPPORTED),
        (f"almost all {kind} {plural}", f"most {kind} {plural}", SUPPORTED),
        (f"many {kind} {plural}, others do not", f"all {kind} {plural}", REFUTED),
        (f"every kind of {kind} is different", f"all {kind} are the same", REFUTED),
    ]
    if m.rng.random() < 0.3:
        return m.rng.choice(options)
    one = m.rng.choice(order)
    other = m.rng.choice(order)
    label = SUPPORTED if one == other else follows[(one, other)]
    return f"{one} {kind} {plural} {m.pick(WORDS['places'])}", f"{other} {kind} {plural}", label


def _needed(m: Maker) -> Pair:
    a, b = m.cause(), m.thing()
    c = m.cause(a)
    v, same, other = m.verbs()
    options: list[Pair] = [
        (f"{b} depends on {a}", f"{a} is needed for {b}", SUPPORTED),
        (f"{b} requires {a}", f"{b} does not need {a}", REFUTED),
        (f"{a} is essential for {b}", f"{b} can happen without {a}", REFUTED),
        (f"without {a} there is no {b}", f"{a} is required for {b}", SUPPORTED),
        (f"{b} can happen without {a}", f"{a} is essential for {b}", REFUTED),
        (f"{a} is not needed for {b}", f"{b} depends on {a}", REFUTED),
        (f"{a} is one of several signals that {v.base} {b}", f"{a} {v.third} {b}", SUPPORTED),
        (f"{a} is one of several signals that {v.base} {b}", f"only {a} {v.third} {b}", REFUTED),
        (f"both {a} and {c} {v.base} {b}", f"{c} {v.third} {b}", SUPPORTED),
        (f"both {a} and {c} {v.base} {b}", f"only {a} {v.third} {b}", REFUTED),
        (f"{a}, but not {c}, {v.third} {b}", f"{c} {v.third} {b}", REFUTED),
        (f"{a}, but not {c}, {v.third} {b}", f"{a} {same.third} {b}", SUPPORTED),
        (f"neither {a} nor {c} {v.third} {b}", f"{c} {v.third} {b}", REFUTED),
        (f"{a} {v.third} {b} and so does {c}", f"{c} {same.third} {b}", SUPPORTED),
        (f"{a} {v.third} {b} only when {c} is present", f"{a} {v.third} {b} whether or not {c} is present", REFUTED),
        (f"{a} {v.third} {b} only when {c} is present", f"without {c}, {a} does not {v.base} {b}", SUPPORTED),
        (f"{a} {v.third} {b}, while {c} {other.third} it", f"{c} {other.third} {b}", SUPPORTED),
        (f"{a} {v.third} {b}, while {c} {other.third} it", f"{c} {v.third} {b}", REFUTED),
        (f"{a} {v.third} {b}, while {c} {other.third} it", f"{a} and {c} have the same effect on {b}", REFUTED),
        (f"{a} is enough to {v.base} {b}", f"{a} alone {v.third} {b}", SUPPORTED),
        (f"{a} is not enough to {v.base} {b}", f"{a} alone {v.third} {b}", REFUTED),
        (f"{b} rises when {a} is blocked", f"{a} lowers {b}", SUPPORTED),
        (f"blocking {a} raises {b}", f"{a} increases {b}", REFUTED),
        (f"loss of {a} increased {b}", f"{a} suppresses {b}", SUPPORTED),
        (f"loss of {a} increased {b}", f"loss of {a} reduced {b}", REFUTED),
        (f"{a} was linked to {b}, but no cause was shown", f"{a} causes {b}", NEUTRAL),
        (f"more {a} does not mean more {b}", f"the more {a}, the more {b}", REFUTED),
        (f"too much {a} harms {b}", f"more {a} is always better for {b}", REFUTED),
        (f"the right balance of {a} matters for {b}", f"{a} should be as high as possible for {b}", REFUTED),
        (f"{a} was tested {m.place()} only", f"{a} was tested in other species as well", REFUTED),
    ]  # fmt: skip
    return m.rng.choice(options)


def _kind(m: Maker) -> Pair:
    a = m.pick(m.names)
    b = m.pick([n for n in m.names if n != a])
    noun, wrong = m.rng.sample(WORDS["classes"], 2)
    part = m.pick(WORDS["roles"])
    place, elsewhere = m.rng.sample(WORDS["sites"], 2)
    options: list[Pair] = [
        (f"{a} is a {noun}", f"{a} is a type of {noun}", SUPPORTED),
        (f"{a} is a {noun}", f"{a} is a {wrong}", REFUTED),
        (f"{a} is a {noun}", f"{b} is a {noun}", NEUTRAL),
        (f"{a}, a {noun}, is a {part} of {b}", f"{a} is a {noun}", SUPPORTED),
        (f"{a}, a {noun}, is a {part} of {b}", f"{b} is a {part} of {a}", REFUTED),
        (f"{a}, a {noun}, is a {part} of {b}", f"{a} is a {part} of {b}", SUPPORTED),
        (f"{a} is found in the {place}", f"{a} sits in the {place}", SUPPORTED),
        (f"{a} is found in the {place}", f"{a} is found in the {elsewhere}", REFUTED),
        (f"{a} moves from the {place} to the {elsewhere}", f"{a} moves from the {elsewhere} to the {place}", REFUTED),
        (f"{a} moves from the {place} to the {elsewhere}", f"{a} leaves the {place}", SUPPORTED),
        (f"{a} was discovered in soil", f"{a} was discovered in sea water", REFUTED),
        (f"{a} consists of {b} and two other proteins", f"{b} is part of {a}", SUPPORTED),
        (f"{a} consists of {b} and two other proteins", f"{a} is part of {b}", REFUTED),
        (f"{a} and {b} are two names of one {noun}", f"{a} is the same as {b}", SUPPORTED),
        (f"{a} is not the same as {b}", f"{a} and {b} are the same", REFUTED),
    ]  # fmt: skip
    return m.rng.choice(options)


_KINDS_OF_PAIR: list[Callable[[Maker], Pair]] = [
    _effect, _effect, _effect, _denied, _denied, _hedged, _compared, _ordered, _quantity, _quantity,
    _quantified, _needed, _needed, _kind,
]  # fmt: skip
