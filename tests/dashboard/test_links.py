"""What a link says ends up in widgets; what it says wrongly is shown as it is, not as Markdown."""

from streamlit.testing.v1 import AppTest


def page():
    import streamlit as st

    from dashboard.links import linked, read_option

    options = ["letters", "words"]
    linked("colours", options, "letters", lambda: st.radio("Colours", options, key="colours"), read_option(options))


def open_with(value: str) -> AppTest:
    app = AppTest.from_function(page)
    app.query_params["colours"] = value
    app.run()
    assert not app.exception
    return app


def test_a_link_sets_the_widget_in_any_case():
    app = open_with("WORDS")
    assert app.radio[0].value == "words"
    assert not app.warning


def test_a_link_cannot_put_an_image_of_another_server_on_the_page():
    app = open_with("![x](//other.example/x.png)")
    assert app.radio[0].value == "letters"
    assert r"\!\[x\]\(//other.example/x.png\)" in app.warning[0].value
