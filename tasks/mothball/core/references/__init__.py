"""Which places in the files that stay name something that goes: claims, what they resolve to, findings.

A *reader* turns the text of a file into *claims*: here, at this line, something is named, to be looked up in
this way. The *world* is what a tree holds, with what its configuration says about search paths. A claim that
finds something in the world of before, from where the file was, and nothing in the world of after, from where
it is then, is a *break*; one that nobody follows (prose, a comment) is a *mention*.
"""
