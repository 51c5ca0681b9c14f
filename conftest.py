"""The cast is known to every test, wherever it stands."""

pytest_plugins = ["tests.cast", "tests.site", "tests.browser.chrome"]
