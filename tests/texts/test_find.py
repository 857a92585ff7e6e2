"""Words are found as they are meant, however quotation marks, dashes and spaces are typed."""

from __future__ import annotations

import hypothesis.strategies as st
from conftest import HARBOUR
from hypothesis import given

from russia_iran_claims.pipeline.texts.find import find, first_place, fold
from russia_iran_claims.pipeline.texts.read import read_texts


def test_typographic_variants_are_the_same_words() -> None:
    text = read_texts(HARBOUR / "texts")["art-001"].content
    places = find("Berg   said 'all is well'\nlast week", fold(text))
    assert [text[start:end] for start, end in places] == ["Berg said ‘all is well’ last week"]


def test_words_inside_words_are_not_meant() -> None:
    assert find("6", fold("2016 or 6 of 60")) == [(8, 9)]


@given(st.text(min_size=1, max_size=60), st.data())
def test_folding_keeps_the_way_back(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    edges = [place for place in range(len(folded.text) + 1) if folded.is_edge(place)]
    if folded.text:
        start = data.draw(st.sampled_from(edges[:-1]))
        end = data.draw(st.sampled_from([edge for edge in edges if edge > start]))
        first, last = folded.original(start, end)
        assert fold(text[first:last]).text == folded.text[start:end]


def test_the_first_place_of_words_is_one_of_whole_words() -> None:
    assert first_place("Iran", "Iranian and Iran's") == 12
    assert first_place("Iran", "Iranian") == -1
