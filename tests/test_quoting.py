import ast
import shlex

from hypothesis import given
from hypothesis import strategies as st

from rbind_core.quoting import in_python, in_shell

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(st.lists(ANY_TEXT))
def test_a_shell_reads_the_same_words(words):
    assert shlex.split(in_shell(*words)) == words


@given(st.text() | st.floats(allow_nan=False) | st.integers() | st.lists(ANY_TEXT) | st.tuples(ANY_TEXT, st.none() | st.booleans()))
def test_python_reads_the_same_value(value):
    assert ast.literal_eval(in_python(value)) == value


def test_ordinary_words_stand_as_they_are():
    assert in_shell("--rbp", "RNCMPT00168", 3) == "--rbp RNCMPT00168 3"
    assert in_python("RNCMPT00168") == '"RNCMPT00168"'
