"""The words that claims need: numbers and their scales, units, what people are counted as, hedges, and small words.

In English, and, where they are few, in German, French, Spanish, Italian, Portuguese, Dutch and Vietnamese. A word that means
something else in another of these is left out ("due", "sei", "dos", "once").
"""

from __future__ import annotations

TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905
ONES = "two three four five six seven eight nine".split()  # noqa: SIM905
TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()  # noqa: SIM905
_FOREIGN = {
    2: "zwei deux dois duas twee",
    3: "drei trois tres tre três drie",
    4: "vier quatre cuatro quattro quatro",
    5: "fünf cinq cinco cinque vijf",
    6: "sechs seis zes",
    7: "sieben siete sette sete zeven",
    8: "acht huit ocho oito",
    9: "neun nueve nove negen",
    10: "zehn dix diez dieci dez tien",
    12: "zwölf douze doce dodici doze twaalf",
    20: "zwanzig vingt veinte venti vinte twintig",
}
FOREIGN_NUMBERS = {word: value for value, words in _FOREIGN.items() for word in words.split()}
NUMBER_WORDS = {
    **{word: 2 + i for i, word in enumerate(ONES)},
    **{word: 10 + i for i, word in enumerate(TEENS)},
    **{word: 20 + 10 * i for i, word in enumerate(TENS)},
    "dozen": 12,
    "hundred": 100,
    **FOREIGN_NUMBERS,
}
_SCALES = {
    1e3: "thousand mil tausend nghìn ngàn duizend",
    1e6: "million m mn millionen millions millones milhões milioni miljoen triệu mio",
    1e9: "billion bn milliarden milliards bilhões miliardi miljard tỷ tỉ mrd",
    1e12: "trillion trilhões",
}
SCALES = {word: value for value, words in _SCALES.items() for word in words.split()}

# Small words that open sentences.
OPENERS = frozenset(
    "a an and as at after all but by for from he her his how i if in it its my no not of on one or our she so some that "  # noqa: SIM905
    "the their then there these they this those to two we what when where while who why with you".split()
)

# Words that follow a number, or what is counted, without being either.
FILLERS = OPENERS | frozenset(
    "are before had has have into is later more other others over than under was were will would am pm last "  # noqa: SIM905
    "de da do das del della delle dei di en em ao aos na nas nos la le les el los las und der die das den dem des et ou "
    "por para por cho có bị của với trong và que se com con per por och um uma einen eine ist sind sont son sono foram "
    "ficaram estão im am aus bei mit von zu".split()
)

# What is counted in one of these is compared with nothing but the same.
UNITS = frozenset(
    "second minute min hour day week month year decade century mile kilometre kilometer metre meter centimetre foot feet "  # noqa: SIM905
    "inch yard acre hectare tonne ton kilogram pound litre liter gallon knot degree km kg cm mph magnitude "
    "minuto hora dia semana mes mês ano quilômetro kilómetro minute heure jour semaine mois année an kilomètre "
    "minuten stunde stunden tag tage woche wochen monat monate jahr jahre anni ore giorni dagen jaar uur".split()
)

# What one player has of and another too, and one match and the next.
PLAYED = frozenset(
    "point yard touchdown rebound assist catch carry game run goal minute min minuto seat điểm ponto punto punkt "  # noqa: SIM905
    "tore set séc".split()
)

# Units of time: much is as many years old, or so many days away.
TIMES = frozenset(
    "second minute min hour day week month year decade century minuto hora dia semana mes mês ano heure jour mois "  # noqa: SIM905
    "année an minuten stunde stunden tag tage woche wochen monat monate jahr jahre anni ore giorni dagen jaar uur".split()
)

# What people are counted as where it is only said that they are some.
ANYBODY = frozenset(
    "people person persons lives dead body bodies others human victim fatality casualty death pessoa pessoas persona mort "  # noqa: SIM905
    "personne personen menschen tote toten mensch vida vítima víctima muerto morto mortos óbito người fatalitie deceased "
    "killed injured wounded hurt ferido feridos herido blessé verletzte missing".split()
)

# What is counted by one of these may be counted by another.
_ALIKE = (
    "passenger commuter traveller traveler rider",
    "worker employee staff miner",
    "protester demonstrator marcher protestor manifestante",
    "migrant refugee",
    "soldier troop serviceman",
    "student pupil schoolchildren",
    "car vehicle",
    "house home",
    "shot bullet round",
    "firefighter fireman",
    "gunman attacker assailant shooter",
)
ALIKE = {word: words for words in _ALIKE for word in words.split()}

# What happened to those who are counted: figures of one fate are of one thing.
_FATES = {
    "dead": "kill kills killed killing kills dead die died dies death deaths fatalities slain slew murdered perished "
    "morreram mortos morto matou mataram mortes morte muertos murieron mató muerte morts mort tué tués décédées "
    "tote toten tot starben getötet gestorben morti morte uccisi doden omgekomen chết thiệt tử",
    "hurt": "injured injuring injures injury wounded wounding hurt feridos ferido feridas heridos herido herida blessés "
    "blessé verletzt verletzte verletzten feriti gewonden gewond thương",
    "missing": "missing desaparecidos desaparecidas desaparecido disparus disparu vermisst vermisste dispersi vermist",
    "arrested": "arrested detained arrests detenidos detidos presos festgenommen arrêtés interpellés arrestati gearresteerd",
}
FATES = {word: fate for fate, words in _FATES.items() for word in words.split()}

# What stands before a figure that is not exact: "vague" says nothing, "over" and "least" bound it from below, "under" from
# above.
HEDGES = {
    "vague": "few|several|half|couple of|hundreds|dozens",
    "over": "more than|over|upwards of|in excess of|exceeding|mais de|acima de|más de|plus de|mehr als|über|più di|oltre|"
    "meer dan|hơn|trên",
    "least": "at least|no fewer than|no less than|pelo menos|ao menos|al menos|por lo menos|au moins|mindestens|almeno|"
    "minstens|ít nhất",
    "under": "fewer than|less than|under|up to|as many as|as much as|no more than|menos de|até|hasta|moins de|jusqu'à|"
    "weniger als|bis zu|meno di|fino a|dưới",
    "about": "about|around|some|roughly|approximately|nearly|almost|close to|an estimated|estimated|cerca de|quase|casi|"
    "alrededor de|unos|unas|environ|près de|presque|rund|etwa|fast|ungefähr|circa|quasi|ongeveer|bijna|khoảng|gần|just",
}
