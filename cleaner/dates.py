"""The names of months and weekdays: which are known, by those who look for them."""

from __future__ import annotations

# The months of claims: by name, in English (and its short forms), German, French, Spanish, Italian, Portuguese and Dutch.
MONTHS_OF_SEVEN_LANGUAGES = {
    name: number
    for row in """
        january february march april may june july august september october november december
        jan feb mar apr may jun jul aug sept oct nov dec
        januar februar märz april mai juni juli august september oktober november dezember
        janvier février mars avril mai juin juillet août septembre octobre novembre décembre
        enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
        gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
        janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
        januari februari maart april mei juni juli augustus september oktober november december
        """.strip().split("\n")
    for number, name in enumerate(row.split(), 1)
} | {"sep": 9}

# The months of an event's date: English alone, as a pattern whose group begins with one of the three-letter forms.
ENGLISH_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
ENGLISH_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)

ENGLISH_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
