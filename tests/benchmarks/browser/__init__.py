"""How fast the dashboard is in a real browser with up to 100,000 images; `python -m tests.benchmarks.browser -h`."""
