"""The lessons page: the paper's story in nine steps, each with a guess, an experiment that is run live, and a reveal."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from dashboard.lessons import LESSONS, Lesson, strips, words
from dashboard.lessons.running import LessonRun
from dashboard.state.links import linked, read_option
from dashboard.state.markdown import plain
from dashboard.state.pages import page
from dashboard.state.waiting import compute
from dashboard.widgets import sidebar
from dashboard.widgets.export_row import take_away
from dashboard.widgets.sidebar import Settings
from rbind_core.errors import RBindError
from rbind_core.figures.theme import DEFAULT_PALETTE, download_options

PAPER = "Koo et al. 2021, *PLoS Comput Biol* 17(5): e1008925"
NUMBERS = [str(number) for number in range(1, len(LESSONS) + 1)]
HELP = """Each lesson has a protein of its own. N, seed, background and library are those of the sidebar: change one, and the figure
and its numbers follow."""
ASKED, RUN, REVEALED = range(3)
# Two columns on a screen; on a phone one, in the order question, figure, what came out, what it does not say.
LAYOUT = """<style>
.st-key-lesson_head { margin-top: 1.9rem; }
.st-key-lesson_head h1 { padding: 0; }
.st-key-lesson_body { display: flow-root; }
.st-key-lesson_body > div { float: left; clear: left; width: 41%; margin-bottom: 1rem; }
.st-key-lesson_body > div:is(:has(> .st-key-lesson_figure_side), :has(> .st-key-lesson_beyond)) {
  float: right; clear: right; width: 56%; }
@media (max-width: 900px) {
  .st-key-lesson_body > div:is(div, :has(> .st-key-lesson_figure_side)) { float: none; width: 100%; }
  .st-key-lesson [data-testid="stMarkdownContainer"] p { max-width: 1ch; overflow: hidden; white-space: nowrap; }
}
</style>"""


def choose_lesson() -> str:
    if "lesson" not in st.session_state and "lesson" not in st.query_params and "_lesson" in st.session_state:
        st.session_state["lesson"] = st.session_state["_lesson"]  # back from another page

    def draw() -> str | None:
        return st.pills(
            "Lesson",
            NUMBERS,
            format_func=lambda number: f"{number} {LESSONS[int(number) - 1].short}",
            key="lesson",
            required=True,
            label_visibility="collapsed",
        )

    if is_new := "lesson" not in st.session_state:
        opened = REVEALED if st.query_params.get("reveal") == "1" else RUN if st.query_params.get("run") == "1" else ASKED
    number = linked("lesson", NUMBERS, NUMBERS[0], draw, read_option(NUMBERS))
    st.session_state["_lesson"] = number
    stages = st.session_state.setdefault("_lesson_stages", {})
    if is_new:
        stages[number] = max(opened, stages.get(number, ASKED))
    return number


def go_to(number: str) -> None:
    st.session_state["lesson"] = number


def reach(number: str, stage: int) -> None:
    st.session_state["_lesson_stages"][number] = stage
    if stage == ASKED:
        st.session_state[f"guess_{number}"] = None


def keep_in_link(stage: int) -> None:
    for parameter, reached in (("run", RUN), ("reveal", REVEALED)):
        if stage < reached:
            st.query_params.pop(parameter, None)
        elif st.query_params.get(parameter) != "1":
            st.query_params[parameter] = "1"


def step_button(number: int, label: str, icon: str, where: str, **options: Any) -> None:
    st.button(label, key=f"{where}_{number}", icon=f":material/{icon}:", on_click=go_to, args=(str(number),), **options)


def show_steps(number: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small", width="content"):
        position = int(number)
        step_button(max(position - 1, 1), "Back", "arrow_back", "back", disabled=position == 1)
        st.markdown(f"Lesson **{number}** of {len(LESSONS)}", width="content", help=HELP)
        step_button(min(position + 1, len(LESSONS)), "Next", "arrow_forward", "next", disabled=position == len(LESSONS))


def ask(lesson: Lesson, number: str, stage: int) -> int | None:
    st.header(lesson.question, anchor=False)
    st.html(words.with_hints([lesson.known]))
    guess = st.radio(
        "What do you expect?",
        range(len(lesson.choices)),
        format_func=lambda choice: plain(lesson.choices[choice]),
        index=None,
        key=f"guess_{number}",
        persist_state="session",
        disabled=stage == REVEALED,
    )
    if stage == ASKED:
        st.button(
            f"Run: {lesson.task[0].lower()}{lesson.task[1:]}",
            key="run_lesson",
            type="primary",
            icon=":material/play_arrow:",
            on_click=reach,
            args=(number, RUN),
        )
        if guess is None:
            st.caption("A guess first makes it more fun; a wrong one teaches most.")
    return guess


def show_setup(lesson: Lesson, settings: Settings) -> None:
    st.markdown("**What goes in**")
    st.html("".join(strip.html() for strip in lesson.setup(settings)))
    st.caption(lesson.pictured_as)


def show_figure(lesson: Lesson, number: str, settings: Settings) -> tuple[Settings, Any]:
    figure, status = st.container(), st.empty()  # progress below the figure does not move it
    neutral = replace(settings, palette=DEFAULT_PALETTE)  # colours change no number
    answer = compute(f"lesson_{number}", LessonRun(int(number), neutral), status)
    settings, outcome = replace(answer.request.settings, palette=settings.palette), answer.result
    name = f"{settings.model.protein}-lesson-{number}"
    figure.plotly_chart(
        lesson.draw(settings, outcome),
        key="lesson_figure",
        config=download_options(name),
        alt=f"{lesson.short}: {lesson.question} {settings.model.label}",
    )
    taken = lesson.taken_away(settings, outcome)
    take_away("lesson_figure", name, taken.csv, taken.command, taken.python, taken.json)
    return settings, outcome


def show_outcome(lesson: Lesson, guess: int | None, settings: Settings, outcome: Any) -> None:
    right = lesson.answer(outcome)
    expected = None if guess is None else plain(lesson.choices[guess])
    if guess == right:
        st.success(f"As you expected: *{expected}*.", icon=":material/check_circle:")
    else:
        before = f"You expected *{expected}*. " if expected else ""
        st.info(f"{before}It came out as: *{plain(lesson.choices[right])}*.", icon=":material/lightbulb:")
    st.html(words.with_hints(lesson.says(settings, outcome), as_list=True))
    st.caption(plain(f"{settings.model.label}: {lesson.under(settings)}. {lesson.scale()}"))


def show_beyond(lesson: Lesson, number: str, settings: Settings, outcome: Any) -> None:
    st.markdown(f"**What it does not say.** {plain(lesson.says_not)}")
    st.markdown(f":violet-badge[the paper's result] {plain(lesson.paper)} :small[{PAPER}]")
    with st.container(horizontal=True, vertical_alignment="center"):
        if int(number) < len(LESSONS):
            step_button(int(number) + 1, f"Next: {LESSONS[int(number)].short}", "arrow_forward", "onward", type="primary")
        else:
            st.page_link(page("hypothesis"), label="Now a hypothesis of your own", icon=":material/science:")
        there = lesson.elsewhere(settings, outcome)
        shared = {k: v for k, v in st.query_params.to_dict().items() if k not in ("lesson", "run", "reveal")}
        query = urlencode(shared | {"rbp": settings.model.experiment} | there.parameters)
        st.link_button(f"Open in {there.title}", f"{there.path}?{query}", icon=":material/open_in_new:")
        st.button("Start over", key="start_over", type="tertiary", on_click=reach, args=(number, ASKED))


def show_notes(lesson: Lesson) -> None:
    with st.expander(f"For the teacher: about {lesson.minutes} minutes"):
        st.markdown("\n".join(f"- {plain(question)}" for question in lesson.discuss))
        st.caption("The link in the address bar opens this lesson at this point, with the same figure, on every phone.")


shared = sidebar.current()
st.html(words.STYLE + strips.STYLE + LAYOUT)
head = st.container(key="lesson_head", horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")
number = choose_lesson()
lesson = LESSONS[int(number) - 1]
stage = st.session_state["_lesson_stages"].get(number, ASKED)
keep_in_link(stage)
with head:
    st.title("Lessons", width="content", anchor=False)
    show_steps(number)
with st.container(key="lesson_body"):
    asked, figure, said, beyond = (st.container(key=f"lesson_{part}") for part in ("asked", "figure_side", "said", "beyond"))
with asked:
    guess = ask(lesson, number, stage)
try:
    settings = lesson.settings(shared)
    if settings.choice.library != shared.choice.library:
        asked.caption(
            f"Nobody's measurements of {plain(lesson.protein)} are on this computer, so this lesson uses designed probes."
        )
    with figure:
        if stage == ASKED:
            show_setup(lesson, settings)
        else:
            settings, outcome = show_figure(lesson, number, settings)
    if stage == RUN:
        said.button(
            "Reveal: what came out?",
            key="reveal_lesson",
            type="primary",
            icon=":material/visibility:",
            on_click=reach,
            args=(number, REVEALED),
        )
    elif stage == REVEALED:
        with said:
            show_outcome(lesson, guess, settings, outcome)
        with beyond:
            show_beyond(lesson, number, settings, outcome)
except RBindError as error:
    figure.error(plain(str(error)))
with beyond:
    show_notes(lesson)
