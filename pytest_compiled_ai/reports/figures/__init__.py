"""The figures of an evaluation as people and programs read them: tables, a plot, Markdown, JSON and a picture."""
