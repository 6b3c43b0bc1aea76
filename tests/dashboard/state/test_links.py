"""What a link says ends up in widgets; what it says wrongly is shown as it is, not as Markdown."""

from streamlit.testing.v1 import AppTest

from tests.pages.conftest import as_in_the_server  # noqa: F401


def page():
    import streamlit as st

    from dashboard.state.links import linked, read_option

    options = ["letters", "words"]
    linked("colours", options, "letters", lambda: st.radio("Colours", options, key="colours"), read_option(options))


def open_with(value: str) -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
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


def page_with_numbers():
    import streamlit as st

    from dashboard.state.links import drop_endless_numbers

    drop_endless_numbers()
    st.number_input("N", value=1000, step=500, key="n", bind="query-params")
    st.text_input("Search", key="q", bind="query-params")


def test_a_number_without_end_is_taken_out_of_the_link():
    for value in ("inf", "-1e400", "9" * 400):
        app = AppTest.from_function(page_with_numbers, default_timeout=60)
        app.query_params["n"] = value
        app.run()
        assert not app.exception
        assert app.number_input[0].value == 1000
        assert "n is left out" in app.warning[0].value
        assert not app.run().warning


def test_a_text_that_looks_like_one_stays():
    app = AppTest.from_function(page_with_numbers, default_timeout=60).run()
    app.text_input[0].set_value("inf").run()
    app.query_params["q"] = "inf"  # as the browser keeps it
    app.run()
    assert app.text_input[0].value == "inf"
    assert app.query_params["q"] in ("inf", ["inf"])
    assert not app.warning


def test_an_address_in_a_name_is_no_link():
    from dashboard.state.markdown import plain

    assert plain("https://x.example www.x.example a@x.example") == (
        "https\\:\u2060//x.example www\u2060.x.example a@\u2060x.example"
    )
    assert plain("&lt;") == r"\&lt;"
    assert plain("UGCAUG@4+UGCAUG@11") == r"UGCAUG@4\+UGCAUG@11"
