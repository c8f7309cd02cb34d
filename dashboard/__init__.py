"""Handful's dashboard: screens that read state, call the engine and draw. Never imports torch."""
