"""What stands behind `make`: installing into the checkout, building, serving, cleaning.

Only the standard library is used, because these modules run before anything is installed.
`console` shows progress and failures, `stamps` remembers what was done with what, `install` makes
the Python and JavaScript environments, `book` builds the site, `serve` shows it, `verbs` is the
list of what can be asked for.
"""
