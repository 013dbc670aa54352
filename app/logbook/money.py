import re
from decimal import Decimal
from typing import NamedTuple

_CODES = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
    CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL
    HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD
    MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG
    QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD
    TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW
"""
CURRENCIES = frozenset(_CODES.split())
_SYMBOLS = (  # the longer first: A$ is no US dollar
    ("a$", "AUD"), ("c$", "CAD"), ("ca$", "CAD"), ("nz$", "NZD"), ("s$", "SGD"), ("hk$", "HKD"), ("r$", "BRL"),
    ("us$", "USD"), ("$", "USD"), ("\u20ac", "EUR"), ("\u00a3", "GBP"), ("\u20b9", "INR"), ("z\u0142", "PLN"),
    ("\u20aa", "ILS"), ("\u20a9", "KRW"), ("\u20ba", "TRY"), ("\u20a6", "NGN"), ("\u20b1", "PHP"),
)  # fmt: skip
_WHOLE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THOUSANDTHS = "BHD IQD JOD KWD LYD OMR TND"
_MINOR_DIGITS = dict.fromkeys(_WHOLE.split(), 0) | dict.fromkeys(_THOUSANDTHS.split(), 3)
_AMOUNT = re.compile(
    r"(?<![\w.,])(\d{1,12}(?:[.,'\u2019\u00a0\u202f ]\d{3})*(?:[.,]\d{1,2})?)\s?(k|m(?:io)?|lpa|lakhs?)?(?![\d%])",
    re.IGNORECASE,
)
_CODE = re.compile(r"(?<![A-Z])[A-Z]{3}(?![A-Z])")
_NOT_A_YEAR = re.compile(
    r"hour|/\s?h|\bhr|p\.?h\b|day|week|month|/\s?mo|\bpm\b|daily|stunde|monat|heure|mois|tag\b", re.IGNORECASE
)
_FACTORS = {"k": 1_000, "m": 1_000_000, "mio": 1_000_000, "lpa": 100_000, "lakh": 100_000, "lakhs": 100_000}
_SMALLEST = 1_000  # less is a wage by the hour or day, or thousands without the k
_LARGEST = 2**53 - 1


class Pay(NamedTuple):
    """Amounts in major units; None where the text does not say."""

    low: Decimal | None
    high: Decimal | None
    currency: str | None


def read_pay(text: str) -> Pay | None:
    """Read a salary as people write it, such as `$65,000 - 80k`; None where it is not one or two yearly amounts."""
    if _NOT_A_YEAR.search(text):
        return None
    found = _AMOUNT.findall(text[:100])
    if not 1 <= len(found) <= 2:  # noqa: PLR2004 - from and to
        return None
    last_unit = found[-1][1]
    amounts = [_amount(digits, unit) for digits, unit in found]
    if len(amounts) > 1 and last_unit and not found[0][1] and amounts[0] < _SMALLEST:
        amounts[0] = _amount(found[0][0], last_unit)  # "65-80k"
    if min(amounts) < _SMALLEST:
        return None
    return Pay(amounts[0], amounts[1] if len(amounts) > 1 else None, read_currency(text))


def read_currency(text: str) -> str | None:
    """Find the currency a text names by code or sign, else None."""
    code = next((match[0] for match in _CODE.finditer(text.upper()) if match[0] in CURRENCIES), None)
    if code:
        return code
    folded = text.casefold()
    return next((code for sign, code in _SYMBOLS if sign in folded), None)


def minor(amount: Decimal, currency: str) -> int | None:
    """Give an amount in the currency's smallest unit, or None beyond what an exact number can hold."""
    value = int(amount.scaleb(_MINOR_DIGITS.get(currency, 2)))
    return value if value <= _LARGEST else None


def _amount(digits: str, unit: str) -> Decimal:
    # The last mark with one or two digits behind it is the decimal one; with three it groups.
    cents = re.search(r"[.,](\d{1,2})$", digits)
    whole = re.sub(r"\D", "", digits[: cents.start()] if cents else digits)
    return Decimal(f"{whole}.{cents[1] if cents else 0}") * _FACTORS.get(unit.casefold(), 1)
