"""Pages for people: Markdown, reStructuredText, HTML, and what their links and directives mean."""
