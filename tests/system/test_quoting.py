import ast
import json
import shlex

from hypothesis import given
from hypothesis import strategies as st

from rbind_core.system.quoting import in_json, in_python, in_shell

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(st.lists(ANY_TEXT))
def test_a_shell_reads_the_same_words(words):
    assert shlex.split(in_shell(*words)) == words


@given(
    st.text()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.integers()
    | st.lists(ANY_TEXT)
    | st.tuples(ANY_TEXT, st.none() | st.booleans())
)
def test_python_reads_the_same_value(value):
    assert ast.literal_eval(in_python(value)) == value


def test_ordinary_words_stand_as_they_are():
    assert in_shell("--rbp", "RNCMPT00168", 3) == "--rbp RNCMPT00168 3"
    assert in_python("RNCMPT00168") == '"RNCMPT00168"'


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda one: st.lists(one) | st.dictionaries(st.text(), one),
    )
)
def test_a_strict_reader_of_json_reads_every_record(value):
    def refuse(name):
        raise AssertionError(name)

    json.loads(in_json(value), parse_constant=refuse)


def test_what_json_does_not_know_becomes_null():
    assert in_json({"p": float("nan"), "t": (float("inf"), 1.5), "name": "β"}) == '{"p": null, "t": [null, 1.5], "name": "β"}'
