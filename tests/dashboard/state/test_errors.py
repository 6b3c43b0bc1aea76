"""What goes wrong is said in one sentence in its place, also where entry/main.py is not around: in fragments and dialogs."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.conftest import as_in_the_server  # noqa: F401


def fragment():
    import streamlit as st

    from dashboard.state.errors import said_on_the_page
    from rbind_core.errors import RBindError

    @st.fragment
    @said_on_the_page()
    def part():
        if st.button("Go on"):
            raise RBindError("nothing is there")
        st.write("as before")

    part()


def dialog():
    import streamlit as st

    from dashboard.state.errors import said_on_the_page

    @st.dialog("Something to choose")
    @said_on_the_page()
    def part():
        if st.button("Go on"):
            raise OSError(28, "No space left on device")
        st.write("as before")

    part()


@pytest.mark.parametrize(("place", "said"), [(fragment, "Nothing is there"), (dialog, "There is no space left on the disk")])
def test_a_fault_in_a_part_of_the_page_is_one_sentence(place, said):
    app = AppTest.from_function(place).run()
    assert not app.error
    app.button[0].click().run()
    assert not app.exception
    [error] = app.error
    assert said in error.value


def test_a_mistake_of_our_own_is_left_to_streamlit():
    def mistaken():
        from dashboard.state.errors import said_on_the_page

        with said_on_the_page():
            raise ZeroDivisionError

    app = AppTest.from_function(mistaken).run()
    assert len(app.exception) == 1
    assert not app.error
