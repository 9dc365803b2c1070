"""The units that stand with the numbers of a text, and where they differ for the same number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.claims.quantities import SMALL, numbers_of
from assistant.claims.veto import Veto

# A unit and the ways it is written.
_FORMS = {
    "mg": "mg milligram milligrams",
    "g": "g gram grams gramme grammes",
    "kg": "kg kilo kilos kilogram kilograms",
    "µg": "µg μg mcg microgram micrograms",
    "t": "tonne tonnes ton tons",
    "lb": "lb lbs pound pounds",
    "oz": "oz ounce ounces",
    "ml": "ml millilitre millilitres milliliter milliliters",
    "l": "l litre litres liter liters",
    "gal": "gallon gallons",
    "cup": "cup cups",
    "tsp": "tsp teaspoon teaspoons",
    "tbsp": "tbsp tablespoon tablespoons",
    "iu": "iu",
    "kcal": "kcal calorie calories kilocalories",
    "kda": "kda",
    "nm": "nm nanometre nanometres nanometer nanometers",
    "mm": "mm millimetre millimetres millimeter millimeters",
    "cm": "cm centimetre centimetres centimeter centimeters",
    "m": "m metre metres meter meters",
    "km": "km kilometre kilometres kilometer kilometers",
    "mile": "mile miles mi",
    "ft": "ft foot feet",
    "in": "inch inches",
    "yd": "yard yards",
    "ha": "ha hectare hectares",
    "acre": "acre acres",
    "s": "s second seconds sec",
    "min": "minute minutes min",
    "h": "h hr hrs hour hours",
    "day": "day days",
    "week": "week weeks wk",
    "month": "month months",
    "year": "year years",
    "decade": "decade decades",
    "century": "century centuries",
    "fold": "fold times",
    "°C": "°c celsius",
    "°F": "°f fahrenheit",
    "%": "% percent",
    "dollar": "dollar dollars",
    "euro": "euro euros",
    "watt": "w watt watts",
    "kW": "kw kilowatt kilowatts",
}
_NAMES = {form: name for name, forms in _FORMS.items() for form in forms.split()}
_CURRENCY = re.compile(r"([$€£])\s?(\d[\d.,]*\d|\d)(?: ?(?:thousand|million|billion))?\b")
_CURRENCIES = {"$": "dollars", "€": "euros", "£": "pounds"}
_COUNT = "|".join(
    [r"(?<!\d,)\d[\d.,]*+", *sorted(SMALL, key=len, reverse=True), "hundred", "thousand", "million"]
)
_UNIT = re.compile(rf"(?<![\w.])({_COUNT})[ -]?(?:degrees? )?(per cent|[a-zµμ]+|°[cf]|%)(?!\w)")


def unit_vetoes(claim: str, evidence: str) -> Iterator[Veto]:
    """Yield where a claim and a sentence have the same number with different units."""
    known = _units_by_number(evidence)
    for number, stated in _units_by_number(claim).items():
        there = known.get(number)
        if there and not stated & there:
            yield Veto("unit", ", ".join(sorted(stated)), ", ".join(sorted(there)))


def _units_by_number(text: str) -> dict[float, set[str]]:
    """Return the units of each number; 0 stands for a scale that has no number of its own."""
    found: dict[float, set[str]] = {}
    lowered = text.lower().replace("° ", "°").replace("per cent", "percent")
    lowered = _CURRENCY.sub(lambda m: f"{m[2]} {_CURRENCIES[m[1]]}", lowered)
    for match in _UNIT.finditer(lowered):
        unit = _NAMES.get(match[2])
        if unit:
            for number in numbers_of(match[1].rstrip(".,")) or {0.0}:
                found.setdefault(number, set()).add(unit)
    return found
