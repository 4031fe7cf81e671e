"""A progress bar and a question share one terminal."""

from io import StringIO

from rich.console import Console
from rich.progress import Progress
from workorder_mappings.screen import Bar


def test_bar_is_out_of_the_way_while_a_person_is_asked() -> None:
    with Progress(console=Console(file=StringIO(), force_terminal=True), transient=True) as shown:
        bar = Bar(shown)
        bar("checked", 3, 10)
        with bar.aside():
            assert not shown.live.is_started
        assert shown.live.is_started
        assert (shown.tasks[0].description, shown.tasks[0].completed) == ("checked", 3)


def test_bar_without_a_terminal_takes_everything_in_silence() -> None:
    bar = Bar()
    bar("checked", 3, None)
    with bar.aside():
        pass
