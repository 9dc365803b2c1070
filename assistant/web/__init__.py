"""The web chat: render and reader build HTML, api serves it, ui is Gradio, server starts all.

Only ``ui`` and ``server`` import Gradio, and nothing outside this package imports them before
the web chat is wanted.
"""
