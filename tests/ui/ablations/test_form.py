"""The form of a sweep: it asks twice for many runs, and refuses more than a sweep may have."""

from streamlit.testing.v1 import AppTest

from sslviz.ui.ablations.form import MANY


def form() -> None:
    from sslviz.ui.ablations.form import form as drawn

    drawn()


def start(app: AppTest):
    return next(button for button in app.button if button.key.startswith("ablations.start."))


def over(app: AppTest, values: int) -> AppTest:
    """The temperature takes that many values, with ten seeds each."""
    app.slider(key="ablations.seeds").set_value(10)
    text = ", ".join(f"{0.1 + k / 100:.2f}" for k in range(values))
    return app.text_input(key="ablations.values.method.tau").set_value(text).run(timeout=60)


def test_many_runs_are_asked_for_twice_and_too_many_refused(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("SSLVIZ_RUNS", str(tmp_path))
    app = AppTest.from_function(form, default_timeout=60).run()
    assert not app.exception and not app.checkbox and not start(app).disabled
    app = over(app, MANY // 10)
    (sure,) = app.checkbox
    assert sure.label == f"Yes, train all {MANY} runs" and start(app).disabled
    assert not start(sure.check().run(timeout=60)).disabled
    app = over(app, 101)
    assert not app.checkbox and start(app).disabled
    assert any("must have 1 to 100" in text.value for text in app.markdown)
