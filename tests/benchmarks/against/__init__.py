"""This version beside another commit's, in one run: `make bench AGAINST=commit`.

Each version is served, filled and changed by processes of its own tree; this one asks both over HTTP.
"""
