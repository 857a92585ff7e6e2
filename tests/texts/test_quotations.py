"""Quotations are found in the marks of their language; what may be an apostrophe or inches is left to the curator."""

from __future__ import annotations

import pytest

from russia_iran_claims.pipeline.texts.must_code import find_codable
from russia_iran_claims.pipeline.texts.quotations import find_quotations, is_marked

# Language, text, the runs that are sure, and those that are not.
CASES: dict[str, tuple[str, str, list[str], list[str]]] = {
    "single outer": ("en", "‘We left,’ she said, ‘and stayed out.’", ["We left,", "and stayed out."], []),
    "single outer, typed straight": ("en", "'We're off,' she said. 'It's late.'", ["We're off,", "It's late."], []),
    "double in single": ("en", "‘He said “never” to us,’ she said.", ["He said “never” to us,", "never"], []),
    "single in double": ("en", "“He said ‘never’ to us,” she said.", ["He said ‘never’ to us,", "never"], []),
    "one word": ("en", "a ‘farce’ in the dockers’ hall", ["farce"], []),
    "a genitive inside": ("en", "‘The dockers’ union is here,’ she said.", ["The dockers’ union is here,"], []),
    "a genitive behind": ("en", "‘Yes,’ said the dockers’ leader.", ["Yes,"], []),
    "a word cut short": ("en", "‘We’re just dockin’ here,’ she said.", ["We’re just dockin’ here,"], []),
    "the full stop outside": ("en", "It was ‘a farce’. He left.", ["a farce"], []),
    "over two paragraphs": ("en", "‘We left.\n\n‘We stayed out,’ she said.", ["We left.", "We stayed out,"], []),
    "begun within a paragraph": ("en", "She said: ‘We left.\n\n‘It is late.’", ["We left.", "It is late."], []),
    "two genitives": ("en", "the ‘big boats’ in the dockers’ harbour", [], ["big boats"]),
    "an inner one left open": ("en", "“She said: ‘We left,” he wrote.", ["She said: ‘We left,", "We left,"], []),
    "a plural": ("en", "They are ‘useful boats’ to us.", [], ["useful boats"]),
    "open, with a genitive": ("en", "‘The dockers’ pay is low.\n\n‘So.’", ["So."], ["The dockers’ pay is low."]),
    "a year": ("en", "in the ‘90s they left", [], ["90s they left"]),
    "a year, typed right": ("en", "in the ’90s", [], []),
    "a year, typed straight": ("en", "in the '90s", [], ["90s"]),
    "a name": ("en", "‘Abd al-Karim left Sana‘a.", [], ["Abd al-Karim left Sana‘a."]),
    "French": ("fr", "Elle a dit : « C’est l’été » et « oui ».", ["C’est l’été", "oui"], []),
    "French, no-break spaces": ("fr-CH", "«\u202fOui\u202f», dit-elle.", ["Oui"], []),
    "German": ("de", "Sie sagte: „Wir sind ‚fertig‘ hier.“ Gut.", ["Wir sind ‚fertig‘ hier.", "fertig"], []),
    "German, in books": ("de", "»Wir sind ›fertig‹ hier«, sagte sie.", ["Wir sind ›fertig‹ hier", "fertig"], []),
    "Polish": ("pl", "Powiedziała: „Idziemy”.", ["Idziemy"], []),
    "Swedish": ("sv", "Hon sa: ”Vi är ’klara’ nu.”", ["Vi är ’klara’ nu."], ["klara"]),
    "Swedish, guillemets": ("sv", "»Ja» och »Nej«", ["Ja", "Nej"], []),
    "Danish": ("da", "”Det er godt,” sagde han.", ["Det er godt,"], []),
    "Hebrew": ("he", "״אנחנו הולכים״, אמר", ["אנחנו הולכים"], []),
    "Hebrew, an abbreviation": ("he", '"דובר צה"ל הודיע", אמר', ['דובר צה"ל הודיע'], []),
    "Arabic": ("ar", "قال ”نعم“ و”لا“", ["نعم"], []),
    "Korean": ("ko", "‘비핵화’를 말하고 ‘평화’를", ["비핵화", "평화"], []),
    "Chinese, after a digit": ("zh", "在2018“退群”", ["退群"], []),
    "German, typed in part": ("de", '„Falsch", sagte er. „Auch falsch".', ["Falsch", "Auch falsch"], []),
    "German, an apostrophe": ("de", "„Er sagte: ‚Das war’s.‘“", ["Er sagte: ‚Das war’s.‘", "Das war’s."], []),
    "Italian": ("it", "'La citta' e' chiusa', ha detto.", [], ["La citta"]),
    "Finnish, guillemets": ("fi", "»Me lähdimme», hän sanoi.", ["Me lähdimme"], []),
    "Russian": ("ru", "Она сказала: «Мы „готовы“ уже».", ["Мы „готовы“ уже", "готовы"], []),
    "Japanese": ("ja", "彼は「はい『いいえ』」と言った。", ["はい『いいえ』", "いいえ"], []),
    "Chinese": ("zh", "他说“我们‘很好’”。", ["我们‘很好’", "很好"], []),
    "inches": ("en", 'A 12" pipe. "We laid it," he said.', ["We laid it,"], []),
    "inches without a quotation": ("en", 'A 12" pipe and a 14" pipe', [], []),
    "feet and inches": ("en", "He is 6' 2\" tall, and she 5’ 9”.", [], []),
    "inches inside": ("en", '"We laid 12" pipe," he said.', [], ['We laid 12" pipe,']),
    "a number at the end": ("en", '"We are 12" he said. "No more."', ["We are 12", "No more."], []),
    "a German measure": ("de", "12“ Rohre und „Rohre“", ["Rohre"], []),
    "the same marks inside": ("en", "“The “deal” is dead,” she said.", ["The “deal” is dead,"], []),
    "three deep": ("en", "“He ‘I “no” you’ then,” she said.", ["He ‘I “no” you’ then,", "I “no” you", "no"], []),
    "guillemets inside": ("fr", "« Il a dit « non » et part »", ["Il a dit « non » et part"], []),
    "curly inches inside": ("en", "“The pipe is 42” wide,” he said.", [], ["The pipe is 42” wide,"]),
    "no space before": ("en", 'he said,"no way"', ["no way"], []),
    "space inside": ("en", "“ we left ” he said", ["we left"], []),
    "a genitive in x": ("en", "‘Bordeaux’ port is closed’, he said.", [], ["Bordeaux’ port is closed"]),
    "initials": ("en", "‘It is the U.S.’ fault,’ he said.", [], ["It is the U.S."]),
    "inches without a space": ("en", "a 12“x14” pipe", [], []),
    "nothing inside": ("en", "“” and “ ” and ‘’ and \"\"", [], []),
    "left open": ("en", "“We left\r\nThe next line", ["We left"], []),
    "a closing mark alone": ("en", 'We left," she said, "and stayed."', ["and stayed."], []),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_runs_of_a_text(case: str) -> None:
    language, text, sure, unsure = CASES[case]
    found = find_quotations(text, language)
    assert [text[run.start : run.end] for run in found if run.sure] == sure
    assert [text[run.start : run.end] for run in found if not run.sure] == unsure
    assert all(is_marked(text, run.start, run.end) for run in found)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029", " \n", "\u200b\r\n"])
def test_a_run_left_open_ends_before_the_line_end(end: str) -> None:
    text = f"The port.{end}“We left{end}‘Then{end}"
    assert [text[run.start : run.end] for run in find_quotations(text, "en")] == ["We left", "Then"]


def test_what_is_not_sure_is_told_apart() -> None:
    found = find_codable("In the ‘90s “we left”.", "en")
    assert {(entry.kind, entry.sure) for entry in found} == {
        ("quotation", False),
        ("number", True),
        ("quotation", True),
    }
